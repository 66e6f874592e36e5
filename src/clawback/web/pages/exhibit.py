"""One exhibit: what it looks like, what was read from it, what it proves and does not, how it was kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk import verifying
from clawback.desk.certifying import CustodyLine, custody_of
from clawback.desk.citing import Citing, papers_by_exhibit
from clawback.desk.intake import seal_answers
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.desk.readfacts import CORRECTION, ReadFact, corrections, facts_of, find_fact
from clawback.desk.showing import LARGE, PAGE, Passage, Picture, find_passage, has_picture, passages
from clawback.desk.tabling import Strip, strips
from clawback.desk.wording import (
    answer_sentence,
    finding_sentence,
    problem_sentence,
    question_sentence,
)
from clawback.model.casefile import CaseFile
from clawback.model.events import Message, Statement, Transfer
from clawback.model.evidence import Exhibit, Locator, Problem
from clawback.model.ledger import LedgerEntry
from clawback.model.moments import Moment
from clawback.model.money import Amount
from clawback.web.figures import place, place_of, seen
from clawback.web.pages.evidence import exhibit_of
from clawback.web.paging import PAGE as PAGE_ITEMS
from clawback.web.paging import Paged, paged, wanted_page
from clawback.web.visit import Visit, endpoint

_SHOWN = 600
"""Characters of one passage that are shown at once; the whole is one press away."""
_SHOWN_CELL = 160
_FIGURE = re.compile(r"[-+]?\s?[¥￥£$€]?\s?[-+]?[0-9]{1,3}(?:,?[0-9]{3}){0,5}(?:\.[0-9]{1,8})?")
_DIGITS = re.compile(r"[-0-9:./_* ]{1,34}")
_CONTEXT = 40
_MOST_BOXES = 200
_MOST_TYPED = 1_000
_NAMED_FACTS = frozenset(
    {
        *("holder_name", "holder_account", "bank_in_title", "currency", "period_start", "period_end"),
        *("pages", "members", "title", "author", "creator", "producer", "creationdate", "moddate"),
        *("from", "to", "date", "subject", "message_id", "screen"),
    }
)
"""What a file says about itself for which there is a word; the rest is shown under the reader's own name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One passage as it is shown. `at`: its place as in an address. `here`: the one that was asked for.

    `words`: cut to what fits, with the asked-for part marked; `rest`: the whole when it was cut, else None.
    `asked`: the question that a statement answers, else "". `cells`: of a row of a table, cut to fit.
    """

    passage: Passage
    at: str
    here: bool
    words: Markup
    rest: str | None
    payments: tuple[ShownTransfer, ...]
    asked: str
    cells: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownStrip:
    """Passages shown alike. `names`: headings of the table that they are rows of; () for lines.

    `kinds`: of each column, "money" where it holds amounts, "ev-digits" where dates or numbers, else "".
    `understood`: is any row understood as a payment?
    """

    names: tuple[Markup, ...]
    kinds: tuple[str, ...]
    sheet: int | None
    items: tuple[Shown, ...]
    understood: bool


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One fact that was read. `kind`: how it is written, "amount", "moment" or "text". `link`: shows where.
    `correction`: what the user says instead, or None."""

    fact: ReadFact
    kind: str
    link: str
    correct: str
    here: bool
    correction: Statement | None


