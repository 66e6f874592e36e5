"""Encryption at rest: one age identity per case, wrapped by the passphrase.

Originals are encrypted to the identity with age (X25519, then ChaCha20-Poly1305 in 64 KiB chunks whose place
and end are authenticated: https://age-encryption.org/v1); any age tool opens them. The key of the database is
derived from the identity. No cipher of our own.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import threading
from typing import BinaryIO, Protocol

import pyrage  # type: ignore[import-untyped]

from clawback.errors import CaseDamaged, CaseLocked

_DATABASE_KEY_INFO = b"clawback case database v1"


class ByteSource(Protocol):
    """Anything that gives bytes when asked."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        ...


class ByteSink(Protocol):
    """Anything that takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`; how many bytes it took."""
        ...

    def flush(self) -> None:
        """Pass on what is buffered."""
        ...


class CaseKey:
    """The identity of one encrypted case, in memory only."""

    def __init__(self, identity: pyrage.x25519.Identity) -> None:
        self._identity = identity

    @classmethod
    def generate(cls) -> CaseKey:
        """A new random identity."""
        return cls(pyrage.x25519.Identity.generate())

    def wrap(self, passphrase: str) -> bytes:
        """The identity encrypted by `passphrase` (age's scrypt mode; about two seconds on purpose)."""
        return bytes(pyrage.passphrase.encrypt(str(self._identity).encode("ascii"), passphrase))

    @classmethod
    def unwrap(cls, wrapped: bytes, passphrase: str | None) -> CaseKey:
        """The identity from its wrapping. Raises CaseLocked when the passphrase is missing or wrong."""
        if passphrase is None:
            raise CaseLocked(
                "this case is encrypted: a passphrase is needed", "此案卷已加密，需要口令才能打开"
            )
        mark = _mark(wrapped, passphrase)
        if mark in _unwrapped:
            return _unwrapped[mark]
        try:
            text = bytes(pyrage.passphrase.decrypt(wrapped, passphrase)).decode("ascii")
            key = _unwrapped[mark] = cls(pyrage.x25519.Identity.from_str(text))
        except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
            # a damaged key file and a wrong passphrase look the same to authenticated encryption
            raise CaseLocked(
                "the passphrase does not open this case (or its key file is damaged)",
                "口令不正确，无法打开此案卷（也可能是密钥文件已损坏）",
            ) from None
        return key

    @staticmethod
    def forget(wrapped: bytes, passphrase: str) -> None:
        """Keep the unwrapped identity no longer: the case has been locked."""
        _unwrapped.pop(_mark(wrapped, passphrase), None)

    def database_key(self) -> bytes:
        """32 bytes for the database: HKDF-SHA256 (RFC 5869) of the identity, empty salt, one block."""
        secret = str(self._identity).encode("ascii")
        extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret, "sha256")
        return hmac.digest(extracted, _DATABASE_KEY_INFO + b"\x01", "sha256")

    def encrypt(self, source: ByteSource, sink: ByteSink) -> None:
        """Stream `source` into `sink`, encrypted; memory does not grow with size.

        Raises pyrage.EncryptError when either end fails; keep the cause at the end that failed.
        """
        pyrage.encrypt_io(source, sink, [self._identity.to_public()])

    def decrypting(self, stored: BinaryIO) -> BinaryIO:
        """The plain bytes of `stored` as a stream; owns and closes `stored`.

        Reading raises CaseDamaged at the place where the stored bytes are not what was encrypted.
        """
        return io.BufferedReader(_Decrypting(self._identity, stored))


_unwrapped: dict[bytes, CaseKey] = {}
"""Keys unwrapped by this process: a command opens a case more than once, and unwrapping takes seconds."""


class _Decrypting(io.RawIOBase):
    """Turns age's push into a pull: a thread decrypts into a pipe, so no plain byte touches the disk."""

    def __init__(self, identity: pyrage.x25519.Identity, stored: BinaryIO) -> None:
        self._identity = identity
        self._stored = stored
        self._damaged = False
        self._at = 0
        receiving, sending = os.pipe()
        self._pipe = os.fdopen(receiving, "rb", buffering=0)
        self._worker = threading.Thread(target=self._run, args=(sending,), daemon=True)
        self._worker.start()

    def _run(self, sending: int) -> None:
        with self._stored, os.fdopen(sending, "wb", buffering=0) as pipe:
            try:
                pyrage.decrypt_io(self._stored, _Whole(pipe), [self._identity])
            except BrokenPipeError:
                pass  # whoever was reading has had enough
            except (pyrage.DecryptError, OSError):
                self._damaged = True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        # rewinding what was not read yet is all that a pipe can do, and all that is asked of it
        target = self._at + offset if whence == io.SEEK_CUR else offset
        if whence == io.SEEK_END or target != self._at:
            raise io.UnsupportedOperation("an encrypted original is read from start to end")
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        count = self._pipe.readinto(buffer)
        if count == 0:
            self._worker.join()
            if self._damaged:
                raise CaseDamaged("a stored original cannot be decrypted", "有一份封存的原件无法解密")
        self._at += count or 0
        return count or 0

    def close(self) -> None:
        if not self.closed:
            self._pipe.close()
            self._worker.join()
        super().close()


class _Whole:
    """Writes everything or fails; a raw pipe may take a part."""

    def __init__(self, pipe: io.FileIO) -> None:
        self._pipe = pipe

    def write(self, data: bytes) -> int:
        left = memoryview(data)
        while left:
            left = left[self._pipe.write(left) :]
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered."""


def _mark(wrapped: bytes, passphrase: str) -> bytes:
    """By what an unwrapped identity is known; the passphrase itself is not kept."""
    return hashlib.sha256(hashlib.sha256(wrapped).digest() + passphrase.encode("utf-8")).digest()
