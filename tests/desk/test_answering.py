"""One question, why it is asked in this case, and what was answered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from clawback.desk import intake
from clawback.desk.answering import CodeDiscarded, answered, check_reply, question_of, uses
from clawback.desk.casefile import open_casefile
from clawback.errors import UsageError
from clawback.model.casefile import CaseFile
from web.small_case import ANSWERS, write_heap

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
LATER = datetime.fromisoformat("2026-11-20T11:00:00+08:00")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> CaseFile:
    place: Path = tmp_path_factory.mktemp("answering")
    write_heap(place / "heap")
    answers = {**ANSWERS, "demand": "refund,investigate", "asked_fee": "yes", "balance_shown": "about a lot"}
    intake.open_heap(place / "heap", place / "case", intake.OpenOptions(now=NOW, answers=answers))
    intake.seal_answers(place / "case", {"user.name": "甲某某"}, LATER)
    return open_casefile(place / "case", LATER)


def test_the_latest_answer_is_shown_in_words_in_the_order_of_the_pack(file: CaseFile) -> None:
    shown = {one.asked.id: one.shown("zh") for one in answered(file)}
    assert list(shown)[:2] == ["situation", "asked_fee"]
    assert shown["situation"] == "提现被拒"
    assert shown["demand"] == "退款、立案侦查"
    assert shown["user.name"] == "甲某某"
    english = {one.asked.id: one.shown("en") for one in answered(file)}
    assert english["demand"] == "A refund, A police investigation"


def test_an_answer_that_does_not_fit_is_shown_as_it_was_said(file: CaseFile) -> None:
    (said,) = [one for one in answered(file) if one.asked.id == "balance_shown"]
    assert said.value == "about a lot"


def test_a_question_says_which_clocks_papers_and_steps_need_it(file: CaseFile) -> None:
    assert ("提现被拒投诉书", "Complaint: withdrawal refused") in uses(file, "balance_shown").papers
    assert uses(file, "platform_licensed").steps
    clocks = {
        step.deadline.question for step in file.plan.actions if step.deadline and step.deadline.question
    }
    for question in clocks:
        assert uses(file, question).clocks


def test_a_reply_is_checked_and_a_code_never_gets_through(file: CaseFile) -> None:
    noticed, fee = question_of(file, "noticed_how"), question_of(file, "asked_fee")
    assert noticed is not None
    assert fee is not None
    assert check_reply(noticed, " 提现不到账 ") == "提现不到账"
    assert check_reply(fee, "是") == "yes"
    with pytest.raises(CodeDiscarded) as discarded:
        check_reply(noticed, "他要我念验证码 482913")
    assert discarded.value.rest == "他要我念验证码 ［…］"
    with pytest.raises(UsageError):
        check_reply(fee, "perhaps")


def test_a_question_that_the_pack_does_not_have_is_none(file: CaseFile) -> None:
    assert question_of(file, "no.such") is None
