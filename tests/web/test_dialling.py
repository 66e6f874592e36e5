"""The code holds the address of the number, with the quiet zone that cameras need."""

from __future__ import annotations

import re

import segno

from clawback.web.dialling import QUIET, dial_code


def test_the_path_draws_every_dark_module_and_no_other() -> None:
    code = dial_code("tel:110")
    drawn = {
        (x, int(y))
        for left, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)
        for x in range(int(left), int(left) + int(length))
    }
    matrix = segno.make("tel:110", error="m", micro=False).matrix
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
    assert drawn == dark
    assert code.side == len(matrix) + 8


def test_a_finder_stands_in_each_of_three_corners() -> None:
    code = dial_code("tel:110")
    for corner in (f"M{QUIET} {QUIET}h7", f"M{QUIET} {code.side - QUIET - 7}h7"):
        assert corner in code.path
    assert re.search(rf"M{code.side - QUIET - 7} {QUIET}h7", code.path)


def test_another_number_has_another_code() -> None:
    assert dial_code("tel:110") != dial_code("tel:159")
    assert dial_code("tel:110") is dial_code("tel:110")
