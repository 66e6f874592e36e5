"""Who a mail claims to come from, against the addresses that it really uses, and what the server stated."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from clawback.guard.mail_parts import Mailbox, MailParts, mailboxes
from clawback.guard.mail_signs import Brand, MailSign, brands, sign
from clawback.guard.normalise import normalise
from clawback.model.domains import registrable, site_name
from clawback.rules.pack import Words

FREEMAIL = frozenset((
    "gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "live.com", "yahoo.com", "aol.com",
    "mail.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.com", "yandex.ru", "qq.com",
    "163.com", "126.com", "sina.com", "foxmail.com", "accountant.com", "consultant.com", "usa.com",
    "bluewin.ch", "libero.it", "orange.fr", "laposte.net", "bol.com.br", "uol.com.br", "zohomail.com",
    "protonmail.com", "proton.me", "icloud.com", "tutanota.com", "msn.com", "hotmail.fr", "yahoo.fr",
    "yahoo.co.uk",
))  # fmt: skip
"""Mailboxes that anybody opens in a minute."""

MAILERS = frozenset((
    "amazonses.com", "sendgrid.net", "mcsv.net", "mcdlv.net", "rsgsv.net", "mailgun.org", "mtasv.net",
    "sparkpostmail.com", "mandrillapp.com", "acemsrvd.com", "activehosted.com", "hubspotemail.net",
    "exacttarget.com", "salesforce.com", "sendinblue.com", "brevo.com", "sendibm1.com", "mailjet.com",
    "cmail19.com", "cmail20.com", "createsend.com", "constantcontact.com", "klaviyomail.com", "getdrip.com",
    "zendesk.com", "freshdesk.com", "intercom-mail.com", "elasticemail.com", "emarsys.net", "sailthru.com",
    "returnpath.net", "bluehornet.com", "list-manage.com", "mailchimpapp.net", "epsl1.com", "bfi0.com",
    "substack.com", "ccsend.com", "cheetahmail.com", "responsys.net", "m3.net", "postmarkapp.com",
))  # fmt: skip
"""Companies that send on behalf of others: their return path says nothing about who writes."""

_ABOUT_ACCOUNTS = frozenset((
    "account_locked", "payment_failed", "mailbox_trouble", "parcel_fee", "prize", "points_expire",
    "wallet_check", "call_us_charge", "crypto_gift", "card_offer",
))  # fmt: skip
_OFFICE = re.compile(
    r"bank|support|security|team|service|customer|account|billing|office|fund|monetary|court|tribunal|police"
    r"|lottery|inc\b|attorney|director|department|rewards|kundenservice|银行|客服|中心|法院|公安|税务|官方"
)
_BESIDE_COMMON = re.compile(
    r"^(?:\W*(?:\w{1,20} (?:from|at)\b|the|your|team|department|support|security|service|customer ?service"
    r"|account|wallet|live|id|pay"
    r"|finance|update|recovery|bank|alert|alerts|reward|rewards|airdrop|inc|surprise|departamento|aviso|abo"
    r"|official|help|desk|care|code|notice|information|notifications?|conta digital|fixo)\W*)+$"
)
_ORDER = re.compile(r"\b(?:order|e?.?purchas\w{0,6}|e.?receipt|subscription|renewal)\b|订单")
# Pairs of letters that names in no Latin script have; initials of Chinese names do, but are shorter.
_UNSPOKEN = re.compile(
    r"q(?![aiu])|x[bdfghjkmnqrsvwz]|j[bcdfgklmpqtvwxz]|v[bcdfgjkmpqtwxz]|w[jqvxz]|[fjkpqvwx]z"
)
_MACHINE = re.compile(
    r"^(?:root|www-data|apache|nobody|httpd|nginx|ubuntu|ec2-user|admin@vps)$", re.IGNORECASE
)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_-]{1,63}){1,10}", re.IGNORECASE)
_ADDRESS_IN_NAME = re.compile(
    r"[a-z0-9._%+-]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6})", re.IGNORECASE
)
_SITE_IN_NAME = re.compile(r"(?<![@\w.-])((?:[a-z0-9-]{2,63}\.){1,4}[a-z]{2,10})(?![\w@.-])", re.IGNORECASE)
_STATED = re.compile(r"\b(spf|dkim|dmarc)\s{0,3}=\s{0,3}([a-z]{2,20})", re.IGNORECASE)
_FROM_STATED = re.compile(r"(?:header\.from|smtp\.mailfrom)=([^\s;()]{1,255})", re.IGNORECASE)
_UNDISCLOSED = re.compile(r"undisclosed|recipients?:|^[^@]{0,40}$", re.IGNORECASE)
_VIA = re.compile(r"\bvia\b", re.IGNORECASE)


def sender_signs(parts: MailParts, lures: Collection[str] = ()) -> Iterator[MailSign]:
    """Signs in From, Subject, Reply-To, Return-Path and To. `lures`: codes of what its words say."""
    sender = parts.sender
    if not parts.senders:
        return
    stated = parts.first("From")
    yield from _claimed(parts, sender)
    yield from _in_subject(parts, sender, lures)
    yield from _address(parts, sender, stated)
    if "bill" in lures and sender.domain in FREEMAIL and not parts.in_conversation:
        code = "freemail_order" if _ORDER.search(normalise(parts.subject[:300]).text) else "freemail_bill"
        yield sign(code, "From", sender.address, b=sender.domain)
    yield from _ways_back(parts, sender)
    to = parts.first("To")
    if not parts.from_list and _UNDISCLOSED.search(to) and not parts.first("Cc"):
        yield sign("hidden_recipients", "To", to or "To:", to or "To: —")


def _claimed(parts: MailParts, sender: Mailbox) -> Iterator[MailSign]:
    """What the name shown claims, against the domain."""
    name = " ".join(box.name for box in parts.senders)
    brand = brand_in(name)
    if brand and not (sender.domain and brand[1].owns(sender.domain)):
        yield sign("brand_elsewhere", "From", name, brand[0], sender.host or "—")
    passed_on = parts.from_list or _VIA.search(name)
    found = _ADDRESS_IN_NAME.search(name)
    if found and not passed_on and _other(found.group(1), sender.domain):
        yield sign("address_in_name", "From", name, found.group(), sender.host or "—")
    elif not brand and not passed_on:
        for site in _SITE_IN_NAME.findall(name):
            named = registrable(site)
            linked = any(f"{named}/" in f"{link.target[:200]}/" for link in parts.links)
            if named and _other(site, sender.domain) and not linked:
                yield sign("site_in_name", "From", name, site, sender.host or "—")
                break
    if "+" in sender.address.partition("@")[0] and not parts.from_list:
        yield sign("tagged_sender", "From", sender.address)
    if sender.domain in FREEMAIL and _OFFICE.search(normalise(name).text) and not brand:
        yield sign("freemail_office", "From", name, name, sender.domain)


def from_known_body(parts: MailParts) -> bool:
    """Does the sender's address belong to a known body? Unless the server says so it may be forged: it only
    keeps many words alone from being enough."""
    return any(brand.owns(parts.sender.domain) for brand in brands().values())


def _in_subject(parts: MailParts, sender: Mailbox, lures: Collection[str]) -> Iterator[MailSign]:
    """A body named in the subject, together with words that want something done about an account with it."""
    if parts.from_list or parts.in_conversation or not _ABOUT_ACCOUNTS.intersection(lures):
        return
    brand = brand_in(parts.subject, whole_name=False)
    if (
        brand
        and not brand[1].owns(sender.domain)
        and not brand_in(" ".join(box.name for box in parts.senders))
    ):
        yield sign("brand_in_subject", "Subject", parts.subject, brand[0], sender.host or "—")


def brand_in(words: str, *, whole_name: bool = True) -> tuple[str, Brand] | None:
    """A body that `words` name, as it is written there, or None.

    `whole_name`: they are a name shown, in which an everyday word counts when nothing but an office stands
    beside it; elsewhere it never counts.
    """
    plain = normalise(words[:500])
    text = re.sub(r"[®™©_]", " ", plain.text)
    for brand in brands().values():
        for name in brand.names:
            at = _whole(text, name)
            if at < 0:
                continue
            if brand.common and not _BESIDE_COMMON.match(f"{text[:at]} team {text[at + len(name) :]}"):
                continue
            start, end = plain.span(at, at + len(name))
            return words[start:end], brand
    return None


def _whole(text: str, name: str) -> int:
    """Where `name` stands as whole words, or -1. Chinese names stand anywhere."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not name.isascii() or not (before.isalnum() or after.isalnum()):
            return at
        at = text.find(name, at + 1)
    return -1


