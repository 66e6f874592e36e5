"""A call that was made is one more record, and can be taken back like every other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clawback.desk.calling import CallResult, Told, calls, note_call
from clawback.desk.records import load_records, record_decisions
from clawback.desk.workplace import Workplace
from clawback.errors import UsageError
from clawback.store.records import Decision

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
TOLD = Told("police_110", "110", "T1.r2", CallResult.REFUSED, "受-001", "民警乙", NOW - timedelta(minutes=5))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Workplace(tmp_path, lambda: NOW).begin("cn").folder


def test_calls_are_kept_in_order_with_what_was_told(folder: Path) -> None:
    note_call(folder, None, TOLD, NOW)
    note_call(folder, None, replace(TOLD, result=CallResult.ACCEPTED, reference=""), NOW)
    first, second = calls(load_records(folder))
    assert (first.number, first.result, first.reference, first.officer) == (
        1,
        CallResult.REFUSED,
        "受-001",
        "民警乙",
    )
    assert (first.channel, first.phone, first.transfer) == ("police_110", "110", "T1.r2")
    assert first.at == TOLD.at
    assert (second.number, second.result, second.reference) == (2, CallResult.ACCEPTED, "")


def test_a_call_taken_back_is_no_longer_shown_and_still_stands_in_the_records(folder: Path) -> None:
    note_call(folder, None, TOLD, NOW)
    record_decisions(folder, [Decision("withdraw", ("1",), "", "user", NOW)])
    assert calls(load_records(folder)) == ()
    assert len(load_records(folder).decisions) == 2


def test_a_call_cannot_lie_ahead_or_be_a_novel(folder: Path) -> None:
    with pytest.raises(UsageError):
        note_call(folder, None, replace(TOLD, at=NOW + timedelta(minutes=1)), NOW)
    with pytest.raises(UsageError):
        note_call(folder, None, replace(TOLD, officer="甲" * 201), NOW)
    assert load_records(folder).decisions == ()
