"""Draft -> PDF by typst: tagged, archivable (PDF/A), the same bytes for the same draft."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typst

from clawback.filings.draft import (
    Block,
    Draft,
    FieldTable,
    Heading,
    Line,
    Missing,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Table,
)
from clawback.filings.glyphs import FONTS

STANDARDS: Sequence[typst.PDFStandard] = ("a-3a", "ua-1")
"""Declared by the file; no checker of ours proves it."""

_TEMPLATE = Path(__file__).resolve().parent / "paper.typ"
_LONG = re.compile(r"[!-~]{18,}")
_BREAK = "\u200b"
_CHUNK = 4
_TALL = 700


def render_pdf(draft: Draft, made_at: datetime) -> bytes:
    """The PDF of a draft. `made_at`: the creation date written into the file."""
    with tempfile.TemporaryDirectory(prefix="clawback-paper-") as folder:
        root = Path(folder)
        data = _paper(draft, root)
        template = root / "paper.typ"
        template.write_bytes(_TEMPLATE.read_bytes())
        made = typst.Compiler(
            template, root=root, font_paths=[FONTS], ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
        ).compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=made_at.astimezone(UTC))  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


def _paper(draft: Draft, root: Path) -> dict[str, object]:
    return {
        "lang": draft.lang,
        "plain_title": draft.title.text,
        "title": _runs(draft.title),
        "subtitle": _runs(draft.subtitle) if draft.subtitle else [],
        "header": draft.header,
        "footer": draft.footer,
        "blocks": [
            _block(block, number, root) | {"outline": outline}
            for number, (block, outline) in enumerate(zip(draft.blocks, _outline(draft), strict=True))
        ],
    }


def _outline(draft: Draft) -> Iterator[int]:
    """The level of each heading for screen readers: never two deeper than the one before."""
    last = 0
    for block in draft.blocks:
        if isinstance(block, Heading):
            last = min(block.level, last + 1)
        yield last


def _block(block: Block, number: int, root: Path) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "runs": _runs(block.line)}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style, "runs": _runs(block.line)}
        case FieldTable():
            rows = [[_runs(label), _runs(value), len(value.text) > _TALL] for label, value in block.rows]
            return {"kind": "facts" if block.style == "facts" else "fields", "rows": rows}
        case Table():
            return {
                "kind": "table",
                "header": [_runs(cell) for cell in block.header],
                "rows": [[_runs(cell) for cell in row] for row in block.rows],
                "widths": list(block.widths),
                "figures": list(block.figures),
            }
        case PageBreak():
            return {"kind": "break"}
        case Picture():
            path = root / f"picture-{number}"
            path.write_bytes(block.data)
            return {"kind": "picture", "path": path.name, "describes": block.describes}


def _runs(line: Line) -> list[dict[str, str]]:
    return [_run(run) for run in line.runs]


def _run(run: Run) -> dict[str, str]:
    return {"k": "m" if isinstance(run, Missing) and run.field else "t", "t": _LONG.sub(_breakable, run.text)}


def _breakable(found: re.Match[str]) -> str:
    """A long hash or address may break anywhere: at zero-width spaces, which the gate skips."""
    text = found.group()
    return _BREAK.join(text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK))
