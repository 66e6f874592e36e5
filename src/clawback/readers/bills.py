"""What the bills of wallets have in common: funding cells, states, stated totals, refunds, neutral rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from decimal import Decimal

from clawback.model.events import Account, AccountKind, Direction, Transfer, TransferStatus
from clawback.model.evidence import Locator, Problem, Severity
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.contract import ReadingContext, TextPiece
from clawback.readers.figures import Mark, parse_figure, parse_stamp, precision_of, to_datetime
from clawback.readers.tables import Flaw, Line, Table, plain

BEIJING = timezone(timedelta(hours=8), "CST")
"""Alipay and WeChat Pay write their bills in Beijing time, which has had no summer time since 1991."""

NOTHING = frozenset({"", "/", "-", "--", "无", "null", "NULL"})
"""What bills write where there is nothing to write."""

_FUNDING = re.compile(r"^([^()（）&]{1,40}?)\s?[(（]([0-9*xX]{3,20})[)）]")
_BANK_WORD = re.compile(r"(信用卡|储蓄卡|借记卡|贷记卡|银行卡)$")
_COUNT = re.compile(r"^#?\s*共[：: ]?([0-9]{1,7})\s*笔")
_TOTAL = re.compile(
    r"^#?\s*(已收入|已支出|待收入|待支出|收入合计|支出合计|收入|支出|不计收支|中性交易|其他)"
    r"\s?[：:]\s?([0-9]{1,7})笔[^0-9¥￥-]{0,12}([¥￥]?-?[0-9][0-9,.]{0,20})元?"
)


def text_or_none(cell: str) -> str | None:
    """The cell, or None when it is one of the marks for "nothing"."""
    return None if cell in NOTHING else cell


def beijing_moment(cell: str) -> Moment | None:
    """The moment of a bill cell ("2026-02-12 21:32:14"); None when it is not a full date."""
    stamp = parse_stamp(cell)
    if stamp is None or stamp.year is None or stamp.month is None or stamp.day is None:
        return None
    wall = to_datetime(stamp.year, stamp.month, stamp.day, stamp.clock)
    if wall is None:
        return None
    precision = Precision.DAY if stamp.clock is None else precision_of(stamp.clock)
    return Moment(wall.replace(tzinfo=BEIJING), precision, ZoneBasis.FORMAT)


def bill_amount(cell: str) -> Decimal | None:
    """The figure of an amount cell of a Chinese bill (¥1,234.50); None when it is not one."""
    figure = parse_figure(cell)
    return figure.value(Mark.POINT) if figure else None


def funding_account(cell: str, wallet: str | None, holder: str | None, number: str | None) -> Account:
    """The user's side as the funding cell names it: a card ("交通银行信用卡(7449)") or the wallet itself.

    `wallet`: institution of the bill. `holder`, `number`: of the wallet account, from the preamble.
    """
    parts = cell.split("&")  # paid from two pockets: 零钱&招商银行(0036)
    if card := next(filter(None, map(_FUNDING.match, parts)), None):
        return Account(holder, _bank_of(card[1]), card[2], AccountKind.CARD)
    cell = next((part for part in parts if _names_bank(part)), cell)
    if _names_bank(cell):
        return Account(holder, _bank_of(re.sub(r"[(（].*$", "", cell)), None, AccountKind.BANK)
    return Account(holder, wallet, number, AccountKind.WALLET)


def _names_bank(cell: str) -> bool:
    return "银行" in cell or "信用社" in cell or bool(_BANK_WORD.search(cell))


def _bank_of(words: str) -> str:
    bare = _BANK_WORD.sub("", words.strip())
    return bare or words.strip()


def other_account(name: str, number: str, wallet: str) -> Account:
    """The far side: its name and wallet account as written, None where the bill shows nothing."""
    shown = text_or_none(number)
    if shown and (card := _FUNDING.match(shown)):
        return Account(text_or_none(name), _bank_of(card[1]), card[2], AccountKind.CARD)
    kind = AccountKind.WALLET if shown else AccountKind.UNKNOWN
    return Account(text_or_none(name), wallet if shown else None, shown, kind)


# --- states ----------------------------------------------------------------------------------------------

_STATES = (
    ("退款成功", TransferStatus.RETURNED),
    ("退款中", TransferStatus.PENDING),
    ("已全额退款", TransferStatus.COMPLETED),
    ("已退款", TransferStatus.COMPLETED),
    ("对方已退还", TransferStatus.COMPLETED),
    ("已退还", TransferStatus.COMPLETED),
    ("交易关闭", TransferStatus.FAILED),
    ("已关闭", TransferStatus.FAILED),
    ("失败", TransferStatus.FAILED),
    ("撤销", TransferStatus.FAILED),
    ("已取消", TransferStatus.FAILED),
    ("等待", TransferStatus.PENDING),
    ("待", TransferStatus.PENDING),
    ("处理中", TransferStatus.PENDING),
    ("进行中", TransferStatus.PENDING),
    ("已提交", TransferStatus.PENDING),
    ("交易创建", TransferStatus.PENDING),
    ("未", TransferStatus.PENDING),
    ("成功", TransferStatus.COMPLETED),
    ("完成", TransferStatus.COMPLETED),
    ("已到账", TransferStatus.COMPLETED),
    ("已存入", TransferStatus.COMPLETED),
    ("已转账", TransferStatus.COMPLETED),
    ("已收钱", TransferStatus.COMPLETED),
    ("已收款", TransferStatus.COMPLETED),
    ("已支付", TransferStatus.COMPLETED),
    ("已支出", TransferStatus.COMPLETED),
    ("已收入", TransferStatus.COMPLETED),
    ("已领取", TransferStatus.COMPLETED),
    ("已入账", TransferStatus.COMPLETED),
    ("已收", TransferStatus.COMPLETED),
    ("已付", TransferStatus.COMPLETED),
)
"""Words in the state column, tried in order. Gathered from the two platforms' bills."""


