"""`clawback checkup` as it is typed; a password is taken unseen or not at all."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(typed: Run) -> Run:
    return typed


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    digest = hashlib.sha1(b"correct horse").hexdigest().upper()  # noqa: S324
    (tmp_path / "list.txt").write_text(f"{digest}:1234\n", "ascii")
    return tmp_path / "list.txt"


def test_the_list_comes_in_order_with_reasons_from_a_file_of_answers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("bank_check: no\nclean_device: no\nmail_back: yes\n", "utf-8")
    code, out, _ = run("checkup", "--after", "takeover", "--answers", tmp_path / "a.yaml")
    assert code == 0
    assert "还有 2 件要做" in out
    assert out.index("1. 换一部干净的手机或电脑来改密码") < out.index("2. 逐笔核对银行卡和支付账单")
    assert "设备上如果有木马" in out
    assert "没看的有 7 项" in out


def test_the_list_as_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("sim_lock: unknown\n", "utf-8")
    code, out, _ = run("checkup", "--answers", tmp_path / "a.yaml", "--json", "--lang", "en")
    document = json.loads(out)
    assert code == 0
    assert document["after"] == "ordinary"
    (one,) = document["left"]
    assert (one["id"], one["task"], one["explain"]) == (
        "sim_lock",
        "Set a SIM PIN and ask your carrier for a lock",
        True,
    )


def test_questions_are_put_one_by_one_and_what_is_not_known_is_explained(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = iter(["y", "?", "n", "maybe", "n", *[""] * 7])
    monkeypatch.setattr("builtins.input", lambda *_: next(replies))
    code, out, _ = run("checkup", "--after", "takeover", "--lang", "en")
    assert code == 0
    assert "The mailbox with which you opened your accounts" in out  # after the question mark
    assert "2 to do, from the top" in out
    assert out.index("1. Get your mail back") < out.index("2. Sign unknown devices out")


def test_an_occasion_that_we_do_not_have_is_named(run: Run) -> None:
    code, _, err = run("checkup", "--after", "weather", "--lang", "en")
    assert code == 2
    assert "takeover" in err


def test_a_password_that_is_in_the_list_is_said_to_be_and_what_that_means(
    run: Run, listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _: "correct horse")
    code, out, err = run("checkup", "password", "--list", listing, "--lang", "en")
    assert code == 0
    assert "1,234 times" in out
    assert "Stop using it" in out
    assert "correct horse" not in out + err


def test_a_password_that_is_not_in_the_list_is_not_called_safe(
    run: Run, listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _: "something else")
    code, out, _ = run("checkup", "password", "--list", listing)
    assert code == 0
    assert "不在这份列表里" in out
    assert "它不说明密码安全" in out


def test_a_password_is_no_argument_and_no_option(run: Run, listing: Path) -> None:
    assert run("checkup", "password", "secret", "--list", listing)[0] == 2
    assert run("checkup", "password", "--password", "secret", "--list", listing)[0] == 2


def test_without_a_terminal_that_can_hide_it_no_password_is_taken(listing: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clawback", "checkup", "password", "--list", str(listing), "--lang", "en"],
        input="correct horse\n",
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,  # no controlling terminal
        check=False,
    )
    assert done.returncode == 2
    assert "terminal that can hide it" in done.stderr
    assert "leaked" not in done.stdout
    assert "correct horse" not in done.stdout + done.stderr


def test_on_a_real_terminal_what_is_typed_is_not_shown(listing: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "clawback",
        "checkup",
        "password",
        "--list",
        str(listing),
        "--lang",
        "en",
    ]
    child, terminal = pytest.importorskip("pty").fork()
    if child == 0:
        os.execv(sys.executable, command)  # noqa: S606
    shown = b""
    until = time.monotonic() + 60
    typed = False
    with contextlib.suppress(OSError):  # the terminal closes with the child
        while time.monotonic() < until:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            piece = os.read(terminal, 4096)
            if not piece:
                break
            shown += piece
            if b"(not shown)" in shown and not typed:
                time.sleep(0.3)  # the prompt comes just before the echo is off and what was typed is dropped
                os.write(terminal, b"correct horse\n")
                typed = True
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert b"1,234 times" in shown
    assert b"correct" not in shown
