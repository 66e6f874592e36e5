"""A mail becomes one message with its time, its words and its attachments; limits hold."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.events import Message
from clawback.model.evidence import Grade
from clawback.model.moments import Precision, ZoneBasis
from clawback.readers import mime
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.email_message import EmailReader

HEAD = (
    b"From: =?gb2312?B?" + base64.b64encode("王芳".encode("gb2312")) + b"?= <wang@shop.example>\r\n"
    b"To: buyer@mail.example\r\n"
    b"Subject: =?utf-8?B?" + base64.b64encode("退款通知".encode()[:7]) + b"?=\r\n"
    b" =?utf-8?B?" + base64.b64encode("退款通知".encode()[7:]) + b"?=\r\n"
    b"Date: Mon, 5 Jan 2026 10:20:30 +0800\r\n"
)


@dataclass
class Opened:
    reading: Reading
    members: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        (only,) = self.reading.messages
        return only

    @property
    def codes(self) -> list[tuple[str, str | None]]:
        return [(problem.code, problem.locator.item) for problem in self.reading.problems]

    def text_at(self, place: str) -> str:
        return "\n".join(piece.text for piece in self.reading.texts if piece.locator.item == place)


def opened(data: bytes) -> Opened:
    members: dict[str, bytes] = {}
    types: dict[str, str] = {}

    def member(name: str, media_type: str, chunks: Iterable[bytes]) -> None:
        members[name], types[name] = b"".join(chunks), media_type

    context = ReadingContext(4, "mail.eml", "Asia/Shanghai", date(2026, 1, 31), member)
    return Opened(EmailReader().read(io.BytesIO(data), context), members, types)


def multipart(*parts: bytes, kind: bytes = b"mixed", close: bytes = b"--") -> bytes:
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return (
        b'Content-Type: multipart/%s; boundary="B"\r\n\r\npreamble\r\n' % kind
        + body
        + b"--B"
        + close
        + b"\r\n"
    )


def test_a_mail_becomes_one_message() -> None:
    found = opened(
        HEAD
        + b"Content-Type: text/plain; charset=gb2312\r\n\r\n"
        + "请付款 3000 元\r\n谢谢".encode("gb18030")
    )
    message = found.message
    assert message.sender == "王芳 <wang@shop.example>"
    assert message.conversation == "退款通知"
    assert message.text == "请付款 3000 元\n谢谢"
    assert message.channel == "email"
    assert message.moment is not None
    assert message.moment.instant == datetime(2026, 1, 5, 10, 20, 30, tzinfo=timezone(timedelta(hours=8)))
    assert message.moment.zone_basis is ZoneBasis.STATED
    assert message.moment.precision is Precision.SECOND
    assert message.sources[0].exhibit == 4
    assert found.reading.grade is Grade.EMAIL
    assert found.reading.complete
    assert not found.reading.problems


def test_headers_that_tell_who_wrote_are_facts_and_text() -> None:
    found = opened(
        b"Return-Path: <bounce@other.example>\r\nReply-To: other@other.example\r\n"
        b"Authentication-Results: mx.mail.example; dkim=fail\r\n\tspf=pass\r\n" + HEAD + b"\r\nhi"
    )
    facts = dict(found.reading.facts)
    assert facts["reply_to"] == "other@other.example"
    assert facts["return_path"] == "<bounce@other.example>"
    assert facts["authentication_results"] == "mx.mail.example; dkim=fail\tspf=pass"
    assert found.text_at("Reply-To") == "Reply-To: other@other.example"


def test_plain_text_speaks_for_the_mail_but_the_page_is_read_too() -> None:
    found = opened(
        HEAD
        + multipart(
            b"Content-Type: text/plain\r\n\r\nOpen your account",
            b"Content-Type: text/html\r\n\r\n<p>Open <a href='https://bad.example/x'>your account</a></p>",
            kind=b"alternative",
        )
    )
    assert found.message.text == "Open your account"
    assert found.text_at("part 1.2") == "Open your account <https://bad.example/x>"


def test_a_mail_that_is_only_a_page_shows_the_pages_words() -> None:
    found = opened(HEAD + b"Content-Type: text/html; charset=big5\r\n\r\n" + "<b>請匯款</b>".encode("big5"))
    assert found.message.text == "請匯款"


def test_attachments_are_handed_over_decoded() -> None:
    found = opened(
        HEAD
        + multipart(
            b"\r\nsee the bill",
            b"Content-Type: application/pdf; name*=utf-8''%E8%B4%A6%E5%8D%95.pdf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"%PDF-1.7 " + bytes(300)),
            b"Content-Type: text/csv\r\nContent-Disposition: attachment; filename=rows.csv\r\n"
            b"Content-Transfer-Encoding: quoted-printable\r\n\r\na=2Cb=0A1",
            b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: z\r\n\r\nforwarded",
            b"Content-Type: image/png\r\n\r\n",
        )
    )
    assert found.message.text == "see the bill"
    assert found.members["账单.pdf"] == b"%PDF-1.7 " + bytes(300)
    assert found.members["rows.csv"] == b"a,b\n1"
    assert found.members["part-1.4.eml"].endswith(b"forwarded")
    assert found.types["part-1.4.eml"] == "message/rfc822"
    assert found.message.attachments == ("账单.pdf", "rows.csv", "part-1.4.eml")
    assert found.codes == [("attachment_empty", "part 1.5")]


@pytest.mark.parametrize(
    ("stated", "expected", "basis"),
    [
        ("5 Jan 2026 10:20 GMT", datetime(2026, 1, 5, 10, 20, tzinfo=UTC), ZoneBasis.STATED),
        ("Mon, 05 Jan 2026 10:20:30 -0000", datetime(2026, 1, 5, 10, 20, 30, tzinfo=UTC), ZoneBasis.STATED),
        (
            "Mon, 05 Jan 2026 10:20:30 -0500 (CST)",
            datetime(2026, 1, 5, 15, 20, 30, tzinfo=UTC),
            ZoneBasis.STATED,
        ),
        ("Mon, 05 Jan 2026 10:20:30 EST", datetime(2026, 1, 5, 15, 20, 30, tzinfo=UTC), ZoneBasis.STATED),
        ("Mon, 05 Jan 2026 10:20:30", datetime(2026, 1, 5, 2, 20, 30, tzinfo=UTC), ZoneBasis.ASSUMED),
        ("Mon, 05 Jan 2026 10:20:30 CST", datetime(2026, 1, 5, 2, 20, 30, tzinfo=UTC), ZoneBasis.ASSUMED),
    ],
)
def test_dates(stated: str, expected: datetime, basis: ZoneBasis) -> None:
    found = opened(b"From: a@b.example\r\nDate: " + stated.encode() + b"\r\n\r\nhi")
    assert found.message.moment is not None
    assert found.message.moment.instant == expected
    assert found.message.moment.zone_basis is basis
    assert found.codes == ([("zone_assumed", "Date")] if basis is ZoneBasis.ASSUMED else [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "date_missing"),
        (b"Date: yesterday\r\n", "date_unreadable"),
        (b"Date: Tue, 31 Feb 2026 10:00:00 +0800\r\n", "date_unreadable"),
        (b"Date: Wed, 24 Jul 0102 21:48:06 +1200\r\n", "date_unreadable"),
        (b"Date: Mon, 05 Jan 2026 10:20:30 +9900\r\n", "date_unreadable"),
        (b"Date: Thu, 5 Feb 2026 10:00:00 +0800\r\n", "date_in_future"),
    ],
)
def test_a_date_that_cannot_be_is_never_filled_in(line: bytes, code: str) -> None:
    found = opened(b"From: a@b.example\r\n" + line + b"\r\nhi")
    assert found.message.moment is None
    assert found.codes == [(code, "Date")]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("iso-2022-jp", "iso-2022-jp"), ("BIG5", "big5"), ("GB18030", "gb18030"), ("gbk", "gbk")],
)
def test_charsets_of_the_east(charset: str, encoding: str) -> None:
    body = "送金 確認".encode(encoding)
    assert (
        opened(HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + body).message.text
        == "送金 確認"
    )


def test_a_charset_that_lies_is_found_out() -> None:
    found = opened(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "请立即付款".encode("gb18030"))
    assert found.message.text == "请立即付款"


def test_bytes_that_fit_no_charset_are_reported() -> None:
    found = opened(HEAD + b"Content-Type: text/plain; charset=x-unknown\r\n\r\n" + b"caf\xe9 \xfc ol\xe9!")
    assert found.codes == [("encoding_unclear", "part 1")]


def test_damaged_base64_is_read_as_far_as_it_goes_and_reported() -> None:
    found = opened(HEAD + b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8gd29ybGQ*=\r\n")
    assert found.message.text == "hello world"
    assert found.codes == [("transfer_encoding_damaged", "part 1")]


@pytest.mark.parametrize(
    "body",
    [
        multipart(b"\r\nfirst words", b"\r\nsecond words", close=b""),
        b"Content-Type: multipart/mixed\r\n\r\nfirst words\r\nsecond words",
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\nfirst words\r\nsecond words\r\n--B--\r\n",
    ],
)
def test_a_mail_that_breaks_off_loses_no_words_and_says_so(body: bytes) -> None:
    found = opened(HEAD + body)
    assert "first words" in found.message.text
    assert "second words" in found.message.text
    assert ("mail_cut_off", "part 1") in found.codes
    assert not found.reading.complete


def test_a_mailbox_line_before_the_header_is_not_part_of_it() -> None:
    assert opened(b"From x@y.example Mon Jan  5 10:00:00 2026\n" + HEAD + b"\r\nhi").message.text == "hi"


def nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\r\n\r\nhi"
    for level in range(depth):
        mark = b"L%d" % level
        inner = b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n%s\r\n--%s--\r\n" % (
            mark,
            mark,
            inner,
            mark,
        )
    return inner


def test_nesting_ends_at_twenty() -> None:
    assert opened(HEAD + nested(mime.MAX_DEPTH)).message.text == "hi"
    beyond = opened(HEAD + nested(mime.MAX_DEPTH + 1))
    assert beyond.codes == [("nested_too_deep", None)]
    assert beyond.message.conversation == "退款通知"
    assert not beyond.reading.complete


def test_parts_end_at_a_thousand() -> None:
    parts = [b"\r\nx"] * mime.MAX_PARTS
    assert opened(HEAD + multipart(*parts)).codes == []
    beyond = opened(HEAD + multipart(*parts, b"\r\ny"))
    assert beyond.codes == [("too_many_parts", None)]
    assert beyond.message.text.count("x") == mime.MAX_PARTS


@pytest.mark.parametrize(
    "mail",
    [
        b"From: a@b.example\r\nX-Long: " + b"x" * mime.MAX_HEADER_BYTES + b"\r\n\r\nhi",
        b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?x?= " * (mime.MAX_ENCODED_WORDS + 1) + b"\r\n\r\nhi",
        b'From: a@b.example\r\nContent-Type: text/plain; x="' + b"a;" * 20_000 + b"\r\n\r\nhi",
    ],
)
def test_a_header_beyond_sense_is_not_read(mail: bytes) -> None:
    began = time.process_time()
    found = opened(mail)
    assert ("header_too_long", None) in found.codes
    assert not found.reading.complete
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "mail",
    [
        HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\nx\r\n" * 300_000,
        HEAD + nested(3_000),
        b"".join(b"Received: from %d\r\n" % n for n in range(10_000)) + HEAD + b"\r\nhi",
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    ],
)
def test_mails_built_to_hurt_end_soon(mail: bytes) -> None:
    began = time.process_time()
    opened(mail)
    assert time.process_time() - began < 3


@given(st.binary(max_size=400))
def test_no_bytes_raise(noise: bytes) -> None:
    opened(noise)
    opened(HEAD + noise)
    opened(HEAD + multipart(noise, b"Content-Transfer-Encoding: base64\r\n\r\n" + noise))
    opened(b"From: =?utf-8?B?" + noise + b"?=\r\nDate: " + noise + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("name", "head", "sureness"),
    [
        ("a.eml", HEAD + b"\r\nhi", Sureness.CERTAIN),
        ("noname", HEAD + b"\r\nhi", Sureness.SURE),
        ("a.eml", b"note: hello", Sureness.LIKELY),
        ("a.txt", b"hello", Sureness.NO),
    ],
)
def test_mails_are_recognised(name: str, head: bytes, sureness: Sureness) -> None:
    assert EmailReader().identify(Peek(name, len(head), "", head)) is sureness
