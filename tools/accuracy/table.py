"""Rows as markdown, and their place in `docs/accuracy.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.accuracy.rows import Row

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"
_FIXED = ("source", "part", "files", "read", "no reader", "errors", "expected", "found")


def tables(rows: Sequence[Row]) -> str:
    """One markdown table per kind, in the order in which the kinds first appear."""
    kinds = dict.fromkeys(row.kind for row in rows)
    return "\n".join(f"### {kind}\n\n{_table([r for r in rows if r.kind == kind])}" for kind in kinds)


def _table(rows: Sequence[Row]) -> str:
    checks = list(dict.fromkeys(name for row in rows for name in row.exact))
    lines = [_line((*_FIXED, *(f"exact {name}" for name in checks)))]
    lines.append(_line("---" for _ in range(len(_FIXED) + len(checks))))
    lines += [_line(_cells(row, checks)) for row in rows]
    return "\n".join(lines) + "\n"


def _cells(row: Row, checks: Sequence[str]) -> Iterable[str]:
    expected = "no truth" if row.expected is None else str(row.expected)
    counts = (row.files, row.read, row.no_reader, row.errors)
    return (
        row.source,
        row.part or "all",
        *map(str, counts),
        expected,
        str(row.found),
        *(str(row.exact[name]) if name in row.exact else "–" for name in checks),
    )


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def write_into(page: Path, measured: str) -> None:
    """Replace what stands between the markers of `page`; the rest is written by hand and stays."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{measured}\n{END}{after}", encoding="utf-8")
