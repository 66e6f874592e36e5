"""Which questions to ask, in which order, and how an answer is read. Nothing typed is ever guessed at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from clawback.errors import UsageError
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.rules.evaluate import Fact, Truth, evaluate
from clawback.rules.pack import Pack, Question, QuestionKind

LONGEST_ANSWER = 8000

_YES = frozenset({"yes", "y", "true", "是", "有", "对", "是的"})
_NO = frozenset({"no", "n", "false", "否", "没有", "不", "不是", "无"})
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CLOCK = re.compile(r"(\d{1,2})\s*[:：时]\s*(\d{2})(?:\s*[:：分]\s*(\d{2}))?\s*[分秒]?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}),? (\d{4})")
_FIGURE = r"(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,8})?)"
_MONEY = re.compile(rf"(?P<sign>[¥￥£$€]?)\s*{_FIGURE}\s*(?P<unit>元|圆|[A-Za-z]{{3,5}})?")
_UNITS = {"元": "CNY", "圆": "CNY", "rmb": "CNY", "¥": "CNY", "￥": "CNY", "£": "GBP", "€": "EUR"}


def questions_for(
    pack: Pack, situations: tuple[str, ...], facts: Mapping[str, Fact], now: datetime
) -> tuple[Question, ...]:
    """The questions that apply, in the order in which they are asked (the pack's own order).

    `dates.*` questions are left out: the plan asks for those whose clock matters (`Plan.questions`).
    """
    return tuple(
        question
        for question in pack.questions.values()
        if not question.id.startswith("dates.")
        and (not question.situations or set(question.situations) & set(situations))
        and evaluate(question.open, facts, now).truth is Truth.TRUE
    )


def missing(questions: tuple[Question, ...], answers: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the questions that have no answer yet, in order."""
    return tuple(question.id for question in questions if not answers.get(question.id, "").strip())


def parse_answer(question: Question, text: str, zone: str) -> str:
    """`text` as typed, in the canonical form in which answers are kept.

    Text: trimmed. Choice: choice ids, comma-separated when several. Date: 2026-11-20. Datetime: ISO 8601 with
    offset to the minute or second, or a plain date if no time was given. Money: "3000.00 CNY". Yes or no:
    "yes"/"no". Raises UsageError, with a sentence for the person, when it cannot be understood.
    """
    typed = text.strip()
    if not typed or len(typed) > LONGEST_ANSWER:
        raise _not_understood(question, "an answer of up to 8000 characters", "请填写，最多8000字")
    readers = {
        QuestionKind.TEXT: lambda: typed,
        QuestionKind.CHOICE: lambda: _choice(question, typed),
        QuestionKind.DATE: lambda: _day(question, typed).isoformat(),
        QuestionKind.DATETIME: lambda: _datetime(question, typed, zone),
        QuestionKind.MONEY: lambda: _money(question, typed),
        QuestionKind.YES_NO: lambda: _yes_no(question, typed),
    }
    return readers[question.kind]()


def dates_from_answers(answers: Mapping[str, str], pack: Pack) -> dict[str, Moment]:
    """Trigger dates among canonical answers (`dates.refusal_notice_received` and the like)."""
    return {
        id.removeprefix("dates."): _moment(value, pack.head.zone)
        for id, value in answers.items()
        if id.startswith("dates.") and id in pack.questions and value
    }


def _moment(value: str, zone: str) -> Moment:
    if len(value) == len("2026-11-20"):
        start = datetime.combine(date.fromisoformat(value), datetime.min.time(), ZoneInfo(zone))
        return Moment(start, Precision.DAY, ZoneBasis.ASSUMED)
    return Moment(datetime.fromisoformat(value), Precision.MINUTE, ZoneBasis.ASSUMED)


def _choice(question: Question, typed: str) -> str:
    names = {choice.id: choice.id for choice in question.choices}
    for number, choice in enumerate(question.choices, start=1):
        names |= {str(number): choice.id, choice.label.zh: choice.id, choice.label.en.casefold(): choice.id}
    parts = re.split(r"[,，、;；]", typed) if question.many else [typed]
    chosen = [names.get(part.strip()) or names.get(part.strip().casefold()) for part in parts if part.strip()]
    if not chosen or None in chosen:
        known = ", ".join(choice.id for choice in question.choices)
        raise _not_understood(question, f"one of {known}", f"请从这些里选：{known}")
    return ",".join(dict.fromkeys(c for c in chosen if c))


def _yes_no(question: Question, typed: str) -> str:
    if typed.casefold() in _YES:
        return "yes"
    if typed.casefold() in _NO:
        return "no"
    raise _not_understood(question, "yes or no", "请回答“是”或“否”")


def _day(question: Question, typed: str) -> date:
    found = _DAY.fullmatch(typed)
    if found:
        return _real_day(question, int(found[1]), int(found[2]), int(found[3]))
    found = _ENGLISH_DAY.fullmatch(typed)
    if found and found[2][:3].casefold() in _MONTHS:
        month = _MONTHS.index(found[2][:3].casefold()) + 1
        return _real_day(question, int(found[3]), month, int(found[1]))
    raise _not_a_day(question)


def _real_day(question: Question, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _not_a_day(question) from error


def _not_a_day(question: Question) -> UsageError:
    return _not_understood(
        question, "a date like 2026-11-20 or 20 November 2026", "请写成2026年11月20日这样的日期"
    )


def _datetime(question: Question, typed: str, zone: str) -> str:
    try:
        stated = datetime.fromisoformat(typed)
    except ValueError:
        stated = None
    if stated is not None and stated.tzinfo is not None:
        return stated.isoformat()
    found = re.fullmatch(rf"(?P<day>{_DAY.pattern})[\sT,，]*(?P<clock>{_CLOCK.pattern})?", typed)
    if found is None:
        return _day(question, typed).isoformat()
    day = _day(question, found["day"].strip())
    if found["clock"] is None:
        return day.isoformat()
    clock = _CLOCK.fullmatch(found["clock"])
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59 or int(clock[3] or 0) > 59:
        raise _not_a_day(question)
    moment = datetime(day.year, day.month, day.day, int(clock[1]), int(clock[2]), int(clock[3] or 0),
                      tzinfo=ZoneInfo(zone))  # fmt: skip
    return moment.isoformat()


def _money(question: Question, typed: str) -> str:
    found = _MONEY.fullmatch(typed)
    unit = (found["unit"] or found["sign"]) if found else ""
    currency = _UNITS.get(unit.casefold(), unit.upper() if unit.isascii() and unit.isalpha() else "")
    if found is None or not currency:
        raise _not_understood(
            question, "an amount with its currency, like 3000.00 CNY", "请写金额和币种，例如3000.00元"
        )
    value = Decimal(found["value"].replace(",", ""))
    return f"{value:.2f} {currency}" if -int(value.as_tuple().exponent) <= 2 else f"{value} {currency}"


def _not_understood(question: Question, en: str, zh: str) -> UsageError:
    return UsageError(
        f'Not understood for "{question.ask.en}": please give {en}.',
        f"“{question.ask.zh}”这一项没看懂：{zh}。",
    )
