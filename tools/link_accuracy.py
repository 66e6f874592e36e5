"""`python -m tools.link_accuracy --data DIR [--top FILE …]`: how many scam and honest sites are flagged.

DIR holds indicators/ with cryptoscamdb/, eth-phishing-detect/, polkadot-phishing/ and scamsniffer/. Each FILE
is a list of popular sites: one a line, or a JSON object with a "list". No list is asked while it is measured:
each name stands or falls by its own letters. Of polkadot-phishing, from which the shipped model learned, only
the fifth that was held back is measured. Weights and thresholds were chosen on one half of the sites; the
other half is the test.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.link_sites import for_tuning, held_back, hosts_in

from clawback.guard.addresses import read_address
from clawback.guard.links import LinkResult, LinkVerdict, check_link

_FLAGGED = (LinkResult.LIKELY, LinkResult.SOME)


@dataclass(frozen=True, slots=True)
class Measured:
    """Verdicts of one list, apart for the tuning and the test half."""

    name: str
    honest: bool
    tuning: list[LinkVerdict]
    test: list[LinkVerdict]
    by_rules: int
    """How many of `test` are flagged without the learned model."""


def measure(name: str, links: Iterable[str], honest: bool, learned_from: bool = False) -> Measured:
    """Every site of a list once; with `learned_from`, only what was held back in training."""
    measured = Measured(name, honest, [], [], 0)
    by_rules = 0
    for site, link in _one_a_site(links).items():
        if learned_from and not held_back(site):
            continue
        half = measured.tuning if for_tuning(site) else measured.test
        half.append(check_link(link))
        if half is measured.test:
            by_rules += check_link(link, learned=False).result in _FLAGGED
    return Measured(name, honest, measured.tuning, measured.test, by_rules)


def _one_a_site(links: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in links:
        address = read_address(link)
        if address is not None:
            found.setdefault(address.owner, link)
    return found


def scam_lists(folder: Path) -> Iterable[Measured]:
    """The four lists of scam sites."""
    text = gzip.decompress((folder / "cryptoscamdb/urls.yaml.gz").read_bytes()).decode("utf-8")
    links = re.findall(r"^  url: (.+)$", text, re.MULTILINE)
    yield measure("cryptoscamdb", (link.strip("\"' ") for link in links), honest=False)
    config = json.loads((folder / "eth-phishing-detect/config.json").read_text("utf-8"))
    yield measure("eth-phishing-detect blacklist", config["blacklist"], honest=False)
    yield measure("scamsniffer", hosts_in(folder / "scamsniffer/domains.txt"), honest=False)
    yield measure(
        "polkadot-phishing deny, held back",
        hosts_in(folder / "polkadot-phishing/deny.txt"),
        honest=False,
        learned_from=True,
    )


def honest_lists(folder: Path, tops: Iterable[Path]) -> Iterable[Measured]:
    """Lists of sites that must not be flagged."""
    config = json.loads((folder / "eth-phishing-detect/config.json").read_text("utf-8"))
    yield measure("eth-phishing-detect whitelist", config["whitelist"], honest=True)
    yield measure("polkadot-phishing allow", hosts_in(folder / "polkadot-phishing/allow.txt"), honest=True)
    for path in tops:
        hosts = json.loads(path.read_text("utf-8"))["list"] if path.suffix == ".json" else hosts_in(path)
        yield measure(path.stem, hosts, honest=True)


def table(rows: Iterable[Measured]) -> str:
    """Markdown: shares in percent of all sites of a list."""
    lines = [
        "| list | sites | flagged, tuning half | flagged, test half | likely, test half | by signs alone |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        flagged = [_share(half, _FLAGGED) for half in (row.tuning, row.test)]
        likely, alone = _share(row.test, (LinkResult.LIKELY,)), 100 * row.by_rules / max(1, len(row.test))
        name = f"{row.name} (honest)" if row.honest else row.name
        lines.append(
            f"| {name} | {len(row.tuning) + len(row.test):,} | {flagged[0]:.1f} % | {flagged[1]:.1f} % "
            f"| {likely:.1f} % | {alone:.1f} % |"
        )
    return "\n".join(lines)


def _share(verdicts: list[LinkVerdict], results: tuple[LinkResult, ...]) -> float:
    return 100 * sum(one.result in results for one in verdicts) / max(1, len(verdicts))


def speed(links: list[str]) -> float:
    """Microseconds of processor time for a link that was not seen before."""
    check_link("example.com")
    begin = time.process_time()
    for link in links:
        check_link(link)
    return (time.process_time() - begin) / len(links) * 1e6


def recall_within(rows: list[Measured], most: float) -> str:
    """Recall on the test halves when the threshold is moved until each honest list has at most `most`."""
    lines = []
    for honest in (row for row in rows if row.honest and len(row.test) > 500):
        odds = sorted((one.probability for one in honest.test), reverse=True)
        threshold = odds[int(len(odds) * most)]
        shares = (
            f"{row.name} {100 * sum(one.probability > threshold for one in row.test) / len(row.test):.1f} %"
            for row in rows
            if not row.honest
        )
        lines.append(f"at {100 * most:.1f} % of {honest.name}: {', '.join(shares)}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.link_accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with indicators/")
    parser.add_argument("--top", type=Path, nargs="*", default=[], help="lists of popular sites")
    options = parser.parse_args()
    folder = options.data / "indicators"
    config = json.loads((folder / "eth-phishing-detect/config.json").read_text("utf-8"))
    fast = speed(config["blacklist"][:3000])
    rows = [*scam_lists(folder), *honest_lists(folder, options.top)]
    print(table(rows), recall_within(rows, 0.005), f"{fast:.0f} µs a link, first sight", sep="\n\n")


if __name__ == "__main__":
    main()