def bill_status(cell: str) -> TransferStatus:
    """What a state cell means; UNKNOWN for words not in the list."""
    return next((status for word, status in _STATES if word in cell), TransferStatus.UNKNOWN)


# --- stated totals ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stated:
    """One line of the preamble or footer that counts: `label` None for the count of all rows."""

    label: str | None
    count: int
    total: Decimal | None
    line: Line


def around_text(line: Line) -> str:
    """A preamble or footer row as one text, half-width, without the empty cells that pad it."""
    return unicodedata.normalize("NFKC", line.text).strip(' ,\t"')


def stated_totals(line: Line) -> Stated | None:
    """What a preamble line such as "支出：63笔 16.54元" or "共66笔记录" states."""
    text = around_text(line)
    if found := _COUNT.match(text):
        return Stated(None, int(found[1]), None, line)
    if found := _TOTAL.match(text):
        return Stated(found[1], int(found[2]), bill_amount(found[3]), line)
    return None


@dataclass(frozen=True, slots=True)
class Counted:
    """A row as the totals count it: its label (支出, 收入, ...), figure, and whether it was closed."""

    label: str
    value: Decimal
    closed: bool


def check_totals(stated: Sequence[Stated], rows: Sequence[Counted], context: ReadingContext) -> list[Problem]:
    """`totals_disagree` for each stated count or sum that the rows do not bear out.

    Closed rows may or may not be in a platform's own sum, so either reading counts as agreement.
    """
    found: list[Problem] = []
    for entry in stated:
        mine = [row for row in rows if entry.label is None or row.label == entry.label]
        readings = [_sum_up(mine), _sum_up([row for row in mine if not row.closed])]
        if any(
            entry.count == count and (entry.total is None or abs(entry.total) == total)
            for count, total in readings
        ):
            continue
        shown = _spell(readings[0][0], None if entry.total is None else readings[0][1])
        detail = f"{entry.label or '共'}: stated {_spell(entry.count, entry.total)}, found {shown}"
        found.append(context.problem("totals_disagree", Locator(row=entry.line.number), detail))
    return found


def _sum_up(rows: Sequence[Counted]) -> tuple[int, Decimal]:
    return len(rows), sum((row.value for row in rows), Decimal(0))


