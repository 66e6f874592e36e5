"""The words of a page, in order, and where its links lead."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.readers.html_text import text_of


def test_blocks_become_lines_and_links_show_their_address() -> None:
    page = (
        "<html><head><style>p{color:red}</style><script>var x = '<p>no</p>';</script></head>"
        "<body><p>您好 <b>王</b>女士<br>请付款 <a class=x href='https://pay.example/x?a=1&amp;b=2'>这里</a>。</p>"
        "<!-- hidden > words --><table><tr><td>金额<td>&yen;3000</table></body></html>"
    )
    assert text_of(page) == "您好 王女士\n请付款 这里 <https://pay.example/x?a=1&b=2> 。\n\t金额\t¥3000"


def test_links_that_lead_nowhere_show_nothing() -> None:
    assert text_of("<a href='#top'>up</a> <a name=x>here</a>") == "up here"


def test_a_link_that_is_never_closed_is_still_shown() -> None:
    assert text_of("<a href=' https://shop.example '><p>Buy") == "Buy <https://shop.example>"


def test_a_sign_that_is_no_tag_is_a_word() -> None:
    assert text_of("3 < 5 and 5 > 3") == "3 < 5 and 5 > 3"


@given(st.text(alphabet="<>/!-ab\"'= &;#x\n", max_size=300))
def test_no_page_raises(page: str) -> None:
    text_of(page)


@pytest.mark.parametrize(
    "unit", ["<", "<!--", "<script", "<a href=", "<a \"'", "<b " + "x=", "&#", " \n", "<div>", "</a"]
)
def test_twice_the_page_takes_about_twice_the_time(unit: str) -> None:
    def seconds(count: int) -> float:
        page = unit * count
        began = time.process_time()
        text_of(page)
        return time.process_time() - began

    assert seconds(200_000) < 8 * seconds(50_000) + 0.05
