"""A number is looked for in own cases and in imported lists, and what was not searched is said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clawback.desk import intake
from clawback.desk.lists import FOLDER, import_list
from clawback.desk.vetting import MOST, Vetting, vet
from clawback.desk.workplace import Workplace
from clawback.model.indicators import Indicator, IndicatorKind
from web.small_case import ANSWERS, write_heap

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
SITE = Indicator(IndicatorKind.DOMAIN, "jinding.example", ())
QQ = Indicator(IndicatorKind.QQ, "10001", ())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A workplace with the small case in it."""
    folder = tmp_path_factory.mktemp("vetted")
    write_heap(folder / "heap")
    options = intake.OpenOptions(now=NOW, answers=ANSWERS)
    intake.open_heap(folder / "heap", folder / "home" / "0123456789abcdef", options)
    workplace = Workplace(folder / "home", lambda: NOW)
    yield workplace
    workplace.close()


def vetted(place: Workplace, *indicators: Indicator) -> Vetting:
    """The answer once every case has been summed up."""
    until = time.monotonic() + 30
    while (answer := vet(place, indicators, "zh")).unsearched and time.monotonic() < until:
        time.sleep(0.05)
    return answer


def test_a_site_of_an_own_case_is_found_there(place: Workplace) -> None:
    (check,) = vetted(place, SITE).checks
    (hit,) = check.own
    assert hit.case == "0123456789abcdef"
    assert hit.times >= 1


def test_a_longer_name_that_holds_the_value_is_another(place: Workplace) -> None:
    (check,) = vetted(place, Indicator(IndicatorKind.DOMAIN, "ding.example", ())).checks
    assert check.own == ()


def test_a_short_number_inside_a_reference_of_a_transfer_is_no_hit(place: Workplace) -> None:
    long, short = (
        Indicator(IndicatorKind.ORDER_NUMBER, "2026111922002", ()),
        Indicator(IndicatorKind.QQ, "11922", ()),
    )
    found, by_chance = vetted(place, long, short).checks
    assert found.own
    assert by_chance.own == ()


def test_what_is_in_no_case_and_no_list_has_no_hits(place: Workplace) -> None:
    answer = vetted(place, QQ)
    assert (answer.checks[0].own, answer.checks[0].listed) == ((), ())
    assert answer.damaged is None


def test_a_locked_case_is_counted_as_not_searched(tmp_path: Path, quick_passphrase: None) -> None:
    place = Workplace(tmp_path, lambda: NOW)
    place.begin("cn", None, "a long passphrase").shut()
    answer = vet(place, [QQ], "zh")
    place.close()
    assert answer.unsearched == 1
    assert answer.checks[0].own == ()


def test_imported_lists_are_asked(tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    file.write_text("kind,value\nqq,10001\n", encoding="utf-8")
    import_list(tmp_path / "home", file, NOW.date(), name="Own", source="notes")
    (check,) = vet(Workplace(tmp_path / "home", lambda: NOW), [QQ], "zh").checks
    assert [hit.list_name for hit in check.listed] == ["Own"]


def test_a_damaged_list_is_told_and_hides_nothing_else(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "00000000.json").write_text("{}")
    answer = vet(Workplace(tmp_path, lambda: NOW), [QQ], "zh")
    assert answer.damaged is not None
    assert answer.checks[0].form.en == "QQ number, 5 digits"


def test_home_is_where_the_language_is_spoken(tmp_path: Path) -> None:
    phone = Indicator(IndicatorKind.PHONE, "+8613800000000", ())
    place = Workplace(tmp_path, lambda: NOW)
    abroad = [{one.id for one in vet(place, [phone], lang).checks[0].traits} for lang in ("zh", "en")]
    assert ["phone_abroad" in traits for traits in abroad] == [False, True]


def test_a_text_full_of_numbers_is_cut_and_says_so(tmp_path: Path) -> None:
    many = [Indicator(IndicatorKind.QQ, str(10_000 + n), ()) for n in range(MOST + 3)]
    answer = vet(Workplace(tmp_path, lambda: NOW), many, "zh")
    assert (len(answer.checks), answer.left_out) == (MOST, 3)
