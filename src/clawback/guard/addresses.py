"""A link or domain taken apart as a browser would take it, without asking the network anything."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from clawback.model.domains import SiteName, registrable, site_name

LONGEST = 2048
"""Characters of a link that are looked at."""

_MOST_LABELS = 40
_DEFANGED = re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\[\.|\.\]", re.IGNORECASE)
_DOTS = str.maketrans("。．｡", "...")
_UNSEEN = re.compile("[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_SCHEME = re.compile(r"(h[tx]{2}ps?|ftp|fxp|wss?)\[?:\]?[\\/]*", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?:javascript|data|vbscript|file|about|mailto|tel|sms|blob):", re.IGNORECASE)
_AROUND = "<>\"'“”‘’「」『』《》()[]{}（）【】,;，；。、"
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_HOST_SHAPE = re.compile(r"[^\s/?#@:\\<>\"'^`{|}%\[\]]+")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of `link`, which is the text given without what browsers skip (spaces, defanging).

    `user`: what stands before an @, or "". `host`: lower case, rewritten names as they are written
    (xn--...). `port`: None when the link does not say. `rest`: path, query and fragment, or "".
    `site`: None for bare numbers. `number`: the host is an IP address. `gives_names`: the host is one below
    which anybody can have a name (pages.dev), alone. `host_at`: where the host begins in `link`. `shown`:
    the labels of the host as a browser would show them.
    """

    link: str
    user: str
    host: str
    port: int | None
    rest: str
    site: SiteName | None
    number: bool
    gives_names: bool
    host_at: int
    shown: tuple[str, ...]

    @property
    def owner(self) -> str:
        """Whose page it is: the site, or the bare numbers."""
        return self.site.site if self.site else self.host


def read_address(text: str) -> Address | None:
    """The address that `text` is, or None if no browser would find a host in it. Never raises."""
    link = _cleaned(text[:LONGEST])
    if _OTHER_SCHEME.match(link):
        return None
    scheme = _SCHEME.match(link)
    begin = scheme.end() if scheme else len(link) - len(link.lstrip("/\\"))
    end = next((at for at in range(begin, len(link)) if link[at] in "/?#\\"), len(link))
    before, at, host_port = link[begin:end].rpartition("@")
    raw, port = _host_and_port(host_port)
    host = _host(raw)
    if not host:
        return None
    number = _is_number(host) and (scheme is not None or host.count(".") == 3 or ":" in host)
    site, gives_names = (None, False) if number else _site(host, any_ending=scheme is not None)
    if site is None and not number:
        return None
    return Address(
        link=link,
        user=before if at else "",
        host=host,
        port=port,
        rest=link[end:],
        site=site,
        number=number,
        gives_names=gives_names,
        host_at=end - len(host_port),
        shown=tuple(shown_label(label) for label in host.split(".")),
    )


def shown_label(label: str) -> str:
    """A label as a browser shows it: xn--... turned back, or as it is if it cannot be."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _cleaned(text: str) -> str:
    text = _UNSEEN.sub("", text)
    if "[" in text or "(" in text or "{" in text:
        text = _DEFANGED.sub(".", text)
    return text.strip(_AROUND).removesuffix(".").removesuffix("!")


def _host_and_port(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        text_port = rest.removeprefix(":")
    else:
        host, _, text_port = text.partition(":")
    digits = text_port[:5]
    return host, int(digits) if digits.isascii() and digits.isdigit() else None


def _host(raw: str) -> str:
    """Folded as browsers do before they look a name up; "" when it cannot be a host."""
    host = unquote(raw) if "%" in raw else raw
    host = host.translate(_DOTS)
    if not host.isascii():
        host = unicodedata.normalize("NFKC", host)
    host = host.lower().strip(".")
    if ":" in host:  # only brackets hold colons: an IPv6 address
        return host if re.fullmatch(r"[0-9a-f:.]{2,45}", host) else ""
    if not host or len(host) > 253 or ".." in host or host.count(".") > _MOST_LABELS:
        return ""
    return host if _HOST_SHAPE.fullmatch(host) else ""


def _is_number(host: str) -> bool:
    """Bare numbers as browsers read them: 192.0.2.7, also 3221225991 and 0xC0.0x00.0x02.0x07."""
    parts = host.split(".")
    return ":" in host or (
        len(parts) <= 4
        and all(_NUMBER.fullmatch(part) for part in parts)
        and (len(parts) == 4 or len(parts[-1]) > 5)
    )


def _site(host: str, any_ending: bool) -> tuple[SiteName | None, bool]:
    """Whose site, and whether it gives names away. A host that does, alone, is its own site. An ending that
    nobody knows (read.me, file.txt) makes no address unless a scheme says that it is one."""
    name = site_name(host)
    if name is not None or "." not in host:
        return name, False
    if registrable(host) is not None:
        label, _, suffix = host.partition(".")
        return SiteName("", label, suffix, rented=False), True
    head, _, ending = host.rpartition(".")
    below, _, label = head.rpartition(".")
    return SiteName(below, label, ending, rented=False) if label and any_ending else None, False
