from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.plan.deadlines import compute_deadline, local_day
from clawback.rules.load import load_pack

CN, GB, XX = load_pack("cn"), load_pack("gb"), load_pack("xx")
BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 12, tzinfo=BEIJING)


def day(text: str, zone: ZoneInfo = BEIJING, precision: Precision = Precision.DAY) -> Moment:
    return Moment(datetime.fromisoformat(text).replace(tzinfo=zone), precision, ZoneBasis.STATED)


def test_a_last_day_ends_one_second_before_midnight_in_the_pack_s_zone() -> None:
    deadline = compute_deadline("police_review", CN, {"refusal_notice_received": day("2026-11-20")}, NOW)
    assert deadline.last == datetime(2026, 11, 27, 23, 59, 59, tzinfo=BEIJING)
    assert deadline.firm


def test_it_says_why_in_one_sentence_in_both_languages() -> None:
    deadline = compute_deadline("police_review", CN, {"refusal_notice_received": day("2026-09-24")}, NOW)
    assert deadline.why_zh == (
        "因为您收到不予立案通知书的日期是2026年9月24日，申请复议的期限是7日"
        "（当天不算，最后一天遇休息日，顺延到下一个工作日），到2026年10月8日为止，"
        "这一天已经过了，仍可提出，由受理机关决定，"
        "依据：《公安机关办理刑事案件程序规定》第179条 (MPS Criminal Procedure Rules, art. 179)。"
    )
    assert deadline.why_en == (
        "Because you received the notice that no case is opened on 24 September 2026, "
        "the time to ask the police for a review is 7 days (not counting that day, "
        "moved from a day off to the next working day) and ends on 8 October 2026; "
        "that has passed, but you can still ask and the body decides; "
        "source: 《公安机关办理刑事案件程序规定》第179条 (MPS Criminal Procedure Rules, art. 179)."
    )


def test_before_it_has_passed_it_says_what_missing_it_means() -> None:
    deadline = compute_deadline("police_review", CN, {"refusal_notice_received": day("2026-11-20")}, NOW)
    assert "到2026年11月27日为止，逾期失去复议权，仍可申请检察院立案监督" in deadline.why_zh


def test_when_the_other_side_is_late_it_says_what_comes_next() -> None:
    deadline = compute_deadline("bank_complaint_reply", CN, {"bank_complaint_filed": day("2026-11-02")}, NOW)
    assert "这一天已经过了，到期没有答复，可以打12378" in deadline.why_zh
    assert "that has passed: if no answer comes you can go to 12378" in deadline.why_en


def test_an_hour_clock_says_the_minute() -> None:
    at = Moment(datetime(2026, 11, 23, 9, 5, tzinfo=BEIJING), Precision.MINUTE, ZoneBasis.STATED)
    deadline = compute_deadline("stop_payment_holds", CN, {"stop_payment_set": at}, NOW)
    assert "到2026年11月25日09:05为止" in deadline.why_zh
    assert "25 November 2026 at 09:05" in deadline.why_en


def test_it_keeps_rule_version_and_trigger() -> None:
    told = day("2026-11-20")
    deadline = compute_deadline("police_review", CN, {"refusal_notice_received": told}, NOW)
    assert (deadline.rule_id, deadline.pack_version) == ("police_review", CN.version)
    assert (deadline.trigger, deadline.trigger_at) == ("refusal_notice_received", told.instant)
    assert deadline.question is None


def test_an_unknown_trigger_gives_a_question_not_a_date() -> None:
    deadline = compute_deadline("police_review", CN, {}, NOW)
    assert deadline.last is None
    assert deadline.trigger_at is None
    assert deadline.question == "dates.refusal_notice_received"
    assert "还不知道您收到不予立案通知书的日期" in deadline.why_zh


def test_a_rule_known_from_memory_gives_neither_a_date_nor_a_question() -> None:
    deadline = compute_deadline("rumour", XX, {"refusal_notice_received": day("2026-11-20")}, NOW)
    assert deadline.last is None
    assert not deadline.firm
    assert deadline.question is None
    assert "没有核实" in deadline.why_zh


def test_a_rule_that_had_ended_or_not_begun_gives_no_date() -> None:
    for told in ("2020-01-01", "2030-01-01"):
        deadline = compute_deadline("appeal", XX, {"refusal_notice_received": day(told)}, NOW)
        assert deadline.last is None, told


