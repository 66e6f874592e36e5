"""Draws how heavy the signs were over a conversation, on the server, with classes and no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 360, 132
MOST_BARS = 60
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 352, 22, 104
_WIDEST = 18.0
_LEAST_SCALE = 6.0  # log-odds at full height, or one weak sign would fill the picture


@dataclass(frozen=True, slots=True)
class Bar:
    """One message of the other side, or several that follow each other. `turned`: it turned here; `after`: it
    had turned before; `asked`: here they first asked for money."""

    pressure: float
    turned: bool
    after: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Legend:
    """Words of the picture: its title, what stands at the turn and at the first request, the two ends."""

    title: str
    turned: str
    asked: str
    ends: tuple[str, str]


def gathered(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """At most `MOST_BARS`: neighbours become one that is as high as the highest of them."""
    each = -(-len(bars) // MOST_BARS) or 1
    groups = [bars[at : at + each] for at in range(0, len(bars), each)]
    return tuple(
        Bar(
            max(bar.pressure for bar in group),
            any(bar.turned for bar in group),
            all(bar.after for bar in group),
            any(bar.asked for bar in group),
        )
        for group in groups
    )


def draw(bars: Sequence[Bar], legend: Legend) -> Markup:
    """The bars in order of time, with the turn and the first request marked."""
    shown = gathered(bars)
    scale = max([_LEAST_SCALE, *(bar.pressure for bar in shown)])
    step = (_RIGHT - _LEFT) / max(len(shown), 1)
    parts = [
        Markup('<line class="pr-base" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            _LEFT, _RIGHT, _BOTTOM, _BOTTOM
        )
    ]
    for place, bar in enumerate(shown):
        parts += _bar(bar, _LEFT + step * place, step, bar.pressure / scale)
    for mark, word in (("turned", legend.turned), ("asked", legend.asked)):
        at = next((place for place, bar in enumerate(shown) if getattr(bar, mark)), None)
        if at is not None:
            parts.append(_mark(mark, word, _LEFT + step * (at + 0.5)))
    parts += [_end(_LEFT, "start", legend.ends[0]), _end(_RIGHT, "end", legend.ends[1])]
    return Markup(
        '<svg class="pressure" viewBox="0 0 {} {}" role="img" aria-labelledby="pressure-title">'
        '<title id="pressure-title">{}</title>{}</svg>'
    ).format(WIDTH, HEIGHT, legend.title, Markup("").join(parts))


def _bar(bar: Bar, left: float, step: float, share: float) -> list[Markup]:
    if not bar.pressure:
        return [
            Markup('<circle class="pr-quiet" cx="{}" cy="{}" r="1.5"/>').format(
                round(left + step / 2, 1), _BOTTOM
            )
        ]
    height, width = max(3.0, (_BOTTOM - _TOP) * share), min(step * 0.7, _WIDEST)
    return [
        Markup('<rect class="pr-bar{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            " pr-after" if bar.after or bar.turned else "",
            round(left + (step - width) / 2, 1),
            round(_BOTTOM - height, 1),
            round(width, 1),
            round(height, 1),
        )
    ]


def _mark(kind: str, word: str, x: float) -> Markup:
    """A line with its word; the turn's word stands above, that of the request below the base line."""
    anchor = "start" if x < WIDTH / 2 else "end"
    beside = round(x + (4 if anchor == "start" else -4), 1)
    top, text = (4, 12) if kind == "turned" else (_BOTTOM - 4, _BOTTOM + 12)
    bottom = _BOTTOM if kind == "turned" else _BOTTOM + 12
    return Markup(
        '<line class="pr-mark pr-{0}" x1="{1}" x2="{1}" y1="{2}" y2="{3}"/>'
        '<text class="pr-word" x="{4}" y="{5}" text-anchor="{6}">{7}</text>'
    ).format(kind, round(x, 1), top, bottom, beside, text, anchor, word)


def _end(x: float, anchor: str, word: str) -> Markup:
    return Markup('<text class="pr-end" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        x, HEIGHT - 3, anchor, word
    )
