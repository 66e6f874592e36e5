"""One e-mail as a file (.eml): the message, its text for finding and quoting, its attachments as exhibits.

Anybody can write any header into a file: an unverified mail is graded as such.
"""

from __future__ import annotations

import email.message
import email.utils
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import BinaryIO
from zoneinfo import ZoneInfo

from clawback.model.events import Message
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness, TextPiece
from clawback.readers.html_text import MAX_HTML, text_of
from clawback.readers.limits import MIB
from clawback.readers.media_types import looks_like_mail
from clawback.readers.mime import MimeLimit, Part, content, field_text, leaves, text
from clawback.readers.plain_text import pieces_of

MAX_MAIL_BYTES = 200 * MIB
"""Larger mails stay sealed and unread; no provider delivers them."""

SHOWN = (
    "From",
    "Sender",
    "Reply-To",
    "Return-Path",
    "To",
    "Cc",
    "Date",
    "Subject",
    "Message-ID",
    "Authentication-Results",
    "X-Originating-IP",
)
"""Header fields that tell who wrote, and how the receiver's server judged that."""

_CHUNK = 256 * 1024
_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}")
_NUMERIC_ZONE = re.compile(r"[+-]\d{4}\b")
_EARLIEST = 1980
_NAMED_ZONES = ("UT", "GMT", "UTC", "Z", "EST", "EDT", "MST", "MDT", "PST", "PDT", "CDT")


class EmailReader:
    """RFC 5322 mail: headers, text parts, attachments."""

    name = "email_message"
    version = "1"
    formats = ("电子邮件（.eml）", "E-mail (.eml)")

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by header fields under the name .eml, SURE by the fields alone."""
        if not looks_like_mail(peek.head):
            return Sureness.LIKELY if peek.suffix == ".eml" and b":" in peek.head else Sureness.NO
        return Sureness.CERTAIN if peek.suffix == ".eml" else Sureness.SURE

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message; every text part and header of interest as TextPieces; attachments handed over."""
        data = original.read(MAX_MAIL_BYTES + 1)
        mail = _Mail(context, SourceMaker(self.name, self.version, context.exhibit))
        if len(data) > MAX_MAIL_BYTES:
            mail.problem("too_large", str(MAX_MAIL_BYTES), Severity.ERROR)
        else:
            mail.take(without_envelope(data))
        return mail.reading()


