"""Draws an interval on a line from none to all payers, on the server, with classes and no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 360
_LEFT, _RIGHT, _TOP, _ROW, _BAR = 16, 344, 4, 44, 14
_TICKS = (0, 0.25, 0.5, 0.75, 1)


@dataclass(frozen=True, slots=True)
class Band:
    """One interval from 0 to 1, and what it is. `middle`: the estimate. `dashed`: with contested ones."""

    low: float
    high: float
    middle: float
    name: str
    dashed: bool = False


def draw(bands: Sequence[Band], title: str, ends: tuple[str, str]) -> Markup:
    """The bands one below the other over one scale. `ends`: words under its two ends."""
    bottom = _TOP + _ROW * len(bands)
    parts = [_tick(share, _TOP + _ROW * place) for place in range(len(bands)) for share in _TICKS]
    parts += [_band(band, _TOP + _ROW * place) for place, band in enumerate(bands)]
    parts.append(
        Markup('<text class="interval-end" x="{}" y="{}">{}</text>').format(_LEFT, bottom + 12, ends[0])
    )
    parts.append(
        Markup('<text class="interval-end" x="{}" y="{}" text-anchor="end">{}</text>').format(
            _RIGHT, bottom + 12, ends[1]
        )
    )
    return Markup(
        '<svg class="interval" viewBox="0 0 {} {}" role="img" aria-labelledby="interval-title">'
        '<title id="interval-title">{}</title>{}</svg>'
    ).format(WIDTH, bottom + 22, title, Markup("").join(parts))


def _x(share: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * share, 1)


def _tick(share: float, top: int) -> Markup:
    """A short line behind the bar of the row at `top`."""
    return Markup('<line class="interval-tick" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(
        _x(share), top + 15, top + 21 + _BAR
    )


def _band(band: Band, top: int) -> Markup:
    left, right = _x(band.low), _x(band.high)
    middle = top + 18 + _BAR / 2
    return Markup(
        '<text class="interval-name" x="{}" y="{}">{}</text>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<circle class="interval-middle" cx="{}" cy="{}" r="4.5"/>'
    ).format(
        _LEFT, top + 10, band.name,
        "interval-band interval-dashed" if band.dashed else "interval-band",
        left, top + 18, max(round(right - left, 1), 2), _BAR,
        _x(band.middle), middle,
    )  # fmt: skip
