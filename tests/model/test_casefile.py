"""The latest answer counts; of two in the same second, the one given last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from clawback.desk.planning import latest_statements
from clawback.model.casefile import CaseFile
from clawback.model.events import Statement
from clawback.model.evidence import Locator, Source
from clawback.model.moments import Moment, Precision, ZoneBasis
from filings.casefile_sample import casefile

AT = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


def said(exhibit: int, value: str, seconds: int = 0, subject: str = "") -> Statement:
    moment = Moment(AT + timedelta(seconds=seconds), Precision.SECOND, ZoneBasis.STATED)
    source = Source(exhibit, Locator(item="1"), value, "statement", "2")
    return Statement("user.name", value, moment, (source,), subject)


def file_of(*statements: Statement) -> CaseFile:
    return replace(casefile(), statements=statements)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((said(1, "甲"), said(2, "乙")), "乙"),  # in the same second
        ((said(1, "甲", 1), said(2, "乙", 0)), "甲"),  # sealed later, given earlier
        ((said(1, "甲"), said(2, "乙"), said(3, "丙")), "丙"),
        ((said(1, "甲"), said(2, "")), None),  # taken back in the same second
        ((said(1, ""), said(2, "乙")), "乙"),
        ((said(1, "甲"), said(2, "乙", subject="T1")), "甲"),  # about something else
        ((), None),
    ],
)
def test_the_later_of_two_answers_wins(statements: tuple[Statement, ...], expected: str | None) -> None:
    answer = file_of(*statements).answer("user.name")
    assert (answer.value if answer else None) == expected
    latest = latest_statements(statements).get("user.name")
    assert (latest.value if latest else None) == expected
