"""A mail taken apart for checking: what is seen, what is hidden, where links lead."""

from __future__ import annotations

import io
import json
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawback.readers.contract import Peek, ReadingContext, Sureness
from clawback.readers.html_parts import MAX_LINKS, take_apart
from clawback.readers.mail_parts import FACT, MAX_TEXT, MailPartsReader, parts_of

PAGE = """<html><head><title>never shown</title><style>p{}</style></head><body>
<div style="display:none">preview line</div><p>Hello <b>you</b></p>
<a href="https://one.test/a?x=1&amp;y=2">Press <i>here</i></a>
<a href="#top">up</a><a href="https://two.test"><img src="x" alt="A picture"></a>
<img src="t" width="1" height="1"><form action="https://three.test/login"><input type="password"></form>
<span style="font-size:0px">secret</span><script>alert(1)</script></body></html>"""

MAIL = (
    b"From li@example.com Mon Nov  2 10:00:00 2026\nFrom: =?utf-8?b?5p2O?= <li@one.test>\nX-Other: left out\n"
    b"Subject: a\n long subject\nAuthentication-Results: mx.test; spf=fail\n"
    b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html\n\n'
    + PAGE.encode()
    + b'\n--b\nContent-Type: application/octet-stream; name="a.exe"\nContent-Transfer-Encoding: base64\n\n'
    b"TVqQAAM=\n--b--\n"
)


def test_a_page_shows_hides_and_links() -> None:
    page = take_apart(PAGE)
    assert page.seen.split() == ["Hello", "you", "Press", "here", "up"]
    assert page.hidden.split() == ["preview", "line", "secret"]
    assert [(link.target, link.words, link.kind) for link in page.links] == [
        ("https://one.test/a?x=1&y=2", "Press here", "link"),
        ("https://two.test", "A picture", "link"),
        ("https://three.test/login", "", "form"),
    ]
    assert page.pictures == 1  # what only counts readers is not seen
    assert page.asks_password


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        ("display: none", True),
        ("visibility:hidden", True),
        ("font-size:1px", True),
        ("opacity:0;", True),
        ("mso-hide:all", True),
        ("font-size:10px", False),
        ("opacity:0.9", False),
        ("display:block", False),
    ],
)
def test_what_a_style_hides(style: str, hidden: bool) -> None:
    page = take_apart(f'<p style="{style}">words</p>')
    assert (page.hidden, page.seen) == (("words", "") if hidden else ("", "words"))


def test_text_after_a_hidden_block_is_seen_again() -> None:
    assert take_apart('<div style="display:none"><p>a</p></div>b').seen == "b"


def test_more_links_than_are_kept_are_counted() -> None:
    page = take_apart('<a href="https://x.test">x</a>' * (MAX_LINKS + 3))
    assert len(page.links) == MAX_LINKS
    assert page.links_left_out == 3


def test_a_mail_is_taken_apart() -> None:
    parts = parts_of(MAIL)
    assert parts["headers"] == [
        ["From", "李 <li@one.test>"],
        ["Subject", "a long subject"],
        ["Authentication-Results", "mx.test; spf=fail"],
    ]
    assert parts["attachments"] == [
        {"name": "a.exe", "media_type": "application/octet-stream", "size": 5, "head": "4d5a900003"}
    ]
    assert "Hello you" in parts["text"]
    assert parts["incomplete"] is False


def test_plain_text_is_taken_where_there_is_no_page() -> None:
    assert parts_of(b"From: a@one.test\nSubject: x\n\nonly words\n")["text"] == "only words"


def test_a_mail_that_ends_early_says_so() -> None:
    assert parts_of(MAIL[:-30])["incomplete"] is True


def test_the_reader_answers_with_one_fact() -> None:
    reader = MailPartsReader()
    peek = Peek("a.eml", len(MAIL), "message/rfc822", MAIL[:1000])
    assert reader.identify(peek) is Sureness.SURE
    assert reader.identify(Peek("a.txt", 5, "text/plain", b"hello")) is Sureness.NO
    reading = reader.read(io.BytesIO(MAIL), ReadingContext(1, "a.eml", "UTC", date(2026, 11, 2), print))
    assert json.loads(dict(reading.facts)[FACT]) == parts_of(MAIL)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    parts_of(data)
    parts_of(b"From: a\nContent-Type: text/html\n\n" + data)


@pytest.mark.parametrize(
    "piece", ['<a href="', "<div style=", "<p><b>", "</x>", "<!--", "&#", "<a '", "< ", "<a b=c "]
)
def test_hostile_pages_cost_time_in_proportion(piece: str) -> None:
    began = time.process_time()
    take_apart(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 8


def test_text_is_bounded() -> None:
    assert len(parts_of(b"From: a@b.test\nSubject: x\n\n" + b"word " * 100_000)["text"]) == MAX_TEXT
