"""Money: what was lost, what is doubtful, where it went, and the ledger with its proofs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.deciding import Pair, decide_pairs, decide_scope, ids_of, pairs_between
from clawback.desk.livecase import LiveCase
from clawback.desk.moneyrows import (
    MoneyState,
    PairCard,
    Sums,
    entry_of,
    judged_with,
    ledger_csv,
    pairs_of,
    rows_of,
    sightings_of,
    state_of,
    sums_of,
    unsettled_of,
)
from clawback.desk.moneytrail import Band, Trail, trails_of
from clawback.desk.permissions import Act
from clawback.desk.tracking import Recovered, Tracking, tracking_of
from clawback.desk.wording import reason_sentence
from clawback.errors import CaseNotFound
from clawback.model.events import Account, Direction, Transfer
from clawback.model.evidence import Grade
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount
from clawback.model.writing import figure
from clawback.web.flowpicture import Words, draw
from clawback.web.visit import Visit, endpoint

PAGE = 50
_FIRST_UNSURE = 3
_LONG = 24


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as a row shows it. `reasons`: why it is in, out or unsure, in words."""

    entry: LedgerEntry
    payer: str
    payee: str
    other: str
    out: bool
    state: MoneyState
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of rows. `total`: how many there are on all pages; pages count from 1."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A band as table and phone list show it. `share`: of the largest, in percent, for the bar beside it."""

    band: Band
    own: str
    far: str
    share: float
    link: str


@dataclass(frozen=True, slots=True)
class TrailView:
    """A currency's trail ready to show. `svg` None: no picture, by the number of transfers."""

    trail: Trail
    rows: tuple[TrailRow, ...]
    svg: Markup | None
    thin: bool
    largest: str
    largest_sum: Amount | None
    largest_percent: int
    returned: Amount | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was just decided, with what takes it back."""

    key: str
    fields: tuple[tuple[str, str], ...]
    address: str


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """`pair`: the pair to judge now, `pair_number` of `pairs`. `unsure`: the first few, of `unsure_total`."""

    sums: tuple[Sums, ...]
    pair: PairCard | None
    pair_number: int
    pairs: int
    first: Row | None
    second: Row | None
    unsure: tuple[Row, ...]
    unsure_total: int
    out_total: int
    trails: tuple[TrailView, ...]
    ledger: Paged
    like: str
    currency: str
    currencies: tuple[str, ...]
    told: Told | None
    unread_amounts: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """Transfers of one scope, paged."""

    scope: Scope
    listed: Paged
    told: Told | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One record of a transfer, with what it shows and where."""

    id: str
    transfer: Transfer
    grade: Grade
    why: str
    payer: str
    payee: str


@dataclass(frozen=True, slots=True)
class TransferPage:
    """One transfer with all its records side by side."""

    row: Row
    sightings: tuple[Sighting, ...]
    judged: tuple[tuple[str, str], ...]
    recovered: tuple[Recovered, ...]
    told: Told | None


def money(visit: Visit) -> Response:
    """What was lost, and where it went."""
    case = visit.case()
    file, records = case.file(), case.records()
    tracking = tracking_of(records, file)
    pairs = pairs_of(file, records)
    number = min(_number(visit.asked("pair")), max(len(pairs), 1))
    pair = pairs[number - 1] if pairs else None
    row = partial(row_of, visit, tracking)
    unsettled = unsettled_of(file)
    like, currency = visit.asked("like"), visit.asked("currency")
    trails = trails_of(
        file, tracking, on_request=visit.asked("draw") == "1", expanded=visit.asked("all") == "1"
    )
    page = MoneyPage(
        sums=sums_of(file, tracking),
        pair=pair,
        pair_number=number,
        pairs=len(pairs),
        first=row(pair.first) if pair else None,
        second=row(pair.second) if pair else None,
        unsure=tuple(row(entry) for entry in unsettled[:_FIRST_UNSURE]),
        unsure_total=len(unsettled),
        out_total=sum(entry.scope is Scope.OUT for entry in file.entries),
        trails=tuple(_view(visit, case, trail) for trail in trails),
        ledger=_paged(visit, tracking, rows_of(file, Scope.IN, currency=currency, like=like)),
        like=like,
        currency=currency,
        currencies=tuple(trail.currency for trail in trails),
        told=_told(visit, case),
        unread_amounts=sum(problem.code == "amount_unclear" for problem in file.problems),
    )
    return visit.page("money.html", page, case=case)


def out_of_scope(visit: Visit) -> Response:
    """Transfers that have nothing to do with the case."""
    return _list(visit, Scope.OUT)


