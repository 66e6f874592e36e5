"""JSON within bounds."""

from __future__ import annotations

import io
import json
import time

import pytest

from clawback.readers.contract import ReadingContext
from clawback.readers.json_text import MAX_DEPTH, read_json, too_deep, whole_text
from reading import OPENED_ON


def parsed(text: str) -> tuple[object, list[str]]:
    context = ReadingContext(1, "x.json", "Asia/Shanghai", OPENED_ON, lambda _name, _type, _chunks: None)
    value, problems = read_json(io.BytesIO(text.encode()), context)
    return value, [problem.code for problem in problems]


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1])
def test_depth_is_bounded_to_the_level(depth: int) -> None:
    text = "[" * depth + "]" * depth
    assert too_deep(text) is (depth > MAX_DEPTH)
    assert parsed(text)[1] == (["nested_too_deep"] if depth > MAX_DEPTH else [])


def test_brackets_within_strings_do_not_nest() -> None:
    text = json.dumps(["[{" * 500 + '\\"' + "[" * 500])
    assert parsed(text) == (json.loads(text), [])


def test_numbers_beyond_all_need_and_nan_are_refused() -> None:
    assert parsed("9" * 4301) == (None, ["json_broken"])
    assert parsed("[Infinity]") == (None, ["json_broken"])


def test_a_repeated_key_is_reported_even_among_many() -> None:
    keys = ",".join(f'"k{number}": 1' for number in range(100_000))
    begun = time.process_time()
    value, codes = parsed("{" + keys + ', "k99999": 2}')
    assert isinstance(value, dict)
    assert (value["k99999"], codes) == (2, ["duplicate_keys"])
    assert time.process_time() - begun < 5


def test_strings_that_never_end_take_linear_time() -> None:
    begun = time.process_time()
    too_deep('\\"' * 1_000_000)
    too_deep('"' + '\\"' * 1_000_000)
    assert time.process_time() - begun < 5


def test_half_surrogates_become_a_replacement_and_pairs_stay() -> None:
    assert whole_text("a\ud83d b\U0001f600") == "a\ufffd b\U0001f600"
