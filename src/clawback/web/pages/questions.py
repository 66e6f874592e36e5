"""What evidence cannot tell is asked, one question per page; an answer becomes a dated statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.answering import Answered, CodeDiscarded, Uses, answered, check_reply, question_of, uses
from clawback.desk.intake import seal_answers
from clawback.desk.interviewing import Asked, open_questions
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.errors import UsageError
from clawback.model.casefile import CaseFile
from clawback.model.money import Amount
from clawback.model.writing import amount_en, amount_zh
from clawback.web import figures
from clawback.web.visit import Visit, endpoint

_LONG = ("story", "description", "promised", "what_was", "words", "reason", "noticed", "began", "also_filed")
_CURRENCIES = ("CNY", "GBP", "USD", "HKD", "EUR", "USDT")
_USUAL = {"cn": "CNY", "gb": "GBP"}


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """`skipped`: the visitor has just been through all of them and left some open."""

    open: tuple[Asked, ...]
    answered: tuple[Answered, ...]
    skipped: bool

    def shown(self, one: Answered, visit: Visit) -> str:
        """An answer as a person reads it; what does not fit its question, as it was said."""
        kind, value = one.asked.question.kind.value, one.value
        if one.choices:
            return one.shown(visit.lang)
        if kind == "yes_no" and value in ("yes", "no"):
            return visit.say("questions.value." + value)
        try:
            return _READABLE[kind](value, visit.lang) if kind in _READABLE else value
        except (ValueError, ArithmeticError):
            return value


def _money(value: str, lang: str) -> str:
    figure, _, currency = value.partition(" ")
    amount = Amount(Decimal(figure), currency)
    return amount_zh(amount) if lang == "zh" else amount_en(amount)


def _day(value: str, lang: str) -> str:
    at = datetime.fromisoformat(value)
    return figures.day(at, lang) + (f" {at:%H:%M}" if "T" in value else "")


_READABLE = {"money": _money, "date": _day, "datetime": _day}


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`typed`: what stands in the field. `chosen`: choices that are on. `place` of `total` open questions, or
    0 for one that is answered again. `before`: its latest answer."""

    asked: Asked
    why: Uses
    typed: str
    currency: str
    chosen: tuple[str, ...]
    wrong: str
    place: int
    total: int
    before: Answered | None
    skip: str

    @property
    def long(self) -> bool:
        """Does the answer need room?"""
        return any(word in self.asked.id for word in _LONG)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies to choose from."""
        return _CURRENCIES


def questions(visit: Visit) -> Response:
    """All questions: those still open, and those answered."""
    case = visit.case()
    file = case.file()
    page = QuestionsPage(open_questions(file), answered(file), visit.asked("skipped") == "1")
    return visit.page("questions.html", page, case=case)


def question(visit: Visit) -> Response:
    """One question; its answer is sealed as a statement, and the next question follows."""
    case = visit.case(Act.ADD if visit.posted else Act.SEE)
    file = case.file()
    asked = question_of(file, visit.part("question"))
    if asked is None:
        raise HTTPException(404)
    wrong, typed = "", _reply(visit, asked)
    if visit.posted:
        try:
            if not typed:
                raise UsageError(visit.say("questions.empty"), visit.say("questions.empty"))
            _seal(case, asked, check_reply(asked, typed))
            return visit.go(_next(case, open_questions(file), asked.id))
        except CodeDiscarded as discarded:
            wrong, typed = discarded.sentence(visit.lang), discarded.rest
        except UsageError as error:
            wrong = visit.say("questions.wrong." + asked.question.kind.value) if typed else error.en
    page = _question_page(visit, case, file, asked, typed, wrong)
    return visit.page("question.html", page, case=case, status=422 if wrong else 200)


def _question_page(
    visit: Visit, case: LiveCase, file: CaseFile, asked: Asked, typed: str, wrong: str
) -> QuestionPage:
    waiting = open_questions(file)
    ids = [one.id for one in waiting]
    before = next((one for one in answered(file) if one.asked.id == asked.id), None)
    currency = visit.typed("currency") or _USUAL.get(file.case.jurisdiction, "USD")
    if visit.form is None and before is not None:
        typed, _, known = before.value.partition(" ") if _is_money(asked) else (before.value, "", "")
        currency = known or currency
    chosen = tuple(typed.split(",")) if asked.question.choices else (typed,)
    if _is_money(asked) and visit.form is not None:
        typed = visit.typed("answer")
    return QuestionPage(
        asked=asked,
        why=uses(file, asked.id),
        typed=typed,
        currency=currency,
        chosen=chosen,
        wrong=wrong,
        place=ids.index(asked.id) + 1 if asked.id in ids else 0,
        total=len(ids),
        before=before,
        skip=_next(case, waiting, asked.id),
    )


def _is_money(asked: Asked) -> bool:
    return asked.question.kind.value == "money"


def _reply(visit: Visit, asked: Asked) -> str:
    """The answer as one text, whatever fields it was given in."""
    kind = asked.question.kind.value
    if visit.form is None:
        return ""
    if kind == "choice":
        return ",".join(value for value in visit.form.getlist("answer") if isinstance(value, str) and value)
    typed = visit.typed("answer")
    if kind == "money" and typed and typed[-1].isdigit():
        return f"{typed} {visit.typed('currency')}"
    if kind == "datetime" and typed and visit.typed("clock"):
        return f"{typed} {visit.typed('clock')}"
    return typed


def _seal(case: LiveCase, asked: Asked, answer: str) -> None:
    now = case.clock()
    case.change(lambda folder, secret: seal_answers(folder, {asked.id: answer}, now, secret))


def _next(case: LiveCase, before: tuple[Asked, ...], id: str) -> str:
    """Address of the question after `id`: one that comes later, or one that the answer opened."""
    ids = [one.id for one in before]
    earlier = set(ids[: ids.index(id) + 1]) if id in ids else set(ids)
    for one in open_questions(case.file()) if id in ids else ():
        if one.id not in earlier:
            return f"/c/{case.id}/questions/{one.id}"
    return f"/c/{case.id}/questions" + ("?skipped=1" if id in ids else "")


ROUTES = (
    Route("/c/{case}/questions", endpoint(questions)),
    Route("/c/{case}/questions/{question}", endpoint(question), methods=["GET", "POST"]),
)
