"""The anti-invention gate: nothing is printed that the case does not say.

First half, the draft: each line is held against its wording in the form, each fact is read back from its
words (`readback`) and compared with the record, which must itself show the value in its source. Second half,
the printed file: the text taken out of the PDF and the DOCX must be the draft's text, in order, and every
figure, date, account and name found in it must lie inside a run that the first half has passed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NoReturn

from clawback.errors import FilingRefused
from clawback.filings.contents import Originals, typeset_text
from clawback.filings.draft import (
    Block,
    Bound,
    Draft,
    Line,
    Literal,
    Missing,
    Paragraph,
    Quote,
    Run,
    Table,
    block_lines,
)
from clawback.filings.facts import Facts, Known, has_clock
from clawback.filings.fixed import VOCABULARIES, term, word
from clawback.filings.forms import OWN_ACCOUNTS, Form, alternatives, pieces
from clawback.filings.phrasing import LONGEST_VALUE
from clawback.filings.readback import flat, revealed, same_words, says, says_choice
from clawback.filings.selection import Row, Selection
from clawback.model.casefile import CaseFile
from clawback.model.mentions import find_dates, find_figures
from clawback.model.moments import Moment
from clawback.rules.pack import Words


def check_draft(
    draft: Draft,
    form: Form,
    casefile: CaseFile,
    originals: Originals | None = None,
    pages: Mapping[int, int] | None = None,
    hide: frozenset[str] = frozenset(),
) -> None:
    """Raises FilingRefused, naming place and words, for anything in `draft` that is not supported.

    `originals`, `pages` and `hide` as given to `assemble`.
    """
    for fault in _DraftCheck(draft, form, casefile, originals, pages, hide).faults():
        raise fault


def unsupported(
    draft: Draft, form: Form, casefile: CaseFile, hide: frozenset[str] = frozenset()
) -> tuple[FilingRefused, ...]:
    """Everything in `draft` that `check_draft` would refuse, not only the first; () when it would pass.

    For papers without the contents of exhibits, which are looked at when the paper is made.
    """
    return tuple(_DraftCheck(draft, form, casefile, None, None, hide).faults())


@dataclass
class _DraftCheck:
    draft: Draft
    form: Form
    casefile: CaseFile
    originals: Originals | None
    pages: Mapping[int, int] | None
    hide: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.facts = Facts(self.casefile, self.form.demand_days, self.pages)
        self.texts: dict[str, str] = {}
        self.selection = Selection(self.casefile)
        self.wordings: dict[str, Words] = dict(self.form.wordings())
        self.tables = {f"parts.{n}.table": p.table for n, p in enumerate(self.form.parts) if p.table}
        self._zones: dict[str, tuple[str, ...]] = {}
        self.place = self.key = self.record = ""

    def faults(self) -> Iterator[FilingRefused]:
        """What is not supported, in the order in which it stands."""
        if not self.hide <= set(self.form.may_hide):
            yield self.refused(" ".join(sorted(self.hide)), "may not be hidden in this paper")
        for place, line in self.draft.lines():
            self.place, self.key, self.record = place, line.key, line.record
            yield from self.caught(self.line, line)
            yield from self.caught(self.joints, line)
        self.record = ""
        for before, block in pairwise((None, *self.draft.blocks)):
            if isinstance(block, Table):
                yield from self.caught(self.table, block)
                yield from self.caught(self.zone_said, block, before)

    def caught(self, look: Callable[..., None], *at: object) -> Iterator[FilingRefused]:
        try:
            look(*at)
        except FilingRefused as fault:
            yield fault

    def joints(self, line: Line) -> None:
        """No figure may come about where two facts meet."""
        ends = list(accumulate(len(run.text) for run in line.runs))
        for start, end in _number_spans(line.text):
            first = line.runs[bisect_right(ends, start)]
            last = line.runs[bisect_right(ends, end - 1)]
            if first is not last and not (isinstance(first, Literal) and isinstance(last, Literal)):
                self.refuse(line.text[start:end], "spans two facts")

    def table(self, table: Table) -> None:
        """No row dropped, doubled, moved or put in."""
        self.place = f"table of {table.source}"
        expected = self.rows(table.source)
        records = tuple(row.record for row in expected)[: self.form.limits.rows]
        if table.records != records or len(table.rows) != len(records):
            self.refuse(" ".join(table.records), "rows are not those of the case")
        for record, row in zip(table.records, table.rows, strict=True):
            if any(cell.record != record for cell in row):
                self.refuse(record, "a cell speaks of another record")

    def zone_said(self, table: Table, before: Block | None) -> None:
        """A table that leaves the time zone out of its cells says it right above."""
        above = before.line if isinstance(before, Paragraph) else None
        said = above is not None and (above.key, above.record) == ("fixed.zone.all", f"list.{table.source}")
        left_out = any(
            isinstance(run, Bound) and run.field in ("moment:bare", "moment:clock")
            for row in table.rows for cell in row for run in cell.runs
        )  # fmt: skip
        if left_out and not said:
            self.refuse(table.source, "does not say the time zone of its rows")

    def zone_line(self, line: Line) -> None:
        """The line that says it: true of every row with a clock time."""
        before, after = word("zone.all", self.draft.lang).split("{zone}")
        first, *rest = self.zoned(self.listed(line)) or ("",)
        middle = line.runs[1] if len(line.runs) == 3 else None
        ends = [run.text for run in line.runs if isinstance(run, Literal)]
        if not isinstance(middle, Bound) or ends != [before, after] or middle.record != first:
            self.refuse(line.text, "is not how a time zone is said")
        for record in (first, *rest):
            known = self.facts.get(record, "moment")
            if known is None or not says(middle.text, known.value, "moment", "zone", self.draft.lang):
                self.refuse(line.text, f"is not true of {record}")

    def listed(self, line: Line) -> str:
        """The list that a line of our own speaks of: one that the form shows."""
        shown = {part.each for part in self.form.parts} | {table.rows for table in self.tables.values()}
        name = line.record.removeprefix("list.")
        if name not in shown:
            self.refuse(line.text, "speaks of no list of this paper")
        return name

    def zoned(self, rows: str) -> tuple[str, ...]:
        """Records of a list that have a clock time, when all are in one time zone; else none."""
        if rows not in self._zones:
            records = [row.record for row in self.rows(rows)][: self.form.limits.rows]
            timed = tuple(record for record in records if self._has_clock(record))
            self._zones[rows] = timed if self.facts.zone_of_all(records) else ()
        return self._zones[rows]

    def _has_clock(self, record: str) -> bool:
        known = self.facts.get(record, "moment")
        return known is not None and isinstance(known.value, Moment) and has_clock(known.value)

    def line(self, line: Line) -> None:
        words = self.wordings.get(line.key)
        if line.key == "fixed.zone.all":
            self.zone_line(line)
            return
        if line.key.startswith("fixed.more."):
            self.left_out(line)
            return
        if words is None:
            if line.runs:
                self.refuse(line.text, f"the form has no wording {line.key}")
            return
        runs = list(line.runs)
        if line.key in ("contents.row", "contents.words"):
            self.found_words(line)
            return
        for text, path in pieces(words.say(self.draft.lang)):
            if text:
                self.literal(runs, text, line.key)
            if path:
                self.filled(runs, path, line.record)
        if runs:
            self.refuse(runs[0].text, "stands in no wording of the form")

    def left_out(self, line: Line) -> None:
        """The line that says how much a table leaves out."""
        limits, rows = self.form.limits, self.listed(line)
        key, count = self.selection.left_out(rows, limits.messages, limits.rows)
        fixed = [part for part in word(key, self.draft.lang).split("{n}") if part]
        numbers = [run.text for run in line.runs if isinstance(run, Bound)]
        others = [run.text for run in line.runs if isinstance(run, Literal)]
        whole = word(key, self.draft.lang).replace("{n}", str(count))
        if (numbers, others) != ([str(count)], fixed) or line.text != whole:
            self.refuse(line.text, "is not what the table leaves out")

    def rows(self, name: str) -> tuple[Row, ...]:
        return self.selection.rows(name, self.form.limits.messages)

    def found_words(self, line: Line) -> None:
        """A row or a line of text of an exhibit, verbatim."""
        (run,) = line.runs if len(line.runs) == 1 else (None,)
        if not isinstance(run, Quote) or run.record != line.record:
            self.refuse(line.text, "is no verbatim row of an exhibit")
        shown = flat(revealed(run.text))
        if line.key == "contents.row":
            there = [flat(text) for text in self.facts.source_texts(run.record)]
        else:
            there = [part for part in (self.original(run.record),) if shown in part]
        if (line.key == "contents.row" and shown not in there) or not there:
            self.refuse(run.text, f"does not stand in {run.record}")

    def original(self, record: str) -> str:
        """The flattened text of a plain exhibit, as far as it is typeset."""
        if record not in self.texts and self.originals:
            exhibit = self.casefile.exhibit_by_number()[int(record[1:])]
            self.texts[record] = flat(typeset_text(exhibit, self.originals)[0])
        return self.texts.get(record, "")

    def literal(self, runs: list[Run], text: str, key: str) -> None:
        run = runs.pop(0) if runs else None
        if not isinstance(run, Literal) or run.text != text or run.key != key:
            self.refuse(run.text if run else text, "is not the wording of the form")

    def filled(self, runs: list[Run], path: str, record: str) -> None:
        if path == "refs" or path.startswith("cite."):
            self.references(runs, self.cited(path, record))
        elif path == "position":
            self.position(runs, record)
        elif path in ("row.text", "row.words"):
            self.quote(runs, record)
        else:
            self.fact(runs, path, record)

    # ------------------------------------------------------------------------------- placeholders

    def fact(self, runs: list[Run], path: str, record: str) -> None:
        run = runs.pop(0) if runs else None
        options, shape = alternatives(path)
        known = list(self.known(options, record))
        if isinstance(run, Missing):
            self.gap(run, known, shape)
            return
        if not isinstance(run, Bound) or not known:
            self.refuse(run.text if run else path, f"nothing in the case gives {path}")
        at, name, value = known[0]
        shown, _, given = run.field.partition(":")
        if (run.record, shown, given) != (at, name, self.shape(options, at, name, shape)):
            self.refuse(run.text, f"is bound to {run.record} {run.field}, not to {at} {name}")
        if runs and isinstance(runs[0], Literal) and runs[0].key == "fixed.cut":
            self.fixed(runs.pop(0), "cut")
            whole = flat(str(value.value))
            if len(run.text) != LONGEST_VALUE or not whole.startswith(flat(revealed(run.text))):
                self.refuse(run.text, f"is not what {run.record} says for {shown}")
            return
        self.value(run, value, shown, given)

    def shape(self, options: Sequence[str], at: str, name: str, shape: str) -> str:
        """How a fact must be shown: masked where form or user say so, times without what is said above."""
        if name == "payer.number" and (self.form.own_accounts == "tail" or OWN_ACCOUNTS in self.hide):
            return "tail"
        hidden = {s.id for q in self.hide if (s := self.casefile.answer(q)) is not None}
        if at in hidden and any(path.removeprefix("answer.") in self.hide for path in options):
            return "masked"
        table = self.tables.get(self.key.rsplit(".", 2)[0]) if ".table." in self.key else None
        if name == "moment" and table is not None and self.zoned(table.rows):
            return {"": "bare", "time": "clock"}.get(shape, shape)
        return shape

    def gap(self, run: Missing, known: Sequence[tuple[str, str, Known]], shape: str) -> None:
        """A gap has its fixed word and hides nothing that could be shown."""
        if run.text != word("missing" if run.field else "unknown", self.draft.lang):
            self.refuse(run.text, "is not the word for a gap")
        for record, name, value in known[:1]:
            worded = name not in VOCABULARIES or term(name, str(value.value), self.draft.lang)
            if worded and not shape and self.facts.grounded(record, name):
                self.refuse(run.text, f"hides what {record} says for {name}")

    def known(self, paths: Sequence[str], record: str) -> Iterator[tuple[str, str, Known]]:
        for path in paths:
            at, name = self.address(path, record)
            known = self.facts.get(at, name)
            if known:
                yield at, name, known

    def value(self, run: Bound, known: Known, name: str, shape: str) -> None:
        labels = self.facts.choices(run.record, self.draft.lang)
        chosen = bool(labels) and says_choice(run.text, str(known.value), labels)
        if not chosen and not says(run.text, known.value, name, shape, self.draft.lang):
            self.refuse(run.text, f"is not what {run.record} says for {name}")
        if run.exhibits != known.exhibits:
            self.refuse(run.text, "names other exhibits than its record")
        if name.startswith("say_") and (stray := self.facts.strays(run.record, run.text)):
            self.refuse(run.text, f"has {stray}, which is no figure of this transfer")
        if not self.facts.grounded(run.record, name):
            self.refuse(run.text, f"does not stand in the source of {run.record}")

    def address(self, path: str, record: str) -> tuple[str, str]:
        root, _, rest = path.partition(".")
        if root == "answer":
            statement = self.casefile.answer(rest)
            return (statement.id if statement else "", "value")
        return ("case", rest) if root == "case" else (record, rest)

    def position(self, runs: list[Run], record: str) -> None:
        run = runs.pop(0) if runs else None
        if not isinstance(run, Bound) or not run.field.startswith("position:"):
            self.refuse(run.text if run else "", "is not the number of a row")
        rows = self.rows(run.field.partition(":")[2])
        numbers = [n for n, row in enumerate(rows, start=1) if row.record == record]
        if run.record != record or run.text not in map(str, numbers):
            self.refuse(run.text, "is not the number of this row")

    def quote(self, runs: list[Run], record: str) -> None:
        run = runs.pop(0) if runs else None
        known = self.facts.get(record, "text")
        if known is None and isinstance(run, Missing):
            return
        if not isinstance(run, Quote) or run.record != record or known is None:
            self.refuse(run.text if run else "", "quotes nobody")
        whole = flat(str(known.value))
        if not whole.startswith(flat(revealed(run.text))):
            self.refuse(run.text, f"is not what {record} says")
        if runs and isinstance(runs[0], Literal) and runs[0].key == "fixed.cut":
            self.fixed(runs.pop(0), "cut")
        elif not same_words(run.text, str(known.value)):
            self.refuse(run.text, "is cut without saying so")

    def cited(self, path: str, record: str) -> tuple[int, ...]:
        if path == "refs":
            return self.facts.exhibits_of(record)
        at, name = self.address(path[5:], record)
        known = self.facts.get(at, name)
        return known.exhibits if known else ()

    def references(self, runs: list[Run], exhibits: Sequence[int]) -> None:
        for number, exhibit in enumerate(exhibits):
            self.fixed(runs.pop(0) if runs else None, "ref.comma" if number else "ref.open")
            run = runs.pop(0) if runs else None
            if not isinstance(run, Bound) or (run.text, run.record) != (str(exhibit), f"E{exhibit}"):
                self.refuse(run.text if run else "", "refers to another exhibit")
        if exhibits:
            self.fixed(runs.pop(0) if runs else None, "ref.close")

    def fixed(self, run: Run | None, key: str) -> None:
        if not isinstance(run, Literal) or run.text != word(key, self.draft.lang):
            self.refuse(run.text if run else "", "is not the fixed wording")

    def refuse(self, text: str, why: str) -> NoReturn:
        raise self.refused(text, why)

    def refused(self, text: str, why: str) -> FilingRefused:
        return refusal(self.draft, self.place, text, why, self.record)


def refusal(draft: Draft, place: str, text: str, why: str, record: str = "") -> FilingRefused:
    """The refusal of a paper, naming the place and the words."""
    return FilingRefused(
        f"{draft.form} was not made: {place}: “{text[:80]}” {why}",
        f"{draft.form} 没有生成：{place} 的“{text[:80]}”没有依据（{why}）",
        text,
        record,
    )


# ------------------------------------------------------------------------------------- what was printed


def check_pages(draft: Draft, pages: Sequence[str]) -> dict[int, int]:
    """The second half for a PDF: `pages` is the text of each page as extracted. Raises FilingRefused.

    Returns the page on which the part of each exhibit begins (for bundles).
    """
    stream = _Stream(draft)
    begins: list[int] = []
    for number, page in enumerate(pages, start=1):
        begins.append(stream.at)
        stream.read_page(page, number, draft.header, f"{draft.footer} {number} / {len(pages)}")
    stream.finish(f"page {len(pages)}")
    return {exhibit: bisect_right(begins, at) for exhibit, at in stream.exhibit_headings()}


def check_text(draft: Draft, text: str) -> None:
    """The second half for a DOCX: `text` is its body as extracted. Raises FilingRefused."""
    stream = _Stream(draft)
    stream.read(text, "text")
    stream.finish("text")


class _Stream:
    """The draft's characters without white space, and how far the printed text has followed them."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.runs = [(place, run) for place, run in draft.runs() if squashed(run.text)]
        self.ends = list(accumulate(len(squashed(run.text)) for _, run in self.runs))
        self.text = "".join(squashed(run.text) for _, run in self.runs)
        self.tables = list(self._table_spans())
        self.at = 0

    def _table_spans(self) -> Iterator[tuple[int, int, str]]:
        """(end of the heading, end of the table, heading) for each table."""
        position = len(squashed(self.draft.title.text))
        position += len(squashed(self.draft.subtitle.text)) if self.draft.subtitle else 0
        for number, block in enumerate(self.draft.blocks):
            length = sum(len(squashed(line.text)) for _, line in block_lines(str(number), block))
            if isinstance(block, Table):
                heading = "".join(squashed(line.text) for line in block.header)
                yield position + len(heading), position + length, heading
            position += length

    def exhibit_headings(self) -> Iterator[tuple[int, int]]:
        """(exhibit number, position) of each heading that speaks of one exhibit."""
        position = 0
        for _, line in self.draft.lines():
            if line.key.endswith(".heading") and line.record.startswith("E"):
                yield int(line.record[1:]), position
            position += len(squashed(line.text))

    def read_page(self, page: str, number: int, header: str, footer: str) -> None:
        """Follow one page: its header and footer first taken off, and a table heading that is repeated."""
        place = f"page {number}"
        top, bottom = squashed(header), squashed(footer)
        plain = squashed(page)
        if not plain.startswith(top) or not plain.endswith(bottom) or len(plain) < len(top) + len(bottom):
            raise refusal(self.draft, place, page[:40], "has other words at the top or bottom of the page")
        repeated = next((heading for start, end, heading in self.tables if start <= self.at < end), "")
        body = _without_ends(page, len(top), len(bottom))
        if repeated:
            if not squashed(body).startswith(repeated):
                raise refusal(self.draft, place, body[:40], "does not repeat the table's heading")
            body = _without_ends(body, len(repeated), 0)
        self.read(body, place)

    def read(self, text: str, place: str) -> None:
        """Follow `text`: it must be the next words of the draft, and its figures those of single runs."""
        plain = squashed(text)
        if not self.text.startswith(plain, self.at):
            wrong = next(n for n in range(len(plain)) if not self.text.startswith(plain[: n + 1], self.at))
            run_place, run = self.run_at(min(self.at + wrong, len(self.text) - 1))
            found = plain[max(0, wrong - 10) : wrong + 20]
            raise refusal(
                self.draft, f"{place}, {run_place}", found, f"is printed where “{run.text[:40]}” stands"
            )
        self.figures(text, place)
        self.at += len(plain)

    def figures(self, text: str, place: str) -> None:
        offsets = list(accumulate((len(squashed(character)) for character in text), initial=0))
        for begins, ends in _number_spans(text):
            first, last = self.at + offsets[begins], self.at + offsets[ends] - 1
            run_place, start = self.run_at(first)
            _, end = self.run_at(last)
            if start is not end and not (isinstance(start, Literal) and isinstance(end, Literal)):
                raise refusal(self.draft, f"{place}, {run_place}", text[begins:ends], "spans two facts")

    def run_at(self, position: int) -> tuple[str, Run]:
        """The run that holds the character at `position`."""
        return self.runs[bisect_right(self.ends, position)]

    def finish(self, place: str) -> None:
        """Nothing of the draft may be left over."""
        if self.at != len(self.text):
            run_place, run = self.run_at(self.at)
            raise refusal(self.draft, f"{place}, {run_place}", run.text, "was not printed")


def _number_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of every figure and date in `text`."""
    figures = [(mention.start, mention.end) for mention in find_figures(text)]
    return figures + [(mention.start, mention.end) for mention in find_dates(text)]


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))
_SOFT_HYPHEN = str.maketrans({"\ufffe": "-", "\x02": "-"})
"""How the PDF library writes a hyphen at the end of a line."""


def squashed(text: str) -> str:
    """`text` without white space and invisible breaks: what is compared."""
    return "".join(text.translate(_SOFT_HYPHEN).translate(_INVISIBLE).split())


def _without_ends(text: str, first: int, last: int) -> str:
    """`text` less its first and last so many visible characters."""
    offsets = list(accumulate(len(squashed(character)) for character in text))
    total = offsets[-1] if offsets else 0
    start = bisect_right(offsets, first - 1) + 1 if first else 0
    stop = bisect_right(offsets, total - last)
    return text[start:stop] if start < stop else ""
