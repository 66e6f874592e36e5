"""How far fake entries move a rating, with and without the rules that guard it.

    python -m tools.rating_attacks [--markdown]

Two invented subjects. The *bad* one: 20 payers over 40 weeks, 16 refused, 2 refunded in part, 2 in full; it
adds praise. The *good* one: 30 payers over 60 weeks, 28 served, 2 refunded; somebody bombs it. "Without" is a
plain share of all entries with the same kind of interval. Every attack is built from its own description and
nothing is drawn by chance, so each run prints the same. "Yuan gone" is what the attacker pays and never sees
again. "By money" is the share of the counted money that ended well.

Also prints how often the interval holds the true share (exactly, over all results of n payers).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import comb

from clawback.guard.ratings import (
    Contest,
    Experience,
    Flow,
    Interval,
    Outcome,
    Rating,
    Reply,
    rate,
    wilson,
)
from clawback.model.money import Amount

TODAY = date(2026, 11, 20)
SUBJECT = frozenset({"subject"})
NUMBERS = (10, 50, 200)


@dataclass(frozen=True)
class Fakes:
    """What an attack adds. `cost`: yuan that are really gone."""

    entries: list[Experience]
    flows: tuple[Flow, ...] = ()
    replies: tuple[Reply, ...] = ()
    cost: int = 0


Attack = Callable[[int, Outcome], Fakes]


def entry(id: str, outcome: Outcome, weeks_ago: int, paid: int = 300) -> Experience:
    """A proved payment of a payer of its own, with a life of payments before it."""
    on = TODAY - timedelta(weeks=weeks_ago)
    part = outcome in (Outcome.REFUNDED, Outcome.PARTLY_REFUNDED)
    back = (_yuan(paid if outcome is Outcome.REFUNDED else paid // 2),) if part else ()
    return Experience(id, frozenset({id}), outcome, on, on, (_yuan(paid),), back, True, part, True)


def bad_subject() -> list[Experience]:
    """20 payers over 40 weeks."""
    kinds = [Outcome.REFUSED] * 8 + [Outcome.PARTLY_REFUNDED, Outcome.REFUNDED]
    return [entry(f"real-{n}", kinds[n % 10], 2 * n) for n in range(20)]


def good_subject() -> list[Experience]:
    """30 payers over 60 weeks."""
    return [
        entry(f"real-{n}", Outcome.REFUNDED if n % 15 == 14 else Outcome.DELIVERED, 2 * n) for n in range(30)
    ]


def unproved(n: int, outcome: Outcome) -> Fakes:
    """Entries without any payment."""
    return Fakes([replace(_fresh(i, outcome, 0), proved=False) for i in range(n)])


def tiny(n: int, outcome: Outcome) -> Fakes:
    """Payments of one yuan by different payers."""
    return Fakes([_fresh(i, outcome, 0, paid=1) for i in range(n)], cost=n)


def one_payer(n: int, outcome: Outcome) -> Fakes:
    """One payer who pays 20 yuan again and again within one quarter."""
    entries = [
        replace(_fresh(i, outcome, i % 7, paid=20), payer=frozenset({"fake"}), seasoned=True)
        for i in range(n)
    ]
    return Fakes(entries, cost=20 * n)


def linked(n: int, outcome: Outcome) -> Fakes:
    """Payers whose records hold the subject's own account."""
    return Fakes(
        [replace(_fresh(i, outcome, 0), payer=frozenset({f"fake-{i}", "subject"})) for i in range(n)]
    )


def circle(n: int, outcome: Outcome) -> Fakes:
    """Different payers who get their money back through a third account that the records show."""
    entries = [_fresh(i, outcome, 2 * i % 60) for i in range(n)]
    flows = [Flow("subject", "mule", one.paid[0], one.on) for one in entries]
    flows += [Flow("mule", f"fake-{i}", one.paid[0], one.on) for i, one in enumerate(entries)]
    return Fakes(entries, tuple(flows))


def burst(n: int, outcome: Outcome) -> Fakes:
    """Real payments of 20 yuan by different new payers within one week."""
    return Fakes([_fresh(i, outcome, 0, paid=20) for i in range(n)], cost=20 * n)


