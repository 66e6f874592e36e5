"""Is this number or site really theirs? Answered from the directory, and no further than the directory goes.

What is not in it is "not known", never "fake". What only looks like something in it is said to look like it.
A caller can show any number, so an answer is about the number, not about who called.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from clawback.guard.directory import Body, Contact, Directory, Dispute, Way
from clawback.guard.trusted import proven_directory
from clawback.model.domains import SiteName, registrable, site_name
from clawback.model.runningtext import plain

LONGEST = 300
"""Characters of a question that are looked at."""

_SHORT = 6  # digits: longer numbers have an international form, short codes have none
_LONG = 8  # digits from which a number that differs in one place is worth a word
_TELLING = 5  # digits or letters from which a short code or a name inside another is no chance
_MOST_EXTRA = 5  # digits around a short code: an area code, a prefix, an extension
_MOST_ALIKE = 3

_EXTENSION = re.compile(r"(?:转|分机|ext\.?|extension|x)\s*[0-9]{1,6}$", re.IGNORECASE)
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_NUMBER_LIKE = re.compile(r"[+0-9OolI|()\-. \u2010-\u2015\u3000*]{3,40}")
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_DEFANGED = re.compile(r"[\[({]\.[\])}]|[\[(]dot[\])]", re.IGNORECASE)
_SITE_LIKE = re.compile(
    r"(?:[a-z]{3,6}://)?[^\s/@:]{1,255}(?:@[^\s/]{1,255})?(?::[0-9]{1,5})?(?:[/?#]\S*)?", re.I
)
_IN_TEXT = re.compile(r"(?<![0-9])\+?[0-9](?:[0-9 -]{0,16}[0-9])?(?![0-9])")
_CALLS = re.compile(r"(?:拨打|致电|打|电话|热线|call|dial|ring|phone|on)[:：\s]*$", re.IGNORECASE)
_SHORTEST_UNASKED = 5  # digits: "110" in a sentence is a number of something, unless it is to be called


class Standing(StrEnum):
    """What can be said. None of them means "safe", and none means "fake"."""

    THEIRS = "theirs"  # it stands in the directory, and as theirs, if a name was given
    ANOTHERS = "anothers"  # it stands in the directory, but not as theirs
    UNVERIFIED = "unverified"  # it is noted, but no source was read
    DISPUTED = "disputed"  # sources disagree on it
    ALIKE = "alike"  # not in the directory, but like something in it
    UNKNOWN = "unknown"  # not in the directory
    NAMED = "named"  # a name was asked for: these are the genuine ways
    CANNOT = "cannot"  # neither a number, nor a site, nor a name that we know


class Likeness(StrEnum):
    """How something that is not in the directory resembles something that is."""

    LETTERS = "letters"  # letters stand in the place of digits
    PREFIX = "prefix"  # a short code with a country code before it
    AROUND = "around"  # a short code with further digits around it
    ONE_DIGIT = "one_digit"  # a long number that differs in one place
    SAME_DOMAIN = "same_domain"  # another host of the same domain
    NAME_INSIDE = "name_inside"  # the name is part of somebody else's domain
    OTHER_ENDING = "other_ending"  # the same name with another ending
    ONE_LETTER = "one_letter"  # a name that differs in one letter or in its look


@dataclass(frozen=True, slots=True)
class Match:
    """A contact of a body."""

    body: Body
    contact: Contact


@dataclass(frozen=True, slots=True)
class Alike:
    """What it resembles, and how."""

    how: Likeness
    match: Match


@dataclass(frozen=True, slots=True)
class Answer:
    """What the directory says about `asked`.

    `read_as`: the number, host or mail address that was looked up, "" for a name. `way`: what it was taken
    for, None for a name. `claimed`: bodies that the given name can mean. `notes`: what was done to read it:
    "extension" (cut off), "mail_domain" (only the domain stands in the directory).
    """

    asked: str
    read_as: str
    way: Way | None
    standing: Standing
    matches: tuple[Match, ...] = ()
    alike: tuple[Alike, ...] = ()
    disputes: tuple[tuple[Body, Dispute], ...] = ()
    claimed: tuple[Body, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Whose it is, or whom the name means; each once."""
        found = [one.body for one in self.matches] or [body for body, _ in self.disputes]
        return tuple({body.id: body for body in found or self.claimed}.values())


@dataclass(frozen=True, slots=True)
class Spotted:
    """A number or site at text[start:end] and what the directory says about it."""

    start: int
    end: int
    answer: Answer


