"""`clawback check-platform` as a person types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
ANSWERS = "kind: invest\npayee: person\nfirm: 金鼎\npayee_name: 王样本\nplace: cn\n"


@pytest.fixture
def run(typed: Run) -> Run:
    return lambda *words: typed("check-platform", *words, columns=140)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


def test_without_answers_it_prints_what_it_asks(run: Run) -> None:
    code, out, _ = run()
    assert code == 0
    assert "要先交钱：税、保证金" in out
    assert "pay_first" in out


def test_answers_give_result_reasons_what_is_open_and_whom_to_ask(run: Run, file: Path) -> None:
    _, out, _ = run("--answers", file)
    for words in ("很像诈骗", "个人账户替公司收钱", "强，一条就够", "还不知道：它开了多久？", "12386"):
        assert words in out


def test_a_program_gets_the_same_as_json_in_both_languages(run: Run, file: Path) -> None:
    document = json.loads(run("--answers", file, "--json")[1])
    assert document["result"] == "likely"
    assert [one["question"] for one in document["signs"]] == ["payee", "names"]
    assert document["signs"][0]["means"]["en"] == "A personal account takes money for a business."
    assert "withdraw" in document["open"]
    assert [one["body"] for one in document["ask"]] == ["cn.csrc_12386", "cn.anti_fraud_96110"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("kind: bakery", "bakery"),
        ("colour: red", "colour"),
        ("place: atlantis", "atlantis"),
        ("- a", "answers"),
    ],
)
def test_what_is_no_answer_is_named_with_what_would_be_one(
    run: Run, tmp_path: Path, text: str, named: str
) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    code, _, err = run("--answers", path, "--lang", "en")
    assert code == 2
    assert named in err
