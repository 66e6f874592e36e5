"""Rows of a bank table as figures and stamps, and what the whole table proves about how to read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from clawback.model.events import Direction
from clawback.readers.bank_headings import Column, Headings
from clawback.readers.bank_words import is_card_payment, movement, side_of
from clawback.readers.figures import (
    DayOrder,
    Figure,
    Mark,
    Stamp,
    currency_code,
    decimal_mark,
    parse_clock,
    parse_figure,
    parse_offset,
    parse_stamp,
)
from clawback.readers.tables import Line

_NAMES = (Column.OTHER_NAME, Column.PAYEE_NAME, Column.PAYER_NAME)
_NO_FIGURE = frozenset({"", "-", "--", "—", "/", "n/a", "无"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, read as far as it can be read alone. Figures are None where the cell is empty.

    `stamp` None with `day_cell` filled: the day could not be read. `booked`: the other date of the row.
    `currency`: named by the row itself.
    """

    line: Line
    stamp: Stamp | None
    booked: Stamp | None
    day_cell: str
    amount: Figure | None
    income: Figure | None
    expense: Figure | None
    balance: Figure | None
    currency: str | None
    side: str
    text: str
    account: str

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the row."""
        return tuple(f for f in (self.amount, self.income, self.expense, self.balance) if f)

    @property
    def has_money(self) -> bool:
        """Is there an amount at all (a zero counts)?"""
        return any((self.amount, self.income, self.expense))


class RowReader:
    """Reads rows under one heading."""

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._income = _booked_first(headings, Column.INCOME)
        self._expense = _booked_first(headings, Column.EXPENSE)

    def cell(self, line: Line, column: Column) -> str:
        """The first filled cell of the columns with this meaning, "" when none is."""
        places = self._headings.places.get(column, ())
        return next((cell for place in places if (cell := line.cell(place)) not in _NO_FIGURE), "")

    def text(self, line: Line, *columns: Column) -> str:
        """All filled cells of these columns, once each, in order."""
        places = (place for column in columns for place in self._headings.places.get(column, ()))
        cells = (line.cell(place) for place in places)
        return " ".join(dict.fromkeys(cell for cell in cells if cell not in _NO_FIGURE))

    def entry(self, line: Line) -> Entry:
        """The row, read alone."""
        day_cell, stamp = self._stamp(line, Column.DATE, Column.BOOKED)
        settled, amount = self.figure(line, Column.SETTLED), self.figure(line, Column.AMOUNT)
        figure = settled or amount
        return Entry(
            line,
            stamp and self._timed(line, stamp),
            self._stamp(line, Column.BOOKED)[1],
            day_cell,
            figure,
            self._first_figure(line, self._income),
            self._first_figure(line, self._expense),
            self.figure(line, Column.BALANCE),
            self._currency(line, figure, booked=bool(settled)),
            self._side(line),
            self.text(line, Column.KIND, Column.TEXT, *_NAMES),
            self.cell(line, Column.OWN_ACCOUNT),
        )

    def _stamp(self, line: Line, *columns: Column) -> tuple[str, Stamp | None]:
        filled = ""
        for column in columns:
            for place in self._headings.places.get(column, ()):
                cell = line.cell(place)
                if stamp := parse_stamp(cell):
                    return cell, stamp
                if cell not in _NO_FIGURE and not parse_clock(cell):
                    filled = filled or cell
        return filled, None

    def _timed(self, line: Line, stamp: Stamp) -> Stamp:
        offset = stamp.offset if stamp.offset is not None else parse_offset(self.cell(line, Column.ZONE))
        if offset is None and self._headings.utc:
            offset = parse_offset(self._headings.utc)
        clock = stamp.clock
        for column in (Column.TIME, Column.DATE, Column.BOOKED) if clock is None else ():
            for place in self._headings.places.get(column, ()):
                clock = clock or parse_clock(line.cell(place))
        if clock and clock[:2] == (0, 0) and not clock[2]:
            # exports fill an unknown time with midnight; a day is the honest reading of it
            clock = None
        return replace(stamp, clock=clock, offset=offset)

    def figure(self, line: Line, column: Column) -> Figure | None:
        """The first figure in the columns with this meaning."""
        return self._first_figure(line, self._headings.places.get(column, ()))

    def _first_figure(self, line: Line, places: Iterable[int]) -> Figure | None:
        for place in places:
            cell = line.cell(place)
            if cell not in _NO_FIGURE and (figure := parse_figure(cell)):
                named = self._headings.currencies.get(place)
                return replace(figure, currency=figure.currency or named)
        return None

    def _currency(self, line: Line, figure: Figure | None, booked: bool) -> str | None:
        if figure and figure.currency:
            return figure.currency
        columns = (
            (Column.SETTLED_CURRENCY, Column.CURRENCY) if booked or figure is None else (Column.CURRENCY,)
        )
        for column in columns:
            if code := currency_code(self.cell(line, column)):
                return code
        moved = self._first_figure(line, self._income) or self._first_figure(line, self._expense)
        return moved.currency if moved else None

    def _side(self, line: Line) -> str:
        if side := self.cell(line, Column.SIDE) or _raw(line, self._headings, Column.SIDE):
            return side
        # "Type: CREDIT/DEBIT" is a side, "Type: Transfer" is not
        kinds = self._headings.places.get(Column.KIND, ())
        return next((line.cell(place) for place in kinds if side_of(line.cell(place))), "")


def _raw(line: Line, headings: Headings, column: Column) -> str:
    return next((line.cell(place) for place in headings.places.get(column, ())), "")


def _booked_first(headings: Headings, column: Column) -> tuple[int, ...]:
    """Of 记账金额(收入) and 交易金额(收入) the booked one: that is what the account holder paid."""
    places = headings.places.get(column, ())
    return tuple(sorted(places, key=lambda place: not re.search("记账|入账", headings.line.cell(place))))


# --- what the table proves ----------------------------------------------------------------------------------


def mark_of(entries: Sequence[Entry]) -> Mark:
    """The decimal mark of the table.

    Where no figure proves it, a mark with three digits behind it groups thousands: banks state no
    thousandths.
    """
    figures = [figure for entry in entries for figure in entry.figures]
    mark = decimal_mark(figures)
    if mark is not Mark.OPEN:
        return Mark.POINT if mark is Mark.NONE else mark
    open_marks = {"." if "." in f.digits else "," for f in figures if f.mark is Mark.OPEN}
    proven = {f.mark for f in figures} & {Mark.POINT, Mark.COMMA}
    if proven or len(open_marks) != 1:
        return Mark.OPEN
    return Mark.COMMA if "." in open_marks else Mark.POINT


def order_of(stamps: Sequence[Stamp], today: date) -> tuple[DayOrder | None, bool]:
    """The order of day and month that the dates prove together, and whether single dates contradict."""
    doubtful = [stamp for stamp in stamps if stamp.open]
    proofs = {proof for stamp in doubtful if (proof := stamp.proves())}
    if proofs:
        return (None, True) if len(proofs) > 1 else (proofs.pop(), False)
    possible = {order for order in DayOrder if not _in_future(doubtful, order, today)}
    if len(possible) == 1:
        return possible.pop(), False
    sorted_by = {order for order in DayOrder if _sorted(stamps, order)}
    return (sorted_by.pop(), False) if len(sorted_by) == 1 else (None, False)


def _in_future(stamps: Iterable[Stamp], order: DayOrder, today: date) -> bool:
    limit = (today.year, today.month, today.day)
    return any((parts := stamp.parts(order))[0] is not None and parts > limit for stamp in stamps)


def _sorted(stamps: Sequence[Stamp], order: DayOrder) -> bool:
    days = [parts for stamp in stamps if None not in (parts := stamp.parts(order))]
    if len(set(days)) < 3:
        return False
    steps = list(pairwise(days))
    return all(a <= b for a, b in steps) or all(a >= b for a, b in steps)


# --- signs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signs:
    """Which way each row went. `ways`: direction by line number; a row not in it is undecided.

    `assumed`: the convention that had to be assumed, "" when everything is proven.
    """

    ways: dict[int, Direction]
    assumed: str = ""


def find_signs(entries: Sequence[Entry], mark: Mark, card: bool) -> Signs:
    """Directions of rows with one amount column, by the strongest proof that the table gives."""
    if any(side_of(entry.side) for entry in entries):
        return Signs({e.line.number: side for e in entries if (side := side_of(e.side))})
    turned = {entry.amount.turned for entry in entries if entry.amount} - {None}
    if turned:
        return Signs({e.line.number: _by_turn(e, turned) for e in entries})
    if any(entry.amount and entry.amount.signed for entry in entries):
        return _signed(entries, mark, card)
    return _unsigned(entries, mark, card)


def _by_turn(entry: Entry, turned: set[str | None]) -> Direction:
    own = entry.amount.turned if entry.amount else None
    if own:
        return Direction.IN if own == "CR" else Direction.OUT
    # statements mark only the rarer side
    return Direction.OUT if "CR" in turned else Direction.IN


def _signed(entries: Sequence[Entry], mark: Mark, card: bool) -> Signs:
    """Minus is money out on an account; on many card exports it is money back. The rows decide."""
    plus_is_in = {e.line.number: _flip(Direction.IN, e) for e in entries if e.amount}
    plus_is_out = {e.line.number: _flip(Direction.OUT, e) for e in entries if e.amount}
    if not card:
        proven = balance_ways(entries, mark)
        against = sum(plus_is_out.get(number) is way for number, way in proven.items())
        if proven:
            return Signs(plus_is_out if against * 2 > len(proven) else plus_is_in)
        thanked = [e.line.number for e in entries if e.amount and is_card_payment(e.text)]
        if thanked and all(plus_is_in[number] is Direction.OUT for number in thanked):
            # the bank thanks for payments that have a minus: a card's list, where a plus was spent
            return Signs(plus_is_out, "plus = out (payments received have a minus)")
        return Signs(plus_is_in)
    votes = [(e.line.number, vote) for e in entries if e.amount and (vote := movement(e.text, card))]
    inside = sum(plus_is_in[number] is vote for number, vote in votes)
    if votes and inside * 2 != len(votes):
        return Signs(plus_is_in if inside * 2 > len(votes) else plus_is_out)
    negative = sum(bool(e.amount and e.amount.negative) for e in entries)
    # most rows of a card statement are purchases
    mostly_minus = negative * 2 > len(plus_is_in)
    return Signs(
        plus_is_in if mostly_minus else plus_is_out, "minus = out" if mostly_minus else "plus = out (card)"
    )


def _flip(plus: Direction, entry: Entry) -> Direction:
    negative = bool(entry.amount and entry.amount.negative)
    return plus if not negative else Direction.OUT if plus is Direction.IN else Direction.IN


def _unsigned(entries: Sequence[Entry], mark: Mark, card: bool) -> Signs:
    """No sign anywhere: the running balance decides, then a row's words, then that cards are spent on."""
    ways = {} if card else dict(balance_ways(entries, mark))
    assumed = ""
    for entry in entries:
        number = entry.line.number
        if number not in ways and (vote := movement(entry.text, card)):
            ways[number] = vote
        if number not in ways and card:
            ways[number] = Direction.OUT
            assumed = "plus = out (card)"
    return Signs(ways, assumed)


def balance_ways(entries: Sequence[Entry], mark: Mark) -> dict[int, Direction]:
    """Directions that the running balance proves, row by row, in the order of the rows that fits more."""
    down = _steps(entries, mark)
    up = _steps(list(reversed(entries)), mark)
    return down if len(down) >= len(up) else up


def _steps(entries: Sequence[Entry], mark: Mark) -> dict[int, Direction]:
    ways = {}
    for before, entry in pairwise(entries):
        first, last = value_of(before.balance, mark), value_of(entry.balance, mark)
        size = value_of(entry.amount, mark)
        if first is None or last is None or not size or before.account != entry.account:
            continue
        if abs(last - first) == abs(size):
            ways[entry.line.number] = Direction.IN if last > first else Direction.OUT
    return ways


def value_of(figure: Figure | None, mark: Mark) -> Decimal | None:
    """The signed value of a figure, None when there is none or it does not fit the mark."""
    return figure.value(mark) if figure else None
