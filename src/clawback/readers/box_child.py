"""The readers' side of the box: one clean process that waits, and a child of it for each file.

Started by `clawback.readers.box` as ``python -I -m clawback.readers.box_child FD READERS``. The waiting
process has imported the readers but never touches evidence: for each order it forks a child, and the child
limits itself, reads one file, answers and is gone. Forking is what makes a process per file affordable.

An order is nine bytes on the control socket. ``J`` + number brings three descriptors: the channel (which
holds the job), the pipe for the exit status, and the original. ``K`` + number ends that child.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import importlib.util
import io
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO, NoReturn

from clawback.errors import ExtraMissing
from clawback.model.evidence import Locator, Problem, Severity
from clawback.readers import choose
from clawback.readers.contract import MAX_SOURCE_TEXT, PEEK_BYTES, Peek, Reader, Reading, ReadingContext
from clawback.readers.media_types import sniff
from clawback.readers.understand import understand
from clawback.readers.wire import (
    DATA_BYTES,
    FAULT,
    ORDER,
    OUT_OF_MEMORY,
    READY,
    START,
    STATUS,
    Job,
    Kind,
    encode_reading,
    prepare,
    receive_job,
    receive_next,
    send_frame,
)

_WARM_FIRST = 100  # exit code of a child whose reader, number (code - 100), wants to be warmed first
_OPEN_FILES = 64
_LONGEST_NAME = 4096
_SMALL = 1024 * 1024
_SECONDS_TO_ANSWER = 5
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38  # linux/prctl.h


_REHEARSAL: tuple[tuple[str, bytes], ...] = (
    ("a.csv", b"date,amount,currency\n2026-01-05,12.00,GBP\n"),
    ("b.csv", "交易时间,交易对方,金额\n2026-01-05 10:00:00,某某,12.00\n".encode("gb18030")),
    ("c.txt", "[2026/1/5 10:00:00] 某某: 您好\n05/01/2026, 10:00 - A: hello\n".encode()),
    ("d.txt", "您好 hello".encode("utf-16")),
    ("e.json", b'{"name": "a", "type": "personal_chat", "id": 1, "messages": []}'),
    ("f.eml", b"From: a@b.example\nSubject: =?utf-8?q?x?=\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n\nhello"),
    ("g.md", b"hello"),
)


@dataclass(slots=True)
class Running:
    """A child at work, and what is held for it until it ends."""

    number: int
    job: Job
    channel: socket.socket
    status: int
    original: int
    retried: bool = False  # forked anew after its reader was warmed

    def close(self) -> None:
        """Let go of all three."""
        self.channel.close()
        os.close(self.status)
        os.close(self.original)


class Server:
    """The waiting process: takes orders, forks, reports how each child ended."""

    def __init__(self, control: socket.socket, readers: tuple[Reader, ...]) -> None:
        self._control = control
        self._readers = readers
        self._warm: set[int] = set()
        self._running: dict[int, Running] = {}
        self._wake, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._inherited = (self._wake, wake_write)
        self._baseline = 0
        rehearse(readers)
        self._settle()

    def serve(self) -> None:
        """Until the other end of the control socket closes; children do not outlive it."""
        while True:
            ready, _, _ = select.select([self._control.fileno(), self._wake], [], [])
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._reap()
            if self._control.fileno() in ready and not self._obey():
                break
        for pid in self._running:
            _end(pid)

    def _obey(self) -> bool:
        order, fds, _, _ = socket.recv_fds(self._control, ORDER.size, 3)
        if len(order) < ORDER.size:
            return False
        verb, number = ORDER.unpack(order)
        if verb == START:
            channel = socket.socket(fileno=fds[0])
            channel.setblocking(True)
            self._fork(Running(number, receive_job(channel), channel, fds[1], fds[2]))
        else:
            for pid, running in self._running.items():
                if running.number == number:
                    _end(pid)
        return True

    def _fork(self, running: Running) -> None:
        pid = os.fork()
        if pid == 0:
            self._become_child(running)
        self._running[pid] = running

    def _become_child(self, running: Running) -> NoReturn:
        code = FAULT
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            for fd in self._inherited:
                os.close(fd)
            self._control.close()
            for other in self._running.values():
                other.close()
            os.close(running.status)
            code = self._work(running)
        except MemoryError:
            code = OUT_OF_MEMORY
        finally:
            os._exit(code)

    def _work(self, running: Running) -> int:
        """Read the file, and further ones while both sides agree; the exit code."""
        _limit(running.job, self._baseline)
        if running.job.header.size < _SMALL:
            gc.disable()  # it would cost more than it could free
        code = self._read_one(running.channel, running.job, running.original)
        while code is None:
            send_frame(running.channel, Kind.STAY)
            further = receive_next(running.channel)
            if further is None:
                return 0
            code = self._read_one(running.channel, *further)
        return code

    def _read_one(self, channel: socket.socket, job: Job, fd: int) -> int | None:
        """Read one file; the exit code, or None when this process may read another."""
        _limit_time(job)
        with os.fdopen(fd, "rb") as original:
            head, header = _head(original.fileno()), job.header
            place = _surest(self._readers, Peek(header.name, header.size, header.media_type, head))
            reader = None if place is None else self._readers[place]
            loads = hasattr(reader, "warm")
            if loads and place is not None and place not in self._warm:
                return _WARM_FIRST + place
            well = answer(channel, job, reader, original)
        return None if well and job.files > 1 and not loads else 0

    def _reap(self) -> None:
        while self._running:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            _end(ended.si_pid)  # whatever the child itself started goes with it
            _, status = os.waitpid(ended.si_pid, 0)
            self._ended(self._running.pop(ended.si_pid), status)

    def _ended(self, running: Running, status: int) -> None:
        place = os.WEXITSTATUS(status) - _WARM_FIRST if os.WIFEXITED(status) else -1
        if 0 <= place < len(self._readers) and not running.retried:
            # Several children may ask at once: the first is warmed for, the others only start again.
            if place not in self._warm:
                self._warm_up(place)
            running.retried = True
            self._fork(running)
            return
        with contextlib.suppress(BrokenPipeError):
            os.write(running.status, STATUS.pack(status))
        running.close()

    def _warm_up(self, place: int) -> None:
        """Let the reader load its libraries and models once, for all later children."""
        self._warm.add(place)
        with contextlib.suppress(ExtraMissing, ImportError, OSError, RuntimeError):  # `read` will say so
            self._readers[place].warm()  # type: ignore[attr-defined]
        self._settle()

    def _settle(self) -> None:
        gc.collect()
        gc.freeze()  # so that a child's collector does not touch, and thereby copy, every page
        self._baseline = _address_space()


def rehearse(readers: tuple[Reader, ...]) -> None:
    """Read harmless invented files here, so that codecs are loaded and patterns compiled before the first
    fork, and not again in every child."""
    prepare()
    for name, head in _REHEARSAL:
        peek = Peek(name, len(head), sniff(head, name), head)
        context = ReadingContext(0, name, "UTC", date.min, lambda _name, _kind, _chunks: None)
        with contextlib.suppress(Exception):  # a reader that is broken will say so over a real file
            reader = choose(peek, readers)
            if reader is not None and not hasattr(reader, "warm"):
                encode_reading(understand(reader.read(io.BytesIO(head), context), context))


def answer(channel: socket.socket, job: Job, reader: Reader | None, original: BinaryIO) -> bool:
    """Read `original` with `reader` and send what came of it: a reading (then True), or why there is none."""
    kind, payload = Kind.READING, b""
    try:
        if reader is None:
            kind, payload = Kind.FAILED, _failure("no_reader", job.header.media_type)
        else:
            payload = encode_reading(_read(channel, job, reader, original))
    except MemoryError:
        kind, payload = Kind.FAILED, _failure("reader_out_of_memory", "")
    except ExtraMissing as missing:
        kind, payload = Kind.FAILED, _failure("extra_missing", missing.extra)
    except Exception as error:  # noqa: BLE001 - a fault of one reader costs one file; its class is reported
        kind, payload = Kind.FAILED, _failure("reader_crashed", type(error).__name__)
    if len(payload) > job.message_bytes:
        kind, payload = Kind.FAILED, _failure("reader_broke_contract", f"{len(payload)} bytes")
    with contextlib.suppress(BrokenPipeError):
        send_frame(channel, kind, payload)
    return kind is Kind.READING


def _failure(code: str, detail: str) -> bytes:
    return json.dumps({"code": code, "detail": detail}).encode("ascii")


def _read(channel: socket.socket, job: Job, reader: Reader, original: BinaryIO) -> Reading:
    header = job.header
    members = _Members(channel, job)
    context = ReadingContext(header.exhibit, header.name, header.zone, header.today, members)
    original.seek(0)
    reading = _understood(reader.read(original, context), context)
    if not members.refused:
        return reading
    return replace(reading, problems=reading.problems + tuple(members.refused), complete=False)


def _understood(reading: Reading, context: ReadingContext) -> Reading:
    """With what its words say; when that cannot be found out, the reading itself is not lost."""
    signal.signal(signal.SIGXCPU, _out_of_time)
    try:
        return understand(reading, context)
    except Exception as error:  # noqa: BLE001 - see above; its class is reported
        problem = context.problem("words_not_searched", None, type(error).__name__, Severity.ERROR)
        return replace(reading, problems=(*reading.problems, problem), complete=False)
    finally:
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)  # what remains is to answer, within the hard limit


class _OutOfTime(Exception):
    """The processor time is used up."""


def _out_of_time(_number: int, _frame: object) -> NoReturn:
    raise _OutOfTime


@dataclass(slots=True)
class _Members:
    """Hands over what a reader found inside, unless the nesting is already as deep as it may be."""

    channel: socket.socket
    job: Job
    refused: list[Problem] = field(default_factory=list)

    def __call__(self, name: str, media_type: str, chunks: Iterable[bytes]) -> None:
        if not self.job.members_allowed:
            place = Locator(item=name[:MAX_SOURCE_TEXT])
            self.refused.append(
                Problem("nested_too_deep", self.job.header.exhibit, place, "", Severity.ERROR)
            )
            return
        about = json.dumps({"name": name[:_LONGEST_NAME], "media_type": media_type[:_LONGEST_NAME]})
        send_frame(self.channel, Kind.MEMBER, about.encode("ascii"))
        try:
            for chunk in chunks:
                for piece in _pieces(chunk):
                    send_frame(self.channel, Kind.DATA, piece)
        except Exception:
            send_frame(self.channel, Kind.CUT)
            raise
        send_frame(self.channel, Kind.END)


def _pieces(chunk: bytes) -> Iterator[memoryview]:
    view = memoryview(chunk)
    for start in range(0, len(view), DATA_BYTES):
        yield view[start : start + DATA_BYTES]


def _surest(readers: tuple[Reader, ...], peek: Peek) -> int | None:
    chosen = choose(peek, readers)
    return None if chosen is None else readers.index(chosen)


def _head(fd: int) -> bytes:
    return os.pread(fd, PEEK_BYTES, 0)


def _limit(job: Job, baseline: int) -> None:
    """Bounds on this very process; none of them can be lifted again. The time is that of all its files."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_AS, baseline + job.memory_bytes),
    ):
        resource.setrlimit(what, (most, most))
    hard = job.cpu_seconds * job.files + _SECONDS_TO_ANSWER
    resource.setrlimit(resource.RLIMIT_CPU, (job.cpu_seconds, hard))


def _limit_time(job: Job) -> None:
    """The time of one file, counted from now."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = min(int(time.process_time()) + job.cpu_seconds, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _address_space() -> int:
    """Bytes of address space in use now; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _end(pid: int) -> None:
    """Kill the child and whatever it started."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    """Linux only; elsewhere a child merely lacks this extra bound."""
    if _LIBC is not None:
        _LIBC.prctl(option, value, 0, 0, 0)


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def load_readers(spec: str) -> tuple[Reader, ...]:
    """The readers that `spec` names, "module:attribute"; a module may also be the path of a .py file."""
    name, _, attribute = spec.rpartition(":")
    if not name.endswith(".py"):
        return tuple(getattr(importlib.import_module(name), attribute))
    found = importlib.util.spec_from_file_location(Path(name).stem, name)
    if found is None or found.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return tuple(getattr(module, attribute))


def main() -> None:
    """Wait for orders on the control socket whose descriptor is the first argument."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    control = socket.socket(fileno=int(sys.argv[1]))
    server = Server(control, load_readers(sys.argv[2]))
    control.sendall(READY)
    server.serve()


if __name__ == "__main__":
    main()
