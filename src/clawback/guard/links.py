"""Is this link or domain part of a scam? Looked at as text only: nothing is looked up, opened or asked.

Four results with fixed words and no score. Every sign names the piece of the link that shows it. A site that
is known to be genuine is said to be so, which is no promise about the page behind it.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import unquote

from clawback.guard.addresses import Address, read_address
from clawback.guard.lists import Confidence, ImportedList, ListHit, hits
from clawback.guard.lookalikes import Likeness, borrowed_in, latin, named_in, words_in
from clawback.guard.sitedata import Brand, brands, hosts, sign_records, telling_words
from clawback.guard.sitenames import leaning, telling_piece
from clawback.model.domains import SiteName
from clawback.model.indicators import IndicatorKind
from clawback.rules.pack import Words

SOME_ODDS, LIKELY_ODDS = 0.0, 2.0
"""Log odds from which a link shows "some" signs, or is "likely" a scam; measured by tools/link_accuracy."""

_PLAIN_PORTS = frozenset({None, 80, 443})
_DIGITS = re.compile(r"[0-9]")
_LATIN, _CYRILLIC_GREEK = re.compile(r"[a-z]"), re.compile("[\u0370-\u03ff\u0400-\u052f\u0530-\u058f]")
_PIECES = re.compile(r"[a-z0-9]+")
_ENDING_WORDS = frozenset({"com", "org", "www", "http", "https", "gov"})
_ENDINGS = _ENDING_WORDS | {"cn", "uk", "net"}
_INSIDE = re.compile(r"(?:https?|hxxps?)(?::|%3a)", re.IGNORECASE)
_DOUBLE = re.compile(r"([a-z])\1")
_ODD_DOUBLE = re.compile(r"aa|hh|ii|jj|kk|qq|uu|vv|ww|(?<!x)xx(?!x)|yy|fft|ooo|eee|nnf")
_RANDOM = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}|(?:[a-z][0-9]+){3}|[0-9a-f]{16}")


class LinkResult(StrEnum):
    """What can be said. There is no result that means "safe"."""

    LIKELY = "likely"
    SOME = "some"
    NONE = "none"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class LinkSign:
    """One sign: `piece` stands in the link at `start`:`end`. `weight`: log odds that it adds. `about`: the
    word that tells, or ""; `brand`: whose name is borrowed, or None."""

    id: str
    piece: str
    start: int
    end: int
    weight: float
    about: str = ""
    brand: Brand | None = None

    @property
    def why(self) -> Words:
        """The reason, in both languages."""
        record = sign_records()[self.id]
        about = self.about or self.piece
        name = self.brand.name if self.brand else Words(zh=about, en=about)
        return Words(zh=record.words(self.piece, name.zh).zh, en=record.words(self.piece, name.en).en)


@dataclass(frozen=True, slots=True)
class LinkVerdict:
    """What a link shows.

    `link`: the text that was looked at, without defanging; `owner`: whose page it is (example.co.uk), or ""
    when there is no host. `signs`: heaviest first; with the results none and cannot they are remarks that say
    little alone. `genuine`: whose genuine site it is, or None. `missing`: code of what is missing when the
    result is cannot ("no_address", "short_link"), else "". `probability`: for measuring and for the two
    thresholds only; it is never shown. `hits`: what imported lists say.
    """

    link: str
    owner: str
    result: LinkResult
    signs: tuple[LinkSign, ...]
    genuine: Brand | None
    missing: str
    probability: float
    hits: tuple[ListHit, ...] = ()


def check_link(
    link: str, lists: Sequence[ImportedList] = (), today: date | None = None, learned: bool = True
) -> LinkVerdict:
    """Look at one link or domain, plain or defanged. Never raises, and asks nothing of the network.

    `lists`: what the user imported; they count on the day `today` (without a day, none counts). `learned`:
    also ask the small learned model.
    """
    address = read_address(link)
    if address is None:
        return LinkVerdict(link[:200], "", LinkResult.CANNOT, (), None, "no_address", 0.0)
    found = _hits(address, lists, today)
    if not found:
        return _judged(address, learned)
    plain = _judged(address, learned)
    signs = (*(_listed(address, hit) for hit in found), *plain.signs)
    odds = _odds(plain.probability) + max(sign.weight for sign in signs[: len(found)])
    result = LinkResult.SOME if found[0].confidence is Confidence.WEAK else LinkResult.LIKELY
    return LinkVerdict(
        address.link, address.owner, result, signs, plain.genuine, "", _probability(odds), found
    )


@functools.lru_cache(maxsize=8192)
def _judged(address: Address, learned: bool) -> LinkVerdict:
    """The verdict without lists."""
    site = address.site
    genuine = _owner(address)
    rented = site is not None and site.rented and site.site not in brands().by_domain
    if genuine and not rented and not _kind_of(address, hosts().builders):
        return _verdict(address, (), -9.0, genuine)
    signs, lean = _signs(address, learned)
    odds = _BASE + lean + sum(sign.weight for sign in signs)
    if site and (site.suffix in hosts().restricted or site.site in hosts().harmless):
        odds = min(odds, SOME_ODDS - 2)
    else:
        odds = max((odds, *(_least_odds(sign) for sign in signs)))
    ordered = tuple(sorted(signs, key=lambda sign: -sign.weight))
    return _verdict(address, ordered, odds, None)


def _owner(address: Address) -> Brand | None:
    site = address.site
    return brands().owner_of(address.host, site.label, site.suffix) if site else None


_BASE = -3.9
"""Log odds of a link without any sign, chosen with the thresholds: see docs/guard.md for what they give."""


def _least_odds(sign: LinkSign) -> float:
    """What a sign makes of a link whatever else it shows; a known name joined to telling words is enough."""
    told = sign.id == Likeness.COMBO and sign.weight > sign_records()[sign.id].weight
    least = "some" if told else sign_records()[sign.id].at_least
    return {"likely": LIKELY_ODDS, "some": SOME_ODDS}.get(least, -math.inf)


def _verdict(
    address: Address, signs: tuple[LinkSign, ...], odds: float, genuine: Brand | None
) -> LinkVerdict:
    result, missing = LinkResult.NONE, ""
    if odds >= LIKELY_ODDS:
        result = LinkResult.LIKELY
    elif odds >= SOME_ODDS:
        result = LinkResult.SOME
    elif any(sign.id == "shortener" for sign in signs) and len(address.rest) > 1:
        result, missing = LinkResult.CANNOT, "short_link"
    return LinkVerdict(address.link, address.owner, result, signs, genuine, missing, _probability(odds))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


# -------------------------------------------------------------------------------------------------- lists


def _hits(address: Address, lists: Sequence[ImportedList], today: date | None) -> tuple[ListHit, ...]:
    if not lists or today is None:
        return ()
    return (
        *hits(lists, IndicatorKind.DOMAIN, address.host, today),
        *hits(lists, IndicatorKind.URL, address.link, today),
    )


def _listed(address: Address, hit: ListHit) -> LinkSign:
    more = {Confidence.STRONG: 2.0, Confidence.MEDIUM: 0.0, Confidence.WEAK: -2.0}[hit.confidence]
    return _sign(address, "listed", hit.value, about=hit.list_name, more=more)


# -------------------------------------------------------------------------------------------------- signs


def _signs(address: Address, learned: bool) -> tuple[list[LinkSign], float]:
    """The signs, and the log odds of the learned model when they are too small to be a sign."""
    signs = [*_of_form(address), *_of_host(address), *_of_path(address)]
    if address.site is None:
        return signs, 0.0
    carried = _kind_of(address, hosts().carriers) and not _is_bucket(address.site)
    if address.gives_names or carried or (_owner(address) and not address.site.rented):
        return signs, 0.0  # no scammer chose this name
    signs += _of_name(address)
    if not learned or address.site.suffix in hosts().restricted:
        return signs, 0.0
    label = latin(_own_label(address))
    odds = max(_LEAST, min(_MOST, leaning(label, address.site)))
    if odds > _TELLING and (piece := telling_piece(label)):
        return [*signs, _sign(address, "learned", piece, weight=odds)], 0.0
    return signs, odds


_TELLING = 0.5
_LEAST, _MOST = -5.0, 7.0
"""The learned model may not speak against named signs, nor for a scam, louder than this."""


def _is_bucket(site: SiteName) -> bool:
    """A file store's folder, which whoever rents it names as they like."""
    return site.rented and site.suffix.startswith(("s3.", "s3-", "web.core."))


