"""What every reader owes, whatever its format: the promises of `clawback.readers.contract`.

Each reader's own samples (`tests/readers/<name>/sample*`) are used where there are any.
"""

import io
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clawback.readers import BUILTIN_READERS, choose
from clawback.readers.contract import (
    MAX_SOURCE_TEXT,
    PEEK_BYTES,
    Peek,
    Reader,
    Reading,
    ReadingContext,
    Sureness,
)

SAMPLES = Path(__file__).parents[1] / "readers"
HUGE = 5 * 1024 * 1024
_NOISE = random.Random(20261101)  # noqa: S311 - repeatable noise, not a secret

HOSTILE_NAMES = (
    "",
    ".",
    "../../etc/passwd",
    "con.csv",
    "a" * 4000 + ".csv",
    "\u202egnp.exe",
    "账单\x00.csv",
    "line\nbreak.xlsx",
    "\ud800.ofx",
    "no suffix",
)

MALFORMED = {
    "empty": b"",
    "one byte": b"\x00",
    "only white space": b" \r\n\t\n" * 50,
    "byte order mark alone": b"\xff\xfe",
    "zip magic and nothing": b"PK\x03\x04",
    "zip magic and noise": b"PK\x03\x04" + _NOISE.randbytes(4000),
    "ole magic and noise": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _NOISE.randbytes(4000),
    "pdf magic and noise": b"%PDF-1.7\n" + _NOISE.randbytes(4000),
    "png magic and noise": b"\x89PNG\r\n\x1a\n" + _NOISE.randbytes(4000),
    "jpeg magic and noise": b"\xff\xd8\xff\xe0" + _NOISE.randbytes(4000),
    "noise": _NOISE.randbytes(20_000),
    "one huge line": b"x" * HUGE,
    "one huge line of commas": b"," * HUGE,
    "one huge quoted cell": b'"' + b"a" * HUGE,
    "deep brackets": b"[" * 200_000,
    "deep braces": b'{"a":' * 100_000,
    "deep tags": b"<a>" * 100_000,
    "mixed encodings": "交易时间,金额\n".encode("gb18030") + "支出,1.00\n".encode("utf-16") + "收入".encode(),
    "right-to-left marks": "\u202e交易时间,金额\u202c\n\u200f2026-01-01,\u202e00.5\u202c\n".encode(),
    "nul bytes": b"a\x00b,\x00\n" * 500,
    "lone surrogates": b"\xed\xa0\x80,\xed\xb0\x80\n" * 50,
    "text of another trade": b"%!PS-Adobe-3.0\n/Helvetica findfont\n",
}


def ids(readers: Iterable[Reader]) -> list[str]:
    return [reader.name for reader in readers]


every_reader = pytest.mark.parametrize("reader", BUILTIN_READERS, ids=ids(BUILTIN_READERS))


def read(reader: Reader, data: bytes, name: str = "evidence.bin") -> Reading:
    def member(_name: str, _media_type: str, chunks: Iterable[bytes]) -> None:
        for _ in chunks:
            pass

    context = ReadingContext(41, name, "Europe/London", date(2026, 11, 1), member)
    return reader.read(io.BytesIO(data), context)


def peek(data: bytes, name: str = "evidence.bin", media_type: str = "application/octet-stream") -> Peek:
    return Peek(name, len(data), media_type, data[:PEEK_BYTES])


def samples(reader: Reader) -> list[Path]:
    found = sorted((SAMPLES / reader.name).glob("sample*"))
    return [path for path in found if path.is_file() and not path.name.endswith((".expected.json", ".md"))]


def keeps_the_contract(reader: Reader, reading: Reading) -> None:
    assert (reading.reader, reading.version) == (reader.name, reader.version)
    records = (*reading.transfers, *reading.messages, *reading.statements, *reading.indicators)
    for record in records:
        assert record.sources, "a fact without a source"
        for source in record.sources:
            assert (source.exhibit, source.reader, source.version) == (41, reader.name, reader.version)
            assert len(source.text) <= MAX_SOURCE_TEXT
            assert 0 <= source.certainty <= 100
    for transfer in reading.transfers:
        assert transfer.amount.value > 0
    names = [record.id for record in (*reading.transfers, *reading.messages, *reading.statements)]
    assert len(names) == len(set(names)), "two records with one name"
    for problem in reading.problems:
        assert problem.exhibit == 41
        assert problem.code.replace("_", "").isalnum()
        assert problem.code == problem.code.lower()
        assert len(problem.detail) <= MAX_SOURCE_TEXT


@every_reader
def test_a_reader_says_who_it_is_in_both_languages(reader: Reader) -> None:
    assert reader.name.isidentifier()
    assert reader.version
    assert len(reader.formats) == 2
    assert all(reader.formats)


def test_no_two_readers_share_a_name() -> None:
    assert len(set(ids(BUILTIN_READERS))) == len(BUILTIN_READERS)


@every_reader
@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=repr)
def test_identify_bears_any_name(reader: Reader, name: str) -> None:
    for data in (b"", b"PK\x03\x04", "交易时间".encode("gb18030")):
        assert reader.identify(peek(data, name)) in Sureness


@every_reader
@pytest.mark.parametrize("case", MALFORMED)
def test_identify_bears_any_bytes(reader: Reader, case: str) -> None:
    for suffix in (".csv", ".xlsx", ".xls", ".ofx", ".json", ".txt", ".eml", ".pdf", ".png", ".zip"):
        assert reader.identify(peek(MALFORMED[case], "evidence" + suffix)) in Sureness


@every_reader
@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_bytes_become_problems_and_never_an_exception(reader: Reader, case: str) -> None:
    reading = read(reader, MALFORMED[case])
    keeps_the_contract(reader, reading)
    assert not reading.transfers


@every_reader
def test_its_samples_are_chosen_for_it_and_keep_the_contract(reader: Reader) -> None:
    for path in samples(reader):
        data = path.read_bytes()
        chosen = choose(peek(data, path.name))
        assert chosen is not None
        assert chosen.name == reader.name
        reading = read(reader, data, path.name)
        keeps_the_contract(reader, reading)
        assert reading.transfers or reading.messages or reading.texts


@every_reader
def test_a_truncated_sample_loses_its_end_and_nothing_else(reader: Reader) -> None:
    for path in samples(reader)[:2]:
        data = path.read_bytes()
        for share in (0.5, 0.97):
            keeps_the_contract(reader, read(reader, data[: int(len(data) * share)], path.name))


@every_reader
def test_the_same_bytes_give_the_same_reading(reader: Reader) -> None:
    for path in samples(reader)[:1]:
        data = path.read_bytes()
        assert read(reader, data, path.name) == read(reader, data, path.name)
    assert read(reader, MALFORMED["mixed encodings"]) == read(reader, MALFORMED["mixed encodings"])


@every_reader
def test_a_sample_with_bytes_turned_over_is_still_borne(reader: Reader) -> None:
    noise = random.Random(7)  # noqa: S311
    for path in samples(reader)[:1]:
        data = bytearray(path.read_bytes())
        for _ in range(max(1, len(data) // 200)):
            data[noise.randrange(len(data))] = noise.randrange(256)
        keeps_the_contract(reader, read(reader, bytes(data), path.name))


@given(data=st.binary(max_size=300), name=st.text(max_size=20))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_choosing_never_raises(data: bytes, name: str) -> None:
    choose(peek(data, name))
