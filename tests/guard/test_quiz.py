"""The quiz: full rounds of scams and honest messages, whose quotes stand in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clawback.errors import RulePackError
from clawback.guard.quiz import QUIZ, ROUND, Item, load_quiz, quiz_round, rounds

# Reserved: addresses under .example, and no telephone number but those of police and banks named as such.
ADDRESS = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


def test_each_round_has_scams_and_honest_messages() -> None:
    for number in range(rounds()):
        honest = sum(item.scam is None for item in quiz_round(number))
        assert 2 <= honest <= ROUND - 3


def test_rounds_follow_each_other_and_come_again() -> None:
    first, second = quiz_round(0), quiz_round(1)
    assert len(load_quiz()) >= 12
    assert not {item.id for item in first} & {item.id for item in second}
    assert quiz_round(rounds()) == first == quiz_round(-rounds())


@pytest.mark.parametrize("item", load_quiz(), ids=lambda item: item.id)
def test_an_address_in_a_message_is_reserved(item: Item) -> None:
    for lang in ("zh", "en"):
        text = re.sub(r"\d+\.\d+", "", item.message.say(lang))
        assert all(found.endswith(".example") for found in ADDRESS.findall(text))
        assert not re.search(r"\d{7,}", text), "a number that might be somebody's"


def _changed(folder: Path, old: str, new: str) -> Path:
    text = QUIZ.read_text("utf-8")
    assert old in text
    path = folder / "quiz.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- id: tasks", "- id: parcel_waits", "each id once"),
        ("scam: task_scam", "scam: task_scan", "no kind of scam"),
        ("en: \"pay for task sets\"", "en: \"pay for tasks sets\"", "does not hold once"),
    ],
)  # fmt: skip
def test_a_quiz_that_does_not_hold_together_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(RulePackError, match=r"quiz\.yaml") as caught:
        load_quiz(_changed(tmp_path, old, new))
    assert said in caught.value.en


def test_a_short_round_is_refused(tmp_path: Path) -> None:
    text = QUIZ.read_text("utf-8")
    (tmp_path / "quiz.yaml").write_text(text[: text.index("- id: rent_deposit")], "utf-8")
    with pytest.raises(RulePackError, match="full rounds of 6"):
        load_quiz(tmp_path / "quiz.yaml")
