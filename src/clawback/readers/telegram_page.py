"""Telegram Desktop's HTML export: `messages.html`, `messages2.html`, …

A page is a list of `div`s of class "message": "service" for the days and remarks of the app, "default" for
what was said, "joined" when the sender is the one above. The full time stands in the title of the date, with
its offset in newer versions.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import BinaryIO

from clawback.model.events import Message
from clawback.model.evidence import Locator
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.chat_times import local_moment
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.decode import read_text
from clawback.readers.gathering import Gathering, gathering
from clawback.readers.html_text import text_of

_MESSAGE = re.compile(r'<div class="message (?P<classes>[a-z_ ]{1,60})" id="message(?P<id>-?\d{1,18})">')
_TITLE = re.compile(
    r'<div class="page_header">.{0,300}?<div class="text bold">(?P<title>[^<]{1,300})<', re.DOTALL
)
_DATE = re.compile(
    r'<div class="pull_right date details" title="(?P<date>\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d)'
    r'(?: (?:UTC|GMT)(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d))?"'
)
_NAME = re.compile(r'<div class="from_name">(?P<name>[^<]{1,300})')
_TEXT = '<div class="text">'
_MEDIA_TEXT = re.compile(r'<div class="(?:title bold|status details|description)">(?P<text>[^<]{1,300})')
_FILE = re.compile(r'<a class="[a-z_ ]{0,120}" href="(?P<path>(?!https?:|tg:|#)[^"<>]{1,300})"')
_FORWARDED = '<div class="forwarded body">'


class TelegramPageReader:
    """Reads Telegram Desktop HTML exports."""

    name = "telegram_page"
    version = "1"
    formats = ("Telegram Desktop 导出（messages.html）", "Telegram Desktop export (messages.html)")

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by the classes of its parts."""
        marks = (b'class="message ', b"pull_right date details", b'class="from_name"', b'class="history"')
        return Sureness.CERTAIN if all(mark in peek.head for mark in marks) else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per entry, remarks of the app included (without sender)."""
        decoded, problems = read_text(original, context)
        work = gathering(self, context, problems)
        if decoded:
            _page(work, decoded.text)
        return work.reading(self)


def _page(work: Gathering, page: str) -> None:
    starts = list(_MESSAGE.finditer(page))
    if not starts:
        work.lost("no_messages_found", Locator())
        return
    header = _TITLE.search(page, 0, starts[0].start())
    title = html.unescape(header["title"]).strip() if header else None
    sender: str | None = None
    ends = [start.start() for start in starts[1:]] + [len(page)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        place = work.place(start["id"], number)
        classes, inside = start["classes"].split(), page[start.end() : end]
        if "service" in classes:
            entry = _service(work, inside, place)
        else:
            entry = _said(work, inside, place, sender if "joined" in classes else None)
        sender = entry.sender
        if not work.keep(replace(entry, conversation=title)):
            return


def _service(work: Gathering, inside: str, place: Locator) -> Message:
    """A day or a remark: it has no time of its own."""
    text = text_of(inside)
    return Message(None, None, text, "telegram", (work.source(place, text),))


def _said(work: Gathering, inside: str, place: Locator, above: str | None) -> Message:
    own_part, forwarded, quoted = inside.partition(_FORWARDED)
    shown = text_of(inside)
    name = _NAME.search(own_part)
    sender = html.unescape(name["name"]).strip() if name else above
    if sender is None:
        work.warn("sender_missing", place, shown)
    body = quoted if forwarded else own_part
    date = _DATE.search(own_part)
    return Message(
        work.checked(_moment(date, work) if date else None, place, date["date"] if date else shown),
        sender,
        "\n".join(_texts(body)),
        "telegram",
        (work.source(place, shown),),
        attachments=tuple(html.unescape(f["path"]).rpartition("/")[2] for f in _FILE.finditer(body)),
    )


def _texts(body: str) -> Iterator[str]:
    """What was written; where nothing was, the words that the page shows for what was sent along."""
    parts = (part.partition("</div>")[0] for part in body.split(_TEXT)[1:])
    written = [text for part in parts if (text := _without_repeated_links(text_of(part)))]
    if written:
        yield from written
    else:
        yield from (html.unescape(found["text"]).strip() for found in _MEDIA_TEXT.finditer(body))


def _without_repeated_links(text: str) -> str:
    """`text_of` puts a link's address behind its words; where both are the same, once is enough."""
    pieces = text.split(" <")
    kept = [pieces[0]]
    for before, piece in pairwise(pieces):
        address, closed, rest = piece.partition(">")
        words = before.rsplit(maxsplit=1)
        kept.append(rest if closed and words and words[-1] == address else f" <{piece}")
    return "".join(kept)


def _moment(date: re.Match[str], work: Gathering) -> Moment | None:
    try:
        local = datetime.strptime(date["date"], "%d.%m.%Y %H:%M:%S")  # noqa: DTZ007 - the zone stands beside it
    except ValueError:
        return None
    if date["sign"] is None:
        return local_moment(local, Precision.SECOND, work.context.zone, ZoneBasis.ASSUMED)
    offset = timedelta(hours=int(date["hours"]), minutes=int(date["minutes"]))
    if offset > timedelta(hours=14):
        return None
    zone = timezone(-offset if date["sign"] == "-" else offset)
    return Moment(local.replace(tzinfo=zone), Precision.SECOND, ZoneBasis.STATED)
