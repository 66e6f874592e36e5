"""Who may do what. Every door asks here and nowhere else, so that the answer can grow in one place.

On one person's machine the person who started the program may do everything; an organisation's server will
answer by role.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clawback.errors import NotAllowed


class Act(StrEnum):
    """What can be asked for."""

    SEE = "see"  # a case and what it shows
    ADD = "add"  # evidence, and statements of one's own
    DECIDE = "decide"  # scope, matches, steps done, papers handed in
    FILE = "file"  # make papers, write the case out
    LIST = "list"  # all cases: helpers only
    OPEN = "open"  # begin a new case


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `name` goes into decisions and the log: a role or a pseudonym."""

    name: str


LOCAL = Person("user")
"""Whoever started the program on this machine."""


def allow(person: Person, act: Act, case_id: str | None = None) -> None:
    """Return if `person` may do `act` (on the case `case_id`); raises NotAllowed."""
    if person != LOCAL:
        raise NotAllowed(
            f"{person.name} may not do this ({act.value}, {case_id or '-'}).",
            f"{person.name} 没有这项权限（{act.value}，{case_id or '-'}）。",
        )
