"""Tracking: roads and bodies, replies that are checked first, money held and back, all of it reversible."""

from __future__ import annotations

import html as markup
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from clawback.desk import tracking
from clawback.desk.calling import CallResult, Told, note_call
from clawback.desk.ladders import RungState, roads_of, routes_of
from clawback.desk.livecase import LiveCase
from clawback.desk.tracking import HandIn, Reply, ReplyResult, tracking_of
from web.conftest import NOW

AT = "/c/0123456789abcdef"
SCAM = "我们是公安委托的追款团队，100%追回被骗资金，请先付服务器费500元，并提供验证码。"


def text_of(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(markup.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def hand_in(case: LiveCase, form: str = "police_report", reference: str = "回执 42") -> None:
    said = HandIn(form, date(2026, 11, 19), "counter", reference)
    case.change(lambda folder, secret: tracking.record_hand_in(folder, secret, said, NOW))


def transfer(case: LiveCase, amount: str) -> str:
    return next(one.id for one in case.file().entries if one.transfer.amount.value == Decimal(amount))


def answer(**changed: str) -> dict[str, str]:
    return {"about": "police_report", "on": "2026-11-20", "result": "accepted", "note": "", **changed}


def state_of(case: LiveCase, road: str, rung: str) -> RungState:
    file = case.file()
    found = {one.id: one for one in roads_of(file, tracking_of(case.records(), file))}[road]
    return {one.id: one.state for one in found.rungs}[rung]


# -------------------------------------------------------------------------------------------------- roads


def test_a_case_that_has_just_begun_says_where_to_begin(site: TestClient, case: LiveCase) -> None:
    text = text_of(site.get(f"{AT}/tracking").text)
    assert "还没开始" in text
    assert "还没有记录。" in text


def test_a_road_shows_its_rungs_in_order_with_their_states(site: TestClient, case: LiveCase) -> None:
    hand_in(case)
    html = site.get(f"{AT}/tracking").text
    police = text_of(html)[text_of(html).index(" 公安 ") :]
    order = [
        police.index(word) for word in ("打110", "去就近派出所", "问警方是否立案", "申请复议", "申请复核")
    ]
    assert order == sorted(order)
    assert state_of(case, "police", "police_report") is RungState.DONE
    assert state_of(case, "police", "police_decision") is RungState.WAITING
    assert state_of(case, "police", "review_refusal") is RungState.CLOSED
    assert "要等到：您收到不予立案通知书" in police


def test_a_refusal_opens_the_next_rung(site: TestClient, case: LiveCase) -> None:
    hand_in(case)
    site.post(f"{AT}/tracking/reply", data=answer(result="refused"))
    assert state_of(case, "police", "review_refusal") is RungState.NOW
    text = text_of(site.get(f"{AT}/tracking").text)
    assert "最迟 11月27日 周五" in text  # seven days after the 20th
    assert "被拒绝" in text


def test_a_body_shows_what_was_handed_in_its_reference_and_the_next_day(
    site: TestClient, case: LiveCase
) -> None:
    hand_in(case)
    file = case.file()
    routes = {one.channel.id: one for one in routes_of(file, tracking_of(case.records(), file), ())}
    station = routes["police_station"]
    assert station.hand_in is not None
    assert station.hand_in.reference == "回执 42"
    assert station.next_date is not None
    assert station.next_date.date() == date(2026, 12, 19)
    text = text_of(site.get(f"{AT}/tracking").text)
    assert "2026年11月19日 回执 42 已交，等答复 12月19日 周六" in text


def test_a_call_is_part_of_the_record_and_can_be_taken_back(site: TestClient, case: LiveCase) -> None:
    said = Told("police_110", "110", "", CallResult.ACCEPTED, "JJ-7", "接警员 07", NOW - timedelta(hours=1))
    case.change(lambda folder, secret: note_call(folder, secret, said, NOW))
    html = site.get(f"{AT}/tracking").text
    assert "电话里已受理" in html
    assert "JJ-7" in html
    site.post(f"{AT}/tracking/back", data={"number": "1"})
    assert "JJ-7" not in site.get(f"{AT}/tracking").text


# ------------------------------------------------------------------------------------------------ replies


def test_a_reply_starts_the_next_clock_and_says_so(site: TestClient, case: LiveCase) -> None:
    done = site.post(f"{AT}/tracking/reply", data=answer(result="refused", note="不予立案通知书"))
    assert "下一个期限已经开始计算" in done.text
    stated = case.file().answer("dates.refusal_notice_received")
    assert stated is not None
    assert stated.value == "2026-11-20"


def test_taking_a_reply_back_stops_its_clock(site: TestClient, case: LiveCase) -> None:
    site.post(f"{AT}/tracking/reply", data=answer(result="refused"))
    number = tracking_of(case.records(), case.file()).replies[0].number
    assert site.post(f"{AT}/tracking/back", data={"number": str(number)}).status_code == 200
    assert tracking_of(case.records(), case.file()).replies == ()
    assert case.file().answer("dates.refusal_notice_received") is None


def test_a_letter_that_comes_with_a_reply_is_sealed_as_an_exhibit(site: TestClient, case: LiveCase) -> None:
    before = len(case.file().exhibits)
    site.post(
        f"{AT}/tracking/reply",
        data=answer(),
        files={"files": ("答复.txt", "已受理，编号 7".encode(), "text/plain")},
    )
    case.wait_until_read(30)
    file = case.file()
    assert len(file.exhibits) == before + 1
    said = tracking_of(case.records(), file).replies[0]
    assert said.exhibit == before + 1
    assert f"{AT}/evidence/{said.exhibit}" in site.get(f"{AT}/tracking").text


def test_a_reply_that_asks_for_a_fee_is_warned_of_before_it_is_kept(site: TestClient, case: LiveCase) -> None:
    first = site.post(
        f"{AT}/tracking/reply",
        data=answer(note=SCAM),
        files={"files": ("信.txt", "先付服务器费".encode(), "text/plain")},
    )
    assert "像第二次诈骗" in first.text
    assert "100%追回" in first.text
    assert tracking_of(case.records(), case.file()).replies == ()
    sealed = re.search(r'name="sealed" value="(\d+)"', first.text)
    assert sealed  # the letter is evidence, whatever it says
    assert SCAM in markup.unescape(first.text)
    site.post(
        f"{AT}/tracking/reply", data=answer(note=SCAM, anyway="1", sealed=sealed.group(1), result="other")
    )
    kept = tracking_of(case.records(), case.file()).replies[0]
    assert (kept.note, kept.exhibit) == (SCAM, int(sealed.group(1)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"about": ""}, "请选这是关于哪一件的答复。"),
        ({"about": "no_such"}, "请选这是关于哪一件的答复。"),
        ({"result": ""}, "请选答复的意思"),
        ({"on": "2026-11-21"}, "这一天还没有到。"),
        ({"on": ""}, "请选一个日期。"),
        ({"amount": "很多"}, "请写一个大于零的金额"),
        ({"amount": "0"}, "请写一个大于零的金额"),
    ],
)
def test_a_reply_that_cannot_be_is_explained_and_nothing_typed_is_lost(
    site: TestClient, case: LiveCase, changed: dict[str, str], said: str
) -> None:
    refused = site.post(f"{AT}/tracking/reply", data=answer(note="原话在此", **changed))
    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert "原话在此" in refused.text
    assert case.records().decisions == ()


