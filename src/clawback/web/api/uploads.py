"""Uploads in pieces: `/api/v1/cases/{case}/uploads`.

Begin with a POST that describes the file; send the bytes from the offset in its answer with PATCH; after a
break go on from the offset that GET tells. The answer to the last piece says that the file is sealed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk import uploads as desk
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.desk.uploads import (
    Description,
    SealedFile,
    Upload,
    UploadConflict,
    UploadRefused,
    UploadTooLarge,
    UploadUnknown,
)
from clawback.errors import ClawbackError, TargetNotWritable, UsageError
from clawback.web.api.contract import ROOT, Call, Endpoint, NoQuery, Strict, refuse, shut
from clawback.web.visit import CaseShut, Visit, visit_without_form

_MOST_DIGITS = 16


class UploadBegin(Strict):
    """What is going to be sent. `modified`: milliseconds since 1970. `head`: hex SHA-256 of the first 64 KiB;
    with it, an upload of the same file begun earlier is gone on with."""

    name: str = Field(max_length=desk.MOST_NAME)
    size: int = Field(ge=0, le=2**53)
    modified: int | None = Field(default=None, ge=-(2**53), le=2**53)
    head: str = Field(default="", pattern="^([0-9a-f]{64})?$")


class UploadSealed(BaseModel):
    """The exhibit that holds the bytes. `known`: they were in the case already, and got one more name."""

    number: int
    name: str
    known: bool


class UploadState(BaseModel):
    """`offset`: bytes that are safe; go on from there. `sealed`: null until all are there."""

    id: str
    name: str
    size: int | None
    modified: int | None
    offset: int
    idle_s: int
    sealed: UploadSealed | None = None


class UploadList(BaseModel):
    """Every upload that is not sealed yet."""

    uploads: list[UploadState]


def begin_upload(call: Call[NoQuery, UploadBegin]) -> Response:
    """Begin an upload, or find the same one begun earlier."""
    wanted = call.body
    what = Description(wanted.name.encode("utf-8"), wanted.size, wanted.modified, wanted.head)
    return _json(desk.begin(call.case, what), status=201)


def list_uploads(call: Call[NoQuery, None]) -> Response:
    """Every upload that is not sealed yet."""
    return _model(UploadList(uploads=[_state(one, None) for one in desk.uploads(call.case)]))


def see_upload(call: Call[NoQuery, None]) -> Response:
    """How far one upload is."""
    return _json(desk.upload(call.case, call.visit.part("upload")))


def drop_upload(call: Call[NoQuery, None]) -> Response:
    """Give an upload up; its pieces are removed."""
    desk.give_up(call.case, call.visit.part("upload"))
    return Response(status_code=204)


async def send_piece(request: Request) -> Response:
    """Bytes from `?offset=` on. With the last of them the file is sealed, and reading begins."""
    visit = visit_without_form(request)
    try:
        return await _take(visit, visit.case(Act.ADD))
    except CaseShut as error:
        return shut(error, visit.lang)
    except ClawbackError as error:
        return refuse(error, visit.lang)


async def _take(visit: Visit, case: LiveCase) -> Response:
    id, asked = visit.part("upload"), visit.asked("offset")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS):
        raise UsageError("The query needs an offset.", "缺少 offset，不知道从哪里接着传。")
    offset = int(asked)
    empty = True
    async for piece in pieces(visit.request.stream()):
        found = await run_in_threadpool(desk.keep_piece, case, id, offset, piece)
        offset, empty = found.offset, False
    if empty:  # nothing to add: only to seal what is all there
        found = await run_in_threadpool(desk.keep_piece, case, id, offset, b"")
    if not found.whole:
        return _json(found)
    sealed = await run_in_threadpool(desk.finish, case, id)
    case.start_reading()
    return _json(found, sealed)


async def pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A body cut into pieces, never more than one of them in memory.

    When the sender goes away in the middle, what has come is still given, if it is worth keeping.
    """
    gathered = bytearray()
    try:
        async for chunk in stream:
            gathered += chunk
            while len(gathered) >= desk.PIECE:
                yield bytes(gathered[: desk.PIECE])
                del gathered[: desk.PIECE]
    except ClientDisconnect:
        if len(gathered) < desk.LEAST_PIECE:
            return
    if gathered:
        yield bytes(gathered)


def _state(found: Upload, sealed: SealedFile | None) -> UploadState:
    return UploadState(
        id=found.id,
        name=found.what.name,
        size=found.what.size,
        modified=found.what.modified,
        offset=found.offset,
        idle_s=int(found.idle_s),
        sealed=UploadSealed(number=sealed.number, name=sealed.name, known=sealed.known) if sealed else None,
    )


def _json(found: Upload, sealed: SealedFile | None = None, status: int = 200) -> Response:
    return _model(_state(found, sealed), status)


def _model(body: BaseModel, status: int = 200) -> Response:
    return Response(body.model_dump_json(), status_code=status, media_type="application/json")


_PATH = "/cases/{case}/uploads"
ENDPOINTS = (
    Endpoint("GET", _PATH, "Uploads that are not sealed yet", list_uploads, UploadList, Act.ADD),
    Endpoint(
        "POST",
        _PATH,
        "Begin an upload, or go on with one",
        begin_upload,
        UploadState,
        Act.ADD,
        body=UploadBegin,
        status=201,
        errors=(UploadRefused, UploadTooLarge, TargetNotWritable),
    ),
    Endpoint(
        "GET",
        _PATH + "/{upload}",
        "How far an upload is",
        see_upload,
        UploadState,
        Act.ADD,
        errors=(UploadUnknown,),
    ),
    Endpoint(
        "DELETE",
        _PATH + "/{upload}",
        "Give an upload up",
        drop_upload,
        None,
        Act.ADD,
        status=204,
        errors=(UploadUnknown, UploadConflict),
    ),
)
ROUTES = (Route(ROOT + _PATH + "/{upload}", send_piece, methods=["PATCH", "PUT"]),)
"""Their body is not JSON but the bytes themselves."""
