"""What of an exhibit may be looked at: pictures made anew, and the words that were read, each at its place.

The file itself is never shown. Pictures come out of the box as raw pixels and are encoded here; words come
from the stored reading.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from PIL import Image

from clawback.desk.drawing import Drawer, Raw, Sealed, Undrawn
from clawback.desk.livecase import LiveCase
from clawback.model.events import Message, Statement, Transfer
from clawback.model.evidence import Exhibit, Locator, Problem
from clawback.readers.contract import Reading, TextPiece

THUMBNAIL, PAGE, LARGE = 320, 1_600, 3_200
"""Pixels of the longest side: in a list, in the viewer, when enlarged."""

PICTURE_TYPE = "image/webp"

_BODY = "part "  # how the reader of mail calls the places of its body
_KEPT_BYTES = 64 * 1024 * 1024
_COST_OF_NONE = 500  # bytes that a remembered failure counts for
_TURNS = {
    90: Image.Transpose.ROTATE_270,  # Pillow counts against the clock
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made here. `full_width`, `full_height`: the size that boxes of locators count in.

    `pages`: how many the document has; 1 for a picture.
    """

    data: bytes
    width: int
    height: int
    full_width: int
    full_height: int
    pages: int


def has_picture(exhibit: Exhibit) -> bool:
    """Is this a kind of file that pictures are made of?"""
    return exhibit.media_type.startswith("image/") or exhibit.media_type == "application/pdf"


class Previews:
    """Makes pictures in one box for all cases, and keeps the latest in memory. Safe from several threads.

    `kept_bytes`: bound on what is kept. Nothing is ever written to disk.
    """

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._lock = threading.Lock()
        self._kept_bytes = kept_bytes
        self._kept: OrderedDict[tuple[str, int, int, int], Picture | Problem] = OrderedDict()
        self._size = 0
        self._originals: dict[str, Sealed] = {}
        self.drawer = Drawer()
        """Makes the pictures; others who need some may borrow it."""

    def picture(self, case: LiveCase, exhibit: Exhibit, page: int, side: int) -> Picture | Problem:
        """`page` of `exhibit`, at most `side` pixels long; or why there is none.

        Raises CaseLocked, CaseDamaged (the original is missing or does not decrypt).
        """
        key = (case.id, exhibit.number, page, side)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._made(case, exhibit, page, side)
        if case.is_open:
            self._keep(key, made)
        return made

    def original(self, case: LiveCase, exhibit: Exhibit) -> BinaryIO:
        """The sealed bytes, to be handed over as they are. Raises as `picture`."""
        secret = case.secret
        return self._originals_of(case).open(secret, exhibit.number)

    def forget(self, case_id: str) -> None:
        """Drop everything known of a case: it was locked."""
        with self._lock:
            self._originals.pop(case_id, None)
            for key in [key for key in self._kept if key[0] == case_id]:
                self._size -= _cost(self._kept.pop(key))

    def kept_for(self, case_id: str) -> int:
        """How many pictures, and failures to make one, are kept of a case."""
        with self._lock:
            return sum(key[0] == case_id for key in self._kept)

    def close(self) -> None:
        """End the box and drop everything."""
        self.drawer.close()
        with self._lock:
            self._kept.clear()
            self._originals.clear()
            self._size = 0

    def _keep(self, key: tuple[str, int, int, int], made: Picture | Problem) -> None:
        with self._lock:
            old = self._kept.pop(key, None)
            self._size += _cost(made) - (_cost(old) if old is not None else 0)
            self._kept[key] = made
            while self._size > self._kept_bytes:
                self._size -= _cost(self._kept.popitem(last=False)[1])

    def _made(self, case: LiveCase, exhibit: Exhibit, page: int, side: int) -> Picture | Problem:
        with self.original(case, exhibit) as original:
            made = self.drawer.draw(original, exhibit, page, side)
        if isinstance(made, Undrawn):
            return made.problem
        return _encoded(made, _turned(case.records().readings.get(exhibit.number)))

    def _originals_of(self, case: LiveCase) -> Sealed:
        with self._lock:
            return self._originals.setdefault(case.id, Sealed(case.folder))


def _cost(made: Picture | Problem) -> int:
    return len(made.data) if isinstance(made, Picture) else _COST_OF_NONE


def _turned(reading: Reading | None) -> int:
    """By how many degrees, clockwise, the picture was turned before places in it were counted."""
    for problem in reading.problems if reading else ():
        if problem.code == "picture_turned":
            told = problem.detail.removesuffix("°")
            return int(told) if told.isascii() and told.isdigit() else 0
    return 0


