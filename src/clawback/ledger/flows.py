"""Where the money went: one stream per payer account, payee and currency, and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from clawback.model.events import Account, Direction, TransferStatus
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount
from clawback.model.writing import figure

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
_WIDTH, _ROW, _BOX, _HIGH, _TOP, _EDGE = 960, 92, 290, 62, 84, 24
_OUT, _BACK, _INK, _SOFT, _PAPER, _LINE = "#a3481a", "#1f6f54", "#1c2430", "#5b6573", "#ffffff", "#c9ced6"
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
    """Streams between accounts for the entries in scope: own accounts one after the other, then by first
    appearance."""
    groups: dict[tuple[str, str, str, bool], list[LedgerEntry]] = {}
    for entry in moved(entries):
        transfer = entry.transfer
        back = transfer.direction is Direction.IN
        key = (_key(transfer.payer), _key(transfer.payee), transfer.amount.currency, back)
        groups.setdefault(key, []).append(entry)
    streams = [_flow(group, back) for (_, _, _, back), group in groups.items()]
    owns = list(dict.fromkeys(_own(stream)[0] for stream in streams))
    return tuple(sorted(streams, key=lambda stream: owns.index(_own(stream)[0])))


def moved(entries: Sequence[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """The entries whose money moved in this case: in scope, and not failed."""
    return tuple(
        entry
        for entry in entries
        if entry.scope is Scope.IN and entry.transfer.status is not TransferStatus.FAILED
    )


def single(entry: LedgerEntry) -> Flow:
    """A stream of one transfer."""
    return _flow((entry,), entry.transfer.direction is Direction.IN)


def far_key(account: Account) -> str:
    """What makes two far accounts the same in a picture; "" for one of which nothing is known."""
    return _key(account)


def draw(streams: Sequence[Flow], lang: str) -> str:
    """The picture as SVG text: the user's accounts left, the others right, one stream per `Flow`.

    Evidence text enters as escaped text nodes only; no script, no link, no outside resource.
    """
    words = _WORDS[lang]
    places = _places(streams)
    rows = max([place for _, place in places.values()], default=0)
    height = int(_TOP + rows + _HIGH + _EDGE)
    body = [_link(stream, places, words, streams) for stream in streams]
    body += [_node(account, key[0] == "own", y, words) for key, (account, y) in places.items()]
    if not streams:
        body = [_text(_WIDTH // 2, _TOP + 36, words["none"], 16, "middle")]
    heads = _text(_EDGE, 66, words["from"], 14, colour=_SOFT)
    heads += _text(_WIDTH - _BOX - _EDGE, 66, words["to"], 14, colour=_SOFT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(words["title"])}" '
        f'font-family="{_FONT}"><title>{escape(words["title"])}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>'
        f"{_text(_EDGE, 36, words['title'], 20, weight=600)}{heads}{''.join(body)}</svg>"
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


_Key = tuple[str, str]


def _places(streams: Sequence[Flow]) -> dict[_Key, tuple[Account, float]]:
    """Each account once with its height: far accounts one below the other, each own account beside the middle
    of what it paid, and below the own account before it."""
    far: dict[_Key, tuple[Account, float]] = {}
    for stream in streams:
        key, account = _far(stream)
        known = far.get(key)
        far[key] = (_fuller(known[0], account), known[1]) if known else (account, float(len(far) * _ROW))
    own: dict[_Key, tuple[Account, float]] = {}
    lowest = -float(_ROW)
    for key in dict.fromkeys(_own(stream)[0] for stream in streams):
        mine = [stream for stream in streams if _own(stream)[0] == key]
        heights = [far[_far(stream)[0]][1] for stream in mine]
        lowest = max(lowest + _ROW, (min(heights) + max(heights)) / 2)
        own[key] = (_own(mine[0])[1], lowest)
    return own | far


def _own(stream: Flow) -> tuple[_Key, Account]:
    account = stream.payee if stream.back else stream.payer
    return ("own", _key(account)), account


def _far(stream: Flow) -> tuple[_Key, Account]:
    account = stream.payer if stream.back else stream.payee
    return ("far", _key(account)), account


def _fuller(first: Account, second: Account) -> Account:
    return max(first, second, key=lambda one: sum(map(bool, (one.name, one.institution, one.number))))


def _link(
    stream: Flow,
    places: dict[_Key, tuple[Account, float]],
    words: dict[str, str],
    streams: Sequence[Flow],
) -> str:
    """A curve between two accounts; money that came back runs below, in its own colour."""
    shift = 14 if stream.back else -6
    start = _TOP + places[_own(stream)[0]][1] + _HIGH / 2 + shift
    end = _TOP + places[_far(stream)[0]][1] + _HIGH / 2 + shift
    left, right = _EDGE + _BOX, _WIDTH - _EDGE - _BOX
    colour = _BACK if stream.back else _OUT
    thick = _thickness(stream, streams)
    tip = 10 + thick
    from_x, to_x = (left + tip, right) if stream.back else (left, right - tip)
    bend = left + 110
    curve = f"M{from_x} {start:.0f} C{bend} {start:.0f} {left + 40} {end:.0f} {bend + 60} {end:.0f} H{to_x}"
    point_x, point_y, back = (left, start, tip) if stream.back else (right, end, -tip)
    wide = 5 + thick // 2
    label = f"{figure(stream.total)} {stream.total.currency}"
    count = words["times"].format(stream.count) if stream.count > 1 else ""
    notes = " · ".join(filter(None, (words["back"] if stream.back else "", label, count)))
    below = end + thick // 2 + 17 if stream.back else end - thick // 2 - 7
    return (
        f'<path d="{curve}" fill="none" stroke="{colour}" stroke-width="{thick}"/>'
        f'<path d="M{point_x} {point_y:.0f} l{back} {-wide} v{2 * wide} z" fill="{colour}"/>'
        + _text(right - 24, int(below), notes, 14, "end", 600, colour)
    )


def _thickness(stream: Flow, streams: Sequence[Flow]) -> int:
    """2 to 10 pixels, in proportion to the largest stream of the same currency."""
    largest = max(one.total.value for one in streams if one.total.currency == stream.total.currency)
    return 2 + int(8 * stream.total.value / largest) if largest else 2


def _node(account: Account, own: bool, y: float, words: dict[str, str]) -> str:
    x = _EDGE if own else _WIDTH - _BOX - _EDGE
    top = int(_TOP + y)
    name = _cut(account.name or account.institution or words["unknown"], 18)
    detail = " ".join(filter(None, (account.institution if account.name else None, account.number)))
    return (
        f'<rect x="{x}" y="{top}" width="{_BOX}" height="{_HIGH}" rx="6" fill="{_PAPER}" stroke="{_LINE}"/>'
        + _text(x + 14, top + 26, name, 15, weight=600)
        + _text(x + 14, top + 48, _cut(detail or words["unknown"], 20), 12, colour=_SOFT)
    )


def _text(
    x: int, y: int, words: str, size: int, anchor: str = "start", weight: int = 400, colour: str = _INK
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{colour}">{escape(words)}</text>'
    )


def _cut(text: str, most: int) -> str:
    """At most `most` wide characters; narrow ones count half. The full value stands in the tables."""
    width = 0
    for place, char in enumerate(text):
        width += 2 if ord(char) > 0x2E7F else 1
        if width > most * 2:
            return text[: place - 1] + "…"
    return text
