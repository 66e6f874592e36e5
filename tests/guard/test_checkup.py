"""What the check-up asks and in which order; what is said of a named service has a source."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clawback.errors import RulePackError
from clawback.guard.checkup import FOLDER, ORDINARY, Answer, Item, load_checkup, todo
from clawback.rules.load import load_pack
from clawback.rules.pack import Words
from clawback.rules.wording import never_said

DATA = load_checkup()
HAN = re.compile(r"[㐀-鿿]+")
NAMES = {"一证通查", "工信微报", "中国信通院"}  # of Chinese services, as they are called


def words_of(item: Item) -> Iterator[Words]:
    yield from (item.ask, item.task, item.why, item.what)
    for way in item.how:
        yield way.do
        if way.at:
            yield way.at


def all_words() -> Iterator[Words]:
    for item in DATA.items.values():
        yield from words_of(item)
    for order in DATA.orders.values():
        yield from (order.name, order.first)
        yield from (place.why for place in order.items if place.why)


def test_the_ordinary_order_goes_by_damage() -> None:
    assert [place.item for place in DATA.orders[ORDINARY].items] == [
        "remote_tools",
        "number_mine",
        "sim_lock",
        "mail_two_steps",
        "mail_recovery",
        "mail_forwarding",
        "mail_sessions",
        "bank_limits",
        "delayed_transfer",
        "bank_alerts",
        "no_password_pay",
        "shared_passwords",
        "password_manager",
        "public_data",
        "public_wifi",
    ]


def test_after_a_takeover_each_step_protects_the_next() -> None:
    order = [place.item for place in DATA.orders["takeover"].items]
    assert order[:8] == [
        "clean_device",
        "mail_back",
        "mail_sessions",
        "mail_recovery",
        "mail_forwarding",
        "new_passwords",
        "two_steps_everywhere",
        "bank_check",
    ]


@pytest.mark.parametrize(
    ("after", "begins"),
    [
        ("phone_lost", ["carrier_stop", "bank_stop", "lost_device"]),
        ("remote_control", ["disconnect", "bank_stop", "remove_tool", "clean_device"]),
        ("card_given", ["card_block", "bank_check"]),
        ("code_given", ["bank_stop", "code_account"]),
        ("id_photographed", ["number_mine", "credit_record"]),
    ],
)
def test_what_happened_decides_what_comes_first(after: str, begins: list[str]) -> None:
    assert [place.item for place in DATA.orders[after].items][: len(begins)] == begins


def test_what_is_left_stands_in_the_order_of_what_happened() -> None:
    answers = {
        "bank_check": Answer.NO,
        "mail_back": Answer.UNKNOWN,
        "clean_device": Answer.NO,
        "mail_sessions": Answer.YES,
        "tell_contacts": Answer.SKIP,
    }
    found = todo(DATA, "takeover", answers)
    assert [one.id for one in found] == ["clean_device", "mail_back", "bank_check"]
    assert [one.explain for one in found] == [False, True, False]


def test_an_answer_outside_of_the_order_is_not_lost() -> None:
    answers = {
        "public_wifi": Answer.NO,
        "sim_lock": Answer.NO,
        "card_block": Answer.NO,
        "mail_back": Answer.NO,
    }
    assert [one.id for one in todo(DATA, "takeover", answers)] == [
        "mail_back",
        "sim_lock",
        "public_wifi",
        "card_block",
    ]


def test_a_reason_may_be_that_of_the_place_instead_of_the_item() -> None:
    mail = DATA.items["mail_sessions"]
    (ordinary,) = todo(DATA, ORDINARY, {"mail_sessions": Answer.NO})
    (after,) = todo(DATA, "takeover", {"mail_sessions": Answer.NO})
    assert ordinary.why == mail.why
    assert after.why.en == "A new password does not always put out those already signed in."


def test_both_languages_are_themselves() -> None:
    for words in all_words():
        if words.zh != words.en:  # names such as Google are the same in both
            assert HAN.search(words.zh), words.zh
        assert set(HAN.findall(words.en)) <= NAMES, words.en


@pytest.mark.parametrize("pack", ["cn", "gb"])
def test_nothing_is_said_that_must_never_be_said(pack: str) -> None:
    rules = load_pack(pack)
    found = [breach for words in all_words() for text in words for breach in never_said(text[1], rules)]
    assert found == []


def test_sentences_are_short_enough_to_read_in_a_hurry() -> None:
    for item in DATA.items.values():
        assert len(item.ask.zh) <= 40, item.ask.zh
        assert len(item.task.zh) <= 26, item.task.zh


def test_no_exclamation_marks() -> None:
    assert not [words for words in all_words() if re.search("[!！]", words.zh + words.en)]


def test_every_source_is_used_and_every_place_has_one() -> None:
    used = {basis for item in DATA.items.values() for way in item.how for basis in way.basis}
    assert used == DATA.sources.keys()
    assert {place.item for order in DATA.orders.values() for place in order.items} == DATA.items.keys()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "checkup"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("items.yaml", "    basis: [screen_bank]\n", "", "has a basis"),
        ("items.yaml", "[screen_bank]", "[hearsay]", "names hearsay"),
        ("items.yaml", '    varies: "yes"', '    varies: "perhaps"', "items.yaml, line"),
        ("items.yaml", "sim_lock:\n", "remote_tools:\n", "stands twice"),
        ("orders.yaml", "- item: sim_lock", "- item: nothing", "names nothing"),
        ("orders.yaml", "- item: sim_lock", "- item: number_mine", "stands twice"),
        ("orders.yaml", "ordinary:", "usual:", "ordinary: is missing"),
        ("sources.yaml", "confidence: R", "confidence: sure", "sources.yaml, line"),
    ],
)
def test_a_mistake_in_the_data_is_named_with_its_file(
    copy: Path, name: str, old: str, new: str, says: str
) -> None:
    change(copy, name, old, new)
    with pytest.raises(RulePackError) as refused:
        load_checkup(copy)
    assert name in refused.value.en
    assert says in refused.value.en
