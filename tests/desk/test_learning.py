"""Learning: the cards in their order, with the places they lead to."""

from __future__ import annotations

from clawback.desk.learning import card, cards
from clawback.rules.load import load_pack


def test_the_most_frequent_official_kinds_come_first_then_what_follows_a_loss() -> None:
    ids = [one.kind.id for one in cards()]
    assert ids[:4] == ["task_scam", "fake_investment", "fake_shop", "impersonation_service"]
    assert ids[6:10] == [
        "impersonation_acquaintance",
        "impersonation_authority",
        "romance_scam",
        "game_trade_scam",
    ]
    assert ids[10:13] == ["recovery_scam", "withdrawal_fee_scam", "liquidation_scam"]
    assert len(ids) == len(set(ids)) == 29


def test_a_situation_named_by_a_card_is_one_of_a_rule_pack() -> None:
    known = {id for pack in ("cn", "gb") for id in load_pack(pack).situations}
    named = {one.kind.situation for one in cards() if one.kind.situation}
    assert named <= known
    assert {"task_scam", "recovery_scam", "withdrawal_refused"} <= named


def test_a_card_brings_its_sources_and_the_latest_case_first() -> None:
    one = card("impersonation_authority")
    assert one is not None
    assert [case.when for case, _ in one.cases] == ["2025-08", "2025", "2023"]
    assert one.official is not None
    assert one.official.published == "2024-06-25"
    assert "macau_police" in one.kind.sources
    assert [source.publisher.en for source in one.sources][1] == "Government of the Macao SAR"


def test_there_is_no_card_for_an_unknown_kind() -> None:
    assert card("honest_shop") is None
