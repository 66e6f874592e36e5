"""Working days and counting: which days are worked, and on which day a period ends.

China works on some weekends and rests on some weekdays (调休) as the State Council announces each autumn for
the next year. A year without an announcement in the pack is provisional: a date that leans on it is soft.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5
_DAY = timedelta(days=1)
LONGEST_DAYS = 36_600
"""No rule counts further than about a hundred years; anything longer is a slip in a pack."""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """One year's announcement: days off (weekends may be listed too) and weekends that are worked."""

    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one place.

    `plans`: announced years. `country`/`subdivision`: names in the `holidays` library for other years.
    `always_known`: the library's days are settled by statute (bank holidays), no yearly notice is awaited.
    """

    name: str
    plans: Mapping[int, YearPlan] = field(default_factory=dict)
    country: str | None = None
    subdivision: str | None = None
    always_known: bool = False

    def is_working(self, day: date) -> bool:
        """Is `day` a working day here? For a provisional year: as far as the law fixes it."""
        plan = self.plans.get(day.year)
        if plan is None:
            return day.weekday() < _SATURDAY and day not in self._library_days(day.year)
        if day in plan.work:
            return True
        return day.weekday() < _SATURDAY and day not in plan.off

    def is_settled(self, year: int) -> bool:
        """Have the days off of `year` been announced?"""
        return self.always_known or year in self.plans

    def next_working(self, day: date) -> date:
        """`day` itself if worked, else the next working day."""
        while not self.is_working(day):
            day += _DAY
        return day

    def _library_days(self, year: int) -> frozenset[date]:
        if self.country is None:
            return frozenset()
        return _library_days(self.country, self.subdivision, year)


@lru_cache(maxsize=512)
def _library_days(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


def add_days(start: date, count: int) -> date:
    """The last day of a period of `count` days; the day of the event (`start`) is not counted.

    Source: PRC Civil Code art. 201; the usual reading in Great Britain too.
    """
    _bounded(count)
    return start + timedelta(days=count)


def add_months(start: date, count: int) -> date:
    """The day of the same number `count` months later, or the month's last day if there is none.

    Source: PRC Civil Code art. 202: 31 January plus one month is the last day of February.
    """
    _bounded(count * 30)
    months = start.year * 12 + start.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(start.day, _months.monthrange(year, month)[1]))


def add_working_days(start: date, count: int, calendar: Calendar) -> date:
    """The `count`-th working day after `start`, which is not counted. Zero: the first working day from it."""
    _bounded(count)
    day = calendar.next_working(start) if count == 0 else start
    for _ in range(count):
        day = calendar.next_working(day + _DAY)
    return day


def _bounded(days: int) -> None:
    if not 0 <= days <= LONGEST_DAYS:
        raise ValueError(f"a period of {days} days is not one that a rule sets")
