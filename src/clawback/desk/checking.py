"""Is this part of a scam: why, which script it is, what comes next, and what to do now.

What the text engine says of the words, what links and account numbers tell by themselves, and what the
directory of genuine channels knows, taken together: the worst of them decides, and it is said which. Nothing
is kept and nothing is asked of the network. Four results with fixed words; none of them means "safe".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from clawback.desk.genuine import Body, Spotted, Standing, genuine_in
from clawback.desk.vetting import MOST, Vetting, imported_lists, vet
from clawback.errors import RulePackError, SignatureRefused, UsageError
from clawback.guard.links import LinkResult, LinkSign, LinkVerdict, check_link
from clawback.guard.lists import Confidence, ImportedList
from clawback.guard.typologies import Stage, Typology, load_typologies
from clawback.guard.verdict import LONGEST, Evidence, Result, Verdict, judge, words_learned
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.plan import Channel
from clawback.plan.situations import crisis_words
from clawback.readers.indicators import spots_in
from clawback.readers.spots import Spot
from clawback.rules.load import load_pack
from clawback.rules.pack import Words

if TYPE_CHECKING:
    from clawback.desk.mailchecking import MailCheck
    from clawback.desk.workplace import Workplace

__all__ = [
    "LONGEST",
    "STAGES",
    "Check",
    "LinkFound",
    "LinkResult",
    "Missing",
    "Part",
    "Quote",
    "Reason",
    "Result",
    "Script",
    "Short",
    "Spotted",
    "Stage",
    "Standing",
    "because",
    "bodies_of",
    "check",
    "defanged",
    "genuine_channels",
    "harmless",
    "in_short",
    "of_mail",
    "part_of_mail",
]

STAGES = tuple(Stage)
"""The stages of a script in their order."""

_PACKS = ("cn", "gb")
_AFTER_A_LOSS = frozenset({"recovery_scam", "withdrawal_fee_scam", "liquidation_scam"})
_SITES = (IndicatorKind.URL, IndicatorKind.DOMAIN)
_SEVERITY = {Result.LIKELY: 2, Result.SOME: 1}
_HAN = re.compile(r"[㐀-鿿]")
_WORDS = re.compile(r"[㐀-鿿]|[A-Za-z]{2,}")
_LETTERS = re.compile(r"[^\W\d_]")
_KNOWN_LETTERS = re.compile(r"[㐀-鿿A-Za-z]")
_FIGURE = re.compile(r"\d")
_FEWEST_WORDS = 8
_LINK = re.compile(
    r"https?://[^\s<>\"“”，。]+|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![a-z0-9-])", re.IGNORECASE
)
_EDGES = " \t\r\n　，。、；：！？,.;:!?…"


_PARTS_OF_MAIL = {
    "From": Words(zh="发件人", en="sender"),
    "Reply-To": Words(zh="回复地址", en="reply address"),
    "Return-Path": Words(zh="退信地址", en="return address"),
    "To": Words(zh="收件人", en="recipients"),
    "Subject": Words(zh="主题", en="subject"),
    "Authentication-Results": Words(zh="收信服务器的核对结果", en="what the receiving server checked"),
    "link": Words(zh="链接", en="link"),
    "text": Words(zh="正文", en="text"),
    "attachment": Words(zh="附件", en="attachment"),
}


class Part(StrEnum):
    """What decided the result."""

    WORDS = "words"
    LINK = "link"
    ACCOUNT = "account"
    MAIL = "mail"


class Missing(StrEnum):
    """Why nothing can be told."""

    WORDS = "words"  # a number, a name or a few words alone
    LINK = "link"  # a short link hides where it leads, or the address is none
    LANGUAGE = "language"  # neither Chinese nor English
    NOTHING = "nothing"  # a file in which nothing could be read


@dataclass(frozen=True, slots=True)
class Reason:
    """A named signal, what it means and when it is none, in both languages. `places`: the words that say it,
    as (start, end) in the text; none for a trait of the whole text."""

    id: str
    name: Words
    means: Words
    not_when: Words | None
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words at text[start:end] with the numbers (from 1) of the reasons that rest on them."""

    start: int
    end: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """The kind of scam. `stage`: how far it has come, None if its words do not tell; `next`: what they will
    probably do then."""

    kind: Typology
    stage: Stage | None
    next: Words | None


