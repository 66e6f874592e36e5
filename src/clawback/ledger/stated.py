"""What the user states about a transfer fills what no evidence gives, and never overwrites what it does.

Where two claims on a fact exclude each other, both are kept as a conflict; evidence holds until a person
chooses. A mask hides and a bank's short name shortens: neither contradicts. A payment that only the user
tells of is theirs to correct: their latest word holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clawback.ledger.likeness import clean, is_masked, payment_company, same_name, same_number
from clawback.ledger.merging import CHAT_SLACK, Merged
from clawback.model.events import Account, Method, Statement, Transfer
from clawback.model.evidence import Source
from clawback.model.ledger import Claim, Conflict
from clawback.model.moments import Moment, Precision
from clawback.model.stated import (
    TYPED_PAYMENT,
    stated_amount,
    stated_method,
    stated_moment,
    told_about,
)
from clawback.model.writing import iso

Chosen = Mapping[tuple[str, str], str]
"""(record id, fact) to the text of the claim that the person chose; "" while they are not sure."""

_ACCOUNT_FACTS = {
    "payer_name": ("payer", "name"),
    "paying_institution": ("payer", "institution"),
    "paying_account": ("payer", "number"),
    "payee_name": ("payee", "name"),
    "payee_account": ("payee", "number"),
    "payee_institution": ("payee", "institution"),
}
_SEEN_TWICE = ("payee_name", "payee_account", "payee_institution")
"""Facts that two records of one payment should agree on. The paying side differs by nature: a wallet's record
names the wallet, the bank's the card behind it."""

_SHORT_NAMES = {
    "工行": "工商银行", "农行": "农业银行", "建行": "建设银行", "交行": "交通银行", "招行": "招商银行",
    "中行": "中国银行", "邮储": "邮政储蓄",
}  # fmt: skip
_FIRM = re.compile(
    r"公司|店|商行|商铺|商贸|工作室|中心|\b(?:ltd|limited|inc|llc|plc|co|shop|store)\b", re.IGNORECASE
)
_EXACT = (Precision.HOUR, Precision.MINUTE, Precision.SECOND)


def corrected(
    sightings: Sequence[Transfer], statements: Iterable[Statement], zone: str
) -> tuple[Transfer, ...]:
    """The sightings, each payment that the user typed once and with their latest word on each fact.

    Done before records are compared, so that a corrected sum finds its row in a bill. The id stays.
    """
    told = _Told(statements)
    typed: set[str] = set()
    kept: list[Transfer] = []
    for sighting in sightings:
        label = told.label(sighting)
        if label is None:
            kept.append(sighting)
        elif label not in typed:
            typed.add(label)
            kept.append(_retold(sighting, told.latest(label, sighting.id), zone))
    return tuple(kept)


def _retold(sighting: Transfer, said: Mapping[str, Statement], zone: str) -> Transfer:
    words = {fact: statement.value for fact, statement in said.items()}
    sources = (source for statement in said.values() if statement.value for source in statement.sources)
    return replace(
        sighting,
        amount=stated_amount(words.get("amount", "")) or sighting.amount,
        moment=stated_moment(words["moment"], zone) if "moment" in words else sighting.moment,
        method=stated_method(words["method"]) if "method" in words else sighting.method,
        payer=_account(sighting.payer, words, "payer"),
        payee=_account(sighting.payee, words, "payee"),
        reference=words.get("reference", sighting.reference) or None,
        sources=tuple(dict.fromkeys((sighting.sources[0], *sources))),
    )


def _account(account: Account, words: Mapping[str, str], who: str) -> Account:
    for fact, (side, part) in _ACCOUNT_FACTS.items():
        if side == who and fact in words:
            account = _account_with(account, part, words[fact] or None)
    return account


def _account_with(account: Account, part: str, text: str | None) -> Account:
    if part == "name":
        return replace(account, name=text)
    return replace(account, number=text) if part == "number" else replace(account, institution=text)


def complete(
    merged: Sequence[Merged], statements: Iterable[Statement], chosen: Chosen, zone: str
) -> tuple[Merged, ...]:
    """Every transfer with the facts that the user stated where evidence is silent, and its conflicts."""
    told = _Told(statements)
    return tuple(_complete(one, told.about(one), chosen, zone) for one in merged)


