"""Today and its steps: one thing first, what became of it, last days in words, and the calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from clawback.desk import intake, tracking
from clawback.desk.livecase import LiveCase
from clawback.desk.nextsteps import agenda_of, notices_of, recovery_signs
from clawback.desk.tracking import HandIn, Reply, ReplyResult, StepOutcome, tracking_of
from web.conftest import NOW

AT = "/c/0123456789abcdef"


def first_title(html: str) -> str:
    found = re.search(r'id="first"><a [^>]*>([^<]+)</a>', html)
    return found.group(1) if found else ""


def test_the_step_that_cannot_wait_is_big_and_the_others_are_lines(site: TestClient, case: LiveCase) -> None:
    html = site.get(f"{AT}/").text
    assert first_title(html).startswith("打110")
    assert html.count("button-first") == 1
    assert "打开急救卡" in html
    assert html.index("带上报案材料去就近派出所") < html.index("整理一套给律师或法律援助的材料")


def test_an_offer_to_recover_the_money_stands_above_everything(site: TestClient, case: LiveCase) -> None:
    html = site.get(f"{AT}/").text
    assert html.index("很可能是第二次诈骗") < html.index('id="first"')
    assert notices_of(case.file(), "en").recovery is not None
    why = site.get(f"{AT}/steps/cn.no_recovery_service").text
    assert "黑客技术" in why
    assert f"{AT}/evidence/" in why


def test_words_of_a_second_scam_are_found_where_they_stand(case: LiveCase) -> None:
    signs = recovery_signs(case.file())
    assert {sign.words for sign in signs} >= {"追款", "黑客技术"}
    mail = next(exhibit for exhibit in case.file().exhibits if exhibit.name.endswith(".eml"))
    assert {source.exhibit for sign in signs for source in sign.sources} == {mail.number}


def test_what_not_to_do_is_never_the_first_thing_to_do(case: LiveCase) -> None:
    file = case.file()
    agenda = agenda_of(file, tracking_of(case.records(), file))
    assert [step.action.id for step in agenda.warnings] == ["cn.no_recovery_service"]
    assert agenda.first is not None
    assert agenda.first.action.id == "cn.call_110"


def test_a_step_done_collapses_and_the_next_one_comes_up(site: TestClient, case: LiveCase) -> None:
    answer = site.post(f"{AT}/steps/cn.call_110", data={"outcome": "done"})
    assert answer.url.path == f"{AT}/"
    assert "记下了，做完了：打110" in answer.text
    assert first_title(answer.text).startswith("打付款银行的客服")
    assert "做完的 1 步" in answer.text


def test_a_step_marked_by_mistake_comes_back(site: TestClient, case: LiveCase) -> None:
    site.post(f"{AT}/steps/cn.call_110", data={"outcome": "done"})
    answer = site.post(f"{AT}/steps/cn.call_110", data={"outcome": "not_yet"})
    assert first_title(answer.text).startswith("打110")


def test_what_could_not_be_done_asks_why_and_names_the_next_best(site: TestClient, case: LiveCase) -> None:
    asked = site.get(f"{AT}/steps/cn.call_110", params={"say": "could_not"}).text
    assert "是什么原因？" in asked
    assert "打付款银行的客服" in asked
    answer = site.post(
        f"{AT}/steps/cn.call_110", data={"outcome": "could_not", "reason": "no_answer", "note": "占线"}
    )
    assert "换个时间再打一次" in answer.text
    assert first_title(answer.text).startswith("打付款银行的客服")
    file = case.file()
    mark = tracking_of(case.records(), file).steps["cn.call_110"]
    assert (mark.outcome, mark.reason, mark.note) == (StepOutcome.COULD_NOT, "no_answer", "占线")


def test_a_step_that_starts_a_clock_asks_for_its_day(site: TestClient, case: LiveCase) -> None:
    assert f'action="{AT}/steps/cn.call_110"' in site.get(f"{AT}/").text
    asked = site.get(f"{AT}/steps/cn.police_report", params={"say": "done"}).text
    assert 'type="date"' in asked
    site.post(f"{AT}/steps/cn.police_report", data={"outcome": "done", "on": "2026-11-19"})
    stated = case.file().answer("dates.reported_to_police")
    assert stated is not None
    assert stated.value == "2026-11-19"
    assert (
        "对方应在 12月19日 周六 前答复（大约，请再核实）" in site.get(f"{AT}/").text
    )  # 30 days after the 19th


@pytest.mark.parametrize(("typed", "said"), [("2026-11-21", "这一天还没有到。"), ("soon", "请选一个日期。")])
def test_a_day_that_cannot_be_is_refused_and_nothing_is_lost(
    site: TestClient, case: LiveCase, typed: str, said: str
) -> None:
    answer = site.post(
        f"{AT}/steps/cn.police_report", data={"outcome": "done", "on": typed, "note": "回执在手"}
    )
    assert answer.status_code == 422
    assert answer.text.count(said) == 2
    assert "回执在手" in answer.text
    assert case.records().decisions == ()


def test_changing_the_language_of_a_half_filled_step_saves_nothing(site: TestClient, case: LiveCase) -> None:
    answer = site.post(
        f"{AT}/steps/cn.police_report", data={"speak": "en", "on": "2026-11-18", "note": "kept"}
    )
    assert answer.status_code == 200
    assert case.records().decisions == ()


def test_a_step_that_is_not_in_the_plan_is_not_found(site: TestClient, case: LiveCase) -> None:
    assert site.get(f"{AT}/steps/cn.second_review").status_code == 404


def test_a_deadline_that_is_not_verified_shows_no_date(site: TestClient, case: LiveCase) -> None:
    case.change(
        lambda folder, secret: intake.seal_answers(
            folder,
            {"situation": "account_stolen", "dates.bank_final_reply": "2026-11-10"},
            NOW + timedelta(minutes=1),
            secret,
        )
    )
    html = site.get(f"{AT}/steps/cn.bank_reexamination").text
    assert "期限还没核实，请向对方确认" in html
    assert "12月10日" not in html  # thirty days after, from memory alone


def test_nothing_due_says_so_and_names_what_comes_next(site: TestClient, case: LiveCase) -> None:
    for action in case.file().plan.actions:
        if action.when != "later":
            case.change(
                lambda folder, secret, id=action.id: tracking.mark_step(folder, secret, id, "done", "", NOW)
            )
    html = site.get(f"{AT}/").text
    assert "今天没有必须做的事" in html
    assert "整理一套给律师或法律援助的材料" in html
    assert "可以休息。" in html


def test_a_last_day_that_has_passed_does_not_say_that_all_is_lost(site: TestClient, case: LiveCase) -> None:
    case.change(
        lambda folder, secret: intake.seal_answers(
            folder, {"dates.refusal_notice_received": "2026-11-02"}, NOW + timedelta(minutes=1), secret
        )
    )
    html = site.get(f"{AT}/steps/cn.review_refusal").text
    assert "11月9日 周一 已过，仍可以提出" in html
    assert "仍可提出，由受理机关决定" in html


def test_new_replies_and_open_questions_are_lines_on_today(site: TestClient, case: LiveCase) -> None:
    reply = Reply("platform_withdrawal_refused", date(2026, 11, 19), ReplyResult.MORE)
    case.change(lambda folder, secret: tracking.record_reply(folder, secret, reply, NOW))
    html = site.get(f"{AT}/").text
    assert "最近收到 1 份答复" in html
    assert f"{AT}/questions" in html


def test_an_empty_case_says_what_to_do_first(site: TestClient, case: LiveCase) -> None:
    site.get("/speak/zh")
    empty = site.app.state.workplace.begin("cn")  # type: ignore[attr-defined]
    html = site.get(f"/c/{empty.id}/").text
    assert html.count("button-first") == 1


def test_english_has_no_chinese_in_it(site: TestClient, case: LiveCase) -> None:
    site.get("/speak/en")
    for path in (
        "/",
        "/steps/cn.call_110",
        "/steps/cn.call_110?say=could_not",
        "/steps/cn.police_report?say=done",
    ):
        html = site.get(AT + path).text
        main = html[html.index("<main") : html.index("</main>")]
        text = re.sub(r"<[^>]+>", " ", main)
        law = re.sub(
            r'<details class="law">.*?</details>', " ", main, flags=re.DOTALL
        )  # laws keep their own names
        assert not re.search(r"[㐀-鿿]", re.sub(r"<[^>]+>", " ", law)), (path, text)


# ------------------------------------------------------------------------------------------ the calendar


def events(site: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = site.get(f"{AT}/calendar.ics{query}")
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    return [{key.lower(): one[key].to_ical().decode() for key in one} for one in calendar.walk("VEVENT")]


def refuse(case: LiveCase) -> None:
    reply = Reply("police_report", date(2026, 11, 19), ReplyResult.REFUSED)
    case.change(lambda folder, secret: tracking.record_reply(folder, secret, reply, NOW))


def test_a_last_day_is_that_whole_day_with_a_neutral_title(site: TestClient, case: LiveCase) -> None:
    refuse(case)
    found = {one["dtstart"]: one for one in events(site)}
    review = found["20261126"]  # seven days after the 19th, the 19th not counted
    assert review["dtend"] == "20261127"
    assert {one["summary"] for one in found.values()} == {"有一件事"}
    text = site.get(f"{AT}/calendar.ics").text
    assert not re.search("公安|复议|诈", text)
    assert text.count("BEGIN:VALARM") == 2 * len(found)
    assert "TRIGGER:-PT15H" in text


def test_the_calendar_names_steps_only_when_asked(site: TestClient, case: LiveCase) -> None:
    refuse(case)
    assert "向作出决定的公安机关申请复议" in {one["summary"] for one in events(site, "?full=1")}


def test_the_same_step_keeps_its_uid_and_a_done_one_leaves(site: TestClient, case: LiveCase) -> None:
    refuse(case)
    before = {one["dtstart"]: one["uid"] for one in events(site)}
    assert before == {one["dtstart"]: one["uid"] for one in events(site, "?full=1")}
    case.change(
        lambda folder, secret: tracking.mark_step(folder, secret, "cn.review_refusal", "done", "", NOW)
    )
    after = {one["dtstart"]: one["uid"] for one in events(site)}
    assert after == {day: uid for day, uid in before.items() if day != "20261126"}


def test_an_instant_is_an_event_at_that_instant(site: TestClient, case: LiveCase) -> None:
    stopped = Reply("police_report", datetime.fromisoformat("2026-11-20T09:30:00+08:00"), ReplyResult.STOPPED)
    case.change(lambda folder, secret: tracking.record_reply(folder, secret, stopped, NOW))
    assert "20261122T093000" in {one["dtstart"] for one in events(site)}  # 48 hours
    html = site.get(f"{AT}/steps/cn.follow_stop_payment").text
    assert "有效到 11月22日 周日 09:30" in html


def test_what_lapses_within_days_comes_right_after_what_is_for_now(case: LiveCase) -> None:
    stopped = Reply("police_report", datetime.fromisoformat("2026-11-20T09:30:00+08:00"), ReplyResult.STOPPED)
    case.change(lambda folder, secret: tracking.record_reply(folder, secret, stopped, NOW))
    for id in [action.id for action in case.file().plan.actions if action.when == "now"]:
        case.change(lambda folder, secret, id=id: tracking.mark_step(folder, secret, id, "done", "", NOW))
    file = case.file()
    agenda = agenda_of(file, tracking_of(case.records(), file))
    marked = {step.action.id for step in agenda.done}
    first = agenda.first.action.id if agenda.first else ""
    assert first == "cn.follow_stop_payment" or "cn.follow_stop_payment" in marked


def test_a_hand_in_shows_on_its_step(site: TestClient, case: LiveCase) -> None:
    hand_in = HandIn("police_report", date(2026, 11, 20), "counter", "回执 42")
    case.change(lambda folder, secret: tracking.record_hand_in(folder, secret, hand_in, NOW))
    assert "回执 42" in site.get(f"{AT}/steps/cn.police_report").text
