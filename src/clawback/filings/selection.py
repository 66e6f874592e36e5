"""Which records a paper speaks of: only what belongs to the case, and only the words around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from clawback.filings.facts import indicator_id, refund_entries, sent_entries
from clawback.model.case import Role
from clawback.model.casefile import CaseFile
from clawback.model.events import Message
from clawback.model.evidence import Grade, Source
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.moments import Moment

_NEVER_LISTED = {IndicatorKind.ID_CARD, IndicatorKind.ORDER_NUMBER}
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: the record it is about, and its kind where a list mixes kinds."""

    record: str
    kind: str


def rows_of(name: str, casefile: CaseFile, limit: int) -> tuple[Row, ...]:
    """The rows of the list `name` in the order in which papers show them."""
    match name:
        case "transfers":
            return tuple(Row(e.id, "transfer") for e in sent_entries(casefile))
        case "refunds":
            return tuple(Row(e.id, "refund") for e in refund_entries(casefile))
        case "losses":
            return tuple(Row(f"L.{c}", "loss") for c in currencies(casefile))
        case "identifiers":
            return tuple(Row(indicator_id(i), "identifier") for i in subject_indicators(casefile))
        case "exhibits":
            kept_back = private_exhibits(casefile)
            ordered = sorted(e.number for e in casefile.exhibits if e.number not in kept_back)
            return tuple(Row(f"E{number}", "exhibit") for number in ordered)
        case "chronology":
            return chronology(casefile, limit)
        case "cited":
            return tuple(Row(f"E{number}", "exhibit") for number in cited_exhibits(casefile, limit))
        case "their_words":
            theirs = [m for m in key_messages(casefile, limit) if _is_theirs(m, casefile)]
            return tuple(Row(m.id, "message") for m in sorted(theirs, key=lambda m: _key(m.moment)))
        case "card":
            return tuple(Row(f"C.{line.entry}", "transfer") for line in casefile.card.lines)
        case "card_first":
            return rows_of("card", casefile, limit)[:1]
        case "card_rest":
            return rows_of("card", casefile, limit)[1:]
    raise KeyError(name)


_MESSAGE_LISTS = {"chronology", "their_words"}


class Selection:
    """The lists of one case file, each worked out once however many papers ask for them."""

    def __init__(self, casefile: CaseFile) -> None:
        self._casefile = casefile
        self._rows: dict[tuple[str, int], tuple[Row, ...]] = {}
        self._related: dict[str, int] = {}

    def rows(self, name: str, messages: int) -> tuple[Row, ...]:
        """The rows of the list `name`; at most so many messages."""
        if (name, messages) not in self._rows:
            self._rows[name, messages] = rows_of(name, self._casefile, messages)
        return self._rows[name, messages]

    def left_out(self, name: str, messages: int, rows: int) -> tuple[str, int]:
        """(fixed wording that says so, how many) of what the limits keep out of a table."""
        listed = self.rows(name, messages)
        beyond = max(0, len(listed) - rows)
        if name not in _MESSAGE_LISTS:
            return "more.rows", beyond
        return "more.messages", beyond + self._related_to(name) - sum(row.kind == "message" for row in listed)

    def _related_to(self, name: str) -> int:
        if name not in self._related:
            related = [m for m in related_messages(self._casefile) if m.text.strip()]
            theirs = name == "their_words"
            self._related[name] = sum(not theirs or _is_theirs(m, self._casefile) for m in related)
        return self._related[name]


def currencies(casefile: CaseFile) -> tuple[str, ...]:
    """Currencies of the transfers in scope, CNY and the largest count first."""
    seen = [e.transfer.amount.currency for e in (*sent_entries(casefile), *refund_entries(casefile))]
    return tuple(sorted(set(seen), key=lambda c: (-seen.count(c), c)))


def cited_exhibits(casefile: CaseFile, limit: int) -> tuple[int, ...]:
    """Numbers of the exhibits that prove something in the papers, and of pictures and documents from which
    no transfer was read; not of bills that are about other things."""
    sources = [s for e in (*sent_entries(casefile), *refund_entries(casefile)) for s in e.transfer.sources]
    sources += [s for m in key_messages(casefile, limit) for s in m.sources]
    sources += [s for i in subject_indicators(casefile) for s in i.sources]
    sources += [s for statement in casefile.statements if not statement.private for s in statement.sources]
    proving = {source.exhibit for source in sources}
    others = {s.exhibit for e in casefile.entries for s in e.transfer.sources}
    quiet = {e.number for e in casefile.exhibits if e.grade is not Grade.PLATFORM_EXPORT} - others
    quiet -= private_exhibits(casefile)
    return tuple(sorted((proving | quiet) & {e.number for e in casefile.exhibits}))


def private_exhibits(casefile: CaseFile) -> frozenset[int]:
    """Exhibits that hold nothing but a helper's own notes. Not even their hash is printed: a short note could
    be guessed from it."""
    private = {s.exhibit for said in casefile.statements if said.private for s in said.sources}
    return frozenset(
        private - {s.exhibit for one in casefile.statements if not one.private for s in one.sources}
    )


