"""Statements that banks and payment companies export as tables, whatever their columns are called.

The columns are known by their headings (`bank_headings`). What a file leaves open is decided only by what
the file itself proves (`bank_rows`): the order of day and month by a number above twelve or by the rows
being in order, the decimal mark by the figures, the sign by the column, the words or the running balance.
What it does not prove is assumed by convention with a Problem that says so, or left out with a Problem.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import pairwise
from typing import BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clawback.model.events import Account, AccountKind, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.model.moments import Moment, ZoneBasis
from clawback.model.money import Amount
from clawback.readers.bank_headings import Column, Headings, find_headings, infer_headings
from clawback.readers.bank_rows import (
    Entry,
    RowReader,
    Signs,
    find_signs,
    mark_of,
    order_of,
    value_of,
)
from clawback.readers.bank_words import (
    english_status,
    is_balance_row,
    is_footer,
    is_neutral_side,
    method_of,
)
from clawback.readers.bills import (
    Counted,
    Stated,
    around_text,
    bill_status,
    check_totals,
    flaw_problem,
    fold,
    funding_account,
    note,
    piece,
    place,
    stated_totals,
    text_or_none,
)
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness, TextPiece
from clawback.readers.figures import (
    DayOrder,
    Mark,
    Stamp,
    currency_code,
    offset_zone,
    parse_stamp,
    precision_of,
    to_datetime,
)
from clawback.readers.tables import (
    Line,
    Table,
    is_page,
    is_workbook,
    load_tables,
    peek_text,
    plain,
    split_page,
    split_text,
)

HEADING_REACH = 200  # preambles are shorter

_ZONE_CURRENCIES = {
    "Europe/London": "GBP", "Asia/Shanghai": "CNY", "Asia/Hong_Kong": "HKD", "Asia/Singapore": "SGD",
    "Asia/Tokyo": "JPY", "Asia/Taipei": "TWD", "Asia/Macau": "MOP", "Asia/Kolkata": "INR",
    "Australia/Sydney": "AUD", "Pacific/Auckland": "NZD", "America/New_York": "USD",
    "America/Chicago": "USD", "America/Denver": "USD", "America/Los_Angeles": "USD", "America/Toronto": "CAD",
}  # fmt: skip
"""Currency of the place where the case is, used only with a Problem. Other zones give none."""

# ruff: noqa: E501 - a pattern broken over lines is harder to check
_FACTS = (
    ("holder_name", re.compile(r"(?:户\s?名|客户姓名|姓\s?名|账户名称|Account (?:holder|name))\s?[:：][\s,;]*([\u4e00-\u9fff·*]{1,30}|[A-Za-z][A-Za-z .'\-]{1,60})", re.I)),
    ("holder_account", re.compile(r"(?:账\s*号|卡\s*号|帐\s*号|账户|Account (?:number|no\.?)|IBAN|Girokonto|Konto(?:nummer)?)(?:\s?[:：]|\s)[\s,;]*\[?([0-9A-Zx*X][0-9A-Zx*X \-]{2,38}[0-9A-Zx*X])", re.I)),
    ("holder_account", re.compile(r"账[号户]名\s?[:：]\s*([^\s:,，]{1,60})")),
    ("wallet", re.compile(r"^\W{0,30}(微信支付|支付宝)")),
    ("wallet", re.compile(r"^([\u4e00-\u9fff]{2,4})账[号户]名\s?[:：]")),
    ("holder_bank", re.compile(r"(?:开户行|开户机构|开户银行|开户网点|Bank)\s?[:：][\s,;]*([^\s:,，]{2,60})", re.I)),
    ("currency", re.compile(r"(?:币\s*种|Currency)\s?[:：][\s,;]*([^\s:,，]{1,10})", re.I)),
    ("sort_code", re.compile(r"Sort code\s?[:：]?\s*([0-9]{2}-?[0-9]{2}-?[0-9]{2})", re.I)),
    ("period_start", re.compile(r"(?:起始日期|开始日期|起始时间|From)\s?[:：][\s,;]*\[?([0-9][0-9年月日/.\-]{5,11})", re.I)),
    ("period_end", re.compile(r"(?:终止日期|结束日期|截止日期|终止时间|To)\s?[:：][\s,;]*\[?([0-9][0-9年月日/.\-]{5,11})", re.I)),
)  # fmt: skip
_WALLETS = {"微信支付": Method.WECHAT_PAY, "支付宝": Method.ALIPAY}
_BANK_NAME = re.compile(r"^\W{0,4}([\u4e00-\u9fff]{2,10}银行)")
_SMALL_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b")
_CARD_STATEMENT = re.compile(r"信用卡|贷记卡|credit.?card", re.IGNORECASE)
_NAME_AND_NUMBER = re.compile(r"^([^\d*]{2,60}?)\s*([0-9*]{8,32})$")
_REFUND = re.compile(r"退款|退货|refund|reversal", re.IGNORECASE)

_BOTH_NAMES = (Column.PAYER_NAME, Column.PAYEE_NAME)
_BOTH_ACCOUNTS = (Column.PAYER_ACCOUNT, Column.PAYEE_ACCOUNT)


class BankTable:
    """Bank statements as CSV, TSV, XLS or XLSX."""

    name = "bank_table"
    version = "1"
    formats = ("银行流水（CSV、TSV、XLS、XLSX）", "bank statements (CSV, TSV, XLS, XLSX)")

    def identify(self, peek: Peek) -> Sureness:
        """By headings that give a day and an amount; a workbook is likely one."""
        if is_workbook(peek.head, peek.suffix):
            return Sureness.LIKELY
        text = peek_text(peek.head)
        if not text or "\x00" in text[:4096]:
            return Sureness.NO
        if is_page(text):
            # a page is a statement only if it calls itself a spreadsheet, as banks' page exports do
            tables, _ = split_page(text)
            named = peek.suffix in (".xls", ".xlsx", ".csv") and any(find_headings(t.lines) for t in tables)
            return Sureness.LIKELY if named else Sureness.NO
        table, _ = split_text(text[:65_536])
        lines = table.lines[:-1] if peek.size > len(peek.head) else table.lines
        known = find_headings(lines[:HEADING_REACH]) or infer_headings(lines)
        return Sureness.LIKELY if known else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Read every sheet that has known headings; all others are listed as not understood."""
        loaded = load_tables(original)
        problems = [flaw_problem(flaw, context) for flaw in loaded.flaws]
        transfers: list[Transfer] = []
        texts: list[TextPiece] = []
        facts: dict[str, str] = {}
        for table in loaded.tables:
            # what an earlier sheet says of the account holds for the rows of a later one
            source = SourceMaker(self.name, self.version, context.exhibit)
            sheet = _Sheet(table, context, source, facts=dict(facts))
            sheet.read()
            transfers += sheet.transfers
            problems += sheet.problems
            facts |= {key: value for key, value in sheet.facts.items() if key not in facts}
            texts += [piece(table, line) for line in table.lines if not line.empty]
        if not transfers and all(problem.severity is Severity.NOTE for problem in problems):
            problems.append(context.problem("table_not_understood", severity=Severity.ERROR))
        return Reading(
            self.name,
            self.version,
            Grade.PLATFORM_EXPORT,
            transfers=tuple(transfers),
            texts=tuple(texts),
            problems=fold(problems, context),
            facts=tuple(facts.items()),
            complete=not any(problem.severity is Severity.ERROR for problem in problems),
        )


