"""Where a mail's links lead, against what they say and who sent it. No link is ever opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from clawback.guard.links import LinkResult, LinkVerdict, check_link
from clawback.guard.mail_parts import MailLink, MailParts
from clawback.guard.mail_senders import MAILERS, looks_random
from clawback.guard.mail_signs import MailSign, brands, sign
from clawback.model.domains import registrable, site_name

MOST_LINKS = 300
"""Links of one mail that are looked at."""

_SHORT = frozenset((
    "t.co", "bit.ly", "tinyurl.com", "is.gd", "t.ly", "cutt.ly", "bit.do", "goo.gl", "ow.ly", "rb.gy",
    "shorturl.at", "geni.us", "lmy.de", "go.ly", "buff.ly", "rebrand.ly", "v.gd", "tiny.cc", "s.id",
    "qrco.de", "lnkd.in", "dwz.cn", "t.cn", "url.cn", "suo.im", "u.nu", "clck.ru", "short.gy", "x.co",
))  # fmt: skip
_TRACKERS = MAILERS | {
    "pstmrk.it", "awstrack.me", "sendibt3.com", "sendibt2.com", "acemlnd.com", "rs6.net", "hubspotlinks.com",
    "klclick.com", "mjt.lu", "sng.link", "customeriomail.com", "mailtrack.io", "trk.elasticemail.com",
    "doubleclick.net", "clickthru.online.com",
}  # fmt: skip
# Mail filters of the receiver's side put their own address before each link; the true one stands inside.
_REWRITERS = {
    "safelinks.protection.outlook.com": "url",
    "urldefense.com": "",
    "urldefense.proofpoint.com": "u",
}
_REDIRECTS = re.compile(
    r"^(?:www\.)?google\.[a-z.]{2,6}/(?:url|amp|travel/clk)|^translate\.google\.|^www\.bing\.com/ck|^l\.facebook\.com"
    r"|^www\.youtube\.com/redirect|^(?:www\.)?linkedin\.com/(?:slink|redir)|^adclick\.g\.doubleclick|^r\.search\.yahoo"
    r"|^www\.google\.com\.[a-z]{2}-|^[a-z0-9-]{2,40}\.translate\.goog"
)
_HOSTED = frozenset((
    "amazonaws.com", "cloudfunctions.net", "run.app", "web.app", "firebaseapp.com", "windows.net",
    "azurewebsites.net", "cloudfront.net", "secureserver.net", "weebly.com", "wixsite.com", "webflow.io",
    "glitch.me", "netlify.app", "vercel.app", "pages.dev", "workers.dev", "r2.dev", "simplycast.com",
    "myonlineportal.org", "azurefd.net", "appspot.com", "ipfs.io", "square.site", "godaddysites.com",
    "blogspot.com", "000webhostapp.com", "typeform.com", "jotform.com",
))  # fmt: skip
_HOSTED_PLACES = re.compile(
    r"^(?:storage\.googleapis\.com|docs\.google\.com/(?:forms|presentation|drawings)|sites\.google\.com)"
)
_NUMBERED = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3}){3}|0x[0-9a-f]+|\d{8,10}|\[[0-9a-f:]+\])$", re.IGNORECASE)
_REVERSE = re.compile(r"^(?:\d{1,3}[.-]){4}")
_SAID = re.compile(r"(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,12})(?:[/?:#]|\s|$)", re.IGNORECASE)
_UNSUBSCRIBE = re.compile(
    r"unsubscri|opt.?out|abmelde|abbestell|desinscri|desabonn|afmelden|uitschrijven|darse de baja"
    r"|descadastr|退订",
    re.IGNORECASE,
)
_MOST_SITES = 30
_FEW_LETTERS, _HARDLY_ANY_LETTERS = 400, 80
_SITE_SIZE = 2_000


@dataclass(frozen=True, slots=True)
class _Place:
    """A link that leads to a web page: its host, its registrable domain, host and path together."""

    link: MailLink
    host: str
    domain: str
    whole: str


def link_signs(parts: MailParts) -> Iterator[MailSign]:
    """Signs in links and forms, each kind once, on the first link that shows it."""
    if parts.asks_password:
        yield sign("password_form", "text", "<input type=password>")
    given: set[str] = set()
    places: list[_Place] = []
    for link in parts.links[:MOST_LINKS]:
        place = _place(link)
        if place is not None:
            places.append(place)
        for found in _of_one(parts, link, place):
            if found.code not in given:
                given.add(found.code)
                yield found
    yield from _of_sites(parts, places)
    yield from _of_all(parts, places)


def _of_sites(parts: MailParts, places: list[_Place]) -> Iterator[MailSign]:
    """What the check of links says of the sender's site, and of the worst site that can be pressed."""
    own = parts.sender.domain
    if own and (verdict := _judged(own)):
        code = "bad_sender_site" if verdict.result is LinkResult.LIKELY else "doubtful_sender_site"
        yield sign(code, "From", parts.sender.address, _defanged(own), verdict.signs[0].why)
    targets = {
        place.domain: place.link.target
        for place in places
        if place.domain != own and not _NUMBERED.match(place.host)
    }
    doubtful = [verdict for target in list(targets.values())[:_MOST_SITES] if (verdict := _judged(target))]
    if doubtful:
        worst = max(doubtful, key=lambda one: one.probability)
        code = "bad_link" if worst.result is LinkResult.LIKELY else "doubtful_link"
        yield sign(code, "link", _defanged(worst.owner or worst.link), b=worst.signs[0].why)


