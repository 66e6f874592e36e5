"""Text is read as it was meant, and what is no disguise stays."""

from __future__ import annotations

import pytest

from clawback.guard.normalise import normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Act now! Sorry, wrong number!!! Bye", "act now! sorry, wrong number!!! bye"),
        ("fr33 m0ney! w!n", "free money! win"),
        ("Don’t tell them, I’m fine", "don't tell them, i'm fine"),
    ],
)
def test_marks_of_ordinary_writing_are_no_disguise(written: str, meant: str) -> None:
    assert normalise(written).text == meant
