"""What all cases together show: money, what happened, how soon somebody acted. Each figure with its number of
cases, and with those of which it is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from clawback.desk.overview import Line, State, Summary
from clawback.model.money import Amount


@dataclass(frozen=True, slots=True)
class CurrencySums:
    """Money of one currency over `cases` cases. Sums of currencies are never added up."""

    lost: Amount
    frozen: Amount
    returned: Amount
    cases: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """`counted` of `total` cases are in the figures; the others are locked, not summed up yet, or broken.

    `money`: largest number of cases first. `without_money`: counted cases in which no loss is known.
    `situations`: (zh, en, cases); a case may have several. `without_situation`: nobody said what happened.
    `days`: from opening a case to the first call or paper, in order; `not_acted`: cases without either.
    """

    total: int
    counted: int
    locked: int
    working: int
    broken: int
    money: tuple[CurrencySums, ...]
    without_money: int
    situations: tuple[tuple[str, str, int], ...]
    without_situation: int
    days: tuple[int, ...]
    not_acted: int

    @property
    def usual_days(self) -> float | None:
        """Half of those who acted did within so many days."""
        return median(self.days) if self.days else None

    @property
    def within_a_day(self) -> int:
        """Cases in which somebody acted on the day of opening or the next."""
        return sum(days <= 1 for days in self.days)


def statistics_of(lines: Sequence[Line]) -> Statistics:
    """The figures over these cases."""
    states = Counter(line.state for line in lines)
    summaries = [line.summary for line in lines if line.summary is not None]
    situations = Counter((zh, en) for one in summaries for _, zh, en in one.situations)
    return Statistics(
        total=len(lines),
        counted=len(summaries),
        locked=states[State.LOCKED],
        working=sum(line.state is State.WORKING and line.summary is None for line in lines),
        broken=states[State.BROKEN],
        money=_money(summaries),
        without_money=sum(not one.sums for one in summaries),
        situations=tuple((zh, en, count) for (zh, en), count in situations.most_common()),
        without_situation=sum(not one.situations for one in summaries),
        days=tuple(sorted(_days(summaries))),
        not_acted=sum(one.acted is None for one in summaries),
    )


def _money(summaries: Iterable[Summary]) -> tuple[CurrencySums, ...]:
    sums: dict[str, CurrencySums] = {}
    for one in summaries:
        for money in one.sums:
            currency = money.lost.currency
            nothing = money.lost - money.lost
            held = sums.get(currency, CurrencySums(nothing, nothing, nothing, 0))
            sums[currency] = CurrencySums(
                held.lost + money.lost,
                held.frozen + (money.frozen or nothing),
                held.returned + money.returned,
                held.cases + 1,
            )
    return tuple(sorted(sums.values(), key=lambda one: (-one.cases, one.lost.currency)))


def _days(summaries: Iterable[Summary]) -> Iterable[int]:
    """Whole days; somebody who acted before the case was opened acted at once."""
    return (max((one.acted - one.opened.date()).days, 0) for one in summaries if one.acted is not None)
