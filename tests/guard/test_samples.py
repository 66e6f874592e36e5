"""The measuring texts are what their README says: how many, which language, split how, nobody's number."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from guard.samples import NAMES, TEXTS, Sample, load

ALL = [sample for name in NAMES for sample in load(name)]

NUMBERS = re.compile(r"[+(]?\d(?:[ ()*-]{0,3}[\d*]){6,}")
RESERVED = re.compile(
    r"(?:\d{0,4}|86)55501\d\d"  # 555-01xx, which no exchange gives out, with or without an area code
    r"|0207946\d{4}"  # Ofcom's numbers for drama, London
    r"|622200000000\d*"  # a card of zeros after the prefix
    r"|0+"
    r"|1\d\d\*{4}\d{4}"  # masked in the middle
)
ADDRESS_ENDINGS = "com|net|org|gov|edu|io|me|app|xyz|top|vip|cc|cn|uk|us|ru|example|test"
ADDRESSES = re.compile(rf"(?<![\w.-])(?:[a-z0-9-]+\.)+(?:{ADDRESS_ENDINGS})\b", re.IGNORECASE)
RESERVED_ADDRESS = re.compile(r"(?:.+\.)?(?:example|test|example\.(?:com|net|org)|reportfraud\.ftc\.gov)")
WECHAT_IDS = re.compile(r"wx_\w+", re.ASCII)
HAN = re.compile(r"[\u4e00-\u9fff]")


def counted(name: str) -> Counter[tuple[str, str]]:
    return Counter((sample.kind, sample.lang) for sample in load(name))


@pytest.mark.parametrize("half", ["seen", "unseen"])
def test_each_half_has_as_many_of_each_language_and_kind(half: str) -> None:
    assert counted(f"recovery_{half}") == {
        ("scam", "zh"): 23,
        ("scam", "en"): 22,
        ("honest", "zh"): 23,
        ("honest", "en"): 22,
    }
    assert counted(f"general_{half}") == {
        ("scam", "zh"): 29,
        ("scam", "en"): 29,
        ("honest", "zh"): 30,
        ("honest", "en"): 30,
    }


def test_every_scam_type_has_one_text_of_each_language_in_each_half() -> None:
    for name in ("general_seen", "general_unseen"):
        types = Counter((s.typology, s.lang) for s in load(name) if s.kind == "scam")
        assert len(types) == 29 * 2
        assert set(types.values()) == {1}
    assert {s.typology for s in ALL if s.id.startswith("recovery-scam")} == {"recovery_scam"}


def test_scams_name_their_type_and_honest_texts_none() -> None:
    assert all((sample.typology is not None) == (sample.kind == "scam") for sample in ALL)


def test_no_id_and_no_text_stands_twice() -> None:
    assert len({sample.id for sample in ALL}) == len(ALL) == 416
    assert len({sample.text for sample in ALL}) == len(ALL)


@pytest.mark.parametrize("name", NAMES)
def test_the_number_in_the_id_decides_the_half(name: str) -> None:
    assert {sample.held_out for sample in load(name)} == {name.endswith("unseen")}


def test_the_held_out_halves_say_so_at_their_top() -> None:
    for name in NAMES:
        first = (TEXTS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# Held out: nobody who writes rules") == name.endswith("unseen")


def test_each_text_is_in_the_language_it_names() -> None:
    def share_of_han(sample: Sample) -> float:
        return len(HAN.findall(sample.text)) / len(sample.text)

    assert [s.id for s in ALL if s.lang == "en" and share_of_han(s) > 0] == []
    assert [s.id for s in ALL if s.lang == "zh" and share_of_han(s) < 0.3] == []


def foreign_numbers(text: str) -> list[str]:
    runs = (re.sub(r"[^\d*]", "", match) for match in NUMBERS.findall(text))
    return [run for run in runs if not RESERVED.fullmatch(run)]


def foreign_addresses(text: str) -> list[str]:
    return [each for each in ADDRESSES.findall(text) if not RESERVED_ADDRESS.fullmatch(each.lower())]


def test_no_telephone_or_account_is_anybodys() -> None:
    assert {s.id: found for s in ALL if (found := foreign_numbers(s.text))} == {}


def test_no_address_or_wechat_name_is_anybodys() -> None:
    assert {s.id: found for s in ALL if (found := foreign_addresses(s.text))} == {}
    names = [name for s in ALL for name in WECHAT_IDS.findall(s.text)]
    assert names
    assert all(re.fullmatch(r"wx_example_\d\d", name) for name in names)


def test_the_search_for_foreign_numbers_and_addresses_finds_them() -> None:
    assert foreign_numbers("call 202-456-1111 or 13912345678") == ["2024561111", "13912345678"]
    assert foreign_numbers("call (202) 555-0143, 020 7946 0112, 138****0100") == []
    assert foreign_addresses("go to bank-login.xyz or pay.example") == ["bank-login.xyz"]
