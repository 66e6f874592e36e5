"""Is this message, link or number part of a scam? What the rule packs' words and the indicators can say.

Nothing is kept and nothing is asked of the network. Four results with fixed words and no score. A sign that
stands in a warning (谨防刷单返利; never move money to a safe account) is no sign: police and banks use the
same words. Where the words are too few, we say so rather than guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import BinaryIO
from urllib.parse import urlsplit

from clawback.model.domains import registrable
from clawback.model.indicators import IndicatorKind
from clawback.model.plan import Channel
from clawback.model.runningtext import plain
from clawback.plan.situations import crisis_words
from clawback.readers.box import Box
from clawback.readers.indicators import spots_in
from clawback.readers.wire import Header
from clawback.rules.load import load_pack
from clawback.rules.pack import Pack, Words
from clawback.vault.media_types import media_type_of

LONGEST = 20_000
"""Characters that are looked at; a longer text is cut, and the page says so."""

LARGEST_PICTURE = 20 * 1024 * 1024
_HEAD = 64 * 1024

_PACKS = ("cn", "gb")
_RECOVERY = "recovery_scam"
# What somebody offers or demands; the other situations describe what happened to a victim, in words that
# banks and shops use as well.
_OFFERS = frozenset(
    {
        _RECOVERY,
        "fake_investment",
        "task_scam",
        "impersonation",
        "fake_shop",
        "illegal_gambling",
        "withdrawal_refused",
        "app_payment",
    }
)
# What no text of ours may say, because those who cheat say it: the situation that each belongs to.
_SAID = {
    "promise_recovery": _RECOVERY,
    "hire_recovery": _RECOVERY,
    "pay_to_withdraw": "withdrawal_refused",
    "move_to_safe_account": "impersonation",
}
_STRONG, _WEAK = 3, 1
_SOME = 3
_LIKELY = 6
_LIKELY_RECOVERY = 4  # product promise 8: the second scam is expected, and its words are rarely honest ones

_SENTENCE = re.compile(r"[^。！？!?；;\n]+?(?:[。！？!?；;\n]+|\.(?=\s)|$)")
_WARNING = re.compile(
    r"不要(?!告诉|让|跟|和|声张)|切勿|请勿|谨防|警惕|防范|当心|反诈|骗局|诈骗|骗子|行骗|受害人|没有人能|不得承诺"
    r"|不(?:能)?保证|绝不|从不|不存在|一律不|不负责|没有[“「\"]"
    r"|\bnever (?:ask|call|move|send|pay|give|share|transfer|click|hand|reply)"
    r"|\b(?:do not|don't)\b(?! (?:tell|mention|speak))"
    r"|\bbeware\b|\bscam(?:s|mers?)?\b|\bfraudsters?\b|(?<!tell )\b(?:nobody|no one)\b"
    r"|\bcannot (?:guarantee|promise)\b|\bvictims?\b",
    re.IGNORECASE,
)
_NO_WARNING = re.compile(  # "we are no scam" warns of nothing, nor does "to protect you from fraud, pay us"
    r"(?:不是|绝非|并非|不搞|杜绝)(?:什么)?(?:诈骗|骗子|骗局)"
    r"|(?:防止|避免|防范)(?:您)?(?:被)?(?:诈骗|骗局)[，,]?请"
    r"|涉嫌.{0,4}诈骗|诈骗案|(?:not|no|isn't) (?:a )?scam(?:mer)?s?",
    re.IGNORECASE,
)
_LINKS = (IndicatorKind.URL, IndicatorKind.DOMAIN, IndicatorKind.EMAIL)
_NUMBER = re.compile(r"(?<![0-9])\+?[0-9](?:[0-9 -]{0,14}[0-9])?(?![0-9])")
_CALLS = re.compile(r"(?:拨打|致电|打|电话|热线|call|dial|ring|phone|on)[:：\s]*$", re.IGNORECASE)
_WORDS = re.compile(r"[㐀-鿿]|[A-Za-z]{2,}")
_HAN = re.compile(r"[㐀-鿿]")
_FEWEST_WORDS = 8


class Result(StrEnum):
    """What can be said. There is no result that means "safe"."""

    LIKELY = "likely"
    SOME = "some"
    NONE = "none"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Sign:
    """Words at text[start:end] that speak for a situation. `why`: in both languages."""

    start: int
    end: int
    situation: str
    strong: bool
    why: Words


@dataclass(frozen=True, slots=True)
class Quote:
    """Words at text[start:end] as they stand, with every reason why they are a sign."""

    start: int
    end: int
    whys: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator at text[start:end]. `shown`: for a screen: links defanged, personal numbers masked."""

    start: int
    end: int
    kind: IndicatorKind
    shown: str
    valid: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Genuine:
    """Something in the text is a channel of the rule pack: `shown` as it stands there."""

    shown: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Check:
    """What a text shows. `signs` in order of the text; `situation`: (id, name) that they speak for, or None.

    `warned`: words that would be signs but stand in a warning. `crisis`: a human help line, where the words
    call for one. `cut`: the text was longer than is looked at.
    """

    text: str
    result: Result
    situation: tuple[str, Words] | None
    signs: tuple[Sign, ...]
    warned: tuple[str, ...]
    found: tuple[Found, ...]
    genuine: tuple[Genuine, ...]
    crisis: Channel | None
    cut: bool

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The signs as pieces of the text that do not overlap, in order."""
        quotes: list[Quote] = []
        for sign in self.signs:
            last = quotes[-1] if quotes else None
            if last is None or sign.start >= last.end:
                quotes.append(Quote(sign.start, sign.end, (sign.why,)))
            else:
                whys = tuple(dict.fromkeys((*last.whys, sign.why)))
                quotes[-1] = Quote(last.start, max(last.end, sign.end), whys)
        return tuple(quotes)


@dataclass(frozen=True, slots=True)
class PictureText:
    """What was read in a picture. `problem`: code of why nothing was, or None."""

    text: str
    problem: str | None


def check(text: str) -> Check:
    """Look at `text`. The same text gives the same answer."""
    looked = text[:LONGEST]
    packs = [load_pack(id) for id in _packs_for(looked)]
    signs, warned = _signs(looked, packs)
    situation, weight = _heaviest(signs)
    found = tuple(_found(looked))
    genuine = tuple(_genuine(looked, found))
    about = _named(situation, packs) if situation else None
    return Check(
        text=looked,
        result=_result(looked, situation, weight, found, genuine),
        situation=about if weight >= _SOME else None,
        signs=signs if weight >= _SOME else (),
        warned=warned,
        found=found,
        genuine=genuine,
        crisis=next((pack.crisis for pack in packs if crisis_words([("", looked)], pack)), None),
        cut=len(text) > LONGEST,
    )


def read_picture(name: str, picture: BinaryIO, size: int, today: date) -> PictureText:
    """The words in a picture, read in a box of its own; nothing is kept."""
    if size > LARGEST_PICTURE:
        return PictureText("", "too_large")
    kind = media_type_of(name, picture.read(_HEAD))
    picture.seek(0)
    if not kind.startswith("image/"):
        return PictureText("", "no_picture")
    with Box() as box:
        reading = box.read(picture, Header(1, name, size, kind, "Asia/Shanghai", today), lambda *_: None)
    text = "\n".join(piece.text for piece in reading.texts)
    if text:
        return PictureText(text, None)
    return PictureText("", next((problem.code for problem in reading.problems), "no_text_found"))


def genuine_channels(lang: str) -> tuple[Channel, ...]:
    """Bodies that can be called or visited, from the rule pack of the place where `lang` is spoken."""
    pack = load_pack(_PACKS[0] if lang == "zh" else _PACKS[1])
    return tuple(one for one in map(pack.channel, pack.channels) if one.phone or one.url)


def defanged(link: str) -> str:
    """A link that nothing turns into one: hxxps://shop[.]example/a."""
    return re.sub(r"^http", "hxxp", link, flags=re.IGNORECASE).replace(".", "[.]")


