"""How much memory does taking in a heap through the browser cost?

    python -m benchmarks.browser_intake [--gigabytes 2] [--encrypted] [--json]

Starts `clawback serve` in a process of its own and sends it an invented heap over the loopback, as the page does:
pieces of 4 MB, two files at a time. Three quarters of the bytes are one file; the rest are ten; a few small texts
give the readers something to read. The content is made while it is sent. Prints how long it took until all was
sealed and until all was read, and the peak resident memory of the server alone and together with the processes in
which evidence is read. The goal: the server under 500 MB at 2 GB.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PIECE = 4 * 1024 * 1024
KEY = "benchmark"
SAMPLE_S = 0.02


@dataclass(frozen=True)
class Figures:
    """Sizes in MB (1,000,000 bytes), times in seconds."""

    sent_mb: float
    files: int
    until_sealed_s: float
    until_read_s: float
    server_before_mb: float
    server_peak_mb: float
    with_children_peak_mb: float


@dataclass(frozen=True)
class Item:
    """A file to send: its bytes follow from its seed."""

    name: str
    size: int
    seed: int

    def pieces(self) -> Iterator[bytes]:
        rng = random.Random(self.seed)  # noqa: S311
        for at in range(0, self.size, PIECE):
            yield rng.randbytes(min(PIECE, self.size - at))

    def head(self) -> str:
        return hashlib.sha256(next(self.pieces(), b"")[: 64 * 1024]).hexdigest()


def heap(total: int) -> list[Item]:
    large = Item("录屏/通话录屏.mp4", total * 3 // 4, 1)
    return [large, *(Item(f"相册/视频 {number}.mp4", total // 40, number) for number in range(2, 12))]


class Memory(threading.Thread):
    """Samples the resident memory of a process and of all its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.alone = self.together = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(SAMPLE_S):
            alone = resident(self.pid)
            self.alone = max(self.alone, alone)
            self.together = max(self.together, alone + sum(map(resident, descendants(self.pid))))


def resident(pid: int) -> int:
    """Bytes; of shared pages each process counts all."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


class Site:
    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            headers = {"Authorization": f"Bearer {KEY}"} | (
                {"Content-Type": kind} if body is not None else {}
            )
            link.request(method, f"/api/v1{path}", body, headers)
            answer = link.getresponse()
            told = json.loads(answer.read())
        finally:
            link.close()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {told}")
        return told


def send(site: Site, case: str, item: Item) -> None:
    about = {"name": item.name, "size": item.size, "head": item.head()}
    state = site.ask("POST", f"/cases/{case}/uploads", json.dumps(about).encode())
    for piece in item.pieces():
        path = f"/cases/{case}/uploads/{state['id']}?offset={state['offset']}"
        state = site.ask("PATCH", path, piece, "application/octet-stream")
    assert state["sealed"], state  # noqa: S101


def send_text(site: Site, case: str, number: int) -> None:
    data = f"2026-11-18 20:{number:02}:00 导师小林\n先转{3000 + number}元\n".encode()
    state = site.ask(
        "POST",
        f"/cases/{case}/uploads",
        json.dumps({"name": f"聊天 {number}.txt", "size": len(data)}).encode(),
    )
    site.ask("PATCH", f"/cases/{case}/uploads/{state['id']}?offset=0", data, "application/octet-stream")


def measure(total: int, encrypted: bool) -> Figures:
    with tempfile.TemporaryDirectory(prefix="clawback-browser-") as folder:
        command = [sys.executable, "-m", "clawback", "serve", "--home", folder, "--key", KEY, "--no-browser"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None  # noqa: S101
            address = server.stdout.readline()
            site = Site(int(re.search(r":(\d+)/", address)[1]))  # type: ignore[index]
            about = {"jurisdiction": "cn"} | ({"passphrase": "correct horse battery"} if encrypted else {})
            case = site.ask("POST", "/cases", json.dumps(about).encode())["id"]
            return _measured(site, case, server.pid, total)
        finally:
            server.terminate()
            server.wait()


def _measured(site: Site, case: str, pid: int, total: int) -> Figures:
    before, memory, start = resident(pid), Memory(pid), time.monotonic()
    memory.start()
    items = heap(total)
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(send, site, case, item) for item in items]
        for number in range(20):
            sent.append(pool.submit(send_text, site, case, number))
        for one in sent:
            one.result()
    sealed = time.monotonic()
    while True:
        state = site.ask("GET", f"/cases/{case}/reading")
        if not state["running"] and not state["waiting"]:
            break
        time.sleep(0.2)
    read = time.monotonic()
    memory.ended.set()
    memory.join()
    return Figures(
        sent_mb=sum(item.size for item in items) / 1e6,
        files=len(sent),
        until_sealed_s=round(sealed - start, 1),
        until_read_s=round(read - start, 1),
        server_before_mb=round(before / 1e6, 1),
        server_peak_mb=round(memory.alone / 1e6, 1),
        with_children_peak_mb=round(memory.together / 1e6, 1),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--encrypted", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(int(asked.gigabytes * 1e9), asked.encrypted)
    if asked.json:
        print(json.dumps(asdict(figures)))
        return
    for name, value in asdict(figures).items():
        print(f"{name:22} {value}")


if __name__ == "__main__":
    main()
