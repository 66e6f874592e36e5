"""Walking a heap: every file found, everything else named. Nothing is opened here and no link followed."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clawback.errors import HeapError
from clawback.model.evidence import Problem, Severity
from clawback.vault.folder import Vault

HEAP = 0
"""Exhibit number in a Problem about something that did not become an exhibit."""

MAX_NAME = 120
_KEPT_END = 40
_SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db"})
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the heap. `path`: to open. `raw`: its path below the heap, as the file system gives it."""

    path: bytes
    raw: bytes

    @property
    def name(self) -> str:
        """For display."""
        return display_name(self.raw)

    @property
    def of_system(self) -> bool:
        """Left behind by an operating system and not by a person (sealed all the same)."""
        last = self.raw.rpartition(b"/")[2].lower()
        return last.decode("utf-8", "replace") in _SYSTEM_NAMES or last.startswith(b"._")


@dataclass(frozen=True, slots=True)
class Heap:
    """What a walk found: files in order of their raw names, and problems for what is not a file."""

    files: tuple[Found, ...]
    problems: tuple[Problem, ...]


def display_name(raw: bytes) -> str:
    """A name safe to show: NFC, control and bidirectional characters spelled out, at most 120 characters.

    A long name loses its middle, so that its extension stays.
    """
    text = unicodedata.normalize("NFC", raw.decode("utf-8", "surrogateescape"))
    shown = "".join(_visible(character) for character in text) or "unnamed"
    if len(shown) <= MAX_NAME:
        return shown
    return shown[: MAX_NAME - _KEPT_END - 1] + "…" + shown[-_KEPT_END:]


def _visible(character: str) -> str:
    return f"<U+{ord(character):04X}>" if unicodedata.category(character) in _HIDDEN_CATEGORIES else character


def walk(roots: Sequence[Path], leave_out: Path) -> Heap:
    """Everything under `roots`, except the case folder `leave_out`.

    Other case folders inside are left out too, and named. Raises HeapError when a root is missing, cannot be
    listed or is a case itself, or when there is no file at all.
    """
    files: list[Found] = []
    problems: list[Problem] = []
    for root in roots:
        walk_one = _Walk(leave_out.resolve(), problems)
        files += walk_one.root(root, prefix=b"" if len(roots) == 1 else os.fsencode(root.name) + b"/")
    if not files:
        raise HeapError("there is no file in the heap", "这里没有任何文件")
    return Heap(tuple(sorted(files, key=lambda found: found.raw)), tuple(problems))


class _Walk:
    """One root's walk; problems are collected as it goes."""

    def __init__(self, leave_out: Path, problems: list[Problem]) -> None:
        self._leave_out = leave_out
        self._problems = problems

    def root(self, root: Path, prefix: bytes) -> Iterator[Found]:
        try:
            resolved = root.resolve(strict=True)  # the person named it, so a link here is meant
            if resolved.is_dir():
                next(resolved.iterdir(), None)
        except (OSError, RuntimeError) as error:
            raise HeapError(
                f"{root.name or root} cannot be opened: is the path right?",
                f"无法打开“{root.name or root}”，请检查路径是否正确",
            ) from error
        if Vault.exists(resolved):
            raise HeapError(
                f"{root.name or root} is a case already; name the folder with the evidence",
                f"“{root.name or root}”本身就是案卷，请指定存放证据的文件夹",
            )
        if resolved.is_dir():
            return self._folder(os.fsencode(resolved), prefix)
        return iter([Found(os.fsencode(resolved), os.fsencode(root.name))])

    def _folder(self, top: bytes, prefix: bytes) -> Iterator[Found]:
        pending = [(top, prefix)]
        while pending:
            folder, below = pending.pop()
            try:
                entries = list(os.scandir(folder))
            except OSError as error:
                self._note("folder_not_readable", below, error.strerror or "")
                continue
            for entry in entries:
                name = below + entry.name
                if entry.is_symlink():
                    self._note("link_not_followed", name)
                elif entry.is_dir(follow_symlinks=False):
                    if self._is_evidence(Path(os.fsdecode(entry.path)), name):
                        pending.append((entry.path, name + b"/"))
                elif entry.is_file(follow_symlinks=False):
                    yield Found(entry.path, name)
                else:
                    self._note("special_file", name)

    def _is_evidence(self, folder: Path, name: bytes) -> bool:
        if folder == self._leave_out:
            return False
        if Vault.exists(folder):
            self._note("case_folder_left_out", name)
            return False
        return True

    def _note(self, code: str, raw: bytes, detail: str = "") -> None:
        self._problems.append(heap_problem(code, raw, detail))


def heap_problem(code: str, raw: bytes, detail: str = "") -> Problem:
    """A problem with something in the heap that did not become an exhibit; names it."""
    shown = display_name(raw) + (f" ({detail})" if detail else "")
    return Problem(code, HEAP, detail=shown, severity=Severity.ERROR)
