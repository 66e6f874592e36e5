"""Phrases of signals: a small language for what people say, compiled for one pass over a text.

    转…(安全账户|指定账户)       … : a few words between, within one sentence
    (pay*|send) … {fee} before   pay* : paid, paying, payment;  {fee} : one word or phrase of that list
    (请)?提供#位验证码           ( | ) alternatives, ? may be absent;  # : a number, also in words

Chinese matches anywhere, Latin words only as whole words. Text and phrases are lower case and Simplified,
with narrow punctuation (`normalise`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import add

from clawback.errors import RulePackError
from clawback.guard.normalise import is_han

GAP_HAN, GAP_LATIN = 14, 48
"""Characters that … may pass over, in a phrase with Chinese and in one without."""

_MOST_GAPS = 3  # each multiplies the work that a hostile text can cause
_NUMBER = r"[0-9零一二两三四五六七八九十百千万亿.,]{1,12}%?"
_TOKEN = re.compile(r"…|[(|)?#]|\{[a-z_]+\}|[a-z0-9][a-z0-9'&+_-]*\*?|\s+|[^\s(|)?#{}a-z0-9…*]+")
_WORD = re.compile(r"[a-z0-9][a-z0-9'&+_-]*")
_LONG_KEY, _SHORT_KEY, _HAN_KEY = 4, 3, 2
_FEW = 60  # an anchor of more words than this is no help
_EMPTY = frozenset({""})
_LEFT, _RIGHT = "(?<![a-z0-9])", "(?![a-z0-9])"  # the bounds of a Latin word


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a phrase: its expression; sets of strings of each of which one must stand in the text
    (none: it may be absent); and all that it can match, where that is a short list."""

    pattern: str
    anchors: tuple[frozenset[str], ...] = ()
    exact: frozenset[str] = frozenset()


class PhraseIndex:
    """Many phrases, of which a text is asked only those that share a key with it."""

    def __init__(self, phrases: Sequence[str], lists: Mapping[str, Sequence[str]]) -> None:
        """Raises RulePackError that names the phrase which cannot be read."""
        self._patterns: list[re.Pattern[str] | str] = []  # compiled when first asked for
        self._needed: list[tuple[frozenset[str], ...]] = []
        by_key: dict[str, list[int]] = {}
        for number, phrase in enumerate(phrases):
            pattern, anchors = translate_phrase(phrase, lists)
            rarest = max(anchors, key=_worth)
            self._patterns.append(pattern)
            self._needed.append(tuple(_keys(one) for one in anchors if one is not rarest))
            for key in sorted(_keys(rarest)):
                by_key.setdefault(key, []).append(number)
        self._by_key = {key: tuple(numbers) for key, numbers in by_key.items()}
        self._keys = self._by_key.keys()

    def find(self, sentence: str) -> Iterator[tuple[int, int, int]]:
        """(number of the phrase, start, end) of the first place of each that stands in `sentence`."""
        keys = _keys_of(sentence)
        candidates = {number for key in self._keys & keys for number in self._by_key[key]}
        for number in sorted(candidates):
            for needed in self._needed[number]:
                if keys.isdisjoint(needed):
                    break
            else:
                found = self._pattern(number).search(sentence)
                if found:
                    yield number, found.start(), found.end()

    def _pattern(self, number: int) -> re.Pattern[str]:
        held = self._patterns[number]
        if isinstance(held, str):
            held = self._patterns[number] = re.compile(held)
        return held


def translate_phrase(
    phrase: str, lists: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[frozenset[str], ...]]:
    """The expression of `phrase`, and sets of words: of each set one stands in every text that it matches.

    `lists`: what {name} stands for. Raises RulePackError with the phrase and what is wrong.
    """
    tokens = [found.group() for found in _TOKEN.finditer(phrase)]
    if "".join(tokens) != phrase or phrase != phrase.lower().strip():
        raise _refused(phrase, "unreadable: lower case, narrow punctuation, * only behind a Latin word")
    if tokens.count("…") > _MOST_GAPS:
        raise _refused(phrase, f"more than {_MOST_GAPS} gaps")
    reader = _Reader(phrase, tokens, lists)
    part = reader.choice()
    if reader.rest:
        raise _refused(phrase, "brackets do not close")
    if not part.anchors:
        raise _refused(phrase, "no word that must be there")
    return part.pattern, part.anchors


