"""Reads lists of indicators from files that others made, and keeps them in a folder.

Three forms: CSV with a head row (kind, value, reason, confidence, seen, expires), JSON (a list of such
records, or of values alone, or a record with `entries`), and plain text with one value a line. A line that
cannot be used is named with its number and never silently left out.
"""

from __future__ import annotations

import csv
import io
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from clawback.errors import TargetNotWritable, UsageError
from clawback.guard.lists import Confidence, ImportedList, Note, entry_key, folded
from clawback.model.indicators import IndicatorKind

MAX_BYTES = 16 * 1024 * 1024
MAX_ENTRIES = 100_000
MAX_LISTS = 20
_MOST_REFUSED = 50
"""Refused lines that are named one by one; the rest is counted."""

_COLUMNS = ("kind", "value", "reason", "confidence", "seen", "expires")
_ID = re.compile(r"[0-9a-f]{8}")

# What a value must look like at least, after folding. It proves nothing; it keeps a column of prose from
# being taken for domains.
_FORMS = {
    IndicatorKind.PHONE: r"\+?[0-9]{3,15}",
    IndicatorKind.WHATSAPP: r"\+?[0-9]{5,15}",
    IndicatorKind.EMAIL: r"[^@\s]{1,64}@[^@\s]{1,255}",
    IndicatorKind.DOMAIN: r"(?=.{1,253}\Z)(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}",
    IndicatorKind.BANK_CARD: r"[0-9]{12,19}",
    IndicatorKind.BANK_ACCOUNT: r"[A-Z0-9]{5,34}",
    IndicatorKind.IBAN: r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}",
    IndicatorKind.CRYPTO_WALLET: r"[A-Za-z0-9:_-]{20,120}",
    IndicatorKind.CRYPTO_TX: r"[A-Za-z0-9]{40,128}",
}
_ANY_FORM = r"\S(?:.{0,498}\S)?"


class _Row(BaseModel):
    """One entry as a file has it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: IndicatorKind
    value: str = Field(min_length=1, max_length=500)
    reason: str = Field(default="", max_length=500)
    confidence: Confidence
    seen: date | None = None
    expires: date | None = None


class _Kept(BaseModel):
    """A list as it lies in the folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=_ID.pattern)
    name: str
    source: str
    dated: date
    imported: date
    expires: date
    entries: list[tuple[IndicatorKind, str, str, Confidence, date | None, date | None]]


