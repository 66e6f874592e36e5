"""A server of its own process over a folder of cases, stopped when done."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

KEY = "k" * 32
NOW = "2026-11-20T10:00+08:00"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True, slots=True)
class Site:
    """A running server. `origin`: scheme, host and port. `home`: its folder of cases."""

    origin: str
    home: Path

    @property
    def faults(self) -> str:
        """What the server complained about; empty when all was well."""
        return (self.home.parent / "server.log").read_text("utf-8")

    @property
    def door(self) -> str:
        """The address that carries the key."""
        return f"{self.origin}/?key={KEY}"

    def text(self, path: str, lang: str = "zh") -> tuple[int, str, str]:
        """Status, kind and text of a page, asked for by a program with the key."""
        headers = {"Authorization": f"Bearer {KEY}", "Accept-Language": lang}
        with urlopen(Request(self.origin + path, headers=headers)) as answer:  # noqa: S310 - our own origin
            kind = answer.headers.get("content-type", "")
            data: bytes = answer.read() if kind.startswith("text/html") else b""
            return answer.status, kind, data.decode("utf-8")


def _wait_for(origin: str) -> None:
    host, _, port = origin.removeprefix("http://").partition(":")
    for _ in range(100):
        with suppress(OSError), socket.create_connection((host, int(port)), timeout=5):
            return
        time.sleep(0.1)


@contextmanager
def served(home: Path, now: str = NOW) -> Iterator[Site]:
    """`clawback serve` over `home` at the instant `now`."""
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "clawback", "serve", "--no-browser", "--key", KEY]
    command += ["--home", str(home), "--now", now]
    log = home.parent / "server.log"
    with log.open("w") as faults, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=faults) as process:
        try:
            line = process.stdout.readline().decode() if process.stdout else ""
            found = _ADDRESS.search(line)
            if found is None:
                raise RuntimeError(f"The server did not say its address: {line!r} {log.read_text()}")
            _wait_for(found[0])
            yield Site(found[0], home)
        finally:
            process.terminate()
