"""`clawback channels` as a person types it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from clawback.cli.commands import app


def typed(*words: str) -> str:
    ran = CliRunner().invoke(app, ["channels", *words], env={"COLUMNS": "160"})
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_a_number_in_the_directory_is_named_with_its_source_and_day() -> None:
    shown = typed("95188")
    assert "支付宝" in shown
    assert "来电" not in shown or "挂断" in shown
    assert "2026-11-23" in shown


def test_a_number_that_only_looks_like_one_is_not_called_genuine() -> None:
    shown = typed("+86 96110", "--lang", "en")
    assert "is not in our list" in shown
    assert "like 96110" in shown


@pytest.mark.parametrize(
    ("words", "standing"), [(("13800012315",), "unknown"), (("96110", "--claimed", "支付宝"), "anothers")]
)
def test_programs_get_the_same_answer(words: tuple[str, ...], standing: str) -> None:
    assert json.loads(typed(*words, "--json"))["standing"] == standing


def test_the_list_can_be_that_of_one_place() -> None:
    shown = json.loads(typed("--place", "mo", "--json"))
    assert {body["place"]["id"] for body in shown} == {"mo"}
    assert any(one["value"] == "8800 7777" for body in shown for one in body["contacts"])
    assert "未核实" in typed("--place", "mo")
