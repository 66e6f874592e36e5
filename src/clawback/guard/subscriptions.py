"""Organisations whose news somebody takes: their pinned keys and their latest signed file, in one folder.

`keys.json` holds the keys, `<key id>.json` the file as it came. A file is verified whenever it is read,
so that what was changed on the disk is not shown. An older file never takes the place of a newer one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from clawback.errors import SignatureRefused, TargetNotWritable, UsageError
from clawback.guard.feed import PURPOSE, Entry, Feed, read_feed
from clawback.guard.signing import MAX_BYTES, Proof, PublicKey, read_public, write_public

MOST_KEYS = 100
_KEYS = "keys.json"
_ID = re.compile(r"[0-9a-f]{4}(?:-[0-9a-f]{4}){7}")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A trusted key with its latest file. `feed`, `proof` None: nothing was imported, or `problem` says why
    it cannot be shown."""

    key: PublicKey
    feed: Feed | None = None
    proof: Proof | None = None
    problem: SignatureRefused | None = None

    def entries(self) -> tuple[Entry, ...]:
        """Its items, as they are shown."""
        feed = self.feed
        return tuple(Entry(item, self.key.holder, self.proof) for item in feed.items) if feed else ()


def pin(folder: Path, public: str, holder: str, today: date) -> PublicKey:
    """Trust a key for feeds from any day on; the same key anew only changes its holder's name.

    `holder`: whose it is, in the words of whoever trusts it, never in those of the feed.
    Raises UsageError, TargetNotWritable.
    """
    if not holder.strip():
        raise UsageError("Say whose key it is.", "请写明这是谁的公钥。")
    key = PublicKey(read_public(public), holder.strip()[:200], frozenset({PURPOSE}), date.min)
    keys = {**pinned(folder), key.id: key}
    if len(keys) > MOST_KEYS:
        raise UsageError(f"More than {MOST_KEYS} keys are not kept.", f"最多保存{MOST_KEYS}把公钥。")
    kept = {
        id: {"public": write_public(one.raw), "holder": one.holder, "pinned": today.isoformat()}
        for id, one in keys.items()
    }
    _write(folder / _KEYS, json.dumps(kept, ensure_ascii=False, indent=2).encode())
    return key


def unpin(folder: Path, id: str) -> PublicKey:
    """Trust a key no longer, and delete what it signed. Raises UsageError when it is not there."""
    keys = dict(pinned(folder))
    if id not in keys:
        raise UsageError(f"There is no key {id}.", f"没有 {id} 这把公钥。")
    gone = keys.pop(id)
    former = json.loads((folder / _KEYS).read_bytes())
    former.pop(id)
    _write(folder / _KEYS, json.dumps(former, ensure_ascii=False, indent=2).encode())
    (folder / f"{id}.json").unlink(missing_ok=True)
    return gone


def pinned(folder: Path) -> Mapping[str, PublicKey]:
    """The keys that are trusted for feeds, by id. Raises UsageError when their file is damaged."""
    path = folder / _KEYS
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_bytes()[:MAX_BYTES])
        keys = [
            PublicKey(read_public(one["public"]), str(one["holder"]), frozenset({PURPOSE}), date.min)
            for one in kept.values()
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError) as error:
        raise UsageError(
            f"The list of keys {path} is damaged; remove it and trust them anew.",
            f"公钥名单 {path} 已损坏，请删除后重新添加。",
        ) from error
    return {key.id: key for key in keys}


def take(folder: Path, raw: bytes, now: datetime) -> Subscription:
    """Keep a signed file in place of the former one of its key.

    Raises SignatureRefused, TargetNotWritable, and UsageError when it is older than what is there.
    """
    keys = pinned(folder)
    feed, proof = read_feed(raw, keys, now)
    former = _read(folder, keys[proof.key_id], now)
    if former.proof is not None and proof.signed_at < former.proof.signed_at:
        raise UsageError(
            f"It was signed on {proof.signed_at:%Y-%m-%d}, before the one that you have.",
            f"它的签名时间 {proof.signed_at:%Y-%m-%d} 比您已有的那份还早。",
        )
    _write(folder / f"{proof.key_id}.json", raw)
    return Subscription(keys[proof.key_id], feed, proof)


def subscriptions(folder: Path, now: datetime) -> tuple[Subscription, ...]:
    """All trusted keys with what they last published, by the holder's name."""
    keys = pinned(folder).values()
    return tuple(_read(folder, key, now) for key in sorted(keys, key=lambda one: (one.holder, one.id)))


def _read(folder: Path, key: PublicKey, now: datetime) -> Subscription:
    path = folder / f"{key.id}.json"
    if not _ID.fullmatch(key.id) or not path.is_file():
        return Subscription(key)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        feed, proof = read_feed(raw, {key.id: key}, now)
    except SignatureRefused as error:
        return Subscription(key, problem=error)
    except OSError:
        return Subscription(
            key, problem=SignatureRefused(f"{path} cannot be read.", f"{path} 无法读取。", "gone")
        )
    return Subscription(key, feed, proof)


def _write(path: Path, data: bytes) -> None:
    partly = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        partly.replace(path)
    except OSError as error:
        raise TargetNotWritable(f"{path} cannot be written.", f"{path} 无法写入。") from error
