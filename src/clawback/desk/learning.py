"""Learning what scams look like before they come: one card per kind, and a quiz of five minutes.

Nothing is kept: not which card was read, not what was answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from clawback.guard.quiz import Item, Mark, quiz_round, rounds
from clawback.guard.typologies import Case, Source, Stage, Typology, load_sources, load_typologies

__all__ = [
    "Card",
    "Case",
    "Item",
    "Mark",
    "Source",
    "Stage",
    "as_document",
    "card",
    "cards",
    "quiz_round",
    "rounds",
]

_AFTER_A_LOSS = ("recovery_scam", "withdrawal_fee_scam", "liquidation_scam")


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of scam with its sources in full.

    `official`: the list in which `kind.official` has its place, or None. `cases`: the latest first, each with
    where it comes from. `sources`: of the script and its signs.
    """

    kind: Typology
    official: Source | None
    cases: tuple[tuple[Case, Source], ...]
    sources: tuple[Source, ...]


def cards() -> tuple[Card, ...]:
    """Every kind: those of the latest official list in its order, then those of earlier lists, then those
    that come after a loss, then the rest by id."""
    made = [_card(kind) for kind in load_typologies().values()]
    official = sorted((one for one in made if one.official), key=_rank)
    official.sort(key=_list_of, reverse=True)  # stable: within a list the places stay in order
    others = [one for one in made if not one.official]
    others.sort(key=_after_a_loss_first)
    return (*official, *others)


def card(id: str) -> Card | None:
    """The card of the kind `id`, None if there is no such kind."""
    kind = load_typologies().get(id)
    return _card(kind) if kind else None


def as_document(one: Card) -> dict[str, object]:
    """The card as JSON for a program, everything in both languages."""
    return {
        **one.kind.model_dump(mode="json", exclude={"cases", "sources"}),
        "cases": [
            {**case.model_dump(mode="json"), "source": source.model_dump(mode="json")}
            for case, source in one.cases
        ],
        "sources": [source.model_dump(mode="json") for source in one.sources],
    }


def _rank(one: Card) -> int:
    return one.kind.official.rank if one.kind.official else 0


def _list_of(one: Card) -> str:
    return (one.official.published if one.official else None) or ""


def _after_a_loss_first(one: Card) -> tuple[int, str]:
    id = one.kind.id
    return (_AFTER_A_LOSS.index(id) if id in _AFTER_A_LOSS else len(_AFTER_A_LOSS), id)


def _card(kind: Typology) -> Card:
    known = load_sources()
    return Card(
        kind,
        known[kind.official.source] if kind.official else None,
        tuple((case, known[case.source]) for case in sorted(kind.cases, key=lambda c: c.when, reverse=True)),
        tuple(known[id] for id in kind.sources),
    )
