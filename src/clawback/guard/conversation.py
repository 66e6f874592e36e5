"""How a conversation went: where it turned, the first request for money, what came when, and what comes next.

One message says little, so whenever the other side says something that is a sign, it is judged together with
their last messages that held signs. Only what the other side wrote counts; the user's own words are context.
Small talk between signs changes nothing, however much of it there is. Each message is judged once and stands
in at most `WINDOW` windows of bounded length, so that the cost grows with the conversation and not faster.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clawback.guard.normalise import normalise
from clawback.guard.signals import Signal
from clawback.guard.typologies import Stage
from clawback.guard.verdict import LONGEST, Result, Verdict, judge
from clawback.model.events import Message

WINDOW = 6
"""Messages with signs that are judged together."""

WINDOW_CHARACTERS = 4_000
"""Of a window; older messages are left out of one that would be longer."""

_ORDER = (Result.CANNOT, Result.NONE, Result.SOME, Result.LIKELY)
_STAGES = tuple(Stage)
_SEPARATOR = (
    "。\n"  # ends a sentence in every language, so that no phrase runs from one message into the next
)
_MOST_QUOTES = 4
_STRONG = 3.0  # log-odds, as signals are weighed
_BEFORE = 16  # characters before a request in which it is taken back

_ASKS_MONEY = frozenset(
    {
        "asks_to_lend",
        "company_transfer",
        "fee_first",
        "gift_card_payment",
        "love_needs_money",
        "pay_for_release",
        "pay_to_delete",
        "recovery_fee",
        "safe_account",
        "withdrawal_costs",
    }
)
_DRAINS = frozenset({"fee_first", "gift_card_payment"})  # of no script alone: there the money goes in each
_MOVES = frozenset({"moves_chat", "recovery_by_chat", "loan_by_chat", "service_moves_chat"})
# On plain text: simple characters, half width, lower case. A request names a sum or says where to pay.
_SUM_ZH = r"[0-9][0-9,.]*(?:元|块|万|千|w|k|usdt|u(?![a-z])|美元|美金)"
_PAYMENT = re.compile(
    rf"(?:充值?|转账?|打款?|汇款?|付款?|交|缴纳?|支付|存入?|投入?|垫付?|加)(?![了过完好])[^。!?;\n0-9]{{0,6}}{_SUM_ZH}"
    r"|(?:转|打|付|汇)(?:账|款|钱)?(?:给|到|至)(?:我|这个|这张|以下|下面|指定)|转我"
    r"|收款(?:账户|账号|码|人)\s?[::]|户名\s?[::]|账号\s?[::]|(?:trc20|erc20)(?:地址)?\s?[::]"
    r"|(?<![a-z])(?:send|pay|transfer|wire|deposit|top up|invest|put in)(?![a-z])[^.!?\n]{0,40}?"
    r"(?:[$£€]\s?[0-9]|[0-9][0-9,.]*\s?(?:usdt|usd|dollars|pounds|gbp|eur|btc|eth|quid)(?![a-z]))"
    r"|sort code|(?<![a-z])account (?:number|no)[ .:]"
    r"|(?<![a-z])(?:send|transfer|pay) (?:it|the money|me) (?:to|via|by)(?![a-z])"
)
# What they give, have had, or say need not be paid is no request.
_NO_REQUEST = re.compile(
    r"(?:已经?|不用|不要|不必|无需|不需要|别|返利|返您|返你|退您|退你|收到|到账|给您|给你)[^。!?;\n]{0,6}$"
    r"|(?:i|we)(?:'ll| will| can| have| would)(?: \w+)? $|(?:don't|not|never|need)(?: \w+)? $"
)
_PAID_THERE = re.compile(r"\s*(?:转|付|支付|收款)")  # 微信转我: a way to pay, not another place to talk


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal in one message, and the words of it as they stand there."""

    signal: Signal
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message and the words of it that matter here."""

    message: Message
    quote: str


@dataclass(frozen=True, slots=True)
class Point:
    """One message of the other side. `result`, `probability`: of all that was said up to here. `pressure`:
    log-odds of the signs that it holds itself, 0 when it holds none. `stage`: of the script that it says;
    `reached`: the furthest so far; None: none yet."""

    message: Message
    result: Result
    probability: float
    pressure: float
    signs: tuple[Sign, ...]
    stage: Stage | None
    reached: Stage | None


@dataclass(frozen=True, slots=True)
class Course:
    """How a conversation went. `points`: every message of the other side, in order. `result`: the gravest
    reached. `turned`: the message from which it stood at that, or at signs that led there, or None. `stayed`:
    nothing after it took that back. `type`: the kind of scam that all signs speak for most, or None.
    `script`: the kind and the stage by which to say what they do next; the kind may be another, because one
    scam leads into the next. None: nothing turned, or nothing tells the scripts apart. `asked_money`: the
    first request for a payment, which is no sign by itself. `moved`: the first call to another channel.
    """

    points: tuple[Point, ...]
    result: Result
    turned: Point | None
    stayed: bool
    type: str | None
    script: tuple[str, Stage] | None
    asked_money: Quoted | None
    moved: Quoted | None


@dataclass(frozen=True, slots=True)
class _Said:
    message: Message
    alone: Verdict
    result: Result
    probability: float


def follow(messages: Iterable[Message]) -> Course:
    """How the conversation of `messages` went, which are in order of time. `own` True is the user's own; what
    has no known side counts as the other side's. The same messages give the same answer."""
    said = tuple(_said(messages))
    weights = _weights(said)
    points = tuple(_points(said, weights))
    result = max((point.result for point in points), key=_ORDER.index, default=Result.CANNOT)
    turned, stayed = _turn(points, result)
    return Course(
        points=points,
        result=result,
        turned=turned,
        stayed=stayed,
        type=_heaviest(weights) if turned is not None else None,
        script=_script(said, weights, points[-1].reached) if turned is not None else None,
        asked_money=next(filter(None, map(_asks_money, said)), None),
        moved=next(filter(None, map(_moves, said)), None),
    )


