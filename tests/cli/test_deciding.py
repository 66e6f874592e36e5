"""Deciding from the command line: one press of a key each, and every record of a payment follows it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clawback.cli.commands import app
from clawback.desk import intake
from clawback.desk.casefile import open_casefile
from clawback.model.ledger import LedgerEntry, Scope
from web.small_case import ANSWERS, write_heap

CLOCK = "2026-11-20T10:00:00+08:00"
NOW = datetime.fromisoformat(CLOCK)
FAMILY = "2026-11-19 15:00:00 我\n今天转了8000元给 李样例\n\n2026-11-19 15:01:00 姐姐\n别再转了\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    write_heap(tmp_path / "heap")
    (tmp_path / "heap" / "微信聊天_家人.txt").write_text(FAMILY, encoding="utf-8")
    intake.open_heap(tmp_path / "heap", tmp_path / "case", intake.OpenOptions(now=NOW, answers=ANSWERS))
    return tmp_path / "case"


def run(*words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--now", CLOCK])
    assert result.exit_code == 0, result.output
    return result.output


def entry(case: Path, amount: str) -> LedgerEntry:
    return next(one for one in open_casefile(case, NOW).entries if one.transfer.amount.text == amount)


def test_a_scope_is_confirmed(case: Path) -> None:
    assert "已记下您的决定" in run("confirm", str(case), entry(case, "18.50").id, "in")
    assert entry(case, "18.50").scope is Scope.IN


def test_two_payments_are_two_whatever_record_was_named(case: Path) -> None:
    match = open_casefile(case, NOW).possible_matches[0]
    run("unmerge", str(case), match.first, match.second)
    assert open_casefile(case, NOW).possible_matches == ()
    run("merge", str(case), match.first, match.second)
    merged = open_casefile(case, NOW)
    assert any({match.first, match.second} <= set(one.members) for one in merged.entries)
