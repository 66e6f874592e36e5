"""Lists of indicators that the user imported from others: kept beside the cases, shown, removed.

A list is somebody's claim with a date; it expires, by default after half a year, because numbers and domains
change hands.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from clawback.errors import UsageError
from clawback.guard.listfiles import (
    MAX_BYTES,
    About,
    ReadList,
    keep_list,
    kept_lists,
    read_list,
    remove_list,
    stamp,
)
from clawback.guard.lists import Confidence, ImportedList
from clawback.model.indicators import IndicatorKind

FOLDER = "lists"
"""Name of their folder in the home folder; no case can have it."""

USUAL_DAYS = 180
"""How long a list counts from its own date unless somebody says otherwise."""

_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `replaced`: a list of the same name was there before."""

    read: ReadList
    replaced: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and how many of its entries count today."""

    list: ImportedList
    living: int


def import_list(
    home: Path,
    file: Path,
    today: date,
    *,
    name: str,
    source: str,
    kind: str | None = None,
    confidence: str = Confidence.MEDIUM,
    dated: date | None = None,
    days: int = USUAL_DAYS,
) -> Imported:
    """Read `file` and keep it in `home`. Raises UsageError, TargetNotWritable.

    `dated`: day of its contents, None: today; `days`: how long it counts from then.
    """
    if not 1 <= days <= _MOST_DAYS:
        raise UsageError(f"--days is 1 to {_MOST_DAYS}.", f"--days 只能是 1 到 {_MOST_DAYS}。")
    since = dated or today
    about = About(
        name=name,
        source=source,
        dated=since,
        imported=today,
        expires=since + timedelta(days=days),
        kind=_kind(kind) if kind else None,
        confidence=_confidence(confidence),
    )
    read = read_list(_bytes(file), file.name, about)
    return Imported(read, keep_list(home / FOLDER, read.list))


def show_lists(home: Path, today: date) -> tuple[Listing, ...]:
    """Every list, by name. Raises UsageError naming a damaged one."""
    return tuple(Listing(one, one.living(today)) for one in lists_in(home))


def forget_list(home: Path, id_or_name: str) -> ImportedList:
    """Remove a list; what it was. Raises UsageError when there is none, TargetNotWritable."""
    return remove_list(home / FOLDER, id_or_name)


def lists_in(home: Path) -> tuple[ImportedList, ...]:
    """All lists of `home`, kept in memory until one changes. Raises UsageError naming a damaged one."""
    folder = home / FOLDER
    mark = (folder, stamp(folder))
    with _held.lock:
        if _held.mark != mark:
            _held.lists, _held.mark = kept_lists(folder), mark
        return _held.lists


class _Held:
    """The lists that were used last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.mark: tuple[Path, tuple[tuple[str, int], ...]] | None = None
        self.lists: tuple[ImportedList, ...] = ()


_held = _Held()


def _bytes(file: Path) -> bytes:
    """The file up to one byte more than is allowed: a huge one is refused without reading it all."""
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read.", f"{file} 无法读取。") from error


def _kind(text: str) -> IndicatorKind:
    try:
        return IndicatorKind(text)
    except ValueError as error:
        kinds = ", ".join(IndicatorKind)
        raise UsageError(f"--kind is one of {kinds}.", f"--kind 只能是：{kinds}。") from error


def _confidence(text: str) -> Confidence:
    try:
        return Confidence(text)
    except ValueError as error:
        raise UsageError(
            "--confidence is strong, medium or weak.", "--confidence 只能是 strong、medium 或 weak。"
        ) from error
