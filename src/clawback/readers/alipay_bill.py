"""Alipay bills: the current customer receipt, the phone app's, the old transaction list, and the ledger list.

Layouts, as the platform has exported them: since 2021 "电子客户回单" (web and app differ in column order);
before that "交易记录明细查询"; for balances "账务明细". All are CSV in GB18030 (app: sometimes UTF-8), in
Beijing time and yuan, with a preamble that names the account and counts the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

from clawback.model.events import Direction, Method, Transfer, TransferStatus
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
    link_refunds,
    note,
    other_account,
    piece,
    place,
    refunds_without_row,
    stated_totals,
    text_or_none,
)
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness, TextPiece
from clawback.readers.tables import Line, Table, load_tables, peek_text, plain

WALLET = "支付宝"

_NAMES = {
    "time": ("交易时间", "付款时间", "交易创建时间", "发生时间"),
    "created": ("交易创建时间",),
    "category": ("交易分类", "类型", "业务类型"),
    "other": ("交易对方", "对方名称"),
    "other_account": ("对方账号", "对方账户"),
    "goods": ("商品说明", "商品名称"),
    "side": ("收/支",),
    "amount": ("金额", "金额(元)"),
    "income": ("收入金额(+元)", "收入(元)", "收入金额(元)"),
    "expense": ("支出金额(-元)", "支出(元)", "支出金额(元)"),
    "funding": ("收/付款方式", "付款方式"),
    "status": ("交易状态", "当前状态"),
    "reference": ("交易订单号", "交易号", "业务流水号", "账务流水号"),
    "merchant_reference": ("商家订单号", "商户订单号"),
    "remark": ("备注",),
    "fee": ("服务费(元)",),
    "refunded": ("成功退款(元)",),
    "money_state": ("资金状态",),
}
WANTED = frozenset(plain(name) for names in _NAMES.values() for name in names)

# ruff: noqa: SIM905 - words read better as one line of words
_SPENDING = frozenset(
    "餐饮美食 服饰装扮 日用百货 家居家装 数码电器 运动户外 美容美发 母婴亲子 宠物 交通出行 爱车养车 住房物业 "
    "酒店旅游 文化休闲 教育培训 医疗健康 生活服务 公共服务 商业服务 公益捐赠 互助保障 保险 "
    "充值缴费 亲友代付".split()
)
"""Alipay's own spending categories: a closed order in one of them was a payment by the user."""

_NEUTRAL = (
    "余额宝", "转入", "转出", "提现", "充值", "收益", "自动攒", "还款", "花呗", "借呗", "卖出", "买入",
    "冻结", "解冻", "押金", "投资理财", "转存", "小荷包",
)  # fmt: skip
"""Words of rows in which the user's money changes its place, not its owner."""

_FACT_LINES = (
    ("holder_name", re.compile(r"^#?\s*(?:姓名|用户名|用户)\s?[：:]\s?\[?([^\]\[]{1,60}?)\]?$")),
    (
        "holder_account",
        re.compile(r"^#?\s*(?:支付宝账户|支付宝账号|账号|账户)\s?[：:]\s?\[?([^\]\[\s]{1,80})\]?"),
    ),
    ("period_start", re.compile(r"(?:起始时间|起始日期)\s?[：:]\s?\[?([0-9年月日:\- /]{8,22})")),
    ("period_end", re.compile(r"(?:终止时间|终止日期)\s?[：:]\s?\[?([0-9年月日:\- /]{8,22})")),
    ("exported_at", re.compile(r"导出时间\s?[：:]\s?\[?([0-9年月日:\- /]{8,22})")),
    ("exported_kinds", re.compile(r"导出交易类型\s?[：:]\s?\[?([^\]\[]{1,40}?)\]?$")),
    ("holder_name", re.compile(r"\s用户\s?[：:]\s?([^\s\]\[]{1,60})$")),
)
_FURNITURE = re.compile(r"^(#|-{4,}|={4,}|导出信息|特别提示|温馨提示|注[:：]?$|[0-9]{1,2}[.、．]|共|用户|本)")


