"""A person's hands on a page: by mouse, or by keyboard alone (Tab, Enter, Space, arrows and typing).

Counts what a person does: a press on a link or button, a choice, a file chosen. Typing one answer is one act.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Download, Locator, Page

_MOST_TABS = 400
_SAME = "(wanted) => document.activeElement === wanted"
_PATIENCE_MS = 20_000


class Hands:
    """Acts on `page`; `keyboard`: without touching the mouse."""

    def __init__(self, page: Page, *, keyboard: bool) -> None:
        self.page = page
        self.keyboard = keyboard
        self.acts = 0
        page.set_default_timeout(_PATIENCE_MS)

    def press(self, target: Locator) -> None:
        """Follow a link or press a button that leads to a page, and wait for that page."""
        self.acts += 1
        if self.keyboard:
            self.reach(target)
        with self.page.expect_navigation():
            if self.keyboard:
                self.page.keyboard.press("Enter")
            else:
                target.click()

    def choose(self, target: Locator) -> None:
        """Choose a radio or tick a box."""
        self.acts += 1
        if not self.keyboard:
            target.check()
        elif target.get_attribute("type") == "radio":
            self._choose_by_arrows(target)
        else:
            self.reach(target)
            self.page.keyboard.press("Space")
        assert target.is_checked()

    def write(self, target: Locator, text: str) -> None:
        """Fill one field, replacing what stands in it."""
        self.acts += 1
        if not self.keyboard:
            target.fill(text)
            return
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def pick(self, target: Locator, value: str) -> None:
        """Choose from a list box."""
        self.acts += 1
        if not self.keyboard:
            target.select_option(value)
            return
        self.reach(target)
        self.page.keyboard.press("Home")
        for _ in range(target.locator("option").count()):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert target.input_value() == value

    def give(self, target: Locator, files: Sequence[Path]) -> None:
        """Choose files in the system's dialog; the dialog itself is the browser's."""
        self.acts += 1
        with self.page.expect_file_chooser() as chooser:
            if self.keyboard:
                self.reach(target)
                self.page.keyboard.press("Enter")
            else:
                target.click()
        chooser.value.set_files(list(files))

    def take(self, target: Locator) -> Download:
        """Press a link that gives a file."""
        with self.page.expect_download() as download:
            self.acts += 1
            if self.keyboard:
                self.reach(target)
                self.page.keyboard.press("Enter")
            else:
                target.click()
        return download.value

    def reach(self, target: Locator) -> None:
        """Bring the focus there by Tab alone."""
        target.wait_for(state="attached")
        wanted = target.element_handle()
        assert wanted is not None
        for _ in range(_MOST_TABS):
            if self.page.evaluate(_SAME, wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")

    def _choose_by_arrows(self, target: Locator) -> None:
        """Tab enters a group of radios once; arrows move in it and choose. Space chooses the first."""
        name = target.get_attribute("name")
        group = self.page.locator(f'input[type="radio"][name="{name}"]')
        wanted = target.element_handle()
        members = [one.element_handle() for one in group.all()]
        for _ in range(_MOST_TABS):
            if any(self.page.evaluate(_SAME, one) for one in members):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in members:
            if self.page.evaluate(_SAME, wanted):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows never reach {target}")
