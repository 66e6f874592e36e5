"""A password is looked for in lists made here: sorted files by halving, folders by prefix, clear refusals."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clawback.errors import UsageError
from clawback.guard.breached import times_seen

DIGEST = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"  # SHA-1 of "password", as published everywhere
hashes = st.binary(min_size=20, max_size=20).map(lambda raw: raw.hex().upper())


def write(path: Path, seen: Mapping[str, int | None], end: str = "\n", last: str = "\n") -> Path:
    lines = [digest if n is None else f"{digest}:{n}" for digest, n in sorted(seen.items())]
    path.write_bytes((end.join(lines) + last).encode("ascii"))
    return path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seen=st.dictionaries(hashes, st.one_of(st.none(), st.integers(1, 10**9)), min_size=1, max_size=60),
    others=st.lists(hashes, max_size=10),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.sampled_from(["", "\n", "\r\n", "\n\n", "\n" * 200]),
)
def test_every_line_is_found_and_nothing_else(
    tmp_path: Path, seen: dict[str, int | None], others: list[str], end: str, last: str
) -> None:
    listing = write(tmp_path / "list.txt", seen, end, last)
    for digest, count in seen.items():
        assert times_seen(listing, digest) == (count or 1)
        assert times_seen(listing, digest.lower()) == (count or 1)
    for digest in others:
        assert times_seen(listing, digest) == (seen[digest] or 1 if digest in seen else 0)


@pytest.mark.parametrize("digest", ["0" * 40, "F" * 40, DIGEST[:-1] + "7", DIGEST[:-1] + "9"])
def test_what_is_not_there_is_not_found_at_either_end_nor_beside_a_line(tmp_path: Path, digest: str) -> None:
    listing = write(tmp_path / "list.txt", {DIGEST: 3, "1" * 40: 1, "E" * 40: 2})
    assert times_seen(listing, digest) == 0


def test_a_long_list_is_searched_without_being_loaded(tmp_path: Path) -> None:
    listing = tmp_path / "list.txt"
    lines = sorted(hashlib.sha1(b"%d" % n).hexdigest().upper() for n in range(120_000))  # noqa: S324
    listing.write_text("".join(f"{line}:7\n" for line in lines), "ascii")
    assert listing.stat().st_size > 5_000_000
    tracemalloc.start()
    try:
        assert times_seen(listing, hashlib.sha1(b"77777").hexdigest()) == 7  # noqa: S324
        assert times_seen(listing, hashlib.sha1(b"not in it").hexdigest()) == 0  # noqa: S324
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


def test_a_list_in_another_order_is_refused_rather_than_answered(tmp_path: Path) -> None:
    digests = [hashlib.sha1(b"%d" % n).hexdigest().upper() for n in range(2_000)]  # noqa: S324
    listing = tmp_path / "by_count.txt"
    listing.write_text("".join(f"{digest}:{9_000 - n}\n" for n, digest in enumerate(digests)), "ascii")
    with pytest.raises(UsageError, match="not sorted by hash"):
        times_seen(listing, digests[1_000])


def test_two_lines_the_wrong_way_round_are_noticed_in_a_small_list(tmp_path: Path) -> None:
    listing = tmp_path / "list.txt"
    listing.write_text(f"{'A' * 40}:1\n{'9' * 40}:1\n{'B' * 40}:1\n", "ascii")
    with pytest.raises(UsageError, match="not sorted by hash"):
        times_seen(listing, "B" * 40)


@pytest.mark.parametrize(
    "content",
    [
        b"8846F7EAEE8FB117AD06BDD830B7586C:3\n",  # NTLM, 32 digits
        b"password\n123456\n",
        b"\x1f\x8b\x08\x00" + bytes(200),  # packed
        DIGEST.encode() + b";3\n",
        DIGEST.encode() + b":many\n",
        b"\xff\xfe" + DIGEST.encode("utf-16-le"),
        b"x" * 5_000,
        b"\n" + DIGEST.encode() + b":3\n",
    ],
)
def test_what_is_no_list_of_sha1_is_refused_without_quoting_it(tmp_path: Path, content: bytes) -> None:
    listing = tmp_path / "list.txt"
    listing.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        times_seen(listing, DIGEST)
    assert "HASH:COUNT" in refused.value.en
    assert "123456" not in refused.value.en + refused.value.zh


def test_an_empty_list_and_a_missing_one_say_so(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"\n\n")
    with pytest.raises(UsageError, match="empty"):
        times_seen(tmp_path / "empty.txt", DIGEST)
    with pytest.raises(UsageError, match="no list"):
        times_seen(tmp_path / "nowhere.txt", DIGEST)


@pytest.mark.parametrize("name", ["5BAA6", "5BAA6.txt", "5baa6", "5baa6.txt"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_folder_of_ranges_is_looked_into_by_prefix(tmp_path: Path, name: str, start: bytes) -> None:
    rest = DIGEST[5:].encode()
    (tmp_path / name).write_bytes(
        start + b"0" * 35 + b":9\r\n" + rest.lower() + b":42\r\n" + b"F" * 35 + b":0\r\n"
    )
    assert times_seen(tmp_path, DIGEST) == 42
    assert times_seen(tmp_path, DIGEST[:5] + "0" * 35) == 9
    assert times_seen(tmp_path, DIGEST[:5] + "F" * 35) == 0  # a line that only fills up
    assert times_seen(tmp_path, DIGEST[:5] + "1" * 35) == 0


def test_a_folder_without_the_file_is_incomplete_and_the_prefix_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "00000.txt").write_bytes(b"0" * 35 + b":1\n")
    with pytest.raises(UsageError, match="incomplete") as refused:
        times_seen(tmp_path, DIGEST)
    assert DIGEST[:5] not in refused.value.en + refused.value.zh


@pytest.mark.parametrize("content", [b"nonsense\n", b"A" * 5_000_000, DIGEST.encode() + b":1\n"])
def test_a_range_file_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "5BAA6.txt").write_bytes(content)
    with pytest.raises(UsageError, match="no list of SHA-1"):
        times_seen(tmp_path, DIGEST)
