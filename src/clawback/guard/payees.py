"""Is the payee the firm that one deals with? Two names compared, without guessing about masked ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

LONGEST = 100
"""Characters of a name that are compared."""

_MASK = re.compile(r"[*＊●•×]|(?<![a-z])x{2,}(?![a-z])", re.IGNORECASE)
_HAN_NAME = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,8}·[㐀-鿿]{1,10}")
_LATIN_NAME = re.compile(
    r"(?:(?:mr|mrs|ms|miss|dr)\.?\s+)?[a-z][a-z'’.-]*(?:\s+[a-z][a-z'’.-]*){1,3}", re.IGNORECASE
)
_FEWEST_FOR_LOOKALIKE = 6
_MOST_DIFFERENT = 2
_NOT_A_LETTER = re.compile(r"[\W_]+")


class NameMatch(StrEnum):
    """How the name of a firm and that of a payee go together."""

    SAME = "same"
    FORM = "form"  # but for the legal form, or one is a part of the other
    LOOKALIKE = "lookalike"  # a letter or two differ
    PROCESSOR = "processor"  # a payment firm stands between
    PERSON = "person"
    DIFFERENT = "different"
    MASKED = "masked"  # cannot be compared


def compare_names(
    firm: str,
    payee: str,
    *,
    firm_words: Iterable[str],
    legal_forms: Iterable[str],
    processors: Iterable[str],
) -> NameMatch | None:
    """How `payee` goes with `firm`; None when one of them is not given.

    `firm_words`: parts of names that no person has; `legal_forms`: what is taken off before comparing.
    """
    one, other = _folded(firm), _folded(payee)
    if not one or not other:
        return None
    if _MASK.search(payee):
        return NameMatch.MASKED
    if one == other:
        return NameMatch.SAME
    if any(_folded(name) in other for name in processors):
        return NameMatch.PROCESSOR
    short, other_short = _core(firm, legal_forms), _core(payee, legal_forms)
    if short == other_short or _is_part(short, other_short):
        return NameMatch.FORM
    if _looks_alike(short, other_short):
        return NameMatch.LOOKALIKE
    if _is_person(payee, firm_words):
        return NameMatch.PERSON
    return NameMatch.DIFFERENT


def _prepared(name: str) -> str:
    return unicodedata.normalize("NFKC", name[:LONGEST]).casefold()


def _folded(name: str) -> str:
    """Letters and digits alone."""
    return _NOT_A_LETTER.sub("", _prepared(name))


def _core(name: str, legal_forms: Iterable[str]) -> str:
    """The name without its legal form; Latin forms only as words of their own. The whole name when nothing
    else is left."""
    text = " ".join(re.sub(r"[^\w]|_", " ", _prepared(name)).split())
    for form in sorted(legal_forms, key=len, reverse=True):
        pattern = rf"(?<![a-z]){re.escape(form)}(?![a-z])" if form.isascii() else re.escape(form)
        text = re.sub(pattern, " ", text)
    return "".join(text.split()) or _folded(name)


def _is_part(one: str, other: str) -> bool:
    """Is one the other's beginning or a telling part? Two characters of Chinese or four letters at least."""
    shorter, longer = sorted((one, other), key=len)
    fewest = 4 if shorter.isascii() else 2
    return len(shorter) >= fewest and shorter in longer


def _looks_alike(one: str, other: str) -> bool:
    fewest = _FEWEST_FOR_LOOKALIKE if one.isascii() else 4
    if min(len(one), len(other)) < fewest or abs(len(one) - len(other)) > _MOST_DIFFERENT:
        return False
    most = _MOST_DIFFERENT if one.isascii() else 1
    return _edits(one, other) <= most


def _edits(one: str, other: str) -> int:
    """Letters to add, drop or change (Levenshtein); names are short."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, row[0] = row[0], place
        for at, its in enumerate(other, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != its))
    return row[-1]


def _is_person(name: str, firm_words: Iterable[str]) -> bool:
    text = _prepared(name).strip()
    words = set(re.findall(r"[a-z]+", text))
    if any((word in words) if word.isascii() else (word in text) for word in firm_words):
        return False
    return bool(_HAN_NAME.fullmatch(text) or _LATIN_NAME.fullmatch(text))
