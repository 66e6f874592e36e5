"""WeChat Pay bills: the CSV with its sixteen lines of preamble, and the same table as XLSX.

Beijing time and yuan. 收/支 is 支出, 收入 or "/": the platform's own preamble says that "/" (中性交易) is for
top-up, withdrawal, funds, 零钱通 and credit-card repayment, where money changes its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

from clawback.model.events import Account, AccountKind, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.model.money import Amount
from clawback.readers.bills import (
    Counted,
    Stated,
    StatedRefund,
    around_text,
    beijing_moment,
    bill_amount,
    bill_status,
    check_totals,
    find_heading,
    flaw_problem,
    fold,
    funding_account,
    note,
    piece,
    place,
    refunds_without_row,
    stated_totals,
    text_or_none,
)
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness, TextPiece
from clawback.readers.tables import Line, Table, is_workbook, load_tables, peek_text, plain

WALLET = "微信支付"

_NAMES = {
    "time": "交易时间",
    "kind": "交易类型",
    "other": "交易对方",
    "goods": "商品",
    "side": "收/支",
    "amount": "金额(元)",
    "funding": "支付方式",
    "status": "当前状态",
    "reference": "交易单号",
    "merchant_reference": "商户单号",
    "remark": "备注",
}
WANTED = frozenset(plain(name) for name in _NAMES.values())
_LABELS = {"支出": "支出", "收入": "收入", "/": "中性交易", "中性交易": "中性交易", "其他": "中性交易"}

_FACT_LINES = (
    ("holder_name", re.compile(r"微信昵称\s?:\s?\[([^\[\]]{1,80})\]")),
    ("holder_account", re.compile(r"微信号\s?:\s?\[?([^\[\]\s]{1,80})\]?")),
    ("period_start", re.compile(r"起始时间\s?:\s?\[?([0-9年月日:\- /]{8,22})")),
    ("period_end", re.compile(r"终止时间\s?:\s?\[?([0-9年月日:\- /]{8,22})")),
    ("exported_kinds", re.compile(r"导出类型\s?:\s?\[([^\[\]]{1,40})\]")),
    ("exported_at", re.compile(r"导出时间\s?:\s?\[?([0-9年月日:\- /]{8,22})")),
)
_FURNITURE = re.compile(r"^(-{4,}|微信支付|注:?$|[0-9]{1,2}[.、．]|共[0-9])")
_FEE = re.compile(r"服务费\s?[¥￥]?([0-9][0-9,]{0,15}(?:\.[0-9]{1,4})?)")
_BACK = re.compile(r"已退款\s?[(（]?\s?[¥￥]?\s?([0-9][0-9,]{0,15}(?:\.[0-9]{1,4})?)")


class WechatBill:
    """WeChat Pay's bill exports."""

    name = "wechat_bill"
    version = "1"
    formats = ("微信支付账单（CSV、XLSX）", "WeChat Pay bills (CSV, XLSX)")

    def identify(self, peek: Peek) -> Sureness:
        """By the title or the headings; of an XLSX by what the peek holds, or by the platform's file name."""
        text = plain(peek_text(peek.head))
        if "微信支付账单明细" in text or all(name in text for name in WANTED - {"备注", "商品"}):
            return Sureness.CERTAIN
        if is_workbook(peek.head, peek.suffix) and "微信支付账单" in peek.name:
            return Sureness.SURE
        return Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Read every row; neutral rows stay as text with a Problem that says so."""
        loaded = load_tables(original)
        bill = _Bill(context, SourceMaker(self.name, self.version, context.exhibit))
        bill.problems += [flaw_problem(flaw, context) for flaw in loaded.flaws]
        for table in loaded.tables:
            bill.take(table)
        bill.finish()
        return Reading(
            self.name,
            self.version,
            Grade.PLATFORM_EXPORT,
            transfers=tuple(bill.transfers),
            texts=tuple(bill.texts),
            problems=fold(bill.problems, context),
            facts=tuple(bill.facts.items()),
            complete=not any(p.severity is Severity.ERROR for p in bill.problems),
        )


@dataclass(slots=True)
class _Cells:
    """One row seen through the headings."""

    row: Line
    columns: Mapping[str, int | None]

    def __call__(self, key: str) -> str:
        """The cell of the column that means `key`, "" when there is none."""
        return self.row.cell(self.columns[key])

    def is_refund(self) -> bool:
        """A row of its own for money that came back ("商户消费-退款")."""
        return "退款" in self("kind") and self("side") != "支出"

    def direction(self) -> Direction | None:
        """Which way the money went; None for neutral rows."""
        return {"支出": Direction.OUT, "收入": Direction.IN}.get(self("side"))

    def refunded(self, paid: Decimal) -> Decimal | None:
        """How much of this payment came back, as its own state says."""
        if "已全额退款" in self("status"):
            return paid
        found = _BACK.search(self("status"))
        return bill_amount(found[1]) if found else None

    def note(self) -> str | None:
        """Kind, goods and remark as written; a state that tells of a refund is part of it."""
        parts = [self("kind"), self("goods"), self("remark")]
        if "退" in self("status"):
            parts.append(self("status"))
        return " ".join(filter(None, map(text_or_none, parts))) or None


@dataclass(slots=True)
class _Bill:
    """One bill while it is read."""

    context: ReadingContext
    source: SourceMaker
    transfers: list[Transfer] = field(default_factory=list)
    texts: list[TextPiece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    stated: list[Stated] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    refunds: list[StatedRefund] = field(default_factory=list)

    def take(self, table: Table) -> None:
        """Read one table: what stands around the rows first, because it names the account."""
        self.texts += [piece(table, line) for line in table.lines if not line.empty]
        heading = find_heading(table, WANTED, 6)
        if heading is None:
            if any(not line.empty for line in table.lines) or not table.lines:
                self.problems.append(self.context.problem("table_not_understood", severity=Severity.ERROR))
            return
        line, places = heading
        columns = {key: places.get(plain(name)) for key, name in _NAMES.items()}
        rows: list[Line] = []
        for row in table.lines:
            if row.number > line.number and sum(map(bool, row.cells)) >= 4 and row.cells != line.cells:
                rows.append(row)
            elif not row.empty and row.cells != line.cells:
                self._around(table, row)
        for row in rows:
            self._row(place(table, row), _Cells(row, columns))

    def finish(self) -> None:
        """Check the rows against what the bill states about itself."""
        self.problems += check_totals(self.stated, self.counted, self.context)
        self.problems += refunds_without_row(self.refunds, self.transfers, self.context)

    def _around(self, table: Table, row: Line) -> None:
        text = around_text(row)
        known = bool(_FURNITURE.match(text))
        for key, pattern in _FACT_LINES:
            if found := pattern.search(text):
                self.facts.setdefault(key, found[1].strip())
                known = True
        if entry := stated_totals(row):
            self.stated.append(entry)
            self.facts.setdefault(f"stated {entry.label or '共'}", text)
            known = True
        if not known:
            self.problems.append(self.context.problem("row_not_understood", place(table, row), text))

    def _row(self, where: Locator, cells: _Cells) -> None:
        value = bill_amount(cells("amount"))
        if value is None:
            self.problems.append(self.context.problem("row_not_understood", where, cells.row.text))
            return
        label = _LABELS.get(cells("side"), "")
        status = bill_status(cells("status"))
        self.counted.append(Counted(label, abs(value), status is TransferStatus.FAILED))
        direction = cells.direction()
        if not value:
            self.problems.append(note(self.context, "zero_amount", where, cells.row.text))
        elif direction is not None:
            self._transfer(where, cells, abs(value), direction)
        elif label:
            self.problems.append(note(self.context, "neutral_movement", where, cells.row.text))
        else:
            self.problems.append(self.context.problem("direction_unclear", where, cells.row.text))

    def _transfer(self, where: Locator, cells: _Cells, value: Decimal, direction: Direction) -> None:
        moment = beijing_moment(cells("time"))
        if moment is None:
            self.problems.append(self.context.problem("time_not_understood", where, cells("time")))
        own = funding_account(
            cells("funding"), WALLET, self.facts.get("holder_name"), self.facts.get("holder_account")
        )
        far = _far_side(cells)
        outward = direction is Direction.OUT
        fee = _FEE.search(cells("remark"))
        transfer = Transfer(
            direction=direction,
            amount=Amount(value, "CNY"),
            moment=moment,
            status=TransferStatus.RETURNED if cells.is_refund() else self._status(where, cells),
            method=Method.WECHAT_PAY,
            payer=own if outward else far,
            payee=far if outward else own,
            sources=(self.source(where, cells.row.text),),
            reference=text_or_none(cells("reference")),
            merchant_reference=text_or_none(cells("merchant_reference")),
            note=cells.note(),
            fee=Amount(Decimal(fee[1].replace(",", "")), "CNY") if fee else None,
        )
        self.transfers.append(transfer)
        if outward and (back := cells.refunded(value)):
            self.refunds.append(StatedRefund(transfer, back, where))

    def _status(self, where: Locator, cells: _Cells) -> TransferStatus:
        status = bill_status(cells("status"))
        if status is TransferStatus.UNKNOWN:
            self.problems.append(note(self.context, "status_not_known", where, cells("status")))
        return status


def _far_side(cells: _Cells) -> Account:
    """The other party. Both ends of this rail are WeChat Pay accounts, unless the row names a bank."""
    name = text_or_none(cells("other"))
    if name and "红包" in cells("kind"):
        # red packets to one person are written "发给" and the name
        name = name.removeprefix("发给")
    if name is None or "银行" in f"{cells('kind')}{name}":
        return Account(name)
    return Account(name, WALLET, None, AccountKind.WALLET)