@dataclass(frozen=True, slots=True)
class ShownTransfer:
    """A payment as this exhibit shows it. `facts`: left out where only its line is shown. `corrected`: the
    user says that one was misread. `entry`: the payment of the ledger that it is part of, or None."""

    transfer: Transfer
    facts: tuple[ShownFact, ...]
    corrected: bool
    entry: LedgerEntry | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The picture of one page. `box`: the asked-for place; `boxes`: (address, box) of what was read.

    `why`: the sentence why there is no picture, else None.
    """

    picture: Picture | None
    why: str | None
    number: int
    side: int
    zoom: int
    box: tuple[int, int, int, int] | None
    boxes: tuple[tuple[str, tuple[int, int, int, int]], ...]


@dataclass(frozen=True, slots=True)
class ExhibitPage:
    """`previous`, `following`: numbers of the neighbours. `parent`: the exhibit it was found in; `members`:
    those found inside. `read_from_picture`: its words were recognised, not written."""

    exhibit: Exhibit
    place: int
    total: int
    previous: int | None
    following: int | None
    parent: Exhibit | None
    members: tuple[Exhibit, ...]
    sheet: Sheet | None
    transfers: tuple[ShownTransfer, ...]
    messages: tuple[Message, ...]
    facts: tuple[tuple[str, str], ...]
    words: Paged[Shown]
    strips: tuple[ShownStrip, ...]
    many_sheets: bool
    problems: tuple[str, ...]
    read_from_picture: bool
    at: str
    zone: ZoneInfo
    named_facts: frozenset[str] = _NAMED_FACTS


def exhibit(visit: Visit) -> Response:
    """The viewer."""
    case = visit.case()
    file = case.file()
    one = exhibit_of(visit, case)
    asked = visit.asked("at")
    wanted = place_of(asked)
    reading = case.records().readings.get(one.number)
    base = f"/c/{case.id}/evidence/{one.number}"
    found = passages(reading) if reading else ()
    sheet = _sheet(visit, case, one, wanted, found) if has_picture(one) else None
    pictured = one.media_type.startswith("image/")
    place_in_list = next(at for at, other in enumerate(file.exhibits) if other.number == one.number)
    numbers = [other.number for other in file.exhibits]
    transfers = _Transfers(file, base, asked)
    here = find_passage(found, wanted) if wanted else None
    words = _words(visit, found, here, wanted, base, case, None if pictured else transfers)
    kept = next((at for at, item in enumerate(words.items) if item.here), None)
    parts = strips(reading, [item.passage for item in words.items], kept) if reading else ()
    page = ExhibitPage(
        exhibit=one,
        place=place_in_list + 1,
        total=len(numbers),
        previous=numbers[place_in_list - 1] if place_in_list else None,
        following=numbers[place_in_list + 1] if place_in_list + 1 < len(numbers) else None,
        parent=next((other for other in file.exhibits if other.number == one.parent), None),
        members=tuple(other for other in file.exhibits if other.parent == one.number),
        sheet=sheet,
        transfers=transfers(reading.transfers, in_full=True) if reading and pictured else (),
        messages=reading.messages if reading and pictured else (),
        facts=reading.facts if reading else (),
        words=words,
        strips=_strips(parts, words, visit.lang),
        many_sheets=bool(found) and found[0].place.page != found[-1].place.page,
        problems=tuple(
            problem_sentence(problem, visit.lang)
            for problem in file.problems
            if problem.exhibit == one.number
        ),
        read_from_picture=pictured,
        at=asked if wanted else "",
        zone=ZoneInfo(file.case.zone),
    )
    return visit.page("exhibit.html", page, case=case)


def _sheet(
    visit: Visit, case: LiveCase, one: Exhibit, wanted: Locator | None, found: Sequence[Passage]
) -> Sheet:
    asked = wanted.page if wanted and wanted.page else wanted_page(visit.asked("p", "1"))
    zoom = int(visit.asked("zoom")) if visit.asked("zoom") in ("2", "4") else 1
    side = PAGE if zoom == 1 else LARGE
    made = visit.workplace.previews.picture(case, one, asked, side)
    boxes = tuple((place(item.place, visit.lang), item.place.box) for item in found if item.place.box)
    shown = boxes[:_MOST_BOXES]
    picture = made if isinstance(made, Picture) else None
    why = problem_sentence(made, visit.lang) if isinstance(made, Problem) else None
    return Sheet(picture, why, asked, side, zoom, wanted.box if wanted else None, shown)


class _Transfers:
    """Makes payments ready to be shown: with what was corrected, and the payment of the ledger."""

    def __init__(self, file: CaseFile, base: str, asked: str) -> None:
        self._members = {member: entry for entry in file.entries for member in entry.members}
        self._said = corrections(file.statements)
        self._base = base
        self._asked = asked

    def __call__(self, transfers: Sequence[Transfer], *, in_full: bool) -> tuple[ShownTransfer, ...]:
        return tuple(self._shown(transfer, in_full) for transfer in transfers)

    def _shown(self, transfer: Transfer, in_full: bool) -> ShownTransfer:
        read = facts_of(transfer) if in_full else ()
        return ShownTransfer(
            transfer,
            tuple(_fact(fact, self._said, self._base, self._asked) for fact in read),
            any(subject.startswith(f"{transfer.id}/") for subject in self._said),
            self._members.get(transfer.id),
        )


def _fact(fact: ReadFact, said: Mapping[str, Statement], base: str, asked: str) -> ShownFact:
    at = place(fact.source.locator, "")
    link = f"{base}?{urlencode({'at': at})}" if at else base
    correct = f"{base}/correct?{urlencode({'about': fact.subject})}"
    return ShownFact(
        fact, kind_of_value(fact.value), link, correct, bool(at) and at == asked, said.get(fact.subject)
    )


def _words(
    visit: Visit,
    found: tuple[Passage, ...],
    here: int | None,
    wanted: Locator | None,
    base: str,
    case: LiveCase,
    payments: _Transfers | None,
) -> Paged[Shown]:
    asked = visit.asked("page")
    number = here // PAGE_ITEMS + 1 if here is not None and not asked else wanted_page(asked)
    page = paged(found, number, base, {"at": visit.asked("at")})
    place_of_case = case.file().case.jurisdiction
    shown = []
    for at, one in enumerate(page.items, page.first - 1):
        moved = payments(one.transfers, in_full=at == here) if payments else ()
        shown.append(_shown(one, wanted if at == here else None, moved, place_of_case, visit.lang))
    return page.showing(shown)


def _shown(
    passage: Passage,
    wanted: Locator | None,
    payments: tuple[ShownTransfer, ...],
    jurisdiction: str,
    lang: str,
) -> Shown:
    text, asked = passage.text, ""
    if passage.statement is not None:
        question = passage.statement.question
        asked = question_sentence(question, jurisdiction, lang)
        text = answer_sentence(question, text, jurisdiction, lang)
    words, cut = _marked(text, wanted, lang)
    rest = text if cut else None
    at = place(passage.place, lang)
    return Shown(passage, at, wanted is not None, words, rest, payments, asked)


def _strips(parts: Sequence[Strip], words: Paged[Shown], lang: str) -> tuple[ShownStrip, ...]:
    """The shown passages, as tables where they are rows of one."""
    made = []
    for strip in parts:
        items = tuple(
            replace(words.items[at], cells=tuple(_cell(cell, lang) for cell in cells))
            for at, cells in strip.rows
        )
        names = tuple(_cell(name, lang) for name in strip.names)
        kinds = tuple(_kind(column) for column in zip(*(cells for _, cells in strip.rows), strict=True))
        made.append(ShownStrip(names, kinds, strip.sheet, items, any(one.payments for one in items)))
    return tuple(made)


def _cell(text: str, lang: str) -> Markup:
    return seen(text[:_SHOWN_CELL], lang) + ("…" if len(text) > _SHOWN_CELL else "")


def _kind(column: Sequence[str]) -> str:
    """How a column is set. Numbers of accounts and orders are no amounts."""
    filled = [cell for cell in column if cell]
    if any("." in cell for cell in filled) and all(map(_FIGURE.fullmatch, filled)):
        return "money"
    return "ev-digits" if filled and all(map(_DIGITS.fullmatch, filled)) else ""


def _marked(text: str, wanted: Locator | None, lang: str) -> tuple[Markup, bool]:
    """The words with the asked-for part marked, and whether something was left out."""
    if wanted is None or wanted.start is None or wanted.end is None or wanted.start >= len(text):
        cut = len(text) > _SHOWN
        words = seen(text[:_SHOWN], lang) + ("…" if cut else "")
        return (Markup("<mark>{}</mark>").format(words), cut) if wanted is not None else (words, cut)
    start, end = wanted.start, max(wanted.start, wanted.end)
    cut = len(text) > _SHOWN
    before, after = text[:start], text[end:]
    if cut:
        before = ("…" if len(before) > _CONTEXT else "") + before[-_CONTEXT:]
        after = after[:_CONTEXT] + ("…" if len(after) > _CONTEXT else "")
    marked = text[start:end][:_SHOWN]
    words = seen(before, lang) + Markup("<mark>{}</mark>").format(seen(marked, lang)) + seen(after, lang)
    return words, cut


# keeping


@dataclass(frozen=True, slots=True)
class CustodyPage:
    """The history of one exhibit in the log. `case_id`: the pseudonym in the log, not that in addresses."""

    exhibit: Exhibit
    lines: tuple[CustodyLine, ...]
    log_size: int
    log_root: str
    case_id: str
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """What verification of one exhibit found. `findings`: about it, in words; `elsewhere`: about the rest."""

    exhibit: Exhibit
    unchanged: bool
    findings: tuple[str, ...]
    elsewhere: tuple[str, ...]
    complete: bool


def custody(visit: Visit) -> Response:
    """Every line of the log about the exhibit."""
    return _of_log(visit, "custody.html")


def certificate(visit: Visit) -> Response:
    """A page to print: what is proven about the exhibit, and what is not."""
    return _of_log(visit, "certificate.html")


def _of_log(visit: Visit, template: str) -> Response:
    case = visit.case()
    one = exhibit_of(visit, case)
    file = case.file()
    lines = custody_of(case.folder, one.number, case.secret)
    kept = CustodyPage(
        one, lines, file.log_size, file.log_root, file.case.id, file.now, ZoneInfo(file.case.zone)
    )
    return visit.page(template, kept, case=case)


def verify(visit: Visit) -> Response:
    """Compute the hashes again: of this original, and of all records and the log."""
    case = visit.case()
    one = exhibit_of(visit, case)
    report = case.change(lambda folder, secret: verifying.verify(folder, secret, only=one.number))
    own = tuple(found for found in report.findings if found.exhibit == one.number)
    rest = tuple(found for found in report.findings if found.exhibit != one.number)
    page = VerifiedPage(
        one,
        not any(found.damage for found in own),
        tuple(finding_sentence(found, visit.lang) for found in own),
        tuple(finding_sentence(found, visit.lang) for found in rest),
        report.complete,
    )
    return visit.page("exhibit_verified.html", page, case=case)


# use


@dataclass(frozen=True, slots=True)
class UsedPage:
    """`papers`: those that list or refer to the exhibit. `entries`: payments of the ledger that it proves."""

    exhibit: Exhibit
    papers: tuple[Citing, ...]
    entries: tuple[LedgerEntry, ...]


def used(visit: Visit) -> Response:
    """Where the exhibit is used."""
    case = visit.case()
    one = exhibit_of(visit, case)
    entries = tuple(
        entry
        for entry in case.file().entries
        if any(source.exhibit == one.number for source in entry.transfer.sources)
    )
    papers = case.once(papers_by_exhibit).get(one.number, ())
    return visit.page("exhibit_used.html", UsedPage(one, papers, entries), case=case)


# correcting


@dataclass(frozen=True, slots=True)
class CorrectPage:
    """`typed`: what stands in the field. `earlier`: what was said before."""

    exhibit: Exhibit
    fact: ReadFact
    kind: str
    typed: str
    error: str | None
    earlier: Statement | None


def correct(visit: Visit) -> Response:
    """State that a fact was misread. The reading stays; an empty answer takes the statement back."""
    case = visit.case(Act.ADD if visit.posted else Act.SEE)
    one = exhibit_of(visit, case)
    reading = case.records().readings.get(one.number)
    about = visit.asked("about")
    fact = find_fact(reading, about) if reading else None
    if fact is None:
        raise HTTPException(404)
    earlier = corrections(case.file().statements).get(fact.subject)
    typed = visit.typed("value", earlier.value if earlier else "")
    error = "exhibit.correct.too_long" if len(typed) > _MOST_TYPED else None
    if visit.posted and error is None:
        now = case.clock()
        answers = {f"{CORRECTION}@{fact.subject}": typed}
        if typed or earlier:
            case.change(lambda folder, secret: seal_answers(folder, answers, now, secret))
        return visit.go(f"/c/{case.id}/evidence/{one.number}", at=place(fact.source.locator, visit.lang))
    page = CorrectPage(one, fact, kind_of_value(fact.value), typed, error if visit.posted else None, earlier)
    return visit.page("correct.html", page, case=case, status=422 if page.error else 200)


def kind_of_value(value: object) -> str:
    """How a fact is to be written: "amount", "moment" or "text"."""
    return "amount" if isinstance(value, Amount) else "moment" if isinstance(value, Moment) else "text"


ROUTES = (
    Route("/c/{case}/evidence/{number:int}", endpoint(exhibit)),
    Route("/c/{case}/evidence/{number:int}/used", endpoint(used)),
    Route("/c/{case}/evidence/{number:int}/custody", endpoint(custody)),
    Route("/c/{case}/evidence/{number:int}/certificate", endpoint(certificate)),
    Route("/c/{case}/evidence/{number:int}/verify", endpoint(verify), methods=["POST"]),
    Route("/c/{case}/evidence/{number:int}/correct", endpoint(correct), methods=["GET", "POST"]),
)
