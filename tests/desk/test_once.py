"""What is worked out once for a view, and what a case tells those who keep something of it elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from clawback.desk import intake
from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace
from clawback.model.casefile import CaseFile

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
PASSPHRASE = "纸鹤 lantern 17 harbour"  # noqa: S105 - of an invented case
counted: list[int] = []


def names(file: CaseFile) -> tuple[str, ...]:
    counted.append(len(file.exhibits))
    return tuple(one.name for one in file.exhibits)


def heap(folder: Path, *files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in files:
        (folder / name).write_text(f"note {name}", encoding="utf-8")
    return folder


def test_it_is_worked_out_once_until_the_evidence_changes(tmp_path: Path) -> None:
    counted.clear()
    options = intake.OpenOptions(now=NOW)
    intake.open_heap(heap(tmp_path / "heap", "1.txt"), tmp_path / "case", options)
    case = LiveCase("abcdef123456", tmp_path / "case", lambda: NOW)
    assert case.once(names) == ("1.txt",)
    assert case.once(names) == ("1.txt",)
    assert counted == [1]
    case.change(lambda folder, _: intake.open_heap(heap(tmp_path / "heap", "2.txt"), folder, options))
    assert case.once(names) == ("1.txt", "2.txt")
    assert counted == [1, 2]


def test_locking_forgets_it_and_tells_whoever_keeps_something(tmp_path: Path) -> None:
    counted.clear()
    place = Workplace(tmp_path / "home", lambda: NOW)
    case = place.begin("cn", passphrase=PASSPHRASE)
    told: list[str] = []
    case.when_shut(lambda: told.append(case.id))
    assert case.once(names) == ()
    place.shut()
    assert told == [case.id]
    case.unlock(PASSPHRASE)
    assert case.once(names) == ()
    assert counted == [0, 0]
    place.close()
