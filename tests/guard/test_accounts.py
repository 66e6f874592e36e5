"""What a number or name tells by itself: no more than that, and why."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.guard import accounts
from clawback.guard.accounts import AccountCheck, Issuer, OwnHit, describe, issuers_of
from clawback.guard.lists import Confidence, ImportedList, Note, entry_key
from clawback.model.indicators import Indicator, IndicatorKind

TODAY = date(2026, 11, 20)
K = IndicatorKind


def seen(
    kind: IndicatorKind, value: str, valid: bool | None = None, detail: str = "", home: str = "CN"
) -> AccountCheck:
    return describe(Indicator(kind, value, (), valid, detail), TODAY, home=home)


def facts(check: AccountCheck) -> dict[str, str]:
    return {fact.id: fact.value.en for fact in check.facts}


def traits(check: AccountCheck) -> set[str]:
    return {trait.id for trait in check.traits}


# Kind, value, valid, detail, and the traits that belong to this value and not to its kind as a whole.
TELLING = [
    (K.PHONE, "+8617000000000", None, "CN", {"virtual_operator"}),
    (K.PHONE, "+8616700000000", None, "CN", {"virtual_operator"}),
    (K.PHONE, "+8613800000000", None, "CN", set()),
    (K.PHONE, "+864001234567", None, "CN", {"phone_400"}),
    (K.PHONE, "+12125550100", None, "US", {"phone_abroad"}),
    (K.PHONE, "+447012345678", None, "GB", {"phone_personal", "phone_abroad"}),
    (K.PHONE, "+449098790000", None, "GB", {"phone_premium", "phone_abroad"}),
    (K.PHONE, "+445600123456", None, "GB", {"phone_voip", "phone_abroad"}),
    (K.PHONE, "+447700900123", None, "GB", {"form_odd", "phone_abroad"}),  # kept for drama, never issued
    (K.PHONE, "95588", None, "", {"short_code"}),
    (K.PHONE, "1069000000000", None, "", {"sms_port"}),
    (K.WHATSAPP, "+447700900123", None, "GB", {"form_odd", "phone_abroad"}),
    (K.BANK_CARD, "6222000000000017", True, "", {"card_is_personal"}),
    (K.BANK_CARD, "6222000000000018", False, "", {"card_is_personal", "form_wrong"}),
    (K.BANK_ACCOUNT, "20-00-00 12345678", None, "GB", {"confirmation_of_payee"}),
    (K.BANK_ACCOUNT, "110000000000", None, "", set()),
    (K.IBAN, "GB82WEST12345698765432", True, "GB", set()),
    (K.CRYPTO_WALLET, "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", True, "TRON", {"wallet_tron"}),
    (K.CRYPTO_WALLET, "0x" + "ab" * 20, None, "ETH", {"wallet_evm"}),
    (K.CRYPTO_WALLET, "4" + "A" * 94, True, "XMR", {"wallet_private"}),
    (K.CRYPTO_TX, "ab" * 32, None, "", set()),
    (K.WECHAT, "wxid_abc12345678", None, "", {"wechat_machine_name"}),
    (K.QQ, "10001", None, "", set()),
    (K.TELEGRAM, "helper_bot", None, "", set()),
    (K.EMAIL, "support@gmail.com", None, "", {"mail_free"}),
    (K.EMAIL, "support@bank.example", None, "", set()),
    (K.COMPANY_ID, "91310000MA1K35UG4N", True, "CN", set()),
    (K.COMPANY_ID, "92310000MA1K35UG4N", True, "CN", {"one_person_business"}),
    (K.ORDER_NUMBER, "123456789012", None, "", set()),
    (K.ID_CARD, "11010119900307001X", False, "", {"form_wrong"}),
]


@pytest.mark.parametrize(("kind", "value", "valid", "detail", "own"), TELLING)
def test_each_value_has_the_traits_of_its_kind_and_its_own(
    kind: IndicatorKind, value: str, valid: bool | None, detail: str, own: set[str]
) -> None:
    usual = set(accounts._texts().always.get(kind, ()))
    assert traits(seen(kind, value, valid, detail)) == usual | own


def test_there_is_no_trait_that_nothing_ever_has() -> None:
    had = set().union(
        *(traits(seen(kind, value, valid, detail)) for kind, value, valid, detail, _ in TELLING)
    )
    assert had == set(accounts._texts().traits)


@pytest.mark.parametrize(
    ("value", "form", "country"),
    [
        ("+8613800000000", "mobile number", "mainland China"),
        ("+861012345678", "landline", "mainland China"),
        ("+861062345678", "landline", "mainland China"),  # Beijing, not a 106 message port
        ("+85251234567", "mobile number", "Hong Kong"),
        ("+442079460000", "landline", "United Kingdom"),
        ("+12125550100", "landline or mobile", "United States"),
        ("+448081570000", "freephone", "United Kingdom"),
        ("+447700900123", "telephone of unknown type", "United Kingdom"),
    ],
)
def test_a_phone_has_a_type_and_a_country(value: str, form: str, country: str) -> None:
    check = seen(K.PHONE, value)
    assert (check.form.en, facts(check)["country"]) == (form, country)


def test_a_number_that_the_plan_does_not_know_gets_no_country_where_several_share_the_code() -> None:
    assert facts(seen(K.PHONE, "+19990000000")) == {}


def test_abroad_is_where_the_user_is_not() -> None:
    assert "phone_abroad" in traits(seen(K.PHONE, "+8613800000000", home="GB"))
    assert "phone_abroad" not in traits(seen(K.PHONE, "+442079460000", home="GB"))


def test_the_sentence_about_a_foreign_number_names_the_country_in_both_languages() -> None:
    (abroad,) = [one for one in seen(K.PHONE, "+85251234567").traits if one.id == "phone_abroad"]
    assert "香港" in abroad.says.zh
    assert "Hong Kong" in abroad.says.en


@pytest.mark.parametrize(
    ("card", "bank", "kind"),
    [  # ranges as they stand on the banks' own cards
        ("6212260000000000017", "中国工商银行", "DC"),
        ("6228480000000000010", "中国农业银行", "DC"),
        ("6217000000000000011", "中国建设银行", "DC"),
        ("6225880000000013", "招商银行", "DC"),
    ],
)
def test_first_digits_and_length_name_the_issuer(card: str, bank: str, kind: str) -> None:
    assert issuers_of(card) == (Issuer(bank, kind),)


def test_the_length_of_a_card_belongs_to_its_range() -> None:
    assert issuers_of("6212260000000017") == ()


def test_the_longest_range_that_fits_names_the_issuer() -> None:
    assert issuers_of("6224980200000000000") == (Issuer("秦皇岛市商业银行", "DC"),)
    assert issuers_of("6224980100000000000") == (Issuer("河北银行", "DC"),)


def test_a_range_that_two_banks_claim_names_both_and_no_kind_of_card() -> None:
    assert {one.bank for one in issuers_of("6200100000000018")} == {"深发/平安银行", "兴业银行"}
    known = facts(seen(K.BANK_CARD, "6225160000000011", True))
    assert known["issuer"] == "广发银行、浦东发展银行"


def test_an_unknown_issuer_is_said_to_be_unknown_and_not_guessed() -> None:
    check = seen(K.BANK_CARD, "4000000000000002", True)
    assert facts(check) == {"scheme": "Visa"}
    assert any("issuer" in one.en for one in check.unknown)


@pytest.mark.parametrize(
    ("iban", "country", "code"),
    [  # examples of the SWIFT registry
        ("GB82WEST12345698765432", "United Kingdom", "WEST"),
        ("DE89370400440532013000", "Germany", "37040044"),
        ("FR1420041010050500013M02606", "France", "20041"),
        ("NL91ABNA0417164300", "Netherlands", "ABNA"),
        ("CH9300762011623852957", "Switzerland", "00762"),
    ],
)
def test_an_iban_shows_country_and_bank(iban: str, country: str, code: str) -> None:
    assert facts(seen(K.IBAN, iban, True)) == {"country": country, "bank_code": code}


def test_an_iban_whose_bank_code_we_cannot_place_shows_none() -> None:
    assert facts(seen(K.IBAN, "BR1800360305000010009795493C1", True)) == {"country": "Brazil"}


@pytest.mark.parametrize(
    ("address", "chain", "form"),
    [
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "BTC", "Bitcoin address (legacy)"),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "BTC", "Bitcoin address (script)"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BTC", "Bitcoin address (SegWit)"),
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "BTC",
            "Bitcoin address (Taproot)",
        ),
        ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TRON", "TRON address"),
        ("something", "NEW", "crypto address"),
    ],
)
def test_a_wallet_has_a_chain_and_a_form(address: str, chain: str, form: str) -> None:
    assert seen(K.CRYPTO_WALLET, address, True, chain).form.en == form


def test_a_wallet_without_checksum_is_said_to_have_none() -> None:
    assert any(
        "check digit" in one.en for one in seen(K.CRYPTO_WALLET, "0x" + "ab" * 20, None, "ETH").unknown
    )


def test_a_company_code_shows_what_was_registered_and_where() -> None:
    assert facts(seen(K.COMPANY_ID, "92440300MA5EXAMPL0", None, "CN")) == {
        "country": "mainland China",
        "registered_as": "one-person business",
        "province": "Guangdong",
    }


def test_hits_in_own_cases_and_lists_come_along_with_their_age() -> None:
    one = ImportedList(
        "a",
        "Bank's list",
        "from the branch",
        date(2026, 11, 1),
        date(2026, 11, 2),
        date(2027, 1, 1),
        {entry_key(K.PHONE, "+8617000000000"): Note("", Confidence.WEAK, None, None)},
    )
    phone = Indicator(K.PHONE, "+8617000000000", ())
    check = describe(phone, TODAY, lists=[one], own=[OwnHit("c1", 3)])
    assert check.own == (OwnHit("c1", 3),)
    assert [(hit.list_name, hit.age_days(TODAY), hit.confidence) for hit in check.listed] == [
        ("Bank's list", 19, Confidence.WEAK)
    ]
    assert describe(phone, date(2027, 1, 2), lists=[one]).listed == ()


def test_nothing_says_that_somebody_is_a_fraudster_or_promises_anything() -> None:
    for record in accounts._texts().traits.values():
        said = " ".join(part.zh + part.en for part in (record.says, record.why, record.honest) if part)
        for banned in ("骗子", "scammer", "一定", "保证能", "guaranteed", "！", "!"):
            assert banned not in said


@given(
    st.sampled_from(list(K)), st.text(max_size=60), st.sampled_from([True, False, None]), st.text(max_size=6)
)
def test_any_value_of_any_kind_is_described_in_both_languages(
    kind: IndicatorKind, value: str, valid: bool | None, detail: str
) -> None:
    check = seen(kind, value, valid, detail)
    assert check.form.zh
    assert check.form.en
    assert "{" not in "".join(one.says.zh + one.says.en for one in check.traits)


@given(st.integers(1, 998), st.text("0123456789", min_size=4, max_size=12))
def test_any_number_of_any_country_is_described(code: int, rest: str) -> None:
    check = seen(K.PHONE, f"+{code}{rest}")
    assert all(fact.value.zh for fact in check.facts)


@given(st.text("0123456789", min_size=12, max_size=19))
def test_an_issuer_is_named_only_by_digits_that_the_card_has(card: str) -> None:
    for issuer in issuers_of(card):
        assert issuer.kind in ("DC", "CC", "SCC", "PC")
