"""The box: every file is read in a process of its own, and a bad file costs only itself.

`Box.read` hands an open file, never a path, to a child of a clean waiting process (`box_child`), with limits
on time and memory, and checks whatever comes back. Evidence can make a reading fail; it cannot raise.

POSIX only: it rests on `fork`, on resource limits, and on passing open files between processes. The child
is not yet cut off from the network and from other files of the user.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self, cast

from clawback.errors import ClawbackError, UsageError
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.readers.contract import MAX_SOURCE_TEXT, Reading
from clawback.readers.limits import DEFAULT_LIMITS, Limits
from clawback.readers.wire import (
    KILL,
    ORDER,
    OUT_OF_MEMORY,
    READY,
    START,
    STATUS,
    ContractBroken,
    Frames,
    Header,
    Job,
    Kind,
    decode_reading,
    send_job,
    send_next,
)

OnMember = Callable[[str, str, Iterator[bytes]], None]
"""Receives (name, media type, chunks) of a file found inside. A `MemberCut` that the chunks raise must pass
through: that file did not arrive whole and must not be kept."""

FAILURES = frozenset(
    {
        "no_reader",  # nobody recognises the file
        "extra_missing",  # an optional part is not installed; detail names it
        "reader_crashed",
        "reader_too_slow",
        "reader_out_of_memory",
        "reader_broke_contract",  # the answer was not one
        "too_many_entries",  # more files inside than may be
        "expands_too_much",  # more bytes inside than may be
    }
)
"""Codes of the problem of a file that could not be read."""

_SHARED_BYTES = 256 * 1024
_STATUS_SECONDS = 5.0
_START_SECONDS = 120.0
_COPY_BYTES = 1024 * 1024
_CHILD = "clawback.readers.box_child"
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "OMP_NUM_THREADS": "1",
    # A child that reads a picture frees and asks again for hundreds of megabytes: kept until it ends, in
    # large pages, they cost half the system time. Only the GNU C library knows these names.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1"
    ":glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=4294967296",
}


class MemberCut(Exception):
    """The file found inside ends before its end: its reader was stopped or died."""


class _Lost(Exception):
    """The waiting process died; whose fault it was is not known yet."""


class _Failure(Exception):
    """No reading, and why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Box:
    """Reads files, each in a process of its own. A context manager; `read` may be called by several threads.

    `workers`: files read at the same time (further callers wait). `files_per_process`: how many small
    files that need no native library may share a process one after the other; when anything goes wrong
    there, the file is read again in a process of its own, so that it still costs only itself. What more
    than 1 gives up: a file that takes over the interpreter could falsify the reading of the next ones.
    `readers`: "module:attribute" of the readers to use, for tests.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        limits: Limits = DEFAULT_LIMITS,
        files_per_process: int = 1,
        readers: str = "clawback.readers:BUILTIN_READERS",
    ) -> None:
        if os.name != "posix":
            raise UsageError(
                "Reading evidence safely needs Linux or macOS; on this system it is not possible yet.",
                "安全读取证据需要 Linux 或 macOS 系统，本系统暂不支持。",
            )
        self.limits = limits
        self._readers = readers
        self._files_per_process = files_per_process
        self._staying: list[_Running] = []
        self._places = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._servers: dict[bool, _Server] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the waiting process and every reading that still runs."""
        with self._lock:
            while self._staying:
                self._staying.pop().close()
            while self._servers:
                self._servers.popitem()[1].close()

    def read(self, original: BinaryIO, header: Header, on_member: OnMember) -> Reading:
        """What the surest reader understood of `original`; its position is undefined afterwards.

        Files found inside are handed to `on_member` while the reading goes on. When it fails, the
        reading holds nothing but a problem whose code is one of `FAILURES`; files handed over before
        stay good. Only what `on_member` raises is raised.
        """
        small = header.size <= _SHARED_BYTES and not header.is_image
        files = self._files_per_process if small else 1
        conversation = _Conversation(header, self.limits, on_member, files)
        with self._places, _readable(original) as fd:
            reading = self._read_shared(conversation, fd) if files > 1 else None
            return reading or self._read_fresh(conversation, fd)

    def _read_shared(self, conversation: _Conversation, fd: int) -> Reading | None:
        """By a process that has read others before; None when there is none, or it did not go well."""
        with self._lock:
            running = self._staying.pop() if self._staying else None
        if running is None:
            return None
        try:
            running.read_next(conversation.job(running.files_left), fd)
            return self._kept(conversation, running)
        except (_Failure, _Lost):
            return None

    def _read_fresh(self, conversation: _Conversation, fd: int) -> Reading:
        try:
            running = self._running_server(conversation.header.is_image).start(conversation.job(), fd)
            return self._kept(conversation, running)
        except _Failure as failure:
            return _failed(conversation.header, failure)
        except _Lost:
            return self._read_alone(conversation, fd)

    def _kept(self, conversation: _Conversation, running: _Running) -> Reading:
        """Follow the reading; keep the process if it stays and may."""
        reading, stays = conversation.hold(running)
        running.files_left -= 1
        if stays and running.files_left > 0:
            with self._lock:
                self._staying.append(running)
        else:
            running.close()
        return reading

    def _read_alone(self, conversation: _Conversation, fd: int) -> Reading:
        """Once more, in a waiting process of its own: another file may have ended the shared one."""
        server = _Server(self._readers)
        try:
            return self._kept(conversation, server.start(conversation.job(files=1), fd))
        except _Failure as failure:
            return _failed(conversation.header, failure)
        except _Lost:
            return _failed(conversation.header, _Failure("reader_crashed", "ended its parent"))
        finally:
            server.close()

    def _running_server(self, images: bool) -> _Server:
        """Pictures have a waiting process of their own: with the models of text recognition in it, every
        fork costs twice as much."""
        with self._lock:
            server = self._servers.get(images)
            if server is None or not server.alive:
                if server is not None:
                    server.close()
                server = self._servers[images] = _Server(self._readers)
            return server


