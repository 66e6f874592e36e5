"""Which bytes and names a case holds, and what each arrival adds: an exhibit, a name, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from clawback.desk.custody import Custody
from clawback.desk.heap import display_name
from clawback.model.evidence import Exhibit, Problem, Severity
from clawback.store.records import Name
from clawback.vault.sealing import Received


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes in the vault's `incoming`. `raw_name`: as the file system or the archive gives it. `parent`:
    exhibit it was found inside of."""

    raw_name: bytes
    media_type: str
    received: Received
    parent: int | None = None


@dataclass(slots=True)
class Additions:
    """What one transaction will add."""

    exhibits: list[tuple[Exhibit, bytes, Received]] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    size: int = 0

    def __bool__(self) -> bool:
        return bool(self.exhibits or self.names or self.problems)


class Register:
    """Everything sealed so far, and what was promised a number since. Given anew from the store each run."""

    def __init__(self, custody: Custody, now: datetime) -> None:
        self._vault = custody.vault
        self._now = now.astimezone(UTC)
        self.exhibits = {exhibit.number: exhibit for exhibit in custody.store.exhibits()}
        self._next = max(self.exhibits, default=0) + 1
        self._by_hash = {exhibit.sha256: number for number, exhibit in self.exhibits.items()}
        self.sizes = {exhibit.size for exhibit in self.exhibits.values()}
        self._names: dict[int, set[bytes]] = {}
        for name in custody.store.names():
            self._names.setdefault(name.exhibit, set()).add(name.raw)
        self._noted = {(p.exhibit, p.code, p.detail) for p in custody.store.problems()}

    def number_of(self, sha256: str) -> int | None:
        """Number of the exhibit with these bytes, or None."""
        return self._by_hash.get(sha256)

    def depth(self, number: int) -> int:
        """How many exhibits this one was found inside of."""
        parent = self.exhibits[number].parent
        # a parent always has the smaller number; damaged records must not lead round in a circle
        return 0 if parent is None or parent >= number else 1 + self.depth(parent)

    def add(self, arrival: Arrival, additions: Additions) -> int:
        """Keep new bytes under the next number; of bytes known already keep only a new name. The number."""
        number = self.number_of(arrival.received.sha256)
        if number is not None:
            self._vault.discard(arrival.received)
            self.add_name(number, arrival.raw_name, additions)
            return number
        self._vault.keep(arrival.received)
        exhibit = self._number(arrival)
        additions.exhibits.append((exhibit, arrival.raw_name, arrival.received))
        additions.size += exhibit.size
        return exhibit.number

    def _number(self, arrival: Arrival) -> Exhibit:
        exhibit = Exhibit(
            number=self._next,
            names=(display_name(arrival.raw_name),),
            sha256=arrival.received.sha256,
            size=arrival.received.size,
            media_type=arrival.media_type,
            sealed_at=self._now,
            parent=arrival.parent,
        )
        self._next += 1
        self.exhibits[exhibit.number] = exhibit
        self._by_hash[exhibit.sha256] = exhibit.number
        self._names[exhibit.number] = {arrival.raw_name}
        return exhibit

    def add_name(self, number: int, raw_name: bytes, additions: Additions) -> None:
        """A further name, unless it is known."""
        names = self._names[number]
        if raw_name not in names:
            names.add(raw_name)
            additions.names.append(Name(number, len(names), display_name(raw_name), raw_name))

    def add_problem(self, problem: Problem, additions: Additions) -> None:
        """A problem, unless an earlier run said the same."""
        mark = (problem.exhibit, problem.code, problem.detail)
        if mark not in self._noted:
            self._noted.add(mark)
            additions.problems.append(problem)

    def note(self, number: int, code: str, severity: Severity, additions: Additions) -> None:
        """A problem with a sealed exhibit."""
        self.add_problem(Problem(code, number, severity=severity), additions)
