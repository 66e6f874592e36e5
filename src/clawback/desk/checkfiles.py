"""A picture, a mail or a text file that somebody wants checked: its words, read in a box; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from clawback.desk.mailchecking import MailCheck, check_mail_file, is_mail
from clawback.readers.box import Box
from clawback.readers.decode import decode
from clawback.readers.wire import Header
from clawback.vault.media_types import media_type_of

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_PICTURE = 20 * 1024 * 1024
LARGEST_TEXT = 1024 * 1024
"""Bytes of a text file that are read: many more than the characters that are looked at."""

_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileText:
    """What was read in a file: its words, or a mail as it was checked. `problem`: code of why nothing was, or
    None."""

    text: str
    problem: str | None
    mail: MailCheck | None = None


def read_picture_or_mail(name: str, file: BinaryIO, size: int, today: date) -> FileText:
    """A screenshot or a mail (.eml). Raises UsageError where files cannot be read safely."""
    head = file.read(_HEAD)
    file.seek(0)
    if not is_mail(name, head):
        return read_picture(name, file, size, today)
    mail = check_mail_file(name, file, size, today)
    failed = None if mail.problem in (None, "incomplete") else mail.problem
    return FileText("", failed, None if failed else mail)


def may_be_chat(path: Path) -> bool:
    """Could this file be the export of a chat? A mail and a picture are looked at as what they are."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return not (is_mail(path.name, head) or media_type_of(path.name, head).startswith("image/"))


def read_file(path: Path, today: date) -> FileText:
    """A file of any of the kinds that can be checked. Raises OSError, and UsageError as above."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0)
        if is_mail(path.name, head) or media_type_of(path.name, head).startswith("image/"):
            return read_picture_or_mail(path.name, file, size, today)
        return read_text(file)


def read_text(file: BinaryIO) -> FileText:
    """Plain text in any of the encodings of our users, up to `LARGEST_TEXT` bytes of it."""
    data = file.read(LARGEST_TEXT)
    decoded = decode(data, whole=len(data) < LARGEST_TEXT)
    return FileText(decoded.text, None) if decoded else FileText("", "no_text")


def read_picture(name: str, picture: BinaryIO, size: int, today: date) -> FileText:
    """The words in a picture, read in a box of its own. Raises UsageError where that is not possible."""
    if size > LARGEST_PICTURE:
        return FileText("", "too_large")
    kind = media_type_of(name, picture.read(_HEAD))
    picture.seek(0)
    if not kind.startswith("image/"):
        return FileText("", "no_picture")
    with Box() as box:
        reading = box.read(picture, Header(1, name, size, kind, "Asia/Shanghai", today), lambda *_: None)
    text = "\n".join(piece.text for piece in reading.texts)
    if text:
        return FileText(text, None)
    return FileText("", next((problem.code for problem in reading.problems), "no_text_found"))
