"""A guided check of a platform or shop: questions, what each answer means and why, and what follows from all.

There is no score. One answer that decides, or two strong ones, make it very likely a scam; one strong, or two
weak ones, are warning signs. What speaks for the platform is told but takes nothing away: a register entry
does not undo a demand for money. Nothing is said to be safe, and what was not answered is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, model_validator

from clawback.guard.payees import NameMatch, compare_names
from clawback.guard.verdict import Result
from clawback.rules.pack import Id, Record, Words
from clawback.rules.yaml_text import read_yaml, typed

_FILE = Path(__file__).resolve().parent / "platforms.yaml"

KIND = "kind"
"""Id of the question what the platform does: other answers may weigh more for it."""

_NEEDED = ("payee", "withdraw", "pressure")
_FEWEST = 6
"""Answers without which "no signs found" would only mean that nobody looked; `_NEEDED` among them."""

_SAME_FACT = {"names": "payee", "card": "payee"}
"""That the payee is a person shows in the answer, the names and the card: one fact, counted once."""


class Weight(StrEnum):
    """What an answer does to the result."""

    DECIDES = "decides"
    STRONG = "strong"
    WEAK = "weak"
    NONE = "none"
    CALMS = "calms"
    UNKNOWN = "unknown"


class Group(StrEnum):
    """Which questions are asked together, in this order."""

    WHO = "who"
    MONEY = "money"
    SAYS = "says"
    SEEN = "seen"


class AnswerRecord(Record):
    """One answer. `by_kind`: another weight for a kind of platform. `lifts`: what would take the sign away;
    `then`: what to do at once. `points_to`: id of the kind of scam that it belongs to."""

    says: Words
    weight: Weight = Weight.NONE
    by_kind: Mapping[Id, Weight] = {}
    means: Words | None = None
    why: Words | None = None
    lifts: Words | None = None
    then: Words | None = None
    points_to: Id | None = None

    @model_validator(mode="after")
    def _explained(self) -> AnswerRecord:
        weights = {self.weight, *self.by_kind.values()} - {Weight.NONE}
        if weights and (self.means is None or self.why is None):
            raise ValueError("an answer that weighs says what it means and why")
        if weights - {Weight.CALMS} and self.lifts is None:
            raise ValueError("a sign says what would take it away")
        return self


class Question(Record):
    """One question; "not known" is always an answer to it."""

    group: Group
    ask: Words
    hint: Words | None = None
    answers: Mapping[Id, AnswerRecord]


class AccountSign(StrEnum):
    """What the payee's account itself adds."""

    LISTED = "listed"  # in a list that is sure of it
    LISTED_UNSURE = "listed_unsure"
    OWN = "own"  # in a case of the user's own
    CARD = "card"


class SeenRecord(Record):
    """What a comparison of names, or the payee's account, means."""

    weight: Weight
    by_kind: Mapping[Id, Weight] = {}
    says: Words
    why: Words
    lifts: Words | None = None


class Register(Record):
    """Whom to ask. `kinds`: for these kinds of platform, empty for all; `body`: id in the directory; `look`:
    what to look or ask for there."""

    place: Id
    kinds: tuple[Id, ...]
    body: Id
    look: Words


class Guide(Record):
    """Everything that the check asks and knows. `questions` in the order in which they are asked."""

    questions: Mapping[Id, Question]
    names: Mapping[NameMatch, SeenRecord]
    accounts: Mapping[AccountSign, SeenRecord]
    registers: tuple[Register, ...]
    processors: tuple[str, ...]
    firm_words: tuple[str, ...]
    legal_forms: tuple[str, ...]

    @model_validator(mode="after")
    def _whole(self) -> Guide:
        kinds = self.questions[KIND].answers
        named = {
            kind
            for question in self.questions.values()
            for a in question.answers.values()
            for kind in a.by_kind
        }
        named |= {kind for register in self.registers for kind in register.kinds}
        if unknown := named - set(kinds):
            raise ValueError(f"no such kind of platform: {sorted(unknown)}")
        if missing := set(NameMatch) - set(self.names) | set(AccountSign) - set(self.accounts):
            raise ValueError(f"{sorted(missing)} missing")
        return self


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said of a platform. `answers`: id of the answer by id of the question; what is missing is
    not known. `firm`, `payee`: names as the person reads them, or "". `place`: where it says that it is
    registered, an id in the directory, or "". `accounts`: (sign, the account as it may be shown).
    """

    answers: Mapping[str, str]
    firm: str = ""
    payee: str = ""
    place: str = ""
    accounts: tuple[tuple[AccountSign, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer and what it means. `question`: its id, "names" for the comparison of names, or an
    `AccountSign`."""

    question: str
    weight: Weight
    answer: Words
    means: Words
    why: Words
    lifts: Words | None
    then: Words | None


