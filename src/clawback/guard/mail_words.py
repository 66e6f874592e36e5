"""What a mail's words offer or threaten, in the languages in which such mails come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from clawback.guard.mail_parts import MailParts
from clawback.guard.mail_signs import MailSign, lures, sign
from clawback.guard.normalise import normalise

OPENING = 1_500
"""Characters of the text in which a lure counts. A scam comes to the point; in a long text the same words
turn up by chance, and scams append such texts to look harmless."""

# What honest mail from strangers hardly ever has in its subject.
_LOUD = frozenset(
    (
        "casino",
        "dating",
        "crypto_gift",
        "wallet_check",
        "sudden_money",
        "blackmail",
        "miracle_cure",
        "loan_offer",
        "points_expire",
        "card_offer",
    )
)
_MOST_BUTTONS = 40
_QUOTED = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)
_WORD = re.compile(r"[a-z]{2,12}")
# Small words that tell languages apart, without accents.
_SMALL = {
    "en": "the and you your for with this that have are our from will not please is to of",
    "de": "der die das und sie ihr ihre ist nicht mit fur auf ein eine wir von zu den dem bei jetzt hier",
    "fr": "le la les et vous votre vos est pas pour avec une des du sur nous dans ce cette ici",
    "es": "el la los las y usted su sus es no para con una del por en este esta que aqui haga",
    "pt": "o a os as e voce seu sua seus suas nao para com uma do da dos das por em este esta que clique",
    "nl": "de het een en u uw is niet met voor op wij van te je jouw bij nu naar deze aan",
    "it": "il lo la gli e lei suo sua non per con una del della di in questo questa che le tuo tua",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_FEW_WORDS = 12
_ENOUGH = 0.6  # of the count of the language that has most


def word_signs(parts: MailParts) -> Iterator[MailSign]:
    """Each kind of lure once, where it is said first: in the name, the subject, the opening or a button."""
    text, head = opening(parts)
    plain = normalise(text)
    spoken = languages(plain.text)
    for code, by_language in lures().items():
        found = [match for language in spoken if (match := _said(by_language, language, plain.text))]
        if found:
            first = min(found, key=lambda match: match.start())
            start, end = plain.span(first.start(), first.end())
            loud = start < head and code in _LOUD
            said = sign(code, "Subject" if start < head else "text", text[start:end])
            yield replace(said, weight=3) if loud else said


def _said(by_language: dict[str, re.Pattern[str]], language: str, text: str) -> re.Match[str] | None:
    pattern = by_language.get(language)
    return pattern.search(text) if pattern else None


def opening(parts: MailParts) -> tuple[str, int]:
    """What a reader sees first, without the lines of somebody else that an answer quotes; and how much of it
    is name and subject."""
    names = " ".join(box.name for box in parts.senders[:3])
    body = _QUOTED.sub("", parts.text[: 4 * OPENING])[:OPENING]
    buttons = "\n".join(link.words for link in parts.links[:_MOST_BUTTONS] if len(link.words) < 80)
    head = f"{names}\n{parts.subject}\n"
    return f"{head}{body}\n{buttons}", len(head)


def languages(text: str) -> list[str]:
    """Languages that a plain text seems to be in; all of them when it is too short to tell."""
    words = _WORD.findall(text)
    counts = {lang: sum(word in small for word in words) for lang, small in _SMALL_WORDS.items()}
    most = max(counts.values())
    spoken = [lang for lang, count in counts.items() if count >= _ENOUGH * most and count > 1]
    if len(words) < _FEW_WORDS or not spoken:
        spoken = list(_SMALL)
    return [*spoken, "zh"] if re.search("[\u3400-\u9fff]", text) else spoken
