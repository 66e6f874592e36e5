"""Whose case it is, and who appears in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clawback.model.evidence import Source


class Role(StrEnum):
    """What a party is in this case; says nothing about guilt."""

    VICTIM = "victim"
    SUBJECT = "subject"  # whoever is complained about: never "criminal"
    PLATFORM = "platform"
    INSTITUTION = "institution"  # bank or payment company
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Party:
    """A person or organisation as it appears in the case.

    `names`: every spelling found, the fullest first. `handles`: indicator values tied to it.
    """

    names: tuple[str, ...]
    role: Role
    handles: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint by one victim. `id` is random and says nothing about the person.

    `jurisdiction`: rule pack id ("cn", "gb"). `zone`: IANA zone assumed where evidence is silent.
    """

    id: str
    jurisdiction: str
    lang: str
    zone: str
    opened_at: datetime
    encrypted: bool
