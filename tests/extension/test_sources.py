"""The browser extension as sources: what it asks for, that it is packed the same each time, and its words."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from tools.build_extension import SOURCES, build, faults, main

NO_SENTENCES = {"other": (False, True), "kind": (False, False)}
HAN = re.compile(r"[㐀-鿿]")


def manifest() -> dict[str, object]:
    found: dict[str, object] = json.loads((SOURCES / "manifest.json").read_text("utf-8"))
    return found


def test_it_asks_for_three_permissions_and_this_machine() -> None:
    asked = manifest()
    assert asked["manifest_version"] == 3
    assert asked["permissions"] == ["activeTab", "contextMenus", "storage"]
    assert asked["host_permissions"] == ["http://127.0.0.1/*"]
    policy = asked["content_security_policy"]
    assert isinstance(policy, dict)
    assert "default-src 'none'; script-src 'self';" in policy["extension_pages"]
    assert "connect-src http://127.0.0.1:*;" in policy["extension_pages"]


def test_it_is_packed_the_same_each_time(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SOURCES, copy)
    build(tmp_path / "one.zip")
    build(tmp_path / "two.zip", copy)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        names = packed.namelist()
        assert names == sorted(names)
        assert {"manifest.json", "check.html", "options.html", "_locales/en/messages.json"} <= set(names)


def test_the_command_wants_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path / "x.zip")]) == 0
    assert capsys.readouterr().out.strip().endswith("x.zip")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("manifest.json", '"storage"', '"storage", "tabs"', "permission tabs"),
        ("manifest.json", '"http://127.0.0.1/*"', '"<all_urls>"', "host <all_urls>"),
        ("manifest.json", "connect-src http://127.0.0.1:*", "connect-src *", "connect-src"),
        ("manifest.json", '"icons"', '"content_scripts": [], "icons"', "content_scripts"),
        ("check.js", "replaceChildren(made", "innerHTML = (made", "innerHTML"),
        ("ask.js", "http://127.0.0.1:${port}", "https://cloud.example", "https://cloud."),
    ],
)
def test_what_may_not_be_in_it_is_refused(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SOURCES, copy)
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), "utf-8")
    assert any(said in fault for fault in faults(copy))
    with pytest.raises(ValueError, match=re.escape(said)):
        build(tmp_path / "x.zip", copy)


def test_every_sentence_is_there_in_both_languages_and_used() -> None:
    source = (SOURCES / "words.js").read_text("utf-8")
    words = dict(re.findall(r"^  (\w+): (\[.*\]),$", source, re.MULTILINE))
    used = "".join(
        (SOURCES / name).read_text("utf-8")
        for name in ("check.html", "options.html", "check.js", "options.js")
    )
    used += source.partition("export function")[2]
    dynamic = ("result_", "advice_", "link_", "problem_")
    for key, pair in words.items():
        zh, en = json.loads(pair)
        assert (bool(HAN.search(zh)), bool(HAN.search(en))) == NO_SENTENCES.get(key, (True, False)), key
        assert key.startswith(dynamic) or re.search(rf"[\"']{key}[\"']", used), f"{key} is not used"
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), key


def test_the_menu_speaks_both_languages() -> None:
    messages = [
        json.loads((SOURCES / "_locales" / lang / "messages.json").read_text("utf-8"))
        for lang in ("zh_CN", "en")
    ]
    assert messages[0].keys() == messages[1].keys()
    assert all(not HAN.search(one["message"]) for one in messages[1].values())
