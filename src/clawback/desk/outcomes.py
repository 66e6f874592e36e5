"""How it ended with each subject of one case: worked out from proved payments, or decided by a person.

A subject is an account that was paid, a payee known by name alone, or a platform or shop that the person
named. Nothing here accuses anybody: "proved fraud" stands only where a person cites the exhibit in which a
court or an authority says so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from clawback.desk.calling import calls
from clawback.desk.planning import latest_statements
from clawback.desk.records import Records, record_decisions
from clawback.desk.tracking import RecoveryState, ReplyResult, Tracking
from clawback.errors import CaseDamaged, UsageError
from clawback.guard.ratings import Contest, Experience, Flow, Outcome, Reply
from clawback.ledger.likeness import clean, is_masked
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Direction, TransferStatus
from clawback.model.evidence import Grade
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount
from clawback.store.records import Decision

T = TypeVar("T")

OUTCOME, REPLY, RULING = "outcome", "rating_reply", "rating_ruling"
LONGEST = 2000
DECIDABLE = (Outcome.DELIVERED, Outcome.REFUSED, Outcome.PROVED_FRAUD, Outcome.UNRESOLVED)
"""What a person may decide; whether money came back is worked out from payments alone."""

_WITH_EXHIBIT = (Outcome.DELIVERED, Outcome.PROVED_FRAUD)
_PROVES = (Grade.PLATFORM_EXPORT, Grade.SIGNED_EMAIL)
_SEASONED_DAYS, _SEASONED_PAYEES = 90, 5
_SHORTEST_NUMBER = 6
_NAMED = (("platform", "platform.name"), ("seller", "seller.name"))
_WHO = "user"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a rating is about. `key`: the same in every case that means the same one. `kind`: "account",
    "payee" (known by name alone: only within one case), "platform" or "seller". `account`: its number."""

    key: str
    kind: str
    name: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended with one subject in one case. `decided`: by a person, perhaps with an exhibit."""

    subject: Subject
    marks: frozenset[str]
    experience: Experience
    decided: OutcomeDecided | None = None


@dataclass(frozen=True, slots=True)
class CaseOutcomes:
    """Every subject of one case, payments that reached the payer, and what subjects replied (by key)."""

    ended: tuple[Ended, ...] = ()
    flows: tuple[Flow, ...] = ()
    replies: tuple[tuple[str, Reply], ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeDecided:
    """A person's word on how it ended. `outcome` None takes an earlier one back. `exhibit`: shows it."""

    key: str
    outcome: Outcome | None
    on: date
    exhibit: int | None = None
    note: str = ""


# ------------------------------------------------------------------------------------------- writing down


def decide_outcome(
    case_dir: Path, passphrase: str | None, word: OutcomeDecided, records: Records, now: datetime
) -> None:
    """Write down how it ended with a subject. `records`: those of the case.

    Raises UsageError when the exhibit is missing that "delivered" and "proved fraud" need, when the latter
    has no note saying who decided so, or for a day in the future; and as `record_decisions`.
    """
    if word.outcome is not None and word.outcome not in DECIDABLE:
        raise UsageError("Refunds are counted from payments.", "退款由流水算出，不用在这里填。")
    if word.on > now.date():
        raise UsageError("That day has not come yet.", "这一天还没有到。")
    if word.exhibit is not None and not 1 <= word.exhibit <= len(records.exhibits):
        raise UsageError(f"there is no exhibit {word.exhibit}", f"没有第 {word.exhibit} 号证据")
    if word.outcome in _WITH_EXHIBIT and word.exhibit is None:
        raise UsageError(
            "This outcome needs the exhibit that shows it.", "选这个结果，要指明是哪份证据写明的。"
        )
    if word.outcome is Outcome.PROVED_FRAUD and not word.note.strip():
        raise UsageError("Name the court or authority that decided so.", "请写明是哪个法院或机关作出的认定。")
    body = {
        "outcome": word.outcome.value if word.outcome else "",
        "on": word.on.isoformat(),
        "exhibit": word.exhibit,
        "note": short(word.note),
    }
    _record(case_dir, passphrase, OUTCOME, (word.key,), body, now)


