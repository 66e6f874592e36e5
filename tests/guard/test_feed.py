"""Feeds of news: what is published can be read and proven; what is hostile is refused, or shown as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as Xml
import pytest

from clawback.errors import RulePackError, SignatureRefused, UsageError
from clawback.guard.feed import (
    OURS,
    Entry,
    Feed,
    as_atom,
    as_json_feed,
    parse_feed,
    read_feed,
    shipped_feed,
    sign_feed,
)
from clawback.guard.signing import PublicKey, new_key, write_public
from clawback.guard.subscriptions import pin, pinned, subscriptions, take, unpin

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
KEY = new_key()
KEYS = {key.id: key for key in [PublicKey(KEY.public, "Example Aid", frozenset({"feed"}), date.min)]}
WRITTEN = """
organisation: Example Aid
title: {zh: "示例机构的提醒", en: "Example Aid warns"}
items:
  - id: parcel-1
    published: 2026-11-18
    expires: 2026-12-18
    typology: parcel_scam
    title: {zh: "包裹短信", en: "Parcel texts"}
    text: {zh: "短信里的链接不要点。", en: "Do not open the link."}
    source: {text: "Example Post", url: "https://post.example/warning"}
"""


def feed(**changes: object) -> Feed:
    """The sample, fields of its first item replaced."""
    tree = parse_feed(WRITTEN.encode(), "items.yaml").model_dump(mode="json")
    tree["items"][0].update(changes)
    return Feed.model_validate(tree)


def file(made: Feed | None = None, at: datetime = AT) -> bytes:
    return json.dumps(sign_feed(made or feed(), KEY, at)).encode()


def test_what_is_published_is_read_back_with_who_signed_it() -> None:
    taken, proof = read_feed(file(), KEYS, AT)
    assert taken == feed()
    assert (proof.holder, proof.signed_at) == ("Example Aid", AT)


def test_the_file_is_a_json_feed_that_other_readers_show() -> None:
    document = json.loads(file())
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = document["items"]
    assert item["title"] == "包裹短信 / Parcel texts"
    assert "短信里的链接不要点。" in item["content_text"]
    assert "content_html" not in item
    assert item["date_published"] == "2026-11-18T00:00:00Z"


def test_what_other_readers_see_cannot_differ_from_what_we_show() -> None:
    unsigned = {key: value for key, value in sign_feed(feed(), KEY, AT).items() if key != "_clawback"}
    items: Any = unsigned["items"]
    items[0]["content_text"] = "Send your code to +86 138 0001 2315"
    two_faced = json.dumps(KEY.sign(unsigned, "feed", AT)).encode()
    with pytest.raises(SignatureRefused) as refused:
        read_feed(two_faced, KEYS, AT)
    assert refused.value.reason == "two_faces"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda ours: ours["items"][0].update(title={"zh": "一\u202e二", "en": "x"}),
        lambda ours: ours["items"][0].update(text={"zh": "一\x00", "en": "x"}),
        lambda ours: ours["items"][0].update(text={"zh": "长" * 4_001, "en": "x"}),
        lambda ours: ours["items"][0].update(source={"text": "x", "url": "javascript:alert(1)"}),
        lambda ours: ours["items"][0].update(source={"text": "x", "url": "https://a b.example"}),
        lambda ours: ours["items"][0].update(id="../../etc"),
        lambda ours: ours["items"][0].update(typology="../x"),
        lambda ours: ours["items"][0].update(expires="2026-11-17"),
        lambda ours: ours["items"][0].update(expires="2036-11-18"),
        lambda ours: ours["items"][0].update(html="<b>x</b>"),
        lambda ours: ours["items"].extend(ours["items"] * 1),
        lambda ours: ours["items"].extend({**ours["items"][0], "id": f"n{n}"} for n in range(200)),
        lambda ours: ours.pop("title"),
        lambda ours: ours.clear(),
    ],
)
def test_what_does_not_fit_is_refused_even_when_it_is_well_signed(spoil: Callable[[Any], object]) -> None:
    unsigned = {key: value for key, value in sign_feed(feed(), KEY, AT).items() if key != "_clawback"}
    spoil(unsigned[OURS])
    with pytest.raises(SignatureRefused) as refused:
        read_feed(json.dumps(KEY.sign(unsigned, "feed", AT)).encode(), KEYS, AT)
    assert refused.value.reason == "not_taken"


def test_markup_stays_text_in_every_form() -> None:
    hostile = {"zh": "<script>alert(1)</script> ]]> & <b>", "en": "<img src=x onerror=alert(1)>"}
    taken, proof = read_feed(file(feed(text=hostile, title={"zh": "<b>一</b>", "en": "<i>"})), KEYS, AT)
    written = as_atom([Entry(taken.items[0], "<b>x</b>", proof)], "<t>", "zh", "{day}")
    root = Xml.fromstring(written)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names == {"feed", "id", "title", "updated", "entry", "author", "name", "category", "content"}
    assert "<script>alert(1)</script>" in "".join(root.itertext())
    assert b"<script>" not in written


def test_atom_holds_what_a_reader_needs() -> None:
    taken, proof = read_feed(file(), KEYS, AT)
    root = Xml.fromstring(as_atom([Entry(taken.items[0], "Example Aid", proof)], "t", "en", "until {day}"))
    space = {"a": "http://www.w3.org/2005/Atom"}
    entry = root.find("a:entry", space)
    assert entry is not None
    assert entry.findtext("a:title", namespaces=space) == "Parcel texts"
    assert entry.findtext("a:updated", namespaces=space) == "2026-11-18T00:00:00Z"
    assert entry.findtext("a:author/a:name", namespaces=space) == "Example Aid"
    assert (entry.findtext("a:content", namespaces=space) or "").endswith("until 2026-12-18")
    assert (entry.findtext("a:id", namespaces=space) or "").startswith("urn:clawback:")


def test_an_item_expires_after_its_last_day() -> None:
    entry = Entry(feed().items[0], "Example Aid", None)
    assert not entry.expired(date(2026, 12, 18))
    assert entry.expired(date(2026, 12, 19))
    shown: Any = as_json_feed([entry], "t", "zh", date(2026, 12, 19))
    assert shown["items"][0][OURS]["expired"] is True


def test_a_mistake_of_the_organisation_is_named_with_its_line() -> None:
    with pytest.raises(RulePackError, match=r"items\.yaml, line 5.*expires"):
        parse_feed(WRITTEN.replace("    expires: 2026-12-18\n", "").encode(), "items.yaml")


def test_the_items_that_come_along_are_dated_and_sourced_and_of_known_kinds() -> None:
    items = shipped_feed().items
    assert 3 <= len(items) <= 8
    assert all(item.published <= date(2026, 11, 25) for item in items)
    assert {item.typology for item in items} <= {None, "fake_investment", "task_scam"}


def test_a_subscription_needs_the_key_first(tmp_path: Path) -> None:
    with pytest.raises(SignatureRefused) as refused:
        take(tmp_path, file(), AT)
    assert refused.value.reason == "unknown_key"
    pin(tmp_path, write_public(KEY.public), "示例机构", TODAY)
    assert take(tmp_path, file(), AT).feed == feed()
    (one,) = subscriptions(tmp_path, AT)
    assert [entry.organisation for entry in one.entries()] == ["示例机构"]  # whose it is, not what it says


def test_a_newer_file_takes_the_place_of_the_former_and_never_the_other_way(tmp_path: Path) -> None:
    pin(tmp_path, write_public(KEY.public), "示例机构", TODAY)
    later = datetime(2026, 11, 21, tzinfo=UTC)
    take(tmp_path, file(feed(id="later"), later), later)
    with pytest.raises(UsageError, match="before the one that you have"):
        take(tmp_path, file(), later)
    (one,) = subscriptions(tmp_path, later)
    assert [entry.item.id for entry in one.entries()] == ["later"]


def test_a_file_that_was_changed_on_the_disk_is_not_shown(tmp_path: Path) -> None:
    key = pin(tmp_path, write_public(KEY.public), "示例机构", TODAY)
    take(tmp_path, file(), AT)
    kept = tmp_path / f"{key.id}.json"
    kept.write_bytes(kept.read_bytes().replace(b"Do not open", b"Please open"))
    (one,) = subscriptions(tmp_path, AT)
    assert one.entries() == ()
    assert one.problem is not None
    assert one.problem.reason == "changed"


def test_a_key_that_is_trusted_no_longer_takes_its_news_along(tmp_path: Path) -> None:
    key = pin(tmp_path, write_public(KEY.public), "示例机构", TODAY)
    other = pin(tmp_path, write_public(new_key().public), "另一家", TODAY)
    take(tmp_path, file(), AT)
    assert unpin(tmp_path, key.id).holder == "示例机构"
    assert set(pinned(tmp_path)) == {other.id}
    assert not (tmp_path / f"{key.id}.json").exists()
    with pytest.raises(UsageError):
        unpin(tmp_path, key.id)


@pytest.mark.parametrize("written", [b"", b"[]", b'{"x": 1}', b'{"x": {"public": "y"}}', b"\xff"])
def test_a_damaged_list_of_keys_is_said_to_be_so(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "keys.json").write_bytes(written)
    with pytest.raises(UsageError, match="damaged"):
        pinned(tmp_path)


def test_a_key_without_a_name_or_that_is_none_is_not_pinned(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        pin(tmp_path, write_public(KEY.public), "  ", TODAY)
    with pytest.raises(UsageError):
        pin(tmp_path, "ssh-ed25519 AAAA", "示例机构", TODAY)
