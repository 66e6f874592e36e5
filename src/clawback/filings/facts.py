"""Where each fact of a case stands: (record, field) -> value, with the sources that prove it.

Records: ids of entries, messages and statements; "E7" an exhibit; "L.CNY" the sums of a currency;
"I.phone.+86…" an indicator; "D.<action>" a deadline of the plan; "C.<entry>" a line of the card; "case".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from clawback.filings.grounds import is_traced, stands_in
from clawback.model.card import CardLine
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Direction, Message, Statement, TransferStatus
from clawback.model.evidence import Exhibit, Source
from clawback.model.indicators import Indicator
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.model.stated import STATED_CHOICES, STATED_QUESTIONS
from clawback.rules.load import load_pack, shipped_packs
from clawback.rules.pack import Question, QuestionKind

_LAST = datetime.max.replace(tzinfo=UTC)

_SPOKEN = (
    "amount", "moment", "reference", "payer.name", "payer.institution", "payer.number",
    "payee.name", "payee.institution", "payee.number", "call_phone",
)  # fmt: skip
_DAYS_ONLY = (Precision.YEAR, Precision.MONTH, Precision.DAY)
_OFFSET = re.compile(r"UTC[+-][0-9]{2}:[0-9]{2}")

TRIPLE_FLOOR = Decimal(500)
"""《消费者权益保护法》第五十五条: three times the price, at least 500 yuan."""

Value = str | int | Amount | Moment | datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A value with its sources (none for facts about the case file itself)."""

    value: Value
    sources: tuple[Source, ...] = ()

    @property
    def exhibits(self) -> tuple[int, ...]:
        """Numbers of the exhibits that prove it, ascending."""
        return tuple(sorted({source.exhibit for source in self.sources}))


