"""A paper before it is printed: blocks made of runs, each run saying where its words come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True)
class Literal:
    """Fixed wording of the form. `key`: where in the form (or the fixed words) it stands."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A fact as shown. `record`.`field` is where its value stands; `exhibits`: numbers that prove it.

    `field` may end in ":form", the way it is shown (capital, tail, short, date).
    """

    text: str
    record: str
    field: str
    exhibits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A gap, shown as such. `field`: what would fill it; "" when nobody can be asked (an undated message)."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody in the evidence, verbatim from their start; what was cut is said in a literal."""

    text: str
    record: str
    exhibits: tuple[int, ...] = ()


Run = Literal | Bound | Missing | Quote


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of text: one wording of the form with its gaps filled. `key`: the wording; `record`: the row
    of a list that it speaks about, "" outside lists."""

    key: str
    runs: tuple[Run, ...]
    record: str = ""

    @property
    def text(self) -> str:
        """The words as one string."""
        return "".join(run.text for run in self.runs)


Style = OneOf["body", "lead", "small", "demand", "notice", "sign", "say", "quote"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 opens a section, 2 a part of one."""

    line: Line
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    line: Line
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Label and value side by side. `style` "facts": the few that an officer looks for first, set large."""

    rows: tuple[tuple[Line, Line], ...]
    style: OneOf["plain", "facts"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows over records. `source`: name of the row list, so that a dropped row shows; `records`: id of each
    row. `widths`: shares of the line. `figures`: indices of columns set to the right."""

    source: str
    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    records: tuple[str, ...]
    widths: tuple[float, ...]
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of an exhibit. `data`: PNG or JPEG bytes; `describes`: what it is, for those who cannot see."""

    data: bytes
    exhibit: int
    describes: str


Block = Heading | Paragraph | FieldTable | Table | PageBreak | Picture


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole paper. `form`: its id; `furniture`: page header and footer words, in every page the same.

    `substituted`: characters that the font lacks or that hide, shown as □(U+XXXX) instead.
    """

    form: str
    jurisdiction: str
    lang: str
    title: Line
    subtitle: Line | None
    blocks: tuple[Block, ...]
    header: str
    footer: str
    substituted: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to be completed, each once, in order."""
        gaps = (run.field for _, run in self.runs() if isinstance(run, Missing) and run.field)
        return tuple(dict.fromkeys(gaps))

    def lines(self) -> Iterator[tuple[str, Line]]:
        """Every stretch of text in reading order with the name of its place."""
        yield "title", self.title
        if self.subtitle:
            yield "subtitle", self.subtitle
        for number, block in enumerate(self.blocks):
            yield from block_lines(f"block {number + 1}", block)

    def runs(self) -> Iterator[tuple[str, Run]]:
        """Every run in reading order with the name of its place."""
        for place, line in self.lines():
            yield from ((place, run) for run in line.runs)


def block_lines(place: str, block: Block) -> Iterator[tuple[str, Line]]:
    """The stretches of text of one block, in reading order."""
    match block:
        case Heading(line=line) | Paragraph(line=line):
            yield place, line
        case FieldTable(rows=rows):
            for number, (label, value) in enumerate(rows, start=1):
                yield f"{place}, line {number}, label", label
                yield f"{place}, line {number}", value
        case Table(header=header, rows=table_rows):
            yield from ((f"{place}, heading {n}", line) for n, line in enumerate(header, start=1))
            for number, row in enumerate(table_rows, start=1):
                yield from (
                    (f"{place}, row {number}, column {n}", cell) for n, cell in enumerate(row, start=1)
                )
        case _:
            return
