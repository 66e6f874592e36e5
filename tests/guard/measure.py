"""How the verdict does on the measuring texts, plain and disguised: counts only, never which it got wrong.

From the project's folder: PYTHONPATH=tests python -m guard.measure [--pictures N]
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from clawback.desk.checkfiles import read_picture
from clawback.guard.verdict import Result, judge
from guard.disguises import DISGUISES, as_picture
from guard.samples import NAMES, Sample, load

_DAY = date(2026, 11, 20)  # a picture is read as of a day

Change = Callable[[str], str]


class Counts(NamedTuple):
    """Scams called likely, scams called likely or with some signs ("raised"), the same of honest texts, and
    the raised scams whose type was named rightly."""

    scams_likely: int
    scams_raised: int
    honest_likely: int
    honest_raised: int
    right_type: int


def counted(samples: Sequence[Sample], change: Change = str) -> Counts:
    verdicts = [(sample, judge(change(sample.text))) for sample in samples]
    likely = [sample.kind for sample, verdict in verdicts if verdict.result is Result.LIKELY]
    raised = [pair for pair in verdicts if pair[1].result in (Result.LIKELY, Result.SOME)]
    kinds = [sample.kind for sample, _ in raised]
    return Counts(
        scams_likely=likely.count("scam"),
        scams_raised=kinds.count("scam"),
        honest_likely=likely.count("honest"),
        honest_raised=kinds.count("honest"),
        right_type=sum(
            sample.kind == "scam" and sample.typology == verdict.type for sample, verdict in raised
        ),
    )


def _number_of_scams(samples: Sequence[Sample]) -> int:
    return sum(sample.kind == "scam" for sample in samples)


def _print_plain() -> None:
    print(f"{'plain':26}{'scams: likely, raised, type right, of':>40}{'honest: likely, raised, of':>30}")
    for name in NAMES:
        for lang in ("zh", "en"):
            samples = [sample for sample in load(name) if sample.lang == lang]
            found, scams = counted(samples), _number_of_scams(samples)
            print(
                f"{name:22}{lang:4}{found.scams_likely:12}{found.scams_raised:10}{found.right_type:12}{scams:6}"
                f"{found.honest_likely:12}{found.honest_raised:12}{len(samples) - scams:6}"
            )


def _print_changed(name: str, samples: Sequence[Sample], change: Change) -> None:
    """One line over the texts that `change` changes: how they did before, and how they do after."""
    changed = [sample for sample in samples if change(sample.text) != sample.text]
    before, after = counted(changed), counted(changed, change)
    moves = [f"{was:3} ->{now:4}" for was, now in zip(before, after, strict=True)]
    scams = _number_of_scams(changed)
    print(
        f"{name:20}{scams:4} scams: {moves[0]} likely, {moves[1]} raised;"
        f"{len(changed) - scams:5} honest: {moves[2]} likely, {moves[3]} raised",
        flush=True,
    )


@cache
def _read_back(text: str) -> str:
    picture = as_picture(text)
    return read_picture("screen.png", io.BytesIO(picture), len(picture), _DAY).text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pictures", type=int, default=0, help="how many texts to read back from pictures")
    pictures = options.parse_args().pictures
    _print_plain()
    print("\ndisguised, over the texts that each disguise changes")
    everything = [sample for name in NAMES for sample in load(name)]
    for name, change in DISGUISES.items():
        _print_changed(name, everything, change)
    if pictures:
        apart = len(everything) // pictures  # evenly, so that each kind and language is among them
        _print_changed("read from pictures", everything[::apart], _read_back)


if __name__ == "__main__":
    main()
