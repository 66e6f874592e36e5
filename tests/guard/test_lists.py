"""Imported lists: whose claim, how old, and no longer than it says."""

from __future__ import annotations

from datetime import date

import pytest

from clawback.guard.lists import Confidence, ImportedList, Note, entry_key, folded, hits
from clawback.model.indicators import IndicatorKind

TODAY = date(2026, 11, 20)
PLAIN = Note("", Confidence.MEDIUM, None, None)


def listed(
    *entries: tuple[IndicatorKind, str, Note], id: str = "a", expires: date = date(2027, 1, 1)
) -> ImportedList:
    return ImportedList(
        id=id,
        name="Own list",
        source="a friend's bank",
        dated=date(2026, 11, 1),
        imported=date(2026, 11, 2),
        expires=expires,
        entries={entry_key(kind, value): note for kind, value, note in entries},
    )


def test_a_hit_says_whose_claim_it_is_how_old_and_how_long_it_counts() -> None:
    note = Note("fake shop", Confidence.STRONG, date(2026, 11, 10), None)
    hit = listed((IndicatorKind.PHONE, "+86 170 0000 0000", note)).find(
        IndicatorKind.PHONE, "+8617000000000", TODAY
    )
    assert hit is not None
    assert (hit.list_name, hit.source, hit.reason) == ("Own list", "a friend's bank", "fake shop")
    assert hit.confidence is Confidence.STRONG
    assert hit.age_days(TODAY) == 10
    assert hit.expires == date(2027, 1, 1)


def test_an_entry_that_does_not_say_when_it_was_reported_is_as_old_as_its_list() -> None:
    hit = listed((IndicatorKind.QQ, "10001", PLAIN)).find(IndicatorKind.QQ, "10001", TODAY)
    assert hit is not None
    assert hit.since == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("entry", "whole", "found"),
    [
        (None, date(2026, 11, 20), True),  # the last day counts
        (None, date(2026, 11, 19), False),
        (date(2026, 11, 19), date(2027, 1, 1), False),
        (date(2027, 6, 1), date(2026, 11, 19), False),  # nothing outlives its list
    ],
)
def test_what_has_expired_does_not_count(entry: date | None, whole: date, found: bool) -> None:
    note = Note("", Confidence.MEDIUM, None, entry)
    one = listed((IndicatorKind.DOMAIN, "shop.example", note), expires=whole)
    assert (one.find(IndicatorKind.DOMAIN, "shop.example", TODAY) is not None) is found
    assert one.living(TODAY) == int(found)


def test_a_listed_domain_counts_for_those_below_it_and_for_no_other() -> None:
    one = listed((IndicatorKind.DOMAIN, "shop.example", PLAIN))
    assert one.find(IndicatorKind.DOMAIN, "pay.eu.shop.example", TODAY)
    assert one.find(IndicatorKind.DOMAIN, "SHOP.example.", TODAY)
    assert one.find(IndicatorKind.DOMAIN, "myshop.example", TODAY) is None
    assert one.find(IndicatorKind.DOMAIN, "example", TODAY) is None


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (IndicatorKind.PHONE, "138-0000-0000", "+86 13800000000"),
        (IndicatorKind.PHONE, "0044 7700 900123", "+447700900123"),
        (IndicatorKind.BANK_CARD, "6222 0000-0000 0000", "６２２２000000000000"),
        (IndicatorKind.IBAN, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
        (IndicatorKind.TELEGRAM, "@Helper_Bot", "helper_bot"),
        (IndicatorKind.CRYPTO_WALLET, "0x00ABcd", "0x00abCD"),
        (IndicatorKind.DOMAIN, "shop[.]example", "shop.example"),
        (IndicatorKind.DOMAIN, "bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_two_spellings_of_one_thing_are_one_entry(kind: IndicatorKind, one: str, other: str) -> None:
    assert folded(kind, one) == folded(kind, other)


def test_capitals_of_a_base58_wallet_mean_something() -> None:
    assert folded(IndicatorKind.CRYPTO_WALLET, "TAbc") != folded(IndicatorKind.CRYPTO_WALLET, "Tabc")


def test_a_number_is_not_found_under_another_kind() -> None:
    assert listed((IndicatorKind.QQ, "10001", PLAIN)).find(IndicatorKind.WECHAT, "10001", TODAY) is None


def test_several_lists_answer_surest_first_then_newest() -> None:
    weak = Note("", Confidence.WEAK, date(2026, 11, 19), None)
    old = Note("", Confidence.STRONG, date(2026, 1, 1), None)
    new = Note("", Confidence.STRONG, date(2026, 11, 1), None)
    lists = [
        listed((IndicatorKind.QQ, "10001", note), id=id) for id, note in (("w", weak), ("o", old), ("n", new))
    ]
    assert [hit.list_id for hit in hits(lists, IndicatorKind.QQ, "10001", TODAY)] == ["n", "o", "w"]


def test_an_empty_value_is_in_no_list() -> None:
    assert listed((IndicatorKind.DOMAIN, "", PLAIN)).find(IndicatorKind.DOMAIN, " . ", TODAY) is None


def test_an_ending_that_is_listed_says_nothing_of_the_domains_under_it() -> None:
    one = listed((IndicatorKind.DOMAIN, "example", PLAIN))
    assert one.find(IndicatorKind.DOMAIN, "shop.example", TODAY) is None
