"""Every sentence stands in both languages, is used, and says the same things in both."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from clawback.web import wording
from clawback.web.templating import HERE
from clawback.web.wording import Said, words

HAN = re.compile(r"[㐀-鿿]")
SAME_IN_BOTH = {"shell.other_language"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(words()))
def test_a_sentence_is_written_in_both_languages_with_the_same_places(key: str) -> None:
    said: Said = words()[key]
    assert said.zh.strip()
    assert said.en.strip()
    assert placeholders(said.zh) == placeholders(said.en)
    if said.en_one is not None:
        assert placeholders(said.en_one) <= placeholders(said.en)
    if key not in SAME_IN_BOTH:
        assert HAN.search(said.zh), f"{key}: the Chinese is not Chinese"
        assert not HAN.search(said.en), f"{key}: the English has Chinese in it"


def sources() -> str:
    files = [*HERE.rglob("*.py"), *HERE.rglob("*.html"), *(HERE / "static").glob("*.js")]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_every_sentence_that_is_asked_for_exists_and_every_one_is_used() -> None:
    text = sources()
    full = set(re.findall(r'say\(\s*"([a-z0-9_.]+)"\s*[,)]', text))
    assert full - words().keys() == set()
    quoted = set(re.findall(r'"((?:[a-z0-9_]+\.)+[a-z0-9_]+)"', text))
    starts = set(re.findall(r'"((?:[a-z0-9_]+\.)+)"\s*[~+]', text))
    starts |= set(re.findall(r'f"((?:[a-z0-9_]+\.)+)\{', text))
    unused = {
        key for key in words() if key not in quoted and not any(key.startswith(start) for start in starts)
    }
    assert unused == set()


def test_no_page_holds_a_sentence_of_its_own() -> None:
    for path in (HERE / "templates").rglob("*.html"):
        visible = re.sub(r"\{#.*?#\}|<!--.*?-->", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not HAN.search(visible), path.name


def test_no_key_stands_twice_in_a_file() -> None:
    for path in wording.FOLDER.glob("*.yaml"):
        keys = re.findall(r"^([a-z0-9_.]+):", path.read_text("utf-8"), flags=re.MULTILINE)
        assert len(keys) == len(set(keys)), path.name


def test_no_template_styles_or_scripts_inline() -> None:
    for path in Path(HERE / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), path.name
