"""Search finds any part of any word, compares accounts by their digits, and leads to the place."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest

from clawback.desk import intake
from clawback.desk.casefile import open_casefile
from clawback.desk.records import load_records
from clawback.desk.searching import Index, Where, _Line, index_of
from clawback.desk.tracking import HandIn, record_hand_in
from clawback.model.evidence import Locator
from web.small_case import ANSWERS, write_heap

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small case, with a paper handed in."""
    place = tmp_path_factory.mktemp("searched")
    write_heap(place / "heap")
    intake.open_heap(place / "heap", place / "case", intake.OpenOptions(now=NOW, answers=ANSWERS))
    record_hand_in(place / "case", None, HandIn("police_report", NOW, reference="受案 2026-0042"), NOW)
    return place / "case"


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    return index_of(load_records(folder), open_casefile(folder, NOW))


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("提现", Where.MESSAGE),  # two characters of Chinese inside a sentence
        ("王样本", Where.TRANSFER),
        ("李样", Where.NAME),
        ("jinding.EXAMPLE", Where.ACCOUNT),
        ("ｊｉｎｄｉｎｇ", Where.ACCOUNT),  # full width
        ("2026111922002", Where.TRANSFER),
        ("甲某", Where.STATEMENT),
        ("微信聊天", Where.EXHIBIT),
        ("服务器费", Where.MESSAGE),
        ("2026-0042", Where.REFERENCE),
    ],
)
def test_everything_is_found(index: Index, wanted: str, where: Where) -> None:
    assert where in [hit.where for hit in index.find(wanted)]


def test_a_hit_shows_its_words_and_its_place(index: Index) -> None:
    (hit,) = [hit for hit in index.find("先交20%") if hit.where is Where.MESSAGE]
    assert hit.match == "先交20%"
    assert hit.before.endswith("提现要")
    assert hit.after.startswith("的税")
    assert hit.exhibit > 0
    assert hit.locator != Locator()


@pytest.mark.parametrize("wanted", ["", "   ", "没有这个词", "9" * 30])
def test_nothing_is_found_for_nothing(index: Index, wanted: str) -> None:
    assert index.find(wanted) == ()


@pytest.mark.parametrize(
    "wanted", ["6222020000000009921", "6222 0200 0000 0009 921", "6222-0200", "0009921", "６２２２０２００"]
)
def test_accounts_are_compared_by_their_digits_alone(wanted: str) -> None:
    index = Index([_Line(Where.TRANSFER, "尾号 6222 0200 0000 0009 921 工商银行", 3, Locator(row=2))])
    assert [(hit.exhibit, hit.locator.row) for hit in index.find(wanted)] == [(3, 2)]


def test_few_digits_are_words_and_digits_never_run_from_one_line_into_the_next() -> None:
    index = Index(
        [_Line(Where.TEXT, "12 3", 1, Locator(line=1)), _Line(Where.TEXT, "45 67", 1, Locator(line=2))]
    )
    assert index.find("123") == ()  # too short to be an account
    assert index.find("34567") == ()
    assert len(index.find("4567")) == 1


def test_a_line_is_found_once_however_often_it_holds_the_word() -> None:
    index = Index([_Line(Where.TEXT, "退款退款退款", 1, Locator())])
    assert len(index.find("退款")) == 1


def test_letters_that_change_length_when_folded_break_nothing() -> None:
    index = Index([_Line(Where.TEXT, "ﬁnance ﬁ 退款 Straße", 1, Locator())])
    (hit,) = index.find("退款")
    assert "退款" in hit.after
    assert len(index.find("STRASSE")) == 1


def test_a_case_of_twenty_thousand_lines_is_searched_quickly() -> None:
    lines = [
        _Line(Where.MESSAGE, f"第{n}条 转{n * 37 % 9999}元 提现", 1, Locator(line=n)) for n in range(20_000)
    ]
    index = Index(lines)
    start = time.perf_counter()
    assert index.find("没有这个") == ()
    assert [hit.locator.line for hit in index.find("第19999条")] == [19_999]
    assert time.perf_counter() - start < 0.05
