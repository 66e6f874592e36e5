"""The kind of a file is told by its bytes; its name decides only between kinds of text."""

from __future__ import annotations

import io
import zipfile

import pytest

from clawback.readers.media_types import looks_like_mail, sniff


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"%PDF-1.7\n", "photo.jpg", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.txt", "image/png"),
        (b"\xff\xd8\xff\xe0", "a", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a", "image/webp"),
        (b"\0\0\0\x18ftypheic", "IMG.HEIC", "image/heic"),
        (b"\0\0\0\x18ftypisom", "a.mp4", "video/mp4"),
        (b"PK\x03\x04" + bytes(30), "a.docx", "application/zip"),
        (b"\x1f\x8b\x08", "a.gz", "application/gzip"),
        (bytes(257) + b"ustar\x0000", "a.tar", "application/x-tar"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "application/x-ole-storage"),
        (b"MZ\x90\0", "invoice.pdf", "application/vnd.microsoft.portable-executable"),
        (b"BMW is a car", "a.txt", "text/plain"),
        ("交易时间,金额\n".encode("gb18030"), "bill.csv", "text/csv"),
        ("时间,金额\n".encode("utf-16"), "bill.csv", "text/csv"),
        (b'{"messages": []}', "result.json", "application/json"),
        (b"hello", "note", "text/plain"),
        (b"  <!DOCTYPE html><html>", "page", "text/html"),
        (b"OFXHEADER:100\r\n", "x.txt", "application/x-ofx"),
        (b"From: a@shop.example\r\nSubject: x\r\n\r\nhello", "x", "message/rfc822"),
        (bytes(100), "x.txt", "application/octet-stream"),
        (b"", "x.txt", "application/octet-stream"),
    ],
)
def test_kinds(head: bytes, name: str, expected: str) -> None:
    assert sniff(head, name) == expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("xl/workbook.xml", "spreadsheetml.sheet"),
        ("word/document.xml", "wordprocessingml.document"),
        ("AndroidManifest.xml", "package-archive"),
        ("xl/chat.txt", "application/zip"),
    ],
)
def test_packages_are_told_from_heaps_of_files(member: str, expected: str) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        if expected != "application/zip":
            archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, "x")
    assert sniff(package.getvalue(), "x").endswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        b"Received: from x\r\n by y\r\nFrom: a@b.example\r\nTo: c@d.example\r\n\r\nbody",
        b"From someone@shop.example Mon Jan  5 10:00:00 2026\nFrom: x\nDate: y\n\nbody",
        b"\xef\xbb\xbfFrom: x\nTo: y\n\n",
        b"ARC-Seal: i=1;\n a=b\nFrom: x\nSubject: y\n\nbody",
    ],
)
def test_header_fields_make_a_mail(text: bytes) -> None:
    assert looks_like_mail(text)


@pytest.mark.parametrize(
    "text", [b"To: my bank\nplease stop the payment\n", b"12:30 Anna: hi\n", b"Date: x\n\nbody", b"", b"\n"]
)
def test_a_note_is_no_mail(text: bytes) -> None:
    assert not looks_like_mail(text)
