"""`python -m tools.screenshots OUT`: a picture of every page and state, and sheets to look through them."""

from __future__ import annotations

import argparse
import itertools
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page
from tools.screenshots import cases
from tools.screenshots.catalogue import Look, walk
from tools.screenshots.chromium import DESK, PHONE, Watch, chromium, new_context
from tools.screenshots.served import Site, served
from tools.screenshots.sheets import write_sheets
from tools.screenshots.states import STATES

SIZES = {"phone": PHONE, "desk": DESK}
_TALLEST = 5_000


def main() -> None:
    """Read the command line, make the cases, take the pictures."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as scratch:
        home = asked.home or Path(scratch) / "home"
        if asked.home is None:
            cases.make_cases(home, whole=True, crowd=500)
        with served(home) as site, chromium() as browser:
            looks = [one for one in walk(site, cases.ALL) if re.search(asked.only, one.name)]
            for lang, size, scheme in itertools.product(asked.lang, asked.size, asked.scheme):
                _shoot(browser, site, looks, asked, (lang, size, scheme))
    write_sheets(asked.out)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", type=Path, help="cases made before (by default they are made anew)")
    parser.add_argument("--only", default="", help="a pattern that the name of the picture must match")
    parser.add_argument("--lang", nargs="+", default=["zh", "en"], choices=["zh", "en"])
    parser.add_argument("--size", nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--scheme", nargs="+", default=["light", "dark"], choices=["light", "dark"])
    return parser.parse_args()


def _shoot(
    browser: Browser, site: Site, looks: list[Look], asked: argparse.Namespace, how: tuple[str, str, str]
) -> None:
    lang, size, scheme = how
    folder = asked.out / "-".join(how)
    folder.mkdir(parents=True, exist_ok=True)
    context = new_context(browser, lang, SIZES[size], scheme=scheme)
    watch = Watch(site.origin, frozenset({400, 403, 404, 409, 422, 423}))
    watch.over(context)
    page = context.new_page()
    page.goto(site.door)
    for look in looks:
        page.goto(site.origin + look.path)
        _picture(page, folder / f"{look.name}.png")
        if look.kind == "/c/{case}/card" and scheme == "light" and size == "desk":
            page.pdf(path=folder / f"{look.name}.pdf", prefer_css_page_size=True)
    for name, state in STATES.items():
        if re.search(asked.only, name):
            state(page, site)
            _picture(page, folder / f"{name}.png")
    for fault in watch.found():
        print("-".join(how), fault)
    context.close()


def _picture(page: Page, path: Path) -> None:
    """The whole page, as on a screen tall enough for it, so that fixed bars stand at its ends."""
    before = page.viewport_size or {"width": DESK[0], "height": DESK[1]}
    height = max(before["height"], min(page.evaluate("document.documentElement.scrollHeight"), _TALLEST))
    page.set_viewport_size({"width": before["width"], "height": height})
    page.wait_for_load_state("networkidle")  # pictures that load when they come into sight
    page.screenshot(path=path)
    page.set_viewport_size({"width": before["width"], "height": before["height"]})


if __name__ == "__main__":
    main()
