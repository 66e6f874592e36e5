"""What the check says of scams and of honest look-alikes: never more than the words show."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import pytest

from clawback.desk.checking import (
    LARGEST_PICTURE,
    LONGEST,
    Result,
    check,
    defanged,
    genuine_channels,
    read_picture,
)
from clawback.model.indicators import IndicatorKind
from clawback.rules.load import load_pack
from desk.check_texts import HONEST_EN, HONEST_ZH, SCAMS_EN, SCAMS_ZH

LIKELY, SOME, NONE, CANNOT = Result.LIKELY, Result.SOME, Result.NONE, Result.CANNOT


def counted(texts: dict[str, str]) -> Counter[Result]:
    return Counter(check(text).result for text in texts.values())


def test_the_measured_rates_stand_in_docs_and_change_only_knowingly() -> None:
    """docs/desk.md states these figures; whoever changes a rule changes both."""
    assert counted(SCAMS_ZH) == {LIKELY: 6, SOME: 5, NONE: 3}
    assert counted(SCAMS_EN) == {LIKELY: 3, SOME: 4, NONE: 7}
    assert counted(HONEST_ZH) == {SOME: 1, NONE: 13}
    assert counted(HONEST_EN) == {NONE: 14}


def packs_own_words() -> list[str]:
    """Everything that our rule packs say to people, warnings above all."""
    said = []
    for id in ("cn", "gb"):
        pack = load_pack(id)
        said += [notice.text for notice in pack.notices.values()]
        said += [situation.outlook for situation in pack.situations.values()]
        said += [words for step in pack.steps.values() for words in (step.title, step.why)]
        said += [words for rule in pack.never_say.values() for words in (rule.why, rule.instead)]
        said += [words for one in pack.channels.values() for words in (one.use_for, one.not_for)]
    return [text for words in said for text in (words.zh, words.en)]


def test_our_own_warnings_are_not_taken_for_scams() -> None:
    results = Counter(check(text).result for text in packs_own_words())
    assert results[LIKELY] == 0
    assert results[SOME] <= 4  # words about recovery and fake orders without a word of warning beside them


def test_recovery_scams_come_first_and_the_words_are_quoted_as_they_stand() -> None:
    text = "投资亏了吗？稳赚不赔的老师不靠谱。我们是黑客技术追款团队，100%追回。"
    found = check(text)
    assert found.result is LIKELY
    assert found.situation is not None
    assert found.situation[0] == "recovery_scam"
    quotes = [text[quote.start : quote.end] for quote in found.quotes]
    assert "黑客技术" in quotes
    assert "追款" in quotes
    assert [quote.start for quote in found.quotes] == sorted(quote.start for quote in found.quotes)


def test_one_word_within_another_is_not_counted_twice() -> None:
    found = check("你好，我们可以帮您追回欠款")
    assert [found.text[sign.start : sign.end] for sign in found.signs] == ["帮您追回"]
    assert found.result is SOME


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("我们不是骗子，保证追回您的损失，先付服务器费", LIKELY),
        ("为防止诈骗，请立即把钱转到安全账户，公安局资金清查", LIKELY),
        ("谨防诈骗！我们是黑客技术追款团队，成功后付款", LIKELY),  # the warning is another sentence
        ("Your account is at risk, the fraud team opened a safe account, tell nobody", LIKELY),
        ("凡是让您转到安全账户、搞资金清查的，都是诈骗", NONE),
        ("We never ask you to move money to a safe account, whatever the fraud team says", NONE),
    ],
)
def test_a_warning_excuses_only_its_own_sentence_and_no_pretence_of_one(text: str, result: Result) -> None:
    assert check(text).result is result


def test_words_in_a_warning_are_named_and_not_counted() -> None:
    found = check("谨防刷单返利，凡是要求垫付的都是诈骗。")
    assert found.result is NONE
    assert found.warned == ("刷单", "返利", "垫付")
    assert found.quotes == ()


@pytest.mark.parametrize("text", ["https://jinding.example/pay", "6222020000000000000", "在吗", "?", "王"])
def test_a_number_a_link_or_a_few_words_cannot_be_judged(text: str) -> None:
    assert check(text).result is CANNOT


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("96110", "advice_96110"),
        ("有人用95188打给我说退款的事，是支付宝吗", "alipay"),
        ("请拨打12315", "consumer_12315"),
        ("call 159 now please, says this text message", "bank_159"),
        ("+44 300 123 2040", "report_fraud"),
        ("０３００ １２３ ２０４０", "report_fraud"),
        ("is https://www.reportfraud.police.uk/x the right site for this report", "report_fraud"),
    ],
)
def test_a_genuine_channel_is_recognised(text: str, channel: str) -> None:
    found = check(text)
    assert [one.channel.id for one in found.genuine] == [channel]
    assert found.result is NONE  # and even that is not called safe


@pytest.mark.parametrize(
    "text",
    [
        "http://www.12315.cn.evil.example",
        "reportfraud.police.uk.evil.example",
        "https://reportfraud-police.example/",
        "价格110元，运费10元，明天发货可以吗",
        "房间101，密码在前台",
        "195188",
    ],
)
def test_what_only_looks_like_a_channel_is_none(text: str) -> None:
    assert check(text).genuine == ()


def test_links_are_shown_so_that_nothing_opens_them_and_personal_numbers_masked() -> None:
    found = check("点 https://shop.example/a?b=1 填 11010519491231002X").found
    assert [(one.kind, one.shown, one.valid) for one in found] == [
        (IndicatorKind.URL, "hxxps://shop[.]example/a?b=1", None),
        (IndicatorKind.ID_CARD, "1101*************X", True),
    ]
    assert defanged("HTTP://a.b") == "hxxp://a[.]b"


def test_words_of_crisis_bring_a_human_line() -> None:
    found = check("钱都没了，我不想活了")
    assert found.crisis is not None
    assert found.crisis.phone == "12356"


def test_a_very_long_text_is_cut_and_says_so() -> None:
    found = check("好" * (LONGEST + 1))
    assert found.cut
    assert len(found.text) == LONGEST


def test_genuine_channels_are_those_of_the_place() -> None:
    assert any(one.phone == "110" for one in genuine_channels("zh"))
    assert any(one.phone == "159" for one in genuine_channels("en"))
    assert all(one.phone or one.url for one in genuine_channels("en"))


def test_what_is_no_picture_is_not_read() -> None:
    page = io.BytesIO(b"<html><script>1</script></html>")
    assert read_picture("a.png", page, 31, date(2026, 11, 20)).problem == "no_picture"
    assert read_picture("a.png", page, LARGEST_PICTURE + 1, date(2026, 11, 20)).problem == "too_large"
