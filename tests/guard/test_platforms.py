"""The guided check: every answer explained, nothing called safe, what is not known stays visible."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from clawback.guard import platforms
from clawback.guard.directory import load_directory
from clawback.guard.platforms import (
    AccountSign,
    AnswerRecord,
    Guide,
    PlatformCheck,
    Told,
    Weight,
    check_platform,
    guide,
)
from clawback.guard.verdict import Result
from clawback.model.plan import Confidence
from clawback.rules.pack import Words

HONEST = {
    "kind": "shop",
    "licence": "found",
    "payee": "platform",
    "withdraw": "rules",
    "promise": "normal",
    "pressure": "none",
    "app": "official",
    "source": "self",
    "age": "old",
    "contact": "real",
}


def check(place: str = "cn", names: tuple[str, str] = ("", ""), **answers: str) -> PlatformCheck:
    return check_platform(Told(answers, *names, place))


def test_an_honest_shop_has_no_signs_which_does_not_mean_that_it_is_safe() -> None:
    seen = check(**HONEST)
    assert seen.result is Result.NONE
    assert seen.signs == ()
    assert {one.question for one in seen.fits} == {"licence", "payee", "age", "contact"}


def test_a_fee_before_a_withdrawal_is_enough_whatever_speaks_for_the_platform() -> None:
    seen = check(**{**HONEST, "kind": "invest", "withdraw": "pay_first"})
    assert seen.result is Result.LIKELY
    assert seen.points_to == "withdrawal_fee_scam"
    assert [one.question for one in seen.signs] == ["withdraw"]
    assert seen.signs[0].then is not None


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({"kind": "invest", "payee": "person"}, Result.LIKELY),  # licensed firms do not
        ({"kind": "shop", "payee": "person"}, Result.SOME),  # a small shop may
        ({"kind": "game", "payee": "person"}, Result.CANNOT),  # people sell to people; too little is known
        ({"kind": "shop", "payee": "person", "app": "link"}, Result.LIKELY),
        ({"kind": "shop", "promise": "cheap"}, Result.CANNOT),
        ({"kind": "shop", "promise": "cheap", "age": "new"}, Result.SOME),
        ({"kind": "crypto", "payee": "wallet"}, Result.CANNOT),  # that is how crypto is paid
        ({"kind": "shop", "payee": "wallet"}, Result.SOME),
        ({"kind": "invest", "promise": "sure"}, Result.LIKELY),
        ({"kind": "recovery", "payee": "person"}, Result.LIKELY),
        ({"kind": "recovery"}, Result.SOME),
        ({"pressure": "secret"}, Result.LIKELY),
        ({"kind": "loan", "licence": "none"}, Result.SOME),
        ({"kind": "loan", "licence": "not_found"}, Result.LIKELY),
        ({}, Result.CANNOT),
        ({"kind": "shop"}, Result.CANNOT),
    ],
)
def test_one_decides_two_strong_decide_and_weak_ones_only_make_doubt(
    answers: dict[str, str], result: Result
) -> None:
    assert check(**answers).result is result


def test_good_answers_take_no_sign_away() -> None:
    worst = check(**{**HONEST, "pressure": "secret"})
    assert worst.result is Result.LIKELY
    assert worst.fits


@pytest.mark.parametrize("needed", ["payee", "withdraw", "pressure"])
def test_without_the_answers_that_matter_nothing_can_be_told(needed: str) -> None:
    without = {id: answer for id, answer in HONEST.items() if id != needed}
    seen = check(**without)
    assert seen.result is Result.CANNOT
    assert seen.open == (needed,)


@pytest.mark.parametrize(("last", "result"), [("promise", Result.NONE), (None, Result.CANNOT)])
def test_six_answers_are_needed_to_say_that_nothing_was_found(last: str | None, result: Result) -> None:
    given = ["kind", "licence", "payee", "withdraw", "pressure", *([last] if last else [])]
    assert check(**{id: HONEST[id] for id in given}).result is result


def test_what_is_not_answered_or_does_not_exist_stays_open() -> None:
    seen = check(kind="shop", payee="nonsense")
    assert seen.open == tuple(id for id in guide().questions if id != "kind")


def test_a_payee_that_is_a_person_is_one_fact_though_seen_twice() -> None:
    names = ("示例网店", "王样本")
    assert check(names=names, kind="shop").result is Result.SOME
    seen = check(names=names, kind="shop", payee="person")
    assert [one.weight for one in seen.signs] == [Weight.STRONG, Weight.STRONG]
    assert seen.result is Result.SOME


def test_names_that_differ_are_a_sign_even_when_the_answer_says_otherwise() -> None:
    seen = check(names=("金鼎投资有限公司", "样本商贸有限公司"), **{**HONEST, "payee": "company"})
    assert seen.result is Result.SOME
    (sign,) = seen.signs
    assert "金鼎投资有限公司" in sign.answer.zh


@pytest.mark.parametrize(
    ("kind", "signs", "result"),
    [
        ("shop", [AccountSign.LISTED], Result.SOME),
        ("shop", [AccountSign.LISTED_UNSURE], Result.CANNOT),
        ("shop", [AccountSign.OWN, AccountSign.LISTED_UNSURE], Result.SOME),
        ("shop", [AccountSign.CARD], Result.CANNOT),
        ("game", [AccountSign.CARD, AccountSign.OWN], Result.CANNOT),  # people sell to people
    ],
)
def test_the_payees_account_adds_signs_but_a_list_alone_decides_nothing(
    kind: str, signs: list[AccountSign], result: Result
) -> None:
    seen = check_platform(Told({"kind": kind}, accounts=tuple((sign, "6222…") for sign in signs)))
    assert seen.result is result


def test_a_card_and_a_person_as_payee_are_one_fact() -> None:
    told = Told(
        {"kind": "shop", "payee": "person"}, "示例网店", "王样本", "cn", ((AccountSign.CARD, "6222…"),)
    )
    assert check_platform(told).result is Result.SOME


def test_a_masked_payee_is_listed_as_not_known() -> None:
    seen = check(names=("金鼎投资", "*样本"), kind="invest")
    assert [one.question for one in seen.unknown] == ["names"]
    assert seen.signs == ()


def test_the_weightiest_sign_names_the_kind_of_scam_and_none_is_named_without_a_sign() -> None:
    assert check(kind="job", promise="first_gain").points_to == "task_scam"
    assert check(kind="loan", licence="not_found").points_to == "loan_scam"
    assert check(kind="loan").points_to is None
    assert check(**HONEST).points_to is None


def test_registers_belong_to_the_place_and_the_kind() -> None:
    def bodies(place: str, kind: str) -> list[str]:
        return [one.body for one in check(place, kind=kind).registers]

    assert bodies("cn", "invest") == ["cn.csrc_12386", "cn.anti_fraud_96110"]
    assert bodies("gb", "betting") == ["gb.gambling_commission"]
    assert bodies("gb", "crypto") == ["gb.fca"]
    assert bodies("us", "invest") == []  # none that we checked
    assert bodies("", "invest") == []


def test_every_body_stands_in_the_directory_and_is_known_from_a_source_that_was_read() -> None:
    known = load_directory().by_id
    for register in guide().registers:
        assert known[register.body].confidence is not Confidence.MEMORY, register.body


def test_every_kind_of_scam_that_is_named_exists() -> None:
    scripts = Path(platforms.__file__).parent / "scripts"
    known = {path.stem for path in scripts.glob("*.yaml")}
    named = {a.points_to for question in guide().questions.values() for a in question.answers.values()}
    assert named - {None} <= known


def test_no_question_leads_to_a_score_a_promise_or_blame() -> None:
    said = Path(platforms.__file__).with_name("platforms.yaml").read_text(encoding="utf-8")
    for banned in ("骗子", "上当", "轻信", "贪", "scammer", "criminal", "！", "guaranteed", "分数", "score"):
        assert banned not in said.replace("points_to", "")


def test_an_answer_that_weighs_must_say_why_and_what_would_lift_it() -> None:
    words = Words(zh="字", en="word")
    with pytest.raises(ValidationError, match="means and why"):
        AnswerRecord(says=words, weight=Weight.CALMS)
    with pytest.raises(ValidationError, match="take it away"):
        AnswerRecord(says=words, weight=Weight.WEAK, means=words, why=words)
    AnswerRecord(says=words)


def test_a_guide_that_weighs_for_a_kind_that_is_not_asked_does_not_load() -> None:
    tree = guide().model_dump(mode="json")
    tree["registers"][0]["kinds"] = ["bakery"]
    with pytest.raises(ValidationError, match="bakery"):
        Guide.model_validate(tree)


ANSWERS = st.fixed_dictionaries(
    {},
    optional={id: st.sampled_from([*question.answers]) for id, question in guide().questions.items()},
)


@given(ANSWERS, st.text(max_size=30), st.text(max_size=30))
def test_every_answer_is_told_exactly_once_or_listed_as_open(
    answers: dict[str, str], firm: str, payee: str
) -> None:
    seen = check_platform(Told(answers, firm, payee, "cn"))
    told = [one.question for one in (*seen.signs, *seen.fits, *seen.neutral) if one.question != "names"]
    silent = {"kind"} - set(told)  # what it does is no finding unless it weighs
    assert sorted([*told, *seen.open]) == sorted(set(guide().questions) - (silent & set(answers)))


@given(ANSWERS, st.sampled_from(sorted(guide().questions)))
def test_one_sign_more_never_makes_it_look_better(answers: dict[str, str], id: str) -> None:
    order = [Result.CANNOT, Result.NONE, Result.SOME, Result.LIKELY]
    without = {key: answer for key, answer in answers.items() if key != id}
    before = check_platform(Told(without))
    after = check_platform(Told(answers))
    if id in [one.question for one in after.signs] and id != "kind":
        assert order.index(after.result) >= order.index(before.result)
