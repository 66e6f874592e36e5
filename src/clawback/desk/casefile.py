"""Puts everything known about a case together: records in, one `CaseFile` out. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TypeVar, cast

from clawback.desk.deciding import Pair, pairs_decided, scopes_decided
from clawback.desk.planning import Basis, basis_of, plan_at, signs_of
from clawback.desk.records import Records, load_records
from clawback.desk.settling import facts_decided
from clawback.ledger.conversation import join_messages
from clawback.ledger.losses import add_up
from clawback.ledger.merging import Ruling, merge
from clawback.ledger.parties import gather
from clawback.ledger.scope import find_ties, propose
from clawback.ledger.stated import complete, corrected
from clawback.ledger.timeline import order
from clawback.model.case import Case, Party
from clawback.model.casefile import CaseFile
from clawback.model.events import Message, Statement
from clawback.model.evidence import Exhibit, Grade, Problem
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.ledger import LedgerEntry, Loss, PossibleMatch, Scope, TimelineItem
from clawback.model.mentions import find_amounts
from clawback.model.money import Amount
from clawback.readers.contract import Reading
from clawback.store.records import Decision

T = TypeVar("T")

_NAMED_BY_USER = ("subject.names", "platform.name", "payment.payee_name")


def open_casefile(case_dir: Path, now: datetime, passphrase: str | None = None) -> CaseFile:
    """The case as it stands at `now`. Raises as `load_records`, and RulePackError."""
    return make_casefile(load_records(case_dir, passphrase), now)


def make_casefile(records: Records, now: datetime) -> CaseFile:
    """The view computed from `records`; the same records and `now` give the same view."""
    return gather_evidence(records).at(now)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a case shows whatever the hour, worked out once for as long as its records do not change."""

    records: Records
    messages: tuple[Message, ...]
    statements: tuple[Statement, ...]
    indicators: tuple[Indicator, ...]
    parties: tuple[Party, ...]
    entries: tuple[LedgerEntry, ...]
    possible_matches: tuple[PossibleMatch, ...]
    losses: tuple[Loss, ...]
    timeline: tuple[TimelineItem, ...]
    problems: tuple[Problem, ...]
    basis: Basis

    def at(self, now: datetime) -> CaseFile:
        """The case as it stands at `now`: only plan and card depend on the clock."""
        plan, card = plan_at(self.basis, self.entries, now)
        return CaseFile(
            case=_spoken(self.records),
            now=now,
            exhibits=self.records.exhibits,
            messages=self.messages,
            statements=self.statements,
            indicators=self.indicators,
            parties=self.parties,
            entries=self.entries,
            possible_matches=self.possible_matches,
            losses=self.losses,
            timeline=self.timeline,
            card=card,
            plan=plan,
            problems=self.problems,
            log_size=self.records.log_size,
            log_root=self.records.log_root,
        )


def gather_evidence(records: Records) -> Evidence:
    """Everything that does not depend on the clock. Raises RulePackError."""
    return Gatherer().evidence(records)


class Gatherer:
    """Gathers the same case again and again: what no new record touches is not worked out anew.

    A step marked as done changes no figure, a scope changes no merge, an answer changes no message. Each part
    is kept with what it was made from; readings are the same objects as long as they are unchanged.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[object, ...], object]] = {}

    def evidence(self, records: Records) -> Evidence:
        """What `records` show. Raises RulePackError."""
        readings = tuple(records.readings[number] for number in sorted(records.readings))
        statements = tuple(chain.from_iterable(reading.statements for reading in readings))
        messages = self._same(
            "messages",
            tuple(reading for reading in readings if reading.messages),
            lambda: join_messages(chain.from_iterable(reading.messages for reading in readings)),
        )
        indicators = self._same(
            "indicators",
            tuple(reading for reading in readings if reading.indicators),
            lambda: join_indicators(chain.from_iterable(reading.indicators for reading in readings)),
        )
        entries, matches = self._ledger(records, readings, messages, statements, indicators)
        signs = self._same(
            "signs", (messages, records.case.jurisdiction), lambda: signs_of(records.case, messages)
        )
        basis = basis_of(records.case, signs, statements, entries)
        return Evidence(
            records=records,
            messages=messages,
            statements=statements,
            indicators=indicators,
            parties=self._same(
                "parties",
                (messages, entries, indicators, statements),
                lambda: gather(messages, entries, indicators, statements),
            ),
            entries=entries,
            possible_matches=matches,
            losses=add_up(entries),
            timeline=self._same("timeline", (messages, entries), lambda: order(messages, entries)),
            problems=(*_problems(records, readings), *basis.problems),
            basis=basis,
        )

    def _ledger(
        self,
        records: Records,
        readings: Sequence[Reading],
        messages: tuple[Message, ...],
        statements: Sequence[Statement],
        indicators: tuple[Indicator, ...],
    ) -> tuple[tuple[LedgerEntry, ...], tuple[PossibleMatch, ...]]:
        grades = {exhibit.number: exhibit.grade for exhibit in records.exhibits}
        zone = records.case.zone
        read = tuple(chain.from_iterable(reading.transfers for reading in readings))
        seen = tuple(corrected(read, statements, zone))
        shown_by = {source.exhibit for transfer in seen for source in transfer.sources}
        rulings = _rulings(records.decisions)
        merged, matches = self._same(
            "merged",
            (seen, tuple((number, grades.get(number)) for number in sorted(shown_by)), rulings),
            lambda: merge(seen, grades, rulings),
        )
        whole = tuple(complete(merged, statements, facts_decided(records.decisions), zone))
        others = self._same("others", (indicators, messages), lambda: _from_others(indicators, messages))
        mentioned = self._same("mentioned", (messages,), lambda: _mentioned(messages))
        named = tuple(_named(statements))
        talked = tuple(reading for reading in readings if reading.texts)
        ties = self._same(
            "ties",
            (messages, others, grades, named, talked, mentioned),
            lambda: find_ties(
                messages,
                others,
                grades,
                named=named,
                talked=_talked(records.exhibits, records.readings),
                amounts=mentioned,
            ),
        )
        scopes = scopes_decided(records.decisions)
        entries = self._same(
            "entries", (whole, ties, grades, scopes), lambda: propose(whole, ties, grades, scopes)
        )
        return entries, _worth_asking(matches, entries)

    def _same(self, name: str, made_from: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` makes, or what it made before from the same things."""
        kept = self._kept.get(name)
        if kept is None or kept[0] != made_from:
            kept = self._kept[name] = (made_from, make())
        return cast(T, kept[1])


