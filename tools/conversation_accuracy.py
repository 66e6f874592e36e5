"""How conversations are judged, counted: `python -m tools.conversation_accuracy --data DIR`.

DIR holds `texts/dev.jsonl.gz`: one JSON object a line with text, label and source. Only dialogues are taken,
texts whose lines begin with A or B and a colon. In a scam A is the other side; an honest one is followed
twice, with either as the other side. Prints counts, never a text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from clawback.guard.conversation import follow
from clawback.guard.verdict import judge
from clawback.model.events import Message
from clawback.model.evidence import Locator, Source

_LINE = re.compile(r"([AB])[：:](.*)")
_HONEST = ("normal", "ad")


def dialogues(file: Path) -> Iterator[tuple[str, bool, list[tuple[str, str]]]]:
    """Source, whether it is a scam, and who said what."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            said = [found.groups() for found in map(_LINE.match, record["text"].split("\n")) if found]
            if len(said) > 1:
                yield record["source"], record["label"] not in _HONEST, [(who, text) for who, text in said]


def messages(said: list[tuple[str, str]], other: str) -> list[Message]:
    """The lines as messages; all that `other` did not say is the user's own."""
    return [
        Message(None, who, text, "note", (Source(1, Locator(line=n), "", "", ""),), own=who != other)
        for n, (who, text) in enumerate(said, 1)
    ]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder: Path = parser.parse_args().data
    counts: Counter[tuple[str, str, str]] = Counter()
    turns: list[float] = []
    judge("")  # what is loaded once is not counted
    took, looked = 0.0, 0
    for source, scam, said in dialogues(folder / "texts" / "dev.jsonl.gz"):
        for other in "A" if scam else "AB":
            made = messages(said, other)
            start = time.perf_counter()
            course = follow(made)
            took += time.perf_counter() - start
            looked += len(course.points)
            counts[source, f"scam, {other}" if scam else f"honest, {other}", course.result.value] += 1
            if scam and course.turned is not None:
                turns.append((course.points.index(course.turned) + 1) / len(course.points))
    for (source, kind, result), count in sorted(counts.items()):
        print(f"{source:16} {kind:10} {result:7} {count:5}")
    print(f"turned after {sum(turns) / len(turns):.0%} of their messages on average")
    print(f"{took / looked * 1e6:.0f} µs a message of theirs")


if __name__ == "__main__":
    main()
