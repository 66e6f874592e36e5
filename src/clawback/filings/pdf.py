"""Draft -> PDF by typst: tagged, archivable (PDF/A), the same bytes for the same draft."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
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
_UNBROKEN = 12
_PARTS = re.compile(r"[!-~]*?(?:://|[/?&=._@:+-](?![/?&=._@:+-]))|[!-~]+")
_TALL = 700
_KEPT = 2
_LONGEST_CLOSING = 900


def render_pdf(draft: Draft, made_at: datetime) -> bytes:
    """The PDF of a draft. `made_at`: the creation date written into the file."""
    with tempfile.TemporaryDirectory(prefix="clawback-paper-") as folder:
        root = Path(folder)
        data = _paper(draft, root)
        (root / "paper.typ").write_bytes(_TEMPLATE.read_bytes())
        made, lonely = _print(data, root, made_at)
        if lonely and (held := _rows_kept(draft)):
            made, _ = _print(data | {"held": held}, root, made_at)
    return made


def _print(data: Mapping[str, object], root: Path, made_at: datetime) -> tuple[bytes, bool]:
    """The PDF, and whether its closing words stand on another page than the table before them."""
    compiler = typst.Compiler(
        root / "paper.typ", root=root, font_paths=[FONTS], ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    made = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=made_at.astimezone(UTC))
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    pages = {mark["value"] for mark in json.loads(compiler.query("<closing>"))}
    return made, len(pages) > 1


def _closing(draft: Draft) -> int:
    """How many blocks at the end belong to the signature: declaration and signature stay on one page."""
    if not draft.blocks or not _is_sign(draft.blocks[-1]):
        return 0
    count, length = 0, 0
    for block in reversed(draft.blocks):
        if not isinstance(block, Heading | Paragraph):
            break
        length += len(block.line.text)
        if length > _LONGEST_CLOSING:
            break
        count += 1
    return count


def _is_sign(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style == "sign"


def _rows_kept(draft: Draft) -> int:
    """How many rows of the table before the closing words go to their page; 0 when it has too few."""
    at = len(draft.blocks) - _closing(draft) - 1
    block = draft.blocks[at] if at >= 0 else None
    return _KEPT if isinstance(block, Table) and len(block.rows) > _KEPT + 1 else 0


def _paper(draft: Draft, root: Path) -> dict[str, object]:
    return {
        "closing": _closing(draft),
        "held": 0,
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
            below = block.line.key.startswith("fixed.more.")  # speaks of the table above it
            return {"kind": "paragraph", "style": block.style, "runs": _runs(block.line), "sticky": not below}
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
    return {"k": "m" if isinstance(run, Missing) and run.field else "t", "t": breakable(run.text)}


def breakable(text: str) -> str:
    """`text` with places where a long hash or address may break: after its punctuation, and anywhere within
    what is long even so. They are zero-width spaces, which are not printed and which the gate skips."""
    return _LONG.sub(_breakable, text)


def _breakable(found: re.Match[str]) -> str:
    parts = [
        _BREAK.join(part[at : at + _CHUNK] for at in range(0, len(part), _CHUNK))
        if len(part) > _UNBROKEN else part
        for part in _PARTS.findall(found.group())
    ]  # fmt: skip
    return _BREAK.join(parts)
