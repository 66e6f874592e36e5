"""What to do for this case: facts gathered for the rule pack, its plan, and the emergency card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clawback.errors import UsageError
from clawback.model.card import Card
from clawback.model.case import Case
from clawback.model.events import Direction, Message, Statement
from clawback.model.evidence import Problem
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.plan import Action, ActionKind, Plan
from clawback.plan.card import Call, make_card
from clawback.plan.choose import choose_plan
from clawback.plan.facts import CaseFacts, Payment
from clawback.plan.interview import parse_answer
from clawback.plan.situations import Proposal, crisis_words, propose_situations
from clawback.rules.load import load_pack
from clawback.rules.pack import Pack

_OPENINGS = {
    ActionKind.STOP: ("我被网络诈骗了，请帮我做紧急止付。", "I have been scammed. Please stop this payment."),
    ActionKind.REPORT: (
        "我被网络诈骗了，请帮我做紧急止付。",
        "I want to report a fraud and stop this payment.",
    ),
    ActionKind.BANK: ("我要报告一笔有争议的付款。", "I want to report a payment and dispute it."),
    ActionKind.PLATFORM: ("我要投诉一笔交易。", "I want to complain about a purchase."),
    ActionKind.REGULATOR: ("我要投诉一笔交易。", "I want to complain about a purchase."),
}
_RECOVERY = "recovery_scam"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan is made from, whatever the hour. `problems`: answers that could not be understood."""

    pack: Pack
    facts: CaseFacts
    latest: Mapping[str, Statement]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """What the words of messages suggest. `crisis`: words of the person's own that worry us."""

    proposals: tuple[Proposal, ...]
    crisis: bool


def signs_of(case: Case, messages: Sequence[Message]) -> Signs:
    """Go through all messages once. Raises RulePackError when the case's pack does not load."""
    pack = load_pack(case.jurisdiction)
    own = [(message.id, message.text) for message in messages if message.own is not False]
    texts = [(message.id, message.text) for message in messages]
    return Signs(propose_situations(texts, pack), bool(crisis_words(own, pack)))


def basis_of(
    case: Case, signs: Signs, statements: Sequence[Statement], entries: Sequence[LedgerEntry]
) -> Basis:
    """Gather the facts that decide. Raises RulePackError when the case's pack does not load."""
    pack = load_pack(case.jurisdiction)
    latest = latest_statements(statements)
    answers, problems = canonical_answers(latest, pack)
    said = [(statement.id, statement.value) for statement in statements]
    facts = CaseFacts(
        jurisdiction=case.jurisdiction,
        situations=_situations(answers, pack),
        answers=answers,
        payments=tuple(_payments(entries)),
        flags={
            "recovery_offer_seen": any(one.situation == _RECOVERY for one in signs.proposals),
            "crisis_words_seen": signs.crisis or bool(crisis_words(said, pack)),
        },
        proposed=_likeliest(signs.proposals),
    )
    return Basis(pack, facts, latest, problems)


def plan_at(basis: Basis, entries: Sequence[LedgerEntry], now: datetime) -> tuple[Plan, Card]:
    """Plan and card at `now`."""
    plan = choose_plan(basis.facts, basis.pack, now)
    crisis = (_line(basis.pack, "zh"), _line(basis.pack, "en"))
    return plan, make_card(entries, basis.latest, lambda _: _first_call(plan.actions), crisis, now)


def opening_of(kind: ActionKind) -> tuple[str, str]:
    """How a call of this kind begins, in Chinese and English."""
    return _OPENINGS[kind]


def latest_statements(statements: Iterable[Statement]) -> dict[str, Statement]:
    """The user's latest statement on each question about the case as a whole; an empty one takes back what
    was stated before."""
    ordered = sorted(statements, key=lambda statement: statement.moment.utc)
    latest = {statement.question: statement for statement in ordered if not statement.subject}
    return {question: statement for question, statement in latest.items() if statement.value.strip()}


def canonical_answers(
    latest: Mapping[str, Statement], pack: Pack
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Answers in the form that rules compare; what does not fit its question is a Problem, not a fact."""
    answers: dict[str, str] = {}
    problems: list[Problem] = []
    for id, statement in latest.items():
        question = pack.questions.get(id)
        if question is None:
            answers[id] = statement.value
            continue
        try:
            answers[id] = parse_answer(question, statement.value, pack.head.zone)
        except UsageError:
            place = statement.sources[0]
            problems.append(Problem("answer_not_understood", place.exhibit, place.locator, id))
    return answers, tuple(problems)


def _situations(answers: Mapping[str, str], pack: Pack) -> tuple[str, ...]:
    chosen = answers.get("situation", "").split(",")
    return tuple(one.strip() for one in chosen if one.strip() in pack.situations)


def _likeliest(proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """At most three: more is a list, not a proposal."""
    return tuple(proposals[:3])


def _payments(entries: Iterable[LedgerEntry]) -> Iterable[Payment]:
    for entry in entries:
        transfer = entry.transfer
        if entry.scope is Scope.IN and transfer.direction is Direction.OUT:
            yield Payment(transfer.method, transfer.moment, transfer.amount, transfer.status)


def _first_call(actions: Iterable[Action]) -> Call:
    """The first step of the plan that is a phone call to a genuine body."""
    for action in actions:
        if action.channel is not None and action.channel.phone and action.kind in _OPENINGS:
            return Call(action.channel, *_OPENINGS[action.kind])
    return Call(None, *_OPENINGS[ActionKind.BANK])


def _line(pack: Pack, lang: str) -> str:
    """The crisis line in one sentence."""
    crisis = pack.crisis
    reach = crisis.phone or crisis.url or ""
    if lang == "zh":
        return f"如果您觉得撑不住，请先打 {reach}（{crisis.name_zh}）。"
    return f"If it all feels too much, call {reach} first ({crisis.name_en})."
