"""Links, domains and mail addresses, plain and defanged (hxxp, [.]), also inside Chinese without spaces."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from clawback.model.domains import registrable
from clawback.model.indicators import IndicatorKind
from clawback.readers.spots import Canvas, Spot, says

MAX_URL = 2048
_MAX_TARGETS = 8
_DOT = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\[\.|\.\])"
_AT = r"(?:@|\[@\]|\(@\)|\[at\]|\(at\))"
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_WIDE_LABEL = "[a-z0-9\u00a1-\u2fff\u3040-\ufaff](?:[a-z0-9\u00a1-\u2fff\u3040-\ufaff-]{0,61})"
_PATH = r"[a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%|{}^\\]"
_URL = re.compile(
    r"(?P<scheme>h[tx]{2}ps?|ftp|fxp)\[?:\]?//"
    rf"(?P<host>(?:{_LABEL}(?:{_DOT}{_LABEL}){{0,10}}|{_WIDE_LABEL}(?:{_DOT}{_WIDE_LABEL}){{1,10}}))"
    rf"(?P<rest>(?::[0-9]{{1,5}})?(?:[/?#]{_PATH}{{0,{MAX_URL}}})?)",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    rf"(?<![a-z0-9._%+-])(?P<local>[a-z0-9_%+-](?:[a-z0-9._%+-]{{0,62}}[a-z0-9_%+-])?){_AT}"
    rf"(?P<host>{_LABEL}(?:{_DOT}{_LABEL}){{1,8}})(?![a-z0-9@-])",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![a-z0-9@_/\\.-])(?P<host>{_LABEL}(?:{_DOT}{_LABEL}){{1,10}})(?![a-z0-9_@-])"
    rf"(?P<rest>(?::[0-9]{{1,5}})?(?:/{_PATH}{{0,{MAX_URL}}})?)",
    re.IGNORECASE,
)
_IDN_BARE = re.compile("(?<![a-z0-9@.-])xn--[a-z0-9-]{1,59}\\.[a-z0-9-]{2,63}(?![a-z0-9-])", re.IGNORECASE)
_DOTTED = re.compile(r"[A-Za-z0-9_]\.[A-Za-z]|[\[({]\.|\.\]|[\[(]dot", re.IGNORECASE)
_TRAILING = ".,;:!?'\"|\\^*_-"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_FILE_ENDINGS = {
    "md",
    "py",
    "zip",
    "mov",
    "sh",
    "pl",
    "rs",
    "ps",
    "so",
    "cc",
    "ai",
    "app",
    "java",
    "map",
    "bat",
}
_WORD_ENDINGS = {
    "in",
    "is",
    "it",
    "me",
    "my",
    "no",
    "to",
    "do",
    "so",
    "at",
    "as",
    "be",
    "am",
    "us",
    "by",
    "id",
    "la",
}
_MESSENGER_HOSTS = ("t.me", "telegram.me", "wa.me", "whatsapp.com")
_SHARED_MAIL = {
    *("gmail.com", "qq.com", "163.com", "126.com", "foxmail.com", "sina.com", "sohu.com", "aliyun.com"),
    *("outlook.com", "hotmail.com", "live.com", "yahoo.com", "yahoo.co.uk", "icloud.com", "proton.me"),
    *("protonmail.com", "msn.com", "btinternet.com", "139.com", "189.cn", "hotmail.co.uk", "me.com"),
}
_MESSAGE_ID = re.compile("message-id|in-reply-to|references:")
"""Mail headers whose values look like addresses but only number a mail."""
_TELEGRAM_RESERVED = {"joinchat", "share", "addstickers", "proxy", "socks", "iv", "s", "c"}


def spot_links(canvas: Canvas) -> None:
    """URLs with their domains and messenger names, then mail addresses, then bare domains."""
    text = canvas.text
    if "//" in text:
        for found in _URL.finditer(text):
            _add_url(canvas, found)
    if "@" in text or "at]" in text or "at)" in text:
        for found in _EMAIL.finditer(text):
            _add_email(canvas, found)
    if _DOTTED.search(text):
        for found in _BARE.finditer(text):
            _add_bare(canvas, found)


def _add_url(canvas: Canvas, found: re.Match[str]) -> None:
    end = found.start() + len(_trimmed(found.group()))
    scheme = found["scheme"].lower().replace("x", "t").replace("fttp", "ftp").replace("ftt", "ftp")
    host = _refanged(found["host"])
    rest = canvas.text[found.end("host") : max(end, found.end("host"))]
    domain = registrable(host)
    if domain is None and not _is_address(host):
        return
    url = f"{scheme}://{host}{_refanged(rest)}"
    canvas.add(Spot(IndicatorKind.URL, url, found.start(), max(end, found.end("host"))))
    _add_host(canvas, host, domain, found.start("host"), found.end("host"))
    _add_messenger(canvas, url, found.start(), end)
    _add_targets(canvas, rest, found.start(), end)


def _add_targets(canvas: Canvas, rest: str, start: int, end: int) -> None:
    """Domains of further links inside a link: where a redirect leads is whose page it is."""
    if "http" not in rest.lower():
        return
    inside = unquote(rest)
    for begin in list(re.finditer("h[tx]{2}ps?:", inside, re.IGNORECASE))[:_MAX_TARGETS]:
        inner = _URL.match(inside, begin.start())
        host = _refanged(inner["host"]) if inner else ""
        _add_host(canvas, host, registrable(host), start, end)


def _add_email(canvas: Canvas, found: re.Match[str]) -> None:
    host = _refanged(found["host"]).lower()
    domain = registrable(host)
    if domain is None or not canvas.free(*found.span()):
        return
    if says(_MESSAGE_ID, canvas.before(found.start(), 200)):
        canvas.take(*found.span())
        return
    canvas.add(Spot(IndicatorKind.EMAIL, f"{found['local']}@{host}".lower(), found.start(), found.end()))
    if domain not in _SHARED_MAIL:
        _add_host(canvas, host, domain, found.start("host"), found.end("host"))


def _add_bare(canvas: Canvas, found: re.Match[str]) -> None:
    if not canvas.free(*found.span()):
        return
    host = _refanged(found["host"])
    rest = _trimmed(found["rest"])
    domain = registrable(host)
    if domain is None or not _meant_as_domain(host, rest):
        return
    end = found.end("host") + len(rest)
    if len(rest) > 1:
        canvas.add(Spot(IndicatorKind.URL, host + _refanged(rest), found.start(), end))
        _add_messenger(canvas, f"https://{host}{rest}", found.start(), end)
    _add_host(canvas, host, domain, found.start("host"), found.end("host"))
    canvas.take(found.start(), end)


def _add_host(canvas: Canvas, host: str, domain: str | None, start: int, end: int) -> None:
    if domain and host.lower().removeprefix("www.") not in _MESSENGER_HOSTS:
        canvas.add(Spot(IndicatorKind.DOMAIN, domain, start, end, detail=_decoded(domain)), take=False)


def _add_messenger(canvas: Canvas, url: str, start: int, end: int) -> None:
    """Names and numbers that t.me and wa.me links carry."""
    parts = urlsplit(url.replace("[", "%5B").replace("]", "%5D"))
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.strip("/")
    name = path.partition("/")[0]
    if host in ("t.me", "telegram.me") and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", name):
        if name.lower() not in _TELEGRAM_RESERVED:
            canvas.add(Spot(IndicatorKind.TELEGRAM, name.lower(), start, end), take=False)
    elif host == "wa.me" or host.endswith("whatsapp.com"):
        number = path if host == "wa.me" else "".join(parse_qs(parts.query).get("phone", []))
        number = number.lstrip("+ ")
        if re.fullmatch(r"[0-9]{7,15}", number):
            canvas.add(Spot(IndicatorKind.WHATSAPP, f"+{number}", start, end), take=False)


def _trimmed(text: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays if it was opened inside."""
    while text:
        last = text[-1]
        if (last in _TRAILING and not text.endswith("//")) or (
            last in _PAIRS and text.count(last) > text.count(_PAIRS[last])
        ):
            text = text[:-1]
        else:
            break
    return text


def _refanged(text: str) -> str:
    return re.sub(_DOT, ".", text, flags=re.IGNORECASE) if any(c in text for c in "[({]") else text


def _is_address(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts)


def _meant_as_domain(host: str, rest: str) -> bool:
    """Not a file name (readme.md), not two sentences without a space (done.So we), not an abbreviation."""
    labels = host.split(".")
    ending = labels[-1]
    if ending.isdigit() or (ending[0].isupper() and not host.isupper()):
        return False
    if len(rest) > 1:
        return True
    if len(labels) > 2 or labels[0].lower() == "www":
        return all(len(label) > 1 for label in labels) or len(labels[-2]) > 1
    if ending.lower() in _FILE_ENDINGS:
        return False
    if ending.lower() in _WORD_ENDINGS:
        return len(labels[0]) >= 4 or any(c.isdigit() or c == "-" for c in labels[0])
    return len(labels[0]) > 1


def _decoded(domain: str) -> str:
    """The name that a browser shows for a punycode domain, or ""."""
    if "xn--" not in domain:
        return ""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
