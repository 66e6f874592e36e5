"""Files of a form, sealed while they arrive: neither memory nor a temporary file ever holds one of them.

Starlette would put what is large into a temporary file, in plain; evidence of an encrypted case must not lie
there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from clawback.desk import uploads
from clawback.desk.livecase import LiveCase
from clawback.desk.uploads import Description, SealedFile
from clawback.errors import UsageError

_MOST_PARTS = 5_000
_MOST_HEADER = 16 * 1024


@dataclass(slots=True)
class _Part:
    """One part of a form: its headers while they come, then its bytes until they are taken."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    data: bytearray = field(default_factory=bytearray)
    ended: bool = False
    case: LiveCase | None = None
    upload: str | None = None
    offset: int = 0

    @property
    def filename(self) -> bytes | None:
        """As the browser gives it; None for a field that is no file, or a file field left empty."""
        _, options = parse_options_header(self.headers.get(b"content-disposition", b""))
        return options.get(b"filename") or None


class _Parts:
    """Parts as the parser finds them, in order."""

    def __init__(self, boundary: bytes) -> None:
        self.waiting: list[_Part] = []
        self._count = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
            },
        )

    def write(self, chunk: bytes) -> None:
        """Parse on. Raises UsageError."""
        try:
            self._parser.write(chunk)
        except MultipartParseError as error:
            raise _not_understood() from error

    def _begin(self) -> None:
        self._count += 1
        if self._count > _MOST_PARTS:
            raise UsageError(
                f"More than {_MOST_PARTS} files at once. Choose fewer at a time.",
                f"一次超过了 {_MOST_PARTS} 份，请分几次选。",
            )
        self.waiting.append(_Part())

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.waiting[-1].filename is not None:
            self.waiting[-1].data += data[start:end]

    def _end(self) -> None:
        self.waiting[-1].ended = True

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self.waiting[-1].name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self.waiting[-1].value += data[start:end]
        if len(self.waiting[-1].value) > _MOST_HEADER:
            raise _not_understood()

    def _header_end(self) -> None:
        part = self.waiting[-1]
        part.headers[bytes(part.name).lower()] = bytes(part.value)
        part.name.clear()
        part.value.clear()


async def seal_form(request: Request, case_of: Callable[[bytes], LiveCase]) -> tuple[SealedFile, ...]:
    """Seal every file of the form that `request` brings, in order. Reading is not begun.

    `case_of`: the case for a file, by its name as the browser gives it; asked once per file, in a thread.

    Raises UsageError when it is no such form or breaks off, and what sealing raises; files that were whole
    before are sealed all the same.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise _not_understood()
    parts = _Parts(options[b"boundary"])
    sealed: list[SealedFile] = []
    try:
        async for chunk in _body(request):
            parts.write(chunk)
            sealed += await _take(case_of, parts.waiting)
        if parts.waiting:
            raise _broken_off()
    finally:
        for part in parts.waiting:
            if part.case is not None and part.upload is not None:
                await run_in_threadpool(uploads.give_up, part.case, part.upload)
    return tuple(sealed)


async def _body(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise _broken_off() from None


async def _take(case_of: Callable[[bytes], LiveCase], waiting: list[_Part]) -> list[SealedFile]:
    """Put by what makes a whole piece, and seal what has ended."""
    sealed = []
    for part in list(waiting):
        if part.filename is not None and (part.ended or len(part.data) >= uploads.PIECE):
            await run_in_threadpool(_keep, case_of, part)
        if part.ended:
            if part.case is not None and part.upload is not None:
                sealed.append(await run_in_threadpool(uploads.finish, part.case, part.upload))
                part.upload = None
            waiting.remove(part)
    return sealed


def _keep(case_of: Callable[[bytes], LiveCase], part: _Part) -> None:
    name = part.filename or b""
    case = part.case = part.case or case_of(name)
    if part.upload is None:
        part.upload = uploads.begin(case, Description(name, None)).id
    while part.data:
        piece = bytes(part.data[: uploads.PIECE])
        if len(piece) < uploads.PIECE and not part.ended:
            break
        part.offset = uploads.keep_piece(case, part.upload, part.offset, piece).offset
        del part.data[: len(piece)]


def _not_understood() -> UsageError:
    return UsageError(
        "What was sent is not understood. Choose the files again.", "没看懂收到的内容，请重新选择文件。"
    )


def _broken_off() -> UsageError:
    return UsageError(
        "Sending broke off. Files that were whole are sealed; send the others again.",
        "传到一半断了。传完的已封存，其余的请再传一次。",
    )