@dataclass(frozen=True, slots=True)
class LinkFound:
    """A link or domain at text[start:end]. `shown`: for a screen, so that nothing makes a link of it."""

    start: int
    end: int
    shown: str
    verdict: LinkVerdict


@dataclass(frozen=True, slots=True)
class Check:
    """What a text or a mail shows.

    `decided`: the part that made the result worse than "none", or None. `missing`: why it cannot be told, or
    None. `reasons`: the heaviest first; none when only a part other than the words decided. `warned`: words
    that would be signs but stand in a warning. `links_left`: links beyond those that were looked at.
    `accounts`: None when there was nothing to describe. `damaged_list`: an imported list that could not be
    read, and is missing here. `no_directory`: why genuine channels could not be
    looked up. `crisis`: a human help line, where the words call for one. `cut`: the text was longer than is
    looked at.
    """

    text: str
    result: Result
    decided: Part | None
    missing: Missing | None
    script: Script | None
    probability: float
    advert: bool
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    warned: tuple[str, ...] = ()
    links: tuple[LinkFound, ...] = ()
    links_left: int = 0
    accounts: Vetting | None = None
    damaged_list: UsageError | None = None
    genuine: tuple[Spotted, ...] = ()
    no_directory: SignatureRefused | RulePackError | None = None
    crisis: Channel | None = None
    cut: bool = False
    mail: MailCheck | None = None

    @property
    def after_a_loss(self) -> bool:
        """Is it the scam that follows a scam: somebody wants money so that lost money comes back?"""
        return self.script is not None and self.script.kind.id in _AFTER_A_LOSS

    def words(self, start: int, end: int) -> str:
        """text[start:end] as it stands, but with its links written so that nothing makes a link of them."""
        shown, at = "", start
        for link in self.links:
            first, last = max(link.start, at), min(link.end, end)
            if first < last:
                shown += self.text[at:first] + defanged(self.text[first:last])
                at = last
        return shown + self.text[at:end]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The words of all reasons as pieces of the text that do not overlap, in order."""
        places = sorted(
            (start, end, number)
            for number, reason in enumerate(self.reasons, start=1)
            for start, end in reason.places
        )
        quotes: list[Quote] = []
        for start, end, number in places:
            last = quotes[-1] if quotes else None
            if last is None or start >= last.end:
                quotes.append(Quote(start, end, (number,)))
            else:
                numbers = tuple(sorted({*last.numbers, number}))
                quotes[-1] = Quote(last.start, max(last.end, end), numbers)
        return tuple(quotes)


@dataclass(frozen=True, slots=True)
class Short:
    """The words of one text in one line. `verdict`: scam, doubtful, advert or none; `signals`: their ids."""

    verdict: str
    probability: float
    type: str | None
    signals: tuple[str, ...]


def in_short(text: str) -> Short:
    """Look at the words alone, for many texts: no links, no accounts, no directory."""
    seen = judge(text)
    if seen.result is Result.LIKELY:
        verdict = "scam"
    elif seen.result is Result.SOME:
        verdict = "doubtful"
    else:
        verdict = "advert" if seen.advert else "none"
    return Short(verdict, seen.probability, seen.type, tuple(one.signal.id for one in seen.evidence))


def check(
    text: str, workplace: Workplace | None = None, lang: str = "zh", *, own_cases: bool = True
) -> Check:
    """Look at `text`. The same text and lists give the same answer.

    `workplace`: whose imported lists and open cases count; None: none, and accounts are not described.
    `lang`: where the user is at home ("zh": China, "en": Britain). `own_cases`: look for accounts in them.
    """
    looked = text[:LONGEST]
    words = judge(looked)
    spots = _spots(looked)
    today = workplace.clock().date() if workplace else None
    sites = [spot for spot in spots if spot.kind in _SITES]
    lists, damaged = imported_lists(workplace) if workplace and spots else ((), None)
    links = _links(sites[:MOST], lists, today)
    accounts = _accounts(spots, workplace, lang, own_cases)
    genuine, no_directory = _genuine(looked, sites)
    result, decided = _worst(words, links, accounts)
    missing = _missing(looked, spots, links, genuine) if result is Result.NONE else None
    return Check(
        text=looked,
        result=Result.CANNOT if missing else result,
        decided=decided,
        missing=missing,
        script=_script(words.type, words.stage),
        probability=words.probability,
        advert=words.advert and _many_words(looked) and result is Result.NONE,
        reasons=_reasons(words, links),
        against=tuple(_reason(looked, one, links) for one in words.against),
        warned=tuple(dict.fromkeys(looked[slice(*_trimmed(looked, *place))] for place in words.warned)),
        links=links,
        links_left=max(0, len(sites) - MOST),
        accounts=accounts,
        damaged_list=damaged,
        genuine=genuine,
        no_directory=no_directory,
        crisis=_crisis(looked),
        cut=len(text) > LONGEST,
    )


def of_mail(mail: MailCheck) -> Check:
    """What a mail shows, in the same form."""
    found = mail.verdict
    raised = found.result in _SEVERITY
    return Check(
        text="",
        result=found.result,
        decided=Part.MAIL if raised else None,
        missing=Missing.NOTHING if found.result is Result.CANNOT else None,
        script=_script(found.type, None) if raised else None,
        probability=0.0,
        advert=False,
        reasons=(),
        against=(),
        mail=mail,
    )


def genuine_channels(lang: str) -> tuple[Channel, ...]:
    """Bodies that can be called or visited, from the rule pack of the place where `lang` is spoken."""
    pack = load_pack(_PACKS[0] if lang == "zh" else _PACKS[1])
    return tuple(one for one in map(pack.channel, pack.channels) if one.phone or one.url)


def defanged(link: str) -> str:
    """A link that nothing turns into one: hxxps://shop[.]example/a."""
    return re.sub(r"^http", "hxxp", link, flags=re.IGNORECASE).replace(".", "[.]")