class Lookup:
    """A directory with its indexes. Safe to share: nothing changes after it is made."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._numbers: dict[str, list[Match]] = defaultdict(list)
        self._short: dict[str, list[Match]] = defaultdict(list)
        self._by_length: dict[int, list[tuple[str, Match]]] = defaultdict(list)
        self._exact: dict[str, list[Match]] = defaultdict(list)
        self._disputed: dict[str, list[tuple[Body, Dispute]]] = defaultdict(list)
        self._hosts: dict[str, list[Match]] = defaultdict(list)
        self._domains: dict[str, list[Match]] = defaultdict(list)
        self._known: list[_KnownSite] = []
        self._names = [(name, body) for body in directory.bodies for name in _names(body)]
        for body in directory.bodies:
            for contact in body.contacts:
                self._enter(Match(body, contact))
            for dispute in body.disputed:
                for form in _forms(dispute.number, body) if dispute.number else ():
                    self._disputed[form].append((body, dispute))

    def ask(self, asked: str, claimed: str = "") -> Answer:
        """What is `asked`: a number, a site, a mail address, a sender or a name? `claimed`: whose it is said
        to be, or ""."""
        asked = unicodedata.normalize("NFKC", asked[:LONGEST]).strip()
        bodies = self.named(claimed[:LONGEST]) if claimed.strip() else ()
        number = _read_number(asked)
        if asked.casefold() in self._exact:
            found = self._exact[asked.casefold()]
            return self._found(asked, asked, found[0].contact.way, found, bodies)
        if number is not None:
            return self._number(asked, number, bodies)
        host, mail = _read_host(asked)
        if host:
            return self._site(asked, host, mail, bodies)
        named = self.named(asked)
        standing = Standing.NAMED if named else Standing.CANNOT
        return Answer(asked, "", None, standing, claimed=named or bodies)

    def named(self, name: str) -> tuple[Body, ...]:
        """Bodies that `name` can mean, in the order of the directory; those of exactly that name alone,
        if there are any."""
        folded = _folded(name)
        if not folded:
            return ()
        exact = [body for known, body in self._names if known == folded]
        close = exact or [body for known, body in self._names if _close(known, folded)]
        return tuple({body.id: body for body in close}.values())

    def in_text(self, text: str, links: Iterable[tuple[int, int, str]] = ()) -> tuple[Spotted, ...]:
        """What the directory says about the numbers and sites of a text, each place once, in order.

        `links`: (start, end, link or host) of links that somebody else found; numbers inside are not looked
        at. A number of few digits counts only where it is to be called, or alone. What the directory knows
        nothing of is left out.
        """
        links = tuple(links)
        found = [Spotted(start, end, self.ask(link)) for start, end, link in links]
        prepared = plain(text)
        for one in _IN_TEXT.finditer(prepared):
            inside = any(start <= one.start() < end for start, end, _ in links)
            if not inside and _meant(prepared, one):
                found.append(Spotted(one.start(), one.end(), self.ask(one.group())))
        silent = (Standing.UNKNOWN, Standing.CANNOT, Standing.NAMED)
        told = [one for one in found if one.answer.standing not in silent]
        return tuple(sorted(told, key=lambda one: one.start))

    def _enter(self, match: Match) -> None:
        contact = match.contact
        if contact.way in (Way.MAIL, Way.SENDER):
            self._exact[contact.value.casefold()].append(match)
            return
        if contact.way is Way.NUMBER:
            forms = _forms(contact.value, match.body)
            index = self._short if len(forms[0]) <= _SHORT else self._numbers
            for form in forms:
                index[form].append(match)
                if len(form) >= _LONG:
                    self._by_length[len(form)].append((form, match))
            return
        host = contact.value.lower().removeprefix("www.")
        self._hosts[host].append(match)
        parts = site_name(host)
        if parts is not None and len(self._hosts[host]) == 1:
            self._known.append(_known_site(host, parts, match))
        if not contact.only:
            self._domains[registrable(host) or host].append(match)

    # ------------------------------------------------------------------------------------------- numbers

    def _number(self, asked: str, number: _Number, claimed: Sequence[Body]) -> Answer:
        notes = ("extension",) if number.extension else ()
        found = [*self._short.get(number.digits, ()), *self._numbers.get(number.digits, ())]
        read_as = number.digits
        if found and number.letters:
            alike = tuple(Alike(Likeness.LETTERS, one) for one in found[:_MOST_ALIKE])
            return Answer(asked, read_as, Way.NUMBER, Standing.ALIKE, (), alike, (), tuple(claimed), notes)
        if found:
            return self._found(asked, read_as, Way.NUMBER, found, claimed, notes)
        disputes = tuple(self._disputed.get(number.digits, ()))
        if disputes:
            return Answer(
                asked, read_as, Way.NUMBER, Standing.DISPUTED, (), (), disputes, tuple(claimed), notes
            )
        alike = tuple(self._numbers_like(number.digits))[:_MOST_ALIKE]
        standing = Standing.ALIKE if alike else Standing.UNKNOWN
        return Answer(asked, read_as, Way.NUMBER, standing, (), alike, (), tuple(claimed), notes)

    def _numbers_like(self, digits: str) -> Iterable[Alike]:
        yield from self._short_like(digits)
        for known, match in self._by_length.get(len(digits), ()) if len(digits) >= _LONG else ():
            if _one_place(digits, known):
                yield Alike(Likeness.ONE_DIGIT, match)

    def _short_like(self, digits: str) -> Iterable[Alike]:
        """Short codes with a country code before them, then those with other digits before or after."""
        bare = digits.lstrip("+")
        cuts = range(1, min(_MOST_EXTRA, len(bare) - 1) + 1)
        if digits.startswith("+"):
            for cut in cuts:
                for match in self._short.get(bare[cut:], ()):
                    if match.body.place.calling == bare[:cut]:
                        yield Alike(Likeness.PREFIX, match)
                        return
        for cut in cuts:
            for inside in (bare[cut:], bare[:-cut]):
                if len(inside) >= _TELLING and inside in self._short:
                    yield Alike(Likeness.AROUND, self._short[inside][0])

    # --------------------------------------------------------------------------------------------- sites

    def _site(self, asked: str, host: str, mail: bool, claimed: Sequence[Body]) -> Answer:
        bare = host.removeprefix("www.")
        domain = registrable(bare) or bare
        found = self._hosts.get(bare) or self._domains.get(domain) or ()
        way, notes = (Way.MAIL, ("mail_domain",)) if mail else (Way.SITE, ())
        if found:
            return self._found(asked, host, way, found, claimed, notes)
        alike = tuple(self._sites_like(bare, domain))[:_MOST_ALIKE]
        standing = Standing.ALIKE if alike else Standing.UNKNOWN
        return Answer(asked, host, way, standing, (), alike, (), tuple(claimed))

    def _sites_like(self, host: str, domain: str) -> Iterable[Alike]:
        mine = site_name(host)
        label = mine.label if mine else host
        parts = re.split(r"[.-]", host)
        for known in self._known:
            if domain in (known.site, known.domain):
                yield Alike(Likeness.SAME_DOMAIN, known.match)
            elif label == known.label:
                yield Alike(Likeness.OTHER_ENDING, known.match)
            elif f".{known.host}." in f".{host}." or known.joined in host or _telling(known, parts):
                yield Alike(Likeness.NAME_INSIDE, known.match)
            elif len(known.label) > _TELLING and _looks_like(label, known.label):
                yield Alike(Likeness.ONE_LETTER, known.match)

    def _found(
        self,
        asked: str,
        read_as: str,
        way: Way,
        found: Sequence[Match],
        claimed: Sequence[Body],
        notes: tuple[str, ...] = (),
    ) -> Answer:
        ids = {body.id for body in claimed}
        theirs = [one for one in found if one.body.id in ids]
        matches = tuple(theirs or found)
        if not any(one.contact.verified for one in matches):
            standing = Standing.UNVERIFIED
        elif claimed and not theirs:
            standing = Standing.ANOTHERS
        else:
            standing = Standing.THEIRS
        return Answer(asked, read_as, way, standing, matches, (), (), tuple(claimed), notes)


@lru_cache(maxsize=1)
def lookup() -> Lookup:
    """The look-up in the directory that comes with the program, its signature proven; made once per process.

    Raises SignatureRefused if a file is not as it was signed: half a directory is none.
    """
    return Lookup(proven_directory())


# ---------------------------------------------------------------------------------------- reading a question


@dataclass(frozen=True, slots=True)
class _Number:
    """`digits`: with "+" before a country code. `letters`: letters stood in the place of digits."""

    digits: str
    letters: bool
    extension: bool


def _read_number(text: str) -> _Number | None:
    text = re.sub(r"^(?:tel:|电话[:：]?)\s*", "", text, flags=re.IGNORECASE)
    bare = _EXTENSION.sub("", text).strip()
    if not _NUMBER_LIKE.fullmatch(bare) or _IPV4.fullmatch(bare) or sum(map(str.isdigit, bare)) < 2:
        return None
    written = bare.translate(_LETTERS)
    written = re.sub(r"(?<=[0-9])\s*\(0\)", "", written) if written.startswith("+") else written
    digits = re.sub(r"[^0-9]", "", written)
    if not 3 <= len(digits) <= 20:
        return None
    if written.startswith("+") or (digits.startswith("00") and len(digits) > _SHORT):
        digits = "+" + (digits if written.startswith("+") else digits[2:])
    return _Number(digits, written != bare and any(map(str.isalpha, bare)), bare != text)


def _read_host(text: str) -> tuple[str, bool]:
    """(host, whether it is a mail address); ("", False) if the text names none."""
    text = _DEFANGED.sub(".", text).replace("。", ".")
    if not _SITE_LIKE.fullmatch(text):
        return "", False
    mail = "@" in text and "//" not in text and "/" not in text
    link = re.sub(r"^h[tx]{2}p", "http", text, flags=re.IGNORECASE)
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        return "", False
    host = _ascii(host.rstrip("."))
    if _IPV4.fullmatch(host) or registrable(host):
        return host, mail
    return "", False


def _ascii(host: str) -> str:
    """The form that is looked up on the network (xn--...), or the host as it is, if it has none."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _forms(number: str, body: Body) -> tuple[str, ...]:
    """How a number of `body` may be written, as digits: first as it stands, then inside and outside."""
    digits = re.sub(r"[^0-9]", "", number)
    calling, trunk = body.place.calling, body.place.trunk
    if calling is None and len(digits) == 11 and digits.startswith("1"):
        calling, trunk = "1", "1"  # services of many countries name their toll-free lines in North America
    if number.strip().startswith("+"):
        inside = (trunk or "") + digits.removeprefix(calling or "")
        return ("+" + digits, inside) if calling else ("+" + digits,)
    if len(digits) <= _SHORT or calling is None:
        return (digits,)
    national = digits.removeprefix(trunk) if trunk and not (trunk == "1" and len(digits) == 10) else digits
    return tuple(dict.fromkeys((digits, (trunk or "") + national, national, f"+{calling}{national}")))


