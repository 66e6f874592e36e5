"""Signals are data: each is explained, shown and measured against its own examples."""

from __future__ import annotations

import re

import pytest

from clawback.guard.signals import LANGUAGES, Signal, library
from clawback.guard.typologies import load_typologies
from clawback.guard.verdict import judge

SIGNALS = sorted(library().signals.values(), key=lambda one: one.id)


def ids(text: str) -> set[str]:
    verdict = judge(text)
    return {one.signal.id for one in (*verdict.evidence, *verdict.against)}


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda one: one.id)
def test_every_example_shows_the_signal_and_no_counter_example_does(signal: Signal) -> None:
    record = signal.record
    for lang in LANGUAGES:
        for text in getattr(record.examples, lang):
            assert signal.id in ids(text), text
        for text in getattr(record.counter_examples, lang):
            assert signal.id not in ids(text), text


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda one: one.id)
def test_every_signal_is_explained_in_both_languages_with_a_source(signal: Signal) -> None:
    record = signal.record
    han = re.compile(r"[㐀-鿿]")
    for words in (record.name, record.means, record.not_when):
        assert han.search(words.zh)
        assert not han.search(words.en)
        assert len(words.en) > 5
    assert record.source.strip()
    assert "to be written" not in record.model_dump_json()
    assert record.trait or record.all_of or (record.says and record.says.zh and record.says.en)


def test_signals_point_to_typologies_that_exist() -> None:
    known = load_typologies()
    named = {pointer.type for signal in SIGNALS for pointer in signal.record.points_to}
    assert named <= set(known)
