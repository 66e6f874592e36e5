"""Signed JSON: who says this, since when, and that nobody changed it. Ed25519 over RFC 8785 canonical JSON.

The signature stands in the document itself, under `_clawback`, with the id of the key, the purpose and the
time; all of these are signed too, so that what was signed as a feed can never pass as a directory. Keys are
pinned beforehand: a document cannot bring its own. Verifying raises, or returns what was proven.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import rfc8785
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

from clawback.errors import SignatureRefused, TargetNotWritable, UsageError

FIELD = "_clawback"
FORMAT = "clawback-signed/1"
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40

_PREFIX = "clawback-key:ed25519:"
_CLOCKS_DIFFER = timedelta(hours=24)
_PASSPHRASE_ROUNDS = 600_000
_PROTECTION = "PBKDF2WithHMAC-SHA512AndAES256-CBC"
_FIELDS = frozenset({"format", "purpose", "key", "signed_at", "signature"})

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that is trusted, and for what.

    `raw`: 32 bytes. `holder`: who holds its private half, in the words of whoever pinned it. `since`,
    `until`: days between which a signature may be dated (`until` None: no end). `revoked`: nothing that it
    signed counts any more, whatever the date, because a stolen key can write any date.
    """

    raw: bytes
    holder: str
    purposes: frozenset[str]
    since: date
    until: date | None = None
    revoked: bool = False

    @property
    def id(self) -> str:
        """The first half of the SHA-256 of the key, in hex: enough to name it, and to compare by eye."""
        return key_id(self.raw)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verified signature proves: who signed, by which key, for what, and the time that they wrote."""

    key_id: str
    holder: str
    purpose: str
    signed_at: datetime


class PrivateKey:
    """A key that signs. Never shown, printed or logged."""

    def __init__(self, key: ECC.EccKey) -> None:
        self._key = key

    @property
    def public(self) -> bytes:
        """Its public half, 32 bytes."""
        return bytes(self._key.public_key().export_key(format="raw"))

    def sign(self, document: Mapping[str, object], purpose: str, at: datetime) -> Json:
        """`document` with its signature. Raises UsageError for what canonical JSON cannot hold."""
        note: Json = {
            "format": FORMAT,
            "purpose": purpose,
            "key": key_id(self.public),
            "signed_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        bare = {**document, FIELD: note}
        try:
            message = _canonical(bare)
        except (ValueError, RecursionError) as error:
            raise UsageError(
                f"This cannot be signed as JSON: {error}.", f"内容无法按JSON签名：{error}。"
            ) from error
        signature = eddsa.new(self._key, "rfc8032").sign(message)
        return {**bare, FIELD: {**note, "signature": base64.b64encode(signature).decode()}}

    def save(self, path: Path, passphrase: str | None = None) -> None:
        """Write it to a new file that only its owner can read (PKCS#8 PEM, encrypted with a passphrase).

        Raises TargetNotWritable, also when the file is there already: a key is never overwritten.
        """
        pem = (
            self._key.export_key(
                format="PEM",
                passphrase=_bytes(passphrase),
                protection=_PROTECTION,
                prot_params={"iteration_count": _PASSPHRASE_ROUNDS},
            )
            if passphrase
            else self._key.export_key(format="PEM")
        )
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(pem + "\n")
        except OSError as error:
            raise TargetNotWritable(
                f"{path} cannot be written ({error.strerror}); a key is never written over another file.",
                f"“{path}”无法写入；密钥不会覆盖已有的文件。",
            ) from error


def new_key() -> PrivateKey:
    """A fresh key from the system's randomness."""
    return PrivateKey(ECC.generate(curve="Ed25519"))


def load_key(path: Path, passphrase: str | None = None) -> PrivateKey:
    """The private key in `path`. Raises UsageError."""
    try:
        key = ECC.import_key(path.read_text("ascii")[:10_000], passphrase=_bytes(passphrase))
    except OSError as error:
        raise UsageError(f"{path} cannot be read.", f"“{path}”无法读取。") from error
    except (ValueError, IndexError, TypeError) as error:
        raise UsageError(
            f"{path} holds no key that opens with this passphrase.", f"“{path}”里没有能用这个口令打开的密钥。"
        ) from error
    if key.curve != "Ed25519" or not key.has_private():
        raise UsageError(f"{path} is no private Ed25519 key.", f"“{path}”不是Ed25519私钥。")
    return PrivateKey(key)


def key_id(raw: bytes) -> str:
    """The name of a public key: half of its SHA-256, in hex, in groups of four."""
    digest = hashlib.sha256(raw).hexdigest()[:32]
    return "-".join(digest[at : at + 4] for at in range(0, 32, 4))


def write_public(raw: bytes) -> str:
    """A public key as one line of text, to be handed to those who shall trust it."""
    return _PREFIX + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_public(text: str) -> bytes:
    """The 32 bytes of a public key written by `write_public`. Raises UsageError."""
    body = text.strip().removeprefix(_PREFIX)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        eddsa.import_public_key(raw)
    except ValueError as error:
        raise UsageError(
            "This is no public key: it is one line that begins with clawback-key:ed25519:",
            "这不是公钥：公钥是以 clawback-key:ed25519: 开头的一行。",
        ) from error
    return raw


def read_signed(raw: bytes) -> Json:
    """The object in a signed JSON file, its signature not yet verified. Raises SignatureRefused."""
    if len(raw) > MAX_BYTES:
        _refuse("too_large", f"It is larger than {MAX_BYTES} bytes.", f"文件超过{MAX_BYTES}字节。")
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        deep = _deeper_than(found, MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        _refuse("not_json", "It is not the JSON of a signed file.", "这不是签名文件的JSON。", error)
    if deep or not isinstance(found, dict):
        _refuse("not_json", "It is not the JSON of a signed file.", "这不是签名文件的JSON。")
    return found


def verify(document: Json, purpose: str, keys: Mapping[str, PublicKey], now: datetime | None) -> Proof:
    """Prove who signed `document`. `keys`: those that are trusted, by id. Raises SignatureRefused.

    `now` only refuses what is dated more than a day ahead (None: does not); how old a document may be is for
    its reader.
    """
    note, signature = _note(document)
    key = keys.get(str(note["key"]))
    if key is None:
        _refuse(
            "unknown_key",
            f"It is signed by the key {str(note['key'])[:60]}, which is not among those that you trust.",
            f"签名用的密钥 {str(note['key'])[:60]} 不在您信任的密钥里。",
        )
    if key.revoked:
        _refuse("revoked", f"The key {key.id} is no longer trusted.", f"密钥 {key.id} 已经作废。")
    if note["purpose"] != purpose or purpose not in key.purposes:
        _refuse(
            "other_purpose",
            "It is signed for something else, or the key is not trusted for this.",
            "签名是为别的用途做的，或者这把密钥不用于这个用途。",
        )
    signed_at = _moment(note["signed_at"])
    _check_day(key, signed_at, now)
    bare = {**document, FIELD: {name: value for name, value in note.items() if name != "signature"}}
    try:
        eddsa.new(eddsa.import_public_key(key.raw), "rfc8032").verify(_canonical(bare), signature)
    except (ValueError, RecursionError) as error:
        _refuse(
            "changed",
            "It is not as it was signed: something was changed, or the signature is not of this key.",
            "内容和签名对不上：被改动过，或者不是这把密钥签的。",
            error,
        )
    return Proof(key.id, key.holder, purpose, signed_at)


def _note(document: Json) -> tuple[Json, bytes]:
    note = document.get(FIELD)
    if not isinstance(note, dict):
        _refuse("unsigned", "It is not signed.", "它没有签名。")
    if set(note) != _FIELDS or not all(isinstance(value, str) for value in note.values()):
        _refuse("unsigned", "Its signature is not in the form that we know.", "签名的格式不认识。")
    if note["format"] != FORMAT:
        _refuse("unsigned", "Its signature is not in the form that we know.", "签名的格式不认识。")
    try:
        return note, base64.b64decode(note["signature"], validate=True)
    except ValueError as error:
        _refuse("unsigned", "Its signature is not in the form that we know.", "签名的格式不认识。", error)


def _moment(text: object) -> datetime:
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        _refuse("unsigned", "It does not say when it was signed.", "没有写明签名时间。", error)


def _check_day(key: PublicKey, signed_at: datetime, now: datetime | None) -> None:
    day = signed_at.date()
    if now is not None and signed_at > now + _CLOCKS_DIFFER:
        _refuse("ahead", f"It is dated {day}, which is in the future.", f"签名日期 {day} 还没有到。")
    if day < key.since or (key.until is not None and day > key.until):
        _refuse(
            "outside",
            f"It is dated {day}, when the key {key.id} was not in use.",
            f"签名日期 {day} 不在密钥 {key.id} 的使用期内。",
        )


def _canonical(document: Mapping[str, object]) -> bytes:
    return FORMAT.encode() + b"\n" + rfc8785.dumps(document)  # type: ignore[arg-type]  # it checks by itself


def _bytes(passphrase: str | None) -> bytes | None:
    return None if passphrase is None else unicodedata.normalize("NFC", passphrase).encode("utf-8")


def _once(pairs: list[tuple[str, object]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _deeper_than(tree: object, depth: int) -> bool:
    level = [tree]
    for _ in range(depth):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def _refuse(reason: str, en: str, zh: str, cause: Exception | None = None) -> NoReturn:
    raise SignatureRefused(en, zh, reason) from cause
