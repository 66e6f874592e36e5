"""The pages that tell how it ended with sellers and platforms."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from clawback.desk import outcomes
from clawback.desk.permissions import Act
from clawback.desk.workplace import Workplace
from clawback.errors import NotAllowed
from clawback.web.pages import ratings as pages
from clawback.web.ratingfigure import Band, draw
from rating_cases import ACCOUNT_KEY, SHOP, SHOP_ACCOUNT, decide_all, six


@pytest.fixture(scope="module")
def sealed_six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("six")
    six(folder / "home")
    return folder / "home"


@pytest.fixture
def full(workplace: Workplace, sealed_six: Path) -> Workplace:
    """Six cases about one shop, nothing decided."""
    shutil.copytree(sealed_six, workplace.home)
    workplace.overview.lines(wait_s=60)
    return workplace


@pytest.fixture
def known(full: Workplace, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """The same, settled, as if every payer's bills reached far back."""
    monkeypatch.setattr(outcomes, "_is_seasoned", lambda *_: True)
    decide_all(full, ACCOUNT_KEY)
    full.overview.lines(wait_s=60)
    return full


def address(site: TestClient, workplace: Workplace, key: str = ACCOUNT_KEY) -> str:
    return f"/ratings/{workplace.handles.of(key)}"


def test_the_helpers_door_leads_to_it(site: TestClient) -> None:
    assert 'href="/ratings"' in site.get("/cases").text
    page = site.get("/ratings").text
    assert "还没有记录" in page
    assert page.count("<h1>") == 1


def test_an_unknown_is_not_enough_known_and_never_bad(site: TestClient, full: Workplace) -> None:
    listed = site.get("/ratings").text
    assert SHOP in listed
    assert "了解的还不够" in listed
    assert SHOP_ACCOUNT not in listed  # only its last digits, and none in an address
    page = site.get(address(site, full)).text
    assert "了解得少，不等于不好" in page
    assert "<svg" not in page
    for word in ("骗子", "犯罪", "失信", "黑名单", "scammer", "criminal"):
        assert word not in page


def test_a_known_subject_shows_a_range_in_words_and_as_a_picture(site: TestClient, known: Workplace) -> None:
    page = site.get(address(site, known)).text
    assert re.search(r"每 10 名付款人里 \d+ 到 \d+ 名拿到了东西，或者拿回了全部的钱", page)
    assert page.count('<svg class="interval"') == 1
    assert 'role="img" aria-labelledby="interval-title"' in page
    assert "付款人 6 名" in site.get("/ratings").text
    assert "1,800.00" in page.replace("<wbr>", "")
    assert "怎么算的" in page


def test_the_english_page_says_the_same(site: TestClient, known: Workplace) -> None:
    site.cookies.set("lang", "en")
    page = site.get(address(site, known)).text
    assert re.search(r"\d+ to \d+ of 10 payers got what they paid for, or all their money back", page)


def test_the_picture_draws_the_band_where_it_is() -> None:
    svg = draw([Band(0.25, 0.75, 0.5, "a & b")], "title", ("none", "all"))
    assert 'x="98.0" y="22" width="164.0"' in svg  # 16 + 328/4; half of 328
    assert 'cx="180.0"' in svg
    assert "a &amp; b" in svg
    assert "style" not in svg


def test_what_is_searched_for_stands_in_no_address(site: TestClient, full: Workplace) -> None:
    page = site.post("/ratings", data={"q": "9921"})
    assert page.url.query == b""
    assert "找到 1 条" in page.text
    assert "找到 0 条" in site.post("/ratings", data={"q": "无此人"}).text
    kept = site.post("/ratings", data={"q": "9921", "speak": "en"}).text
    assert 'value="9921"' in kept
    assert "One record found" in kept


