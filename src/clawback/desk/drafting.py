"""A paper before it is made, as a page can show it: what stands fast, what is missing and what would mend it.

Everything here is looked at, nothing is changed. Locked words come from the form, from evidence and from
statements; a gap names the question or the fact of a transfer that fills it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, cached_property
from typing import TypeGuard

from clawback.desk.filing import in_language
from clawback.desk.interviewing import Asked
from clawback.desk.tracking import HandIn, Tracking
from clawback.errors import FilingRefused, UsageError
from clawback.filings.assemble import assemble
from clawback.filings.draft import (
    Block,
    Bound,
    Draft,
    FieldTable,
    Heading,
    Line,
    Missing,
    PageBreak,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
)
from clawback.filings.facts import Facts
from clawback.filings.forms import Form, list_forms, load_form
from clawback.filings.gate import unsupported
from clawback.filings.selection import Selection
from clawback.model.casefile import CaseFile
from clawback.model.events import Direction
from clawback.model.evidence import Source
from clawback.model.plan import Action
from clawback.rules.load import load_pack

_NAMED = re.compile(r"answer\.([a-z0-9_.]*[a-z0-9_])")
_ROW_GAP = re.compile(r"[a-z_]+\[[0-9]+\]\.(.+)")
_PAGE_GAP = re.compile(r"exhibits\[[0-9]+\]\.page")
_LATIN = "\u2e80"
_ONE_LINE = 24  # widths of a Latin letter
_CARD_FACTS = {
    "payer.name": "payer_name",
    "payer.institution": "paying_institution",
    "payer.number": "paying_account",
    "moment": "moment",
    "amount": "amount",
    "method": "method",
    "reference": "reference",
    "payee.name": "payee_name",
    "payee.number": "payee_account",
    "payee.institution": "payee_institution",
}


class PaperState(StrEnum):
    """How far a paper is."""

    MISSING = "missing"  # gaps are left; it can be handed in all the same
    READY = "ready"
    HANDED_IN = "handed_in"
    NOT_ASKED = "not_asked"  # the plan does not ask for it, and it was not looked at
    NOT_FOR_THIS = "not_for_this"  # it serves situations that this case is not


@dataclass(frozen=True, slots=True)
class Listed:
    """One paper in the list. Titles, recipients and `used_for` (situations it serves) as (zh, en).

    `action`: the step of the plan that asks for it, or None. `missing`: how many gaps it has; 0 where it was
    not looked at because the plan does not ask for it. `hand_ins`: oldest first.
    """

    form: str
    title: tuple[str, str]
    recipient: tuple[str, str]
    state: PaperState
    missing: int
    action: Action | None
    hand_ins: tuple[HandIn, ...]
    used_for: tuple[tuple[str, str], ...] = ()
    waiting: datetime | None = None


@dataclass(frozen=True, slots=True)
class Papers:
    """All papers of a case: those that the plan asks for (first), those handed in, and what else there is."""

    asked: tuple[Listed, ...]
    handed_in: tuple[Listed, ...]
    others: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. `kind`: "words" of the form, a "fact", a "quote", a "gap", or "ref" (an exhibit's
    number). `exhibit` and `source`: for a ref, what it points at; `source` None for the whole exhibit.

    What fills a gap: `question`, or `transfer` with `fact` (one of the ten) or "" for anything else of it.
    """

    kind: str
    text: str
    exhibit: int = 0
    source: Source | None = None
    question: str = ""
    transfer: str = ""
    fact: str = ""

    @property
    def whole(self) -> bool:
        """Is it a fact short enough (a date, a sum, an account) to stand on one line unbroken?"""
        return self.kind == "fact" and sum(2 if c > _LATIN else 1 for c in self.text) <= _ONE_LINE


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a paper. `sources`: where its facts come from, if it does not print exhibits itself.

    `question`: the first one whose answer it shows or lacks, or "".
    """

    pieces: tuple[Piece, ...]
    sources: tuple[Source, ...] = ()
    question: str = ""

    @property
    def gaps(self) -> int:
        """How many places in it somebody can fill."""
        return sum(piece.kind == "gap" and bool(piece.question or piece.transfer) for piece in self.pieces)

    @property
    def text(self) -> str:
        """The words as one string."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A block: "heading", "paragraph", "fields", "table" or "picture". `rows`: label and value, or cells.

    `transfers`: for a table over transfers, the ledger id of each row, else "".
    """

    kind: str
    style: str = ""
    line: Shown = Shown(())
    header: tuple[Shown, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = ()
    transfers: tuple[str, ...] = ()

    @property
    def gaps(self) -> int:
        """How many places in it somebody can fill."""
        return sum(shown.gaps for shown in (self.line, *(cell for row in self.rows for cell in row)))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper under one heading. `gaps`: how many places in it somebody can fill."""

    number: int
    title: str
    parts: tuple[PaperPart, ...]
    gaps: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One place without ground. `words`: what stands there. What mends it: a question, a transfer or an
    exhibit to look at; all empty when it names none."""

    words: str
    sentence: str
    question: str = ""
    transfer: str = ""
    exhibit: int = 0


class Degree(StrEnum):
    """How much of something a recipient sees."""

    FULL = "full"
    MASKED = "masked"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One thing that the recipient sees or does not. `key`: a question about the user (user.phone),
    "own_accounts", "payees", "identifiers", "messages", "exhibits" (their list), "contents" (what they hold),
    "messages_left", "transfers_left". `count`: how many, 0 where that says nothing. `shown`: how it will
    look, "" where that is too long."""

    key: str
    degree: Degree
    count: int = 0
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A paper as it would be made now, in `lang`, with `hide` masked.

    `missing`: its gaps by name. `asks`: how each question that it uses is put (zh, en). `others`: those whose
    answers stand nowhere in it, with the answer in words or "".
    `faults`: what the gate refuses; () when it can be made.
    """

    form: Form
    lang: str
    hide: frozenset[str]
    title: str
    recipient: str
    sections: tuple[Section, ...]
    missing: tuple[str, ...]
    asks: Mapping[str, tuple[str, str]]
    others: tuple[tuple[Asked, str], ...]
    faults: tuple[Fault, ...]
    disclosed: tuple[Disclosed, ...]
    exhibits: tuple[int, ...]
    contents: bool

    def place_of(self, question: str) -> tuple[int, int, int] | None:
        """Section, part and row in which the answer to a question first stands or is missing."""
        for section in self.sections:
            for at, part in enumerate(section.parts):
                for row, cells in enumerate(part.rows if part.kind == "fields" else ()):
                    if cells[1].question == question:
                        return section.number, at, row
        return None

    @property
    def translated(self) -> bool:
        """Is this not the language that is handed in?"""
        return self.lang != self.form.original


# ------------------------------------------------------------------------------------------------ the list


def papers_of(file: CaseFile, tracking: Tracking, missing: Mapping[str, int]) -> Papers:
    """All papers, sorted as a person needs them. `missing`: as `count_missing` gives."""
    asked = {action.form: action for action in reversed(file.plan.actions) if action.form}
    ordered = [form for form in dict.fromkeys(a.form for a in file.plan.actions) if form]
    rest = [form for form in list_forms(file.case.jurisdiction) if form not in asked]
    listed = [_listed(file, form, asked.get(form), tracking, missing) for form in (*ordered, *rest)]
    return Papers(
        asked=tuple(one for one in listed if one.form in asked and not one.hand_ins),
        handed_in=tuple(one for one in listed if one.hand_ins),
        others=tuple(one for one in listed if one.form not in asked and not one.hand_ins),
    )


def count_missing(file: CaseFile) -> Mapping[str, int]:
    """How many gaps each paper has that the plan asks for. Does not depend on the clock."""
    selection = Selection(file)
    forms = dict.fromkeys(action.form for action in file.plan.actions if action.form)
    return {id: _gaps(load_form(file.case.jurisdiction, id), file, selection) for id in forms}


def _gaps(form: Form, file: CaseFile, selection: Selection) -> int:
    slim = form.model_copy(update={"parts": tuple(p for p in form.parts if not p.contents)})
    return len(_to_fill(assemble(slim, file, form.original, selection=selection)))


def _to_fill(draft: Draft) -> tuple[str, ...]:
    """The gaps of a draft; page numbers come with the print."""
    return tuple(gap for gap in draft.missing if not _PAGE_GAP.fullmatch(gap))


def _listed(
    file: CaseFile, id: str, action: Action | None, tracking: Tracking, missing: Mapping[str, int]
) -> Listed:
    form = load_form(file.case.jurisdiction, id)
    hand_ins = tracking.handed_in(id)
    used_for = _situations(file.case.jurisdiction, id)
    serves = not used_for or bool(used_for.keys() & set(file.plan.situations))
    if hand_ins:
        state = PaperState.HANDED_IN
    elif action is None:
        state = PaperState.NOT_ASKED if serves else PaperState.NOT_FOR_THIS
    else:
        state = PaperState.MISSING if missing.get(id) else PaperState.READY
    return Listed(
        form=id,
        title=(form.title.zh, form.title.en),
        recipient=(form.recipient.zh, form.recipient.en),
        state=state,
        missing=missing.get(id, 0),
        action=action,
        hand_ins=hand_ins,
        used_for=tuple(used_for.values()),
        waiting=_next_day(waiting_for(file, id)) if hand_ins else None,
    )


def _next_day(waiting: Iterable[Action]) -> datetime | None:
    return next((one.deadline.last for one in waiting if one.deadline), None)


@cache
def _situations(jurisdiction: str, form: str) -> Mapping[str, tuple[str, str]]:
    """The situations whose steps a form serves, by id."""
    pack = load_pack(jurisdiction)
    steps = {id for id, step in pack.steps.items() if step.form == form}
    return {
        id: (situation.name.zh, situation.name.en)
        for id, situation in pack.situations.items()
        if any(use.step in steps for use in situation.steps)
    }


def waiting_for(file: CaseFile, form: str) -> tuple[Action, ...]:
    """Steps whose clock handing in this paper starts, the next last day first."""
    pack = load_pack(file.case.jurisdiction)
    started = {step.starts for step in pack.steps.values() if step.form == form and step.starts}
    waiting = [
        a for a in file.plan.actions if a.deadline and a.deadline.trigger in started and a.deadline.last
    ]
    return tuple(sorted(waiting, key=lambda a: a.deadline.last.timestamp()))  # type: ignore[union-attr]


# --------------------------------------------------------------------------------------------- one paper


def form_of(file: CaseFile, id: str) -> Form:
    """The form of this id. Raises UsageError when the case's jurisdiction has none."""
    return load_form(file.case.jurisdiction, id)