def _of_form(address: Address) -> Iterator[LinkSign]:
    if address.user:
        yield _sign(address, "userinfo", address.user, about=address.owner)
    if address.number:
        yield _sign(address, "ip_host", address.host)
    if address.port not in _PLAIN_PORTS:
        yield _sign(address, "odd_port", str(address.port))
    for label, shown in zip(address.host.split("."), address.shown, strict=True):
        if label.isascii() and label == shown:
            continue
        if _LATIN.search(shown) and _CYRILLIC_GREEK.search(shown):
            yield _sign(address, "mixed_scripts", label, about=shown)
        elif _accented(shown, address.site.suffix if address.site else ""):
            yield _sign(address, "accented", label, about=shown)
        elif label != shown:
            yield _sign(address, "punycode", label, about=shown)


def _accented(shown: str, suffix: str) -> bool:
    """One or two accented letters in an otherwise English name, below an ending of no country where such
    letters are at home."""
    strange = sum(not char.isascii() for char in shown)
    return 0 < strange <= 3 and strange * 2 < len(shown) and latin(shown).isascii() and len(suffix) > 2


def _of_host(address: Address) -> Iterator[LinkSign]:
    site = address.site
    if site is None:
        return
    if found := _kind_of(address, hosts().shorteners):
        yield _sign(address, "shortener", found)
    if found := _kind_of(address, hosts().dynamic):
        yield _sign(address, "dynamic_host", found)
    elif found := _kind_of(address, hosts().builders):
        yield _sign(address, "free_host", found)
    elif site.rented:
        yield _sign(address, "free_host", site.suffix)
    if site.suffix.rpartition(".")[2] in hosts().cheap and not site.rented:
        yield _sign(address, "cheap_ending", site.suffix)
    if len(address.shown) >= 6:
        yield _sign(address, "many_labels", address.host)


