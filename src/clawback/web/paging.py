"""Long lists in pages of fifty, with the total said: nothing is cut off silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
U = TypeVar("U")

PAGE = 50


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """One page of a list: `number` of `last`, from 1. `first`: place of its first item, from 1.

    `total`: of all items. `path` and `query`: the address that the pages share.
    """

    items: tuple[T, ...]
    number: int
    last: int
    first: int
    total: int
    path: str
    query: Mapping[str, str]

    def link(self, number: int) -> str:
        """Address of another page."""
        return address(self.path, self.query, number)

    def showing(self, items: Sequence[U]) -> Paged[U]:
        """The same page with its items made ready to be shown."""
        return Paged(tuple(items), self.number, self.last, self.first, self.total, self.path, self.query)


def address(path: str, query: Mapping[str, str], page: int = 1) -> str:
    """A page of a list; what is empty, and the number of the first page, is left out."""
    asked = {key: value for key, value in query.items() if value}
    if page > 1:
        asked["page"] = str(page)
    return f"{path}?{urlencode(asked)}" if asked else path


def paged(items: Sequence[T], wanted: int, path: str, query: Mapping[str, str] | None = None) -> Paged[T]:
    """The page `wanted`, or the nearest that there is."""
    last = max(1, -(-len(items) // PAGE))
    number = min(max(1, wanted), last)
    start = (number - 1) * PAGE
    shown = tuple(items[start : start + PAGE])
    return Paged(shown, number, last, start + 1 if shown else 0, len(items), path, query or {})


def wanted_page(asked: str) -> int:
    """The page that an address asks for; 1 for anything that is no number."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
