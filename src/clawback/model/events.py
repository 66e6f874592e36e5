"""What happened: messages, transfers, and the line of the timeline that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clawback.model.evidence import Source
from clawback.model.moments import Moment
from clawback.model.money import Amount


class Direction(StrEnum):
    """Seen from the user: money that left, or money that came."""

    OUT = "out"
    IN = "in"


class TransferStatus(StrEnum):
    """What the evidence says became of the transfer."""

    COMPLETED = "completed"
    PENDING = "pending"  # still on its way, or goods not confirmed: may be stoppable
    FAILED = "failed"  # closed or failed before money moved
    RETURNED = "returned"  # a refund: money that came back
    UNKNOWN = "unknown"


class Method(StrEnum):
    """The rail that carried the money; decides whom to call."""

    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"
    BANK_TRANSFER = "bank_transfer"
    CARD = "card"
    CRYPTO = "crypto"
    WALLET = "wallet"  # another e-wallet or payment company
    CASH = "cash"
    UNKNOWN = "unknown"


class AccountKind(StrEnum):
    """What sort of arrangement an account number belongs to."""

    BANK = "bank"
    CARD = "card"
    WALLET = "wallet"  # payment-company account (often a phone or mail address)
    CRYPTO = "crypto"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as one piece of evidence shows it. None means: not shown, never: none.

    `name`: holder as written (may be masked, 张*三). `number` keeps masking characters as found.
    """

    name: str | None = None
    institution: str | None = None
    number: str | None = None
    kind: AccountKind = AccountKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that moved (or was tried), as read from one or more sources.

    `amount.value` is positive; `direction` says which way. `moment` None: the evidence gives no time.
    `reference`: order or transaction number as found. `note`: goods description or memo as found.
    `fee`: stated separately, never included in `amount`.
    """

    direction: Direction
    amount: Amount
    moment: Moment | None
    status: TransferStatus
    method: Method
    payer: Account
    payee: Account
    sources: tuple[Source, ...]
    reference: str | None = None
    merchant_reference: str | None = None
    note: str | None = None
    fee: Amount | None = None

    @property
    def id(self) -> str:
        """Stable name of this record: from where it was first read, so it survives a re-read."""
        return _record_id("T", self.sources[0])

    @property
    def other(self) -> Account:
        """The account on the far side from the user."""
        return self.payee if self.direction is Direction.OUT else self.payer


@dataclass(frozen=True, slots=True)
class Message:
    """Somebody said something. `sender` as written; `own` True when the user wrote it, None unknown.

    `channel`: whatsapp, telegram, wechat, email, sms, note, unknown. `conversation`: chat title or mail
    subject. `attachments`: file names mentioned as attached.
    """

    moment: Moment | None
    sender: str | None
    text: str
    channel: str
    sources: tuple[Source, ...]
    own: bool | None = None
    conversation: str | None = None
    attachments: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Stable name of this record."""
        return _record_id("M", self.sources[0])


HELPERS_OWN = "helper."
"""How ids of questions begin whose answers are a helper's own notes."""

OWN_CHECKUP = "checkup."
"""How ids of questions begin that the check-up of one's own accounts asks: what is not safe yet."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer of the user: a dated statement, sealed as an exhibit of its own.

    `question`: id of the interview question, e.g. "user.name". `subject`: record id that the answer is
    about (a transfer to confirm), or "" for the case. `value`: the answer as given.
    """

    question: str
    value: str
    moment: Moment
    sources: tuple[Source, ...]
    subject: str = ""

    @property
    def id(self) -> str:
        """Stable name of this record."""
        return _record_id("S", self.sources[0])

    @property
    def private(self) -> bool:
        """Is it a helper's own note, or of the person's own check-up? It is part of the case and of no paper
        that leaves it."""
        return self.question.startswith((HELPERS_OWN, OWN_CHECKUP))


def _record_id(letter: str, source: Source) -> str:
    """Written out, because a large case asks for it half a million times."""
    where = source.locator
    id = f"{letter}{source.exhibit}"
    if where.page is not None:
        id += f".p{where.page}"
    if where.row is not None:
        id += f".r{where.row}"
    if where.line is not None:
        id += f".l{where.line}"
    if where.item is not None:
        id += f".i{where.item}"
    if where.start is not None:
        id += f".c{where.start}"
    if where.box:
        id += ".b" + "-".join(map(str, where.box))
    return id
