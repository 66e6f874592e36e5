"""Conversations over time: the list, one counterpart, its picture, and what stands behind each sign."""

from __future__ import annotations

import html
import io
import re
from urllib.parse import quote

import pytest
from markupsafe import Markup
from starlette.testclient import TestClient

from clawback.desk.conversations import check_chat_file, conversations
from clawback.desk.livecase import LiveCase
from clawback.web.pages import conversations as pages
from clawback.web.pressurefigure import MOST_BARS, Bar, Legend, draw, gathered
from web.conftest import NOW

PATH = "/c/0123456789abcdef/conversations"
LEGEND = Legend("title", "turned", "asked", ("first", "last"))


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def of_mentor(case: LiveCase) -> str:
    (one,) = [one for one in conversations(case.file()) if "小林" in one.name]
    return f"{PATH}?of={quote(one.id)}"


def test_the_timeline_leads_to_the_conversations_and_they_to_each_counterpart(
    site: TestClient, case: LiveCase
) -> None:
    assert f'href="{PATH}"' in site.get("/c/0123456789abcdef/timeline").text
    listed = site.get(PATH).text
    assert "导师小林" in text(listed)
    assert f'href="{of_mentor(case)}"' in html.unescape(listed)


def test_the_turn_is_shown_with_its_words_and_the_exhibit(site: TestClient, case: LiveCase) -> None:
    """By hand: the mentor asks for 3,000 first; the second time he ties the withdrawal to more money."""
    page = site.get(of_mentor(case)).text
    shown = text(page)
    assert "很像诈骗" in shown
    assert shown.index("从这一句起不对劲") < shown.index("第一次要您付钱")
    assert "先转3000到支付宝" in shown
    assert "提现要先交20%的税" in shown
    assert re.search(r'href="/c/0123456789abcdef/evidence/\d+\?at=', page)


def test_only_what_they_wrote_is_listed_as_a_sign(site: TestClient, case: LiveCase) -> None:
    said = text(site.get(of_mentor(case)).text.partition('class="talk-said"')[2])
    assert "8000元已经转了" not in said


def test_the_picture_has_the_same_in_a_table(site: TestClient, case: LiveCase) -> None:
    page = site.get(of_mentor(case)).text
    assert page.count("<svg") == 1
    assert 'role="img" aria-labelledby="pressure-title"' in page
    table = text(page.partition("<tbody>")[2].partition("</tbody>")[0])
    assert "2026年11月19日" in table
    assert "提现要先交钱" in table


def test_where_nothing_turned_no_picture_is_drawn_and_weak_signs_stay_folded(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = "2026-11-18 20:10:00 橙果客服\n您好，我是橙果数码店的客服小周，您的订单已经发货，预计周三到\n"
    checked = check_chat_file(
        "微信聊天_橙果客服.txt", io.BytesIO(shop.encode()), len(shop.encode()), NOW.date()
    )
    monkeypatch.setattr(pages, "conversations", lambda _file: checked.conversations)
    (one,) = checked.conversations
    page = site.get(f"{PATH}?of={quote(one.id)}").text
    assert "没发现诈骗迹象，但这不等于安全" in text(page)
    assert "<svg" not in page
    assert 'class="talk-said"' not in page.partition("<details>")[0]


def test_in_english_every_sentence_is_english(site: TestClient, case: LiveCase) -> None:
    site.get("/speak/en")
    shown = text(site.get(of_mentor(case)).text)
    assert "Here it turned" in shown
    assert "Next, they will probably" in shown


def test_a_conversation_that_is_not_there_leads_back_to_the_list(site: TestClient, case: LiveCase) -> None:
    answer = site.get(f"{PATH}?of=M9.l9", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)


def test_a_bar_for_each_message_and_a_dot_for_each_without_signs() -> None:
    drawn = draw(
        [Bar(3.0, False, False, False), Bar(0, False, False, False), Bar(6.0, True, False, True)], LEGEND
    )
    assert (drawn.count("<rect"), drawn.count("<circle"), drawn.count("pr-after")) == (2, 1, 1)
    assert (drawn.count("pr-turned"), drawn.count("pr-asked")) == (1, 1)
    heights = [float(height) for height in re.findall(r'<rect[^>]*height="([0-9.]+)"', drawn)]
    assert heights == [41.0, 82.0]  # of 82 units, 6 log-odds at full height


def test_a_long_conversation_is_drawn_with_so_many_bars_and_loses_neither_peak_nor_mark() -> None:
    bars = [Bar(0.5, False, n > 500, False) for n in range(1000)]
    bars[500] = Bar(9.0, True, False, True)
    shown = gathered(bars)
    assert len(shown) <= MOST_BARS
    assert max(bar.pressure for bar in shown) == 9.0
    assert [bar.turned for bar in shown].count(True) == 1
    assert gathered([]) == ()


def test_words_in_the_picture_are_escaped() -> None:
    drawn = draw([Bar(1.0, True, False, False)], Legend("<b>", "<i>", "", ("<u>", "")))
    assert isinstance(drawn, Markup)
    assert not re.search(r"<[biu]>", drawn)
