"""Bytes tell their kind; a name is believed only where bytes have no mark of their own."""

from __future__ import annotations

import pytest

from clawback.vault.media_types import UNKNOWN, media_type_of


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n....", "image/png"),
        ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic....", "image/heic"),
        ("a.zip", b"PK\x03\x04....", "application/zip"),
        ("账单.XLSX", b"PK\x03\x04....", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel"),
        ("bill.CSV", "时间,金额".encode("gb18030"), "text/csv"),
        ("mail.eml", b"Received: from", "message/rfc822"),
        ("a.pdf", b"not a PDF", UNKNOWN),
        ("noname", b"", UNKNOWN),
        ("x.html", b"%PDF-1.7", "application/pdf"),
    ],
)
def test_media_types(name: str, head: bytes, expected: str) -> None:
    assert media_type_of(name, head) == expected
