"""Signatures: what is signed can be proven, and nothing else can. Each refusal has its own reason."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import rfc8785
from Crypto.Signature import eddsa

from clawback.errors import SignatureRefused, TargetNotWritable, UsageError
from clawback.guard.signing import (
    FIELD,
    Json,
    PrivateKey,
    Proof,
    PublicKey,
    key_id,
    load_key,
    new_key,
    read_public,
    read_signed,
    verify,
    write_public,
)

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CONTENT: Json = {"title": "提醒", "items": [{"id": "a", "n": 1}]}
KEY = new_key()


def pinned(key: PrivateKey = KEY, **more: object) -> dict[str, PublicKey]:
    about = {"holder": "Example Aid", "purposes": frozenset({"feed"}), "since": date(2026, 1, 1), **more}
    trusted = PublicKey(raw=key.public, **about)  # type: ignore[arg-type]
    return {trusted.id: trusted}


def signed(**changes: object) -> Json:
    document = KEY.sign(CONTENT, "feed", AT)
    return {**document, **changes}


def prove(document: Json, keys: dict[str, PublicKey] | None = None, now: datetime | None = AT) -> Proof:
    return verify(read_signed(json.dumps(document).encode()), "feed", pinned() if keys is None else keys, now)


def refused(document: Json, keys: dict[str, PublicKey] | None = None, now: datetime | None = AT) -> str:
    with pytest.raises(SignatureRefused) as error:
        prove(document, keys, now)
    assert error.value.en
    assert error.value.zh
    return error.value.reason


def test_a_signature_proves_who_when_and_for_what() -> None:
    proof = prove(signed())
    assert proof == Proof(key_id(KEY.public), "Example Aid", "feed", AT)


def test_the_signature_is_plain_ed25519_over_canonical_json_as_anybody_can_check() -> None:
    document = signed()
    note = dict(document[FIELD])  # type: ignore[call-overload]
    signature = base64.b64decode(note.pop("signature"))
    message = b"clawback-signed/1\n" + rfc8785.dumps({**document, FIELD: note})
    eddsa.new(eddsa.import_public_key(KEY.public), "rfc8032").verify(message, signature)


def test_order_and_spaces_of_the_file_do_not_matter() -> None:
    document = signed()
    backwards = dict(reversed(list(document.items())))
    raw = json.dumps(backwards, indent=4, ensure_ascii=True).encode()
    assert verify(read_signed(raw), "feed", pinned(), AT).holder == "Example Aid"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "别的"},
        {"more": 1},
        {"items": []},
        {"items": [{"id": "a", "n": 2}]},
        {"items": [{"id": "a", "n": True}]},
    ],
)
def test_any_change_is_noticed(changes: Json) -> None:
    assert refused(signed(**changes)) == "changed"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("signed_at", "2026-11-19T02:00:00Z", "changed"),
        ("signed_at", "yesterday", "unsigned"),
        ("purpose", "directory", "other_purpose"),
        ("key", "0000-0000", "unknown_key"),
        ("format", "clawback-signed/2", "unsigned"),
        ("signature", base64.b64encode(bytes(64)).decode(), "changed"),
        ("signature", base64.b64encode(bytes(10)).decode(), "changed"),
        ("signature", "not base64!", "unsigned"),
        ("extra", "x", "unsigned"),
        ("signature", 5, "unsigned"),
    ],
)
def test_a_changed_note_is_refused_with_its_reason(field: str, value: object, reason: str) -> None:
    document = signed()
    note = {**document[FIELD], field: value}  # type: ignore[dict-item]
    assert refused({**document, FIELD: note}) == reason


def test_another_key_cannot_sign_in_the_name_of_a_trusted_one() -> None:
    forged = new_key().sign(CONTENT, "feed", AT)
    note = {**forged[FIELD], "key": key_id(KEY.public)}  # type: ignore[dict-item]
    assert refused({**forged, FIELD: note}) == "changed"


def test_a_malleable_signature_is_refused() -> None:
    document = signed()
    note = dict(document[FIELD])  # type: ignore[call-overload]
    raw = base64.b64decode(note["signature"])
    order = 2**252 + 27742317777372353535851937790883648493  # RFC 8032: S must be below it
    high = (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    note["signature"] = base64.b64encode(raw[:32] + high).decode()
    assert refused({**document, FIELD: note}) == "changed"


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"revoked": True}, "revoked"),
        ({"purposes": frozenset({"directory"})}, "other_purpose"),
        ({"since": date(2026, 11, 21)}, "outside"),
        ({"until": date(2026, 11, 19)}, "outside"),
    ],
)
def test_a_key_counts_only_for_its_purpose_and_in_its_time(about: dict[str, object], reason: str) -> None:
    assert refused(signed(), pinned(**about)) == reason


def test_a_replaced_key_still_proves_what_it_signed_in_its_time() -> None:
    assert prove(signed(), pinned(until=date(2026, 11, 20))).signed_at == AT


def test_what_is_dated_in_the_future_is_refused() -> None:
    assert refused(signed(), now=datetime(2026, 11, 18, 0, 0, tzinfo=UTC)) == "ahead"


def test_what_is_not_signed_is_refused() -> None:
    assert refused(CONTENT) == "unsigned"
    assert refused({**CONTENT, FIELD: "x"}) == "unsigned"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe{}",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"[" * 100_000,
        b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}",
        b" " * (4 * 1024 * 1024 + 1),
    ],
)
def test_hostile_files_are_refused_before_anything_else(raw: bytes) -> None:
    with pytest.raises(SignatureRefused) as error:
        read_signed(raw)
    assert error.value.reason in ("not_json", "too_large")


def test_numbers_that_canonical_json_cannot_hold_are_refused() -> None:
    with pytest.raises(UsageError):
        KEY.sign({"n": 2**60}, "feed", AT)
    assert refused(signed(n=2**60)) == "changed"


@pytest.mark.parametrize("passphrase", [None, "一个长口令"])
def test_a_key_file_is_for_its_owner_only_and_signs_again(tmp_path: Path, passphrase: str | None) -> None:
    KEY.save(tmp_path / "key.pem", passphrase)
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    again = load_key(tmp_path / "key.pem", passphrase)
    assert again.public == KEY.public
    assert prove(again.sign(CONTENT, "feed", AT)).holder == "Example Aid"


def test_a_key_is_never_written_over_another_file(tmp_path: Path) -> None:
    KEY.save(tmp_path / "key.pem")
    with pytest.raises(TargetNotWritable):
        new_key().save(tmp_path / "key.pem")
    assert load_key(tmp_path / "key.pem").public == KEY.public


def test_a_wrong_passphrase_or_another_file_is_no_key(tmp_path: Path) -> None:
    KEY.save(tmp_path / "key.pem", "right")
    (tmp_path / "text").write_text("hello")
    attempts: list[Callable[[], object]] = [
        lambda: load_key(tmp_path / "key.pem", "wrong"),
        lambda: load_key(tmp_path / "key.pem"),
        lambda: load_key(tmp_path / "text"),
        lambda: load_key(tmp_path / "absent"),
    ]
    for attempt in attempts:
        with pytest.raises(UsageError):
            attempt()


def test_a_public_key_is_one_line_that_reads_back() -> None:
    line = write_public(KEY.public)
    assert line.startswith("clawback-key:ed25519:")
    assert read_public(f"  {line}\n") == KEY.public
    for wrong in ("", "clawback-key:ed25519:", line[:-4], line + "AAAA", "clawback-key:ed25519:!!"):
        with pytest.raises(UsageError):
            read_public(wrong)
