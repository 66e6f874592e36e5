"""Door three: is this part of a scam? One text with all that it shows, or many with one line for each.

Nothing that is sent here is kept.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from clawback.desk.checkdocument import as_document
from clawback.desk.checking import (
    LONGEST,
    LinkResult,
    Missing,
    Part,
    Result,
    Stage,
    Standing,
    check,
    in_short,
)
from clawback.model.indicators import IndicatorKind
from clawback.model.plan import Channel
from clawback.web.api.contract import Call, Endpoint, Json, NoQuery, Strict
from clawback.web.api.shapes import ChannelShape, Said, Shape

MOST_TEXTS = 500
"""Texts in one batch; its body may not be larger than any other either."""

_Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
_Probability = Annotated[float, Field(ge=0, le=1)]


class ToCheck(Strict):
    """What somebody received."""

    text: _Text


class OneOfMany(Strict):
    """A text with an id by which its answer is known."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: _Text


class ManyToCheck(Strict):
    """Texts to look at; ids may repeat, answers come in the order of the texts."""

    texts: list[OneOfMany] = Field(min_length=1, max_length=MOST_TEXTS)


class PlaceShape(Shape):
    """Words at text[start:end], in characters."""

    start: int
    end: int


class SignalShape(Shape):
    """A named signal: what it means, when it is none, and where the text says it."""

    id: str
    name: Said
    means: Said
    not_when: Said | None
    places: list[PlaceShape]


class ScriptShape(Shape):
    """The kind of scam (`/learn/{type}`), how far it has come, and what follows."""

    type: str
    name: Said
    stage: Stage | None
    next: Said | None
    change: Said
    do: Said


class LinkSignShape(Shape):
    """A piece of a link and what it tells."""

    id: str
    piece: str
    why: Said


class LinkShape(Shape):
    """A link or domain, defanged. `owner`: its registrable domain, or ""; `genuine`: whose own site it is."""

    start: int
    end: int
    shown: str
    owner: str
    result: LinkResult
    missing: str | None
    genuine: Said | None
    signs: list[LinkSignShape]


class FactShape(Shape):
    """Something that a number shows by itself."""

    label: Said
    value: Said


class TraitShape(Shape):
    """What the kind of a number implies."""

    id: str
    says: Said


class ListedShape(Shape):
    """A list that the user imported holds it: somebody's claim."""

    name: str
    source: str
    confidence: str


class OwnShape(Shape):
    """It stands in a case of the user's own."""

    case: str
    times: int


class AccountShape(Shape):
    """A number, account, wallet or name; personal numbers masked."""

    kind: IndicatorKind
    shown: str
    valid: bool | None
    form: Said
    facts: list[FactShape]
    traits: list[TraitShape]
    listed: list[ListedShape]
    own: list[OwnShape]


class BodyShape(Shape):
    """A genuine body of the directory."""

    id: str
    name: Said


class GenuineShape(Shape):
    """What the directory of genuine channels says about a number or site in the text."""

    start: int
    end: int
    asked: str
    standing: Standing
    bodies: list[BodyShape]


class Checked(Shape):
    """What a text shows. There is no result that means "safe".

    `decided`: the part that made the result worse than "none". `missing`: why it cannot be told.
    `probability` is that of the words alone.
    """

    result: Result
    decided: Part | None
    missing: Missing | None
    advert: bool
    probability: _Probability
    script: ScriptShape | None
    signals: list[SignalShape]
    against: list[SignalShape]
    warned: list[str]
    links: list[LinkShape]
    links_left: int
    accounts: list[AccountShape]
    genuine: list[GenuineShape]
    directory_works: bool
    mail: None
    cut: bool
    crisis: ChannelShape | None


class ShortShape(Shape):
    """One text in one line."""

    id: str
    verdict: Literal["scam", "doubtful", "advert", "none"]
    probability: _Probability
    type: str | None
    signals: list[str]


class ManyChecked(Shape):
    """The answers in the order of the texts."""

    checks: list[ShortShape]


def check_text(call: Call[NoQuery, ToCheck]) -> Json:
    """Look at a text."""
    return as_document(check(call.body.text, call.visit.workplace, call.visit.lang))


def check_texts(call: Call[NoQuery, ManyToCheck]) -> Json:
    """Look at the words of many texts; links and accounts are left to the single check."""
    answers = []
    for one in call.body.texts:
        seen = in_short(one.text)
        answers.append(
            {
                "id": one.id,
                "verdict": seen.verdict,
                "probability": round(seen.probability, 4),
                "type": seen.type,
                "signals": seen.signals,
            }
        )
    return {"checks": answers}


def channel_json(channel: Channel) -> Json:
    """A genuine body and how it is reached."""
    return {
        "id": channel.id,
        "name": {"zh": channel.name_zh, "en": channel.name_en},
        "phone": channel.phone,
        "url": channel.url,
    }


ENDPOINTS = (
    Endpoint("POST", "/check", "Is this part of a scam?", check_text, Checked, body=ToCheck),
    Endpoint("POST", "/checks", "Which of these are scams?", check_texts, ManyChecked, body=ManyToCheck),
)
