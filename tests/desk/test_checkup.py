"""The check-up in a case: a private dated statement, a record for each thing done, and nothing else kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clawback.desk.checkup import (
    OwnList,
    course,
    keep,
    left,
    list_of,
    mark,
    occasions,
    proposed_after,
    read_answers,
    seen_in_list,
)
from clawback.desk.intake import seal_answers
from clawback.desk.livecase import LiveCase
from clawback.desk.wording import answer_sentence, question_sentence
from clawback.desk.workplace import Workplace
from clawback.errors import UsageError
from clawback.filings.selection import private_exhibits

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
SAID = {"mail_back": "no", "clean_device": "unknown", "bank_check": "yes", "tell_contacts": "skip"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    made = Workplace(tmp_path / "home", lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def case(place: Workplace) -> LiveCase:
    return place.begin("cn")


def own(case: LiveCase) -> OwnList | None:
    return list_of(case.file(), case.records(), "zh")


def put(case: LiveCase, said: Mapping[str, str], after: str = "takeover", minutes: int = 0) -> int | None:
    before, now = own(case), NOW + timedelta(minutes=minutes)
    return case.change(lambda folder, secret: keep(folder, secret, after, said, before, now))


def tick(case: LiveCase, item: str, *, done: bool, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    case.change(lambda folder, secret: mark(folder, secret, item, done=done, now=now))


def ids(case: LiveCase) -> tuple[list[str], list[str]]:
    found = own(case)
    assert found is not None
    return [task.check.id for task in found.open], [task.check.id for task in found.done]


def test_a_case_has_no_list_until_somebody_puts_one_in(case: LiveCase) -> None:
    assert own(case) is None


def test_what_is_left_is_sealed_as_a_dated_statement_that_is_private(case: LiveCase) -> None:
    number = put(case, SAID)
    file = case.file()
    assert number == 1
    said = {one.question: one for one in file.statements}
    assert {id: one.value for id, one in said.items()} == {
        "checkup.after": "takeover",
        "checkup.mail_back": "no",
        "checkup.clean_device": "unknown",
    }
    assert all(one.private for one in said.values())
    assert said["checkup.mail_back"].moment.utc == NOW
    assert ids(case) == (["clean_device", "mail_back"], [])


def test_no_paper_takes_it_as_an_exhibit(case: LiveCase) -> None:
    put(case, SAID)
    assert private_exhibits(case.file()) == {1}


def test_what_the_case_is_about_proposes_what_happened(case: LiveCase) -> None:
    assert proposed_after(case.file()) == "ordinary"
    said = {"situation": "fake_shop,account_stolen"}
    case.change(lambda folder, secret: seal_answers(folder, said, NOW, secret))
    assert proposed_after(case.file()) == "takeover"


def test_the_list_says_where_and_when_it_was_said(case: LiveCase) -> None:
    put(case, SAID)
    found = own(case)
    assert found is not None
    assert (found.after, found.name) == ("takeover", "账号被盗了，或者有人登录过")
    assert [(task.exhibit, task.said_at, task.check.explain) for task in found.open] == [
        (1, NOW, True),
        (1, NOW, False),
    ]


def test_a_thing_done_is_a_record_and_so_is_taking_it_back(case: LiveCase) -> None:
    put(case, SAID)
    tick(case, "clean_device", done=True, minutes=5)
    assert ids(case) == (["mail_back"], ["clean_device"])
    found = own(case)
    assert found is not None
    assert found.done[0].done_at == NOW + timedelta(minutes=5)
    tick(case, "clean_device", done=False, minutes=6)
    assert ids(case) == (["clean_device", "mail_back"], [])
    marks = [(one.kind, one.subject, one.value) for one in case.records().decisions]
    assert marks == [("checkup", ("clean_device",), "done"), ("checkup", ("clean_device",), "open")]


def test_a_thing_we_do_not_have_cannot_be_done(case: LiveCase) -> None:
    with pytest.raises(UsageError, match="no item"):
        tick(case, "nonsense", done=True, minutes=1)


def test_a_second_check_up_adds_what_is_new_and_opens_what_is_not_done_any_more(case: LiveCase) -> None:
    put(case, SAID)
    tick(case, "clean_device", done=True, minutes=5)
    put(case, {"clean_device": "no", "mail_back": "yes", "mail_sessions": "no"}, minutes=9)
    assert ids(case) == (["clean_device", "mail_sessions"], ["mail_back"])


def test_the_same_list_again_seals_nothing(case: LiveCase) -> None:
    put(case, SAID)
    assert put(case, SAID, minutes=3) is None
    assert len(case.file().exhibits) == 1


def test_a_list_with_nothing_left_is_not_sealed(case: LiveCase) -> None:
    assert put(case, {"bank_check": "yes", "tell_contacts": "skip"}) is None
    assert case.file().exhibits == ()


def test_the_latest_happening_decides_the_order(case: LiveCase) -> None:
    put(case, {"mail_sessions": "no", "bank_check": "no"})
    put(case, {"bank_stop": "no"}, after="remote_control", minutes=2)
    assert ids(case) == (["bank_stop", "mail_sessions", "bank_check"], [])


def test_it_reads_as_question_and_answer_wherever_statements_are_shown() -> None:
    assert question_sentence("checkup.mail_two_steps", "cn", "zh") == "邮箱开了两步验证吗？"
    assert answer_sentence("checkup.mail_two_steps", "no", "cn", "zh") == "还没有"
    assert question_sentence("checkup.after", "gb", "en") == "Account check-up: what had happened"
    assert answer_sentence("checkup.after", "card_given", "gb", "en") == "I gave away card details"
    assert question_sentence("checkup.unheard_of", "gb", "en") == "checkup.unheard_of"
    assert answer_sentence("checkup.unheard_of", "so so", "gb", "en") == "so so"


def test_what_was_not_looked_at_is_not_counted_as_done() -> None:
    whole = course("takeover", SAID, "en")
    assert [one.id for one in whole.fine] == ["bank_check"]
    assert len(whole.unseen) == len(whole.checks) - 3  # two to do, one done


def test_nothing_happened_is_the_first_occasion() -> None:
    assert occasions("en")[0][0] == "ordinary"
    with pytest.raises(UsageError, match="After what"):
        left("weather", {}, "en")


def test_what_we_do_not_know_is_left_out() -> None:
    assert left("takeover", {"mail_back": "perhaps", "nonsense": "no"}, "en") == ()


def test_answers_come_from_yaml_or_json(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("mail_back: no\nbank_check: yes\n", "utf-8")
    (tmp_path / "a.json").write_text('{"mail_back": "no", "bank_check": "yes"}', "utf-8")
    expected = {"mail_back": "no", "bank_check": "yes"}
    assert read_answers(tmp_path / "a.yaml") == read_answers(tmp_path / "a.json") == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mail_back: perhaps\n", "mail_back: the answer is"),
        ("nonsense: no\n", "no item nonsense"),
        ("- no\n", "not a file of answers"),
        ("mail_back: [no\n", "could not be read"),
        ("mail_back: no\nmail_back: yes\n", "could not be read"),
    ],
)
def test_a_file_of_answers_that_is_not_understood_says_where(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(UsageError) as refused:
        read_answers(tmp_path / "a.yaml")
    assert says in refused.value.en


def test_a_password_is_looked_for_as_it_was_typed(tmp_path: Path) -> None:
    digest = hashlib.sha1(" 两个 空格 ".encode()).hexdigest().upper()  # noqa: S324
    (tmp_path / "list.txt").write_text(f"{digest}:12\n", "ascii")
    assert seen_in_list(tmp_path / "list.txt", " 两个 空格 ") == 12
    assert seen_in_list(tmp_path / "list.txt", "两个 空格") == 0
    with pytest.raises(UsageError, match="Nothing was typed"):
        seen_in_list(tmp_path / "list.txt", "")
