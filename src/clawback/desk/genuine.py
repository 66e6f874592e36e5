"""Genuine numbers and sites: whose is this, and how is somebody really reached? From the signed directory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum

from clawback.guard.directory import Body, Place
from clawback.guard.genuine import Answer, Spotted, Standing, lookup
from clawback.guard.signing import Proof
from clawback.guard.trusted import shipped_proof
from clawback.rules.pack import Words

__all__ = [
    "Answer",
    "Body",
    "Listed",
    "Place",
    "Proof",
    "Spotted",
    "Standing",
    "as_document",
    "genuine_in",
    "is_it_theirs",
    "listed",
    "signed",
]


@dataclass(frozen=True, slots=True)
class Listed:
    """The bodies of one place, in the order of the directory."""

    place: Place
    bodies: tuple[Body, ...]


def is_it_theirs(asked: str, claimed: str = "") -> Answer:
    """What the directory says about a number, site, sender or name. `claimed`: whose it is said to be."""
    return lookup().ask(asked, claimed)


def genuine_in(text: str, links: Iterable[tuple[int, int, str]] = ()) -> tuple[Spotted, ...]:
    """What the directory says about the numbers of a text and about `links`: (start, end, link or host)."""
    return lookup().in_text(text, links)


def signed() -> Proof:
    """Who signed the directory, and when. Raises SignatureRefused."""
    return shipped_proof()


def listed(first: str = "cn") -> tuple[Listed, ...]:
    """The whole directory by place; the place `first` before the others."""
    directory = lookup().directory
    places = sorted(directory.places, key=lambda place: place.id != first)
    return tuple(Listed(place, directory.of(place.id)) for place in places)


def as_document(found: Answer | Body) -> object:
    """An answer or a body as plain lists, mappings and texts, for a program."""
    return _plain(found)


def _plain(value: object) -> object:
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
