"""Computes a last day from a rule, a trigger and a calendar, and says why in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clawback.model.moments import Moment, Precision
from clawback.model.plan import Confidence, Deadline
from clawback.rules.calendar import Calendar, add_days, add_months, add_working_days
from clawback.rules.pack import DeadlineKind, DeadlineRule, DeadlineValue, Pack, Unit

_CLOCK_UNITS = (Unit.MINUTES, Unit.HOURS)
_COARSE = (Precision.MONTH, Precision.YEAR)
_FIRM = (Confidence.PRIMARY, Confidence.REPRODUCED)
_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A computed end: `day_counted` before rolling, `settled` False when a year's days off are not known."""

    last: datetime
    rolled: bool
    settled: bool


def compute_deadline(rule_id: str, pack: Pack, dates: Mapping[str, Moment], now: datetime) -> Deadline:
    """The deadline of rule `rule_id` for the known trigger `dates`.

    `last` is the end of the last day (23:59:59 in the pack's zone), or the instant for rules in minutes and
    hours. It is None when no trigger is known (`question` then asks), when the rule rests on memory alone
    (confidence M), or when no value was in force on the trigger date. KeyError for a rule the pack has not.
    """
    rule = pack.deadlines[rule_id]
    trigger = next((name for name in rule.trigger if name in dates), None)
    if trigger is None:
        return _unknown(rule_id, rule, pack)
    moment = dates[trigger]
    day = local_day(moment, pack.head.zone)
    value = rule.value_on(day)
    if value is None or _weakest(value, pack) is Confidence.MEMORY:
        return _undated(rule_id, rule, pack, trigger, moment, value)
    counted = _count(value, rule, moment, day, pack)
    exact = moment.precision not in _COARSE and not _needs_clock(value, moment)
    firm = counted.settled and exact and _weakest(value, pack) in _FIRM
    why_zh, why_en = _why(rule, value, pack, trigger, day, counted, firm, now)
    return Deadline(
        rule_id, pack.version, trigger, moment.instant, counted.last, firm, why_zh, why_en, question=None
    )


def local_day(moment: Moment, zone: str) -> date:
    """The calendar day of `moment`: as stated if only a day was stated, else as it is in `zone`."""
    if moment.precision in (Precision.DAY, *_COARSE):
        return moment.instant.date()
    return moment.instant.astimezone(ZoneInfo(zone)).date()


def _needs_clock(value: DeadlineValue, moment: Moment) -> bool:
    """A rule in hours needs an hour; a bare day is taken from its start, which is the earliest end."""
    return value.unit in _CLOCK_UNITS and moment.precision in (Precision.DAY, *_COARSE)


def _weakest(value: DeadlineValue, pack: Pack) -> Confidence:
    order = list(Confidence)
    return max((pack.bases[basis].confidence for basis in value.basis), key=order.index)


def _count(value: DeadlineValue, rule: DeadlineRule, moment: Moment, day: date, pack: Pack) -> _Counted:
    if value.unit in _CLOCK_UNITS:
        minutes = value.value * (60 if value.unit is Unit.HOURS else 1)
        return _Counted(moment.instant + timedelta(minutes=minutes), rolled=False, settled=True)
    end = _last_day(value, day, pack.calendar) - timedelta(days=value.safety)
    last = pack.calendar.next_working(end) if rule.roll else end
    leaned_on = (day, last) if value.unit is Unit.WORKING_DAYS else (end, last) if rule.roll else ()
    years = range(min(leaned_on).year, max(leaned_on).year + 1) if leaned_on else ()
    settled = all(pack.calendar.is_settled(year) for year in years)
    return _Counted(
        datetime.combine(last, _END_OF_DAY, ZoneInfo(pack.head.zone)), rolled=last != end, settled=settled
    )


def _last_day(value: DeadlineValue, day: date, calendar: Calendar) -> date:
    if value.unit is Unit.WORKING_DAYS:
        return add_working_days(day, value.value, calendar)
    if value.unit is Unit.MONTHS:
        return add_months(day, value.value)
    if value.unit is Unit.YEARS:
        return add_months(day, value.value * 12)
    return add_days(day, value.value)


