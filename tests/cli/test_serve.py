"""`clawback serve`: what can be typed, and one real start, look and stop."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from clawback.cli import main
from clawback.desk.workplace import Workplace
from clawback.web import serve as web_serve
from clawback.web.serve import Options

NOW = "2026-11-20T10:00+08:00"

Asked = list[tuple[Workplace, Options]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the command hands to the server, which is not started."""
    seen: Asked = []

    def serve(workplace: Workplace, options: Options, say: Callable[[str, bool], None]) -> None:
        seen.append((workplace, options))
        say("http://127.0.0.1:8765/?key=k", False)

    monkeypatch.setattr(web_serve, "serve", serve)
    return seen


def type_in(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["clawback", "serve", *map(str, words)])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_without_anything_it_opens_the_browser_on_the_usual_folder(
    monkeypatch: pytest.MonkeyPatch, asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(monkeypatch) == 0
    (workplace, options) = asked[0]
    assert workplace.home == Path.home() / "Clawback"
    assert options == Options(port=0, key=None, case=None, open_browser=True)
    assert "http://127.0.0.1:8765/?key=k" in capsys.readouterr().out


def test_everything_can_be_said(monkeypatch: pytest.MonkeyPatch, asked: Asked, tmp_path: Path) -> None:
    case, home = tmp_path / "case", tmp_path / "home"
    words = (case, "--home", home, "--port", 8799, "--no-browser", "--key", "k", "--now", NOW)
    assert type_in(monkeypatch, *words) == 0
    (workplace, options) = asked[0]
    assert workplace.home == home
    assert options == Options(port=8799, key="k", case=case, open_browser=False)
    assert workplace.clock().isoformat() == "2026-11-20T10:00:00+08:00"


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--now", "2026-11-20T10:00"), 2), (("--port", "many"), 2), (("--nonsense",), 2)],
)
def test_what_makes_no_sense_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, asked: Asked, words: tuple[str, ...], code: int
) -> None:
    assert type_in(monkeypatch, *words) == code
    assert asked == []


def test_a_folder_without_a_case_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(monkeypatch, tmp_path, "--no-browser", "--home", tmp_path / "home") == 3
    assert "没有案件" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert type_in(monkeypatch, "--no-browser", "--port", port, "--home", tmp_path) == 8
    assert f"端口 {port} 已被占用" in capsys.readouterr().err


def test_a_real_start_answers_only_with_its_key_and_stops_when_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clawback", "serve", "--no-browser", "--home", str(tmp_path / "home")]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        line = running.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?key=[A-Za-z0-9_-]{20,}", line)
        address = urlsplit(line)
        assert status(address.netloc, "/") == 403
        assert status(address.netloc, f"/?{address.query}") == 303
        running.send_signal(signal.SIGINT)
        assert running.wait(20) in (0, -signal.SIGINT, 130)
    assert not (tmp_path / "home").exists()  # looking makes no folder


def status(netloc: str, path: str) -> int:
    """Status of a page; tried again while the server comes up."""
    for _ in range(100):
        connection = http.client.HTTPConnection(netloc, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionError:
            import time

            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the server did not come up")