def _address(parts: MailParts, sender: Mailbox, stated: str) -> Iterator[MailSign]:
    """The address itself: can it exist, does it look drawn at random?"""
    if not _HOST.fullmatch(_ascii(sender.host)) or registrable(sender.host) is None:
        yield sign("sender_no_domain", "From", sender.address or stated)
    else:
        site = site_name(sender.host)
        if site and (site.rented or site.suffix == "onmicrosoft.com"):
            yield sign("free_host_sender", "From", sender.address, sender.host)
        if looks_random(sender.domain.partition(".")[0]):
            yield sign("random_sender", "From", sender.address)
        elif code := _random_local(sender.address.rpartition("@")[0], sender.name):
            yield sign(code, "From", sender.address)
    if len(parts.senders) > 1 or stated.count("@") > 3:
        yield sign("several_senders", "From", stated)


def _ascii(host: str) -> str:
    """A host in a script of its own as it stands in the name system; unchanged where it cannot be."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _ways_back(parts: MailParts, sender: Mailbox) -> Iterator[MailSign]:
    """Where replies and bounces go."""
    replies = [box for box in mailboxes(parts.first("Reply-To")) if box.address]
    if replies and not parts.from_list:
        reply = replies[0]
        private = reply.domain in FREEMAIL and _bare(sender.address) != _bare(reply.address)
        unknown = reply.domain != sender.domain and not _related(reply.host, sender.host)
        if private or (unknown and reply.domain not in MAILERS):
            code = "reply_private" if private else "reply_elsewhere"
            if private and sender.domain in FREEMAIL and not _shares_words(sender.address, reply.address):
                code = "reply_stranger"
            yield sign(code, "Reply-To", reply.address, reply.address, sender.host or "—")
    back = next(iter(mailboxes(parts.first("Return-Path"))), Mailbox("", ""))
    if not back.address or parts.from_list:
        return
    local, _, host = back.address.rpartition("@")
    if "+caf_=" in local:  # a mailbox that its owner has forwarded
        return
    if _MACHINE.match(local) or (host and "." not in host):
        yield sign("return_machine", "Return-Path", back.address)
    elif _other(back.host, sender.domain) and back.domain not in MAILERS:
        yield sign("return_elsewhere", "Return-Path", back.address, back.host, sender.host or "—")


def _bare(address: str) -> str:
    """An address without case, dots and +tags of its first half."""
    local, _, host = address.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{host}"


def _shares_words(one: str, other: str) -> bool:
    """Do the first halves of two addresses share four letters in a row, as a person's own addresses do?"""
    left, right = (_bare(address).partition("@")[0] for address in (one, other))
    return any(left[at : at + 4] in right for at in range(max(1, len(left) - 3)))


