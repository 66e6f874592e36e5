"""A name from outside is shown whole or shortened, never acted on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.desk.heap import MAX_NAME, Found, display_name


@given(st.binary(max_size=400))
def test_a_shown_name_is_short_and_has_no_hidden_character(raw: bytes) -> None:
    shown = display_name(raw)
    assert 0 < len(shown) <= MAX_NAME
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs"} for character in shown)
    shown.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60))
def test_an_ordinary_name_is_shown_as_it_is_in_composed_form(name: str) -> None:
    assert display_name(name.encode("utf-8")) == unicodedata.normalize("NFC", name)


def test_a_name_without_characters_is_shown_as_unnamed() -> None:
    assert display_name(b"") == "unnamed"


@pytest.mark.parametrize(
    ("raw", "of_system"),
    [
        (b".DS_Store", True),
        (b"photos/Thumbs.db", True),
        (b"__MACOSX/._chat.txt", True),
        (b"DS_Store.txt", False),
        (b".hidden", False),
    ],
)
def test_files_of_the_operating_system_are_told_by_name(raw: bytes, of_system: bool) -> None:
    assert Found(b"", raw).of_system is of_system
