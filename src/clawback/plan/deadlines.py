"""Computes a last day from a rule, a trigger and a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clawback.model.moments import Moment, Precision
from clawback.model.plan import Confidence, Deadline
from clawback.plan.why import CLOCK_UNITS, Computed, why, why_not_in_force, why_unknown, why_unverified
from clawback.rules.calendar import Calendar, add_days, add_months, add_working_days
from clawback.rules.pack import DeadlineRule, DeadlineValue, Pack, Unit, Words

_COARSE = (Precision.MONTH, Precision.YEAR)
_FIRM = (Confidence.PRIMARY, Confidence.REPRODUCED)
_END_OF_DAY = time(23, 59, 59)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class _Counted:
    """A computed end. `rolled`: moved off a day off. `settled`: all days off that it leans on are known."""

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
    value = rule.value_on(local_day(moment, pack.head.zone)) if is_reckonable(moment) else None
    if value is None or _weakest(value, pack) is Confidence.MEMORY:
        said = why_not_in_force(rule) if value is None else why_unverified(rule)
        return Deadline(rule_id, pack.version, trigger, moment.instant, None, False, said.zh, said.en)
    computed = _compute(rule, value, pack, _event(trigger, pack), moment, now)
    said = why(computed)
    return Deadline(
        rule_id, pack.version, trigger, moment.instant, computed.last, computed.firm, said.zh, said.en
    )


def _compute(
    rule: DeadlineRule, value: DeadlineValue, pack: Pack, event: Words, moment: Moment, now: datetime
) -> Computed:
    day = local_day(moment, pack.head.zone)
    counted = _count(value, rule, moment, day, pack)
    exact = moment.precision not in _COARSE and not _needs_clock(value, moment)
    return Computed(
        rule=rule,
        value=value,
        event=event,
        sources=tuple(pack.bases[basis].text for basis in value.basis),
        day=day,
        last=counted.last,
        rolled=counted.rolled,
        settled=counted.settled,
        firm=counted.settled and exact and _weakest(value, pack) in _FIRM,
        past=counted.last < now,
    )


def is_reckonable(moment: Moment) -> bool:
    """Can a clock be started from `moment`? Evidence may claim any year at all."""
    return EARLIEST_YEAR <= moment.instant.year <= LATEST_YEAR


def local_day(moment: Moment, zone: str) -> date:
    """The calendar day of `moment`: as stated if only a day was stated, else as it is in `zone`."""
    if moment.precision in (Precision.DAY, *_COARSE):
        return moment.instant.date()
    return moment.instant.astimezone(ZoneInfo(zone)).date()


def _needs_clock(value: DeadlineValue, moment: Moment) -> bool:
    """A rule in hours needs an hour; a bare day is taken from its start, which is the earliest end."""
    return value.unit in CLOCK_UNITS and moment.precision in (Precision.DAY, *_COARSE)


def _weakest(value: DeadlineValue, pack: Pack) -> Confidence:
    order = list(Confidence)
    return max((pack.bases[basis].confidence for basis in value.basis), key=order.index)


def _count(value: DeadlineValue, rule: DeadlineRule, moment: Moment, day: date, pack: Pack) -> _Counted:
    if value.unit in CLOCK_UNITS:
        minutes = value.value * (60 if value.unit is Unit.HOURS else 1)
        last = (moment.instant + timedelta(minutes=minutes)).astimezone(ZoneInfo(pack.head.zone))
        return _Counted(last, rolled=False, settled=True)
    end = _last_day(value, day, pack.calendar) - timedelta(days=value.safety)
    rolled = pack.calendar.next_working(end) if rule.roll else end
    leaned_on = (day, rolled) if value.unit is Unit.WORKING_DAYS else (end, rolled) if rule.roll else ()
    years = range(min(leaned_on).year, max(leaned_on).year + 1) if leaned_on else ()
    settled = all(pack.calendar.is_settled(year) for year in years)
    return _Counted(
        datetime.combine(rolled, _END_OF_DAY, ZoneInfo(pack.head.zone)), rolled=rolled != end, settled=settled
    )


def _last_day(value: DeadlineValue, day: date, calendar: Calendar) -> date:
    if value.unit is Unit.WORKING_DAYS:
        return add_working_days(day, value.value, calendar)
    if value.unit is Unit.MONTHS:
        return add_months(day, value.value)
    if value.unit is Unit.YEARS:
        return add_months(day, value.value * 12)
    return add_days(day, value.value)


def _event(trigger: str, pack: Pack) -> Words:
    return pack.questions[f"dates.{trigger}"].event or Words(zh=trigger, en=trigger)


def _unknown(rule_id: str, rule: DeadlineRule, pack: Pack) -> Deadline:
    trigger = rule.ask or rule.trigger[0]
    said = why_unknown(rule, _event(trigger, pack))
    question = f"dates.{trigger}"
    return Deadline(rule_id, pack.version, trigger, None, None, False, said.zh, said.en, question=question)
