"""Screens as a phone shows them: chats (WeChat, Telegram, WhatsApp) and payment receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from tools.build_examples.drawing import HEIGHT, WIDTH, Board, Colour


@dataclass(frozen=True, slots=True)
class Said:
    """One bubble. `own`: written by the phone's owner. `clock`: the small time inside the bubble, if any."""

    own: bool
    text: str
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A WeChat transfer card. `state` is its second line, such as 已收款."""

    own: bool
    amount: str
    state: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A centred line: a time, a date, or a system notice."""

    text: str


Entry = Said | Card | Notice


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours and measures of one chat app."""

    paper: Colour
    bar: Colour
    ink: Colour
    theirs: Colour
    mine: Colour
    mine_ink: Colour
    faint: Colour
    avatars: bool = True
    pill: Colour | None = None
    pill_ink: Colour = "#ffffff"
    size: float = 15.5
    radius: float = 4


WECHAT = Theme("#ededed", "#ededed", "#191919", "#ffffff", "#95ec69", "#191919", "#9b9b9b")
WECHAT_DARK = Theme("#111111", "#191919", "#d5d5d5", "#2c2c2c", "#3eb575", "#06120b", "#6b6b6b")
TELEGRAM = Theme(
    "#cddcc1", "#ffffff", "#111111", "#ffffff", "#e4fbc8", "#111111", "#8a9a86",
    avatars=False, pill="#8fa985", size=14.5, radius=12,
)  # fmt: skip
WHATSAPP = Theme(
    "#efeae2", "#ffffff", "#111b21", "#ffffff", "#d9fdd3", "#111b21", "#667781",
    avatars=False, pill="#ffffff", pill_ink="#54656f", size=14.5, radius=9,
)  # fmt: skip
WHATSAPP_DARK = Theme(
    "#0b141a", "#1f2c33", "#e9edef", "#202c33", "#005c4b", "#e9edef", "#8696a0",
    avatars=False, pill="#182229", pill_ink="#8696a0", size=14.5, radius=9,
)  # fmt: skip


def chat(
    font: Path, theme: Theme, title: str, entries: Sequence[Entry], clock: str, *, scale: int = 3,
    height: int = HEIGHT, subtitle: str = "",
) -> Image.Image:  # fmt: skip
    """A chat screen with `entries` from top to bottom. Raises ValueError when they do not fit."""
    board = Board(font, theme.paper, scale, height)
    _chat_head(board, theme, title, subtitle, clock)
    y = 96.0
    for entry in entries:
        if isinstance(entry, Notice):
            y = _notice(board, theme, entry, y)
        elif isinstance(entry, Card):
            y = _transfer_card(board, entry, y, theme)
        else:
            y = _bubble(board, theme, entry, y)
    if y > height - 62:
        raise ValueError(f"the chat does not fit: {y:.0f} of {height - 62} points")
    _chat_foot(board, theme)
    return board.finish()


def _chat_head(board: Board, theme: Theme, title: str, subtitle: str, clock: str) -> None:
    board.box(0, 0, WIDTH, 80, theme.bar)
    board.status_bar(clock, theme.ink)
    board.back_arrow(16, 54, theme.ink)
    if theme.avatars:
        board.text(WIDTH / 2, 54, title, 16.5, theme.ink, "mm", bold=True)
    else:
        board.disc(54, 54, 17, "#6c8ebf")
        board.text(54, 54, title.lstrip("@")[:1], 15, "#ffffff", "mm")
        board.text(80, 47 if subtitle else 54, title, 15.5, theme.ink, bold=True)
        if subtitle:
            board.text(80, 64, subtitle, 11, theme.faint)
    for dot in range(3):
        board.disc(330 + dot * 5, 54, 1.5, theme.ink)


def _chat_foot(board: Board, theme: Theme) -> None:
    top = board.height - 56
    board.box(0, top, WIDTH, board.height, theme.bar)
    board.line([(0, top), (WIDTH, top)], theme.faint, 0.3)
    board.box(46, top + 8, 278, top + 42, theme.theirs if theme.avatars else theme.paper, 6)
    for x in (24, 300, 334):
        board.disc(x, top + 25, 11.5, theme.ink)
        board.disc(x, top + 25, 10.2, theme.bar)
    board.line([(327, top + 25), (341, top + 25)], theme.ink, 1.4)
    board.line([(334, top + 18), (334, top + 32)], theme.ink, 1.4)
    board.home_bar(theme.ink)


def _notice(board: Board, theme: Theme, notice: Notice, y: float) -> float:
    for line in board.wrap(notice.text, 11.5, 280):
        if theme.pill:
            half = board.width(line, 11.5) / 2 + 9
            board.box(180 - half, y, 180 + half, y + 21, theme.pill, 9)
            board.text(180, y + 10.5, line, 11.5, theme.pill_ink, "mm")
        else:
            board.text(180, y + 9, line, 11.5, theme.faint, "mm")
        y += 19
    return y + 12


def _avatar(board: Board, own: bool, y: float) -> None:
    x = 312 if own else 10
    board.box(x, y, x + 38, y + 38, "#7d9ec0" if own else "#c9a27e", 4)
    board.disc(x + 19, y + 14, 7, "#f3ede4")
    board.pen.pieslice([v * board.unit for v in (x + 6, y + 23, x + 32, y + 51)], 180, 360, fill="#f3ede4")


def _bubble(board: Board, theme: Theme, said: Said, y: float) -> float:
    room, pad = (212.0, 11.0) if theme.avatars else (244.0, 10.0)
    lines = board.wrap(said.text, theme.size, room)
    pitch = theme.size * 1.42
    clock = board.width(said.clock, 10) + 10 if said.clock else 0
    own_row = clock > 0 and board.width(lines[-1], theme.size) + clock > room
    inner = max(board.width(line, theme.size) for line in lines)
    inner = (
        max(inner, min(room, board.width(lines[-1], theme.size) + clock))
        if not own_row
        else max(inner, clock)
    )
    high = len(lines) * pitch + 2 * 8.5 + (13 if own_row else 0)
    edge = 56.0 if theme.avatars else 10.0
    left = WIDTH - edge - inner - 2 * pad if said.own else edge
    right = left + inner + 2 * pad
    colour, ink = (theme.mine, theme.mine_ink) if said.own else (theme.theirs, theme.ink)
    board.box(left, y, right, y + high, colour, theme.radius)
    if theme.avatars:
        _avatar(board, said.own, y)
        tip = right if said.own else left
        out = 5 if said.own else -5
        board.polygon([(tip, y + 13), (tip + out, y + 19), (tip, y + 25)], colour)
    for row, line in enumerate(lines):
        board.text(left + pad, y + 8.5 + (row + 0.5) * pitch, line, theme.size, ink)
    if said.clock:
        board.text(right - 8, y + high - 9.5, said.clock, 10, theme.faint, "rm")
    return y + max(high, 40 if theme.avatars else 0) + (15 if theme.avatars else 7)


def _transfer_card(board: Board, card: Card, y: float, theme: Theme) -> float:
    left = WIDTH - 56 - 226 if card.own else 56.0
    taken = "收款" in card.state and "待" not in card.state and "请" not in card.state
    colour = "#fbc78d" if taken else "#fa9d3b"
    board.box(left, y, left + 226, y + 92, colour, 4)
    _avatar(board, card.own, y)
    tip, out = (left + 226, 5) if card.own else (left, -5)
    board.polygon([(tip, y + 13), (tip + out, y + 19), (tip, y + 25)], colour)
    board.disc(left + 31, y + 33, 18, "#ffffff")
    board.disc(left + 31, y + 33, 16.4, colour)
    board.line([(left + 22, y + 29), (left + 39, y + 29), (left + 35, y + 25)], "#ffffff", 1.8)
    board.line([(left + 40, y + 37), (left + 23, y + 37), (left + 27, y + 41)], "#ffffff", 1.8)
    board.text(left + 58, y + 24, card.amount, 15.5, "#ffffff", bold=True)
    board.text(left + 58, y + 44, card.state, 12, "#ffffff")
    board.line([(left + 12, y + 66), (left + 214, y + 66)], "#fdd9b0", 0.5)
    board.text(left + 12, y + 79, "微信转账", 10.5, "#fff3e4")
    return y + 92 + 15


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment page. `style`: alipay, wechat, bank, crypto or uk. `head`: the line over the amount.

    `rows`: label and value, top to bottom; an empty label draws a gap.
    """

    style: str
    title: str
    head: str
    amount: str
    state: str
    rows: tuple[tuple[str, str], ...]
    clock: str