class Facts:
    """A case file, addressed by record and field."""

    def __init__(
        self, casefile: CaseFile, demand_days: int | None = None, pages: Mapping[int, int] | None = None
    ) -> None:
        """`demand_days`: days that the paper gives for an answer. `pages`: page on which each exhibit begins
        in the printed bundle."""
        self.casefile = casefile
        self._pages = pages or {}
        self._card = {f"C.{line.entry}": line for line in casefile.card.lines}
        self.demand_days = demand_days
        self._entries = {entry.id: entry for entry in casefile.entries if entry.scope is Scope.IN}
        self._messages = {message.id: message for message in casefile.messages}
        self._statements = {statement.id: statement for statement in casefile.statements}
        self._exhibits = {f"E{exhibit.number}": exhibit for exhibit in casefile.exhibits}
        self._indicators = {indicator_id(item): item for item in casefile.indicators}

    def get(self, record: str, field: str) -> Known | None:
        """The value of a field, or None when the case does not give it."""
        if record == "case":
            return self._case_fact(field)
        if record in self._entries:
            return _entry_fact(self._entries[record], field)
        if record in self._messages:
            return _message_fact(self._messages[record], field)
        if record in self._statements:
            return self._statement_fact(self._statements[record], field)
        if record in self._card:
            return _card_fact(self._card[record], field) or self.get(record[2:], field)
        if record in self._exhibits and field == "page":
            return _known(self._pages.get(self._exhibits[record].number), ())
        if record in self._exhibits:
            return _exhibit_fact(self._exhibits[record], field)
        if record in self._indicators:
            return _indicator_fact(self._indicators[record], field)
        if record.startswith("L."):
            return self._loss_fact(record[2:], field)
        return None

    def grounded(self, record: str, field: str) -> bool:
        """Does the value stand in the words of its own source, where it must?"""
        known = self.get(record, field)
        entry = self._entries.get(record.removeprefix("C."))
        other = "payer" if entry and entry.transfer.direction is Direction.IN else "payee"
        if known is None or not is_traced(field, other) or not known.sources:
            return True
        if record.startswith("I.") and field != "value":
            return True
        return stands_in(known.value, self.source_texts(record))

    def _statement_fact(self, statement: Statement, field: str) -> Known | None:
        asked = asked_question(self.casefile.case.jurisdiction, statement.question)
        if field == "value":
            return _known(_stated(statement, asked), statement.sources)
        named = STATED_QUESTIONS.get(statement.question, (statement.question, statement.question))
        values: dict[str, Value | None] = {
            "moment": statement.moment,
            "question_zh": asked.ask.zh if asked else named[0],
            "question_en": asked.ask.en if asked else named[1],
        }
        return _known(values.get(field), statement.sources)

    def strays(self, record: str, sentence: str) -> str | None:
        """The first number in a card's sentence that its transfer does not have, or None."""
        known = [self.get(record, field) for field in _SPOKEN]
        shown = " ".join(_spoken(one.value) for one in known if one)
        digits = re.sub(r"\D", "", shown)
        for number in re.findall(r"[0-9][0-9,.:]*[0-9]|[0-9]", _OFFSET.sub("", sentence)):
            plain = re.sub(r"\D", "", number)
            if plain not in digits and plain.lstrip("0") not in digits:
                return str(number)
        return None

    def choices(self, record: str, lang: str) -> Mapping[str, str]:
        """Labels of the choices, by id, when the record answers a question with choices."""
        statement = self._statements.get(record)
        return choice_labels(self.casefile.case.jurisdiction, statement.question, lang) if statement else {}

    def exhibits_of(self, record: str) -> tuple[int, ...]:
        """Numbers of the exhibits that prove a record."""
        for field in ("amount", "text", "value", "lost"):
            if known := self.get(record, field):
                return known.exhibits
        return ()

    def zone_of_all(self, records: Iterable[str]) -> str | None:
        """A record whose time zone, and how it is known, holds for every clock time of `records`; None when
        they differ, or when there are not two."""
        zones: dict[tuple[timedelta | None, bool], list[str]] = {}
        for record in records:
            known = self.get(record, "moment")
            moment = known.value if known else None
            if isinstance(moment, Moment) and has_clock(moment):
                kind = (moment.instant.utcoffset(), moment.zone_basis is ZoneBasis.ASSUMED)
                zones.setdefault(kind, []).append(record)
        told = list(zones.values())
        return told[0][0] if len(told) == 1 and len(told[0]) > 1 else None

    def source_texts(self, record: str) -> tuple[str, ...]:
        """The words found at the sources of a record."""
        entry = self._entries.get(record.removeprefix("C."))
        holder = (
            (entry.transfer if entry else None)
            or self._messages.get(record)
            or self._statements.get(record)
            or self._indicators.get(record)
        )
        return tuple(source.text for source in holder.sources) if holder else ()

    def _case_fact(self, field: str) -> Known | None:
        casefile = self.casefile
        values: dict[str, Value | None] = {
            "short": short_id(casefile),
            "made_on": casefile.now,
            "log_root": casefile.log_root or None,
            "log_size": casefile.log_size,
            "exhibits": len(casefile.exhibits),
            "transfers": len(sent_entries(casefile)),
            "refunds": len(refund_entries(casefile)),
            "demand_date": casefile.now + timedelta(days=self.demand_days) if self.demand_days else None,
        }
        value = values.get(field)
        return None if value is None else Known(value)

    def _loss_fact(self, currency: str, field: str) -> Known | None:
        """Added up here from the entries in scope: the papers do not take the ledger's word for a sum."""
        sent = [e for e in sent_entries(self.casefile) if e.transfer.amount.currency == currency]
        returned = [e for e in refund_entries(self.casefile) if e.transfer.amount.currency == currency]
        if not sent and not returned:
            return None
        sources = tuple(s for e in (*sent, *returned) for s in e.transfer.sources)
        total_sent, total_returned = _total(sent), _total(returned)
        sums = {"sent": total_sent, "returned": total_returned, "lost": total_sent - total_returned}
        if currency == "CNY":
            sums["triple"] = max(total_sent * 3, TRIPLE_FLOOR)
        if field in sums:
            return Known(Amount(sums[field], currency), sources)
        counts = {"sent_count": len(sent), "returned_count": len(returned)}
        return Known(counts[field], sources) if field in counts else None


@lru_cache(maxsize=256)
def asked_question(jurisdiction: str, question: str) -> Question | None:
    """The interview question of a statement, None when the pack does not ask it."""
    return load_pack(jurisdiction).questions.get(question) if jurisdiction in shipped_packs() else None


def _stated(statement: Statement, asked: Question | None) -> Value:
    """A stated day as a day; every other answer in the user's own words."""
    dated = asked is not None and asked.kind in (QuestionKind.DATE, QuestionKind.DATETIME)
    if dated and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", statement.value):
        try:
            day = datetime.fromisoformat(statement.value).replace(tzinfo=statement.moment.instant.tzinfo)
        except ValueError:
            return statement.value
        return Moment(day, Precision.DAY, ZoneBasis.STATED)
    return statement.value


