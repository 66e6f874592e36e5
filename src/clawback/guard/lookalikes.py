"""Whose name a site borrows: the same letters, letters that look like them, a few letters off, or joined to
other words. Whether the site is genuine is decided before this is asked (`sitedata.Brands.owner_of`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from clawback.guard.sitedata import Brand, brands, confusables, telling_words

_WHOLE_ONLY = 4
"""Names up to this length count only as a whole piece between hyphens ("usps" stands in many words), and
shorter ones only beside telling words."""
_ANYWHERE = 7
"""Names from this length on count wherever they stand: "binance" is in no word."""
_NEAR, _LONGEST_NEAR = 6, 24
"""Least letters for a name to be recognised with one letter off; most letters that are compared."""
_LONG = 11
"""Least letters for a name to be recognised with two letters off; one longer, one more, up to four."""
_LONG_ENOUGH = 10
_LONGEST_CUT, _LONGEST_WORD = 40, 16
_LONGEST = 63
_DOUBLED = re.compile(r"(.)\1+")
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
"""Two letters that look like one."""


class Likeness(StrEnum):
    """In what way a name is borrowed."""

    SAME = "same_name"
    HOMOGLYPH = "homoglyph"
    NEAR = "near_miss"
    SLIP = "slip"
    COMBO = "combo"


@dataclass(frozen=True, slots=True)
class Borrowed:
    """`piece` of a label borrows the name of `brand`. `told`: other words of the label ask or promise
    something, so that the name does not stand there by chance."""

    how: Likeness
    piece: str
    brand: Brand
    told: bool

    @property
    def long(self) -> bool:
        """So many letters that chance is out of the question."""
        return len(self.piece) >= _LONG_ENOUGH


@functools.lru_cache(maxsize=4096)
def borrowed_in(label: str) -> Borrowed | None:
    """The clearest borrowed name in one label, as a browser shows it, or None."""
    index = _index()
    label = label[:_LONGEST]
    looks = _looks(label)
    joined = looks.text.replace("-", "")
    if joined in index.names and len(joined) >= _WHOLE_ONLY:
        return _whole(label, joined, index.names[joined])
    if index.chance.search(label):
        return None
    return _inside(label, looks, index) or _near(label, looks, index)


@functools.lru_cache(maxsize=4096)
def named_in(label: str) -> tuple[str, Brand] | None:
    """A name, exactly as it is written, that stands between hyphens in `label` or fills it."""
    index = _index()
    for piece in (label.replace("-", ""), *label.split("-")):
        brand = index.plain.get(piece)
        if brand is not None and not brand.word:
            return (piece if piece in label else label), brand
    return None


@functools.lru_cache(maxsize=4096)
def words_in(text: str) -> tuple[str, ...] | None:
    """`text` cut into telling words, names and numbers without a rest, or None if it cannot be."""
    if len(text) > _LONGEST_CUT:
        return None
    known = _index().pieces
    cuts: dict[int, tuple[str, ...]] = {0: ()}
    for begin in range(len(text)):
        so_far = cuts.get(begin)
        if so_far is None:
            continue
        if text[begin].isdigit():
            cuts.setdefault(begin + 1, so_far)
        for end in range(begin + 1, min(len(text), begin + _LONGEST_WORD) + 1):
            word = text[begin:end]
            if word in known and len(cuts.get(end, (" ",) * 99)) > len(so_far) + 1:
                cuts[end] = (*so_far, word)
    return cuts.get(len(text))


def distance(left: str, right: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour to turn `left` into `right`; above `most`,
    some number above `most`."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        earlier, before, row = before, row, [i] + [0] * len(right)
        for j, two in enumerate(right, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one != two))
            if i > 1 and j > 1 and one == right[j - 2] and left[i - 2] == two:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]


# ------------------------------------------------------------------------------------------- how it looks


@dataclass(frozen=True, slots=True)
class _Looks:
    """A label as it looks: every look-alike turned into one letter. `at[i]`: where letter i begins in it."""

    text: str
    at: tuple[int, ...]

    def piece(self, label: str, begin: int, end: int) -> str:
        return label[self.at[begin] : self.at[end]]


_MERGED = str.maketrans("ij01345789", "lloleastbg")


def _looks(label: str) -> _Looks:
    text = label.translate(_MERGED) if label.isascii() else latin(label).translate(_MERGED)
    if not any(pair in text for pair, _ in _PAIRS):
        return _Looks(text, tuple(range(len(text) + 1)))
    letters: list[str] = []
    at: list[int] = []
    here = 0
    while here < len(text):
        pair = next((one for two, one in _PAIRS if text.startswith(two, here)), None)
        letters.append(pair or text[here])
        at.append(here)
        here += 2 if pair else 1
    return _Looks("".join(letters), (*at, len(text)))


def latin(label: str) -> str:
    """`label` in the Latin letters that it looks like, one for one, so that places stay the same."""
    if label.isascii():
        return label
    table = confusables()
    return "".join(table.get(ord(char), char) for char in label)


# ---------------------------------------------------------------------------------------------- the index


@dataclass(frozen=True, slots=True)
class _Index:
    """Names by how they look (`names`), as written (`plain`), with a letter dropped (`dropped`, for names
    one letter off); `lengths` of names; `long`: names of many letters, by their first, with their pairs of
    letters; `pieces`: what words_in may cut a text into; `chance`: words that name nobody."""

    names: Mapping[str, str]
    plain: Mapping[str, Brand]
    dropped: Mapping[str, tuple[str, ...]]
    lengths: tuple[int, ...]
    long: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
    pieces: frozenset[str]
    chance: re.Pattern[str]


@functools.cache
def _index() -> _Index:
    plain = brands().by_name
    names: dict[str, str] = {}
    for name in plain:
        names.setdefault(_looks(name).text, name)
    dropped: dict[str, set[str]] = {}
    for look, name in names.items():
        if len(look) >= _NEAR and not plain[name].word and not name.isdigit() and not _mostly_a_word(name):
            for less in (look, *_dropping(look)):
                dropped.setdefault(less, set()).add(look)
    words = {_looks(word).text for word in telling_words().asking} | telling_words().asking
    return _Index(
        names=names,
        plain=plain,
        dropped={less: tuple(sorted(found)) for less, found in dropped.items()},
        lengths=tuple(sorted({len(look) for look in names if len(look) > _WHOLE_ONLY}, reverse=True)),
        long=_by_first_letter(
            look for look, name in names.items() if len(look) >= _LONG and not plain[name].word
        ),
        pieces=frozenset(words | set(names)),
        chance=re.compile("|".join(map(re.escape, sorted(telling_words().chance)))),
    )


def _by_first_letter(looks: Iterable[str]) -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    letters: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for look in looks:
        letters.setdefault(look[0], []).append((look, _pairs(look)))
    return {letter: tuple(found) for letter, found in letters.items()}


def _pairs(text: str) -> frozenset[str]:
    return frozenset([text[i : i + 2] for i in range(len(text) - 1)])


def _mostly_a_word(name: str) -> bool:
    """An initial or two and a word, like tsbonline: one letter off is somebody else's honest name."""
    common = telling_words().endings | telling_words().chance
    return any(name[cut:] in common for cut in (1, 2, 3))


