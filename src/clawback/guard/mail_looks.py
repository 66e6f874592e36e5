"""How a mail hides what it says: disguised letters, invisible text, noise; and what it carries along."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from clawback.guard.mail_parts import MailAttachment, MailParts
from clawback.guard.mail_signs import MailSign, sign

_LOOKED_AT = 20_000
_STYLED = re.compile(
    "[\U0001d400-\U0001d7ff\u1d00-\u1d2b\u0250-\u02af\ua730-\ua7ff\uff21-\uff5a\u24b6-\u24e9]{2,}"
)
_MIXED = re.compile(
    "(?=[A-Za-z]{0,20}[\u0251\u0261\u026a\u0370-\u03ff\u0400-\u04ff\u0500-\u052f\u0570-\u0586])"
    "(?=[^\\sA-Za-z]{0,20}[A-Za-z])[A-Za-z\u0251\u0261\u026a\u0370-\u03ff\u0400-\u052f\u0570-\u0586]{3,40}"
)
_SPLIT = re.compile(
    "[A-Za-z\u00c0-\u024f\u3400-\u9fff][\u200b-\u200f\u2060-\u206f\u202a-\u202e\ufeff\u034f]{1,4}[A-Za-z\u00c0-\u024f\u3400-\u9fff]"
)
_AROUND = 12
_SPACED = re.compile(
    r"(?<!\w)(?:[A-Za-z] ){3,}[A-Za-z](?!\w)"  # a word, letter by letter
    r"|\b[A-Z]{1,9}0[A-Z]{1,9}\b"  # a nought for an O
    r"|\bI(?:og|ogged|ogin) in\b|\bl\.?R\.?S\b"  # I for l, l for I
)
_GAP = re.compile(
    r"\{\{\s{0,3}\w{2,30}\s{0,3}\}\}|\{[a-z_]{3,20}\}\{\d\}|\*\|[A-Z:_]{3,30}\|\*|%[A-Z_]{3,20}%|\[(?:username|first_?name|email)\]"
    r"|\breplace here\b|\bSubject1\b|\$\{\w{2,30}\}|%%\w{3,30}%%",
    re.IGNORECASE,
)
_CODE_TOKEN = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9.]{6,200}")
_MIXED_CASE = re.compile(r"[a-z][A-Z]\S*[a-z][A-Z]|[A-Z]{2}[a-z]+[A-Z]")
_ROW = re.compile(r"[-_.…]{60,}")
_LONG_ROW = 100  # wider than any screen shows
_SIGNED = ("-----BEGIN PGP", "diff --git", "\n+++ ", "\n@@ ", "Traceback (most", "#include")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff]")
_ODD_NAME = re.compile(
    r'--|""|\*-|\.{4,}|"\s{0,5}\.|^\s{0,5}["\']?-\w'  # marks that no name has
    r'|[\w)!]["”]?\s{0,9}[.#]{1,9}\s{0,9}#?[A-Z]{3,8}\d{0,6}\s{0,20}$|,_$'  # a code behind the name
)
_ODD_SUBJECT = re.compile(r"[A-Za-z0-9]{8,40}\b|(?<=[.!?}]{2})[ \t]{0,9}[A-Z]{4,8}$|[A-Za-z0-9-]{6,20}$")
_PROGRAM = (
    "exe",
    "scr",
    "com",
    "bat",
    "cmd",
    "pif",
    "js",
    "jse",
    "vbs",
    "vbe",
    "wsf",
    "hta",
    "jar",
    "msi",
    "ps1",
    "apk",
    "cpl",
    "dll",
)
_MACRO = ("docm", "xlsm", "pptm", "dotm", "xltm", "xlam", "xlsb")
_PAGE = ("html", "htm", "shtml", "xhtml", "svg", "mht", "mhtml")
_DISK = ("iso", "img", "vhd", "vhdx", "lnk", "url", "one", "ace", "cab")
_TWO_ENDINGS = re.compile(r"\.(?:pdf|docx?|xlsx?|jpe?g|png|txt|mp4|zip)\s{0,80}\.(\w{2,5})$", re.IGNORECASE)
_MZ, _OLE = "4d5a", "d0cf11e0a1b11ae1"


def look_signs(parts: MailParts) -> Iterator[MailSign]:
    """Signs of disguise in name, subject and text."""
    name = " ".join(box.name for box in parts.senders[:3])
    head = f"{name} {parts.sender.address} {parts.subject}"
    text = f"{parts.subject}\n{parts.text[:_LOOKED_AT]}"
    if styled := _STYLED.search(head):
        yield sign("styled_letters", "Subject", _word_around(head, styled))
    if mixed := _MIXED.search(f"{head}\n{text}"):
        yield sign("mixed_letters", "text", mixed.group())
    splits = list(_SPLIT.finditer(f"{head}\n{text}"))
    if len(splits) >= 3:
        yield sign("split_words", "text", _word_around(f"{head}\n{text}", splits[0]))
    if spaced := _SPACED.search(f"{head}\n{text}"):
        yield sign("spaced_word", "text", spaced.group())
    if gap := _GAP.search(f"{head}\n{text}"):
        yield sign("unfilled_form", "text", gap.group())
    if (odd := _ODD_NAME.search(parts.first("From")[:1000].partition("<")[0])) and not parts.from_list:
        yield sign("odd_name", "From", parts.first("From"), name or odd.group())
    code = _ODD_SUBJECT.search(parts.subject)
    if code and _strange_code(code.group()) and not parts.from_list:
        yield sign("odd_subject", "Subject", code.group())
    if _EMOJI.search(name):
        yield sign("name_emoji", "From", name)
    yield from _noise(text, bool(parts.links or parts.pictures))
    yield from _hidden(parts)


def _word_around(text: str, found: re.Match[str]) -> str:
    start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
    return text[start:end]


def _noise(text: str, page: bool) -> Iterator[MailSign]:
    """Words that nobody wrote for a reader: codes among the words, rows of dashes with codes."""
    if any(mark in text for mark in _SIGNED):
        return
    plain = re.sub(r"https?://\S{1,2000}|\S{1,64}@\S{1,255}", " ", text)
    words = plain.split()
    codes = [word for word in words if _CODE_TOKEN.fullmatch(word) and _strange(word)]
    if len(codes) >= 8 and len(codes) * 6 >= len(words):
        yield sign("noise", "text", " ".join(codes[:4]))
        return
    longest = max(words, key=len, default="")
    if page and len(longest) >= 90 and len(set(longest)) > 12 and longest.isascii():
        yield sign("noise", "text", longest)
        return
    row = max(_ROW.findall(plain), key=len, default="")
    if page and len(row) >= _LONG_ROW:
        yield sign("noise", "text", row)


def _strange(word: str) -> bool:
    """Not a number with a unit, a version or a year: letters and digits in turn, or capitals inside."""
    turns = len(re.findall(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])", word))
    return turns >= 2 or bool(_MIXED_CASE.search(word))


def _strange_code(code: str) -> bool:
    """Letters and digits in turn, or capitals without a vowel."""
    bare = code.strip()
    turns = len(re.findall(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])", bare))
    return turns >= 3 or bool(
        re.fullmatch(r"[B-DF-HJ-NP-TV-Z]{5,}|[A-Z]{8,}", bare) and not re.search("[AEIOU].?[AEIOU]", bare)
    )


def _hidden(parts: MailParts) -> Iterator[MailSign]:
    """Hidden text beyond the one preview line of newsletters."""
    words = re.findall(r"[^\W\d_]{2,}", parts.hidden[:_LOOKED_AT])
    if len(words) >= 80:
        yield sign("hidden_text", "text", parts.hidden[:100])


def attachment_signs(parts: MailParts) -> Iterator[MailSign]:
    """Signs in what came along; the files are never opened here."""
    given: set[str] = set()
    for attachment in parts.attachments:
        for found in _of_attachment(attachment):
            if found.code not in given:
                given.add(found.code)
                yield found
    files = [
        one
        for one in parts.attachments
        if not one.media_type.startswith(("image/", "text/", "message/", "multipart/"))
    ]
    if files and not re.search(r"\w{2,}", parts.text) and not parts.links and not parts.from_list:
        yield sign("only_attachment", "attachment", files[0].name)


def _of_attachment(attachment: MailAttachment) -> Iterator[MailSign]:
    name = unicodedata.normalize("NFC", attachment.name).replace("\u202e", "").strip(". ")
    ending = name.rpartition(".")[2].lower()
    two = _TWO_ENDINGS.search(name)
    if two and two.group(1).lower() in (*_PROGRAM, *_DISK, *_PAGE):
        yield sign("two_endings", "attachment", name)
    elif ending in _PROGRAM or attachment.head.startswith(_MZ):
        yield sign("program_attached", "attachment", name)
    elif ending in _MACRO:
        yield sign("macro_attached", "attachment", name)
    elif ending in _PAGE or attachment.media_type == "text/html":
        yield sign("page_attached", "attachment", name or attachment.media_type)
    elif ending in _DISK:
        yield sign("disk_attached", "attachment", name)
