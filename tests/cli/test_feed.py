"""`clawback feed`: an organisation signs a file, somebody else trusts the key and takes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clawback.cli.commands import app
from clawback.errors import ClawbackError, SignatureRefused

ITEMS = """
organisation: Example Aid
title: {zh: "示例", en: "Example"}
items:
  - id: one
    published: 2026-01-05
    expires: 2026-01-06
    title: {zh: "旧消息", en: "Old news"}
    text: {zh: "一句话。", en: "A sentence."}
    source: {text: "Example Post"}
"""


def typed(*words: object) -> str:
    ran = CliRunner().invoke(app, ["feed", *map(str, words)], env={"COLUMNS": "200"})
    if isinstance(ran.exception, ClawbackError):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran.output


@pytest.fixture
def published(tmp_path: Path) -> str:
    """The public line of an organisation that has published into `out`."""
    (tmp_path / "items.yaml").write_text(ITEMS, encoding="utf-8")
    made = typed("new-key", tmp_path / "key.pem")
    typed("publish", tmp_path / "items.yaml", "--key", tmp_path / "key.pem", "--out", tmp_path / "out")
    return made.splitlines()[-1]


def test_a_signed_file_goes_from_one_to_the_other(tmp_path: Path, published: str) -> None:
    home = ("--home", tmp_path / "home")
    typed("trust", published, "--holder", "示例机构", *home)
    assert "收下 示例机构 的 1 条消息" in typed("import", tmp_path / "out" / "feed.json", *home)
    shown = typed("show", *home)
    assert "2026-01-05  [过期] 旧消息" in shown
    assert "示例机构: Example Post" in shown


def test_what_is_written_is_one_signed_json_and_two_atoms(tmp_path: Path, published: str) -> None:
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"feed.json", "feed.zh.atom", "feed.en.atom"}
    assert published.startswith("clawback-key:ed25519:")
    assert "signature" in json.loads((tmp_path / "out" / "feed.json").read_text("utf-8"))["_clawback"]


def test_a_file_of_nobody_trusted_is_refused(tmp_path: Path, published: str) -> None:
    with pytest.raises(SignatureRefused):
        typed("import", tmp_path / "out" / "feed.json", "--home", tmp_path / "home")


def test_a_key_can_be_trusted_no_longer(tmp_path: Path, published: str) -> None:
    home = ("--home", tmp_path / "home")
    typed("trust", published, "--holder", "示例机构", *home)
    typed("import", tmp_path / "out" / "feed.json", *home)
    id = typed("show", *home).split("（")[1].split("）")[0]
    typed("distrust", id, *home)
    assert "旧消息" not in typed("show", *home)


def test_the_key_file_can_have_a_passphrase(tmp_path: Path) -> None:
    (tmp_path / "items.yaml").write_text(ITEMS, encoding="utf-8")
    (tmp_path / "secret").write_text("一句很长的口令\n", encoding="utf-8")
    secret = ("--passphrase-file", tmp_path / "secret")
    typed("new-key", tmp_path / "key.pem", *secret)
    where = ("--key", tmp_path / "key.pem", "--out", tmp_path / "out")
    with pytest.raises(ClawbackError):
        typed("publish", tmp_path / "items.yaml", *where)
    typed("publish", tmp_path / "items.yaml", *where, *secret)
    assert (tmp_path / "out" / "feed.json").is_file()