@dataclass(slots=True)
class _Sheet:
    """One table while it is read."""

    table: Table
    context: ReadingContext
    source: SourceMaker
    transfers: list[Transfer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    stated: list[Stated] = field(default_factory=list)
    around: list[Stamp] = field(default_factory=list)

    def read(self) -> None:
        """Find the headings, split rows from what surrounds them, and read the rows."""
        headings = find_headings(self.table.lines[:HEADING_REACH])
        if headings is None and (headings := infer_headings(self.table.lines)):
            where = Locator(row=1, page=self.table.sheet)
            self.problems.append(note(self.context, "headings_inferred", where, ""))
        if headings is None:
            self._no_headings()
            return
        rows = RowReader(headings)
        entries: list[Entry] = []
        for line in self.table.lines:
            if line.empty or line.cells == headings.line.cells:
                continue
            if line.number < headings.line.number:
                self._preamble(line)
            elif entry := self._entry(rows, line):
                entries.append(entry)
        self.problems += check_totals(
            [entry for entry in self.stated if entry.label is None],
            [Counted("", Decimal(0), False) for _ in entries],
            self.context,
        )
        _Statement(self, headings, rows, entries).read()

    def _no_headings(self) -> None:
        filled = [line for line in self.table.lines if not line.empty]
        for line in filled[:HEADING_REACH]:
            self._preamble(line)
        if filled:
            # an error only when no other sheet is understood: see `BankTable.read`
            self.problems.append(note(self.context, "table_not_understood", self.at(filled[0]), ""))

    def _preamble(self, line: Line) -> None:
        text = unicodedata.normalize("NFKC", " ".join(filter(None, line.cells)))
        for key, pattern in _FACTS:
            if found := pattern.search(text):
                self.facts.setdefault(key, found[1].strip())
        if found := _BANK_NAME.search(text):
            self.facts.setdefault("bank_in_title", found[1])
        if entry := stated_totals(line):
            self.stated.append(entry)
        dates = (parse_stamp(found) for found in _SMALL_DATE.findall(text[:2000]))
        self.around += [stamp for stamp in dates if stamp]
        if _CARD_STATEMENT.search(text) and len(text) <= 80:
            self.facts.setdefault("statement", text[:80])

    def _entry(self, rows: RowReader, line: Line) -> Entry | None:
        """The row as an entry; None when it moves nothing, or is not understood (then a Problem)."""
        entry = rows.entry(line)
        text = around_text(line)
        if entry.has_money and (entry.stamp or entry.day_cell) and not is_footer(entry.day_cell):
            if not is_balance_row(
                rows.text(line, Column.TEXT, Column.KIND, Column.OTHER_NAME, Column.PAYEE_NAME)
            ):
                return entry
            self.problems.append(note(self.context, "balance_row", self.at(line), text))
        elif not (is_footer(text) or is_balance_row(text) or (not entry.has_money and _filled(line) <= 1)):
            self.problems.append(self.context.problem("row_not_understood", self.at(line), text))
        return None

    def at(self, line: Line) -> Locator:
        """Where the row stands."""
        return place(self.table, line)


def _filled(line: Line) -> int:
    return sum(map(bool, line.cells))


@dataclass(slots=True)
class _Statement:
    """The rows under one heading, read together."""

    sheet: _Sheet
    headings: Headings
    rows: RowReader
    entries: list[Entry]
    mark: Mark = Mark.POINT
    order: DayOrder | None = None
    card: bool = False
    currency: str | None = None
    zone: tuple[tzinfo, ZoneBasis] = (UTC, ZoneBasis.ASSUMED)
    yearless: list[Entry] = field(default_factory=list)
    refunded: frozenset[str] = frozenset()

    def read(self) -> None:
        """Decide what the table proves, then make a transfer of every row."""
        if not self.entries:
            return
        self.mark = mark_of(self.entries)
        self.card = self._is_card()
        self.currency = self._find_currency()
        self.zone = self._find_zone()
        self.order = self._find_order()
        self.refunded = self._refunded_goods()
        signs = self._signs()
        made = [self._row(entry, signs) for entry in self.entries]
        self.sheet.transfers += [transfer for transfer in made if transfer]
        if self.yearless:
            self._problem("year_missing", self.yearless[0].line, f"{len(self.yearless)} rows")
        self._check_balance([e for e, transfer in zip(self.entries, made, strict=True) if transfer], signs)

    # --- what the whole table says ---

    def _is_card(self) -> bool:
        one_amount = not self.headings.has(Column.INCOME) and not self.headings.has(Column.EXPENSE)
        traded_and_booked = one_amount and self.headings.has(Column.AMOUNT, Column.SETTLED, Column.BOOKED)
        named = _CARD_STATEMENT.search(f"{self.sheet.context.name} {self.sheet.table.title}")
        return bool(self.headings.card or traded_and_booked or named or "statement" in self.sheet.facts)

    def _find_zone(self) -> tuple[tzinfo, ZoneBasis]:
        # all of China keeps one time, so a Chinese statement in yuan is in Beijing time wherever the case is
        name = (
            "Asia/Shanghai" if self.headings.chinese and self.currency == "CNY" else self.sheet.context.zone
        )
        return _zone(name) or UTC, ZoneBasis.ASSUMED

    def _find_order(self) -> DayOrder | None:
        stamps = [stamp for entry in self.entries if (stamp := entry.stamp)]
        proofs = {proof for stamp in self.sheet.around if (proof := stamp.proves())}
        booked = [stamp for entry in self.entries if (stamp := entry.booked)]
        order, mixed = order_of(stamps, self.sheet.context.today)
        if order is None and not mixed and not any(stamp.open for stamp in stamps):
            return None
        if order is None and not mixed:
            order, mixed = order_of(booked, self.sheet.context.today)
        if order is None and not mixed and len(proofs) == 1:
            order = proofs.pop()
        if order is not None:
            return order
        unclear = [e for e in self.entries if e.stamp and e.stamp.open and e.stamp.parts(None)[1] is None]
        if not unclear:
            return None
        assumed = None if mixed else self._customary_order()
        detail = (
            f"{len(unclear)} rows; assumed {assumed}" if assumed else f"{len(unclear)} rows; contradictory"
        )
        self._problem("date_order_unclear", unclear[0].line, detail)
        return assumed

    def _customary_order(self) -> DayOrder:
        """Dollars of the United States come with the month first, as do cases there."""
        if self.currency == "USD" or self.sheet.context.zone.startswith(("America/", "US/")):
            return DayOrder.MONTH_FIRST
        return DayOrder.DAY_FIRST

    def _find_currency(self) -> str | None:
        """The currency of rows that name none; with a Problem when the table does not state it."""
        if all(entry.currency for entry in self.entries):
            return next(iter(entry.currency for entry in self.entries))
        stated = currency_code(self.sheet.facts.get("currency", "")) or self._named_in_title()
        if stated:
            return stated
        silent = [entry for entry in self.entries if not entry.currency]
        code, severity = self._customary_currency(silent)
        detail = f"{len(silent)} rows; assumed {code}" if code else f"{len(silent)} rows"
        self._problem("currency_unclear", silent[0].line, detail, severity)
        return code

    def _named_in_title(self) -> str | None:
        words = re.split(r"[^A-Za-z\u4e00-\u9fff]+", f"{self.sheet.table.title} {self.sheet.context.name}")
        found = {
            code for word in words if len(word) >= 3 and (code := currency_code(word)) and word.isupper()
        }
        found |= {"CNY"} if "人民币" in f"{self.sheet.table.title}{self.sheet.context.name}" else set()
        return found.pop() if len(found) == 1 else None

    def _customary_currency(self, silent: Sequence[Entry]) -> tuple[str | None, Severity]:
        if self.headings.chinese:
            return "CNY", Severity.NOTE
        symbols = {figure.symbol for entry in silent for figure in entry.figures} - {None}
        stamps = [*self.sheet.around, *(entry.stamp for entry in silent if entry.stamp)]
        proofs = {stamp.proves() for stamp in stamps}
        home = _ZONE_CURRENCIES.get(self.sheet.context.zone)
        if symbols == {"$"}:
            dollar = home if home in ("USD", "CAD", "AUD", "NZD", "SGD", "HKD") else "USD"
            return dollar, Severity.WARNING
        if DayOrder.MONTH_FIRST in proofs:
            # only the United States (and, beside other orders, Canada) write the month first
            return "USD", Severity.WARNING
        return ("EUR" if self.headings.euro else home), Severity.WARNING

    def _signs(self) -> Signs:
        if self.headings.has(Column.INCOME) or self.headings.has(Column.EXPENSE):
            return Signs({})
        if self.headings.seller and not any(e.amount and e.amount.signed for e in self.entries):
            # what customers paid, listed for the one whom they paid
            return Signs({entry.line.number: Direction.IN for entry in self.entries})
        signs = find_signs(self.entries, self.mark, self.card)
        if signs.assumed:
            line = self.entries[0].line
            self.sheet.problems.append(
                note(self.sheet.context, "sign_convention_assumed", self.sheet.at(line), signs.assumed)
            )
        return signs

    def _check_balance(self, entries: Sequence[Entry], signs: Signs) -> None:
        """`balance_disagrees` once per table, with the first row and the count, when most rows do fit."""
        down, up = self._breaks(entries, signs), self._breaks(list(reversed(entries)), signs)
        fits, wrong = max(down, up, key=lambda found: found[0])
        if fits and wrong:
            self._problem("balance_disagrees", wrong[0].line, f"{len(wrong)} of {fits + len(wrong)}")

    def _breaks(self, entries: Sequence[Entry], signs: Signs) -> tuple[int, list[Entry]]:
        fits, wrong = 0, []
        for before, entry in pairwise(entries):
            first, last = value_of(before.balance, self.mark), value_of(entry.balance, self.mark)
            moved = self._moved(entry, signs)
            if first is None or last is None or moved is None or before.account != entry.account:
                continue
            if last - first == (moved[1] if moved[0] is Direction.IN else -moved[1]):
                fits += 1
            else:
                wrong.append(entry)
        return fits, wrong

    # --- one row ---

    def _row(self, entry: Entry, signs: Signs) -> Transfer | None:
        if is_neutral_side(entry.side):
            return self._neutral(entry)
        moved = self._moved(entry, signs)
        if moved is None:
            self._no_movement(entry, signs)
            return None
        currency = entry.currency or self.currency
        if currency is None:
            self._problem("currency_unclear", entry.line, entry.line.text)
            return None
        return self._transfer(entry, moved[0], Amount(moved[1], currency))

    def _refunded_goods(self) -> frozenset[str]:
        """Goods of the refund rows of a wallet's list: "退款-" and the goods of the payment."""
        goods = (plain(self.rows.text(entry.line, Column.TEXT)) for entry in self.entries if entry.side)
        return frozenset(name.removeprefix("退款-") for name in goods if name.startswith("退款-"))

    def _neutral(self, entry: Entry) -> Transfer | None:
        """A wallet's row that it counts neither in nor out.

        A refund came in; a payment that was refunded in full had gone out before; in other rows money
        only changed its place.
        """
        status = self.rows.cell(entry.line, Column.STATUS)
        size = value_of(entry.amount, self.mark)
        if size and plain(self.rows.text(entry.line, Column.TEXT)) in self.refunded and "成功" in status:
            currency = entry.currency or self.currency or "CNY"
            return self._transfer(entry, Direction.OUT, Amount(abs(size), currency))
        if size and "退款成功" in status:
            return self._transfer(
                entry, Direction.IN, Amount(abs(size), entry.currency or self.currency or "CNY")
            )
        self._problem("neutral_movement", entry.line, entry.line.text, Severity.NOTE)
        return None

    def _moved(self, entry: Entry, signs: Signs) -> tuple[Direction, Decimal] | None:
        """Direction and positive size of the row; None when it has none, or it is not known."""
        came, went = value_of(entry.income, self.mark), value_of(entry.expense, self.mark)
        if came and went:
            return None
        if came:
            return (Direction.IN, came) if came > 0 else (Direction.OUT, -came)
        if went:
            return self._expense(entry, went)
        size = value_of(entry.amount, self.mark)
        way = signs.ways.get(entry.line.number)
        if size and self.headings.has(Column.INCOME):
            way = way or (Direction.OUT if size < 0 else Direction.IN)
        return (way, abs(size)) if size and way else None

    def _expense(self, entry: Entry, went: Decimal) -> tuple[Direction, Decimal]:
        """A minus in the column of what went out is either its custom, or one row that was reversed."""
        if went > 0:
            return Direction.OUT, went
        others = [value for e in self.entries if (value := value_of(e.expense, self.mark))]
        custom = all(value < 0 for value in others)
        return (Direction.OUT if custom else Direction.IN), -went

    def _no_movement(self, entry: Entry, signs: Signs) -> None:
        values = [
            value_of(figure, self.mark) for figure in (entry.amount, entry.income, entry.expense) if figure
        ]
        if None in values:
            code, severity = "amount_unclear", Severity.WARNING
        elif not any(values):
            code, severity = "zero_amount", Severity.NOTE
        else:
            code, severity = "direction_unclear", Severity.WARNING
        self._problem(code, entry.line, entry.line.text, severity)

    def _transfer(self, entry: Entry, way: Direction, amount: Amount) -> Transfer:
        text = self.rows.text(entry.line, Column.KIND, Column.TEXT)
        outward = way is Direction.OUT
        own, far = self._own(entry, outward), self._far(entry, outward)
        fee = value_of(self.rows.figure(entry.line, Column.FEE), self.mark)
        return Transfer(
            direction=way,
            amount=amount,
            moment=self._moment(entry),
            status=self._status(entry, way, text),
            method=self._method(entry, amount.currency, text),
            payer=own if outward else far,
            payee=far if outward else own,
            sources=(self.sheet.source(self.sheet.at(entry.line), entry.line.text),),
            reference=text_or_none(self.rows.cell(entry.line, Column.REFERENCE)),
            merchant_reference=text_or_none(self.rows.cell(entry.line, Column.MERCHANT_REFERENCE)),
            note=text or None,
            fee=Amount(abs(fee), amount.currency) if fee else None,
        )

    def _moment(self, entry: Entry) -> Moment | None:
        stamp = entry.stamp
        if stamp is None:
            self._problem("time_not_understood", entry.line, entry.day_cell)
            return None
        year, month, day = stamp.parts(stamp.proves() or self.order)
        if year is None or month is None or day is None:
            if year is None:
                self.yearless.append(entry)
            return None
        wall = to_datetime(year, month, day, stamp.clock)
        if wall is None:
            self._problem("time_not_understood", entry.line, entry.day_cell)
            return None
        return self._placed(wall, entry, stamp)

    def _placed(self, wall: datetime, entry: Entry, stamp: Stamp) -> Moment:
        clock = stamp.clock
        if stamp.offset is not None:
            return Moment(
                wall.replace(tzinfo=offset_zone(stamp.offset)), precision_of(clock), ZoneBasis.STATED
            )
        zone, basis = self.zone
        if "/" in (named := self.rows.cell(entry.line, Column.ZONE)) and (stated := _zone(named)):
            zone, basis = stated, ZoneBasis.STATED
        return Moment(wall.replace(tzinfo=zone), precision_of(clock), basis)

    def _status(self, entry: Entry, way: Direction, text: str) -> TransferStatus:
        cell = self.rows.cell(entry.line, Column.STATUS)
        if way is Direction.IN and _REFUND.search(f"{cell} {text}"):
            return TransferStatus.RETURNED
        if not cell:
            # a statement lists what was booked
            return TransferStatus.COMPLETED
        status = bill_status(cell)
        return english_status(cell) if status is TransferStatus.UNKNOWN else status

    def _method(self, entry: Entry, currency: str, text: str) -> Method:
        wallet = self.sheet.facts.get("wallet", "")
        if wallet or self.headings.has(Column.FUNDING):
            return _WALLETS.get(wallet, Method.WALLET)
        far = self.rows.text(entry.line, Column.OTHER_NAME, Column.PAYEE_NAME, Column.PAYER_NAME)
        return method_of(f"{text} {far}", self.card, currency)

    def _own(self, entry: Entry, outward: bool) -> Account:
        facts = self.sheet.facts
        name = self._own_cell(entry, Column.OWN_NAME, _BOTH_NAMES, outward) or facts.get("holder_name")
        shown = "" if self.headings.seller or self._account_is_far() else entry.account.strip("'")
        # "Checking" or "Current" in the account column is a kind of account, not its number
        number = shown if any(map(str.isdigit, shown)) else None
        number = number or self._own_cell(entry, None, _BOTH_ACCOUNTS, outward) or facts.get("holder_account")
        if funding := self.rows.cell(entry.line, Column.FUNDING):
            return funding_account(funding, facts.get("wallet"), name, number)
        kind = AccountKind.CARD if self.card else AccountKind.BANK
        return Account(name, facts.get("holder_bank") or facts.get("bank_in_title"), number, kind)

    def _account_is_far(self) -> bool:
        """An unnamed account column that some rows leave empty, beside a column of payees, is the payees': the
        user's own account stands in every row or in none."""
        filled = sum(bool(entry.account) for entry in self.entries)
        named = self.headings.has(Column.OTHER_NAME) or self.headings.has(Column.PAYEE_NAME)
        return named and 0 < filled < len(self.entries)

    def _far(self, entry: Entry, outward: bool) -> Account:
        name = self._far_cell(entry, Column.OTHER_NAME, _BOTH_NAMES, outward)
        number = self._far_cell(entry, Column.OTHER_ACCOUNT, _BOTH_ACCOUNTS, outward)
        if not number and self._account_is_far():
            number = text_or_none(entry.account.strip("'"))
        if name and not number and (both := _NAME_AND_NUMBER.match(name)):
            name, number = both[1].strip(), both[2]
        elif name and not number and re.fullmatch(r"[0-9*]{8,32}", name):
            name, number = None, name
        bank = text_or_none(self.rows.cell(entry.line, Column.OTHER_BANK))
        return Account(name, bank, number, AccountKind.BANK if number else AccountKind.UNKNOWN)

    def _own_cell(
        self, entry: Entry, column: Column | None, both: tuple[Column, Column], outward: bool
    ) -> str | None:
        """What a column says of the user's side, or the payer's (payee's) where the table has both."""
        if column and (shown := self.rows.cell(entry.line, column)):
            return text_or_none(shown)
        if not self.headings.has(*both):
            return None
        return text_or_none(self.rows.cell(entry.line, both[0] if outward else both[1]))

    def _far_cell(
        self, entry: Entry, column: Column, both: tuple[Column, Column], outward: bool
    ) -> str | None:
        """What the table says of the far side. One that names only payer or only payee means it by that."""
        mine, theirs = both if outward else (both[1], both[0])
        columns = (column, theirs if self.headings.has(theirs) else mine)
        return next((cell for c in columns if (cell := text_or_none(self.rows.cell(entry.line, c)))), None)

    def _problem(self, code: str, line: Line, detail: str, severity: Severity = Severity.WARNING) -> None:
        self.sheet.problems.append(self.sheet.context.problem(code, self.sheet.at(line), detail, severity))


def _zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, None for anything else."""
    try:
        return ZoneInfo(name) if len(name) <= 60 else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