@dataclass(slots=True)
class _Mail:
    """What was found in one mail so far."""

    context: ReadingContext
    source: SourceMaker
    messages: list[Message] = field(default_factory=list)
    texts: list[TextPiece] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    rich: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)

    def problem(
        self, code: str, detail: str = "", severity: Severity = Severity.WARNING, item: str | None = None
    ) -> None:
        self.problems.append(self.context.problem(code, Locator(item=item), detail, severity))

    def take(self, data: bytes) -> None:
        """Read the whole mail; a bound that is exceeded ends it with a problem."""
        fields = email.message.Message()
        try:
            fields, parts = leaves(data)
            self._headers(fields)
            for part in parts:
                self._part(part)
        except MimeLimit as limit:
            self.problem(str(limit), severity=Severity.ERROR)
        if fields.keys():
            self._message(fields)

    def _headers(self, fields: email.message.Message) -> None:
        for name in SHOWN:
            stated = field_text(fields, name)
            if stated:
                self.facts.append((name.lower().replace("-", "_"), stated[:2000]))
                self.texts.append(TextPiece(f"{name}: {stated}", Locator(item=name)))

    def _part(self, part: Part) -> None:
        place = f"part {part.path}"
        if part.cut_off:
            self.problem("mail_cut_off", severity=Severity.ERROR, item=place)
        elif part.attached:
            self._attachment(part, place)
        else:
            self._text(part, place)

    def _text(self, part: Part, place: str) -> None:
        _, sound = content(part)
        decoded = text(part)
        if decoded is None:
            self.problem("not_text", part.media_type, Severity.ERROR, place)
            return
        if not sound:
            self.problem("transfer_encoding_damaged", item=place)
        if not decoded.sure:
            self.problem("encoding_unclear", decoded.encoding, item=place)
        if decoded.damaged:
            self.problem("bytes_unreadable", f"{decoded.encoding}: {decoded.damaged}", item=place)
        rich = part.media_type == "text/html"
        if rich and len(decoded.text) > MAX_HTML:
            self.problem("text_too_large", str(MAX_HTML), Severity.ERROR, place)
        words = text_of(decoded.text) if rich else decoded.text.replace("\r\n", "\n").strip()
        if words:
            (self.rich if rich else self.plain).append(words)
            self.texts += _placed(words, place)

    def _attachment(self, part: Part, place: str) -> None:
        data, sound = content(part)
        name = self._attachment_name(part)
        if not sound:
            self.problem("transfer_encoding_damaged", name[:200], item=place)
        if not data:
            self.problem("attachment_empty", name[:200], item=place)
            return
        self.attachments.append(name)
        chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
        self.context.member(name, part.media_type, chunks)

    def _attachment_name(self, part: Part) -> str:
        """As declared; a forwarded mail is named by its subject's place, an unnamed part by its path."""
        try:
            stated = part.file_name
        except MimeLimit:
            self.problem("header_too_long", item=f"part {part.path}")
            stated = None
        if stated:
            return stated
        suffix = ".eml" if part.media_type == "message/rfc822" else mimetypes.guess_extension(part.media_type)
        return f"part-{part.path}{suffix or ''}"

    def _message(self, fields: email.message.Message) -> None:
        heading = "\n".join(f"{name}: {stated}" for name in ("From", "Date", "Subject")
                            if (stated := _readable_field(fields, name)))  # fmt: skip
        body = self.plain or self.rich
        self.messages.append(
            Message(
                self._moment(fields),
                _readable_field(fields, "From"),
                "\n\n".join(body),
                "email",
                (self.source(Locator(item="1"), heading),),
                conversation=_readable_field(fields, "Subject"),
                attachments=tuple(self.attachments),
            )
        )

    def _moment(self, fields: email.message.Message) -> Moment | None:
        stated = _readable_field(fields, "Date")
        if not stated:
            self.problem("date_missing", item="Date")
            return None
        moment = _moment_of(stated, self.context.zone)
        if moment is None:
            self.problem("date_unreadable", stated, item="Date")
            return None
        if moment.instant.date() > self.context.today + timedelta(days=1):
            self.problem("date_in_future", stated, item="Date")
            return None
        if moment.zone_basis is ZoneBasis.ASSUMED:
            self.problem("zone_assumed", stated, Severity.NOTE, "Date")
        return moment

    def reading(self) -> Reading:
        """Everything found, as one reading."""
        return Reading(
            self.source.reader,
            self.source.version,
            Grade.EMAIL if self.messages else Grade.UNGRADED,
            messages=tuple(self.messages),
            texts=tuple(self.texts),
            problems=tuple(self.problems),
            facts=tuple(self.facts),
            complete=not any(problem.severity is Severity.ERROR for problem in self.problems),
        )


def without_envelope(data: bytes) -> bytes:
    """`data` without a byte order mark and the "From " line that mailboxes put before each mail."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return data.partition(b"\n")[2] if data.startswith((b"From ", b">From ")) else data


def _placed(words: str, place: str) -> Iterator[TextPiece]:
    for piece in pieces_of(words.split("\n")):
        where = piece.locator
        yield TextPiece(piece.text, Locator(item=place, line=where.line, start=where.start, end=where.end))


def _readable_field(fields: email.message.Message, name: str) -> str | None:
    try:
        return field_text(fields, name)
    except MimeLimit:  # reported when the headers were read
        return None


def _moment_of(stated: str, zone: str) -> Moment | None:
    """A Date field (RFC 5322 3.3). None when it cannot be read; the zone is assumed when it names none."""
    parts = email.utils.parsedate_tz(stated[:200])
    if parts is None or parts[0] < _EARLIEST:
        return None
    precision = Precision.SECOND if _SECONDS.search(stated) else Precision.MINUTE
    try:
        local = datetime(*parts[:6])  # noqa: DTZ001 - its zone follows
        if not _names_zone(stated):
            return Moment(local.replace(tzinfo=ZoneInfo(zone)), precision, ZoneBasis.ASSUMED)
        offset = timezone(timedelta(seconds=parts[9] or 0))
        return Moment(local.replace(tzinfo=offset), precision, ZoneBasis.STATED)
    except (ValueError, OverflowError):
        return None


def _names_zone(stated: str) -> bool:
    """Is a zone stated that means one thing only? "CST" alone is six zones' name, so it does not count."""
    words = re.split(r"[\s()]+", stated.strip())
    return bool(_NUMERIC_ZONE.search(stated)) or any(word in _NAMED_ZONES for word in words)
