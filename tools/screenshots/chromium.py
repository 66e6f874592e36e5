"""The system's Chromium, driven by Playwright, and a watch over what a page does while it is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    sync_playwright,
)

PLACES = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = (390, 844)
DESK = (1440, 900)
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


def find_chromium() -> Path | None:
    """The first Chromium of a short list of usual places."""
    return next((Path(place) for place in PLACES if Path(place).exists()), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium. Raises FileNotFoundError when there is none."""
    found = find_chromium()
    if found is None:
        raise FileNotFoundError("No Chromium in any of the usual places.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found), args=list(ARGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What no page may do: ask another host, complain on the console, open a dialog, throw.

    `expected`: status numbers of answers that a test provokes on purpose.
    """

    origin: str
    expected: frozenset[int] = frozenset()
    left: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of `context`, also those that open later."""
        context.on("request", self._asked)
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "about:", "data:", f"blob:{self.origin}")):
            self.left.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        status = _STATUS.match(message.text)
        if status is None or int(status[1]) not in self.expected:
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.type}: {dialog.message}")
        dialog.dismiss()

    def found(self) -> list[str]:
        """Everything seen, in words; empty when all was well."""
        return [f"asked another host: {address}" for address in self.left] + self.complaints


def new_context(
    browser: Browser,
    lang: str,
    size: tuple[int, int] = DESK,
    *,
    scripts: bool = True,
    scheme: str = "light",
    forced: bool = False,
) -> BrowserContext:
    """A fresh browser profile that asks for `lang` ("zh", "en"). `scheme`: "light" or "dark"."""
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=LOCALES[lang],
        timezone_id="Asia/Shanghai" if lang == "zh" else "Europe/London",
        color_scheme="dark" if scheme == "dark" else "light",
        forced_colors="active" if forced else "none",
        reduced_motion="reduce",
        java_script_enabled=scripts,
        accept_downloads=True,
    )
