"""The timeline: everything in one stream, each item leading to where it stands, nothing guessed."""

from __future__ import annotations

import re
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from clawback.desk import intake
from clawback.desk.calling import CallResult, Told, note_call
from clawback.desk.chronology import Chronology, Wanted, chronology, days, density
from clawback.desk.livecase import LiveCase
from clawback.desk.records import Records
from clawback.desk.tracking import HandIn, Reply, ReplyResult, record_hand_in, record_reply, withdraw
from clawback.desk.workplace import Workplace
from clawback.model.case import Case
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Direction, Method, Statement, Transfer, TransferStatus
from clawback.model.evidence import Locator, Source
from clawback.model.ledger import LedgerEntry, Scope, TimelineItem, TimelineKind
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.store.records import Decision
from web.conftest import NOW

PATH = "/c/0123456789abcdef/timeline"


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# the stream itself


def moment(at: str, precision: Precision = Precision.MINUTE) -> Moment:
    return Moment(datetime.fromisoformat(at), precision, ZoneBasis.STATED)


def source(number: int) -> Source:
    return Source(1, Locator(line=number), "x", "r", "1")


def message(number: int, at: Moment | None, who: str = "某某", words: str = "好") -> TimelineItem:
    return TimelineItem(at, TimelineKind.MESSAGE, f"M1.l{number}", who, words, (source(number),))


def payment(number: int, at: Moment, direction: Direction) -> tuple[TimelineItem, LedgerEntry]:
    moved = Transfer(
        direction,
        Amount(Decimal(10), "CNY"),
        at,
        TransferStatus.COMPLETED,
        Method.ALIPAY,
        Account("甲某"),
        Account("乙某"),
        (source(number),),
    )
    entry = LedgerEntry(moved, (moved.id,), (), Scope.IN, ())
    item = TimelineItem(at, TimelineKind.TRANSFER, entry.id, "乙某", "-10.00 CNY", moved.sources)
    return item, entry


def file_of(
    *items: TimelineItem, entries: tuple[LedgerEntry, ...] = (), statements: tuple[Statement, ...] = ()
) -> CaseFile:
    return CaseFile(
        case=Case("x", "cn", "zh", "Asia/Shanghai", NOW, False),
        now=NOW,
        exhibits=(),
        messages=(),
        statements=statements,
        indicators=(),
        parties=(),
        entries=entries,
        possible_matches=(),
        losses=(),
        timeline=items,
        card=None,  # type: ignore[arg-type]
        plan=None,  # type: ignore[arg-type]
        problems=(),
        log_size=0,
        log_root="",
    )


def stream_of(file: CaseFile, *decisions: Decision) -> Chronology:
    return chronology(file, Records(file.case, (), {}, (), decisions, (), 0, ""))


def test_dated_items_stand_in_order_and_undated_ones_last_without_a_guess() -> None:
    late, none, early = (
        message(1, moment("2026-11-21T20:00:00+08:00")),
        message(2, None),
        message(3, moment("2026-11-21T10:00:00+00:00")),  # 18:00 in Beijing
    )
    found = stream_of(file_of(late, none, early)).happenings
    assert [one.item.record for one in found] == ["M1.l3", "M1.l1", "M1.l2"]
    assert [one.day for one in found] == ["2026-11-21", "2026-11-21", ""]
    assert found[0].at is not None
    assert found[0].at.strftime("%H:%M") == "18:00"


def test_a_day_is_that_of_the_case_and_a_bare_day_stays_as_written() -> None:
    found = stream_of(
        file_of(
            message(1, moment("2026-11-21T23:30:00+00:00")),
            message(2, moment("2026-11-21T00:00:00+00:00", Precision.DAY)),
            message(3, moment("2026-11-01T00:00:00+08:00", Precision.MONTH)),
            message(4, moment("2026-01-01T00:00:00+08:00", Precision.YEAR)),
        )
    )
    assert {one.item.record: one.day for one in found.happenings} == {
        "M1.l1": "2026-11-22",
        "M1.l2": "2026-11-21",
        "M1.l3": "2026-11",
        "M1.l4": "2026",
    }


