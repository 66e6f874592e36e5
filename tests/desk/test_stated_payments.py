"""A payment that the user types is in ledger, card, sums and papers, with the statement as its source."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from clawback.desk import intake
from clawback.desk.casefile import open_casefile
from clawback.desk.deciding import ids_of
from clawback.desk.filing import in_language, write_one
from clawback.desk.sealing import statement_document
from clawback.desk.settling import decide_fact
from clawback.errors import UsageError
from clawback.filings.printed import pdf_pages
from clawback.filings.write import write_card
from clawback.model.casefile import CaseFile
from clawback.model.events import Method
from clawback.model.evidence import Grade
from clawback.model.ledger import Scope

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
LATER = datetime.fromisoformat("2026-11-20T10:20:00+08:00")
TYPED = {
    "emergency.last_payment": "under_30_minutes",
    "emergency.paid_by": "bank_transfer",
    "payment.amount@p1": "12000.00 CNY",
    "payment.moment@p1": "2026-11-20T09:40+08:00",
    "payment.method@p1": "bank_transfer",
    "payment.payee_name@p1": "王样本",
    "payment.payee_account@p1": "6222000000000009",
}
BILL = (
    "交易日期,交易时间,对方户名,对方账号,收入金额,支出金额,余额,摘要,流水号\n"
    "2026-11-20,09:41:12,王样本,6222000000000009,,12000.00,500.00,转账,20261120000017\n"
    "2026-11-20,08:10:00,样本早餐,6222000000000025,,11.00,12500.00,消费,20261120000003\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    heap = tmp_path / "heap"
    heap.mkdir()
    (heap / "备忘.txt").write_text("刚刚被骗了\n", encoding="utf-8")
    intake.open_heap(heap, tmp_path / "case", intake.OpenOptions(now=NOW, answers=TYPED))
    return tmp_path / "case"


def look(folder: Path, now: datetime = LATER) -> CaseFile:
    return open_casefile(folder, now)


def test_a_typed_payment_is_in_ledger_card_and_sums_with_its_statement(folder: Path) -> None:
    file = look(folder)
    (entry,) = file.entries
    assert entry.scope is Scope.IN
    assert entry.transfer.method is Method.BANK_TRANSFER
    (line,) = file.card.lines
    facts = {fact.key: fact for fact in line.facts}
    assert facts["payee_account"].text == "6222000000000009"
    grades = {exhibit.number: exhibit.grade for exhibit in file.exhibits}
    assert {grades[source.exhibit] for source in facts["amount"].sources} == {Grade.STATEMENT}
    assert set(line.missing) == {
        "payer_name", "paying_institution", "paying_account", "reference", "payee_institution",
    }  # fmt: skip
    assert file.losses[0].lost.text == "12000.00"
    assert line.call is not None
    assert line.call.phone == "110"


def test_the_bill_that_comes_later_joins_it_and_nothing_is_counted_twice(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "账单.csv").write_text(BILL, encoding="utf-8")
    intake.open_heap(tmp_path / "账单.csv", folder, intake.OpenOptions(now=LATER))
    file = look(folder)
    inside = [entry for entry in file.entries if entry.scope is Scope.IN]
    assert [entry.transfer.reference for entry in inside] == ["20261120000017"]
    assert len(inside[0].members) == 2
    assert file.losses[0].lost.text == "12000.00"


def test_a_fact_filled_in_later_reaches_the_card(folder: Path) -> None:
    id = look(folder).entries[0].id
    intake.seal_answers(folder, {f"payment.payee_institution@{id}": "示例银行"}, LATER)
    (line,) = look(folder).card.lines
    fact = next(fact for fact in line.facts if fact.key == "payee_institution")
    assert fact.text == "示例银行"
    assert fact.sources[0].text == "示例银行"
    assert "示例银行 6222000000000009" in line.say_zh


def test_a_choice_between_claims_is_kept_and_only_about_what_exists(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "账单.csv").write_text(BILL, encoding="utf-8")
    intake.open_heap(tmp_path / "账单.csv", folder, intake.OpenOptions(now=LATER))
    file = look(folder)
    entry = next(entry for entry in file.entries if entry.scope is Scope.IN)
    intake.seal_answers(folder, {f"payment.reference@{entry.id}": "20261120000071"}, LATER)
    (line,) = look(folder).card.lines
    fact = next(fact for fact in line.facts if fact.key == "reference")
    assert fact.text == "20261120000017"
    assert fact.conflict is not None
    assert [claim.text for claim in fact.conflict.claims] == ["20261120000017", "20261120000071"]
    decide_fact(folder, None, (entry.id, "reference"), "20261120000071", ids_of(file), LATER)
    (line,) = look(folder).card.lines
    fact = next(fact for fact in line.facts if fact.key == "reference")
    assert fact.text == "20261120000071"
    with pytest.raises(UsageError):
        decide_fact(folder, None, ("T99", "reference"), "1", ids_of(file), LATER)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_papers_speak_of_a_typed_payment_and_pass_the_gate(folder: Path, tmp_path: Path, lang: str) -> None:
    intake.seal_answers(folder, {f"payment.reference@{look(folder).entries[0].id}": "20261120000017"}, LATER)
    file = in_language(look(folder), lang)
    for form in ("stop_payment", "police_report", "emergency_card", "lawyer_bundle"):
        card = form == "emergency_card"
        files = write_card(file, lang, tmp_path) if card else write_one(folder, file, form).files
        pdf = next(path for path in files if path.suffix == ".pdf")
        text = "".join(pdf_pages(pdf.read_bytes())).replace(" ", "").replace("\n", "")
        assert "6222000000000009" in text, form
        assert "12,000.00" in text, form
        assert "20261120000017" in text, form
        assert "payment.amount" not in text, form
        assert "emergency.paid" not in text, form


def test_a_file_that_poses_as_a_statement_makes_no_payment(folder: Path, tmp_path: Path) -> None:
    posing = statement_document({"payment.amount@p1": "99999.00 CNY"}, NOW)
    (tmp_path / "statement.json").write_bytes(posing)
    intake.open_heap(tmp_path / "statement.json", folder, intake.OpenOptions(now=LATER))
    file = look(folder)
    assert [entry.transfer.amount.text for entry in file.entries] == ["12000.00"]
    assert "statement_not_made_here" in [problem.code for problem in file.problems]
