"""A firm's name against the payee's: the same, nearly so, a person, somebody else, or not to be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.guard.payees import NameMatch, compare_names
from clawback.guard.platforms import guide


def match(firm: str, payee: str) -> NameMatch | None:
    known = guide()
    return compare_names(
        firm,
        payee,
        firm_words=known.firm_words,
        legal_forms=known.legal_forms,
        processors=known.processors,
    )


@pytest.mark.parametrize(
    ("firm", "payee", "expected"),
    [
        ("杭州示例科技有限公司", "杭州示例科技有限公司", NameMatch.SAME),
        ("示例（中国）有限公司", "示例(中国)有限公司", NameMatch.SAME),
        ("Example Trading Ltd", "EXAMPLE TRADING LTD.", NameMatch.SAME),
        ("Example Trading Limited", "Example Trading Ltd", NameMatch.FORM),
        ("示例科技", "杭州示例科技有限公司", NameMatch.FORM),
        ("Example Trading", "Exampel Trading Ltd", NameMatch.LOOKALIKE),
        ("Sample Markets", "Sarnple Markets Ltd", NameMatch.LOOKALIKE),
        ("金鼎国际投资", "金顶国际投资有限公司", NameMatch.LOOKALIKE),
        ("示例网店", "支付宝（中国）网络技术有限公司", NameMatch.PROCESSOR),
        ("Example Shop", "PAYPAL *EXAMPLE", NameMatch.MASKED),
        ("Example Shop", "PayPal Europe", NameMatch.PROCESSOR),
        ("金鼎投资", "王样本", NameMatch.PERSON),
        ("金鼎投资", "欧阳样本", NameMatch.PERSON),
        ("金鼎投资", "阿卜杜拉·样本", NameMatch.PERSON),
        ("Example Broker", "Jane Sample", NameMatch.PERSON),
        ("Example Broker", "Mr J Sample", NameMatch.PERSON),
        ("金鼎投资", "义乌市某某商行", NameMatch.DIFFERENT),
        ("金鼎投资", "样本便利店", NameMatch.DIFFERENT),
        ("Example Broker", "Other Services Ltd", NameMatch.DIFFERENT),
        ("金鼎投资", "*样本", NameMatch.MASKED),
        ("金鼎投资", "王**", NameMatch.MASKED),
        ("金", "金鼎有限公司", NameMatch.DIFFERENT),  # one character is no name in common
        ("Al Ltd", "Alpha Ltd", NameMatch.DIFFERENT),
        ("Beta Ltd", "Bets Ltd", NameMatch.DIFFERENT),  # short names are near each other by chance
        ("金鼎投资", "", None),
        ("（）", "王样本", None),
    ],
)
def test_names_are_compared_as_people_read_them(firm: str, payee: str, expected: NameMatch | None) -> None:
    assert match(firm, payee) is expected


def test_a_legal_form_alone_is_no_common_name() -> None:
    assert match("有限公司", "另一家有限公司") is not NameMatch.SAME
    assert match("Alpha Ltd", "Beta Ltd") is NameMatch.DIFFERENT


@given(st.text(max_size=200))
def test_a_name_equals_itself_or_cannot_be_compared(name: str) -> None:
    assert match(name, name) in (NameMatch.SAME, NameMatch.MASKED, None)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_names_have_an_answer(firm: str, payee: str) -> None:
    assert match(firm, payee) is None or isinstance(match(firm, payee), NameMatch)
