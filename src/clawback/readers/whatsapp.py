"""WhatsApp "export chat" text: iOS (`[date, time] Name: text`, before 2017 `date time: Name: text`) and
Android (`date, time - Name: text`).

The export has no version mark and follows the language of the phone, so the form of date, time and of the
remarks about attachments varies. Only what is common to all of it is relied on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import BinaryIO

from clawback.model.events import Message
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.model.moments import Moment, ZoneBasis
from clawback.readers.chat_times import STAMP, STAMP_TIME_FIRST, DateOrder, Stamp, decide_order, stamp_of
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness
from clawback.readers.decode import decode, read_text
from clawback.readers.gathering import listed, numbers_of, within_bounds

_INVISIBLE = dict.fromkeys(
    [0x200E, 0x200F, 0x061C, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
) | dict.fromkeys([0xA0, 0x202F, 0x2009], " ")
_BRACKET = re.compile(rf"\[{STAMP}(?P<end>\]) ?(?P<rest>.*)", re.IGNORECASE)
_BARE = re.compile(rf"{STAMP}(?P<end> [-–]|:) (?P<rest>.*)", re.IGNORECASE)
_TIME_FIRST = re.compile(rf"{STAMP_TIME_FIRST}(?P<end>) [-–] (?P<rest>.*)", re.IGNORECASE)
_ALMOST = re.compile(
    r"\[\d{1,4}[./\-年]\d{1,2}[./\-月][^\]\n]{3,40}\] |\d{1,4}[./\-年]\d{1,2}[./\-月].{3,40}? - "
)
_SENDER = re.compile(r"(?P<sender>[^\n]{1,120}?)(?::(?: |$)|：)(?P<text>.*)", re.DOTALL)

_BRACKETED_FILE = re.compile(r"<(?P<word>[^<>:：]{1,40})[:：]\s?(?P<file>[^<>]{1,240}\.\w{1,8})>")
_REMARKED_FILE = re.compile(
    r"(?P<file>\S[^()（）]{0,239}\.\w{1,8}) ?[(（]\s?(?P<remark>[^()（）]{3,40})[)）]\s*\Z"
)
_ATTACHED_WORDS = {
    "file attached", "archivo adjunto", "datei angehängt", "fichier joint", "file allegato",
    "arquivo anexado", "ficheiro anexado", "bestand bijgevoegd", "файл добавлен", "plik dołączony",
    "dosya ekli", "文件附件", "附件", "檔案已附加", "附加檔案", "已附加檔案", "ファイル添付", "파일 첨부됨",
}  # fmt: skip
_OWN_NAME = re.compile(
    r"(?:[A-Z]{3}-(?P<day>\d{8})-WA\d{4}|\d{8}-[A-Z]{3,10}-(?P<dashed>\d{4}-\d{2}-\d{2})(?:-\d{2}){3})"
)
_NOTICES = (
    "messages and calls are end-to-end encrypted", "messages to this chat and calls are now secured",
    "messages to this group are now secured", "messages you send to this group are now secured",
    "消息和通话已进行端到端加密", "消息与通话已进行端到端加密", "消息和通话都进行端到端加密",
    "訊息和通話經端對端加密", "訊息和通話經過端對端加密", "此对话中所发送的消息和通话都已进行端到端加密",
)  # fmt: skip
_PEEK_CHARACTERS = 16_000
_BY_THE_APP = re.compile("[:：] ?\u200e")
_QUOTES = '"“”「«'
_NAME_HINT = re.compile(r"whatsapp|(?:^|/)_chat\.txt$", re.IGNORECASE)
_TITLE = re.compile(
    r"WhatsApp (?:Chat with|Chat -|Chat mit|聊天[-－])\s?(?P<title>.{1,100}?)(?:\.txt)?$|"
    r"[与與](?P<zh>.{1,100}?)的 ?WhatsApp ?(?:聊天|對話|对话).{0,8}\.txt$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Entry:
    """One message as the lines show it. `rest`: behind the stamp on the first line."""

    line: int
    form: tuple[object, ...]
    stamp: Stamp
    rest: str
    raw: list[str]
    more: list[str] = field(default_factory=list)


class WhatsAppReader:
    """Reads WhatsApp text exports."""

    name = "whatsapp"
    version = "1"
    formats = (
        "WhatsApp 聊天导出（_chat.txt 等）",
        'WhatsApp chat export (_chat.txt, "WhatsApp Chat with ….txt")',
    )

    def identify(self, peek: Peek) -> Sureness:
        """SURE when lines begin with its stamps; CERTAIN when the file name says so too."""
        decoded = decode(peek.head, whole=peek.size <= len(peek.head))
        if decoded is None:
            return Sureness.NO
        lines = [line[:400] for line in decoded.text[:_PEEK_CHARACTERS].splitlines() if line.strip()]
        if not any(_heading(_clean(line)) for line in lines[:5]):
            return Sureness.NO
        if _NAME_HINT.search(peek.name):
            return Sureness.CERTAIN
        hits = sum(_heading(_clean(line)) is not None for line in lines)
        return Sureness.SURE if hits > 1 else Sureness.LIKELY

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per stamped line, with the lines that continue it."""
        decoded, problems = read_text(original, context)
        entries = _entries(decoded.lines, context, problems) if decoded else []
        source = SourceMaker(self.name, self.version, context.exhibit)
        messages = within_bounds(_messages(entries, context, problems, source), context, problems)
        return Reading(
            self.name,
            self.version,
            Grade.CHAT_EXPORT,
            messages=messages,
            indicators=numbers_of(messages, source),
            problems=listed(problems, context),
            complete=not any(problem.severity is Severity.ERROR for problem in problems),
        )


