"""The parts of a person's way through the app, each done with hands and seen on the page."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page

from browser.conftest import Visitor

_READING_MOST_S = 120
_MAKING_MOST_S = 60


def text_of(page: Page) -> str:
    """What stands in the content of the page, without spaces."""
    return bare(page.locator("main").inner_text())


def bare(text: str) -> str:
    """Without any space: a sum or an account may be set in groups."""
    return re.sub(r"\s", "", text)


def interview(visitor: Visitor, answers: Mapping[str, str], first: Sequence[Path]) -> str:
    """From the first screen through the questions to the card, showing `first`; the address of the case."""
    page, hands = visitor.page, visitor.hands
    hands.press(page.locator(".door-first"))
    for step in ("contact", "when", "how", "where"):
        page.wait_for_url(f"**/now/*/{step}")
        hands.press(page.locator(f'button[name="answer"][value="{answers[step]}"]'))
        if step == "contact" and answers[step] != "no":
            page.wait_for_url("**/stop")
            hands.press(page.locator(".button-first"))
    page.wait_for_url("**/show")
    hands.give(page.locator("#files"), first)
    hands.press(page.locator(".button-first"))
    page.wait_for_url("**/card")
    return page.url.removesuffix("/card").removeprefix(visitor.site.origin)


def drop(visitor: Visitor, case: str, files: Sequence[Path], *, scripts: bool) -> None:
    """Give the whole heap, and wait until all of it is read."""
    page, hands = visitor.open(f"{case}/card"), visitor.hands
    hands.press(page.locator(f'a[href="{case}/add"]').first)
    page.wait_for_url("**/add")
    if scripts:
        hands.give(page.locator('[data-pick="files"]'), files)
        page.locator("#sending").wait_for(state="visible")
        page.locator("#sending-bar").wait_for(state="hidden", timeout=_READING_MOST_S * 1000)
    else:
        hands.give(page.locator("#files"), files)
        hands.press(page.locator("#plain .button-first"))
        page.wait_for_load_state()
    wait_until_read(visitor, case)


def wait_until_read(visitor: Visitor, case: str) -> None:
    """Look at the page where files are added until nothing is left to read."""
    until = time.monotonic() + _READING_MOST_S
    while time.monotonic() < until:
        page = visitor.open(f"{case}/add")
        if page.locator("#drop").get_attribute("data-reading") == "0":
            assert page.locator('form[action$="/add/read"]').count() == 0, "something was left unread"
            return
        time.sleep(1)
    raise AssertionError(f"not read within {_READING_MOST_S} s")


def answer(visitor: Visitor, case: str, answers: Mapping[str, str]) -> set[str]:
    """Answer each question from the list of questions; those that this case does not ask."""
    not_asked = set()
    for question, value in answers.items():
        page, hands = visitor.open(f"{case}/questions"), visitor.hands
        link = page.locator(f'a[href="{case}/questions/{question}"]').first
        if link.count() == 0:
            not_asked.add(question)
            continue
        hands.press(link)
        page.wait_for_url(f"**/questions/{question}")
        _fill_in(visitor, value)
        hands.press(page.locator("#main-form .button-first"))
        page.wait_for_load_state()
        assert page.locator(".error-summary").count() == 0, question
    return not_asked


def _fill_in(visitor: Visitor, value: str) -> None:
    page, hands = visitor.page, visitor.hands
    field = page.locator("#answer")
    if field.get_attribute("type") in ("radio", "checkbox"):
        for one in value.split(","):
            hands.choose(page.locator(f'input[name="answer"][value="{one.strip()}"]'))
    elif page.locator("#currency").count():
        amount, currency = value.split()
        hands.write(field, amount)
        hands.pick(page.locator("#currency"), currency)
    else:
        hands.write(field, value)


def make_paper(visitor: Visitor, case: str, form: str, signer: str, folder: Path) -> str:
    """Make a paper and download its PDF; the text that stands in it."""
    page, hands = visitor.open(f"{case}/papers"), visitor.hands
    hands.press(page.locator(f'a.row[href="{case}/papers/{form}"]').first)
    page.wait_for_url(f"**/papers/{form}**")
    hands.press(page.locator(f'a.button[href*="/papers/{form}/make"]').first)
    page.wait_for_url(f"**/papers/{form}/make**")
    hands.choose(page.locator("#true"))
    hands.write(page.locator("#name"), signer)
    hands.press(page.locator("#main-form .button-first"))
    _wait_for_paper(page)
    download = hands.take(page.locator('a[download][href$="/pdf"]'))
    path = folder / f"{form}.pdf"
    download.save_as(path)
    return pdf_text(path)


def _wait_for_paper(page: Page) -> None:
    until = time.monotonic() + _MAKING_MOST_S
    while time.monotonic() < until:
        if page.locator('a[download][href$="/pdf"]').count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"no paper at {page.url}: {text_of(page)[:400]}")


def pdf_text(path: Path) -> str:
    """Every word of a PDF, without spaces."""
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return bare("".join(pages))
