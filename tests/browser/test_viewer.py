"""The viewer and the timeline with scripts: quicker, and never the only way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from tools.screenshots.chromium import PHONE, Watch, new_context
from tools.screenshots.served import NOW, Site, served

from clawback.desk import intake
from clawback.model.evidence import Grade, Locator
from clawback.readers.contract import Reading, TextPiece
from clawback.readers.wire import Header

CASE = "c0ffee0000000000"
BOX = "b100-1500-300-1600"


class Glance:
    """Reads every picture as one line near its end, so that no test waits for text recognition."""

    def __enter__(self) -> Glance:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self, original: BinaryIO, header: Header, _: object) -> Reading:
        line = TextPiece("¥3,000.00", Locator(box=(100, 1500, 300, 1600)), 95)
        return Reading("glance", "1", Grade.SCREENSHOT, texts=(line,))


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("viewer")
    pictures, chats = folder / "pictures", folder / "chats"
    pictures.mkdir()
    chats.mkdir()
    for name, shade in (("1.png", "white"), ("2.png", "gray")):
        out = io.BytesIO()
        Image.new("RGB", (800, 1700), shade).save(out, "PNG")
        (pictures / name).write_bytes(out.getvalue())
    start = datetime.fromisoformat("2026-10-01T08:00:00")
    lines = [
        f"{start + timedelta(days=n // 3, minutes=n):%Y-%m-%d %H:%M:%S} 导师\n第{n}条\n" for n in range(90)
    ]
    (chats / "微信聊天.txt").write_text("\n".join(lines), encoding="utf-8")
    options = intake.OpenOptions(now=datetime.fromisoformat(NOW))
    intake.open_heap(pictures, folder / "home" / CASE, options, room=lambda _: Glance())
    intake.open_heap(chats, folder / "home" / CASE, options)
    with served(folder / "home") as site:
        yield site


@pytest.fixture
def page(browser: Browser, small_site: Site) -> Iterator[Page]:
    context = new_context(browser, "zh", PHONE)
    watch = Watch(small_site.origin)
    watch.over(context)
    opened = context.new_page()
    opened.goto(small_site.door)
    yield opened
    context.close()
    assert watch.found() == []


def test_the_place_is_brought_into_view_inside_the_picture(page: Page, small_site: Site) -> None:
    page.goto(f"{small_site.origin}/c/{CASE}/evidence/1?at={BOX}&zoom=2")
    inside = page.evaluate(
        """() => {
          const box = document.getElementById("box").getBoundingClientRect();
          const frame = document.querySelector(".ev-sheet").getBoundingClientRect();
          return box.top >= frame.top && box.bottom <= frame.bottom;
        }"""
    )
    assert inside


def test_zoom_needs_no_new_page_and_loads_the_larger_picture(page: Page, small_site: Site) -> None:
    page.goto(f"{small_site.origin}/c/{CASE}/evidence/1")
    page.evaluate("window.same = true")
    before = page.locator(".ev-sheet svg").bounding_box()
    page.get_by_role("link", name="缩放 200%").click()
    after = page.locator(".ev-sheet svg").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 1.9 * before["width"]
    assert page.evaluate("window.same") is True
    assert "side=3200" in (page.locator(".ev-sheet image").get_attribute("href") or "")
    assert page.get_by_role("link", name="缩放 200%").get_attribute("aria-current") == "true"


def test_single_keys_act_only_while_the_picture_has_the_focus(page: Page, small_site: Site) -> None:
    page.goto(f"{small_site.origin}/c/{CASE}/evidence/1")
    page.locator("h1").click()
    page.keyboard.press("]")
    assert page.url.endswith("/evidence/1")
    page.locator(".ev-sheet").focus()
    page.keyboard.press("+")
    assert page.locator(".ev-sheet").get_attribute("data-zoom") == "2"
    page.keyboard.press("]")
    page.wait_for_url("**/evidence/2")


def test_without_scripts_zoom_and_walk_are_links(browser: Browser, small_site: Site) -> None:
    context = new_context(browser, "zh", PHONE, scripts=False)
    page = context.new_page()
    page.goto(small_site.door)
    page.goto(f"{small_site.origin}/c/{CASE}/evidence/1?at={BOX}")
    page.get_by_role("link", name="缩放 200%").click()
    assert page.locator(".ev-sheet").get_attribute("data-zoom") == "2"
    assert page.locator("#box").count() == 1
    page.get_by_role("link", name="下一份").click()
    assert page.url.endswith("/evidence/2")
    context.close()


def test_the_picture_of_the_span_leads_to_the_day(page: Page, small_site: Site) -> None:
    page.goto(f"{small_site.origin}/c/{CASE}/timeline")
    strip = page.locator("#density")
    strip.wait_for(state="visible")
    over = page.locator("#density .u-over").bounding_box()
    assert over is not None
    page.mouse.move(over["x"] + over["width"] - 4, over["y"] + over["height"] - 4)
    assert "2026-10-30" in page.locator(".tl-says").inner_text()
    page.mouse.click(over["x"] + over["width"] - 4, over["y"] + over["height"] - 4)
    page.wait_for_url("**/timeline?page=2#day-2026-10-30")
    assert page.locator("#day-2026-10-30").is_visible()


def test_without_scripts_the_list_of_days_leads_there_too(browser: Browser, small_site: Site) -> None:
    context = new_context(browser, "zh", PHONE, scripts=False)
    page = context.new_page()
    page.goto(small_site.door)
    page.goto(f"{small_site.origin}/c/{CASE}/timeline")
    assert not page.locator("#density").is_visible()
    page.locator(".tl-days summary").click()
    page.get_by_role("link", name="10月30日").click()
    assert page.url.endswith("/timeline?page=2#day-2026-10-30")
    context.close()
