"""The first door: at most five questions, one press each, nothing lost, then a card with a number."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from clawback.desk.workplace import Workplace
from clawback.model.evidence import Grade
from clawback.web.app import make_app
from clawback.web.guard import Sessions
from web.conftest import HOST, KEY, NOW

BILL = """交易日期,交易时间,对方户名,对方账号,收入金额,支出金额,余额,摘要,流水号
2026-11-20,09:41:12,王样本,6222000000000009,,12000.00,500.00,转账,20261120000017
2026-11-20,08:10:00,样本早餐,6222000000000025,,11.00,12500.00,消费,20261120000003
"""


def h1(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).strip()


class Person:
    """Somebody at the first door, who presses one thing after another; every press counts."""

    def __init__(self, site: TestClient) -> None:
        self.site = site
        self.actions = 0
        self.page = site.get("/")

    @property
    def path(self) -> str:
        return str(self.page.url).removeprefix(f"http://{HOST}").partition("?")[0]

    def begin(self) -> Person:
        self.actions += 1
        self.page = self.site.post("/now")
        return self

    def press(self, answer: str, name: str = "answer") -> Person:
        assert f'name="{name}" value="{answer}"' in self.page.text, self.path
        self.actions += 1
        self.page = self.site.post(self.path, data={name: answer})
        return self

    def follow(self, words: str) -> Person:
        found = re.search(rf'href="([^"]+)"[^>]*>(?:<[^>]+>)*{re.escape(words)}', self.page.text)
        assert found, words
        self.actions += 1
        self.page = self.site.get(found[1])
        return self

    def send(self, **fields: str) -> Person:
        self.actions += 1
        self.page = self.site.post(self.path, data=fields)
        return self

    def drop(self, name: str, data: bytes) -> Person:
        self.actions += 2  # choosing the file, and sending it
        self.page = self.site.post(self.path, files={"files": (name, data)})
        return self


@pytest.fixture
def person(site: TestClient) -> Person:
    return Person(site)


def case_id(person: Person) -> str:
    return person.path.split("/")[2]


def only_case(workplace: Workplace) -> str:
    (id,) = workplace.ids()
    return id


def test_five_questions_then_the_card_with_the_number_first(person: Person, workplace: Workplace) -> None:
    person.begin()
    asked = [h1(person.page.text)]
    for answer in ("no", "under_30_minutes", "bank_transfer", "cn"):
        person.press(answer)
        asked.append(h1(person.page.text))
    assert asked == [
        "现在还有人在让您转账、共享屏幕，或远程操作您的手机吗？",
        "最近一笔钱是什么时候转出去的？",
        "这笔钱是怎么转的？",
        "您付款的账户是哪里开的？",
        "有付款截图或账单吗？",
    ]
    assert "第 5 个问题，最多 5 个" in person.page.text
    person.follow("没有，我自己填")
    person.send(amount="1.2万", day="2026-11-20", clock="09:40", payee_account="6222 0000 0000 0009")
    assert person.path == f"/c/{only_case(workplace)}/card"
    page = person.page.text
    assert h1(page) == "打110，说“我被诈骗了，请求紧急止付”"
    assert page.index('href="tel:110"') < page.index("接通后照着念")
    assert "转出 12,000.00元" in page


def test_from_the_first_page_to_a_filled_card_in_at_most_eight_actions_and_five_answers(
    person: Person, workplace: Workplace
) -> None:
    person.begin()
    for answer in ("no", "under_30_minutes", "bank_transfer", "cn"):
        person.press(answer)
    person.drop("账单.csv", BILL.encode())
    case = workplace.case(case_id(person))
    case.wait_until_read(60)
    waited = person.site.get(person.path).text
    row = re.search(r'name="record" value="([^"]+)"[^>]*><span><span class="atom">12,000.00', waited)
    assert row
    person.page = person.site.get(person.path)
    person.actions += 1
    person.page = person.site.post(f"{person.path}/pick", data={"record": row[1]})
    assert person.actions <= 8
    page = person.page.text
    assert "6222" in page
    assert "20261120000017" in page
    assert "收款账户是" in page
    assert case.file().losses[0].lost.text == "12000.00"


def test_a_number_stands_on_the_page_while_the_file_is_still_being_read(person: Person) -> None:
    person.begin()
    for answer in ("no", "earlier_today", "bank_transfer", "cn"):
        person.press(answer)
    person.drop("账单.csv", BILL.encode())
    assert 'href="tel:110"' in person.page.text
    assert "我被网络诈骗了，请帮我做紧急止付。" in person.page.text


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_somebody_still_in_contact_is_told_three_things_first(person: Person, answer: str) -> None:
    person.begin().press(answer)
    assert h1(person.page.text) == "先做三件事"
    person.follow("做好了，继续")
    assert h1(person.page.text) == "最近一笔钱是什么时候转出去的？"
    person.follow("上一步")
    assert h1(person.page.text) == "先做三件事"


def test_the_answers_are_one_dated_statement_and_no_question_is_asked_twice(
    person: Person, workplace: Workplace
) -> None:
    person.begin().press("no").press("under_30_minutes").press("bank_transfer").press("cn")
    person.follow("没有，我自己填").send(amount="500")
    file = workplace.case(case_id(person)).file()
    said = {(one.question, one.subject): one.value for one in file.statements}
    assert said == {
        ("still_in_contact", ""): "no",
        ("emergency.last_payment", ""): "under_30_minutes",
        ("emergency.paid_by", ""): "bank_transfer",
        ("emergency.place", ""): "cn",
        ("payment.amount", "p1"): "500.00 CNY",
        ("payment.method", "p1"): "bank_transfer",
    }
    assert {one.moment.instant for one in file.statements} == {NOW}
    assert [exhibit.grade for exhibit in file.exhibits] == [Grade.STATEMENT]
    assert "still_in_contact" not in file.plan.questions
    assert file.problems == ()


def test_not_sure_is_always_an_answer_and_never_a_problem(person: Person, workplace: Workplace) -> None:
    person.begin().press("not_sure").follow("做好了，继续")
    person.press("not_sure").press("not_sure").press("cn").follow("没有，我自己填").send()
    file = workplace.case(case_id(person)).file()
    assert file.problems == ()
    assert 'href="tel:110"' in person.page.text
    assert person.page.text.count("fact-gap") == 10


def test_back_keeps_every_answer(person: Person) -> None:
    person.begin().press("no").press("two_days").press("alipay").follow("上一步")
    assert h1(person.page.text) == "这笔钱是怎么转的？"
    assert re.search(r'press-chosen" name="answer" value="alipay"', person.page.text)
    person.follow("上一步")
    assert re.search(r'press-chosen" name="answer" value="two_days"', person.page.text)


def test_answers_are_in_a_file_of_the_user_alone_and_survive_a_restart(
    person: Person, workplace: Workplace
) -> None:
    person.begin().press("no").press("two_days")
    (kept,) = (workplace.home / "drafts").glob("*.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    again = Workplace(workplace.home, lambda: NOW)
    app = make_app(again, Sessions(KEY), frozenset({HOST}))
    with TestClient(app, base_url=f"http://{HOST}") as client:
        client.headers |= {"origin": f"http://{HOST}", "accept-language": "zh-CN"}
        client.get(f"/?key={KEY}")
        page = client.get(person.path.rsplit("/", 1)[0] + "/when").text
        assert 'press-chosen" name="answer" value="two_days"' in page
        assert "接着刚才的问题" in client.get("/").text


def test_once_the_case_is_begun_the_draft_keeps_no_answers_and_leads_to_the_card(
    person: Person, workplace: Workplace
) -> None:
    person.begin().press("no").press("two_days").press("card").press("gb")
    before = person.path
    person.follow("没有，我自己填").send(payee_name="A Sample")
    (kept,) = (workplace.home / "drafts").glob("*.json")
    assert json.loads(kept.read_text()) == {"answers": {}, "typed": {}, "case": only_case(workplace)}
    assert person.site.get(before).url.path == f"/c/{only_case(workplace)}/card"
    assert person.site.post(f"{before.rsplit('/', 1)[0]}/typed", data={"amount": "5"}).url.path.endswith(
        "/card"
    )
    assert len(workplace.ids()) == 1


def test_a_damaged_draft_breaks_nothing_but_itself(person: Person, workplace: Workplace) -> None:
    person.begin().press("no")
    (kept,) = (workplace.home / "drafts").glob("*.json")
    kept.write_text("{", encoding="utf-8")
    assert person.site.get("/").status_code == 200
    assert person.site.get(person.path).status_code == 404


def test_nobody_gets_past_a_question_by_its_address(person: Person) -> None:
    person.begin()
    draft = person.path.split("/")[2]
    assert person.site.get(f"/now/{draft}/show").url.path == f"/now/{draft}/contact"
    assert person.site.get(f"/now/{draft}/nonsense").status_code == 400
    assert person.site.get("/now/0000000000000000/when").status_code == 404
    assert person.site.get("/now/..%2f..%2fetc/when").status_code == 404
    assert person.site.get("/now").url.path == "/"


def test_an_answer_that_is_not_offered_is_not_kept(person: Person) -> None:
    person.begin()
    person.page = person.site.post(person.path, data={"answer": "<script>"})
    assert h1(person.page.text).startswith("现在还有人")
    assert "press-chosen" not in person.page.text


def test_an_account_elsewhere_gets_no_number_that_was_not_checked(
    person: Person, workplace: Workplace
) -> None:
    person.begin().press("no").press("earlier_today").press("bank_transfer").press("hk")
    assert h1(person.page.text) == "那里的电话我们还没有核对过"
    assert "银行卡背面" in person.page.text
    person.press("none", "report")
    assert h1(person.page.text) == "我们还帮不到那里"
    assert not workplace.ids()
    person.follow("上一步").press("cn", "report")
    assert h1(person.page.text) == "有付款截图或账单吗？"
    person.follow("没有，我自己填").send()
    file = workplace.case(case_id(person)).file()
    assert file.case.jurisdiction == "cn"
    assert file.answer("emergency.place").value == "hk"  # type: ignore[union-attr]
    assert "付款账户不是在这里开的" in person.page.text


def test_a_british_account_begins_a_british_case(person: Person, workplace: Workplace) -> None:
    person.begin().press("no").press("under_30_minutes").press("bank_transfer").press("gb")
    person.follow("没有，我自己填").send(amount="85", day="2026-11-20", clock="01:30")
    file = workplace.case(case_id(person)).file()
    assert file.case.jurisdiction == "gb"
    assert file.card.lines[0].facts[4].text == "85.00 GBP"
    assert file.card.lines[0].facts[3].text == "2026-11-20T01:30+00:00"
    assert 'href="tel:159"' in person.page.text


def test_who_sent_no_money_is_asked_nothing_about_it_and_protects_the_accounts(
    person: Person, workplace: Workplace
) -> None:
    person.begin().press("no").press("none_sent")
    assert h1(person.page.text) == "您付款的账户是哪里开的？"
    assert "第 3 个问题" in person.page.text
    person.press("cn")
    assert h1(person.page.text) == "没有转钱，先保护账户"
    assert "改密码" in person.page.text
    file = workplace.case(case_id(person)).file()
    assert file.answer("who_pressed_send").value == "no_money_sent"  # type: ignore[union-attr]
    assert file.entries == ()


def test_a_mistake_is_said_above_and_beside_and_everything_typed_stays(person: Person) -> None:
    person.begin().press("no").press("two_days").press("bank_transfer").press("cn").follow("没有，我自己填")
    person.send(amount="很多", clock="09:40", payee_name="王样本")
    assert person.page.status_code == 422
    page = person.page.text
    assert page.count("金额要写数字，例如 12000") == 2
    assert page.count("写了几点，还要写是哪一天") == 2
    assert 'value="王样本"' in page
    assert 'value="很多"' in page


def test_the_back_button_of_the_typed_page_keeps_what_was_typed(person: Person) -> None:
    person.begin().press("no").press("two_days").press("bank_transfer").press("cn").follow("没有，我自己填")
    person.send(payee_name="王样本", back="1")
    assert h1(person.page.text) == "有付款截图或账单吗？"
    assert 'value="王样本"' in person.follow("没有，我自己填").page.text


def test_changing_the_language_keeps_what_was_typed_and_begins_nothing(
    person: Person, workplace: Workplace
) -> None:
    person.begin().press("no").press("two_days").press("bank_transfer").press("cn").follow("没有，我自己填")
    person.send(payee_name="王样本", amount="很多", speak="en")
    assert h1(person.page.text) == "The last payment: fill in what you know"
    assert 'value="王样本"' in person.page.text
    assert "error-summary" not in person.page.text
    assert not workplace.ids()


def test_a_code_is_refused_and_stored_nowhere(person: Person, workplace: Workplace) -> None:
    person.begin().press("no").press("two_days").press("bank_transfer").press("cn").follow("没有，我自己填")
    person.send(payee_name="验证码 739154", payee_institution="739154")
    assert "这像是验证码，我们不需要，已丢弃" in person.page.text
    assert "739154" not in person.page.text
    assert "739154" not in "".join(path.read_text() for path in (workplace.home / "drafts").iterdir())


def test_words_of_crisis_bring_a_human_first_and_lose_nothing(person: Person, workplace: Workplace) -> None:
    person.begin().press("no").press("two_days").press("bank_transfer").press("cn").follow("没有，我自己填")
    person.send(amount="500", payee_name="我不想活了")
    assert h1(person.page.text) == "您现在安全吗？"
    assert 'href="tel:12356"' in person.page.text
    assert workplace.case(only_case(workplace)).file().losses[0].lost.text == "500.00"
    person.follow("我现在安全，继续")
    assert "12356" in person.page.text.partition("<h1>")[0]


def test_no_file_chosen_is_said_kindly(person: Person, workplace: Workplace) -> None:
    person.begin().press("no").press("two_days").press("bank_transfer").press("cn")
    person.send()
    assert person.page.status_code == 422
    assert person.page.text.count("手边没有就按") == 2
    assert not workplace.ids()


def test_what_is_dropped_is_sealed_as_it_is(person: Person, workplace: Workplace, tmp_path: Path) -> None:
    person.begin().press("no").press("two_days").press("bank_transfer").press("cn")
    person.drop("../../<b>账单</b>.csv", BILL.encode())
    case = workplace.case(case_id(person))
    case.wait_until_read(60)
    sealed = [exhibit for exhibit in case.file().exhibits if exhibit.grade is not Grade.STATEMENT]
    assert [exhibit.size for exhibit in sealed] == [len(BILL.encode())]
    assert "<b>账单" not in person.site.get(person.path).text


def test_every_page_speaks_english(site: TestClient) -> None:
    site.headers["accept-language"] = "en-GB"
    person = Person(site).begin()
    assert h1(person.page.text).startswith("Is someone still asking you")
    person.press("no").press("longer_ago").press("crypto").press("cn").follow("No, I will type it").send()
    assert "Transaction hash" in person.page.text
    assert "Their wallet" in person.page.text
