from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.rules.evaluate import Finding, Truth, evaluate, facts_named

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FACTS = {
    "frozen_by": "police",
    "asked_fee": True,
    "paid": Decimal("2999.99"),
    "methods": frozenset({"alipay", "crypto"}),
    "sent": NOW - timedelta(hours=2),
}
POLICE = {"equals": {"fact": "frozen_by", "value": "police"}}
UNSTATED = {"equals": {"fact": "platform_licensed", "value": "yes"}}


def truth(condition: dict[str, object]) -> Truth:
    return evaluate(condition, FACTS, NOW).truth


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (POLICE, Truth.TRUE),
        ({"equals": {"fact": "asked_fee", "value": "yes"}}, Truth.TRUE),
        ({"one_of": {"fact": "frozen_by", "values": ["bank", "platform"]}}, Truth.FALSE),
        ({"includes": {"fact": "methods", "value": "crypto"}}, Truth.TRUE),
        ({"includes": {"fact": "methods", "value": "card"}}, Truth.FALSE),
        ({"at_least": {"fact": "paid", "value": "3000"}}, Truth.FALSE),
        ({"at_least": {"fact": "paid", "value": "2999.99"}}, Truth.TRUE),
        ({"within": {"fact": "sent", "hours": "2"}}, Truth.TRUE),
        ({"within": {"fact": "sent", "hours": "1.9"}}, Truth.FALSE),
        ({"known": "frozen_by"}, Truth.TRUE),
        ({"known": "platform_licensed"}, Truth.FALSE),
        ({"not": POLICE}, Truth.FALSE),
        ({"not": UNSTATED}, Truth.UNKNOWN),
        ({"all": [POLICE, UNSTATED]}, Truth.UNKNOWN),
        ({"all": [{"not": POLICE}, UNSTATED]}, Truth.FALSE),
        ({"any": [POLICE, UNSTATED]}, Truth.TRUE),
        ({"any": [{"not": POLICE}, UNSTATED]}, Truth.UNKNOWN),
    ],
)
def test_conditions_answer_yes_no_or_not_known(condition: dict[str, object], expected: Truth) -> None:
    assert truth(condition) is expected


def test_no_condition_is_always_met() -> None:
    assert evaluate(None, {}, NOW).truth is Truth.TRUE


def test_an_unknown_answer_names_the_facts_that_would_settle_it() -> None:
    other = {"equals": {"fact": "seller", "value": "x"}}
    assert evaluate({"all": [POLICE, UNSTATED, {"not": other}]}, FACTS, NOW) == Finding(
        Truth.UNKNOWN, ("platform_licensed", "seller")
    )


def test_a_settled_answer_asks_for_nothing() -> None:
    assert evaluate({"any": [POLICE, UNSTATED]}, FACTS, NOW).missing == ()


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"equals": {"fact": "a"}},
        {"equals": {"fact": "a", "value": "b", "more": "c"}},
        {"is_like": {"fact": "a", "value": "b"}},
        {"all": []},
        {"all": {"fact": "a"}},
        {"at_least": {"fact": "a", "value": "many"}},
        {"within": {"fact": "a", "hours": "soon"}},
        {"known": ["a"]},
        {"not": "a"},
        {"equals": {"fact": "a", "value": "b"}, "known": "c"},
    ],
)
def test_anything_else_is_refused_before_it_is_used(condition: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        facts_named(condition)


def test_the_facts_of_a_condition_are_listed() -> None:
    assert facts_named({"all": [POLICE, {"not": UNSTATED}, {"known": "paid"}]}) == (
        "frozen_by", "platform_licensed", "paid",
    )  # fmt: skip


LEAVES = st.sampled_from([POLICE, UNSTATED, {"known": "paid"}, {"at_least": {"fact": "paid", "value": "1"}}])
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)


@given(CONDITIONS, st.booleans())
def test_learning_a_fact_never_overturns_a_settled_answer(condition: dict[str, object], answer: bool) -> None:
    before = truth(condition)
    after = evaluate(condition, FACTS | {"platform_licensed": "yes" if answer else "no"}, NOW).truth
    assert before in (Truth.UNKNOWN, after)
    assert after is not Truth.UNKNOWN
