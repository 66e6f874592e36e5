"""Lists of indicators that the user imported: what somebody else says about a phone, an account, a domain.

A list is a claim, not a proof: every hit carries whose claim it is, how old it is and how sure they are, and
what has expired no longer counts. Reading and keeping files is `listfiles`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from clawback.model.indicators import IndicatorKind


class Confidence(StrEnum):
    """How sure the maker of a list is of an entry; not said: medium."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Note:
    """What a list says about an entry. `seen`: when it was reported, None: not said. `expires`: the last day
    on which it counts, None: as long as the list does. `reason`: the list's own words, or ""."""

    reason: str
    confidence: Confidence
    seen: date | None
    expires: date | None


@dataclass(frozen=True, slots=True)
class ListHit:
    """A value stands in a list. `value`: as it stands there (a parent domain, for a domain below it).

    `since`: the day the entry was reported or, where it does not say, the day of its list; `expires`: the
    last day on which the hit counts.
    """

    list_id: str
    list_name: str
    source: str
    kind: IndicatorKind
    value: str
    reason: str
    confidence: Confidence
    since: date
    expires: date

    def age_days(self, today: date) -> int:
        """Days since it was reported; never below 0."""
        return max(0, (today - self.since).days)


@dataclass(frozen=True, slots=True)
class ImportedList:
    """One list as it was imported.

    `source`: who made it and where it came from, in the user's words. `dated`: the day of its contents.
    `expires`: the last day on which any of it counts. `entries`: by `entry_key`.
    """

    id: str
    name: str
    source: str
    dated: date
    imported: date
    expires: date
    entries: Mapping[str, Note] = field(repr=False)

    def find(self, kind: IndicatorKind, value: str, today: date) -> ListHit | None:
        """The entry for `value`, or None; expired entries and lists give None.

        A listed domain counts for every domain below it, and a domain inside a link or an address has to be
        asked for as a domain.
        """
        for candidate in _candidates(kind, value):
            note = self.entries.get(_joined(kind, candidate))
            expires = self._expiry(note) if note else self.expires
            if note and today <= expires:
                since = note.seen or self.dated
                return ListHit(
                    self.id,
                    self.name,
                    self.source,
                    kind,
                    candidate,
                    note.reason,
                    note.confidence,
                    since,
                    expires,
                )
        return None

    def living(self, today: date) -> int:
        """How many entries count today."""
        if today > self.expires:
            return 0
        return sum(1 for note in self.entries.values() if today <= self._expiry(note))

    def _expiry(self, note: Note) -> date:
        return min(note.expires, self.expires) if note.expires else self.expires


def hits(lists: Iterable[ImportedList], kind: IndicatorKind, value: str, today: date) -> tuple[ListHit, ...]:
    """Hits in all `lists`, surest first, then newest."""
    found = [hit for one in lists if (hit := one.find(kind, value, today))]
    order = list(Confidence)
    return tuple(sorted(found, key=lambda hit: (order.index(hit.confidence), -hit.since.toordinal())))


def entry_key(kind: IndicatorKind, value: str) -> str:
    """Under what an entry is kept: the same account written in two ways has one key."""
    return _joined(kind, folded(kind, value))


def folded(kind: IndicatorKind, value: str) -> str:
    """`value` in the form in which two spellings of the same thing are equal; "" when nothing is left.

    Wallets keep their capitals, which mean something, except 0x addresses and bech32.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if kind is IndicatorKind.PHONE or kind is IndicatorKind.WHATSAPP:
        return _phone(text)
    if kind is IndicatorKind.BANK_CARD or kind is IndicatorKind.BANK_ACCOUNT:
        return re.sub(r"[\s-]", "", text)
    if kind in (IndicatorKind.IBAN, IndicatorKind.COMPANY_ID, IndicatorKind.ID_CARD):
        return re.sub(r"[\s-]", "", text).upper()
    if kind is IndicatorKind.DOMAIN:
        return _domain(text)
    if kind is IndicatorKind.CRYPTO_WALLET:
        return text.lower() if re.match(r"0x|bc1|ltc1", text, re.IGNORECASE) else text
    if kind in (IndicatorKind.URL, IndicatorKind.ORDER_NUMBER):
        return text
    return text.removeprefix("@").lower()


def _phone(text: str) -> str:
    """With country code where one is written; eleven digits that can only be a Chinese mobile get +86."""
    digits = re.sub(r"[^0-9+]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if re.fullmatch(r"1[3-9][0-9]{9}", digits):
        return "+86" + digits
    return digits[:1] + digits[1:].replace("+", "")


def _domain(text: str) -> str:
    """Lower case, no dot at the end, no "*." before, never defanged, look-alikes in their ASCII form."""
    name = text.lower().replace("[.]", ".").removeprefix("*.").strip(".")
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _candidates(kind: IndicatorKind, value: str) -> Iterable[str]:
    """What to look for: the value itself, and for a domain every domain above it with a dot in it."""
    text = folded(kind, value)
    if text:
        yield text
    if kind is IndicatorKind.DOMAIN:
        parts = text.split(".")
        yield from (".".join(parts[first:]) for first in range(1, min(len(parts) - 1, 20)))


def _joined(kind: IndicatorKind, value: str) -> str:
    return f"{kind.value}:{value}"
