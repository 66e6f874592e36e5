"""Scam news: what came with the program, and what organisations publish that the person chose to trust.

Nothing is fetched and nothing is sent: a feed is a file that is written here and handed on, or handed in and
taken when its signature is that of a pinned key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from clawback.errors import TargetNotWritable, UsageError
from clawback.guard import subscriptions
from clawback.guard.feed import PURPOSE, Entry, as_atom, as_json_feed, parse_feed, shipped_feed, sign_feed
from clawback.guard.signing import MAX_BYTES, Proof, PublicKey, load_key, new_key, write_public
from clawback.guard.subscriptions import Subscription
from clawback.guard.typologies import load_typologies

__all__ = ["Entry", "News", "PublicKey", "Published", "Subscription", "atom", "json_feed"]

FOLDER = "feeds"
"""Name of their folder in the home folder; no case can have it."""

_EXPIRY = {"zh": "有效至 {day}", "en": "Counts until {day}"}


@dataclass(frozen=True, slots=True)
class News:
    """`entries`: newest first, expired ones among them. `unread`: trusted keys whose file cannot be shown."""

    entries: tuple[Entry, ...]
    unread: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Files that were written, Atom in both languages. `key_id`, `public`: what subscribers have to pin."""

    feed: Path
    atom: tuple[Path, ...]
    items: int
    key_id: str
    public: str


def news(home: Path, now: datetime) -> News:
    """What is there to read. Raises UsageError when the list of trusted keys is damaged."""
    shipped = shipped_feed()
    taken = subscriptions.subscriptions(home / FOLDER, now)
    entries = [Entry(item, shipped.organisation, None) for item in shipped.items]
    entries += [entry for one in taken for entry in one.entries()]
    entries.sort(key=lambda one: (one.item.published, one.item.id), reverse=True)
    return News(tuple(entries), tuple(one for one in taken if one.problem))


def json_feed(found: News, title: str, lang: str, today: date) -> object:
    """The entries as a JSON Feed."""
    return as_json_feed(found.entries, title, lang, today)


def atom(found: News, title: str, lang: str, expiry: str) -> bytes:
    """The entries as Atom. `expiry`: a sentence with {day}."""
    return as_atom(found.entries, title, lang, expiry)


def kind_name(entry: Entry, lang: str) -> str:
    """The name of the kind of scam that an entry is about, or "" for none that we know."""
    kind = load_typologies().get(entry.item.typology or "")
    return kind.name.say(lang) if kind else ""


def make_key(path: Path, passphrase: str | None) -> tuple[str, str]:
    """A new key for an organisation, in a file of its own: its id, and the line that others pin.

    Raises TargetNotWritable.
    """
    key = new_key()
    key.save(path, passphrase)
    public = PublicKey(key.public, "", frozenset(), date.min)
    return public.id, write_public(key.public)


def publish(items: Path, key_file: Path, out: Path, now: datetime, passphrase: str | None) -> Published:
    """Sign the items of a YAML file; write feed.json, feed.zh.atom and feed.en.atom into `out`.

    Raises RulePackError for a mistake in the items, UsageError, TargetNotWritable.
    """
    feed = parse_feed(_bytes(items), items.name)
    ahead = [item.id for item in feed.items if item.published > now.date()]
    if ahead:
        raise UsageError(
            f"Published in the future: {', '.join(ahead)}.", f"发布日期还没有到：{'、'.join(ahead)}。"
        )
    key = load_key(key_file, passphrase)
    signed = json.dumps(sign_feed(feed, key, now), ensure_ascii=False, indent=2).encode()
    public = PublicKey(key.public, feed.organisation, frozenset({PURPOSE}), date.min)
    entries = [
        Entry(item, feed.organisation, Proof(public.id, feed.organisation, PURPOSE, now))
        for item in feed.items
    ]
    atoms = {out / f"feed.{lang}.atom": (lang, expiry) for lang, expiry in _EXPIRY.items()}
    _write(out / "feed.json", signed)
    for path, (lang, expiry) in atoms.items():
        _write(path, as_atom(entries, feed.title.say(lang), lang, expiry))
    return Published(out / "feed.json", tuple(atoms), len(entries), public.id, write_public(key.public))


def trust(home: Path, public: str, holder: str, today: date) -> PublicKey:
    """Pin a key. `holder`: whose it is, in the words of whoever trusts it. Raises UsageError."""
    return subscriptions.pin(home / FOLDER, public, holder, today)


def distrust(home: Path, id: str) -> PublicKey:
    """Unpin a key and delete what it signed. Raises UsageError."""
    return subscriptions.unpin(home / FOLDER, id)


def take(home: Path, file: Path, now: datetime) -> Subscription:
    """Keep a signed file. Raises SignatureRefused, UsageError, TargetNotWritable."""
    return subscriptions.take(home / FOLDER, _bytes(file), now)


def subscribed(home: Path, now: datetime) -> tuple[Subscription, ...]:
    """Every pinned key with what it last published."""
    return subscriptions.subscriptions(home / FOLDER, now)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read.", f"“{path}”无法读取。") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise TargetNotWritable(f"{path} cannot be written.", f"“{path}”无法写入。") from error