def hidden(form: Form, wanted: Iterable[str]) -> frozenset[str]:
    """What is to be masked besides, among what the form allows. Raises UsageError for anything else."""
    hide = frozenset(wanted)
    if not hide <= set(form.may_hide):
        raise UsageError("This paper has to show that.", "这份材料必须写明这一项。")
    return hide


def draft_paper(file: CaseFile, form: Form, lang: str, hide: frozenset[str] = frozenset()) -> Drafted:
    """The paper as it would be made now; what stands inside exhibits is left for the print."""
    spoken = in_language(file, lang)
    contents = any(part.contents for part in form.parts)
    slim = form.model_copy(
        update={"parts": tuple(part.model_copy(update={"contents": False}) for part in form.parts)}
    )
    draft = assemble(slim, spoken, lang, hide=hide)
    view = _View(spoken, Facts(spoken, form.demand_days))
    return Drafted(
        form=form,
        lang=lang,
        hide=hide,
        title=form.title.say(lang),
        recipient=form.recipient.say(lang),
        sections=tuple(view.sections(draft)),
        missing=_to_fill(draft),
        asks=_asks(file.case.jurisdiction, form.id),
        others=_other_questions(form, spoken, draft),
        faults=tuple(view.fault(one, lang) for one in unsupported(draft, slim, spoken, hide)),
        disclosed=tuple(_disclosed(form, spoken, draft)),
        exhibits=exhibits_shown(draft),
        contents=contents,
    )