def harmless(text: str) -> str:
    """`text` with its links written so that nothing turns them into one."""
    return _LINK.sub(lambda found: defanged(found.group()), text)


def part_of_mail(where: str) -> Words:
    """The part of a mail in which a sign stands, in words; a header without words as it is called."""
    return _PARTS_OF_MAIL.get(where, Words(zh=where, en=where))


def bodies_of(one: Spotted) -> tuple[Body, ...]:
    """Whose a number or site is; of one that is only like something in the directory, whose that is."""
    if one.answer.standing is not Standing.ALIKE:
        return one.answer.bodies
    return tuple({alike.match.body.id: alike.match.body for alike in one.answer.alike}.values())


def because(sign: LinkSign) -> Words:
    """Why a sign of a link counts, its piece written so that nothing makes a link of it."""
    why, piece = sign.why, defanged(sign.piece)
    return Words(zh=why.zh.replace(sign.piece, piece), en=why.en.replace(sign.piece, piece))


# ---------------------------------------------------------------------------------------------- the result


def _worst(
    words: Verdict, links: Iterable[LinkFound], accounts: Vetting | None
) -> tuple[Result, Part | None]:
    """The worst result and the part that gave it; of two that are even, the words."""
    found = [(words.result, Part.WORDS)]
    found += [(Result(one.verdict.result.value), Part.LINK) for one in links]
    for hit in (hit for one in (accounts.checks if accounts else ()) for hit in one.listed):
        sure = hit.confidence is Confidence.STRONG
        found.append((Result.LIKELY if sure else Result.SOME, Part.ACCOUNT))
    result, part = max(found, key=lambda one: _SEVERITY.get(one[0], 0))
    return (result, part) if result in _SEVERITY else (Result.NONE, None)


def _missing(
    text: str, spots: Iterable[Spot], links: Sequence[LinkFound], genuine: Iterable[Spotted]
) -> Missing | None:
    """What is missing to say "no signs found", or None."""
    rest = list(text)
    for spot in spots:
        rest[spot.start : spot.end] = " " * (spot.end - spot.start)
    words = "".join(rest)
    if 2 * len(_KNOWN_LETTERS.findall(words)) < len(_LETTERS.findall(words)):
        return Missing.LANGUAGE
    if _many_words(words):
        return None
    if any(one.answer.standing is Standing.THEIRS for one in genuine):
        return None
    if not links:
        return Missing.WORDS
    return Missing.LINK if all(one.verdict.result is LinkResult.CANNOT for one in links) else None


