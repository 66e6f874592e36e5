"""How exactly are indicators found? Texts with their expected domains, links, addresses and wallets.

The ground truth names whole hosts; here an indicator is the registrable domain, so hosts are compared by
theirs. Cases about kinds that this project does not look for (hashes, file paths, registry keys) count for
what they expect of the kinds that it does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tools.accuracy.rows import Row, origin_of

from clawback.readers.indicators import spots_in
from clawback.readers.spot_links import registrable

_KINDS = ("domain", "url", "email", "crypto_wallet")


def measure(data: Path) -> list[Row]:
    """One row per source below `data` that holds a `cases.jsonl`. Expected and found count values."""
    return [_measured(path.parent, path) for path in sorted(data.glob("*/cases.jsonl"))]


def _measured(source: Path, path: Path) -> Row:
    exact: Counter[str] = Counter()
    expected_total = found_total = 0
    for case in _cases(path):
        expected, found = _expected(case["expected"]), _found(str(case["text"]))
        for kind in _KINDS:
            exact[kind] += len(expected[kind] & found[kind])
            expected_total += len(expected[kind])
            found_total += len(found[kind])
    return Row("indicators", origin_of(source), "", 1, 1, 0, 0, expected_total, found_total, dict(exact))


def _cases(path: Path) -> Iterator[Mapping[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _expected(truth: object) -> dict[str, set[str]]:
    def listed(*names: str) -> Sequence[str]:
        return [value for name in names for value in truth.get(name, [])]  # type: ignore[attr-defined]

    return {
        "domain": {registrable(host) or host for host in listed("domains")},
        "url": set(listed("urls_complete")),
        "email": {address.lower() for address in listed("email_addresses", "xmpp_addresses")},
        "crypto_wallet": set(listed("bitcoin_addresses", "monero_addresses")),
    }


def _found(text: str) -> dict[str, set[str]]:
    spots = spots_in(text, "Europe/London")
    return {kind: {spot.value for spot in spots if spot.kind.value == kind} for kind in _KINDS}
