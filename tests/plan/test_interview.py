from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.errors import UsageError
from clawback.model.moments import Precision
from clawback.plan.interview import dates_from_answers, missing, parse_answer, questions_for
from clawback.rules.load import load_pack
from clawback.rules.pack import Question, QuestionKind, Words

CN = load_pack("cn")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def question(kind: QuestionKind) -> Question:
    return Question(id="q", ask=Words(zh="问", en="ask"), kind=kind)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026年11月20日", "2026-11-20"),
        ("2026/1/5", "2026-01-05"),
        ("20 November 2026", "2026-11-20"),
        ("5th Jan 2026", "2026-01-05"),
    ],
)
def test_a_date_may_be_typed_in_several_plain_ways(typed: str, kept: str) -> None:
    assert parse_answer(question(QuestionKind.DATE), typed, ZONE) == kept


@pytest.mark.parametrize(
    "typed", ["03/04/2026", "2026-02-30", "yesterday", "20", "2026-13-01", "20 Foo 2026"]
)
def test_a_date_that_could_mean_two_things_or_none_is_asked_again(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_answer(question(QuestionKind.DATE), typed, ZONE)
    assert "2026-11-20" in caught.value.en
    assert "2026年11月20日" in caught.value.zh


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-11-23 14:32", "2026-11-23T14:32:00+08:00"),
        ("2026年11月23日 14时32分", "2026-11-23T14:32:00+08:00"),
        ("2026-11-23 14:32:05", "2026-11-23T14:32:05+08:00"),
        ("2026-11-23T14:32:00+00:00", "2026-11-23T14:32:00+00:00"),
        ("2026-11-23", "2026-11-23"),
    ],
)
def test_a_time_keeps_what_was_said_and_no_more(typed: str, kept: str) -> None:
    assert parse_answer(question(QuestionKind.DATETIME), typed, ZONE) == kept


@pytest.mark.parametrize("typed", ["2026-11-23 25:00", "14:32", "2026-11-23 14:75"])
def test_a_time_that_does_not_exist_is_asked_again(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_answer(question(QuestionKind.DATETIME), typed, ZONE)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3000元", "3000.00 CNY"),
        ("¥3,000.50", "3000.50 CNY"),
        ("12 000".replace(" ", ",") + " CNY", "12000.00 CNY"),
        ("£90", "90.00 GBP"),
        ("1500.123456 USDT", "1500.123456 USDT"),
    ],
)
def test_money_is_a_figure_with_its_currency(typed: str, kept: str) -> None:
    assert parse_answer(question(QuestionKind.MONEY), typed, ZONE) == kept


@pytest.mark.parametrize("typed", ["3000", "三千元", "3,00元", "1.2.3元", "-5元", "$5", "1e9 CNY"])
def test_money_without_a_clear_figure_or_currency_is_asked_again(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_answer(question(QuestionKind.MONEY), typed, ZONE)


@pytest.mark.parametrize(("typed", "kept"), [("是", "yes"), ("Y", "yes"), ("没有", "no"), ("No", "no")])
def test_yes_and_no(typed: str, kept: str) -> None:
    assert parse_answer(question(QuestionKind.YES_NO), typed, ZONE) == kept
    with pytest.raises(UsageError):
        parse_answer(question(QuestionKind.YES_NO), "maybe", ZONE)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("刷单返利", "task_scam"),
        ("2", "task_scam"),
        ("task_scam, Fake Shop or off-platform payment", "task_scam,fake_shop"),
        ("刷单返利、刷单返利", "task_scam"),
    ],
)
def test_choices_may_be_given_by_number_name_or_id(typed: str, kept: str) -> None:
    assert parse_answer(CN.questions["situation"], typed, ZONE) == kept


def test_a_choice_that_is_not_offered_is_asked_again() -> None:
    with pytest.raises(UsageError):
        parse_answer(CN.questions["situation"], "刷单返利，外星人", ZONE)
    with pytest.raises(UsageError):
        parse_answer(CN.questions["who_pressed_send"], "me, someone_else", ZONE)


def test_the_situation_is_asked_first_and_only_what_fits_it_after() -> None:
    general = [q.id for q in questions_for(CN, (), {}, NOW)]
    assert general[0] == "situation"
    assert "gambling_rigged" not in general
    gambling = [q.id for q in questions_for(CN, ("illegal_gambling",), {}, NOW)]
    assert "gambling_rigged" in gambling
    assert not any(id.startswith("dates.") for id in gambling)


def test_a_question_whose_ground_is_not_known_waits() -> None:
    asked = {q.id for q in questions_for(CN, ("withdrawal_refused",), {}, NOW)}
    assert "fee_words" not in asked
    then = {q.id for q in questions_for(CN, ("withdrawal_refused",), {"answers.asked_fee": "yes"}, NOW)}
    assert "fee_words" in then


def test_what_is_answered_is_not_missing() -> None:
    asked = questions_for(CN, ("account_frozen",), {}, NOW)
    left = missing(asked, {"situation": "account_frozen", "user.name": " "})
    assert "situation" not in left
    assert "user.name" in left


def test_answered_dates_become_moments_no_finer_than_stated() -> None:
    dates = dates_from_answers(
        {"dates.goods_received": "2026-11-16", "dates.stop_payment_set": "2026-11-23T15:20:00+08:00",
         "dates.unheard_of": "2026-11-16", "user.name": "王某"},
        CN,
    )  # fmt: skip
    assert {name: moment.precision for name, moment in dates.items()} == {
        "goods_received": Precision.DAY,
        "stop_payment_set": Precision.MINUTE,
    }


@given(st.sampled_from(list(QuestionKind)[2:]), st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_kept_in_a_form_that_reads_back_as_itself(
    kind: QuestionKind, typed: str
) -> None:
    try:
        kept = parse_answer(question(kind), typed, ZONE)
    except UsageError:
        return
    assert parse_answer(question(kind), kept, ZONE) == kept


@given(st.dates(), st.sampled_from(["{0.year:04}-{0.month}-{0.day}", "{0.year:04}年{0.month}月{0.day}日"]))
def test_every_written_day_comes_back_as_itself(day: datetime, form: str) -> None:
    assert parse_answer(question(QuestionKind.DATE), form.format(day), ZONE) == day.isoformat()
