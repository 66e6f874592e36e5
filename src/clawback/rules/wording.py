"""Checks sentences against the list of things that must never be said to a victim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clawback.rules.pack import Pack

_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Breach:
    """A sentence that says what must not be said: which rule, the words found, the sentence."""

    rule: str
    words: str
    sentence: str


def never_said(text: str, pack: Pack) -> tuple[Breach, ...]:
    """Every breach of the pack's never-say list in `text` (either language), sentence by sentence."""
    return tuple(
        Breach(id, words, sentence)
        for sentence in _sentences(text)
        for id, rule in pack.never_say.items()
        if (words := rule.found_in(sentence)) is not None
    )


def _sentences(text: str) -> Iterator[str]:
    for part in _SENTENCE_END.split(text):
        if part.strip():
            yield part.strip()
