"""A bad file costs only itself."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from clawback.errors import ClawbackError
from clawback.readers.box import Box, MemberCut
from clawback.readers.contract import Reading
from clawback.readers.limits import DEFAULT_LIMITS
from clawback.readers.wire import Header

READERS = f"{Path(__file__).with_name('box_readers.py')}:READERS"
MIB = 1024 * 1024
TIGHT = replace(
    DEFAULT_LIMITS,
    cpu_seconds=1,
    wall_seconds=30.0,
    memory_bytes=200 * MIB,
    message_bytes=MIB,
    members=5,
    ratio_free_bytes=3 * MIB,
)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box(limits=TIGHT, readers=READERS) as opened:
        yield opened


def header(size: int = 100, depth: int = 0, media_type: str = "text/plain") -> Header:
    return Header(7, "file.txt", size, media_type, "Asia/Shanghai", date(2026, 1, 31), depth)


def no_members(name: str, _media_type: str, _chunks: Iterator[bytes]) -> None:
    raise AssertionError(name)


def read(box: Box, text: bytes | str, about: Header | None = None) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return box.read(io.BytesIO(data), about or header(len(data)), no_members)


def problem(reading: Reading) -> tuple[str, str]:
    (only,) = reading.problems
    assert only.exhibit == 7
    assert not reading.complete
    return only.code, only.detail


def test_a_reading_comes_back_as_the_reader_made_it(box: Box) -> None:
    reading = read(box, "echo\n您好 hello")
    assert (reading.reader, reading.version, reading.texts[0].text) == ("obedient", "1", "您好 hello")
    assert reading.complete
    assert not reading.problems


def test_a_file_opened_for_reading_is_read_where_it_is(box: Box, tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    path.write_bytes(b"echo\nfrom a file")
    with path.open("rb") as original:
        original.read()
        assert box.read(original, header(), no_members).texts[0].text == "from a file"


def test_every_file_has_a_process_of_its_own(box: Box) -> None:
    assert read(box, "process\n").texts[0].text != read(box, "process\n").texts[0].text


def test_text_that_no_encoding_can_carry_still_arrives(box: Box) -> None:
    assert read(box, b"echo\na\xed\xa0\x80b").texts[0].text == "a\ufffdb"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nobody\n", ("no_reader", "text/plain")),
        ("loop\n", ("reader_too_slow", "cpu")),
        ("eat\n300", ("reader_out_of_memory", "")),
        ("fail\n", ("reader_crashed", "ZeroDivisionError")),
        ("leave\n9", ("reader_crashed", "exit 9")),
        ("leave\n0", ("reader_crashed", "exit 0")),
        ("leave\n101", ("reader_crashed", "exit 101")),
        ("segfault\n", ("reader_crashed", "SIGSEGV")),
        ("kill_parent\n", ("reader_crashed", "ended its parent")),
        ("write_file\n/tmp/clawback-box-test", ("reader_crashed", "OSError")),
        ("another_exhibit\n", ("reader_broke_contract", "a problem of another exhibit")),
        ("garbage\nHTTP/1.1 200 OK", ("reader_broke_contract", "frame 72 of 1414811695 bytes")),
        ("garbage\n\x05", ("reader_crashed", "exit 0")),
        ("oversize\n", ("reader_broke_contract", "frame 5 of 4294967295 bytes")),
        ("long\n2000000", None),
        ('reading\n{"reader": "x", "version": "1", "grade": "best"}', None),
        ("reading\n[1, 2", None),
        ("reading\n" + "[" * 100_000, None),
    ],
)
def test_a_bad_file_costs_only_itself(box: Box, text: str, expected: tuple[str, str] | None) -> None:
    found = problem(read(box, text))
    assert found == expected if expected else found[0] == "reader_broke_contract"
    assert read(box, "echo\nnext").texts[0].text == "next"


def test_a_reader_that_only_waits_is_ended_by_the_clock() -> None:
    with Box(limits=replace(TIGHT, wall_seconds=0.5), readers=READERS) as hasty:
        assert problem(read(hasty, "sleep\n")) == ("reader_too_slow", "wall")


def test_time_spent_on_sealing_is_not_the_readers() -> None:
    def slow(_name: str, _media_type: str, chunks: Iterator[bytes]) -> None:
        threading.Event().wait(0.4)
        b"".join(chunks)

    with Box(limits=replace(TIGHT, wall_seconds=1.0), readers=READERS) as hasty:
        assert hasty.read(io.BytesIO(b"members\n4"), header(), slow).texts[0].text == "done"


def test_readers_that_cannot_start_are_our_fault_not_the_evidences(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise ImportError")
    with Box(readers=f"{broken}:READERS") as box, pytest.raises(ClawbackError):
        read(box, "echo\n")


def test_a_reading_is_kept_although_its_words_cannot_be_searched(box: Box) -> None:
    reading = read(box, "nearly_late\n")
    assert reading.facts == (("read", "yes"),)
    assert problem(reading) == ("words_not_searched", "_OutOfTime")


def test_memory_below_the_limit_is_given(box: Box) -> None:
    assert read(box, "eat\n150").texts[0].text == str(150 * MIB)


def test_an_image_gets_the_memory_that_recognition_needs(box: Box) -> None:
    assert read(box, "eat\n300", header(media_type="image/png")).texts[0].text == str(300 * MIB)


def test_the_reader_sees_nothing_of_our_environment(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "x")
    with Box(readers=READERS) as fresh:
        assert set(read(fresh, "environment\n").texts[0].text.split(",")) <= {
            "LC_ALL",
            "TZ",
            "OMP_NUM_THREADS",
            "GLIBC_TUNABLES",
        }


def test_files_found_inside_are_handed_over_whole(box: Box) -> None:
    found: dict[str, bytes] = {}

    def keep(name: str, media_type: str, chunks: Iterator[bytes]) -> None:
        assert media_type == "text/plain"
        found[name] = b"".join(chunks)

    reading = box.read(io.BytesIO(b"members\n5"), header(), keep)
    assert reading.texts[0].text == "done"
    assert found == {f"{number}.txt": f"echo\n{number}".encode() for number in range(5)}


def test_a_receiver_need_not_want_a_file_found_inside(box: Box) -> None:
    names = []
    reading = box.read(io.BytesIO(b"members\n3"), header(), lambda name, _type, _chunks: names.append(name))
    assert reading.texts[0].text == "done"
    assert names == ["0.txt", "1.txt", "2.txt"]


@pytest.mark.parametrize(
    ("text", "code"), [(b"members\n6", "too_many_entries"), (b"expand\n4", "expands_too_much")]
)
def test_more_inside_than_may_be_is_stopped(box: Box, text: bytes, code: str) -> None:
    kept = []

    def keep(name: str, _media_type: str, chunks: Iterator[bytes]) -> None:
        kept.append((name, len(b"".join(chunks))))

    assert problem(box.read(io.BytesIO(text), header(size=10), keep))[0] == code
    assert len(kept) == (5 if code == "too_many_entries" else 0)
    assert read(box, "echo\nnext").texts[0].text == "next"


def test_a_large_file_may_hold_more(box: Box) -> None:
    sizes = []
    about = header(size=MIB)
    box.read(io.BytesIO(b"expand\n4"), about, lambda _n, _t, chunks: sizes.append(len(b"".join(chunks))))
    assert sizes == [4 * MIB]


def test_a_file_found_inside_that_breaks_off_is_not_taken_for_whole(box: Box) -> None:
    ended = []

    def keep(_name: str, _media_type: str, chunks: Iterator[bytes]) -> None:
        try:
            b"".join(chunks)
        except MemberCut:
            ended.append("cut")
            raise
        ended.append("whole")

    assert problem(box.read(io.BytesIO(b"die_inside_member\n"), header(), keep)) == (
        "reader_crashed",
        "exit 3",
    )
    assert ended == ["cut"]


def test_a_reader_that_cannot_finish_a_file_found_inside_goes_on_with_the_next(box: Box) -> None:
    whole, cut = [], []

    def keep(name: str, _media_type: str, chunks: Iterator[bytes]) -> None:
        try:
            b"".join(chunks)
        except MemberCut:
            cut.append(name)
            raise
        whole.append(name)

    reading = box.read(io.BytesIO(b"torn_member\n"), header(), keep)
    assert reading.texts[0].text == "done"
    assert (cut, whole) == (["torn"], ["0.txt", "1.txt"])


def test_nesting_ends_at_the_limit(box: Box) -> None:
    reading = read(box, "members\n2", header(depth=TIGHT.depth))
    assert [(p.code, p.locator.item) for p in reading.problems] == [
        ("nested_too_deep", "0.txt"),
        ("nested_too_deep", "1.txt"),
    ]
    assert not reading.complete


def test_an_error_of_the_receiver_is_its_own(box: Box) -> None:
    def full(_name: str, _media_type: str, _chunks: Iterator[bytes]) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        box.read(io.BytesIO(b"members\n2"), header(), full)
    assert read(box, "echo\nnext").texts[0].text == "next"


def test_a_good_file_is_read_although_another_ended_the_shared_process(box: Box, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    marker.touch()
    names = []
    reading = box.read(
        io.BytesIO(f"kill_parent_once\n{marker}".encode()),
        header(),
        lambda name, _type, chunks: names.append((name, b"".join(chunks))),
    )
    assert reading.texts[0].text == "done"
    assert [name for name, _ in names] == ["0.txt", "1.txt", "0.txt", "1.txt", "2.txt"]


def test_a_heavy_reader_is_warmed_once_in_the_shared_process(box: Box) -> None:
    first, second = (read(box, "loaded\n").texts[0].text.split() for _ in range(2))
    assert first == second
    assert first[0] == first[1]


def test_files_are_read_side_by_side() -> None:
    with Box(workers=2, limits=replace(TIGHT, wall_seconds=1.0), readers=READERS) as box:
        read(box, "echo\n")
        began = time.monotonic()
        results: list[tuple[str, str]] = []
        threads = [
            threading.Thread(target=lambda: results.append(problem(read(box, "sleep\n")))) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert results == [("reader_too_slow", "wall")] * 2
        assert time.monotonic() - began < 1.9


def test_several_files_that_need_the_same_heavy_reader_at_once_are_all_read() -> None:
    results: list[str] = []
    with Box(workers=6, limits=TIGHT, readers=READERS) as box:
        threads = [
            threading.Thread(target=lambda: results.append(read(box, "loaded\n").reader)) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert results == ["heavy"] * 6


def process_of(box: Box) -> str:
    return read(box, "process\n").texts[0].text


@pytest.fixture(scope="module")
def sharing() -> Iterator[Box]:
    with Box(limits=TIGHT, files_per_process=3, readers=READERS) as opened:
        yield opened


def test_small_files_may_share_a_process_up_to_a_number(sharing: Box) -> None:
    first, second, third, fourth = (process_of(sharing) for _ in range(4))
    assert first == second == third
    assert fourth != third


def test_large_files_and_images_never_share(sharing: Box) -> None:
    shared = process_of(sharing)
    large = sharing.read(io.BytesIO(b"process\n"), header(size=300_000), no_members)
    image = sharing.read(io.BytesIO(b"process\n"), header(media_type="image/png"), no_members)
    assert len({shared, large.texts[0].text, image.texts[0].text}) == 3


def test_a_file_that_loads_native_libraries_is_the_last_of_its_process(sharing: Box) -> None:
    before = process_of(sharing)
    assert read(sharing, "loaded\n").reader == "heavy"
    assert process_of(sharing) != before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loop\n", ("reader_too_slow", "cpu")),
        ("eat\n300", ("reader_out_of_memory", "")),
        ("fail\n", ("reader_crashed", "ZeroDivisionError")),
        ("leave\n0", ("reader_crashed", "exit 0")),
        ("segfault\n", ("reader_crashed", "SIGSEGV")),
        ("kill_parent\n", ("reader_crashed", "ended its parent")),
        ("another_exhibit\n", ("reader_broke_contract", "a problem of another exhibit")),
        ("garbage\nHTTP/1.1 200 OK", ("reader_broke_contract", "frame 72 of 1414811695 bytes")),
        ("nobody\n", ("no_reader", "text/plain")),
    ],
)
def test_a_bad_file_costs_only_itself_in_a_shared_process_too(
    sharing: Box, text: str, expected: tuple[str, str]
) -> None:
    assert read(sharing, "echo\nbefore").texts[0].text == "before"
    assert problem(read(sharing, text)) == expected
    assert read(sharing, "echo\nafter").texts[0].text == "after"


def test_files_found_inside_come_once_although_the_shared_process_died(sharing: Box, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    marker.touch()
    names: list[str] = []
    read(sharing, "echo\n")
    sharing.read(
        io.BytesIO(f"kill_parent_once\n{marker}".encode()),
        header(),
        lambda name, _type, chunks: names.append(f"{name} {len(b''.join(chunks))}"),
    )
    assert names == ["0.txt 6", "1.txt 6", "0.txt 6", "1.txt 6", "2.txt 6"]
