"""Does a password stand in a list of leaked passwords that the user has? By its SHA-1, without any network.

Such lists are published in two forms: one text file of lines "HASH:COUNT" sorted by hash (40 hex digits, the
count may be left out), searched by halving without loading it; or a folder of files, one for each beginning
of five hex digits ("5BAA6" or "5BAA6.txt"), whose lines are the other 35 digits and the count.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from clawback.errors import UsageError

_LINE = re.compile(rb"([0-9A-Fa-f]{40})(?::([0-9]{1,18}))?")
_REST = re.compile(rb"([0-9A-Fa-f]{35})(?::([0-9]{1,18}))?")
_LONGEST_LINE = 80  # 40 digits, a colon, 18 digits and a line end, with room for odd spaces
_PREFIX = 5
_LARGEST_RANGE = 4 * 1024 * 1024  # bytes; published ones have some 40 KB
_PROBES = 256


def times_seen(listing: Path, sha1: str) -> int:
    """How often a password with this SHA-1 (40 hex digits) was seen; 0 when it is not in the list.

    A line without a count, or in the sorted file with 0, counts as seen once; in a range file 0 marks a line
    that only fills up. Raises UsageError for a list that is missing, not of one of the two forms, incomplete
    where it is needed, or out of order where that shows: an unsorted list would answer "not seen" wrongly.
    """
    wanted = sha1.upper().encode("ascii")
    try:
        if listing.is_dir():
            return _in_folder(listing, wanted)
        if not listing.is_file():
            raise UsageError(f"There is no list at {listing}.", f"“{listing}”那里没有列表。")
        with listing.open("rb") as file:
            return _in_sorted_file(file, wanted)
    except OSError as error:
        raise UsageError(
            f"{listing} cannot be read ({error.strerror}).", f"“{listing}”读不了（{error.strerror}）。"
        ) from error


# ------------------------------------------------------------------------------------------- a sorted file


def _in_sorted_file(file: BinaryIO, wanted: bytes) -> int:
    size = _size_without_end(file)
    if not size:
        raise UsageError("The list is empty.", "这个列表是空的。")
    _probe_order(file, size)
    low, high = 0, size  # the line looked for, if there is one, begins in [low, high)
    below, above = b"", b"G"  # hashes just outside: every one between must lie between them
    while low < high:
        start, end, digest, count = _line_around(file, (low + high) // 2)
        if digest == wanted:
            return max(count, 1)
        if not below < digest < above:
            raise _not_sorted()
        if digest < wanted:
            low, below = end, digest
        else:
            high, above = start, digest
    return 0


def _size_without_end(file: BinaryIO) -> int:
    """Bytes up to the last line's end, whatever empty lines follow."""
    size = file.seek(0, 2)
    while size:
        at = max(0, size - _LONGEST_LINE)
        file.seek(at)
        kept = file.read(size - at).rstrip(b"\r\n \t")
        if kept:
            return at + len(kept)
        size = at
    return 0


def _line_around(file: BinaryIO, at: int) -> tuple[int, int, bytes, int]:
    """The line that the byte `at` stands in: where it begins, where the next begins, its hash and count."""
    before = max(0, at - _LONGEST_LINE)
    file.seek(before)
    piece = file.read(2 * _LONGEST_LINE)
    start = piece.rfind(b"\n", 0, at - before) + 1
    if not start and before:
        raise _not_a_list()
    end = piece.find(b"\n", at - before)
    line = piece[start:] if end < 0 else piece[start:end]
    found = _LINE.fullmatch(line.strip(b"\r \t"))
    if found is None:
        raise _not_a_list()
    next_start = before + (len(piece) if end < 0 else end + 1)
    return before + start, next_start, found[1].upper(), int(found[2] or 1)


def _probe_order(file: BinaryIO, size: int) -> None:
    """Look at lines all over the file: whoever sorted by count instead would be told "not seen" for all."""
    step = max(1, (size - 1) // (_PROBES - 1))
    places = [*range(0, size, step), size - 1]
    seen = dict.fromkeys((start, digest) for start, _, digest, _ in (_line_around(file, at) for at in places))
    if any(one[1] >= other[1] for one, other in pairwise(seen)):
        raise _not_sorted()


# ---------------------------------------------------------------------------------------- a folder of ranges


def _in_folder(folder: Path, wanted: bytes) -> int:
    prefix, rest = wanted[:_PREFIX].decode("ascii"), wanted[_PREFIX:]
    names = (f"{prefix}{end}" for end in ("", ".txt"))
    path = next((p for name in names for p in (folder / name, folder / name.lower()) if p.is_file()), None)
    if path is None:
        raise UsageError(  # without naming the file, whose name is the beginning of the hash
            "The folder lacks the file in which this password would stand: it is incomplete or no list.",
            "文件夹里缺少这个密码所在的那一份文件：列表不完整，或者不是这种文件夹。",
        )
    with path.open("rb") as file:
        data = file.read(_LARGEST_RANGE + 1)
    if len(data) > _LARGEST_RANGE:
        raise _not_a_list()
    for line in data.removeprefix(b"\xef\xbb\xbf").splitlines():
        found = _REST.fullmatch(line.strip())
        if found is None and line.strip():
            raise _not_a_list()
        if found is not None and found[1].upper() == rest:
            return int(found[2] or 1)
    return 0


def _not_a_list() -> UsageError:
    """Lines are never quoted: what stands in them may be somebody's password."""
    return UsageError(
        "This is no list of SHA-1 hashes: each line must be HASH:COUNT with 40 hex digits "
        "(in a folder of ranges: 35). Unpack it first if it is compressed.",
        "这不是 SHA-1 列表：每行应是“40 位十六进制哈希值:次数”，按前缀分的文件夹里是 35 位。压缩的请先解压。",
    )


def _not_sorted() -> UsageError:
    return UsageError(
        "The list is not sorted by hash. Use the one that is “ordered by hash”.",
        "这个列表不是按哈希值排序的，请用“ordered by hash”的那一份。",
    )
