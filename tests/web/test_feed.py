"""News on the page and as feeds: dated, sourced, expiring, and never anything but text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import defusedxml.ElementTree as Xml
from starlette.testclient import TestClient

from clawback.desk.news import FOLDER, make_key, publish, take, trust
from clawback.desk.workplace import Workplace

ITEMS = """
organisation: Example Aid
title: {{zh: "示例", en: "Example"}}
items:
  - id: one
    published: 2026-11-19
    expires: {expires}
    typology: recovery_scam
    title: {{zh: "<b>追款</b>骗局", en: "Recovery <i>scam</i>"}}
    text: {{zh: "冒充网站 https://refund.example/a 不要点", en: "Fake site https://refund.example/a"}}
    source: {{text: "示例来源", url: "https://source.example/1"}}
"""


def subscribe(workplace: Workplace, folder: Path, expires: str = "2026-12-19") -> str:
    (folder / "items.yaml").write_text(ITEMS.format(expires=expires), encoding="utf-8")
    id, public = make_key(folder / "key.pem", None)
    made = publish(folder / "items.yaml", folder / "key.pem", folder / "out", workplace.clock(), None)
    assert made.key_id == id
    trust(workplace.home, public, "示例机构", date(2026, 11, 20))
    take(workplace.home, made.feed, workplace.clock())
    return id


def test_news_that_came_along_stands_with_its_day_its_source_and_its_end(site: TestClient) -> None:
    page = site.get("/learn/feed").text
    assert "Report Fraud取代Action Fraud" in page
    assert "来源：City of London Police notice, as reprinted" in page
    assert page.count("<h1>") == 1
    assert page.index("2026年9月30日") < page.index("2025年12月4日")


def test_an_item_is_marked_when_its_last_day_is_over(site: TestClient) -> None:
    page = site.get("/learn/feed").text  # the clock of these tests: 2026-11-20
    assert page.count('<span class="tag tag-needs">过期</span>') == 1
    old = page.index("公安部2024年公布十大高发类型")
    assert "2025年6月25日 已过期，只作记录" in page[old:]


def test_a_trusted_organisations_news_is_shown_under_the_name_that_it_was_given(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    subscribe(workplace, tmp_path)
    page = site.get("/learn/feed").text
    assert "示例机构签名，2026年11月20日" in page
    assert '<a href="/learn/recovery_scam">' in page


def test_no_markup_and_no_link_of_an_item_lives(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    subscribe(workplace, tmp_path)
    page = site.get("/learn/feed").text
    assert "&lt;b&gt;追款&lt;/b&gt;骗局" in page
    assert "hxxps://refund[.]example/a" in page
    assert 'href="http' not in page
    assert "refund.example" not in page


def test_a_changed_file_is_said_not_to_be_shown(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    id = subscribe(workplace, tmp_path)
    kept = workplace.home / FOLDER / f"{id}.json"
    kept.write_text(kept.read_text("utf-8").replace("不要点", "请点开"), encoding="utf-8")
    page = site.get("/learn/feed").text
    assert "有机构的消息没有显示" in page
    assert "被改动过" in page
    assert "请点开" not in page


def test_the_feeds_hold_the_same_items_as_the_page(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    subscribe(workplace, tmp_path)
    answer = site.get("/learn/feed.json")
    assert answer.headers["content-type"] == "application/feed+json"
    items = json.loads(answer.text)["items"]
    assert items[0]["title"] == "<b>追款</b>骗局"
    assert "content_html" not in items[0]
    answer = site.get("/learn/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = Xml.fromstring(answer.content)
    titles = [one.text for one in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles[1:] == [item["title"] for item in items]
    assert "有效至 2026-12-19" in answer.text


def test_the_feeds_are_for_whoever_has_the_key_only(stranger: TestClient) -> None:
    for path in ("/learn/feed", "/learn/feed.json", "/learn/feed.atom"):
        assert stranger.get(path).status_code == 403