def _spell(count: int, total: Decimal | None) -> str:
    return f"{count}" if total is None else f"{count} / {total}"


# --- refunds ---------------------------------------------------------------------------------------------


def link_refunds(transfers: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """A payment that the bill calls closed, but that has a refund row, did move: it is COMPLETED.

    Alipay closes an order when it is refunded in full and lists the refund as a row of its own whose order
    number is the payment's number and a suffix (2026…88_2026…57), or which shares the merchant's number.
    """
    listed = tuple(transfers)
    refunded: set[str] = set()
    for transfer in listed:
        if transfer.status is TransferStatus.RETURNED:
            refunded.update(_order_keys(transfer))
    return tuple(
        replace(transfer, status=TransferStatus.COMPLETED)
        if transfer.status is TransferStatus.FAILED
        and transfer.direction is Direction.OUT
        and refunded & _order_keys(transfer)
        else transfer
        for transfer in listed
    )


@dataclass(frozen=True, slots=True)
class StatedRefund:
    """A payment whose own row says that `value` of it came back."""

    payment: Transfer
    value: Decimal
    where: Locator


def refunds_without_row(
    stated: Iterable[StatedRefund], transfers: Iterable[Transfer], context: ReadingContext
) -> list[Problem]:
    """`refund_row_missing` for each refund that a payment's row states and that has no row of its own.

    It is not booked: its day is unknown, and its row may stand in the bill of another month.
    """
    booked: set[object] = set()
    for transfer in transfers:
        if transfer.status is TransferStatus.RETURNED:
            booked |= _order_keys(transfer) | {(transfer.payer.name, transfer.amount.value)}
    return [
        context.problem("refund_row_missing", refund.where, f"{refund.value}")
        for refund in stated
        if not booked & (_order_keys(refund.payment) | {(refund.payment.payee.name, refund.value)})
    ]


def _order_keys(transfer: Transfer) -> set[str]:
    keys = {transfer.merchant_reference} if transfer.merchant_reference else set()
    if transfer.reference:
        keys.add(re.split(r"[_*]", transfer.reference, maxsplit=1)[0])
    return keys


# --- rows and places ---------------------------------------------------------------------------------------


def place(table: Table, line: Line) -> Locator:
    """Where a row stands; the sheet is given as page when the file has sheets."""
    return Locator(row=line.number, page=table.sheet)


def piece(table: Table, line: Line) -> TextPiece:
    """The readable text of a row."""
    return TextPiece(line.text, place(table, line))


def flaw_problem(flaw: Flaw, context: ReadingContext) -> Problem:
    """A Flaw of the table as a Problem of this exhibit."""
    return context.problem(flaw.code, Locator(row=flaw.row, page=flaw.sheet), flaw.detail, flaw.severity)


def find_heading(table: Table, wanted: frozenset[str], least: int) -> tuple[Line, dict[str, int]] | None:
    """The first row holding at least `least` of the `wanted` (plain) headings, and where each stands."""
    for line in table.lines[:400]:
        names = [plain(cell) for cell in line.cells]
        if sum(name in wanted for name in names) >= least:
            return line, {name: names.index(name) for name in names if name}
    return None


def note(context: ReadingContext, code: str, where: Locator, detail: str) -> Problem:
    """A Problem that takes nothing away."""
    return context.problem(code, where, detail, Severity.NOTE)


_LISTED_PER_CODE = 1_000


def fold(problems: Iterable[Problem], context: ReadingContext) -> tuple[Problem, ...]:
    """The problems, at most a thousand of each code, and one `more_problems` that counts the rest.

    A hostile file could raise one per line; the rows themselves stay readable as text.
    """
    listed: list[Problem] = []
    counts: Counter[str] = Counter()
    for problem in problems:
        counts[problem.code] += 1
        if counts[problem.code] <= _LISTED_PER_CODE:
            listed.append(problem)
    rest = [
        f"{code} +{count - _LISTED_PER_CODE}" for code, count in counts.items() if count > _LISTED_PER_CODE
    ]
    if rest:
        listed.append(context.problem("more_problems", detail=", ".join(rest)))
    return tuple(listed)
