"""Every page and state: axe-core finds nothing, and what it cannot know is asked here.

Pages are found by walking the links (`tools.screenshots.catalogue`), so a new page is looked at without being
named; the first test fails when the walk misses one.
"""

from __future__ import annotations

import pytest
from tools.screenshots import cases
from tools.screenshots.catalogue import Look, page_routes, walk
from tools.screenshots.chromium import DESK, PHONE
from tools.screenshots.served import Site
from tools.screenshots.states import STATES

from browser.conftest import Invite, Visitor
from browser.looking import axe_faults, basic_faults, focus_faults, room_faults, tab_stops

SIZE = {"zh": PHONE, "en": DESK}
SECRETS = ("陆一鸣", "沈知微", "Sam Example", "28,880", "3,168", "2,500", "王样本", "金鼎", "诈骗", "scam")
NO_PAGES = {  # answers that are no page, or pages without words
    "/speak/{lang}",
    "/c/{case}/calendar.ics",
    "/c/{case}/progress",
    "/c/{case}/left",
    "/c/{case}/timeline/density",
    "/c/{case}/evidence/{number:int}/picture",
    "/c/{case}/evidence/{number:int}/original",
    "/c/{case}/papers/{form}/pages/{number}.png",
    "/c/{case}/papers/made/{number}/{kind}",
    "/c/{case}/money/ledger.csv",
    "/learn/feed.json",
    "/learn/feed.atom",
}
AFTER_DOING = {  # pages that follow something done: see `tools.screenshots.states` and the stories
    "/ratings/{handle}/share",
    "/ratings/{handle}/contest/{number}",
    "/now",
    "/now/{draft}/{step}",
    "/c/{case}/card/safe",
    "/c/{case}/card/choose/{record}/{fact}",
    "/c/{case}/card/called/{number}",
    "/c/{case}/left",
    "/c/{case}/money/unsure",
    "/c/{case}/papers/made/{number}",
    "/c/{case}/papers/{form}/handed-in/{number}",
}
EXPECTED = frozenset({400, 403, 404, 409, 422, 423})


@pytest.fixture(scope="session")
def looks(site: Site) -> list[Look]:
    """All kinds of pages of the two stories, one of each kind of the other cases."""
    stories = (cases.PLAYER, cases.SHOPPER)
    return [
        *(look for look in walk(site, stories) if look.case in stories),
        *(look for look in walk(site, cases.ALL, few=True) if look.case not in stories),
    ]


def faults_of(visitor: Visitor, name: str) -> list[str]:
    page = visitor.page
    found = basic_faults(page, visitor.lang, SECRETS) + axe_faults(page) + room_faults(page)
    return [f"{name}: {fault}" for fault in found]


@pytest.mark.slow
def test_the_walk_meets_every_page(looks: list[Look]) -> None:
    met = {look.kind.partition("?")[0] for look in looks}
    pages = {route.path for route in page_routes()} - NO_PAGES - AFTER_DOING
    assert sorted(pages - met) == []


@pytest.mark.slow
def test_no_page_fails(looks: list[Look], site: Site) -> None:
    assert [look for look in looks if look.status >= 500] == []
    assert "Traceback" not in site.faults


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", ["", *cases.ALL])
def test_pages_have_no_fault(invite: Invite, looks: list[Look], case: str, lang: str) -> None:
    visitor = invite(lang, SIZE[lang], expected=EXPECTED)
    found: list[str] = []
    for look in (one for one in looks if one.case == case):
        visitor.open(look.path)
        found += faults_of(visitor, look.path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(STATES))
def test_states_have_no_fault(invite: Invite, name: str, lang: str) -> None:
    visitor = invite(lang, SIZE[lang], expected=EXPECTED)
    STATES[name](visitor.page, visitor.site)
    found = faults_of(visitor, name)
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tab_goes_through_every_kind_of_page_in_the_order_seen(
    invite: Invite, looks: list[Look], lang: str
) -> None:
    visitor = invite(lang, SIZE[lang], expected=EXPECTED)
    found: list[str] = []
    done: set[str] = set()
    for look in looks:
        if look.kind in done:
            continue
        done.add(look.kind)
        visitor.open(look.path)
        found += [f"{look.path}: {fault}" for fault in focus_faults(tab_stops(visitor.page))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_skip_link_comes_first_and_leads_to_the_content(invite: Invite, lang: str) -> None:
    visitor = invite(lang)
    page = visitor.open(f"/c/{cases.PLAYER}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_with_forced_colours_focus_and_states_still_have_a_shape(invite: Invite) -> None:
    visitor = invite("zh", PHONE, forced=True)
    page = visitor.open(f"/c/{cases.PLAYER}/")
    stops = tab_stops(page)
    assert focus_faults(stops) == []
    bare = page.evaluate(
        """() => [...document.querySelectorAll(".tag")]
          .filter((one) => getComputedStyle(one).borderStyle === "none").length"""
    )
    assert bare == 0
