"""A mail file is checked in a box of its own, and nothing of it is kept."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from clawback.desk.mailchecking import LARGEST_MAIL, MailCheck, check_mail_file, is_mail, mail_box
from clawback.guard.verdict import Result
from clawback.readers.box import Box

TODAY = date(2026, 11, 20)
SCAM = """\
From: "MetaMask" <support@notice.example>
To: li@example.com
Reply-To: help.desk.wallet@gmail.com
Subject: Your wallet will be suspended
Content-Type: text/html; charset=utf-8

<p>Dear user, verify your wallet: enter your recovery phrase within 24 hours.</p>
<a href="http://203.0.113.4/verify">www.metamask.io</a>
"""
HONEST = """\
From: Ann Example <ann@one.example>
To: li@example.com
Subject: Sunday
Content-Type: text/plain; charset=utf-8

Shall we meet at ten at the station? I bring the maps.
"""


def checked(mail: str, box: Box | None = None) -> MailCheck:
    data = mail.encode()
    return check_mail_file("mail.eml", io.BytesIO(data), len(data), TODAY, box)


def test_a_scam_is_flagged_with_its_reasons() -> None:
    check = checked(SCAM)
    assert check.verdict.result is Result.LIKELY
    assert check.verdict.type == "wallet_drainer"
    assert {"brand_elsewhere", "reply_private", "ip_link", "wallet_check", "link_text_brand"} <= {
        sign.code for sign in check.verdict.signs
    }
    assert check.sender == '"MetaMask" <support@notice.example>'
    assert check.subject == "Your wallet will be suspended"
    assert check.problem is None


def test_one_box_checks_many_and_each_for_itself() -> None:
    with mail_box() as box:
        results = [checked(mail, box).verdict.result for mail in (HONEST, SCAM, HONEST)]
    assert results == [Result.NONE, Result.LIKELY, Result.NONE]


def test_a_mail_in_chinese_encodings_is_read() -> None:
    head = "From: 工商银行客服 <a@notice.example>\nSubject: 补贴领取通知\n"
    kind = "Content-Type: text/plain; charset=gb18030\n\n"
    data = f"{head}{kind}尊敬的客户，您的银行卡异常，请立即认证，逾期冻结。".encode("gb18030")
    check = check_mail_file("a.eml", io.BytesIO(data), len(data), TODAY)
    assert check.verdict.result is not Result.NONE
    assert check.verdict.signs[0].quote == "工商银行客服"


def test_attachments_are_named_and_a_mail_that_ends_early_is_said_to() -> None:
    mail = HONEST.replace("text/plain; charset=utf-8", 'multipart/mixed; boundary="b"').replace(
        "Shall", '--b\n\nShall we?\n--b\nContent-Type: application/pdf; name="plan.pdf"\n\n%PDF-1.7\n'
    )
    check = checked(mail)
    assert check.attachments == ("plan.pdf",)
    assert check.problem == "incomplete"


def test_what_is_no_mail_or_too_large_cannot_be_judged() -> None:
    assert checked("\x00\x01\x02").verdict.result is Result.CANNOT
    large = check_mail_file("a.eml", io.BytesIO(), LARGEST_MAIL + 1, TODAY)
    assert (large.verdict.result, large.problem) == (Result.CANNOT, "too_large")


@pytest.mark.parametrize(("name", "head", "expected"), [
    ("a.EML", b"", True), ("a", SCAM.encode(), True), ("a.txt", b"hello there", False),
])  # fmt: skip
def test_a_mail_is_known_by_its_name_or_its_first_lines(name: str, head: bytes, expected: bool) -> None:
    assert is_mail(name, head) is expected


def test_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    checked(SCAM)
    assert list(tmp_path.iterdir()) == []
