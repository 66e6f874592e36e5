from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.rules.calendar import Calendar, add_days, add_months, add_working_days
from clawback.rules.load import load_pack

CHINA = load_pack("cn").calendar
BRITAIN = load_pack("gb").calendar
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def test_2026_works_on_exactly_the_six_announced_weekend_days() -> None:
    year = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    worked = [day for day in year if day.weekday() >= 5 and CHINA.is_working(day)]
    assert worked == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28),
        date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    ]  # fmt: skip


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_our_copy_of_the_yearly_notice_agrees_with_an_independent_one(year: int) -> None:
    library = holidays.country_holidays("CN", years=year)
    day = date(year, 1, 1)
    while day.year == year:
        assert CHINA.is_working(day) == library.is_working_day(day), day
        day += timedelta(days=1)


def test_a_year_without_a_notice_is_provisional_but_keeps_what_the_law_fixes() -> None:
    assert CHINA.is_settled(2026)
    assert not CHINA.is_settled(2027)
    assert not CHINA.is_working(date(2027, 10, 1))
    assert CHINA.is_working(date(2027, 10, 8))


def test_bank_holidays_of_england_and_wales_are_not_worked() -> None:
    for day in (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2026, 8, 31)):
        assert not BRITAIN.is_working(day)
    assert BRITAIN.is_working(date(2026, 12, 29))
    assert BRITAIN.is_settled(2031)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 10, 15), 13, date(2026, 11, 15)),
        (date(2025, 1, 31), 13, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [(date(2026, 11, 2), 5, date(2026, 11, 9)), (date(2026, 11, 2), 35, date(2026, 12, 21)),
     (date(2026, 11, 2), 4, date(2026, 11, 6))],
)  # fmt: skip
def test_british_working_days_match_the_published_vectors(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count, BRITAIN) == end


@given(DAYS, st.integers(1, 60), st.sampled_from([CHINA, BRITAIN]))
def test_a_working_day_period_holds_exactly_that_many_working_days(
    start: date, count: int, calendar: Calendar
) -> None:
    end = add_working_days(start, count, calendar)
    between = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(calendar.is_working(day) for day in between) == count
    assert calendar.is_working(end)


@given(DAYS, st.sampled_from([CHINA, BRITAIN]))
def test_the_next_working_day_is_the_nearest_one_not_before(day: date, calendar: Calendar) -> None:
    found = calendar.next_working(day)
    assert calendar.is_working(found)
    assert not any(calendar.is_working(day + timedelta(days=n)) for n in range((found - day).days))


@given(DAYS, st.integers(0, 240))
def test_adding_months_never_skips_a_month_and_never_goes_past_the_day(start: date, count: int) -> None:
    end = add_months(start, count)
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day <= start.day
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@given(DAYS, st.integers(0, 1000), st.integers(0, 1000))
def test_days_add_up(start: date, first: int, second: int) -> None:
    assert add_days(add_days(start, first), second) == add_days(start, first + second)


@pytest.mark.parametrize("count", [-1, 40_000])
def test_a_length_no_rule_sets_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="not one that a rule sets"):
        add_days(date(2026, 1, 1), count)