def exhibits_shown(draft: Draft) -> tuple[int, ...]:
    """Numbers of the exhibits that a paper lists or refers to, ascending."""
    numbers = {int(run.record[1:]) for _, run in draft.runs() if _is_ref(run)}
    return tuple(sorted(numbers))


def _is_ref(run: Run) -> TypeGuard[Bound]:
    return isinstance(run, Bound) and run.field == "number" and run.record.startswith("E")


@dataclass(frozen=True)
class _View:
    """Turns the blocks of a draft into what a page shows."""

    file: CaseFile
    facts: Facts

    def sections(self, draft: Draft) -> Iterator[Section]:
        """The paper cut at its first-level headings; what stands before the first is section 0."""
        title, parts, number = draft.title.text, list[PaperPart](), 0
        for block in draft.blocks:
            if isinstance(block, Heading) and block.level == 1:
                if parts:
                    yield _section(number, title, parts)
                title, parts, number = block.line.text, [], number + 1
            elif not isinstance(block, PageBreak | Picture):
                parts.append(self.part(block))
        yield _section(number, title, parts)

    def part(self, block: Block) -> PaperPart:
        match block:
            case Heading():
                return PaperPart("heading", line=self.shown(block.line))
            case Paragraph():
                return PaperPart("paragraph", block.style, self.shown(block.line))
            case FieldTable():
                rows = tuple((self.shown(label), self.shown(value)) for label, value in block.rows)
                return PaperPart("fields", block.style, rows=rows)
            case Table():
                return PaperPart(
                    kind="table",
                    header=tuple(self.shown(cell) for cell in block.header),
                    rows=tuple(tuple(self.shown(cell) for cell in row) for row in block.rows),
                    transfers=tuple(id if id in self.entries else "" for id in block.records),
                )
            case _:
                raise TypeError(block)

    @cached_property
    def entries(self) -> frozenset[str]:
        return frozenset(entry.id for entry in self.file.entries)

    @cached_property
    def sent(self) -> frozenset[str]:
        """Transfers that left: only theirs are the ten facts."""
        return frozenset(e.id for e in self.file.entries if e.transfer.direction is Direction.OUT)

    def shown(self, line: Line) -> Shown:
        pieces = tuple(self.piece(run, line) for run in line.runs if run.text)
        told = any(piece.kind == "ref" for piece in pieces)
        asked = [piece.question for piece in pieces]
        asked += [self.asked(run.record) for run in line.runs if isinstance(run, Bound)]
        first = next((question for question in asked if question), "")
        return Shown(pieces, () if told else self.sources(line.runs), first)

    def piece(self, run: Run, line: Line) -> Piece:
        if _is_ref(run):
            exhibit = int(run.text)
            return Piece("ref", run.text, exhibit, self.at(exhibit, line))
        if isinstance(run, Missing):
            return self.gap(run, line.record)
        kinds = {Bound: "fact", Quote: "quote"}
        return Piece(kinds.get(type(run), "words"), run.text)

    def gap(self, run: Missing, record: str) -> Piece:
        if _PAGE_GAP.fullmatch(run.field):
            return Piece("words", "–")
        row = _ROW_GAP.fullmatch(run.field)
        if row:
            transfer = record.removeprefix("C.")
            known = transfer if transfer in self.entries else ""
            fact = _CARD_FACTS.get(row[1], "") if transfer in self.sent else ""
            return Piece("gap", run.text, transfer=known, fact=fact)
        known_questions = load_pack(self.file.case.jurisdiction).questions
        return Piece("gap", run.text, question=run.field if run.field in known_questions else "")

    def at(self, exhibit: int, line: Line) -> Source | None:
        """The place in an exhibit that a line speaks of."""
        records = dict.fromkeys([line.record, *(run.record for run in line.runs if isinstance(run, Bound))])
        for record in records:
            for field in ("amount", "text", "value"):
                known = self.facts.get(record, field) if record else None
                for source in known.sources if known else ():
                    if source.exhibit == exhibit:
                        return source
        return None

    def sources(self, runs: Iterable[Run]) -> tuple[Source, ...]:
        found: dict[int, Source] = {}
        for run in runs:
            if isinstance(run, Bound) and run.exhibits and not run.record.startswith(("L.", "list.")):
                known = self.facts.get(run.record, run.field.partition(":")[0])
                for source in known.sources if known else ():
                    found.setdefault(source.exhibit, source)
        return tuple(found.values())

    def asked(self, record: str) -> str:
        """The question that a statement answers, when the pack asks it."""
        statement = next((s for s in self.file.statements if s.id == record), None)
        known = load_pack(self.file.case.jurisdiction).questions
        return statement.question if statement and statement.question in known else ""

    def fault(self, refused: FilingRefused, lang: str) -> Fault:
        record = refused.record.removeprefix("C.")
        fault = Fault(refused.words, refused.sentence(lang))
        if record in self.entries:
            return replace(fault, transfer=record)
        if question := self.asked(record):
            return replace(fault, question=question)
        known = self.facts.get(record, "text") or self.facts.get(record, "value")
        return replace(fault, exhibit=known.exhibits[0]) if known and known.exhibits else fault


