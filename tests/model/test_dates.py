"""Dates and times in running text; expectations by hand, as told on 2 March 2026, 09:30 in Beijing."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.dates import PartialDate, find_dates, find_moments
from clawback.model.moments import Moment, Precision, ZoneBasis

BEIJING = timezone(timedelta(hours=8))
BASE = Moment(datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING), Precision.MINUTE, ZoneBasis.FORMAT)


def moments(text: str, base: Moment | None = BASE) -> list[tuple[str, str]]:
    found = find_moments(text, "Asia/Shanghai", base)
    return [(m.moment.instant.isoformat()[:19], m.moment.precision.value) for m in found]


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("2026年3月1日 14:05", "2026-03-01T14:05:00", "minute"),
        ("2026-03-01 14:05:09", "2026-03-01T14:05:09", "second"),
        ("2026/3/1 23:59", "2026-03-01T23:59:00", "minute"),
        ("2026.3.1", "2026-03-01T00:00:00", "day"),
        ("2026年3月1日（周日）14:05", "2026-03-01T14:05:00", "minute"),
        ("2026年3月1日10时3分", "2026-03-01T10:03:00", "minute"),
        ("２０２６年３月１日", "2026-03-01T00:00:00", "day"),
        ("二〇二六年三月一日", "2026-03-01T00:00:00", "day"),
        ("2026年3月", "2026-03-01T00:00:00", "month"),
        ("1 March 2026", "2026-03-01T00:00:00", "day"),
        ("Mar 1, 2026 2:05 pm", "2026-03-01T14:05:00", "minute"),
        ("on the 1st of March 2026 at 3pm", "2026-03-01T15:00:00", "hour"),
        ("25/03/2026 10:00", "2026-03-25T10:00:00", "minute"),
        ("March 2026", "2026-03-01T00:00:00", "month"),
        ("at 14:05 on 1 March 2026", "2026-03-01T14:05:00", "minute"),
        ("2:05:09 pm, 1 March 2026", "2026-03-01T14:05:09", "second"),
        ("25:05 on 1 March 2026", "2026-03-01T00:00:00", "day"),
    ],
)
def test_a_time_with_its_year_needs_no_base(text: str, instant: str, precision: str) -> None:
    assert moments(text, base=None) == [(instant, precision)]


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("3月1日下午2点05分", "2026-03-01T14:05:00", "minute"),
        ("3月1号晚上八点", "2026-03-01T20:00:00", "hour"),
        ("12月28日", "2025-12-28T00:00:00", "day"),
        ("5 March 14:05", "2026-03-05T14:05:00", "minute"),
        ("昨天晚上10点03分", "2026-03-01T22:03:00", "minute"),
        ("昨晚10点半", "2026-03-01T22:30:00", "minute"),
        ("今天凌晨1点20", "2026-03-02T01:20:00", "minute"),
        ("今天中午12点", "2026-03-02T12:00:00", "hour"),
        ("前天", "2026-02-28T00:00:00", "day"),
        ("三天前", "2026-02-27T00:00:00", "day"),
        ("10分钟前", "2026-03-02T09:20:00", "minute"),
        ("两小时前", "2026-03-02T07:00:00", "hour"),
        ("两个月前", "2026-01-01T00:00:00", "month"),
        ("yesterday at 10:03 pm", "2026-03-01T22:03:00", "minute"),
        ("the day before yesterday", "2026-02-28T00:00:00", "day"),
        ("10 days ago", "2026-02-20T00:00:00", "day"),
        ("10:03 pm yesterday", "2026-03-01T22:03:00", "minute"),
    ],
)
def test_a_time_told_from_its_base_is_left_out_without_one(text: str, instant: str, precision: str) -> None:
    assert moments(text) == [(instant, precision)]
    assert moments(text, base=None) == []


@pytest.mark.parametrize(
    "text",
    [
        "01/03/2026 10:00",  # 1 March or 3 January
        "2月30日",
        "2026-02-30",
        "14:05",
        "昨晚1点",  # still the night, or the hour after midnight
        "一周前",
        "你可能 you may 5",
        "订单 202603011405091234",
        "版本 1.2.3",
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_not_a_moment(text: str) -> None:
    assert moments(text) == []


def test_a_clock_belongs_to_one_day_only() -> None:
    assert moments("2026-09-27 18:02 2026-09-29") == [
        ("2026-09-27T18:02:00", "minute"),
        ("2026-09-29T00:00:00", "day"),
    ]


@pytest.mark.parametrize("text", ["3月1日2点05分", "3月1日晚上12点"])
def test_an_hour_that_may_be_either_half_of_the_day_leaves_only_the_day(text: str) -> None:
    assert moments(text) == [("2026-03-01T00:00:00", "day")]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2026-03-01T14:05:09+08:00", 8),
        ("2026-03-01T06:05:09Z", 0),
        ("2026/3/1 23:59 (北京时间)", 8),
        ("2026-03-01 06:05 UTC", 0),
        ("2026-03-01 06:05 GMT+1", 1),
    ],
)
def test_a_zone_that_is_stated_is_kept(text: str, offset: int) -> None:
    (found,) = find_moments(text, "Europe/London", None)
    assert found.moment.zone_basis is ZoneBasis.STATED
    assert found.moment.instant.utcoffset() == timedelta(hours=offset)


def test_without_a_stated_zone_the_zone_is_an_assumption_or_that_of_the_base() -> None:
    (absolute,) = find_moments("2026-03-01 06:05", "Europe/London", None)
    (relative,) = find_moments("昨天", "Europe/London", BASE)
    assert absolute.moment.zone_basis is ZoneBasis.ASSUMED
    assert relative.moment.zone_basis is ZoneBasis.FORMAT
    assert relative.moment.instant.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("2026年3月1日", [(2026, 3, 1)]),
        ("01/03/2026", [(2026, 3, 1), (2026, 1, 3)]),
        ("1.5.2026", [(2026, 5, 1)]),
        ("3月1日", [(None, 3, 1)]),
        ("三月廿一日", [(None, 3, 21)]),
        ("2026年", [(2026, None, None)]),
        ("20260301", [(2026, 3, 1)]),
        ("2月30日", [(None, 2, 30)]),
        ("March 1", [(None, 3, 1)]),
        ("Sept. 2026", [(2026, 9, None)]),
    ],
)
def test_every_date_is_found_with_all_its_readings(text: str, readings: list[tuple[int | None, ...]]) -> None:
    (found,) = find_dates(f"于{text}。")
    assert found.text == text
    assert found.readings == tuple(PartialDate(*reading) for reading in readings)


@given(
    st.dates(), st.sampled_from(["%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%b %d, %Y", "%Y%m%d"])
)
def test_every_calendar_day_is_found_in_every_form(day: datetime, form: str) -> None:
    if 1900 <= day.year <= 2199:
        (found,) = find_dates(f"签订于 {day.strftime(form)}，特此说明")
        assert found.readings == (PartialDate(day.year, day.month, day.day),)


@given(
    st.text(alphabet="0123456789年月日号时点分秒-/:. TZ+一二三十昨今前天晚上MarchMay ago days", max_size=60)
)
def test_no_text_raises_and_spans_fit(text: str) -> None:
    for mention in (*find_moments(text, "Europe/London", BASE), *find_dates(text)):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "piece", ["2026年", "1月", "1", "2026-", "3 days ", "一", "昨天", "1/", "May ", "12:"]
)
def test_hostile_text_is_searched_in_linear_time(piece: str) -> None:
    begin = time.process_time()
    find_moments(piece * (60_000 // len(piece)), "Asia/Shanghai", BASE)
    assert time.process_time() - begin < 5