def _many_words(text: str) -> bool:
    return len(_WORDS.findall(text)) >= _FEWEST_WORDS


def _script(type_: str | None, stage: str | None) -> Script | None:
    kind = load_typologies().get(type_) if type_ else None
    if kind is None:
        return None
    at = Stage(stage) if stage else None
    return Script(kind, at, kind.stages[at].next if at else None)


def _crisis(text: str) -> Channel | None:
    packs = [load_pack(id) for id in (_PACKS if _HAN.search(text) else _PACKS[::-1])]
    return next((pack.crisis for pack in packs if crisis_words([("", text)], pack)), None)


# ------------------------------------------------------------------------------------------------- reasons

_LEARNED = (
    Words(zh="用词和已知的诈骗文本很像", en="Its wording is close to known scam texts"),
    Words(
        zh="这是比对大量真实文本得出的，只看字词组合，不懂意思，所以只作参考。",
        en="It comes from comparing many real texts. It sees letters, not their meaning: only a hint.",
    ),
)


def _reasons(words: Verdict, links: Sequence[LinkFound]) -> tuple[Reason, ...]:
    """The signals, heaviest first; then the words that moved the learned part."""
    if words.result not in _SEVERITY:
        return ()
    heaviest = sorted(words.evidence, key=lambda one: -one.signal.weight)
    reasons = [_reason(words.text, one, links) for one in heaviest]
    moved = words_learned(words)
    if moved:
        reasons.append(Reason("learned", *_LEARNED, None, tuple(sorted(moved))))
    return tuple(reasons)


def _reason(text: str, one: Evidence, links: Sequence[LinkFound]) -> Reason:
    record = one.signal.record
    places = _apart(_with_link(_trimmed(text, *place), links) for place in one.places)
    return Reason(one.signal.id, record.name, record.means, record.not_when, places)


def _with_link(place: tuple[int, int], links: Iterable[LinkFound]) -> tuple[int, int]:
    """The place with the whole of a link that it holds a part of."""
    start, end = place
    for link in links:
        if link.start < end and start < link.end:
            start, end = min(start, link.start), max(end, link.end)
    return start, end


def _apart(places: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The places in order, without those inside of another."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(places), key=lambda place: (place[0], -place[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The place without marks and spaces at its ends, unless it is nothing else."""
    words = text[start:end]
    left = len(words) - len(words.lstrip(_EDGES))
    right = len(words) - len(words.rstrip(_EDGES))
    return (start + left, end - right) if left + right < len(words) else (start, end)


# ------------------------------------------------------------------------------------- links and accounts


def _spots(text: str) -> tuple[Spot, ...]:
    """Links, accounts and numbers of the text; a domain that stands in a link is said by the link."""
    zone = "Asia/Shanghai" if _HAN.search(text) or not _WORDS.search(text) else "Europe/London"
    spots = spots_in(text, zone)
    urls = [spot for spot in spots if spot.kind is IndicatorKind.URL]
    return tuple(
        spot
        for spot in spots
        if spot.kind is not IndicatorKind.DOMAIN
        or not any(url.start <= spot.start and spot.end <= url.end for url in urls)
    )


def _links(sites: Iterable[Spot], lists: Sequence[ImportedList], today: date | None) -> tuple[LinkFound, ...]:
    return tuple(
        LinkFound(spot.start, spot.end, defanged(spot.value), check_link(spot.value, lists, today))
        for spot in sites
    )


def _accounts(
    spots: Iterable[Spot], workplace: Workplace | None, lang: str, own_cases: bool
) -> Vetting | None:
    asked = {
        (spot.kind, spot.value): Indicator(spot.kind, spot.value, (), spot.valid, spot.detail)
        for spot in spots
        if spot.kind not in _SITES
    }
    if workplace is None or not asked:
        return None
    return vet(workplace, asked.values(), lang, own_cases=own_cases)


def _genuine(
    text: str, sites: Iterable[Spot]
) -> tuple[tuple[Spotted, ...], SignatureRefused | RulePackError | None]:
    """A directory that is not as it was signed must not hide what the rest of the check says."""
    links = [(spot.start, spot.end, spot.value) for spot in sites]
    if not links and not _FIGURE.search(text):
        return (), None
    try:
        return genuine_in(text, links), None
    except (SignatureRefused, RulePackError) as error:
        return (), error