def unsure(visit: Visit) -> Response:
    """Transfers of which it is not sure whether they belong to the case."""
    return _list(visit, Scope.UNSURE)


def _list(visit: Visit, scope: Scope) -> Response:
    case = visit.case()
    file = case.file()
    tracking = tracking_of(case.records(), file)
    page = ListPage(scope, _paged(visit, tracking, rows_of(file, scope)), _told(visit, case))
    return visit.page("money_list.html", page, case=case)


def transfer(visit: Visit) -> Response:
    """One transfer: its proofs side by side, why they are one, why it belongs here."""
    case = visit.case()
    file, records = case.file(), case.records()
    tracking = tracking_of(records, file)
    entry = entry_of(file, visit.part("transfer"))
    if entry is None:
        raise CaseNotFound("There is no such transfer in this case.", "这个案件里没有这笔转账。")
    grades = {exhibit.number: exhibit.grade for exhibit in file.exhibits}
    reasons = ("", *(reason_sentence(one, visit.lang) for one in entry.merge_reasons))
    seen = sightings_of(entry, records)
    page = TransferPage(
        row=row_of(visit, tracking, entry),
        sightings=tuple(
            Sighting(
                one.id,
                one,
                grades.get(one.sources[0].exhibit, Grade.UNGRADED),
                reasons[place] if place < len(reasons) else "",
                account_words(visit, one.payer),
                account_words(visit, one.payee),
            )
            for place, one in enumerate(seen)
        ),
        judged=judged_with(entry, records),
        recovered=tuple(one for one in tracking.recovered if one.transfer == entry.id),
        told=_told(visit, case),
    )
    return visit.page("transfer.html", page, case=case)


def judge_scope(visit: Visit) -> Response:
    """Write down whether a transfer belongs to the case."""
    case = visit.case(Act.DECIDE)
    id, sent = visit.typed("transfer"), visit.typed("scope")
    scope = Scope(sent) if sent in tuple(Scope) else None
    known = ids_of(case.file())
    case.change(lambda folder, secret: decide_scope(folder, secret, id, scope, known, case.clock()))
    told = {"told": f"scope_{scope.value}", "of": id} if scope else {}
    return _back(visit, case, told)


def judge_pair(visit: Visit) -> Response:
    """Write down whether two records are one transfer."""
    case = visit.case(Act.DECIDE)
    pair = (visit.typed("first"), visit.typed("second"))
    sent = visit.typed("verdict")
    verdict = Pair(sent) if sent in tuple(Pair) else Pair.OPEN
    file = case.file()
    known, pairs = ids_of(file), pairs_between(file, *pair, verdict)
    case.change(lambda folder, secret: decide_pairs(folder, secret, pairs, verdict, known, case.clock()))
    if visit.typed("undo"):
        return _back(visit, case, {})
    return _back(visit, case, {"told": f"pair_{verdict.value}", "of": pair[0], "and": pair[1]})


def _back(visit: Visit, case: LiveCase, told: dict[str, str]) -> Response:
    """To the part of the money pages that the press came from."""
    back = visit.typed("back")
    places = {"unsure": "/unsure", "out": "/out"}
    path = f"/c/{case.id}/money{places.get(back, '')}"
    if back == "transfer":
        path += "/" + quote(visit.typed("transfer") or visit.typed("first"), safe="")
    return visit.go(path, **told)


def table(visit: Visit) -> Response:
    """The ledger as a file for a spreadsheet."""
    case = visit.case()
    headers = {"Content-Disposition": 'attachment; filename="ledger.csv"'}
    return Response(ledger_csv(case.file(), visit.lang), media_type="text/csv", headers=headers)


# ------------------------------------------------------------------------------------------------- making


def row_of(visit: Visit, tracking: Tracking, entry: LedgerEntry) -> Row:
    """An entry in the visitor's language."""
    transfer = entry.transfer
    return Row(
        entry=entry,
        payer=account_words(visit, transfer.payer),
        payee=account_words(visit, transfer.payee),
        other=account_words(visit, transfer.other),
        out=transfer.direction is Direction.OUT,
        state=state_of(entry, tracking),
        reasons=tuple(reason_sentence(one, visit.lang) for one in entry.scope_reasons),
    )


def account_words(visit: Visit, account: Account) -> str:
    """An account in a line: whose, and the end of its number."""
    words = " ".join(filter(None, (account.name or account.institution, _ending(account.number or ""))))
    return words or visit.say("money.unknown")


def _ending(number: str) -> str:
    """The last four digits; of an address of letters and digits (crypto) the first and last four; any other
    name of an account whole."""
    if number[-4:].isdigit() and len(number) > 4:
        return number[-4:]
    return f"{number[:4]}…{number[-4:]}" if number.isalnum() and len(number) > _LONG else number


