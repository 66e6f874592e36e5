"""Sealing and reading as they happen, as server-sent events: at most two a second for each who looks.

Events: `state` (counts and the name in hand), `landed` (how each exhibit ended, with what to do), `done`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from clawback.desk.background import Landed
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.desk.remedies import remedy
from clawback.desk.wording import problem_sentence
from clawback.errors import ClawbackError
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Outcome, Problem
from clawback.web.visit import Visit, visit_without_form

STEP_SECONDS = 0.5
_QUIET_STEPS = 4  # nothing happened for so many steps: it is done
_ALIVE_SECONDS = 15.0  # a sign of life, or the connection may be taken for dead
_LONGEST_SECONDS = 600.0  # the browser then comes back by itself
_MOST_AT_ONCE = 100


async def progress(request: Request) -> Response:
    """The stream. Goes on after the number in `Last-Event-ID` or `?after=`."""
    visit = visit_without_form(request)
    case = await run_in_threadpool(visit.case, Act.SEE)
    last = request.headers.get("last-event-id") or visit.asked("after")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 12 else case.landed()[0]
    return StreamingResponse(_events(visit, case, after), media_type="text/event-stream")


async def _events(visit: Visit, case: LiveCase, after: int) -> AsyncIterator[str]:
    begun = said_at = time.monotonic()
    before: object = None
    quiet = 0
    yield "retry: 3000\n\n"
    while _may_look(visit, case) and time.monotonic() - begun < _LONGEST_SECONDS:
        after, landed = case.landed(after)
        for at in range(0, len(landed), _MOST_AT_ONCE):
            rows = [landed_json(visit, one) for one in landed[at : at + _MOST_AT_ONCE]]
            yield _event("landed", rows, after)
        state = _state(visit, case)
        if state != before or landed:
            yield _event("state", state, after)
            before, said_at, quiet = state, time.monotonic(), 0
        elif not case.progress.running:
            quiet += 1
        if quiet >= _QUIET_STEPS:
            yield _event("done", await run_in_threadpool(_end, visit, case), after)
            return
        if time.monotonic() - said_at > _ALIVE_SECONDS:
            yield ": \n\n"
            said_at = time.monotonic()
        await asyncio.sleep(STEP_SECONDS)


def _may_look(visit: Visit, case: LiveCase) -> bool:
    """Asked again and again: whoever left, or locked the case, sees no more of it."""
    session = visit.request.scope.get("session")
    return case.is_open and (session is None or visit.request.app.state.sessions.knows(session))


def _event(kind: str, data: object, id: int) -> str:
    return f"id: {id}\nevent: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _state(visit: Visit, case: LiveCase) -> dict[str, object]:
    now = case.progress
    return {
        "running": now.running,
        "done": now.done,
        "total": now.total,
        "name": now.name,
        "sealed": case.sealed,
        "error": now.error.sentence(visit.lang) if now.error else None,
    }


def landed_json(visit: Visit, landed: Landed) -> dict[str, object]:
    """How one exhibit ended, in words."""
    ok = landed.outcome is Outcome.OK
    reason = "" if landed.reason is None else landed.reason
    return {
        "number": landed.number,
        "name": landed.name,
        "outcome": landed.outcome.value,
        "found": found_sentence(visit, landed.messages, landed.transfers),
        "why": "" if ok else problem_sentence(Problem(reason, landed.number), visit.lang),
        "todo": "" if ok else visit.say(f"add.todo.{remedy(reason)}"),
        "code": reason,
    }


def found_sentence(visit: Visit, messages: int, transfers: int) -> str:
    """What was found in an exhibit, in a few words; "" for nothing of that kind."""
    if messages and transfers:
        return visit.say("add.found.both", messages=messages, transfers=transfers)
    if messages:
        return visit.say("add.found.messages", n=messages)
    return visit.say("add.found.transfers", n=transfers) if transfers else ""


def _end(visit: Visit, case: LiveCase) -> dict[str, str]:
    try:
        file = case.file()
    except ClawbackError as error:
        return {"said": error.sentence(visit.lang), "all": ""}
    return {"said": summary(visit, file), "all": visit.say("add.sealed_all", n=len(file.exhibits))}


def summary(visit: Visit, file: CaseFile) -> str:
    """What the whole case shows when everything is read."""
    waiting = sum(exhibit.outcome is Outcome.WAITING for exhibit in file.exhibits)
    if waiting:
        return visit.say("add.done_waiting", n=waiting)
    unread = sum(exhibit.outcome in (Outcome.UNREAD, Outcome.PARTIAL) for exhibit in file.exhibits)
    return visit.say(
        "add.done",
        people=f"{len(file.parties):,}",
        transfers=f"{len(file.entries):,}",
        messages=f"{len(file.messages):,}",
        unread=f"{unread:,}",
    )


ROUTES = (Route("/c/{case}/progress", progress),)
