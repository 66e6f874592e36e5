"""Search over everything in the cases that are open: what was said, paid, named, read, stated, handed in.

A case is searched in one text that holds every record on a line of its own, folded so that full-width and
capital letters make no difference. Any part of a word is found, so Chinese needs no cutting into words. What
is typed as a number is compared with the digits of each line alone: 6222 0000, 6222-0000 and 62220000.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from clawback.desk.calling import calls
from clawback.desk.records import Records
from clawback.desk.tracking import tracking_of
from clawback.model.casefile import CaseFile
from clawback.model.events import Account
from clawback.model.evidence import Locator, Source

MOST_TYPED = 200
_AROUND = 40
_LONGEST_LINE = 20_000
_FEWEST_DIGITS = 4
_NUMBER = re.compile(r"[0-9 ()+.-]+")
_NOT_A_DIGIT = re.compile(r"[^0-9\n]")


class Where(StrEnum):
    """What kind of record holds the words."""

    MESSAGE = "message"
    TRANSFER = "transfer"
    NAME = "name"
    ACCOUNT = "account"
    STATEMENT = "statement"
    EXHIBIT = "exhibit"  # the name of a file
    TEXT = "text"  # words in a picture, a page, a mail
    REFERENCE = "reference"  # of a paper handed in, a reply, a call


@dataclass(frozen=True, slots=True)
class Hit:
    """One line that holds what was sought: `before` + `match` + `after` of it. `exhibit` 0: no exhibit."""

    where: Where
    before: str
    match: str
    after: str
    exhibit: int
    locator: Locator


@dataclass(frozen=True, slots=True)
class _Line:
    where: Where
    text: str
    exhibit: int
    locator: Locator


class Index:
    """Everything of one case, ready to be searched. Unchangeable."""

    def __init__(self, lines: Iterable[_Line]) -> None:
        self._lines = tuple(dict.fromkeys(lines))
        folded = [_folded(line.text) for line in self._lines]
        self._words, self._word_starts = _joined(folded)
        self._digits, self._digit_starts = _joined([_NOT_A_DIGIT.sub("", text) for text in folded])

    @property
    def size(self) -> int:
        """Characters that it holds in memory, about."""
        return 2 * len(self._words) + len(self._digits)

    def find(self, wanted: str) -> tuple[Hit, ...]:
        """Every line that holds `wanted`, in the order of kinds and then of the case."""
        return tuple(self.hit(number, wanted) for number in self.numbers(wanted))

    def hit(self, number: int, wanted: str) -> Hit:
        """The line `number`, one of `numbers(wanted)`, to be shown."""
        return _hit(self._lines[number], _needle(wanted))

    def numbers(self, wanted: str) -> tuple[int, ...]:
        """The same as numbers of lines: thousands may be counted of which fifty are shown."""
        needle = _needle(wanted)
        if not needle:
            return ()
        numbers = dict.fromkeys(_lines_with(self._words, self._word_starts, needle))
        if _NUMBER.fullmatch(needle) and len(digits := _NOT_A_DIGIT.sub("", needle)) >= _FEWEST_DIGITS:
            numbers |= dict.fromkeys(_lines_with(self._digits, self._digit_starts, digits))
        return tuple(sorted(numbers))


def index_of(records: Records, file: CaseFile) -> Index:
    """The index of a case as it stands."""
    return Index(_of_case(records, file))


def _of_case(records: Records, file: CaseFile) -> Iterable[_Line]:
    for party in file.parties:
        for name in party.names:
            yield from _sourced(Where.NAME, name, party.sources)
    for indicator in file.indicators:
        yield from _sourced(Where.ACCOUNT, indicator.value, indicator.sources)
    for entry in file.entries:
        transfer = entry.transfer
        parts = (
            transfer.amount.text,
            transfer.amount.currency,
            *_account(transfer.payer),
            *_account(transfer.payee),
            transfer.reference or "",
            transfer.merchant_reference or "",
            transfer.note or "",
        )
        yield from _sourced(Where.TRANSFER, " · ".join(part for part in parts if part), transfer.sources)
    for message in file.messages:
        said = f"{message.sender}: {message.text}" if message.sender else message.text
        yield from _sourced(Where.MESSAGE, said, message.sources)
    for statement in file.statements:
        yield from _sourced(Where.STATEMENT, statement.value, statement.sources)
    for exhibit in file.exhibits:
        for name in exhibit.names:
            yield _Line(Where.EXHIBIT, name, exhibit.number, Locator())
    yield from _references(records, file)
    yield from _texts(records, file)


def _account(account: Account) -> tuple[str, ...]:
    return (account.name or "", account.institution or "", account.number or "")


def _sourced(where: Where, text: str, sources: tuple[Source, ...]) -> Iterable[_Line]:
    source = sources[0]
    yield _Line(where, text[:_LONGEST_LINE], source.exhibit, source.locator)


def _references(records: Records, file: CaseFile) -> Iterable[_Line]:
    tracking = tracking_of(records, file)
    for hand_in in tracking.hand_ins:
        yield _Line(Where.REFERENCE, f"{hand_in.reference} {hand_in.to}".strip(), 0, Locator())
    for reply in tracking.replies:
        yield _Line(Where.REFERENCE, reply.note, reply.exhibit or 0, Locator())
    for call in calls(records):
        yield _Line(Where.REFERENCE, f"{call.reference} {call.officer}".strip(), 0, Locator())


def _texts(records: Records, file: CaseFile) -> Iterable[_Line]:
    """Words of exhibits, without the lines and rows from which a record was read already."""
    read = [message.sources for message in file.messages]
    read += [entry.transfer.sources for entry in file.entries]
    read += [statement.sources for statement in file.statements]
    records_at = {_place(source.exhibit, source.locator) for sources in read for source in sources}
    for number, reading in records.readings.items():
        for piece in reading.texts:
            if (place := _place(number, piece.locator)) is None or place not in records_at:
                for start in range(0, len(piece.text), _LONGEST_LINE):
                    yield _Line(Where.TEXT, piece.text[start : start + _LONGEST_LINE], number, piece.locator)


def _place(exhibit: int, at: Locator) -> tuple[object, ...] | None:
    """A line, row or entry; None for anything larger, which may hold more than one record shows."""
    exact = at.row is not None or at.line is not None or at.item is not None
    return (exhibit, at.page, at.row, at.line, at.item) if exact else None


def _folded(text: str) -> str:
    """Of the same meaning and on one line; for most text of the same length too."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.casefold().replace("\n", " ")


