"""The OpenAPI 3.1 document, built from the endpoints' declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from clawback.desk.uploads import DiskFull, UploadConflict, UploadSpoilt, UploadTooLarge, UploadUnknown
from clawback.errors import (
    CaseBusy,
    CaseDamaged,
    CaseLocked,
    CaseNotFound,
    ClawbackError,
    NotAllowed,
    UsageError,
)
from clawback.web.api.contract import PATH_PARTS, ROOT, Endpoint, ErrorAnswer, NoQuery, PageQuery
from clawback.web.api.uploads import UploadState
from clawback.web.status import status_of

_REF = "#/components/schemas/{model}"
_ALWAYS: tuple[type[ClawbackError], ...] = (UsageError, NotAllowed)
_OF_A_PIECE: tuple[type[ClawbackError], ...] = (
    UploadUnknown,
    UploadConflict,
    UploadTooLarge,
    UploadSpoilt,
    DiskFull,
    CaseBusy,
)
_IN_A_CASE: tuple[type[ClawbackError], ...] = (CaseNotFound, CaseLocked, CaseDamaged)

Json = dict[str, Any]


def openapi(endpoints: Iterable[Endpoint], cookie: str) -> Json:
    """The document. `cookie`: name of the one that holds the session."""
    endpoints = tuple(endpoints)
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(ROOT + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    paths[f"{ROOT}/cases/{{case}}/uploads/{{upload}}"]["patch"] = _send_piece()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Clawback（追回）",
            "version": "1",
            "description": "One case by one person: evidence, money, plan, papers. On this machine only.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(endpoints),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
                "key": {"type": "http", "scheme": "bearer"},
            },
        },
        "security": [{"session": []}, {"key": []}],
    }


def _operation(endpoint: Endpoint) -> Json:
    operation: Json = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary,
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint.query)],
        "responses": {str(endpoint.status): _answer(endpoint), **_refusals(endpoint)},
    }
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(endpoint.body)}},
        }
    return operation


def _send_piece() -> Json:
    """The one request whose body is bytes and not JSON."""
    offset = {"type": "integer", "minimum": 0, "maximum": 2**53}
    return {
        "operationId": "send_piece",
        "summary": "Send bytes from an offset on; with the last of them the file is sealed",
        "parameters": [
            _path_parameter("case"),
            _path_parameter("upload"),
            {"name": "offset", "in": "query", "required": True, "schema": offset},
        ],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        "responses": {
            "200": {
                "description": "How far it is",
                "content": {"application/json": {"schema": _ref(UploadState)}},
            },
            **_told(_by_status([*_ALWAYS, *_IN_A_CASE, *_OF_A_PIECE], {404: {"not_found"}})),
        },
    }


def _path_parameters(endpoint: Endpoint) -> list[Json]:
    return [_path_parameter(name) for name in endpoint.parts]


def _path_parameter(name: str) -> Json:
    part = PATH_PARTS[name]
    schema: Json = {"type": "string", "pattern": f"^{part.pattern}$"}
    if part.number:
        schema = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": part.meaning,
        "schema": schema,
        "example": part.example,
    }


def _query_parameters(query: type[BaseModel]) -> list[Json]:
    if query is NoQuery:
        return []
    schema = query.model_json_schema(ref_template=_REF)
    return [
        {"name": name, "in": "query", "required": False, "schema": _said_once(part)}
        for name, part in schema["properties"].items()
    ]


def _said_once(part: Json) -> Json:
    """Without null: in an address, what is not there is left out."""
    choices = [one for one in part.get("anyOf", ()) if one.get("type") != "null"]
    return choices[0] if choices else {key: part[key] for key in part if key != "title"}


def _answer(endpoint: Endpoint) -> Json:
    if endpoint.status == 204:
        return {"description": "Done"}
    schema = _ref(endpoint.answer) if endpoint.answer is not None else {"type": "string", "format": "binary"}
    return {"description": "What was asked for", "content": {endpoint.media_type: {"schema": schema}}}


def _refusals(endpoint: Endpoint) -> dict[str, Json]:
    kinds = [*_ALWAYS, *endpoint.errors]
    codes: dict[int, set[str]] = {403: {"stranger", "other_site"}}
    if endpoint.parts:
        codes[404] = {"not_found"}
    if issubclass(endpoint.query, PageQuery):
        codes[409] = {"list_changed"}
    if "case" in endpoint.parts:
        kinds += _IN_A_CASE
    if endpoint.body is not None:
        codes |= {413: {"too_large"}, 415: {"not_json"}}
    return _told(_by_status(kinds, codes))


def _by_status(kinds: Iterable[type[ClawbackError]], codes: dict[int, set[str]]) -> dict[int, set[str]]:
    for kind in kinds:
        codes.setdefault(status_of(kind), set()).add(kind.code)
    return codes


def _told(codes: dict[int, set[str]]) -> dict[str, Json]:
    return {
        str(status): {
            "description": ", ".join(sorted(said)),
            "content": {"application/json": {"schema": _ref(ErrorAnswer)}},
        }
        for status, said in sorted(codes.items())
    }


def _schemas(endpoints: Iterable[Endpoint]) -> Json:
    sent = [one.body for one in endpoints if one.body is not None]
    queries = [one.query for one in endpoints if one.query is not NoQuery]
    given = [one.answer for one in endpoints if one.answer is not None]
    models: list[type[BaseModel]] = [*sent, *queries, *given, ErrorAnswer]
    _, made = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)],
        ref_template=_REF,
    )
    asked = {name for model in sent for name in (model.__name__, *model.model_json_schema().get("$defs", {}))}
    schemas: Json = made["$defs"]
    for name, schema in schemas.items():
        if name not in asked:
            schema.pop("additionalProperties", None)  # answers may grow new keys
    for query in queries:
        schemas.pop(query.__name__, None)
    return schemas


def _ref(model: type[BaseModel]) -> Json:
    return {"$ref": _REF.format(model=model.__name__)}
