"""What an account, phone, wallet or handle tells by itself: form, place, issuer, and what its kind implies.

Never whose it is. A kind implies something for honest people too, and where that is so it is said. What
cannot be told offline is listed, not left out. Hits in the user's own cases and in imported lists come in
from outside and are shown as what they are: somebody's claim, with its age.

Sources: phonenumbers (Google's libphonenumber) for telephone plans; the SWIFT IBAN Registry for bank codes;
GB 32100 for company codes; card ranges from `issuers/` (see NOTICE there). 170, 171, 162, 165 and 167 are the
ranges of Chinese virtual operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import phonenumbers
from phonenumbers import PhoneNumberType
from pydantic import Field, TypeAdapter

from clawback.guard.lists import ImportedList, ListHit, hits
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.rules.pack import Record, Words
from clawback.rules.yaml_text import read_yaml, typed

_HERE = Path(__file__).resolve().parent
_ISSUERS = _HERE / "issuers" / "cards_cn.txt"


class TraitRecord(Record):
    """What follows from a kind of number (`says`), why, and why it may be harmless all the same."""

    says: Words
    why: Words
    honest: Words | None = None


class _Texts(Record):
    traits: Mapping[str, TraitRecord]
    always: Mapping[IndicatorKind, tuple[str, ...]]
    forms: Mapping[str, Words]
    labels: Mapping[str, Words]
    values: Mapping[str, Words]
    unknown: Mapping[str, Words]
    free_mail: frozenset[str]


class _Places(Record):
    countries: Mapping[Annotated[str, Field(pattern="^[A-Z]{2}$")], Words]
    provinces: Mapping[Annotated[str, Field(pattern="^[0-9]{2}$")], Words]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the value itself shows: the country, the issuer, the kind of card."""

    id: str
    label: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Trait:
    """What the kind implies, with its reason; `honest`: why it may be harmless, or None."""

    id: str
    says: Words
    why: Words
    honest: Words | None


@dataclass(frozen=True, slots=True)
class OwnHit:
    """The value stands in a case of the user's own. `times`: records that hold it."""

    case: str
    times: int


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """What can be said of one value. `valid`: as in `Indicator`. `form`: what it is, in words.

    `unknown`: what nobody can tell from it offline.
    """

    kind: IndicatorKind
    value: str
    valid: bool | None
    form: Words
    facts: tuple[Fact, ...]
    traits: tuple[Trait, ...]
    unknown: tuple[Words, ...]
    own: tuple[OwnHit, ...]
    listed: tuple[ListHit, ...]


def describe(
    indicator: Indicator,
    today: date,
    *,
    home: str = "CN",
    lists: Iterable[ImportedList] = (),
    own: Iterable[OwnHit] = (),
) -> AccountCheck:
    """What `indicator` tells. `home`: region of the user (ISO 3166); numbers of others are from abroad."""
    sketch = _sketch(indicator, home)
    traits = [*sketch.traits, *_texts().always.get(indicator.kind, ())]
    if indicator.valid is False:
        traits.insert(0, "form_wrong")
    return AccountCheck(
        kind=indicator.kind,
        value=indicator.value,
        valid=indicator.valid,
        form=_filled(_texts().forms[sketch.form], sketch.fill),
        facts=tuple(_fact(id, value) for id, value in sketch.facts if value),
        traits=tuple(_trait(id, sketch.fill) for id in dict.fromkeys(traits)),
        unknown=tuple(_texts().unknown[id] for id in sketch.unknown),
        own=tuple(own),
        listed=hits(lists, indicator.kind, indicator.value, today),
    )


@dataclass(frozen=True, slots=True)
class _Sketch:
    """Ids of everything to be said; a value in `facts` is an id of `values`, or Words, or "" for none."""

    form: str
    facts: tuple[tuple[str, Words | str], ...] = ()
    traits: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    fill: Mapping[str, Words | str] = field(default_factory=dict)


def _sketch(indicator: Indicator, home: str) -> _Sketch:
    kind, value = indicator.kind, indicator.value
    if kind is IndicatorKind.PHONE:
        return _phone(value, home)
    if kind is IndicatorKind.WHATSAPP:
        number = _phone(value, home)
        return _Sketch("whatsapp", number.facts, number.traits, number.unknown, number.fill)
    if kind is IndicatorKind.BANK_CARD:
        return _card(value)
    if kind is IndicatorKind.BANK_ACCOUNT:
        return _bank_account(value)
    if kind is IndicatorKind.IBAN:
        return _iban(value)
    if kind is IndicatorKind.CRYPTO_WALLET:
        return _wallet(value, indicator.detail, indicator.valid)
    if kind is IndicatorKind.COMPANY_ID:
        return _company(value, indicator.detail)
    return _other(kind, value)


