"""What a person decides about records: scope, and whether two records are one transfer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from clawback.desk.records import record_decisions
from clawback.errors import UsageError
from clawback.model.casefile import CaseFile
from clawback.model.ledger import Scope
from clawback.store.records import Decision


class Pair(StrEnum):
    """What a person says of two records that may be one transfer: the kinds of their decisions."""

    ONE = "merge"
    TWO = "unmerge"
    OPEN = "unpair"  # not sure, or the earlier word taken back


def speak(case_dir: Path, lang: str, now: datetime, passphrase: str | None = None) -> None:
    """Write down in which language ("zh" or "en") the papers of the case are made from now on."""
    if lang not in ("zh", "en"):
        raise UsageError("A language is zh or en.", "语言只能选中文或英文。")
    record_decisions(case_dir, (Decision("language", (), lang, "user", now),), passphrase)


def decide_scope(
    case_dir: Path,
    passphrase: str | None,
    transfer: str,
    scope: Scope | None,
    known: Collection[str],
    now: datetime,
) -> None:
    """Write down whether a transfer (any id that it was read under) belongs to the case; None takes the word
    back.

    `known`: ids that the case has, from a view of it (`ids_of`): nothing is read again for one decision.
    Raises UsageError for an unknown id, and as `record_decisions`.
    """
    value = scope.value if scope else ""
    _record(case_dir, passphrase, [Decision("scope", (transfer,), value, "user", now)], known)


def decide_pairs(
    case_dir: Path,
    passphrase: str | None,
    pairs: Iterable[tuple[str, str]],
    verdict: Pair,
    known: Collection[str],
    now: datetime,
) -> None:
    """Write down what the user says of pairs of records (see `pairs_between`). `known`: as above."""
    decisions = [Decision(verdict.value, pair, "", "user", now) for pair in pairs]
    _record(case_dir, passphrase, decisions, known)


def pairs_between(file: CaseFile, first: str, second: str, verdict: Pair) -> tuple[tuple[str, str], ...]:
    """The pairs of records that a word on two of them is about.

    One pair makes two transfers one. But two are two only if no record of the one is taken for a record of
    the other; and a record leaves a transfer only if it is parted from each other record of it. Raises
    UsageError for a record and itself.
    """
    if first == second:
        raise UsageError("A record is always one with itself.", "同一条记录不用判断。")
    if verdict is Pair.ONE:
        return ((first, second),)
    groups = {id: entry.members for entry in file.entries for id in (first, second) if id in entry.members}
    mine, theirs = groups.get(first, (first,)), groups.get(second, (second,))
    if mine == theirs:
        return tuple((other, second) for other in mine if other != second)
    return tuple((one, two) for one in mine for two in theirs)


def ids_of(file: CaseFile) -> frozenset[str]:
    """Every id under which a transfer of this case was read."""
    return frozenset(member for entry in file.entries for member in entry.members)


def pairs_decided(decisions: Iterable[Decision]) -> dict[frozenset[str], Decision]:
    """The latest word on each pair of records, in the order in which it was said."""
    latest: dict[frozenset[str], Decision] = {}
    for decision in decisions:
        if decision.kind in tuple(Pair) and len(decision.subject) == 2:
            latest.pop(frozenset(decision.subject), None)
            latest[frozenset(decision.subject)] = decision
    return latest


def scopes_decided(decisions: Iterable[Decision]) -> dict[str, Scope]:
    """The latest word on the scope of each record; a word taken back is no word."""
    latest = {one.subject[0]: one.value for one in decisions if one.kind == "scope" and one.subject}
    return {record: Scope(value) for record, value in latest.items() if value}


def _record(
    case_dir: Path, passphrase: str | None, decisions: Sequence[Decision], known: Collection[str]
) -> None:
    for id in {id for decision in decisions for id in decision.subject}:
        if id not in known:
            raise UsageError(f"No transfer {id} in this case.", f"案件里没有转账 {id}。")
    record_decisions(case_dir, decisions, passphrase)