def _needle(wanted: str) -> str:
    return _folded(wanted[:MOST_TYPED]).strip()


def _joined(lines: Iterable[str]) -> tuple[str, list[int]]:
    """All lines in one text, and where each starts."""
    starts, at, parts = [], 0, []
    for line in lines:
        starts.append(at)
        parts.append(line)
        at += len(line) + 1
    return "\n".join(parts), starts


def _lines_with(text: str, starts: list[int], needle: str) -> Iterable[int]:
    """Numbers of the lines that hold `needle`."""
    at = text.find(needle)
    while at >= 0:
        number = bisect_right(starts, at) - 1
        yield number
        end = starts[number + 1] if number + 1 < len(starts) else len(text)
        at = text.find(needle, end)


def _hit(line: _Line, needle: str) -> Hit:
    """The words around the place; where folding changed lengths, or only digits agree, the beginning."""
    text = line.text.replace("\n", " ")
    at = _folded(text).find(needle)
    if at < 0 or len(_folded(text)) != len(text):
        return Hit(line.where, "", "", text[: 3 * _AROUND], line.exhibit, line.locator)
    end = at + len(needle)
    before = text[max(0, at - _AROUND) : at]
    after = text[end : end + 2 * _AROUND]
    return Hit(
        line.where,
        ("…" if at > _AROUND else "") + before,
        text[at:end],
        after + ("…" if end + 2 * _AROUND < len(text) else ""),
        line.exhibit,
        line.locator,
    )
