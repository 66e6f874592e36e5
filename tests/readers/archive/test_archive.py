"""What is inside an archive becomes exhibits of their own; what cannot is named."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from clawback.readers import archive as archive_module
from clawback.readers.archive import ArchiveReader
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.limits import DEFAULT_LIMITS, MIB


@dataclass
class Opened:
    members: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    reading: Reading | None = None

    @property
    def problems(self) -> list[tuple[str, str | None]]:
        assert self.reading
        return [(problem.code, problem.locator.item) for problem in self.reading.problems]


def opened(data: bytes, name: str = "heap.zip") -> Opened:
    found = Opened()

    def member(name: str, media_type: str, chunks: Iterable[bytes]) -> None:
        whole = b"".join(chunks)
        found.members[name], found.types[name] = whole, media_type

    context = ReadingContext(3, name, "Asia/Shanghai", date(2026, 1, 31), member)
    found.reading = ArchiveReader().read(io.BytesIO(data), context)
    return found


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return package.getvalue()


def identified(data: bytes, name: str = "x") -> Sureness:
    return ArchiveReader().identify(Peek(name, len(data), "", data[:65536]))


def test_members_come_whole_with_their_kind() -> None:
    found = opened(
        zipped(("聊天/记录.txt", "您好".encode()), ("photo.png", b"\x89PNG\r\n\x1a\n"), ("empty/", b""))
    )
    assert found.members == {"聊天/记录.txt": "您好".encode(), "photo.png": b"\x89PNG\r\n\x1a\n"}
    assert found.types == {"聊天/记录.txt": "text/plain", "photo.png": "image/png"}
    assert found.reading
    assert found.reading.complete
    assert found.reading.facts == (("members", "2"),)


def test_a_name_in_gbk_without_the_flag_is_read_and_said_to_be_guessed() -> None:
    data = zipped(("aaaa.txt", b"x")).replace(b"aaaa", "账单".encode("gb18030"))
    found = opened(data)
    assert list(found.members) == ["账单.txt"]
    assert found.problems == [("charset_guessed", None)]
    assert found.reading
    assert found.reading.complete


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x.txt", "a/../../b", "..\\x"])
def test_a_name_that_is_a_trick_is_only_a_name(name: str) -> None:
    found = opened(zipped((name, b"x")))
    assert found.problems == [("unsafe_path", name)]
    assert found.members == {name: b"x"}


def test_links_are_findings_not_files() -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    pipe = zipfile.ZipInfo("pipe")
    pipe.external_attr = 0o010644 << 16
    found = opened(zipped((link, b"/etc/passwd"), (pipe, b""), ("good.txt", b"x")))
    assert found.problems == [("link_inside", "link"), ("special_file", "pipe")]
    assert list(found.members) == ["good.txt"]


def test_an_encrypted_member_is_named_and_the_rest_is_read() -> None:
    data = bytearray(zipped(("secret.txt", b"hidden"), ("good.txt", b"x")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark)
        data[place + offset] |= 1
    found = opened(bytes(data))
    assert found.problems == [("encrypted", "secret.txt")]
    assert found.members == {"good.txt": b"x"}
    assert found.reading
    assert not found.reading.complete


def test_a_damaged_member_is_named_and_the_rest_is_read() -> None:
    data = bytearray(zipped(("bad.txt", bytes(range(256)) * 40), ("good.txt", b"x")))
    place = data.index(b"bad.txt") + 20
    data[place : place + 8] = b"\xff" * 8
    found = opened(bytes(data))
    assert found.problems == [("broken", "bad.txt")]
    assert found.members == {"good.txt": b"x"}


def test_a_bomb_is_stopped_by_what_really_comes_out() -> None:
    bomb = zipped(("zeros.txt", bytes(30 * MIB)), ("after.txt", b"x"))
    found = opened(bomb)
    assert len(bomb) < MIB
    assert found.problems == [("expands_too_much", None)]
    assert found.members == {}


def test_a_bomb_that_lies_about_its_size_is_stopped_too() -> None:
    bomb = zipped(("zeros.txt", bytes(30 * MIB)))
    lying = bomb.replace(struct.pack("<I", 30 * MIB), struct.pack("<I", 100 * MIB))
    assert opened(lying).problems == [("expands_too_much", None)]


def test_without_the_limit_the_bomb_would_come_out_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "DEFAULT_LIMITS", replace(DEFAULT_LIMITS, ratio_free_bytes=64 * MIB))
    assert len(opened(zipped(("zeros.txt", bytes(30 * MIB)))).members["zeros.txt"]) == 30 * MIB


def test_the_ten_thousand_and_first_member_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "DEFAULT_LIMITS", replace(DEFAULT_LIMITS, members=3))
    three = [(f"{number}.txt", b"x") for number in range(3)]
    assert opened(zipped(*three)).problems == []
    found = opened(zipped(*three, ("one more", b"x")))
    assert found.problems == [("too_many_entries", None)]
    assert len(found.members) == 3


def test_litter_of_the_packing_system_is_counted_and_left_out() -> None:
    found = opened(zipped(("__MACOSX/._a.txt", b"x"), ("a/.DS_Store", b"x"), ("a.txt", b"x")))
    assert list(found.members) == ["a.txt"]
    assert found.problems == [("system_files_left_out", None)]
    assert found.reading
    assert found.reading.problems[0].detail == "2"


@pytest.mark.parametrize("cut", [10, 40, 100])
def test_a_torn_archive_says_so(cut: int) -> None:
    data = zipped(("a.txt", b"hello" * 20), ("b.txt", b"x"))
    found = opened(data[:cut])
    assert [code for code, _ in found.problems] == ["broken"]
    assert found.reading
    assert not found.reading.complete


def tarred() -> bytes:
    package = io.BytesIO()
    with tarfile.open(fileobj=package, mode="w") as made:
        good = tarfile.TarInfo("folder/记录.txt")
        good.size = 5
        made.addfile(good, io.BytesIO(b"hello"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
        pipe = tarfile.TarInfo("pipe")
        pipe.type = tarfile.FIFOTYPE
        made.addfile(pipe)
    return package.getvalue()


def test_a_tar_is_read_like_a_zip() -> None:
    found = opened(tarred(), "heap.tar")
    assert found.members == {"folder/记录.txt": b"hello"}
    assert found.problems == [("link_inside", "link"), ("special_file", "pipe")]


@pytest.mark.parametrize(
    ("name", "inside"), [("bill.csv.gz", "bill.csv"), ("heap.TGZ", "heap.tar"), ("x", "x")]
)
def test_gzip_holds_one_file(name: str, inside: str) -> None:
    assert opened(gzip.compress(b"a,b\n"), name).members == {inside: b"a,b\n"}


def test_a_torn_gzip_says_so() -> None:
    found = opened(gzip.compress(bytes(range(256)) * 10)[:-20], "x.gz")
    assert [code for code, _ in found.problems] == ["broken"]


def test_archives_are_recognised_and_office_documents_left_to_others() -> None:
    assert identified(zipped(("a.txt", b"x"))) is Sureness.SURE
    assert identified(gzip.compress(b"x")) is Sureness.SURE
    assert identified(tarred()) is Sureness.SURE
    assert identified(zipped(("[Content_Types].xml", b"x"), ("word/document.xml", b"x"))) is Sureness.NO
    assert identified(b"hello") is Sureness.NO