def _said(messages: Iterable[Message]) -> Iterator[_Said]:
    window: deque[str] = deque(maxlen=WINDOW)
    result, probability = Result.NONE, 0.0
    for message in messages:
        if message.own:
            continue
        alone = judge(message.text)
        if alone.evidence or alone.result is not Result.NONE:
            window.append(message.text[:LONGEST])
            gravest = max(alone, judge(_together(window)), key=lambda one: one.probability)
            result, probability = gravest.result, gravest.probability
        yield _Said(message, alone, result, probability)


def _together(window: Sequence[str]) -> str:
    """The latest of the window, as many as may be; always the last one."""
    kept = [window[-1]]
    length = len(window[-1])
    for text in reversed([*window][:-1]):
        length += len(text) + len(_SEPARATOR)
        if length > WINDOW_CHARACTERS:
            break
        kept.append(text)
    return _SEPARATOR.join(reversed(kept))


def _points(said: Sequence[_Said], weights: Mapping[str, float]) -> Iterator[Point]:
    in_play = _in_play(weights)
    reached: Stage | None = None
    for one in said:
        found = one.alone.evidence
        stages = [stage for kind, stage in _pointed(one) if kind in in_play]
        if in_play and any(sign.signal.id in _DRAINS for sign in found):
            stages.append(Stage.DRAIN)
        stage = _further(*stages)
        reached = _further(reached, stage)
        yield Point(
            message=one.message,
            result=one.result,
            probability=one.probability,
            pressure=round(sum(sign.signal.weight for sign in found), 3),
            signs=tuple(Sign(sign.signal, _quotes(one.alone.text, sign.places)) for sign in found),
            stage=stage,
            reached=reached,
        )


def _pointed(one: _Said) -> Iterator[tuple[str, Stage]]:
    """The kinds that the signs of a message point to, with the stage of each."""
    for found in one.alone.evidence:
        for pointer in found.signal.record.points_to:
            yield pointer.type, Stage(pointer.stage)


def _further(*stages: Stage | None) -> Stage | None:
    return max((stage for stage in stages if stage is not None), key=_STAGES.index, default=None)


def _quotes(text: str, places: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[start:end] for start, end in places))[:_MOST_QUOTES]


def _weights(said: Sequence[_Said]) -> dict[str, float]:
    """How much the signals of the whole conversation speak for each kind, each signal counted once."""
    weights: dict[str, float] = {}
    for signal in {found.signal.id: found.signal for one in said for found in one.alone.evidence}.values():
        for kind in {pointer.type for pointer in signal.record.points_to}:
            weights[kind] = weights.get(kind, 0) + signal.weight
    return weights


def _heaviest(weights: Mapping[str, float]) -> str | None:
    """The kind with most weight; None where several are level, for then nothing tells them apart."""
    most = max(weights.values(), default=0)
    level = [kind for kind, weight in weights.items() if weight == most]
    return level[0] if len(level) == 1 else None


def _in_play(weights: Mapping[str, float]) -> frozenset[str]:
    """The heaviest kinds, and all others for which something strong speaks: one scam leads into another."""
    enough = min(_STRONG, max(weights.values(), default=0))
    return frozenset(kind for kind, weight in weights.items() if weight >= enough)


def _script(
    said: Sequence[_Said], weights: Mapping[str, float], reached: Stage | None
) -> tuple[str, Stage] | None:
    """The kind that speaks most for the stage that was reached; where none does, the heaviest."""
    if reached is None:
        return None
    there = {kind for one in said for kind, stage in _pointed(one) if stage is reached} & _in_play(weights)
    kind = _heaviest({kind: weights[kind] for kind in there} or weights)
    return (kind, reached) if kind is not None else None


def _turn(points: Sequence[Point], result: Result) -> tuple[Point | None, bool]:
    """The beginning of the first stretch without a better result in which the gravest was reached, and
    whether that stretch goes on to the end."""
    if result in (Result.NONE, Result.CANNOT):
        return None, False
    first = next(at for at, point in enumerate(points) if point.result is result)
    start = first
    while start and points[start - 1].result is not Result.NONE:
        start -= 1
    return points[start], all(point.result is not Result.NONE for point in points[start:])


def _asks_money(one: _Said) -> Quoted | None:
    text = one.alone.text
    plain = normalise(text)
    places = [
        place for found in one.alone.evidence if found.signal.id in _ASKS_MONEY for place in found.places
    ]
    places += [plain.span(match.start(), match.end()) for match in _PAYMENT.finditer(plain.text)]
    for start, end in places:
        before = normalise(text[max(0, start - _BEFORE) : start]).text
        if not _NO_REQUEST.search(before):
            return Quoted(one.message, text[start:end])
    return None


def _moves(one: _Said) -> Quoted | None:
    for found in one.alone.evidence:
        if found.signal.id in _MOVES:
            for start, end in found.places:
                if not _PAID_THERE.match(one.alone.text[end : end + 4]):
                    return Quoted(one.message, one.alone.text[start:end])
    return None