def keep_reply(case_dir: Path, passphrase: str | None, key: str, reply: Reply, now: datetime) -> None:
    """Write down what the subject `key` says. Raises UsageError for an empty or overlong text, a day in the
    future, or a contest of no entry; and as `record_decisions`."""
    if not reply.text.strip():
        raise UsageError("The words of the reply are missing.", "请填写对方答复的原话。")
    if reply.on > now.date():
        raise UsageError("That day has not come yet.", "这一天还没有到。")
    if reply.contest is not None and not reply.about:
        raise UsageError("Choose the record that is contested.", "请选出对方有异议的是哪一条记录。")
    body = {
        "on": reply.on.isoformat(),
        "by": short(reply.by),
        "text": short(reply.text),
        "about": reply.about,
        "contest": reply.contest is not None,
    }
    _record(case_dir, passphrase, REPLY, (key, reply.number), body, now)


def rule(
    case_dir: Path, passphrase: str | None, key: str, number: str, result: Contest, note: str, now: datetime
) -> None:
    """Write down what a person found about a contest, with the reason. Raises UsageError without one."""
    if not note.strip():
        raise UsageError("Say why.", "请写明理由。")
    body = {"result": result.value, "note": short(note)}
    _record(case_dir, passphrase, RULING, (key, number), body, now)


def short(text: str) -> str:
    """Trimmed. Raises UsageError when it is longer than `LONGEST`."""
    if len(text) > LONGEST:
        raise UsageError(f"At most {LONGEST} characters.", f"最多{LONGEST}字。")
    return text.strip()


def _record(
    case_dir: Path,
    passphrase: str | None,
    kind: str,
    subject: tuple[str, ...],
    body: Mapping[str, object],
    now: datetime,
) -> None:
    value = json.dumps(body, ensure_ascii=False, sort_keys=True)
    record_decisions(case_dir, (Decision(kind, subject, value, _WHO, now),), passphrase)


# ------------------------------------------------------------------------------------------ working it out


def outcomes_of(records: Records, file: CaseFile, tracking: Tracking) -> CaseOutcomes:
    """Every subject of the case. Raises CaseDamaged when a record is not what was written."""
    proving = {exhibit.number for exhibit in file.exhibits if exhibit.grade in _PROVES}
    paid = [entry for entry in file.entries if _moved(entry, Direction.OUT)]
    if not paid:
        return CaseOutcomes()
    view = _Case(
        file=file,
        tracking=tracking,
        proved=frozenset(entry.id for entry in file.entries if _is_proved(entry, proving)),
        payer=_payer(file, paid),
        seasoned=_is_seasoned(file, paid, proving),
        complained=bool(tracking.hand_ins or tracking.replies or calls(records)),
        decided=_decided(records.decisions),
    )
    return CaseOutcomes(
        ended=tuple(_ended(view, subject, entries) for subject, entries in _subjects(file, paid)),
        flows=tuple(_flows(file, view)),
        replies=_replies(records.decisions),
    )


@dataclass(frozen=True)
class _Case:
    """What all subjects of a case are worked out from. `proved`: ids of entries that a bank's or platform's
    own file shows."""

    file: CaseFile
    tracking: Tracking
    proved: frozenset[str]
    payer: frozenset[str]
    seasoned: bool
    complained: bool
    decided: Mapping[str, OutcomeDecided]


def _moved(entry: LedgerEntry, direction: Direction) -> bool:
    transfer = entry.transfer
    moved = transfer.status is not TransferStatus.FAILED and transfer.amount.value > 0
    return entry.scope is Scope.IN and moved and transfer.direction is direction


def _is_proved(entry: LedgerEntry, proving: Iterable[int]) -> bool:
    return any(source.exhibit in proving for source in entry.transfer.sources)


def _subjects(file: CaseFile, paid: Sequence[LedgerEntry]) -> list[tuple[Subject, list[LedgerEntry]]]:
    """Who was paid, each with the payments; a platform or shop that was named, with all of them."""
    found: dict[str, tuple[Subject, list[LedgerEntry]]] = {}
    for entry in paid:
        subject = _payee(entry.transfer.payee, file.case.id)
        if subject is not None:
            found.setdefault(subject.key, (subject, []))[1].append(entry)
    said = latest_statements(file.statements)
    names: set[str] = set()
    for kind, question in _NAMED:
        for name in _split(said[question].value) if question in said else ():
            if clean(name) not in names:
                names.add(clean(name))
                found[f"{kind}:{clean(name)}"] = (
                    Subject(f"{kind}:{clean(name)}", kind, name),
                    list(paid),
                )
    return list(found.values())


