"""What a person types about a payment, read strictly: nothing guessed at, codes thrown away."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from clawback.desk.discarding import without_codes
from clawback.errors import UsageError
from clawback.model.card import TEN_FACTS
from clawback.model.events import Method
from clawback.model.mentions import find_amounts
from clawback.model.stated import stated_method, stated_moment
from clawback.plan.interview import parse_answer
from clawback.plan.situations import crisis_words
from clawback.rules.load import load_pack
from clawback.rules.pack import Question, QuestionKind, Words

LONGEST = 200
CURRENCIES = ("CNY", "GBP", "HKD", "USD", "EUR", "USDT", "BTC")

_TIME = Words(zh="时间", en="Time")
_DAY = Question(id="payment.moment", ask=_TIME, kind=QuestionKind.DATE)
_MOMENT = Question(id="payment.moment", ask=_TIME, kind=QuestionKind.DATETIME)
_NUMBERS = ("amount", "paying_account", "payee_account", "reference")


@dataclass(slots=True)
class Typed:
    """`facts`: by fact, in the form in which statements are kept. `wrong`: by field, what is wrong, a word.

    `discarded`: fields in which a code stood; nothing of them is kept.
    """

    facts: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    discarded: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a bare figure or clock means here: the currency and zone of the place, and what time it is."""

    currency: str
    zone: str
    now: datetime

    @classmethod
    def of(cls, place: str, now: datetime) -> Frame:
        """By the rules of `place`."""
        head = load_pack(place).head
        return cls(head.currency, head.zone, now)


def read_typed(fields: Mapping[str, str], frame: Frame) -> Typed:
    """Facts among `fields` (names of the ten facts; "day" and "clock" make the moment; "currency"). Empty
    ones are left out."""
    typed = Typed()
    for fact in TEN_FACTS:
        text = fields.get(fact, "").strip()
        if text and fact not in ("amount", "moment"):
            _read_text(typed, fact, text)
    if amount := fields.get("amount", "").strip():
        _read_amount(typed, amount, fields.get("currency") or frame.currency)
    if fields.get("day", "").strip() or fields.get("clock", "").strip():
        _read_moment(typed, fields.get("day", "").strip(), fields.get("clock", "").strip(), frame)
    return typed


def _read_text(typed: Typed, fact: str, text: str) -> None:
    if without_codes("number" if fact in _NUMBERS else fact, text) is not None:
        typed.discarded.append(fact)
        typed.wrong[fact] = "code"
    elif len(text) > LONGEST:
        typed.wrong[fact] = "long"
    elif fact == "method" and stated_method(text) is Method.UNKNOWN:
        typed.wrong[fact] = "method"
    else:
        typed.facts[fact] = _digits(text) if fact.endswith("account") else text


def _digits(text: str) -> str:
    """A number without the spaces and dashes in which it was pasted; anything else as typed."""
    plain = unicodedata.normalize("NFKC", text)
    bare = plain.replace(" ", "").replace("-", "")
    return bare if bare.isdecimal() else plain


def _read_amount(typed: Typed, text: str, currency: str) -> None:
    plain = unicodedata.normalize("NFKC", text).strip()
    for wording in (plain, f"{plain} {currency}", f"{plain}元" if currency == "CNY" else plain):
        found = find_amounts(wording, currency)
        if len(found) == 1 and (found[0].start, found[0].end) == (0, len(wording)) and found[0].amount.value:
            typed.facts["amount"] = f"{found[0].amount.text} {found[0].amount.currency}"
            return
    typed.wrong["amount"] = "amount"


def _read_moment(typed: Typed, day: str, clock: str, frame: Frame) -> None:
    if not day:
        typed.wrong["moment"] = "day"
        return
    try:
        date = parse_answer(_DAY, day, frame.zone)
        text = parse_answer(_MOMENT, f"{date} {clock}".strip(), frame.zone)
    except UsageError:
        typed.wrong["moment"] = "moment"
        return
    if clock and clock.count(":") + clock.count("：") < 2:
        text = text[:16] + text[19:]  # no seconds were said
    moment = stated_moment(text, frame.zone)
    if moment is None:
        typed.wrong["moment"] = "moment"
    elif moment.instant > frame.now:
        typed.wrong["moment"] = "future"
    else:
        typed.facts["moment"] = text


def today_in(zone: str, now: datetime) -> str:
    """The date where the account is, as a date field holds it."""
    return now.astimezone(ZoneInfo(zone)).date().isoformat()


def in_crisis(texts: Mapping[str, str], *places: str) -> bool:
    """Are there words in `texts` that must bring a human help line first?"""
    return any(crisis_words(texts.items(), load_pack(place)) for place in places)