def slow(n: int, outcome: Outcome) -> Fakes:
    """The same, three new payers a week, back from today."""
    return Fakes([_fresh(i, outcome, i // 3, paid=20) for i in range(n)], cost=20 * n)


def slow_seasoned(n: int, outcome: Outcome) -> Fakes:
    """The same with payers whose records reach back: the best that money can buy."""
    return Fakes([replace(_fresh(i, outcome, i // 3, paid=20), seasoned=True) for i in range(n)], cost=20 * n)


def refunds(n: int, outcome: Outcome) -> Fakes:
    """Pretended complaints, all refunded, with a complaint on record, three a week: the money is not gone."""
    good = outcome is Outcome.DELIVERED
    entries = [_fresh(i, Outcome.REFUNDED if good else outcome, i // 3, paid=20) for i in range(n)]
    if good:
        entries = [replace(one, complained=True, returned=one.paid) for one in entries]
    return Fakes(entries, cost=0 if good else 20 * n)


def contest_all(n: int, outcome: Outcome) -> Fakes:
    """No entries: the subject contests every entry that did not end well."""
    wrong = [one.id for one in bad_subject() if one.outcome is Outcome.REFUSED][:n]
    return Fakes([], replies=tuple(Reply(id, TODAY, "subject", "no", id, Contest.OPEN) for id in wrong))


ATTACKS: dict[str, tuple[Attack, ...]] = {
    "praise": (
        unproved, tiny, one_payer, linked, circle, burst, slow, slow_seasoned, refunds, contest_all,
    ),
    "bombing": (unproved, tiny, one_payer, burst, slow, slow_seasoned),
}  # fmt: skip


def naive(entries: Iterable[Experience]) -> Interval:
    """A plain share of all entries."""
    shares = [one.well(one.paid[0]) / one.paid[0].value for one in entries]
    return wilson(float(sum(shares)), len(shares))


def guarded(real: Sequence[Experience], fakes: Fakes) -> Rating:
    """The rating as the program makes it."""
    return rate([*real, *fakes.entries], TODAY, subject=SUBJECT, replies=fakes.replies, flows=fakes.flows)


def movement(attack: Attack, n: int, *, praise: bool) -> tuple[Interval, Rating, int]:
    """Interval without rules, rating with them, and cost, after `n` fakes."""
    real = bad_subject() if praise else good_subject()
    fakes = attack(n, Outcome.DELIVERED if praise else Outcome.REFUSED)
    return naive([*real, *fakes.entries]), guarded(real, fakes), fakes.cost


def coverage(n: int, shares: Sequence[float]) -> tuple[float, float]:
    """Least and mean probability, over `shares`, that the interval of n payers holds the true share."""
    found = [wilson(k, n) for k in range(n + 1)]
    held = [
        sum(
            comb(n, k) * p**k * (1 - p) ** (n - k)
            for k, interval in enumerate(found)
            if interval.low <= p <= interval.high
        )
        for p in shares
    ]
    return min(held), sum(held) / len(held)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--markdown", action="store_true", help="tables for a document")
    bar = "| " if parser.parse_args().markdown else ""
    for side, attacks in ATTACKS.items():
        praise = side == "praise"
        real = bad_subject() if praise else good_subject()
        print(
            f"\n{side}: before {_text(naive(real))} without rules, {_rated(guarded(real, Fakes([])))} with\n"
        )
        _row(bar, "attack", "n", "without rules", "with rules", "by money", "yuan gone")
        if bar:
            _row(bar, *["---"] * 6)
        for attack in attacks:
            for n in NUMBERS if attack is not contest_all else (16,):
                plain, rating, cost = movement(attack, n, praise=praise)
                _row(
                    bar,
                    attack.__name__,
                    str(n),
                    _text(plain),
                    _rated(rating),
                    _by_money(rating),
                    str(cost),
                )
    print("\ncoverage of the 95 % interval, true share 0.05 to 0.95 by 0.01 (least, mean):")
    for n in (5, 10, 20, 50):
        least, mean = coverage(n, [share / 100 for share in range(5, 96)])
        print(f"  n = {n}: {least:.3f}, {mean:.3f}")


def _row(bar: str, *cells: str) -> None:
    if bar:
        print("| " + " | ".join(cells) + " |")
    else:
        print("".join(cell.ljust(width) for cell, width in zip(cells, (16, 6, 26, 40, 8, 10), strict=True)))


def _text(one: Interval) -> str:
    return (
        f"{one.low:.2f}-{one.high:.2f} ({one.estimate:.2f})" if one.estimate is not None else "nothing known"
    )


def _rated(rating: Rating) -> str:
    text = _text(rating.known.interval) if rating.known.enough else "not enough known"
    return f"{text}; contested too {_text(rating.with_contested.interval)}" if rating.contested else text


def _by_money(rating: Rating) -> str:
    return " ".join(f"{one.well.value / one.paid.value:.2f}" for one in rating.volumes)


def _yuan(value: int) -> Amount:
    return Amount(Decimal(value), "CNY")


def _fresh(number: int, outcome: Outcome, weeks_ago: int, paid: int = 300) -> Experience:
    """A payer made for the purpose."""
    return replace(entry(f"fake-{number}", outcome, weeks_ago, paid), seasoned=False)


if __name__ == "__main__":
    main()
