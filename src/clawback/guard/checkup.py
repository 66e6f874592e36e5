"""The check-up of one's own accounts: what is asked, why, how it is done, and in which order.

Data in `checkup/`: `items.yaml` (what is asked), `orders.yaml` (by damage, or after something happened),
`sources.yaml` (what is known about a named service). Nothing here asks for a password.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from clawback.rules.pack import BasisRecord, Id, Record, Words
from clawback.rules.yaml_text import read_yaml, refusal

FOLDER = Path(__file__).with_suffix("")
ORDINARY = "ordinary"
"""The order when nothing has happened."""

_T = TypeVar("_T")


class Answer(StrEnum):
    """What a person says about an item."""

    YES = "yes"  # done
    NO = "no"  # not done, and wants to know how
    UNKNOWN = "unknown"  # does not know what it is
    SKIP = "skip"


class Way(Record):
    """One thing to do. `at`: the service or place that it holds for, or None for all; what is said of a named
    one has a basis. `varies`: names and places differ with the version of the app."""

    do: Words
    at: Words | None = None
    basis: tuple[Id, ...] = ()
    varies: Literal["yes"] | None = None

    @model_validator(mode="after")
    def _named_service_has_basis(self) -> Way:
        if (self.at is None) != (not self.basis):
            raise ValueError("what is said of a named service has a basis, and only that")
        return self


class Item(Record):
    """Something to look after. `ask`: put so that yes means that nothing is left to do. `task`: the same as
    something to do. `what`: for somebody who does not know what it is."""

    ask: Words
    task: Words
    why: Words
    what: Words
    how: Annotated[tuple[Way, ...], Field(min_length=1)]


class Place(Record):
    """The place of an item in an order. `why`: why it stands here, if that is not the item's own reason."""

    item: Id
    why: Words | None = None


class Order(Record):
    """An order of items. `name`: what has happened. `first`: what is said before the first of them."""

    name: Words
    first: Words
    items: Annotated[tuple[Place, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Order:
        ids = [place.item for place in self.items]
        if len(ids) != len(set(ids)):
            raise ValueError("an item stands twice")
        return self


class Checkup(Record):
    """All of it. Every id that one part names exists in the other."""

    items: Mapping[Id, Item]
    orders: Mapping[Id, Order]
    sources: Mapping[Id, BasisRecord]


@dataclass(frozen=True, slots=True)
class Todo:
    """Something left to do. `why`: why it stands where it stands. `explain`: the person does not know it."""

    id: str
    item: Item
    why: Words
    explain: bool


@lru_cache(maxsize=4)
def load_checkup(folder: Path = FOLDER) -> Checkup:
    """The check-up from `folder`. Raises RulePackError naming file, line if known, and key."""
    checkup = Checkup(
        items=_file(folder, "items.yaml", TypeAdapter(dict[Id, Item])),
        orders=_file(folder, "orders.yaml", TypeAdapter(dict[Id, Order])),
        sources=_file(folder, "sources.yaml", TypeAdapter(dict[Id, BasisRecord])),
    )
    _check_references(checkup)
    return checkup


def todo(checkup: Checkup, order: str, answers: Mapping[str, Answer]) -> tuple[Todo, ...]:
    """What is left to do, in this order: what was answered with no, or not understood.

    Answers to items outside the order follow at the end, so that nothing said is lost.
    """
    wanted = {id for id, answer in answers.items() if answer in (Answer.NO, Answer.UNKNOWN)}
    return tuple(
        Todo(place.item, item, place.why or item.why, answers[place.item] is Answer.UNKNOWN)
        for place in (*checkup.orders[order].items, *_others(checkup, order))
        if place.item in wanted and (item := checkup.items[place.item])
    )


def _others(checkup: Checkup, order: str) -> Iterable[Place]:
    """Items that are not in this order: first those of the ordinary one."""
    here = {place.item for place in checkup.orders[order].items}
    by_damage = [place.item for place in checkup.orders[ORDINARY].items]
    return (Place(item=id) for id in dict.fromkeys([*by_damage, *checkup.items]) if id not in here)


def _file(folder: Path, name: str, adapter: TypeAdapter[_T]) -> _T:
    document = read_yaml(folder / name, name)
    try:
        return adapter.validate_python(document.tree)
    except ValidationError as error:
        first = error.errors()[0]
        path = tuple(part for part in first["loc"] if part != "[key]")
        key = ".".join(map(str, path)) or "file"
        raise refusal(name, document.line_of(path), key, first["msg"]) from error


def _check_references(checkup: Checkup) -> None:
    if ORDINARY not in checkup.orders:
        raise refusal("orders.yaml", None, ORDINARY, "is missing")
    for id, order in checkup.orders.items():
        for place in order.items:
            if place.item not in checkup.items:
                raise refusal("orders.yaml", None, id, f"names {place.item}, which items.yaml does not have")
    for id, item in checkup.items.items():
        for basis in (basis for way in item.how for basis in way.basis):
            if basis not in checkup.sources:
                raise refusal("items.yaml", None, id, f"names {basis}, which sources.yaml does not have")
