"""OFX and QFX statements: OFX 1.x (SGML, where values need no end tag) and 2.x (XML), in any mixture.

Banks write OFX that neither an SGML nor an XML parser accepts, so the tags are read one after another:
a tag with a value is a value, a tag of `_AGGREGATES` opens a group, an end tag closes the nearest group of
its name. Nothing is expanded or fetched. Specification: OFX 1.6 and 2.3 (amounts 3.2.9, dates 3.2.8,
transactions 11.4.4, investment cash 13.9.2.3).
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from typing import BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clawback.model.events import Account, AccountKind, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.readers.bills import flaw_problem, fold
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness, TextPiece
from clawback.readers.figures import ISO_CODES, to_datetime
from clawback.readers.tables import decode

MAX_BYTES = 48 * 1024 * 1024
MAX_TRANSACTIONS = 200_000
_DEEPEST = 40

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.\-]{0,60})(?:\s[^<>]{0,200})?(/?)>([^<]*)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_DATE = re.compile(
    r"^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:[.:]\d{0,9})?\s*"
    r"(?:\[\s*([+-]?\d{1,2})(?:\.(\d{1,2}))?(?::[^\]]{0,40})?\]?)?$"
)
_AMOUNT = re.compile(r"^[+-]?[0-9]{0,30}(?:[.,][0-9]{0,20})?$")
_STATED_CHARSET = re.compile(
    rb"(?:CHARSET:\s*(?:1252|ISO-8859-1|8859-1)|encoding=\"(?:windows-1252|iso-8859-1))", re.I
)

_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS", "INTRARS"})
_TRANSACTIONS = frozenset({"STMTTRN", "STMTTRNP", "INTRARS"})
_AGGREGATES = _STATEMENTS | _TRANSACTIONS | {
    "OFX", "SONRS", "STATUS", "FI", "STMTTRNRS", "CCSTMTTRNRS", "INVSTMTTRNRS", "INTRATRNRS", "ACCTINFOTRNRS",
    "BANKACCTFROM", "BANKACCTTO", "CCACCTFROM", "CCACCTTO", "INVACCTFROM", "BANKTRANLIST", "INVTRANLIST",
    "BANKTRANLISTP", "PAYEE", "CURRENCY", "ORIGCURRENCY", "LEDGERBAL", "AVAILBAL", "INVBANKTRAN", "XFERINFO",
    "INVTRAN", "ACCTINFO", "BANKACCTINFO", "CCACCTINFO", "INVBAL", "BAL", "SECID", "XFERPRCSTS",
}  # fmt: skip
_METHODS = {
    "ATM": Method.CASH,
    "CASH": Method.CASH,
    "POS": Method.CARD,
    "CHECK": Method.UNKNOWN,
}
_OUT_TYPES = frozenset({"DEBIT", "ATM", "POS", "CHECK", "DIRECTDEBIT", "PAYMENT", "CASH", "FEE", "SRVCHG"})
_IN_TYPES = frozenset({"CREDIT", "DEP", "DIRECTDEP", "INT", "DIV"})


class Ofx:
    """OFX and QFX statements of banks, cards and brokers' cash accounts."""

    name = "ofx"
    version = "1"
    formats = ("OFX、QFX 对账单", "OFX and QFX statements")

    def identify(self, peek: Peek) -> Sureness:
        """By the header or the root tag that every OFX file has."""
        head = decode(peek.head[:8192])[0].upper()
        if "OFXHEADER" in head or re.search(r"<OFX\s*>", head):
            return Sureness.CERTAIN
        return Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Read every cash transaction of every account in the file."""
        data = original.read(MAX_BYTES + 1)
        text, flaws = decode(data[:MAX_BYTES])
        problems = [
            flaw_problem(flaw, context)
            for flaw in flaws
            if not (flaw.code == "encoding_assumed" and _STATED_CHARSET.search(data[:2048]))
        ]
        if len(data) > MAX_BYTES:
            detail = f"> {MAX_BYTES} bytes"
            problems.append(context.problem("file_too_large", detail=detail, severity=Severity.ERROR))
        book = _Book(context, SourceMaker(self.name, self.version, context.exhibit), _plain_cdata(text))
        book.problems += problems
        book.read()
        return Reading(
            self.name,
            self.version,
            Grade.PLATFORM_EXPORT,
            transfers=tuple(book.transfers),
            texts=tuple(book.texts),
            problems=fold(book.problems, context),
            facts=tuple(book.facts.items()),
            complete=not any(problem.severity is Severity.ERROR for problem in book.problems),
        )


def _plain_cdata(text: str) -> str:
    """`text` with CDATA sections as ordinary escaped text, line for line."""
    parts, place = [], 0
    while (start := text.find("<![CDATA[", place)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            break
        inner = text[start + 9 : end].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts += [text[place:start], inner]
        place = end + 3
    return "".join((*parts, text[place:]))


@dataclass(slots=True)
class _Group:
    """An open aggregate: its values by name (first wins), and groups inside it by name."""

    tag: str
    start: int
    values: dict[str, str] = field(default_factory=dict)
    inside: dict[str, _Group] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of a tag in this group, "" when missing."""
        return self.values.get(name, "")

    def deep(self, *path: str) -> str:
        """A value in a group inside this one: `deep("PAYEE", "NAME")`."""
        group: _Group | None = self
        for tag in path[:-1]:
            group = group.inside.get(tag) if group else None
        return group.value(path[-1]) if group else ""