def any_phrase(phrases: Sequence[str], lists: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """One expression for a few phrases. Raises RulePackError as `translate_phrase` does."""
    return re.compile("|".join(translate_phrase(phrase, lists)[0] for phrase in phrases))


class _Reader:
    """Recursive descent over the tokens of one phrase."""

    def __init__(self, phrase: str, tokens: list[str], lists: Mapping[str, Sequence[str]]) -> None:
        self.rest = tokens
        self._phrase = phrase
        self._lists = lists
        self._gap = GAP_HAN if any(is_han(char) for char in phrase) else GAP_LATIN

    def choice(self) -> _Part:
        """Alternatives up to the ) of the level above, or the end."""
        options = [self._sequence()]
        while self.rest and self.rest[0] == "|":
            del self.rest[0]
            options.append(self._sequence())
        return options[0] if len(options) == 1 else _any_of(options)

    def _sequence(self) -> _Part:
        pattern, anchors = "", list[frozenset[str]]()
        run, whole = _EMPTY, True  # what the last pieces say in a row, if that is a short list
        while self.rest and self.rest[0] not in ("|", ")"):
            part = self._piece()
            if self.rest and self.rest[0] == "?":
                del self.rest[0]
                part = _Part(f"(?:{part.pattern})?")
            pattern += part.pattern
            if not part.exact or len(run) * len(part.exact) > _FEW:
                anchors += [run] if _searchable(run) else []
                run, whole = _EMPTY, False
            run = frozenset(map("".join, product(run, part.exact or _EMPTY)))
            anchors += () if part.exact else part.anchors
        anchors += [run] if _searchable(run) else []
        return _Part(pattern, tuple(anchors), run if whole else frozenset())

    def _piece(self) -> _Part:
        piece = self.rest.pop(0)
        if piece == "(":
            inner = self.choice()
            if not self.rest:
                raise _refused(self._phrase, "brackets do not close")
            del self.rest[0]
            return _any_of([inner])
        if piece.startswith("{"):
            return self._list(piece[1:-1])
        if piece == "…":
            return _Part(rf"[^。.!?;\n]{{0,{self._gap}}}?")
        if piece == "#":
            return _Part(_NUMBER)
        if piece == "?":
            raise _refused(self._phrase, "? behind nothing")
        return _literal(piece)

    def _list(self, name: str) -> _Part:
        if name not in self._lists:
            raise _refused(self._phrase, f"no list {name}")
        readers = [_Reader(word, _TOKEN.findall(word), self._lists) for word in self._lists[name]]
        return _any_of([reader.choice() for reader in readers])


def _any_of(options: Sequence[_Part]) -> _Part:
    anchors: tuple[frozenset[str], ...] = ()
    if all(option.anchors for option in options):
        anchors = (frozenset[str]().union(*(max(option.anchors, key=_worth) for option in options)),)
    exact: frozenset[str] = frozenset()
    if all(option.exact for option in options):
        exact = frozenset[str]().union(*(option.exact for option in options))
    return _Part(_alternatives([option.pattern for option in options]), anchors, exact)


def _alternatives(patterns: Sequence[str]) -> str:
    """One of `patterns`. The bounds of a word that all share are asked for once: then most are passed over by
    their first letter alone."""
    left = _LEFT if all(pattern.startswith(_LEFT) for pattern in patterns) else ""
    right = _RIGHT if all(pattern.endswith(_RIGHT) for pattern in patterns) else ""
    inner = (pattern.removeprefix(left).removesuffix(right) for pattern in patterns)
    return f"{left}(?:{'|'.join(inner)}){right}"


def _literal(token: str) -> _Part:
    if token.isspace():
        return _Part(r"[^\w。.!?;\n]{0,3}")
    word = token.removesuffix("*")
    exact = frozenset({word})
    if not _WORD.fullmatch(word):
        return _Part(re.escape(token), (exact,) if _searchable(exact) else (), exact)
    ending = "[a-z]*" if token.endswith("*") else ""
    found = len(word) >= _SHORT_KEY or (not ending and len(word) > 1)
    pattern = f"{_LEFT}{re.escape(word)}{ending}{_RIGHT}"
    return _Part(pattern, (exact,) if found else (), frozenset() if ending else exact)


def _searchable(words: frozenset[str]) -> bool:
    """Can every one be looked for? A Chinese character can, alone; a Latin letter stands everywhere."""
    return all(map(_key, words))


def _worth(anchors: frozenset[str]) -> float:
    """How rarely a text holds one of them: long words and few."""
    if not anchors:
        return 0
    shortest = min(len(anchor) * (1 if anchor.isascii() else 3) for anchor in anchors)
    return shortest / (1 + len(anchors) / _FEW)


def _keys(anchors: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_key, anchors))


def _key(anchor: str) -> str:
    """What a text that holds `anchor` has among its keys; empty where that cannot be said."""
    if not anchor.isascii():
        return anchor[:_HAN_KEY] if len(anchor) >= _HAN_KEY or is_han(anchor) else ""
    word = max(_WORD.findall(anchor), key=len, default="")
    if len(word) < _HAN_KEY:
        return ""
    return word[: _LONG_KEY if len(word) >= _LONG_KEY else _SHORT_KEY]


def _keys_of(text: str) -> set[str]:
    """Every key that a word of this text can have."""
    words = set(_WORD.findall(text))
    keys = {word[:_LONG_KEY] for word in words}
    keys |= {word[:_SHORT_KEY] for word in words}
    keys |= {word for word in words if len(word) == _HAN_KEY}
    if not text.isascii():
        keys.update(map(add, text, text[1:]), text)
    return keys


def _refused(phrase: str, why: str) -> RulePackError:
    return RulePackError(f"The phrase “{phrase}” cannot be used: {why}.", f"短语“{phrase}”无法使用：{why}。")