def _section(number: int, title: str, parts: list[PaperPart]) -> Section:
    return Section(number, title, tuple(parts), sum(part.gaps for part in parts))


@cache
def questions_used(jurisdiction: str, form: str) -> tuple[str, ...]:
    """Ids of the questions whose answers a form prints or depends on, in the order of the pack."""
    named = set(_NAMED.findall(load_form(jurisdiction, form).model_dump_json()))
    return tuple(id for id in load_pack(jurisdiction).questions if id in named)


def _asks(jurisdiction: str, form: str) -> Mapping[str, tuple[str, str]]:
    known = load_pack(jurisdiction).questions
    return {id: (known[id].ask.zh, known[id].ask.en) for id in questions_used(jurisdiction, form)}


def _other_questions(form: Form, file: CaseFile, draft: Draft) -> tuple[tuple[Asked, str], ...]:
    """Questions that the form uses and that stand nowhere in the draft as it is."""
    pack = load_pack(file.case.jurisdiction)
    visible = set(draft.missing)
    printed = {run.record for _, run in draft.runs() if isinstance(run, Bound)}
    visible |= {s.question for s in file.statements if s.id in printed}
    facts = Facts(file)
    made = []
    for id in questions_used(file.case.jurisdiction, form.id):
        if id not in visible:
            said = file.answer(id)
            labels = facts.choices(said.id, file.case.lang) if said else {}
            chosen = (
                [labels.get(part.strip(), part.strip()) for part in said.value.split(",")] if said else []
            )
            answer = "、".join(chosen) if labels else (said.value if said else "")
            made.append((Asked(pack.questions[id], pack.head.zone), answer))
    return tuple(made)


