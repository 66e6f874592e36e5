"""What the ledger works out: which transfers belong to the case, what was lost, and the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clawback.model.events import Transfer
from clawback.model.evidence import Source
from clawback.model.moments import Moment
from clawback.model.money import Amount


class Scope(StrEnum):
    """Does a transfer belong to the case? Proposed by the ledger, confirmed by the user."""

    IN = "in"
    OUT = "out"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scope or a merge was proposed: a stable code with a sentence in both languages, the words or
    values that speak for it, and the records they come from."""

    code: str
    detail: str = ""
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What some sources say of a fact. `text` in the machine form of `card.Fact`."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims on one of the ten facts that exclude each other; the first one holds. `settled`: a person chose
    it; otherwise evidence goes before what the user states."""

    fact: str
    claims: tuple[Claim, ...]
    settled: bool = False


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One real-world transfer with every source that shows it.

    `transfer`: the fields put together from all members (a platform export's figure wins over a chat's).
    `members`: ids of the transfers as read that were merged into it, best first; one means no merge.
    `merge_reasons`: why each further member is the same transfer. `confirmed`: the user decided the scope.
    `conflicts`: facts on which its sources, or the user and they, do not agree.
    """

    transfer: Transfer
    members: tuple[str, ...]
    merge_reasons: tuple[Reason, ...]
    scope: Scope
    scope_reasons: tuple[Reason, ...]
    confirmed: bool = False
    conflicts: tuple[Conflict, ...] = ()

    @property
    def id(self) -> str:
        """The id of its best member."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """Two entries that may be one transfer, not merged because the evidence does not settle it."""

    first: str
    second: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Loss:
    """Sums of the entries in scope, in one currency. lost = sent - returned. `unsure`: out-going sums
    whose scope is not settled, in no other figure. `entries`: ids behind `sent` and `returned`."""

    currency: str
    sent: Amount
    returned: Amount
    lost: Amount
    unsure: Amount
    entries: tuple[str, ...]


class TimelineKind(StrEnum):
    """What a line of the timeline shows."""

    TRANSFER = "transfer"
    MESSAGE = "message"
    MAIL = "mail"
    STATEMENT = "statement"
    CALL = "call"  # noted by the user after phoning
    FOLLOW_UP = "follow_up"  # a paper handed in, or a reply that came


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of the one timeline. `record`: id of the transfer, message or statement. `moment` None sorts
    last and is shown as undated. `who`: name of the acting party as written, or None."""

    moment: Moment | None
    kind: TimelineKind
    record: str
    who: str | None
    text: str
    sources: tuple[Source, ...]