@dataclass(frozen=True, slots=True)
class PlatformCheck:
    """What follows. `signs`: weightiest first; `fits`: what speaks for it; `neutral`: answers without weight;
    `open`: questions that were not answered. `points_to`: kind of scam that the signs belong to, or None."""

    result: Result
    signs: tuple[Reason, ...]
    fits: tuple[Reason, ...]
    neutral: tuple[Reason, ...]
    open: tuple[str, ...]
    unknown: tuple[Reason, ...]
    points_to: str | None
    registers: tuple[Register, ...]


@cache
def guide() -> Guide:
    """The questions. Raises RulePackError naming file and key."""
    return typed(read_yaml(_FILE, _FILE.name), TypeAdapter(Guide))


def check_platform(told: Told) -> PlatformCheck:
    """What follows from the answers; those that do not exist count as not known."""
    asked = guide().questions
    kind = told.answers.get(KIND, "")
    given = {
        id: told.answers[id] for id, question in asked.items() if told.answers.get(id, "") in question.answers
    }
    reasons = [_reason(id, asked[id].answers[answer], kind) for id, answer in given.items()]
    reasons += [*_names(told), *_accounts(told, kind)]
    signs = sorted(_of(reasons, Weight.DECIDES, Weight.STRONG, Weight.WEAK), key=_heaviness)
    missing = tuple(id for id in asked if id not in given)
    return PlatformCheck(
        result=_result(signs, given),
        signs=tuple(signs),
        fits=_of(reasons, Weight.CALMS),
        neutral=tuple(one for one in _of(reasons, Weight.NONE) if one.question != KIND),
        open=missing,
        unknown=_of(reasons, Weight.UNKNOWN),
        points_to=_points_to(signs, given),
        registers=_registers(told.place, kind),
    )


def _reason(question: str, answer: AnswerRecord, kind: str) -> Reason:
    return Reason(
        question,
        answer.by_kind.get(kind, answer.weight),
        answer.says,
        answer.means or answer.says,
        answer.why or answer.says,
        answer.lifts,
        answer.then,
    )


def _names(told: Told) -> Iterable[Reason]:
    known = guide()
    match = compare_names(
        told.firm,
        told.payee,
        firm_words=known.firm_words,
        legal_forms=known.legal_forms,
        processors=known.processors,
    )
    if match is not None:
        record = known.names[match]
        both = f"{told.firm[:60]} / {told.payee[:60]}"
        yield Reason(
            "names", record.weight, Words(zh=both, en=both), record.says, record.why, record.lifts, None
        )


def _accounts(told: Told, kind: str) -> Iterable[Reason]:
    for sign, account in told.accounts:
        record = guide().accounts[sign]
        weight = record.by_kind.get(kind, record.weight)
        shown = Words(zh=account, en=account)
        yield Reason(sign.value, weight, shown, record.says, record.why, record.lifts, None)


def _of(reasons: Iterable[Reason], *weights: Weight) -> tuple[Reason, ...]:
    return tuple(one for one in reasons if one.weight in weights)


def _heaviness(reason: Reason) -> int:
    return (Weight.DECIDES, Weight.STRONG, Weight.WEAK).index(reason.weight)


def _result(signs: Iterable[Reason], given: Mapping[str, str]) -> Result:
    heaviest: dict[str, Weight] = {}
    for one in signs:  # weightiest first
        heaviest.setdefault(_SAME_FACT.get(one.question, one.question), one.weight)
    weights = list(heaviest.values())
    strong = weights.count(Weight.STRONG)
    if Weight.DECIDES in weights or strong >= 2:
        return Result.LIKELY
    if strong or weights.count(Weight.WEAK) >= 2:
        return Result.SOME
    enough = len(given) >= _FEWEST and all(id in given for id in _NEEDED)
    return Result.NONE if enough else Result.CANNOT


def _points_to(signs: Iterable[Reason], given: Mapping[str, str]) -> str | None:
    """The kind of scam of the weightiest sign that names one, else that of the kind of platform."""
    order = [one.question for one in signs if one.question in given]
    named = (
        guide().questions[id].answers[given[id]].points_to
        for id in (*order, *([KIND] if order else []))
        if id in given
    )
    return next((id for id in named if id), None)


def _registers(place: str, kind: str) -> tuple[Register, ...]:
    return tuple(
        one for one in guide().registers if one.place == place and (not one.kinds or kind in one.kinds)
    )
