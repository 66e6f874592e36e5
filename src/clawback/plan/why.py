"""Says in one sentence, in both languages, why a deadline falls on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from clawback.rules.pack import DeadlineKind, DeadlineRule, DeadlineValue, Unit, Words

CLOCK_UNITS = (Unit.MINUTES, Unit.HOURS)
"""Units that run through holidays and end at an instant, not with a day."""

_UNITS_ZH = {
    Unit.MINUTES: "分钟", Unit.HOURS: "小时", Unit.DAYS: "日",
    Unit.WORKING_DAYS: "个工作日", Unit.MONTHS: "个月", Unit.YEARS: "年",
}  # fmt: skip
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Computed:
    """A deadline with all that led to it. `day`: the day of the event; `rolled`: moved off a day off;
    `settled`: False when it leans on a year whose days off are not announced; `past`: over by now."""

    rule: DeadlineRule
    value: DeadlineValue
    event: Words
    sources: tuple[str, ...]
    day: date
    last: datetime
    rolled: bool
    settled: bool
    firm: bool
    past: bool


def why(computed: Computed) -> Words:
    """The sentence: event, length and how it was counted, last day, what missing it means, source."""
    notes = _notes(computed)
    rule, value = computed.rule, computed.value
    counted_zh = f"（{'，'.join(note.zh for note in notes)}）" if notes else ""
    counted_en = f" ({', '.join(note.en for note in notes)})" if notes else ""
    late = _late(computed)
    return Words(
        zh=f"因为{computed.event.zh}的日期是{_day_zh(computed.day)}，{rule.title.zh}是{value.value}"
        f"{_UNITS_ZH[value.unit]}{counted_zh}，到{_last_zh(computed)}为止，{late.zh}，"
        f"依据：{'；'.join(computed.sources)}。",
        en=f"Because {computed.event.en} on {_day_en(computed.day)}, {rule.title.en} is {_length_en(value)}"
        f"{counted_en} and ends on {_last_en(computed)}; {late.en}; source: {', '.join(computed.sources)}.",
    )


def why_unknown(rule: DeadlineRule, event: Words) -> Words:
    """Why there is no date: the event that starts the clock is not known."""
    return Words(
        zh=f"因为还不知道{event.zh}的日期，{rule.title.zh}暂时算不出来。",
        en=f"Because we do not know when {event.en}, {rule.title.en} cannot be worked out yet.",
    )


def why_unverified(rule: DeadlineRule) -> Words:
    """Why there is no date: the rule is known from memory alone."""
    return Words(
        zh=f"因为这条规定还没有核实，{rule.title.zh}不给日期，请向受理机关询问。",
        en=f"Because this rule is not verified, we give no date for {rule.title.en}; please ask the body.",
    )


def why_not_in_force(rule: DeadlineRule) -> Words:
    """Why there is no date: the pack holds no value for the time of the event."""
    return Words(
        zh=f"因为没有当时有效的规定可查，{rule.title.zh}不给日期，请向受理机关询问。",
        en=f"Because we hold no rule for that time, {rule.title.en} has no date; please ask the body.",
    )


def _notes(computed: Computed) -> list[Words]:
    """How the days were counted and how far the date can be trusted."""
    notes: list[Words] = []
    if computed.value.unit not in CLOCK_UNITS:
        notes.append(Words(zh="当天不算", en="not counting that day"))
    if computed.value.safety:
        days = computed.value.safety
        zh, en = f"提前{days}天，留给发卡机构办理", f"less {days} days that your card issuer needs"
        notes.append(Words(zh=zh, en=en))
    if computed.rolled:
        notes.append(
            Words(
                zh="最后一天遇休息日，顺延到下一个工作日", en="moved from a day off to the next working day"
            )
        )
    if not computed.settled:
        zh, en = (
            "所涉年份的放假安排还没有公布，日期只是大约",
            "approximate: that year's days off are not published",
        )
        notes.append(Words(zh=zh, en=en))
    elif not computed.firm:
        notes.append(Words(zh="只作提醒，请再核实", en="a reminder only: please check it with the body"))
    return notes


def _late(computed: Computed) -> Words:
    """What missing it means; once past, that asking is still open."""
    lost = computed.rule.lost
    if not computed.past:
        return lost
    if computed.rule.kind in (DeadlineKind.VICTIM_MUST, DeadlineKind.GOLDEN):
        return Words(
            zh="这一天已经过了，仍可提出，由受理机关决定",
            en="that has passed, but you can still ask and the body decides",
        )
    return Words(zh=f"这一天已经过了，{lost.zh}", en=f"that has passed: {lost.en}")


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def _last_zh(computed: Computed) -> str:
    clock = f"{computed.last:%H:%M}" if computed.value.unit in CLOCK_UNITS else ""
    return f"{_day_zh(computed.last.date())}{clock}"


def _last_en(computed: Computed) -> str:
    clock = f" at {computed.last:%H:%M}" if computed.value.unit in CLOCK_UNITS else ""
    return f"{_day_en(computed.last.date())}{clock}"


def _length_en(value: DeadlineValue) -> str:
    name = value.unit.value.replace("_", " ")
    return f"{value.value} {name[:-1] if value.value == 1 else name}"
