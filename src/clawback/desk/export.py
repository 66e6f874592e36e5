"""The whole case as one JSON document, schema `clawback.case/1` (described in docs/export.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from clawback.desk.casefile import make_casefile
from clawback.desk.records import load_records, log_lines
from clawback.model.card import Card, CardLine
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Message, Statement
from clawback.model.evidence import Exhibit, Problem, Source
from clawback.model.ledger import Conflict, LedgerEntry, Loss, PossibleMatch, Reason, TimelineItem
from clawback.model.moments import Moment
from clawback.model.money import Amount
from clawback.model.plan import Action, Basis, Deadline
from clawback.store.records import FilingMade

SCHEMA = "clawback.case/1"

Json = dict[str, Any]


def export_case(case_dir: Path, now: datetime, passphrase: str | None = None) -> Json:
    """The document for the case in `case_dir` at `now`. Raises as `load_records`."""
    records = load_records(case_dir, passphrase)
    return to_json(make_casefile(records, now), records.filings, log_lines(case_dir, passphrase))


def to_json(file: CaseFile, filings: Iterable[FilingMade], log: Iterable[Json]) -> Json:
    """The document. Amounts and dates are strings; every fact carries its `sources`.

    `filings`: papers written so far; `log`: lines of the custody log as `log_lines` gives them.
    """
    problems = problems_by_exhibit(file.problems)
    return {
        "schema": SCHEMA,
        "case": case_json(file),
        "exhibits": [exhibit_json(exhibit, problems.get(exhibit.number, ())) for exhibit in file.exhibits],
        "messages": [message_json(message) for message in file.messages],
        "transfers": [transfer_json(entry) for entry in file.entries],
        "possible_matches": [match_json(match) for match in file.possible_matches],
        "indicators": [
            {
                "kind": one.kind.value,
                "value": one.value,
                "valid": one.valid,
                "detail": one.detail,
                "sources": _sources(one.sources),
            }
            for one in file.indicators
        ],
        "parties": [
            {
                "names": list(one.names),
                "role": one.role.value,
                "handles": list(one.handles),
                "sources": _sources(one.sources),
            }
            for one in file.parties
        ],
        "statements": [statement_json(statement) for statement in file.statements],
        "timeline": [item_json(item) for item in file.timeline],
        "losses": [loss_json(loss) for loss in file.losses],
        "card": card_json(file.card),
        "plan": [action_json(action, file.case.lang) for action in file.plan.actions],
        "questions": list(file.plan.questions),
        "filings": [filing_json(filing) for filing in filings],
        "problems": [problem_json(problem) for problem in file.problems],
        "log": list(log),
    }


def filing_json(filing: FilingMade) -> Json:
    """A paper that was made."""
    return {
        "form": filing.form,
        "recipient": filing.recipient,
        "files": [name for name, _ in filing.files],
        "sha256": [digest for _, digest in filing.files],
        "missing": list(filing.missing),
        "made_at": filing.at.isoformat(),
        "log_size": filing.log_size,
        "log_root": filing.log_root,
    }


def case_json(file: CaseFile) -> Json:
    """Head of the document: whose case, by which clock, in which state of the log."""
    return {
        "id": file.case.id,
        "jurisdiction": file.case.jurisdiction,
        "lang": file.case.lang,
        "zone": file.case.zone,
        "opened_at": file.case.opened_at.isoformat(),
        "encrypted": file.case.encrypted,
        "now": file.now.isoformat(),
        "situations": list(file.plan.situations),
        "rule_pack": file.plan.pack_version,
        "log_size": file.log_size,
        "log_root": file.log_root,
    }


def problems_by_exhibit(problems: Iterable[Problem]) -> Mapping[int, list[Problem]]:
    """Problems under the number of their exhibit (0: of the heap itself)."""
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.exhibit, []).append(problem)
    return found


def exhibit_json(exhibit: Exhibit, problems: Iterable[Problem]) -> Json:
    """One exhibit. `problems`: its own."""
    return {
        "number": exhibit.number,
        "name": exhibit.name,
        "names": list(exhibit.names),
        "sha256": exhibit.sha256,
        "size": exhibit.size,
        "media_type": exhibit.media_type,
        "parent": exhibit.parent,
        "sealed_at": exhibit.sealed_at.isoformat(),
        "grade": exhibit.grade.value,
        "outcome": exhibit.outcome.value,
        "reason": exhibit.reason,
        "reader": exhibit.reader,
        "problems": [problem_json(problem) for problem in problems],
    }


def message_json(message: Message) -> Json:
    """One message."""
    return {
        "id": message.id,
        "moment": _moment(message.moment),
        "sender": message.sender,
        "own": message.own,
        "text": message.text,
        "channel": message.channel,
        "conversation": message.conversation,
        "attachments": list(message.attachments),
        "sources": _sources(message.sources),
    }


def transfer_json(entry: LedgerEntry) -> Json:
    """One transfer with every record that was merged into it."""
    transfer = entry.transfer
    return {
        "id": entry.id,
        "members": list(entry.members),
        "merge_reasons": [_reason(reason) for reason in entry.merge_reasons],
        "moment": _moment(transfer.moment),
        "amount": _amount(transfer.amount),
        "direction": transfer.direction.value,
        "scope": entry.scope.value,
        "scope_reason": entry.scope_reasons[0].code if entry.scope_reasons else "",
        "scope_reasons": [_reason(reason) for reason in entry.scope_reasons],
        "confirmed": entry.confirmed,
        "status": transfer.status.value,
        "method": transfer.method.value,
        "reference": transfer.reference,
        "merchant_reference": transfer.merchant_reference,
        "note": transfer.note,
        "fee": _amount(transfer.fee) if transfer.fee else None,
        "payer": _account(transfer.payer),
        "payee": _account(transfer.payee),
        "sources": _sources(transfer.sources),
        "conflicts": [_conflict(conflict) for conflict in entry.conflicts],
    }


def _conflict(conflict: Conflict) -> Json:
    claims = [{"text": claim.text, "sources": _sources(claim.sources)} for claim in conflict.claims]
    return {"fact": conflict.fact, "claims": claims, "settled": conflict.settled}


def match_json(match: PossibleMatch) -> Json:
    """Two records that may be one transfer."""
    return {"first": match.first, "second": match.second, "reason": _reason(match.reason)}


def statement_json(statement: Statement) -> Json:
    """One answer of the user."""
    return {
        "question": statement.question,
        "subject": statement.subject,
        "value": statement.value,
        "moment": _moment(statement.moment),
        "sources": _sources(statement.sources),
    }


def card_json(card: Card) -> Json:
    """The emergency card."""
    return {
        "call_now": card.call_now.id if card.call_now else None,
        "lines": [_card_line(line) for line in card.lines],
    }


def item_json(item: TimelineItem) -> Json:
    """One line of the timeline."""
    return {
        "moment": _moment(item.moment),
        "kind": item.kind.value,
        "record": item.record,
        "who": item.who,
        "text": item.text,
        "sources": _sources(item.sources),
    }


def loss_json(loss: Loss) -> Json:
    """Sums in one currency."""
    return {
        "currency": loss.currency,
        "sent": loss.sent.text,
        "returned": loss.returned.text,
        "lost": loss.lost.text,
        "unsure": loss.unsure.text,
        "transfers": list(loss.entries),
    }


def _card_line(line: CardLine) -> Json:
    return {
        "transfer": line.entry,
        "chance": line.chance.value,
        "call": line.call.id if line.call else None,
        "facts": {fact.key: fact.text for fact in line.facts},
        "sources": {fact.key: _sources(fact.sources) for fact in line.facts},
        "missing": list(line.missing),
        "say": {"zh": line.say_zh, "en": line.say_en},
    }


def action_json(action: Action, lang: str) -> Json:
    """One step of the plan."""
    last = action.deadline.last if action.deadline else None
    return {
        "id": action.id,
        "order": action.order,
        "title": action.title_zh if lang == "zh" else action.title_en,
        "why": action.why_zh if lang == "zh" else action.why_en,
        "titles": {"zh": action.title_zh, "en": action.title_en},
        "whys": {"zh": action.why_zh, "en": action.why_en},
        "kind": action.kind.value,
        "when": action.when,
        "deadline": last.isoformat() if last else None,
        "clock": _deadline(action.deadline) if action.deadline else None,
        "basis": [_basis(basis) for basis in action.basis],
        "confidence": min((basis.confidence.value for basis in action.basis), key="PRSM".index, default=None),
        "channel": action.channel.id if action.channel else None,
        "form": action.form,
        "situations": list(action.situations),
    }


def _deadline(deadline: Deadline) -> Json:
    return {
        "rule": deadline.rule_id,
        "pack_version": deadline.pack_version,
        "trigger": deadline.trigger,
        "trigger_at": deadline.trigger_at.isoformat() if deadline.trigger_at else None,
        "last": deadline.last.isoformat() if deadline.last else None,
        "firm": deadline.firm,
        "why": {"zh": deadline.why_zh, "en": deadline.why_en},
        "question": deadline.question,
    }


def _basis(basis: Basis) -> Json:
    return {
        "text": basis.text,
        "url": basis.url,
        "confidence": basis.confidence.value,
        "checked_on": basis.checked_on.isoformat(),
    }


def problem_json(problem: Problem) -> Json:
    """Something wrong with or unread in the evidence."""
    return {
        "code": problem.code,
        "exhibit": problem.exhibit,
        "locator": str(problem.locator),
        "detail": problem.detail,
        "severity": problem.severity.value,
    }


def _reason(reason: Reason) -> Json:
    return {"code": reason.code, "detail": reason.detail, "records": list(reason.records)}


def _moment(moment: Moment | None) -> Json | None:
    if moment is None:
        return None
    return {
        "instant": moment.instant.isoformat(),
        "precision": moment.precision.value,
        "zone_basis": moment.zone_basis.value,
    }


def _amount(amount: Amount) -> Mapping[str, str]:
    return {"value": amount.text, "currency": amount.currency}


def _account(account: Account) -> Json:
    return {
        "name": account.name,
        "institution": account.institution,
        "account": account.number,
        "kind": account.kind.value,
    }


def _sources(sources: Iterable[Source]) -> list[Json]:
    return [
        {
            "exhibit": source.exhibit,
            "locator": str(source.locator),
            "text": source.text,
            "reader": f"{source.reader}/{source.version}",
            "certainty": source.certainty,
        }
        for source in sources
    ]
