"""A British victim of an authorised payment scam, from two files to the bank's claim form."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from clawback.cli import main

STATEMENT = """Date,Time,Type,Money out,Money in,Balance,Currency,Payee,Account number,Sort code,Reference
18/11/2026,14:32,Faster payment,"2,500.00",,1200.00,GBP,Northgate Asset Desk,12345678,20-00-00,NAD-2291
17/11/2026,12:10,Card payment,12.40,,3700.00,GBP,Corner Bakery,,,
"""
CHAT = (
    "18/11/2026, 14:20 - Alex Morgan: Please send the 2,500 to our settlement account: Northgate Asset Desk, "
    "sort code 20-00-00, account number 12345678\n"
    "18/11/2026, 14:35 - Sam Example: I've just sent £2,500\n"
    "19/11/2026, 09:00 - Alex Morgan: To withdraw you must first pay a tax of £900\n"
)


@pytest.fixture
def case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    heap = tmp_path / "heap"
    heap.mkdir()
    (heap / "statement.csv").write_text(STATEMENT, encoding="utf-8")
    (heap / "WhatsApp Chat with Alex.txt").write_text(CHAT, encoding="utf-8")
    answers = tmp_path / "answers.yaml"
    answers.write_text("situation: app_payment\nuser.name: Sam Example\n", encoding="utf-8")
    words = [
        "open",
        str(heap),
        "--jurisdiction",
        "gb",
        "--now",
        "2026-11-20T10:00+00:00",
        "--answers",
        str(answers),
    ]
    monkeypatch.setattr(sys, "argv", ["clawback", *words, "--json"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_payment_in_bill_and_chat_is_one_and_the_bakery_is_out(case: dict[str, Any]) -> None:
    paid = next(one for one in case["transfers"] if one["scope"] == "in")
    assert (paid["amount"], paid["direction"]) == ({"value": "2500.00", "currency": "GBP"}, "out")
    assert paid["moment"]["instant"] == "2026-11-18T14:32:00+00:00"
    assert (paid["payee"]["name"], paid["payee"]["account"]) == ("Northgate Asset Desk", "12345678")
    assert {source["exhibit"] for source in paid["sources"]} == {1, 2}
    assert case["losses"][0]["lost"] == "2500.00"
    assert [one["amount"]["value"] for one in case["transfers"] if one["scope"] == "out"] == ["12.40"]


def test_the_plan_begins_with_the_bank_and_counts_the_claim_from_the_payment(case: dict[str, Any]) -> None:
    plan = {one["id"]: one for one in case["plan"]}
    assert case["plan"][0]["id"] == "gb.call_bank"
    assert case["card"]["call_now"] == "bank_159"
    # 13 months after the last payment of the scam, 18 November 2026; a soft date: secondary sources only
    claim = plan["gb.app_claim"]
    assert claim["deadline"][:10] == "2027-12-18"
    assert claim["clock"]["firm"] is False


def test_the_claim_and_the_report_sheet_are_written_in_english(case: dict[str, Any]) -> None:
    written = {one["form"]: one["files"] for one in case["filings"]}
    assert {"bank_app_claim", "report_fraud"} <= written.keys()
    assert written["bank_app_claim"] == ["bank_app_claim_en.pdf", "bank_app_claim_en.docx"]
