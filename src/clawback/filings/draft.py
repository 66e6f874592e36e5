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
    """A gap, shown as such. `field`: what would fill it."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody in the evidence, verbatim from their start; what was cut is said in a literal."""

    text: str
    record: str
    exhibits: tuple[int, ...] = ()


Run = Literal | Bound | Missing | Quote
Runs = tuple[Run, ...]
Style = OneOf["body", "lead", "small", "demand", "notice", "sign", "say"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 opens a section, 2 a part of one."""

    runs: Runs
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    runs: Runs
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Label and value side by side. `style` "facts": the few that an officer looks for first, set large."""

    rows: tuple[tuple[Runs, Runs], ...]
    style: OneOf["plain", "facts"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows over records. `source`: name of the row list, so that a dropped row shows; `records`: id of each
    row. `widths`: shares of the line. `figures`: indices of columns set to the right."""

    source: str
    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
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
    title: Runs
    subtitle: Runs
    blocks: tuple[Block, ...]
    header: str
    footer: str
    substituted: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to be completed, each once, in order."""
        return tuple(dict.fromkeys(run.field for _, run in self.runs() if isinstance(run, Missing)))

    def segments(self) -> Iterator[tuple[str, Runs]]:
        """Every stretch of text in reading order with the name of its place."""
        yield "title", self.title
        if self.subtitle:
            yield "subtitle", self.subtitle
        for number, block in enumerate(self.blocks):
            yield from block_segments(f"block {number + 1}", block)

    def runs(self) -> Iterator[tuple[str, Run]]:
        """Every run in reading order with the name of its place."""
        for place, runs in self.segments():
            yield from ((place, run) for run in runs)


def block_segments(place: str, block: Block) -> Iterator[tuple[str, Runs]]:
    """The stretches of text of one block, in reading order."""
    match block:
        case Heading(runs=runs) | Paragraph(runs=runs):
            yield place, runs
        case FieldTable(rows=rows):
            for line, (label, value) in enumerate(rows):
                yield f"{place}, line {line + 1}, label", label
                yield f"{place}, line {line + 1}", value
        case Table(header=header, rows=table_rows):
            yield from ((f"{place}, heading {n + 1}", runs) for n, runs in enumerate(header))
            for line, row in enumerate(table_rows):
                yield from ((f"{place}, row {line + 1}, column {n + 1}", cell) for n, cell in enumerate(row))
        case _:
            return


def text_of(runs: Runs) -> str:
    """The words of some runs as one string."""
    return "".join(run.text for run in runs)
