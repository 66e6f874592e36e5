"""What counts as a sign in a mail: the data beside the rules, and a sign with the words that it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from clawback.rules.pack import Record, Words
from clawback.rules.yaml_text import read_yaml, refusal, typed

HERE = Path(__file__).resolve().parent
LONGEST_QUOTE = 160
"""Characters of a mail that one sign shows."""

Family = Literal["sender", "authentication", "links", "words", "disguise", "attachment"]
Language = Literal["zh", "en", "de", "fr", "es", "pt", "nl", "it"]
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\\s]+"
)


class SignRecord(Record):
    """A kind of sign. `weight`: 1 weak, 2 clear, 3 strong. `points_to`: a typology, or ""."""

    weight: Annotated[int, Field(ge=1, le=3)]
    family: Family
    points_to: str
    why: Words
    not_when: Words


class Brand(Record):
    """A body whose name is borrowed. `domains`: where it writes from. `everywhere`: under its own name with
    any country ending too. `common`: the name is an everyday word as well."""

    names: Annotated[tuple[str, ...], Field(min_length=1)]
    domains: Annotated[tuple[str, ...], Field(min_length=1)]
    everywhere: bool = False
    common: bool = False

    def owns(self, domain: str) -> bool:
        """Is the registrable `domain` one from which this body writes?"""
        if any(domain == own or domain.endswith("." + own) for own in self.domains):
            return True
        label, _, ending = domain.partition(".")
        return (
            self.everywhere
            and _is_country_ending(ending)
            and label in {d.partition(".")[0] for d in self.domains}
        )


@dataclass(frozen=True, slots=True)
class MailSign:
    """One sign. `where`: the header or place it was found in; `quote`: the very words there, shortened.

    `why` and `not_when` in both languages, filled with what stands in the mail.
    """

    code: str
    weight: int
    family: Family
    points_to: str | None
    where: str
    quote: str
    why: Words
    not_when: Words


def sign(code: str, where: str, quote: str, a: str | Words = "", b: str | Words = "") -> MailSign:
    """The sign `code` on `quote`; `a` and `b` fill its reason (`a` is the quote where none is given)."""
    record = sign_records()[code]
    first, second = _in_both(a or quote), _in_both(b)
    why = Words(
        zh=_filled(record.why.zh, first.zh, second.zh), en=_filled(record.why.en, first.en, second.en)
    )
    return MailSign(
        code,
        record.weight,
        record.family,
        record.points_to or None,
        where,
        shown(quote),
        why,
        record.not_when,
    )


def _in_both(words: str | Words) -> Words:
    if isinstance(words, Words):
        return words
    return Words(zh=shown(words) or "—", en=shown(words) or "—")


def shown(words: str) -> str:
    """A piece of a mail on one line, without invisible characters, at most `LONGEST_QUOTE` long."""
    line = _INVISIBLE.sub(" ", words[: 4 * LONGEST_QUOTE]).strip()
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"


def _filled(sentence: str, a: str, b: str) -> str:
    # One pass, so that braces inside a mail's own words are never filled.
    return re.sub(r"\{([ab])\}", lambda found: a if found.group(1) == "a" else b, sentence)


def _is_country_ending(ending: str) -> bool:
    return re.fullmatch(r"(?:com?\.)?[a-z]{2}", ending) is not None


@cache
def sign_records() -> dict[str, SignRecord]:
    """Every kind of sign by its code. Raises RulePackError when the file is damaged."""
    return typed(read_yaml(HERE / "mail_signs.yaml", "mail_signs.yaml"), TypeAdapter(dict[str, SignRecord]))


@cache
def brands() -> dict[str, Brand]:
    """Every body by its id. Raises RulePackError when the file is damaged."""
    return typed(read_yaml(HERE / "mail_brands.yaml", "mail_brands.yaml"), TypeAdapter(dict[str, Brand]))


@cache
def lures() -> dict[str, dict[str, re.Pattern[str]]]:
    """For each kind of lure an expression by language. Raises RulePackError that names what is wrong."""
    name = "mail_lures.yaml"
    document = read_yaml(HERE / name, name)
    known = sign_records()
    compiled: dict[str, dict[str, re.Pattern[str]]] = {}
    for code, said in typed(document, TypeAdapter(dict[str, dict[Language, tuple[str, ...]]])).items():
        if code not in known:
            raise refusal(name, document.line_of((code,)), code, "is no sign of mail_signs.yaml")
        try:
            compiled[code] = {
                language: _expression(language, patterns) for language, patterns in said.items()
            }
        except re.error as error:
            raise refusal(name, document.line_of((code,)), code, f"is no expression ({error})") from error
    return compiled


def _expression(language: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One for all; outside of Chinese it begins where a word begins."""
    begins = "" if language == "zh" else r"(?<![a-z0-9])"
    return re.compile(begins + "(?:" + "|".join(patterns) + ")")
