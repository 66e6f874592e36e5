from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.moments import Precision
from clawback.readers.figures import (
    DayOrder,
    Mark,
    currency_code,
    decimal_mark,
    parse_clock,
    parse_figure,
    parse_offset,
    parse_stamp,
    precision_of,
    to_datetime,
)


@pytest.mark.parametrize(
    ("cell", "value", "currency"),
    [
        ("28.16", "28.16", None),
        ("¥28.16", "28.16", None),
        ("-12,345.89", "-12345.89", None),
        ("+10000.00", "10000.00", None),
        ("(123.45)", "-123.45", None),
        ("($1,036.47)", "-1036.47", None),
        ("-$5.00", "-5.00", None),
        ("$-5.00", "-5.00", None),
        ("5.00-", "-5.00", None),
        ("−5.00", "-5.00", None),
        ("1.234,56", "1234.56", None),
        ("11'373.94", "11373.94", None),
        ("1 234,56 €", "1234.56", "EUR"),
        ("CNY 123.18", "123.18", "CNY"),
        ("CNY13.50", "13.50", "CNY"),
        ("28.50元", "28.50", None),
        ("人民币28.50元", "28.50", "CNY"),
        ("HK$1,000.00", "1000.00", "HKD"),
        ("£0.01", "0.01", "GBP"),
        ("131.77(已退款89.84)", "131.77", None),
        (".50", "0.50", None),
        ("1,00,000.00", "100000.00", None),
        ("１２．５０", "12.50", None),
    ],
)
def test_amount_cells_are_read_as_written(cell: str, value: str, currency: str | None) -> None:
    figure = parse_figure(cell)
    assert figure is not None
    assert figure.value(figure.mark) == Decimal(value)
    assert figure.currency == currency


@pytest.mark.parametrize(
    "cell", ["", "abc", "2026-01-01", "12:30", "1.2.3.4-5", "5 apples", "6222 x 1", "1" * 90]
)
def test_cells_that_are_no_amount_are_refused(cell: str) -> None:
    assert parse_figure(cell) is None


@pytest.mark.parametrize(("cell", "turned"), [("100.00 CR", "CR"), ("100.00DR", "DR"), ("100.00", None)])
def test_credit_and_debit_marks_behind_a_figure_are_kept(cell: str, turned: str | None) -> None:
    figure = parse_figure(cell)
    assert figure is not None
    assert figure.turned == turned


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1,234.50"], Mark.POINT),
        (["1.234,50"], Mark.COMMA),
        (["12,50", "1.234"], Mark.COMMA),
        (["1,234", "5.00"], Mark.POINT),
        (["1,234"], Mark.OPEN),
        (["1.234", "12"], Mark.OPEN),
        (["1.50", "1,50"], Mark.OPEN),
        (["12"], Mark.NONE),
    ],
)
def test_the_decimal_mark_is_what_all_figures_prove(cells: list[str], mark: Mark) -> None:
    assert decimal_mark([figure for cell in cells if (figure := parse_figure(cell))]) is mark


def test_a_figure_that_could_be_thousands_or_decimals_has_no_value_while_that_is_open() -> None:
    figure = parse_figure("1,234")
    assert figure is not None
    assert figure.value(Mark.OPEN) is None
    assert figure.value(Mark.POINT) == 1234
    assert figure.value(Mark.COMMA) == Decimal("1.234")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_grouped_figure_reads_back_in_both_conventions(value: Decimal) -> None:
    english = f"{value:,.2f}"
    continental = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    for text, mark in ((english, Mark.POINT), (continental, Mark.COMMA)):
        figure = parse_figure(text)
        assert figure is not None
        assert figure.value(mark) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("人民币", "CNY"),
        ("CNY", "CNY"),
        ("cad", "CAD"),
        ("€", "EUR"),
        ("$", None),
        ("¥", None),
        ("XYZ", None),
    ],
)
def test_a_currency_is_named_only_by_words_with_one_meaning(cell: str, code: str | None) -> None:
    assert currency_code(cell) == code


