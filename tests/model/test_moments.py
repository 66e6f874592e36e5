from datetime import UTC, datetime, timedelta, timezone

import pytest

from clawback.model.moments import Moment, Precision, ZoneBasis

BEIJING = timezone(timedelta(hours=8))


def at(text: str, precision: Precision) -> Moment:
    return Moment(datetime.fromisoformat(text), precision, ZoneBasis.STATED)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Moment(datetime(2026, 3, 1, 10, 0), Precision.MINUTE, ZoneBasis.STATED)  # noqa: DTZ001


def test_a_day_overlaps_every_minute_in_it_and_none_outside() -> None:
    day = at("2026-03-01T00:00:00+08:00", Precision.DAY)
    assert day.overlaps(at("2026-03-01T23:59:00+08:00", Precision.MINUTE))
    assert not day.overlaps(at("2026-03-02T00:00:00+08:00", Precision.MINUTE))


def test_the_zone_the_evidence_spoke_in_is_kept_while_sorting_uses_utc() -> None:
    moment = at("2026-03-01T00:30:00+08:00", Precision.SECOND)
    assert moment.instant.utcoffset() == timedelta(hours=8)
    assert moment.utc == datetime(2026, 2, 28, 16, 30, tzinfo=UTC)


def test_a_month_ends_where_the_next_begins() -> None:
    assert at("2026-12-01T00:00:00+08:00", Precision.MONTH).end == datetime(2027, 1, 1, tzinfo=BEIJING)
