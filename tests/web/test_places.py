"""Places in addresses, and evidence text made harmless to read."""

from __future__ import annotations

import pytest

from clawback.model.evidence import Locator
from clawback.web.figures import place, place_of, seen


@pytest.mark.parametrize(
    ("locator", "written"),
    [
        (Locator(row=12), "r12"),
        (Locator(page=2, line=7), "p2.l7"),
        (Locator(line=5, item="part 1", start=50, end=84), "l5.ipart 1.c50-84"),
        (Locator(item="Message-ID.x"), "iMessage-ID.x"),
        (Locator(start=0, end=8, box=(400, 728, 592, 769)), "c0-8.b400-728-592-769"),
        (Locator(box=(-3, 0, 20, 30)), "b-3-0-20-30"),
        (Locator(1, 2, 3, "4", 5, 6, (7, 8, 9, 10)), "p2.r1.l3.i4.c5-6.b7-8-9-10"),
    ],
)
def test_a_place_is_written_and_read_back(locator: Locator, written: str) -> None:
    assert place(locator, "zh") == written
    assert place_of(written) == locator


@pytest.mark.parametrize("text", ["", "x", "r", "p1x", "r-1", "b1-2-3", "r٣", "p" + "9" * 40, "<script>"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert place_of(text) is None


def test_what_would_not_be_seen_is_shown_and_markup_is_text() -> None:
    assert seen("a\u202eb", "zh") == 'a<span class="unseen">U+202E</span>b'
    assert (
        seen("1\u200b2\x00", "zh") == '1<span class="unseen">U+200B</span>2<span class="unseen">U+0000</span>'
    )
    assert seen("<b>&\n", "zh") == "&lt;b&gt;&amp;\n"
    assert seen("👩\u200d👧 שלום", "zh") == "👩\u200d👧 שלום"  # joined emoji and right-to-left words stay
