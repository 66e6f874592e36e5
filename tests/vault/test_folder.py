"""The case folder: one writer, originals under the hash of what is stored, keys that open or do not."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyrage  # type: ignore[import-untyped]
import pytest

from clawback.errors import CaseBusy, CaseDamaged, CaseNotFound, TargetNotWritable, UsageError
from clawback.vault import sealing
from clawback.vault.folder import Vault, blob_path, blobs, leftovers, read_marker
from clawback.vault.sealing import Received, SourceRefused

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def quick_wrapping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrapping a key costs seconds on purpose; `test_crypt.py` pays them, these tests need not."""
    monkeypatch.setattr(pyrage.passphrase, "encrypt", lambda data, _: b"wrapped" + data)
    monkeypatch.setattr(pyrage.passphrase, "decrypt", lambda data, _: data.removeprefix(b"wrapped"))


def keep(vault: Vault, data: bytes) -> Received:
    received = vault.receive([data])
    vault.keep(received)
    vault.settle()
    return received


def read(vault: Vault, received: Received) -> bytes:
    with vault.original(received.stored) as original:
        return original.read()


@pytest.mark.parametrize("passphrase", [None, WORDS])
def test_an_original_comes_back_byte_for_byte(tmp_path: Path, passphrase: str | None) -> None:
    originals = [b"", b"x", os.urandom(200_000), b"\0" * 65536]
    with Vault.create(tmp_path / "case", passphrase) as vault:
        kept = [keep(vault, data) for data in originals]
    with Vault.open(tmp_path / "case", passphrase) as vault:
        assert [read(vault, received) for received in kept] == originals
    for data, received in zip(originals, kept, strict=True):
        assert (received.sha256, received.size) == (hashlib.sha256(data).hexdigest(), len(data))
        stored = blob_path(tmp_path / "case", received.stored).read_bytes()
        assert hashlib.sha256(stored).hexdigest() == received.stored
        assert (stored == data) == (passphrase is None)


def test_only_the_owner_may_read_the_case(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "case", None) as vault:
        keep(vault, b"evidence")
    for path in [tmp_path / "case", *(tmp_path / "case").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0


def test_a_passphrase_for_a_case_without_one_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    Vault.create(tmp_path / "case", None).close()
    with pytest.raises(UsageError):
        Vault.open(tmp_path / "case", WORDS)
    with pytest.raises(UsageError):
        Vault.create(tmp_path / "other", "")
    assert not (tmp_path / "other").exists()


def test_a_damaged_encrypted_original_raises_instead_of_ending_early(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "case", WORDS) as vault:
        received = keep(vault, os.urandom(300_000))
        path = blob_path(vault.folder, received.stored)
        whole = path.read_bytes()
        for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:250_000] + b"\0" + whole[250_001:]):
            path.write_bytes(damaged)
            with pytest.raises(CaseDamaged):
                read(vault, received)


def test_a_reader_may_stop_early(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "case", WORDS) as vault:
        received = keep(vault, b"head" + os.urandom(2_000_000))
        with vault.original(received.stored) as original:
            assert original.read(4) == b"head"


def test_a_missing_original_is_damage(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "case", None) as vault, pytest.raises(CaseDamaged):
        vault.original("0" * 64)


@pytest.mark.parametrize("passphrase", [None, WORDS])
def test_memory_does_not_grow_with_the_original(tmp_path: Path, passphrase: str | None) -> None:
    def large() -> Iterator[bytes]:
        piece = bytes(1024 * 1024)
        for _ in range(64):
            yield piece

    with Vault.create(tmp_path / "case", passphrase) as vault:
        tracemalloc.start()
        received = vault.receive(large())
        vault.keep(received)
        with vault.original(received.stored) as original:
            while original.read(1024 * 1024):
                pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert received.size == 64 * 1024 * 1024
    assert peak < 8 * 1024 * 1024


def test_a_second_writer_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "case", None):
        with pytest.raises(CaseBusy):
            Vault.open(tmp_path / "case", None, writing=True)
        Vault.open(tmp_path / "case", None).close()  # reading is not writing
    Vault.open(tmp_path / "case", None, writing=True).close()


