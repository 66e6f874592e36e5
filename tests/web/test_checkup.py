"""The check-up page by page: one question at a time, nothing kept, then a list that a case can take."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from clawback.desk import intake
from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace

AT = "/c/0123456789abcdef"
TAKEOVER = ("clean_device", "mail_back", "mail_sessions", "mail_recovery", "mail_forwarding")


def carried(html: str) -> dict[str, list[str]]:
    """What the form of the page brings to the next one."""
    form = html.split('id="main-form"', 1)[1].split("</form>", 1)[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(value)
    return fields


def press(site: TestClient, html: str, button: str) -> str:
    assert f'name="do" value="{button}"' in html, button
    answer = site.post("/checkup", data={**carried(html), "do": button})
    assert answer.status_code == 200
    return answer.text


def begin(site: TestClient, after: str = "takeover") -> str:
    return site.post("/checkup", data={"after": after, "at": "", "do": "begin"}).text


def question(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html)
    assert found is not None
    return found[1]


def todo(html: str) -> list[str]:
    return re.findall(r'<span class="todo-number">\d+</span> ([^<]+)</h2>', html)


def finished(site: TestClient, **said: str) -> str:
    data = {"after": "takeover", "at": "list", "said": [f"{id}:{answer}" for id, answer in said.items()]}
    return site.post("/checkup", data=data).text


def test_it_begins_with_what_happened_and_says_that_no_password_is_asked(site: TestClient) -> None:
    page = site.get("/checkup").text
    assert question(page) == "账号体检"
    assert page.count("button-first") == 1
    assert page.count('type="radio"') == 7
    assert "从不问您的密码" in page
    assert 'value="ordinary" checked' in page
    assert 'value="takeover" checked' in site.get("/checkup?after=takeover").text


def test_no_page_of_it_has_a_field_for_a_password_or_any_text(site: TestClient) -> None:
    pages = [site.get("/checkup").text, begin(site), finished(site, mail_back="no")]
    pages.append(press(site, begin(site), "no"))
    for page in pages:
        assert set(re.findall(r'<input[^>]*type="([a-z]+)"', page)) <= {"hidden", "radio", "date"}
        assert "<textarea" not in page


def test_yes_leads_to_the_next_question(site: TestClient) -> None:
    page = begin(site)
    assert "第 1 项，共 10 项" in page
    assert "如果钱正在被转走，先给银行打电话" in page
    page = press(site, page, "yes")
    assert question(page) == "邮箱您自己能登录，而且已经换了新密码吗？"
    assert carried(page)["said"] == ["clean_device:yes"]


def test_no_teaches_first_and_then_goes_on_with_it_on_the_list(site: TestClient) -> None:
    page = press(site, begin(site), "no")
    assert question(page) == "下面这些，您打算在一部没出过事的设备上做吗？"
    assert "自己的网址自己输，不点短信和邮件里的链接。" in page
    assert page.count("button-first") == 1
    page = press(site, page, "next")
    assert carried(page)["said"] == ["clean_device:no"]


def test_whoever_follows_the_teaching_at_once_has_it_done(site: TestClient) -> None:
    page = press(site, press(site, begin(site), "no"), "yes")
    assert carried(page)["said"] == ["clean_device:yes"]


def test_what_is_that_is_answered_before_the_same_question_stands_again(site: TestClient) -> None:
    page = press(site, begin(site), "unknown")
    assert "没装过对方给的软件、没被远程控制过的设备" in page
    assert question(page) == "下面这些，您打算在一部没出过事的设备上做吗？"
    page = press(site, page, "next")
    assert carried(page)["said"] == ["clean_device:unknown"]


def test_back_skip_and_jump(site: TestClient) -> None:
    page = press(site, press(site, begin(site), "skip"), "back")
    assert "第 1 项" in page
    page = press(site, page, "to:bank_check")
    assert "第 8 项" in page
    start = press(site, begin(site), "back")
    assert question(start) == "账号体检"
    assert 'value="takeover" checked' in start


def test_all_items_stand_beside_the_question_with_their_state(site: TestClient) -> None:
    page = press(site, press(site, press(site, begin(site), "yes"), "no"), "next")
    aside = page.split("<aside", 1)[1]
    assert len(re.findall(r'value="to:[a-z_]+"', aside)) == 10
    assert re.findall(r'<span class="tag tag-([a-z]+)">', aside) == ["good", "needs"]
    assert aside.count('aria-current="step"') == 1


def test_the_last_question_leads_to_the_list(site: TestClient) -> None:
    page = begin(site)
    for _ in range(10):
        page = press(site, page, "skip")
    assert question(page) == "您的清单"
    assert "还没有回答，所以清单是空的" in page


def test_the_list_is_in_the_order_of_what_happened_with_reasons_and_no_score(site: TestClient) -> None:
    page = finished(site, bank_check="no", clean_device="no", mail_back="unknown", mail_sessions="yes")
    assert todo(page) == [
        "换一部干净的手机或电脑来改密码",
        "拿回邮箱，给它换一个新密码",
        "逐笔核对银行卡和支付账单",
    ]
    assert "谁拿着邮箱，谁就能重设别的密码" in page
    assert "说的是您注册各种账号用的那个邮箱" in page  # it was not known what that is
    assert "没看的 6 项" in page
    assert not re.search(r"[0-9]+ ?(%|分</)", page)


def test_everything_done_is_not_called_safe(site: TestClient) -> None:
    page = finished(site, clean_device="yes")
    assert "这不等于不会出事" in page
    assert "notice-good" not in page


def test_a_named_service_has_its_source_and_only_an_official_page_is_a_link(site: TestClient) -> None:
    page = site.post(
        "/checkup", data={"after": "ordinary", "at": "list", "said": ["sim_lock:no", "delayed_transfer:no"]}
    ).text
    assert "support.apple.com" in page
    assert "银发〔2016〕261号" in page
    assert "lxsnb.com" not in page  # a copy on somebody's site is named, not linked
    assert "来自二手资料，请再核对。" in page


def test_changing_the_language_keeps_place_and_answers_and_moves_nothing(site: TestClient) -> None:
    page = press(site, press(site, begin(site), "yes"), "no")
    english = site.post("/checkup", data={**carried(page), "do": "next", "speak": "en"}).text
    assert question(english) == "Can you sign in to your mail, and have you given it a new password?"
    assert carried(english) == carried(page)
    assert "If you get in: change the password to one used nowhere else." in english


@pytest.mark.parametrize(
    "data",
    [
        {"after": "weather", "at": "nowhere", "do": "to:nowhere"},
        {"after": "takeover", "at": "clean_device", "do": "explode"},
        {"after": "takeover", "at": "clean_device", "said": ["x", ":", "mail_back:perhaps", "<b>:no"]},
        {"after": "takeover", "at": "sim_lock", "show": "everything", "case": "../../etc"},
    ],
)
def test_what_no_page_sends_breaks_nothing(site: TestClient, data: dict[str, str]) -> None:
    answer = site.post("/checkup", data=data)
    assert answer.status_code == 200
    assert "<b>" not in answer.text
    assert "etc" not in carried(answer.text).get("case", [""])[0]


def test_nothing_is_kept(site: TestClient, workplace: Workplace) -> None:
    finished(site, mail_back="no")
    assert workplace.ids() == ()
    assert not workplace.home.exists()


def test_without_a_case_there_is_none_to_put_it_into(site: TestClient) -> None:
    page = finished(site, mail_back="no")
    assert "放进案件" not in page
    assert page.count("button-first") == 1


def test_a_reminder_is_a_day_in_a_calendar_that_names_nothing(site: TestClient) -> None:
    answer = site.post("/checkup/reminder", data={"on": "2026-11-23", "after": "takeover", "at": "list"})
    assert answer.headers["content-type"].startswith("text/calendar")
    assert b"DTSTART;VALUE=DATE:20261123" in answer.content
    assert "SUMMARY:有一件事".encode() in answer.content
    assert b"TRIGGER:PT9H" in answer.content
    assert "体检".encode() not in answer.content


@pytest.mark.parametrize("on", ["", "soon", "2026-11-19", "2027-12-31"])
def test_a_day_that_cannot_be_is_said_beside_the_field_and_the_list_stays(site: TestClient, on: str) -> None:
    data = {"on": on, "after": "takeover", "at": "list", "said": "mail_back:no"}
    answer = site.post("/checkup/reminder", data=data)
    assert answer.status_code == 422
    assert answer.text.count("请选今天以后一年内的一天") == 2
    assert todo(answer.text) == ["拿回邮箱，给它换一个新密码"]


def test_the_list_goes_into_the_case_and_is_ticked_off_there(site: TestClient, case: LiveCase) -> None:
    page = finished(site, clean_device="no", mail_back="no")
    assert f'action="{AT}/checkup/keep"' in page
    before = len(case.file().exhibits)
    page = site.post(f"{AT}/checkup/keep", data=carried(page)).text
    assert todo(page) == ["换一部干净的手机或电脑来改密码", "拿回邮箱，给它换一个新密码"]
    assert len(case.file().exhibits) == before + 1
    page = site.post(f"{AT}/checkup", data={"item": "clean_device", "done": "yes"}).text
    assert todo(page) == ["拿回邮箱，给它换一个新密码"]
    assert "做完的 1 件" in page
    page = site.post(f"{AT}/checkup", data={"item": "clean_device", "done": "no"}).text
    assert len(todo(page)) == 2


def test_today_says_how_much_is_left(site: TestClient, case: LiveCase) -> None:
    assert f'href="{AT}/checkup"' in site.get(f"{AT}/").text
    site.post(
        f"{AT}/checkup/keep",
        data={"after": "takeover", "at": "list", "said": ["clean_device:no", "mail_back:no"]},
    )
    assert "账号体检：还有 2 件要做" in site.get(f"{AT}/").text
    for item in ("clean_device", "mail_back"):
        site.post(f"{AT}/checkup", data={"item": item, "done": "yes"})
    assert "账号体检：还有" not in site.get(f"{AT}/").text
    assert "清单上的都做完了" in site.get(f"{AT}/checkup").text


def test_a_case_without_a_list_offers_the_check_up_for_itself(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"{AT}/checkup").text
    assert f'href="/checkup?case={case.id}&amp;after=ordinary"' in page
    assert carried(site.get(f"/checkup?case={case.id}").text)["case"] == [case.id]


def test_the_sealed_list_reads_as_questions_and_answers(site: TestClient, case: LiveCase) -> None:
    site.post(f"{AT}/checkup/keep", data={"after": "takeover", "at": "list", "said": "mail_back:no"})
    number = case.file().exhibits[-1].number
    page = site.get(f"{AT}/evidence/{number}").text
    assert "邮箱您自己能登录，而且已经换了新密码吗？" in page
    assert "还没有" in page
    assert "checkup." not in page


def test_an_item_that_we_do_not_have_is_refused(site: TestClient, case: LiveCase) -> None:
    assert site.post(f"{AT}/checkup", data={"item": "nonsense", "done": "yes"}).status_code == 400
    assert case.records().decisions == ()


def test_a_locked_case_asks_for_its_passphrase_and_then_takes_the_list(
    site: TestClient, workplace: Workplace
) -> None:
    words = "four plain words here"
    case = workplace.begin("cn", passphrase=words)
    case.shut()
    sent = {"after": "takeover", "at": "list", "said": "mail_back:no"}
    answer = site.post(f"/c/{case.id}/checkup/keep", data=sent)
    assert answer.status_code == 423
    assert 'name="said" hidden>\nmail_back:no</textarea>' in answer.text


def test_the_case_list_stays_out_of_the_questions_of_the_interview(site: TestClient, case: LiveCase) -> None:
    now = case.clock()
    case.change(lambda folder, secret: intake.seal_answers(folder, {"checkup.mail_back": "no"}, now, secret))
    assert "checkup" not in site.get(f"{AT}/questions").text.split("<main", 1)[1].split("</main>", 1)[0]
