"""The directory that comes with the program is signed, and a changed one says which file."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawback.errors import RulePackError, SignatureRefused
from clawback.guard.directory import SHIPPED
from clawback.guard.signing import key_id, new_key, write_public
from clawback.guard.trusted import TRUSTED, prove_directory, sign_directory, trusted_keys

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "directory"))


def test_the_shipped_directory_is_signed_by_a_key_that_is_trusted_for_it() -> None:
    proof = prove_directory(SHIPPED, trusted_keys())
    assert proof.purpose == "directory"
    assert proof.key_id in trusted_keys()


def test_no_private_key_lies_in_the_repository() -> None:
    marks = (b"PRIVATE" + b" KEY-----",)
    for folder in ("src", "tools", "docs", "tests"):
        for path in (REPOSITORY / folder).rglob("*"):
            if path.is_file() and path.stat().st_size < 100_000:
                assert not any(mark in path.read_bytes() for mark in marks), path


def test_a_changed_number_is_refused_and_its_file_named(copied: Path) -> None:
    page = copied / "cn.yaml"
    page.write_text(page.read_text("utf-8").replace('"95188"', '"95189"'), encoding="utf-8")
    with pytest.raises(SignatureRefused, match=r"cn\.yaml") as error:
        prove_directory(copied, trusted_keys())
    assert error.value.reason == "changed"


def test_comments_and_line_endings_break_no_signature(copied: Path) -> None:
    page = copied / "gb.yaml"
    page.write_bytes(b"# a comment\r\n" + page.read_bytes().replace(b"\n", b"\r\n"))
    assert prove_directory(copied, trusted_keys()).purpose == "directory"


@pytest.mark.parametrize("act", ["added", "removed"])
def test_an_added_or_removed_file_is_noticed(copied: Path, act: str) -> None:
    if act == "added":
        (copied / "zz.yaml").write_text("{}", encoding="utf-8")
    else:
        (copied / "nl.yaml").unlink()
    with pytest.raises(SignatureRefused, match=r"(zz|nl)\.yaml"):
        prove_directory(copied, trusted_keys())


def test_an_unsigned_directory_is_refused(copied: Path) -> None:
    (copied / "signature.json").unlink()
    with pytest.raises(SignatureRefused) as error:
        prove_directory(copied, trusted_keys())
    assert error.value.reason == "unsigned"


def test_a_stranger_can_sign_it_but_is_not_trusted(copied: Path) -> None:
    sign_directory(copied, new_key(), datetime(2026, 11, 25, tzinfo=UTC))
    with pytest.raises(SignatureRefused) as error:
        prove_directory(copied, trusted_keys())
    assert error.value.reason == "unknown_key"


def test_keys_are_rotated_by_adding_the_new_one_and_ending_the_old(copied: Path, tmp_path: Path) -> None:
    new, trusted = new_key(), tmp_path / "trusted.yaml"
    trusted.write_text(
        TRUSTED.read_text("utf-8")
        + f'\n{key_id(new.public)}: {{public: "{write_public(new.public)}", holder: "next", '
        "purposes: [directory], since: 2026-12-01}\n",
        encoding="utf-8",
    )
    prove_directory(copied, trusted_keys(trusted))
    sign_directory(copied, new, datetime(2026, 12, 2, tzinfo=UTC))
    assert prove_directory(copied, trusted_keys(trusted)).holder == "next"


def test_a_pinned_key_must_stand_under_its_own_id(tmp_path: Path) -> None:
    wrong = tmp_path / "trusted.yaml"
    wrong.write_text(
        f'a-b: {{public: "{write_public(new_key().public)}", holder: "x", purposes: [feed], '
        "since: 2026-01-01}",
        encoding="utf-8",
    )
    with pytest.raises(RulePackError, match="not the id of its key"):
        trusted_keys(wrong)