def test_the_rule_in_force_on_the_trigger_date_counts_not_the_one_of_today() -> None:
    old = compute_deadline("mediation_12315", CN, {"complaint_accepted": day("2026-04-14")}, NOW)
    new = compute_deadline("mediation_12315", CN, {"complaint_accepted": day("2026-04-15")}, NOW)
    assert old.last is not None
    assert new.last is not None
    assert (old.last.date(), new.last.date()) == (date(2026, 6, 18), date(2026, 6, 15))
    assert "45个工作日" in old.why_zh
    assert "60日" in new.why_zh


def test_an_hour_clock_runs_through_holidays() -> None:
    set_at = datetime(2026, 10, 1, 9, 30, tzinfo=BEIJING)
    moment = Moment(set_at, Precision.MINUTE, ZoneBasis.STATED)
    deadline = compute_deadline("stop_payment_holds", CN, {"stop_payment_set": moment}, NOW)
    assert deadline.last == datetime(2026, 10, 3, 9, 30, tzinfo=BEIJING)


def test_an_hour_clock_started_by_a_bare_day_takes_the_earliest_end_and_is_soft() -> None:
    deadline = compute_deadline("stop_payment_holds", CN, {"stop_payment_set": day("2026-11-20")}, NOW)
    assert deadline.last == datetime(2026, 11, 22, tzinfo=BEIJING)
    assert not deadline.firm


def test_a_trigger_known_only_to_the_month_is_taken_from_its_first_day_and_is_soft() -> None:
    moment = day("2026-11-01", precision=Precision.MONTH)
    deadline = compute_deadline("police_review", CN, {"refusal_notice_received": moment}, NOW)
    assert deadline.last is not None
    assert deadline.last.date() == date(2026, 11, 9)  # the 8th is a Sunday
    assert not deadline.firm


def test_a_secondary_source_makes_a_reminder_not_a_date() -> None:
    deadline = compute_deadline("app_claim", GB, {"transfer_sent": day("2026-11-02")}, NOW)
    assert deadline.last is not None
    assert not deadline.firm
    assert "a reminder only" in deadline.why_en


def test_a_year_without_published_days_off_is_said_to_be_approximate() -> None:
    deadline = compute_deadline("regulator_review", CN, {"regulator_decision_known": day("2026-11-02")}, NOW)
    assert not deadline.firm
    assert "放假安排还没有公布" in deadline.why_zh
    assert "not published" in deadline.why_en


def test_a_day_is_the_day_in_the_pack_s_zone() -> None:
    late_in_london = Moment(datetime(2026, 11, 20, 20, tzinfo=UTC), Precision.MINUTE, ZoneBasis.STATED)
    assert local_day(late_in_london, "Asia/Shanghai") == date(2026, 11, 21)
    stated_day = Moment(datetime(2026, 11, 20, tzinfo=UTC), Precision.DAY, ZoneBasis.STATED)
    assert local_day(stated_day, "America/New_York") == date(2026, 11, 20)


def test_the_user_s_chargeback_date_leaves_the_issuer_its_fourteen_days() -> None:
    deadline = compute_deadline("chargeback", GB, {"goods_expected": day("2026-08-01")}, NOW)
    assert deadline.last is not None
    assert deadline.last.date() == date(2026, 11, 15)
    assert "14 days that your card issuer needs" in deadline.why_en


def test_the_first_known_trigger_counts() -> None:
    both = {"goods_expected": day("2026-08-01"), "first_payment": day("2026-07-10")}
    assert compute_deadline("chargeback", GB, both, NOW).trigger == "goods_expected"
    assert (
        compute_deadline("chargeback", GB, {"first_payment": day("2026-07-10")}, NOW).trigger
        == "first_payment"
    )


@given(st.sampled_from([CN, GB]), st.data(), st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_a_later_trigger_never_gives_an_earlier_last_day(
    pack: object, data: st.DataObject, told: date
) -> None:
    chosen = CN if pack is CN else GB
    rule_id = data.draw(st.sampled_from(sorted(set(chosen.deadlines) - {"mediation_12315"})))
    trigger = chosen.deadlines[rule_id].trigger[0]
    ends = [
        compute_deadline(rule_id, chosen, {trigger: day((told + timedelta(days=n)).isoformat())}, NOW).last
        for n in (0, 1)
    ]
    assert None in ends or ends[0] <= ends[1]  # type: ignore[operator]
