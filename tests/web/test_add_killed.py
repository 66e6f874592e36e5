"""The server may be killed at any point while files arrive: nothing acknowledged is lost, and uploads go on.

A real server runs in a child process that kills itself (SIGKILL) just before or after its n-th durable
operation, with the points spread evenly over receiving pieces, between them, sealing and reading. Then
another server is started on the same case, and the sender goes on.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import io
import json
import os
import signal
import socket
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import uvicorn

from clawback.desk import livecase
from clawback.desk.records import exhibit_bytes, load_records
from clawback.desk.uploads import HEAD, Description, begin, keep_piece
from clawback.desk.verifying import verify
from clawback.desk.workplace import Workplace
from clawback.model.evidence import Outcome
from clawback.web.app import make_app
from clawback.web.guard import Sessions
from clawback.web.serve import config_of, hosts_of, listen
from desk.test_intake_killed import DURABLE, Archives

PIECE = 100_000
BIG = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(350_000 // 32))


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as inside:
        inside.writestr("inner/chat.txt", "hello")
    return data.getvalue()


FILES = (("big.bin", BIG), ("聊天.zip", archive()), ("again/big.bin", BIG), ("empty.txt", b""))
EXPECTED = {
    (("big.bin", "again/big.bin"), BIG),
    (("聊天.zip",), FILES[1][1]),
    (("empty.txt",), b""),
    (("inner/chat.txt",), b"hello"),
}


class Elsewhere(Exception):
    """The server completes this upload by itself just now, or has done so."""


class Server:
    """A server in a child process. `last`: the durable operation at which it is killed."""

    def __init__(self, home: Path, last: int | None, quick: bool) -> None:
        listener = listen(0)
        self.port: int = listener.getsockname()[1]
        self._told, telling = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            _serve(home, listener, last, telling, quick)
        os.close(telling)
        listener.close()

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Any:
        """The answer as JSON. Raises ConnectionError when there is none, and Elsewhere."""
        headers = {"Authorization": "Bearer k", **({"Content-Type": kind} if kind else {})}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, "/api/v1" + path, body, headers)
            answer = link.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError from error
        finally:
            link.close()
        if answer.status in (404, 409):
            raise Elsewhere
        assert answer.status < 300, told
        return json.loads(told)

    def count(self) -> int:
        """Durable operations so far."""
        self.ask("GET", "/help-lines")  # it is up, and can be asked
        os.kill(self._child, signal.SIGUSR1)
        return int(os.read(self._told, 20))

    def end(self) -> bool:
        """Kill it, if it was not killed; the answer says which."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGTERM)
        _, status = os.waitpid(self._child, 0)
        os.close(self._told)
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _serve(home: Path, listener: socket.socket, last: int | None, telling: int, quick: bool) -> None:
    """In the child: never returns."""
    count = 0

    def counted(frame: FrameType, event: str, called: object) -> None:
        nonlocal count
        if event in ("c_call", "c_return") and getattr(called, "__name__", "") in DURABLE:
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1

    try:
        if quick:
            livecase.Box = Archives  # type: ignore[misc,assignment]
        signal.signal(signal.SIGUSR1, lambda *_: os.write(telling, b"%d" % count) and None)
        app = make_app(Workplace(home), Sessions("k"), hosts_of(listener.getsockname()[1]))
        sys.setprofile(counted)
        threading.setprofile(counted)
        uvicorn.Server(config_of(app)).run(sockets=[listener])
        os._exit(0)
    finally:
        os._exit(1)


@contextmanager
def server(home: Path, last: int | None = None, *, quick: bool = True) -> Iterator[Server]:
    running = Server(home, last, quick)
    try:
        yield running
    finally:
        running.end()


