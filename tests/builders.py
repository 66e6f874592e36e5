"""Short ways to build nouns for tests; every default is invented."""

from datetime import datetime
from decimal import Decimal

from clawback.model.events import Account, AccountKind, Direction, Message, Method, Transfer, TransferStatus
from clawback.model.evidence import Locator, Source
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount


def moment(text: str) -> Moment:
    """`2026-03-01`, `2026-03-01T10:05` or with seconds; Beijing time unless an offset is given."""
    if len(text) == 10:
        return Moment(datetime.fromisoformat(f"{text}T00:00:00+08:00"), Precision.DAY, ZoneBasis.FORMAT)
    precision = Precision.SECOND if text.count(":") >= 2 else Precision.MINUTE
    aware = text if "+" in text[10:] else f"{text}+08:00"
    return Moment(datetime.fromisoformat(aware), precision, ZoneBasis.FORMAT)


def source(exhibit: int = 1, row: int = 1, text: str = "row") -> Source:
    return Source(exhibit, Locator(row=row), text, "test_reader", "1")


def account(name: str | None = None, number: str | None = None, institution: str | None = None) -> Account:
    return Account(name, institution, number, AccountKind.BANK if number else AccountKind.UNKNOWN)


def transfer(
    amount: str = "3000.00",
    when: str | None = "2026-09-10T21:05",
    payee: Account | None = None,
    exhibit: int = 1,
    row: int = 1,
    *,
    payer: Account | None = None,
    currency: str = "CNY",
    direction: Direction = Direction.OUT,
    status: TransferStatus = TransferStatus.COMPLETED,
    method: Method = Method.BANK_TRANSFER,
    reference: str | None = None,
    note: str | None = None,
) -> Transfer:
    return Transfer(
        direction=direction,
        amount=Amount(Decimal(amount), currency),
        moment=moment(when) if when else None,
        status=status,
        method=method,
        payer=payer or Account(),
        payee=payee or Account(),
        sources=(source(exhibit, row, f"{amount} {when}"),),
        reference=reference,
        note=note,
    )


def message(
    text: str,
    when: str | None = "2026-09-10T21:00",
    sender: str | None = "客服小美",
    exhibit: int = 2,
    row: int = 1,
) -> Message:
    return Message(
        moment(when) if when else None, sender, text, "telegram", (source(exhibit, row, text),), own=False
    )
