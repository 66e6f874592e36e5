"""The guided check of a platform or shop: what is asked, what follows, whom to ask, and a note to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clawback.desk.interviewing import answers_in
from clawback.desk.vetting import Vetting, shown
from clawback.errors import UsageError
from clawback.guard.directory import Body, Place, load_directory
from clawback.guard.lists import Confidence
from clawback.guard.platforms import (
    KIND,
    AccountSign,
    Group,
    PlatformCheck,
    Question,
    Reason,
    Told,
    Weight,
    check_platform,
    guide,
)
from clawback.guard.typologies import load_typologies
from clawback.model.indicators import IndicatorKind
from clawback.rules.pack import Words

__all__ = [
    "KIND",
    "Group",
    "PlatformCheck",
    "PlatformNote",
    "Question",
    "ToAsk",
    "Told",
    "VettedPlatform",
    "Weight",
    "account_signs",
    "as_document",
    "note_of",
    "places_to_ask",
    "questions",
    "read_told",
    "vet_platform",
]

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A genuine body and what to look or ask for there."""

    look: Words
    body: Body


@dataclass(frozen=True, slots=True)
class VettedPlatform:
    """What follows from the answers. `scam`: (id, name) of the kind of scam that it looks like, or None."""

    check: PlatformCheck
    ask: tuple[ToAsk, ...]
    scam: tuple[str, Words] | None


def questions() -> Mapping[str, Question]:
    """All questions by id, in the order in which they are asked."""
    return guide().questions


def places_to_ask() -> tuple[Place, ...]:
    """Places for which we know a body to ask, in the order of the directory."""
    known = {register.place for register in guide().registers}
    return tuple(place for place in load_directory().places if place.id in known)


def vet_platform(told: Told) -> VettedPlatform:
    """What follows from what was told. The same answers give the same result; nothing is kept."""
    check = check_platform(told)
    bodies = load_directory().by_id
    scams = load_typologies()
    scam = scams.get(check.points_to) if check.points_to else None
    return VettedPlatform(
        check,
        tuple(ToAsk(one.look, bodies[one.body]) for one in check.registers if one.body in bodies),
        (scam.id, scam.name) if scam else None,
    )


def account_signs(vetting: Vetting) -> tuple[tuple[AccountSign, str], ...]:
    """What the payee's accounts add to the answers, each kind of sign once per account."""
    signs: list[tuple[AccountSign, str]] = []
    for check in vetting.checks:
        if check.listed:
            sure = any(hit.confidence is Confidence.STRONG for hit in check.listed)
            signs.append((AccountSign.LISTED if sure else AccountSign.LISTED_UNSURE, shown(check)))
        if check.own:
            signs.append((AccountSign.OWN, shown(check)))
        if check.kind is IndicatorKind.BANK_CARD:
            signs.append((AccountSign.CARD, shown(check)))
    return tuple(signs)


def read_told(path: Path) -> Told:
    """Answers from a YAML or JSON file: question to answer, and `firm`, `payee_name`, `place`.

    Raises UsageError naming what is no question or no answer to it.
    """
    given = dict(answers_in(path))
    names = {
        key: " ".join(given.pop(key, "")[:LONGEST_NAME].split()) for key in ("firm", "payee_name", "place")
    }
    if names["place"] and names["place"] not in (known := [place.id for place in places_to_ask()]):
        raise _no_such(path, "place", names["place"], known)
    for id, answer in given.items():
        if id not in questions():
            raise _no_such(path, "", id, [*questions(), *names])
        if answer not in questions()[id].answers:
            raise _no_such(path, id, answer, questions()[id].answers)
    return Told(given, names["firm"], names["payee_name"], names["place"])


def _no_such(path: Path, key: str, value: str, choices: Iterable[str]) -> UsageError:
    place, listed = f"{path.name}: {key}: " if key else f"{path.name}: ", ", ".join(choices)
    return UsageError(
        f"{place}{value[:60]} is not one of {listed}.", f"{place}没有“{value[:60]}”，可选：{listed}。"
    )


def as_document(found: VettedPlatform) -> dict[str, object]:
    """What follows, for a program: as lists, mappings and texts."""
    check = found.check
    return {
        "result": check.result.value,
        "scam": found.scam[0] if found.scam else None,
        "signs": [_reason(one) for one in check.signs],
        "fits": [_reason(one) for one in check.fits],
        "open": list(check.open),
        "unknown": [_reason(one) for one in check.unknown],
        "ask": [
            {"body": one.body.id, "name": _both(one.body.name), "look": _both(one.look)} for one in found.ask
        ],
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "question": reason.question,
        "weight": reason.weight.value,
        "answer": _both(reason.answer),
        "means": _both(reason.means),
        "why": _both(reason.why),
        "lifts": _both(reason.lifts) if reason.lifts else None,
        "then": _both(reason.then) if reason.then else None,
    }


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


@dataclass(frozen=True, slots=True)
class PlatformNote:
    """Headings of the note, in the language of the person."""

    title: str
    about: str
    firm: str
    payee: str
    account: str
    place: str
    unknown: str


def note_of(told: Told, name: str, account: str, at: datetime, heads: PlatformNote, lang: str) -> str:
    """The questions and the answers as the person gave them, to be kept as a dated statement.

    `name`: of the platform; `account`: of the payee, as typed.

    No result stands in it: that would be our word among theirs.
    """
    lines = [f"{heads.title} {at.isoformat(sep=' ', timespec='minutes')}", ""]
    place = {one.id: one.name.say(lang) for one in places_to_ask()}.get(told.place, "")
    for head, value in (
        (heads.about, name),
        (heads.firm, told.firm),
        (heads.payee, told.payee),
        (heads.account, account),
        (heads.place, place),
    ):
        lines.append(f"{head}: {value or heads.unknown}")
    lines.append("")
    for id, question in questions().items():
        answer = question.answers.get(told.answers.get(id, ""))
        lines += [question.ask.say(lang), f"  {answer.says.say(lang) if answer else heads.unknown}"]
    return "\n".join(lines) + "\n"