def _related(one: str, other: str) -> bool:
    """Do two hosts share the word that somebody chose (shop.example, shop.test)?"""
    left, right = site_name(one), site_name(other)
    return bool(left and right and left.label == right.label)


def _other(host: str, domain: str) -> bool:
    """Is `host` another body's than `domain`? A shared name under another ending is not."""
    registered = registrable(host) or host.lower()
    return bool(registered) and registered != domain and not _related(registered, domain)


def looks_random(label: str) -> bool:
    """Letters and digits in turn (r3kd8s02e6), or a long row of consonants, in one label of a host."""
    bare = label.lower().replace("-", "")
    if len(bare) < 8 or not bare.isascii() or bare.startswith("xn"):
        return False
    turns = len(re.findall(r"[a-z](?=[0-9])|[0-9](?=[a-z])", bare))
    letters = re.sub(r"[^a-z]", "", bare)
    longest = max(map(len, re.findall(r"[bcdfghjklmnpqrstvwxz]+", letters)), default=0)
    vowels = len(re.findall(r"[aeiouy]", letters))
    return (
        turns >= 4
        or (turns >= 3 and len(bare) >= 10)
        or longest >= 6
        or (len(letters) >= 10 and vowels * 6 < len(letters))
    )


def _random_local(local: str, name: str) -> str:
    """A sign's code when `local` is no name, word or plain number (BFwBIGA, 1ljocry459tl), or ""."""
    if local.lower() in re.sub(r"\W", "", name.lower()):
        return ""
    if not re.fullmatch(r"(?!(?i:do|no))[A-Za-z0-9]{5,24}", local):
        return ""
    if _random_capitals(local):
        return "random_capitals"
    voiceless = re.fullmatch(r"[b-df-hj-np-tv-xz]{6,}", local) is not None
    turns = len(re.findall(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])", local))
    letters = re.sub(r"[^a-z]", "", local.lower())
    unspoken = len(letters) >= 10 and len(_UNSPOKEN.findall(letters)) >= 2
    drawn = voiceless or unspoken or turns >= 3 or (turns >= 2 and looks_random(local))
    return "random_local" if drawn else ""


