"""Cases: which there are, a new one, its state, its lock, the whole of it, and the proof that it is whole."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response

from clawback.desk.directory import help_lines
from clawback.desk.export import case_json, export_case
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.desk.verifying import verify
from clawback.errors import CaseBusy, CaseLocked, TargetNotWritable
from clawback.model.evidence import Outcome
from clawback.web.api.checking import channel_json
from clawback.web.api.contract import Call, Endpoint, Json, NoQuery, PageQuery, Strict
from clawback.web.api.paging import page_of
from clawback.web.api.shapes import Cases, CaseState, Document, HelpLines, Reading, Verified

_Place = Literal["cn", "gb", "xx"]
_LONGEST_PASSPHRASE = 1024


class NewCase(Strict):
    """A case to begin. `passphrase`: given, the case is encrypted, and nobody can open it without."""

    jurisdiction: _Place
    lang: Literal["zh", "en"] | None = None
    passphrase: str | None = Field(None, min_length=1, max_length=_LONGEST_PASSPHRASE)


class Passphrase(Strict):
    """What opens an encrypted case."""

    passphrase: str = Field(min_length=1, max_length=_LONGEST_PASSPHRASE)


class Place(Strict):
    """Where help is sought."""

    jurisdiction: _Place = "cn"


def list_cases(call: Call[PageQuery, None]) -> Json:
    """Ids only: a case is opened to tell more."""
    place = call.visit.workplace
    return page_of(place.ids(), call.query, str, lambda id: _entry(place.case(id)))


def begin_case(call: Call[NoQuery, NewCase]) -> Json:
    """Make an empty case."""
    wanted = call.body
    return _state(call.visit.workplace.begin(wanted.jurisdiction, wanted.lang, wanted.passphrase))


def case_state(call: Call[NoQuery, None]) -> Json:
    """How a case stands."""
    call.case.shut_if_idle()
    return _state(call.case)


def unlock_case(call: Call[NoQuery, Passphrase]) -> Json:
    """Open an encrypted case."""
    if call.case.encrypted:
        call.case.unlock(call.body.passphrase)
    return _state(call.case)


def lock_case(call: Call[NoQuery, Strict]) -> Json:
    """Forget the passphrase of an encrypted case."""
    call.case.shut()
    return _state(call.case)


def reading_progress(call: Call[NoQuery, None]) -> Json:
    """How far reading is."""
    return _reading(call.case)


def start_reading(call: Call[NoQuery, Strict]) -> Json:
    """Read whatever waits, in the background."""
    call.case.start_reading()
    return _reading(call.case)


def whole_case(call: Call[NoQuery, None]) -> Response:
    """Everything at once, as the export."""
    case = call.case
    document = export_case(case.folder, case.clock(), case.secret)
    name = f"{case.id}.json"
    return JSONResponse(document, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def verify_case(call: Call[NoQuery, None]) -> Json:
    """Compute every hash again."""
    found = verify(call.case.folder, call.case.secret)
    return {
        "damaged": found.damaged,
        "complete": found.complete,
        "exhibits": found.exhibits,
        "log_size": found.log_size,
        "log_root": found.log_root,
        "findings": [
            {
                "code": one.code,
                "exhibit": one.exhibit,
                "line": one.line,
                "detail": one.detail,
                "damage": one.damage,
            }
            for one in found.findings
        ],
    }


def numbers_to_call(call: Call[Place, None]) -> Json:
    """Genuine bodies, from the rule pack of the place."""
    return {
        "items": [
            {"role": line.role, "channel": channel_json(line.channel)}
            for line in help_lines(call.query.jurisdiction)
        ]
    }


def _entry(case: LiveCase) -> Json:
    return {"id": case.id, "encrypted": case.encrypted, "open": case.is_open}


def _state(case: LiveCase) -> Json:
    if not case.is_open:
        return {**_entry(case), "case": None, "counts": None, "reading": None}
    file = case.file()
    counts = {
        "exhibits": len(file.exhibits),
        "messages": len(file.messages),
        "transfers": len(file.entries),
        "possible_matches": len(file.possible_matches),
        "problems": len(file.problems),
        "statements": len(file.statements),
    }
    return {**_entry(case), "case": case_json(file), "counts": counts, "reading": _reading(case)}


def _reading(case: LiveCase) -> Json:
    now = case.progress
    waiting = sum(exhibit.outcome is Outcome.WAITING for exhibit in case.file().exhibits)
    return {
        "running": now.running,
        "done": now.done,
        "total": now.total,
        "name": now.name,
        "waiting": waiting,
        "error": now.error.code if now.error else None,
    }


ENDPOINTS = (
    Endpoint("GET", "/help-lines", "Numbers to call", numbers_to_call, HelpLines, query=Place),
    Endpoint("GET", "/cases", "All cases", list_cases, Cases, Act.LIST, PageQuery),
    Endpoint(
        "POST",
        "/cases",
        "Begin a case",
        begin_case,
        CaseState,
        Act.OPEN,
        body=NewCase,
        status=201,
        errors=(TargetNotWritable,),
    ),
    Endpoint("GET", "/cases/{case}", "How a case stands", case_state, CaseState, shut_too=True),
    Endpoint(
        "POST",
        "/cases/{case}/unlock",
        "Open an encrypted case",
        unlock_case,
        CaseState,
        body=Passphrase,
        errors=(CaseLocked,),
        shut_too=True,
    ),
    Endpoint("POST", "/cases/{case}/lock", "Lock a case", lock_case, CaseState, body=Strict, shut_too=True),
    Endpoint("GET", "/cases/{case}/reading", "How far reading is", reading_progress, Reading),
    Endpoint(
        "POST",
        "/cases/{case}/reading",
        "Read what waits, in the background",
        start_reading,
        Reading,
        Act.ADD,
        body=Strict,
        errors=(CaseBusy,),
        status=202,
    ),
    Endpoint("GET", "/cases/{case}/export", "The whole case", whole_case, Document, Act.FILE),
    Endpoint("GET", "/cases/{case}/verify", "Prove that a case is whole", verify_case, Verified),
)
