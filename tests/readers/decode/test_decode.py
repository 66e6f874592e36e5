"""Bytes become text only as far as that is certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.readers.decode import decode

CHINESE = "您好，您的退款已到账，请点击链接。订单号 20241130\r\n第二行：解冻金 3,000.00 元\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
def test_reads_chinese_in_every_encoding_that_a_phone_or_windows_writes(encoding: str) -> None:
    decoded = decode(CHINESE.encode(encoding))
    assert decoded is not None
    assert decoded.text == CHINESE
    assert (decoded.sure, decoded.damaged) == (True, 0)


def test_a_western_text_is_a_guess_and_says_so() -> None:
    decoded = decode("Grüße aus Köln – 5 €".encode("cp1252"))
    assert decoded is not None
    assert decoded.text == "Grüße aus Köln – 5 €"
    assert not decoded.sure


def test_a_text_cut_inside_a_character_keeps_the_rest_and_counts_the_damage() -> None:
    whole = CHINESE.encode()
    decoded = decode(whole.rstrip(b"\r\n")[:-1])
    assert decoded is not None
    assert decoded.text.startswith("您好")
    assert decoded.damaged == 1


def test_a_peek_may_end_inside_a_character() -> None:
    for encoding in ("utf-8", "gb18030"):
        whole = (CHINESE * 3).encode(encoding)
        for cut in range(len(whole) - 6, len(whole)):
            decoded = decode(whole[:cut], whole=False)
            assert decoded is not None
            assert decoded.damaged == 0
            assert decoded.encoding == encoding


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", bytes(4096), b"\x00"],
)
def test_binary_is_not_text(data: bytes) -> None:
    assert decode(data) is None


def test_lines_are_those_of_an_editor() -> None:
    decoded = decode("a\r\nb\rc\nd\u2028e\x0cf".encode())
    assert decoded is not None
    assert decoded.lines == ["a", "b", "c", "d\u2028e\x0cf"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_utf8_without_control_characters_always_round_trips(text: str) -> None:
    if any(ord(letter) < 32 or letter == "\x7f" for letter in text) or text[0] == "\ufeff":
        return
    decoded = decode(text.encode())
    assert decoded is not None
    assert decoded.text == text


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_none(data: bytes) -> None:
    decoded = decode(data)
    assert decoded is None or isinstance(decoded.text, str)
