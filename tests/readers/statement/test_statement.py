"""The sealed answers document: read back strictly."""

from __future__ import annotations

import json

import pytest

from clawback.model.evidence import Grade
from clawback.readers.contract import Sureness
from clawback.readers.statement import StatementReader
from reading import codes, read, sureness, written

READER = StatementReader()
ANSWERS = [
    {"question": "user.name", "subject": "", "value": "林知夏"},
    {"question": "transfer.scope", "subject": "T3.r12", "value": "in"},
]


def document(**changes: object) -> str:
    whole = {"schema": "clawback.statement/1", "made_at": "2026-11-23T09:30:00+08:00", "answers": ANSWERS}
    return json.dumps(whole | changes, ensure_ascii=False)


def test_reads_answers_in_order_with_date_and_place() -> None:
    reading = read(READER, document())
    assert [(s.question, s.subject, s.value) for s in reading.statements] == [
        ("user.name", "", "林知夏"),
        ("transfer.scope", "T3.r12", "in"),
    ]
    assert written(reading.statements[0].moment) == "2026-11-23T09:30:00+08:00 second stated"
    assert [s.sources[0].locator.item for s in reading.statements] == ["1", "2"]
    assert reading.statements[0].sources[0].text == "林知夏"
    assert reading.grade is Grade.STATEMENT
    assert reading.complete


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "clawback.statement/2"},
        {"made_at": "2026-11-23T09:30:00"},
        {"made_at": "yesterday"},
        {"made_at": 5},
        {"answers": {}},
    ],
)
def test_a_document_of_another_shape_gives_nothing(changes: dict[str, object]) -> None:
    reading = read(READER, document(**changes))
    assert reading.statements == ()
    assert codes(reading) == ["statement_malformed"]
    assert not reading.complete


@pytest.mark.parametrize(
    "odd",
    [
        {"question": "User Name", "value": "x"},
        {"question": "user.name"},
        {"question": "user.name", "value": 5},
        {"question": "user.name", "value": "x", "subject": None},
        {"question": "user.name", "value": "x", "extra": "y"},
        "user.name",
    ],
)
def test_one_odd_answer_costs_only_itself(odd: object) -> None:
    reading = read(READER, document(answers=[odd, ANSWERS[0]]))
    assert [s.sources[0].locator.item for s in reading.statements] == ["2"]
    assert codes(reading) == ["statement_malformed"]
    assert reading.problems[0].locator.item == "1"


def test_unknown_keys_of_the_document_are_reported() -> None:
    assert codes(read(READER, document(extra=1))) == ["statement_malformed"]


def test_is_known_by_its_schema_mark_alone() -> None:
    assert sureness(READER, document(), "anything.bin") is Sureness.CERTAIN
    assert sureness(READER, json.dumps({"schema": "clawback.case/1"})) is Sureness.NO
    assert sureness(READER, '{"note": {"schema": "clawback.statement/1"}}') is Sureness.NO


def typed(**facts: str) -> str:
    answers = [
        {"question": f"payment.{fact}", "subject": "p1", "value": value} for fact, value in facts.items()
    ]
    return document(answers=answers)


def test_a_payment_that_the_user_typed_is_a_transfer_with_a_place_for_each_fact() -> None:
    reading = read(
        READER,
        typed(
            amount="12000.00 CNY",
            moment="2026-11-23T09:10+08:00",
            method="bank_transfer",
            payee_name="王样本",
            payee_account="6222000000000009",
            payee_institution="示例银行",
        ),
    )
    (transfer,) = reading.transfers
    assert (transfer.amount.text, transfer.amount.currency) == ("12000.00", "CNY")
    assert written(transfer.moment) == "2026-11-23T09:10:00+08:00 minute assumed"
    assert (transfer.payee.name, transfer.payee.number) == ("王样本", "6222000000000009")
    assert transfer.payee.institution == "示例银行"
    assert transfer.payer.number is None
    assert transfer.id == "T1.i1"
    assert [source.locator.item for source in transfer.sources] == ["1", "2", "3", "4", "5", "6"]
    assert reading.complete


def test_without_a_sum_there_is_no_transfer_and_nothing_is_lost() -> None:
    reading = read(READER, typed(payee_name="王样本"))
    assert reading.transfers == ()
    assert [statement.value for statement in reading.statements] == ["王样本"]
    assert reading.complete


def test_a_fact_about_another_record_makes_no_transfer() -> None:
    answers = [{"question": "payment.amount", "subject": "T3.r12", "value": "5.00 CNY"}]
    assert read(READER, document(answers=answers)).transfers == ()


@pytest.mark.parametrize("sum", ["12000", "CNY 5", "0.00 CNY", "-5.00 CNY", "1E5 CNY", ""])
def test_a_sum_that_is_none_makes_no_transfer_and_is_reported_unless_empty(sum: str) -> None:
    reading = read(READER, typed(amount=sum, payee_name="王样本"))
    assert reading.transfers == ()
    assert codes(reading) == (["amount_unclear"] if sum else [])


def test_a_time_that_is_none_stays_missing_and_is_reported() -> None:
    reading = read(READER, typed(amount="5.00 CNY", moment="yesterday"))
    assert reading.transfers[0].moment is None
    assert codes(reading) == ["date_not_understood"]
