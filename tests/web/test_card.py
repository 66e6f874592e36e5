"""The emergency card in all its states, its small pages, what came of a call, and what to say."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from clawback.desk.calling import CallResult, calls
from clawback.desk.deciding import decide_scope, ids_of
from clawback.desk.intake import seal_answers
from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace
from clawback.model.evidence import Grade
from clawback.model.ledger import Scope
from web.conftest import NOW

CARD = "/c/0123456789abcdef/card"


def text(page: str) -> str:
    """The words of a page as a person sees them, on one line."""
    seen = re.sub(r'<span class="sr">[^<]*</span>', "", page)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", seen))


def h1(page: str) -> str:
    return text(re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)[0]).strip()


def state(case: LiveCase, answers: dict[str, str]) -> None:
    case.change(lambda folder, secret: seal_answers(folder, answers, case.clock(), secret))


def begun(workplace: Workplace, place: str = "cn", **answers: str) -> LiveCase:
    """A case as the interview leaves it; `__` in a name stands for its dot, `_p1` for the typed payment."""
    case = workplace.begin(place)
    named = {name.replace("__", ".").replace("_of_p1", "@p1"): value for name, value in answers.items()}
    state(case, named)
    return case


def test_the_number_stands_before_everything_then_the_script_then_ten_facts(
    site: TestClient, case: LiveCase
) -> None:
    page = site.get(CARD).text
    words = text(page)
    assert h1(page) == "打110，说“我被诈骗了，请求紧急止付”"
    assert words.index("拨打 110") < words.index("接通后照着念") < words.index("十项事实")
    assert "8,000.00元 捌仟元整" in words
    assert "还缺" in words


def test_a_fact_has_its_source_one_press_away_and_a_gap_its_own_page(
    site: TestClient, case: LiveCase
) -> None:
    page = site.get(CARD).text
    assert re.search(
        r'2026111922002.*?文件原文.*?href="/c/0123456789abcdef/evidence/\d+\?at=r\d+', page, re.DOTALL
    )
    line = case.file().card.lines[0]
    gaps = re.findall(r'class="fact-gap"', page)
    assert len(gaps) == len(line.missing)
    for fact in line.missing:
        address = f"{CARD}/fill/{line.entry}/{fact}"
        assert f'href="{address}"' in page
        assert site.get(address).status_code == 200


def test_a_filled_gap_is_on_the_card_marked_as_the_users_word(site: TestClient, case: LiveCase) -> None:
    entry = case.file().card.lines[0].entry
    answer = site.post(f"{CARD}/fill/{entry}/payee_account", data={"payee_account": "6222 0000-0000 0009"})
    words = text(answer.text)
    assert answer.url.path == CARD
    assert re.search(r"收款账号 6222000000000009 您填写 改", words)
    assert "收款账户是6222000000000009" in words
    statement = case.file().statements[-1]
    assert (statement.question, statement.subject) == ("payment.payee_account", entry)
    assert statement.moment.instant == NOW


def test_the_users_own_word_can_be_changed_on_the_card(site: TestClient, case: LiveCase) -> None:
    entry = case.file().card.lines[0].entry
    address = f"{CARD}/fill/{entry}/payee_institution"
    site.post(address, data={"payee_institution": "示例银行"})
    assert 'value="示例银行"' in site.get(address).text
    page = site.post(address, data={"payee_institution": "样本银行"}).text
    assert "样本银行" in text(page)
    assert "示例银行" not in text(page)


@pytest.mark.parametrize(
    ("fact", "fields", "words"),
    [
        ("amount", {"amount": "许多"}, "金额要写数字，例如 12000"),
        ("moment", {"clock": "09:10"}, "写了几点，还要写是哪一天"),
        ("moment", {"day": "2026-12-01"}, "这个时间还没到，请再看一眼"),
        ("payee_name", {"payee_name": "密码是739154"}, "这像是验证码，我们不需要，已丢弃"),
        ("payee_name", {"payee_name": "甲" * 201}, "请写在 200 字以内"),
        ("payee_name", {"payee_name": " "}, "请填写，或按“找不到”"),
    ],
)
def test_what_is_wrong_with_a_fact_is_said_and_nothing_is_kept(
    site: TestClient, workplace: Workplace, fact: str, fields: dict[str, str], words: str
) -> None:
    case = begun(workplace, emergency__last_payment="under_30_minutes")
    answer = site.post(f"/c/{case.id}/card/fill/p1/{fact}", data=fields)
    assert answer.status_code == 422
    assert text(answer.text).count(words) == 2
    assert "739154" not in answer.text
    assert [one.question for one in case.file().statements] == ["emergency.last_payment"]


def test_a_payment_begun_in_the_interview_becomes_a_record_once_its_sum_is_filled_in(
    site: TestClient, workplace: Workplace
) -> None:
    case = begun(
        workplace,
        emergency__last_payment="under_30_minutes",
        emergency__paid_by="bank_transfer",
        payment__payee_name_of_p1="王样本",
    )
    words = text(site.get(f"/c/{case.id}/card").text)
    assert "我被网络诈骗了，请帮我做紧急止付。我转出了一笔钱，收款方是“王样本”，方式是银行转账。" in words
    assert "最近一笔转出的时间，您说是：不到 30 分钟。" in words
    assert case.file().entries == ()
    site.post(f"/c/{case.id}/card/fill/p1/amount", data={"amount": "1.2万"})
    (line,) = case.file().card.lines
    assert "我转出 12,000.00元，收款方是“王样本”，方式是银行转账。" in line.say_zh
    assert case.file().losses[0].lost.text == "12000.00"


def test_a_number_that_was_hidden_can_be_completed_and_its_proof_stays(
    site: TestClient, workplace: Workplace
) -> None:
    case = begun(workplace, emergency__last_payment="earlier_today")
    bill = (
        "交易日期,交易时间,对方户名,对方账号,收入金额,支出金额,余额,摘要,流水号\n"
        "2026-11-20,09:41:12,王样本,6222********0009,,12000.00,500.00,转账,20261120000017\n"
    )
    site.post(f"/c/{case.id}/add", files={"files": ("账单.csv", bill.encode())})
    case.start_reading()
    case.wait_until_read(60)
    page = site.get(f"/c/{case.id}/card").text
    (record,) = re.findall(r'name="record" value="([^"]+)"', page)
    words = text(site.post(f"/c/{case.id}/card/pick", data={"record": record}).text)
    assert "6222********0009 文件原文 证据 2 补全" in words
    address = f"/c/{case.id}/card/fill/{record}/payee_account"
    words = text(site.post(address, data={"payee_account": "6222000000000009"}).text)
    assert "收款账户是6222000000000009" in words
    (entry,) = case.file().entries
    assert entry.conflicts == ()


def test_sources_that_differ_are_shown_side_by_side_and_the_person_chooses(
    site: TestClient, case: LiveCase
) -> None:
    entry = case.file().card.lines[0].entry
    state(case, {f"payment.reference@{entry}": "20991231000001"})
    page = site.get(CARD).text
    address = f"{CARD}/choose/{entry}/reference"
    assert f'href="{address}"' in page
    assert "2026111922002" in text(page)
    words = text(site.get(address).text)
    assert words.index("2026111922002") < words.index("20991231000001") < words.index("都不确定")
    assert site.post(address, data={}).status_code == 422
    site.post(address, data={"claim": "unsure"})
    assert f'href="{address}"' in site.get(CARD).text, "unsure keeps both on the card"
    page = site.post(address, data={"claim": "1"}).text
    assert "单号 20991231000001" in text(page)
    assert f'href="{address}"' not in page
    assert [one.kind for one in case.records().decisions] == ["fact", "fact"]


def test_other_payments_are_one_press_away(site: TestClient, case: LiveCase) -> None:
    known = ids_of(case.file())
    other = next(e.id for e in case.file().entries if e.transfer.amount.text == "3000.00")
    case.change(lambda folder, key: decide_scope(folder, key, other, Scope.IN, known, NOW))
    first, second = case.file().card.lines
    page = site.get(CARD).text
    assert "第 1 笔，共 2 笔 · 最可能拦下" in text(page)
    assert f'href="{CARD}?payment={second.entry}"' in page
    words = text(site.get(f"{CARD}?payment={second.entry}").text)
    assert "第 2 笔，共 2 笔" in words
    assert "最可能拦下" not in words
    assert "3,000.00元" in words
    assert site.get(f"{CARD}?payment=T99").status_code == 400
    assert first.entry != second.entry


def test_three_days_and_more_no_false_hurry(site: TestClient, workplace: Workplace) -> None:
    case = begun(workplace, emergency__last_payment="longer_ago", payment__amount_of_p1="500.00 CNY")
    page = site.get(f"/c/{case.id}/card").text
    assert h1(page) == "带上报案材料去就近派出所，拿到受案回执"
    assert "过了三天不用赶，但要报" in text(page)
    assert "报得越早" not in text(page)
    assert not re.search(r'button-first[^"]*" href="tel:', page)


def test_a_card_payment_leads_to_the_issuer_and_to_no_number_that_we_do_not_know(
    site: TestClient, workplace: Workplace
) -> None:
    case = begun(workplace, emergency__last_payment="earlier_today", emergency__paid_by="card")
    page = site.get(f"/c/{case.id}/card").text
    assert h1(page) == "先打发卡银行，号码在卡背面"
    assert "我要报告一笔有争议的付款。" in text(page)
    assert "button-call" not in page


def test_crypto_has_its_own_names_for_the_ten_facts(site: TestClient, workplace: Workplace) -> None:
    case = begun(
        workplace,
        emergency__last_payment="earlier_today",
        emergency__paid_by="crypto",
        payment__amount_of_p1="500.00 USDT",
        payment__method_of_p1="crypto",
    )
    words = text(site.get(f"/c/{case.id}/card").text)
    for label in ("交易哈希", "对方钱包地址", "您的钱包地址", "网络（链）", "转出的交易所"):
        assert label in words
    assert "500.00 USDT" in words


def test_no_payment_made_protects_accounts_and_calls_nobody(site: TestClient, workplace: Workplace) -> None:
    case = begun(workplace, emergency__last_payment="none_sent", who_pressed_send="no_money_sent")
    page = site.get(f"/c/{case.id}/card").text
    assert h1(page) == "没有转钱，先保护账户"
    assert "先改邮箱和手机卡" in text(page)
    assert "等征信机构" not in text(page)
    assert "十项事实" not in text(page)
    assert "button-call" not in page


def test_a_quarrel_about_goods_gets_no_emergency_number(site: TestClient, workplace: Workplace) -> None:
    case = begun(workplace, situation="goods_not_as_described")
    page = site.get(f"/c/{case.id}/card").text
    assert "button-call" not in page
    assert h1(page) == h1(page).strip()


def test_a_british_card_calls_the_bank_line(site: TestClient, workplace: Workplace) -> None:
    case = begun(workplace, "gb", emergency__last_payment="earlier_today", payment__amount_of_p1="85.00 GBP")
    page = site.get(f"/c/{case.id}/card").text
    assert 'href="tel:159"' in page
    assert "£85.00" in site.get(f"/c/{case.id}/card", headers={"accept-language": "en"}).text


def test_an_english_reader_in_china_can_show_the_chinese_sentence(site: TestClient, case: LiveCase) -> None:
    page = site.get(CARD, headers={"accept-language": "en"}).text
    assert "Read this out" in page
    assert re.search(r'<blockquote class="say" lang="zh-Hans"><p>我被网络诈骗了', page)


def test_long_numbers_are_said_digit_by_digit_and_copied_whole(site: TestClient, case: LiveCase) -> None:
    page = site.get(CARD).text
    assert (
        '<span aria-hidden="true">2026111922002</span><span class="sr">2 0 2 6 1 1 1 9 2 2 0 0 2</span>'
        in page
    )


def test_names_in_evidence_are_never_markup(site: TestClient, workplace: Workplace) -> None:
    case = begun(workplace, emergency__last_payment="earlier_today")
    site.post(f"/c/{case.id}/card/fill/p1/payee_name", data={"payee_name": "<img src=x onerror=alert(1)>"})
    for path in ("card", "say", "card/called"):
        assert "<img" not in site.get(f"/c/{case.id}/{path}").text


def test_how_long_ago_is_counted_from_the_record(site: TestClient, workplace: Workplace) -> None:
    told = {
        "2026-11-20T09:45+08:00": "不到 30 分钟前转出。",
        "2026-11-20T09:18+08:00": "42 分钟前转出。",
        "2026-11-20T06:48+08:00": "3 小时 12 分钟前转出。",
        "2026-11-19T09:00+08:00": "1 天前转出。",
        "2026-11-20": "今天转出。",
        "2026-11-18": "2 天前转出。",
    }
    for moment, words in told.items():
        case = begun(workplace, payment__amount_of_p1="5.00 CNY", payment__moment_of_p1=moment)
        state(case, {"emergency.last_payment": "not_sure"})
        assert words in text(site.get(f"/c/{case.id}/card").text), moment


def test_the_time_that_passed_can_be_counted_on_without_words_in_a_script(
    site: TestClient, case: LiveCase
) -> None:
    page = site.get(f"/c/{case.id}/card").text
    (ago,) = re.findall(r'<span id="ago".*?</span>', page)
    assert 'data-since="2026-11-19T09:05:20+08:00"' in ago
    assert 'data-now="2026-11-20T10:00:00+08:00"' in ago
    assert 'data-hours="{h} 小时 {m} 分钟前转出。"' in ago
    assert ago.endswith(">1 天前转出。</span>")
    assert "aria-live" not in ago


def test_a_time_known_only_by_its_day_is_not_counted(site: TestClient, workplace: Workplace) -> None:
    for moment, counted in (("2026-11-20", False), ("2026-11-20T09:18+08:00", True)):
        case = begun(workplace, payment__amount_of_p1="5.00 CNY", payment__moment_of_p1=moment)
        state(case, {"emergency.last_payment": "not_sure"})
        assert ('id="ago"' in site.get(f"/c/{case.id}/card").text) is counted


def test_at_a_desk_the_number_can_be_taken_into_a_phone(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"/c/{case.id}/card").text
    (code,) = re.findall(r'<svg class="dial-code".*?</svg>', page)
    assert 'role="img" aria-label="二维码：用手机拨打 110"' in code
    assert "用手机拨打" in page
    assert "style=" not in code


def test_without_a_number_there_is_no_code(site: TestClient, workplace: Workplace) -> None:
    case = begun(workplace, situation="goods_not_as_described")
    page = site.get(f"/c/{case.id}/card").text
    assert "dial-code" not in page
    assert "tel:None" not in page


def test_what_came_of_the_call_is_a_record_that_nothing_changes(site: TestClient, case: LiveCase) -> None:
    entry = case.file().card.lines[0].entry
    page = site.get(f"{CARD}/called?payment={entry}").text
    assert 'value="2026-11-20"' in page
    assert 'value="10:00"' in page
    fields = {
        "payment": entry, "result": "accepted", "channel": "police_110", "reference": "受-001",
        "officer": "民警乙 012345", "day": "2026-11-20", "clock": "09:55",
    }  # fmt: skip
    answer = site.post(f"{CARD}/called", data=fields)
    assert "已经记下" in answer.text
    assert "受-001" in answer.text
    (call,) = calls(case.records())
    assert (call.channel, call.phone, call.transfer) == ("police_110", "110", entry)
    assert (call.result, call.reference, call.officer) == (CallResult.ACCEPTED, "受-001", "民警乙 012345")
    assert call.at == datetime.fromisoformat("2026-11-20T09:55+08:00")
    assert call.noted_at == NOW


@pytest.mark.parametrize("result", ["refused", "not_reached"])
def test_after_a_call_that_led_nowhere_the_next_rung_is_shown(
    site: TestClient, case: LiveCase, result: str
) -> None:
    fields = {"result": result, "channel": "police_110", "day": "2026-11-20", "clock": "09:55"}
    page = site.post(f"{CARD}/called", data=fields).text
    assert "带上报案材料去就近派出所" in page
    assert "再打一次" in page


def test_a_call_without_a_result_or_in_the_future_is_not_noted(site: TestClient, case: LiveCase) -> None:
    answer = site.post(f"{CARD}/called", data={"day": "2026-11-21", "clock": "09:00", "reference": "受-001"})
    assert answer.status_code == 422
    assert answer.text.count("请选电话的结果") == 2
    assert answer.text.count("日期和时间要填") == 2
    assert 'value="受-001"' in answer.text
    assert calls(case.records()) == ()


def test_a_call_is_about_a_payment_of_this_card_or_about_the_case(site: TestClient, case: LiveCase) -> None:
    fields = {
        "result": "accepted",
        "payment": "T99",
        "day": "2026-11-20",
        "clock": "09:55",
        "channel": "nobody",
    }
    site.post(f"{CARD}/called", data=fields)
    (call,) = calls(case.records())
    assert (call.transfer, call.channel, call.phone) == ("", "", "")


def test_changing_the_language_of_a_half_filled_form_saves_nothing(site: TestClient, case: LiveCase) -> None:
    fields = {"result": "accepted", "reference": "受-001", "speak": "en"}
    page = site.post(f"{CARD}/called", data=fields).text
    assert "How did the call go?" in page
    assert 'value="受-001"' in page
    assert calls(case.records()) == ()


def test_what_to_say_has_only_this_cases_facts_and_the_packs_rules(site: TestClient, case: LiveCase) -> None:
    words = text(site.get("/c/0123456789abcdef/say").text)
    assert "跟警方说 · 110" in words
    assert "跟银行或支付公司说" in words
    assert "我要报告一笔有争议的付款。" in words
    assert "请银行撤回未到账的转账、配合止付" in words
    assert "8,000.00元" in words
    assert "xxx" not in words


def test_what_to_say_without_a_call_says_so(site: TestClient, workplace: Workplace) -> None:
    case = workplace.begin("cn")
    assert "没有要打的电话" in site.get(f"/c/{case.id}/say").text


def test_a_payment_in_a_bill_is_pointed_at_by_a_person(site: TestClient, workplace: Workplace) -> None:
    case = begun(workplace, emergency__last_payment="earlier_today", emergency__paid_by="bank_transfer")
    bill = (
        "交易日期,交易时间,对方户名,对方账号,收入金额,支出金额,余额,摘要,流水号\n"
        "2026-11-20,09:41:12,王样本,6222000000000009,,12000.00,500.00,转账,20261120000017\n"
        "2026-11-20,08:10:00,样本早餐,6222000000000025,,11.00,12500.00,消费,20261120000003\n"
    )
    site.post(f"/c/{case.id}/add", files={"files": ("账单.csv", bill.encode())})
    case.start_reading()
    case.wait_until_read(60)
    page = site.get(f"/c/{case.id}/card").text
    assert "被骗的是哪一笔？" in page
    assert 'href="tel:110"' in page
    found = re.findall(r'name="record" value="([^"]+)"', page)
    assert len(found) == 2
    page = site.post(f"/c/{case.id}/card/pick", data={"record": found[0]}).text
    assert "被骗的是哪一笔？" not in page
    assert "单号 20261120000017" in text(page)
    assert site.post(f"/c/{case.id}/card/pick", data={"record": "T99"}).status_code == 400


def test_a_file_in_which_no_payment_was_read_is_said_and_not_hidden(
    site: TestClient, workplace: Workplace
) -> None:
    case = begun(workplace, emergency__last_payment="earlier_today")
    site.post(f"/c/{case.id}/add", files={"files": ("备忘.txt", "不记得了".encode())})
    case.start_reading()
    case.wait_until_read(60)
    assert any(exhibit.grade is not Grade.STATEMENT for exhibit in case.file().exhibits)
    words = text(site.get(f"/c/{case.id}/card").text)
    assert "没有读到付款" in words
    assert "还缺 10 项" in words


@pytest.mark.parametrize(
    "path", ["fill/T99/amount", "fill/p7/amount", "fill/p1/nonsense", "choose/T1/amount"]
)
def test_a_fact_that_is_not_on_the_card_has_no_page(
    site: TestClient, workplace: Workplace, path: str
) -> None:
    case = begun(workplace, emergency__last_payment="earlier_today")
    assert site.get(f"/c/{case.id}/card/{path}").status_code == 400


def test_crisis_words_in_a_fact_bring_a_human_first_and_stay_on_the_card(
    site: TestClient, workplace: Workplace
) -> None:
    case = begun(workplace, emergency__last_payment="earlier_today")
    page = site.post(f"/c/{case.id}/card/fill/p1/payee_name", data={"payee_name": "活不下去了"}).text
    assert h1(page) == "您现在安全吗？"
    assert "12356" in site.get(f"/c/{case.id}/card").text.partition("<h1>")[0]
    assert case.file().statements[-1].value == "活不下去了"
