"""A link is taken apart as a browser would do it."""

from __future__ import annotations

import pytest

from clawback.guard.addresses import read_address, shown_label


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("https://www.shop.example.co.uk/a", "example.co.uk"),
        ("SHOP.EXAMPLE", "shop.example"),
        ("hxxps://shop[.]example/x", "shop.example"),
        ("https:/\\shop.example\\@paypal.com", "shop.example"),  # a backslash ends the host, as a slash does
        ("https://paypal.com:443@shop.example", "shop.example"),
        ("ｓｈｏｐ。example", "shop.example"),
        ("https://sh\u200bop.ex\u00adample/", "shop.example"),  # characters that nobody sees
        ("https://shop%2eexample/", "shop.example"),
        ("“https://shop.example/”", "shop.example"),
        ("claim.pages.dev", "claim.pages.dev"),
        ("0xC0000207.", None),
        ("file:///etc/passwd", None),
        ("mailto:a@shop.example", None),
        ("just words", None),
    ],
)
def test_whose_page_a_link_is(text: str, owner: str | None) -> None:
    address = read_address(text)
    assert (address.owner if address else None) == owner


def test_parts_are_told_apart() -> None:
    address = read_address("https://user:pw@a.shop.example:8443/p?q#f")
    assert address is not None
    assert (address.user, address.host, address.port, address.rest) == (
        "user:pw",
        "a.shop.example",
        8443,
        "/p?q#f",
    )
    assert address.link[address.host_at :].startswith("a.shop.example")


def test_a_host_that_gives_names_away_is_known_alone() -> None:
    address = read_address("pages.dev")
    assert address is not None
    assert address.gives_names


def test_an_unknown_ending_needs_a_scheme() -> None:
    assert read_address("notes.zzzz") is None
    assert read_address("https://notes.zzzz/") is not None


def test_a_name_that_cannot_be_turned_back_stays_as_it_is() -> None:
    assert shown_label("xn--pple-43d") == "аpple"
    assert shown_label("xn--\u00e4") == "xn--\u00e4"
    assert shown_label("xn--99999999") == "xn--99999999"
