"""Last days as a calendar file. What a calendar shows on a lock screen names nothing of the case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from clawback.desk.nextsteps import Step
from clawback.model.case import Case

_NEUTRAL = {"zh": "有一件事", "en": "A reminder"}
_DAY_BEFORE, _THAT_MORNING = timedelta(hours=-15), timedelta(hours=9)
_UID_END = "@reminders.invalid"
_HOURS_BEFORE = (timedelta(hours=-12), timedelta(hours=-3))


def calendar_of(case: Case, steps: Iterable[Step], now: datetime, lang: str, *, full: bool = False) -> bytes:
    """An iCalendar file with every last day ahead of steps that are not done.

    A last day is an event of that whole day; an instant is an event at that instant. Alarms go off before:
    the day before and that morning at nine, or twelve and three hours ahead. The same step has the same UID
    each time, so that a calendar replaces what it has. `full`: titles and reasons instead of "a reminder".
    """
    calendar = _calendar()
    for step in steps:
        if step.last is not None and not step.overdue and step.open:
            calendar.add_component(_event(case, step, step.last, now, lang, full))
    return bytes(calendar.to_ical())


def calendar_of_day(on: date, now: datetime, lang: str) -> bytes:
    """An iCalendar file that reminds of something on that morning at nine, and says not of what."""
    event = Event()
    event.add("uid", hashlib.sha256(f"{on} {now.isoformat()}".encode()).hexdigest()[:32] + _UID_END)
    event.add("dtstamp", now)
    event.add("summary", _NEUTRAL[lang])
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add_component(_alarm(_THAT_MORNING, _NEUTRAL[lang]))
    calendar = _calendar()
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//reminders//1//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _event(case: Case, step: Step, last: datetime, now: datetime, lang: str, full: bool) -> Event:
    action = step.action
    event = Event()
    event.add("uid", _uid(case.id, action.id))
    event.add("dtstamp", now)
    title = (action.title_zh if lang == "zh" else action.title_en) if full else _NEUTRAL[lang]
    event.add("summary", title)
    if full and action.deadline is not None:
        event.add("description", action.deadline.why_zh if lang == "zh" else action.deadline.why_en)
    if step.to_the_hour:
        event.add("dtstart", last)
    else:
        event.add("dtstart", last.date())
        event.add("dtend", last.date() + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    for before in _HOURS_BEFORE if step.to_the_hour else (_DAY_BEFORE, _THAT_MORNING):
        event.add_component(_alarm(before, title))
    return event


def _alarm(before: timedelta, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", before)
    alarm.add("description", title)
    return alarm


def _uid(case: str, action: str) -> str:
    """The same for the same step of the same case, and nothing can be read from it."""
    return hashlib.sha256(f"{case} {action}".encode()).hexdigest()[:32] + _UID_END