# ------------------------------------------------------------------------------------------------ phones

_PHONE_FORMS = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed_line",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.UAN: "company_number",
}
_PHONE_TRAITS = {"premium": "phone_premium", "personal": "phone_personal", "voip": "phone_voip"}
_VIRTUAL = re.compile(r"\+861(?:70|71|62|65|67)[0-9]{8}")
_CN_400 = re.compile(r"\+86400[0-9]{7}")
_SMS_PORT = re.compile(r"106[0-9]{5,20}")  # never with +86, where 10 is the area code of Beijing
_SHORT = re.compile(r"[0-9]{3,6}")


def _phone(value: str, home: str) -> _Sketch:
    if _SMS_PORT.fullmatch(value):
        return _Sketch("sms_port", (("country", _country("CN")),), ("sms_port",), ("holder",))
    if _SHORT.fullmatch(value):
        return _Sketch("short", (), ("short_code",), ("holder",))
    number = _parsed(value)
    if number is None:
        return _Sketch("phone_unknown", (), ("form_odd",), ("holder", "exists"))
    region = phonenumbers.region_code_for_number(number) or _main_region(number)
    form = _PHONE_FORMS.get(phonenumbers.number_type(number), "phone_unknown")
    traits = [_PHONE_TRAITS[form]] if form in _PHONE_TRAITS else []
    traits += ["virtual_operator"] if _VIRTUAL.fullmatch(value) else []
    traits += ["phone_400"] if _CN_400.fullmatch(value) else []
    traits += [] if phonenumbers.is_valid_number(number) else ["form_odd"]
    country = _country(region)
    traits += ["phone_abroad"] if country and region != home else []
    return _Sketch(form, (("country", country),), tuple(traits), ("holder", "exists"), {"country": country})


