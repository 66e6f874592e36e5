"""`clawback lists` as a person types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
LIST = "kind,value,reason\nphone,13800000000,sham support\nfax,1,\n"


@pytest.fixture
def run(typed: Run, tmp_path: Path) -> Run:
    return lambda *words: typed("lists", *words, "--home", tmp_path / "home", columns=140)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_import_show_remove(run: Run, file: Path) -> None:
    given = ("--name", "热线名单", "--source", "银行网点", "--dated", "2026-11-01", "--today", "2026-11-20")
    code, out, _ = run("import", file, *given)
    assert code == 0
    assert "已导入“热线名单”：1 条，算到 2027-04-30" in out
    assert "第 3 行（条）：kind" in out
    _, out, _ = run("show", "--today", "2026-11-20")
    for words in ("热线名单", "银行网点", "2026-11-01", "1 / 1"):
        assert words in out
    assert "0 / 1" in run("show", "--today", "2027-05-01")[1]
    assert run("remove", "热线名单")[0] == 0
    assert "还没有名单" in run("show")[1]


def test_what_cannot_be_done_says_why_in_the_chosen_language(run: Run, file: Path) -> None:
    code, _, err = run("remove", "nothing", "--lang", "en")
    assert (code, "There is no list nothing." in err) == (2, True)
    code, _, err = run("import", file, "--name", "a", "--source", "b", "--dated", "gestern")
    assert (code, "2026-11-20" in err) == (2, True)
