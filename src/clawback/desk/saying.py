"""What to say to bank, police and platform: sourced facts only; steps and warnings come from the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clawback.desk.planning import opening_of
from clawback.model.casefile import CaseFile
from clawback.model.plan import Action, ActionKind, Channel
from clawback.plan.card import Spoken
from clawback.rules.load import load_pack
from clawback.rules.pack import NeverSay

_KINDS: Mapping[str, tuple[ActionKind, ...]] = {
    "police": (ActionKind.REPORT, ActionKind.STOP),
    "bank": (ActionKind.BANK, ActionKind.STOP),
    "platform": (ActionKind.PLATFORM,),
}
_BODIES: Mapping[str, tuple[str, ...]] = {
    "police": ("police_110", "police_station", "report_fraud", "police_scotland", "police"),
    "bank": ("own_bank", "bank_159", "alipay", "wechat_pay"),
    "platform": ("platform",),
}
_NEVER: Mapping[str, tuple[str, ...]] = {
    "police": ("certain_outcome", "wrong_hotline"),
    "bank": ("tell_bank_to_freeze", "move_to_safe_account"),
    "platform": ("threaten", "destroy_evidence"),
}
_MOST_STEPS, _MOST_PAYMENTS = 4, 10


@dataclass(frozen=True, slots=True)
class Script:
    """What to say to one kind of body. `to`: "police", "bank" or "platform". `channel`: the first to turn to.
    `sentences`: (zh, en) to read out, one per payment, best chance first; `more`: payments left out.
    `ask`: steps whose reasons say what to ask for. `never`: what not to say, and what instead."""

    to: str
    channel: Channel | None
    sentences: tuple[tuple[str, str], ...]
    more: int
    ask: tuple[Action, ...]
    never: tuple[NeverSay, ...]


def scripts(file: CaseFile) -> tuple[Script, ...]:
    """The scripts that the plan of this case has a use for, police first."""
    wanted = {line.entry for line in file.card.lines}
    entries = {entry.id: entry for entry in file.entries if entry.id in wanted}
    spoken = [Spoken.of(entries[line.entry].transfer) for line in file.card.lines]
    return tuple(script for to in _KINDS if (script := _script(to, file, spoken)) is not None)


def _script(to: str, file: CaseFile, spoken: Sequence[Spoken]) -> Script | None:
    actions = [
        one
        for one in file.plan.actions
        if one.kind in _KINDS[to] and one.channel is not None and one.channel.id in _BODIES[to]
    ]
    if not actions:
        return None
    pack = load_pack(file.case.jurisdiction)
    kind = {"police": ActionKind.STOP, "bank": ActionKind.BANK, "platform": ActionKind.PLATFORM}[to]
    zh, en = opening_of(kind)
    sentences = [(one.say(zh, "zh"), one.say(en, "en")) for one in spoken[:_MOST_PAYMENTS]]
    return Script(
        to=to,
        channel=actions[0].channel,
        sentences=tuple(sentences) or ((zh, en),),
        more=max(0, len(spoken) - _MOST_PAYMENTS),
        ask=tuple(actions[:_MOST_STEPS]),
        never=tuple(pack.never_say[id] for id in _NEVER[to] if id in pack.never_say),
    )
