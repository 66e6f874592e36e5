"""What came of a phone call: written down once, never changed, shown where the case is followed up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from clawback.desk.records import Records, record_decisions
from clawback.errors import UsageError
from clawback.store.records import Decision

KIND = "call"
LONGEST = 200


class CallResult(StrEnum):
    """How the call ended, as the person says."""

    ACCEPTED = "accepted"  # got through, and it was taken up
    REFUSED = "refused"  # got through, and it was not
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call. `number`: place of the record among all decisions, from 1. `channel`: id of the body called;
    `phone`: the number shown, or "". `transfer`: id of the payment that it was about, or "". `reference`,
    `officer`: as told on the phone, or "". `at`: when it was made; `noted_at`: when it was written down.
    """

    number: int
    channel: str
    phone: str
    transfer: str
    result: CallResult
    reference: str
    officer: str
    at: datetime
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What the person writes down about a call; see `CallMade`."""

    channel: str
    phone: str
    transfer: str
    result: CallResult
    reference: str
    officer: str
    at: datetime


def note_call(case_dir: Path, passphrase: str | None, told: Told, now: datetime) -> None:
    """Write a call down. Raises UsageError for a time to come or a text too long, else as
    `record_decisions`."""
    if told.at.tzinfo is None or told.at > now:
        raise UsageError("This time has not come yet.", "这个时间还没到。")
    if max(len(told.reference), len(told.officer)) > LONGEST:
        raise UsageError("Please keep it to 200 characters.", "请写在200字以内。")
    parts = {
        "result": told.result.value,
        "at": told.at.isoformat(),
        "phone": told.phone,
        "reference": told.reference,
        "officer": told.officer,
    }
    value = json.dumps(parts, ensure_ascii=False)
    record_decisions(
        case_dir, (Decision(KIND, (told.channel, told.transfer), value, "user", now),), passphrase
    )


def calls(records: Records) -> tuple[CallMade, ...]:
    """Every call that was written down and not taken back, oldest first."""
    withdrawn = {one.subject[0] for one in records.decisions if one.kind == "withdraw" and one.subject}
    return tuple(
        _call(number, decision)
        for number, decision in enumerate(records.decisions, start=1)
        if decision.kind == KIND and str(number) not in withdrawn
    )


def _call(number: int, decision: Decision) -> CallMade:
    parts: Mapping[str, Any] = json.loads(decision.value)
    channel, transfer = decision.subject
    return CallMade(
        number=number,
        channel=channel,
        phone=str(parts["phone"]),
        transfer=transfer,
        result=CallResult(parts["result"]),
        reference=str(parts["reference"]),
        officer=str(parts["officer"]),
        at=datetime.fromisoformat(str(parts["at"])),
        noted_at=decision.at,
    )
