"""Shared by the tests of the desk."""

from __future__ import annotations

import pyrage  # type: ignore[import-untyped]
import pytest


@pytest.fixture
def quick_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrapping a key by a passphrase costs seconds on purpose; tests about other things need not pay them."""

    def wrap(data: bytes, passphrase: str) -> bytes:
        return passphrase.encode() + b"|" + data

    def unwrap(data: bytes, passphrase: str) -> bytes:
        mark, _, key = data.partition(b"|")
        if mark != passphrase.encode():
            raise pyrage.DecryptError
        return key

    monkeypatch.setattr(pyrage.passphrase, "encrypt", wrap)
    monkeypatch.setattr(pyrage.passphrase, "decrypt", unwrap)
