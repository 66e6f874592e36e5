"""JSON from untrusted bytes: bounded in size, depth and digits; duplicate keys are noticed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from clawback.model.evidence import Problem, Severity
from clawback.readers.contract import ReadingContext
from clawback.readers.decode import read_text

MAX_DEPTH = 200

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")
_NOT_BRACKETS = re.compile(r"[^\[\]{}]+")


def read_json(original: BinaryIO, context: ReadingContext) -> tuple[Any, list[Problem]]:
    """The value, or None with a Problem: `json_broken`, `nested_too_deep`, and those of `read_text`.

    A key given twice in one object is kept as JSON says (the last one) and reported (`duplicate_keys`).
    Numbers beyond 4,300 digits and NaN are refused as `json_broken`.
    """
    decoded, problems = read_text(original, context)
    if decoded is None or any(problem.code == "text_too_large" for problem in problems):
        return None, problems
    if too_deep(decoded.text):
        return None, [*problems, context.problem("nested_too_deep", None, str(MAX_DEPTH), Severity.ERROR)]
    return _parsed(decoded.text, context, problems)


def _parsed(text: str, context: ReadingContext, problems: list[Problem]) -> tuple[Any, list[Problem]]:
    repeated: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            repeated.append(_first_repeated(key for key, _ in found))
        return made

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse)
    except ValueError as error:
        where = getattr(error, "lineno", None)
        detail = getattr(error, "msg", type(error).__name__) + (f" (line {where})" if where else "")
        return None, [*problems, context.problem("json_broken", None, detail, Severity.ERROR)]
    if repeated:
        problems.append(
            context.problem("duplicate_keys", None, f"{whole_text(repeated[0])} ({len(repeated)})")
        )
    return value, problems


def _first_repeated(keys: Iterable[str]) -> str:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return ""


def _refuse(word: str) -> None:
    raise ValueError(word)


def too_deep(text: str) -> bool:
    """True when arrays and objects are nested deeper than MAX_DEPTH. Linear in the length of `text`."""
    depth = 0
    for bracket in _NOT_BRACKETS.sub("", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def whole_text(value: str) -> str:
    r"""`value` without half surrogates (a lone \ud83d), which no encoding can carry on: U+FFFD instead."""
    if _HALF.search(value) is None:
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
