"""What is known of names and hosts: brands with their genuine sites, kinds of hosts, telling words."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from clawback.rules.pack import Words
from clawback.rules.yaml_text import Path_, read_yaml, refusal

_T = TypeVar("_T")

FOLDER = Path(__file__).parent / "sites"

Kind = Literal[
    "bank",
    "payment",
    "shop",
    "courier",
    "state",
    "social",
    "telecom",
    "tech",
    "game",
    "exchange",
    "wallet",
    "coin",
]
_Listed = Annotated[frozenset[str], BeforeValidator(lambda value: frozenset(value))]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _BrandRecord(_Record):
    kind: Kind
    zh: str
    en: str
    domains: tuple[str, ...] = Field(min_length=1)
    names: tuple[str, ...] = ()
    word: Literal["yes", "no"] = "no"


class Hosts(_Record):
    """Sites and endings by what they are for; see the data file."""

    restricted: _Listed
    shorteners: _Listed
    builders: _Listed
    dynamic: _Listed
    cheap: _Listed
    harmless: _Listed
    carriers: _Listed


class TellingWords(_Record):
    """Words in names and paths, file endings of programs, and words that name nobody; see the data file."""

    asking: _Listed
    path: _Listed
    programs: _Listed
    phone_apps: _Listed
    chance: _Listed
    endings: _Listed
    coins: _Listed
    offers: _Listed
    promises: _Listed


class SignRecord(_Record):
    """One named sign: its weight in log odds; its sentence with {0} for the piece, {1} for whom or what."""

    weight: float
    zh: str
    en: str
    at_least: Literal["some", "likely", ""] = ""

    def words(self, piece: str, about: str) -> Words:
        """The sentence in both languages, filled in."""
        return Words(
            zh=self.zh.replace("{0}", piece).replace("{1}", about),
            en=self.en.replace("{0}", piece).replace("{1}", about),
        )


@dataclass(frozen=True, slots=True)
class Brand:
    """Somebody whose name is copied. `word`: the name is an ordinary word too. `names`: as they stand in
    links, without hyphens."""

    id: str
    kind: Kind
    name: Words
    names: tuple[str, ...]
    word: bool


@dataclass(frozen=True, slots=True)
class Brands:
    """All brands: by name, by genuine domain, and by name for those that own every country's ending."""

    by_name: Mapping[str, Brand]
    by_domain: Mapping[str, Brand]
    everywhere: Mapping[str, Brand]

    def owner_of(self, host: str, label: str, suffix: str) -> Brand | None:
        """Whose genuine site `host` is, or None."""
        part = host
        while part:
            if part in self.by_domain:
                return self.by_domain[part]
            part = part.partition(".")[2]
        return self.everywhere.get(label) if _is_country(suffix) else None


def _is_country(suffix: str) -> bool:
    """uk, co.uk, com.br; not com, not pages.dev."""
    head, _, last = suffix.rpartition(".")
    return len(last) == 2 and head in ("", "co", "com")


@functools.cache
def brands() -> Brands:
    """Read once a process. Raises RulePackError naming file and key, as everything here does."""
    by_name: dict[str, Brand] = {}
    by_domain: dict[str, Brand] = {}
    everywhere: dict[str, Brand] = {}
    for id, record in _read("brands.yaml", TypeAdapter(dict[str, _BrandRecord])).items():
        names = record.names or (record.domains[0].partition(".")[0],)
        joined = tuple(name.replace("-", "") for name in names)
        brand = Brand(id, record.kind, Words(zh=record.zh, en=record.en), joined, record.word == "yes")
        by_name.update((name, brand) for name in joined if name not in by_name)
        for domain in record.domains:
            if domain.endswith(".*"):
                everywhere[domain[:-2]] = brand
            else:
                by_domain.setdefault(domain, brand)
    return Brands(by_name, by_domain, everywhere)


@functools.cache
def hosts() -> Hosts:
    """Kinds of hosts."""
    return _read("hosts.yaml", TypeAdapter(Hosts))


@functools.cache
def telling_words() -> TellingWords:
    """Telling words."""
    return _read("words.yaml", TypeAdapter(TellingWords))


@functools.cache
def sign_records() -> Mapping[str, SignRecord]:
    """Signs by id."""
    return _read("signs.yaml", TypeAdapter(dict[str, SignRecord]))


@functools.cache
def confusables() -> Mapping[int, str]:
    """For str.translate: characters that look like a Latin letter, to that letter."""
    table: dict[int, str] = {}
    for line in (FOLDER / "confusables.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            letter, _, alike = line.partition(" ")
            table.update((ord(char), letter) for char in alike)
    return table


def _read(name: str, adapter: TypeAdapter[_T]) -> _T:
    document = read_yaml(FOLDER / name, f"sites/{name}")
    try:
        return adapter.validate_python(document.tree)
    except ValidationError as error:
        first = error.errors()[0]
        path: Path_ = tuple(part for part in first["loc"] if part != "[key]")
        raise refusal(document.name, document.line_of(path), _dotted(path), first["msg"]) from error


def _dotted(path: Iterable[str | int]) -> str:
    return ".".join(map(str, path)) or "file"
