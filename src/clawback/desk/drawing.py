"""Pictures of evidence, drawn in the box and encoded here: for a screen, and for the bundle.

Whoever draws opens the file and may fall to it; that is why it never happens in this process. What comes
back is raw pixels of a stated size, or a reason.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from PIL import Image

from clawback.desk.custody import Custody
from clawback.errors import ClawbackError, UsageError
from clawback.filings.contents import BUNDLE_FULL, Drawn, Originals
from clawback.model.evidence import Exhibit, Problem, Severity
from clawback.readers.box import FAILURES, Box
from clawback.readers.contract import Reading
from clawback.readers.limits import Limits
from clawback.readers.previews import PREVIEW_LIMITS, RAW_TYPE, Frame, wish
from clawback.readers.wire import Header
from clawback.vault.folder import Vault

PREVIEWERS = "clawback.readers.previews:PREVIEWERS"

PRINTED_SIDE = 1_600
"""Pixels of the longest side of a picture in the bundle: 200 dots to the inch of its place on the page."""

BUNDLE_BYTES = 256 * 1024 * 1024
"""What the pictures of one bundle may come to; what goes beyond gets a slip."""

BUNDLE_SECONDS = 900.0
"""How long the pictures of one bundle may take together."""

_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Raw:
    """Pixels as they came out of the box, 3 bytes each. `pages`: how many the document has."""

    pixels: bytes
    frame: Frame
    pages: int

    def image(self) -> Image.Image:
        """The pixels, to be turned and encoded: no decoder is involved."""
        return Image.frombytes("RGB", (self.frame.width, self.frame.height), self.pixels)


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Why there is no picture. `pages`: how many the document has, 0 when that is not known either."""

    problem: Problem
    pages: int


class Drawer:
    """One box that makes pictures; its processes start when the first is wanted. A context manager.

    Safe from several threads. `readers`, `limits`: other than the usual ones, for tests.
    """

    def __init__(self, readers: str = PREVIEWERS, limits: Limits = PREVIEW_LIMITS) -> None:
        self._readers = readers
        self._limits = limits
        self._lock = threading.Lock()
        self._box: Box | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def draw(self, original: BinaryIO, exhibit: Exhibit, page: int, side: int) -> Raw | Undrawn:
        """`page` (from 1) of `exhibit`, at most `side` pixels long; or why not.

        Raises what reading `original` raises, and ClawbackError after `close`.
        """
        members: list[tuple[str, str, bytes]] = []

        def take(name: str, media_type: str, chunks: Iterator[bytes]) -> None:
            members.append((name, media_type, b"".join(chunks)))

        header = Header(exhibit.number, wish(page, side), exhibit.size, exhibit.media_type, "UTC", date.min)
        reading = self._running_box().read(original, header, take)
        frame = Frame.named(members[0][0]) if members else None
        if frame is None or members[0][1] != RAW_TYPE or len(members[0][2]) != frame.bytes:
            return Undrawn(_why_none(exhibit, reading), _pages(reading, 0))
        return Raw(members[0][2], frame, _pages(reading, 1))

    def close(self) -> None:
        """End the box; whoever still wants a picture is turned away."""
        with self._lock:
            box, self._box, self._closed = self._box, None, True
        if box is not None:
            box.close()

    def _running_box(self) -> Box:
        with self._lock:
            if self._closed:
                raise ClawbackError("The program is closing.", "程序正在关闭。")
            if self._box is None:
                self._box = Box(workers=_WORKERS, limits=self._limits, readers=self._readers)
            return self._box


def _why_none(exhibit: Exhibit, reading: Reading) -> Problem:
    """The box's reason; pixels that do not fit their announced size count as a broken answer."""
    known = reading.problems[0] if reading.problems else None
    return known or Problem("reader_broke_contract", exhibit.number, severity=Severity.ERROR)


def _pages(reading: Reading, unknown: int) -> int:
    told = dict(reading.facts).get("pages", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else unknown


@dataclass(slots=True)
class Sealed:
    """The originals of one case, opened once: a passphrase costs a second each time."""

    folder: Path
    vault: Vault | None = None
    names: dict[int, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, secret: str | None, number: int) -> BinaryIO:
        """The original of exhibit `number`. Raises UsageError when there is none, and as `Custody.open`."""
        with self.lock:
            if self.vault is None or number not in self.names:
                with Custody.open(self.folder, secret) as custody:
                    self.vault, self.names = custody.vault, dict(custody.store.blob_names())
            if number not in self.names:
                raise UsageError(f"there is no exhibit {number}", f"没有第 {number} 号证据")
            return self.vault.original(self.names[number])


# ---------------------------------------------------------------------------------------------- a bundle


def originals_of(case_dir: Path, passphrase: str | None, drawer: Drawer) -> Originals:
    """What one paper may ask of the exhibits of a case. Nothing is opened before it asks."""
    sealed = Sealed(case_dir)
    return Originals(lambda number: sealed.open(passphrase, number), BundlePictures(drawer).draw)


class BundlePictures:
    """Pages of exhibits for one paper, within `most_bytes` and `seconds` for all of them together.

    The same exhibit gives the same pages each time: a paper is put together more than once.
    """

    def __init__(
        self, drawer: Drawer, most_bytes: int = BUNDLE_BYTES, seconds: float = BUNDLE_SECONDS
    ) -> None:
        self._drawer = drawer
        self._bytes_left = most_bytes
        self._seconds_left = seconds
        self._drawn: dict[int, Drawn] = {}

    def draw(self, exhibit: Exhibit, data: bytes, most: int) -> Drawn:
        """The first `most` pages of `exhibit`, whose original is `data`, as JPEG."""
        if exhibit.number not in self._drawn:
            began = time.monotonic()
            self._drawn[exhibit.number] = self._draw(exhibit, data, most, began + self._seconds_left)
            self._seconds_left -= time.monotonic() - began
        return self._drawn[exhibit.number]

    def _draw(self, exhibit: Exhibit, data: bytes, most: int, until: float) -> Drawn:
        pages: list[bytes | str] = []
        count = 1
        while len(pages) < min(count, most):
            page, told = self._page(exhibit, data, len(pages) + 1, until)
            pages.append(page)
            count = max(count, told)
            if page == BUNDLE_FULL or page in FAILURES:
                break  # another page of it would end no better, and cost as much
        return Drawn(tuple(pages), count)

    def _page(self, exhibit: Exhibit, data: bytes, page: int, until: float) -> tuple[bytes | str, int]:
        """A page or why not, and how many there are (0: not known)."""
        if self._bytes_left <= 0 or time.monotonic() > until:
            return BUNDLE_FULL, 0
        raw = self._drawer.draw(io.BytesIO(data), exhibit, page, PRINTED_SIDE)
        if isinstance(raw, Undrawn):
            return raw.problem.code, raw.pages
        made = _as_jpeg(raw)
        if len(made) > self._bytes_left:
            self._bytes_left = 0
            return BUNDLE_FULL, raw.pages
        self._bytes_left -= len(made)
        return made, raw.pages


def _as_jpeg(raw: Raw) -> bytes:
    made = io.BytesIO()
    raw.image().save(made, "JPEG", quality=85)
    return made.getvalue()
