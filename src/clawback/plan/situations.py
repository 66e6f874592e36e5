"""Proposes what happened from the words in the evidence; the person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clawback.model.ledger import Reason
from clawback.rules.pack import Pack, Situation

STRONG, WEAK = 3, 1
ENOUGH = 3
"""Weight at which a situation is proposed: one strong sign, or three different weak ones. Words such as
"refund" and "delivery" stand together in every honest order too."""

LONGEST_TEXT = 20_000
"""Characters looked at per text: a longer one is a document whose beginning tells its nature."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A situation that the evidence suggests. `reasons`: one per sign found (code "sign_strong" or
    "sign_weak", `detail` the words, `records` the first few records that hold them). `weight`: to sort by."""

    situation: str
    weight: int
    reasons: tuple[Reason, ...]


def propose_situations(texts: Iterable[tuple[str, str]], pack: Pack) -> tuple[Proposal, ...]:
    """Situations that the words in `texts` (pairs of record id and text) speak for, the likeliest first.

    Only ever a proposal: it quotes the words, and no plan treats it as decided.
    """
    found = _find_signs(texts, {word for s in pack.situations.values() for word in _words(s)})
    proposals = [_proposal(id, situation, found) for id, situation in pack.situations.items()]
    enough = [p for p in proposals if p.weight >= ENOUGH]
    return tuple(sorted(enough, key=lambda p: (-p.weight, pack.situations[p.situation].urgency)))


def crisis_words(texts: Iterable[tuple[str, str]], pack: Pack) -> tuple[Reason, ...]:
    """Words of crisis in `texts` (pairs of record id and text) with the records that hold them; the caller
    sets the flag "crisis_words_seen", and a human help line then comes first."""
    found = _find_signs(texts, set(pack.head.crisis_words))
    return tuple(Reason("crisis_words", word, tuple(found[word])) for word in sorted(found))


def _words(situation: Situation) -> tuple[str, ...]:
    return (*situation.signs.strong, *situation.signs.weak)


def _find_signs(texts: Iterable[tuple[str, str]], words: set[str]) -> dict[str, list[str]]:
    folded = {word: word.casefold() for word in sorted(words)}
    found: dict[str, list[str]] = {}
    for record, text in texts:
        haystack = text[:LONGEST_TEXT].casefold()
        for word, needle in folded.items():
            if needle in haystack and len(found.setdefault(word, [])) < 3:
                found[word].append(record)
    return found


def _proposal(id: str, situation: Situation, found: dict[str, list[str]]) -> Proposal:
    reasons = [
        Reason(code, word, tuple(found[word]))
        for code, words in (("sign_strong", situation.signs.strong), ("sign_weak", situation.signs.weak))
        for word in words
        if word in found
    ]
    weight = sum(STRONG if reason.code == "sign_strong" else WEAK for reason in reasons)
    return Proposal(id, weight, tuple(reasons))