def _dropping(text: str) -> Iterator[str]:
    for i in range(len(text)):
        yield text[:i] + text[i + 1 :]


# ------------------------------------------------------------------------------------------- ways to borrow


def _whole(label: str, look: str, name: str) -> Borrowed:
    brand = _index().plain[name]
    how = Likeness.SAME if label.replace("-", "") == name else Likeness.HOMOGLYPH
    return Borrowed(how, label, brand, told=False)


def _inside(label: str, looks: _Looks, index: _Index) -> Borrowed | None:
    """A name joined to other words; the longest first."""
    text = looks.text
    for length in index.lengths:
        for begin in range(len(text) - length + 1):
            name = index.names.get(text[begin : begin + length])
            if name:
                found = _joined(label, looks, begin, begin + length, name)
                if found:
                    return found
    for begin, end in _between_hyphens(text):
        name = index.names.get(text[begin:end])
        if name and (end - begin > _WHOLE_ONLY or _rest_tells(text, begin, end)):
            found = _joined(label, looks, begin, end, name)
            if found:
                return found
    return _across_hyphens(label, looks, index)


def _joined(label: str, looks: _Looks, begin: int, end: int, name: str) -> Borrowed | None:
    brand = brands().by_name[name]
    text = looks.text
    told = _rest_tells(text, begin, end)
    apart = (begin == 0 or text[begin - 1] == "-") and (end == len(text) or text[end] == "-")
    piece = looks.piece(label, begin, end)
    if not piece.isascii():
        return Borrowed(Likeness.HOMOGLYPH, piece, brand, told)
    if brand.word or name.isdigit():
        return Borrowed(Likeness.COMBO, piece, brand, told) if told and piece == name else None
    if told or end - begin >= _ANYWHERE or (apart and end - begin > _WHOLE_ONLY):
        if piece != name and not told and not apart:
            return None  # letters that merely look alike, inside a longer word
        if not told and len(text) - (end - begin) <= 2:
            return Borrowed(_how_near(text, text[begin:end]), label, brand, told)  # letters more, not words
        return Borrowed(Likeness.COMBO, piece, brand, told)
    return None