def chronology(casefile: CaseFile, limit: int) -> tuple[Row, ...]:
    """Transfers, refunds and the messages around them in time order; undated ones last."""
    rows: list[tuple[datetime, Row]] = []
    for entry in sent_entries(casefile):
        rows.append((_key(entry.transfer.moment), Row(entry.id, "transfer")))
    for entry in refund_entries(casefile):
        rows.append((_key(entry.transfer.moment), Row(entry.id, "refund")))
    for message in key_messages(casefile, limit):
        rows.append((_key(message.moment), Row(message.id, "message")))
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _key(moment: Moment | None) -> datetime:
    return moment.utc if moment else _LAST


def related_messages(casefile: CaseFile) -> tuple[Message, ...]:
    """Messages of the conversations in which a transfer in scope, or somebody complained about, appears."""
    reasons = {
        r for e in casefile.entries if e.scope.value == "in" for why in e.scope_reasons for r in why.records
    }
    exhibits = {
        s.exhibit for e in (*sent_entries(casefile), *refund_entries(casefile)) for s in e.transfer.sources
    }
    names = {n for p in casefile.parties if p.role in {Role.SUBJECT, Role.PLATFORM} for n in p.names}
    touched = {
        _conversation(m)
        for m in casefile.messages
        if m.id in reasons or m.sender in names or any(s.exhibit in exhibits for s in m.sources)
    }
    return tuple(m for m in casefile.messages if _conversation(m) in touched)


def _conversation(message: Message) -> tuple[int, str | None]:
    return message.sources[0].exhibit, message.conversation


def key_messages(casefile: CaseFile, limit: int) -> tuple[Message, ...]:
    """The messages that carry the story: first and last of each conversation, and those that name money,
    an account or another identifier; when they are too many, those nearest to a transfer."""
    related = [m for m in related_messages(casefile) if m.text.strip()]
    ends = {chain[i].id for chain in _chains(related) for i in (0, -1)}
    telling = _telling_places(casefile)
    picked = [m for m in related if m.id in ends or any(_spot(s) in telling for s in m.sources)]
    if len(picked) <= limit:
        return tuple(picked)
    moments = [e.transfer.moment for e in sent_entries(casefile) if e.transfer.moment]
    return tuple(sorted(picked, key=lambda m: (m.id not in ends, _distance(m, moments)))[:limit])


def _is_theirs(message: Message, casefile: CaseFile) -> bool:
    """Not the user's own words: neither marked as own, nor under the user's name or a part of it."""
    name = casefile.answer("user.name")
    sender = (message.sender or "").strip()
    return message.own is not True and not (name and len(sender) > 1 and sender in name.value)


def _chains(messages: Iterable[Message]) -> list[list[Message]]:
    chains: dict[tuple[int, str | None], list[Message]] = {}
    for message in messages:
        chains.setdefault(_conversation(message), []).append(message)
    return list(chains.values())


def _telling_places(casefile: CaseFile) -> set[_Spot]:
    """Places from which a transfer in scope or an identifier was read."""
    entries = (*sent_entries(casefile), *refund_entries(casefile))
    sources = [s for e in entries for s in e.transfer.sources]
    sources += [s for i in casefile.indicators if i.kind not in _NEVER_LISTED for s in i.sources]
    return {_spot(source) for source in sources}


_Spot = tuple[int, int | None, int | None, int | None, str | None, object]


def _spot(source: Source) -> _Spot:
    """Exhibit and row, line or message of a source, wherever in its words; for pictures the very box."""
    where = source.locator
    whole = where.row is None and where.line is None and where.item is None
    return source.exhibit, where.page, where.row, where.line, where.item, where.box if whole else None


def _distance(message: Message, moments: list[Moment]) -> float:
    if message.moment is None or not moments:
        return float("inf")
    return min(abs((message.moment.utc - m.utc).total_seconds()) for m in moments)


def subject_indicators(casefile: CaseFile) -> tuple[Indicator, ...]:
    """Identifiers of the other side: its handles, the accounts paid to, and what it wrote itself.

    Never the user's own, and never what stands only in bills, whose other rows are nobody's business.
    """
    own = _own_values(casefile)
    handles = {h for p in casefile.parties if p.role in {Role.SUBJECT, Role.PLATFORM} for h in p.handles}
    handles |= {_plain(e.transfer.payee.number or "") for e in sent_entries(casefile)}
    theirs = [m for m in related_messages(casefile) if _is_theirs(m, casefile)]
    places = {_spot(s) for m in theirs for s in m.sources}
    said: dict[int, str] = {}
    for message in theirs:
        exhibit = message.sources[0].exhibit
        said[exhibit] = said.get(exhibit, "") + _plain(message.text) + " "
    bills = {e.number for e in casefile.exhibits if e.grade is Grade.PLATFORM_EXPORT}
    return tuple(
        i
        for i in casefile.indicators
        if i.kind not in _NEVER_LISTED
        and _plain(i.value) not in own
        and (
            i.value in handles
            or _plain(i.value) in handles
            or any(
                s.exhibit not in bills and (_spot(s) in places or _plain(i.value) in said.get(s.exhibit, ""))
                for s in i.sources
            )
        )
    )


def _own_values(casefile: CaseFile) -> set[str]:
    stated = {_plain(s.value) for s in casefile.statements if s.question.startswith("user.")}
    accounts = {_plain(e.transfer.payer.number or "") for e in sent_entries(casefile)}
    return {value for value in stated | accounts if value}


def _plain(value: str) -> str:
    return "".join(value.split()).removeprefix("+86")
