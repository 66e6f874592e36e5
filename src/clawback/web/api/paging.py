"""Long lists in pieces. A cursor names the next item, so that what is added meanwhile shifts nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.exceptions import HTTPException

from clawback.web.api.contract import Json, PageQuery

T = TypeVar("T")


def page_of(
    items: Sequence[T], query: PageQuery, name: Callable[[T], str], write: Callable[[T], Json]
) -> Json:
    """The piece of `items` that `query` asks for. `name`: of an item, unique in the list."""
    start = _start(items, query.cursor, name)
    end = start + query.limit
    return {
        "items": [write(item) for item in items[start:end]],
        "total": len(items),
        "next": f"{end}.{name(items[end])}" if end < len(items) else None,
    }


def _start(items: Sequence[T], cursor: str, name: Callable[[T], str]) -> int:
    if not cursor:
        return 0
    place, _, wanted = cursor.partition(".")
    at = int(place)
    if at < len(items) and name(items[at]) == wanted:
        return at
    found = next((index for index, item in enumerate(items) if name(item) == wanted), None)
    if found is None:
        raise HTTPException(409)
    return found