def _spoken(records: Records) -> Case:
    """The case, in the language that was chosen last for its papers."""
    chosen = [decision.value for decision in records.decisions if decision.kind == "language"]
    return replace(records.case, lang=chosen[-1]) if chosen else records.case


def join_indicators(found: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """One indicator per kind and value with all its sources; the fullest detail is kept."""
    same: dict[tuple[IndicatorKind, str], list[Indicator]] = {}
    for one in found:
        same.setdefault((one.kind, one.value), []).append(one)
    return tuple(_join_same(ones) for ones in same.values())


def _join_same(ones: Sequence[Indicator]) -> Indicator:
    sources = tuple(dict.fromkeys(source for one in ones for source in one.sources))
    valid = next((one.valid for one in ones if one.valid is not None), None)
    return replace(ones[0], sources=sources, valid=valid, detail=max((one.detail for one in ones), key=len))


def _worth_asking(
    matches: Iterable[PossibleMatch], entries: Iterable[LedgerEntry]
) -> tuple[PossibleMatch, ...]:
    """Two transfers that have nothing to do with the case need no decision."""
    concerned = {entry.id for entry in entries if entry.scope is not Scope.OUT}
    return tuple(match for match in matches if match.first in concerned or match.second in concerned)


def _rulings(decisions: Iterable[Decision]) -> tuple[Ruling, ...]:
    """The latest word on each pair holds."""
    return tuple(
        Ruling(one.subject[0], one.subject[1], same=one.kind == Pair.ONE)
        for one in pairs_decided(decisions).values()
        if one.kind != Pair.OPEN
    )


def _named(statements: Iterable[Statement]) -> list[str]:
    """Payee names that the user gave, as separate names."""
    names: list[str] = []
    for statement in statements:
        if statement.question in _NAMED_BY_USER:
            parts = statement.value.replace("、", ",").replace("，", ",").replace("\n", ",").split(",")
            names += [part.strip() for part in parts if part.strip()]
    return names


def _from_others(indicators: Sequence[Indicator], messages: Iterable[Message]) -> list[Indicator]:
    """Indicators named by somebody else: those seen only in the user's own words are left out."""
    own = {
        (source.exhibit, source.locator.row, source.locator.line, source.locator.item)
        for message in messages
        if message.own
        for source in message.sources
    }
    return [
        indicator
        for indicator in indicators
        if any(
            (source.exhibit, source.locator.row, source.locator.line, source.locator.item) not in own
            for source in indicator.sources
        )
    ]


def _talked(exhibits: Iterable[Exhibit], readings: Mapping[int, Reading]) -> list[str]:
    """Texts of pictures, papers and mails (not of bills, which name every order of a life)."""
    silent = (Grade.PLATFORM_EXPORT, Grade.STATEMENT)
    return [
        piece.text
        for exhibit in exhibits
        if exhibit.grade not in silent and exhibit.number in readings
        for piece in readings[exhibit.number].texts
    ]


def _mentioned(messages: Iterable[Message]) -> list[Amount]:
    return [mention.amount for message in messages for mention in find_amounts(message.text, None)]


def _problems(records: Records, readings: Iterable[Reading]) -> tuple[Problem, ...]:
    return (*records.problems, *chain.from_iterable(reading.problems for reading in readings))
