"""What was read of a payment or message in one exhibit, fact by fact, each with the source that shows it.

A person may say that a fact was misread. That becomes a statement, dated and sealed; the reading stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clawback.model.events import Statement, Transfer
from clawback.model.evidence import Source
from clawback.model.moments import Moment
from clawback.model.money import Amount
from clawback.readers.contract import Reading

CORRECTION = "correction"
"""Question id of a statement that a fact was misread; its subject is `ReadFact.subject`."""

FIELDS = (
    "amount",
    "moment",
    "payer_name",
    "payer_institution",
    "payer_number",
    "payee_name",
    "payee_institution",
    "payee_number",
    "reference",
    "merchant_reference",
    "note",
    "fee",
)

Value = Amount | Moment | str


@dataclass(frozen=True, slots=True)
class ReadFact:
    """One fact. `record`: id of the transfer. `field`: one of `FIELDS`. `source`: where its value stands, or
    where the record begins when no source shows the value by itself."""

    record: str
    field: str
    value: Value
    source: Source

    @property
    def subject(self) -> str:
        """What a correction is about."""
        return f"{self.record}/{self.field}"


def facts_of(transfer: Transfer) -> tuple[ReadFact, ...]:
    """The facts that one exhibit shows of a transfer; what it does not show is left out."""
    values = {field: _value(transfer, field) for field in FIELDS}
    return tuple(
        ReadFact(transfer.id, field, value, _shown_by(value, transfer.sources))
        for field, value in values.items()
        if value is not None
    )


def find_fact(reading: Reading, subject: str) -> ReadFact | None:
    """The fact that a correction is about, or None when the exhibit holds none such."""
    record, _, field = subject.rpartition("/")
    for transfer in reading.transfers:
        if transfer.id == record:
            return next((fact for fact in facts_of(transfer) if fact.field == field), None)
    return None


def corrections(statements: Iterable[Statement]) -> Mapping[str, Statement]:
    """The latest correction of each subject; one that was taken back (empty) is left out."""
    latest: dict[str, Statement] = {}
    for statement in statements:
        if statement.question == CORRECTION:
            known = latest.get(statement.subject)
            if known is None or known.moment.utc <= statement.moment.utc:
                latest[statement.subject] = statement
    return {subject: said for subject, said in latest.items() if said.value.strip()}


def _value(transfer: Transfer, field: str) -> Value | None:
    side, _, part = field.partition("_")
    if side in ("payer", "payee") and part:
        found = getattr(getattr(transfer, side), part)
    else:
        found = getattr(transfer, field)
    return found or None


def _shown_by(value: Value, sources: tuple[Source, ...]) -> Source:
    wanted = _bare(value)
    return next((source for source in sources if wanted in _stripped(source.text)), sources[0])


def _bare(value: Value) -> str:
    if isinstance(value, Amount):
        return f"{value.value:f}"
    if isinstance(value, Moment):
        return value.instant.strftime("%H:%M")
    return _stripped(value)


def _stripped(text: str) -> str:
    """Without spaces and thousands commas: pictures set numbers in groups."""
    return "".join(character for character in text if not character.isspace() and character != ",")