def test_the_language_of_a_half_filled_reply_changes_without_saving(site: TestClient, case: LiveCase) -> None:
    shown = site.post(f"{AT}/tracking/reply", data={**answer(note="原话在此"), "speak": "en"})
    assert "A reply" in shown.text
    assert "原话在此" in shown.text
    assert case.records().decisions == ()


def test_a_promised_sum_is_asked_which_transfer_it_is_of(site: TestClient, case: LiveCase) -> None:
    done = site.post(
        f"{AT}/tracking/reply",
        data=answer(about="platform_withdrawal_refused", result="agreed", amount="8,000", currency="CNY"),
    )
    assert "是哪一笔转账的" in done.text
    kept = tracking_of(case.records(), case.file()).replies[0]
    assert kept.amount == tracking.typed_amount("8000", "CNY")
    assert "已退 120.00元" in text_of(done.text)  # what a bill shows; a promise is not money back


def test_their_time_that_has_passed_is_theirs_and_leads_one_level_up(
    site: TestClient, case: LiveCase
) -> None:
    said = HandIn("police_report", date(2026, 10, 1), "counter", "")
    case.change(lambda folder, secret: tracking.record_hand_in(folder, secret, said, NOW))
    html = site.get(f"{AT}/steps/cn.police_decision").text
    assert "对方的期限 10月31日 周六 已过" in html  # thirty days after 1 October


