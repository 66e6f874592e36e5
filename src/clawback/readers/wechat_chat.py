"""WeChat chats as tables: the CSV layouts that desktop export tools write.

WeChat itself exports no chats; these tools read its database. Known layouts: MemoTrace（留痕）
(`消息ID,类型,发送人,时间,内容,…`), its forerunner WeChatMsg (`localId,TalkerId,Type,…,StrTime`, whose rows
hold one value more than the heading names), PyWxDump (`id,MsgSvrID,type_name,is_sender,talker,…`) and
chatlog (`Time,SenderName,Sender,TalkerName,Talker,Content`). `CreateTime` is the second that WeChat stored,
free of any zone, from which these tools compute the written time for the zone of the computer that
exported; where only that stands, its zone is an assumption.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import BinaryIO
from zoneinfo import ZoneInfo

from clawback.model.events import Message
from clawback.model.evidence import Grade, Locator, Problem, Severity, Source
from clawback.model.indicators import IndicatorKind
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.chat_times import STAMP, stamp_of
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness
from clawback.readers.decode import MAX_RECORDS, decode, read_text
from clawback.readers.gathering import accounts, listed, within_bounds

MAX_FIELD = 1024 * 1024
"""Characters of one cell."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("type_name", "类型", "消息类型", "Type"),
    "sender": ("发送人", "发送者", "发言人", "SenderName", "Sender", "talker"),
    "account": ("Sender", "talker"),
    "remark": ("Remark", "备注"),
    "nickname": ("NickName", "昵称"),
    "time": ("StrTime", "时间", "发送时间", "消息时间", "Time"),
    "stored": ("CreateTime",),
    "own": ("IsSender", "is_sender", "是否发送"),
    "text": ("StrContent", "内容", "消息内容", "msg", "Content"),
    "chat": ("room_name", "TalkerName", "TalkerId", "会话", "聊天对象"),
}
"""Headings by meaning, the better one first where a layout has several."""

_ONLY_THESE_TOOLS = (
    {"StrContent", "IsSender"},
    {"消息ID", "发送人", "内容"},
    {"MsgSvrID", "is_sender", "msg"},
    {"SenderName", "TalkerName", "Content"},
)
_SYSTEM_KINDS = {"10000", "10002", "系统消息", "系统通知", "系统", "撤回消息", "拍一拍"}
_HEADING_LINES = 10
_OWN_WORD = "我"
_STAMP = re.compile(rf"\s*{STAMP}\s*\Z", re.IGNORECASE)
_SECONDS = re.compile(r"\d{9,10}\Z")
_MILLISECONDS = re.compile(r"\d{13}\Z")
_ACCOUNT = re.compile(r"wxid_[0-9a-z]{6,40}\Z")
_FILE = re.compile(r"\[(?:文件|File|附件)\][:：]?\s*(?P<file>[^\s/\\][^/\\\n]{0,239}\.\w{1,8})\s*\Z")
_QUARTER = timedelta(minutes=15)


class WeChatTableReader:
    """Reads WeChat chats exported as CSV."""

    name = "wechat_chat"
    version = "1"
    formats = (
        "微信聊天 CSV（留痕、WeChatMsg、PyWxDump）",
        "WeChat chats as CSV (MemoTrace, WeChatMsg, PyWxDump)",
    )

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by headings that only these tools write; LIKELY when the headings mean a chat."""
        decoded = decode(peek.head, whole=peek.size <= len(peek.head))
        for line in decoded.lines[:_HEADING_LINES] if decoded else ():
            headings = _headings(line.split(","))
            if any(marks <= set(headings) for marks in _ONLY_THESE_TOOLS):
                return Sureness.CERTAIN
            if _means_a_chat(headings):
                return Sureness.LIKELY
        return Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per row below the headings."""
        decoded, problems = read_text(original, context)
        work = _Work(context, SourceMaker(self.name, self.version, context.exhibit), problems)
        if decoded:
            work.table(decoded.text)
        return Reading(
            self.name,
            self.version,
            Grade.CHAT_EXPORT,
            messages=within_bounds(work.messages, context, work.problems),
            indicators=accounts(work.accounts),
            problems=listed(work.problems, context),
            complete=not any(problem.severity is Severity.ERROR for problem in work.problems),
        )


def _headings(cells: Sequence[str]) -> list[str]:
    return [cell.strip().strip('"').strip("\ufeff") for cell in cells]


def _means_a_chat(headings: Sequence[str]) -> bool:
    has = {meaning for meaning, names in _COLUMNS.items() if any(name in headings for name in names)}
    return "text" in has and bool(has & {"time", "stored"}) and bool(has & {"sender", "own"})


@dataclass(frozen=True, slots=True)
class _Row:
    """A row under its headings. `number`: physical line where it starts."""

    number: int
    cells: Sequence[str]
    places: Mapping[str, int]

    def get(self, meaning: str) -> str:
        """The cell, "" when the layout or the row has none."""
        place = self.places.get(meaning, len(self.cells))
        return self.cells[place].strip() if place < len(self.cells) else ""


