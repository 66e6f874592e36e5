"""Everything that happened in one stream, by day, ready to be filtered, searched and counted.

The ledger's timeline has messages and transfers; here what the user stated joins them, at the time it was
stated, and every call, paper handed in and reply that was noted, at the time it happened. Days are those of
the case's own zone; what is known only by month or year is never given a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from clawback.desk.calling import CallMade, calls
from clawback.desk.ladders import name_of
from clawback.desk.records import Records
from clawback.desk.tracking import HandIn, Reply, noted
from clawback.model.casefile import CaseFile
from clawback.model.events import Direction, Statement
from clawback.model.evidence import Locator, Source
from clawback.model.ledger import LedgerEntry, TimelineItem, TimelineKind
from clawback.model.moments import Moment, Precision, ZoneBasis

_MOST_PEOPLE = 50
_LONG_GAP = 30  # empty bins in a row that are cut out of the picture
_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
_KNOWN_OF_DAY = {Precision.MONTH: 7, Precision.YEAR: 4}  # characters of 2026-11-21


@dataclass(frozen=True, slots=True)
class Happening:
    """One item of the stream. `day`: "2026-11-21", "2026-11" or "2026", as far as it is known, else "".

    `at`: in the case's zone; None without a date. `entry`: of a transfer. `own`: the user said it. `noted`:
    the call, hand-in or reply that the user wrote down.
    """

    item: TimelineItem
    day: str
    at: datetime | None
    entry: LedgerEntry | None
    statement: Statement | None
    own: bool
    noted: CallMade | HandIn | Reply | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter. `kind`, `who`: "" for all. `text`: lower case, to be found in the words or the name.
    `day`: "" for all, None for what has no date."""

    kind: str = ""
    who: str = ""
    text: str = ""
    day: str | None = ""


@dataclass(frozen=True, slots=True)
class Chronology:
    """The stream: dated first, undated last. `people`: names with how often they appear, most frequent first;
    `kinds`: how many of each kind. `picture`: of the whole."""

    happenings: tuple[Happening, ...]
    people: tuple[tuple[str, int], ...]
    kinds: Mapping[str, int]
    picture: Density

    def matching(self, wanted: Wanted) -> tuple[Happening, ...]:
        """What `wanted` lets through, in order."""
        if wanted == Wanted():
            return self.happenings
        return tuple(one for one in self.happenings if _fits(one, wanted))


def chronology(file: CaseFile, records: Records) -> Chronology:
    """The stream of a case. Raises CaseDamaged when a record is not what was written."""
    zone = ZoneInfo(file.case.zone)
    entries = {entry.id: entry for entry in file.entries}
    own = {message.id for message in file.messages if message.own}
    found = [_happening(item, zone, entries.get(item.record), None, own) for item in file.timeline]
    found += [_happening(_stated(one), zone, None, one, own) for one in file.statements]
    for one in (*calls(records), *noted(records)):
        found.append(replace(_happening(_noted(one, file), zone, None, None, own), own=True, noted=one))
    dated = sorted((one for one in found if one.item.moment), key=_when)
    people = Counter(one.item.who for one in found if one.item.who)
    stream = (*dated, *(one for one in found if one.item.moment is None))
    return Chronology(
        stream,
        tuple(people.most_common(_MOST_PEOPLE)),
        Counter(one.item.kind.value for one in found),
        density(stream),
    )


def days(happenings: Iterable[Happening]) -> tuple[tuple[str, int], ...]:
    """Each day, month, year or "" of `happenings` in order, with how many there are."""
    return tuple(Counter(one.day for one in happenings).items())


def _when(one: Happening) -> datetime:
    assert one.item.moment is not None  # noqa: S101 - asked before
    return one.item.moment.utc


def _stated(statement: Statement) -> TimelineItem:
    return TimelineItem(
        statement.moment, TimelineKind.STATEMENT, statement.id, None, statement.value, statement.sources
    )


def _noted(one: CallMade | HandIn | Reply, file: CaseFile) -> TimelineItem:
    """Its text is only for searching: names in both languages, numbers, and what was written."""
    sources: tuple[Source, ...] = ()
    if isinstance(one, CallMade):
        about, words = one.channel, f"{one.phone} {one.reference} {one.officer}"
    elif isinstance(one, HandIn):
        about, words = one.form, f"{one.to} {one.reference} {one.how}"
    else:
        about, words = one.about, one.note
        if one.exhibit is not None:
            sources = (Source(one.exhibit, Locator(), one.note, "user", "1"),)
    kind = TimelineKind.CALL if isinstance(one, CallMade) else TimelineKind.FOLLOW_UP
    text = f"{name_of(file, about, 'zh')} {name_of(file, about, 'en')} {words}"
    moment = _moment(one.at, ZoneInfo(file.case.zone))
    return TimelineItem(moment, kind, f"noted {one.number}", None, text, sources)