def test_a_reply_is_kept_and_always_shown(site: TestClient, full: Workplace) -> None:
    at = address(site, full)
    form = {"by": "<b>商城客服</b>", "on": "2026-11-19", "text": "货已发出", "about": ""}
    assert site.post(f"{at}/reply", data=form, follow_redirects=False).status_code == 303
    page = site.get(at).text
    assert "货已发出" in page
    assert "&lt;b&gt;商城客服&lt;/b&gt;" in page
    assert "2026年11月19日" in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"by": "", "on": "2026-11-19", "text": "x"}, "请写是谁说的"),
        ({"by": "a", "on": "", "text": "x"}, "请选一个日期"),
        ({"by": "a", "on": "2026-11-21", "text": "x"}, "这一天还没有到"),
        ({"by": "a", "on": "2026-11-19", "text": " "}, "请填写对方答复的原话"),
        ({"by": "a", "on": "2026-11-19", "text": "x", "contest": "yes"}, "请选出对方有异议的是哪一条"),
    ],
)
def test_what_is_wrong_with_a_reply_is_said_and_what_was_typed_stays(
    site: TestClient, full: Workplace, form: dict[str, str], said: str
) -> None:
    answer = site.post(f"{address(site, full)}/reply", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'class="error-summary"' in answer.text
    if form["text"].strip():
        assert f">{form['text']}</textarea>" in answer.text


def test_a_contest_is_shown_apart_and_decided_with_a_reason(site: TestClient, known: Workplace) -> None:
    at = address(site, known)
    entry = re.findall(r'<option value="([0-9a-f]{32})"', site.get(f"{at}/reply").text)[0]
    form = {"by": "商城", "on": "2026-11-20", "text": "这笔已退", "about": entry, "contest": "yes"}
    site.post(f"{at}/reply", data=form)
    page = site.get(at).text
    assert "有异议，待处理" in page
    assert "2026年11月25日" in page  # three working days after Friday
    assert page.count("interval-band") == 2
    ruling = re.search(r'href="(/ratings/[^"]+/contest/[^"]+)"', page)
    assert ruling
    assert site.post(ruling[1], data={"result": "", "note": "x"}).status_code == 422
    assert "请写明理由" in site.post(ruling[1], data={"result": "upheld", "note": ""}).text
    site.post(ruling[1], data={"result": "upheld", "note": "流水显示已退"})
    assert "异议成立，不再计算" in site.get(at).text
    assert site.get(ruling[1], follow_redirects=False).status_code == 303  # decided once


def test_how_it_ended_is_said_by_a_person_with_an_exhibit(site: TestClient, full: Workplace) -> None:
    at = f"{address(site, full)}/case/{3:016x}"
    assert "退款由流水算出" in site.get(at).text
    form = {"outcome": "delivered", "on": "2026-11-20", "exhibit": "", "note": ""}
    assert "要指明是哪份证据" in site.post(at, data=form).text
    assert "证据号要写数字" in site.post(at, data={**form, "exhibit": "a"}).text
    assert "请选一个结果" in site.post(at, data={**form, "outcome": "refunded"}).text
    assert site.post(at, data={**form, "exhibit": "1"}, follow_redirects=False).status_code == 303
    page = site.get(address(site, full)).text
    assert "由人判断" in page
    assert f'href="/c/{3:016x}/evidence/1"' in page


def test_nothing_is_shared_without_an_approval(site: TestClient, known: Workplace) -> None:
    at = f"{address(site, known)}/share"
    form = {"by": "批准人甲", "basis": "六份流水", "contest": "a@example.org", "until": "2026-12-20"}
    answer = site.post(at, data=form)
    assert answer.status_code == 422
    assert "要批准才能做这一份" in answer.text
    wrong = site.post(at, data={"approve": "yes", "until": "2027-11-20", "contest": "x"}).text
    for field in ("by", "basis", "contest", "until"):
        assert f'<a href="#{field}">' in wrong
    made = site.post(at, data={**form, "approve": "yes"})
    assert made.headers["content-disposition"] == 'attachment; filename="rating.json"'
    document = json.loads(made.text)
    assert document["approved_by"] == "批准人甲"
    assert document["known"]["payers"] == 6
    assert "no-store" in made.headers["cache-control"]


def test_replies_that_go_along_are_read_before_the_approval(site: TestClient, known: Workplace) -> None:
    at = address(site, known)
    site.post(f"{at}/reply", data={"by": "商城", "on": "2026-11-19", "text": "付款人3已收货", "about": ""})
    page = site.get(f"{at}/share").text
    assert "付款人3已收货" in page
    assert "有没有写出付款人是谁" in page


def test_too_few_payers_are_not_shared(site: TestClient, full: Workplace) -> None:
    at = address(site, full)
    assert f'href="{at}/share"' not in site.get(at).text
    form = {
        "by": "批准人甲",
        "basis": "x",
        "contest": "a@example.org",
        "until": "2026-12-20",
        "approve": "yes",
    }
    answer = site.post(f"{at}/share", data=form)
    assert answer.status_code == 422
    assert "至少要有 5 名" in answer.text


@pytest.mark.parametrize("tail", ["", "/reply", "/share", "/contest/x", "/case/0000000000000000"])
def test_a_record_that_is_not_there_is_not_found(site: TestClient, full: Workplace, tail: str) -> None:
    assert site.get(f"/ratings/0000000000000000{tail}").status_code == 404


def test_locked_cases_are_said(site: TestClient, full: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = full.overview.lines(wait_s=60)
    locked = [replace(line, state=type(line.state).LOCKED, summary=None) for line in lines[:2]]
    monkeypatch.setattr(full.overview, "lines", lambda wait_s=0.4: (*lines[2:], *locked))
    assert "锁着 2，正在整理 0，打不开 0" in site.get("/ratings").text
    assert "6 个案件中的 4 个" in site.get("/ratings").text


@pytest.mark.parametrize("tail", ["/reply", "/share"])
def test_what_is_written_into_cases_needs_the_right_to_each(
    site: TestClient, full: Workplace, monkeypatch: pytest.MonkeyPatch, tail: str
) -> None:
    def only_the_list(person: object, act: Act, case_id: str | None = None) -> None:
        if case_id == f"{5:016x}":
            raise NotAllowed("Not you.", "您不可以。")

    monkeypatch.setattr(pages, "allow", only_the_list)
    assert site.get(address(site, full) + tail).status_code == 403
    assert site.post(address(site, full) + tail, data={"by": "a"}).status_code == 403
    assert site.get(address(site, full)).status_code == 200
