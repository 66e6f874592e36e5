"""From opening the page to the emergency card with a bill in it: few acts, few answers, little time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tools.screenshots.cases import wechat_bill
from tools.screenshots.chromium import PHONE
from tools.screenshots.served import NOW

from browser.conftest import Invite
from browser.walking import bare, interview, text_of

MOST_ACTS = 8
MOST_ANSWERS = 5
ANSWERS = {"contact": "no", "when": "under_30_minutes", "how": "wechat_pay", "where": "cn"}


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    """A wallet's bill: 6,600.00 yuan, sent 20 minutes before now, and a breakfast."""
    now = datetime.fromisoformat(NOW)
    path = tmp_path / "微信支付账单.csv"
    rows = [
        (now - timedelta(minutes=20), "王样本", "6600.00"),
        (now - timedelta(hours=3), "样本早餐", "9.50"),
    ]
    path.write_text(wechat_bill(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_card_is_eight_acts_and_five_answers_away(
    invite: Invite, bill: Path, scripts: bool, keyboard: bool
) -> None:
    visitor = invite("zh", PHONE, scripts=scripts, keyboard=keyboard, fresh=True)
    began = time.monotonic()
    case = interview(visitor, ANSWERS, [bill])
    page, hands = visitor.page, visitor.hands

    number = page.locator('main .button-call[href="tel:110"]')
    assert number.is_visible()
    box = number.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 700  # seen without scrolling

    page.wait_for_timeout(500)
    for _ in range(40):
        if page.locator('button[name="record"]').count() or "6,600.00" in text_of(page):
            break
        page.goto(visitor.site.origin + f"{case}/card")
        page.wait_for_timeout(500)
    if page.locator('button[name="record"]').count():  # two payments in the bill: which one?
        hands.press(page.locator('button[name="record"]', has_text="6,600.00"))

    said = bare(page.locator("blockquote.say").first.inner_text())
    assert "6,600.00元" in said
    assert "王样本" in said
    assert hands.acts <= MOST_ACTS
    assert len(ANSWERS) + 1 <= MOST_ANSWERS  # four presses, and the bill
    assert time.monotonic() - began < 120
