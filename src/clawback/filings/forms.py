"""Forms as data: what a paper says, in which order, from which facts. Read from rulepacks/<pack>/forms.

A part of a form is one of heading, text, fields, table, page_break or contents. Its wording is plain text
with placeholders in braces: `{answer.user.name}` (what the user stated), `{case.made_on}`, `{row.amount}` and
`{row.lost:capital}` (inside a table or `each`), `{refs}` (the row's exhibits), `{cite.answer.user.name}`
(those of one fact), `{a|b}` (the first that is known).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from typing import Literal as OneOf

from pydantic import Field as Limit
from pydantic import ValidationError

from clawback.errors import RulePackError, UsageError
from clawback.filings.draft import Style
from clawback.model.plan import Confidence
from clawback.rules.load import SHIPPED
from clawback.rules.pack import Record, Words
from clawback.rules.yaml_text import read_yaml, refusal

PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)*(?:\|[a-z_]+(?:\.[a-z0-9_]+)*)*(?::[a-z]+)?)\}")
RowList = OneOf[
    "transfers",
    "refunds",
    "losses",
    "identifiers",
    "exhibits",
    "cited",
    "chronology",
    "their_words",
    "card_first",
    "card_rest",
    "card",
]


OWN_ACCOUNTS = "own_accounts"
MayHide = OneOf["own_accounts", "user.id_number", "user.phone", "user.email"]


class FieldSpec(Record):
    """One line of a field table. `required`: a gap is shown; otherwise the line is left out when empty."""

    label: Words
    value: Words
    required: bool = True


class ColumnSpec(Record):
    """One column. `cell`: wording per row; `cells`: per kind of row where a list mixes kinds."""

    label: Words
    width: Annotated[float, Limit(gt=0)]
    cell: Words | None = None
    cells: Mapping[str, Words] = Limit(default_factory=dict)
    figures: bool = False


class TableSpec(Record):
    """A table over one of the row lists. `empty`: said instead of an empty table."""

    rows: RowList
    columns: Annotated[tuple[ColumnSpec, ...], Limit(min_length=2)]
    empty: Words

    @property
    def tells_time(self) -> bool:
        """Does it show when something was?"""
        cells = [words.zh for c in self.columns for words in (c.cell, *c.cells.values()) if words]
        return any("{row.moment" in cell for cell in cells)


class Part(Record):
    """One part of a form. `each`: repeated for every row. `has`/`lacks`: only if all these values are
    there / none of them is; `rows.transfers` means that list has rows, `answer.x=yes` that choice."""

    heading: Words | None = None
    level: int = 1
    text: Words | None = None
    style: Style = "body"
    fields: tuple[FieldSpec, ...] = ()
    facts: bool = False
    table: TableSpec | None = None
    page_break: bool = False
    contents: bool = False
    each: RowList | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class BasisLine(Record):
    """A ground that the paper may quote, and how it is known."""

    words: Words
    confidence: Confidence


class Limits(Record):
    """What the recipient takes: rows of a table, messages listed, characters of a quote. What a limit leaves
    out is said and counted below the table."""

    rows: Annotated[int, Limit(ge=1, le=2000)] = 200
    messages: Annotated[int, Limit(ge=1, le=500)] = 40
    quote: Annotated[int, Limit(ge=20, le=2000)] = 160


class Form(Record):
    """One paper to one recipient. `original`: the language of the law it speaks to. `own_accounts`: the
    user's account in full or its last four digits. `may_hide`: what the user may have masked besides
    (OWN_ACCOUNTS, or answers by question, such as user.phone). `demand_days`: days given for an answer, or
    None. `contents`: wording for each kind of piece that `contents: true` shows of an exhibit."""

    id: str
    title: Words
    subtitle: Words | None = None
    recipient: Words
    original: OneOf["zh", "en"]
    own_accounts: OneOf["full", "tail"] = "full"
    may_hide: tuple[MayHide, ...] = ()
    demand_days: Annotated[int, Limit(ge=1, le=90)] | None = None
    basis: tuple[BasisLine, ...] = ()
    limits: Limits = Limits()
    contents: Mapping[str, Words] = Limit(default_factory=dict)
    parts: Annotated[tuple[Part, ...], Limit(min_length=1)]

    def shape(self, path: str, shape: str, hide: frozenset[str]) -> str:
        """How the value of `path` is shown, where the wording says `shape`: masked if the form or the user
        (`hide`) wants it so. Never in fuller form than the wording says."""
        if path.endswith("payer.number") and (self.own_accounts == "tail" or OWN_ACCOUNTS in hide):
            return "tail"
        return "masked" if path.removeprefix("answer.") in hide else shape

    def wordings(self) -> Iterator[tuple[str, Words]]:
        """Every wording with its key."""
        yield "title", self.title
        if self.subtitle:
            yield "subtitle", self.subtitle
        yield "recipient", self.recipient
        for number, line in enumerate(self.basis):
            yield f"basis.{number}", line.words
        for kind, words in self.contents.items():
            yield f"contents.{kind}", words
        for number, part in enumerate(self.parts):
            yield from _part_wordings(f"parts.{number}", part)


def _part_wordings(key: str, part: Part) -> Iterator[tuple[str, Words]]:
    if part.heading:
        yield f"{key}.heading", part.heading
    if part.text:
        yield f"{key}.text", part.text
    for number, field in enumerate(part.fields):
        yield f"{key}.fields.{number}.label", field.label
        yield f"{key}.fields.{number}.value", field.value
    if part.table:
        yield f"{key}.table.empty", part.table.empty
        for number, column in enumerate(part.table.columns):
            yield f"{key}.table.{number}.label", column.label
            if column.cell:
                yield f"{key}.table.{number}.cell", column.cell
            for kind, words in column.cells.items():
                yield f"{key}.table.{number}.{kind}", words


def pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """A wording cut at its placeholders: (fixed text, path after it or None), in order."""
    parts = PLACEHOLDER.split(template)
    paths: list[str | None] = [*parts[1::2], None]
    return tuple(zip(parts[::2], paths, strict=True))


def alternatives(path: str) -> tuple[tuple[str, ...], str]:
    """`row.payer.name|answer.user.name:tail` -> its paths and how to show the value ("" as it is)."""
    paths, _, shape = path.partition(":")
    return tuple(paths.split("|")), shape


@lru_cache(maxsize=64)
def load_form(jurisdiction: str, form: str, folder: Path | None = None) -> Form:
    """The form `form` of a rule pack, from `folder` or from those that come with the program.

    Raises UsageError for a form that the pack does not have, RulePackError for one that does not load.
    """
    root = folder or SHIPPED / jurisdiction / "forms"
    path = root / f"{form}.yaml"
    if not re.fullmatch(r"[a-z0-9_]{2,60}", form) or not path.is_file():
        known = ", ".join(list_forms(jurisdiction, folder))
        raise UsageError(
            f"there is no form {form!r}; there are: {known}", f"没有名为 {form} 的材料；现有：{known}"
        )
    document = read_yaml(path, f"{jurisdiction}/forms/{form}.yaml")
    try:
        loaded = Form.model_validate(document.tree)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        line = document.line_of(tuple(first["loc"]))
        raise refusal(document.name, line, ".".join(map(str, first["loc"])), first["msg"]) from error
    if loaded.id != form:
        raise RulePackError(f"{document.name}: id is {loaded.id}", f"{document.name}：id 为 {loaded.id}")
    return loaded


def list_forms(jurisdiction: str, folder: Path | None = None) -> tuple[str, ...]:
    """Ids of the forms of a rule pack, sorted."""
    root = folder or SHIPPED / jurisdiction / "forms"
    return tuple(sorted(path.stem for path in root.glob("*.yaml")))
