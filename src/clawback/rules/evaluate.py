"""Answers the conditions that a rule pack may use: a short fixed list, three-valued.

A fact that nobody has stated makes a condition unknown, never false: the plan then asks instead of guessing.
Facts: a mapping from dotted names to str, bool, Decimal, datetime, or a set of str. A name that is missing
is unknown; a name whose value is None is unknown too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

Fact = str | bool | Decimal | datetime | frozenset[str] | None
Facts = Mapping[str, Fact]


class Truth(StrEnum):
    """Yes, no, or not known from what has been stated."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a condition; `missing`: names of facts that would settle it (only when unknown)."""

    truth: Truth
    missing: tuple[str, ...] = ()


_TRUE, _FALSE = Finding(Truth.TRUE), Finding(Truth.FALSE)

OPERATORS = ("all", "any", "not", "equals", "one_of", "includes", "at_least", "within", "known")


def evaluate(condition: Mapping[str, object] | None, facts: Facts, now: datetime) -> Finding:
    """Is `condition` true of `facts` at `now`? None is always true.

    Raises ValueError for a condition that is none of the known ones (the loader checks this beforehand).
    """
    if condition is None:
        return _TRUE
    operator, operand = _single(condition)
    if operator == "all":
        return _combine(operand, facts, now, decisive=Truth.FALSE)
    if operator == "any":
        return _combine(operand, facts, now, decisive=Truth.TRUE)
    if operator == "not":
        return _negated(evaluate(_mapping(operand), facts, now))
    if operator == "known":
        return _of(facts.get(_name(operand)) is not None)
    return _about_one_fact(operator, _mapping(operand), facts, now)


def facts_named(condition: Mapping[str, object] | None) -> tuple[str, ...]:
    """Every fact that `condition` mentions. Raises ValueError as `evaluate` does; used to check packs."""
    if condition is None:
        return ()
    operator, operand = _single(condition)
    if operator in ("all", "any"):
        return tuple(name for part in _parts(operand) for name in facts_named(part))
    if operator == "not":
        return facts_named(_mapping(operand))
    if operator == "known":
        return (_name(operand),)
    return (_checked_fact(operator, _mapping(operand)),)


def _about_one_fact(operator: str, operand: Mapping[str, object], facts: Facts, now: datetime) -> Finding:
    name = _checked_fact(operator, operand)
    fact = facts.get(name)
    if fact is None:
        return Finding(Truth.UNKNOWN, (name,))
    if operator == "equals":
        return _of(_as_text(fact) == operand["value"])
    if operator == "one_of":
        return _of(_as_text(fact) in _texts(operand["values"]))
    if operator == "includes":
        return _of(isinstance(fact, frozenset) and operand["value"] in fact)
    if operator == "at_least":
        return _of(isinstance(fact, Decimal) and fact >= _decimal(operand["value"]))
    hours = timedelta(hours=float(_decimal(operand["hours"])))
    return _of(isinstance(fact, datetime) and now - fact <= hours)


_SHAPES = {
    "equals": {"fact", "value"},
    "one_of": {"fact", "values"},
    "includes": {"fact", "value"},
    "at_least": {"fact", "value"},
    "within": {"fact", "hours"},
}


def _checked_fact(operator: str, operand: Mapping[str, object]) -> str:
    shape = _SHAPES.get(operator)
    if shape is None:
        raise ValueError(f"{operator} is not a condition; known are {', '.join(OPERATORS)}")
    if set(operand) != shape:
        raise ValueError(f"{operator} takes {', '.join(sorted(shape))}")
    for key in ("hours",) if operator == "within" else ("value",) if operator == "at_least" else ():
        _decimal(operand[key])
    return _name(operand["fact"])


def _combine(operand: object, facts: Facts, now: datetime, decisive: Truth) -> Finding:
    findings = [evaluate(part, facts, now) for part in _parts(operand)]
    if any(finding.truth is decisive for finding in findings):
        return Finding(decisive)
    missing = tuple(dict.fromkeys(name for finding in findings for name in finding.missing))
    if any(finding.truth is Truth.UNKNOWN for finding in findings):
        return Finding(Truth.UNKNOWN, missing)
    return _FALSE if decisive is Truth.TRUE else _TRUE


def _negated(finding: Finding) -> Finding:
    if finding.truth is Truth.UNKNOWN:
        return finding
    return _of(finding.truth is Truth.FALSE)


def _of(value: bool) -> Finding:
    return _TRUE if value else _FALSE


def _as_text(fact: Fact) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return str(fact)


def _single(condition: Mapping[str, object]) -> tuple[str, object]:
    if len(condition) != 1:
        raise ValueError("a condition has exactly one key")
    return next(iter(condition.items()))


def _parts(operand: object) -> Iterable[Mapping[str, object]]:
    if not isinstance(operand, list | tuple) or not operand:
        raise ValueError("all and any take a list of conditions")
    return [_mapping(part) for part in operand]


def _mapping(operand: object) -> Mapping[str, object]:
    if not isinstance(operand, Mapping):
        raise ValueError("a condition must be a mapping")
    return operand


def _name(operand: object) -> str:
    if not isinstance(operand, str) or not operand:
        raise ValueError("a fact is named by text")
    return operand


def _texts(operand: object) -> frozenset[str]:
    if not isinstance(operand, list | tuple):
        raise ValueError("one_of takes a list of values")
    return frozenset(str(value) for value in operand)


def _decimal(operand: object) -> Decimal:
    try:
        return Decimal(str(operand))
    except InvalidOperation as error:
        raise ValueError(f"{operand} is not a number") from error
