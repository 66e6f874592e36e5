"""What is in a case: exhibits, messages, the timeline, what the user stated."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from clawback.desk.export import exhibit_json, item_json, message_json, problems_by_exhibit, statement_json
from clawback.model.evidence import Exhibit, Outcome
from clawback.model.ledger import TimelineKind
from clawback.web.api.contract import Call, Endpoint, Json, NoQuery, PageQuery
from clawback.web.api.paging import page_of
from clawback.web.api.shapes import Evidence, ExhibitShape, Messages, Statements, Timeline


class EvidenceQuery(PageQuery):
    """Exhibits of one outcome, or all."""

    outcome: Outcome | None = None


class TimelineQuery(PageQuery):
    """Lines of one kind, or all."""

    kind: TimelineKind | None = None


def list_evidence(call: Call[EvidenceQuery, None]) -> Json:
    """Exhibits by number."""
    file = call.case.file()
    wanted = call.query.outcome
    exhibits = [one for one in file.exhibits if wanted is None or one.outcome is wanted]
    problems = problems_by_exhibit(file.problems)

    def write(exhibit: Exhibit) -> Json:
        return exhibit_json(exhibit, problems.get(exhibit.number, ()))

    return page_of(exhibits, call.query, lambda exhibit: str(exhibit.number), write)


def one_exhibit(call: Call[NoQuery, None]) -> Json:
    """One exhibit."""
    file = call.case.file()
    number = int(call.visit.part("number"))
    exhibit = next((one for one in file.exhibits if one.number == number), None)
    if exhibit is None:
        raise HTTPException(404)
    return exhibit_json(exhibit, [problem for problem in file.problems if problem.exhibit == number])


def list_messages(call: Call[PageQuery, None]) -> Json:
    """Messages in order."""
    return page_of(call.case.file().messages, call.query, lambda message: message.id, message_json)


def list_timeline(call: Call[TimelineQuery, None]) -> Json:
    """The one timeline."""
    items, wanted = call.case.file().timeline, call.query.kind
    if wanted is not None:
        items = tuple(item for item in items if item.kind is wanted)
    return page_of(items, call.query, lambda item: item.record, item_json)


def list_statements(call: Call[PageQuery, None]) -> Json:
    """What the user stated."""
    return page_of(call.case.file().statements, call.query, lambda statement: statement.id, statement_json)


ENDPOINTS = (
    Endpoint("GET", "/cases/{case}/evidence", "Exhibits", list_evidence, Evidence, query=EvidenceQuery),
    Endpoint("GET", "/cases/{case}/evidence/{number}", "One exhibit", one_exhibit, ExhibitShape),
    Endpoint("GET", "/cases/{case}/messages", "Messages", list_messages, Messages, query=PageQuery),
    Endpoint("GET", "/cases/{case}/timeline", "The timeline", list_timeline, Timeline, query=TimelineQuery),
    Endpoint(
        "GET",
        "/cases/{case}/statements",
        "What the user stated",
        list_statements,
        Statements,
        query=PageQuery,
    ),
)
