"""What a text shows, taken together: signals, what a small model learned, and the script that they belong to.

The sum is in log-odds: what is usual (most messages are honest), what each signal adds or takes away, and
what the learned part adds within bounds, so that a model that never saw such a text cannot outvote its words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clawback.guard.learned import SAFE, Model, Opinion, model
from clawback.guard.normalise import Plain, mixed_scripts, normalise, turned_around
from clawback.guard.signals import Hit, Library, Signal, library

LONGEST = 20_000
"""Characters of a text that are looked at."""

_USUAL = -3.8
_SOME, _LIKELY = 0.0, 2.2  # log-odds: when a person is told
# From the sum to a probability: fitted on 8,000 texts of public sets of which two in five are scams
# (tools/text_accuracy.py measures it on others). Where scams are rarer, so they are at every sum.
_SLOPE, _OFFSET = 0.74, 0.73
_MOST_QUOTES = 12  # of one signal
_WORTH_SAYING = 1.0  # log-odds
_ADVERT = "shop_offer"
# Which typology a label of the learned part is; those that are left out name none.
_TYPES = {
    "adult": "adult_service",
    "gambling": "illegal_gambling",
    "identity_theft": "identity_theft",
    "illegal_trade": "illegal_trade",
    "impersonate_acquaintance": "impersonation_acquaintance",
    "impersonate_bank": "impersonation_bank",
    "impersonate_gov": "impersonation_authority",
    "impersonate_service": "impersonation_service",
    "investment": "fake_investment",
    "kidnap": "kidnap_scam",
    "loan": "loan_scam",
    "lottery": "lottery_scam",
    "mail_scam": "parcel_scam",
    "phishing": "phishing",
}
_TRAITS = {"mixed_scripts": mixed_scripts, "turned_around": turned_around}


class Result(StrEnum):
    """What can be said. There is no result that means "safe"."""

    LIKELY = "likely"
    SOME = "some"
    NONE = "none"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A signal and where the text says it, in places of the text as it stands. A signal made of others has
    the places of those; a trait of the whole text has none."""

    signal: Signal
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`probability`: of a scam, 0 to 1, calibrated on texts that were not learned from. `type`: the typology
    that the signals speak for most, None when there is none, or the result is `NONE`. `advert`: it only wants
    to sell. `warned`: places whose words would be signs but stand in a warning.
    """

    text: str
    result: Result
    probability: float
    type: str | None
    stage: str | None
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    warned: tuple[tuple[int, int], ...]
    advert: bool
    learned: Opinion


def judge(text: str, signals: Library | None = None, learned: Model | None = None) -> Verdict:
    """Look at one text. The same text gives the same answer; nothing is kept, the network is not asked.

    `signals`, `learned`: others than those that come with the program, for measuring.
    """
    plain = normalise(text[:LONGEST])
    known, learned = signals or library(), learned or model()
    hits = known.find(plain.text)
    evidence = _gathered(plain, [hit for hit in hits if not hit.warned], known)
    opinion = learned.opinion(plain.text)
    score = _USUAL + sum(one.signal.weight for one in evidence) + opinion.log_odds
    probability = 1 / (1 + math.exp(-(_SLOPE * score + _OFFSET)))
    result = Result.LIKELY if score >= _LIKELY else Result.SOME if score >= _SOME else Result.NONE
    type_, stage = _script(evidence) if result is not Result.NONE else (None, None)
    if type_ is None and result is not Result.NONE and opinion.label not in SAFE:
        type_ = _TYPES.get(opinion.label or "")
    return Verdict(
        text=plain.original,
        result=result,
        probability=probability,
        type=type_,
        stage=stage,
        evidence=tuple(one for one in evidence if one.signal.weight > 0),
        against=tuple(one for one in evidence if one.signal.weight < 0),
        warned=tuple(plain.span(hit.start, hit.end) for hit in hits if hit.warned),
        advert=result is Result.NONE and _sells(evidence, opinion),
        learned=opinion,
    )


def _sells(evidence: Iterable[Evidence], opinion: Opinion) -> bool:
    return opinion.label == "ad" or any(one.signal.id == _ADVERT for one in evidence)


def words_learned(verdict: Verdict, learned: Model | None = None) -> tuple[tuple[int, int], ...]:
    """Places of the words that moved the learned part most towards a scam; none where it hardly did."""
    if verdict.learned.log_odds < _WORTH_SAYING:
        return ()
    plain = normalise(verdict.text)
    return tuple(plain.span(*place) for place in (learned or model()).moved_by(plain.text))


def _gathered(plain: Plain, hits: Sequence[Hit], known: Library) -> list[Evidence]:
    """Each signal once, with its places in order; then those that are made of others."""
    places: dict[str, list[tuple[int, int]]] = {}
    for hit in hits:
        places.setdefault(hit.signal.id, []).append(plain.span(hit.start, hit.end))
    for signal in known.traits:
        if signal.record.trait and _TRAITS[signal.record.trait](plain.original):
            places[signal.id] = []
    for signal in known.combined:
        if all(id in places for id in signal.record.all_of):
            places[signal.id] = [place for id in signal.record.all_of for place in places[id][:1]]
    return [
        Evidence(known.signals[id], tuple(sorted(set(where))[:_MOST_QUOTES])) for id, where in places.items()
    ]


def _script(evidence: Iterable[Evidence]) -> tuple[str | None, str | None]:
    """The typology that the signals point to most, and how far its script has come."""
    weights: dict[str, float] = {}
    stages: dict[str, set[str]] = {}
    for one in evidence:
        for pointer in one.signal.record.points_to:
            weights[pointer.type] = weights.get(pointer.type, 0) + one.signal.weight
            stages.setdefault(pointer.type, set()).add(pointer.stage)
    best = max(weights, key=lambda type_: weights[type_], default=None)
    if best is None:
        return None, None
    return best, max(stages[best], key=("lure", "hook", "drain", "lock").index)
