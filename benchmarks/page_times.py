"""How long does the server take for each page of a large case?

    python -m benchmarks.page_times [--records 20000] [--folder FOLDER] [--rounds 10]

Makes a case of 500 exhibits (250 bank tables, 250 chats) with as many records as asked for, or takes the one
made before in FOLDER, and opens every page that a person can reach by following links from the first screen, up
to six addresses of each kind, and the answers of the API. Prints p50, p95 and maximum of the server's time per
kind (last, p95 of processor time alone: what a busy machine does not change), what the first opening costs, how long a decision takes to be seen, and the bytes of the first screen with
its style sheet and scripts. What is drawn on demand in the box (pictures, previews of papers) and the whole
export are listed below the line: no page waits for them. The goal: p95 of all pages at most 50 ms at 20,000
records; at most 150 kB. Exit status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, MutableMapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from starlette.applications import Starlette
from starlette.routing import Match, Route
from starlette.testclient import TestClient

from clawback.desk import intake
from clawback.desk.workplace import Workplace
from clawback.web.api import ENDPOINTS
from clawback.web.api.contract import ROOT
from clawback.web.app import make_app
from clawback.web.guard import KEY, Sessions

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
HOST = "127.0.0.1:8765"
CASE = "0123456789abcdef"
GOAL_MS, GOAL_BYTES = 50.0, 150_000
PER_KIND = 6
ROUND_TRIP = ("/speak/{lang}", "/leave")
ON_DEMAND = (
    "/picture",
    "/original",
    "/preview",
    ".png",
    "/certificate",
    "/made/",
    "/verify",
    "/export",
    "/progress",
    "/make",
)
FILES = 500


class Clocked:
    """The app with the time that it took for the last request, in milliseconds: by the clock, and of this
    process alone (`worked`), which other programs on the machine do not lengthen."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.took = self.worked = 0.0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        start, spent = time.perf_counter(), time.process_time()
        await self.app(scope, receive, send)
        self.took = (time.perf_counter() - start) * 1000
        self.worked = (time.process_time() - spent) * 1000


