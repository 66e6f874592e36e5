"""Chats as text with a heading line per message: WeChat copies and exports, QQ's message manager, LINE, and
messages copied from Telegram.

Layouts, found by which of them the lines fit best::

    2024-02-01 10:00:00 小红          time, then sender; the text below (MemoTrace txt, QQ)
    小红 2024-02-01 10:00:00          sender, then time; the text below (copied from WeChat on a computer)
    —————  2024-02-01  —————          a line per day,
    小红  10:00                       then sender and minute; the text below (WeChat's chat by e-mail)
    2024-02-01 10:00:00 小红: 在吗    time, sender and text on one line
    2024.01.02 Tuesday                a line per day,
    03:04<tab>小红<tab>在吗           then minute, sender and text on one line (LINE)
    小红 (2024-02-01 10:00:00): 在吗  sender, time in brackets, text on the same line
    小红, [01.02.2024 10:00]          sender, comma, time; the text below (copied from Telegram)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import BinaryIO

from clawback.model.events import Message
from clawback.model.evidence import Grade, Locator, Problem, Severity, Source
from clawback.model.indicators import IndicatorKind
from clawback.model.moments import Moment, ZoneBasis
from clawback.readers.chat_times import HALVES, STAMP, Stamp, decide_order, half_of, stamp_of
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness, TextPiece
from clawback.readers.decode import decode, read_text
from clawback.readers.gathering import accounts, listed, within_bounds

_SPACES = dict.fromkeys([0xA0, 0x3000, 0x2002, 0x2003, 0x202F], " ") | dict.fromkeys([0x200E, 0x200F, 0xFEFF])
_TIME = (
    rf"(?:(?P<pre>{HALVES})\s?)?(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?::(?P<s>\d{{2}}))?(?:\s?(?P<post>{HALVES}))?"
)
_DATE = r"(?P<a>\d{4})\s?[-/.年]\s?(?P<b>\d{1,2})\s?[-/.月]\s?(?P<c>\d{1,2})(?:\s?日)?"
_NAME = r"(?P<sender>[^\s:：][^:：]{0,79}?)"
_PATTERNS = {
    "time_first": re.compile(rf"{STAMP}\s{{1,8}}{_NAME}\Z", re.IGNORECASE),
    "time_last": re.compile(rf"{_NAME}:?\s{{1,8}}{STAMP}\Z", re.IGNORECASE),
    "one_line": re.compile(rf"{STAMP}\s{{1,8}}{_NAME}[:：]\s?(?P<text>.*)\Z", re.IGNORECASE),
    "in_brackets": re.compile(rf"{_NAME}\s{{0,2}}[(（]{STAMP}[)）][:：]?\s?(?P<text>.*)\Z", re.IGNORECASE),
    "comma": re.compile(rf"{_NAME},\s\[{STAMP}\](?::\s?(?P<text>.*))?\Z", re.IGNORECASE),
    "by_day": re.compile(rf"{_NAME}\s{{1,8}}{_TIME}\Z", re.IGNORECASE),
    "line": re.compile(
        rf"{_TIME}(?:\t|\s{{2,8}})(?:(?P<sender>[^\t]{{1,80}}?)(?:\t|\s{{2,8}}))?(?P<text>.*)\Z",
        re.IGNORECASE,
    ),
}
_DAY_LINE = re.compile(
    rf"(?P<rule>[—\-–=─\s]{{0,60}}){_DATE}\s?(?:[(（][^()（）\d]{{1,4}}[)）]|(?:周|星期|週)[一二三四五六日天]|[A-Za-z]{{3,9}}\.?)?"
    r"[—\-–=─\s]{0,60}\Z"
)
_DAY_WITH_WEEKDAY = re.compile(
    r"(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}[,.]?\s(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<c>\d{4})\Z"
)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CLOCK = re.compile(r"\d:\d\d")
_DATED_CLOCK = re.compile(r"\d\s?[-/.月]\s?\d{1,4}\D{1,20}\d{1,2}:\d\d")
_NOT_A_NAME = re.compile(r"(?:时间|日期|截止|至|到|于|在|[:：,，.。;；])\s*\Z|\A[-—–=~]+\Z", re.IGNORECASE)
_QQ_MARK = "消息记录（此消息记录为文本格式"
_LINE_MARK = re.compile(r"\A\s*\[LINE\]")
_WECHAT_MARK = re.compile(r"微信|wechat|weixin|留痕|memotrace", re.IGNORECASE)
_TELEGRAM_MARK = re.compile(r"telegram|电报|飞机", re.IGNORECASE)
_CHAT_MARK = re.compile(r"聊天记录|聊天紀錄|对话记录|chat", re.IGNORECASE)
_TITLE = re.compile(
    r"\s*(?:消息对象[:：]\s*(?P<qq>.{1,120})|(?:\[LINE\] )?(?:Chat history (?:in|with) (?P<line>.{1,120})"
    r"|[与與和](?P<zh>.{1,120}?)的聊天[記记紀][錄录]|(?P<ja>.{1,120}?)とのトーク履歴))\s*\Z"
)
_RULE = re.compile(r"[\s=\-—–─*_]*\Z")
_QQ_SENDER = re.compile(
    r"(?:【[^【】]{1,20}】)?(?P<name>.*?)(?:\((?P<number>\d{5,12})\)|<(?P<mail>[^<>\s]{3,80})>)?\Z"
)
_OWN_WORD = "我"
_PEEK_CHARACTERS = 8_000
_NEED_DAYS = ("by_day", "line")
_OTHER_ORDERS = ("comma",)
"""Layouts whose dates may begin with day or month; in all others the year comes first."""

_LAYOUT_LINES = 5_000
"""Lines at the start by which the layout is chosen."""


class ChatTextReader:
    """Reads chats that stand in a text file, message under message."""

    name = "chat_text"
    version = "1"
    formats = (
        "聊天文本（微信、QQ、LINE、Telegram 复制）",
        "Chats as text (WeChat, QQ, LINE, Telegram copies)",
    )

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by the marks of QQ and LINE; else by how many lines are headings of one layout."""
        decoded = decode(peek.head, whole=peek.size <= len(peek.head))
        if decoded is None or "csv" in peek.suffix:
            return Sureness.NO
        lines = [_clean(line) for line in decoded.text[:_PEEK_CHARACTERS].splitlines()]
        if any(_QQ_MARK in line for line in lines[:5]) or (lines and _LINE_MARK.match(lines[0])):
            return Sureness.CERTAIN
        layout, found = _layout(lines)
        if found and any(mark.search(peek.name) for mark in (_WECHAT_MARK, _TELEGRAM_MARK, _CHAT_MARK)):
            return Sureness.SURE
        return Sureness.LIKELY if _is_talk(layout, lines) else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per heading line, with the lines below it."""
        decoded, problems = read_text(original, context)
        work = _Work(context, SourceMaker(self.name, self.version, context.exhibit), problems)
        if decoded:
            work.chat(decoded.lines)
        return Reading(
            self.name,
            self.version,
            Grade.CHAT_EXPORT,
            messages=tuple(work.messages),
            indicators=accounts(work.accounts),
            texts=tuple(work.preamble),
            problems=listed(work.problems, context),
            complete=not any(problem.severity is Severity.ERROR for problem in work.problems),
        )


def _clean(line: str) -> str:
    """`line` with plain spaces and without direction marks, for patterns and fields."""
    return line.translate(_SPACES).rstrip()


def _is_talk(layout: str, lines: Sequence[str]) -> bool:
    """In a talk the same few names come again and again; in somebody's dated notes the words differ."""
    senders = [match["sender"] for line in lines if (match := _heading(layout, line)) and match["sender"]]
    return len(senders) >= 3 and len(set(senders)) * 2 <= len(senders) + 1


