"""Evidence: the list of exhibits, and the files themselves: previews made anew, originals only to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, TypeVar
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from clawback.desk.livecase import LiveCase
from clawback.desk.showing import LARGE, PAGE, PICTURE_TYPE, THUMBNAIL, Picture, has_picture
from clawback.desk.wording import problem_sentence
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Exhibit, Grade, Outcome, Problem
from clawback.web.paging import Paged, paged, wanted_page
from clawback.web.visit import Visit, endpoint

K = TypeVar("K")

_SIDES = (THUMBNAIL, PAGE, LARGE)
_CHUNK = 256 * 1024
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One exhibit in the list. `read`: what was read from it, (what, how many). `payments`: of how many in
    the ledger it is proof. `kind`: what to show where there is no picture."""

    exhibit: Exhibit
    read: tuple[tuple[str, int], ...]
    payments: int
    pictured: bool
    kind: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """`grades`, `outcomes`: what there is to choose from, with counts. `total`: of all exhibits."""

    rows: Paged[Row]
    grades: tuple[tuple[Grade, int], ...]
    outcomes: tuple[tuple[Outcome, int], ...]
    total: int
    text: str
    grade: str
    outcome: str
    problems: int


@dataclass(frozen=True, slots=True)
class ProblemsPage:
    """What was not understood: (exhibit or None for intake itself, the problem, its sentence)."""

    problems: Paged[tuple[Exhibit | None, Problem, str]]


def evidence(visit: Visit) -> Response:
    """Every exhibit, fifty a page."""
    case = visit.case()
    file = case.file()
    text, grade, outcome = (visit.asked(name).strip() for name in ("q", "grade", "outcome"))
    wanted = [
        one
        for one in file.exhibits
        if (not grade or one.grade.value == grade)
        and (not outcome or one.outcome.value == outcome)
        and (not text or any(text.lower() in name.lower() for name in one.names))
    ]
    query = {"q": text, "grade": grade, "outcome": outcome}
    exhibits = paged(wanted, wanted_page(visit.asked("page")), f"/c/{case.id}/evidence", query)
    page = EvidencePage(
        rows=_with_rows(exhibits, case),
        grades=_counted(Grade, [one.grade for one in file.exhibits]),
        outcomes=_counted(Outcome, [one.outcome for one in file.exhibits]),
        total=len(file.exhibits),
        text=text,
        grade=grade,
        outcome=outcome,
        problems=len(file.problems),
    )
    return visit.page("evidence.html", page, case=case)


def _counted(kinds: Iterable[K], found: list[K]) -> tuple[tuple[K, int], ...]:
    return tuple((kind, found.count(kind)) for kind in kinds if kind in found)


def _with_rows(exhibits: Paged[Exhibit], case: LiveCase) -> Paged[Row]:
    readings = case.records().readings
    payments = case.once(payments_by_exhibit)
    rows = []
    for one in exhibits.items:
        reading = readings.get(one.number)
        counted = (
            ()
            if reading is None
            else (
                ("payments", len(reading.transfers)),
                ("messages", len(reading.messages)),
                ("statements", len(reading.statements)),
            )
        )
        read = tuple((what, count) for what, count in counted if count)
        rows.append(Row(one, read, payments.get(one.number, 0), has_picture(one), _suffix(one)))
    return exhibits.showing(rows)


def payments_by_exhibit(file: CaseFile) -> Mapping[int, int]:
    """In how many payments of the ledger each exhibit is proof."""
    found: dict[int, int] = {}
    for entry in file.entries:
        for number in {source.exhibit for source in entry.transfer.sources}:
            found[number] = found.get(number, 0) + 1
    return found


def _suffix(exhibit: Exhibit) -> str:
    """CSV, TXT, EML: up to four letters of the name's end, for a file that has no picture."""
    dot = exhibit.name.rfind(".")
    ending = exhibit.name[dot + 1 :].upper() if dot >= 0 else ""
    return ending if ending.isascii() and ending.isalnum() and len(ending) <= 4 else "–"


def problems(visit: Visit) -> Response:
    """Everything that was not understood, with its place."""
    case = visit.case()
    file = case.file()
    exhibits = file.exhibit_by_number()
    page = paged(file.problems, wanted_page(visit.asked("page")), f"/c/{case.id}/evidence/problems")
    shown = tuple((exhibits.get(one.exhibit), one, problem_sentence(one, visit.lang)) for one in page.items)
    return visit.page("problems.html", ProblemsPage(page.showing(shown)), case=case)


def exhibit_of(visit: Visit, case: LiveCase) -> Exhibit:
    """The exhibit that the address names; the page for addresses that lead nowhere if there is none."""
    number = visit.part("number")
    known = case.file().exhibits
    # numbers are given from 1 without gaps, but nothing here relies on it
    found = next((one for one in known if str(one.number) == number), None)
    if found is None:
        raise HTTPException(404)
    return found


def picture(visit: Visit) -> Response:
    """A preview: `page` from 1, `side` one of three sizes."""
    case = visit.case()
    exhibit = exhibit_of(visit, case)
    side = int(visit.asked("side")) if visit.asked("side") in map(str, _SIDES) else PAGE
    made = visit.workplace.previews.picture(case, exhibit, wanted_page(visit.asked("p", "1")), side)
    if not isinstance(made, Picture):
        raise HTTPException(404)
    return Response(made.data, media_type=PICTURE_TYPE)


def original(visit: Visit) -> Response:
    """The sealed bytes, to be kept as a file: never opened by the browser."""
    case = visit.case()
    exhibit = exhibit_of(visit, case)
    stream = visit.workplace.previews.original(case, exhibit)
    headers = {
        "Content-Disposition": attachment(exhibit),
        "Content-Length": str(exhibit.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_chunks(stream), media_type="application/octet-stream", headers=headers)


def attachment(exhibit: Exhibit) -> str:
    """The header that makes a browser keep the file under its number and its own name."""
    base = exhibit.name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = base.rpartition(".")
    name = base if len(base) <= _LONGEST_NAME else (stem or base)[:_LONGEST_NAME] + dot + ending[:10]
    return f"attachment; filename=\"exhibit-{exhibit.number}\"; filename*=UTF-8''" + quote(
        f"{exhibit.number}-{name}", safe=""
    )


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


ROUTES = (
    Route("/c/{case}/evidence", endpoint(evidence)),
    Route("/c/{case}/evidence/problems", endpoint(problems)),
    Route("/c/{case}/evidence/{number:int}/picture", endpoint(picture)),
    Route("/c/{case}/evidence/{number:int}/original", endpoint(original)),
)
