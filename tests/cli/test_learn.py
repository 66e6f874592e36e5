"""`clawback learn` as a person types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(typed: Run) -> Run:
    return partial(typed, columns=90)


def test_all_kinds_are_listed_in_one_line_each_and_none_is_cut(run: Run) -> None:
    code, out, _ = run("learn")
    assert code == 0
    assert "task_scam" in out
    assert "先给您几块小钱，再让您垫进大钱。" in out
    assert "…" not in out


def test_a_card_tells_what_to_do_before_the_script(run: Run) -> None:
    code, out, _ = run("learn", "withdrawal_fee_scam", "--lang", "en")
    assert code == 0
    assert out.index("What to do:") < out.index("△") < out.index("1 Lure") < out.index("4 Lock")
    assert "Next they will probably" in out


def test_a_card_is_json_for_a_program_with_both_languages(run: Run) -> None:
    _, out, _ = run("learn", "loan_scam", "--json")
    card = json.loads(out)
    assert (card["id"], card["misp"], card["official"]["rank"]) == ("loan_scam", "Scam", 5)
    assert set(card["stages"]) == {"lure", "hook", "drain", "lock"}
    assert set(card["stages"]["lock"]["next"]) == {"zh", "en"}
    assert card["cases"][0]["source"]["confidence"] == "S"
    assert card["cases"][0]["source"]["checked"] == "2026-11-23"


def test_an_unknown_kind_is_said_in_the_language_typed(run: Run) -> None:
    code, out, err = run("learn", "nice_offer", "--lang", "en")
    assert (code, out) == (2, "")
    assert "nice_offer is no kind of scam that we know" in err