@dataclass(slots=True)
class _Entry:
    """One message as the lines show it. `day`: the line of the day above, in layouts that have one."""

    line: int
    match: re.Match[str]
    day: date | None
    raw: list[str]
    body: list[str] = field(default_factory=list)


def _layout(lines: Sequence[str]) -> tuple[str, int]:
    """The layout with the most heading lines, and how many there are. Layouts that write only the time
    count only where lines with the day stand."""
    timed = [line for line in lines if _CLOCK.search(line)]
    with_days = any(_day_match(line) for line in lines if line)
    counts = {
        name: sum(_heading(name, line) is not None for line in timed)
        for name in _PATTERNS
        if with_days or name not in _NEED_DAYS
    }
    best = max(counts, key=lambda name: counts[name])
    return best, counts[best]


def _heading(layout: str, line: str) -> re.Match[str] | None:
    """The match when `line` is a heading of `layout`; “付款时间 2024-02-01 10:00” is not one."""
    if not (_CLOCK if layout in _NEED_DAYS else _DATED_CLOCK).search(line):
        return None
    match = _PATTERNS[layout].match(line)
    if match is None or (match["sender"] and _NOT_A_NAME.search(match["sender"])):
        return None
    year_first = "a" not in match.re.groupindex or len(match["a"]) == 4
    return match if year_first or layout in _OTHER_ORDERS else None


