"""How well texts are told apart, on public sets: one table.

    python -m tools.text_accuracy --data DIR [--sources NAME,...]

DIR holds `texts/{train,dev}.jsonl.gz`. Three questions, each with its own learned part and the same signals:
the program as shipped on dev; a model of all of train on dev (scam or not, and the 17 labels); and for
each source a model that never saw it, asked about the whole source (train and dev). Prints scams and honest
texts flagged (likely or some), F1, the calibration error over ten bins, and for how many flagged texts the
result changes once the quoted words are taken out. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.train_guard import Row, read, train

from clawback.guard.learned import SAFE, Model, model
from clawback.guard.normalise import normalise
from clawback.guard.verdict import Result, Verdict, judge, words_learned

HELD_OUT = ("fbs_sms", "telecom_fraud_texts", "teleantifraud")
"""Sources with scams of their own kind; the labels of the others are one kind or noise."""


def judged(rows: Iterable[Row], learned: Model) -> list[Verdict]:
    """A verdict for each text."""
    return [judge(text, learned=learned) for text, _, _ in rows]


def flagged(verdict: Verdict) -> bool:
    """Would a person be told of it?"""
    return verdict.result in (Result.LIKELY, Result.SOME)


def binary_f1(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> float:
    """F1 of "is a scam"."""
    told = [flagged(verdict) for verdict in verdicts]
    true = [label not in SAFE for _, label, _ in rows]
    hit = sum(a and b for a, b in zip(told, true, strict=True))
    return 2 * hit / max(sum(told) + sum(true), 1)


def macro_f1(rows: Sequence[Row], learned: Model) -> float:
    """Mean F1 over the labels, as the learned part names them."""
    true = [label for _, label, _ in rows]
    told = [learned.best_label(normalise(text).text) for text, _, _ in rows]
    scores = []
    for label in sorted(set(true)):
        hit = sum(a == b == label for a, b in zip(told, true, strict=True))
        scores.append(2 * hit / max(told.count(label) + true.count(label), 1))
    return sum(scores) / len(scores)


def calibration_error(rows: Sequence[Row], verdicts: Sequence[Verdict], bins: int = 10) -> float:
    """Expected calibration error: how far the stated probability is from what was true, by bins."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for (_, label, _), verdict in zip(rows, verdicts, strict=True):
        held[min(int(verdict.probability * bins), bins - 1)].append((verdict.probability, label not in SAFE))
    return sum(abs(sum(stated for stated, _ in one) - sum(true for _, true in one)) for one in held) / len(
        rows
    )


def explained(verdicts: Iterable[Verdict], learned: Model) -> tuple[int, int]:
    """Of the flagged: how many, and of how many the result changes once the quoted words are taken out."""
    told = [verdict for verdict in verdicts if flagged(verdict)]
    changed = 0
    for verdict in told:
        places = {place for one in verdict.evidence for place in one.places}
        places |= set(words_learned(verdict, learned))
        changed += judge(_without(verdict.text, places), learned=learned).result is not verdict.result
    return len(told), changed


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with a space for each quote."""
    for start, end in sorted(places, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def show(title: str, rows: Sequence[Row], learned: Model) -> None:
    """One block of the table."""
    verdicts = judged(rows, learned)
    f1, labels = binary_f1(rows, verdicts), macro_f1(rows, learned)
    print(f"\n{title}: {len(rows)} texts, F1 {f1:.3f}, 17 labels {labels:.3f}", end="")
    print(f", calibration error {calibration_error(rows, verdicts):.3f}")
    told, changed = explained(verdicts, learned)
    print(f"  without the quoted words the result changes for {changed} of {told} flagged")
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for (_, label, source), verdict in zip(rows, verdicts, strict=True):
        kind = label if label in SAFE else "scams"
        groups.setdefault((source, kind), []).append(verdict)
    for (source, kind), found in sorted(groups.items()):
        likely = sum(verdict.result is Result.LIKELY for verdict in found)
        told = sum(map(flagged, found))
        shares = f"flagged {told / len(found):7.2%}  likely {likely / len(found):7.2%}"
        print(f"  {source:20} {kind:7} {len(found):6}  {shares}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sources", default=",".join(HELD_OUT))
    parser.add_argument("--only", choices=("shipped", "trained", "held-out"))
    asked = parser.parse_args()
    learn, check = (read(asked.data / "texts" / f"{name}.jsonl.gz") for name in ("train", "dev"))
    if asked.only in (None, "shipped"):
        show("as shipped, on dev", check, model())
    if asked.only in (None, "trained"):
        show("trained on train, on dev", check, train(learn))
    for source in asked.sources.split(",") if asked.only in (None, "held-out") else ():
        without = train([row for row in learn if row[2] != source])
        held = [row for row in (*learn, *check) if row[2] == source]
        show(f"never saw {source}", held, without)


if __name__ == "__main__":
    main()
