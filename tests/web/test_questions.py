"""The interview: one question per page, skipping, changing, and codes that are thrown away."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from clawback.desk.answering import answered
from clawback.desk.interviewing import open_questions
from clawback.desk.livecase import LiveCase

AT = "/c/0123456789abcdef/questions"


def value_of(case: LiveCase, question: str) -> str | None:
    said = case.file().answer(question)
    return said.value if said else None


def test_the_list_shows_what_is_open_and_what_was_answered(site: TestClient, case: LiveCase) -> None:
    page = site.get(AT).text
    assert f"还有 {len(open_questions(case.file()))} 个问题" in page
    assert "您的姓名" in page
    assert "甲某" in page
    assert "提现被拒" in page  # the choice by its label
    assert "withdrawal_refused" not in page


def test_a_question_says_why_it_is_asked(site: TestClient, case: LiveCase) -> None:
    assert "为什么问：这些材料里要写" in site.get(f"{AT}/user.phone").text
    assert "为什么问：要看它才知道需不需要这些步骤" in site.get(f"{AT}/platform_licensed").text


def test_an_answer_becomes_a_dated_statement_and_the_next_question_follows(
    site: TestClient, case: LiveCase
) -> None:
    answer = site.post(f"{AT}/asked_fee", data={"answer": "yes"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{AT}/fee_words"  # opened by the answer
    assert value_of(case, "asked_fee") == "yes"


@pytest.mark.parametrize(
    ("question", "form", "kept"),
    [
        ("platform.name", {"answer": " 金鼎 "}, "金鼎"),
        ("balance_shown", {"answer": "58,600", "currency": "CNY"}, "58600.00 CNY"),
        ("balance_shown", {"answer": "58600元", "currency": "GBP"}, "58600.00 CNY"),
        ("dates.reported_to_police", {"answer": "2026-11-19", "clock": "21:30"}, "2026-11-19T21:30:00+08:00"),
        ("dates.reported_to_police", {"answer": "2026年11月19日"}, "2026-11-19"),
        ("demand", {"answer": ["refund", "damages"]}, "refund,damages"),
        ("who_pressed_send", {"answer": "me"}, "me"),
    ],
)
def test_every_kind_of_question_is_kept_in_the_form_that_rules_compare(
    site: TestClient, case: LiveCase, question: str, form: dict[str, object], kept: str
) -> None:
    assert site.post(f"{AT}/{question}", data=form, follow_redirects=False).status_code == 303
    assert value_of(case, question) == kept


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        ("dates.discovered", "昨天", "日期要写全，例如 2026-11-20"),
        ("balance_shown", "很多", "金额要写数字，例如 12000"),
        ("user.phone", "", "这里还是空的。不知道可以跳过。"),
        ("asked_fee", "", "这里还是空的。不知道可以跳过。"),
    ],
)
def test_what_is_not_understood_is_asked_again_and_stays_typed(
    site: TestClient, case: LiveCase, question: str, typed: str, sentence: str
) -> None:
    before = case.file().log_size
    answer = site.post(f"{AT}/{question}", data={"answer": typed})
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2  # above, and beside the field
    assert typed in answer.text
    assert case.file().log_size == before


@pytest.mark.parametrize(
    ("question", "typed", "left"),
    [
        ("noticed_how", "482913", ""),
        ("noticed_how", "他让我念验证码：482913，我念了", "他让我念验证码：［…］，我念了"),
        ("user.story", "cvv是 123 然后就扣款了", "cvv是 ［…］ 然后就扣款了"),
        ("user.story", "My password is Sunny2026!", "My password is ［…］"),
    ],
)
def test_what_looks_like_a_code_is_refused_and_not_stored(
    site: TestClient, case: LiveCase, question: str, typed: str, left: str
) -> None:
    before = case.file().log_size
    answer = site.post(f"{AT}/{question}", data={"answer": typed})
    assert answer.status_code == 422
    assert "这像是验证码，我们不需要，已丢弃。" in answer.text
    assert "482913" not in answer.text
    assert "Sunny2026" not in answer.text
    assert left in answer.text
    assert case.file().log_size == before


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("seller.phone", "95188"),
        ("platform.account", "482913"),
        ("order_number", "2026111822001"),
        ("user.story", "11月18日转了3000元，11月19日又转了8000元，他要我说出验证码，我没有说"),
    ],
)
def test_numbers_that_are_answers_are_kept(
    site: TestClient, case: LiveCase, question: str, typed: str
) -> None:
    assert site.post(f"{AT}/{question}", data={"answer": typed}, follow_redirects=False).status_code == 303
    assert value_of(case, question) == typed


def test_changing_an_answer_keeps_the_old_one(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"{AT}/user.name").text
    assert 'value="甲某"' in page
    assert "不改了" in page
    site.post(f"{AT}/user.name", data={"answer": "甲某某"})
    said = [s.value for s in case.file().statements if s.question == "user.name"]
    assert said == ["甲某", "甲某某"]
    assert [one.value for one in answered(case.file()) if one.asked.id == "user.name"] == ["甲某某"]


def test_skipping_leads_through_all_questions_and_ends_at_the_list(site: TestClient, case: LiveCase) -> None:
    ids = [one.id for one in open_questions(case.file())]
    seen, path = [], f"{AT}/{ids[0]}"
    while path.removeprefix(f"{AT}/") in ids:
        seen.append(path.removeprefix(f"{AT}/"))
        found = re.search(r'class="go" href="([^"]+)">不确定，先跳过', site.get(path).text)
        assert found
        path = found[1]
    assert seen == ids
    assert path == f"{AT}?skipped=1"
    assert "都看过一遍了" in site.get(path).text


def test_changing_the_language_keeps_what_was_typed_and_saves_nothing(
    site: TestClient, case: LiveCase
) -> None:
    before = case.file().log_size
    page = site.post(f"{AT}/platform.name", data={"answer": "金鼎", "speak": "en"}).text
    assert 'lang="en"' in page
    assert 'value="金鼎"' in page
    assert "Save and continue" in page
    assert case.file().log_size == before


def test_a_question_that_does_not_exist_is_not_found(site: TestClient, case: LiveCase) -> None:
    assert site.get(f"{AT}/no.such").status_code == 404


def test_answers_are_shown_as_a_person_reads_them(site: TestClient, case: LiveCase) -> None:
    site.post(f"{AT}/balance_shown", data={"answer": "58600", "currency": "CNY"})
    site.post(f"{AT}/dates.reported_to_police", data={"answer": "2026-11-19", "clock": "21:30"})
    page = site.get(AT).text
    assert "58,600.00元" in page
    assert "2026年11月19日 21:30" in page
    assert "2026年11月19日</dd>" in page  # the day of discovery, without an hour that nobody stated
    site.get("/speak/en")
    assert "19 November 2026 21:30" in site.get(AT).text