class Sender:
    """Sends the files, again and again from where it was, and remembers what it was told."""

    def __init__(self, case: str) -> None:
        self._path = f"/cases/{case}"
        self.sealed: set[int] = set()
        self.safe: dict[str, int] = {}

    def run(self, to: Server) -> None:
        """Raises ConnectionError when the server is gone."""
        for name, data in FILES:
            while not self._send(to, name, data):
                time.sleep(0.02)
        wait_for(lambda: self._all_read(to))

    def _all_read(self, to: Server) -> bool:
        state = to.ask("GET", self._path + "/reading")
        return not state["running"] and not state["waiting"]

    def _send(self, to: Server, name: str, data: bytes) -> bool:
        """Until it is sealed; False when it has to be begun again, as the page does it."""
        about = {"name": name, "size": len(data), "head": hashlib.sha256(data[:HEAD]).hexdigest()}
        body = json.dumps(about).encode()
        state = to.ask("POST", self._path + "/uploads", body, "application/json")
        assert state["offset"] >= self.safe.get(state["id"], 0)  # nothing acknowledged was lost
        while True:
            at = state["offset"]
            path = f"{self._path}/uploads/{state['id']}?offset={at}"
            try:
                state = to.ask("PATCH", path, data[at : at + PIECE], "application/octet-stream")
            except Elsewhere:
                return False
            self.safe[state["id"]] = state["offset"]
            if state["sealed"]:
                self.sealed.add(state["sealed"]["number"])
                return True


def begin_case(home: Path) -> str:
    workplace = Workplace(home)
    id = workplace.begin("cn").id
    workplace.close()
    return id


def check_end(folder: Path) -> None:
    exhibits = load_records(folder).exhibits
    assert {(one.names, exhibit_bytes(folder, one.number)) for one in exhibits} == EXPECTED
    assert all(one.outcome is not Outcome.WAITING for one in exhibits)
    assert not verify(folder).damaged
    assert list((folder / "uploads").glob("*/about")) == []


def check_points(tmp_path: Path, points: int, *, quick: bool) -> None:
    with server(tmp_path / "whole", quick=quick) as undisturbed:
        whole = begin_case(tmp_path / "whole")
        before = undisturbed.count()
        Sender(whole).run(undisturbed)
        total = undisturbed.count()
    check_end(tmp_path / "whole" / whole)
    assert total - before > 3 * points
    killed = 0
    for point in range(points):
        killed += killed_at(tmp_path / f"home-{point}", before + point * (total - before) // points, quick)
    assert killed > 0.8 * points  # threads do not count quite the same each time


def killed_at(home: Path, last: int, quick: bool) -> bool:
    case = begin_case(home)
    sender = Sender(case)
    running = Server(home, last, quick)
    with contextlib.suppress(ConnectionError):
        sender.run(running)
    killed = running.end()
    assert not verify(home / case).damaged
    assert sender.sealed <= {one.number for one in load_records(home / case).exhibits}
    with server(home, quick=quick) as again:
        sender.run(again)
    check_end(home / case)
    return killed


def wait_for(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_killed_at_eight_points_nothing_is_lost_and_uploads_go_on(tmp_path: Path) -> None:
    check_points(tmp_path, 8, quick=True)


@pytest.mark.slow
def test_killed_at_sixty_points_nothing_is_lost_and_uploads_go_on(tmp_path: Path) -> None:
    check_points(tmp_path, 60, quick=True)


@pytest.mark.slow
def test_killed_at_eight_points_while_the_box_reads(tmp_path: Path) -> None:
    check_points(tmp_path, 8, quick=False)


def test_what_was_all_there_is_sealed_and_read_without_its_sender(tmp_path: Path) -> None:
    """The tab was closed, and the server killed before it could seal: the next to open it completes it."""
    home = tmp_path / "home"
    case = begin_case(home)
    live = Workplace(home).case(case)
    keep_piece(live, begin(live, Description(b"big.bin", len(BIG))).id, 0, BIG)
    with server(home) as again:
        again.ask("GET", f"/cases/{case}/reading")
        folder = home / case
        wait_for(
            lambda: [one.outcome for one in load_records(folder).exhibits] not in ([], [Outcome.WAITING])
        )
    assert exhibit_bytes(folder, 1) == BIG