def test_another_process_is_refused_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    Vault.create(tmp_path / "case", None).close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "case")], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(CaseBusy):
            Vault.open(tmp_path / "case", None, writing=True)
        process.kill()
    Vault.open(tmp_path / "case", None, writing=True).close()


HOLD = """
import sys, time
from pathlib import Path
from clawback.vault.folder import Vault
with Vault.open(Path(sys.argv[1]), None, writing=True):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_file_system_that_cannot_flush_a_folder_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def no_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", no_folders)
    with Vault.create(tmp_path / "case", None) as vault:
        assert read(vault, keep(vault, b"evidence")) == b"evidence"


def test_making_a_case_that_was_cut_off_is_completed(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    Vault.create(folder, WORDS).close()
    (folder / "clawback.json").unlink()  # it is written last
    with pytest.raises(CaseNotFound):
        Vault.open(folder, None)
    Vault.create(folder, None).close()
    assert not read_marker(folder).encrypted
    assert not (folder / "case.key.age").exists()


def test_a_case_with_originals_and_no_marker_is_never_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    with Vault.create(folder, None) as vault:
        keep(vault, b"evidence")
    (folder / "clawback.json").unlink()
    with pytest.raises(UsageError):
        Vault.create(folder, None)
    assert len(list(blobs(folder))) == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "clawback.vault/9"}', "\0", '{"format": 1}'])
def test_a_damaged_marker_is_damage(tmp_path: Path, text: str) -> None:
    Vault.create(tmp_path / "case", None).close()
    (tmp_path / "case" / "clawback.json").write_text(text)
    with pytest.raises(CaseDamaged):
        Vault.open(tmp_path / "case", None)


@pytest.mark.parametrize("passphrase", [None, WORDS])
def test_a_full_disk_leaves_no_half_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str | None
) -> None:
    with Vault.create(tmp_path / "case", passphrase) as vault:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", _full)
            with pytest.raises(TargetNotWritable):
                vault.receive([b"evidence"])
        assert leftovers(vault.folder) == []
        assert list(blobs(vault.folder)) == []


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("passphrase", [None, WORDS])
def test_a_source_that_breaks_off_leaves_no_half_original(tmp_path: Path, passphrase: str | None) -> None:
    def broken() -> Iterator[bytes]:
        yield b"first"
        raise SourceRefused("source_not_readable")

    with Vault.create(tmp_path / "case", passphrase) as vault:
        with pytest.raises(SourceRefused):
            vault.receive(broken())
        assert leftovers(vault.folder) == []


def test_a_source_that_changes_while_it_is_read_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "growing.log"
    source.write_bytes(b"first")
    real = sealing.source_chunks

    def growing(file: object) -> Iterator[bytes]:
        yield from real(file)  # type: ignore[arg-type]
        source.write_bytes(b"first and more")

    monkeypatch.setattr("clawback.vault.folder.source_chunks", growing)
    with Vault.create(tmp_path / "case", None) as vault:
        received = vault.receive_file(os.fsencode(source))
    assert received.changed
    assert received.size == 5


def test_a_source_that_stays_is_not_called_changed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    with Vault.create(tmp_path / "case", None) as vault:
        assert not vault.receive_file(os.fsencode(tmp_path / "a")).changed


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("link", "link_not_followed"),
        ("pipe", "special_file"),
        ("folder", "special_file"),
        ("missing", "source_not_readable"),
    ],
)
def test_what_is_not_a_regular_file_is_refused(tmp_path: Path, kind: str, code: str) -> None:
    path = tmp_path / "source"
    if kind == "link":
        path.symlink_to(tmp_path)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(SourceRefused) as refused, Vault.create(tmp_path / "case", None) as vault:
        vault.receive_file(os.fsencode(path))
    assert refused.value.code == code


def test_unfinished_copies_are_kept_seven_days(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "case", None) as vault:
        for name, days in (("young", 6), ("old", 8)):
            path = vault.folder / "incoming" / name
            path.write_bytes(b"half")
            os.utime(path, (time.time() - days * 86400,) * 2)
        vault.clear_old_leftovers()
        assert [path.name for path in leftovers(vault.folder)] == ["young"]
