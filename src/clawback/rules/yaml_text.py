"""YAML in which nothing is guessed: every scalar stays the text that was written.

The usual YAML reader turns `on` and `no` into booleans and 2026-04-15 into a date of its own making. Here
scalars are strings (only an empty value or `null` is None), a key may stand once, and anchors are refused,
so that a small file cannot unfold into a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from clawback.errors import RulePackError

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
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
        node = yaml.compose(raw.decode("utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise refusal(name, None, "file", "is not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise refusal(name, line, "file", f"is not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise refusal(name, None, "file", "is not YAML") from error
    lines: dict[Path_, int] = {}
    tree = _build(node, (), name, lines, set()) if node is not None else None
    return Document(name, tree, lines)


def refusal(name: str, line: int | None, key: str, problem: str) -> RulePackError:
    """A RulePackError that names file, line if known, and key."""
    place = f"{name}, line {line}" if line else name
    place_zh = f"{name} 第 {line} 行" if line else name
    return RulePackError(
        f"rule pack file {place}: {key}: {problem}", f"规则包文件 {place_zh}：{key} 有误（{problem}）"
    )


def _build(node: Node, path: Path_, name: str, lines: dict[Path_, int], seen: set[int]) -> Tree:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if id(node) in seen:
        raise refusal(name, line, _dotted(path), "anchors and aliases are not allowed")
    if len(path) > MAX_DEPTH:
        raise refusal(name, line, _dotted(path), "is nested too deep")
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        empty = not node.style and node.value in ("", "null", "~")  # a quoted "null" is text
        return None if empty else str(node.value)
    if isinstance(node, SequenceNode):
        return [_build(item, (*path, i), name, lines, seen) for i, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _build_mapping(node, path, name, lines, seen)
    raise refusal(name, line, _dotted(path), "is of a kind that is not understood")


def _build_mapping(
    node: MappingNode, path: Path_, name: str, lines: dict[Path_, int], seen: set[int]
) -> dict[str, Tree]:
    built: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise refusal(name, line, _dotted(path), "a key must be plain text")
        key = str(key_node.value)
        here = (*path, key)
        if key in built:
            raise refusal(name, line, _dotted(here), "stands twice")
        lines[here] = line
        built[key] = _build(value_node, here, name, lines, seen)
    return built


def _dotted(path: Path_) -> str:
    return ".".join(map(str, path)) or "file"