def _clean(line: str) -> str:
    """`line` without direction marks and with plain spaces, for fields. The Source keeps it as found."""
    return line.translate(_INVISIBLE)


def _heading(line: str) -> re.Match[str] | None:
    if line.startswith("["):
        return _BRACKET.match(line)
    return (_BARE.match(line) or _TIME_FIRST.match(line)) if line[:1].isdigit() else None


def _entries(lines: list[str], context: ReadingContext, problems: list[Problem]) -> list[_Entry]:
    """Stamped lines with the lines that follow them. Lines before the first are Problems."""
    found: list[_Entry] = []
    for number, raw in enumerate(lines, start=1):
        line = _clean(raw)
        match = _heading(line)
        if match:
            stamp = stamp_of(match)
            form = (match["end"], *stamp.shape)
            found.append(_Entry(number, form, stamp, match["rest"], [raw]))
        elif found:
            found[-1].more.append(line)
            found[-1].raw.append(raw)
        elif line.strip():
            problems.append(context.problem("line_not_understood", Locator(line=number), raw, Severity.ERROR))
        if not match and _ALMOST.match(line):
            problems.append(context.problem("line_not_understood", Locator(line=number), raw))
    return _without_quoted(found, context, problems)


def _without_quoted(found: list[_Entry], context: ReadingContext, problems: list[Problem]) -> list[_Entry]:
    """Give back lines whose stamp has another form than the file's own: they are text pasted into a
    message. A form used by a tenth of the lines or more is taken as the export's own."""
    counts = Counter(entry.form for entry in found)
    kept: list[_Entry] = []
    for entry in found:
        if not kept or counts[entry.form] * 10 >= len(found) or entry.form == kept[0].form:
            kept.append(entry)
            continue
        kept[-1].more += [_clean(raw) for raw in entry.raw]
        kept[-1].raw += entry.raw
        place = Locator(line=entry.line)
        problems.append(context.problem("line_in_other_form", place, entry.raw[0], Severity.NOTE))
    return kept


def _messages(
    entries: Sequence[_Entry], context: ReadingContext, problems: list[Problem], source: SourceMaker
) -> Iterator[Message]:
    stated = _first_notice_name(entries)
    title = _conversation(context.name) or stated
    group = stated if stated and _is_group(stated, entries) else None
    orders = _orders(entries, context, problems)
    for entry in entries:
        moment = _moment(entry, orders[entry.form], context, problems)
        sender, text = _split(entry)
        place = Locator(line=entry.line)
        yield Message(
            moment,
            None if sender == group else sender,
            text,
            "whatsapp",
            (source(place, "\n".join(entry.raw).rstrip("\n")),),
            conversation=title,
            attachments=tuple(_attachments(text)),
        )


