from pathlib import Path

import pytest

from clawback.desk.interviewing import read_answers
from clawback.errors import UsageError


def answers(folder: Path, text: str, name: str = "answers.yaml") -> dict[str, str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_answers(path, "cn")


def test_answers_are_brought_into_the_form_that_rules_compare(tmp_path: Path) -> None:
    text = "situation: [退货, other]\n".replace("退货", "货不对板")
    text += "dates.discovered: 2026年10月18日\nbalance_shown: 58,600元\nasked_fee: 是\n"
    assert answers(tmp_path, text) == {
        "situation": "goods_not_as_described,other",
        "dates.discovered": "2026-10-18",
        "balance_shown": "58600.00 CNY",
        "asked_fee": "yes",
    }


def test_json_is_read_like_yaml_and_nothing_is_guessed(tmp_path: Path) -> None:
    assert answers(tmp_path, '{"user.phone": "19900000456", "asked_fee": "no"}', "a.json") == {
        "user.phone": "19900000456",
        "asked_fee": "no",
    }


def test_an_empty_answer_is_no_answer(tmp_path: Path) -> None:
    assert answers(tmp_path, "user.name:\nuser.phone: ''\n") == {}


@pytest.mark.parametrize(
    "text",
    [
        "no.such.question: 1",
        "asked_fee: perhaps",
        "- a list",
        "situation: {deep: 1}",
        "a: " + "[" * 5000,
        "user.name: a\nuser.name: b",
        "\x00",
        "",
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        answers(tmp_path, text)
