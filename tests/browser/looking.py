"""What can be asked of any page: no fault of axe-core, one heading, targets, focus, room for large text."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

NARROW = (320, 640)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """async (options) => {
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...options });
  return found.violations.map((one) => [one.id, one.nodes.map((node) => [node.html, node.any
    .concat(node.all, node.none).map((check) => check.message).join("; ")])]);
}"""
_SHEET = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = rules ? [sheet] : [];
}"""
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
)
SPACING += "p { margin-bottom: 2em !important; }"
LARGE = "html { font-size: 200% !important; }"

_TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const own = (one) => { // a box that scrolls or hides may hold something wide
    for (let at = one.parentElement; at; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible" && at !== document.body) return true;
    }
    return false;
  };
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > edge + 1 && !own(one)
      && getComputedStyle(one).position !== "absolute")
    .slice(0, 4).map((one) => one.outerHTML.slice(0, 160));
}"""
_CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  if (one.clientWidth < 5 || one.classList.contains("sr") || !one.innerText) return false;
  const hidden = (value) => value === "hidden" || value === "clip";
  return (hidden(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
    || (hidden(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 160))"""
_SMALL = """() => {
  const wanted = "button, .button, .go, select, textarea, summary, .choice, a.row, .tabs a, .filters a, "
    + '.pager a, input:not([type="hidden"], [type="radio"], [type="checkbox"])';
  return [...document.querySelectorAll(wanted)].filter((one) => {
    const box = one.getBoundingClientRect();
    const seen = one.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
    return seen && !one.closest(".sr") && (box.height < 43.5 || box.width < 43.5);
  }).map((one) => one.outerHTML.slice(0, 160));
}"""
_BASICS = """() => ({
  headings: [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility()).length,
  lang: document.documentElement.lang,
  title: document.title,
  jumps: [...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0).length,
  first: [...document.querySelectorAll(".button-first")].filter((one) => one.checkVisibility()).length,
})"""
_FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""
_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const shown = one.closest(".choice") || one;
  const box = shown.getBoundingClientRect(), style = getComputedStyle(shown);
  const drawn = one instanceof SVGElement // a link in a picture is outlined by its own shape
    && [...one.children].some((part) => parseFloat(getComputedStyle(part).strokeWidth) >= 2);
  const ring = drawn || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .15], [.5, .85]];
  const seen = points.some(([x, y]) => {
    const inside = (from, size, most) => Math.min(Math.max(from, 0) + size, most - 1);
    const hit = document.elementFromPoint(
      inside(box.left, Math.min(box.width, innerWidth) * x, innerWidth),
      inside(box.top, Math.min(box.height, innerHeight) * y, innerHeight));
    return hit && (shown.contains(hit) || hit.contains(shown));
  });
  const where = one.closest("header, main, nav.tabs, footer");
  return { html: one.outerHTML.slice(0, 120), top: box.top + scrollY, left: box.left,
    bottom: box.bottom + scrollY, ring, seen, where: where ? where.tagName : "",
    inside: !!one.closest("table, .split, .doors, .choices, .facts, .paper-parts, .ev-split") };
}"""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where Tab stopped: the element, its place on the page, and whether the ring can be seen there."""

    html: str
    top: float
    left: float
    bottom: float
    ring: bool
    seen: bool
    where: str
    inside: bool


def axe_faults(page: Page) -> list[str]:
    """What axe-core says of the page in the light theme, and of its colours in the dark one."""
    page.evaluate(AXE_SCRIPT)
    page.emulate_media(color_scheme="light")
    found = _axe(page, {"runOnly": {"type": "tag", "values": _RULES}}, "light")
    page.emulate_media(color_scheme="dark")
    found += _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}}, "dark")
    page.emulate_media(color_scheme="light")
    return found


def _axe(page: Page, options: dict[str, Any], scheme: str) -> list[str]:
    found = page.evaluate(_AXE, options)
    return [f"axe {id} ({scheme}): {html} {why}" for id, nodes in found for html, why in nodes[:3]]


def basic_faults(page: Page, lang: str, secrets: tuple[str, ...]) -> list[str]:
    """One heading, the right language, a title that tells nothing of the case, no jumping focus."""
    basics = page.evaluate(_BASICS)
    name = {"zh": " – 追回", "en": " – Clawback"}[lang]
    checks = {
        f"{basics['headings']} main headings": basics["headings"] == 1,
        f"language {basics['lang']}": basics["lang"] == {"zh": "zh-Hans", "en": "en"}[lang],
        f"title {basics['title']!r}": basics["title"].endswith(name) and len(basics["title"]) > len(name),
        f"title tells: {basics['title']!r}": not any(secret in basics["title"] for secret in secrets),
        "positive tabindex": basics["jumps"] == 0,
        f"{basics['first']} primary buttons": basics["first"] <= 1,
    }
    return [fault for fault, good in checks.items() if not good]


def room_faults(page: Page) -> list[str]:
    """Nothing sticks out at 320 px, with wide spacing, or with text twice as large; targets are large."""
    before = page.viewport_size
    found = [f"small target: {html}" for html in page.evaluate(_SMALL)]
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    found += [f"too wide at 320 px: {html}" for html in page.evaluate(_TOO_WIDE)]
    page.evaluate(_SHEET, SPACING)
    found += [f"too wide with text spacing: {html}" for html in page.evaluate(_TOO_WIDE)]
    found += [f"cut off with text spacing: {html}" for html in page.evaluate(_CUT_OFF)]
    page.evaluate(_SHEET, "")
    page.set_viewport_size({"width": 640, "height": 400})  # as 1280 by 800 with everything twice as large
    found += [f"too wide at 200 %: {html}" for html in page.evaluate(_TOO_WIDE)]
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(_SHEET, LARGE)
    found += [f"cut off with text at 200 %: {html}" for html in page.evaluate(_CUT_OFF)]
    page.evaluate(_SHEET, "")
    if before is not None:
        page.set_viewport_size(before)
    return found


def tab_stops(page: Page, most: int = 300) -> list[Stop]:
    """Every place that Tab reaches, in order, until it leaves the page."""
    page.evaluate(_FROM_THE_TOP)
    stops: list[Stop] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUS)
        if at is None or (stops and Stop(**at) == stops[0]):
            break  # it left the page, or began again
        stops.append(Stop(**at))
    return stops


def focus_faults(stops: list[Stop]) -> list[str]:
    """Each stop has a ring, is not under a sticky bar, and none lies above the one before it."""
    found = [f"no ring: {stop.html}" for stop in stops if not stop.ring]
    found += [f"hidden when focused: {stop.html}" for stop in stops if not stop.seen]
    content = [stop for stop in stops if stop.where == "MAIN"]
    for one, after in itertools.pairwise(content):
        beside = after.left > one.left and after.bottom > one.top - 4  # the next column, or along the line
        if after.top < one.top - 4 and not beside and not (one.inside and after.inside):
            found.append(f"goes up: from {one.html} to {after.html}")
    return found
