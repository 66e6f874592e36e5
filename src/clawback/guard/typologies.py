"""Kinds of scam: the script of each as four stages, its signs, what to do, and what is known about it.

One file per kind in `scripts/`; where facts and figures come from stands in `published.yaml`. Signals point
to the kinds by id; the kinds know nothing of signals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from clawback.model.plan import Confidence
from clawback.rules.pack import Id, Record, Text, Words
from clawback.rules.yaml_text import read_yaml, refusal, typed

_HERE = Path(__file__).resolve().parent
SCRIPTS = _HERE / "scripts"
PUBLISHED = _HERE / "published.yaml"

Published = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A year, a month or a day, as exactly as it is known."""


class Stage(StrEnum):
    """How far the other side has come, in their order."""

    LURE = "lure"  # 引诱: contact is made
    HOOK = "hook"  # 上钩: trust is won, often with a small gain
    DRAIN = "drain"  # 收割: the money goes
    LOCK = "lock"  # 锁死: more is asked so that what went can "come back"


class Source(Record):
    """Something that was read. `published` None: the page bears no date. `confidence` as in rule packs; only
    a primary source is shown as a link, because copies of press texts move and some stand on bait sites."""

    text: Words
    publisher: Words
    published: Published | None
    url: Text
    confidence: Confidence
    checked: date


class Official(Record):
    """The kind's own name in a list that an authority published. `rank`: its place there, from 1."""

    name: Words
    source: Id
    rank: Annotated[int, Field(ge=1, le=50)]


class Scene(Record):
    """One stage. `says`: an illustration in our own words, never a quotation. `next`: what they do after it,
    as a phrase that completes "next they will probably …" (对方多半会……), with its full stop."""

    happens: Words
    says: Words
    truth: Words
    next: Words


class Case(Record):
    """A real case or official figure, as the source tells it. `when`: of the case or the time counted."""

    text: Words
    when: Published
    source: Id


class Typology(Record):
    """One kind of scam.

    `situation`: of the rule packs, for somebody who has already paid, or None where none fits. `misp`: the
    technique of the MISP galaxy "attck4fraud" that comes nearest; None where none does, and then `misp_why`
    says why not. `signs`: what gives it away, the clearest first. `sources`: ids of `published.yaml`.
    """

    id: Id
    name: Words
    official: Official | None
    one_line: Words
    situation: Id | None
    misp: Text | None
    misp_why: Text | None = None
    stages: dict[Stage, Scene]
    change: Words
    do: Words
    signs: Annotated[tuple[Words, ...], Field(min_length=3, max_length=5)]
    cases: tuple[Case, ...]
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _misp_or_why(self) -> Typology:
        if (self.misp is None) == (self.misp_why is None):
            raise ValueError("has either a technique of the galaxy or a reason why none fits")
        return self

    @model_validator(mode="after")
    def _every_stage(self) -> Typology:
        if missing := set(Stage) - set(self.stages):
            raise ValueError(f"has no {', '.join(sorted(missing))}")
        return self


@lru_cache(maxsize=4)
def load_sources(path: Path = PUBLISHED) -> Mapping[str, Source]:
    """What the kinds of scam are based on, by id. Raises RulePackError naming file and key."""
    return MappingProxyType(typed(read_yaml(path, path.name), TypeAdapter(dict[Id, Source])))


@lru_cache(maxsize=4)
def load_typologies(folder: Path = SCRIPTS, published: Path = PUBLISHED) -> Mapping[str, Typology]:
    """Every kind of scam by id, in alphabetical order.

    Raises RulePackError naming file and key: for a file that is not as described above, whose name is not its
    id, or that names an unknown source.
    """
    sources = load_sources(published)
    kinds: dict[str, Typology] = {}
    for path in sorted(folder.glob("*.yaml")):
        kind = typed(read_yaml(path, path.name), TypeAdapter(Typology))
        if kind.id != path.stem:
            raise refusal(path.name, None, "id", f"is {kind.id}, but the file is named {path.stem}")
        for named in _named(kind):
            if named not in sources:
                raise refusal(path.name, None, "sources", f"{named} is not in {published.name}")
        kinds[kind.id] = kind
    return MappingProxyType(kinds)


def _named(kind: Typology) -> tuple[str, ...]:
    official = (kind.official.source,) if kind.official else ()
    return (*kind.sources, *official, *(case.source for case in kind.cases))
