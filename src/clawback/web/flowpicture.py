"""Draws where the money went: a band per row of the table, on the server, with classes and no style.

Two layers are all that a victim's own evidence shows (own accounts, and who got the money), so the layout is
a few sums. A layout library would have to run in the browser, and the picture must be there without scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup

from clawback.desk.moneytrail import Band, Trail
from clawback.model.events import Account

WIDTH = 760
_LABEL, _NODE, _GAP, _LINES = 176, 14, 14, 40
_LEFT, _RIGHT = _LABEL + 8, WIDTH - _LABEL - 8 - _NODE
_LEAST, _THIN = 240, 3.0
_FOR_MONEY = 200
"""Height beyond what labels need: without it every band of a picture with many accounts is equally thin."""

_WIDE_CHARS = 11


@dataclass
class _Node:
    """An account as a bar. `value`: money that touched it; `top`/`high`: where it is drawn."""

    account: Account
    rest: int = 0
    many: bool = False
    value: Decimal = Decimal(0)
    bands: list[Band] = field(default_factory=list)
    top: float = 0.0
    high: float = 0.0
    filled: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """What the picture says, in the visitor's language. `who`: an account in a line. `line`: what a band
    says when it is read out. `link`: address of a band's rows in the ledger, or ""."""

    title: str
    who: Callable[[Account, int, bool], str]
    sum: Callable[[Sequence[Band]], str]
    line: Callable[[Band], str]
    link: Callable[[Band], str]


@dataclass(frozen=True, slots=True)
class Picture:
    """`thin`: some bands are wider than their sum would make them, so that they can be seen."""

    svg: Markup
    thin: bool


def draw(trail: Trail, words: Words) -> Picture:
    """The picture of one currency: own accounts left, the others right, money that came back below."""
    left, right = _nodes(trail.bands)
    scale = _scale((left, right))
    height = max(_place(side, scale) for side in (left, right))
    for side in (left, right):
        _centre(side, height)
    thin = any(_wide(band, scale) > float(band.flow.total.value) * scale for band in trail.bands)
    hatch = f"hatch-{trail.currency}"
    title = f"flow-{trail.currency}"
    parts = [_band(band, left, right, scale, hatch, words) for band in trail.bands]
    parts += [_node(node, _LEFT, "end", _LEFT - 8, words) for node in left.values()]
    parts += [_node(node, _RIGHT, "start", _RIGHT + _NODE + 8, words) for node in right.values()]
    svg = Markup(
        '<svg class="flow" viewBox="0 0 {} {}" role="group" aria-labelledby="{}">'
        '<title id="{}">{}</title><defs><pattern id="{}" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="8" height="8"/>'
        '<rect class="hatch-line" width="3" height="8"/></pattern></defs>{}</svg>'
    ).format(WIDTH, round(height), title, title, words.title, hatch, Markup("").join(parts))
    return Picture(svg, thin)


def own_key(band: Band) -> str:
    """Which bar on the left a band touches."""
    return "~" if band.rest and band.own == Account() else _key(band.own)


def far_node(band: Band) -> str:
    """Which bar on the right a band touches."""
    return "~" if band.rest else _key(band.far)


def _key(account: Account) -> str:
    return account.number or account.name or account.institution or ""


def _nodes(bands: Sequence[Band]) -> tuple[dict[str, _Node], dict[str, _Node]]:
    left: dict[str, _Node] = {}
    right: dict[str, _Node] = {}
    for band in bands:
        mine = left.setdefault(own_key(band), _Node(band.own, many=own_key(band) == "~"))
        theirs = right.setdefault(far_node(band), _Node(band.far, rest=band.rest))
        for node in (mine, theirs):
            node.value += band.flow.total.value
            node.bands.append(band)
    return dict(sorted(left.items(), key=lambda item: (item[1].many, -item[1].value))), right


def _scale(sides: Sequence[dict[str, _Node]]) -> float:
    """Pixels per unit of money, the most that lets both sides fit with their labels."""
    fullest = max(len(side) for side in sides)
    room = max(_LEAST, fullest * (_LINES + _GAP) - _GAP + _FOR_MONEY)
    low, high = 0.0, room / float(max(sum(node.value for node in side.values()) for side in sides) or 1)
    for _ in range(40):
        middle = (low + high) / 2
        if max(_place(side, middle) for side in sides) <= room:
            low = middle
        else:
            high = middle
    return low


def _place(side: dict[str, _Node], scale: float) -> float:
    """Put the bars one below the other, each with room for its label; how high they are together."""
    y = 0.0
    for node in side.values():
        node.high = sum(_wide(band, scale) for band in node.bands)
        slot = max(node.high, _LINES)
        node.top = y + (slot - node.high) / 2
        y += slot + _GAP
    return y - _GAP


def _centre(side: dict[str, _Node], height: float) -> None:
    lowest = max(max(node.top + node.high, node.top + node.high / 2 + _LINES / 2) for node in side.values())
    shift = (height - lowest) / 2
    for node in side.values():
        node.top += shift


def _wide(band: Band, scale: float) -> float:
    return max(float(band.flow.total.value) * scale, _THIN)


def _band(
    band: Band,
    left: dict[str, _Node],
    right: dict[str, _Node],
    scale: float,
    hatch: str,
    words: Words,
) -> Markup:
    mine, theirs = left[own_key(band)], right[far_node(band)]
    wide = _wide(band, scale)
    y0, y1 = mine.top + mine.filled, theirs.top + theirs.filled
    mine.filled += wide
    theirs.filled += wide
    x0, x1 = _LEFT + _NODE, _RIGHT
    bend = (x0 + x1) / 2
    path = (
        f"M{x0} {y0:.1f}C{bend} {y0:.1f} {bend} {y1:.1f} {x1} {y1:.1f}"
        f"V{y1 + wide:.1f}C{bend} {y1 + wide:.1f} {bend} {y0 + wide:.1f} {x0} {y0 + wide:.1f}Z"
    )
    shape = Markup('<path class="band band-{}" d="{}"{}><title>{}</title></path>').format(
        band.state.value,
        path,
        Markup(' fill="url(#{})"').format(hatch) if band.state.value == "frozen" else "",
        words.line(band),
    )
    link = words.link(band)
    if not link:
        return shape
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(link, words.line(band), shape)


def _node(node: _Node, x: float, anchor: str, text_x: float, words: Words) -> Markup:
    middle = node.top + node.high / 2
    return Markup(
        '<rect class="flow-node" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="flow-who" x="{}" y="{}" text-anchor="{}">{}</text>'
        '<text class="flow-sum" x="{}" y="{}" text-anchor="{}">{}</text>'
    ).format(
        x,
        f"{node.top:.1f}",
        _NODE,
        f"{max(node.high, 1):.1f}",
        text_x,
        f"{middle - 4:.1f}",
        anchor,
        _cut(words.who(node.account, node.rest, node.many)),
        text_x,
        f"{middle + 15:.1f}",
        anchor,
        words.sum(node.bands),
    )


def _cut(text: str) -> str:
    """At most as much as fits beside a bar; narrow characters count half. The table has it whole."""
    width = 0
    for place, char in enumerate(text):
        width += 2 if ord(char) > 0x2E7F else 1
        if width > _WIDE_CHARS * 2:
            return text[: place - 1] + "…"
    return text