# ------------------------------------------------------------------------------------------------- words


def _packs_for(text: str) -> tuple[str, ...]:
    """Rule packs by the script of the text: Chinese words are signs in Chinese texts, English in English."""
    latin = len(re.findall(r"[A-Za-z]{2,}", text))
    if _HAN.search(text):
        return _PACKS if latin > _FEWEST_WORDS else _PACKS[:1]
    return _PACKS[::-1]


def _signs(text: str, packs: Sequence[Pack]) -> tuple[tuple[Sign, ...], tuple[str, ...]]:
    """Signs outside of warnings, none inside another; and the words that stand in warnings."""
    kept: list[Sign] = []
    warned: list[str] = []
    for sentence in _SENTENCE.finditer(text):
        excused = _is_warning(sentence.group())
        for sign in _in_sentence(sentence.group(), sentence.start(), packs):
            if excused:
                warned.append(text[sign.start : sign.end])
            else:
                kept.append(sign)
    return tuple(_apart(kept)), tuple(dict.fromkeys(warned))


def _is_warning(sentence: str) -> bool:
    return _WARNING.search(_NO_WARNING.sub("", sentence)) is not None


def _in_sentence(sentence: str, offset: int, packs: Sequence[Pack]) -> Iterable[Sign]:
    folded = sentence.lower()
    for pack in packs:
        for id, situation in pack.situations.items():
            if id in _OFFERS:
                for words, strong in ((situation.signs.strong, True), (situation.signs.weak, False)):
                    for word in words:
                        at = folded.find(word.lower())
                        if at >= 0 and _whole(folded, at, word):
                            yield Sign(offset + at, offset + at + len(word), id, strong, situation.describe)
        for id, situation_id in _SAID.items():
            rule = pack.never_say.get(id)
            said = rule.found_in(sentence) if rule else None
            if rule and said:
                at = sentence.index(said)
                yield Sign(offset + at, offset + at + len(said), situation_id, True, rule.why)