class _Told:
    """The user's latest word on each fact of each payment."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        facts = [(about, one) for one in statements if (about := told_about(one)) and about[0]]
        facts.sort(key=lambda pair: (pair[1].moment.utc, pair[1].sources[0].exhibit))
        self._latest: dict[str, dict[str, Statement]] = {}
        self._typed: dict[Source, str] = {}
        for (subject, fact), statement in facts:
            self._latest.setdefault(subject, {})[fact] = statement
            if TYPED_PAYMENT.fullmatch(subject):
                self._typed[statement.sources[0]] = subject

    def label(self, sighting: Transfer) -> str | None:
        """Under which name the user typed this payment; None for what evidence shows."""
        return self._typed.get(sighting.sources[0])

    def latest(self, *subjects: str) -> dict[str, Statement]:
        """By fact, empty ones too; what was said under a later name goes before the earlier."""
        said: dict[str, Statement] = {}
        for subject in subjects:
            said |= self._latest.get(subject, {})
        return said

    def about(self, one: Merged) -> dict[str, Statement]:
        """What is stated of a transfer and not taken back."""
        if not self._latest:
            return {}
        typed = [label for sighting in one.sightings if (label := self.label(sighting))]
        said = self.latest(*typed, *one.members)
        return {fact: statement for fact, statement in said.items() if statement.value}


def _complete(one: Merged, said: Mapping[str, Statement], chosen: Chosen, zone: str) -> Merged:
    if not said and len(one.sightings) == 1:
        return one
    transfer, conflicts = one.transfer, []
    for fact in dict.fromkeys((*said, *_SEEN_TWICE)):
        sides = _sides(fact, one, said.get(fact), zone)
        word = "" if fact == "amount" else _choice(one, fact, chosen)
        sides.sort(key=lambda side: word not in side.texts)
        if len(sides) > 1:
            settled = word in sides[0].texts
            conflicts.append(Conflict(fact, tuple(side.claim for side in sides), settled))
        if sides and (fact in said or len(sides) > 1):
            transfer = _with(transfer, fact, sides[0], zone)
    return replace(one, transfer=transfer, conflicts=tuple(conflicts))


def _choice(one: Merged, fact: str, chosen: Chosen) -> str:
    return next((chosen[member, fact] for member in one.members if (member, fact) in chosen), "")


@dataclass(slots=True)
class _Side:
    """Claims that can all be true, the best first."""

    claims: list[Claim]

    @property
    def texts(self) -> list[str]:
        return [claim.text for claim in self.claims]

    @property
    def claim(self) -> Claim:
        """All of them as one: the open spelling, with every source."""
        text = next((text for text in self.texts if not is_masked(text)), self.texts[0])
        return Claim(text, tuple(dict.fromkeys(s for claim in self.claims for s in claim.sources)))


def _sides(fact: str, one: Merged, stated: Statement | None, zone: str) -> list[_Side]:
    sides: list[_Side] = []
    alike = _COMPARE.get(fact, _never_differ)
    for claim in _telling((*_seen(fact, one), *_said(stated, fact, zone))):
        fitting = next((side for side in sides if all(alike(text, claim.text) for text in side.texts)), None)
        if fitting is None:
            sides.append(_Side([claim]))
        else:
            fitting.claims.append(claim)
    return sides


def _telling(claims: Sequence[Claim]) -> Sequence[Claim]:
    """Without the payment companies, which stand for whoever is behind them, where somebody else is named."""
    telling = [claim for claim in claims if not payment_company(claim.text)]
    return telling or claims


def _seen(fact: str, one: Merged) -> Iterator[Claim]:
    """What each record says, the best record first; where records need not agree, only what is taken."""
    sightings = one.sightings if fact in _SEEN_TWICE else (one.transfer,)
    for sighting in sightings:
        if fact == "payee_account" and sighting.payee.kind is not sightings[0].payee.kind:
            continue  # a wallet and the bank account behind it have different numbers
        if text := _text(fact, sighting):
            yield Claim(text, sighting.sources)


def _said(stated: Statement | None, fact: str, zone: str) -> Iterator[Claim]:
    if stated is not None and _understood(fact, stated.value, zone):
        yield Claim(stated.value, stated.sources)


def _understood(fact: str, text: str, zone: str) -> bool:
    if fact == "moment":
        return stated_moment(text, zone) is not None
    if fact == "amount":
        return stated_amount(text) is not None
    return fact != "method" or stated_method(text) is not Method.UNKNOWN


def _text(fact: str, transfer: Transfer) -> str | None:
    if fact in _ACCOUNT_FACTS:
        side, part = _ACCOUNT_FACTS[fact]
        return _part(transfer.payer if side == "payer" else transfer.payee, part)
    method = None if transfer.method is Method.UNKNOWN else transfer.method.value
    return {
        "moment": iso(transfer.moment) if transfer.moment else None,
        "amount": f"{transfer.amount.text} {transfer.amount.currency}",
        "method": method,
        "reference": transfer.reference,
    }[fact]


def _part(account: Account, part: str) -> str | None:
    return {"name": account.name, "institution": account.institution, "number": account.number}[part]


def _with(transfer: Transfer, fact: str, side: _Side, zone: str) -> Transfer:
    """`transfer` with the fact as `side` has it. The sum is what the record was matched by: it stays."""
    text = side.claim.text
    if fact in _ACCOUNT_FACTS:
        who, part = _ACCOUNT_FACTS[fact]
        account = _account_with(transfer.payer if who == "payer" else transfer.payee, part, text)
        transfer = replace(transfer, payer=account) if who == "payer" else replace(transfer, payee=account)
    elif fact == "moment":
        moments = [stated_moment(text, zone) for text in side.texts]
        transfer = replace(transfer, moment=_sharpest(moments, transfer.moment))
    elif fact == "method" and transfer.method is Method.UNKNOWN:
        transfer = replace(transfer, method=stated_method(text))
    elif fact == "reference":
        transfer = replace(transfer, reference=text)
    return replace(transfer, sources=tuple(dict.fromkeys((*transfer.sources, *side.claim.sources))))


def _sharpest(moments: Sequence[Moment | None], own: Moment | None) -> Moment | None:
    """The most exact of the moments that agree; of equals the record's own, with its own zone."""
    order = list(Precision)
    known = [moment for moment in moments if moment]
    if own and any(own.overlaps(moment, CHAT_SLACK) for moment in known):
        known.insert(0, own)
    return max(known, key=lambda moment: order.index(moment.precision), default=own)


