"""Genuine bodies and the numbers, sites and senders by which they are reached, each fact with its source.

One file per country or region in `directory/`, `places.yaml` for the places, `sources.yaml` for where facts
come from. A fact is as sure as its surest source; what nobody read is marked so, and where sources disagree
both stand here. Looking something up is `genuine`; who signed it, `trusted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from clawback.model.plan import Confidence
from clawback.rules.pack import Id, Record, Text, Words
from clawback.rules.yaml_text import Document, read_yaml, refusal, typed

SHIPPED = Path(__file__).resolve().parent / "directory"
PLACES, SOURCES = "places.yaml", "sources.yaml"

_SURENESS = (Confidence.PRIMARY, Confidence.REPRODUCED, Confidence.SECONDARY, Confidence.MEMORY)

Sources = Annotated[tuple[Id, ...], Field(min_length=1)]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}$")]


class Kind(StrEnum):
    """What a body is, in the order in which people look for one."""

    EMERGENCY = "emergency"
    POLICE = "police"
    ANTI_FRAUD = "anti_fraud"
    BANK = "bank"
    PAYMENT = "payment"
    PLATFORM = "platform"
    CONSUMER = "consumer"
    OMBUDSMAN = "ombudsman"
    REGULATOR = "regulator"
    REPORTS = "reports"  # takes tips on sites, adverts, spam
    COURT = "court"
    LEGAL = "legal"
    IDENTITY = "identity"
    PRIVACY = "privacy"
    TELECOM = "telecom"
    GOVERNMENT = "government"
    ADVICE = "advice"
    TALK = "talk"


class Way(StrEnum):
    """How a body is reached, or reaches people."""

    NUMBER = "number"
    SENDER = "sender"  # shown as the sender of its texts; it cannot be called
    SITE = "site"
    MAIL = "mail"


class PlaceRecord(Record):
    """`calling`: country calling code; `trunk`: digit before a national number, None where there is none."""

    name: Words
    calling: Digits | None
    trunk: Digits | None


class SourceRecord(Record):
    """Where a fact was read; `url` None: no address is recorded."""

    text: Text
    url: Text | None
    confidence: Confidence
    checked: date


class ContactRecord(Record):
    """Exactly one of number, sender, site, mail. `only`: just this host, not the rest of its domain."""

    number: Text | None = None
    sender: Text | None = None
    site: Text | None = None
    mail: Text | None = None
    only: bool = False
    note: Words | None = None
    sources: Sources = Field(alias="from")

    @model_validator(mode="after")
    def _one_way(self) -> ContactRecord:
        if len([1 for way in Way if getattr(self, way.value)]) != 1:
            raise ValueError("a contact is one of number, sender, site, mail")
        if self.only and self.site is None:
            raise ValueError("only a site can be meant without the rest of its domain")
        return self

    @property
    def way(self) -> Way:
        """Which of the four it is."""
        return next(way for way in Way if getattr(self, way.value))

    @property
    def value(self) -> str:
        """As it is written for people."""
        return str(getattr(self, self.way.value))


class StatementRecord(Record):
    """Something said in both languages, with its sources."""

    zh: Text
    en: Text
    sources: Sources = Field(alias="from")


class DisputeRecord(StatementRecord):
    """Sources that disagree. `number`: what some of them print; None: the dispute is about something else."""

    number: Text | None = None


class BodyRecord(Record):
    """`also`: other names under which people speak of it, or swindlers claim to be it."""

    name: Words
    also: tuple[Text, ...] = ()
    kind: Kind
    contacts: tuple[ContactRecord, ...]
    hours: StatementRecord | None = None
    languages: StatementRecord | None = None
    can: Words
    cannot: Words
    sources: Sources = Field(alias="from")
    rules: tuple[StatementRecord, ...] = ()
    disputed: tuple[DisputeRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read. `url` None: no address is recorded."""

    text: str
    url: str | None
    confidence: Confidence
    checked: date


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said in both languages, with its sources."""

    words: Words
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Dispute(Statement):
    """Sources that disagree. `number`: what some print, or None."""

    number: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a body. `value`: as written for people. `only`: this host, not its whole domain."""

    way: Way
    value: str
    only: bool
    note: Words | None
    sources: tuple[Source, ...]

    @property
    def confidence(self) -> Confidence:
        """That of the surest source."""
        return surest(self.sources)

    @property
    def verified(self) -> bool:
        """Was any source read?"""
        return self.confidence is not Confidence.MEMORY


