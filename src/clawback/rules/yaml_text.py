"""YAML in which nothing is guessed: every scalar stays the text that was written.

The usual YAML reader turns `on` and `no` into booleans and 2026-04-15 into a date of its own making. Here
scalars are strings (only an empty value or `null` is None), a key may stand once, and anchors are refused,
so that a small file cannot unfold into a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from clawback.errors import RulePackError

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
_T = TypeVar("_T")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Tree = str | None | list["Tree"] | dict[str, "Tree"]
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its tree, and the line (from 1) on which each path of keys stands."""

    name: str
    tree: Tree
    lines: dict[Path_, int]

    def line_of(self, path: Path_) -> int | None:
        """The line of the longest known part of `path`, None for an empty document."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def read_yaml(path: Path, name: str) -> Document:
    """Read `path`; `name` is how errors call it.

    Raises RulePackError for a file that is missing, too large, not UTF-8, not YAML, has a key twice, or uses
    anchors.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refusal(name, None, "file", f"cannot be read ({error.strerror})") from error
    if len(raw) > MAX_BYTES:
        raise refusal(name, None, "file", f"is larger than {MAX_BYTES} bytes")
    return parse_yaml(raw, name)


def parse_yaml(raw: bytes, name: str) -> Document:
    """Parse the bytes of one YAML document. Raises RulePackError as `read_yaml` does."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal(name, None, "file", "is not UTF-8") from error
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise refusal(name, line, "file", f"is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise refusal(name, None, "file", "is not YAML") from error
    return Document(name, builder.tree, builder.lines)


def typed(document: Document, adapter: TypeAdapter[_T]) -> _T:
    """The tree of `document` in the shape of `adapter`. Raises RulePackError naming file, line and key."""
    try:
        return adapter.validate_python(document.tree)
    except ValidationError as error:
        first = error.errors()[0]
        path = tuple(part for part in first["loc"] if part != "[key]")
        dotted = ".".join(map(str, path)) or "file"
        raise refusal(document.name, document.line_of(path), dotted, first["msg"]) from error


def refusal(name: str, line: int | None, key: str, problem: str) -> RulePackError:
    """A RulePackError that names file, line if known, and key."""
    place = f"{name}, line {line}" if line else name
    place_zh = f"{name} 第 {line} 行" if line else name
    return RulePackError(
        f"rule pack file {place}: {key}: {problem}", f"规则包文件 {place_zh}：{key} 有误（{problem}）"
    )


class _Builder:
    """Puts the tree together event by event: no recursion, so that depth is bounded before it can hurt."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tree: Tree = None
        self.lines: dict[Path_, int] = {}
        self._open: list[dict[str, Tree] | list[Tree]] = []
        self._path: list[str | int] = []
        self._key: str | None = None
        self._documents = 0

    def take(self, event: Event) -> None:
        """One event of the parser. Raises RulePackError for what is not allowed in a pack."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refused(line, "holds more than one document")
        elif isinstance(event, NodeEvent):
            if event.anchor is not None:
                raise self._refused(line, "anchors and aliases are not allowed")
            self._node(event, line)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._open.pop()
            if self._path:
                self._path.pop()

    def _node(self, event: NodeEvent, line: int) -> None:
        if self._awaits_key():
            self._take_key(event, line)
            return
        path = self._place(line)
        if isinstance(event, ScalarEvent):
            self._put(None if _is_empty(event) else str(event.value))
            if path:
                self._path.pop()
            return
        opened: dict[str, Tree] | list[Tree] = {} if isinstance(event, MappingStartEvent) else []
        if len(self._open) >= MAX_DEPTH:
            raise self._refused(line, "is nested too deep")
        self._put(opened)
        self._open.append(opened)

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1], dict) and self._key is None

    def _take_key(self, event: NodeEvent, line: int) -> None:
        if not isinstance(event, ScalarEvent):
            raise self._refused(line, "a key must be plain text")
        self._key = str(event.value)
        holder = self._open[-1]
        if isinstance(holder, dict) and self._key in holder:
            self._path.append(self._key)
            raise self._refused(line, "stands twice")
        self.lines[(*self._path, self._key)] = line

    def _place(self, line: int) -> Path_:
        """Enter the place of the value that comes now and note its line."""
        if self._open:
            holder = self._open[-1]
            self._path.append(len(holder) if isinstance(holder, list) else str(self._key))
        path = tuple(self._path)
        self.lines.setdefault(path, line)
        return path

    def _put(self, value: Tree) -> None:
        if not self._open:
            self.tree = value
            return
        holder = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[str(self._key)] = value
            self._key = None

    def _refused(self, line: int, problem: str) -> RulePackError:
        return refusal(self.name, line, ".".join(map(str, self._path)) or "file", problem)


def _is_empty(event: ScalarEvent) -> bool:
    return not event.style and event.value in ("", "null", "~")  # a quoted "null" is text
