"""Scam news that an organisation publishes: short items with type, source, day, and the day they expire.

A feed is a JSON Feed 1.1 that any reader shows, with our own fields beside, signed as a whole. The
same items are written as Atom for other readers; only the signed JSON is ever read back, so no XML comes in.
Everything is text: nothing in an item is ever taken for markup or made a link.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from clawback.errors import SignatureRefused
from clawback.guard.signing import FIELD, Json, PrivateKey, Proof, PublicKey, read_signed, verify
from clawback.rules.pack import Record
from clawback.rules.yaml_text import parse_yaml, read_yaml, typed

PURPOSE = "feed"
OURS = "_clawback_feed"
JSON_FEED = "https://jsonfeed.org/version/1.1"
MOST_ITEMS = 200
LONGEST_LIFE = timedelta(days=3 * 366)
"""An item that counts for longer is no news."""

SHIPPED = Path(__file__).resolve().parent / "news.yaml"

_ATOM = "http://www.w3.org/2005/Atom"
_ALLOWED_CONTROL = "\n"
_JOINER = "\u200d"  # inside emoji and some scripts


def _plain(text: str) -> str:
    """Refuses what does not show and what turns the direction of reading."""
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") and sign not in _ALLOWED_CONTROL + _JOINER:
            raise ValueError(f"holds the unseen character U+{ord(sign):04X}")
    return unicodedata.normalize("NFC", text)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(map(str.isspace, text)):
        raise ValueError("is no http or https address")
    return text


Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\n]*$"), AfterValidator(_plain)
]
Passage = Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(_plain)]
Address = Annotated[str, StringConstraints(max_length=500), AfterValidator(_plain), AfterValidator(_address)]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]


class LineWords(Record):
    """One line, in both languages."""

    zh: Line
    en: Line

    def say(self, lang: str) -> str:
        """The line in `lang` ("zh" or "en")."""
        return self.zh if lang == "zh" else self.en


class PassageWords(Record):
    """A few sentences, in both languages."""

    zh: Passage
    en: Passage

    def say(self, lang: str) -> str:
        """The sentences in `lang` ("zh" or "en")."""
        return self.zh if lang == "zh" else self.en


class NewsSource(Record):
    """Where the news was read. `url`: shown as text, None when there is none."""

    text: Line
    url: Address | None = None


class Item(Record):
    """One piece of news. `typology`: id of the kind of scam, None: of none in particular. `expires`: the last
    day on which it counts."""

    id: ItemId
    published: date
    expires: date
    typology: ItemId | None = None
    title: LineWords
    text: PassageWords
    source: NewsSource

    @model_validator(mode="after")
    def _in_order(self) -> Item:
        if not timedelta() <= self.expires - self.published <= LONGEST_LIFE:
            raise ValueError("expires must be within three years after published")
        return self


class Feed(Record):
    """What an organisation publishes. Items in the organisation's order, each id once."""

    organisation: Line
    title: LineWords
    items: Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)]

    @model_validator(mode="after")
    def _once(self) -> Feed:
        ids = [item.id for item in self.items]
        if len(set(ids)) != len(ids):
            raise ValueError("an item's id stands twice")
        return self


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it is shown: whose it is, and who signed it (None: it came with the program)."""

    item: Item
    organisation: str
    proof: Proof | None

    def expired(self, today: date) -> bool:
        """Is its last day over?"""
        return today > self.item.expires

    @property
    def urn(self) -> str:
        """A name that stays the same wherever it is shown."""
        holder = hashlib.sha256((self.proof.key_id if self.proof else "shipped").encode()).hexdigest()[:16]
        return f"urn:clawback:{holder}:{self.item.id}"


def parse_feed(raw: bytes, name: str) -> Feed:
    """A feed as an organisation writes it, in YAML. Raises RulePackError naming line and key."""
    return typed(parse_yaml(raw, name), TypeAdapter(Feed))


@lru_cache(maxsize=1)
def shipped_feed() -> Feed:
    """The few items that come with the program."""
    return typed(read_yaml(SHIPPED, SHIPPED.name), TypeAdapter(Feed))


def sign_feed(feed: Feed, key: PrivateKey, at: datetime) -> Json:
    """The signed JSON Feed of `feed`."""
    return key.sign(_document(feed), PURPOSE, at)


def read_feed(raw: bytes, keys: Mapping[str, PublicKey], now: datetime) -> tuple[Feed, Proof]:
    """A feed from a signed file, and who signed it. Nothing of it is looked at before the signature holds.

    Raises SignatureRefused; also when what other readers see of it differs from what we do.
    """
    signed = read_signed(raw)
    proof = verify(signed, PURPOSE, keys, now)
    ours = signed.get(OURS)
    try:
        feed = TypeAdapter(Feed).validate_python(ours)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or OURS
        raise SignatureRefused(
            f"The feed holds something that we do not take: {place}: {first['msg']}",
            f"消息源里有不能接受的内容：{place}（{first['msg']}）",
            "not_taken",
        ) from error
    if {**_document(feed), FIELD: signed[FIELD]} != signed:
        raise SignatureRefused(
            "What other readers show of this feed differs from what is in it for us.",
            "这个消息源给别的阅读器看的，和给我们看的不一样。",
            "two_faces",
        )
    return feed, proof


def as_json_feed(entries: Iterable[Entry], title: str, lang: str, today: date) -> Json:
    """Items of several feeds as one unsigned JSON Feed, for a reader on this machine."""
    return {
        "version": JSON_FEED,
        "title": title,
        "language": "zh-Hans" if lang == "zh" else "en",
        "items": [
            {
                **_shown(one.item, one.item.title.say(lang), one.item.text.say(lang)),
                "id": one.urn,
                "authors": [{"name": one.organisation}],
                OURS: {
                    "expires": one.item.expires.isoformat(),
                    "expired": one.expired(today),
                    "source": one.item.source.text,
                    "signed_by": one.proof.key_id if one.proof else None,
                },
            }
            for one in entries
        ],
    }


def as_atom(entries: Iterable[Entry], title: str, lang: str, expiry: str) -> bytes:
    """Items as Atom (RFC 4287), all of it text. `expiry`: a sentence with {day}, the last line of each."""
    entries = tuple(entries)
    Xml.register_namespace("", _ATOM)
    root = Xml.Element(f"{{{_ATOM}}}feed", {"xml:lang": "zh-Hans" if lang == "zh" else "en"})
    newest = max((one.item.published for one in entries), default=date(1970, 1, 1))
    _put(root, "id", "urn:clawback:feed")
    _put(root, "title", title)
    _put(root, "updated", _instant(newest))
    for one in entries:
        entry = Xml.SubElement(root, f"{{{_ATOM}}}entry")
        _put(entry, "id", one.urn)
        _put(entry, "title", one.item.title.say(lang))
        _put(entry, "updated", _instant(one.item.published))
        _put(Xml.SubElement(entry, f"{{{_ATOM}}}author"), "name", one.organisation)
        if one.item.typology:
            Xml.SubElement(entry, f"{{{_ATOM}}}category", {"term": one.item.typology})
        lines = (one.item.text.say(lang), one.item.source.text, expiry.format(day=one.item.expires))
        _put(entry, "content", "\n".join(lines))
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _document(feed: Feed) -> Json:
    return {
        "version": JSON_FEED,
        "title": f"{feed.title.zh} / {feed.title.en}",
        "authors": [{"name": feed.organisation}],
        "items": [
            _shown(item, f"{item.title.zh} / {item.title.en}", f"{item.text.zh}\n\n{item.text.en}")
            for item in feed.items
        ],
        OURS: feed.model_dump(mode="json"),
    }


def _shown(item: Item, title: str, text: str) -> Json:
    shown: Json = {
        "id": item.id,
        "title": title,
        "content_text": f"{text}\n\n{item.source.text}",
        "date_published": _instant(item.published),
    }
    return {**shown, "tags": [item.typology]} if item.typology else shown


def _put(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _instant(day: date) -> str:
    return datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
