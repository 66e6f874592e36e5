"""Genuine bodies and how to reach them, from the rule packs: the only numbers that we ever show."""

from __future__ import annotations

from dataclasses import dataclass

from clawback.model.plan import Channel
from clawback.rules.load import load_pack

_ADVICE = {"cn": "advice_96110", "gb": "report_fraud"}


@dataclass(frozen=True, slots=True)
class Line:
    """A number to call. `role`: "talk" (somebody to talk to), "emergency" or "advice"."""

    role: str
    channel: Channel


def help_lines(jurisdiction: str) -> tuple[Line, ...]:
    """Somebody to talk to, the emergency number, and advice: in this order on every page."""
    pack = load_pack(jurisdiction)
    lines = [Line("talk", pack.crisis), Line("emergency", pack.emergency)]
    advice = _ADVICE.get(jurisdiction)
    if advice is not None and advice in pack.channels:
        lines.append(Line("advice", pack.channel(advice)))
    return tuple(line for line in lines if line.channel.phone)
