"""Prints are kept by the state of the case, and go when it is locked; names in a ZIP are only names."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clawback.desk import intake
from clawback.desk.livecase import LiveCase
from clawback.desk.printing import Press, Wanted, bundle, make, papers_made, picture
from clawback.desk.workplace import Workplace
from clawback.errors import UsageError

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
WORDS = "蓝色的门后面有一棵树"
SHEET = Wanted("stop_payment", "zh")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(tmp_path: Path, clock: Clock, quick_passphrase: None) -> Iterator[Workplace]:
    made = Workplace(tmp_path / "home", clock)
    yield made
    made.close()


def say(case: LiveCase, question: str, answer: str) -> None:
    case.change(lambda folder, secret: intake.seal_answers(folder, {question: answer}, case.clock(), secret))


def test_a_locked_case_leaves_nothing_in_the_press(place: Workplace) -> None:
    case, press = place.begin("cn", passphrase=WORDS), Press()
    assert press.print(case, SHEET, 60) is not None
    press.draft(case, SHEET)
    case.shut()
    assert not press._prints
    assert not press._drafts


def test_the_same_state_of_a_case_is_printed_once(place: Workplace) -> None:
    case, press = place.begin("cn"), Press()
    first = press.print(case, SHEET, 60)
    assert press.print(case, SHEET, 60) is first
    assert press.draft(case, SHEET) is press.draft(case, SHEET)
    say(case, "user.name", "甲某")
    second = press.print(case, SHEET, 60)
    assert second is not None
    assert first is not None
    assert second.pdf != first.pdf


def test_tomorrow_a_paper_is_printed_anew(place: Workplace, clock: Clock) -> None:
    case, press = place.begin("cn"), Press()
    first = press.print(case, Wanted("platform_goods", "zh"), 60)
    clock.now += timedelta(days=1)
    second = press.print(case, Wanted("platform_goods", "zh"), 60)
    assert first is not None
    assert second is not None
    assert first.pdf != second.pdf  # it asks for an answer within seven days of the day of making


def test_what_the_press_keeps_is_bounded(place: Workplace) -> None:
    case, small = place.begin("cn"), Press(kept_bytes=1)
    for lang in ("zh", "en"):
        assert small.print(case, Wanted("stop_payment", lang), 60) is not None
    assert len(small._prints) == 1


def test_a_mask_that_the_form_does_not_allow_is_refused(place: Workplace) -> None:
    case, press = place.begin("cn"), Press()
    wrong = Wanted("police_report", "zh", frozenset({"user.phone"}))
    for look in (lambda: press.draft(case, wrong), lambda: press.print(case, wrong, 60)):
        with pytest.raises(UsageError):
            look()


def test_there_is_no_page_nought_and_none_after_the_last(place: Workplace) -> None:
    printed = Press().print(place.begin("cn"), SHEET, 60)
    assert printed is not None
    for number in (0, printed.pages + 1):
        with pytest.raises(UsageError):
            picture(printed, number)


def test_a_paper_made_stands_in_the_log_with_the_name_under_it(place: Workplace) -> None:
    case = place.begin("cn")
    printed = Press().print(case, SHEET, 60)
    assert printed is not None
    before = case.file().log_size
    number = make(case, SHEET, printed, "甲某")
    (made,) = papers_made(case)
    assert (made.number, made.confirmed_by, made.translated) == (number, "甲某", False)
    assert case.file().log_size == before + 2  # the paper, and the name


def test_a_button_pressed_twice_makes_one_paper(place: Workplace) -> None:
    case = place.begin("cn")
    printed = Press().print(case, SHEET, 60)
    assert printed is not None
    assert make(case, SHEET, printed, "甲某") == make(case, SHEET, printed, "甲某") == 1
    assert len(papers_made(case)) == 1


def test_a_paper_that_was_taken_away_is_made_again(place: Workplace) -> None:
    case = place.begin("cn")
    printed = Press().print(case, SHEET, 60)
    assert printed is not None
    make(case, SHEET, printed, "甲某")
    (case.folder / "papers" / papers_made(case)[0].files[0][1]).unlink()
    assert make(case, SHEET, printed, "甲某") == 2


def test_a_zip_may_be_taken_piece_by_piece_from_different_threads(place: Workplace) -> None:
    case = place.begin("cn", passphrase=WORDS)
    say(case, "user.name", "甲某")
    wanted = Wanted("police_report", "zh")
    printed = Press().print(case, wanted, 60)
    assert printed is not None
    make(case, wanted, printed, "甲某")
    pieces, got = bundle(case, papers_made(case)[0]), list[bytes]()

    def take() -> None:
        got.append(next(pieces, b""))

    while not got or got[-1] or len(got) < 6:
        one = threading.Thread(target=take)
        one.start()
        one.join()
        assert len(got) < 100
    archive = zipfile.ZipFile(io.BytesIO(b"".join(got)))
    assert archive.testzip() is None
    (exhibit,) = case.file().exhibits
    inside = [name for name in archive.namelist() if name.startswith("exhibits/001_")]
    assert hashlib.sha256(archive.read(inside[0])).hexdigest() == exhibit.sha256
