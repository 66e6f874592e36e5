"""What kind of file is this? By its first bytes; by its name only among kinds of text."""

from __future__ import annotations

import re

from clawback.readers.contract import PEEK_BYTES
from clawback.readers.decode import looks_binary

UNKNOWN = "application/octet-stream"

# Magic numbers as the formats' own specifications give them.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
_PACKAGES: tuple[tuple[bytes, str], ...] = (
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OOXML = "application/vnd.openxmlformats-officedocument"
_TEXT_SUFFIXES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".mhtml": "multipart/related",
    ".eml": "message/rfc822",
    ".mbox": "application/mbox",
    ".ofx": "application/x-ofx",
    ".qfx": "application/x-ofx",
    ".qif": "application/x-qif",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
}
_HTML = re.compile(rb"\s*(?:<!--[^>]{0,2000}-->\s*)?<(?:!doctype html|html|head|body)[\s>]", re.IGNORECASE)
_OFX = re.compile(rb"\s*(?:OFXHEADER:|(?:<\?xml[^>]{0,200}>\s*)?<\?OFX)", re.IGNORECASE)
_MAIL_HEADER = re.compile(
    rb"^(?:received|return-path|delivered-to|mime-version|message-id|from|to|subject|date|dkim-signature|x-[\w-]+)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")


def sniff(head: bytes, name: str) -> str:
    """The media type of a file whose first bytes are `head`; UNKNOWN when they tell nothing."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_ZIP):
        return _zip_kind(head)
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12])
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "image/bmp"
    if head[257:262] == b"ustar":
        return "application/x-tar"
    return _text_kind(head, name)


def looks_like_mail(head: bytes) -> bool:
    """Do the first lines stand as the header fields of a mail, with at least two that mails have?"""
    known = 0
    text = head.removeprefix(b"\xef\xbb\xbf")
    lines = text.splitlines()[: -1 if len(head) >= PEEK_BYTES else None]  # the last may be torn
    if lines and lines[0].startswith((b"From ", b">From ")):
        lines = lines[1:]
    for line in lines:
        if not line.strip():
            return known >= 2
        if line[:1] in (b" ", b"\t"):
            continue
        if not _FIELD.match(line):  # a damaged header, or no mail at all
            return known >= 3
        known += bool(_MAIL_HEADER.match(line))
    return known >= 2


def _zip_kind(head: bytes) -> str:
    for mark, kind in _PACKAGES:
        if mark in head and (
            not kind.startswith(_OOXML) or b"[Content_Types].xml" in head or b"_rels/" in head
        ):
            return kind
    if head[30:38] == b"mimetype":
        stated = head[38:].split(b"PK", 1)[0]
        return stated.decode("ascii", "replace") if stated.startswith(b"application/") else "application/zip"
    return "application/zip"


def _iso_media(brand: bytes) -> str:
    if brand in _HEIC:
        return "image/heic"
    if brand == b"avif":
        return "image/avif"
    return "audio/mp4" if brand.startswith(b"M4A") else "video/mp4"


def _text_kind(head: bytes, name: str) -> str:
    sixteen = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not head or (looks_binary(head) and not sixteen):
        return UNKNOWN
    if _HTML.match(head):
        return "text/html"
    if _OFX.match(head):
        return "application/x-ofx"
    dot = name.rfind(".")
    by_name = _TEXT_SUFFIXES.get(name[dot:].lower()) if dot >= 0 else None
    if by_name:
        return by_name
    return "message/rfc822" if looks_like_mail(head) else "text/plain"
