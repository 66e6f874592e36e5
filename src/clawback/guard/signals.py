"""The library of signals: what people who cheat say, as data with definition, examples and counter-examples.

A file of `signals/` holds signals by id, `lists.yaml` the lists that phrases name with {braces}. Signals
speak for a scam (weight above 0) or against one (below 0); the weight is in log-odds (1 is a hint, 3 is
strong). What stands in a sentence that warns of it is no sign, unless the signal counts there too; what is
told of others in the third person is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from clawback.guard.phrases import PhraseIndex, any_phrase
from clawback.rules.pack import Record, Words
from clawback.rules.yaml_text import read_yaml, refusal, typed

FOLDER = Path(__file__).resolve().parent / "signals"

Stage = Literal["lure", "hook", "drain", "lock"]
Lang = Literal["zh", "en"]
Trait = Literal["mixed_scripts", "turned_around"]
LANGUAGES: tuple[Lang, Lang] = ("zh", "en")


class Lines(Record):
    """Phrases or sentences of each language; at least one of each."""

    zh: Annotated[tuple[str, ...], Field(min_length=1)]
    en: Annotated[tuple[str, ...], Field(min_length=1)]


class Pointer(Record):
    """A typology, and the stage of its script at which this is said."""

    type: str
    stage: Stage


class SignalRecord(Record):
    """One signal as it stands in its file: it `says` something, is a `trait` of the whole text, or is there
    when `all_of` others are. `unless`: words in the same sentence that take the sign away.
    `even_in_warnings`: it counts in a sentence that warns as well."""

    name: Words
    means: Words
    not_when: Words
    weight: Annotated[float, Field(ge=-6, le=6)]
    points_to: tuple[Pointer, ...] = ()
    says: Lines | None = None
    trait: Trait | None = None
    all_of: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    even_in_warnings: bool = False
    examples: Lines
    counter_examples: Lines
    source: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal with its id."""

    id: str
    record: SignalRecord

    @property
    def weight(self) -> float:
        """Log-odds that it adds; below 0 it speaks against a scam."""
        return self.record.weight


@dataclass(frozen=True, slots=True)
class Hit:
    """text[start:end] of the plain text says `signal`. `warned`: it stands in a sentence that warns of it."""

    signal: Signal
    start: int
    end: int
    warned: bool


class Library:
    """All signals, ready to be looked for."""

    def __init__(self, signals: Mapping[str, SignalRecord], lists: Mapping[str, tuple[str, ...]]) -> None:
        """Raises RulePackError that names the signal or the phrase."""
        self.signals = {id: Signal(id, record) for id, record in signals.items()}
        self._says: list[Signal] = []
        phrases: list[str] = []
        for signal in self.signals.values():
            said = signal.record.says
            for phrase in (*said.zh, *said.en) if said else ():
                phrases.append(phrase)
                self._says.append(signal)
        self._index = PhraseIndex(phrases, lists)
        self._unless = {
            signal.id: any_phrase(signal.record.unless, lists)
            for signal in self.signals.values()
            if signal.record.unless
        }
        self.traits = tuple(signal for signal in self.signals.values() if signal.record.trait)
        self.combined = tuple(signal for signal in self.signals.values() if signal.record.all_of)

    def find(self, text: str) -> list[Hit]:
        """What stands in the plain `text`, signals made of others and traits left out, in no order."""
        hits = []
        for first, last in sentences(text):
            sentence = text[first:last]
            found = list(self._index.find(sentence))
            warned = bool(found) and warns(sentence)
            retold = bool(found) and retells(sentence)
            for number, start, end in found:
                signal = self._says[number]
                if signal.id in self._unless and self._unless[signal.id].search(sentence):
                    continue
                excused = signal.weight > 0 and (retold or (warned and not signal.record.even_in_warnings))
                hits.append(Hit(signal, first + start, first + end, excused))
        return hits


@cache
def library() -> Library:
    """The signals that come with the program. Raises RulePackError when a file is damaged."""
    return load(FOLDER)


def load(folder: Path) -> Library:
    """Every file of `folder`. Raises RulePackError that names file, line and key."""
    lists = typed(read_yaml(folder / "lists.yaml", "lists.yaml"), TypeAdapter(dict[str, tuple[str, ...]]))
    signals: dict[str, SignalRecord] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "lists.yaml":
            continue
        document = read_yaml(path, path.name)
        for id, record in typed(document, TypeAdapter(dict[str, SignalRecord])).items():
            if id in signals:
                raise refusal(path.name, document.line_of((id,)), id, "is there twice")
            signals[id] = record
    for id, record in signals.items():
        if [bool(record.says), bool(record.trait), bool(record.all_of)].count(True) != 1:
            raise refusal("signals", None, id, "needs one of says, trait, all_of")
        for other in record.all_of:
            if other not in signals or signals[other].all_of:
                raise refusal("signals", None, id, f"all_of names {other}, which says nothing itself")
    return Library(signals, lists)


