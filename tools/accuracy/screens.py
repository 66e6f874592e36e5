"""Pictures: lines, dates and totals read, against the truth that each source states.

Receipts with boxes and key fields give three rows: printed lines (a line counts when its text stands in one
row of what was read, spaces and case aside), dates and totals (the key field's text stands in what was read).
A source with a `ground_truth.json` gives one row: files whose stated text was read.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.accuracy.rows import Opened, Row, open_file, origin_of

from clawback.readers.contract import TextPiece

_ZONE = "Asia/Shanghai"
_PICTURES = {".jpg", ".jpeg", ".png"}


def measure(data: Path) -> list[Row]:
    """Rows of every picture source under `data`."""
    return [row for source in sorted(data.iterdir()) if source.is_dir() for row in _source(source)]


def _source(source: Path) -> Iterator[Row]:
    opened = {path: open_file(path, _ZONE) for path in sorted(source.rglob("*")) if path.suffix in _PICTURES}
    if (source / "key").is_dir():
        yield from _receipts(source, opened)
    elif (source / "ground_truth.json").exists():
        truth = json.loads((source / "ground_truth.json").read_text(encoding="utf-8"))
        named = {path: one for path, one in opened.items() if path.name in truth}
        right = sum(_says(truth[path.name], _texts(one)) for path, one in named.items())
        yield _row(
            source, "stated texts", named, len(named), sum(bool(_texts(o)) for o in named.values()), right
        )


def _receipts(source: Path, opened: dict[Path, Opened]) -> Iterator[Row]:
    lines = exact = found = 0
    for path, one in opened.items():
        truth = _boxed_lines(source / "box" / f"{path.stem}.csv")
        rows = [_folded(row) for row in _rows(_texts(one))]
        lines += len(truth)
        exact += sum(any(_folded(line) in row for row in rows) for line in truth)
        found += len(_texts(one))
    yield _row(source, "lines", opened, lines, found, exact)
    for field in ("date", "total"):
        keys = [(_key(source, path).get(field, ""), one) for path, one in opened.items()]
        right = sum(
            _folded(_figure(value)) in _folded(" ".join(_rows(_texts(one)))) for value, one in keys if value
        )
        yield _row(source, field, opened, sum(bool(value) for value, _ in keys), len(keys), right)


def _row(source: Path, part: str, opened: dict[Path, Opened], expected: int, found: int, exact: int) -> Row:
    return Row(
        "screens",
        origin_of(source),
        part,
        files=len(opened),
        read=sum(one.reading is not None and one.reading.complete for one in opened.values()),
        no_reader=sum(one.reader is None for one in opened.values()),
        errors=sum(one.error is not None for one in opened.values()),
        expected=expected,
        found=found,
        exact={"text": exact},
    )


def _texts(one: Opened) -> Sequence[TextPiece]:
    return one.reading.texts if one.reading else ()


def _rows(pieces: Sequence[TextPiece]) -> list[str]:
    """Pieces whose middles lie within each other's height, left to right, as one text."""
    rows: list[list[TextPiece]] = []
    for piece in pieces:
        home = next((row for row in rows if _beside(row[0], piece)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    return [" ".join(p.text for p in sorted(row, key=lambda p: (p.locator.box or (0,))[0])) for row in rows]


def _beside(one: TextPiece, other: TextPiece) -> bool:
    if one.locator.box is None or other.locator.box is None:
        return False
    _, top, _, bottom = one.locator.box
    return top < (other.locator.box[1] + other.locator.box[3]) / 2 < bottom


def _boxed_lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return [",".join(row[8:]).strip() for row in csv.reader(file, quoting=csv.QUOTE_NONE) if len(row) > 8]


def _key(source: Path, path: Path) -> dict[str, str]:
    loaded: dict[str, str] = json.loads((source / "key" / f"{path.stem}.json").read_text(encoding="utf-8"))
    return loaded


def _figure(value: str) -> str:
    """A total without its currency sign: receipts print the sign elsewhere."""
    return re.sub(r"^(?:RM|\$)\s*", "", value)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _says(truth: object, texts: Sequence[TextPiece]) -> bool:
    """Does the reading agree with one entry of ground_truth.json?"""
    read = [_folded(piece.text) for piece in texts]
    if truth == "no text":
        return not read
    if isinstance(truth, list):
        return [_folded(line) for line in truth] == read
    if not isinstance(truth, dict):
        return False
    if "text" in truth:
        return [_folded(line) for line in truth["text"]] == read
    first = _folded(truth.get("first") or truth.get("first_word") or truth.get("first_word_chars") or "")
    return first in "".join(read) and len(read) >= truth.get("lines", 0)