def _parsed(value: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return None


def _main_region(number: phonenumbers.PhoneNumber) -> str:
    """The main region of a country code, for a number that the plan does not know; none for +1 and +7, which
    whole countries share."""
    code = number.country_code or 0
    return "" if code in (1, 7) else str(phonenumbers.region_code_for_country_code(code))


# ------------------------------------------------------------------------------------- cards and accounts

# First digits of the schemes: ISO/IEC 7812 ranges as the schemes publish them.
_SCHEMES = (
    ("UnionPay", re.compile("62|81")),
    ("Visa", re.compile("4")),
    ("Mastercard", re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720")),
    ("American Express", re.compile("3[47]")),
    ("JCB", re.compile("35(?:2[89]|[3-8])")),
)
# Where the bank's code stands in an IBAN, from its fifth character: SWIFT IBAN Registry.
_BANK_CODES = {
    "AT": 5, "BE": 3, "CH": 5, "DE": 8, "DK": 4, "ES": 4, "FR": 5, "GB": 4, "IE": 4, "LI": 5, "LT": 5,
    "LU": 3, "LV": 4, "MT": 4, "NL": 4, "PL": 8, "PT": 4, "SE": 3, "CZ": 4, "SK": 4, "HU": 3, "RO": 4,
    "BG": 4, "GI": 4, "NO": 4,
}  # fmt: skip
_SORT_CODE = re.compile(r"([0-9]{2}-[0-9]{2}-[0-9]{2}) ([0-9]{6,8})")


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued a card by its first digits. `kind`: DC, CC, SCC or PC."""

    bank: str
    kind: str


def issuers_of(card: str) -> tuple[Issuer, ...]:
    """Issuers whose range holds `card` (digits); the longest prefix wins, several mean that it is not known
    which. Mainland China only; no answer means nothing."""
    ranges, longest = _ranges()
    for length in range(longest, 3, -1):
        found = ranges.get((card[:length], len(card)))
        if found:
            return found
    return ()


@cache
def _ranges() -> tuple[dict[tuple[str, int], tuple[Issuer, ...]], int]:
    ranges: dict[tuple[str, int], tuple[Issuer, ...]] = {}
    for line in _ISSUERS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            bank, kind, length, prefixes = line.split("|")
            for prefix in prefixes.split():
                key = (prefix, int(length))
                ranges[key] = (*ranges.get(key, ()), Issuer(bank, kind))
    return ranges, max(len(prefix) for prefix, _ in ranges)


def _card(value: str) -> _Sketch:
    scheme = next((name for name, prefix in _SCHEMES if prefix.match(value)), "")
    found = issuers_of(value)
    banks = "、".join(dict.fromkeys(one.bank for one in found))
    kinds = {one.kind for one in found}
    facts = (
        ("scheme", scheme),
        ("issuer", _same(banks)),
        ("card_kind", kinds.pop() if len(kinds) == 1 else ""),
    )
    unknown = ("holder", "exists") if banks else ("issuer", "holder", "exists")
    return _Sketch("bank_card", facts, ("card_is_personal",), unknown, {"n": str(len(value))})


def _bank_account(value: str) -> _Sketch:
    uk = _SORT_CODE.fullmatch(value)
    if uk:
        fill = {"sort": uk[1], "n": str(len(uk[2]))}
        country = (("country", _country("GB")),)
        return _Sketch("sort_code", country, ("confirmation_of_payee",), ("check", "holder", "exists"), fill)
    return _Sketch("bank_account", (), (), ("check", "holder", "exists"), {"n": str(len(value))})


def _iban(value: str) -> _Sketch:
    length = _BANK_CODES.get(value[:2], 0)
    code = value[4 : 4 + length]
    facts = (("country", _country(value[:2])), ("bank_code", _same(code)))
    return _Sketch("iban", facts, (), ("holder", "exists"))


# ---------------------------------------------------------------------------------- wallets and the others

_BTC_FORMS = (("bc1p", "taproot"), ("bc1", "segwit"), ("3", "script"), ("1", "old"))
_WALLET_TRAITS = {"ETH": ("wallet_evm",), "TRON": ("wallet_tron",), "XMR": ("wallet_private",)}
# First place of a Chinese company code: who registered it; the second: as what (GB 32100).
_REGISTERED = {"91": "enterprise", "92": "one_person", "93": "coop"}
_REGISTRARS = {"1": "public_body", "5": "social_body"}


def _wallet(value: str, chain: str, valid: bool | None) -> _Sketch:
    form = f"wallet_{chain.lower()}"
    if chain == "BTC":
        form = next((f"wallet_btc_{name}" for start, name in _BTC_FORMS if value.startswith(start)), "wallet")
    unknown = ("holder", "tokens") if valid is not None else ("check", "holder", "tokens")
    known = form if form in _texts().forms else "wallet"
    return _Sketch(known, (), _WALLET_TRAITS.get(chain, ()), unknown)


def _company(value: str, detail: str) -> _Sketch:
    if detail == "GB":
        return _Sketch("company_gb", (("country", _country("GB")),), (), ("check", "exists"))
    if len(value) != 18:
        return _Sketch("company", (), (), ("check", "exists"))
    kind = _REGISTERED.get(value[:2]) or _REGISTRARS.get(value[:1], "")
    facts = (
        ("country", _country("CN")),
        ("registered_as", kind),
        ("province", _places().provinces.get(value[2:4], "")),
    )
    return _Sketch("company_cn", facts, ("one_person_business",) if kind == "one_person" else (), ("exists",))


def _other(kind: IndicatorKind, value: str) -> _Sketch:
    if kind is IndicatorKind.EMAIL:
        domain = value.rpartition("@")[2].lower()
        free = ("mail_free",) if domain in _texts().free_mail else ()
        return _Sketch("email", (("mail_domain", _same(domain)),), free, ("holder", "exists"))
    if kind is IndicatorKind.WECHAT:
        machine = ("wechat_machine_name",) if value.startswith("wxid_") else ()
        return _Sketch("wechat", (), machine, ("holder", "exists"))
    if kind in (IndicatorKind.QQ, IndicatorKind.TELEGRAM):
        return _Sketch(kind.value, (), (), ("holder", "exists"), {"n": str(len(value))})
    return _Sketch(kind.value)


# ------------------------------------------------------------------------------------------------- texts


@cache
def _texts() -> _Texts:
    return typed(read_yaml(_HERE / "accounts.yaml", "accounts.yaml"), TypeAdapter(_Texts))


@cache
def _places() -> _Places:
    return typed(read_yaml(_HERE / "places.yaml", "places.yaml"), TypeAdapter(_Places))


def _country(code: str | None) -> Words | str:
    """The name of a region; its code where we have no name; "" for none."""
    if not code or code in ("ZZ", "001"):
        return ""
    return _places().countries.get(code) or _same(code)


def _same(text: str) -> Words | str:
    """A name or code that is the same in both languages; "" for none."""
    shown = text.strip()[:300]
    return Words(zh=shown, en=shown) if shown else ""


def _fact(id: str, value: Words | str) -> Fact:
    return Fact(id, _texts().labels[id], _texts().values[value] if isinstance(value, str) else value)


def _trait(id: str, fill: Mapping[str, Words | str]) -> Trait:
    record = _texts().traits[id]
    return Trait(id, _filled(record.says, fill), record.why, record.honest)


def _filled(words: Words, fill: Mapping[str, Words | str]) -> Words:
    if "{" not in words.zh + words.en:
        return words
    return Words(zh=words.zh.format_map(_in(fill, "zh")), en=words.en.format_map(_in(fill, "en")))


def _in(fill: Mapping[str, Words | str], lang: str) -> dict[str, str]:
    return {name: one if isinstance(one, str) else one.say(lang) for name, one in fill.items()}
