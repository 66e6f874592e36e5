"""How the API is declared: each endpoint once, with what it takes, gives and refuses.

The same declaration makes the route and its part of the OpenAPI document, so that neither can drift. Who may
ask is part of it too (`act`): no handler can forget to look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act, allow
from clawback.errors import ClawbackError, UsageError
from clawback.web.status import status_of
from clawback.web.visit import CaseShut, Visit, visit_without_form

ROOT = "/api/v1"
MOST_BODY = 1024 * 1024
"""Bytes of JSON in one request."""

Json = dict[str, Any]


class Strict(BaseModel):
    """What is sent to us: an unknown field is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoQuery(Strict):
    """Nothing may stand in the query."""


class ErrorDetail(BaseModel):
    """`code` is stable; `message` is one sentence for a person, in the language asked for."""

    code: str
    message: str


class ErrorAnswer(BaseModel):
    """What every refusal looks like."""

    error: ErrorDetail


Q = TypeVar("Q", bound=BaseModel)
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """One request, checked: query and body are what the endpoint declared, and the person may ask."""

    visit: Visit
    query: Q
    body: B
    live: LiveCase | None

    @property
    def case(self) -> LiveCase:
        """The case of this address."""
        assert self.live is not None  # noqa: S101 - an endpoint without a case in its path does not ask
        return self.live


@dataclass(frozen=True, slots=True)
class PathPart:
    """A part of an address: the pattern that it must match, else there is nothing there."""

    pattern: str
    meaning: str
    example: str | int
    number: bool = False


PATH_PARTS: Mapping[str, PathPart] = {
    "case": PathPart(r"[0-9a-z]{6,40}", "id of a case", "0123456789abcdef"),
    "number": PathPart(r"[1-9][0-9]{0,8}", "number of an exhibit", 1, number=True),
    "transfer": PathPart(r"[A-Za-z0-9._-]{1,80}", "id of a transfer", "T0"),
    "action": PathPart(r"[a-z0-9_.]{1,80}", "id of a step", "cn.report_police"),
    "form": PathPart(r"[a-z0-9_.]{1,80}", "id of a form", "cn.report"),
    "file": PathPart(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}", "name of a file", "report.pdf"),
    "upload": PathPart(r"[0-9a-z]{6,64}", "id of an upload", "0123456789abcdef"),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address and method. `path` is below `ROOT`.

    `answer` None: the answer is a file of `media_type`. `errors`: raised on purpose beside those that every
    endpoint may raise. `shut_too`: answers about a locked case as well.
    """

    method: str
    path: str
    summary: str
    handler: Callable[[Call[Any, Any]], Json | Response]
    answer: type[BaseModel] | None
    act: Act = Act.SEE
    query: type[BaseModel] = NoQuery
    body: type[BaseModel] | None = None
    status: int = 200
    errors: tuple[type[ClawbackError], ...] = ()
    shut_too: bool = False
    media_type: str = "application/json"
    parts: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(re.findall(r"\{(\w+)\}", self.path)))

    def route(self) -> Route:
        """The Starlette route."""
        return Route(ROOT + self.path, self._answer, methods=[self.method], name=self.handler.__name__)

    async def _answer(self, request: Request) -> Response:
        for name in self.parts:
            if not re.fullmatch(PATH_PARTS[name].pattern, request.path_params[name], re.ASCII):
                raise HTTPException(404)
        sent = await _sent(request) if self.body is not None else b""
        return await run_in_threadpool(self._handle, visit_without_form(request), sent)

    def _handle(self, visit: Visit, sent: bytes) -> Response:
        live = self._case(visit)
        query = _checked(self.query, _query(visit.request))
        body = _checked(self.body, _parsed(sent)) if self.body is not None else None
        result = self.handler(Call(visit, query, body, live))
        return result if isinstance(result, Response) else JSONResponse(result, status_code=self.status)

    def _case(self, visit: Visit) -> LiveCase | None:
        if "case" not in self.parts:
            allow(visit.person, self.act)
            return None
        if self.shut_too:
            live = visit.workplace.case(visit.part("case"))
            allow(visit.person, self.act, live.id)
            return live
        return visit.case(self.act)


class PageQuery(Strict):
    """Which piece of a long list."""

    cursor: str = Field(
        "",
        pattern=r"^([0-9]{1,9}\.[A-Za-z0-9._~-]{1,180})?$",
        description="`next` of the page before; empty for the first",
    )
    limit: int = Field(50, ge=1, le=200)


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """An error as the API tells it."""
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def refuse(error: ClawbackError, lang: str) -> JSONResponse:
    """The answer to an error raised on purpose."""
    return refusal(status_of(type(error)), error.code, error.sentence(lang))


def shut(error: CaseShut, lang: str) -> JSONResponse:
    """The answer when a case is locked."""
    return refusal(423, "case_locked", "案件已锁上。" if lang == "zh" else "This case is locked.")


_NOT_POSSIBLE = {
    404: ("not_found", "这里什么也没有。", "There is nothing here."),
    405: ("method_not_allowed", "这个地址不接受这种请求。", "This address does not take this method."),
    409: ("list_changed", "列表已经变了，请从头再取。", "The list has changed; begin again."),
    413: ("too_large", "内容太大。", "This is too large."),
    415: ("not_json", "请用 application/json 发送。", "Send application/json."),
}


def not_possible(error: HTTPException, lang: str) -> JSONResponse:
    """The answer to a request that fits no endpoint."""
    code, zh, en = _NOT_POSSIBLE.get(
        error.status_code, ("not_possible", "无法处理这个请求。", "This request cannot be handled.")
    )
    answer = refusal(error.status_code, code, zh if lang == "zh" else en)
    answer.headers.update(error.headers or {})
    return answer


def our_fault(mark: str, lang: str) -> JSONResponse:
    """The answer when we failed. `mark`: to find it in what the program printed."""
    said = f"我们这边出了错（{mark}）。" if lang == "zh" else f"Something failed on our side ({mark})."
    return refusal(500, "fault", said)


async def _sent(request: Request) -> bytes:
    """The body, read no further than allowed."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415)
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MOST_BODY:
            raise HTTPException(413)
    return bytes(read)


def _parsed(sent: bytes) -> object:
    try:
        return json.loads(sent.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError("The body is not JSON.", "请求内容不是 JSON。") from error


def _no_number(name: str) -> object:
    raise ValueError(name)


def _query(request: Request) -> Json:
    pairs = request.query_params.multi_items()
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise UsageError("A query name stands there twice.", "同一个查询参数出现了两次。")
    return dict(pairs)


def _checked(model: type[BaseModel], value: object) -> BaseModel:
    """`value` as the model wants it. Raises UsageError naming the field, never repeating what was sent."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part)[:40] for part in first["loc"]) or "body"
        raise UsageError(f"{place}: {first['msg']}", f"“{place}”填写得不对：{first['msg']}") from error