@lru_cache(maxsize=256)
def choice_labels(jurisdiction: str, question: str, lang: str) -> Mapping[str, str]:
    """The labels of a question's choices by id; none for other questions. Yes and no are choices too."""
    asked = asked_question(jurisdiction, question)
    if asked is None:
        own = STATED_CHOICES.get(question, {})
        return {id: words[0] if lang == "zh" else words[1] for id, words in own.items()}
    if asked.kind is QuestionKind.YES_NO:
        return {"yes": "是", "no": "否"} if lang == "zh" else {"yes": "yes", "no": "no"}
    return {choice.id: choice.label.say(lang) for choice in asked.choices}


def has_clock(moment: Moment) -> bool:
    """Is more known than the day?"""
    return moment.precision not in _DAYS_ONLY


def short_id(casefile: CaseFile) -> str:
    """The first characters of the case id: enough to tell papers apart."""
    return casefile.case.id[:8]


def indicator_id(indicator: Indicator) -> str:
    """The record name of an indicator."""
    return f"I.{indicator.kind.value}.{indicator.value}"


_MOVED = {TransferStatus.COMPLETED, TransferStatus.PENDING, TransferStatus.UNKNOWN, TransferStatus.RETURNED}


def sent_entries(casefile: CaseFile) -> tuple[LedgerEntry, ...]:
    """Out-going transfers in scope that moved money (or may still), oldest first, undated last."""
    return _in_order(e for e in casefile.entries if _counts(e, Direction.OUT))


def refund_entries(casefile: CaseFile) -> tuple[LedgerEntry, ...]:
    """Money that came back, in scope, oldest first."""
    return _in_order(e for e in casefile.entries if _counts(e, Direction.IN))


def _counts(entry: LedgerEntry, direction: Direction) -> bool:
    transfer = entry.transfer
    return entry.scope is Scope.IN and transfer.direction is direction and transfer.status in _MOVED


def _in_order(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    return tuple(sorted(entries, key=lambda e: e.transfer.moment.utc if e.transfer.moment else _LAST))


def _total(entries: Sequence[LedgerEntry]) -> Decimal:
    return sum((entry.transfer.amount.value for entry in entries), Decimal(0))


def _entry_fact(entry: LedgerEntry, field: str) -> Known | None:
    transfer = entry.transfer
    if "." in field:
        side, part = field.split(".", 1)
        account = {"payer": transfer.payer, "payee": transfer.payee}.get(side)
        value = _account_part(account, part) if account else None
        return _known(value, transfer.sources)
    values: dict[str, Value | None] = {
        "amount": transfer.amount,
        "moment": transfer.moment,
        "reference": transfer.reference,
        "merchant_reference": transfer.merchant_reference,
        "note": transfer.note,
        "method": transfer.method.value,
        "status": transfer.status.value,
    }
    return _known(values.get(field), transfer.sources)


def _spoken(value: Value) -> str:
    """A value with all the digits in which a sentence may say it."""
    if isinstance(value, Amount):
        return value.text
    if isinstance(value, Moment):
        at = value.instant
        return f"{at:%Y} {at.month} {at.day} {at:%H%M%S} {at:%H%M} {at:%H}"
    return str(value)


def _card_fact(line: CardLine, field: str) -> Known | None:
    call = line.call
    values: dict[str, Value | None] = {
        "chance": line.chance.value,
        "say_zh": line.say_zh,
        "say_en": line.say_en,
        "call_zh": call.name_zh if call else None,
        "call_en": call.name_en if call else None,
        "call_phone": call.phone if call else None,
    }
    return _known(values.get(field), ())


def _account_part(account: Account, part: str) -> str | None:
    return {"name": account.name, "institution": account.institution, "number": account.number}.get(part)


def _message_fact(message: Message, field: str) -> Known | None:
    values: dict[str, Value | None] = {
        "moment": message.moment,
        "sender": message.sender,
        "text": message.text,
        "conversation": message.conversation,
    }
    return _known(values.get(field), message.sources)


def _exhibit_fact(exhibit: Exhibit, field: str) -> Known | None:
    values: dict[str, Value | None] = {
        "number": exhibit.number,
        "name": exhibit.name,
        "sha256": exhibit.sha256,
        "size": exhibit.size,
        "grade": exhibit.grade.value,
        "outcome": exhibit.outcome.value,
        "sealed_at": exhibit.sealed_at,
    }
    return _known(values.get(field), ())


def _indicator_fact(indicator: Indicator, field: str) -> Known | None:
    values: dict[str, Value | None] = {
        "value": indicator.value,
        "kind": indicator.kind.value,
        "detail": indicator.detail or None,
    }
    return _known(values.get(field), indicator.sources)


def _known(value: Value | None, sources: tuple[Source, ...]) -> Known | None:
    return None if value is None or value == "" else Known(value, sources)