_ACCENT = {"alipay": "#1677ff", "wechat": "#07c160", "bank": "#c8102e", "crypto": "#0ecb81", "uk": "#0a6b5e"}


def receipt(font: Path, page: Receipt, *, scale: int = 3, height: int = HEIGHT) -> Image.Image:
    """A payment receipt or bill detail page. Raises ValueError when the rows do not fit."""
    dark = page.style == "crypto"
    paper, sheet, ink, faint = (
        ("#0b0e11", "#181c21", "#eaecef", "#848e9c") if dark else ("#f5f5f5", "#ffffff", "#1a1a1a", "#8a8a8a")
    )
    if page.style == "wechat":
        paper = "#ffffff"
    board = Board(font, paper, scale, height)
    board.status_bar(page.clock, ink)
    board.back_arrow(16, 54, ink)
    board.text(WIDTH / 2, 54, page.title, 16.5, ink, "mm", bold=True)
    board.box(12, 84, WIDTH - 12, _receipt_bottom(board, page), sheet, 10)
    accent = _ACCENT[page.style]
    if page.style == "wechat":
        board.box(160, 100, 200, 140, "#d9b48f", 5)
    else:
        board.disc(180, 120, 19, accent)
        board.line([(171, 120), (178, 127), (190, 113)], "#ffffff", 2.6)
    board.text(180, 160, page.head, 15, ink, "mm")
    board.text(180, 198, page.amount, 31, ink, "mm", bold=True)
    if page.state:
        board.text(180, 230, page.state, 12.5, accent if page.style != "wechat" else faint, "mm")
    board.line([(26, 252), (WIDTH - 26, 252)], "#2b3139" if dark else "#ececec", 0.7)
    y = _rows(board, page, ink, faint)
    if y > height - 30:
        raise ValueError(f"the receipt does not fit: {y:.0f} of {height - 30} points")
    board.home_bar(ink)
    return board.finish()


_VALUE_ROOM = 226


def _receipt_bottom(board: Board, page: Receipt) -> float:
    return _advance(board, page, lambda *_: None) + 8


def _rows(board: Board, page: Receipt, ink: Colour, faint: Colour) -> float:
    right = page.style in ("bank", "crypto", "uk")

    def draw(y: float, label: str, lines: list[str]) -> None:
        board.text(26, y, label, 13, faint)
        for row, line in enumerate(lines):
            x = WIDTH - 26 if right else 112
            board.text(x, y + row * 18, line, 13, ink, "rm" if right else "lm")

    return _advance(board, page, draw)


def _advance(board: Board, page: Receipt, draw) -> float:  # type: ignore[no-untyped-def]
    y = 274.0
    for label, value in page.rows:
        if not label:
            y += 12
            continue
        lines = board.wrap(value, 13, _VALUE_ROOM if page.style != "bank" else 210)
        draw(y, label, lines)
        y += len(lines) * 18 + 12
    return y
