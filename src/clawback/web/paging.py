"""Long lists in pages of fifty, with the total said: nothing is cut off silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")

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
        asked = {key: value for key, value in {**self.query, "page": str(number)}.items() if value}
        if number == 1:
            del asked["page"]
        return f"{self.path}?{urlencode(asked)}" if asked else self.path


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
