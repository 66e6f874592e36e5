"""The emergency card: the number first, what to read out, ten facts, and what is missing among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.deciding import decide_scope, ids_of
from clawback.desk.emergency import EmergencyCard, Payment, State, answers_for, emergency_card, typed_name
from clawback.desk.intake import seal_answers
from clawback.desk.livecase import LiveCase, ReadingProgress
from clawback.desk.permissions import Act
from clawback.desk.settling import decide_fact
from clawback.desk.typedfacts import CURRENCIES, Frame, in_crisis, read_typed, today_in
from clawback.errors import UsageError
from clawback.model.card import TEN_FACTS, Chance, Fact
from clawback.model.casefile import CaseFile
from clawback.model.events import Method
from clawback.model.ledger import Claim, Scope
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.numerals import write_capital_rmb
from clawback.model.stated import STATED_CHOICES, stated_amount, stated_moment
from clawback.web import figures
from clawback.web.dialling import DialCode, dial_code
from clawback.web.guard import own_path
from clawback.web.pages.now import show_safe
from clawback.web.visit import Visit, endpoint

_COARSE = (Precision.YEAR, Precision.MONTH, Precision.DAY)
_CRYPTO_NAMES = (
    "paying_institution",
    "paying_account",
    "reference",
    "payee_account",
    "payee_institution",
)
_RAILS = (Method.ALIPAY, Method.WECHAT_PAY, Method.CRYPTO, Method.CARD)
_IN_THE_APP = ("moment", "amount", "reference", "payee_name", "payee_account", "payee_institution")
_LONG_NUMBER = re.compile(r"[0-9]{8,}")


@dataclass(frozen=True, slots=True)
class FactRow:
    """One of the ten facts. `shown`: as it reads, "" while missing. `mark`: where it comes from ("file",
    "seen", "stated"), "" while missing. `masked`: part of it is hidden where it was read. `fill`, `choose`:
    address of the small page, or ""."""

    label: str
    fact: Fact
    shown: Markup
    mark: str
    masked: bool
    fill: str
    choose: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """`card`: see there. `ago`: how long since the money left, in words, or ""; `since`: when that was, where
    minutes count, or None. `script`: what to read out; `script_other`: the same in the other language, where
    the body called may need it, or "". `tel`: address of the number to call, or ""; `code`: for a camera."""

    card: EmergencyCard
    heading: str
    ago: str
    since: datetime | None
    now: datetime
    tel: str
    code: DialCode | None
    told: str
    script: Markup
    script_other: Markup
    rows: tuple[FactRow, ...]
    missing: int
    reading: ReadingProgress
    empty_after_reading: bool
    elsewhere: bool
    case_short: str
    made_at: Moment


@dataclass(frozen=True, slots=True)
class FillPage:
    """One missing fact. `find`: where to find it. `fields`, `wrong`: as for the typed payment. `choices`: for
    the method, (value, label)."""

    record: str
    fact: str
    label: str
    find: str
    fields: dict[str, str]
    wrong: dict[str, str]
    empty: bool
    currencies: tuple[str, ...]
    today: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Claims on one fact, each with how it reads. `chosen`: the text settled on, or None."""

    record: str
    fact: str
    label: str
    claims: tuple[tuple[Claim, Markup], ...]
    chosen: str | None
    wrong: bool


def card(visit: Visit) -> Response:
    """The card."""
    case = visit.case()
    file = case.file()
    found = emergency_card(file, visit.asked("payment"))
    payment = found.payment
    rows = _rows(visit, case, file, payment) if payment else ()
    said = _script(visit, found)
    tel = _tel(found)
    page = CardPage(
        card=found,
        heading=_heading(visit, found),
        ago=_ago(visit, payment, file.now),
        since=_since(payment),
        now=file.now,
        tel=tel,
        code=dial_code(tel) if tel else None,
        told=_told(visit, found),
        script=said[0],
        script_other=said[1] if visit.lang == "en" and file.case.jurisdiction == "cn" else Markup(),
        rows=rows,
        missing=sum(row.fact.text is None for row in rows),
        reading=case.progress,
        empty_after_reading=_nothing_read(case, file, found),
        elsewhere=_elsewhere(file),
        case_short=file.case.id[:8],
        made_at=Moment(file.now, Precision.MINUTE, ZoneBasis.STATED),
    )
    return visit.page("card.html", page, case=case)


