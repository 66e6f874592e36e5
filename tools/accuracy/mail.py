"""Mails: one message per file, with its time and its sender.

The sources state no dates or senders. Truth is what the standard library's parser says about the same bytes
(`email.policy.default`), an implementation that the reader does not use; a mail whose Date that parser cannot
read, or which lies in the future of every case, must have no time.
"""

from __future__ import annotations

import email
import email.policy
import email.utils
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.accuracy.rows import Opened, Row, open_file, origin_of

from clawback.model.events import Message
from clawback.model.moments import ZoneBasis

ZONE = "Asia/Shanghai"
_NOT_MAIL = {".json", ".yml", ".csv"}
_LISTS = {"openphish-feed.txt", "SOURCE.md"}


def measure(data: Path) -> list[Row]:
    """One row per source and folder of mails in it."""
    rows = []
    for source in sorted(path for path in data.iterdir() if path.is_dir()):
        for part, files in _parts(source).items():
            rows.append(_row(source, part, files))
    return rows


def _parts(source: Path) -> dict[str, list[Path]]:
    """Files by the kind of mail that they are; those named .msg apart: most are Outlook's own format."""
    parts: dict[str, list[Path]] = {}
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.suffix not in _NOT_MAIL and path.name not in _LISTS:
            parts.setdefault(".msg" if path.suffix == ".msg" else "", []).append(path)
    return parts


def _row(source: Path, part: str, files: list[Path]) -> Row:
    opened = [open_file(path, ZONE) for path in files]
    exact: Counter[str] = Counter()
    for path, each in zip(files, opened, strict=True):
        exact.update(_exact(path, each))
    return Row(
        kind="mail",
        source=origin_of(source),
        part=part,
        files=len(files),
        read=sum(each.reading is not None for each in opened),
        no_reader=sum(each.reading is None and each.error is None for each in opened),
        errors=sum(each.error is not None for each in opened),
        expected=len(files),
        found=sum(len(each.reading.messages) for each in opened if each.reading),
        exact={"time": exact["time"], "sender": exact["sender"], "subject": exact["subject"]},
    )


@dataclass(frozen=True, slots=True)
class _Truth:
    sent: datetime | None
    zone_stated: bool
    sender: str
    subject: str


def _exact(path: Path, opened: Opened) -> Iterator[str]:
    """Which properties of the one message in this file are exactly right."""
    if opened.reading is None or len(opened.reading.messages) != 1:
        return
    (message,) = opened.reading.messages
    truth = _truth(path)
    if _same_time(message, truth):
        yield "time"
    if _addresses(message.sender) == _addresses(truth.sender):
        yield "sender"
    if _squeezed(message.conversation) == truth.subject:
        yield "subject"


def _truth(path: Path) -> _Truth:
    data = path.read_bytes().lstrip(b"\r\n")
    mail = email.message_from_bytes(data, policy=email.policy.default)
    stated = _squeezed(str(email.message_from_bytes(data).get("Date", "")))
    return _Truth(_time(stated), not _zoneless(stated), _field(mail, "From"), _field(mail, "Subject"))


def _field(mail: email.message.EmailMessage, name: str) -> str:
    try:
        return _squeezed(str(mail.get(name, "")))
    except (ValueError, IndexError, AttributeError, TypeError):  # that parser's own faults
        return ""


def _time(stated: str) -> datetime | None:
    try:
        sent = email.utils.parsedate_to_datetime(stated)
    except (ValueError, TypeError, IndexError):
        return None
    return sent if 1980 <= sent.year < 2100 else None


def _zoneless(stated: str) -> bool:
    found = email.utils.parsedate_tz(stated)
    return found is None or (found[9] in (None, 0) and "+0000" not in stated and "-0000" not in stated)


def _same_time(message: Message, truth: _Truth) -> bool:
    if message.moment is None or truth.sent is None:
        return message.moment is None and truth.sent is None
    if message.moment.zone_basis is ZoneBasis.ASSUMED:  # its clock face must be the stated one
        return not truth.zone_stated and message.moment.instant.replace(tzinfo=None) == truth.sent.replace(
            tzinfo=None
        )
    sent = truth.sent if truth.sent.tzinfo else truth.sent.replace(tzinfo=UTC)
    return message.moment.instant == sent


def _addresses(text: str | None) -> set[str]:
    """Addresses in a From field: that parser writes names anew, but never these."""
    return {found.rstrip(".") for found in re.findall(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+", text or "")}


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())
