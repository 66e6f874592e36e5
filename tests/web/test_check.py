"""The check door: fixed results, words quoted, links dead, nothing kept unless asked."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from clawback.desk import checking
from clawback.desk.lists import import_list
from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace
from clawback.errors import SignatureRefused

SCAM = "我们是黑客技术追款团队，100%追回，先付服务器费，详见 https://zhuikuan.example/a 加微信 sample-zk99"


def test_the_door_asks_for_one_thing_and_says_that_nothing_leaves(site: TestClient) -> None:
    page = site.get("/check").text
    assert page.count("button-first") == 1
    assert "不联网，内容不离开这台机器" in page


def test_a_scam_gets_the_advice_before_the_reasons_and_its_words_numbered(site: TestClient) -> None:
    page = site.post("/check", data={"text": SCAM}).text
    assert "很像诈骗：追款、维权骗局" in page
    assert page.index("不要付款，不要加好友") < page.index("为什么（原话）") < page.index("您给的内容")
    reasons = re.findall(r'<li id="why-(\d+)" value="(\d+)">', page)
    assert reasons == [(str(n), str(n)) for n in range(1, len(reasons) + 1)]
    assert len(reasons) > 2
    numbered = set(re.findall(r'<a class="reason" href="#why-(\d+)"', page))
    assert numbered <= {number for number, _ in reasons}
    assert "1" in numbered
    assert "</mark><a" in page
    assert not re.search(r"</mark>(?!<a)", page)  # every marked word leads to a reason
    marked = "".join(re.findall(r"<mark>([^<]+)</mark>", page))
    for words in ("黑客技术", "100%追回", "先付服务器费"):
        assert words in marked
        assert re.search(f"<q>[^<]*{words}", page)


def test_the_script_has_four_stages_and_marks_the_present_one(site: TestClient) -> None:
    page = site.post("/check", data={"text": SCAM}).text
    line = page[page.index('<ol class="stages">') :]
    line = line[: line.index("</ol>")]
    stages = re.findall(r"<li( aria-current=\"step\")?>(引诱|上钩|收割|锁死)", line)
    assert [name for _, name in stages] == ["引诱", "上钩", "收割", "锁死"]
    assert sum(bool(present) for present, _ in stages) == 1
    assert re.search(r"接下来对方多半会[^<]+。</p>", page)
    assert '<a class="go" href="/learn/recovery_scam">' in page
    assert "第二次诈骗" in page


def test_a_bad_link_among_harmless_words_is_what_decides(site: TestClient) -> None:
    text = "明天见，照片在 https://paypal-login.secure-verify.xyz/a 这里，看完告诉我一声"
    page = site.post("/check", data={"text": text}).text
    assert "很像诈骗</h2>" in page
    assert "这是里面的链接决定的" in page
    assert "很可能是诈骗链接" in page
    assert "secure-verify[.]xyz" in page


def test_every_case_where_a_sign_is_none_can_be_read_by_whoever_disagrees(site: TestClient) -> None:
    page = site.post("/check", data={"text": SCAM}).text
    disagree = page[page.index("我觉得判断不对") :]
    assert "下面这些情况里，我们看到的迹象不算数" in disagree[: disagree.index("</details>")]


def test_the_other_ways_to_check_stand_below(site: TestClient) -> None:
    page = site.get("/check").text
    for way in ("/check/platform", "/check/directory", "/learn", "/checkup"):
        assert f'href="{way}"' in page
        assert site.get(way).status_code == 200


def test_no_link_is_alive_and_none_is_loaded(site: TestClient) -> None:
    page = site.post("/check", data={"text": SCAM}).text
    outside_of_the_box = re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    assert "https://zhuikuan.example" not in outside_of_the_box
    assert outside_of_the_box.count("hxxps://zhuikuan[.]example/a") >= 2  # in the text, and in the list
    assert not re.search(r'(?:href|src)="[^"]*zhuikuan', page)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("妈，房租我已经转给房东了，晚上再和你视频", "没发现诈骗迹象，但这不等于安全"),
        ("6222020000000000000", "查不了"),
    ],
)
def test_the_other_results_have_fixed_words_and_no_score(site: TestClient, text: str, heading: str) -> None:
    page = site.post("/check", data={"text": text}).text
    assert heading in page
    assert not re.search(r"[0-9]+ ?%", page)
    assert "我已经付了钱" in page
    assert 'action="/now"' in page


def test_a_number_that_others_warn_of_is_what_decides(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("kind,value,confidence\nphone,+442079460000,weak\n", encoding="utf-8")
    import_list(workplace.home, file, name="warned", source="a bank", today=workplace.clock().date())
    page = site.post("/check", data={"text": "周末来家里吃饭吧，到了打 +44 20 7946 0000 给我"}).text
    assert "有可疑之处</h2>" in page
    assert "里面有一个号码或账户在您导入的名单上" in page
    assert "在名单“warned”里（来源：a bank" in page


def test_a_genuine_number_is_named_with_the_warning_that_it_can_be_forged(site: TestClient) -> None:
    page = site.post("/check", data={"text": "95188"}).text
    assert "95188 在名录里：支付宝" in page
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
    assert "追款、维权骗局" in answer.text
    assert workplace.ids() == ()


MAIL = b"""\
From: "MetaMask" <support@notice.example>
To: li@example.com
Reply-To: help.desk.wallet@gmail.com
Subject: Your wallet will be suspended <b>
Content-Type: text/html; charset=utf-8

<p>Dear user, verify your wallet: enter your recovery phrase within 24 hours.</p>
<a href="http://203.0.113.4/verify">www.metamask.io</a>
"""


def test_a_mail_is_checked_with_its_headers_and_not_kept(site: TestClient, workplace: Workplace) -> None:
    page = site.post("/check", files={"picture": ("a.eml", MAIL, "message/rfc822")}).text
    assert "很像诈骗" in page
    assert "support@notice[.]example" in page
    assert '<span class="reason-where">发件人</span>' in page
    assert "Your wallet will be suspended &lt;b&gt;" in page
    assert '<li id="why-1" value="1">' in page
    assert 'action="/check/keep"' not in page  # there are no words to keep
    assert workplace.ids() == ()


def test_a_file_that_is_no_picture_is_refused_plainly(site: TestClient) -> None:
    answer = site.post("/check", files={"picture": ("a.png", b"<svg onload=alert(1)>", "image/png")})
    assert answer.status_code == 422
    assert "这不是图片，也不是邮件" in answer.text


def test_a_changed_directory_is_said_and_the_page_stands(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SignatureRefused("It was changed.", "名录被改过。", "changed")

    monkeypatch.setattr(checking, "genuine_in", refuse)
    page = site.post("/check", data={"text": SCAM + " 96110"}).text
    assert "很像诈骗" in page
    assert "这次没有对照名录：名录被改过。" in page
