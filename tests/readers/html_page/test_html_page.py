"""Saved web pages become readable text."""

from __future__ import annotations

from clawback.model.evidence import Grade
from clawback.readers.contract import Sureness
from clawback.readers.html_page import HtmlPageReader
from reading import codes, read, sureness

READER = HtmlPageReader()
PAGE = """<!DOCTYPE html><html><head><title>订单详情 -
 星河商城</title><script>var a = "<p>not text</p>";</script></head>
<body><h1>订单详情</h1><p>订单号：<b>20260305</b>0001</p><table><tr><td>实付</td><td>¥299.00</td></tr></table></body>"""


def test_reads_words_and_title_but_no_scripts() -> None:
    reading = read(READER, PAGE)
    text = "\n".join(piece.text for piece in reading.texts)
    assert "订单号：202603050001" in text
    assert "¥299.00" in text
    assert "not text" not in text
    assert reading.facts == (("title", "订单详情 - 星河商城"),)
    assert reading.grade is Grade.DOCUMENT
    assert reading.complete


def test_reads_a_page_in_gb18030() -> None:
    assert "订单号" in read(READER, PAGE.encode("gb18030")).texts[0].text


def test_refuses_what_is_not_text() -> None:
    assert codes(read(READER, b"\x00\x01\x02")) == ["not_text"]


def test_is_likely_by_its_beginning_or_name() -> None:
    assert sureness(READER, PAGE, "order") is Sureness.LIKELY
    assert sureness(READER, "<p>x</p>", "order.htm") is Sureness.LIKELY
    assert sureness(READER, "<p>x</p>", "order.txt") is Sureness.NO
    assert sureness(READER, b"\x89PNG\x00", "order.html") is Sureness.NO