def test_what_the_user_stated_joins_at_the_time_it_was_stated() -> None:
    said = Statement("user.name", "甲某", moment("2026-11-20T10:00:00+08:00"), (source(9),))
    found = stream_of(file_of(message(1, moment("2026-11-21T20:00:00+08:00")), statements=(said,)))
    first = found.happenings[0]
    assert (first.item.kind, first.item.text, first.statement, first.own) == (
        TimelineKind.STATEMENT,
        "甲某",
        said,
        True,
    )
    assert found.kinds == {"message": 1, "statement": 1}


def test_the_stream_is_filtered_by_kind_person_words_and_day() -> None:
    at = moment("2026-11-21T20:00:00+08:00")
    paid, entry = payment(3, at, Direction.OUT)
    found = stream_of(
        file_of(
            message(1, at, "导师", "先转3000 ABC"), message(2, None, "我", "转好了"), paid, entries=(entry,)
        )
    )

    def ids(wanted: Wanted) -> list[str]:
        return [one.item.record for one in found.matching(wanted)]

    assert ids(Wanted(kind="transfer")) == ["T1.l3"]
    assert ids(Wanted(who="我")) == ["M1.l2"]
    assert ids(Wanted(text="abc")) == ["M1.l1"]
    assert ids(Wanted(text="导师")) == ["M1.l1"]
    assert ids(Wanted(day="2026-11-21")) == ["M1.l1", "T1.l3"]
    assert ids(Wanted(day=None)) == ["M1.l2"]
    assert len(ids(Wanted())) == 3
    assert days(found.happenings) == (("2026-11-21", 2), ("", 1))
    assert found.people == (("导师", 1), ("我", 1), ("乙某", 1))


# the picture


@pytest.mark.parametrize(
    ("last", "unit"),
    [
        ("2026-11-03T00:00:00+08:00", "hour"),
        ("2026-12-31T00:00:00+08:00", "day"),
        ("2028-11-01T00:00:00+08:00", "week"),
        ("2028-12-01T00:00:00+08:00", "month"),
    ],
)
def test_the_longer_the_span_the_wider_the_bars(last: str, unit: str) -> None:
    stream = stream_of(file_of(message(1, moment("2026-11-01T00:00:00+08:00")), message(2, moment(last))))
    assert stream.picture.unit == unit


def test_bars_count_records_and_the_payments_among_them() -> None:
    one = moment("2026-11-01T09:00:00+08:00")
    out, out_entry = payment(5, one, Direction.OUT)
    back, back_entry = payment(6, moment("2026-11-04T09:00:00+08:00"), Direction.IN)
    drawn = density(
        stream_of(
            file_of(message(1, one), out, back, message(2, None), entries=(out_entry, back_entry))
        ).happenings
    )
    assert drawn.unit == "day"
    assert [(bin.start.day, bin.records, bin.out, bin.back, bin.day) for bin in drawn.bins] == [
        (1, 2, 1, 0, "2026-11-01"),
        (2, 0, 0, 0, ""),
        (3, 0, 0, 0, ""),
        (4, 1, 0, 1, "2026-11-04"),
    ]
    assert drawn.undated == 1


def test_a_long_silence_is_one_bar_that_says_how_long() -> None:
    dates = ("2026-11-01T09:00:00+08:00", "2026-12-10T09:00:00+08:00")
    drawn = stream_of(file_of(*(message(n, moment(at)) for n, at in enumerate(dates, 1)))).picture
    assert [(bin.records, bin.gap) for bin in drawn.bins] == [(1, 0), (0, 38), (1, 0)]  # 2 Nov to 9 Dec
    far = ("0002-01-01T09:00:00+08:00", "9999-12-30T09:00:00+08:00")
    drawn = stream_of(file_of(*(message(n, moment(at)) for n, at in enumerate(far, 1)))).picture
    assert [bin.gap for bin in drawn.bins] == [0, 9997 * 12 + 10, 0]