# --------------------------------------------------------------------------------- what the recipient sees

_ABOUT_USER = (
    "user.name",
    "user.id_number",
    "user.phone",
    "user.address",
    "user.email",
    "user.return_account",
)


def _disclosed(form: Form, file: CaseFile, draft: Draft) -> Iterator[Disclosed]:
    """Read off the draft itself, so that it cannot promise what the paper does not keep."""
    bound = [run for _, run in draft.runs() if isinstance(run, Bound)]
    for question in _ABOUT_USER:
        said = file.answer(question)
        if said is not None and said.value:
            yield _of_user(question, said.id, bound)
    own = _unique(run for run in bound if run.field.startswith("payer.number") and not _is_refund(run, file))
    if own:
        masked = all(run.field.endswith(":tail") for run in own)
        yield Disclosed(
            "own_accounts", Degree.MASKED if masked else Degree.FULL, len(own), "、".join(r.text for r in own)
        )
    payees = {run.text for run in bound if run.field.startswith("payee.number")}
    if payees:
        yield Disclosed("payees", Degree.FULL, len(payees))
    identifiers = {run.record for run in bound if run.record.startswith("I.")}
    if identifiers:
        yield Disclosed("identifiers", Degree.FULL, len(identifiers))
    yield from _of_lists(form, file, draft)


def _of_user(question: str, statement: str, bound: Iterable[Bound]) -> Disclosed:
    shown = [run for run in bound if run.record == statement and run.field.startswith("value")]
    if not shown:
        return Disclosed(question, Degree.LEFT_OUT)
    full = any(run.field == "value" for run in shown)
    return Disclosed(question, Degree.FULL if full else Degree.MASKED, 0, shown[0].text)


def _of_lists(form: Form, file: CaseFile, draft: Draft) -> Iterator[Disclosed]:
    quoted = {run.record for _, run in draft.runs() if isinstance(run, Quote)}
    if quoted:
        yield Disclosed("messages", Degree.FULL, len(quoted))
    if len(file.messages) > len(quoted):
        yield Disclosed("messages_left", Degree.LEFT_OUT, len(file.messages) - len(quoted))
    exhibits = len(exhibits_shown(draft))
    if exhibits:
        yield Disclosed("exhibits", Degree.FULL, exhibits)
        whole = any(part.contents for part in form.parts)
        yield Disclosed("contents", Degree.FULL if whole else Degree.LEFT_OUT, exhibits)
    strangers = sum(entry.scope.value != "in" for entry in file.entries)
    if strangers:
        yield Disclosed("transfers_left", Degree.LEFT_OUT, strangers)


def _is_refund(run: Bound, file: CaseFile) -> bool:
    record = run.record.removeprefix("C.")
    return any(e.id == record and e.transfer.direction is Direction.IN for e in file.entries)


def _unique(runs: Iterable[Bound]) -> tuple[Bound, ...]:
    return tuple({run.text: run for run in runs}.values())
