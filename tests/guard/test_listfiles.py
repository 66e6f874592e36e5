"""Lists from files that others made: three forms, nothing dropped silently, bounds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.errors import ClawbackError, UsageError
from clawback.guard.listfiles import (
    MAX_BYTES,
    About,
    ReadList,
    Refused,
    keep_list,
    kept_lists,
    read_list,
    remove_list,
    stamp,
)
from clawback.guard.lists import Confidence
from clawback.model.indicators import IndicatorKind

TODAY = date(2026, 11, 20)
CSV = """kind,value,reason,confidence,seen,expires
phone,138 0000 0000,sham support,strong,2026-11-02,
domain,Pay.Shop.Example,,,,2026-12-01
"""


def about(kind: IndicatorKind | None = None, **changes: object) -> About:
    given = {
        "name": "Own",
        "source": "own notes",
        "dated": TODAY,
        "imported": TODAY,
        "expires": date(2027, 5, 1),
    }
    return About(**{**given, "kind": kind, **changes})  # type: ignore[arg-type]


def read(text: str, kind: IndicatorKind | None = None) -> ReadList:
    return read_list(text.encode(), "list", about(kind))


def test_csv_says_of_each_entry_what_it_is_why_and_how_long_it_counts() -> None:
    made = read(CSV).list
    phone = made.find(IndicatorKind.PHONE, "+8613800000000", TODAY)
    domain = made.find(IndicatorKind.DOMAIN, "pay.shop.example", TODAY)
    assert phone is not None
    assert (phone.reason, phone.confidence, phone.since) == (
        "sham support",
        Confidence.STRONG,
        date(2026, 11, 2),
    )
    assert domain is not None
    assert (domain.confidence, domain.expires) == (Confidence.MEDIUM, date(2026, 12, 1))


def test_plain_lines_are_values_of_the_kind_that_was_named() -> None:
    made = read("# fake shops\n\nshop.example\n*.other.example\n", IndicatorKind.DOMAIN).list
    assert len(made.entries) == 2
    assert made.find(IndicatorKind.DOMAIN, "www.other.example", TODAY)


@pytest.mark.parametrize(
    "tree",
    [
        ["shop.example"],
        [{"value": "shop.example", "kind": "domain"}],
        {"name": "theirs", "entries": [{"value": "shop.example"}]},
    ],
)
def test_json_may_hold_values_records_or_entries(tree: object) -> None:
    assert read(json.dumps(tree), IndicatorKind.DOMAIN).list.find(IndicatorKind.DOMAIN, "shop.example", TODAY)


def test_what_cannot_be_used_is_named_with_its_line_and_the_rest_is_kept() -> None:
    rows = (
        "phone,not a number,",
        "fax,123456,",
        "phone,13800000000,31.12.2025",
        "qq,10001,2027-01-01",
        "qq,10002,",
    )
    text = "\n".join(("kind,value,seen", *rows))
    made = read(text)
    assert made.refused == (Refused(2, "value"), Refused(3, "kind"), Refused(4, "seen"), Refused(5, "seen"))
    assert made.refused_count == 4
    assert list(made.list.entries) == ["qq:10002"]


def test_columns_that_mean_nothing_here_and_repetitions_are_reported() -> None:
    made = read("value,colour,reason\nshop.example,red,one\nSHOP.example,blue,two\n", IndicatorKind.DOMAIN)
    assert made.ignored == ("colour",)
    assert made.repeated == 1
    hit = made.list.find(IndicatorKind.DOMAIN, "shop.example", TODAY)
    assert hit is not None
    assert hit.reason == "one"


@pytest.mark.parametrize(
    ("raw", "kind", "says"),
    [
        (b"", IndicatorKind.DOMAIN, "no entry"),
        (b"shop.example\n", None, "--kind"),
        (b"\xff\xfe", IndicatorKind.DOMAIN, "UTF-8"),
        (b"[1, 2", IndicatorKind.DOMAIN, "JSON"),
        (b"[" * 100_000, IndicatorKind.DOMAIN, "JSON"),
        (b'{"a": 1}', IndicatorKind.DOMAIN, "entries"),
        (b"x" * (MAX_BYTES + 1), IndicatorKind.DOMAIN, "larger"),
    ],
)
def test_a_file_of_no_use_is_refused_with_the_reason(
    raw: bytes, kind: IndicatorKind | None, says: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        read_list(raw, "their list", about(kind))
    assert says in refusal.value.en
    assert refusal.value.zh


def test_too_many_entries_are_refused_rather_than_cut() -> None:
    lines = "\n".join(f"s{number}.example" for number in range(100_001))
    with pytest.raises(UsageError, match="more than 100000"):
        read(lines, IndicatorKind.DOMAIN)


@pytest.mark.parametrize(
    "changes",
    [{"name": " "}, {"source": ""}, {"dated": date(2026, 11, 21)}, {"expires": date(2026, 11, 19)}],
)
def test_a_list_without_origin_or_with_dates_that_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        read_list(b"shop.example", "list", about(IndicatorKind.DOMAIN, **changes))


def test_a_kept_list_comes_back_as_it_was(tmp_path: Path) -> None:
    made = read(CSV).list
    assert keep_list(tmp_path / "lists", made) is False
    assert kept_lists(tmp_path / "lists") == (made,)


def test_a_list_of_the_same_name_is_replaced_and_its_id_stays(tmp_path: Path) -> None:
    keep_list(tmp_path, read(CSV).list)
    (former,) = kept_lists(tmp_path)
    before = stamp(tmp_path)
    assert keep_list(tmp_path, read("other.example", IndicatorKind.DOMAIN).list) is True
    (now,) = kept_lists(tmp_path)
    assert now.id == former.id
    assert list(now.entries) == ["domain:other.example"]
    assert stamp(tmp_path) != before


def test_a_removed_list_is_gone_and_an_unknown_one_is_an_error(tmp_path: Path) -> None:
    keep_list(tmp_path, read(CSV).list)
    assert remove_list(tmp_path, "Own").name == "Own"
    assert kept_lists(tmp_path) == ()
    with pytest.raises(UsageError, match="no list Own"):
        remove_list(tmp_path, "Own")


def test_a_damaged_list_is_named_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "00000000.json").write_text("{}")
    with pytest.raises(UsageError, match=r"00000000\.json"):
        kept_lists(tmp_path)


def test_no_more_lists_than_can_be_held(tmp_path: Path) -> None:
    for number in range(20):
        keep_list(tmp_path, read_list(b"a.example", "l", about(IndicatorKind.DOMAIN, name=f"n{number}")).list)
    with pytest.raises(UsageError, match="20 lists"):
        keep_list(tmp_path, read("a.example", IndicatorKind.DOMAIN).list)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_list_or_a_refusal(raw: bytes) -> None:
    try:
        made = read_list(raw, "list", about(IndicatorKind.DOMAIN))
    except ClawbackError:
        return
    assert made.list.entries


@given(st.lists(st.tuples(st.sampled_from(["phone", "qq", "fax"]), st.text(max_size=12)), max_size=8))
def test_every_entry_is_kept_repeated_or_refused(rows: list[tuple[str, str]]) -> None:
    try:
        made = read(json.dumps([{"kind": kind, "value": value} for kind, value in rows]))
    except UsageError:
        return
    assert len(made.list.entries) + made.repeated + made.refused_count == len(rows)
