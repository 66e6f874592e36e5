"""Archives: every file inside becomes an exhibit of its own. Nothing is ever unpacked onto the disk.

Bounds are counted on bytes really produced, never on sizes that the archive declares. Names inside are
data; links and special members are findings.
"""

from __future__ import annotations

import gzip
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.readers.contract import MAX_SOURCE_TEXT, PEEK_BYTES, Peek, Reading, ReadingContext, Sureness
from clawback.readers.limits import DEFAULT_LIMITS, MIB
from clawback.readers.media_types import sniff

MAX_DIRECTORY_BYTES = 64 * MIB
"""Bytes of a ZIP's central directory; a larger one lists hundreds of thousands of members."""

_CHUNK = 256 * 1024
_KINDS = ("application/zip", "application/gzip", "application/x-tar")
_ENCRYPTED, _UTF8 = 0x1, 0x800  # general purpose bits, APPNOTE.TXT 4.4.4
_TORN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    gzip.BadGzipFile,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)
_UNSAFE = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")
_SYSTEM_FILES = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$)")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Spent(Exception):
    """More came out than may."""


class ArchiveReader:
    """ZIP, TAR and gzip. Office documents and Android packages are ZIPs too, but not heaps of files."""

    name = "archive"
    version = "1"
    formats = ("压缩包（ZIP、TAR、GZ）", "Archives (ZIP, TAR, GZ)")

    def identify(self, peek: Peek) -> Sureness:
        """By magic bytes only."""
        return Sureness.SURE if sniff(peek.head, peek.name) in _KINDS else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Hands every member over; the reading itself holds only their number and what was wrong."""
        kind = sniff(original.read(PEEK_BYTES), context.name)
        size = original.seek(0, 2)
        original.seek(0)
        heap = _Heap(context, DEFAULT_LIMITS.produced_bytes(size))
        if kind not in _UNPACK:
            heap.problem("broken", kind)
            return heap.reading(self.name, self.version)
        try:
            _UNPACK[kind](original, heap)
        except _Spent:
            heap.problem("expands_too_much", str(heap.most_bytes))
        except NotImplementedError:
            heap.problem("compression_unknown")
        except RuntimeError:  # zipfile's word for an encrypted directory
            heap.problem("encrypted")
        except _TORN as error:
            heap.problem("broken", type(error).__name__)
        return heap.reading(self.name, self.version)


@dataclass(slots=True)
class _Heap:
    """What came out of one archive so far."""

    context: ReadingContext
    most_bytes: int
    produced: int = 0
    members: int = 0
    system_files: int = 0
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, code: str, detail: str = "", name: str | None = None, severity: Severity = Severity.ERROR
    ) -> None:
        where = Locator(item=None if name is None else name[:MAX_SOURCE_TEXT])
        self.problems.append(self.context.problem(code, where, detail, severity))

    def take(self, name: str, source: _Readable) -> None:
        """Hand one member over."""
        first = source.read(PEEK_BYTES)
        self.context.member(name, sniff(first, name), self._chunks(first, source))
        self.members += 1

    def wanted(self, name: str) -> bool:
        """Names that are tricks are reported, litter of the packing system is counted and left out."""
        if _SYSTEM_FILES.search(name):
            self.system_files += 1
            return False
        if _UNSAFE.search(name) or "\x00" in name:
            self.problem("unsafe_path", name[:MAX_SOURCE_TEXT], name, Severity.WARNING)
        return True

    def full(self, total: int) -> bool:
        """Is the number of members used up? Says so once."""
        if self.members < DEFAULT_LIMITS.members:
            return False
        self.problem("too_many_entries", str(total))
        return True

    def _chunks(self, first: bytes, source: _Readable) -> Iterator[bytes]:
        chunk = first
        while chunk:
            self.produced += len(chunk)
            if self.produced > self.most_bytes:
                raise _Spent
            yield chunk
            chunk = source.read(_CHUNK)

    def reading(self, reader: str, version: str) -> Reading:
        """Everything said about the archive as a whole."""
        if self.system_files:
            self.problem("system_files_left_out", str(self.system_files), severity=Severity.NOTE)
        return Reading(
            reader,
            version,
            Grade.UNGRADED,
            problems=tuple(self.problems),
            facts=(("members", str(self.members)),),
            complete=not any(problem.severity is Severity.ERROR for problem in self.problems),
        )


def _unzip(original: BinaryIO, heap: _Heap) -> None:
    if _directory_bytes(original) > MAX_DIRECTORY_BYTES:
        heap.problem("too_many_entries")
        return
    with zipfile.ZipFile(original) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        guessed = set()
        for entry in entries:
            if heap.full(len(entries)):
                break
            name, charset = _zip_name(entry)
            guessed.add(charset)
            if heap.wanted(name):
                _unzip_member(archive, entry, name, heap)
        for charset in sorted(guessed - {""}):
            heap.problem("charset_guessed", charset, severity=Severity.NOTE)


def _unzip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, heap: _Heap) -> None:
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode):
        heap.problem("link_inside", name=name)
    elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        heap.problem("special_file", name=name)
    elif entry.flag_bits & _ENCRYPTED:
        heap.problem("encrypted", name=name)
    else:
        try:
            with archive.open(entry) as source:
                heap.take(name, source)
        except NotImplementedError:
            heap.problem("compression_unknown", str(entry.compress_type), name)
        except _TORN as error:
            heap.problem("broken", type(error).__name__, name)


def _zip_name(entry: zipfile.ZipInfo) -> tuple[str, str]:
    """The name, and the charset if it had to be guessed: old Chinese packers write GBK without saying so."""
    if entry.flag_bits & _UTF8 or entry.orig_filename.isascii():
        return entry.orig_filename, ""
    raw = entry.orig_filename.encode("cp437")
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset), charset
        except UnicodeDecodeError:
            continue
    return entry.orig_filename, "cp437"


def _directory_bytes(original: BinaryIO) -> int:
    """What the end record says the central directory occupies (APPNOTE.TXT 4.3.16); 0 when there is none."""
    size = original.seek(0, 2)
    original.seek(max(0, size - 65_557))
    tail = original.read()
    original.seek(0)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + 16 > len(tail):
        return 0
    stated = int.from_bytes(tail[place + 12 : place + 16], "little")
    return size if stated == 0xFFFFFFFF else stated


def _untar(original: BinaryIO, heap: _Heap) -> None:
    with tarfile.open(fileobj=original, mode="r:") as archive:
        for seen, entry in enumerate(archive):
            archive.members = []  # type: ignore[attr-defined]  # or it keeps every one that it has seen
            if heap.full(seen):
                return
            if entry.isdir() or not heap.wanted(entry.name):
                continue
            source = archive.extractfile(entry) if entry.isreg() else None
            if source is None:
                code = "link_inside" if entry.issym() or entry.islnk() else "special_file"
                heap.problem(code, name=entry.name)
            else:
                heap.take(entry.name, source)


def _gunzip(original: BinaryIO, heap: _Heap) -> None:
    name = re.sub(r"\.tgz$", ".tar", re.sub(r"\.gz$", "", heap.context.name, flags=re.I), flags=re.I)
    with gzip.GzipFile(fileobj=original) as source:
        heap.take(name or heap.context.name, source)


_UNPACK = {"application/zip": _unzip, "application/gzip": _gunzip, "application/x-tar": _untar}
