"""What travels between the case and the process that reads one file: frames, the job, the reading.

A frame is one byte of kind, four bytes of length (big endian) and the payload. The reading is JSON that is
checked against the records' own types on arrival; nothing is ever unpickled. The side that receives trusts
nothing that it gets.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import IntEnum
from functools import cache

from pydantic import TypeAdapter, ValidationError

from clawback.model.events import Message, Statement, Transfer
from clawback.model.evidence import Locator, Source
from clawback.model.indicators import Indicator
from clawback.model.money import Amount
from clawback.readers.contract import MAX_SOURCE_TEXT, Reading

DATA_BYTES = 1024 * 1024
"""Most bytes of a member in one frame."""

ORDER = struct.Struct("!cQ")
"""An order to the waiting process: START or KILL, and the number of the child."""
START, KILL = b"J", b"K"
READY = b"R"
"""What the waiting process says once, when it can take orders."""

STATUS = struct.Struct("!i")
"""How a child ended, as `os.waitpid` tells it."""
FAULT, OUT_OF_MEMORY = 70, 71
"""Exit codes of a child that could not even say what went wrong."""

_HEAD = struct.Struct("!BI")
_NAME_BYTES = 64 * 1024
_MOST_DIGITS = 60  # no sum of money needs more; 1E+999999999 only serves to fill memory
_LARGEST_COUNT = 2**53
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Kind(IntEnum):
    """What a frame holds."""

    MEMBER = 1  # a file found inside begins: {"name", "media_type"}
    DATA = 2  # its next bytes
    END = 3  # it is complete
    CUT = 4  # it breaks off here and is not to be kept
    READING = 5  # the reading; last frame
    STAY = 7  # after a reading: this process would read another file
    FAILED = 6  # {"code", "detail"}: no reading; last frame


_LARGEST = {
    Kind.MEMBER: _NAME_BYTES,
    Kind.DATA: DATA_BYTES,
    Kind.END: 0,
    Kind.CUT: 0,
    Kind.STAY: 0,
    Kind.FAILED: _NAME_BYTES,
}


class ContractBroken(Exception):
    """What arrived is not what a reader may send."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is told about a file beside its bytes.

    `name`: display name, never a path to open. `media_type` as sniffed; images get the wider limits.
    `zone`, `today`: see `ReadingContext`. `depth`: 0 for a file handed in, 1 for one found inside it.
    """

    exhibit: int
    name: str
    size: int
    media_type: str
    zone: str
    today: date
    depth: int = 0

    @property
    def is_image(self) -> bool:
        """Does the file need the limits for images?"""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read, and what it may cost: seconds of processor time, bytes of memory above the
    readers' own, bytes of the message, and whether files found inside may still be handed over.
    `files`: how many files the process may read one after the other, this one included."""

    header: Header
    cpu_seconds: int
    memory_bytes: int
    message_bytes: int
    members_allowed: bool
    files: int = 1

    def to_json(self) -> bytes:
        """The job as sent to the readers' process."""
        return json.dumps(asdict(self), default=date.isoformat).encode("ascii")

    @classmethod
    def from_json(cls, payload: bytes) -> Job:
        """The job as received there."""
        fields = json.loads(payload)
        header = fields.pop("header")
        return cls(Header(**header | {"today": date.fromisoformat(header["today"])}), **fields)


def send_frame(channel: socket.socket, kind: Kind, payload: bytes | memoryview = b"") -> None:
    """Send one frame; blocks while the other side is busy."""
    channel.sendall(_HEAD.pack(kind, len(payload)))
    if payload:
        channel.sendall(payload)


def receive_exactly(channel: socket.socket, count: int) -> bytes:
    """`count` bytes from a trusted sender, or fewer at the end of the stream."""
    found = bytearray()
    while len(found) < count:
        more = channel.recv(min(count - len(found), DATA_BYTES))
        if not more:
            break
        found += more
    return bytes(found)


def send_job(channel: socket.socket, job: Job) -> None:
    """Put the job into the channel before the channel is handed over."""
    payload = job.to_json()
    channel.sendall(struct.pack("!I", len(payload)) + payload)


def receive_job(channel: socket.socket) -> Job:
    """The job that `send_job` put in."""
    (length,) = struct.unpack("!I", receive_exactly(channel, 4))
    return Job.from_json(receive_exactly(channel, length))


def send_next(channel: socket.socket, job: Job, original: int) -> None:
    """Hand a further job and its file to a process that stayed."""
    payload = job.to_json()
    socket.send_fds(channel, [struct.pack("!I", len(payload))], [original])
    channel.sendall(payload)


def receive_next(channel: socket.socket) -> tuple[Job, int] | None:
    """What `send_next` sent; None when there is nothing more to read."""
    length, fds, _, _ = socket.recv_fds(channel, 4, 1)
    if len(length) < 4 or not fds:
        return None
    return Job.from_json(receive_exactly(channel, int.from_bytes(length, "big"))), fds[0]