def _unknown(rule_id: str, rule: DeadlineRule, pack: Pack) -> Deadline:
    trigger = rule.ask or rule.trigger[0]
    event = pack.questions[f"dates.{trigger}"].event
    zh = f"因为还不知道{event.zh if event else trigger}的日期，{rule.title.zh}暂时算不出来。"
    known_en = event.en if event else trigger
    en = f"Because we do not know when {known_en}, {rule.title.en} cannot be worked out yet."
    return Deadline(rule_id, pack.version, trigger, None, None, False, zh, en, question=f"dates.{trigger}")


def _undated(
    rule_id: str,
    rule: DeadlineRule,
    pack: Pack,
    trigger: str,
    moment: Moment,
    value: DeadlineValue | None,
) -> Deadline:
    if value is None:
        zh = f"因为没有当时有效的规定可查，{rule.title.zh}不给日期，请向受理机关询问。"
        en = f"Because we hold no rule for that time, {rule.title.en} has no date; please ask the body."
    else:
        zh = f"因为这条规定还没有核实，{rule.title.zh}不给日期，请向受理机关询问。"
        en = f"Because this rule is not verified, we give no date for {rule.title.en}; please ask the body."
    return Deadline(rule_id, pack.version, trigger, moment.instant, None, False, zh, en)


_UNITS_ZH = {
    Unit.MINUTES: "分钟", Unit.HOURS: "小时", Unit.DAYS: "日",
    Unit.WORKING_DAYS: "个工作日", Unit.MONTHS: "个月", Unit.YEARS: "年",
}  # fmt: skip
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _why(
    rule: DeadlineRule,
    value: DeadlineValue,
    pack: Pack,
    trigger: str,
    day: date,
    counted: _Counted,
    firm: bool,
    now: datetime,
) -> tuple[str, str]:
    sources = "；".join(pack.bases[basis].text for basis in value.basis)
    event = pack.questions[f"dates.{trigger}"].event
    parts = _qualifications(rule, value, counted, firm, now)
    zh = (
        f"因为{event.zh if event else trigger}的日期是{_day_zh(day)}，{rule.title.zh}是{value.value}"
        f"{_UNITS_ZH[value.unit]}{''.join('，' + zh for zh, _ in parts)}，依据：{sources}。"
    )
    en = (
        f"Because {event.en if event else trigger} on {_day_en(day)}, {rule.title.en} is "
        f"{_length_en(value)}{''.join(', ' + en for _, en in parts)}; source: {sources}."
    )
    return zh, en


def _qualifications(
    rule: DeadlineRule, value: DeadlineValue, counted: _Counted, firm: bool, now: datetime
) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    if value.unit not in _CLOCK_UNITS:
        parts.append(("当天不算", "not counting that day"))
    if value.safety:
        parts.append((f"我们提前{value.safety}天，留给发卡机构办理",
                      f"less {value.safety} days that your card issuer needs"))  # fmt: skip
    if counted.rolled:
        parts.append(("最后一天遇休息日，顺延到下一个工作日",
                      "moved to the next working day because it ends on a day off"))  # fmt: skip
    if not counted.settled:
        parts.append(("所涉年份的放假安排还没有公布，日期只是大约",
                      "and only approximate because that year's days off are not yet published"))  # fmt: skip
    elif not firm:
        parts.append(
            ("日期只作提醒，请再向受理机关核实", "as a reminder only, so please check it with the body")
        )
    if counted.last < now and rule.kind in (DeadlineKind.VICTIM_MUST, DeadlineKind.GOLDEN):
        parts.append(("这一天已经过了，仍可提出，由受理机关决定",
                      "which has passed, but you can still ask and the body decides"))  # fmt: skip
    return parts


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def _length_en(value: DeadlineValue) -> str:
    name = value.unit.value.replace("_", " ")
    return f"{value.value} {name[:-1] if value.value == 1 else name}"
