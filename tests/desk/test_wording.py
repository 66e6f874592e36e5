import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import clawback
from clawback.cli.words import WORDS
from clawback.desk.wording import PROBLEMS, REASONS, answer_sentence, problem_sentence, reason_sentence
from clawback.model.evidence import Locator, Problem
from clawback.model.ledger import Reason
from clawback.readers.box import FAILURES
from clawback.rules.load import load_pack

PACKAGE = Path(clawback.__file__).parent


def calls(package: Path = PACKAGE) -> Iterator[tuple[str, ast.Call]]:
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                yield name, node


def first_words(name: str, package: Path = PACKAGE) -> set[str]:
    found = set()
    for called, node in calls(package):
        if called == name and node.args and isinstance(node.args[0], ast.Constant):
            found.add(str(node.args[0].value))
    return found


RAISERS = {"problem", "warn", "note", "flaw", "unread", "heap_problem"}


def problem_codes() -> set[str]:
    """Every snake_case word handed to something that makes a problem."""
    return {
        arg.value
        for called, node in calls()
        if called.lower().strip("_") in RAISERS
        for arg in node.args
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        if "_" in arg.value and arg.value.isidentifier() and arg.value.islower()
    }


def test_every_problem_that_the_program_can_raise_has_a_sentence_in_both_languages() -> None:
    used = problem_codes() | first_words("problem") | first_words("Problem") | FAILURES
    assert len(used) > 60
    assert used - PROBLEMS.keys() == set()


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    used = first_words("Reason", PACKAGE / "ledger") - {"sign_strong", "sign_weak"}
    assert len(used) > 15
    assert used - REASONS.keys() == set()


def test_every_word_that_the_command_line_says_exists() -> None:
    assert first_words("say", PACKAGE / "cli") - WORDS.keys() == set()


@pytest.mark.parametrize("table", [PROBLEMS, REASONS, WORDS])
def test_both_languages_are_written_and_take_the_same_values(table: dict[str, tuple[str, str]]) -> None:
    for key, (chinese, english) in table.items():
        assert any("\u4e00" <= char <= "\u9fff" for char in chinese), key
        assert not any("\u4e00" <= char <= "\u9fff" for char in english), key
        assert {part.split("}")[0] for part in chinese.split("{")[1:]} == {
            part.split("}")[0] for part in english.split("{")[1:]
        }, key


def test_a_sentence_names_the_place_and_what_was_found() -> None:
    problem = Problem("row_not_understood", 3, Locator(row=17), "abc")
    assert problem_sentence(problem, "zh") == "有一行没看懂 [row 17]：abc"
    assert problem_sentence(problem, "en") == "A row was not understood [row 17]: abc"
    assert reason_sentence(Reason("same_payee", "刘测试"), "zh") == "与本案另一笔收款方相同（刘测试）"


def test_an_unknown_code_is_shown_rather_than_hidden() -> None:
    assert "brand_new" in problem_sentence(Problem("brand_new", 1), "en")


def test_an_answer_is_told_in_the_words_of_its_choices() -> None:
    assert answer_sentence("situation", "withdrawal_refused,recovery_scam", "cn", "zh") == _labels("zh")
    assert answer_sentence("situation", "withdrawal_refused,recovery_scam", "cn", "en") == _labels("en")
    assert answer_sentence("situation", "withdrawal_refused,zzz", "cn", "zh") == "withdrawal_refused,zzz"
    assert answer_sentence("asked_fee", "yes", "cn", "zh") == "是"
    assert answer_sentence("asked_fee", "no", "gb", "en") == "no"
    assert answer_sentence("user.name", "甲某", "cn", "zh") == "甲某"
    assert answer_sentence("no.such_question", "甲某", "cn", "zh") == "甲某"


def _labels(lang: str) -> str:
    choices = {one.id: one.label.say(lang) for one in load_pack("cn").questions["situation"].choices}
    joined = "、" if lang == "zh" else ", "
    return joined.join((choices["withdrawal_refused"], choices["recovery_scam"]))
