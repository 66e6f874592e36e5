"""What comes out of the box is checked as if an enemy had written it."""

from __future__ import annotations

import json
import socket
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.events import Account, Direction, Message, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade, Locator, Problem, Source
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.readers.contract import Reading, TextPiece
from clawback.readers.wire import (
    ContractBroken,
    Frames,
    Header,
    Job,
    Kind,
    decode_reading,
    encode_reading,
    send_frame,
)

SOURCE = Source(7, Locator(row=3, box=(1, 2, 3, 4)), "原文", "sample", "1")
MOMENT = Moment(
    datetime(2026, 1, 5, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai")), Precision.MINUTE, ZoneBasis.FORMAT
)
READING = Reading(
    "sample",
    "1",
    Grade.PLATFORM_EXPORT,
    transfers=(
        Transfer(
            Direction.OUT,
            Amount(Decimal("3000.10"), "CNY"),
            MOMENT,
            TransferStatus.COMPLETED,
            Method.ALIPAY,
            Account(number="6222****0001"),
            Account(name="张*三"),
            (SOURCE,),
            fee=Amount(Decimal("0.50"), "CNY"),
        ),
    ),
    messages=(Message(None, "客服", "您好", "wechat", (SOURCE,)),),
    indicators=(Indicator(IndicatorKind.QQ, "10001", (SOURCE,)),),
    texts=(TextPiece("您好", Locator(page=1)),),
    problems=(Problem("sample", 7, Locator(line=2), "detail"),),
    facts=(("holder", "王芳"),),
)


def altered(*path: str | int, value: Any) -> bytes:
    tree = json.loads(encode_reading(READING))
    place = tree
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(tree).encode()


def test_a_reading_survives_the_way_exactly() -> None:
    assert decode_reading(encode_reading(READING), 7) == READING
    assert decode_reading(encode_reading(READING), 7).transfers[0].amount.value.as_tuple().exponent == -2


def test_half_a_character_does_not_stop_the_rest() -> None:
    broken = Reading(
        "sample",
        "1",
        Grade.UNGRADED,
        texts=(TextPiece("a\ud83d" + "b", Locator()),),
        messages=READING.messages,
    )
    arrived = decode_reading(encode_reading(broken), 7)
    assert arrived.texts[0].text == "a\ufffdb"
    assert arrived.messages == READING.messages


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("transfers", 0, "sources", 0, "exhibit"), 8),
        (("messages", 0, "sources", 0, "exhibit"), 8),
        (("indicators", 0, "sources", 0, "exhibit"), 8),
        (("problems", 0, "exhibit"), 8),
        (("transfers", 0, "sources"), []),
        (("transfers", 0, "sources", 0, "text"), "x" * 501),
        (("transfers", 0, "sources", 0, "certainty"), 101),
        (("transfers", 0, "sources", 0, "locator", "row"), 2**60),
        (("transfers", 0, "sources", 0, "locator", "item"), "x" * 501),
        (("transfers", 0, "amount", "value"), "1E+999999999"),
        (("transfers", 0, "amount", "value"), "9" * 100),
        (("transfers", 0, "amount", "value"), "NaN"),
        (("transfers", 0, "amount", "currency"), "cny"),
        (("transfers", 0, "fee", "value"), "1E-999999"),
        (("transfers", 0, "moment", "instant"), "2026-01-05T10:20:00"),
        (("transfers", 0, "direction"), "sideways"),
        (("messages", 0, "text"), 5),
        (("messages", 0, "own"), "yes"),
        (("grade",), "best"),
        (("complete",), "true"),
        (("facts",), {"a": "b"}),
        (("surprise",), 1),
        (("problems", 0, "detail"), "x" * 501),
    ],
)
def test_what_a_reader_may_not_say_is_refused(path: tuple[str | int, ...], value: Any) -> None:
    with pytest.raises(ContractBroken):
        decode_reading(altered(*path, value=value), 7)


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(ContractBroken):
        decode_reading(noise, 7)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_changes_a_value_never_more(place: int, flip: int) -> None:
    payload = bytearray(encode_reading(READING))
    payload[place % len(payload)] ^= flip
    try:
        arrived = decode_reading(bytes(payload), 7)
    except ContractBroken:
        return
    assert {source.exhibit for message in arrived.messages for source in message.sources} == {7}


def test_a_job_survives_the_way() -> None:
    job = Job(
        Header(7, "名字.txt", 5, "text/plain", "Asia/Shanghai", date(2026, 1, 31), 2), 30, 2**30, 2**26, True
    )
    assert Job.from_json(job.to_json()) == job


def frames_of(raw: bytes) -> list[tuple[Kind, bytes]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(raw)
        theirs.shutdown(socket.SHUT_WR)
        return list(Frames(ours, message_bytes=100, wall_seconds=5.0))


def test_frames_arrive_as_sent() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send_frame(theirs, Kind.MEMBER, b"{}")
        send_frame(theirs, Kind.DATA, memoryview(b"xy"))
        send_frame(theirs, Kind.END)
        theirs.shutdown(socket.SHUT_WR)
        assert list(Frames(ours, 100, 5.0)) == [(Kind.MEMBER, b"{}"), (Kind.DATA, b"xy"), (Kind.END, b"")]


@given(st.binary(max_size=60))
def test_noise_instead_of_frames_ends_or_is_refused(noise: bytes) -> None:
    try:
        found = frames_of(noise)
    except ContractBroken:
        return
    assert all(len(payload) <= 100 or kind is not Kind.READING for kind, payload in found)


def test_a_reading_at_the_limit_arrives_and_one_beyond_does_not() -> None:
    head = bytes([Kind.READING])
    assert frames_of(head + (100).to_bytes(4, "big") + bytes(100)) == [(Kind.READING, bytes(100))]
    with pytest.raises(ContractBroken):
        frames_of(head + (101).to_bytes(4, "big") + bytes(101))


def test_waiting_ends() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        list(Frames(ours, 100, wall_seconds=0.05))


def test_instants_keep_their_offset() -> None:
    moment = decode_reading(encode_reading(READING), 7).transfers[0].moment
    assert moment is not None
    assert moment.instant.utcoffset() == MOMENT.instant.utcoffset()
    assert moment.utc == datetime(2026, 1, 5, 2, 20, tzinfo=UTC)