def _encoded(raw: Raw, turned: int) -> Picture:
    image, full = raw.image(), (raw.frame.full_width, raw.frame.full_height)
    if turned in _TURNS:
        image = image.transpose(_TURNS[turned])
        full = full if turned == 180 else full[::-1]
    out = io.BytesIO()
    image.save(out, "WEBP", quality=82, method=2)
    return Picture(out.getvalue(), image.width, image.height, full[0], full[1], raw.pages)


# words, at their places


@dataclass(frozen=True, slots=True)
class Passage:
    """One row, line or message of an exhibit, and what was understood of it.

    `place`: where it stands, without the span inside it. `text`: as read. `certainty`: 100 unless a picture
    was read. `message`: when somebody says it.
    """

    place: Locator
    text: str
    certainty: int
    message: Message | None
    transfers: tuple[Transfer, ...]
    statement: Statement | None


@dataclass(slots=True)
class _Gathered:
    """What stands at one place, as it comes together."""

    text: str | None = None
    certainty: int = 100
    message: Message | None = None
    transfers: list[Transfer] = field(default_factory=list)
    statement: Statement | None = None

    def add(self, piece: TextPiece) -> None:
        """One more piece of a text that was read in several; neighbours overlap a little."""
        known = self.text or ""
        begun = piece.locator.start or 0
        self.text = known + piece.text[max(0, len(known) - begun) :]
        self.certainty = min(self.certainty, piece.certainty)


def passages(reading: Reading) -> tuple[Passage, ...]:
    """The words of an exhibit in their order: what was read at one place stands together."""
    found: dict[Locator, _Gathered] = {}
    said = "\n".join(message.text for message in reading.messages) if _is_mail(reading) else ""
    for piece in reading.texts:
        if _in_body(piece) and piece.text in said:
            continue  # stands in the message already
        gathered = found.setdefault(whole(piece.locator), _Gathered())
        gathered.add(piece)
    for message in reading.messages:
        gathered = found.setdefault(whole(message.sources[0].locator), _Gathered())
        gathered.message = message
        gathered.certainty = min(gathered.certainty, message.sources[0].certainty)
    for statement in reading.statements:
        found.setdefault(whole(statement.sources[0].locator), _Gathered()).statement = statement
    for transfer in reading.transfers:
        found.setdefault(whole(transfer.sources[0].locator), _Gathered()).transfers.append(transfer)
    made = [_passage(place, gathered) for place, gathered in found.items()]
    if all(one.place.row is not None or one.place.line is not None for one in made):
        made.sort(key=lambda one: (one.place.page or 0, one.place.row or 0, one.place.line or 0))
    return tuple(made)


def _is_mail(reading: Reading) -> bool:
    return any(message.channel == "email" for message in reading.messages)


def _in_body(piece: TextPiece) -> bool:
    return (piece.locator.item or "").startswith(_BODY)


def _passage(place: Locator, gathered: _Gathered) -> Passage:
    text = gathered.text
    if text is None and gathered.message is not None:
        text = gathered.message.text
    if text is None and gathered.statement is not None:
        text = gathered.statement.value
    if text is None:
        text = gathered.transfers[0].sources[0].text
    return Passage(
        place, text, gathered.certainty, gathered.message, tuple(gathered.transfers), gathered.statement
    )


def whole(place: Locator) -> Locator:
    """The row, line, message or box that `place` lies in, without the span of characters."""
    return replace(place, start=None, end=None)


def find_passage(found: tuple[Passage, ...], place: Locator) -> int | None:
    """Index of the passage that `place` lies in; else the nearest one before it on its page; else None.

    A long text is read in pieces, so that a line in the middle of a piece has no passage of its own.
    """
    wanted = whole(place)
    exact = next((at for at, one in enumerate(found) if one.place == wanted), None)
    if exact is not None:
        return exact
    before = [
        at
        for at, one in enumerate(found)
        if one.place.page == wanted.page and one.place.item == wanted.item and _not_after(one.place, wanted)
    ]
    if before:
        return before[-1]
    in_body = (wanted.item or "").startswith(_BODY)
    return next((at for at, one in enumerate(found) if in_body and one.message is not None), None)


def _not_after(one: Locator, wanted: Locator) -> bool:
    if wanted.row is not None:
        return one.row is not None and one.row <= wanted.row
    if wanted.line is not None:
        return one.line is not None and one.line <= wanted.line
    return wanted.page is not None and wanted.box is None
