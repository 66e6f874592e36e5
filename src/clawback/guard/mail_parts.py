"""A mail as the guard looks at it: its parts, as the desk took them from the file. Nothing is trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from clawback.model.domains import registrable

_ANGLED = re.compile(r"<\s{0,20}([^<>]{0,320})>")
_ADDRESS = re.compile(r"[^\s<>()\"',;:]{1,128}@[^\s<>()\"',;]{0,255}")
_ANSWER = re.compile(
    r"\s{0,9}(?:\[[^\]]{1,60}\]\s{0,9})?(?:re|aw|sv|antw|res|回复|答复)\s{0,3}(?:\[\d+\])?[:：]",
    re.IGNORECASE,
)
_LIST_OWNER = re.compile(r"^(?:owner|sentto)-|-(?:admin|owner|bounces|errors|request)$", re.IGNORECASE)
_MOST_BOXES = 20
_LONGEST_SUBJECT = 1_000
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name shown and the address behind it, both as they stand; either may be empty."""

    name: str
    address: str

    @property
    def host(self) -> str:
        """What stands after the last @, lower case; "" without one."""
        return self.address.rpartition("@")[2].strip(" .>").lower() if "@" in self.address else ""

    @property
    def domain(self) -> str:
        """The registrable domain of the address, or its host where none can be told."""
        return registrable(self.host) or self.host


@dataclass(frozen=True, slots=True)
class MailLink:
    """A link. `words`: what it shows, or what its picture is called. `kind`: link or form."""

    target: str
    words: str
    kind: str = "link"


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file that came along. `size` in bytes; `head`: its first 16 bytes as hexadecimal digits."""

    name: str
    media_type: str
    size: int = 0
    head: str = ""


@dataclass(frozen=True)
class MailParts:
    """One mail. `headers` in order from the top, unfolded and decoded; `text` is what a reader sees, `hidden`
    what an HTML mail holds but does not show; `pictures` are counted without those that nobody sees.

    `incomplete`: the file ended early or was beyond the bounds of what is read.
    """

    headers: tuple[tuple[str, str], ...]
    text: str
    hidden: str = ""
    links: tuple[MailLink, ...] = ()
    attachments: tuple[MailAttachment, ...] = ()
    pictures: int = 0
    asks_password: bool = False
    incomplete: bool = False

    def first(self, name: str) -> str:
        """The topmost header of that name, or ""."""
        wanted = name.lower()
        return next((stated for each, stated in self.headers if each.lower() == wanted), "")

    @cached_property
    def senders(self) -> tuple[Mailbox, ...]:
        """Everybody in From, as odd as it may be written."""
        return mailboxes(self.first("From"))

    @cached_property
    def sender(self) -> Mailbox:
        """Whose address a reply program would take: the last one in From."""
        return self.senders[-1] if self.senders else Mailbox("", "")

    @cached_property
    def subject(self) -> str:
        """Decoded; what is longer than any subject is cut."""
        return self.first("Subject")[:_LONGEST_SUBJECT]

    @cached_property
    def return_domain(self) -> str:
        """The registrable domain of Return-Path, or ""."""
        return next((box.domain for box in mailboxes(self.first("Return-Path"))), "")

    @cached_property
    def from_list(self) -> bool:
        """Did a mailing list of people pass it on, as its headers say? They can be forged: this only takes
        away signs that lists cause themselves. What is merely sent in bulk does not count."""
        listed = self.first("List-Post") or self.first("Mailing-List")
        local = self.first("Return-Path").strip("<> ").partition("@")[0]
        return bool(listed or _LIST_OWNER.search(local)) or self.first("Precedence").strip().lower() == "list"

    @cached_property
    def in_conversation(self) -> bool:
        """Does it answer another mail, in plain words? This can be forged too, and excuses words only."""
        answers = self.first("In-Reply-To") or self.first("References")
        return bool(answers and _ANSWER.match(self.subject)) and not self.links and not self.pictures


def mailboxes(stated: str) -> tuple[Mailbox, ...]:
    """The mailboxes of a From or Reply-To field. Malformed ones are taken as they look, not refused."""
    stated = stated[:4000]
    boxes: list[Mailbox] = []
    at = 0
    for found in _ANGLED.finditer(stated):
        boxes.append(Mailbox(_shown(stated[at : found.start()]), found.group(1).strip()))
        at = found.end()
        if len(boxes) == _MOST_BOXES:
            return tuple(boxes)
    if boxes:
        return tuple(boxes)
    bare = _ADDRESS.search(stated)
    if bare is None:
        return (Mailbox(_shown(stated), ""),) if stated.strip() else ()
    rest = stated[: bare.start()] + stated[bare.end() :]
    return (Mailbox(_shown(rest), bare.group()),)


def _shown(raw: str) -> str:
    """A name without what only separates: quotes, commas, brackets."""
    return raw.strip(" \t,;()\"'<>_")[:_LONGEST_NAME].replace('\\"', '"')