def _whole(text: str, at: int, word: str) -> bool:
    """An English word may go on (withdraw, withdrawal) but not begin inside another (rest in "forest")."""
    return not word[0].isascii() or at == 0 or not (text[at - 1].isascii() and text[at - 1].isalpha())


def _apart(signs: Iterable[Sign]) -> Iterable[Sign]:
    """Per situation, longest first, each word once; in order of the text."""
    kept: list[Sign] = []
    for sign in sorted(signs, key=lambda one: (one.start - one.end, not one.strong, one.start)):
        same = [one for one in kept if one.situation == sign.situation]
        if not any(one.start < sign.end and sign.start < one.end for one in same):
            kept.append(sign)
    return sorted(kept, key=lambda one: (one.start, -one.end))


def _heaviest(signs: Sequence[Sign]) -> tuple[str | None, int]:
    """The situation that the signs speak for most; recovery scams first when it is even."""
    weights: dict[str, int] = {}
    for sign in signs:
        weights[sign.situation] = weights.get(sign.situation, 0) + (_STRONG if sign.strong else _WEAK)
    if weights.get(_RECOVERY, 0) >= _SOME:
        return _RECOVERY, weights[_RECOVERY]
    best = max(weights, key=lambda id: weights[id], default=None)
    return best, weights[best] if best else 0


def _named(situation: str, packs: Sequence[Pack]) -> tuple[str, Words] | None:
    return next(
        ((situation, pack.situations[situation].name) for pack in packs if situation in pack.situations), None
    )


def _result(
    text: str, situation: str | None, weight: int, found: Sequence[Found], genuine: Sequence[Genuine]
) -> Result:
    if weight >= (_LIKELY_RECOVERY if situation == _RECOVERY else _LIKELY):
        return Result.LIKELY
    if weight >= _SOME:
        return Result.SOME
    rest = list(text)
    for one in found:
        rest[one.start : one.end] = " " * (one.end - one.start)
    enough = len(_WORDS.findall("".join(rest))) >= _FEWEST_WORDS
    return Result.NONE if enough or genuine else Result.CANNOT


# -------------------------------------------------------------------------------------------- indicators


def _found(text: str) -> Iterable[Found]:
    zone = "Asia/Shanghai" if _HAN.search(text) or not _WORDS.search(text) else "Europe/London"
    spots = spots_in(text, zone)
    urls = [spot for spot in spots if spot.kind is IndicatorKind.URL]
    for spot in spots:
        within = any(url.start <= spot.start and spot.end <= url.end for url in urls)
        if spot.kind is IndicatorKind.DOMAIN and within:
            continue  # the link says it already
        yield Found(spot.start, spot.end, spot.kind, _shown(spot.kind, spot.value), spot.valid, spot.detail)


def _shown(kind: IndicatorKind, value: str) -> str:
    if kind in _LINKS:
        return defanged(value)
    if kind is IndicatorKind.ID_CARD:
        return f"{value[:4]}{'*' * (len(value) - 5)}{value[-1:]}"
    return value


def _genuine(text: str, found: Sequence[Found]) -> Iterable[Genuine]:
    """Numbers and sites that stand in a rule pack. A number of few digits counts only where it is called."""
    phones, hosts = _directory()
    seen: set[str] = set()
    prepared = plain(text)
    links = [one for one in found if one.kind in _LINKS]
    for match in _NUMBER.finditer(prepared):
        if any(one.start <= match.start() < one.end for one in links):
            continue  # 12315.cn.elsewhere is not 12315
        digits = _digits(match.group())
        called = _CALLS.search(prepared[max(0, match.start() - 12) : match.start()])
        alone = prepared.strip() == match.group()
        if digits in phones and digits not in seen and (len(digits) > 4 or called or alone):
            seen.add(digits)
            yield Genuine(match.group(), phones[digits])
    for one in found:
        host = registrable(one.shown.replace("[.]", ".").removeprefix("www.")) or _host(one.shown)
        if one.kind in (IndicatorKind.URL, IndicatorKind.DOMAIN) and host in hosts and host not in seen:
            seen.add(host)
            yield Genuine(one.shown, hosts[host])


def _directory() -> tuple[dict[str, Channel], dict[str, Channel]]:
    """Channels by the digits of their number and by the domain of their site."""
    channels = [pack.channel(id) for pack in map(load_pack, _PACKS) for id in pack.channels]
    phones = {_digits(one.phone): one for one in reversed(channels) if one.phone}
    hosts = {_host(one.url): one for one in reversed(channels) if one.url}
    return phones, hosts


def _digits(number: str) -> str:
    digits = re.sub(r"[^0-9]", "", number)
    return "0" + digits[2:] if digits.startswith("44") and len(digits) > 10 else digits


def _host(link: str) -> str:
    host = urlsplit(link.replace("[.]", ".").replace("hxxp", "http")).hostname or ""
    return registrable(host) or host
