"""Chat screenshots: who said what, by the bubble's side and colour; the time line in the middle above it.

In every chat app that we know the phone's owner writes on the right, on a tinted bubble, and the other side
on the left, on a neutral one. WeChat prints a time only after a pause, so only the message right under a time
line has that minute; those after it have its day.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from itertools import pairwise

from clawback.model.events import Account, AccountKind, Direction, Message, Method, Transfer, TransferStatus
from clawback.model.evidence import Severity
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.contract import ReadingContext, SourceMaker
from clawback.readers.screen_layout import Box, Colour, Screen, ScreenLine, Understood, around, at, rows_of
from clawback.readers.screen_text import (
    Clock,
    Figure,
    at_clock,
    is_vague_time,
    parse_clock,
    parse_figure,
    parse_moment,
)

_CLEAR_SIDE = 0.04  # of the width: margins that differ by more than this show the side
_BAR_BOTTOM = 0.25  # of the width: the status bar and the title bar end above this
_FULL_BUBBLE = 0.5  # of the width: a bubble narrower than this was not forced to wrap
_CLOCK_TAIL = re.compile(
    r"(?P<text>.*\S)\s{0,3}(?P<clock>\d{1,2}:\d{2})(?:\s?[AP]M)?[\s√✓v/]{0,4}", re.DOTALL
)
_GROUP = re.compile(r".{1,40}[(（]\d{1,3}[)）]")
_INPUT_HINTS = ("按住说话", "发消息", "输入消息", "Message", "Type a message", "iMessage")
_OWN_COLOURS: dict[Colour, str] = {
    (0x95, 0xEC, 0x69): "wechat",
    (0x3E, 0xB5, 0x75): "wechat",
    (0xD9, 0xFD, 0xD3): "whatsapp",
    (0x00, 0x5C, 0x4B): "whatsapp",
    (0xEF, 0xFD, 0xDE): "telegram",
    (0xE4, 0xFB, 0xC8): "telegram",
    (0x2B, 0x52, 0x78): "telegram",
}
"""Default colours of the owner's bubble, by app."""


@dataclass(slots=True)
class _Bubble:
    """Lines on one patch. `own` None: neither side nor colour tells."""

    lines: list[ScreenLine]
    patch: Box
    ground: Colour
    own: bool | None

    @property
    def clock_line(self) -> ScreenLine | None:
        """The small time at the bubble's lower right, where the app prints one."""
        last = max(self.lines, key=lambda line: (line.middle[1], line.box[0]))
        return last if len(self.lines) > 1 and parse_clock(last.text.rstrip("√✓v/ ")) else None


def read_chat(screen: Screen, context: ReadingContext, source: SourceMaker) -> Understood | None:
    """Messages and transfer cards of a chat screen; None when the screen is no chat."""
    bubbles = _bubbles(screen)
    notices = [line for line in screen.lines if _is_notice(line, screen, context)]
    if len(bubbles) < 2 and not (bubbles and notices):
        return None
    if not _mostly_talk(screen, bubbles, notices):
        return None
    return _Chat(screen, context, source, bubbles, notices).read()


