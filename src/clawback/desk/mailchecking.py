"""Is this mail (.eml) a scam, and why? Nothing is kept, nothing is fetched, no attachment is opened.

The file is taken apart in a box of its own; what comes back is checked against the shape that it must have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from clawback.guard.mail import MailVerdict, check_mail
from clawback.guard.mail_parts import MailParts
from clawback.guard.mail_words import opening
from clawback.guard.verdict import Result, judge
from clawback.readers.box import Box
from clawback.readers.mail_parts import FACT
from clawback.readers.media_types import looks_like_mail
from clawback.readers.wire import Header

LARGEST_MAIL = 30 * 1024 * 1024
"""Bytes; providers deliver none that is larger."""

_READERS = "clawback.readers.mail_parts:MAIL_PARTS_READERS"
_PARTS = TypeAdapter(MailParts)
_NOTHING = MailVerdict(Result.CANNOT, None, ())


@dataclass(frozen=True, slots=True)
class MailCheck:
    """What a mail shows. `sender` and `subject` as they stand in it, for a heading; `attachments`: their
    names, none of which was opened. `problem`: code of why nothing could be said, or "incomplete" when the
    file ends early, or None.
    """

    verdict: MailVerdict
    sender: str
    subject: str
    attachments: tuple[str, ...]
    problem: str | None


def is_mail(name: str, head: bytes) -> bool:
    """Does a file look like a mail, by its name or by the first bytes of it?"""
    return name.lower().endswith(".eml") or looks_like_mail(head)


def mail_box(workers: int = 1) -> Box:
    """A box for checking many mails; a context manager."""
    return Box(workers=workers, readers=_READERS, files_per_process=64)


def check_mail_file(name: str, mail: BinaryIO, size: int, today: date, box: Box | None = None) -> MailCheck:
    """Look at one mail of `size` bytes. `box`: one of `mail_box`, for many; None: one for this mail alone."""
    if size > LARGEST_MAIL:
        return _failed("too_large")
    if box is None:
        with Box(readers=_READERS) as own:
            return check_mail_file(name, mail, size, today, own)
    header = Header(1, name, size, "message/rfc822", "Asia/Shanghai", today)
    reading = box.read(mail, header, lambda *_: None)
    stated = dict(reading.facts).get(FACT)
    if stated is None:
        return _failed(next((problem.code for problem in reading.problems), "no_mail"))
    try:
        parts = _PARTS.validate_json(stated)
    except ValidationError:  # only a reader that was taken over answers in another shape
        return _failed("reader_broke_contract")
    return _checked(parts)


def _checked(parts: MailParts) -> MailCheck:
    verdict = check_mail(parts, judge(opening(parts)[0]))
    return MailCheck(
        verdict,
        parts.first("From"),
        parts.subject,
        tuple(attachment.name or attachment.media_type for attachment in parts.attachments),
        "incomplete" if parts.incomplete else None,
    )


def _failed(problem: str) -> MailCheck:
    return MailCheck(_NOTHING, "", "", (), problem)