# the page


def test_the_page_has_every_kind_with_its_way_back(site: TestClient, case: LiveCase) -> None:
    page = site.get(PATH).text
    words = text(page)
    assert "时间线 · " in words
    assert "导师小林 先转3000到支付宝" in words
    assert re.search(r"−8,000\.00 ?元 给 李样例", words)
    assert "您的陈述" in words
    assert re.search(r'href="/c/0123456789abcdef/evidence/\d+\?at=l\d+"', page)
    assert "时间都按北京时间显示" in words
    assert "标着“推定”的" in words


def test_totals_are_said_when_filtered_and_nothing_hides(site: TestClient, case: LiveCase) -> None:
    total = len(case.once_with_records(chronology).happenings)
    page = text(site.get(f"{PATH}?kind=transfer").text)
    shown = len(case.once_with_records(chronology).matching(Wanted(kind="transfer")))
    assert f"符合的有 {shown} 件，共 {total} 件" in page
    assert "没有符合的记录" in text(site.get(f"{PATH}?q=zzzz").text)


@pytest.mark.parametrize(
    "query", ["day=zzz", "day=undated", "kind=zzz", "who=%00", "page=zzz", "page=-1", "list=1"]
)
def test_an_odd_filter_is_an_empty_page_not_an_error(site: TestClient, case: LiveCase, query: str) -> None:
    assert site.get(f"{PATH}?{query}").status_code == 200


def test_the_figures_of_the_picture_lead_to_the_days(site: TestClient, case: LiveCase) -> None:
    figures = site.get(f"{PATH}/density").json()
    assert figures["unit"] == "day" or figures["unit"] == "hour"
    links = [bin["link"] for bin in figures["bins"] if bin["records"]]
    assert links
    assert all(link.startswith(f"{PATH}#day-2026-11-") for link in links)
    page = site.get(PATH).text
    assert all(f'id="{link.split("#")[1]}"' in page for link in links)


def test_the_list_of_days_says_the_same_as_the_picture(site: TestClient, case: LiveCase) -> None:
    page = site.get(PATH).text
    figures = site.get(f"{PATH}/density").json()
    listed = re.findall(r'<li><a href="[^"]+">[^<]+</a> <span class="hint">(\d+) 件</span></li>', page)
    assert sum(map(int, listed)) == sum(bin["records"] for bin in figures["bins"]) + figures["undated"]


# calls, papers and replies


@pytest.fixture
def followed(case: LiveCase) -> LiveCase:
    """The small case with a call at 20:40 on the 18th, a paper handed in on the 19th, and a reply."""
    told = Told(
        *("police_110", "110", "", CallResult.ACCEPTED, "受-001", "民警乙"),
        datetime.fromisoformat("2026-11-18T12:40:00+00:00"),
    )
    paper = HandIn("police_report", date(2026, 11, 19), "counter", "JZ-7", "样例派出所")
    reply = Reply("police_report", date(2026, 11, 20), ReplyResult.ACCEPTED, note="收到回执", exhibit=1)
    case.change(lambda folder, secret: note_call(folder, secret, told, NOW))
    case.change(lambda folder, secret: record_hand_in(folder, secret, paper, NOW))
    case.change(lambda folder, secret: record_reply(folder, secret, reply, NOW))
    return case


def test_a_call_stands_among_messages_and_payments_at_the_time_it_was_made(
    site: TestClient, followed: LiveCase
) -> None:
    page = text(site.get(f"{PATH}?day=2026-11-18").text)
    assert re.search(
        r"20:14 .*20:15 .*20:40 电话 您打过电话： ?\S+.* 电话里已受理 编号 受-001。 民警乙 去跟进", page
    )