def _judged(link: str) -> LinkVerdict | None:
    """The verdict on a link, if it speaks against it."""
    verdict = check_link(link)
    return verdict if verdict.result in (LinkResult.LIKELY, LinkResult.SOME) and verdict.signs else None


def _place(link: MailLink) -> _Place | None:
    target = _unwrapped(link.target[:4000].replace("\\", "/"))
    if target.startswith("//"):
        target = "https:" + target
    try:
        split = urlsplit(re.sub(r"[\s\x00-\x1f]", "", target))
        host = unquote(split.hostname or "").lower()
    except ValueError:
        return None
    if split.scheme.lower() not in ("http", "https") or not host:
        return None
    return _Place(link, host, registrable(host) or host, f"{host}{split.path[:_SITE_SIZE]}")


def _unwrapped(target: str) -> str:
    """The true address inside one that a mail filter of the receiver wrote around it."""
    for rewriter, key in _REWRITERS.items():
        if f"{rewriter}/" in target[:300]:
            if key:
                inner = parse_qs(target.partition("?")[2][:4000], max_num_fields=20).get(key, [""])[0]
            else:
                inner = target.partition("/v3/__")[2].partition("__;")[0]
            return inner.replace("-3A", ":").replace("_", "/") if key == "u" else inner or target
    return target


def _of_one(parts: MailParts, link: MailLink, place: _Place | None) -> Iterator[MailSign]:
    lower = link.target[:200].lower().strip()
    if lower.startswith("data:"):
        yield sign("code_link", "link", link.target[:60])
    if lower.startswith("mailto:"):
        yield from _mail_button(parts, link)
    if place is None:
        return
    yield from _kind_of_host(place)
    yield from _words_against_target(parts, place)


def _mail_button(parts: MailParts, link: MailLink) -> Iterator[MailSign]:
    address = unquote(link.target[7:300]).partition("?")[0].strip()
    domain = registrable(address.rpartition("@")[2].lower()) or ""
    hides = link.words and "@" not in link.words and not _UNSUBSCRIBE.search(link.words[:200])
    if hides and domain and domain != parts.sender.domain and not parts.from_list:
        yield sign("mail_button", "link", link.words, link.words, address)


