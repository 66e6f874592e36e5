"""How every test here types a command."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from clawback.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types `clawback` and the words, in a window `columns` wide: exit code, output, errors."""

    def type_in(*words: object, columns: int | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["clawback", *map(str, words)])
        if columns is not None:
            monkeypatch.setenv("COLUMNS", str(columns))
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return type_in