def pick(visit: Visit) -> Response:
    """The user points at the payment in a bill that this is about."""
    case = visit.case(Act.DECIDE)
    record = visit.typed("record")
    if visit.posted:
        known = ids_of(case.file())
        case.change(lambda folder, key: decide_scope(folder, key, record, Scope.IN, known, case.clock()))
    return visit.go(f"/c/{case.id}/card")


def fill(visit: Visit) -> Response:
    """A missing fact, or one that the user stated and corrects."""
    case = visit.case(Act.ADD if visit.posted else Act.SEE)
    file = case.file()
    record, fact = _asked_fact(visit, file)
    frame = Frame.of(file.case.jurisdiction, case.clock())
    fields = _sent(visit, fact) if visit.form is not None else _before(file, record, fact)
    typed = read_typed(fields, frame)
    fields |= dict.fromkeys(typed.discarded, "")
    if visit.posted and fact in typed.facts and not typed.wrong:
        return _filled(visit, case, record, fact, typed.facts[fact])
    label = _label(visit, fact, _method(file, record))
    page = FillPage(
        record=record,
        fact=fact,
        label=label,
        find=_find(visit, fact, _method(file, record)),
        fields=fields,
        wrong=typed.wrong if visit.posted else {},
        empty=visit.posted and not typed.wrong,
        currencies=tuple(dict.fromkeys((frame.currency, *CURRENCIES))),
        today=today_in(frame.zone, frame.now),
        choices=_methods(visit) if fact == "method" else (),
    )
    return visit.page("card_fill.html", page, case=case, status=422 if visit.posted else 200)


def choose(visit: Visit) -> Response:
    """Two claims on a fact: which is right?"""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    file = case.file()
    record, fact = _asked_fact(visit, file)
    entry = next((entry for entry in file.entries if record in entry.members), None)
    conflict = next((one for one in entry.conflicts if one.fact == fact), None) if entry else None
    if entry is None or conflict is None:
        return visit.go(f"/c/{case.id}/card")
    answer = visit.typed("claim")
    texts = {str(number): claim.text for number, claim in enumerate(conflict.claims)} | {"unsure": ""}
    if visit.posted and answer in texts:
        known, chosen = ids_of(file), texts[answer]
        case.change(lambda f, key: decide_fact(f, key, (entry.id, fact), chosen, known, case.clock()))
        return visit.go(f"/c/{case.id}/card", payment=entry.id)
    page = ConflictPage(
        record=record,
        fact=fact,
        label=_label(visit, fact, entry.transfer.method),
        claims=tuple((claim, _shown_claim(visit, file, fact, claim.text)) for claim in conflict.claims),
        chosen=conflict.claims[0].text if conflict.settled else None,
        wrong=visit.posted,
    )
    return visit.page("card_conflict.html", page, case=case, status=422 if visit.posted else 200)


def safe(visit: Visit) -> Response:
    """Are you safe? Before going on in this case."""
    case = visit.case()
    go = own_path(visit.asked("to", f"/c/{case.id}/card"))
    return show_safe(visit, case.file().case.jurisdiction, go, case)


# ---- what stands on the card


def _heading(visit: Visit, found: EmergencyCard) -> str:
    if found.state is State.CARD:
        return visit.say("card.heading.own_bank")
    if found.state is not State.NO_PAYMENT and found.step is not None:
        return found.step.title_zh if visit.lang == "zh" else found.step.title_en
    phone = found.call.phone if found.call else None
    return visit.say(f"card.heading.{found.state.value}", **({"phone": phone} if phone else {}))


