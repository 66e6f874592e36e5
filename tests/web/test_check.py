"""The check door: fixed results, words quoted, links dead, nothing kept unless asked."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace

SCAM = "我们是黑客技术追款团队，100%追回，先付服务器费，详见 https://zhuikuan.example/a 加微信 sample-zk99"


def test_the_door_asks_for_one_thing_and_says_that_nothing_leaves(site: TestClient) -> None:
    page = site.get("/check").text
    assert page.count("button-first") == 1
    assert "不联网，内容不离开这台机器" in page


def test_a_scam_gets_the_advice_before_the_reasons_and_its_words_numbered(site: TestClient) -> None:
    page = site.post("/check", data={"text": SCAM}).text
    assert "很像诈骗：追款骗局" in page
    assert page.index("不要付款，不要加好友") < page.index("为什么（原话）")
    quoted = re.findall(r'<li id="why-(\d+)"><span class="reason-number">\d+</span> “([^”]+)”', page)
    quoted.sort(key=lambda one: int(one[0]))
    assert [number for number, _ in quoted] == [str(n) for n in range(1, len(quoted) + 1)]
    marked = re.findall(r'<mark>([^<]+)</mark><a class="reason" href="#why-(\d+)"', page)
    assert [(number, words) for words, number in marked] == quoted


def test_no_link_is_alive_and_none_is_loaded(site: TestClient) -> None:
    page = site.post("/check", data={"text": SCAM}).text
    outside_of_the_box = re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    assert "https://zhuikuan.example" not in outside_of_the_box
    assert "hxxps://zhuikuan[.]example/a" in outside_of_the_box
    assert not re.search(r'(?:href|src)="[^"]*zhuikuan', page)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("可以帮您追回欠款，请联系我们", "有可疑之处"),
        ("妈，房租我已经转给房东了，晚上再和你视频", "没发现诈骗迹象，但这不等于安全"),
        ("https://shop.example", "查不了"),
    ],
)
def test_the_other_results_have_fixed_words_and_no_score(site: TestClient, text: str, heading: str) -> None:
    page = site.post("/check", data={"text": text}).text
    assert heading in page
    assert not re.search(r"[0-9]+ ?%", page)
    assert "我已经付了钱" in page
    assert 'action="/now"' in page


def test_a_genuine_number_is_named_with_the_warning_that_it_can_be_forged(site: TestClient) -> None:
    page = site.post("/check", data={"text": "95188"}).text
    assert "支付宝客服" in page
    assert "来电显示和短信号码可以伪造" in page


def test_nothing_is_kept_unless_asked(site: TestClient, workplace: Workplace) -> None:
    site.post("/check", data={"text": SCAM})
    assert workplace.ids() == ()
    assert not workplace.home.exists()


def test_the_text_is_kept_as_evidence_when_the_person_asks(site: TestClient, case: LiveCase) -> None:
    before = len(case.file().exhibits)
    answer = site.post("/check/keep", data={"text": SCAM, "case": case.id}, follow_redirects=False)
    assert answer.headers["location"] == f"/c/{case.id}/evidence"
    exhibits = case.file().exhibits
    assert len(exhibits) == before + 1
    assert exhibits[-1].name == "查一查 2026-11-20 10-00.txt"
    assert exhibits[-1].size == len(SCAM.encode())


def test_without_a_case_keeping_begins_one(site: TestClient, workplace: Workplace) -> None:
    assert "新建案件并存为证据" in site.post("/check", data={"text": SCAM}).text
    answer = site.post("/check/keep", data={"text": SCAM}, follow_redirects=False)
    (id,) = workplace.ids()
    assert answer.headers["location"] == f"/c/{id}/evidence"


def test_an_empty_box_says_what_to_do(site: TestClient) -> None:
    answer = site.post("/check", data={"text": "  "})
    assert answer.status_code == 422
    assert answer.text.count("先贴一段文字，或放一张截图") == 2


def test_changing_the_language_keeps_text_and_result(site: TestClient) -> None:
    page = site.post("/check", data={"text": SCAM, "speak": "en"}).text
    assert "Very likely a scam: Recovery scam" in page
    assert "黑客技术" in page


def test_hostile_text_stays_text(site: TestClient) -> None:
    page = site.post("/check", data={"text": "<script>alert(1)</script></textarea><b>追款</b>"}).text
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page


def test_a_picture_is_read_and_not_kept(site: TestClient, workplace: Workplace) -> None:
    picture = Image.new("RGB", (900, 200), "white")
    words = "Recover your funds today, upfront fee 300"
    ImageDraw.Draw(picture).text((20, 60), words, fill="black", font_size=40)
    data = io.BytesIO()
    picture.save(data, "PNG")
    answer = site.post("/check", files={"picture": ("a.png", data.getvalue(), "image/png")})
    assert "这是我们从图片里读到的字" in answer.text
    assert "追款骗局" in answer.text
    assert workplace.ids() == ()


def test_a_file_that_is_no_picture_is_refused_plainly(site: TestClient) -> None:
    answer = site.post("/check", files={"picture": ("a.png", b"<svg onload=alert(1)>", "image/png")})
    assert answer.status_code == 422
    assert "这不是图片" in answer.text
