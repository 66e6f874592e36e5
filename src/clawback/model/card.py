"""The emergency card: ten facts per transfer, because every freeze mechanism asks for the same ten."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clawback.model.evidence import Source
from clawback.model.ledger import Conflict
from clawback.model.plan import Channel

TEN_FACTS = (
    "payer_name",
    "paying_institution",
    "paying_account",
    "moment",
    "amount",
    "method",
    "reference",
    "payee_name",
    "payee_account",
    "payee_institution",
)
"""Keys of the ten facts in the order in which they are read out."""


class Chance(StrEnum):
    """Can this transfer probably still be stopped? Best first."""

    PENDING = "pending"  # not yet executed or goods not confirmed: can be cancelled
    FRESH = "fresh"  # minutes to hours old
    DAYS = "days"  # up to 72 hours
    LATE = "late"  # older: later accounts, cash-out delays and frozen funds remain
    UNKNOWN = "unknown"  # the evidence gives no time


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with its sources; `text` None: missing, shown as such, never guessed.

    `text` is the machine form: amounts "3000.00 CNY", moments ISO 8601 with offset cut to their precision.
    `conflict`: what its sources say where they do not agree, or None.
    """

    key: str
    text: str | None
    sources: tuple[Source, ...]
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class CardLine:
    """One transfer on the card: its ten facts (in TEN_FACTS order), its chance, whom to call and what to
    say. `missing`: keys of the facts to ask for."""

    entry: str
    facts: tuple[Fact, ...]
    chance: Chance
    call: Channel | None
    say_zh: str
    say_en: str

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys of the facts that no evidence gives."""
        return tuple(fact.key for fact in self.facts if fact.text is None)


@dataclass(frozen=True, slots=True)
class Card:
    """The emergency card: best chance first."""

    lines: tuple[CardLine, ...]
    call_now: Channel | None
    crisis_zh: str
    crisis_en: str
