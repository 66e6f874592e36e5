"""Readers for the tests of the box: what evidence that has taken over its reader might do."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import BinaryIO

from clawback.model.evidence import Grade, Locator, Problem
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness, TextPiece
from clawback.readers.wire import Kind, send_frame

MIB = 1024 * 1024


class Obedient:
    """Does what the file says: its first line is a verb, the rest the argument."""

    name, version, formats = "obedient", "1", ("测试", "test")

    def identify(self, peek: Peek) -> Sureness:
        return Sureness.NO if peek.head.startswith(b"nobody") else Sureness.SURE

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        verb, _, rest = original.read().partition(b"\n")
        return getattr(self, verb.decode("ascii"))(rest, context)

    def echo(self, rest: bytes, context: ReadingContext) -> Reading:
        text = rest.decode("utf-8", "surrogatepass")
        return Reading(self.name, self.version, Grade.UNGRADED, texts=(TextPiece(text, Locator(line=1)),))

    def loop(self, _rest: bytes, _context: ReadingContext) -> Reading:
        while True:
            pass

    def nearly_late(self, _rest: bytes, _context: ReadingContext) -> Reading:
        """A reading after which no time is left to search its endless words."""

        class Endless(str):
            __slots__ = ()

            def __getattribute__(self, name: str) -> object:
                while True:
                    pass

        piece = TextPiece(Endless("x"), Locator(line=1))
        return Reading(self.name, self.version, Grade.UNGRADED, texts=(piece,), facts=(("read", "yes"),))

    def sleep(self, _rest: bytes, _context: ReadingContext) -> Reading:
        while True:
            time.sleep(1)

    def eat(self, rest: bytes, context: ReadingContext) -> Reading:
        hoard = bytearray(int(rest) * MIB)
        return self.echo(str(len(hoard)).encode(), context)

    def fail(self, _rest: bytes, _context: ReadingContext) -> Reading:
        raise ZeroDivisionError

    def leave(self, rest: bytes, _context: ReadingContext) -> Reading:
        os._exit(int(rest))

    def segfault(self, _rest: bytes, _context: ReadingContext) -> Reading:
        ctypes.string_at(0)
        raise AssertionError

    def write_file(self, rest: bytes, context: ReadingContext) -> Reading:
        Path(rest.decode()).write_bytes(b"x")
        return self.echo(rest, context)

    def environment(self, _rest: bytes, context: ReadingContext) -> Reading:
        return self.echo(",".join(sorted(os.environ)).encode(), context)

    def another_exhibit(self, _rest: bytes, context: ReadingContext) -> Reading:
        problem = Problem("invented", context.exhibit + 1)
        return Reading(self.name, self.version, Grade.UNGRADED, problems=(problem,))

    def garbage(self, rest: bytes, _context: ReadingContext) -> Reading:
        _channel().sendall(rest)
        os._exit(0)

    def oversize(self, _rest: bytes, _context: ReadingContext) -> Reading:
        _channel().sendall(bytes([Kind.READING]) + (2**32 - 1).to_bytes(4, "big"))
        os._exit(0)

    def reading(self, rest: bytes, _context: ReadingContext) -> Reading:
        send_frame(_channel(), Kind.READING, rest)
        os._exit(0)

    def long(self, rest: bytes, context: ReadingContext) -> Reading:
        return Reading(self.name, self.version, Grade.UNGRADED, facts=(("long", "x" * int(rest)),))

    def members(self, rest: bytes, context: ReadingContext) -> Reading:
        for number in range(int(rest)):
            context.member(f"{number}.txt", "text/plain", [b"echo\n", str(number).encode()])
        return self.echo(b"done", context)

    def expand(self, rest: bytes, context: ReadingContext) -> Reading:
        context.member("zeros", "text/plain", (bytes(MIB) for _ in range(int(rest))))
        return self.echo(b"done", context)

    def die_inside_member(self, _rest: bytes, context: ReadingContext) -> Reading:
        def chunks():
            yield b"first half"
            os._exit(3)

        context.member("half", "text/plain", chunks())
        raise AssertionError

    def torn_member(self, _rest: bytes, context: ReadingContext) -> Reading:
        def chunks():
            yield b"first half"
            raise EOFError

        with contextlib.suppress(EOFError):
            context.member("torn", "text/plain", chunks())
        return self.members(b"2", context)

    def kill_parent(self, _rest: bytes, _context: ReadingContext) -> Reading:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(5)
        raise AssertionError

    def kill_parent_once(self, rest: bytes, context: ReadingContext) -> Reading:
        """Stands for a good file that is read while another one ends the shared parent."""
        self.members(b"2", context)
        marker = Path(rest.decode())
        if marker.exists():
            marker.unlink()
            self.kill_parent(b"", context)
        return self.members(b"3", context)

    def process(self, _rest: bytes, context: ReadingContext) -> Reading:
        return self.echo(str(os.getpid()).encode(), context)

    def module_count(self, _rest: bytes, context: ReadingContext) -> Reading:
        return self.echo(str(len(sys.modules)).encode(), context)


class Heavy(Obedient):
    """Needs something loaded once, in the process that all children come from."""

    name = "heavy"

    def __init__(self) -> None:
        self.loaded_in = 0

    def identify(self, peek: Peek) -> Sureness:
        return Sureness.CERTAIN if peek.head.startswith(b"loaded") else Sureness.NO

    def warm(self) -> None:
        self.loaded_in = os.getpid()

    def loaded(self, _rest: bytes, context: ReadingContext) -> Reading:
        return self.echo(f"{self.loaded_in} {os.getppid()}".encode(), context)


def _channel() -> socket.socket:
    """The socket through which the answer goes, found as hostile code would find it."""
    for fd in range(3, 64):
        try:
            found = socket.socket(fileno=fd)
            found.getpeername()
        except OSError:
            continue
        return found
    raise AssertionError


READERS = (Obedient(), Heavy())