def _payee(account: Account, case_id: str) -> Subject | None:
    """A full number is the same account everywhere; a name alone, or a masked number, only in this case."""
    number = account.number or ""
    if len(clean(number)) >= _SHORTEST_NUMBER and not is_masked(number):
        return Subject(f"account:{clean(number)}", "account", account.name or "", number)
    name = account.name or number
    return Subject(f"payee:{clean(name)}@{case_id}", "payee", name, number) if clean(name) else None


def _split(value: str) -> list[str]:
    for separator in "、，;；\n":
        value = value.replace(separator, ",")
    return [name.strip() for name in value.split(",") if clean(name)]


def mark_of(account: Account) -> str:
    """What tells that two records mean the same account: its full number, else the holder's name; or ""."""
    if account.number and not is_masked(account.number):
        return clean(account.number)
    return f"name:{clean(account.name)}" if account.name and not is_masked(account.name) else ""


def _marks(accounts: Iterable[Account]) -> frozenset[str]:
    return frozenset(filter(None, map(mark_of, accounts)))


def _payer(file: CaseFile, paid: Iterable[LedgerEntry]) -> frozenset[str]:
    """The accounts that paid; the person's name where no account is known; the case where nothing is."""
    accounts = {
        mark for mark in _marks(entry.transfer.payer for entry in paid) if not mark.startswith("name:")
    }
    if accounts:
        return frozenset(accounts)
    name = latest_statements(file.statements).get("user.name")
    return frozenset({f"name:{clean(name.value)}" if name else f"case:{file.case.id}"})


def _is_seasoned(file: CaseFile, paid: Sequence[LedgerEntry], proving: Iterable[int]) -> bool:
    """Do proved payments to several others reach back a quarter before the first one of the case?"""
    first = min((day for entry in paid if (day := _day(entry))), default=None)
    if first is None:
        return False
    before = [
        entry
        for entry in file.entries
        if entry.transfer.direction is Direction.OUT and _is_proved(entry, proving) and _day(entry)
    ]
    earliest = min((day for entry in before if (day := _day(entry))), default=first)
    others = _marks(entry.transfer.payee for entry in before)
    return first - earliest >= timedelta(days=_SEASONED_DAYS) and len(others) >= _SEASONED_PAYEES


def _day(entry: LedgerEntry) -> date | None:
    moment = entry.transfer.moment
    return moment.instant.date() if moment else None


def _flows(file: CaseFile, view: _Case) -> Iterable[Flow]:
    """Proved payments that reached the payer, from whom a mark is known."""
    for entry in file.entries:
        transfer, day = entry.transfer, _day(entry)
        source = mark_of(transfer.payer)
        if transfer.direction is Direction.IN and entry.id in view.proved and source and day:
            for target in view.payer:
                yield Flow(source, target, transfer.amount, day)


def _ended(view: _Case, subject: Subject, entries: Sequence[LedgerEntry]) -> Ended:
    """Only proved payments count; where there is none, the others are shown as not proved."""
    proved = [entry for entry in entries if entry.id in view.proved]
    counted = proved or entries
    paid = _sums(counted)
    back, last_back = _came_back(view, subject, counted, paid)
    paid_on = max((day for entry in counted if (day := _day(entry))), default=view.file.case.opened_at.date())
    decided = view.decided.get(subject.key)
    outcome, on = _outcome(view, counted, paid, back), last_back or paid_on
    if decided is not None and decided.outcome is not None:
        outcome, on = _agreed(decided.outcome, outcome, back), max(decided.on, paid_on)
    elif outcome is Outcome.REFUSED:
        on = max(_reply_day(r.at) for r in view.tracking.replies if r.result is ReplyResult.REFUSED)
    marks = _marks(entry.transfer.payee for entry in entries)
    experience = Experience(
        id=view.file.case.id,
        payer=view.payer,
        outcome=outcome,
        on=max(on, paid_on) if outcome is not Outcome.UNRESOLVED else paid_on,
        paid_on=paid_on,
        paid=tuple(Amount(value, code) for code, value in sorted(paid.items())),
        returned=tuple(Amount(value, code) for code, value in sorted(back.items()) if value),
        proved=bool(proved),
        complained=view.complained,
        seasoned=view.seasoned,
    )
    return Ended(subject, marks | {subject.key}, experience, decided if decided and decided.outcome else None)