def _orders(
    entries: Sequence[_Entry], context: ReadingContext, problems: list[Problem]
) -> dict[tuple[object, ...], DateOrder]:
    """The order of day, month and year for each form of stamp in the file (mostly one)."""
    decided = {}
    for form in dict.fromkeys(entry.form for entry in entries):
        same = [entry for entry in entries if entry.form == form]
        stamps = [entry.stamp for entry in same]
        dated = ((entry.stamp, day) for entry in same if (day := _dated_name(entry)))
        order = decide_order(stamps, context.zone, _last(context), dated)
        if not order.proven:
            place = Locator(line=same[0].line)
            problems.append(context.problem("date_order_unclear", place, order.order))
        decided[form] = order
    return decided


def _last(context: ReadingContext) -> date:
    """A day of grace: the phone may be ahead of the zone in which the case is opened."""
    return context.today + timedelta(days=1)


def _moment(
    entry: _Entry, order: DateOrder, context: ReadingContext, problems: list[Problem]
) -> Moment | None:
    place = Locator(line=entry.line)
    moment = entry.stamp.moment(order.order, context.zone, ZoneBasis.ASSUMED)
    if moment is None:
        problems.append(context.problem("date_not_understood", place, entry.raw[0]))
    elif moment.instant.date() > _last(context):
        problems.append(context.problem("date_in_future", place, entry.raw[0]))
        return None
    return moment


def _split(entry: _Entry) -> tuple[str | None, str]:
    """Sender and text. A line of the app itself has no sender; on iOS it carries the chat's name."""
    match = _SENDER.match(entry.rest)
    if not match or any(quote in match["sender"] for quote in _QUOTES):
        return None, _joined(entry.rest, entry.more)
    text = _joined(match["text"], entry.more)
    if text.lower().startswith(_NOTICES):
        return None, text
    return match["sender"].strip(), text


def _first_notice_name(entries: Sequence[_Entry]) -> str | None:
    """On iOS the notice about encryption that opens a chat carries the chat's name in place of a sender."""
    match = _SENDER.match(entries[0].rest) if entries and entries[0].form[0] == "]" else None
    opens = match is not None and match["text"].lower().startswith(_NOTICES)
    return match["sender"].strip() if match and opens else None


def _is_group(name: str, entries: Sequence[_Entry]) -> bool:
    """Is `name` the chat and not a person? Then two others at least talk in it, and all its own lines bear
    the mark that iOS sets before what the app itself says."""
    senders = {_split(entry)[0] for entry in entries} - {None, name}
    own = (entry.raw[0] for entry in entries if _split(entry)[0] == name)
    return len(senders) >= 2 and all(_BY_THE_APP.search(line) for line in own)


def _joined(first: str, more: Sequence[str]) -> str:
    return "\n".join([first, *more]).rstrip("\n")


def _attachments(text: str) -> Iterator[str]:
    """Names of files that the text says are attached."""
    yield from (found["file"].strip() for found in _BRACKETED_FILE.finditer(text[:4000]))
    for line in text[:4000].split("\n"):
        match = _REMARKED_FILE.match(line)
        if match and (match["remark"].strip().lower() in _ATTACHED_WORDS or _OWN_NAME.match(match["file"])):
            yield match["file"].strip()


def _dated_name(entry: _Entry) -> date | None:
    """The date that WhatsApp itself wrote into the name of the file attached here."""
    for name in _attachments(_split(entry)[1]):
        dated = _OWN_NAME.match(name)
        if dated:
            try:
                return date.fromisoformat(dated["day"] or dated["dashed"])
            except ValueError:
                return None
    return None


def _conversation(name: str) -> str | None:
    """The chat's title when the file name holds it, else None."""
    match = _TITLE.search(name.rpartition("/")[2])
    return (match["title"] or match["zh"]).strip() if match else None