def test_a_paper_and_a_reply_stand_on_their_days_with_a_way_to_tracking(
    site: TestClient, followed: LiveCase
) -> None:
    html = site.get(f"{PATH}?kind=follow_up").text
    page = text(html)
    assert "符合的有 2 件" in page
    assert re.search(r"几点不详 跟进 您交了材料： .*样例派出所 编号 JZ-7。", page)
    assert re.search(r"收到答复： .* 已受理或立案 收到回执", page)
    assert html.count('href="/c/0123456789abcdef/tracking#events"') == 2
    assert '/evidence/1"' in html  # the reply's letter


def test_calls_have_a_filter_of_their_own_and_are_found_by_their_words(
    site: TestClient, followed: LiveCase
) -> None:
    page = text(site.get(PATH).text)
    assert "电话 (1)" in page
    assert "跟进 (2)" in page
    assert "符合的有 1 件" in text(site.get(f"{PATH}?kind=call").text)
    assert "民警乙" in text(site.get(f"{PATH}?q=受-001").text)


def test_what_was_taken_back_leaves_the_timeline(site: TestClient, followed: LiveCase) -> None:
    followed.change(lambda folder, secret: withdraw(folder, secret, 1, NOW))
    page = text(site.get(PATH).text)
    assert "您打过电话" not in page
    assert "跟进 (2)" in page


def test_an_empty_case_says_what_will_be_here(site: TestClient, workplace: Workplace) -> None:
    case = workplace.begin("cn")
    page = site.get(f"/c/{case.id}/timeline").text
    assert "还没有记录" in page
    assert "uPlot" not in page


@pytest.fixture
def long_case(workplace: Workplace, tmp_path: Path) -> LiveCase:
    """1,200 messages on 120 days, ten a day."""
    heap = tmp_path / "long"
    heap.mkdir()
    start = datetime.fromisoformat("2026-06-01T08:00:00")
    lines = []
    for number in range(1_200):
        at = start + timedelta(days=number // 10, minutes=number % 10)
        lines.append(f"{at:%Y-%m-%d %H:%M:%S} 导师\n第{number}条\n")
    (heap / "微信聊天.txt").write_text("\n".join(lines), encoding="utf-8")
    workplace.home.mkdir(exist_ok=True)
    intake.open_heap(heap, workplace.home / "abcabcabcabc", intake.OpenOptions(now=NOW))
    return workplace.case("abcabcabcabc")


def test_a_long_stream_is_folded_by_day_and_every_day_opens(site: TestClient, long_case: LiveCase) -> None:
    page = site.get("/c/abcabcabcabc/timeline").text
    assert "一共 1200 件，按日子收起来了" in page
    assert "第 1 页，共 3 页 · 第 1–50 条，共 120 条" in text(page)
    assert page.count("10 件") >= 50
    day = site.get("/c/abcabcabcabc/timeline?day=2026-06-02").text
    assert "第10条" in day
    assert "第19条" in day
    assert "第20条" not in day
    assert "符合的有 10 件，共 1200 件" in text(day)


def test_a_long_stream_can_be_listed_item_by_item(site: TestClient, long_case: LiveCase) -> None:
    page = site.get("/c/abcabcabcabc/timeline?list=1&page=24").text
    assert "第 24 页，共 24 页 · 第 1151–1200 条，共 1200 条" in text(page)
    assert "第1199条" in page


def test_a_page_of_a_long_stream_is_quick(site: TestClient, long_case: LiveCase) -> None:
    site.get("/c/abcabcabcabc/timeline")
    start = time.perf_counter()
    for _ in range(5):
        assert site.get("/c/abcabcabcabc/timeline?list=1&page=3").status_code == 200
    assert (time.perf_counter() - start) / 5 < 0.5  # 50 ms on a quiet machine; this only catches re-reading