def _reply_day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


def _outcome(
    view: _Case, entries: Sequence[LedgerEntry], paid: Mapping[str, Decimal], back: Mapping[str, Decimal]
) -> Outcome:
    """What the payments and the follow-up show. Given up without an answer is unresolved, not refused."""
    if all(back[code] >= value for code, value in paid.items()):
        return Outcome.REFUNDED
    if not all(view.tracking.written_off(entry.id) for entry in entries):
        return Outcome.UNRESOLVED
    if any(back.values()):
        return Outcome.PARTLY_REFUNDED
    refused = any(reply.result is ReplyResult.REFUSED for reply in view.tracking.replies)
    return Outcome.REFUSED if refused else Outcome.UNRESOLVED


def _agreed(decided: Outcome, shown: Outcome, back: Mapping[str, Decimal]) -> Outcome:
    """A person's word, unless proved payments show that money came back."""
    if decided is not Outcome.REFUSED or not any(back.values()):
        return decided
    return shown if shown is Outcome.REFUNDED else Outcome.PARTLY_REFUNDED


def _sums(entries: Iterable[LedgerEntry]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        sums[entry.transfer.amount.currency] += entry.transfer.amount.value
    return dict(sums)


def _came_back(
    view: _Case, subject: Subject, entries: Sequence[LedgerEntry], paid: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], date | None]:
    """Money that came back, never more than was paid, and when last. The same return may stand in the ledger
    and in the follow-up: the larger of the two counts."""
    far = _marks(entry.transfer.payee for entry in entries)
    named = subject.kind in ("platform", "seller")
    came = [
        entry
        for entry in view.file.entries
        if _moved(entry, Direction.IN)
        and entry.id in view.proved
        and (named or mark_of(entry.transfer.payer) in far)
    ]
    ids = {entry.id for entry in entries}
    noted: dict[str, Decimal] = defaultdict(Decimal)
    days = [day for entry in came if (day := _day(entry))]
    for one in view.tracking.recovered:
        if one.transfer in ids and one.returned.value:
            noted[one.returned.currency] += one.returned.value
            days += [note.on for note in one.notes if note.state is RecoveryState.RETURNED]
    shown = _sums(came)
    back = {
        code: min(max(shown.get(code, Decimal(0)), noted.get(code, Decimal(0))), value)
        for code, value in paid.items()
    }
    return back, max(days, default=None)


# --------------------------------------------------------------------------------------------- reading back


def _decided(decisions: Iterable[Decision]) -> dict[str, OutcomeDecided]:
    """The latest word on each subject."""
    return {one.subject[0]: _read(one, _outcome_of) for one in decisions if one.kind == OUTCOME}


def _outcome_of(one: Decision, body: Mapping[str, Any]) -> OutcomeDecided:
    outcome = Outcome(body["outcome"]) if body["outcome"] else None
    return OutcomeDecided(
        one.subject[0], outcome, date.fromisoformat(body["on"]), body["exhibit"], body["note"]
    )


def _replies(decisions: Sequence[Decision]) -> tuple[tuple[str, Reply], ...]:
    """What subjects replied, each contest with the latest ruling on it."""
    rulings = {one.subject: _read(one, _ruling_of) for one in decisions if one.kind == RULING}
    return tuple(
        (one.subject[0], _read(one, lambda one, body: _reply_of(one, body, rulings)))
        for one in decisions
        if one.kind == REPLY
    )


def _ruling_of(one: Decision, body: Mapping[str, Any]) -> Contest:
    return Contest(body["result"])


def _reply_of(one: Decision, body: Mapping[str, Any], rulings: Mapping[tuple[str, ...], Contest]) -> Reply:
    contest = rulings.get(one.subject, Contest.OPEN) if body["contest"] else None
    on = date.fromisoformat(body["on"])
    return Reply(one.subject[1], on, body["by"], body["text"], body["about"], contest)


def _read(one: Decision, make: Callable[[Decision, Mapping[str, Any]], T]) -> T:
    try:
        return make(one, json.loads(one.value))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise CaseDamaged(
            "a record of how it ended is not what was written", "有一条结果记录与当初写入的不符"
        ) from error
