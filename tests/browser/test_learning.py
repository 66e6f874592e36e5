"""Learning in a browser: a card is one sheet of paper, and the quiz works without scripts."""

from __future__ import annotations

import pypdfium2
import pytest
from tools.screenshots.chromium import PHONE

from browser.conftest import Invite
from clawback.desk.learning import cards


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_card_is_one_sheet_of_a4(invite: Invite, lang: str) -> None:
    visitor = invite(lang, fresh=True)
    sheets = {}
    for one in cards():
        page = visitor.open(f"/learn/{one.kind.id}")
        printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        sheets[one.kind.id] = len(printed)
        assert one.kind.name.say(lang) in printed[0].get_textpage().get_text_range()
        printed.close()
    assert {id for id, count in sheets.items() if count != 1} == set()


def test_a_round_can_be_gone_through_without_scripts(invite: Invite) -> None:
    visitor = invite("zh", PHONE, scripts=False, fresh=True)
    page, hands = visitor.open("/learn"), visitor.hands
    hands.press(page.locator(".button-first"))
    for answer in ("scam", "honest", "unsure") * 2:
        hands.press(page.locator(f'button[name="answer"][value="{answer}"]'))
        page.wait_for_url("**answer=*")
        assert page.locator("mark").count() >= 2
        hands.press(page.locator(".button-first"))
    assert page.locator("h1").inner_text() == "这一轮看完了"
