"""The five-minute quiz: invented messages, scams and honest ones, each with the words that tell."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, model_validator

from clawback.guard.typologies import load_typologies
from clawback.rules.pack import Id, Record, Words
from clawback.rules.yaml_text import read_yaml, refusal, typed

QUIZ = Path(__file__).resolve().parent / "quiz.yaml"

ROUND = 6
"""Messages in one round: about five minutes."""


class Mark(Record):
    """Words of the message that tell, exactly as they stand there, and what they tell."""

    quote: Words
    why: Words


class Item(Record):
    """One message. `scam`: id of its kind, or None where it is honest. `so`: what to take from it."""

    id: Id
    scam: Id | None
    message: Words
    marks: Annotated[tuple[Mark, ...], Field(min_length=2, max_length=4)]
    so: Words

    @model_validator(mode="after")
    def _quotes_stand_in_the_message(self) -> Item:
        for mark in self.marks:
            for lang in ("zh", "en"):
                if self.message.say(lang).count(mark.quote.say(lang)) != 1:
                    raise ValueError(f"the message does not hold once: {mark.quote.say(lang)}")
        return self


@lru_cache(maxsize=4)
def load_quiz(path: Path = QUIZ) -> tuple[Item, ...]:
    """Every message, in rounds of `ROUND`.

    Raises RulePackError naming file and key: for an id that stands twice, an unknown kind, a number of
    messages that leaves a round short.
    """
    items = tuple(typed(read_yaml(path, path.name), TypeAdapter(list[Item])))
    if not items or len(items) % ROUND or len({item.id for item in items}) < len(items):
        raise refusal(path.name, None, "id", f"needs full rounds of {ROUND} messages, each id once")
    for item in items:
        if item.scam is not None and item.scam not in load_typologies():
            raise refusal(path.name, None, item.id, f"{item.scam} is no kind of scam")
    return items


def rounds() -> int:
    """How many rounds there are before messages come again."""
    return len(load_quiz()) // ROUND


def quiz_round(number: int) -> tuple[Item, ...]:
    """The messages of round `number`, any whole number: rounds come again in turn."""
    first = number % rounds() * ROUND
    return load_quiz()[first : first + ROUND]
