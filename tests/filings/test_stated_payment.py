"""A payment that only the user states stands in papers with their statement; the gate holds it to that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from clawback.errors import FilingRefused
from clawback.filings.assemble import assemble
from clawback.filings.draft import Bound, Draft, FieldTable, Line, Missing, Run
from clawback.filings.forms import load_form
from clawback.filings.gate import check_draft
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Locator, Source
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount
from filings.casefile_sample import card, casefile, moment

FORM = load_form("cn", "stop_payment")


def word(item: int, text: str) -> Source:
    return Source(8, Locator(item=str(item)), text, "statement", "2")


def stated(amount_said: str = "9900.00 CNY") -> CaseFile:
    """The sample case with one more payment, of which there is nothing but the user's word (exhibit 8)."""
    transfer = Transfer(
        Direction.OUT, Amount(Decimal("9900"), "CNY"), moment("2026-09-11T10:10"), TransferStatus.UNKNOWN,
        Method.BANK_TRANSFER, Account(), Account("钱样例", None, "6222000000000033"),
        (word(1, amount_said), word(2, "2026-09-11T10:10+08:00"), word(3, "钱样例"),
         word(4, "6222000000000033")),
    )  # fmt: skip
    one = LedgerEntry(transfer, (transfer.id,), (), Scope.IN, ())
    file = casefile()
    return replace(file, entries=(*file.entries, one), card=card((one, *file.entries)))


def runs(draft: Draft) -> list[Run]:
    return [run for _, line in draft.lines() for run in line.runs]


def with_text(draft: Draft, old: str, new: str) -> Draft:
    def line(one: Line) -> Line:
        changed = (replace(run, text=new) if run.text == old else run for run in one.runs)
        return replace(one, runs=tuple(changed))

    blocks = tuple(
        replace(block, rows=tuple((line(label), line(value)) for label, value in block.rows))
        if isinstance(block, FieldTable)
        else block
        for block in draft.blocks
    )
    return replace(draft, blocks=blocks)


def test_a_stated_payment_is_printed_with_the_statement_as_its_exhibit() -> None:
    file = stated()
    draft = assemble(FORM, file, "zh")
    check_draft(draft, FORM, file)
    mine = [run for run in runs(draft) if isinstance(run, Bound) and run.record in ("C.T8.i1", "T8.i1")]
    assert {"9,900.00元", "6222000000000033", "钱样例"} <= {run.text for run in mine}
    assert {exhibit for run in mine for exhibit in run.exhibits} == {8}


@pytest.mark.parametrize(
    ("old", "new"),
    [("9,900.00元", "9,800.00元"), ("6222000000000033", "6222000000000034"), ("钱样例", "钱样本")],
)
def test_a_changed_figure_of_a_stated_payment_is_refused(old: str, new: str) -> None:
    file = stated()
    draft = with_text(assemble(FORM, file, "zh"), old, new)
    with pytest.raises(FilingRefused):
        check_draft(draft, FORM, file)


def test_a_sum_that_the_statement_does_not_say_stays_a_gap() -> None:
    file = stated(amount_said="8800.00 CNY")
    draft = assemble(FORM, file, "zh")
    check_draft(draft, FORM, file)
    assert "9,900.00元" not in {run.text for run in runs(draft) if isinstance(run, Bound)}
    assert any(isinstance(run, Missing) for run in runs(draft))