def _never_differ(_: str, __: str) -> bool:
    return True


def _names_agree(first: str, second: str) -> bool:
    """A shop trades under one name and is registered under another: two names of firms may both be right."""
    firms = bool(_FIRM.search(first)) and bool(_FIRM.search(second))
    return firms or same_name(first, second) is not False


def _numbers_agree(first: str, second: str) -> bool:
    """An e-mail address and a card number name the same purse in two ways."""
    if ("@" in first) != ("@" in second):
        return True
    return same_number(first, second) is not False


def _banks_agree(first: str, second: str) -> bool:
    one, two = _bank(first), _bank(second)
    return one in two or two in one


def _bank(name: str) -> str:
    plain = clean(name)
    for short, full in _SHORT_NAMES.items():
        if short in plain and full not in plain:
            return plain.replace(short, full)
    return plain


def _references_agree(first: str, second: str) -> bool:
    one, two = (re.sub(r"\W", "", clean(text)) for text in (first, second))
    return one == two


def _moments_agree(first: str, second: str) -> bool:
    one, two = stated_moment(first, "UTC"), stated_moment(second, "UTC")
    if one is None or two is None:
        return True
    if one.precision in _EXACT and two.precision in _EXACT:
        return one.overlaps(two, CHAT_SLACK)
    return first[:10] == second[:10]


def _amounts_agree(first: str, second: str) -> bool:
    return stated_amount(first) == stated_amount(second)


_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "payer_name": _names_agree,
    "payee_name": _names_agree,
    "paying_account": _numbers_agree,
    "payee_account": _numbers_agree,
    "paying_institution": _banks_agree,
    "payee_institution": _banks_agree,
    "reference": _references_agree,
    "moment": _moments_agree,
    "amount": _amounts_agree,
}
