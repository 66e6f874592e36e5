"""What kind of bytes these are: by their own marks first, by the name only where bytes have none."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"

_MAGIC = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (257, b"ustar", "application/x-tar"),
)
_OFFICE = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
}
_OLE = {
    ".xls": "application/vnd.ms-excel",
    ".doc": "application/msword",
    ".msg": "application/vnd.ms-outlook",
}
_TEXT = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".json": "application/json",
    ".html": "text/html",
    ".htm": "text/html",
    ".xml": "application/xml",
    ".eml": "message/rfc822",
    ".mbox": "application/mbox",
    ".ofx": "application/x-ofx",
    ".qfx": "application/x-ofx",
    ".vcf": "text/vcard",
    ".ics": "text/calendar",
}


def media_type_of(name: str, head: bytes) -> str:
    """Media type of a file from its first bytes and, for text and office files, from its name."""
    dot = name.rfind(".")
    suffix = name[dot:].lower() if dot >= 0 else ""
    found = next((kind for at, mark, kind in _MAGIC if head.startswith(mark, at)), None)
    if found == "application/zip":
        return _OFFICE.get(suffix, found)
    if found == "application/x-ole-storage":
        return _OLE.get(suffix, found)
    return found or _TEXT.get(suffix, UNKNOWN)