def _kind_of_host(place: _Place) -> Iterator[MailSign]:
    host, said = place.host, _defanged(place.host)
    site = site_name(host)
    if _NUMBERED.match(host) or _REVERSE.match(host):
        yield sign("ip_link", "link", said)
        return
    authority = place.link.target.partition("//")[2].partition("/")[0]
    if "@" in authority or "%40" in authority:
        yield sign("login_trick_link", "link", _defanged(authority))
    if "xn--" in host or not host.isascii():
        yield sign("odd_letters_link", "link", said)
    if _REDIRECTS.match(place.whole):
        yield sign("redirect_link", "link", said)
    elif place.domain in _SHORT:
        yield sign("short_link", "link", _defanged(place.whole))
    elif place.domain in _HOSTED or _HOSTED_PLACES.match(place.whole) or (site and site.rented):
        yield sign("free_host_link", "link", said)
    elif (
        site
        and place.domain not in _TRACKERS
        and any(map(looks_random, [*site.below.split("."), site.label]))
    ):
        yield sign("random_host_link", "link", said)


def _words_against_target(parts: MailParts, place: _Place) -> Iterator[MailSign]:
    """A link that names one site and leads to another."""
    words = place.link.words.strip()[:300]
    found = _SAID.match(words)
    said = registrable(found.group(1)) if found else None
    if not found or said is None or said == place.domain or "@" in words:
        return
    if _same_body(said, place.domain):
        return
    counted = not _foreign(parts, place) or said == parts.sender.domain or parts.from_list
    if not counted:  # newsletters count clicks at their own site or at a known mailing company
        known = any(brand.owns(said) for brand in brands().values())
        code = "link_text_brand" if known else "link_text_elsewhere"
        yield sign(code, "link", words, found.group(1), _defanged(place.host))


def _same_body(one: str, other: str) -> bool:
    if one.partition(".")[0] == other.partition(".")[0]:
        return True
    return any(brand.owns(one) and brand.owns(other) for brand in brands().values())


def _foreign(parts: MailParts, place: _Place) -> bool:
    """Does the link leave the sender's site, the known mailing companies, and whoever takes the bounces
    (a mailing company as well)?"""
    if place.domain in _TRACKERS or place.domain in (parts.sender.domain, parts.return_domain):
        return False
    return not _same_body(place.domain, parts.sender.domain)


def _of_all(parts: MailParts, places: list[_Place]) -> Iterator[MailSign]:
    """What the links show together."""
    pressed = [place for place in places if place.link.words or place.link.kind == "form"] or places
    if not pressed:
        return
    if all(place.domain in _SHORT for place in pressed):
        yield sign("only_short_links", "link", _defanged(pressed[0].whole))
    buttons = [place for place in pressed if not _SAID.match(place.link.words.strip()[:300])]
    if buttons and all(_foreign(parts, place) for place in buttons) and not parts.from_list:
        yield sign("button_elsewhere", "link", buttons[0].link.words or _defanged(buttons[0].host),
                   _defanged(buttons[0].host), parts.sender.host or "—")  # fmt: skip
    elif not parts.from_list:
        yield from _unsubscribe(parts, pressed)
    letters = len(re.findall(r"\w", re.sub(r"https?://\S+", "", parts.text[:5_000])))
    leaves = any(_foreign(parts, place) or place.domain in _SHORT for place in places)
    few = letters < (_FEW_LETTERS if leaves else _HARDLY_ANY_LETTERS)
    if parts.pictures and few and len({place.domain for place in places}) <= 2:
        code = "picture_only" if leaves else "picture_own"
        yield sign(code, "text", _defanged(places[0].host))


def _unsubscribe(parts: MailParts, pressed: list[_Place]) -> Iterator[MailSign]:
    """Only where the other links stay with the sender; else that is said already."""
    for place in pressed:
        if _UNSUBSCRIBE.search(place.link.words[:200]) and _foreign(parts, place):
            yield sign("dead_unsubscribe", "link", place.link.words, place.host, parts.sender.host or "—")
            return


def _defanged(host: str) -> str:
    return host[:120].replace(".", "[.]")
