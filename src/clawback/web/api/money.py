"""Transfers, what a person decides about them, and what was lost."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from starlette.exceptions import HTTPException

from clawback.desk.deciding import Pair, decide_pairs, decide_scope, ids_of, pairs_between
from clawback.desk.export import loss_json, match_json, transfer_json
from clawback.desk.permissions import Act
from clawback.errors import CaseBusy, UsageError
from clawback.model.ledger import LedgerEntry, Scope
from clawback.web.api.contract import Call, Endpoint, Json, NoQuery, PageQuery, Strict
from clawback.web.api.paging import page_of
from clawback.web.api.shapes import Losses, Matches, Transfers, TransferShape

_VERDICTS = {True: Pair.ONE, False: Pair.TWO, None: Pair.OPEN}
_ID = r"^[A-Za-z0-9._-]{1,80}$"


class TransferQuery(PageQuery):
    """Transfers of one scope, or all."""

    scope: Scope | None = None


class ScopeDecision(Strict):
    """Does this transfer belong to the case? `scope` null takes the user's earlier word back."""

    scope: Scope | None


class MatchDecision(Strict):
    """Are these two records one transfer? `same` null: not sure, or the earlier word taken back."""

    first: str = Field(pattern=_ID)
    second: str = Field(pattern=_ID)
    same: bool | None = Field(strict=True)


def list_transfers(call: Call[TransferQuery, None]) -> Json:
    """Transfers."""
    entries, wanted = call.case.file().entries, call.query.scope
    if wanted is not None:
        entries = tuple(entry for entry in entries if entry.scope is wanted)
    return page_of(entries, call.query, lambda entry: entry.id, transfer_json)


def one_transfer(call: Call[NoQuery, None]) -> Json:
    """One transfer, by any id that it was read under."""
    return transfer_json(_entry(call))


def set_scope(call: Call[NoQuery, ScopeDecision]) -> Json:
    """Write the decision down; the transfer as it stands now."""
    case, id, scope = call.case, _entry(call).id, call.body.scope
    known = ids_of(case.file())
    case.change(lambda folder, secret: decide_scope(folder, secret, id, scope, known, case.clock()))
    return transfer_json(_entry(call))


def list_matches(call: Call[PageQuery, None]) -> Json:
    """Pairs that may be one transfer."""
    return page_of(
        call.case.file().possible_matches, call.query, lambda pair: f"{pair.first}~{pair.second}", match_json
    )


def settle_match(call: Call[PageQuery, MatchDecision]) -> Json:
    """Write the decision down; the pairs that still wait."""
    case, said = call.case, call.body
    if said.first == said.second:
        raise UsageError("A record is always one with itself.", "同一条记录不用判断。")
    file, verdict = case.file(), _VERDICTS[said.same]
    known = ids_of(file)
    if not known.issuperset((said.first, said.second)):
        raise HTTPException(404)
    pairs = pairs_between(file, said.first, said.second, verdict)
    case.change(lambda folder, secret: decide_pairs(folder, secret, pairs, verdict, known, case.clock()))
    return list_matches(Call(call.visit, call.query, None, case))


def losses(call: Call[NoQuery, None]) -> Json:
    """Sums per currency."""
    return {"items": [loss_json(loss) for loss in call.case.file().losses]}


def _entry(call: Call[NoQuery, Any]) -> LedgerEntry:
    wanted = call.visit.part("transfer")
    found = next((entry for entry in call.case.file().entries if wanted in entry.members), None)
    if found is None:
        raise HTTPException(404)
    return found


ENDPOINTS = (
    Endpoint("GET", "/cases/{case}/transfers", "Transfers", list_transfers, Transfers, query=TransferQuery),
    Endpoint("GET", "/cases/{case}/transfers/{transfer}", "One transfer", one_transfer, TransferShape),
    Endpoint(
        "POST",
        "/cases/{case}/transfers/{transfer}/scope",
        "Decide whether a transfer belongs to the case",
        set_scope,
        TransferShape,
        Act.DECIDE,
        body=ScopeDecision,
        errors=(CaseBusy,),
    ),
    Endpoint("GET", "/cases/{case}/matches", "Possible matches", list_matches, Matches, query=PageQuery),
    Endpoint(
        "POST",
        "/cases/{case}/matches",
        "Decide whether two records are one transfer",
        settle_match,
        Matches,
        Act.DECIDE,
        PageQuery,
        MatchDecision,
        errors=(CaseBusy,),
    ),
    Endpoint("GET", "/cases/{case}/losses", "What was sent, returned and lost", losses, Losses),
)