def _ago(visit: Visit, payment: Payment | None, now: datetime) -> str:
    moment = payment.spoken.moment if payment else None
    if moment is None or payment is None or payment.line.chance is Chance.LATE:
        return ""
    local = now.astimezone(moment.instant.tzinfo)
    if moment.precision in _COARSE:
        days = (local.date() - moment.instant.date()).days
        return visit.say("card.ago.days", n=days) if days else visit.say("card.ago.today")
    minutes = max(0, int((now - moment.instant) / timedelta(minutes=1)))
    if minutes < 30:
        return visit.say("card.ago.now")
    if minutes < 60:
        return visit.say("card.ago.minutes", m=minutes)
    if minutes < 24 * 60:
        return visit.say("card.ago.hours", h=minutes // 60, m=minutes % 60)
    return visit.say("card.ago.days", n=minutes // (24 * 60))


def _since(payment: Payment | None) -> datetime | None:
    """When the money left, where the card counts it in minutes."""
    moment = payment.spoken.moment if payment and payment.line.chance is not Chance.LATE else None
    return moment.instant if moment is not None and moment.precision not in _COARSE else None


def _tel(found: EmergencyCard) -> str:
    phone = found.call.phone if found.call else None
    return f"tel:{phone.replace(' ', '').replace('-', '')}" if phone else ""


def _told(visit: Visit, found: EmergencyCard) -> str:
    """What the user said about the time, while no record says it."""
    if found.payment is None or found.payment.spoken.moment is not None or found.told in ("", "not_sure"):
        return ""
    zh, en = STATED_CHOICES["emergency.last_payment"][found.told]
    return visit.say("card.told", when=zh if visit.lang == "zh" else en)


def _script(visit: Visit, found: EmergencyCard) -> tuple[Markup, Markup]:
    zh, en = read_aloud(found.script("zh")), read_aloud(found.script("en"))
    return (zh, en) if visit.lang == "zh" else (en, zh)


def read_aloud(text: str) -> Markup:
    """A sentence in which a screen reader says long numbers digit by digit."""
    made, at = Markup(), 0
    for found in _LONG_NUMBER.finditer(text):
        digits = Markup('<span aria-hidden="true">{}</span><span class="sr">{}</span>')
        made += escape(text[at : found.start()]) + digits.format(found[0], " ".join(found[0]))
        at = found.end()
    return made + escape(text[at:])


def _elsewhere(file: CaseFile) -> bool:
    """Is the account held in a place whose numbers we have not checked?"""
    said = file.answer("emergency.place")
    return said is not None and said.value in ("hk", "elsewhere")


def _nothing_read(case: LiveCase, file: CaseFile, found: EmergencyCard) -> bool:
    """Were files read, and no payment seen in any?"""
    handed_in = any(exhibit.grade.value != "statement" for exhibit in file.exhibits)
    no_payment = not file.card.lines and not found.candidates
    return handed_in and no_payment and not case.progress.running and found.state is not State.NO_PAYMENT


def _rows(visit: Visit, case: LiveCase, file: CaseFile, payment: Payment) -> tuple[FactRow, ...]:
    return tuple(_row(visit, case, payment, fact) for fact in payment.line.facts)


def _row(visit: Visit, case: LiveCase, payment: Payment, fact: Fact) -> FactRow:
    mark = _mark(fact)
    address = f"/c/{case.id}/card/{{}}/{payment.id}/{fact.key}"
    masked = "*" in (fact.text or "") and fact.key not in ("amount", "moment")
    own = (mark in ("", "stated") or masked) and fact.conflict is None
    open_conflict = fact.conflict is not None and not fact.conflict.settled
    return FactRow(
        label=_label(visit, fact.key, payment.spoken.method),
        fact=fact,
        shown=_shown(visit, payment, fact),
        mark=mark,
        masked=masked and mark != "stated",
        fill=address.format("fill") if own else "",
        choose=address.format("choose") if open_conflict else "",
    )


def _mark(fact: Fact) -> str:
    if fact.text is None:
        return ""
    evidence = [source for source in fact.sources if source.reader != "statement"]
    if not evidence:
        return "stated"
    printed = [one for one in evidence if one.certainty == 100 and one.locator.box is None]
    return "file" if printed else "seen"


def _label(visit: Visit, fact: str, method: Method) -> str:
    if method is Method.CRYPTO and fact in _CRYPTO_NAMES:
        return visit.say(f"card.fact.crypto.{fact}")
    return visit.say(f"card.fact.{fact}")


def _find(visit: Visit, fact: str, method: Method) -> str:
    if method in _RAILS and fact in _IN_THE_APP:
        return visit.say(f"card.find.{method.value}")
    return visit.say(f"card.find.{fact}")


def _shown(visit: Visit, payment: Payment, fact: Fact) -> Markup:
    """A fact as a person reads it."""
    said = payment.spoken
    if fact.text is None:
        return Markup()
    if fact.key == "amount" and said.amount is not None:
        shown = figures.money(said.amount, visit.lang)
        if visit.lang == "zh" and said.amount.currency == "CNY":
            shown += " " + escape(write_capital_rmb(said.amount.value))
        return shown
    if fact.key == "moment" and said.moment is not None:
        return escape(figures.moment(said.moment, visit.lang))
    return _words(visit, fact.key, fact.text)


def _words(visit: Visit, key: str, text: str) -> Markup:
    if key == "method":
        zh, en = STATED_CHOICES["payment.method"].get(text, (text, text))
        return escape(zh if visit.lang == "zh" else en)
    return figures.groups(text, visit.lang) if key.endswith("account") else escape(text)


def _shown_claim(visit: Visit, file: CaseFile, key: str, text: str) -> Markup:
    amount = stated_amount(text) if key == "amount" else None
    if amount is not None:
        return figures.money(amount, visit.lang)
    moment: Moment | None = stated_moment(text, file.case.zone) if key == "moment" else None
    return escape(figures.moment(moment, visit.lang)) if moment else _words(visit, key, text)


# ---- the small pages


def _asked_fact(visit: Visit, file: CaseFile) -> tuple[str, str]:
    record, fact = typed_name(file, visit.part("record")), visit.part("fact")
    if record is None or fact not in TEN_FACTS:
        raise UsageError("There is no such fact on the card.", "急救卡上没有这一项。")
    return record, fact


def _method(file: CaseFile, record: str) -> Method:
    entry = next((entry for entry in file.entries if record in entry.members), None)
    return entry.transfer.method if entry else Method.UNKNOWN


def _methods(visit: Visit) -> tuple[tuple[str, str], ...]:
    words = STATED_CHOICES["payment.method"]
    known = [value for value in words if value in {method.value for method in Method}]
    return tuple((value, words[value][0 if visit.lang == "zh" else 1]) for value in known)


def _sent(visit: Visit, fact: str) -> dict[str, str]:
    names = {"amount": ("amount", "currency"), "moment": ("day", "clock")}.get(fact, (fact,))
    return {name: visit.typed(name) for name in names}


def _before(file: CaseFile, record: str, fact: str) -> dict[str, str]:
    """What the user stated earlier, to be corrected."""
    said = file.answer("user.name") if fact == "payer_name" else file.answer(f"payment.{fact}", record)
    if said is None:
        return {}
    if fact == "amount":
        figure, _, currency = said.value.partition(" ")
        return {"amount": figure, "currency": currency}
    if fact == "moment":
        moment = stated_moment(said.value, file.case.zone)
        local = moment.instant.astimezone(ZoneInfo(file.case.zone)) if moment else None
        if moment is None or local is None:
            return {}
        clock = "" if moment.precision in _COARSE else f"{local:%H:%M}"
        return {"day": local.date().isoformat(), "clock": clock}
    return {fact: said.value}


def _filled(visit: Visit, case: LiveCase, record: str, fact: str, text: str) -> Response:
    """Seal the answer."""
    answers = answers_for(case.file(), record, fact, text)
    case.change(lambda folder, secret: seal_answers(folder, answers, case.clock(), secret))
    back = f"/c/{case.id}/card"
    if in_crisis(answers, case.file().case.jurisdiction):
        return visit.go(f"{back}/safe")
    shown = any(line.entry == record for line in case.file().card.lines)
    return visit.go(back, payment=record) if shown else visit.go(back)


ROUTES = (
    Route("/c/{case}/card", endpoint(card)),
    Route("/c/{case}/card/pick", endpoint(pick), methods=["POST"]),
    Route("/c/{case}/card/safe", endpoint(safe)),
    Route("/c/{case}/card/fill/{record}/{fact}", endpoint(fill), methods=["GET", "POST"]),
    Route("/c/{case}/card/choose/{record}/{fact}", endpoint(choose), methods=["GET", "POST"]),
)
