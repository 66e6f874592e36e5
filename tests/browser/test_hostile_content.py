"""Whatever evidence holds is text: nothing of it runs, loads, or becomes an element of a page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from tools.screenshots.chromium import PHONE, Watch, new_context
from tools.screenshots.served import NOW, Site, served

from browser.hostile_heap import EVIL, PAYLOADS, write_heap
from clawback.desk import intake

CASE = "abad1dea00000000"
MOST_PAGES = 280
FILES = re.compile(r"/(original|picture|density|export|download|calendar\.ics)\b|\.(pdf|docx|zip|csv|ics)$")
# A link may lead to a source of law, which asks nobody before it is pressed; nothing else names another host.
HELD = """() => {
  const bad = [];
  if (window.__ran) bad.push("something ran");
  const own = location.origin;
  const loads = ["src", "href", "action", "formaction", "data", "poster", "srcset", "xlink:href"];
  for (const one of document.querySelectorAll("*")) {
    if (one.closest(".uplot")) continue;  // the chart library sets its own measures from script
    for (const { name, value } of one.attributes) {
      if (name.startsWith("on") || name === "style" || name === "srcdoc") bad.push(`${one.tagName} ${name}`);
      if (!loads.includes(name)) continue;
      if (value.startsWith("#") || value.startsWith("tel:")) continue;
      const url = new URL(value, document.baseURI);
      const leads = one.tagName === "A" && name === "href" && url.protocol.startsWith("http");
      if (url.origin !== own && (!leads || url.host.endsWith("evil.example")))
        bad.push(`${one.tagName} ${name}=${value.slice(0, 80)}`);
    }
  }
  for (const name of ["iframe", "object", "embed", "base", "style", "foreignObject", "marquee", "video"])
    if (document.querySelector(name)) bad.push(`<${name}>`);
  for (const one of document.querySelectorAll("script"))
    if (!one.src.startsWith(own + "/static/")) bad.push("a script that is not ours");
  return bad;
}"""
LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter((one) => one.protocol.startsWith("http")).map((one) => one.href.split("#")[0])"""


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hostile")
    write_heap(folder / "heap")
    answers = {
        "situation": "withdrawal_refused",
        "user.name": PAYLOADS[0],
        "subject.names": PAYLOADS[12],
        "platform.name": PAYLOADS[13],
    }
    options = intake.OpenOptions(now=intake.datetime.fromisoformat(NOW), answers=answers)
    intake.open_heap(folder / "heap", folder / "home" / CASE, options)
    with served(folder / "home") as site:
        yield site


@dataclass
class Walk:
    """Every page that links lead to, looked at once. `seen`: all their words together."""

    page: Page
    site: Site
    done: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    def over(self, *starts: str) -> None:
        """Breadth first from `starts`."""
        waiting = deque(self.site.origin + start for start in starts)
        while waiting and len(self.done) < MOST_PAGES:
            address = waiting.popleft()
            if address in self.done or not self._is_page(address):
                continue
            self.done.add(address)
            self.page.goto(address, wait_until="load")
            self.bad += [f"{address}: {fault}" for fault in self.page.evaluate(HELD)]
            self.seen.append(self.page.locator("main").text_content() or "")
            waiting += self.page.evaluate(LINKS)

    def _is_page(self, address: str) -> bool:
        parts = urlsplit(address)
        ours = address.startswith(self.site.origin + "/") and not parts.path.startswith(("/speak", "/static"))
        return ours and not FILES.search(parts.path)


def test_there_are_enough_payloads_and_each_has_its_own_mark() -> None:
    assert len(PAYLOADS) >= 50
    assert all(f"pw{number:03}" in payload for number, payload in enumerate(PAYLOADS))


@pytest.mark.slow
def test_nothing_in_the_evidence_runs_loads_or_becomes_part_of_a_page(
    browser: Browser, hostile_site: Site
) -> None:
    context = new_context(browser, "zh", PHONE)
    watch = Watch(hostile_site.origin, frozenset({404, 422}))
    watch.over(context)
    page = context.new_page()
    page.goto(hostile_site.door)
    base = f"/c/{CASE}"
    walk = Walk(page, hostile_site)
    walk.over(
        *(f"{base}/{part}" for part in ("", "evidence", "timeline?list=1", "timeline?kind=message&list=1")),
        *(
            f"{base}/{part}"
            for part in ("evidence/problems", "money", "papers", "tracking", "questions", "card")
        ),
        "/cases",
        "/",
    )
    context.close()
    assert walk.bad == []
    assert len(walk.done) > 100
    assert watch.found() == []
    assert hostile_site.faults == ""
    words = " ".join(walk.seen)
    missing = [payload[:60] for number, payload in enumerate(PAYLOADS) if f"pw{number:03}" not in words]
    assert missing == [], "not shown anywhere, so nothing is known about it"
    assert EVIL in words  # shown as words, never asked for


def test_an_original_is_only_ever_kept_as_a_file(browser: Browser, hostile_site: Site) -> None:
    context = new_context(browser, "zh", PHONE)
    page = context.new_page()
    page.goto(hostile_site.door)
    for number in (1, 3, 5, 9):
        answer = page.request.get(f"{hostile_site.origin}/c/{CASE}/evidence/{number}/original")
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.headers["x-content-type-options"] == "nosniff"
    context.close()
