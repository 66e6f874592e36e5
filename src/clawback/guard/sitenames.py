"""A small learned model of how names of scam sites are written: pieces of two to five letters, the ending,
and the shape. Trained by `tools/train_links.py`; what moved it can be shown in the name itself."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np

from clawback.model.domains import SiteName

WEIGHTS = Path(__file__).parent / "sites" / "names.npz"
_LONGEST = 63
_SHORTEST_PIECE, _LONGEST_PIECE = 2, 5


@dataclass(frozen=True, slots=True)
class Model:
    """`weights`: log odds of each feature; `base`: log odds of a name without any."""

    weights: Mapping[str, float]
    base: float


def features(label: str, site: SiteName) -> set[str]:
    """Features of a site whose own label is shown as `label`."""
    text = f"^{label[:_LONGEST]}$"
    length = len(text)
    found = {
        text[begin : begin + size]
        for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1)
        for begin in range(length - size + 1)
    }
    found.update(shape(label, site))
    return found


def shape(label: str, site: SiteName) -> tuple[str, ...]:
    """Features other than letters: ending, whether it is given away, hyphens, digits, length."""
    digits = sum(char.isdigit() for char in label)
    return (
        f"~{site.suffix}",
        f"#rented{site.rented:d}",
        f"#hyphens{min(label.count('-'), 4)}",
        f"#digits{min(digits, 6)}",
        f"#length{min(len(label) // 3, 10)}",
    )


def leaning(label: str, site: SiteName, model: Model | None = None) -> float:
    """Log odds that a site of this name is a scam site's, after the model."""
    model = model or shipped()
    return model.base + sum(map(model.weights.get, features(label, site), repeat(0.0)))


def telling_piece(label: str, model: Model | None = None) -> str:
    """The run of letters of a name that speaks most for a scam, or ""."""
    weights = (model or shipped()).weights
    text = f"^{label[:_LONGEST]}$"
    share = [0.0] * len(text)
    for length in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1):
        for begin in range(len(text) - length + 1):
            each = weights.get(text[begin : begin + length], 0.0) / length
            if each:
                for place in range(begin, begin + length):
                    share[place] += each
    begin, end = _heaviest(share)
    return text[begin:end].strip("^$")


def _heaviest(share: list[float]) -> tuple[int, int]:
    """The run of letters with the largest sum."""
    best, best_span = 0.0, (0, 0)
    total, begin = 0.0, 0
    for place, value in enumerate(share):
        if total <= 0:
            total, begin = 0.0, place
        total += value
        if total > best:
            best, best_span = total, (begin, place + 1)
    return best_span


@functools.cache
def shipped() -> Model:
    """The weights that come with the program, read once a process."""
    return read_model(WEIGHTS)


def read_model(path: Path) -> Model:
    """Read weights: no pickle, whatever the file says."""
    with np.load(path, allow_pickle=False) as data:
        names = data["features"].tobytes().decode("utf-8").split("\n")
        numbers = data["weights"].astype(float) * float(data["step"])
        return Model(dict(zip(names, numbers.tolist(), strict=True)), float(data["base"]))


def write_model(path: Path, model: Model) -> None:
    """Write weights, each in 16 bits."""
    names = sorted(model.weights)
    step = max(abs(weight) for weight in model.weights.values()) / 32767
    numbers = np.array([round(model.weights[name] / step) for name in names], dtype=np.int16)
    text = np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8)
    np.savez_compressed(
        path, features=text, weights=numbers, step=np.float64(step), base=np.float64(model.base)
    )