def _rest_tells(text: str, begin: int, end: int) -> bool:
    """What stands around the name is nothing but telling words, at least one."""
    before = words_in(text[:begin].replace("-", ""))
    after = words_in(text[end:].replace("-", ""))
    return before is not None and after is not None and bool(before or after)


def _between_hyphens(text: str) -> Iterator[tuple[int, int]]:
    if "-" not in text:
        return
    begin = 0
    for piece in text.split("-"):
        yield begin, begin + len(piece)
        begin += len(piece) + 1


def _across_hyphens(label: str, looks: _Looks, index: _Index) -> Borrowed | None:
    """my-ether-wallet-login: a long name with hyphens put into it."""
    if "-" not in looks.text:
        return None
    joined = looks.text.replace("-", "")
    for length in index.lengths:
        if length < _LONG - 2:
            return None
        for begin in range(len(joined) - length + 1):
            name = index.names.get(joined[begin : begin + length])
            if name and not index.plain[name].word:
                return Borrowed(
                    Likeness.COMBO, label, index.plain[name], _rest_tells(joined, begin, begin + length)
                )
    return None


def _near(label: str, looks: _Looks, index: _Index) -> Borrowed | None:
    text = looks.text
    spans = [(0, len(text)), *_between_hyphens(text)]
    joined = text.replace("-", "")
    for begin, end in dict.fromkeys(spans):
        piece = text[begin:end]
        look = _close_to(piece, index)
        if look:
            rest = (text[:begin] + text[end:]).replace("-", "")
            told = bool(rest) and words_in(rest) is not None
            brand = index.plain[index.names[look]]
            return Borrowed(_how_near(piece, look), looks.piece(label, begin, end), brand, told)
    if "-" in text and (look := _close_to(joined, index)):
        return Borrowed(Likeness.NEAR, label, index.plain[index.names[look]], told=False)
    return _near_and_words(label, looks, index)


def _near_and_words(label: str, looks: _Looks, index: _Index) -> Borrowed | None:
    """bitrex-less spellings with a telling word before or after: mywallett + login, claim + uniswqp."""
    text = looks.text
    if "-" in text:
        return None
    for cut in range(3, len(text) - 2):
        for near, rest in ((slice(0, cut), slice(cut, None)), (slice(cut, None), slice(0, cut))):
            if text[rest] in index.pieces and (look := _close_to(text[near], index)):
                begin, end = (0, cut) if near.start == 0 else (cut, len(text))
                brand = index.plain[index.names[look]]
                return Borrowed(Likeness.NEAR, looks.piece(label, begin, end), brand, told=True)
    return None


def _close_to(piece: str, index: _Index) -> str | None:
    """The name that `piece` is some letters off from: one, or a few in a long name; or None."""
    if not _NEAR - 1 <= len(piece) <= _LONGEST_NEAR:
        return None
    dropped = index.dropped
    for less in (piece, *_dropping(piece)):
        if less in dropped:
            for look in dropped[less]:
                if look[0] == piece[0] and distance(piece, look, 1) == 1:
                    return look
    return _far(piece, index)


def _how_near(piece: str, look: str) -> Likeness:
    """A slip: a letter doubled or no longer doubled, or two swapped: nobody is called that by chance."""
    doubled = _DOUBLED.sub(r"\1", piece) == _DOUBLED.sub(r"\1", look)
    return Likeness.SLIP if doubled or sorted(piece) == sorted(look) else Likeness.NEAR


def _far(piece: str, index: _Index) -> str | None:
    """A long name of which two to four letters were changed; half of its pairs of letters stay."""
    if len(piece) < _LONG - 2:
        return None
    pairs = _pairs(piece)
    for look, its_pairs in index.long.get(piece[0], ()):
        if abs(len(look) - len(piece)) <= 3 and len(pairs & its_pairs) * 2 >= len(look) - 2:
            most = min(4, len(look) - _LONG + 2)
            if distance(piece, look, most) <= most:
                return look
    return None
