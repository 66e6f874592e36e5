"""Figures over all cases: with their denominators, per currency, and what is not known is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from clawback.desk.overview import Line, State, Summary, Sums
from clawback.desk.statistics import statistics_of
from clawback.model.money import Amount

OPENED = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
REFUSED = ("withdrawal_refused", "提现被拒", "Withdrawal refused")
SHOP = ("fake_shop", "假网店", "Fake shop")


def cny(value: str) -> Amount:
    return Amount(Decimal(value), "CNY")


def gbp(value: str) -> Amount:
    return Amount(Decimal(value), "GBP")


def ready(*sums: Sums, situations: tuple[tuple[str, str, str], ...] = (), acted: date | None = None) -> Line:
    summary = Summary(OPENED, OPENED, "", "", situations, sums, (), 0, 0, 0, acted)
    return Line("x", State.READY, OPENED, summary)


def test_money_is_added_up_per_currency_and_never_across() -> None:
    figures = statistics_of(
        [
            ready(Sums(cny("8000.00"), cny("3000.00"), cny("120.00"))),
            ready(Sums(cny("0.10"), None, cny("0.20")), Sums(gbp("85.00"), None, gbp("0"))),
            ready(),
        ]
    )
    money = [(one.lost, one.frozen, one.returned, one.cases) for one in figures.money]
    assert money == [
        (cny("8000.10"), cny("3000.00"), cny("120.20"), 2),
        (gbp("85.00"), gbp("0.00"), gbp("0"), 1),
    ]
    assert (figures.counted, figures.without_money) == (3, 1)


def test_situations_are_counted_and_so_are_cases_without_one() -> None:
    lines = [ready(situations=(REFUSED, SHOP)), ready(situations=(REFUSED,)), ready()]
    figures = statistics_of(lines)
    assert figures.situations == (("提现被拒", "Withdrawal refused", 2), ("假网店", "Fake shop", 1))
    assert figures.without_situation == 1


def test_days_to_the_first_action_leave_out_those_that_are_not_known() -> None:
    days = [
        date(2026, 11, 10),
        date(2026, 11, 11),
        date(2026, 11, 14),
        date(2026, 11, 20),
        None,
        date(2026, 11, 1),
    ]
    figures = statistics_of([ready(acted=day) for day in days])
    assert figures.days == (0, 0, 1, 4, 10)  # who acted before the case was opened acted at once
    assert figures.usual_days == 1
    assert figures.within_a_day == 3
    assert figures.not_acted == 1


def test_what_cannot_be_counted_is_said() -> None:
    old = ready().summary
    lines = [
        Line("a", State.LOCKED, OPENED),
        Line("b", State.WORKING, OPENED),
        Line("c", State.WORKING, OPENED, old),  # an older summary still counts
        Line("d", State.BROKEN, OPENED),
    ]
    figures = statistics_of(lines)
    assert (figures.total, figures.counted, figures.locked, figures.working, figures.broken) == (
        4,
        1,
        1,
        1,
        1,
    )


def test_no_cases_give_no_figures() -> None:
    figures = statistics_of([])
    assert figures.total == figures.counted == 0
    assert figures.money == figures.situations == figures.days == ()
    assert figures.usual_days is None
