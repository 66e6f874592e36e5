"""Times that say how exact they are and how their zone is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """The smallest unit that the evidence states. A day is not midnight."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


class ZoneBasis(StrEnum):
    """How the time zone of a moment is known, strongest first."""

    STATED = "stated"  # an offset or zone stands in the evidence itself
    FORMAT = "format"  # the export format is defined in one zone (Alipay and WeChat bills: Beijing time)
    ASSUMED = "assumed"  # taken from the case's place; shown as an assumption


_SPANS = {
    Precision.HOUR: timedelta(hours=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.SECOND: timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with its precision and the basis of its zone.

    `instant` is aware; its offset is the one in which the evidence spoke. For precisions coarser than
    SECOND it is the *start* of the stated span in that offset, never a claim about the part left unsaid.
    """

    instant: datetime
    precision: Precision
    zone_basis: ZoneBasis

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("a Moment needs an aware instant")

    @property
    def utc(self) -> datetime:
        """The start of the span in UTC: the key to sort by."""
        return self.instant.astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first instant after the stated span (same offset)."""
        if self.precision in _SPANS:
            return self.instant + _SPANS[self.precision]
        if self.precision is Precision.DAY:
            return self.instant + timedelta(days=1)
        if self.precision is Precision.MONTH:
            return (self.instant.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self.instant.replace(year=self.instant.year + 1)

    def overlaps(self, other: Moment, slack: timedelta = timedelta(0)) -> bool:
        """Could both be the same instant, give or take `slack`?"""
        return self.instant - slack < other.end and other.instant - slack < self.end
