"""One mail taken apart for the guard: who claims to write, what is seen and hidden, links, attachments.

`EmailReader` reads a mail as evidence. Here nothing becomes a record: the parts go back as one JSON fact, so
that also for a check the bytes of a stranger are only ever read inside the box.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from clawback.model.evidence import Grade
from clawback.readers.contract import Peek, Reader, Reading, ReadingContext, Sureness
from clawback.readers.email_message import MAX_MAIL_BYTES, without_envelope
from clawback.readers.html_parts import Page, take_apart
from clawback.readers.media_types import looks_like_mail
from clawback.readers.mime import MimeLimit, Part, content, decode_words, leaves, text

FACT = "mail_parts"
MAX_TEXT = 200_000
"""Characters of the text that is seen, and of the hidden text, that are handed on."""

MAX_FIELDS = 500
_FIELD = 4_000
_HEAD = 16
_KEPT = frozenset((
    "from", "sender", "reply-to", "return-path", "to", "cc", "subject", "message-id", "date",
    "authentication-results", "received-spf", "list-post", "mailing-list", "list-unsubscribe", "precedence",
    "auto-submitted", "in-reply-to", "references",
))  # fmt: skip


class MailPartsReader:
    """RFC 5322 mail, taken apart."""

    name = "mail_parts"
    version = "1"
    formats = ("电子邮件（.eml）", "E-mail (.eml)")

    def identify(self, peek: Peek) -> Sureness:
        """SURE by header fields; LIKELY by the name alone."""
        if looks_like_mail(peek.head):
            return Sureness.SURE
        return Sureness.LIKELY if peek.suffix == ".eml" and b":" in peek.head else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One fact, `FACT`, whose value is the JSON of the parts; no messages, no members."""
        data = original.read(MAX_MAIL_BYTES + 1)
        if len(data) > MAX_MAIL_BYTES:
            problem = context.problem("too_large", detail=str(MAX_MAIL_BYTES))
            return Reading(self.name, self.version, Grade.UNGRADED, problems=(problem,), complete=False)
        parts = parts_of(data)
        return Reading(
            self.name,
            self.version,
            Grade.UNGRADED,
            facts=((FACT, json.dumps(parts, ensure_ascii=False)),),
            complete=not parts["incomplete"],
        )


MAIL_PARTS_READERS: tuple[Reader, ...] = (MailPartsReader(),)
"""For a box that checks mails and keeps nothing; not among the readers of evidence."""


def parts_of(data: bytes) -> dict[str, Any]:
    """The parts of the mail `data` as plain values. `incomplete`: a bound ended it early."""
    taken: dict[str, Any] = {"headers": [], "attachments": [], "incomplete": False}
    pages: list[Page] = []
    plain: list[str] = []
    try:
        fields, parts = leaves(without_envelope(data))
        taken["headers"] = _headers(fields)
        for part in parts:
            _take(part, taken, pages, plain)
    except MimeLimit:
        taken["incomplete"] = True
    seen = "\n".join(page.seen for page in pages)
    taken |= {
        "text": (seen or "\n".join(plain))[:MAX_TEXT],
        "hidden": "\n".join(page.hidden for page in pages)[:MAX_TEXT],
        "links": [
            {"target": link.target[:_FIELD], "words": link.words[:_FIELD], "kind": link.kind}
            for page in pages
            for link in page.links
        ],
        "pictures": sum(page.pictures for page in pages),
        "asks_password": any(page.asks_password for page in pages),
    }
    return taken


def _headers(fields: Any) -> list[list[str]]:
    """The fields that tell something, in order from the top, unfolded and decoded."""
    kept: list[list[str]] = []
    for name, stated in fields.raw_items():
        if name.lower() in _KEPT and len(kept) < MAX_FIELDS:
            kept.append([name, _decoded(str(stated))])
    return kept


def _decoded(raw: str) -> str:
    try:
        return decode_words(raw[: 4 * _FIELD]).strip()[:_FIELD]
    except MimeLimit:
        return raw[:_FIELD].encode("ascii", "replace").decode()


def _take(part: Part, taken: dict[str, Any], pages: list[Page], plain: list[str]) -> None:
    if part.cut_off:
        taken["incomplete"] = True
    elif part.attached:
        data, _ = content(part)
        name = (part.file_name or "")[:_FIELD]
        attachment = {"name": name, "media_type": part.media_type, "size": len(data)}
        taken["attachments"].append(attachment | {"head": data[:_HEAD].hex()})
    elif (decoded := text(part)) is not None:
        if part.media_type == "text/html":
            pages.append(take_apart(decoded.text))
        else:
            plain.append(decoded.text.replace("\r\n", "\n").strip())
