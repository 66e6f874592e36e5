"""The small learned part: which runs of characters go with scams, and how far it may be believed.

A linear model over hashed pairs and triples of characters of the plain text. Weights are numbers in a file
read without pickle. It only ever speaks for a scam, and of kinds of text of which it has seen scams: that
a text is unlike the scams that it learned says nothing against it. `tools/train_guard.py` makes the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from clawback.errors import ClawbackError

BITS = 17
"""Base 2 logarithm of the number of places that runs of characters are hashed to."""

LOOKED_AT = 2_000
"""Characters of a text that are scored: a script shows itself early."""

SHIPPED = Path(__file__).with_name("learned.npz")
SAFE = frozenset({"normal", "ad"})
"""Labels that are no scam; every other label of the model is one."""

_STRANGE, _KNOWN = 0.60, 0.80  # share of runs known from scams: no say below, its full say above
_PER_MARGIN = 5.0  # log-odds for one unit of the model's margin
_MOST = 6.0  # log-odds
_LEFT_OVER = 0.5  # log-odds that are no longer worth explaining
_ROUNDS, _AT_ONCE = 25, 20  # how often, and how many runs at a time are taken out to find what moved it
_ZERO, _TEN = np.uint32(ord("0")), np.uint32(10)
_MIX = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35))


@dataclass(frozen=True, slots=True)
class Opinion:
    """`log_odds`: what the model adds for a scam, 0 to 6; 0 for a kind of text it does not know. `label`: its
    best guess among its labels, None when it has no say. `familiar`: 0 to 1."""

    log_odds: float
    label: str | None
    familiar: float


class Model:
    """Weights, ready to score."""

    def __init__(
        self,
        labels: tuple[str, ...],
        weights: NDArray[np.float32],
        rarity: NDArray[np.float32],
        seen: NDArray[np.bool_],
        bias: NDArray[np.float32],
    ) -> None:
        """`weights`: places by labels; `rarity`: inverse document frequency of each place; `seen`: was a run
        of three characters there in at least three scams; `bias`: one number per label."""
        self.labels = labels
        self._weights = weights * rarity[:, None]
        self._rarity2 = rarity**2
        self._seen = seen
        self._bias = bias
        self._scam = np.array([label not in SAFE for label in labels])

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises ClawbackError when the file is missing or damaged."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                labels = tuple(str(label) for label in held["labels"])
                weights = held["weights"].astype(np.float32) * held["scale"].astype(np.float32)
                seen = np.unpackbits(held["seen"], count=1 << BITS).astype(np.bool_)
                return cls(labels, weights, held["rarity"].astype(np.float32), seen, held["bias"])
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise ClawbackError(
                "The learned part of the guard cannot be read: this installation is damaged.",
                "识别模型无法读取：本机安装的程序不完整。",
            ) from error

    def opinion(self, plain: str) -> Opinion:
        """What the model makes of a plain text (`normalise`)."""
        pairs, triples = places(plain)
        if not len(triples):
            return Opinion(0.0, None, 0.0)
        familiar = float(self._seen.take(triples).mean())
        trust = min(max((familiar - _STRANGE) / (_KNOWN - _STRANGE), 0.0), 1.0)
        if not trust:
            return Opinion(0.0, None, familiar)
        scores = self._scores(np.concatenate((pairs, triples)))
        margin = float(scores[self._scam].max() - scores[~self._scam].max())
        log_odds = min(max(_PER_MARGIN * margin, 0.0), _MOST) * trust
        return Opinion(log_odds, self.labels[int(scores.argmax())], familiar)

    def best_label(self, plain: str) -> str:
        """Its best guess among its labels, however little it knows of such texts."""
        return self.labels[int(self._scores(np.concatenate(places(plain))).argmax())]

    def _scores(self, runs: NDArray[np.uint32]) -> NDArray[np.float32]:
        length = np.sqrt(self._rarity2.take(runs).sum())
        scores: NDArray[np.float32] = self._weights.take(runs, axis=0).sum(axis=0) / length + self._bias
        return scores

    def moved_by(self, plain: str) -> tuple[tuple[int, int], ...]:
        """(start, end) of the words of the plain text without which the model would hardly speak."""
        taken = [False] * min(len(plain), LOOKED_AT)
        left = plain
        for _ in range(_ROUNDS):
            if self.opinion(left).log_odds < _LEFT_OVER:
                break
            for start in self._strongest(left):
                taken[start : start + 3] = [True] * len(taken[start : start + 3])
            left = "".join(" " if out else char for char, out in zip(plain, taken, strict=False))
        return tuple(_rows(taken))

    def _strongest(self, plain: str) -> list[int]:
        """Where the runs of three begin that push most towards a scam."""
        _, triples = places(plain)
        scores = self._weights.take(triples, axis=0)
        push = scores[:, self._scam].max(axis=1) - scores[:, ~self._scam].max(axis=1)
        # The text is scored with a space before and after it.
        return [max(int(at) - 1, 0) for at in np.argsort(-push)[:_AT_ONCE] if push[at] > 0]


def _rows(taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for at, out in enumerate([*taken, False]):
        if out and start is None:
            start = at
        elif not out and start is not None:
            yield start, at
            start = None


def places(plain: str) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Where the pairs and the triples of characters of a plain text are hashed to, in order."""
    codes = np.frombuffer(f" {plain[:LOOKED_AT]} ".encode("utf-32-le", "replace"), np.uint32)
    codes = np.where(codes - _ZERO < _TEN, _ZERO, codes)  # which number it is says nothing
    pairs = (codes[:-1] * _MIX[0] ^ codes[1:]) * _MIX[1]
    triples = ((pairs[:-1] ^ codes[2:]) * _MIX[2]) ^ _MIX[0]
    shift = np.uint32(32 - BITS)
    return pairs >> shift, (triples * _MIX[1]) >> shift


@cache
def model() -> Model:
    """The weights that come with the program."""
    return Model.load(SHIPPED)