@dataclass(slots=True)
class _Book:
    """One file while it is read."""

    context: ReadingContext
    source: SourceMaker
    text: str
    transfers: list[Transfer] = field(default_factory=list)
    texts: list[TextPiece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    stack: list[_Group] = field(default_factory=list)
    statement: _Group | None = None
    institution: str | None = None
    seen: int = 0
    trades: Counter[str] = field(default_factory=Counter)
    lines: list[int] = field(default_factory=list)

    def read(self) -> None:
        """Walk through the tags once."""
        self.lines = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        parent = ""
        for found in _TAG.finditer(self.text):
            ending, tag, closed, value = found[1], found[2].upper(), found[3], html.unescape(found[4]).strip()
            if ending:
                self._close(tag, found.start())
            elif tag in _AGGREGATES and not closed and not value and len(self.stack) < _DEEPEST:
                if tag == "INVTRAN":
                    self.trades[parent] += 1
                self._open(tag, found.start())
            elif self.stack and not closed:
                self.stack[-1].values.setdefault(tag, value)
            parent = tag
            if self.seen > MAX_TRANSACTIONS:
                where = Locator(row=self._line(found.start()))
                self.problems.append(
                    self.context.problem("table_too_long", where, f"> {MAX_TRANSACTIONS}", Severity.ERROR)
                )
                return
        if self.stack:
            self.problems.append(self.context.problem("file_cut_off", detail=self.stack[-1].tag))
        while self.stack:
            self._close(self.stack[-1].tag, len(self.text))
        self._finish()

    def _finish(self) -> None:
        if self.trades:
            detail = ", ".join(f"{tag} {count}" for tag, count in sorted(self.trades.items()))
            self.problems.append(
                self.context.problem("security_trades", detail=detail, severity=Severity.NOTE)
            )
        if not self.seen and not self.problems:
            self.problems.append(self.context.problem("no_transactions", severity=Severity.NOTE))

    def _open(self, tag: str, start: int) -> None:
        if tag in _TRANSACTIONS and any(group.tag == tag for group in self.stack):
            # a transaction never holds another: the end tag of the one before is missing
            self._close(tag, start)
        group = _Group(tag, start)
        if self.stack:
            self.stack[-1].inside.setdefault(tag, group)
        self.stack.append(group)
        if tag in _STATEMENTS:
            self.statement = group

    def _close(self, tag: str, end: int) -> None:
        if not any(group.tag == tag for group in self.stack):
            return
        while self.stack:
            group = self.stack.pop()
            self._closed(group, end)
            if group.tag == tag:
                return

    def _closed(self, group: _Group, end: int) -> None:
        if group.tag in _TRANSACTIONS:
            self.seen += 1
            _Entry(self, group, self.text[group.start : end].rstrip()).book()
        elif group.tag == "STATUS":
            self._status(group)
        elif group.tag == "FI":
            self.institution = group.value("ORG") or None
            self._fact("institution", group.value("ORG"))
        elif group.tag.endswith("ACCTFROM"):
            self._fact("holder_account", group.value("ACCTID"))
            if group.value("ACCTID"):
                self.texts.append(TextPiece(group.value("ACCTID"), Locator(row=self._line(group.start))))
        elif group.tag == "LEDGERBAL":
            self._fact("balance", f"{group.value('BALAMT')} {group.value('DTASOF')[:8]}".strip())
        elif group.tag in ("BANKTRANLIST", "INVTRANLIST"):
            self._fact("period_start", group.value("DTSTART")[:8])
            self._fact("period_end", group.value("DTEND")[:8])

    def _status(self, group: _Group) -> None:
        code = group.value("CODE")
        if group.value("SEVERITY").upper() != "ERROR" and code in ("", "0"):
            return
        signing_on = any(outer.tag == "SONRS" for outer in self.stack)
        detail = f"{code} {group.value('MESSAGE')}".strip()
        where = Locator(row=self._line(group.start))
        severity = Severity.NOTE if group.value("SEVERITY").upper() == "INFO" else Severity.WARNING
        self.problems.append(
            self.context.problem(
                "sign_on_failed" if signing_on else "request_refused", where, detail, severity
            )
        )

    def _fact(self, key: str, value: str) -> None:
        if not value:
            return
        known = self.facts.get(key)
        if known is None:
            self.facts[key] = value
        elif value not in known.split("; ") and len(known) < 400:
            self.facts[key] = f"{known}; {value}"

    def _line(self, place: int) -> int:
        return bisect_right(self.lines, place)


@dataclass(slots=True)
class _Entry:
    """One transaction in its statement."""

    file: _Book
    group: _Group
    raw: str

    def book(self) -> None:
        """Add it as a transfer, or say why not."""
        self.file.texts.append(TextPiece(" ".join(_values(self.group)), self._where()))
        size = self._size()
        if size is None:
            self._problem("amount_unclear", self.raw)
        elif size == 0:
            self._problem("zero_amount", self.raw, Severity.NOTE)
        elif currency := self._currency():
            self.file.transfers.append(self._transfer(size, currency))
        else:
            self._problem("currency_unclear", self.raw)

    def _transfer(self, size: Decimal, currency: str) -> Transfer:
        inner = self.group.tag == "INTRARS"
        outward = size < 0 or inner
        kind = self.group.value("TRNTYPE").upper()
        if (kind in _OUT_TYPES and size > 0) or (kind in _IN_TYPES and size < 0):
            self._problem("sign_contradicts_type", f"{kind} {size}", Severity.NOTE)
        own, far = self._own(), self._far()
        text = " ".join(dict.fromkeys(filter(None, (self.group.value("NAME"), self.group.value("MEMO")))))
        return Transfer(
            direction=Direction.OUT if outward else Direction.IN,
            amount=Amount(abs(size), currency),
            moment=self._moment(),
            status=TransferStatus.PENDING if self.group.tag == "STMTTRNP" else TransferStatus.COMPLETED,
            method=self._method(kind),
            payer=own if outward else far,
            payee=far if outward else own,
            sources=(self.file.source(self._where(), self.raw),),
            reference=self.group.value("FITID") or self.group.value("SRVRTID") or None,
            merchant_reference=self.group.value("REFNUM") or self.group.value("CHECKNUM") or None,
            note=text or None,
        )

    def _where(self) -> Locator:
        return Locator(row=self.file._line(self.group.start), item=str(self.file.seen))

    def _problem(self, code: str, detail: str, severity: Severity = Severity.WARNING) -> None:
        self.file.problems.append(self.file.context.problem(code, self._where(), detail, severity))

    def _size(self) -> Decimal | None:
        written = self.group.value("TRNAMT") or self.group.deep("XFERINFO", "TRNAMT")
        if not _AMOUNT.match(written) or not any(c.isdigit() for c in written):
            return None
        try:
            # the format has no thousands marks, so the one mark is the decimal mark
            return Decimal(written.replace(",", "."))
        except InvalidOperation:
            return None

    def _currency(self) -> str | None:
        own = self.group.deep("CURRENCY", "CURSYM").upper()
        if own in ISO_CODES:
            return own
        statement = self.file.statement
        stated = (statement.value("CURDEF") if statement else self.group.value("CURDEF")).upper()
        return stated if stated in ISO_CODES else None

    def _moment(self) -> Moment | None:
        written = self.group.value("DTPOSTED") or self.group.value("DTTRAN") or self.group.value("DTUSER")
        moment = ofx_moment(written, self.file.context.zone)
        if moment is None:
            self._problem("time_not_understood" if written else "date_missing", written)
        return moment

    def _method(self, kind: str) -> Method:
        if self.file.statement and self.file.statement.tag == "CCSTMTRS" and kind not in ("ATM", "CASH"):
            return Method.CARD
        return _METHODS.get(kind, Method.BANK_TRANSFER)

    def _own(self) -> Account:
        statement = self.file.statement or self.group
        groups = {**statement.inside, **self._transfer_info()}
        for tag, kind in (
            ("BANKACCTFROM", AccountKind.BANK),
            ("CCACCTFROM", AccountKind.CARD),
            ("INVACCTFROM", AccountKind.BANK),
        ):
            if tag in groups:
                return _account(groups[tag], kind, None, self.file.institution)
        return Account(None, self.file.institution, None)

    def _far(self) -> Account:
        name = self.group.value("NAME") or self.group.deep("PAYEE", "NAME") or None
        groups = {**self.group.inside, **self._transfer_info()}
        for tag, kind in (("BANKACCTTO", AccountKind.BANK), ("CCACCTTO", AccountKind.CARD)):
            if tag in groups:
                return _account(groups[tag], kind, name, None)
        return Account(name)

    def _transfer_info(self) -> Mapping[str, _Group]:
        info = self.group.inside.get("XFERINFO")
        return info.inside if info else {}


def _account(group: _Group, kind: AccountKind, name: str | None, institution: str | None) -> Account:
    bank = institution or group.value("BANKID") or group.value("BROKERID") or None
    return Account(name, bank, group.value("ACCTID") or None, kind)


def _values(group: _Group) -> Iterator[str]:
    yield from filter(None, group.values.values())
    for inner in group.inside.values():
        yield from _values(inner)


def ofx_moment(written: str, zone: str) -> Moment | None:
    """The moment of an OFX date ("20090401122017.000[-5:EST]"); None when it is not one.

    Midnight and noon on the second are how servers fill a date that has no time: they count as the day. A
    time without an offset is UTC, as the specification says; a day without one is a day in `zone`.
    """
    if not (found := _DATE.match(written)):
        return None
    clock = tuple(int(part or 0) for part in found.group(4, 5, 6))
    filled = found[4] is None or clock in ((0, 0, 0), (12, 0, 0))
    hour, minute, second = (0, 0, 0) if filled else clock
    wall = to_datetime(int(found[1]), int(found[2]), int(found[3]), (hour, minute, second))
    if wall is None:
        return None
    precision = Precision.DAY if filled else Precision.SECOND if found[6] else Precision.MINUTE
    if found[7] is not None:
        return Moment(wall.replace(tzinfo=_offset(found[7], found[8])), precision, ZoneBasis.STATED)
    if filled:
        return Moment(wall.replace(tzinfo=_named_zone(zone)), precision, ZoneBasis.ASSUMED)
    return Moment(wall.replace(tzinfo=UTC), precision, ZoneBasis.FORMAT)


def _offset(hours: str, fraction: str | None) -> tzinfo:
    """[-3.5] and [-3.30] both mean three and a half hours: decimals of an hour, or minutes."""
    minutes = 0
    if fraction:
        minutes = int(fraction) if fraction in ("30", "45") else int(Decimal(f"0.{fraction}") * 60)
    size = abs(int(hours)) * 60 + minutes
    return timezone(timedelta(minutes=-size if hours.startswith("-") else size)) if size < 1440 else UTC


def _named_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
