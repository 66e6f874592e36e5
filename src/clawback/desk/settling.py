"""Where the sources of a fact do not agree: which of their claims a person holds to be right."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from clawback.desk.records import record_decisions
from clawback.errors import UsageError
from clawback.model.card import TEN_FACTS
from clawback.store.records import Decision

KIND = "fact"


def decide_fact(
    case_dir: Path,
    passphrase: str | None,
    record: tuple[str, str],
    text: str,
    known: Collection[str],
    now: datetime,
) -> None:
    """Write down which of two claims on a fact is right (`record`: transfer id and fact); "" for not sure.

    `known`: ids that the case has. Raises UsageError for a record or fact that it does not have.
    """
    if record[0] not in known or record[1] not in TEN_FACTS:
        raise UsageError(f"No transfer {record[0]} in this case.", f"案件里没有转账 {record[0]}。")
    record_decisions(case_dir, (Decision(KIND, record, text, "user", now),), passphrase)


def facts_decided(decisions: Iterable[Decision]) -> dict[tuple[str, str], str]:
    """The latest choice between claims, by transfer id and fact."""
    return {
        (one.subject[0], one.subject[1]): one.value
        for one in decisions
        if one.kind == KIND and len(one.subject) == 2
    }