@dataclass(slots=True)
class _Chat:
    """One chat screen on its way to records."""

    screen: Screen
    context: ReadingContext
    source: SourceMaker
    bubbles: list[_Bubble]
    notices: list[ScreenLine]

    def read(self) -> Understood:
        """Messages from top to bottom, each with the time that the screen really states."""
        result = Understood(kind="chat")
        title = _title(self.screen, self.bubbles)
        group = bool(title and _GROUP.fullmatch(title))
        contact = None if group else title
        channel = _channel(self.bubbles)
        clocks = any(bubble.clock_line for bubble in self.bubbles)
        day: Moment | None = None
        fresh = False
        parts: list[_Bubble | ScreenLine] = [*self.bubbles, *self.notices]
        for part in sorted(parts, key=_top):
            if isinstance(part, ScreenLine):
                day, fresh = self._time(part, result), True
                continue
            text, clock = _text(part, clocks, self.screen.width)
            moment = _moment(day, clock, fresh)
            if clock and moment is None:
                self._undated(result, part.lines, text)
            fresh = False
            card = _card(part)
            self._message(result, part, text, moment, contact, title, channel)
            if card:
                self._transfer(result, part, card, moment, contact)
        return result

    def _time(self, line: ScreenLine, result: Understood) -> Moment | None:
        moment = parse_moment(line.text, self.context.zone, ZoneBasis.ASSUMED)
        if moment is None:
            self._undated(result, [line], line.text)
        return moment

    def _undated(self, result: Understood, lines: list[ScreenLine], text: str) -> None:
        result.problems.append(self.context.problem("time_without_day", at(lines), text, Severity.NOTE))

    def _message(
        self, result: Understood, bubble: _Bubble, text: str, moment: Moment | None,
        contact: str | None, title: str | None, channel: str,
    ) -> None:  # fmt: skip
        certainty = min(line.certainty for line in bubble.lines)
        result.messages.append(
            Message(
                moment=moment,
                sender=contact if bubble.own is False else None,
                text=text,
                channel=channel,
                sources=(self.source(at(bubble.lines), text, certainty),),
                own=bubble.own,
                conversation=title,
            )
        )

    def _transfer(
        self, result: Understood, bubble: _Bubble, figure: Figure, moment: Moment | None, contact: str | None
    ) -> None:
        state = " ".join(line.text for line in bubble.lines[1:])
        if _is_confirmation(state):
            # The other side's card "已收款" only confirms the first card.
            if not any(_answers(bubble, other, figure) for other in self.bubbles):
                result.problems.append(self.context.problem("direction_unclear", at(bubble.lines), state))
            return
        amount = figure.amount("CNY")
        if amount is None or bubble.own is None:
            result.problems.append(self.context.problem("direction_unclear", at(bubble.lines), state))
            return
        me, other = Account(), Account(contact, None, None, AccountKind.WALLET)
        result.transfers.append(
            Transfer(
                direction=Direction.OUT if bubble.own else Direction.IN,
                amount=amount,
                moment=moment,
                status=_card_status(state),
                method=Method.WECHAT_PAY,
                payer=me if bubble.own else other,
                payee=other if bubble.own else me,
                sources=(
                    self.source(
                        at(bubble.lines[:1]),
                        " ".join(line.text for line in bubble.lines),
                        min(line.certainty for line in bubble.lines),
                    ),
                ),
            )
        )


def _top(part: _Bubble | ScreenLine) -> int:
    return part.box[1] if isinstance(part, ScreenLine) else around(part.lines)[1]


def _bubbles(screen: Screen) -> list[_Bubble]:
    found: list[_Bubble] = []
    for line in screen.lines:
        if not _on_bubble(line, screen):
            continue
        home = next((bubble for bubble in reversed(found) if _same_bubble(bubble, line)), None)
        if home:
            home.lines.append(line)
            home.patch = _union(home.patch, line.patch)
        else:
            found.append(_Bubble([line], line.patch, line.ground, None))
    for bubble in found:
        bubble.own = _own(bubble, screen.width)
        bubble.lines = [line for row in rows_of(bubble.lines) for line in row]
    return [bubble for bubble in found if _sided(bubble, screen.width)]


def _on_bubble(line: ScreenLine, screen: Screen) -> bool:
    left, top, right, bottom = line.patch
    if "".join(line.text.split()) in _INPUT_HINTS or _is_avatar(line, screen):
        return False
    inside = left > 0.012 * screen.width and right < 0.988 * screen.width
    return inside and right - left < 0.9 * screen.width and bottom - top < 0.7 * screen.height


def _is_avatar(line: ScreenLine, screen: Screen) -> bool:
    """The contact's initial on a coloured disc in the title bar."""
    return len(line.text) == 1 and line.middle[1] < _BAR_BOTTOM * screen.width


def _same_bubble(bubble: _Bubble, line: ScreenLine) -> bool:
    x, y = line.middle
    left, top, right, bottom = bubble.patch
    close = max(abs(a - b) for a, b in zip(bubble.ground, line.ground, strict=True)) < 24
    inside = left <= x <= right and top <= y <= bottom
    x, y = bubble.lines[-1].middle
    left, top, right, bottom = line.patch
    return close and (inside or (left <= x <= right and top <= y <= bottom))


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _margins(bubble: _Bubble, width: int) -> float:
    """Left margin minus right margin, as a part of the width: below zero is the left side."""
    return (bubble.patch[0] - (width - bubble.patch[2])) / width


def _sided(bubble: _Bubble, width: int) -> bool:
    """Time pills and cards in the middle are no bubbles."""
    return abs(_margins(bubble, width)) > _CLEAR_SIDE or (
        bubble.patch[2] - bubble.patch[0] > 0.5 * width and bubble.own is not None and _tinted(bubble.ground)
    )


def _own(bubble: _Bubble, width: int) -> bool | None:
    lean = _margins(bubble, width)
    if abs(lean) > _CLEAR_SIDE:
        return lean > 0
    return True if _tinted(bubble.ground) else None


