"""What fake entries can do to a rating, and what they cannot: the limits that the documentation states."""

from __future__ import annotations

import pytest
from tools.rating_attacks import (
    Attack,
    burst,
    circle,
    contest_all,
    coverage,
    linked,
    movement,
    one_payer,
    slow,
    tiny,
    unproved,
)

from clawback.guard.ratings import Why


@pytest.mark.parametrize("praise", [True, False], ids=["praise", "bombing"])
@pytest.mark.parametrize("attack", [unproved, tiny, linked])
def test_what_costs_nothing_moves_nothing(attack: Attack, praise: bool) -> None:
    plain, rating, _ = movement(attack, 200, praise=praise)
    nothing, before, _ = movement(attack, 0, praise=praise)
    assert plain.estimate is not None
    assert nothing.estimate is not None
    assert abs(plain.estimate - nothing.estimate) > 0.7  # a plain share is turned round
    assert rating.known.interval == before.known.interval
    assert len(rating.left_out) == 200  # each listed with its reason


def test_praise_whose_money_comes_back_moves_nothing() -> None:
    _, rating, _ = movement(circle, 200, praise=True)
    _, before, _ = movement(circle, 0, praise=True)
    assert rating.known.interval == before.known.interval
    assert {one.why for one in rating.left_out} == {Why.CIRCULAR}


@pytest.mark.parametrize("praise", [True, False], ids=["praise", "bombing"])
@pytest.mark.parametrize(("attack", "most"), [(one_payer, 0.10), (burst, 0.20)])
def test_what_comes_from_one_payer_or_at_once_has_a_ceiling(
    attack: Attack, most: float, praise: bool
) -> None:
    """However many: 10 move it as far as 200."""
    before = movement(attack, 0, praise=praise)[1].known.interval.estimate
    moved = [movement(attack, n, praise=praise)[1].known.interval.estimate for n in (10, 50, 200)]
    assert before is not None
    assert moved[0] is not None
    assert moved == [pytest.approx(moved[0])] * 3
    assert abs(moved[0] - before) <= most


def test_a_patient_attacker_who_really_pays_does_get_through() -> None:
    """A shortfall that the documentation names: what is left is the price, and the share by money."""
    before = movement(slow, 0, praise=True)[1]
    _, after, cost = movement(slow, 50, praise=True)
    assert before.known.interval.estimate is not None
    assert after.known.interval.estimate is not None
    assert after.known.interval.estimate - before.known.interval.estimate > 0.4
    assert cost == 1000
    (money,) = after.volumes
    assert money.well.value / money.paid.value < 0.3


def test_contesting_everything_shows_both_intervals() -> None:
    _, rating, _ = movement(contest_all, 16, praise=True)
    assert rating.contested == 16
    assert rating.with_contested.interval == movement(contest_all, 0, praise=True)[1].known.interval


@pytest.mark.parametrize(("payers", "least"), [(5, 0.90), (10, 0.91), (20, 0.92), (50, 0.93)])
def test_the_interval_holds_the_true_share_about_as_often_as_it_says(payers: int, least: float) -> None:
    worst, mean = coverage(payers, [share / 100 for share in range(5, 96)])
    assert worst >= least
    assert mean >= 0.95
