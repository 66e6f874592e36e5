"""An HTML mail taken apart: what is seen, what is hidden, where each link leads and what it says.

Nothing is rendered and nothing is fetched. Every step is linear in the length of the page; what is left open
is bounded.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from clawback.readers.html_text import MAX_HTML

MAX_LINKS = 1_000
"""Links of one page that are kept; more are counted in `links_left_out`."""

_TAG = re.compile(r"<([!/?a-zA-Z][^<>]*)>?")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]*)")
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z][a-zA-Z0-9:-]{0,40})(?:\s{0,20}=\s{0,20}(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^\s"'>]+)))?"""
)
_LOOKED_AT = 8192  # characters of one tag
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "option", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
))  # fmt: skip
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
))  # fmt: skip
_SKIPPED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template", "title")}
_HIDDEN_STYLE = re.compile(
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|mso-hide\s{0,5}:\s{0,5}all"
    r"|opacity\s{0,5}:\s{0,5}0(?![.\d])|font-size\s{0,5}:\s{0,5}[01](?:px|pt|%)?\s{0,5}(?:[;!]|$)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_MOST_OPEN = 200


@dataclass(slots=True)
class PageLink:
    """A link as it stands. `words`: what it shows, or the words for its picture. `kind`: link or form."""

    target: str
    words: str
    kind: str


@dataclass(slots=True)
class Page:
    """What one page shows and hides."""

    seen: str = ""
    hidden: str = ""
    links: list[PageLink] = field(default_factory=list)
    links_left_out: int = 0
    pictures: int = 0
    asks_password: bool = False


@dataclass(slots=True)
class _Open:
    name: str
    hidden: bool


class _Taker:
    def __init__(self) -> None:
        self.page = Page()
        self._seen: list[str] = []
        self._hidden: list[str] = []
        self._open: list[_Open] = []
        self._link: PageLink | None = None
        self._words: list[str] = []

    def words(self, raw: str) -> None:
        text = html.unescape(_SPACES.sub(" ", raw))
        if not text:
            return
        if self._open and self._open[-1].hidden:
            self._hidden.append(text)
            return
        self._seen.append(text)
        if self._link is not None:
            self._words.append(text)

    def tag(self, inside: str) -> None:
        found = _NAME.match(inside)
        if found is None:
            return
        name = found.group(1).lower()
        if name in _BLOCKS:
            (self._hidden if self._open and self._open[-1].hidden else self._seen).append("\n")
        if inside.startswith("/"):
            self._close(name)
        else:
            self._begin(name, _attributes(inside[found.end() : _LOOKED_AT]), inside.endswith("/"))

    def _begin(self, name: str, stated: dict[str, str], closed: bool) -> None:
        if name in ("a", "area", "form"):
            self._start_link(stated, "form" if name == "form" else "link")
        elif name == "img":
            self._picture(stated)
        elif name == "input":
            self.page.asks_password |= stated.get("type", "").lower() == "password"
        if name in _VOID or closed or len(self._open) >= _MOST_OPEN:
            return
        hidden = bool(self._open and self._open[-1].hidden) or _is_hidden(stated)
        self._open.append(_Open(name, hidden))

    def _close(self, name: str) -> None:
        if name == "a":
            self._end_link()
        for at in range(len(self._open) - 1, max(-1, len(self._open) - 30), -1):
            if self._open[at].name == name:
                del self._open[at:]
                return

    def _picture(self, stated: dict[str, str]) -> None:
        small = {stated.get("width", ""), stated.get("height", "")} & {"0", "1", "0px", "1px"}
        if small:  # counts who opened the mail; nobody sees it
            return
        self.page.pictures += 1
        if self._link is not None and stated.get("alt"):
            self._words.append(html.unescape(stated["alt"]))

    def _start_link(self, stated: dict[str, str], kind: str) -> None:
        self._end_link()
        target = html.unescape(stated.get("action" if kind == "form" else "href", "")).strip()
        if not target or target.startswith("#"):
            return
        link = PageLink(target, "", kind)
        if len(self.page.links) >= MAX_LINKS:
            self.page.links_left_out += 1
            return
        self.page.links.append(link)
        if kind == "link":
            self._link, self._words = link, []

    def _end_link(self) -> None:
        if self._link is not None:
            self._link.words = _tidy("".join(self._words))
            self._link = None

    def done(self) -> Page:
        self._end_link()
        self.page.seen = _tidy("".join(self._seen))
        self.page.hidden = _tidy("".join(self._hidden))
        return self.page


def take_apart(page: str) -> Page:
    """What `page` shows, hides and links to; at most `MAX_HTML` characters are looked at."""
    page = page[:MAX_HTML]
    taker, at = _Taker(), 0
    while (found := _TAG.search(page, at)) is not None:
        taker.words(page[at : found.start()])
        at = _after(page, found)
        taker.tag(found.group(1))
    taker.words(page[at:])
    return taker.done()


def _after(page: str, tag: re.Match[str]) -> int:
    """Where reading goes on: comments, scripts, styles and the page's title are passed over whole."""
    inside = tag.group(1)
    if inside.startswith("!--"):
        end = page.find("-->", tag.start() + 4)
        return len(page) if end < 0 else end + 3
    name = _NAME.match(inside)
    if name and not inside.startswith("/") and (closing := _SKIPPED.get(name.group(1).lower())):
        closed = closing.search(page, tag.end())
        return len(page) if closed is None else closed.start()
    return tag.end()


def _attributes(inside: str) -> dict[str, str]:
    """The first value of each attribute; a stated one without a value is ""."""
    stated: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(inside):
        stated.setdefault(name.lower(), double or single or bare)
    return stated


def _is_hidden(stated: dict[str, str]) -> bool:
    return "hidden" in stated or _HIDDEN_STYLE.search(stated.get("style", "")[:2000]) is not None


def _tidy(text: str) -> str:
    return re.sub(r" ?\n[ \n]*", "\n", re.sub(r" {2,}", " ", text)).strip()
