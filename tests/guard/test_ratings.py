"""What settled, proved payments say of a subject: the interval, the weights, and what is left out and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.guard.ratings import (
    FLOORS,
    Contest,
    Experience,
    Flow,
    Outcome,
    Rating,
    Reply,
    Why,
    rate,
    wilson,
)
from clawback.model.money import Amount

TODAY = date(2026, 11, 20)  # a Friday
SHOP = frozenset({"shop"})


def cny(value: str) -> Amount:
    return Amount(Decimal(value), "CNY")


def told(
    payer: str,
    outcome: Outcome = Outcome.DELIVERED,
    on: date = TODAY,
    paid: str = "300.00",
    returned: str = "",
    id: str = "",
) -> Experience:
    back = (cny(returned),) if returned else ()
    return Experience(
        id or f"{payer}-{on}", frozenset({payer}), outcome, on, on, (cny(paid),), back, True, True, True
    )


def spread(count: int, outcome: Outcome = Outcome.DELIVERED, letter: str = "p") -> list[Experience]:
    """Different payers, one in each of the last `count` weeks, so that nothing is a burst."""
    return [told(f"{letter}{n}", outcome, TODAY - timedelta(weeks=n)) for n in range(count)]


def why(rating: Rating) -> dict[str, Why]:
    return {one.id: one.why for one in rating.left_out}


# ------------------------------------------------------------------------------------------------ interval


@pytest.mark.parametrize(
    ("well", "total", "low", "high"),
    [  # from the published formula with z = 1.959964, worked out by hand
        (0, 10, 0.0, 0.2775),
        (8, 10, 0.4902, 0.9433),
        (1, 1, 0.2065, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_the_interval_is_wilsons(well: float, total: float, low: float, high: float) -> None:
    found = wilson(well, total)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)
    assert found.estimate == well / total


def test_of_nothing_everything_is_possible() -> None:
    rating = rate([], TODAY)
    assert (rating.known.interval.low, rating.known.interval.high, rating.known.interval.estimate) == (
        0.0,
        1.0,
        None,
    )
    assert not rating.known.enough


def test_one_bad_word_about_an_unknown_is_not_a_bad_rating() -> None:
    rating = rate([told("a", Outcome.REFUSED)], TODAY)
    assert not rating.known.enough
    assert rating.known.interval.high > 0.75


def test_enough_is_known_from_five_payers_on() -> None:
    assert not rate(spread(4), TODAY).known.enough
    assert rate(spread(5), TODAY).known.enough


def test_five_payers_of_long_ago_are_not_enough() -> None:
    old = [told(f"p{n}", on=TODAY - timedelta(weeks=52 + n)) for n in range(5)]
    rating = rate(old, TODAY)  # a year is two half-lives: five payers weigh about one and a quarter
    assert rating.known.payers == 5
    assert 1.1 < rating.known.effective < 1.3
    assert not rating.known.enough


# ------------------------------------------------------------------------------------------------- weights


def test_an_outcome_weighs_half_after_half_a_year() -> None:
    fresh, old = told("a"), told("b", on=TODAY - timedelta(weeks=26))
    weights = {one.ids[0]: one.weight for one in rate([fresh, old], TODAY).counted}
    assert weights == {fresh.id: 1.0, old.id: 0.5}


def test_a_payer_without_a_life_of_payments_weighs_half() -> None:
    new = replace(told("a"), seasoned=False)
    assert [one.weight for one in rate([new], TODAY).counted] == [0.5]


def test_a_payer_counts_once_a_quarter_however_often_he_speaks() -> None:
    many = [told("a", on=TODAY - timedelta(days=n)) for n in range(20)]
    rating = rate(many, TODAY)
    assert (rating.known.payers, rating.known.effective) == (1, 1.0)
    assert rating.counts[Outcome.DELIVERED] == 20  # what happened is still told
    before = told("a", on=date(2026, 9, 30))
    assert len(rate([*many, before], TODAY).counted) == 2


def test_who_shares_an_account_also_by_way_of_others_is_one_payer() -> None:
    one, two = told("a", id="1"), replace(told("b", id="2"), payer=frozenset({"b", "c"}))
    three = replace(told("c", id="3"), payer=frozenset({"c", "a"}))
    assert rate([one, two], TODAY).known.payers == 2
    assert rate([one, two, three], TODAY).known.payers == 1


def test_a_small_sum_that_went_well_does_not_stand_for_a_large_one_that_did_not() -> None:
    lure = told("a", paid="100.00", id="1")
    loss = told("a", Outcome.REFUSED, paid="9900.00", id="2")
    assert rate([lure, loss], TODAY).known.interval.estimate == pytest.approx(0.01)


def test_part_of_the_money_back_counts_as_that_part() -> None:
    part = told("a", Outcome.PARTLY_REFUNDED, paid="400.00", returned="100.00")
    assert rate([part], TODAY).known.interval.estimate == pytest.approx(0.25)


def test_more_back_than_was_paid_counts_as_all_of_it() -> None:
    part = told("a", Outcome.PARTLY_REFUNDED, paid="400.00", returned="500.00")
    rating = rate([part], TODAY)
    assert rating.known.interval.estimate == 1.0
    assert rating.volumes[0].well == cny("400.00")


def test_of_two_currencies_the_one_that_ended_worse_counts() -> None:
    pounds = Amount(Decimal("50.00"), "GBP")
    both = told("a", Outcome.PARTLY_REFUNDED, paid="400.00", returned="300.00")
    both = replace(both, paid=(*both.paid, pounds))  # nothing of the pounds came back
    assert rate([both], TODAY).known.interval.estimate == 0.0


def test_a_burst_is_damped_and_shown() -> None:
    flood = [told(f"b{n}") for n in range(12)]
    rating = rate(flood, TODAY)
    assert rating.known.payers == 12
    assert rating.known.effective == pytest.approx(3.0)
    (burst,) = rating.bursts
    assert (burst.week, burst.good, burst.payers, burst.counted_as) == (date(2026, 11, 16), True, 12, 3.0)


def test_a_flood_of_praise_does_not_wash_a_complaint_of_the_same_week_away() -> None:
    complaint = told("victim", Outcome.REFUSED)
    rating = rate([complaint, *(told(f"b{n}") for n in range(500))], TODAY)
    assert {one.weight for one in rating.counted if one.ids == (complaint.id,)} == {1.0}
    assert rating.known.interval.estimate == pytest.approx(0.75)  # 3 of 4, not 500 of 501


def test_a_busy_shop_may_be_busy() -> None:
    weeks = [told(f"w{w}-{n}", on=TODAY - timedelta(weeks=w)) for w in range(13) for n in range(10)]
    this_week = [one for one in rate(weeks, TODAY).counted if one.on == TODAY]
    assert {one.damped for one in this_week} == {1.0}  # ten, where ten are usual and twenty are allowed


# ------------------------------------------------------------------------------------------ what is left out


def test_what_is_left_out_is_listed_with_its_reason() -> None:
    good = told("fine")
    cases = {
        Why.NOT_PROVED: replace(told("a"), proved=False),
        Why.BELOW_FLOOR: told("b", paid="19.99"),
        Why.NO_FLOOR: replace(told("c"), paid=(Amount(Decimal(9), "XAU"),)),
        Why.LINKED: replace(told("d"), payer=frozenset({"d", "shop"})),
        Why.FUTURE: told("e", on=TODAY + timedelta(days=1)),
        Why.UNRESOLVED: told("f", Outcome.UNRESOLVED),
        Why.NO_COMPLAINT: replace(told("g", Outcome.REFUNDED, returned="300"), complained=False),
    }
    rating = rate([good, *cases.values()], TODAY, subject=SHOP)
    assert why(rating) == {one.id: reason for reason, one in cases.items()}
    assert rating.known.payers == 1
    assert rating.counts[Outcome.UNRESOLVED] == 1


def test_the_floor_itself_counts() -> None:
    assert rate([told("a", paid="20.00")], TODAY).known.payers == 1
    assert all(floor > 0 for floor in FLOORS.values())


def flow(source: str, target: str, value: str = "300.00", days: int = 3) -> Flow:
    return Flow(source, target, cny(value), TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("flows", "circular"),
    [
        ([flow("shop", "a")], True),
        ([flow("shop", "mule"), flow("mule", "a")], True),
        ([flow("shop", "m"), flow("m", "n"), flow("n", "a")], True),
        ([flow("shop", "m"), flow("m", "n"), flow("n", "o"), flow("o", "a")], False),  # a fourth hop
        ([flow("shop", "a", "149.99")], False),
        ([flow("shop", "a", days=31)], False),
        ([flow("other", "a")], False),
    ],
)
def test_money_that_goes_round_is_no_purchase(flows: list[Flow], circular: bool) -> None:
    rating = rate([told("a")], TODAY, subject=SHOP, flows=flows)
    assert (Why.CIRCULAR in why(rating).values()) is circular


def test_a_refund_after_a_complaint_is_no_circle() -> None:
    back = told("a", Outcome.REFUNDED, returned="300.00")
    assert rate([back], TODAY, subject=SHOP, flows=[flow("shop", "a")]).known.payers == 1


# --------------------------------------------------------------------------------------------------- replies


def test_a_contested_entry_counts_apart_until_somebody_rules() -> None:
    bad = spread(6, Outcome.REFUSED)
    reply = Reply("1", TODAY, "the shop", "we sent it", bad[0].id, Contest.OPEN)
    open_ = rate(bad, TODAY, replies=[reply])
    assert why(open_) == {bad[0].id: Why.CONTESTED}
    assert (open_.known.payers, open_.contested) == (5, 1)
    rejected = rate(bad, TODAY, replies=[replace(reply, contest=Contest.REJECTED)])
    assert rejected.known.payers == 6
    assert rejected.replies[0].text == "we sent it"
    upheld = rate(bad, TODAY, replies=[replace(reply, contest=Contest.UPHELD)])
    assert why(upheld) == {bad[0].id: Why.WITHDRAWN}


def test_what_was_withdrawn_stays_so_whatever_is_said_later() -> None:
    bad = spread(6, Outcome.REFUSED)
    upheld = Reply("1", TODAY - timedelta(days=9), "the shop", "no", bad[0].id, Contest.UPHELD)
    again = Reply("2", TODAY, "the shop", "no", bad[0].id, Contest.OPEN)
    refused = Reply("3", TODAY, "the shop", "no", bad[0].id, Contest.REJECTED)
    assert why(rate(bad, TODAY, replies=[upheld, again, refused])) == {bad[0].id: Why.WITHDRAWN}
    assert why(rate(bad, TODAY, replies=[again, refused])) == {bad[0].id: Why.CONTESTED}


def test_contesting_everything_hides_nothing() -> None:
    bad = spread(8, Outcome.REFUSED)
    plain = rate(bad, TODAY).known.interval
    contested = rate(bad, TODAY, replies=[Reply(e.id, TODAY, "x", "no", e.id, Contest.OPEN) for e in bad])
    assert not contested.known.enough
    assert contested.with_contested.interval == plain


def test_a_reply_without_a_contest_changes_no_figure() -> None:
    bad = spread(6, Outcome.REFUSED)
    rating = rate(bad, TODAY, replies=[Reply("1", TODAY, "the shop", "sorry", bad[0].id)])
    assert rating.known.interval == rate(bad, TODAY).known.interval


def test_a_contest_is_due_after_three_working_days() -> None:
    assert Reply("1", date(2026, 11, 20), "x", "y").due == date(2026, 11, 25)  # Friday to Wednesday


# ---------------------------------------------------------------------------------------------- properties


@st.composite
def experiences(draw: st.DrawFn) -> list[Experience]:
    found = []
    for number in range(draw(st.integers(0, 25))):
        outcome = draw(st.sampled_from(Outcome))
        on = TODAY - timedelta(days=draw(st.integers(0, 800)))
        paid = Amount(Decimal(draw(st.integers(1, 10**9))).scaleb(-2), draw(st.sampled_from(["CNY", "GBP"])))
        back = (Amount(paid.value / 4, paid.currency),) if outcome is Outcome.PARTLY_REFUNDED else ()
        payer = frozenset({f"p{draw(st.integers(0, 12))}"})
        flags = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
        found.append(Experience(f"e{number:02}", payer, outcome, on, on, (paid,), back, *flags))
    return found


@given(experiences(), st.randoms())
def test_the_order_of_entries_does_not_matter(entries: list[Experience], chance: object) -> None:
    mixed = list(entries)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert rate(mixed, TODAY) == rate(entries, TODAY)


@given(experiences())
def test_bounds_hold(entries: list[Experience]) -> None:
    rating = rate(entries, TODAY)
    for interval in (rating.known.interval, rating.with_contested.interval):
        assert 0 <= interval.low <= interval.high <= 1
        assert interval.estimate is None or interval.low <= interval.estimate <= interval.high
    for one in rating.counted:
        assert 0 < one.recency <= 1
        assert one.standing in (0.5, 1)
        assert 0 < one.damped <= 1
        assert 0 <= one.share <= 1
    assert rating.known.effective <= len(rating.counted) + 1e-9
    counted = {id for one in rating.counted for id in one.ids}
    left = {one.id for one in rating.left_out}
    assert counted | left == {one.id for one in entries}  # nothing dropped silently
    assert not counted & left


@given(experiences(), st.integers(0, 800), st.booleans())
def test_one_more_payer_who_was_served_never_lowers_and_one_who_was_not_never_raises(
    entries: list[Experience], age: int, seasoned: bool
) -> None:
    before = rate(entries, TODAY).known.interval
    on = TODAY - timedelta(days=age)
    more = replace(told("stranger", on=on, id="new"), seasoned=seasoned)
    better = rate([*entries, more], TODAY).known.interval
    worse = rate([*entries, replace(more, outcome=Outcome.REFUSED)], TODAY).known.interval
    slack = 1e-9
    assert better.low >= before.low - slack
    assert better.high >= before.high - slack
    assert worse.low <= before.low + slack
    assert worse.high <= before.high + slack


@given(st.lists(st.integers(2000, 10**12), min_size=1, max_size=20))
def test_money_is_exact(cents: list[int]) -> None:
    entries = [told(f"p{n}", paid=str(Decimal(c).scaleb(-2)), id=str(n)) for n, c in enumerate(cents)]
    (volume,) = rate(entries, TODAY).volumes
    assert volume.paid == Amount(Decimal(sum(cents)).scaleb(-2), "CNY")
    assert volume.well == volume.paid
    assert volume.payers == len(cents)


def test_sums_stand_per_currency_and_tell_what_ended_well() -> None:
    pounds = replace(told("b", Outcome.REFUSED), paid=(Amount(Decimal("85.00"), "GBP"),))
    part = told("a", Outcome.PARTLY_REFUNDED, paid="400.10", returned="100.05")
    volumes = rate([told("c", paid="0.10"), told("d", paid="50"), part, pounds], TODAY).volumes
    assert [(one.paid, one.well, one.returned, one.payers) for one in volumes] == [
        (cny("450.10"), cny("150.05"), cny("100.05"), 2),  # the payment of 0.10 is below the floor
        (Amount(Decimal("85.00"), "GBP"), Amount(Decimal(0), "GBP"), Amount(Decimal(0), "GBP"), 1),
    ]
