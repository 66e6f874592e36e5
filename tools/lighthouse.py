"""Lighthouse over the first screen, the card and Today, as a phone and as a desktop, without a network.

    python -m tools.lighthouse [--lighthouse PATH] [--least 95]

Needs Node.js with the npm package `lighthouse` (12 or newer), installed outside of this repository, and a
Chromium. Serves an invented case, prints the scores with everything that cost points, and exits with 1 when a
score is below `--least`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.screenshots import cases
from tools.screenshots.chromium import find_chromium
from tools.screenshots.served import KEY, served

CATEGORIES = ("performance", "accessibility", "best-practices")
DEVICES: dict[str, list[str]] = {"phone": [], "desktop": ["--preset=desktop"]}
PAGES = {"start": "/", "card": f"/c/{cases.PLAYER}/card", "today": f"/c/{cases.PLAYER}/"}
SLOWEST_S = 180


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--lighthouse", default=shutil.which("lighthouse"), help="its command, if not in PATH"
    )
    parser.add_argument("--least", type=int, default=95)
    options = parser.parse_args()
    chromium = find_chromium()
    if options.lighthouse is None or chromium is None:
        print("Needs the command `lighthouse` and a Chromium.", file=sys.stderr)
        return 2
    lowest = 100
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        cases.make_cases(home, whole=False, crowd=0, only=(cases.PLAYER,))
        with served(home) as site:
            for page, path in PAGES.items():
                for device, flags in DEVICES.items():
                    told = measure(options.lighthouse, chromium, site.origin + path, flags)
                    scores = {name: round(told["categories"][name]["score"] * 100) for name in CATEGORIES}
                    print(
                        f"{page:6} {device:8}",
                        *(f"{name} {score:3}" for name, score in scores.items()),
                        sep="  ",
                    )
                    print(*(f"       {line}" for line in lost(told)), sep="\n", end="")
                    lowest = min(lowest, *scores.values())
    print(f"lowest {lowest} (goal {options.least})")
    return int(lowest < options.least)


def measure(lighthouse: str, chromium: Path | str, address: str, flags: list[str]) -> Any:
    """What Lighthouse says of one page, as its JSON."""
    command = [
        lighthouse,
        address,
        "--quiet",
        "--output=json",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        f"--extra-headers={json.dumps({'Authorization': f'Bearer {KEY}'})}",
        f"--only-categories={','.join(CATEGORIES)}",
        *flags,
    ]
    environment = {**os.environ, "CHROME_PATH": str(chromium)}
    done = subprocess.run(command, capture_output=True, timeout=SLOWEST_S, check=True, env=environment)
    return json.loads(done.stdout)


def lost(told: Any) -> Iterator[str]:
    """What cost points."""
    for name in CATEGORIES:
        for part in told["categories"][name]["auditRefs"]:
            audit = told["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.995:
                yield f"{name}: {audit['title']} ({audit['score']:.2f})\n"


if __name__ == "__main__":
    sys.exit(main())
