"""The guided check of a platform: works without scripts, says why, calls nothing safe, keeps nothing."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from clawback.desk.lists import import_list
from clawback.desk.livecase import LiveCase
from clawback.desk.platforms import questions
from clawback.desk.workplace import Workplace

BROKER = {"kind": "invest", "place": "cn", "payee": "person", "withdraw": "pay_first"}


def sent(site: TestClient, **answers: str) -> str:
    return site.post("/check/platform", data=answers).text


def test_the_form_asks_every_question_and_leaves_each_open(site: TestClient) -> None:
    page = site.get("/check/platform").text
    for id, question in questions().items():
        assert question.ask.zh in page
        if id != "kind":
            assert f'<fieldset class="field" id="{id}"' in page
            assert re.search(rf'name="{id}" value="" checked> 不清楚', page)
    assert 'id="verdict"' not in page


def test_a_fee_before_a_withdrawal_is_told_with_reason_act_and_what_would_change_it(site: TestClient) -> None:
    page = sent(site, **BROKER)
    for words in (
        "很像诈骗：提现要先交钱",
        "提现要先交钱，交了还会有下一笔。",
        "真要扣的税和费，会从您的余额里扣",
        "一分钱也不要再交",
        "它同意从余额里扣",
        "什么会改变判断",
        "强，一条就够",
    ):
        assert words in page
    assert page.index("现在：不要再付款") < page.index("为什么")


def test_what_was_not_answered_stays_visible_as_not_known_and_leads_to_its_question(site: TestClient) -> None:
    page = sent(site, **BROKER)
    assert "还不知道的（7）" in page
    assert '<a href="#licence">' in page
    assert '<a href="#payee">' not in page


def test_whom_to_ask_comes_from_the_directory_and_belongs_to_the_place(site: TestClient) -> None:
    page = sent(site, **BROKER)
    assert "证监会12386服务平台" in page
    british = sent(site, **{**BROKER, "place": "gb"})
    assert "fca.org.uk" in british
    assert "12386" not in british
    elsewhere = sent(site, **{**BROKER, "place": "elsewhere"})
    assert "没有核对过的查询机构" in elsewhere


def test_a_firm_and_a_payee_of_another_name_are_a_sign_and_stand_there_as_typed(site: TestClient) -> None:
    page = sent(site, kind="shop", firm="金鼎商贸有限公司", payee_name="王样本")
    assert "有可疑之处" in page
    assert "收款人却像是个人的名字" in page
    assert "“金鼎商贸有限公司 / 王样本”" in page


def test_good_answers_never_make_it_safe(site: TestClient) -> None:
    good = {
        "kind": "shop",
        "licence": "found",
        "payee": "platform",
        "withdraw": "rules",
        "promise": "normal",
        "pressure": "none",
        "app": "official",
    }
    page = sent(site, **good)
    assert "没发现诈骗迹象，但这不等于安全" in page
    assert "冒充的人也会做到这几点" in page


def test_too_few_answers_are_told_as_cannot_tell_with_what_matters_most(site: TestClient) -> None:
    page = sent(site, kind="shop")
    assert "查不了" in page
    assert "收款人、提现或退款、有没有催您" in page


def test_no_answer_at_all_is_an_error_at_the_form(site: TestClient) -> None:
    answer = site.post("/check/platform", data={"place": "cn"})
    assert answer.status_code == 422
    assert "先答一题" in answer.text


def test_the_language_changes_without_losing_an_answer(site: TestClient) -> None:
    page = sent(site, **BROKER, firm="金鼎", speak="en")
    assert "Very likely a scam: " in page
    assert 'value="pay_first" checked' in page
    assert 'value="金鼎"' in page


def test_answers_that_do_not_exist_and_markup_do_no_harm(site: TestClient) -> None:
    page = sent(
        site, kind="<b>", payee="nonsense", place="../..", firm="<script>alert(1)</script>", payee_name="x"
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("field", ["firm", "payee_name", "name"])
def test_a_name_of_any_length_is_cut_to_what_a_name_needs(site: TestClient, field: str) -> None:
    page = sent(site, kind="shop", **{field: "名" * 5000})
    assert "名" * 200 in page
    assert "名" * 201 not in page


def test_nothing_is_kept_of_a_check(site: TestClient, workplace: Workplace) -> None:
    sent(site, **BROKER)
    assert workplace.ids() == ()


def test_keeping_it_seals_the_answers_in_the_case(site: TestClient, case: LiveCase) -> None:
    answer = site.post(
        "/check/platform/keep",
        data={**BROKER, "case": case.id, "name": "jinding.example", "firm": "金鼎"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert case.file().exhibits[-1].name == "查平台 2026-11-20 10-00.txt"


def test_keeping_nothing_leads_back_to_the_form(site: TestClient, workplace: Workplace) -> None:
    answer = site.post("/check/platform/keep", data={}, follow_redirects=False)
    assert answer.headers["location"] == "/check/platform"
    assert workplace.ids() == ()


def test_the_payees_account_is_described_with_what_it_implies_and_what_nobody_can_tell(
    site: TestClient,
) -> None:
    page = sent(site, kind="shop", account="6212 2600 0000 0000 018")
    for words in (
        "银行卡号，19 位",
        "校验位对得上",
        "中国工商银行",
        "银行卡几乎都开在个人名下",
        "离线看不出：",
    ):
        assert words in page


def test_a_number_without_a_form_of_its_own_is_taken_for_an_account(site: TestClient) -> None:
    assert "银行账号，12 位" in sent(site, kind="shop", account="110000000000")


def test_what_is_no_account_is_said_not_to_be_understood(site: TestClient) -> None:
    assert "没认出这是哪种账号" in sent(site, kind="shop", account="???")


def test_an_account_of_an_imported_list_says_whose_claim_that_is(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    file = tmp_path / "l.csv"
    file.write_text("kind,value,reason,confidence\nphone,17000000000,冒充客服,strong\n", encoding="utf-8")
    import_list(
        workplace.home,
        file,
        date(2026, 11, 20),
        name="自己的名单",
        source="社区民警",
        dated=date(2026, 11, 1),
    )
    page = sent(site, kind="shop", account="17000000000")
    assert "在名单“自己的名单”里（来源：社区民警；19 天前；把握：强）" in page
    assert "有可疑之处" in page
    assert "收款账号在您导入的名单里" in page
    assert "“冒充客服”" in page
    assert "虚拟运营商的号段" in page


def test_an_account_of_an_own_case_leads_there(site: TestClient, case: LiveCase) -> None:
    until = time.monotonic() + 20
    while "在您的一个案件里出现过" not in (page := sent(site, account="jinding.example")):
        assert time.monotonic() < until, page
    assert f'href="/c/{case.id}/evidence"' in page
    assert "jinding[.]example" in page


def test_an_identity_number_is_masked_and_markup_in_an_account_stays_text(site: TestClient) -> None:
    page = sent(site, kind="shop", account="身份证 11010519491231002X <b>")
    assert "1101*************X" in page
    assert page.count("11010519491231002X") == 2  # where it was typed, and in what would be kept
    assert "<b>" not in page
