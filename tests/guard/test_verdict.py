"""What a text shows, taken together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawback.guard.verdict import LONGEST, Result, judge

POLICE = "我是公安局民警，您名下账户涉嫌洗钱，请把资金转到安全账户，不要告诉家人。"
CODE = "【示例银行】验证码 482913，用于登录，5分钟内有效，请勿告诉任何人。"


def test_a_script_that_everybody_knows_is_very_likely_a_scam_and_named() -> None:
    verdict = judge(POLICE)
    assert verdict.result is Result.LIKELY
    assert (verdict.type, verdict.stage) == ("impersonation_authority", "drain")
    assert {"claims_police", "accuses", "safe_account", "secrecy"} <= {
        one.signal.id for one in verdict.evidence
    }


def test_quotes_are_the_words_as_they_stand() -> None:
    verdict = judge("我是公安局民警，請把資金轉到安全 賬戶")
    quoted = {verdict.text[start:end] for one in verdict.evidence for start, end in one.places}
    assert any("安全 賬戶" in quote for quote in quoted)


def test_a_code_that_comes_with_its_warning_is_no_scam() -> None:
    assert judge(CODE).result is Result.NONE


def test_words_in_a_warning_are_named_as_such_and_do_not_count() -> None:
    verdict = judge("谨防诈骗：警察不会要求您把资金转到安全账户。")
    assert verdict.result is Result.NONE
    assert any("安全账户" in verdict.text[start:end] for start, end in verdict.warned)


@pytest.mark.parametrize("text", ["", " ", "你好", "Hello there", "今天下午三点开会。"])
def test_nothing_said_is_nothing_found(text: str) -> None:
    verdict = judge(text)
    assert (verdict.result, verdict.type, verdict.evidence) == (Result.NONE, None, ())


def test_an_advertisement_only_sells() -> None:
    verdict = judge("全场满减，本周末到店消费满300减50，专柜新品上市，欢迎光临。")
    assert verdict.result is Result.NONE
    assert verdict.advert


def test_signs_that_belong_together_weigh_more_than_each() -> None:
    apart = {one.signal.id for one in judge("您名下账户涉嫌洗钱。").evidence}
    together = {one.signal.id for one in judge("您名下账户涉嫌洗钱。请尽快转账。").evidence}
    assert "authority_and_money" not in apart
    assert "authority_and_money" in together


def test_a_text_that_is_too_long_is_looked_at_up_to_a_bound() -> None:
    assert judge("好" * LONGEST + POLICE).result is Result.NONE


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_gets_the_same_verdict_twice_with_quotes_inside_it(text: str) -> None:
    verdict = judge(text)
    assert verdict == judge(text)
    assert 0 <= verdict.probability <= 1
    for one in (*verdict.evidence, *verdict.against):
        for start, end in one.places:
            assert 0 <= start < end <= len(text)