class _Server:
    """Our end of one waiting process."""

    def __init__(self, readers: str) -> None:
        self._control, theirs = socket.socketpair()
        self._lock = threading.Lock()
        self._next = 0
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-X", "utf8", "-m", _CHILD, str(theirs.fileno()), readers],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                cwd="/",
                pass_fds=(theirs.fileno(),),
            )
        self._await_ready()

    def _await_ready(self) -> None:
        """Starting is our own time, not that of the first file."""
        self._control.settimeout(_START_SECONDS)
        try:
            ready = self._control.recv(len(READY)) == READY
        except OSError:
            ready = False
        self._control.settimeout(None)
        if not ready:
            self.close()
            raise ClawbackError(
                "The readers could not be started: this installation is damaged.",
                "读取程序无法启动：本机安装的程序不完整。",
            )

    @property
    def alive(self) -> bool:
        """Is the process still there?"""
        return self._process.poll() is None

    def start(self, job: Job, original: int) -> _Running:
        """Have a child read `original`."""
        channel, theirs = socket.socketpair()
        status, status_write = os.pipe()
        try:
            with self._lock:
                self._next += 1
                number = self._next
                send_job(channel, job)
                fds = [theirs.fileno(), status_write, original]
                self._order(START, number, fds)
        except BaseException:
            channel.close()
            os.close(status)
            raise
        finally:
            theirs.close()
            os.close(status_write)
        return _Running(self, number, channel, status, job.files)

    def kill(self, number: int) -> None:
        """End that child; nothing happens when it is gone already."""
        with self._lock, contextlib.suppress(_Lost):
            self._order(KILL, number, [])

    def _order(self, verb: bytes, number: int, fds: list[int]) -> None:
        try:
            socket.send_fds(self._control, [ORDER.pack(verb, number)], fds)
        except OSError as error:
            raise _Lost from error

    def close(self) -> None:
        """End the process; its children end with it."""
        self._control.close()
        try:
            self._process.wait(_STATUS_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(slots=True)
class _Running:
    """Our end of one reading."""

    server: _Server
    number: int
    channel: socket.socket
    status: int
    files_left: int

    def read_next(self, job: Job, original: int) -> None:
        """Have the same child read a further file."""
        try:
            self.channel.settimeout(_STATUS_SECONDS)
            send_next(self.channel, job, original)
        except OSError as error:
            self.close()
            raise _Lost from error

    def kill(self) -> None:
        self.server.kill(self.number)

    def ended(self) -> int:
        """The child's wait status. Raises `_Lost` when the waiting process can no longer tell."""
        for _ in range(2):
            ready, _, _ = select.select([self.status], [], [], _STATUS_SECONDS)
            if ready:
                told = os.read(self.status, STATUS.size)
                if len(told) == STATUS.size:
                    return int(STATUS.unpack(told)[0])
                break
            self.kill()
        raise _Lost

    def close(self) -> None:
        self.channel.close()
        os.close(self.status)


class _Conversation:
    """One file's reading as seen from here. It can be held again after a `_Lost`: files found inside that
    arrived whole the first time are not handed over twice."""

    def __init__(self, header: Header, limits: Limits, on_member: OnMember, files: int) -> None:
        self.header = header
        self._files = files
        self._limits = limits
        self._on_member = on_member
        self._handed_over = 0
        self._members = 0
        self._bytes = 0
        self._member_ended = False
        self._fault: _Failure | None = None

    def hold(self, running: _Running) -> tuple[Reading, bool]:
        """Follow one reading; True with it when the child stays for another. Raises `_Failure`, `_Lost`, or
        what `on_member` raises; then the child is ended."""
        self._members = self._bytes = 0
        self._fault = None
        try:
            return self._finish(running)
        except BaseException:
            running.kill()
            running.close()
            raise

    def job(self, files: int | None = None) -> Job:
        """What is asked of the child; `files` None: as many as this file may share a process with."""
        image, limits = self.header.is_image, self._limits
        return Job(
            self.header,
            limits.image_cpu_seconds if image else limits.cpu_seconds,
            limits.image_memory_bytes if image else limits.memory_bytes,
            limits.message_bytes,
            members_allowed=self.header.depth < limits.depth,
            files=self._files if files is None else files,
        )

    def _finish(self, running: _Running) -> tuple[Reading, bool]:
        limits = self._limits
        seconds = limits.image_wall_seconds if self.header.is_image else limits.wall_seconds
        frames = iter(Frames(running.channel, limits.message_bytes, seconds))
        with _faults():
            reading = self._follow(frames)
            last = next(frames, None) if reading is not None else None
        if reading is not None and last is not None and last[0] is Kind.STAY:
            return reading, True
        status = running.ended()
        if reading is None:
            raise _failure_of(status)
        return reading, False

    def _follow(self, frames: Iterator[tuple[Kind, bytes]]) -> Reading | None:
        """The reading, or None when the child ended without a last word."""
        for kind, payload in frames:
            if kind is Kind.READING:
                return decode_reading(payload, self.header.exhibit)
            if kind is Kind.FAILED:
                raise _stated_failure(payload)
            if kind is not Kind.MEMBER:
                raise ContractBroken(f"frame {kind.name} out of place")
            if not self._take_member(_stated_member(payload), frames):
                return None
        return None

    def _take_member(self, member: tuple[str, str], frames: Iterator[tuple[Kind, bytes]]) -> bool:
        """Hand one file over; False when the child itself ended in the middle of it."""
        if self.header.depth >= self._limits.depth:
            raise ContractBroken("a file found too deep")
        self._members += 1
        if self._members > self._limits.members:
            raise _Failure("too_many_entries", str(self._limits.members))
        self._member_ended = False
        chunks = self._chunks(frames)
        try:
            if self._members > self._handed_over:
                self._on_member(*member, chunks)
            for _ in chunks:  # what the receiver did not want
                pass
        except MemberCut:
            if self._fault is not None:
                raise self._fault from None
            return self._member_ended
        if self._fault is not None:
            raise self._fault
        self._handed_over = max(self._handed_over, self._members)
        return True

    def _chunks(self, frames: Iterator[tuple[Kind, bytes]]) -> Iterator[bytes]:
        try:
            with _faults():
                for kind, payload in frames:
                    self._member_ended = kind in (Kind.END, Kind.CUT)
                    if kind is Kind.END:
                        return
                    if kind is Kind.CUT:
                        break
                    if kind is not Kind.DATA:
                        raise ContractBroken(f"frame {kind.name} inside a file")
                    self._count(len(payload))
                    yield payload
        except _Failure as failure:
            self._fault = failure
        raise MemberCut

    def _count(self, more: int) -> None:
        self._bytes += more
        most = self._limits.produced_bytes(self.header.size)
        if self._bytes > most:
            raise _Failure("expands_too_much", str(most))


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    """What the other side did wrong, as a failure of the file."""
    try:
        yield
    except TimeoutError:
        raise _Failure("reader_too_slow", "wall") from None
    except ContractBroken as broken:
        raise _Failure("reader_broke_contract", str(broken)) from None


def _stated_failure(payload: bytes) -> _Failure:
    code, detail = _two_texts(payload, "code", "detail")
    if code not in FAILURES:
        raise ContractBroken("an unknown failure")
    return _Failure(code, detail)


def _stated_member(payload: bytes) -> tuple[str, str]:
    return _two_texts(payload, "name", "media_type")


def _two_texts(payload: bytes, first: str, second: str) -> tuple[str, str]:
    try:
        stated = json.loads(payload)
        one, two = stated[first], stated[second]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ContractBroken("a message that is not one") from None
    if not isinstance(one, str) or not isinstance(two, str):
        raise ContractBroken("a message of the wrong shape")
    return one, two


def _failure_of(status: int) -> _Failure:
    """Why a child ended without a last word."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return _Failure("reader_too_slow", "cpu")
        return _Failure("reader_crashed", signal.Signals(number).name)
    code = os.WEXITSTATUS(status)
    return (
        _Failure("reader_out_of_memory")
        if code == OUT_OF_MEMORY
        else _Failure("reader_crashed", f"exit {code}")
    )


def _failed(header: Header, failure: _Failure) -> Reading:
    problem = Problem(
        failure.code, header.exhibit, Locator(), failure.detail[:MAX_SOURCE_TEXT], Severity.ERROR
    )
    return Reading("box", "1", Grade.UNGRADED, problems=(problem,), complete=False)


@contextlib.contextmanager
def _readable(original: BinaryIO) -> Iterator[int]:
    """A descriptor that a child may have: the file itself when it is open for reading only, else a copy
    without a name (in memory where the system can, so that no plain text touches the disk)."""
    import fcntl  # not on Windows, where `Box` has said so before

    try:
        fd = original.fileno()
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        shareable = flags & os.O_ACCMODE == os.O_RDONLY and stat.S_ISREG(os.fstat(fd).st_mode)
    except OSError:  # a stream without a file behind it
        shareable = False
    if shareable:
        yield fd
        return
    original.seek(0)
    with _nameless() as copy:
        shutil.copyfileobj(original, copy, _COPY_BYTES)
        copy.flush()
        yield copy.fileno()


def _nameless() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("original"), "w+b")
    return cast(BinaryIO, tempfile.TemporaryFile())