@dataclass(frozen=True, slots=True)
class Place:
    """A country or region. `calling`, `trunk`: None where there is none (bodies of many countries)."""

    id: str
    name: Words
    calling: str | None
    trunk: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """A genuine body. `id`: "cn.alipay". `hours`, `languages` None: not known from a source."""

    id: str
    place: Place
    name: Words
    also: tuple[str, ...]
    kind: Kind
    contacts: tuple[Contact, ...]
    hours: Statement | None
    languages: Statement | None
    can: Words
    cannot: Words
    sources: tuple[Source, ...]
    rules: tuple[Statement, ...]
    disputed: tuple[Dispute, ...]

    @property
    def confidence(self) -> Confidence:
        """How surely it is known what the body can and cannot do."""
        return surest(self.sources)

    @property
    def every_source(self) -> tuple[Source, ...]:
        """All that stands behind what is said of it, each once: of the body first, then of its contacts."""
        stated = (*(one for one in (self.hours, self.languages) if one), *self.rules, *self.disputed)
        found = [*self.sources]
        found += [source for contact in self.contacts for source in contact.sources]
        found += [source for one in stated for source in one.sources]
        return tuple(dict.fromkeys(found))

    @property
    def checked(self) -> date:
        """The oldest day on which any source behind it was checked."""
        return min(source.checked for source in self.every_source)


@dataclass(frozen=True)
class Directory:
    """All bodies, by place in the order of `places.yaml`."""

    bodies: tuple[Body, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Body]:
        """Bodies by their id."""
        return {body.id: body for body in self.bodies}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Places that have bodies, in order."""
        return tuple({body.place.id: body.place for body in self.bodies}.values())

    def of(self, place: str) -> tuple[Body, ...]:
        """Bodies of one place."""
        return tuple(body for body in self.bodies if body.place.id == place)


def surest(sources: Iterable[Source]) -> Confidence:
    """The confidence of the surest of `sources` (at least one)."""
    return min((source.confidence for source in sources), key=_SURENESS.index)


@lru_cache(maxsize=4)
def load_directory(folder: Path = SHIPPED) -> Directory:
    """The directory that comes with the program, or another one.

    Raises RulePackError naming file, line if known, and key. Loaded once per process and folder.
    """
    documents = read_documents(folder)
    sources = _sources(documents.pop(SOURCES))
    places = typed(documents.pop(PLACES), TypeAdapter(dict[Id, PlaceRecord]))
    for name in documents:
        if name.removesuffix(".yaml") not in places:
            raise refusal(name, None, "file", f"is no place of {PLACES}")
    bodies: list[Body] = []
    for id, record in places.items():
        place = Place(id, record.name, record.calling, record.trunk)
        document = documents.get(f"{id}.yaml")
        bodies += _bodies(document, place, sources) if document else ()
    return Directory(tuple(bodies))


def read_documents(folder: Path) -> dict[str, Document]:
    """Every file of a directory by its name: what a signature of it covers. Raises RulePackError."""
    found = {path.name: read_yaml(path, f"directory/{path.name}") for path in sorted(folder.glob("*.yaml"))}
    for needed in (SOURCES, PLACES):
        if needed not in found:
            raise refusal(f"directory/{needed}", None, "file", "is missing")
    return found


def _sources(document: Document) -> Mapping[str, Source]:
    records = typed(document, TypeAdapter(dict[Id, SourceRecord]))
    return {id: Source(one.text, one.url, one.confidence, one.checked) for id, one in records.items()}


def _bodies(document: Document, place: Place, sources: Mapping[str, Source]) -> Iterable[Body]:
    for key, record in typed(document, TypeAdapter(dict[Id, BodyRecord])).items():
        try:
            yield _body(f"{place.id}.{key}", place, record, sources)
        except KeyError as error:
            line = document.line_of((key,))
            raise refusal(document.name, line, key, f"names {error}, which is no source") from error


def _body(id: str, place: Place, record: BodyRecord, sources: Mapping[str, Source]) -> Body:
    def named(ids: Sources) -> tuple[Source, ...]:
        return tuple(sources[one] for one in ids)

    def statement(one: StatementRecord) -> Statement:
        return Statement(Words(zh=one.zh, en=one.en), named(one.sources))

    return Body(
        id=id,
        place=place,
        name=record.name,
        also=record.also,
        kind=record.kind,
        contacts=tuple(
            Contact(one.way, one.value, one.only, one.note, named(one.sources)) for one in record.contacts
        ),
        hours=statement(record.hours) if record.hours else None,
        languages=statement(record.languages) if record.languages else None,
        can=record.can,
        cannot=record.cannot,
        sources=named(record.sources),
        rules=tuple(statement(one) for one in record.rules),
        disputed=tuple(
            Dispute(Words(zh=one.zh, en=one.en), named(one.sources), one.number) for one in record.disputed
        ),
    )
