"""The browser extension in a real Chromium: selected text, addresses, options, and no other host asked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, Worker
from tools.build_extension import build
from tools.screenshots.chromium import ARGS, LOCALES, find_chromium
from tools.screenshots.served import KEY, Site

from browser.looking import axe_faults

SCAM = "我是公安局的，您涉嫌洗钱，请把钱转到安全账户，不要告诉家人"
MESSAGE = f"<!doctype html><title>chat</title><p id=said>{SCAM}</p><p>明天见</p>"
PORT = "http://127.0.0.1:"


@dataclass
class Extension:
    """A browser profile with the packed extension in it."""

    context: BrowserContext
    worker: Worker
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.worker.url.rsplit("/", 1)[0]

    def open(self, page: str) -> Page:
        opened = self.context.new_page()
        opened.goto(f"{self.origin}/{page}")
        return opened

    def set_up(self, site: Site, key: str = KEY) -> Page:
        page = self.open("options.html")
        page.fill("#port", site.origin.rpartition(":")[2])
        page.fill("#key", key)
        page.click("button.first")
        return page

    def from_menu(self, item: str, **info: str) -> Page:
        """What a press on the entry of the context menu does; the menu itself is drawn by the system."""
        with self.context.expect_page() as opened:
            self.worker.evaluate(
                "(info) => chrome.contextMenus.onClicked.dispatch(info)", {"menuItemId": item, **info}
            )
        return opened.value


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def extension(tmp_path: Path, browser: Browser, lang: str) -> Iterator[Extension]:
    build(tmp_path / "packed.zip")
    with zipfile.ZipFile(tmp_path / "packed.zip") as packed:
        packed.extractall(tmp_path / "unpacked")
    found = find_chromium()
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=str(found),
        headless=False,
        locale=LOCALES[lang],
        args=[
            *ARGS,
            "--headless=new",
            f"--lang={LOCALES[lang]}",
            f"--disable-extensions-except={tmp_path / 'unpacked'}",
            f"--load-extension={tmp_path / 'unpacked'}",
        ],
    )
    workers = context.service_workers
    worker = workers[0] if workers else context.wait_for_event("serviceworker")
    made = Extension(context, worker)
    context.route("https://chat.example/**", _message)
    context.on("request", lambda request: made.asked.append(request.url))
    context.on("weberror", lambda error: made.complaints.append(str(error.error)))
    context.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
    yield made
    context.close()
    own = (made.origin, PORT, "https://chat.example/", "data:", "about:")
    assert [url for url in made.asked if not url.startswith(own)] == []


def _message(route: Route) -> None:
    route.fulfill(body=MESSAGE, content_type="text/html; charset=utf-8")


def test_selected_text_is_checked_and_the_reasons_are_quoted(
    extension: Extension, fresh_site: Site, lang: str
) -> None:
    works = {"zh": "连上了，可以用了。", "en": "It works. You are ready."}[lang]
    options = extension.set_up(fresh_site)
    options.get_by_text(works).wait_for()
    chat = extension.context.new_page()
    chat.goto("https://chat.example/")
    chat.locator("#said").select_text()
    selected = chat.evaluate("getSelection().toString()").strip()
    assert selected == SCAM
    page = extension.from_menu("selection", selectionText=selected)
    page.locator("h2.verdict").wait_for()
    assert {"zh": "很像诈骗", "en": "Very likely a scam"}[lang] in page.locator("h2.verdict").inner_text()
    assert "安全账户" in "".join(page.locator("#result q").all_inner_texts())
    assert SCAM not in page.url
    assert extension.worker.evaluate("chrome.storage.session.get('asked')") == {}
    assert extension.complaints == []


def test_every_page_is_free_of_faults_and_fits_a_narrow_window(
    extension: Extension, fresh_site: Site, lang: str
) -> None:
    options = extension.set_up(fresh_site)
    options.locator("#said").get_by_text({"zh": "连上了", "en": "It works"}[lang]).wait_for()
    check = extension.from_menu("selection", selectionText=SCAM)
    check.locator("h2.verdict").wait_for()
    for page in (options, check):
        assert page.evaluate("document.documentElement.lang") == {"zh": "zh-Hans", "en": "en"}[lang]
        assert axe_faults(page) == []
        page.set_viewport_size({"width": 360, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_language_button_changes_what_is_shown_and_stays(
    extension: Extension, fresh_site: Site, lang: str
) -> None:
    extension.set_up(fresh_site).locator("#said:not(:empty)").wait_for()
    page = extension.from_menu("selection", selectionText=SCAM)
    page.locator("h2.verdict").wait_for()
    page.click("#other")
    other = {"zh": "Very likely a scam", "en": "很像诈骗"}[lang]
    assert other in page.locator("h2.verdict").inner_text()
    assert extension.open("options.html").locator("h1").inner_text() == {"zh": "Settings", "en": "设置"}[lang]


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_the_popup_offers_the_address_of_the_page_and_sends_nothing_before_it_is_pressed(
    extension: Extension, fresh_site: Site
) -> None:
    extension.set_up(fresh_site).locator("#said:not(:empty)").wait_for()
    page = extension.context.new_page()
    page.goto(f"{fresh_site.origin}/?key={KEY}")
    page.bring_to_front()
    checks = [url for url in extension.asked if url.endswith("/api/v1/check")]
    with extension.context.expect_page() as opened:
        # A popup is out of a driver's reach; a tab behind the page asks for the same active tab.
        extension.worker.evaluate("chrome.tabs.create({ url: 'check.html', active: false })")
    popup = opened.value
    popup.locator("#address").wait_for()
    assert popup.locator("#shown").inner_text() == page.url
    assert [url for url in extension.asked if url.endswith("/api/v1/check")] == checks
    popup.bring_to_front()
    popup.click("#address")
    popup.locator("h2.verdict").wait_for()
    assert popup.input_value("#text") == page.url


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_a_link_from_the_menu_is_checked_without_being_opened(extension: Extension, fresh_site: Site) -> None:
    extension.set_up(fresh_site).locator("#said:not(:empty)").wait_for()
    page = extension.from_menu("link", linkUrl="http://paypa1-verify.example.com/login")
    page.locator("h2.verdict").wait_for()
    assert "hxxp" in page.locator("#result").inner_text()
    assert [url for url in extension.asked if "example.com" in url] == []


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_what_goes_wrong_is_said_where_it_can_be_mended(extension: Extension, fresh_site: Site) -> None:
    page = extension.open("check.html")
    page.fill("#text", SCAM)
    page.click("button.first")
    page.get_by_text("还没有填口令").wait_for()
    extension.set_up(fresh_site, "wrong").get_by_text("不认这个口令").wait_for()
    options = extension.open("options.html")
    options.fill("#port", "1")
    options.fill("#key", KEY)
    options.click("button.first")
    options.get_by_text("没连上追回").wait_for()
    options.click("#forget")
    options.get_by_text("口令已经忘掉").wait_for()
    assert "key" not in extension.worker.evaluate("chrome.storage.local.get()")


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_hostile_words_stay_words(extension: Extension, fresh_site: Site) -> None:
    extension.set_up(fresh_site).locator("#said:not(:empty)").wait_for()
    hostile = f"😀<img src=x onerror=alert(1)>{SCAM}<b>转到安全账户</b>"
    page = extension.from_menu("selection", selectionText=hostile)
    page.locator("h2.verdict").wait_for()
    assert page.locator("#result img, #result b, #result script").count() == 0
    assert all(quote in hostile for quote in page.locator("#result q").all_text_contents())


@pytest.mark.parametrize("lang", ["zh"], indirect=True)
def test_the_key_lets_the_extension_see_no_case(extension: Extension, fresh_site: Site) -> None:
    page = extension.open("check.html")
    status = page.evaluate(
        """async ([origin, key]) => (await fetch(`${origin}/api/v1/cases`,
            { headers: { Authorization: `Bearer ${key}` } })).status""",
        [fresh_site.origin, KEY],
    )
    assert status == 403
