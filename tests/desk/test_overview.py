"""The list of cases: summed up once per change, never in the way, nothing of a locked case kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clawback.desk import intake, overview
from clawback.desk.calling import CallResult, Told, note_call
from clawback.desk.livecase import LiveCase
from clawback.desk.overview import NOTE, State, Summary, masked
from clawback.desk.tracking import (
    HandIn,
    Reply,
    ReplyResult,
    StepOutcome,
    mark_step,
    record_hand_in,
    record_reply,
)
from clawback.desk.workplace import Workplace
from web.small_case import ANSWERS, write_heap

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
ID = "0123456789abcdef"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sealed")
    write_heap(place / "heap")
    answers = {**ANSWERS, NOTE: "2026-014", "dates.transfer_sent": "2026-11-19"}
    intake.open_heap(place / "heap", place / "case", intake.OpenOptions(now=NOW, answers=answers))
    return place / "case"


@pytest.fixture
def workplace(tmp_path: Path, sealed: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path / "home", lambda: NOW)
    place.home.mkdir()
    shutil.copytree(sealed, place.home / ID)
    yield place
    place.close()


@pytest.fixture
def case(workplace: Workplace) -> LiveCase:
    return workplace.case(ID)


def summary(workplace: Workplace, id: str = ID) -> Summary:
    line = next(line for line in workplace.overview.lines(wait_s=30) if line.id == id)
    assert line.state is State.READY
    assert line.summary is not None
    return line.summary


def test_a_case_in_a_few_lines(workplace: Workplace) -> None:
    seen = summary(workplace)
    assert seen.opened == NOW
    assert seen.person == "甲＊"
    assert seen.reference == "2026-014"
    assert [zh for _, zh, _ in seen.situations] == ["提现被拒"]
    (total,) = seen.sums  # 3,000 + 8,000 sent, 120 came back
    assert (total.lost.text, total.lost.currency, total.frozen) == ("10880.00", "CNY", None)
    assert (seen.waiting, seen.acted) == (0, None)
    assert seen.gaps == sum(len(line.missing) for line in workplace.case(ID).file().card.lines)
    assert [clock.last for clock in seen.clocks] == sorted(clock.last for clock in seen.clocks)


@pytest.mark.parametrize(
    ("name", "shown"), [("甲某", "甲＊"), ("John Q Sample", "J＊ Q＊ S＊"), ("", ""), ("  乙 ", "乙＊")]
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_it_is_summed_up_once_until_its_log_grows(
    workplace: Workplace, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []
    real = overview.summarise

    def counting(*args: object) -> Summary:
        times.append(1)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(overview, "summarise", counting)
    for _ in range(3):
        summary(workplace)
    assert len(times) == 1
    case.change(lambda folder, secret: intake.seal_answers(folder, {NOTE: "other"}, NOW, secret))
    assert summary(workplace).reference == "other"
    assert len(times) == 2


def test_a_new_day_is_a_reason_to_look_again(tmp_path: Path, sealed: Path) -> None:
    now = [NOW]
    place = Workplace(tmp_path / "home", lambda: now[0])
    place.home.mkdir()
    shutil.copytree(sealed, place.home / ID)
    first = place.overview.lines(wait_s=30)[0]
    now[0] = NOW + timedelta(days=1)
    assert place.overview.lines(wait_s=0)[0].state is State.WORKING
    assert place.overview.lines(wait_s=0)[0].summary == first.summary  # the old one meanwhile
    assert place.overview.lines(wait_s=30)[0].state is State.READY
    place.close()


def test_what_was_done_is_counted(workplace: Workplace, case: LiveCase) -> None:
    record_hand_in(case.folder, None, HandIn("police_report", NOW), NOW)
    assert (summary(workplace).waiting, summary(workplace).acted) == (1, NOW.date())
    record_reply(case.folder, None, Reply("police_report", NOW, ReplyResult.ACCEPTED), NOW)
    assert summary(workplace).waiting == 0


def test_a_call_counts_as_acting(workplace: Workplace, case: LiveCase) -> None:
    before = NOW - timedelta(days=1)
    told = Told("police_110", "110", "", CallResult.ACCEPTED, "A1", "", before)
    note_call(case.folder, None, told, NOW)
    assert summary(workplace).acted == before.date()


def test_a_step_that_is_done_has_no_clock_any_more(workplace: Workplace, case: LiveCase) -> None:
    due = [a for a in case.file().plan.actions if a.deadline and a.deadline.last]
    assert len(summary(workplace).clocks) == len(due)
    assert due
    mark_step(case.folder, None, due[0].id, StepOutcome.DONE, "", NOW)
    assert len(summary(workplace).clocks) == len(due) - 1


def test_clocks_that_passed_are_counted_and_the_next_is_found(workplace: Workplace) -> None:
    seen = summary(workplace)
    late = seen.clocks[-1].last + timedelta(days=1)
    assert seen.next_clock(late) is None
    assert seen.overdue(late) == len(seen.clocks)
    first = seen.next_clock(NOW)
    assert first is not None
    assert seen.due_today(first.last)
    assert not seen.due_today(first.last - timedelta(days=3))


def test_a_locked_case_shows_only_that_it_is_locked_and_nothing_is_kept(workplace: Workplace) -> None:
    made = workplace.begin("cn", passphrase="eine Zeile, die keiner kennt")  # noqa: S106 - invented
    assert summary(workplace, made.id).opened == NOW
    assert made.id in dict(workplace.overview.indexes(workplace.overview.lines(wait_s=30)))
    made.shut()
    (line,) = [line for line in workplace.overview.lines() if line.id == made.id]
    assert (line.state, line.summary) == (State.LOCKED, None)
    assert made.id not in dict(workplace.overview.indexes(workplace.overview.lines(wait_s=30)))
    assert made.id not in workplace.overview._known


def test_a_case_that_does_not_load_hides_no_other(workplace: Workplace, sealed: Path) -> None:
    shutil.copytree(sealed, workplace.home / "damaged0")
    (workplace.home / "damaged0" / "case.db").write_bytes(b"no database")
    shutil.copytree(sealed, workplace.home / "damaged1")
    (workplace.home / "damaged1" / "clawback.json").write_text("{}")
    states = {line.id: line.state for line in workplace.overview.lines(wait_s=30)}
    assert states == {ID: State.READY, "damaged0": State.BROKEN, "damaged1": State.BROKEN}


def test_indexes_over_the_limit_are_let_go_and_made_again(
    workplace: Workplace, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sealed, workplace.home / "second00")
    monkeypatch.setattr(overview, "_MOST_INDEXED", 1)
    lines = workplace.overview.lines(wait_s=30)
    found = {id: len(index.find("提现")) for id, index in workplace.overview.indexes(lines)}
    assert found.keys() == {ID, "second00"}
    assert found[ID] == found["second00"] > 0
    assert len(workplace.overview._indexes) == 1