def _random_capitals(local: str) -> bool:
    """Capitals where no name has them: BFwBIGA, kuHzvQf; not AnnLee, McDonald, HRTeam."""
    humps = re.findall(r"[A-Z]+[a-z]*", local)
    if re.search(r"[a-z][A-Z]{2}|^[a-z]{3,}[A-Z]$", local) or (
        len(humps) >= 3 and 5 * len(local) < 14 * len(humps)
    ):
        return True
    if len(re.findall(r"[a-z](?=[A-Z])", local)) < 2:
        return False
    pieces = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", local)
    return any(len(one) > 1 and not re.search(r"(?i)[aeiouy]|^mc$", one) for one in pieces)


def authentication_signs(parts: MailParts) -> Iterator[MailSign]:
    """What the receiving server stated, as the topmost Authentication-Results (RFC 8601) says. Those below it
    may be the sender's own invention. A result that passed excuses nothing: those who cheat sign as well."""
    stated = parts.first("Authentication-Results")
    if not stated:
        return
    who = _who_stated(stated)
    results: dict[str, str] = {}
    for method, result in _STATED.findall(stated):
        results.setdefault(method.lower(), result.lower())
    found = _FROM_STATED.search(stated)
    domain = parts.sender.host or (found.group(1) if found else "—")
    if results.get("dmarc") == "fail":
        yield sign("dmarc_fail", "Authentication-Results", f"dmarc={results['dmarc']}", who, domain)
    if results.get("spf") in ("fail", "softfail"):
        yield sign(f"spf_{results['spf']}", "Authentication-Results", f"spf={results['spf']}", who, domain)
    if results.get("dkim") == "fail":
        yield sign("dkim_fail", "Authentication-Results", f"dkim={results['dkim']}", who, domain)
    nothing = ("none", "neutral", "temperror", "permerror")
    if {"spf", "dkim"} <= results.keys() and all(results[one] in nothing for one in ("spf", "dkim")):
        quote = f"spf={results['spf']} dkim={results['dkim']}"
        yield sign("nothing_vouched", "Authentication-Results", quote, who, domain)


_UNNAMED = Words(zh="没有写出名字", en="which does not give its name")


def _who_stated(stated: str) -> str | Words:
    """The server's name at the head of the field; some leave it out."""
    head = stated.partition(";")[0].strip().split(" ")[0]
    return head if "=" not in head and _HOST.fullmatch(head) else _UNNAMED