@dataclass(slots=True)
class _Work:
    """What is gathered while one chat is read."""

    context: ReadingContext
    source: SourceMaker
    problems: list[Problem]
    messages: list[Message] = field(default_factory=list)
    preamble: list[TextPiece] = field(default_factory=list)
    title: str | None = None
    channel: str = "unknown"
    accounts: list[tuple[IndicatorKind, str, Source]] = field(default_factory=list)
    order: str = "YMD"

    def chat(self, lines: list[str]) -> None:
        """All messages of the file."""
        layout, _ = _layout([_clean(line) for line in lines[:_LAYOUT_LINES]])
        entries = self._entries(lines, layout)
        if not entries:
            self.problems.append(self.context.problem("no_messages_found", severity=Severity.ERROR))
        self._name_channel()
        if entries and layout in _OTHER_ORDERS:
            self._decide_order(entries)
        messages = (self._message(entry) for entry in entries)
        self.messages = list(within_bounds(messages, self.context, self.problems))
        if any(message.sender == _OWN_WORD for message in self.messages):
            self.messages = [
                replace(message, own=message.sender == _OWN_WORD) if message.sender else message
                for message in self.messages
            ]

    def _decide_order(self, entries: Sequence[_Entry]) -> None:
        last = self.context.today + timedelta(days=1)
        found = decide_order([stamp_of(entry.match) for entry in entries], self.context.zone, last)
        self.order = found.order
        if not found.proven:
            place = Locator(line=entries[0].line)
            self.problems.append(self.context.problem("date_order_unclear", place, found.order))

    def _entries(self, lines: list[str], layout: str) -> list[_Entry]:
        days = self._days(lines) if layout in _NEED_DAYS else {}
        is_heading = self._heading_test(lines, layout, days)
        entries: list[_Entry] = []
        day: date | None = None
        for number, raw in enumerate(lines, start=1):
            line = _clean(raw)
            if number in days:
                day = days[number]
            elif (match := is_heading(number, line)) is not None:
                entries.append(_Entry(number, match, day, [raw]))
            elif entries:
                entries[-1].raw.append(raw)
                entries[-1].body.append(raw)
            elif not _RULE.match(line):
                self._above(number, line)
        return entries

    def _days(self, lines: list[str]) -> dict[int, date | None]:
        """Lines that open a day. All are of the kind of the first (with or without rules around), and a
        blank line or a heading stands above one without: a date that somebody wrote is not one."""
        found: dict[int, re.Match[str]] = {}
        ruled: bool | None = None
        for number, line in enumerate(lines, start=1):
            match = _day_match(_clean(line))
            if match is None:
                continue
            kind = bool(match.groupdict().get("rule"))
            ruled = kind if ruled is None else ruled
            if kind == ruled and (kind or number == 1 or not lines[number - 2].strip() or not found):
                found[number] = match
        order = _weekday_order(found.values())
        if found and order is None:
            place = Locator(line=next(iter(found)))
            self.problems.append(self.context.problem("date_order_unclear", place))
        return {number: _day(match, order) for number, match in found.items()}

    def _heading_test(
        self, lines: list[str], layout: str, days: Container[int]
    ) -> Callable[[int, str], re.Match[str] | None]:
        """What makes a line a heading in this file. Where a blank line stands above nearly all of them,
        one without it is text that somebody wrote or pasted."""
        found = [n for n, line in enumerate(lines) if _heading(layout, _clean(line))]
        blank = [n for n in found if n == 0 or not lines[n - 1].strip() or n in days]
        separated = len(found) > 3 and len(blank) * 4 >= len(found) * 3

        def test(number: int, line: str) -> re.Match[str] | None:
            match = _heading(layout, line)
            if match is None or not separated or number == 1:
                return match
            above = lines[number - 2]
            if not above.strip() or number - 1 in days:
                return match
            place = Locator(line=number)
            self.problems.append(self.context.problem("line_in_other_form", place, line, Severity.NOTE))
            return None

        return test

    def _above(self, number: int, line: str) -> None:
        """A line above the first message: the title of the chat, or a piece of text."""
        match = _TITLE.match(line)
        if match and self.title is None:
            self.title = match["qq"] or match["line"] or match["zh"] or match["ja"]
        self.preamble.append(TextPiece(line, Locator(line=number)))

    def _name_channel(self) -> None:
        above = " ".join(piece.text for piece in self.preamble[:20])
        if _QQ_MARK in above:
            self.channel = "qq"
        elif _LINE_MARK.match(above):
            self.channel = "line"
        elif _WECHAT_MARK.search(self.context.name) or _WECHAT_MARK.search(above):
            self.channel = "wechat"
        elif _TELEGRAM_MARK.search(self.context.name):
            self.channel = "telegram"

    def _message(self, entry: _Entry) -> Message:
        raw = "\n".join(entry.raw).rstrip("\n")
        groups = entry.match.groupdict()
        body = "\n".join(([groups["text"].lstrip("\t")] if groups.get("text") else []) + entry.body).strip(
            "\n"
        )
        if self.channel == "line" and body.startswith('"') and body.endswith('"') and "\n" in body:
            body = body[1:-1].replace('""', '"')
        return Message(
            self._moment(entry, raw),
            self._sender(groups["sender"], Locator(line=entry.line)),
            body,
            self.channel,
            (self.source(Locator(line=entry.line), raw),),
            conversation=self.title,
        )

    def _sender(self, written: str | None, place: Locator) -> str | None:
        """The name; of QQ's title, number and mail address around it, the last two become indicators."""
        if written is None or self.channel != "qq":
            return written.strip() if written else None
        match = _QQ_SENDER.match(written.strip())
        if match is None:
            return written.strip()
        for kind, value in ((IndicatorKind.QQ, match["number"]), (IndicatorKind.EMAIL, match["mail"])):
            if value:
                self.accounts.append((kind, value.lower(), self.source(place, written)))
        return match["name"] or match["number"] or match["mail"]

    def _moment(self, entry: _Entry, raw: str) -> Moment | None:
        place = Locator(line=entry.line)
        stamp = stamp_of(entry.match) if "a" in entry.match.re.groupindex else _stamp_below(entry)
        moment = stamp.moment(self.order, self.context.zone, ZoneBasis.ASSUMED) if stamp else None
        if moment is None:
            self.problems.append(self.context.problem("date_not_understood", place, raw))
        elif moment.instant.date() > self.context.today + timedelta(days=1):
            self.problems.append(self.context.problem("date_in_future", place, raw))
            return None
        return moment