def _moment(at: date | datetime, zone: ZoneInfo) -> Moment:
    if isinstance(at, datetime):
        return Moment(at, Precision.MINUTE, ZoneBasis.STATED)
    return Moment(datetime(at.year, at.month, at.day, tzinfo=zone), Precision.DAY, ZoneBasis.STATED)


def _happening(
    item: TimelineItem,
    zone: ZoneInfo,
    entry: LedgerEntry | None,
    statement: Statement | None,
    own: set[str],
) -> Happening:
    at = None if item.moment is None else _local(item.moment, zone)
    known = _KNOWN_OF_DAY.get(item.moment.precision, 10) if item.moment else 0
    day = at.date().isoformat()[:known] if at else ""
    return Happening(item, day, at, entry, statement, statement is not None or item.record in own)


def _local(moment: Moment, zone: ZoneInfo) -> datetime:
    """In the case's zone; a bare day, month or year stays the one that was written."""
    if moment.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        return moment.instant
    return moment.instant.astimezone(zone)


def _fits(one: Happening, wanted: Wanted) -> bool:
    item = one.item
    if wanted.kind and item.kind.value != wanted.kind:
        return False
    if wanted.who and item.who != wanted.who:
        return False
    if wanted.day != "" and one.day != (wanted.day or ""):
        return False
    return not wanted.text or wanted.text in item.text.lower() or wanted.text in (item.who or "").lower()


# the picture of the whole span


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of the picture. `start`: its first hour or day. `records` counts everything, `out` and `back`
    the transfers among them. `day`: the first day that has any. `gap`: how many empty bins were cut out here;
    then the rest is 0."""

    start: datetime
    records: int
    out: int
    back: int
    day: str
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Density:
    """How much happened when. `unit`: hour, day, week or month. `undated`: what has no day of its own."""

    unit: str
    bins: tuple[Bin, ...]
    undated: int


def density(happenings: Sequence[Happening]) -> Density:
    """The bars for `happenings`; long stretches in which nothing happened are cut out and counted."""
    dated = sorted((one for one in happenings if len(one.day) == 10), key=lambda one: one.day)
    undated = len(happenings) - len(dated)
    if not dated:
        return Density("day", (), undated)
    unit = _unit(_bare(dated[-1]) - _bare(dated[0]))
    by_day: dict[tuple[str, int], list[Happening]] = {}
    for one in dated:
        assert one.at is not None  # noqa: S101 - filtered above
        by_day.setdefault((one.day, one.at.hour if unit == "hour" else 0), []).append(one)
    counted: dict[datetime, list[Happening]] = {}
    for (day, hour), happened in by_day.items():
        start = datetime.fromisoformat(day) + timedelta(hours=hour)
        counted.setdefault(_floor(start, unit), []).extend(happened)
    return Density(unit, tuple(_bins(counted, unit)), undated)


def _bare(one: Happening) -> datetime:
    assert one.at is not None  # noqa: S101 - asked before
    return one.at.replace(tzinfo=None)


def _unit(span: timedelta) -> str:
    if span <= timedelta(days=2):
        return "hour"
    if span <= timedelta(days=60):
        return "day"
    return "week" if span <= timedelta(days=731) else "month"


def _floor(at: datetime, unit: str) -> datetime:
    if unit == "hour":
        return at.replace(minute=0, second=0, microsecond=0)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _next(at: datetime, unit: str) -> datetime:
    return at + _STEPS[unit] if unit in _STEPS else (at + timedelta(days=32)).replace(day=1)


def _distance(start: datetime, end: datetime, unit: str) -> int:
    """How many bins from `start` to `end`."""
    if unit in _STEPS:
        return (end - start) // _STEPS[unit]
    return (end.year - start.year) * 12 + end.month - start.month


def _bins(counted: Mapping[datetime, Sequence[Happening]], unit: str) -> Iterator[Bin]:
    known = sorted(counted)
    for start, following in zip(known, [*known[1:], None], strict=True):
        yield _bar(start, counted[start])
        if following is not None:
            yield from _between(start, following, unit)


def _between(start: datetime, end: datetime, unit: str) -> Iterator[Bin]:
    """The empty bins between two that are not."""
    empty = _distance(start, end, unit) - 1
    at = start
    for _ in range(1 if empty >= _LONG_GAP else empty):
        at = _next(at, unit)
        yield Bin(at, 0, 0, 0, "", gap=empty if empty >= _LONG_GAP else 0)


def _bar(start: datetime, happened: Sequence[Happening]) -> Bin:
    moved = [one.entry.transfer for one in happened if one.entry is not None]
    out = sum(transfer.direction is Direction.OUT for transfer in moved)
    return Bin(start, len(happened), out, len(moved) - out, min(one.day for one in happened))