def _tinted(colour: Colour) -> bool:
    """Green or blue, the colours of the owner's bubble; orange is a transfer card of either side."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    return saturation > 0.2 and 0.2 < hue < 0.7 and 0.05 < lightness < 0.98


def _mostly_talk(screen: Screen, bubbles: list[_Bubble], notices: list[ScreenLine]) -> bool:
    """Below the title bar a chat shows little else; a page of rows may look like two bubbles by chance."""
    talk = [line for bubble in bubbles for line in bubble.lines] + notices
    below = _BAR_BOTTOM * screen.width
    lines = sum(line.middle[1] > below for line in screen.lines)
    return 2 * sum(line.middle[1] > below for line in talk) >= lines


def _is_notice(line: ScreenLine, screen: Screen, context: ReadingContext) -> bool:
    """A time in the middle. At the very top only a full date: some phones print their clock there."""
    if abs(line.middle[0] - screen.width / 2) > 0.04 * screen.width:
        return False
    if parse_moment(line.text, context.zone, ZoneBasis.ASSUMED) is not None:
        return True
    return line.box[1] > 0.1 * screen.width and is_vague_time(line.text)


def _title(screen: Screen, bubbles: list[_Bubble]) -> str | None:
    """The name in the title bar: the first real word below the status bar and above every bubble."""
    first = min(_top(bubble) for bubble in bubbles)
    low, high = 0.075 * screen.width, _BAR_BOTTOM * screen.width
    for line in screen.lines:
        word = line.text.strip()
        if low < line.middle[1] < min(high, first) and _is_name(word) and line.certainty >= 60:
            return word
    return None


def _is_name(text: str) -> bool:
    letters = sum(char.isalnum() for char in text)
    return letters >= 2 or (letters == 1 and not text.isascii() and text not in "く〈")


def _channel(bubbles: list[_Bubble]) -> str:
    for bubble in bubbles:
        for colour, channel in _OWN_COLOURS.items():
            if bubble.own and max(abs(a - b) for a, b in zip(bubble.ground, colour, strict=True)) <= 5:
                return channel
    return "unknown"


def _text(bubble: _Bubble, clocks: bool, width: int) -> tuple[str, Clock | None]:
    """The words of the bubble and the time printed inside it."""
    small = bubble.clock_line
    lines = [line for line in bubble.lines if line is not small]
    may_wrap = bubble.patch[2] - bubble.patch[0] > _FULL_BUBBLE * width and not _card(bubble)
    text = _joined(lines, bubble.patch[2] if may_wrap else None)
    if small:
        return text, parse_clock(small.text.rstrip("√✓v/ "))
    tail = _CLOCK_TAIL.fullmatch(text) if clocks else None
    return (tail["text"], parse_clock(tail["clock"])) if tail else (text, None)


def _joined(lines: list[ScreenLine], edge: int | None) -> str:
    """A line that reaches the bubble's right `edge` was wrapped by the app; a shorter one ended there."""
    text = lines[0].text
    for above, line in pairwise(lines):
        wrapped = edge is not None and edge - above.box[2] < 2.2 * above.height
        latin = text[-1:].isascii() and line.text[:1].isascii() and " " in above.text
        text += (" " if latin else "") + line.text if wrapped else "\n" + line.text
    return text


def _moment(day: Moment | None, clock: Clock | None, fresh: bool) -> Moment | None:
    if day is None:
        return None
    if clock:
        return at_clock(day, clock)
    if fresh or day.precision is Precision.DAY:
        return day
    midnight = day.instant.replace(hour=0, minute=0, second=0)
    return Moment(midnight, Precision.DAY, day.zone_basis)


def _card(bubble: _Bubble) -> Figure | None:
    """The amount of a transfer card: an amount in yuan first, and the word 转账 or its state below."""
    figure = parse_figure(bubble.lines[0].text)
    rest = " ".join(line.text for line in bubble.lines[1:])
    named = any(word in rest for word in ("转账", "收款", "收钱", "接收", "Transfer"))
    return figure if figure and figure.currency == "CNY" and named else None


def _is_confirmation(state: str) -> bool:
    return any(word in state for word in ("已收款", "已收钱", "已接收"))


def _answers(bubble: _Bubble, other: _Bubble, figure: Figure) -> bool:
    first = _card(other)
    return (
        first is not None
        and first.value == figure.value
        and other.own is not bubble.own
        and not _is_confirmation(" ".join(line.text for line in other.lines[1:]))
    )


def _card_status(state: str) -> TransferStatus:
    if any(word in state for word in ("退还", "退回", "过期")):
        return TransferStatus.FAILED
    if any(word in state for word in ("被接收", "被领取")):
        return TransferStatus.COMPLETED
    if any(word in state for word in ("请收款", "待", "发起", "确认收款")):
        return TransferStatus.PENDING
    return TransferStatus.UNKNOWN