class Frames:
    """The frames of one untrusted sender.

    Only the time spent waiting for the sender counts against `wall_seconds`: sealing what was received
    must not. Raises `ContractBroken` for a frame that may not be, `TimeoutError` when time is up.
    """

    def __init__(self, channel: socket.socket, message_bytes: int, wall_seconds: float) -> None:
        self._channel = channel
        self._largest = _LARGEST | {Kind.READING: message_bytes}
        self._left = wall_seconds

    def __iter__(self) -> Iterator[tuple[Kind, bytes]]:
        """Frames until the sender closes; a frame torn by the sender's death ends them too."""
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> tuple[Kind, bytes] | None:
        head = self._exactly(_HEAD.size)
        if head is None:
            return None
        number, length = _HEAD.unpack(head)
        if number not in self._largest or length > self._largest[Kind(number)]:
            raise ContractBroken(f"frame {number} of {length} bytes")
        payload = self._exactly(length)
        return None if payload is None else (Kind(number), payload)

    def _exactly(self, count: int) -> bytes | None:
        found = bytearray()
        while len(found) < count:
            more = self._receive(min(count - len(found), DATA_BYTES))
            if not more:
                return None
            found += more
        return bytes(found)

    def _receive(self, count: int) -> bytes:
        if self._left <= 0:
            raise TimeoutError
        self._channel.settimeout(self._left)
        began = time.monotonic()
        try:
            return self._channel.recv(count)
        except ConnectionResetError:
            return b""
        finally:
            self._left -= time.monotonic() - began


@cache
def _adapter() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


def prepare() -> None:
    """Build what encoding and decoding need, once, before processes are forked that will need it."""
    _adapter()


def encode_reading(reading: Reading) -> bytes:
    """The reading as JSON (UTF-8). Half a surrogate pair, which no encoding can carry, becomes U+FFFD."""
    try:
        return _adapter().dump_json(reading)
    except ValueError:
        text = json.dumps(asdict(reading), ensure_ascii=False, default=_plain)
        return _LONE_SURROGATE.sub("\ufffd", text).encode("utf-8")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def decode_reading(payload: bytes, exhibit: int) -> Reading:
    """The reading of `exhibit` as received; `ContractBroken` when it is not one or speaks of another."""
    try:
        reading = _adapter().validate_json(payload, strict=True, extra="forbid")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise ContractBroken(f"{first['type']} at {'.'.join(map(str, first['loc']))}") from None
    _check(reading, exhibit)
    return reading


def _check(reading: Reading, exhibit: int) -> None:
    """What the types alone do not say: whose evidence it is, and that no figure is a trap."""
    records: tuple[Transfer | Message | Statement | Indicator, ...] = (
        *reading.transfers,
        *reading.messages,
        *reading.statements,
        *reading.indicators,
    )
    for record in records:
        _require(bool(record.sources), "a record without a source")
        for source in record.sources:
            _check_source(source, exhibit)
    for problem in reading.problems:
        _require(problem.exhibit == exhibit, "a problem of another exhibit")
        _require(len(problem.detail) <= MAX_SOURCE_TEXT, "a problem's detail too long")
        _check_locator(problem.locator)
    for piece in reading.texts:
        _check_locator(piece.locator)
        _require(0 <= piece.certainty <= 100, "a certainty out of range")
    for transfer in reading.transfers:
        _check_amount(transfer.amount)
        if transfer.fee is not None:
            _check_amount(transfer.fee)


def _check_source(source: Source, exhibit: int) -> None:
    """Runs for every record of every file, so it is written for speed."""
    if source.exhibit != exhibit:
        raise ContractBroken("a source in another exhibit")
    if len(source.text) > MAX_SOURCE_TEXT or not 0 <= source.certainty <= 100:
        raise ContractBroken("a source out of range")
    _check_locator(source.locator)


def _check_locator(where: Locator) -> None:
    for count in (where.row, where.page, where.line, where.start, where.end, *(where.box or ())):
        if count is not None and not -_LARGEST_COUNT <= count <= _LARGEST_COUNT:
            raise ContractBroken("a place out of range")
    if where.item is not None and len(where.item) > MAX_SOURCE_TEXT:
        raise ContractBroken("a place's name too long")


def _check_amount(amount: Amount) -> None:
    exponent = int(amount.value.as_tuple().exponent)
    digits = len(amount.value.as_tuple().digits)
    _require(max(digits, abs(exponent)) <= _MOST_DIGITS, "an amount out of range")
    _require(len(amount.currency) <= _MOST_DIGITS, "a currency too long")


def _require(kept: bool, what: str) -> None:
    if not kept:
        raise ContractBroken(what)
