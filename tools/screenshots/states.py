"""States that no address leads to: they are reached by doing something on a page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from tools.screenshots.served import Site

STATES: dict[str, Callable[[Page, Site], None]] = {}
"""Name of the picture, and what brings the page into that state."""