def make_case(folder: Path, records: int) -> Path:
    """The home of a case with `records` records in 500 exhibits; made once."""
    home = folder / f"records-{records}"
    if not (home / CASE).exists():
        heap = folder / f"heap-{records}"
        heap.mkdir(parents=True, exist_ok=True)
        rng = random.Random(1)  # noqa: S311
        for number in range(FILES // 2):
            (heap / f"流水{number}.csv").write_text(_table(rng, number, records // FILES), encoding="utf-8")
            (heap / f"聊天{number}.txt").write_text(_chat(rng, number, records // FILES), encoding="utf-8")
        home.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        intake.open_heap(
            heap, home / CASE, intake.OpenOptions(now=NOW, answers={"situation": "withdrawal_refused"})
        )
        print(f"case made in {time.monotonic() - start:.0f} s")
    return home


def _table(rng: random.Random, number: int, rows: int) -> str:
    at = datetime(2025, 11, 1) + timedelta(hours=rng.randrange(24 * 300))  # noqa: DTZ001 - as a bank writes it
    lines = ["交易时间,交易类型,交易对方,对方账号,收/支,金额(元),流水号"]
    for row in range(rows):
        at += timedelta(minutes=rng.randrange(1, 600))
        way = "支出" if rng.random() < 0.8 else "收入"
        cents = rng.randrange(100, 900_000)
        lines.append(
            f"{at:%Y-%m-%d %H:%M:%S},转账,某甲{rng.randrange(500)},62{rng.randrange(10**14):014d},{way},"
            f"{cents / 100:.2f},{number:04d}{row:06d}{rng.randrange(10**8):08d}"
        )
    return "\n".join(lines) + "\n"


def _chat(rng: random.Random, number: int, lines: int) -> str:
    at = datetime(2025, 11, 1) + timedelta(hours=rng.randrange(24 * 300))  # noqa: DTZ001
    said = []
    for line in range(lines):
        at += timedelta(minutes=rng.randrange(1, 600))
        who = "我" if line % 2 else f"导师{number}"
        said.append(
            f"[{at:%Y/%m/%d %H:%M:%S}] {who}: 第{line}条 转{rng.randrange(100, 9000)}元 提现 流水不足"
        )
    return "\n".join(said) + "\n"


class Walk:
    """Addresses found by following links, a few of each kind."""

    def __init__(self, app: Starlette, browser: TestClient) -> None:
        self._routes = [route for route in app.routes if isinstance(route, Route)]
        self._browser = browser
        self.found: dict[str, list[str]] = defaultdict(list)

    def kind(self, address: str) -> str | None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": urlsplit(address).path,
            "headers": [],
            "root_path": "",
        }
        return next((one.path for one in self._routes if one.matches(scope)[0] is Match.FULL), None)

    def follow(self, starts: Iterable[str]) -> None:
        waiting, seen = list(starts), set(starts)
        while waiting:
            address = waiting.pop(0)
            kind = self.kind(address)
            if kind is None or kind in ROUND_TRIP or "/static/" in kind:
                continue
            if len(self.found[kind]) >= PER_KIND:
                continue
            self.found[kind].append(address)
            if _on_demand(kind):
                continue
            answer = self._browser.get(address)
            if "html" not in answer.headers.get("content-type", ""):
                continue
            for link in re.findall(r'href="([^"#]+)', answer.text):
                there = urljoin(address, link.replace("&amp;", "&"))
                if there.startswith("/") and there not in seen:
                    seen.add(there)
                    waiting.append(there)

    def unreached(self) -> list[str]:
        pages = [one.path for one in self._routes if "GET" in (one.methods or ())]
        return [
            path
            for path in pages
            if path not in self.found and not path.startswith(("/static", "/speak", ROOT))
        ]


def _on_demand(kind: str) -> bool:
    return any(part in kind for part in ON_DEMAND)


def api_addresses(browser: TestClient) -> list[str]:
    transfer = browser.get(f"{ROOT}/cases/{CASE}/transfers?limit=1").json()["items"][0]["id"]
    looks = [one.path for one in ENDPOINTS if one.method == "GET" and not {"file", "upload"} & set(one.parts)]
    return [ROOT + path.format(case=CASE, number=1, transfer=transfer) for path in looks]


def first_screen(browser: TestClient) -> int:
    """Bytes of the first screen and of everything that it loads, as they go over the wire."""
    page = browser.get("/")
    parts = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    return len(page.content) + sum(len(browser.get(part).content) for part in parts)


class Times:
    """Times of some requests in ms."""

    def __init__(self) -> None:
        self.took: list[float] = []
        self.worked: list[float] = []

    def add(self, other: Times) -> None:
        self.took += other.took
        self.worked += other.worked

    def report(self, label: str) -> None:
        shown = (statistics.median(self.took), p95(self.took), max(self.took), p95(self.worked))
        print(f"{label:58}" + "".join(f"{figure:9.1f}" for figure in shown))


def p95(times: list[float]) -> float:
    """The time that 95 of 100 requests do not exceed."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def measure(browser: TestClient, clocked: Clocked, addresses: list[str], rounds: int) -> Times:
    times = Times()
    for address in addresses:
        for _ in range(rounds):
            answer = browser.get(address, follow_redirects=False)
            if answer.status_code >= 400:
                raise SystemExit(f"{address} answered {answer.status_code}")
            times.took.append(clocked.took)
            times.worked.append(clocked.worked)
    return times


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where the case is kept for the next time")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        return run(make_case(options.folder or Path(temporary), options.records), options.rounds)


def run(home: Path, rounds: int) -> int:
    workplace = Workplace(home, lambda: NOW)
    clocked = Clocked(make_app(workplace, Sessions("bench"), frozenset({HOST})))
    with TestClient(clocked, base_url=f"http://{HOST}", headers={"origin": f"http://{HOST}"}) as browser:
        browser.get(f"/?{KEY}=bench")
        browser.get(f"/c/{CASE}/")
        print(f"first opening of the case: {clocked.took:.0f} ms")
        walk = Walk(clocked.app, browser)
        walk.follow(["/", "/cases", "/check", f"/c/{CASE}/"])
        api = api_addresses(browser)
        everything = Times()
        print(f"\n{'server time in ms':58}{'p50':>9}{'p95':>9}{'max':>9}{'p95 cpu':>9}")
        for kind, addresses in sorted(walk.found.items()):
            if not _on_demand(kind):
                times = measure(browser, clocked, addresses, rounds)
                everything.add(times)
                times.report(kind)
        for address in api:
            if not _on_demand(address):
                times = measure(browser, clocked, [address], rounds)
                everything.add(times)
                times.report(address.replace(CASE, "{case}"))
        everything.report("all of them")
        print("\nnot waited for by any page")
        demanded = [(kind, found[:2]) for kind, found in sorted(walk.found.items()) if _on_demand(kind)]
        for kind, addresses in [
            *demanded,
            *((one.replace(CASE, "{case}"), [one]) for one in api if _on_demand(one)),
        ]:
            measure(browser, clocked, addresses, 1).report(kind)
        print(f"\nnot reached by a link: {', '.join(walk.unreached()) or 'none'}")
        seen = decision_seen(browser)
        print(f"a decision is seen after {seen:.0f} ms")
        size = first_screen(browser)
        print(f"first screen: {size / 1000:.1f} kB")
    slowest = p95(everything.took)
    print(f"p95 {slowest:.1f} ms (goal {GOAL_MS:.0f}), first screen {size} bytes (goal {GOAL_BYTES})")
    return int(slowest > GOAL_MS or size > GOAL_BYTES)


def decision_seen(browser: TestClient) -> float:
    """From sending a decision to having the page that shows it, in ms."""
    address = f"{ROOT}/cases/{CASE}/transfers"
    transfer = browser.get(f"{address}?limit=1").json()["items"][0]
    start = time.perf_counter()
    browser.post(f"{address}/{transfer['id']}/scope", json={"scope": "in"})
    browser.get(f"/c/{CASE}/")
    took = (time.perf_counter() - start) * 1000
    browser.post(f"{address}/{transfer['id']}/scope", json={"scope": None})
    return took


if __name__ == "__main__":
    sys.exit(main())
