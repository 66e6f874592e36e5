"""Is this mail a scam? Signs in its parts, each with the words or the header that it rests on.

Nothing is fetched and nothing is kept. Four results and no score: signs have weights, those of one family
count up to a bound, and no single weak or clear sign is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clawback.guard.mail_links import link_signs
from clawback.guard.mail_looks import attachment_signs, look_signs
from clawback.guard.mail_parts import MailParts
from clawback.guard.mail_senders import authentication_signs, from_known_body, sender_signs
from clawback.guard.mail_signs import MailSign, sign
from clawback.guard.mail_words import word_signs
from clawback.guard.verdict import Result, Verdict

_CLEAR = 3  # the weight of a sign that leaves little doubt
_SOME, _LIKELY = 3, 6
_MOST_OF_FAMILY = {"sender": 5, "authentication": 3, "links": 4, "disguise": 4, "attachment": 4}
_MANY_WORDS = 5
_MAKES_LIKELY = 2  # families that must agree


@dataclass(frozen=True, slots=True)
class MailVerdict:
    """What a mail shows. `signs`: strongest first. `type`: the typology that they speak for, or None.

    What a mailing list or a known mailing company explains is not among the signs.
    """

    result: Result
    type: str | None
    signs: tuple[MailSign, ...]


def check_mail(parts: MailParts, words: Verdict | None = None) -> MailVerdict:
    """Look at a mail; `words`: what the text engine said of its subject and text, where it was asked.

    The same parts give the same answer; nothing in a mail makes it raise.
    """
    signs = sorted(signs_in(parts, words), key=lambda one: -one.weight)
    weight, families = _weight(signs, parts)
    if weight >= _LIKELY and families >= _MAKES_LIKELY:
        result = Result.LIKELY
    elif weight >= _SOME:
        result = Result.SOME
    else:
        empty = not (parts.headers or parts.text.strip())
        result = Result.CANNOT if empty else Result.NONE
    shown = tuple(signs) if result in (Result.LIKELY, Result.SOME) else ()
    return MailVerdict(result, _type(shown), shown)


def signs_in(parts: MailParts, words: Verdict | None = None) -> Iterator[MailSign]:
    """Every sign, also those that are too few to be shown; for measuring."""
    said = list(word_signs(parts))
    yield from sender_signs(parts, {one.code for one in said})
    yield from authentication_signs(parts)
    yield from link_signs(parts)
    yield from look_signs(parts)
    yield from attachment_signs(parts)
    yield from said
    if words is not None and words.result in (Result.LIKELY, Result.SOME):
        yield _of_text(words)


def _of_text(words: Verdict) -> MailSign:
    """What the text engine found, on the words that weigh most with it."""
    heaviest = max(words.evidence, key=lambda one: one.signal.weight, default=None)
    code = "text_likely" if words.result is Result.LIKELY else "text_some"
    if heaviest is None:
        return replace(sign(code, "text", "", "—"), points_to=words.type)
    start, end = heaviest.places[0]
    found = sign(code, "text", words.text[start:end], b=heaviest.signal.record.name)
    return replace(found, points_to=words.type)


def _weight(signs: Sequence[MailSign], parts: MailParts) -> tuple[int, int]:
    """The weight of all signs, and how many families they come from."""
    raw: dict[str, int] = {}
    for one in signs:
        raw[one.family] = raw.get(one.family, 0) + one.weight
    words = raw.pop("words", 0)
    clearest = max((one.weight for one in signs if one.family == "words"), default=0)
    if parts.from_list and "authentication" in raw:
        raw["authentication"] = 1  # lists change what they pass on, and the checks then fail
    rest = sum(min(weight, _MOST_OF_FAMILY[family]) for family, weight in raw.items())
    full = clearest == _CLEAR or rest > 1 or (words >= _MANY_WORDS and not from_known_body(parts))
    return rest + _weight_of_words(words if clearest > 1 else min(words, 1), full, parts), len(raw) + bool(
        words
    )


def _weight_of_words(words: int, full: bool, parts: MailParts) -> int:
    """Words alone are not enough, unless they are loud or many (`full`): honest mail talks of prizes and
    payments as well. In a conversation they say least of all."""
    if parts.from_list or parts.in_conversation:
        return min(words, 1)
    return min(words, 3 if full else 2)


def _type(signs: Sequence[MailSign]) -> str | None:
    """What most weight speaks for. The words of a mail decide before its technique; those that say clearly
    more than "phishing" before the rest, and of two that are even the one that says more."""
    pointing = [one for one in signs if one.points_to]
    spoken = [one for one in pointing if one.family == "words" and one.weight > 1]
    telling = [one for one in spoken if one.weight == _CLEAR and one.points_to != "phishing"]
    weights: dict[str, int] = {}
    for one in telling or spoken or pointing:
        weights[str(one.points_to)] = weights.get(str(one.points_to), 0) + one.weight
    return max(weights, key=lambda id: (weights[id], id != "phishing"), default=None)
