"""What became of steps, papers and money: written down, taken back, and counted from."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from clawback.desk import intake, tracking
from clawback.desk.casefile import make_casefile
from clawback.desk.records import load_records
from clawback.desk.tracking import (
    ClockStarted,
    HandIn,
    Recovery,
    RecoveryState,
    Reply,
    ReplyResult,
    StepOutcome,
    Tracking,
)
from clawback.desk.verifying import verify
from clawback.errors import UsageError
from clawback.model.casefile import CaseFile
from clawback.model.money import Amount
from web.small_case import ANSWERS, write_heap

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tracking")
    write_heap(folder / "heap")
    intake.open_heap(folder / "heap", folder / "case", intake.OpenOptions(now=NOW, answers=ANSWERS))
    return folder / "case"


@pytest.fixture
def case(sealed: Path, tmp_path: Path) -> Path:
    shutil.copytree(sealed, tmp_path / "case")
    return tmp_path / "case"


def look(case: Path, now: datetime = NOW) -> tuple[Tracking, CaseFile]:
    records = load_records(case)
    file = make_casefile(records, now)
    return tracking.tracking_of(records, file), file


def yuan(text: str) -> Amount:
    return Amount(Decimal(text), "CNY")


def test_nothing_is_said_of_a_step_until_somebody_says_it(case: Path) -> None:
    found, _ = look(case)
    assert found.outcome("cn.call_110") is StepOutcome.NOT_YET
    assert found.hand_ins == found.replies == found.recovered == ()


def test_the_latest_word_on_a_step_holds_and_the_earlier_one_stays_in_the_log(case: Path) -> None:
    tracking.mark_step(case, None, "cn.call_110", "done", "接警员 07", NOW)
    tracking.mark_step(case, None, "cn.call_110", "could_not", "打不通", NOW + timedelta(minutes=1))
    found, _ = look(case)
    assert found.outcome("cn.call_110") is StepOutcome.COULD_NOT
    assert found.steps["cn.call_110"].note == "打不通"
    tracking.mark_step(case, None, "cn.call_110", "not_yet", "", NOW + timedelta(minutes=2))
    assert look(case)[0].outcome("cn.call_110") is StepOutcome.NOT_YET
    assert [one.kind for one in load_records(case).decisions] == ["step"] * 3
    assert verify(case).findings == ()


def test_a_step_that_no_pack_has_is_refused(case: Path) -> None:
    with pytest.raises(UsageError):
        tracking.mark_step(case, None, "cn.no_such_step", "done", "", NOW)
    assert load_records(case).decisions == ()


def test_handing_in_the_police_report_starts_the_clock_of_their_decision(case: Path) -> None:
    started = tracking.record_hand_in(case, None, HandIn("police_report", DAY, "counter", "回执1"), NOW)
    assert started == ClockStarted("dates.reported_to_police", "2026-11-20")
    found, file = look(case)
    assert found.handed_in("police_report")[0].reference == "回执1"
    stated = file.answer("dates.reported_to_police")
    assert stated is not None
    assert stated.value == "2026-11-20"
    decision = next(action for action in file.plan.actions if action.id == "cn.police_decision")
    assert decision.deadline is not None
    assert decision.deadline.last is not None
    assert decision.deadline.last.date() == date(2026, 12, 20)  # 30 days, the 20th not counted


def test_a_date_that_was_stated_before_stays(case: Path) -> None:
    intake.seal_answers(case, {"dates.reported_to_police": "2026-11-19"}, NOW)
    started = tracking.record_hand_in(case, None, HandIn("police_report", DAY), NOW)
    assert started is not None
    assert started.kept == "2026-11-19"
    _, file = look(case)
    stated = file.answer("dates.reported_to_police")
    assert stated is not None
    assert stated.value == "2026-11-19"


def test_taking_a_hand_in_back_takes_its_date_back_too(case: Path) -> None:
    tracking.record_hand_in(case, None, HandIn("police_report", DAY), NOW)
    number = look(case)[0].hand_ins[0].number
    later = NOW + timedelta(minutes=5)
    tracking.withdraw(case, None, number, later)
    found, file = look(case, later)
    assert found.hand_ins == ()
    assert file.answer("dates.reported_to_police") is None
    assert "cn.police_decision" not in {action.id for action in file.plan.actions}
    assert not any(problem.code == "answer_not_understood" for problem in file.problems)
    again = later + timedelta(minutes=1)
    started = tracking.record_hand_in(case, None, HandIn("police_report", date(2026, 11, 18)), again)
    assert started == ClockStarted("dates.reported_to_police", "2026-11-18")


def test_what_was_taken_back_cannot_be_taken_back_again(case: Path) -> None:
    tracking.record_hand_in(case, None, HandIn("police_report", DAY), NOW)
    tracking.withdraw(case, None, 1, NOW)
    with pytest.raises(UsageError):
        tracking.withdraw(case, None, 1, NOW)


def test_a_refusal_of_the_police_starts_the_seven_days_of_the_review(case: Path) -> None:
    reply = Reply("police_report", DAY, ReplyResult.REFUSED, note="不予立案通知书")
    assert tracking.record_reply(case, None, reply, NOW) == ClockStarted(
        "dates.refusal_notice_received", "2026-11-20"
    )
    found, file = look(case)
    assert found.replies_to("police_report")[0].result is ReplyResult.REFUSED
    review = next(action for action in file.plan.actions if action.id == "cn.review_refusal")
    assert review.deadline is not None
    assert review.deadline.last is not None
    assert review.deadline.last.date() == date(2026, 11, 27)


def test_a_reply_with_another_result_starts_no_clock(case: Path) -> None:
    reply = Reply("police_report", DAY, ReplyResult.MORE)
    assert tracking.record_reply(case, None, reply, NOW) is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply("no_such_thing", DAY, ReplyResult.OTHER),
        Reply("police_report", date(2026, 11, 21), ReplyResult.OTHER),
        Reply("police_report", DAY, ReplyResult.OTHER, exhibit=99),
    ],
)
def test_a_reply_that_cannot_be_is_refused(case: Path, reply: Reply) -> None:
    with pytest.raises(UsageError):
        tracking.record_reply(case, None, reply, NOW)
    assert load_records(case).decisions == ()


def transfer_of(file: CaseFile, amount: str) -> str:
    return next(one.id for one in file.entries if one.transfer.amount == yuan(amount))


def say(case: Path, transfer: str, state: RecoveryState, amount: str | None, exhibit: int | None = None,
        channel: str = "police_station") -> None:  # fmt: skip
    sum_ = yuan(amount) if amount else None
    tracking.record_recovery(case, None, Recovery(transfer, channel, state, DAY, sum_, exhibit), NOW)


def test_frozen_money_is_held_until_it_is_back(case: Path) -> None:
    eight = transfer_of(look(case)[1], "8000")
    say(case, eight, RecoveryState.FROZEN, "5000")
    found, file = look(case)
    assert found.frozen(eight, "CNY") == yuan("5000")
    assert file.losses[0].lost == yuan("10880.00")  # 3,000 + 8,000 - 120: frozen is still lost
    say(case, eight, RecoveryState.RETURNED, "2000", exhibit=1)
    held = look(case)[0].recovered[0]
    assert (held.frozen, held.returned) == (yuan("3000"), yuan("2000"))
    say(case, eight, RecoveryState.RELEASED, None)
    assert look(case)[0].frozen(eight, "CNY") == yuan("0")


def test_the_same_money_told_by_two_channels_is_held_once(case: Path) -> None:
    eight = transfer_of(look(case)[1], "8000")
    say(case, eight, RecoveryState.FROZEN, "5000")
    say(case, eight, RecoveryState.FROZEN, "8000", channel="own_bank")
    assert look(case)[0].frozen(eight, "CNY") == yuan("8000")


def test_a_promise_is_not_money_back(case: Path) -> None:
    eight = transfer_of(look(case)[1], "8000")
    say(case, eight, RecoveryState.PROMISED, "8000", channel="platform")
    held = look(case)[0].recovered[0]
    assert (held.promised, held.returned) == (yuan("8000"), yuan("0"))
    with pytest.raises(UsageError):  # no statement shows it
        say(case, eight, RecoveryState.RETURNED, "8000", channel="platform")


def test_giving_up_on_a_transfer_can_be_undone(case: Path) -> None:
    eight = transfer_of(look(case)[1], "8000")
    say(case, eight, RecoveryState.WRITTEN_OFF, None)
    assert look(case)[0].written_off(eight)
    say(case, eight, RecoveryState.PURSUED, None)
    assert not look(case)[0].written_off(eight)


def test_the_next_date_is_the_first_last_day_ahead_of_what_is_not_done(case: Path) -> None:
    tracking.record_hand_in(case, None, HandIn("police_report", DAY), NOW)
    tracking.record_reply(case, None, Reply("police_report", DAY, ReplyResult.REFUSED), NOW)
    found, _ = look(case)
    assert found.next_date is not None
    assert found.next_date.date() == date(2026, 11, 27)
    tracking.mark_step(case, None, "cn.review_refusal", "done", "", NOW)
    found, _ = look(case)
    assert found.next_date is not None
    assert found.next_date.date() == date(2026, 12, 20)
