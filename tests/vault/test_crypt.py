"""A passphrase opens its case and no other; what is stored is plain age."""

from __future__ import annotations

from pathlib import Path

import pyrage  # type: ignore[import-untyped]
import pytest

from clawback.errors import CaseLocked
from clawback.vault.folder import Vault, blob_path

WORDS = "correct horse battery"


def test_the_right_passphrase_opens_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "case", WORDS) as vault:
        key = vault.database_key
        received = vault.receive([b"evidence"])
        vault.keep(received)
        vault.settle()
    assert key is not None
    assert len(key) == 32
    for _ in range(2):
        with Vault.open(tmp_path / "case", WORDS) as vault:
            assert vault.database_key == key
    for wrong in ("Correct horse battery", None):
        with pytest.raises(CaseLocked):
            Vault.open(tmp_path / "case", wrong)
    _any_age_tool_opens(tmp_path / "case", received.stored)


def _any_age_tool_opens(folder: Path, stored: str) -> None:
    identity = pyrage.passphrase.decrypt((folder / "case.key.age").read_bytes(), WORDS).decode()
    blob = blob_path(folder, stored).read_bytes()
    assert pyrage.decrypt(blob, [pyrage.x25519.Identity.from_str(identity)]) == b"evidence"


def test_a_damaged_key_file_does_not_open(tmp_path: Path) -> None:
    Vault.create(tmp_path / "case", WORDS).close()
    path = tmp_path / "case" / "case.key.age"
    for damaged in (b"", b"age", path.read_bytes()[:-1]):
        path.write_bytes(damaged)
        with pytest.raises(CaseLocked):
            Vault.open(tmp_path / "case", WORDS)
