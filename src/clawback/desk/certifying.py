"""How one exhibit was kept: the lines of the log that concern it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clawback.desk.records import log_lines


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One line of the log about an exhibit. `position` from 0; `at`: a claim of this machine's clock.

    `kind`: "sealed", "named", "derived" (read), or "held" (another exhibit was found inside this one).
    `detail`: the further name, the reader, or the number of the one found. `leaf_hash`: hex.
    """

    position: int
    kind: str
    at: datetime
    actor: str
    detail: str
    leaf_hash: str


def custody_of(case_dir: Path, number: int, passphrase: str | None = None) -> tuple[CustodyLine, ...]:
    """The lines of the log that concern exhibit `number`, oldest first. Raises as `load_records`."""
    return custody_lines(log_lines(case_dir, passphrase), number)


def custody_lines(log: Iterable[Mapping[str, object]], number: int) -> tuple[CustodyLine, ...]:
    """The same, of a log already loaded."""
    made = (_line(line, number) for line in log)
    return tuple(line for line in made if line is not None)


def _line(line: Mapping[str, object], number: int) -> CustodyLine | None:
    leaf, content = line["leaf"], line["content"]
    if not isinstance(leaf, dict) or not isinstance(content, dict):
        return None
    told = _told(str(leaf["kind"]), content, number)
    if told is None:
        return None
    return CustodyLine(
        position=int(str(line["position"])),
        kind=told[0],
        at=datetime.fromisoformat(str(leaf["time"])),
        actor=str(leaf["actor"]),
        detail=told[1],
        leaf_hash=str(line["leaf_hash"]),
    )


def _told(kind: str, content: Mapping[str, object], number: int) -> tuple[str, str] | None:
    """Kind and detail of a line if it concerns exhibit `number`."""
    if kind == "sealed" and content.get("number") == number:
        return "sealed", str(content["name"])
    if kind == "sealed" and content.get("parent") == number:
        return "held", str(content["number"])
    if content.get("exhibit") != number:
        return None
    if kind == "named":
        return "named", str(content["name"])
    if kind == "derived":
        return "derived", f"{content['reader']} {content['version']}"
    return None
