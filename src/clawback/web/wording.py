"""Every sentence of the web app, in both languages, from `words/*.yaml`. Chinese is written first.

A file holds `key: {zh: …, en: …}`; `en_one` is the English form for n = 1. Placeholders stand in braces.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

FOLDER = Path(__file__).parent / "words"
LANGS = ("zh", "en")


class Said(BaseModel):
    """One sentence in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str
    en_one: str | None = None


@cache
def words() -> Mapping[str, Said]:
    """All sentences by key. Raises ValueError when a key stands in two files."""
    found: dict[str, Said] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        read = TypeAdapter(dict[str, Said]).validate_python(
            yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only text
        )
        twice = found.keys() & read.keys()
        if twice:
            raise ValueError(f"{path.name}: {sorted(twice)} stand elsewhere too")
        found |= read
    return found


def say(key: str, lang: str, **values: object) -> str:
    """The sentence `key` in `lang`. Raises KeyError for an unknown key or a missing value."""
    said = words()[key]
    if lang == "zh":
        text = said.zh
    else:
        text = said.en_one if said.en_one is not None and values.get("n") == 1 else said.en
    return text.format(**values) if values else text
