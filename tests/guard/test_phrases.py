"""The small language of phrases: what it matches, and what it refuses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.errors import RulePackError
from clawback.guard.phrases import PhraseIndex, any_phrase, translate_phrase

LISTS = {"fee": ("tax", "processing fee"), "wx": ("微信", "v信", "威信")}


@pytest.mark.parametrize(
    ("phrase", "text", "matched"),
    [
        ("转…安全账户", "请转到我们的安全账户里", "转到我们的安全账户"),
        ("转…安全账户", "转好了。安全账户", None),  # a gap stays in its sentence
        ("(pay*|send) … {fee}", "you must be paying the processing fee", "paying the processing fee"),
        ("pay … {fee}", "repay the tax", None),  # whole words
        ("提供#位验证码", "提供六位验证码", "提供六位验证码"),
        ("提供#位验证码", "提供6位验证码", "提供6位验证码"),
        ("(请)?加{wx}", "加v信", "加v信"),
        ("(请)?加{wx}", "请加微信", "请加微信"),
        ("safe account|secure account", "a secure account", "secure account"),
        ("100% guaranteed", "it is 100% guaranteed", "100% guaranteed"),
    ],
)
def test_a_phrase_matches_what_it_says(phrase: str, text: str, matched: str | None) -> None:
    found = [text[start:end] for _, start, end in PhraseIndex([phrase], LISTS).find(text)]
    assert found == ([matched] if matched else [])


@pytest.mark.parametrize(
    "phrase",
    [
        "…",
        "#",
        "(a|b",
        "a)b",
        "Upper",
        "{nothing}",
        "a … b … c … d … e",
        "?a",
        "(请)?",
        "*",
        " spaced",
    ],
)
def test_a_phrase_that_cannot_be_used_is_refused_by_name(phrase: str) -> None:
    with pytest.raises(RulePackError, match=re.escape(phrase)):
        PhraseIndex([phrase], LISTS)


def test_phrases_are_numbered_as_given() -> None:
    index = PhraseIndex(["转账", "微信", "safe account"], {})
    assert [number for number, _, _ in index.find("加微信，转账到 safe account")] == [0, 1, 2]


def test_any_phrase_is_one_expression() -> None:
    pattern = any_phrase(["请勿…告诉", "never share"], {})
    assert pattern.search("请勿把它告诉别人")
    assert pattern.search("we never share it")
    assert not pattern.search("share it")


WORDS = st.lists(
    st.sampled_from(["pay", "fee", "转账", "微信", "now", "加", "账户", ".", "。", " "]), max_size=12
)


@given(WORDS)
def test_no_phrase_is_missed_for_want_of_a_key(words: list[str]) -> None:
    """Keys only pass over what the expression would not match either."""
    text = "".join(words)
    phrases = ["pay … fee", "(转账|加)…微信", "加(微信|账户)", "now"]
    found = {number for number, _, _ in PhraseIndex(phrases, {}).find(text)}
    assert found == {
        n for n, phrase in enumerate(phrases) if re.search(translate_phrase(phrase, {})[0], text)
    }
