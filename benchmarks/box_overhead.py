"""What does a process of its own for every file cost? CPU of the box against the same readers without it.

    python -m benchmarks.box_overhead [--files 2000]

Makes a folder of small mixed files (bills, tables, notes, chats, mails, PDFs, ZIPs), then measures in one
run (a) SHA-256 plus readers plus understanding in this process and (b) SHA-256 plus the same through
`Box`, starting it and all its children included: with a process for every file, and with small files
sharing one. Prints the CPU times (user and system) and their ratios; the goal is at most 1.3.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import resource
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.open_overhead import make_heap
from clawback.readers import choose
from clawback.readers.box import Box
from clawback.readers.contract import PEEK_BYTES, Peek, ReadingContext
from clawback.readers.media_types import sniff
from clawback.readers.understand import understand
from clawback.readers.wire import Header

ZONE, TODAY = "Asia/Shanghai", date(2026, 11, 20)
Found = list[tuple[str, bytes]]


def add_pdfs(folder: Path, count: int) -> None:
    """`count` one-page documents of forty lines each."""
    rng = random.Random(7)  # noqa: S311 - invented content, not a secret
    for number in range(count):
        lines = b"".join(b"(Order %d paid %d.00 GBP) Tj T* " % (rng.randrange(10**9), n) for n in range(40))
        Path(folder, f"paper_{number}.pdf").write_bytes(_pdf(b"BT /F1 9 Tf 12 TL 40 800 Td " + lines + b"ET"))


def _pdf(content: bytes) -> bytes:
    packed = zlib.compress(content)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + tail


def here(name: str, data: bytes, found: Found) -> None:
    """Read in this process."""
    head = data[:PEEK_BYTES]
    reader = choose(Peek(name, len(data), sniff(head, name), head))
    if reader is None:
        return
    context = ReadingContext(1, name, ZONE, TODAY, _keeper(found))
    understand(reader.read(io.BytesIO(data), context), context)


def boxed(box: Box, scratch: Path) -> Callable[[str, bytes, Found], None]:
    """Read through the box, from a file as the vault would hand it over."""

    def read(name: str, data: bytes, found: Found) -> None:
        scratch.write_bytes(data)
        with scratch.open("rb") as original:
            header = Header(1, name, len(data), sniff(data[:PEEK_BYTES], name), ZONE, TODAY)
            box.read(original, header, _keeper(found))

    return read


def _keeper(found: Found) -> Callable[[str, str, Iterator[bytes]], None]:
    return lambda name, _kind, chunks: found.append((name, b"".join(chunks)))


def read_all(folder: Path, read: Callable[[str, bytes, Found], None]) -> int:
    """Hash and read every file and what is found inside; how many."""
    waiting = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    count = 0
    while waiting:
        name, data = waiting.pop()
        hashlib.sha256(data).hexdigest()
        found: Found = []
        read(name, data, found)
        waiting += found
        count += 1
    return count


def cpu() -> float:
    """CPU seconds of this process and of all its ended children, user and system."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    """Print the CPU times and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory() as scratch:
        heap = Path(scratch, "heap")
        heap.mkdir()
        make_heap(heap, files * 7 // 8)
        add_pdfs(heap, files - files * 7 // 8)
        read_all(heap, here)  # once, so that imports are not charged to either
        before, began = cpu(), time.monotonic()
        read = read_all(heap, here)
        alone, alone_wall = cpu() - before, time.monotonic() - began
        print(f"{files} files, {read} with their members")
        print(f"readers and hashing here           {alone:8.2f} s CPU {alone_wall:8.2f} s")
        for shared in (1, 16):
            before, began = cpu(), time.monotonic()
            with Box(files_per_process=shared) as box:
                read_all(heap, boxed(box, Path(scratch, "original")))
            whole, wall = cpu() - before, time.monotonic() - began
            print(
                f"in the box, {shared:2} files a process    {whole:8.2f} s CPU {wall:8.2f} s"
                f"   ratio {whole / alone:.2f}"
            )


if __name__ == "__main__":
    main()
