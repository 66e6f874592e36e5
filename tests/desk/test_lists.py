"""Lists beside the cases: imported with an origin and an end, seen by every check, removed again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clawback.desk.lists import FOLDER, Imported, forget_list, import_list, lists_in, show_lists
from clawback.desk.workplace import Workplace
from clawback.errors import UsageError
from clawback.model.indicators import IndicatorKind

TODAY = date(2026, 11, 20)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shops.txt"
    path.write_text("shop.example\n", encoding="utf-8")
    return path


def take(home: Path, file: Path, **changes: object) -> Imported:
    given: dict[str, object] = {"name": "Shops", "source": "own notes", "kind": "domain"}
    return import_list(home, file, TODAY, **{**given, **changes})  # type: ignore[arg-type]


def test_a_list_counts_for_half_a_year_from_its_own_date(tmp_path: Path, file: Path) -> None:
    made = take(tmp_path, file, dated=date(2026, 11, 1))
    assert made.read.list.expires == date(2027, 4, 30)  # 180 days
    assert made.replaced is False
    (shown,) = show_lists(tmp_path, TODAY)
    assert (shown.list.name, shown.living) == ("Shops", 1)
    (later,) = show_lists(tmp_path, date(2027, 5, 1))
    assert later.living == 0


def test_lists_are_seen_at_once_when_they_come_change_and_go(tmp_path: Path, file: Path) -> None:
    assert lists_in(tmp_path) == ()
    take(tmp_path, file)
    assert lists_in(tmp_path)[0].find(IndicatorKind.DOMAIN, "shop.example", TODAY)
    file.write_text("other.example\n", encoding="utf-8")
    assert take(tmp_path, file).replaced
    assert lists_in(tmp_path)[0].find(IndicatorKind.DOMAIN, "shop.example", TODAY) is None
    forget_list(tmp_path, "Shops")
    assert lists_in(tmp_path) == ()


@pytest.mark.parametrize(
    "changes", [{"kind": "fax"}, {"confidence": "very"}, {"days": 0}, {"days": 3651}, {"name": ""}]
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(
    tmp_path: Path, file: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(UsageError):
        take(tmp_path, file, **changes)
    assert not (tmp_path / FOLDER).exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv"):
        take(tmp_path, tmp_path / "none.csv")


def test_the_folder_of_lists_is_no_case(tmp_path: Path, file: Path) -> None:
    take(tmp_path, file)
    assert Workplace(tmp_path).ids() == ()