@dataclass(slots=True)
class _Work:
    """What is gathered while one table is read."""

    context: ReadingContext
    source: SourceMaker
    problems: list[Problem]
    messages: list[Message] = field(default_factory=list)
    accounts: list[tuple[IndicatorKind, str, Source]] = field(default_factory=list)
    _too_wide: int = 0

    def warn(self, code: str, row: int, detail: str, severity: Severity = Severity.WARNING) -> None:
        self.problems.append(self.context.problem(code, Locator(row=row), detail, severity))

    def table(self, text: str) -> None:
        """All rows; those above the headings and those that do not fit are Problems."""
        places: Mapping[str, int] | None = None
        width = 0
        for number, cells in self._records(text):
            headings = _headings(cells)
            if places is None and _means_a_chat(headings):
                places, width = _places(headings), len(headings)
            elif places is None:
                self.warn("line_not_understood", number, ",".join(cells))
            elif len(self.messages) > MAX_RECORDS:
                break  # one more than is kept, so that the bound is noticed
            else:
                self._too_wide += len(cells) > width
                self._row(_Row(number, cells, places))
        if self._too_wide:
            self.warn("rows_wider_than_headings", 1, str(self._too_wide), Severity.NOTE)
        own_known = any(message.own for message in self.messages)
        if not own_known and not (places and "own" in places):
            # without a single “我” the export does not say which sender is the user
            self.messages = [replace(message, own=None) for message in self.messages]

    def _records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Rows that hold something, with the physical line where each starts."""
        csv.field_size_limit(MAX_FIELD)
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        while True:
            number = rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                self.warn("row_not_understood", number, str(error), Severity.ERROR)
                continue
            if any(cell.strip() for cell in cells):
                yield number, cells

    def _row(self, row: _Row) -> None:
        if len(row.cells) <= max(row.places[key] for key in ("text", "time", "stored") if key in row.places):
            self.warn("row_not_understood", row.number, ",".join(row.cells), Severity.ERROR)
            return
        place = row.cells[row.places["text"]]
        found = self.source(Locator(row=row.number), ",".join(row.cells))
        system = row.get("kind") in _SYSTEM_KINDS
        own = _own(row)
        attached = _FILE.match(place)
        if _ACCOUNT.match(row.get("account")) and own is not True:
            self.accounts.append((IndicatorKind.WECHAT, row.get("account"), found))
        self.messages.append(
            Message(
                self._moment(row),
                None if system else _sender(row),
                place,
                "wechat",
                (found,),
                own=None if system else own,
                conversation=row.get("chat") or None,
                attachments=(attached["file"],) if attached else (),
            )
        )

    def _moment(self, row: _Row) -> Moment | None:
        written, stored = row.get("time"), row.get("stored")
        instant = _instant(stored)
        local = _local(written or ("" if instant else stored))
        moment = self._agreed(row, instant, local)
        if moment is None:
            self.warn("date_not_understood", row.number, f"{stored} {written}".strip())
        elif moment.instant.date() > self.context.today + timedelta(days=1):
            self.warn("date_in_future", row.number, f"{stored} {written}".strip())
            return None
        return moment

    def _agreed(self, row: _Row, instant: datetime | None, local: Moment | None) -> Moment | None:
        """The stored second, in the offset that the written time shows; the written time if it stands alone.

        A written time that no zone can explain is reported; the stored second is then the one that is kept,
        because the export tools compute the other from it.
        """
        zone = ZoneInfo(self.context.zone)
        if instant is None:
            if local is None:
                return None
            naive = local.instant.replace(tzinfo=None)
            offset = naive.replace(tzinfo=zone).utcoffset() or timedelta(0)
            return Moment(naive.replace(tzinfo=timezone(offset)), local.precision, ZoneBasis.ASSUMED)
        offset = instant.astimezone(zone).utcoffset() or timedelta(0)
        if local is not None:
            shown = local.instant - instant
            if abs(shown) <= timedelta(hours=14) and not shown % _QUARTER:
                offset = shown
            else:
                self.warn("times_disagree", row.number, f"{row.get('stored')} ≠ {row.get('time')}")
        return Moment(instant.astimezone(timezone(offset)), Precision.SECOND, ZoneBasis.STATED)


def _places(headings: Sequence[str]) -> dict[str, int]:
    """Column by meaning."""
    places = {}
    for meaning, names in _COLUMNS.items():
        found = next((name for name in names if name in headings), None)
        if found is not None:
            places[meaning] = headings.index(found)
    return places


def _sender(row: _Row) -> str | None:
    """The most human of the names given: remark, nickname, account. None where the layout has none."""
    names = (row.get("sender"), row.get("remark"), row.get("nickname"))
    if "own" in row.places:  # there the sender column holds the account id
        names = (row.get("remark"), row.get("nickname"), row.get("sender"))
    return next((name for name in names if name), None)


def _own(row: _Row) -> bool | None:
    """What the export says about who wrote it."""
    if "own" in row.places:
        return {"1": True, "0": False, "是": True, "否": False}.get(row.get("own"))
    sender = row.get("sender")
    return sender == _OWN_WORD if sender else None


def _instant(stored: str) -> datetime | None:
    """Seconds (or milliseconds) since 1970."""
    if _SECONDS.match(stored):
        return datetime.fromtimestamp(int(stored), UTC)
    if _MILLISECONDS.match(stored):
        return datetime.fromtimestamp(int(stored) // 1000, UTC)
    return None


def _local(written: str) -> Moment | None:
    """A written time with no claim about its zone (as if UTC), or None."""
    match = _STAMP.match(written[:60])
    return stamp_of(match).moment("YMD", "UTC", ZoneBasis.ASSUMED) if match else None
