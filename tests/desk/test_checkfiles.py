"""Files that somebody wants checked: which kind it is, how large it may be, and that nothing else is read."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from clawback.desk.checkfiles import (
    LARGEST_PICTURE,
    may_be_chat,
    read_file,
    read_picture,
    read_picture_or_mail,
)
from clawback.guard.verdict import Result

TODAY = date(2026, 11, 20)
MAIL = b"""\
From: "MetaMask" <support@notice.example>
To: li@example.com
Reply-To: help.desk.wallet@gmail.com
Subject: Your wallet will be suspended
Content-Type: text/html; charset=utf-8

<p>Dear user, verify your wallet: enter your recovery phrase within 24 hours.</p>
<a href="http://203.0.113.4/verify">www.metamask.io</a>
"""


def test_what_is_no_picture_is_not_read() -> None:
    page = io.BytesIO(b"<html><script>1</script></html>")
    assert read_picture("a.png", page, 31, TODAY).problem == "no_picture"
    assert read_picture("a.png", page, LARGEST_PICTURE + 1, TODAY).problem == "too_large"


def test_a_mail_is_told_by_its_name_or_its_head() -> None:
    for name in ("a.eml", "a.png"):
        found = read_picture_or_mail(name, io.BytesIO(MAIL), len(MAIL), TODAY)
        assert found.problem is None
        assert found.mail is not None
        assert found.mail.verdict.result is Result.LIKELY


def test_a_mail_that_is_too_large_is_refused() -> None:
    found = read_picture_or_mail("a.eml", io.BytesIO(MAIL), 31 * 1024 * 1024, TODAY)
    assert (found.problem, found.mail) == ("too_large", None)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_of_our_users(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("您好，这里是客服，请把验证码告诉我。".encode(encoding))
    found = read_file(path, TODAY)
    assert (found.text, found.problem) == ("您好，这里是客服，请把验证码告诉我。", None)


def test_a_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(256)) * 40)
    assert read_file(path, TODAY).problem == "no_text"


def test_a_mail_file_is_checked_as_a_mail(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    assert read_file(path, TODAY).mail is not None


@pytest.mark.parametrize(
    ("name", "data", "chat"),
    [
        ("a.txt", b"2026-11-01 10:00 Ann", True),
        ("a.eml", MAIL, False),
        ("a.png", b"\x89PNG\r\n\x1a\n", False),
    ],
)
def test_a_mail_and_a_picture_are_no_chat(tmp_path: Path, name: str, data: bytes, chat: bool) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert may_be_chat(path) is chat
