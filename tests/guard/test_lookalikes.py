"""Whose name a label borrows."""

from __future__ import annotations

import pytest

from clawback.guard.lookalikes import Likeness, borrowed_in, distance, latin, named_in, words_in


@pytest.mark.parametrize(
    ("label", "how", "brand"),
    [
        ("paypal", Likeness.SAME, "paypal"),
        ("paypa1", Likeness.HOMOGLYPH, "paypal"),
        ("pаypal", Likeness.HOMOGLYPH, "paypal"),
        ("steamcornmunity", Likeness.HOMOGLYPH, "steam"),
        ("my-ether-wallet", Likeness.SAME, "myetherwallet"),
        ("localbiticoins", Likeness.NEAR, "localbitcoins"),
        ("myetharwalet", Likeness.NEAR, "myetherwallet"),
        ("taobbao", Likeness.SLIP, "taobao"),
        ("alipaay", Likeness.SLIP, "alipay"),
        ("paypla", Likeness.SLIP, "paypal"),
        ("metamaskk", Likeness.SLIP, "metamask"),
        ("claimuniswqp", Likeness.NEAR, "uniswap"),
        ("binancetoday", Likeness.COMBO, "binance"),
        ("wechat-kefu", Likeness.COMBO, "wechat"),
        ("jd-tuikuan", Likeness.COMBO, "jd"),
        ("usps-parcel", Likeness.COMBO, "usps"),
    ],
)
def test_a_borrowed_name_is_found(label: str, how: Likeness, brand: str) -> None:
    found = borrowed_in(label)
    assert found is not None
    assert (found.how, found.brand.id) == (how, brand)
    assert found.piece in label


@pytest.mark.parametrize(
    "label",
    [
        *(
            "pineapple",
            "applepie",
            "groups",
            "rusps",
            "express",
            "mobile",
            "internet",
            "telegraph",
            "revolution",
        ),
        *("jdoe", "ups", "jd", "kupsa", "online", "exact", "google-free"[:2], "chasse", "amazonia", "minted"),
    ],
)
def test_a_word_that_merely_holds_the_letters_is_left_alone(label: str) -> None:
    assert borrowed_in(label) is None


def test_an_ordinary_word_counts_only_beside_a_telling_one() -> None:
    alone = borrowed_in("ledger")
    assert alone is not None
    assert (alone.brand.word, alone.told) == (True, False)
    joined = borrowed_in("ledger-wallet-sync")
    assert joined is not None
    assert joined.told
    assert borrowed_in("ledgerdemain") is None


def test_a_name_below_somebody_elses_site_has_to_be_whole() -> None:
    found = named_in("secure-taobao")
    assert found is not None
    assert (found[0], found[1].id) == ("taobao", "taobao")
    assert named_in("taobaoish") is None
    assert named_in("phantom") is None  # an ordinary word too


def test_telling_words_have_to_fill_the_text() -> None:
    assert words_in("claimreward") == ("claim", "reward")
    assert words_in("2024bonus") == ("bonus",)
    assert words_in("claimgarden") is None
    assert words_in("") == ()
    assert words_in("a" * 41) is None


@pytest.mark.parametrize(
    ("left", "right", "most", "off"),
    [("paypal", "paypal", 2, 0), ("paypla", "paypal", 2, 1), ("papal", "paypal", 2, 1), ("abc", "xyz", 1, 2)],
)
def test_letters_to_change(left: str, right: str, most: int, off: int) -> None:
    assert distance(left, right, most) == off


def test_look_alikes_become_latin_one_for_one() -> None:
    assert latin("раураӏ") in ("paypal", "paypai")  # all Cyrillic
    assert latin("plain") == "plain"
    assert latin("微信") == "微信"
