"""Text messages of an Android phone, as "SMS Backup & Restore" writes them (`sms-….xml`)."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from clawback.model.events import Message
from clawback.model.evidence import Locator
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.decode import MAX_TEXT_BYTES, ProblemList
from clawback.readers.gathering import Gathering, gathering, unix_moment

_DIRECTIONS = {"1": False, "2": True, "4": True, "5": True, "6": True}
"""Android's message boxes: 1 inbox; 2 sent, 4 outbox, 5 failed, 6 queued are the user's own. 3 is a draft."""

_MAX_DEPTH = 20
_HIGH = rb"&#(55(?:29[6-9]|[3-9]\d\d)|56(?:[0-2]\d\d|3[01]\d));"  # 55296 to 56319
_LOW = rb"&#(56(?:3[2-9]\d|[4-9]\d\d)|57(?:[0-2]\d\d|3[0-3]\d|34[0-3]));"  # 56320 to 57343
_PAIR = re.compile(_HIGH + _LOW)
_HALF = re.compile(_HIGH + b"|" + _LOW)
_SHOWN = ("address", "date", "type", "body", "contact_name", "readable_date")


class SmsBackupReader:
    """Reads SMS Backup & Restore XML."""

    name = "sms_backup"
    version = "1"
    formats = ("短信备份（SMS Backup & Restore）", "Text messages (SMS Backup & Restore)")

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by its root element."""
        return Sureness.CERTAIN if b"<smses" in peek.head[:4096] else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per `sms`; `mms` elements are reported, not read."""
        work = gathering(self, context, ProblemList())
        data = original.read(MAX_TEXT_BYTES + 1)
        if len(data) > MAX_TEXT_BYTES:
            work.lost("text_too_large", Locator(), str(MAX_TEXT_BYTES))
            return work.reading(self)
        try:
            _walk(work, _with_whole_characters(data, work))
        except ParseError as error:
            work.lost("xml_broken", Locator(), str(error))
        except DefusedXmlException:
            work.lost("xml_dtd", Locator())
        return work.reading(self)


def _with_whole_characters(data: bytes, work: Gathering) -> bytes:
    """The app writes an emoji as references to two half characters, which XML forbids: join them again."""
    joined = _PAIR.sub(_one_reference, data)
    whole, halves = _HALF.subn("\ufffd".encode(), joined)
    if halves:
        work.warn("bytes_unreadable", Locator(), str(halves))
    return whole


def _one_reference(pair: re.Match[bytes]) -> bytes:
    high, low = int(pair[1]), int(pair[2])
    return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _walk(work: Gathering, data: bytes) -> None:
    counts = Counter[str]()
    stated, depth = None, 0
    for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH:
            work.lost("nested_too_deep", Locator(), str(_MAX_DEPTH))
            return
        if event == "start":
            stated = element.get("count") if element.tag == "smses" else stated
        elif element.tag in ("sms", "mms"):
            counts[element.tag] += 1
            place = Locator(item=str(counts.total()))
            if element.tag == "sms" and not work.keep(_message(work, element.attrib, place)):
                return
            element.clear()
    if counts["mms"]:
        work.lost("section_not_read", Locator(), f"mms: {counts['mms']}")
    if stated is not None and stated != str(counts.total()):
        work.warn("totals_disagree", Locator(), f"count {stated} ≠ {counts.total()}")


def _message(work: Gathering, found: Mapping[str, str], place: Locator) -> Message:
    own = _DIRECTIONS.get(found.get("type", ""))
    shown = " ".join(f'{key}="{found[key]}"' for key in _SHOWN if key in found)
    other = _given(found.get("contact_name")) or _given(found.get("address"))
    return Message(
        work.checked(unix_moment(found.get("date"), 1000), place, shown),
        None if own else _given(found.get("address")),
        found.get("body", ""),
        "sms",
        (work.source(place, shown),),
        own=own,
        conversation=other,
    )


def _given(value: str | None) -> str | None:
    """The value; None for the words with which the app fills an empty field."""
    return None if value in (None, "", "null", "(Unknown)") else value