# ------------------------------------------------------------------------------------------------ warnings

_STOP = re.compile(r"[。!?;\n]|\.(?=\s|$)")
_WARNING = re.compile(
    r"不要(?!告诉|让|跟|和|声张|挂|关机|错过|犹豫|担心|着急)|切勿|请勿(?!挂|关机|告诉|外传)|谨防|警惕|防范|当心|反诈|骗局|诈骗|骗子|行骗|没有人能|不得承诺"
    r"|不(?:能)?保证|绝不|从不|不存在|一律不|不负责|不会(?:以|要求|通过|索|向您)|没有[“\"]"
    r"|(?<![a-z])never (?:ask|call|move|send|pay|give|share|transfer|click|hand|reply|contact|request)"
    r"|(?<![a-z])(?:do not|don't)(?![a-z])"
    r"(?! (?:tell|mention|speak|miss|worry|hang|delay|wait|hesitate|ignore))"
    r"|(?<![a-z])beware(?![a-z])|(?<![a-z])scam(?:s|mers?)?(?![a-z])|(?<![a-z])fraudsters?(?![a-z])"
    r"|(?<!tell )(?<![a-z])(?:nobody|no one)(?! was in|[a-z])|(?<![a-z])cannot (?:guarantee|promise)(?![a-z])"
    r"|will never (?:ask|call|request)|won't ask"
)
_NO_WARNING = re.compile(  # "we are no scam" warns of nothing, nor does "to protect you from fraud, pay us"
    r"(?:不是|绝非|并非|不搞|杜绝)(?:什么)?(?:诈骗|骗子|骗局)"
    r"|(?:防止|避免|防范)(?:您|你)?(?:的)?(?:资金|账户)?(?:被)?(?:诈骗|骗局|盗)[,]?"
    r"|涉嫌.{0,8}诈骗|诈骗案|(?:not|no|isn't) (?:a )?scam(?:mer)?s?"
)


# Told in the third person, as in news and police notices: a surname with 某, what scammers usually do, what
# an old man said at the counter. Whoever cheats speaks of "I" and "you".
_RETOLD = re.compile(
    r"[\u4e00-\u9fff]某某?(?=添加|在|被|将|因|称|遂|等|说|到|随|信|接|按|以|通过|急)|(?:让|要求|诱导|骗取|使)其"
    r"|(?:骗子|诈骗分子|不法分子|犯罪分子|诈骗团伙|被告人|犯罪嫌疑人)(?:往往|通常|会|常|先|再|多)*"
    r"(?:以|通过|冒充|谎称|利用|发布|诱导|骗取|自称)"
    r"|(?:冒充|假冒|谎称)[^。]{0,30}(?:为由|名义|骗取|骗走)|审结"
    r"|对方(?:先后|多以|又以|再以|谎称)|(?:老人|被害人|事主|市民|群众)(?:说|称|要求|来到|信以为真|添加|遂|才)"
    r"|凡是?[^。]{0,40}(?:都是|一律是|均为)(?:诈骗|骗子)"
    r"|(?<![a-z])(?:court (?:was told|heard)|prosecutors? (?:said|told)|police (?:said|say|warn)"
    r"|(?:scammers|fraudsters|criminals) (?:often|will|may|then|usually|are|buy|claim|pose|pretend)"
    r"|(?:anyone|anybody|people|somebody|someone|those) (?:[a-z]+ ){0,3}"
    r"who (?:promises?|says?|claims?|offers?|asks?|tells?))(?![a-z])"
)


def retells(sentence: str) -> bool:
    """Does this sentence of plain text tell what scammers did or do to others?"""
    return _RETOLD.search(sentence) is not None


def warns(sentence: str) -> bool:
    """Does this sentence of plain text tell people not to do, or not to believe, what it names?"""
    if not _WARNING.search(sentence):
        return False
    return _WARNING.search(_NO_WARNING.sub("", sentence)) is not None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences of plain text."""
    at = 0
    for stop in _STOP.finditer(text):
        yield at, stop.end()
        at = stop.end()
    if at < len(text):
        yield at, len(text)