def test_a_sum_is_read_as_people_write_it(site: TestClient, case: LiveCase) -> None:
    for typed in ("6,600.00", "￥6600", "6600元", "６６００"):
        assert tracking.typed_amount(typed, "CNY") == tracking.typed_amount("6600", "CNY"), typed
    for typed in ("", "-5", "0", "1e9", "NaN", "6.6.0"):
        assert tracking.typed_amount(typed, "CNY") is None, typed


# ------------------------------------------------------------------------------------------------ recovery


def note(site: TestClient, case: LiveCase, state: str, **more: str):  # type: ignore[no-untyped-def]
    form = {
        "transfer": transfer(case, "8000"),
        "currency": "CNY",
        "channel": "police_station",
        "state": state,
        "on": "2026-11-20",
        **more,
    }
    return site.post(f"{AT}/tracking/money", data=form)


def test_frozen_and_returned_money_is_told_per_transfer_and_channel(site: TestClient, case: LiveCase) -> None:
    note(site, case, "frozen", amount="5,000.00")
    note(site, case, "returned", amount="2000", exhibit="1")
    text = text_of(site.get(f"{AT}/tracking").text)
    assert "就近派出所或刑警队 0.00元 3,000.00元 2,000.00元" in text  # promised, frozen, returned
    assert "已冻结 3,000.00元" in text
    assert "已退 120.00元" in text  # the ledger's own sum: no statement shows the 2,000 yet


def test_money_is_not_back_without_an_exhibit_that_shows_it(site: TestClient, case: LiveCase) -> None:
    refused = note(site, case, "returned", amount="2000")
    assert refused.status_code == 422
    assert "有流水或回单看得到，才算退回" in refused.text
    refused = note(site, case, "returned", amount="2000", exhibit="99")
    assert "没有这个编号的证据。" in refused.text
    assert case.records().decisions == ()


def test_giving_up_is_a_decision_that_can_be_changed(site: TestClient, case: LiveCase) -> None:
    note(site, case, "written_off")
    assert "不再追 8,000.00元" in text_of(site.get(f"{AT}/tracking").text)
    note(site, case, "pursued")
    assert "不再追 0.00元" in text_of(site.get(f"{AT}/tracking").text)


def test_a_note_about_money_can_be_taken_back(site: TestClient, case: LiveCase) -> None:
    note(site, case, "frozen", amount="5000")
    site.post(f"{AT}/tracking/back", data={"number": "1"})
    assert "已冻结 0.00元" in text_of(site.get(f"{AT}/tracking").text)
    assert [one.kind for one in case.records().decisions] == ["recovery", "withdraw"]


def test_the_form_shows_money_that_came_and_may_be_this(site: TestClient, case: LiveCase) -> None:
    text = text_of(site.get(f"{AT}/tracking/money", params={"transfer": transfer(case, "8000")}).text)
    assert "流水里看到的收入： +120.00元" in text


def test_an_unknown_transfer_or_record_is_said_and_changes_nothing(site: TestClient, case: LiveCase) -> None:
    assert site.get(f"{AT}/tracking/money?transfer=T99").status_code == 404
    assert site.post(f"{AT}/tracking/back", data={"number": "7"}).status_code == 400
    assert site.post(f"{AT}/tracking/back", data={"number": "x"}).status_code == 400
    assert case.records().decisions == ()


@pytest.mark.parametrize("path", ["/tracking", "/tracking/reply"])
def test_english_pages_speak_english(site: TestClient, case: LiveCase, path: str) -> None:
    hand_in(case, reference="R-42")
    reply = Reply("police_report", date(2026, 11, 20), ReplyResult.MORE)
    case.change(lambda folder, secret: tracking.record_reply(folder, secret, reply, NOW))
    site.get("/speak/en")
    text = text_of(site.get(AT + path).text)
    law = re.sub(r"Rule: .*?\)\.|Rule: [^.]*\.", "", text)  # laws keep their own names
    assert not re.search(r"[㐀-鿿]", re.sub("李样例|王样本", "", law)), law
