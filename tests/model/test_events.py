"""The name of a record says where it was first read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clawback.model.events import Message, Statement
from clawback.model.evidence import Locator, Source
from clawback.model.moments import Moment, Precision, ZoneBasis


def source(locator: Locator) -> Source:
    return Source(12, locator, "text", "reader", "1")


@pytest.mark.parametrize(
    ("locator", "name"),
    [
        (Locator(), "M12"),
        (Locator(row=5), "M12.r5"),
        (Locator(page=2, line=7), "M12.p2.l7"),
        (Locator(row=0, item="a-1"), "M12.r0.ia-1"),
        (Locator(line=3, start=0, end=9), "M12.l3.c0"),
        (
            Locator(page=1, row=2, line=3, item="4", start=5, end=6, box=(7, 8, 9, 10)),
            "M12.p1.r2.l3.i4.c5.b7-8-9-10",
        ),
    ],
)
def test_a_message_is_named_after_its_place(locator: Locator, name: str) -> None:
    assert Message(None, None, "text", "note", (source(locator),)).id == name


def test_a_later_source_does_not_rename_a_record() -> None:
    at = Moment(datetime(2026, 11, 20, tzinfo=UTC), Precision.DAY, ZoneBasis.STATED)
    sources = (source(Locator(item="1")), source(Locator(row=9)))
    assert Statement("user.name", "x", at, sources).id == "S12.i1"
