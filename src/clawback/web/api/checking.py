"""Door three: is this part of a scam? Nothing that is sent here is kept."""

from __future__ import annotations

from pydantic import Field

from clawback.desk.checking import LONGEST, Result, check
from clawback.model.indicators import IndicatorKind
from clawback.model.plan import Channel
from clawback.web.api.contract import Call, Endpoint, Json, NoQuery, Strict
from clawback.web.api.shapes import ChannelShape, Said, Shape


class ToCheck(Strict):
    """What somebody received."""

    text: str = Field(min_length=1, max_length=LONGEST)


class SignShape(Shape):
    """Words at text[start:end] that speak for a situation, and why."""

    start: int
    end: int
    situation: str
    strong: bool
    why: Said


class FoundShape(Shape):
    """An indicator. `shown` is harmless to print: links defanged, personal numbers masked."""

    start: int
    end: int
    kind: IndicatorKind
    shown: str
    valid: bool | None
    detail: str


class GenuineShape(Shape):
    """Something in the text that is a channel of a genuine body."""

    shown: str
    channel: ChannelShape


class Checked(Shape):
    """What a text shows. There is no result that means "safe"."""

    result: Result
    situation: str | None
    signs: list[SignShape]
    warned: list[str]
    found: list[FoundShape]
    genuine: list[GenuineShape]
    crisis: ChannelShape | None


def check_text(call: Call[NoQuery, ToCheck]) -> Json:
    """Look at a text."""
    seen = check(call.body.text)
    return {
        "result": seen.result.value,
        "situation": seen.situation[0] if seen.situation else None,
        "signs": [
            {
                "start": sign.start,
                "end": sign.end,
                "situation": sign.situation,
                "strong": sign.strong,
                "why": {"zh": sign.why.zh, "en": sign.why.en},
            }
            for sign in seen.signs
        ],
        "warned": list(seen.warned),
        "found": [
            {
                "start": one.start,
                "end": one.end,
                "kind": one.kind.value,
                "shown": one.shown,
                "valid": one.valid,
                "detail": one.detail,
            }
            for one in seen.found
        ],
        "genuine": [{"shown": one.shown, "channel": channel_json(one.channel)} for one in seen.genuine],
        "crisis": channel_json(seen.crisis) if seen.crisis else None,
    }


def channel_json(channel: Channel) -> Json:
    """A genuine body and how it is reached."""
    return {
        "id": channel.id,
        "name": {"zh": channel.name_zh, "en": channel.name_en},
        "phone": channel.phone,
        "url": channel.url,
    }


ENDPOINTS = (Endpoint("POST", "/check", "Is this part of a scam?", check_text, Checked, body=ToCheck),)
