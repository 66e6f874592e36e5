"""Is this number or site really theirs? Expected answers written down from the sources, by hand."""

from __future__ import annotations

import time

import pytest

from clawback.guard.genuine import Likeness, Lookup, Standing, lookup


@pytest.fixture(scope="module")
def look() -> Lookup:
    return lookup()


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("96110", "cn.anti_fraud_96110"),
        ("９６１１０", "cn.anti_fraud_96110"),
        ("电话：95188", "cn.alipay"),
        ("+86 571 95188", "cn.alipay"),
        ("0086-571-95188", "cn.alipay"),
        ("0571 95188", "cn.alipay"),
        ("0300 123 2040", "gb.report_fraud"),
        ("0300-123-2040转5", "gb.report_fraud"),
        ("+44 (0)300 123 2040", "gb.report_fraud"),
        ("00852 2929 2222", "hk.consumer_council"),
        ("2929 2222", "hk.consumer_council"),
        ("+1 (888) 495-8501", "ca.cafc"),
        ("888.495.8501", "ca.cafc"),
        ("+49 116 116", "de.blocking_116116"),
        ("tel:+35315677000", "ie.fspo"),
        ("#ADCC18222", "hk.adcc_18222"),
        ("010-12321", "cn.spam_12321"),
        ("12345", "cn.city_12345"),
        ("bankcomplaints@hkma.gov.hk", "hk.hkma"),
    ],
)
def test_a_number_is_found_however_it_is_written(look: Lookup, written: str, body: str) -> None:
    answer = look.ask(written)
    assert answer.standing is Standing.THEIRS
    assert [one.body.id for one in answer.matches] == [body]


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("https://www.reportfraud.police.uk/report", "gb.report_fraud"),
        ("hxxps://help[.]financial-ombudsman[.]org[.]uk", "gb.ombudsman"),
        ("FCA.ORG.UK", "gb.fca"),
        ("citizensadvice.org.uk", "gb.citizens_advice"),
        ("kf.weixin.qq.com", "cn.wechat_pay"),
        ("paypal.com:443/disputes", "ww.paypal"),
    ],
)
def test_a_site_is_found_by_the_domain_that_somebody_registered(
    look: Lookup, written: str, body: str
) -> None:
    answer = look.ask(written)
    assert (answer.standing, answer.matches[0].body.id) == (Standing.THEIRS, body)


def test_one_number_may_be_that_of_several_countries(look: Lookup) -> None:
    assert {one.body.place.id for one in look.ask("110").matches} == {"cn", "tw", "de"}
    assert {one.body.place.id for one in look.ask("999").matches} == {"gb", "hk", "sg", "mo"}


def test_a_number_is_compared_with_the_name_that_was_claimed(look: Lookup) -> None:
    assert look.ask("95188", "支付宝客服").standing is Standing.THEIRS
    answer = look.ask("96110", "支付宝")
    assert answer.standing is Standing.ANOTHERS
    assert [body.id for body in answer.bodies] == ["cn.anti_fraud_96110"]
    assert [body.id for body in answer.claimed] == ["cn.alipay"]


@pytest.mark.parametrize(
    "written", ["13800012315", "0571 8888 0000", "+44 20 7946 0018", "shop.example", "10.0.0.1"]
)
def test_what_is_not_in_the_directory_is_unknown_and_nothing_more(look: Lookup, written: str) -> None:
    answer = look.ask(written)
    assert (answer.standing, answer.matches, answer.alike) == (Standing.UNKNOWN, (), ())