class AlipayBill:
    """Alipay's bill exports."""

    name = "alipay_bill"
    version = "1"
    formats = ("支付宝账单（CSV，新旧版式）", "Alipay bills (CSV, old and new layouts)")

    def identify(self, peek: Peek) -> Sureness:
        """By the platform's name together with headings that only its bills have."""
        text = plain(peek_text(peek.head))
        if "收/支" in text and "商品" in text and "支付宝" in text and _own_headings(text):
            return Sureness.CERTAIN
        if "支付宝账务明细" in text or ("账务流水号" in text and "收入金额(+元)" in text):
            return Sureness.CERTAIN
        return Sureness.SURE if "交易对方,对方账号,商品说明" in text else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Read every row; rows without a provable direction stay as text with a Problem."""
        loaded = load_tables(original)
        bill = _Bill(context, SourceMaker(self.name, self.version, context.exhibit))
        for flaw in loaded.flaws:
            bill.problems.append(flaw_problem(flaw, context))
        for table in loaded.tables:
            bill.take(table)
        bill.finish()
        return Reading(
            self.name,
            self.version,
            Grade.PLATFORM_EXPORT,
            transfers=link_refunds(bill.transfers),
            texts=tuple(bill.texts),
            problems=fold(bill.problems, context),
            facts=tuple(bill.facts.items()),
            complete=not any(p.severity is Severity.ERROR for p in bill.problems),
        )


def _own_headings(text: str) -> bool:
    return ("交易订单号" in text and "收/付款方式" in text) or (
        "交易创建时间" in text and ("资金状态" in text or "交易来源地" in text)
    )


@dataclass(slots=True)
class _Cells:
    """One row seen through the headings."""

    row: Line
    columns: Mapping[str, list[int]]

    def __call__(self, key: str) -> str:
        """The first filled cell of the columns that mean `key`, "" when none is."""
        return next((cell for place in self.columns[key] if (cell := self.row.cell(place))), "")

    def amount(self) -> Decimal | None:
        """The figure of the row; for the ledger list, what came in (+) or went out (-)."""
        if self.columns["amount"]:
            return bill_amount(self("amount"))
        came, went = bill_amount(self("income")), bill_amount(self("expense"))
        if came and went:
            return None
        return came or (-abs(went) if went else None)

    def label(self) -> str:
        """收入, 支出, 不计收支 ...; for layouts without it, what the money state says."""
        shown = self("side")
        return (
            shown
            if text_or_none(shown)
            else {"已支出": "支出", "已收入": "收入"}.get(self("money_state"), "")
        )

    def status(self) -> TransferStatus:
        shown = self("status") or self("money_state")
        return bill_status(shown) if shown or self.columns["status"] else TransferStatus.COMPLETED

    def direction(self, value: Decimal) -> Direction | None:
        """Which way the money went, where the bill itself says so."""
        if not self.columns["amount"]:
            return Direction.IN if value > 0 else Direction.OUT
        if self.is_refund():
            return Direction.IN
        if self.label() == "支出":
            return Direction.OUT
        if self.label() == "收入":
            return Direction.IN
        closed = self.status() is TransferStatus.FAILED
        return Direction.OUT if closed and self("category") in _SPENDING else None

    def is_refund(self) -> bool:
        """Money that came back. A payment by the user that mentions a refund is not one."""
        if self.label() == "支出":
            return False
        return "退款成功" in self("status") or self("category") == "退款" or self("goods").startswith("退款-")

    def neutral(self) -> bool:
        """Does the row say itself that money only changed its place?"""
        words = f"{self('category')} {self('goods')} {self('status')} {self('other')}"
        return any(word in words for word in _NEUTRAL) or self("money_state") == "资金转移"


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
        heading = find_heading(table, WANTED, 5)
        if heading is None:
            self.problems.append(self.context.problem("table_not_understood", severity=Severity.ERROR))
            return
        line, places = heading
        columns = {
            key: [places[plain(n)] for n in names if plain(n) in places] for key, names in _NAMES.items()
        }
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
        known = bool(_FURNITURE.match(text)) or WALLET in text
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
        value = cells.amount()
        if value is None:
            self.problems.append(self.context.problem("row_not_understood", where, cells.row.text))
            return
        closed = cells.status() is TransferStatus.FAILED
        # the old layout counts by what became of the money, the others by the side
        self.counted.append(Counted(cells("money_state") or cells.label(), abs(value), closed))
        direction = cells.direction(value)
        if not value:
            self.problems.append(note(self.context, "zero_amount", where, cells.row.text))
        elif direction is not None:
            self._transfer(where, cells, abs(value), direction)
        elif closed:
            self.problems.append(note(self.context, "closed_unpaid", where, cells.row.text))
        elif cells.neutral():
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
        far = other_account(cells("other"), cells("other_account"), WALLET)
        outward = direction is Direction.OUT
        fee = bill_amount(cells("fee"))
        transfer = Transfer(
            direction=direction,
            amount=Amount(value, "CNY"),
            moment=moment,
            status=TransferStatus.RETURNED
            if cells.is_refund() and not outward
            else self._status(where, cells),
            method=Method.ALIPAY,
            payer=own if outward else far,
            payee=far if outward else own,
            sources=(self.source(where, cells.row.text),),
            reference=text_or_none(cells("reference")),
            merchant_reference=text_or_none(cells("merchant_reference")),
            note=" ".join(filter(None, map(text_or_none, (cells("goods"), cells("remark"))))) or None,
            fee=Amount(abs(fee), "CNY") if fee else None,
        )
        self.transfers.append(transfer)
        if outward and (back := bill_amount(cells("refunded"))):
            self.refunds.append(StatedRefund(transfer, back, where))

    def _status(self, where: Locator, cells: _Cells) -> TransferStatus:
        status = cells.status()
        if status is TransferStatus.UNKNOWN:
            self.problems.append(note(self.context, "status_not_known", where, cells("status")))
        return status
