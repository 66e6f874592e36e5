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
