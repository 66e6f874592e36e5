"""`clawback ratings`: the list for a person and for a program, with what it could not look into."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from clawback.cli.words import WORDS
from clawback.desk.rating import Outcome
from clawback.desk.workplace import Workplace
from clawback.guard.ratings import Why
from rating_cases import ACCOUNT_KEY, NOW, SHOP, SHOP_ACCOUNT, decide_all, seal, six

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(typed: Run) -> Run:
    return partial(typed, "ratings")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six settled cases, and one that is locked."""
    folder = tmp_path_factory.mktemp("ratings") / "home"
    six(folder)
    workplace = Workplace(folder, lambda: NOW)
    decide_all(workplace, ACCOUNT_KEY)
    workplace.close()
    seal(folder / f"{9:016x}", 9, passphrase="a line that nobody knows")  # noqa: S106 - invented
    return folder


def test_the_list_says_what_is_known_and_what_it_could_not_look_into(run: Run, home: Path) -> None:
    code, out, _ = run("--home", home, "--now", NOW.isoformat())
    assert code == 0
    for words in ("7 个案件中的 6 个", "锁着 1", SHOP, SHOP_ACCOUNT, "投诉被拒绝 3", "了解的还不够"):
        assert words in out
    assert "说明不了一家店总体好不好" in out
    assert "62220000000010" not in out  # no payer


def test_a_program_gets_the_same(run: Run, home: Path) -> None:
    code, out, _ = run("--home", home, "--now", NOW.isoformat(), "--json")
    assert code == 0
    seen = json.loads(out)
    assert seen["cases"] == {"total": 7, "counted": 6, "locked": 1, "working": 0, "broken": 0}
    account = next(one for one in seen["subjects"] if one["account"] == SHOP_ACCOUNT)
    assert account["outcomes"]["refused"] == 3
    assert account["volumes"] == [
        {"currency": "CNY", "payers": 6, "paid": "1800.00", "ended_well": "700.00", "returned": "400.00"}
    ]


def test_an_empty_folder_is_no_error(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("--home", tmp_path / "none", "--lang", "en")
    assert code == 0
    assert "0 of 0 cases" in out


@pytest.mark.parametrize("words", [("--lang", "fr"), ("--now", "yesterday"), ("--now", "2026-11-20T10:00")])
def test_what_means_nothing_is_refused(run: Run, tmp_path: Path, words: tuple[str, str]) -> None:
    assert run("--home", tmp_path, *words)[0] == 2


def test_every_outcome_and_reason_has_words() -> None:
    for kind in Outcome:
        assert f"ratings.outcome.{kind.value}" in WORDS
    for why in Why:
        assert f"ratings.why.{why.value}" in WORDS