@pytest.mark.parametrize(
    ("cell", "parts", "clock"),
    [
        ("2026-02-12 21:32:14", (2026, 2, 12), (21, 32, 14)),
        ("2026/2/3 9:05", (2026, 2, 3), (9, 5, None)),
        ("2026年2月3日", (2026, 2, 3), None),
        ("20260203", (2026, 2, 3), None),
        ("20260203213214", (2026, 2, 3), (21, 32, 14)),
        ("2026-02-03T21:32:14Z", (2026, 2, 3), (21, 32, 14)),
        ("31.03.2026", (2026, 3, 31), None),
        ("05.03.2026", (2026, 3, 5), None),
        ("3 Mar 2026", (2026, 3, 3), None),
        ("03-Mar-26", (2026, 3, 3), None),
        ("Mar 3, 2026", (2026, 3, 3), None),
        ("3 février 2026", (2026, 2, 3), None),
        ("17 OCT", (None, 10, 17), None),
    ],
)
def test_dates_whose_order_is_known_are_read(
    cell: str, parts: tuple[int | None, int, int], clock: tuple[int, int, int | None] | None
) -> None:
    stamp = parse_stamp(cell)
    assert stamp is not None
    assert stamp.parts(None) == parts
    assert stamp.clock == clock


def test_a_slashed_date_is_open_until_an_order_is_given() -> None:
    stamp = parse_stamp("05/03/2026")
    assert stamp is not None
    assert stamp.parts(None) == (2026, None, None)
    assert stamp.parts(DayOrder.DAY_FIRST) == (2026, 3, 5)
    assert stamp.parts(DayOrder.MONTH_FIRST) == (2026, 5, 3)
    assert stamp.proves() is None


@pytest.mark.parametrize(
    ("cell", "order"), [("25/03/2026", DayOrder.DAY_FIRST), ("03/25/26", DayOrder.MONTH_FIRST)]
)
def test_a_number_above_twelve_proves_the_order(cell: str, order: DayOrder) -> None:
    stamp = parse_stamp(cell)
    assert stamp is not None
    assert stamp.proves() is order


@pytest.mark.parametrize(
    "cell", ["", "hello", "12345678901", "99/99/2026", "2026-13-01", "10.10", "pending", "1" * 70]
)
def test_cells_that_are_no_date_are_refused(cell: str) -> None:
    assert parse_stamp(cell) is None


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("18:53:19", (18, 53, 19)),
        ("185319", (18, 53, 19)),
        ("06:50 PM", (18, 50, None)),
        ("12:05 am", (0, 5, None)),
        ("上午", None),
        ("25:00", None),
        ("10.10.2017", None),
    ],
)
def test_clock_cells(cell: str, clock: tuple[int, int, int | None] | None) -> None:
    assert parse_clock(cell) == clock


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("UTC", 0), ("Z", 0), ("+08:00", 480), ("GMT-3", -180), ("UTC+8", 480), ("CST", None)],
)
def test_only_offsets_that_say_a_number_are_known(text: str, minutes: int | None) -> None:
    assert parse_offset(text) == minutes


@pytest.mark.parametrize("day", [(2026, 2, 30), (2026, 13, 1), (9999, 12, 31), (1, 1, 1)])
def test_a_day_that_no_statement_can_hold_is_none(day: tuple[int, int, int]) -> None:
    assert to_datetime(*day, None) is None


def test_precision_is_the_smallest_unit_stated() -> None:
    assert [precision_of(c) for c in (None, (1, 2, None), (1, 2, 3))] == [
        Precision.DAY,
        Precision.MINUTE,
        Precision.SECOND,
    ]


@given(st.text(max_size=70))
def test_any_cell_is_read_or_refused_without_raising(cell: str) -> None:
    figure, stamp = parse_figure(cell), parse_stamp(cell)
    if figure:
        figure.value(figure.mark)
    if stamp:
        stamp.parts(DayOrder.DAY_FIRST)
    parse_clock(cell)
