"""Invented messages, scams and honest, that measure the guard; texts/README.md says how they were written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from clawback.rules.yaml_text import read_yaml

TEXTS = Path(__file__).parent / "texts"
NAMES = ("recovery_seen", "recovery_unseen", "general_seen", "general_unseen")


@dataclass(frozen=True, slots=True)
class Sample:
    """One message; `typology` is the scam type it belongs to, None for an honest one."""

    id: str
    lang: Literal["zh", "en"]
    kind: Literal["scam", "honest"]
    channel: str
    text: str
    typology: str | None = None

    @property
    def held_out(self) -> bool:
        """Whether whoever writes rules is kept from reading it: the odd numbers."""
        return int(self.id.rpartition("-")[2]) % 2 == 1


_SAMPLES = TypeAdapter(list[Sample])


def load(name: str) -> list[Sample]:
    """The samples of one of NAMES, in the order in which they stand in the file."""
    return _SAMPLES.validate_python(read_yaml(TEXTS / f"{name}.yaml", f"{name}.yaml").tree)