# ----------------------------------------------------------------------------------------------- comparing


def _names(body: Body) -> Iterable[str]:
    yield from filter(None, map(_folded, (body.name.zh, body.name.en, *body.also)))


def _folded(name: str) -> str:
    return re.sub(r"[\s（）()·、，,:：.'\"“”-]", "", unicodedata.normalize("NFKC", name)).casefold()


def _close(known: str, asked: str) -> bool:
    """Is one part of the other? A single letter or two Latin ones are part of too much."""
    least = 3 if asked.isascii() or known.isascii() else 2
    return (len(asked) >= least and asked in known) or (len(known) >= least and known in asked)


@dataclass(frozen=True, slots=True)
class _KnownSite:
    """A host of the directory, taken apart once. `joined`: with hyphens for dots."""

    host: str
    site: str
    domain: str
    label: str
    joined: str
    pieces: tuple[str, ...]
    match: Match


def _known_site(host: str, parts: SiteName, match: Match) -> _KnownSite:
    pieces = tuple(re.split(r"[.-]", parts.label))
    domain = registrable(host) or host
    return _KnownSite(host, parts.site, domain, parts.label, host.replace(".", "-"), pieces, match)


def _telling(known: _KnownSite, parts: Sequence[str]) -> bool:
    """Does the name stand among the parts of another host? Short ones are part of too much."""
    many = len(known.pieces)
    if len(known.label) < _TELLING or known.pieces[0] not in parts:
        return False
    return any(tuple(parts[at : at + many]) == known.pieces for at in range(len(parts)))


def _one_place(one: str, other: str) -> bool:
    """Do they differ in one digit, or in two neighbours that changed places?"""
    if len(one) != len(other):
        return False
    places = [at for at, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs]
    if len(places) == 2 and places[1] == places[0] + 1:
        at = places[0]
        return one[at] == other[at + 1] and one[at + 1] == other[at]
    return len(places) == 1


def _looks_like(label: str, known: str) -> bool:
    if _look(label) == _look(known):
        return True
    if len(label) == len(known):
        return _one_place(label, known)
    longer, shorter = sorted((label, known), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )


def _look(label: str) -> str:
    return label.replace("rn", "m").replace("vv", "w").translate(str.maketrans("01il", "olll"))


def _meant(text: str, found: re.Match[str]) -> bool:
    digits = sum(map(str.isdigit, found.group()))
    if digits >= _SHORTEST_UNASKED or text.strip() == found.group():
        return True
    return _CALLS.search(text[max(0, found.start() - 12) : found.start()]) is not None
