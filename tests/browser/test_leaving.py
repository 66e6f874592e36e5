"""Leave now: one press or Esc three times, a blank page at once, and nothing behind it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request
from tools.screenshots.cases import PLAYER
from tools.screenshots.chromium import PHONE

from browser.conftest import Invite, Visitor

TODAY = f"/c/{PLAYER}/"
LEAVE_WORDS = {"zh": "立即离开", "en": "Leave now"}


def press_escape(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Escape")


def nothing_is_left(visitor: Visitor) -> None:
    """The session is gone, and going back shows nothing of the case."""
    page = visitor.page
    visitor.watch.expected = frozenset({403})
    for _ in range(3):
        page.go_back(wait_until="load")
        text = page.locator("body").inner_text() if page.locator("body").count() else ""
        assert "28,880" not in text
        assert page.locator("main").count() == 0
    answer = page.goto(visitor.site.origin + TODAY)
    assert answer is not None
    assert answer.status == 403
    assert [one["name"] for one in page.context.cookies()] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_press_ends_everything(invite: Invite, lang: str) -> None:
    visitor = invite(lang, PHONE)
    visitor.open(TODAY)
    visitor.page.get_by_role("button", name=LEAVE_WORDS[lang]).click()
    visitor.page.wait_for_url("about:blank")
    nothing_is_left(visitor)


def test_escape_three_times_leaves(invite: Invite) -> None:
    visitor = invite()
    visitor.open(TODAY)
    press_escape(visitor.page, 3)
    visitor.page.wait_for_url("about:blank")
    nothing_is_left(visitor)


def test_the_page_is_blank_within_300_ms(invite: Invite) -> None:
    """Measured in the page: from the third press until nothing is left of the document."""
    visitor = invite()
    visitor.open(TODAY)
    visitor.page.route("**/leave", lambda route: None)  # an answer that never comes must not hold it up
    visitor.page.evaluate(
        """() => {
          window.blankAfter = new Promise((done) => {
            let pressed = 0;
            addEventListener("keydown", () => { pressed = performance.now(); }, true);
            new MutationObserver(() => done(performance.now() - pressed))
              .observe(document.documentElement, { childList: true });
          });
        }"""
    )
    press_escape(visitor.page, 3)
    assert visitor.page.evaluate("window.blankAfter") < 300
    assert visitor.page.evaluate("document.documentElement.innerText") == ""
    assert visitor.page.title() == ""


def test_two_presses_or_slow_ones_stay(invite: Invite) -> None:
    visitor = invite()
    page = visitor.open(TODAY)
    press_escape(page, 2)
    page.wait_for_timeout(2_100)
    press_escape(page, 2)
    page.wait_for_timeout(300)
    assert page.url.endswith(TODAY)
    assert page.locator("h1").count() == 1


def test_escape_that_an_input_method_uses_does_not_leave(invite: Invite) -> None:
    visitor = invite()
    page = visitor.open(TODAY)
    page.evaluate(
        """() => {
          for (let n = 0; n < 4; n += 1) {
            const init = { key: "Escape", isComposing: true, bubbles: true };
            document.body.dispatchEvent(new KeyboardEvent("keydown", init));
          }
        }"""
    )
    page.wait_for_timeout(200)
    assert page.url.endswith(TODAY)
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_scripts_the_button_does_the_same(invite: Invite, lang: str) -> None:
    visitor = invite(lang, scripts=False)
    visitor.open(TODAY)
    visitor.page.get_by_role("button", name=LEAVE_WORDS[lang]).click()
    visitor.page.wait_for_load_state()
    assert visitor.page.title() in {"新标签页", "New tab"}
    assert visitor.page.locator("body").inner_text().strip() == ""
    nothing_is_left(visitor)


def test_leaving_by_keyboard_alone_takes_few_presses(invite: Invite) -> None:
    visitor = invite(keyboard=True)
    visitor.open(TODAY)
    focused: list[str] = []
    while LEAVE_WORDS["zh"] not in focused and len(focused) < 4:
        visitor.page.keyboard.press("Tab")
        focused.append(visitor.page.evaluate("document.activeElement.innerText"))
    assert focused[-1] == LEAVE_WORDS["zh"]
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("about:blank")


def test_leaving_tells_no_other_host(invite: Invite) -> None:
    visitor = invite()
    asked: list[Request] = []
    visitor.page.context.on("request", lambda one: asked.append(one))
    visitor.open("/")
    press_escape(visitor.page, 3)
    visitor.page.wait_for_url("about:blank")
    assert all(one.url.startswith(visitor.site.origin) for one in asked)
