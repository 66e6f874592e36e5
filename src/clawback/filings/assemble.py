"""Fills a form from a case file: fixed wording stays literal, facts are bound to records, gaps show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from clawback.filings.contents import Content, Originals, contents_of
from clawback.filings.draft import (
    Block,
    Bound,
    Draft,
    FieldTable,
    Heading,
    Line,
    Literal,
    Missing,
    PageBreak,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
)
from clawback.filings.facts import Facts, Known, Value, short_id
from clawback.filings.fixed import VOCABULARIES, term, word
from clawback.filings.forms import Form, Part, TableSpec, alternatives, pieces
from clawback.filings.glyphs import printable
from clawback.filings.phrasing import (
    LONGEST_VALUE,
    show_amount,
    show_capital,
    show_date,
    show_masked,
    show_moment,
    show_size,
    show_tail,
    visible,
)
from clawback.filings.selection import Row, Selection
from clawback.model.casefile import CaseFile
from clawback.model.moments import Moment
from clawback.model.money import Amount
from clawback.rules.pack import Words

WITHOUT_ZONE = {"": "bare", "time": "clock"}
"""How a moment is shown in a table whose time zone is said above it."""

_NOT_ASKED = ("chronology[", "their_words[", "contents[")
"""Lists whose gaps the user is not asked to fill: what a message does not say stays unsaid."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a list we are: the row, its number from 1, and how the list is called. `zone_said`: the time
    zone is said once, above the table."""

    row: Row
    number: int
    rows: str
    zone_said: bool = False


def assemble(
    form: Form,
    casefile: CaseFile,
    lang: str,
    originals: Originals | None = None,
    pages: Mapping[int, int] | None = None,
    hide: frozenset[str] = frozenset(),
    selection: Selection | None = None,
) -> Draft:
    """The draft of `form` for this case in `lang` ("zh" or "en"). Transfers out of scope appear nowhere.

    `originals`: for forms that show what exhibits contain. `pages`: page on which each
    exhibit begins, for their index; None before it has been printed once. `hide`: what to mask, among
    `form.may_hide`. `selection`: of this case file, when several papers are assembled.
    """
    chosen = selection or Selection(casefile)
    return _Assembly(form, casefile, lang, originals, pages or {}, hide, chosen).draft()


@dataclass
class _Assembly:
    form: Form
    casefile: CaseFile
    lang: str
    originals: Originals | None
    pages: Mapping[int, int]
    hide: frozenset[str]
    selection: Selection
    substituted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.facts = Facts(self.casefile, self.form.demand_days, self.pages)

    def draft(self) -> Draft:
        form, lang = self.form, self.lang
        subtitle = self.line("subtitle", form.subtitle) if form.subtitle else None
        blocks = tuple(b for n, part in enumerate(form.parts) for b in self.part(f"parts.{n}", part))
        return Draft(
            form=form.id,
            jurisdiction=self.casefile.case.jurisdiction,
            lang=lang,
            title=self.line("title", form.title),
            subtitle=subtitle,
            blocks=blocks,
            header=header(form, self.casefile, lang),
            footer=footer(self.casefile, lang),
            substituted=tuple(dict.fromkeys(self.substituted)),
        )

    # -------------------------------------------------------------------------------------- parts

    def part(self, key: str, part: Part) -> Iterator[Block]:
        if not self._wanted(part):
            return
        if part.each:
            for place in self.places(part.each)[: self.form.limits.rows]:
                yield from self.blocks(key, part, place)
            yield from self.left_out(part.each)
        else:
            yield from self.blocks(key, part, None)

    def blocks(self, key: str, part: Part, place: _Place | None) -> Iterator[Block]:
        if part.page_break:
            yield PageBreak()
        if part.heading:
            yield Heading(self.line(f"{key}.heading", part.heading, place), part.level)
        if part.text:
            yield Paragraph(self.line(f"{key}.text", part.text, place), part.style)
        if part.fields:
            yield self.field_table(key, part, place)
        if part.table:
            yield from self.table(f"{key}.table", part.table)
            yield from self.left_out(part.table.rows)
        if part.contents and place:
            yield from self.contents(place)

    def _wanted(self, part: Part) -> bool:
        return all(self._there(path) for path in part.has) and not any(self._there(p) for p in part.lacks)

    def _there(self, path: str) -> bool:
        if "=" in path:
            return self._chosen(*path.split("=", 1))
        if path.startswith("rows."):
            return bool(self.rows(path[5:]))
        record, name = self.address(path, None)
        return record is not None and self.facts.get(record, name) is not None

    def rows(self, name: str) -> tuple[Row, ...]:
        return self.selection.rows(name, self.form.limits.messages)

    def _chosen(self, path: str, choice: str) -> bool:
        """Did the user give `choice` (perhaps among others) as the answer?"""
        statement = self.casefile.answer(path.removeprefix("answer."))
        return statement is not None and choice in {part.strip() for part in statement.value.split(",")}

    def places(self, rows: str) -> tuple[_Place, ...]:
        listed = self.rows(rows)
        return tuple(_Place(row, number, rows) for number, row in enumerate(listed, start=1))

    def contents(self, place: _Place) -> Iterator[Block]:
        """What the exhibit of this row contains."""
        if self.originals is None:
            raise ValueError(f"{self.form.id} shows exhibits and needs their bytes")
        exhibit = self.casefile.exhibit_by_number()[int(place.row.record[1:])]
        for piece in contents_of(exhibit, self.casefile, self.originals):
            words = self.form.contents.get(piece.kind)
            if piece.kind == "picture":
                described = f"{exhibit.number}: {self.visible(exhibit.name)}, {piece.page}"
                yield Picture(piece.data, exhibit.number, described)
            elif words:
                yield Paragraph(self.content_line(piece, words), "quote" if piece.text else "body")

    def content_line(self, piece: Content, words: Words) -> Line:
        record = piece.record or f"E{piece.exhibit}"
        if not piece.text:
            return self.line(f"contents.{piece.kind}", words, _Place(Row(record, piece.kind), 0, "contents"))
        quote = Quote(self.visible(piece.text), record, (piece.exhibit,))
        return Line(f"contents.{piece.kind}", (quote,), record)

    def field_table(self, key: str, part: Part, place: _Place | None) -> FieldTable:
        rows = []
        for number, spec in enumerate(part.fields):
            where = f"{key}.fields.{number}"
            value = self.line(f"{where}.value", spec.value, place)
            if spec.required or not any(isinstance(run, Missing) for run in value.runs):
                rows.append((self.line(f"{where}.label", spec.label, place), value))
        return FieldTable(tuple(rows), "facts" if part.facts else "plain")

    def table(self, key: str, spec: TableSpec) -> Iterator[Block]:
        places = self.places(spec.rows)[: self.form.limits.rows]
        if not places:
            yield Paragraph(self.line(f"{key}.empty", spec.empty), "small")
            return
        zoned = self.facts.zone_of_all(place.row.record for place in places) if spec.tells_time else None
        if zoned:
            places = tuple(replace(place, zone_said=True) for place in places)
            yield Paragraph(self.zone_line(spec.rows, zoned), "small")
        header = tuple(self.line(f"{key}.{n}.label", c.label) for n, c in enumerate(spec.columns))
        yield Table(
            source=spec.rows,
            header=header,
            rows=tuple(self.cells(key, spec, place) for place in places),
            records=tuple(place.row.record for place in places),
            widths=tuple(column.width for column in spec.columns),
            figures=tuple(n for n, column in enumerate(spec.columns) if column.figures),
        )

    def zone_line(self, rows: str, record: str) -> Line:
        """Says once in which time zone all rows of a table are."""
        known = self.facts.get(record, "moment")
        zone = self.show(known.value, "moment", "zone") if known else None
        before, after = word("zone.all", self.lang).split("{zone}")
        shown = Bound(zone or "", record, "moment:zone", known.exhibits if known else ())
        runs = (Literal(before, "fixed.zone.all"), shown, Literal(after, "fixed.zone.all"))
        return Line("fixed.zone.all", runs, f"list.{rows}")

    def left_out(self, rows: str) -> Iterator[Block]:
        """Says how much the limits kept out of the table above."""
        limits = self.form.limits
        key, count = self.selection.left_out(rows, limits.messages, limits.rows)
        if count:
            before, after = word(key, self.lang).split("{n}")
            number = Bound(str(count), f"list.{rows}", "left_out")
            runs = (Literal(before, f"fixed.{key}"), number, Literal(after, f"fixed.{key}"))
            shown = tuple(run for run in runs if run.text)
            yield Paragraph(Line(f"fixed.{key}", shown, f"list.{rows}"), "small")

    def cells(self, key: str, spec: TableSpec, place: _Place) -> tuple[Line, ...]:
        made: list[Line] = []
        for number, column in enumerate(spec.columns):
            kind = place.row.kind
            if kind in column.cells:
                made.append(self.line(f"{key}.{number}.{kind}", column.cells[kind], place))
            elif column.cell:
                made.append(self.line(f"{key}.{number}.cell", column.cell, place))
            else:
                made.append(Line(f"{key}.{number}", (), place.row.record))
        return tuple(made)

    # --------------------------------------------------------------------------------------- runs

    def line(self, key: str, words: Words, place: _Place | None = None) -> Line:
        """A wording with its placeholders filled."""
        made: list[Run] = []
        for text, path in pieces(words.say(self.lang)):
            if text:
                made.append(Literal(text, key))
            if path:
                made.extend(self.fill(path, place))
        return Line(key, tuple(made), place.row.record if place else "")

    def fill(self, path: str, place: _Place | None) -> Iterator[Run]:
        if path == "position" and place:
            yield Bound(str(place.number), place.row.record, f"position:{place.rows}")
        elif path == "refs" and place:
            yield from self.references(self.facts.exhibits_of(place.row.record))
        elif path.startswith("cite."):
            record, name = self.address(path[5:], place)
            known = self.facts.get(record, name) if record else None
            yield from self.references(known.exhibits if known else ())
        elif path in ("row.text", "row.words") and place:
            yield from self.quote(place.row.record, self.form.limits.quote if path == "row.text" else None)
        else:
            yield from self.value(path, place)

    def references(self, exhibits: tuple[int, ...]) -> Iterator[Run]:
        for number, exhibit in enumerate(exhibits):
            key = "ref.comma" if number else "ref.open"
            yield Literal(word(key, self.lang), f"fixed.{key}")
            yield Bound(str(exhibit), f"E{exhibit}", "number", (exhibit,))
        if exhibits:
            yield Literal(word("ref.close", self.lang), "fixed.ref.close")

    def quote(self, record: str, limit: int | None) -> Iterator[Run]:
        known = self.facts.get(record, "text")
        if known is None or not isinstance(known.value, str):
            yield self.gap(f"{record}.text")
            return
        yield Quote(self.visible(known.value[:limit]), record, known.exhibits)
        if limit is not None and len(known.value) > limit:
            yield Literal(word("cut", self.lang), "fixed.cut")

    def value(self, path: str, place: _Place | None) -> Iterator[Run]:
        paths, shape = alternatives(path)
        for one in paths:
            record, name = self.address(one, place)
            known = self.facts.get(record, name) if record else None
            if record and known:
                shape = self.form.shape(one, shape, self.hide)
                if one == "row.moment" and place and place.zone_said:
                    shape = WITHOUT_ZONE.get(shape, shape)
                yield from self.bound(record, name, shape, known, _gap_name(one, place))
                return
        yield self.gap(_gap_name(paths[0], place))

    def bound(self, record: str, name: str, shape: str, known: Known, gap: str) -> Iterator[Run]:
        """The value in words; a gap if it cannot be shown so, or does not stand in its own source."""
        text = self.choice(record, known.value) or self.show(known.value, name, shape)
        if text is None or not self.facts.grounded(record, name):
            yield self.gap(gap)
            return
        long = len(text) > LONGEST_VALUE and not record.startswith(("S", "C."))
        shown = text[:LONGEST_VALUE] if long else text
        yield Bound(shown, record, f"{name}:{shape}" if shape else name, known.exhibits)
        if long:
            yield Literal(word("cut", self.lang), "fixed.cut")

    def choice(self, record: str, value: Value) -> str | None:
        """The labels of the choices that a statement made, or None when it is no such statement."""
        labels = self.facts.choices(record, self.lang)
        chosen = [part.strip() for part in str(value).split(",")] if labels else []
        if not chosen or any(part not in labels for part in chosen):
            return None
        return ("、" if self.lang == "zh" else "; ").join(labels[part] for part in chosen)

    def address(self, path: str, place: _Place | None) -> tuple[str | None, str]:
        """The record and field that a path speaks of; record None when there is none."""
        root, _, rest = path.partition(".")
        if root == "answer":
            statement = self.casefile.answer(rest)
            return (statement.id if statement else None), "value"
        if root == "case":
            return "case", rest
        if root == "row" and place:
            return place.row.record, rest
        raise KeyError(f"{self.form.id}: {path} is not a fact that a form can ask for")

    def gap(self, name: str) -> Missing:
        if name.startswith(_NOT_ASKED):
            return Missing(word("unknown", self.lang), "")
        return Missing(word("missing", self.lang), name)

    # -------------------------------------------------------------------------------------- shown

    def show(self, value: Value, name: str, shape: str) -> str | None:
        match value:
            case Amount():
                return show_capital(value) if shape == "capital" else show_amount(value, self.lang)
            case Moment():
                return show_moment(value, self.lang, shape)
            case datetime():
                return self.show_instant(value, shape)
            case int():
                return show_size(value) if name == "size" else str(value)
            case str():
                return self.show_text(value, name, shape)

    def show_instant(self, value: datetime, shape: str) -> str:
        if shape == "minute":
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        return show_date(value, self.lang)

    def show_text(self, value: str, name: str, shape: str) -> str | None:
        if name in VOCABULARIES:
            return term(name, value, self.lang)
        match shape:
            case "tail":
                return show_tail(self.visible(value), self.lang)
            case "masked":
                return show_masked(self.visible(value))
            case "short":
                return value[:12]
            case _:
                return self.visible(value)

    def visible(self, text: str) -> str:
        shown = visible(text, printable())
        self.substituted.extend(shown[m : m + 9].split(")")[0] + ")" for m in _marks(shown))
        return shown


def _marks(shown: str) -> Iterator[int]:
    start = shown.find("□(U+")
    while start >= 0:
        yield start
        start = shown.find("□(U+", start + 1)


def _gap_name(path: str, place: _Place | None) -> str:
    """A stable name for a gap: user.name, transfers[2].payee.number."""
    root, _, rest = path.partition(".")
    if root == "row" and place:
        return f"{place.rows}[{place.number}].{rest}"
    return rest if root == "answer" else path


def header(form: Form, casefile: CaseFile, lang: str) -> str:
    """The words at the top of each page."""
    case = f"案卷 {short_id(casefile)}" if lang == "zh" else f"Case {short_id(casefile)}"
    return f"{form.title.say(lang)} · {case}"


def footer(casefile: CaseFile, lang: str) -> str:
    """The words at the bottom of each page, before the page number."""
    root = casefile.log_root[:12]
    if lang == "zh":
        return f"由“追回”依证据整理，未作任何推断 · 封存日志 {root}"
    return f"Compiled by Clawback from the evidence, nothing inferred · sealed log {root}"


def with_blocks(draft: Draft, blocks: tuple[Block, ...]) -> Draft:
    """The draft with further blocks at its end."""
    return replace(draft, blocks=(*draft.blocks, *blocks))