def _kind_of(address: Address, kinds: frozenset[str]) -> str:
    """The domain among `kinds` that the host is or stands below, or ""."""
    part = address.host
    while part:
        if part in kinds:
            return part
        part = part.partition(".")[2]
    return ""


def _own_label(address: Address) -> str:
    """The label of the site as a browser shows it."""
    if address.site is None:
        return ""
    return address.shown[-1 - address.site.suffix.count(".") - 1]


def _of_name(address: Address) -> Iterator[LinkSign]:
    site, label = address.site, _own_label(address)
    if site is None or site.suffix in hosts().restricted:
        return
    harmless = site.site in hosts().harmless
    borrowed = None if harmless or _kind_of(address, hosts().builders) == site.site else borrowed_in(label)
    if borrowed:
        ordinary = borrowed.brand.word and not borrowed.told
        if not (ordinary and borrowed.how in (Likeness.SAME, Likeness.NEAR, Likeness.SLIP)):
            more = _TOLD * (borrowed.told + (borrowed.how is Likeness.NEAR and borrowed.long))
            yield _sign(address, borrowed.how.value, borrowed.piece, brand=borrowed.brand, more=more)
    pieces = label.split("-")
    if len(pieces) > 3:
        yield _sign(address, "many_hyphens", label)
    if len(_DIGITS.findall(label)) > 4 and not label.isdigit():
        yield _sign(address, "many_digits", label)
    if len(label) > 30:
        yield _sign(address, "long_name", label)
    if _RANDOM.search(label):
        yield _sign(address, "random_name", label)
    if site.suffix.rpartition(".")[2] in hosts().cheap and (
        _ODD_DOUBLE.search(label) or len(_DOUBLE.findall(label)) > 1
    ):
        yield _sign(address, "doubled", label)
    yield from _fake_ending(address, label, pieces)
    if _offers_coins(label, pieces):
        yield _sign(address, "coin_offer", label)
    elif promised := next((word for word in telling_words().promises if word in label), ""):
        yield _sign(address, "promise", promised)
    elif telling := _telling(label, pieces):
        yield _sign(address, "asking_words", telling)
    if not harmless:
        yield from _below(address)