@pytest.mark.parametrize(
    ("written", "how", "body"),
    [
        ("+86 96110", Likeness.PREFIX, "cn.anti_fraud_96110"),
        ("0085218222", Likeness.PREFIX, "hk.adcc_18222"),
        ("010-96110", Likeness.AROUND, "cn.anti_fraud_96110"),
        ("961100", Likeness.AROUND, "cn.anti_fraud_96110"),
        ("9611O", Likeness.LETTERS, "cn.anti_fraud_96110"),
        ("95I88", Likeness.LETTERS, "cn.alipay"),
        ("0300 123 2041", Likeness.ONE_DIGIT, "gb.report_fraud"),
        ("0300 123 2400", Likeness.ONE_DIGIT, "gb.report_fraud"),
        ("foo.qq.com", Likeness.SAME_DOMAIN, "cn.wechat_pay"),
        ("http://www.reportfraud.police.uk.claims.example/", Likeness.NAME_INSIDE, "gb.report_fraud"),
        ("reportfraud-police-uk.example", Likeness.NAME_INSIDE, "gb.report_fraud"),
        ("paypal-login.example", Likeness.NAME_INSIDE, "ww.paypal"),
        ("financial-ombudsman.example", Likeness.OTHER_ENDING, "gb.ombudsman"),
        ("paypa1.com", Likeness.ONE_LETTER, "ww.paypal"),
        ("sarnaritans.org", Likeness.ONE_LETTER, "gb.samaritans"),
    ],
)
def test_what_only_looks_like_an_entry_is_said_to(
    look: Lookup, written: str, how: Likeness, body: str
) -> None:
    answer = look.ask(written)
    assert answer.standing is Standing.ALIKE
    assert (how, body) in [(one.how, one.match.body.id) for one in answer.alike]


@pytest.mark.parametrize(
    "written", ["http://12315.cn@elsewhere.example", "pineapple.example", "12315.invalid.", "000"]
)
def test_a_name_in_front_of_an_at_sign_or_inside_a_word_claims_nothing(look: Lookup, written: str) -> None:
    assert look.ask(written).standing in (Standing.UNKNOWN, Standing.ALIKE)
    assert look.ask(written).matches == ()


def test_what_was_noted_from_memory_is_unverified(look: Lookup) -> None:
    answer = look.ask("95516")
    assert (answer.standing, answer.matches[0].body.id) == (Standing.UNVERIFIED, "cn.unionpay")


def test_a_number_on_which_sources_disagree_is_disputed(look: Lookup) -> None:
    answer = look.ask("95055")
    assert answer.standing is Standing.DISPUTED
    assert answer.disputes[0][0].id == "cn.alipay"
    assert "95188" in answer.disputes[0][1].words.zh


def test_a_warning_sender_cannot_be_called_and_its_rule_stands_by_it(look: Lookup) -> None:
    match = look.ask("12381").matches[0]
    assert match.contact.way.value == "sender"
    assert "链接" in match.body.rules[0].words.zh


def test_caller_id_of_96110_can_be_forged_is_a_rule_of_96110(look: Lookup) -> None:
    rule = look.ask("96110").matches[0].body.rules[0]
    assert "伪造" in rule.words.zh
    assert "forged" in rule.words.en


def test_a_mail_address_is_known_by_its_domain_only(look: Lookup) -> None:
    answer = look.ask("someone@hkma.gov.hk")
    assert (answer.standing, answer.notes) == (Standing.THEIRS, ("mail_domain",))


def test_a_name_gives_the_genuine_ways(look: Lookup) -> None:
    assert [body.id for body in look.ask("支付宝").claimed] == ["cn.alipay"]
    assert "gb.ombudsman" in [body.id for body in look.ask("the ombudsman please").claimed]


@pytest.mark.parametrize(
    "written", ["", "  ", "你好", "?", "a", "+", "()", "1", "//", "@", "[", "http://[", "。。。"]
)
def test_what_is_no_question_cannot_be_answered(look: Lookup, written: str) -> None:
    assert look.ask(written).standing is Standing.CANNOT


def test_a_text_is_searched_for_what_the_directory_knows(look: Lookup) -> None:
    text = "请拨打110报警，或打96110。退款客服+86 95188，转账110元。"
    spotted = look.in_text(text)
    assert [(text[one.start : one.end], one.answer.standing.value) for one in spotted] == [
        ("110", "theirs"),
        ("96110", "theirs"),
        ("+86 95188", "alike"),
    ]


def test_numbers_inside_a_link_are_not_taken_for_numbers_to_call(look: Lookup) -> None:
    text = "12315.cn.elsewhere.example"
    spotted = look.in_text(text, [(0, len(text), text)])
    assert [one.answer.standing for one in spotted] == [Standing.ALIKE]


def test_long_and_hostile_questions_take_no_time(look: Lookup) -> None:
    started = time.perf_counter()
    for hostile in (
        "1" * 100_000,
        "a." * 50_000,
        "[.]" * 30_000,
        "0" * 299 + "x",
        "转" * 100_000,
        "@" * 100_000,
    ):
        look.ask(hostile, hostile)
    look.in_text("0300 123 204" * 2_000)
    assert time.perf_counter() - started < 3
