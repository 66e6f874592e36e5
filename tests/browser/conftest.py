"""A real browser over a real server process. Run with `pytest -m browser tests/browser`.

Whatever the test, a page fails it that asks another host, complains on the console, throws or opens a dialog.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page
from tools.screenshots import cases
from tools.screenshots.chromium import DESK, Watch, chromium, find_chromium, new_context
from tools.screenshots.served import Site, served

from browser.hands import Hands

CROWD = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; without one it is skipped, saying so."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if find_chromium() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium in any of the usual places"))


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser profile with a session. `page`: its page, at the first screen."""

    page: Page
    hands: Hands
    watch: Watch
    site: Site
    lang: str

    def open(self, path: str) -> Page:
        """Go to a page of the app."""
        self.page.goto(self.site.origin + path)
        return self.page


class Invite(Protocol):
    """Makes a visitor; all are checked and closed at the end of the test."""

    def __call__(
        self,
        lang: str = "zh",
        size: tuple[int, int] = DESK,
        *,
        scripts: bool = True,
        keyboard: bool = False,
        scheme: str = "light",
        forced: bool = False,
        expected: frozenset[int] = frozenset(),
        fresh: bool = False,
    ) -> Visitor: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests, over the invented cases.

    CLAWBACK_CASES: a folder in which they were made before, to save half a minute while writing tests.
    """
    home = tmp_path_factory.mktemp("browser") / "home"
    made = os.environ.get("CLAWBACK_CASES")
    if made:
        shutil.copytree(made, home)
    else:
        cases.make_cases(home, whole=True, crowd=CROWD)
    with served(home) as running:
        yield running


@pytest.fixture(scope="session")
def fresh_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server without a case, for whoever comes for the first time."""
    with served(tmp_path_factory.mktemp("fresh") / "home") as running:
        yield running


@pytest.fixture
def invite(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Invite]:
    """`fresh`: at the server that has no cases yet."""
    invited: list[Visitor] = []

    def invite(
        lang: str = "zh",
        size: tuple[int, int] = DESK,
        *,
        scripts: bool = True,
        keyboard: bool = False,
        scheme: str = "light",
        forced: bool = False,
        expected: frozenset[int] = frozenset(),
        fresh: bool = False,
    ) -> Visitor:
        site: Site = request.getfixturevalue("fresh_site" if fresh else "site")
        context = new_context(browser, lang, size, scripts=scripts, scheme=scheme, forced=forced)
        watch = Watch(site.origin, expected)
        watch.over(context)
        page = context.new_page()
        page.goto(site.door)
        visitor = Visitor(page, Hands(page, keyboard=keyboard), watch, site, lang)
        invited.append(visitor)
        return visitor

    yield invite
    for visitor in invited:
        visitor.page.context.close()
    assert [fault for visitor in invited for fault in visitor.watch.found()] == []