_TOLD = 1.0


def _fake_ending(address: Address, label: str, pieces: Sequence[str]) -> Iterator[LinkSign]:
    if len(pieces) > 1 and (found := next((one for one in pieces if one in _ENDING_WORDS), "")):
        yield _sign(address, "fake_ending", found)
    elif label.startswith(("www", "http")) and len(label) > 6 and not label.startswith("httpd"):
        yield _sign(address, "fake_ending", "www" if label.startswith("www") else "http")


def _telling(label: str, pieces: Sequence[str]) -> str:
    """The telling words of a name, as they stand in it, when they stand apart or the name is made of them."""
    asking = telling_words().asking
    if len(pieces) > 1:
        return next((one for one in pieces if len(one) > 2 and one in asking), "")
    words = words_in(label)
    return label if words and len(words) + any(map(str.isdigit, label)) > 1 else ""


def _offers_coins(label: str, pieces: Sequence[str]) -> bool:
    """Telling words, one of them a coin and one a promise, or two promises: ethgive, btc-bonus, give-mint."""
    words = words_in(label.replace("-", "")) or pieces
    if len(words) < 2:
        return False
    coins, offers = telling_words().coins, telling_words().offers
    promised = offers.intersection(words)
    return len(promised) > 1 or (bool(promised) and not coins.isdisjoint(words))


def _below(address: Address) -> Iterator[LinkSign]:
    """A known name in front of somebody else's site."""
    site = address.site
    if site is None or not site.below:
        return
    labels = site.below.split(".")[-8:]
    own = _own_label(address)
    for place, label in enumerate(labels):
        found = named_in(label)
        if found and len(found[0]) > 3 and found[0] not in own:
            following = labels[place + 1] if place + 1 < len(labels) else own
            ended = following.partition("-")[0] in _ENDINGS
            piece, more = (f"{label}.{following}", _TOLD) if ended else (label, 0.0)
            yield _sign(address, "below", piece, brand=found[1], more=more)
            return


def _of_path(address: Address) -> Iterator[LinkSign]:
    rest = address.rest
    if len(rest) < 2:
        return
    path = unquote(rest).lower() if "%" in rest else rest.lower()
    words = _PIECES.findall(path)[:60]
    telling = next((word for word in words if word in telling_words().path), "")
    if telling:
        yield _sign(address, "path_words", telling)
    file = re.search(r"\.([a-z0-9]{2,12})(?:[?#]|$)", path)
    if file and file[1] in telling_words().phone_apps:
        yield _sign(address, "phone_app", f".{file[1]}")
    elif file and file[1] in telling_words().programs:
        yield _sign(address, "program", f".{file[1]}")
    inside = _INSIDE.search(rest)
    if inside:
        yield _sign(address, "link_inside", rest[inside.start() : inside.start() + 60])
    by_name = brands().by_name
    brand = next((word for word in words if len(word) > 4 and word in by_name and not by_name[word].word), "")
    if brand:
        yield _sign(address, "in_path", brand, brand=by_name[brand])


def _sign(
    address: Address,
    id: str,
    piece: str,
    about: str = "",
    brand: Brand | None = None,
    weight: float | None = None,
    more: float = 0.0,
) -> LinkSign:
    """The sign with the place of `piece` in the link; the whole host where it is written differently."""
    start = address.link.lower().find(piece.lower(), 0 if id == "userinfo" else address.host_at)
    if start < 0:
        piece, start = _written(address, piece)
    weighs = sign_records()[id].weight if weight is None else weight
    return LinkSign(id, piece, start, start + len(piece), weighs + more, about, brand)


def _written(address: Address, piece: str) -> tuple[str, int]:
    """The label in which `piece` stands as it is written in the link (xn--...), or the host."""
    labels: Iterable[tuple[str, str]] = zip(address.host.split("."), address.shown, strict=True)
    for label, shown in labels:
        at = address.link.lower().find(label)
        if piece in shown and at >= 0:
            return address.link[at : at + len(label)], at
    end = len(address.link) - len(address.rest)
    return address.link[address.host_at : end], address.host_at
