"""Where the money went: one stream per payer account, payee and currency, and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from clawback.model.events import Account, Direction, TransferStatus
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount

_WORDS = {
    "zh": {
        "title": "资金流向图",
        "from": "付款账户",
        "to": "收款方",
        "unknown": "待补充",
        "back": "退回",
        "none": "尚无已确认属于本案的转账",
        "times": "{} 笔",
    },
    "en": {
        "title": "Where the money went",
        "from": "Paid from",
        "to": "Paid to",
        "unknown": "to be completed",
        "back": "came back",
        "none": "No transfer has been placed in this case yet",
        "times": "{} transfers",
    },
}
_WIDTH, _ROW, _BOX, _TOP = 900, 84, 300, 76
_OUT, _BACK, _INK, _PAPER, _LINE = "#8a3b12", "#1f6f54", "#1c2430", "#ffffff", "#c9ced6"
_FONT = "'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"


@dataclass(frozen=True, slots=True)
class Flow:
    """All transfers in scope from one account to another: their number and sum. `back`: it came back."""

    payer: Account
    payee: Account
    total: Amount
    count: int
    back: bool
    entries: tuple[str, ...]


def flows(entries: Sequence[LedgerEntry]) -> tuple[Flow, ...]:
    """Streams between accounts for the entries in scope, in order of first appearance."""
    groups: dict[tuple[str, str, str, bool], list[LedgerEntry]] = {}
    for entry in entries:
        if entry.scope is Scope.IN and entry.transfer.status is not TransferStatus.FAILED:
            transfer = entry.transfer
            back = transfer.direction is Direction.IN
            key = (_key(transfer.payer), _key(transfer.payee), transfer.amount.currency, back)
            groups.setdefault(key, []).append(entry)
    return tuple(_flow(group, back) for (_, _, _, back), group in groups.items())


def draw(streams: Sequence[Flow], lang: str) -> str:
    """The picture as SVG text: payer accounts left, payees right, one arrow per stream.

    Evidence text enters as escaped text nodes only; no script, no link, no outside resource.
    """
    words = _WORDS[lang]
    height = _TOP + max(len(streams), 1) * _ROW + 24
    body = [_stream(stream, place, words, streams) for place, stream in enumerate(streams)]
    if not streams:
        body = [_text(_WIDTH // 2, _TOP + 36, words["none"], 16, "middle")]
    heads = _text(24, 60, words["from"], 14) + _text(_WIDTH - _BOX - 24, 60, words["to"], 14)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(words["title"])}" '
        f'font-family="{_FONT}"><title>{escape(words["title"])}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>'
        f"{_text(24, 32, words['title'], 20, weight=600)}{heads}{''.join(body)}</svg>"
    )


def _flow(group: Sequence[LedgerEntry], back: bool) -> Flow:
    first = group[0].transfer
    total = sum((entry.transfer.amount.value for entry in group), Decimal(0))
    return Flow(
        first.payer,
        first.payee,
        Amount(total, first.amount.currency),
        len(group),
        back,
        tuple(entry.id for entry in group),
    )


def _key(account: Account) -> str:
    return account.number or account.name or account.institution or ""


def _stream(stream: Flow, place: int, words: dict[str, str], streams: Sequence[Flow]) -> str:
    y = _TOP + place * _ROW
    left, right = (stream.payee, stream.payer) if stream.back else (stream.payer, stream.payee)
    colour = _BACK if stream.back else _OUT
    start, end = 24 + _BOX, _WIDTH - 24 - _BOX
    tip = start if stream.back else end
    turn = 12 if stream.back else -12
    label = f"{stream.total.text} {stream.total.currency}"
    count = words["times"].format(stream.count) if stream.count > 1 else ""
    below = " · ".join(filter(None, (words["back"] if stream.back else "", count)))
    middle = y + 30
    return (
        _box(24, y, left, words)
        + _box(end, y, right, words)
        + f'<line x1="{start}" y1="{middle}" x2="{end}" y2="{middle}" stroke="{colour}" '
        f'stroke-width="{_thickness(stream, streams)}"/>'
        f'<path d="M{tip} {middle} l{turn} -8 v16 z" fill="{colour}"/>'
        + _text(_WIDTH // 2, middle - 10, label, 15, "middle", 600)
        + (_text(_WIDTH // 2, middle + 24, below, 13, "middle") if below else "")
    )


def _thickness(stream: Flow, streams: Sequence[Flow]) -> int:
    """2 to 10 pixels, in proportion to the largest stream of the same currency."""
    largest = max(one.total.value for one in streams if one.total.currency == stream.total.currency)
    return 2 + int(8 * stream.total.value / largest) if largest else 2


def _box(x: int, y: int, account: Account, words: dict[str, str]) -> str:
    name = _cut(account.name or account.institution or words["unknown"], 19)
    detail = " ".join(filter(None, (account.institution if account.name else None, account.number)))
    return (
        f'<rect x="{x}" y="{y}" width="{_BOX}" height="60" rx="6" fill="none" stroke="{_LINE}"/>'
        + _text(x + 14, y + 25, name, 15, weight=600)
        + _text(x + 14, y + 47, _cut(detail or words["unknown"], 40), 12)
    )


def _text(x: int, y: int, words: str, size: int, anchor: str = "start", weight: int = 400) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{_INK}">{escape(words)}</text>'
    )


def _cut(text: str, most: int) -> str:
    """Wide characters count double; the full value stands in the table beside the picture."""
    width = 0
    for place, char in enumerate(text):
        width += 2 if ord(char) > 0x2E7F else 1
        if width > most * 2 - 1:
            return text[:place] + "…"
    return text
