"""A case kept open is worked out again only where something changed, and the result is the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clawback.desk import intake
from clawback.desk.casefile import Evidence, Gatherer, gather_evidence
from clawback.desk.deciding import Pair, decide_pairs, decide_scope, ids_of
from clawback.desk.records import ReadingCache, load_records
from clawback.desk.tracking import mark_step
from clawback.model.ledger import Scope
from web.small_case import ANSWERS, write_heap

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    write_heap(tmp_path / "heap")
    intake.open_heap(tmp_path / "heap", tmp_path / "case", intake.OpenOptions(now=NOW, answers=ANSWERS))
    return tmp_path / "case"


@pytest.fixture
def look(case: Path) -> Callable[[], Evidence]:
    """The case worked out by one gatherer, compared each time with a fresh one."""
    gatherer, cache = Gatherer(), ReadingCache()

    def looked() -> Evidence:
        records = load_records(case, None, cache)
        kept = gatherer.evidence(records)
        assert kept == gather_evidence(records)
        return kept

    return looked


def test_a_step_marked_as_done_leaves_every_figure_as_it_was(
    case: Path, look: Callable[[], Evidence]
) -> None:
    before = look()
    mark_step(case, None, "cn.call_110", "done", "", NOW)
    after = look()
    assert after.entries is before.entries
    assert after.timeline is before.timeline
    assert after.parties is before.parties
    assert len(after.records.decisions) == 1


def test_a_scope_changes_the_ledger_and_no_message(case: Path, look: Callable[[], Evidence]) -> None:
    before = look()
    known = ids_of(before.at(NOW))
    coffee = next(one for one in before.entries if one.transfer.amount.text == "18.50")
    decide_scope(case, None, coffee.id, Scope.IN, known, NOW)
    after = look()
    assert after.messages is before.messages
    assert next(one.scope for one in after.entries if one.id == coffee.id) is Scope.IN
    decide_scope(case, None, coffee.id, None, known, NOW)
    assert look().entries == before.entries


def test_a_word_on_a_pair_is_merged_anew(case: Path, look: Callable[[], Evidence]) -> None:
    before = look()
    merged = next(one for one in before.entries if len(one.members) == 2)
    known = ids_of(before.at(NOW))
    decide_pairs(case, None, [(merged.members[0], merged.members[1])], Pair.TWO, known, NOW)
    assert len(look().entries) == len(before.entries) + 1
    decide_pairs(case, None, [(merged.members[0], merged.members[1])], Pair.OPEN, known, NOW)
    assert look().entries == before.entries


def test_an_answer_and_a_new_file_are_taken_in(
    case: Path, look: Callable[[], Evidence], tmp_path: Path
) -> None:
    before = look()
    intake.seal_answers(case, {"subject.names": "王样本"}, NOW + timedelta(minutes=1))
    after = look()
    assert after.messages is before.messages
    named = next(one for one in after.entries if one.transfer.amount.text == "3000.00")
    assert named.scope is Scope.IN  # a payee that the user named
    (tmp_path / "微信聊天_家人.txt").write_text("2026-11-19 22:00:00 我\n我被骗了\n", encoding="utf-8")
    intake.open_heap(tmp_path / "微信聊天_家人.txt", case, intake.OpenOptions(now=NOW))
    assert len(look().messages) == len(before.messages) + 1
