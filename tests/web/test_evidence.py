"""Evidence in the browser: found, looked at, checked, corrected without being changed, kept as a file."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import pytest
from PIL import Image
from starlette.testclient import TestClient

from clawback.desk import intake
from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace
from clawback.model.evidence import Grade, Locator, Severity
from clawback.readers.contract import Reading, ReadingContext, TextPiece
from clawback.readers.wire import Header
from web.conftest import NOW

BASE = "/c/0123456789abcdef/evidence"


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def number_of(case: LiveCase, part: str) -> int:
    return next(one.number for one in case.file().exhibits if part in one.name)


class Glance:
    """Reads a picture as two lines of text, one of them doubtful, without text recognition."""

    def __enter__(self) -> Glance:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self, original: BinaryIO, header: Header, _: object) -> Reading:
        context = ReadingContext(header.exhibit, header.name, header.zone, header.today, lambda *_: None)
        texts = (
            TextPiece("¥3,000.00", Locator(box=(100, 50, 300, 90)), 100),
            TextPiece("王样本", Locator(box=(100, 120, 200, 160)), 60),
        )
        doubt = context.problem("low_certainty_text", texts[1].locator, "王样本 (60%)", Severity.NOTE)
        return Reading("glance", "1", Grade.SCREENSHOT, texts=texts, problems=(doubt,))


@pytest.fixture
def pictured(workplace: Workplace, tmp_path: Path) -> LiveCase:
    """A case with one picture of 800 x 400 and a broken one."""
    heap = tmp_path / "pictures"
    heap.mkdir()
    out = io.BytesIO()
    Image.new("RGB", (800, 400), "white").save(out, "PNG")
    (heap / "receipt.png").write_bytes(out.getvalue())
    (heap / "torn.png").write_bytes(out.getvalue()[:50])
    folder = workplace.home / "feedfeedfeedfeed"
    workplace.home.mkdir(exist_ok=True)
    intake.open_heap(heap, folder, intake.OpenOptions(now=NOW), room=lambda _: Glance())
    return workplace.case("feedfeedfeedfeed")


# the list


def test_the_list_says_what_each_exhibit_is_and_what_was_read(site: TestClient, case: LiveCase) -> None:
    page = text(site.get(BASE).text)
    assert "证据 5 份" in page
    assert "支付宝账单.csv" in page
    assert "4 笔转账" in page
    assert "平台导出" in page
    assert "5 条消息" in page
    assert "邮件，签名没有核实" in page


def test_the_list_is_found_by_name_and_says_how_many_match(site: TestClient, case: LiveCase) -> None:
    page = text(site.get(f"{BASE}?q=微信").text)
    assert "符合的有 1 份，共 5 份" in page
    assert "支付宝账单.csv" not in page
    assert "没有符合的证据" in text(site.get(f"{BASE}?q=zzz").text)


def test_the_list_is_filtered_by_origin(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"{BASE}?grade=email").text
    assert "追回您的损失.eml" in page
    assert "备忘.txt" not in page
    assert '<option value="email" selected>' in page


def test_five_hundred_exhibits_stand_on_pages_of_fifty(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    heap = tmp_path / "many"
    heap.mkdir()
    for number in range(120):
        (heap / f"{number:03}.txt").write_text(f"note {number}", encoding="utf-8")
    workplace.home.mkdir(exist_ok=True)
    intake.open_heap(
        heap, workplace.home / "cafecafecafe", intake.OpenOptions(now=NOW), room=lambda _: Glance()
    )
    page = site.get("/c/cafecafecafe/evidence?page=3&q=.txt").text
    assert "第 3 页，共 3 页 · 第 101–120 条，共 120 条" in text(page)
    assert page.count('class="ev-row"') == 20
    assert '/c/cafecafecafe/evidence?q=.txt&amp;page=2"' in page
    assert site.get("/c/cafecafecafe/evidence?page=99").text.count('class="ev-row"') == 20


def test_an_empty_case_says_what_to_do(site: TestClient, workplace: Workplace) -> None:
    case = workplace.begin("cn")
    page = site.get(f"/c/{case.id}/evidence").text
    assert "还没有证据" in page
    assert f'href="/c/{case.id}/add"' in page


def test_what_was_not_understood_is_listed_with_its_place(site: TestClient, pictured: LiveCase) -> None:
    page = site.get("/c/feedfeedfeedfeed/evidence/problems").text
    assert "没读懂的 2 处" in page
    assert "/c/feedfeedfeedfeed/evidence/1?at=b100-120-200-160" in page
    assert "图片上有些字认不准" in page


# the viewer


def test_a_row_of_a_bill_is_opened_where_it_stands_and_marked(site: TestClient, case: LiveCase) -> None:
    bill = number_of(case, "支付宝")
    page = site.get(f"{BASE}/{bill}?at=r7").text
    (here,) = re.findall(r'<tr id="here" class="here" aria-current="true">.*?</tr>', page, re.DOTALL)
    assert "<mark>2026111922002</mark>" in here
    assert "第 7 行" in text(here)
    (more,) = re.findall(r'<tr class="ev-more">.*?</tr>', page, re.DOTALL)
    assert re.search(r"读作： ?转出 8,000\.00 ?元 给 李样例", text(more))
    assert "2026111922002,A-2,2026-11-19 09:05:11" in text(more)  # as it stands in the file


def test_a_bill_is_a_table_with_its_own_headings(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"{BASE}/{number_of(case, '支付宝')}").text
    (table,) = re.findall(r"<table.*?</table>", page, re.DOTALL)
    headings = [text(name).strip() for name in re.findall(r"<th scope=\"col\".*?</th>", table)]
    assert headings[:3] == ["行", "交易号", "商家订单号"]
    assert headings[-2:] == ["资金状态", "读作"]
    assert table.count('<th scope="row"') == 4
    assert '<td data-label="交易对方" class=""><bdi>王样本</bdi></td>' in table
    assert '<td data-label="金额（元）" class="money"><bdi>3000.00</bdi></td>' in table
    assert '<td data-label="备注" class=" ev-empty"></td>' in table
    assert "账号:[payer@mail.example]" in page.replace(table, "")
    assert page.count("商品名称") == 1 + 4  # once as heading, and as the label of each row


def test_the_headings_can_be_asked_for_themselves(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"{BASE}/{number_of(case, '支付宝')}?at=r5").text
    (here,) = re.findall(r'<li id="here".*?</li>', page, re.DOTALL)
    assert "<mark>交易号,商家订单号" in here


def test_formulas_and_markup_in_a_table_are_only_words(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    heap = tmp_path / "hostile"
    heap.mkdir()
    (heap / "bank.csv").write_text(
        'Date,Description,"<b>Amount</b> Amount",Amount\n'
        '2026-10-01,"=HYPERLINK(""http://evil.example"")",x,2.00\n'
        "2026-10-02,<img src=x onerror=alert(1)>,x,3.00\n",
        encoding="utf-8",
    )
    folder = workplace.home / "feedfeedfeedfeed"
    workplace.home.mkdir(exist_ok=True)
    intake.open_heap(heap, folder, intake.OpenOptions(now=NOW))
    page = site.get("/c/feedfeedfeedfeed/evidence/1").text
    assert (
        '<td data-label="Description" class=""><bdi>=HYPERLINK(&#34;http://evil.example&#34;)</bdi>' in page
    )
    assert "<bdi>&lt;img src=x onerror=alert(1)&gt;</bdi>" in page
    assert "<img src=x" not in page
    assert "<b>" not in page


def test_words_inside_a_message_are_marked_with_what_stands_around(site: TestClient, case: LiveCase) -> None:
    chat = number_of(case, "微信聊天")
    message = case.records().readings[chat].messages[0]
    line = message.sources[0].locator.line
    page = site.get(f"{BASE}/{chat}?at=l{line}.c1-5").text
    assert "先<mark>转300</mark>0到支付宝" in page


def test_of_a_very_long_text_forty_characters_around_the_place_are_shown(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    heap = tmp_path / "long"
    heap.mkdir()
    (heap / "long.txt").write_text("前" * 2000 + "要找的" + "后" * 2000, encoding="utf-8")
    workplace.home.mkdir(exist_ok=True)
    intake.open_heap(heap, workplace.home / "beefbeefbeef", intake.OpenOptions(now=NOW))
    page = site.get("/c/beefbeefbeef/evidence/1?at=l1.c2000-2003").text
    assert f"…{'前' * 40}<mark>要找的</mark>{'后' * 40}…" in page
    assert "看全文（4003 个字符）" in page


def test_the_place_in_a_picture_is_a_box_in_pixels_of_the_original(
    site: TestClient, pictured: LiveCase
) -> None:
    page = site.get("/c/feedfeedfeedfeed/evidence/1?at=b100-50-300-90").text
    assert 'viewBox="0 0 800 400"' in page
    assert '<rect class="ev-box-here" id="box" x="100" y="50" width="200" height="40"/>' in page
    assert (
        'href="/c/feedfeedfeedfeed/evidence/1?at=b100-120-200-160" tabindex="-1"><rect class="ev-box" '
        in page
    )


def test_a_picture_is_made_anew_and_small(site: TestClient, pictured: LiveCase) -> None:
    answer = site.get("/c/feedfeedfeedfeed/evidence/1/picture?side=320")
    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (320, 160)
    larger = site.get("/c/feedfeedfeedfeed/evidence/1/picture?side=999999")
    assert Image.open(io.BytesIO(larger.content)).size == (800, 400)


def test_a_torn_picture_has_no_picture_and_the_page_says_so(site: TestClient, pictured: LiveCase) -> None:
    torn = number_of(pictured, "torn")
    assert site.get(f"/c/feedfeedfeedfeed/evidence/{torn}/picture").status_code == 404
    assert "画不出这份文件的图。 图片损坏" in text(site.get(f"/c/feedfeedfeedfeed/evidence/{torn}").text)


def test_each_grade_says_what_is_proven_and_what_is_not(site: TestClient, case: LiveCase) -> None:
    page = text(site.get(f"{BASE}/{number_of(case, '微信聊天')}").text)
    assert "能证明 自 2026年11月20日 10:00:00（北京时间） 封存以来有没有改动" in page
    assert "不能证明 对方确实发过" in page
    site.cookies.set("lang", "en")
    page = text(site.get(f"{BASE}/{number_of(case, '支付宝')}").text)
    assert "Does not prove That nobody changed it" in page


@pytest.mark.parametrize(
    "path", ["/99", "/0", "/99/original", "/99/picture", "/99/custody", "/99/certificate"]
)
def test_an_exhibit_that_does_not_exist_is_a_page_that_does_not_exist(
    site: TestClient, case: LiveCase, path: str
) -> None:
    assert site.get(BASE + path).status_code == 404


@pytest.mark.parametrize("at", ["", "zzz", "r999999", "p9.l9", "b1-2-3-4", "c5-1", "r7.c9999-1", "%00"])
def test_a_place_that_is_none_still_opens_the_exhibit(site: TestClient, case: LiveCase, at: str) -> None:
    for one in case.file().exhibits:
        assert site.get(f"{BASE}/{one.number}?at={quote(at)}").status_code == 200


def test_a_statement_is_shown_with_its_question_and_the_words_of_its_choice(
    site: TestClient, case: LiveCase
) -> None:
    page = text(site.get(f"{BASE}/{number_of(case, 'statement')}").text)
    assert "withdrawal_refused" not in page
    assert "您的姓名" in page or "您叫什么" in page or "姓名" in page
    assert "甲某" in page


def test_an_exhibit_that_waits_to_be_read_says_so(
    site: TestClient, workplace: Workplace, tmp_path: Path
) -> None:
    case = workplace.begin("cn")
    (tmp_path / "note.txt").write_text("好", encoding="utf-8")
    case.change(lambda folder, _: sealed_only(tmp_path / "note.txt", folder))
    page = text(site.get(f"/c/{case.id}/evidence/1").text)
    assert "已经封存，还没读到这一份" in page
    assert "等着读" in text(site.get(f"/c/{case.id}/evidence").text)


def sealed_only(file: Path, folder: Path) -> None:
    class Never(Glance):
        def read(self, original: BinaryIO, header: Header, _: object) -> Reading:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        intake.open_heap(file, folder, intake.OpenOptions(now=NOW), room=lambda _: Never())


def test_an_exhibit_says_which_papers_and_payments_it_serves(site: TestClient, case: LiveCase) -> None:
    bill = number_of(case, "支付宝")
    page = site.get(f"{BASE}/{bill}/used").text
    assert 'href="/c/0123456789abcdef/papers/police_report"' in page
    assert "账目里的转账（4 笔）" in text(page)
    assert 'href="/c/0123456789abcdef/money/T3.r7"' in page
    note = text(site.get(f"{BASE}/{number_of(case, '备忘')}/used").text)
    assert "它不是任何一笔转账的证明" in note


# keeping


def test_the_original_comes_as_a_file_and_byte_for_byte(site: TestClient, case: LiveCase) -> None:
    bill = number_of(case, "支付宝")
    answer = site.get(f"{BASE}/{bill}/original")
    assert hashlib.sha256(answer.content).hexdigest() == case.file().exhibit_by_number()[bill].sha256
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="exhibit-{bill}"; ')
    assert quote("支付宝账单.csv") in answer.headers["content-disposition"]
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_an_untouched_exhibit_is_verified(site: TestClient, case: LiveCase) -> None:
    page = text(site.post(f"{BASE}/1/verify").text)
    assert "证据 1 没有改动" in page


def test_a_changed_exhibit_is_named_and_others_are_not_blamed(site: TestClient, case: LiveCase) -> None:
    one = case.file().exhibit_by_number()[1]
    blob = case.folder / "blobs" / one.sha256[:2] / one.sha256
    blob.chmod(0o600)
    blob.write_bytes(b"changed")
    assert "证据 1 和封存时不一样了" in text(site.post(f"{BASE}/1/verify").text)
    assert "证据 2 没有改动" in text(site.post(f"{BASE}/2/verify").text)


def test_the_history_has_only_lines_about_this_exhibit(site: TestClient, case: LiveCase) -> None:
    bill = number_of(case, "支付宝")
    page = text(site.get(f"{BASE}/{bill}/custody").text)
    assert "和这份证据有关的 2 行" in page
    assert "封存： 支付宝账单.csv" in page
    assert "alipay_bill" in page
    assert "备忘.txt" not in page


def test_the_certificate_says_what_it_is_and_what_it_is_not(site: TestClient, case: LiveCase) -> None:
    file = case.file()
    page = text(site.get(f"{BASE}/1/certificate").text)
    assert file.exhibits[0].sha256 in page
    assert file.log_root in page
    assert "不是公证，也不是司法鉴定" in page
    assert "没有外部时间戳" in page


# correcting


def about_payee(case: LiveCase) -> tuple[int, str]:
    bill = number_of(case, "支付宝")
    transfer = case.records().readings[bill].transfers[0]
    return bill, f"{transfer.id}/payee_name"


def test_a_correction_is_a_dated_statement_and_the_reading_stays(site: TestClient, case: LiveCase) -> None:
    bill, about = about_payee(case)
    before = [(entry.id, entry.transfer.payee) for entry in case.file().entries]
    address = f"{BASE}/{bill}/correct?about={quote(about)}"
    assert "“收款人”读错了吗" in site.get(address).text
    answer = site.post(address, data={"value": " 王样木 "})
    assert f"{BASE}/{bill}" in str(answer.url)
    said = case.file().answer("correction", about)
    assert said is not None
    assert (said.value, said.moment.instant) == ("王样木", NOW)
    assert [(entry.id, entry.transfer.payee) for entry in case.file().entries] == before
    page = text(answer.text)
    assert "已更正，原来读作： " in page
    assert "王样木 您的陈述" in page


def test_a_correction_can_be_taken_back(site: TestClient, case: LiveCase) -> None:
    bill, about = about_payee(case)
    address = f"{BASE}/{bill}/correct?about={quote(about)}"
    site.post(address, data={"value": "王样木"})
    assert 'value="王样木"' in site.get(address).text
    page = site.post(address, data={"value": ""}).text
    assert "已更正" not in page
    assert len([one for one in case.file().statements if one.question == "correction"]) == 2


def test_saving_nothing_where_nothing_was_said_writes_nothing(site: TestClient, case: LiveCase) -> None:
    bill, about = about_payee(case)
    size = case.file().log_size
    site.post(f"{BASE}/{bill}/correct?about={quote(about)}", data={"value": "  "})
    assert case.file().log_size == size


def test_what_was_typed_survives_a_change_of_language_and_an_error(site: TestClient, case: LiveCase) -> None:
    bill, about = about_payee(case)
    address = f"{BASE}/{bill}/correct?about={quote(about)}"
    page = site.post(address, data={"value": "王样木", "speak": "en"}).text
    assert "Was “Payee” misread?" in page
    assert 'value="王样木"' in page
    answer = site.post(address, data={"value": "长" * 1001})
    assert answer.status_code == 422
    assert answer.text.count("最多写 1000 个字") + answer.text.count("At most 1,000 characters") == 2
    assert case.file().answer("correction", about) is None


@pytest.mark.parametrize("about", ["", "x", "T1.r1/payee_name", "T1.r6/__class__", "M1/text"])
def test_only_what_was_read_can_be_corrected(site: TestClient, case: LiveCase, about: str) -> None:
    assert site.get(f"{BASE}/1/correct?about={quote(about)}").status_code == 404