def _stamp_below(entry: _Entry) -> Stamp | None:
    """Day from the line above, time from the heading."""
    if entry.day is None:
        return None
    time, day = entry.match, entry.day
    second = int(time["s"]) if time["s"] else None
    half = half_of(time["pre"] or time["post"])
    parts = (f"{day.year:04}", str(day.month), str(day.day))
    return Stamp(parts, "-", int(time["h"]), int(time["m"]), second, half)


def _day_match(line: str) -> re.Match[str] | None:
    return _DAY_LINE.match(line) or _DAY_WITH_WEEKDAY.match(line)


def _day(match: re.Match[str], order: str | None) -> date | None:
    """The date of a line that opens a day; None when it is none."""
    parts = (match["a"], match["b"], match["c"])
    written = "YMD" if len(match["a"]) == 4 else order
    return Stamp(parts, "-", 0, 0, None, None).day(written) if written else None


def _weekday_order(found: Iterable[re.Match[str]]) -> str | None:
    """The order of day and month under which every weekday named is right; None when two orders fit with
    other days, or none does. Lines that begin with the year need none: "YMD"."""
    named = [match for match in found if len(match["a"]) != 4]
    fitting = [
        order
        for order in ("DMY", "MDY")
        if all((day := _day(m, order)) and _WEEKDAYS[day.weekday()] == m["weekday"] for m in named)
    ]
    same = len(fitting) == 2 and all(_day(m, "DMY") == _day(m, "MDY") for m in named)
    if not named:
        return "YMD"
    return fitting[0] if len(fitting) == 1 or same else None