@dataclass(frozen=True, slots=True)
class About:
    """What the person who imports a list says about it.

    `kind` and `confidence`: for entries that do not say themselves. `dated`: the day of its contents.
    """

    name: str
    source: str
    dated: date
    imported: date
    expires: date
    kind: IndicatorKind | None = None
    confidence: Confidence = Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that cannot be used. `place`: its line, or its number in JSON, from 1. `key`: what is wrong in
    it ("value", "kind", "seen", ...)."""

    place: int
    key: str


@dataclass(frozen=True, slots=True)
class ReadList:
    """`refused`: the first of `refused_count`. `repeated`: entries that stood there before; the first counts.

    `ignored`: names of columns that mean nothing here.
    """

    list: ImportedList
    refused: tuple[Refused, ...]
    refused_count: int
    repeated: int
    ignored: tuple[str, ...]


def read_list(raw: bytes, file_name: str, about: About) -> ReadList:
    """Read a list from the bytes of a file. Raises UsageError when nothing in it can be used."""
    _check(about)
    if len(raw) > MAX_BYTES:
        raise UsageError(
            f"{file_name} is larger than {MAX_BYTES // 1024**2} MB.",
            f"{file_name} 超过 {MAX_BYTES // 1024**2} MB。",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file_name} is not UTF-8.", f"{file_name} 不是 UTF-8 编码。") from error
    return _gathered(_records(text, file_name), file_name, about)


def _check(about: About) -> None:
    if not about.name.strip() or not about.source.strip():
        raise UsageError(
            "A list needs a name and where it comes from (--name, --source).",
            "名单要有名字和来源（--name、--source）。",
        )
    if about.dated > about.imported or about.expires < about.dated:
        raise UsageError(
            "A list cannot be dated after today, nor expire before its own date.",
            "名单的日期不能晚于今天，到期日不能早于名单的日期。",
        )


# ------------------------------------------------------------------------------------------------- forms


def _records(text: str, file_name: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    """(line or number, record) of every entry."""
    if text.lstrip()[:1] in ("{", "["):
        return _json_records(text, file_name)
    first = text.partition("\n")[0].lower()
    if "," in first and "value" in re.split(r"[,\"\s]+", first):
        return _csv_records(text, file_name)
    return (
        (number, {"value": line.strip()})
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    )


def _json_records(text: str, file_name: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file_name} is not JSON.", f"{file_name} 不是 JSON。") from error
    listed = tree.get("entries") if isinstance(tree, dict) else tree
    if not isinstance(listed, list):
        raise UsageError(
            f'{file_name} has no list of entries: [..] or {{"entries": [..]}}.',
            f'{file_name} 里没有条目：应为 [..] 或 {{"entries": [..]}}。',
        )
    for number, one in enumerate(listed, start=1):
        yield number, one if isinstance(one, dict) else {"value": one}


def _csv_records(text: str, file_name: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    rows = csv.reader(io.StringIO(text))
    try:
        head = [cell.strip().lower() for cell in next(rows)]
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num, {name: cell.strip() for name, cell in zip(head, row, strict=False)}
    except csv.Error as error:
        raise UsageError(
            f"{file_name}, line {rows.line_num}: not CSV.", f"{file_name} 第 {rows.line_num} 行不是 CSV。"
        ) from error


def _gathered(records: Iterable[tuple[int, Mapping[str, Any]]], file_name: str, about: About) -> ReadList:
    entries: dict[str, Note] = {}
    notes: dict[Note, Note] = {}  # a list of domains has one note for all: kept once
    refused: list[Refused] = []
    ignored: dict[str, None] = {}
    count = repeated = 0
    for place, record in records:
        ignored.update(dict.fromkeys(str(name) for name in record if name not in _COLUMNS))
        row = _row(record, about)
        if isinstance(row, str):
            count += 1
            refused += [Refused(place, row)] if len(refused) < _MOST_REFUSED else []
            continue
        note = Note(row.reason, row.confidence, row.seen, row.expires)
        key = entry_key(row.kind, row.value)
        repeated += key in entries
        entries.setdefault(key, notes.setdefault(note, note))
        if len(entries) > MAX_ENTRIES:
            raise UsageError(
                f"{file_name} has more than {MAX_ENTRIES} entries.", f"{file_name} 超过 {MAX_ENTRIES} 条。"
            )
    if not entries:
        raise _nothing(file_name, refused)
    made = ImportedList(
        id=secrets.token_hex(4),
        name=about.name.strip()[:100],
        source=about.source.strip()[:300],
        dated=about.dated,
        imported=about.imported,
        expires=about.expires,
        entries=entries,
    )
    return ReadList(made, tuple(refused), count, repeated, tuple(ignored)[:20])


def _row(record: Mapping[str, Any], about: About) -> _Row | str:
    """The entry, or the key of what is wrong in it."""
    given = {name: record[name] for name in _COLUMNS if record.get(name) not in (None, "")}
    given.setdefault("confidence", about.confidence)
    if about.kind is not None:
        given.setdefault("kind", about.kind)
    try:
        row = _Row.model_validate(given)
    except ValidationError as error:
        return str(error.errors()[0]["loc"][0])
    if not re.fullmatch(_FORMS.get(row.kind, _ANY_FORM), folded(row.kind, row.value)):
        return "value"
    return "seen" if row.seen and row.seen > about.imported else row


def _nothing(file_name: str, refused: list[Refused]) -> UsageError:
    if refused and refused[0].key == "kind":
        kinds = ", ".join(IndicatorKind)
        return UsageError(
            f"{file_name}: entries do not say what they are; add --kind, one of {kinds}.",
            f"{file_name} 没写条目是什么；请加 --kind，可选：{kinds}。",
        )
    where = f" ({file_name}: {refused[0].place}, {refused[0].key})" if refused else ""
    return UsageError(
        f"{file_name} holds no entry that can be used{where}.", f"{file_name} 里没有能用的条目{where}。"
    )


# ------------------------------------------------------------------------------------------------ folder


def kept_lists(folder: Path) -> tuple[ImportedList, ...]:
    """All lists in `folder`, in the order of their names. Raises UsageError naming a file that is damaged."""
    return tuple(sorted((_load(path) for path in _files(folder)), key=lambda one: (one.name, one.id)))


def keep_list(folder: Path, new: ImportedList) -> bool:
    """Write `new` in place of a list of its name; was there one? Raises TargetNotWritable, UsageError."""
    former = next((one for one in kept_lists(folder) if one.name == new.name), None)
    if former is None and len(_files(folder)) >= MAX_LISTS:
        raise UsageError(
            f"There are {MAX_LISTS} lists already; remove one first.",
            f"已有 {MAX_LISTS} 份名单，请先删一份。",
        )
    kept = replace(new, id=former.id) if former else new
    path, partly = folder / f"{kept.id}.json", folder / f"{kept.id}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partly.write_bytes(_written(kept))
        partly.chmod(0o600)
        partly.replace(path)
    except OSError as error:
        raise TargetNotWritable(f"{path} cannot be written.", f"{path} 无法写入。") from error
    return former is not None


def remove_list(folder: Path, id_or_name: str) -> ImportedList:
    """Delete one list and return what it was. Raises UsageError when there is none, TargetNotWritable."""
    found = next((one for one in kept_lists(folder) if id_or_name in (one.id, one.name)), None)
    if found is None:
        raise UsageError(f"There is no list {id_or_name}.", f"没有名单“{id_or_name}”。")
    try:
        (folder / f"{found.id}.json").unlink()
    except OSError as error:
        raise TargetNotWritable(f"{folder} cannot be changed.", f"{folder} 无法修改。") from error
    return found


def stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """Changes whenever a list is added, replaced or removed; for those who keep lists in memory."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in _files(folder))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("*.json") if _ID.fullmatch(path.stem))


def _load(path: Path) -> ImportedList:
    try:
        kept = _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(
            f"The list {path} is damaged; remove the file and import it again.",
            f"名单 {path} 已损坏，请删除这个文件后重新导入。",
        ) from error
    notes: dict[Note, Note] = {}
    entries: dict[str, Note] = {}
    for kind, value, reason, confidence, seen, expires in kept.entries:
        note = Note(reason, confidence, seen, expires)
        entries[entry_key(kind, value)] = notes.setdefault(note, note)
    return ImportedList(kept.id, kept.name, kept.source, kept.dated, kept.imported, kept.expires, entries)


_ADAPTER = TypeAdapter(_Kept)


def _written(one: ImportedList) -> bytes:
    kept = _Kept(
        id=one.id,
        name=one.name,
        source=one.source,
        dated=one.dated,
        imported=one.imported,
        expires=one.expires,
        entries=[
            (IndicatorKind(kind), value, note.reason, note.confidence, note.seen, note.expires)
            for key, note in one.entries.items()
            for kind, _, value in (key.partition(":"),)
        ],
    )
    return kept.model_dump_json().encode()
