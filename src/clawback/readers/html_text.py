"""The words of an HTML page, and where its links lead. Nothing is rendered, nothing is fetched.

Every step is linear in the length of the page: evidence may be built to make a parser run for minutes.
"""

from __future__ import annotations

import html
import re

MAX_HTML = 10 * 1024 * 1024
"""Characters of one page that are looked at."""

_TAG = re.compile(r"<([!/?a-zA-Z][^<>]*)>?")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]*)")
_LINK = re.compile(
    r"""(?:^|[\s"'])(?:href|action)\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "option", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_HIDDEN = ("script", "style", "template")
_MOST_OPEN = 64
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_LINE_ENDS = re.compile(r" ?\n[ \n]*")


def text_of(page: str) -> str:
    """What a person would read, a line per block, each link's address in <> after its words."""
    page = page[:MAX_HTML]
    pieces: list[str] = []
    links: list[str] = []
    at = 0
    while (found := _TAG.search(page, at)) is not None:
        pieces.append(_SPACES.sub(" ", page[at : found.start()]))
        at = _after(page, found)
        pieces.append(_meaning(found.group(1), links))
    pieces.append(_SPACES.sub(" ", page[at:]))
    pieces += [_shown(address) for address in links]  # of links that were never closed
    text = html.unescape("".join(pieces))
    return _LINE_ENDS.sub("\n", re.sub(" {2,}", " ", text)).strip()


def _after(page: str, tag: re.Match[str]) -> int:
    """Where reading goes on: comments, scripts and styles are passed over whole."""
    inside = tag.group(1)
    if inside.startswith("!--"):
        end = page.find("-->", tag.start() + 4)
        return len(page) if end < 0 else end + 3
    name = _NAME.match(inside)
    if name and not inside.startswith("/") and name.group(1).lower() in _HIDDEN:
        end = _closing(page, name.group(1).lower(), tag.end())
        return len(page) if end < 0 else end
    return tag.end()


def _closing(page: str, name: str, start: int) -> int:
    found = _CLOSINGS[name].search(page, start)
    return -1 if found is None else found.start()


_CLOSINGS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _HIDDEN}


def _meaning(inside: str, links: list[str]) -> str:
    """What a tag does to the text: a line end, a gap, an address."""
    name = _NAME.match(inside)
    if name is None:
        return ""
    tag = name.group(1).lower()
    if tag in ("a", "form"):
        return _link(inside, links)
    if tag in _BLOCKS:
        return "\n"
    return "\t" if tag in _CELLS else ""


def _link(inside: str, links: list[str]) -> str:
    if inside.startswith("/"):
        return _shown(links.pop()) if links else ""
    found = _LINK.search(inside[:8192])
    address = next((part for part in found.groups() if part), "").strip() if found else ""
    leads_out = address[:8].lower().startswith(("http", "mailto:", "tel:", "ftp:", "//"))
    unclosed = links.pop(0) if len(links) == _MOST_OPEN else ""
    links.append(address if leads_out else "")
    return _shown(unclosed)


def _shown(address: str) -> str:
    return f" &lt;{address}&gt; " if address else ""