def _paged(visit: Visit, tracking: Tracking, entries: Sequence[LedgerEntry]) -> Paged:
    pages = max(1, -(-len(entries) // PAGE))
    page = min(_number(visit.asked("page")), pages)
    shown = entries[(page - 1) * PAGE : page * PAGE]
    return Paged(tuple(row_of(visit, tracking, entry) for entry in shown), len(entries), page, pages)


def _number(asked: str) -> int:
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _told(visit: Visit, case: LiveCase) -> Told | None:
    """What the last press did, and the fields that undo it."""
    key, of, other = visit.asked("told"), visit.asked("of"), visit.asked("and")
    base = f"/c/{case.id}/money"
    if key in {f"scope_{scope.value}" for scope in Scope}:
        return Told(key, (("transfer", of), ("scope", "")), f"{base}/scope")
    if key in {f"pair_{pair.value}" for pair in Pair}:
        return Told(
            key, (("first", of), ("second", other), ("verdict", "unpair"), ("undo", "1")), f"{base}/pairs"
        )
    return None


def _view(visit: Visit, case: LiveCase, trail: Trail) -> TrailView:
    bands = trail.bands
    largest = max((band.flow.total.value for band in bands), default=None)
    link = partial(_link, case)
    picture = draw(trail, _words(visit, link, trail)) if trail.drawn and bands else None
    back = [band.flow.total for band in bands if band.flow.back]
    most = trail.largest
    percent = int(most[1].value * 100 / trail.sent.value) if most and trail.sent.value else 0
    return TrailView(
        trail=trail,
        rows=tuple(
            TrailRow(
                band=band,
                own=_own_words(visit, band),
                far=_far_words(visit, band.far, band.rest),
                share=round(float(band.flow.total.value / largest * 100), 1) if largest else 0.0,
                link=link(band),
            )
            for band in bands
        ),
        svg=picture.svg if picture else None,
        thin=picture.thin if picture else False,
        largest=account_words(visit, most[0]) if most else "",
        largest_sum=most[1] if most else None,
        largest_percent=percent,
        returned=_sum(back) if back else None,
    )


def _sum(amounts: Sequence[Amount]) -> Amount:
    total = amounts[0]
    for amount in amounts[1:]:
        total = total + amount
    return total


def _link(case: LiveCase, band: Band) -> str:
    if not band.like:
        return f"/c/{case.id}/money?all=1#trail"
    return f"/c/{case.id}/money?like={quote(band.like, safe='')}#ledger"


def _own_words(visit: Visit, band: Band) -> str:
    if band.rest and band.own == Account():
        return visit.say("money.many_own")
    return account_words(visit, band.own)


def _far_words(visit: Visit, account: Account, rest: int) -> str:
    return visit.say("money.rest", n=rest) if rest else account_words(visit, account)


def _words(visit: Visit, link: partial[str], trail: Trail) -> Words:
    def who(account: Account, rest: int, many: bool) -> str:
        return visit.say("money.many_own") if many else _far_words(visit, account, rest)

    def sum_line(bands: Sequence[Band]) -> str:
        out = [band.flow.total for band in bands if not band.flow.back]
        back = [band.flow.total for band in bands if band.flow.back]
        parts = [figure(_sum(out))] if out else []
        parts += ["+" + figure(_sum(back))] if back else []
        states = {band.state for band in bands if not band.flow.back}
        if len(states) == 1 and (state := next(iter(states))) is not MoneyState.SENT:
            parts.append(visit.say(f"money.state.{state.value}"))
        return " · ".join(parts)

    def line(band: Band) -> str:
        return visit.say(
            "money.band_back" if band.flow.back else "money.band",
            own=_own_words(visit, band),
            far=_far_words(visit, band.far, band.rest),
            sum=figure(band.flow.total),
            currency=band.flow.total.currency,
            state=visit.say(f"money.state.{band.state.value}"),
        )

    return Words(visit.say("money.picture", currency=trail.currency), who, sum_line, line, link)


ROUTES = (
    Route("/c/{case}/money", endpoint(money)),
    Route("/c/{case}/money/ledger.csv", endpoint(table)),
    Route("/c/{case}/money/scope", endpoint(judge_scope), methods=["POST"]),
    Route("/c/{case}/money/pairs", endpoint(judge_pair), methods=["POST"]),
    Route("/c/{case}/money/out", endpoint(out_of_scope)),
    Route("/c/{case}/money/unsure", endpoint(unsure)),
    Route("/c/{case}/money/{transfer:path}", endpoint(transfer)),
)
