"""Published test vectors (BIP 173, BIP 350, ERC-55, the IBAN registry's example) and one-digit slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.readers import checksums

GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"  # the first Bitcoin address, published with the genesis block


@pytest.mark.parametrize("digits", ["4111111111111111", "5555555555554444", "378282246310005"])
def test_published_test_cards_pass_luhn(digits: str) -> None:
    assert checksums.luhn(digits)


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_luhn_notices_every_single_changed_digit(body: str, place: int, shift: int) -> None:
    digits = next(body + check for check in "0123456789" if checksums.luhn(body + check))
    at = place % len(digits)
    changed = digits[:at] + str((int(digits[at]) + shift) % 10) + digits[at + 1 :]
    assert not checksums.luhn(changed)


def test_iban_examples_of_the_registry_pass_and_slips_fail() -> None:
    assert checksums.iban("GB29NWBK60161331926819")
    assert checksums.iban("DE89370400440532013000")
    assert not checksums.iban("GB29NWBK60161331926818")
    assert not checksums.iban("GB29NWBK6016133192681")
    assert not checksums.iban("ZZ29NWBK60161331926819")


def test_id_card_needs_province_date_and_check_character() -> None:
    assert checksums.id_card("11010519491231002X")  # the example of GB 11643
    assert not checksums.id_card("110105194912310021")
    assert not checksums.id_card("11010519491331002X")
    assert not checksums.id_card("00010519491231002X")


def test_social_credit_code_needs_its_check_character() -> None:
    assert checksums.social_credit_code("91350100M000100Y43")  # the example of GB 32100
    assert not checksums.social_credit_code("91350100M000100Y44")
    assert not checksums.social_credit_code("91350100I000100Y43")


# BIP 173 and BIP 350, "Test vectors".
@pytest.mark.parametrize("text", ["A12UEL5L", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "?1ezyfcl"])
def test_valid_bech32_strings(text: str) -> None:
    decoded = checksums.bech32_decode(text)
    assert decoded is not None
    assert decoded[2] == "bech32"


@pytest.mark.parametrize("text", ["A1LQFN3A", "a1lqfn3a", "?1v759aa"])
def test_valid_bech32m_strings(text: str) -> None:
    decoded = checksums.bech32_decode(text)
    assert decoded is not None
    assert decoded[2] == "bech32m"


@pytest.mark.parametrize(
    "text", ["pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "10a06t8", "1qzzfhee"]
)
def test_invalid_bech32_strings(text: str) -> None:
    assert checksums.bech32_decode(text) is None


@pytest.mark.parametrize(
    "address",
    [
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ],
)
def test_valid_segwit_addresses(address: str) -> None:
    assert checksums.wallet_chain(address) == ("BTC", True)


@pytest.mark.parametrize(
    "address",
    [
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",  # bech32 where bech32m is due
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",  # bech32m where bech32 is due
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
        "bc1pw5dgrnzv",
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
        "bc1gmk9yu",
    ],
)
def test_invalid_segwit_addresses(address: str) -> None:
    assert checksums.wallet_chain(address) is None


# ERC-55, "Test cases".
@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)
def test_mixed_case_ethereum_addresses_prove_themselves(address: str) -> None:
    assert checksums.wallet_chain(address) == ("ETH", True)
    swapped = address[:2] + address[2:].swapcase()
    assert checksums.wallet_chain(swapped) == ("ETH", False)
    assert checksums.wallet_chain(address.lower()) == ("ETH", None)


def test_base58_addresses_of_bitcoin_and_tron() -> None:
    assert checksums.wallet_chain(GENESIS) == ("BTC", True)
    assert checksums.wallet_chain("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t") == ("TRON", True)  # USDT contract
    assert checksums.wallet_chain(GENESIS[:-1] + "b") is None
    assert checksums.wallet_chain("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u") is None


def test_a_monero_address_carries_a_keccak_checksum() -> None:
    donations = (  # the project's own published donation address
        "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H"
    )
    assert checksums.wallet_chain(donations) == ("XMR", True)
    assert checksums.wallet_chain(donations[:-1] + "G") is None


def test_a_solana_account_is_thirty_two_bytes() -> None:
    assert checksums.solana("1" * 32)  # the System Program
    assert not checksums.solana("1" * 31)
    assert not checksums.solana("0" * 32)


@given(st.text(max_size=130))
def test_no_text_makes_a_check_raise(text: str) -> None:
    chain = checksums.wallet_chain(text)
    assert chain is None or chain[1] is not False
    assert checksums.iban(text) in (True, False)
    assert checksums.id_card(text) in (True, False)
    assert checksums.social_credit_code(text) in (True, False)
    assert checksums.solana(text) in (True, False)


def test_a_uk_account_has_six_and_eight_digits() -> None:
    assert checksums.sort_code_account("200000", "55779911")
    assert not checksums.sort_code_account("20000", "55779911")
