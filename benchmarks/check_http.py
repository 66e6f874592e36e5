"""How many texts a second does `POST /api/v1/checks` answer, and how long does one batch take?

    python -m benchmarks.check_http [--batch 40] [--requests 500]

Starts `clawback serve`, sends batches of the messages of `guard_speed` (200 characters, both languages) one after another
over one connection, and prints texts a second by the clock and by the server's own processor time (`/proc`, Linux), with
the median and the 99th percentile of a batch. Goal: 5,000 a second for each core, 99th percentile below 10 ms.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.guard_speed import messages

_KEY = "benchmark"
_HEADERS = {"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--batch", type=int, default=40)
    parser.add_argument("--requests", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "clawback", "serve", "--no-browser", "--key", _KEY, "--home", home]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None  # noqa: S101
                port = int(server.stdout.readline().rpartition(":")[2].partition("/")[0])
                _measure(port, server.pid, given.batch, given.requests)
            finally:
                server.terminate()


def _measure(port: int, pid: int, batch: int, requests: int) -> None:
    texts = messages()
    asked = [{"id": str(n), "text": texts[n % len(texts)]} for n in range(batch)]
    body = json.dumps({"texts": asked}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(20):
        _ask(connection, body)
    spent, began, took = _processor_s(pid), time.perf_counter(), []
    for _ in range(requests):
        before = time.perf_counter()
        _ask(connection, body)
        took.append((time.perf_counter() - before) * 1000)
    clock, processor = time.perf_counter() - began, _processor_s(pid) - spent
    count = batch * requests
    print(f"batches of {batch}: {count / clock:8.0f} texts a second by the clock")
    print(f"                {count / processor:8.0f} texts a second of the server's processor time")
    print(
        f"one batch: median {statistics.median(took):.2f} ms, p99 {statistics.quantiles(took, n=100)[98]:.2f} ms"
    )


def _ask(connection: http.client.HTTPConnection, body: bytes) -> None:
    connection.request("POST", "/api/v1/checks", body, _HEADERS)
    answer = connection.getresponse()
    read = answer.read()
    if answer.status != 200:
        raise SystemExit(read.decode())


def _processor_s(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
