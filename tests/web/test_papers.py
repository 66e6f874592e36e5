"""Papers in the browser: the list, filling a gap, looking at the very PDF, making it, taking it along."""

from __future__ import annotations

import hashlib
import io
import re
import threading
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from clawback.desk import printing
from clawback.desk.drafting import Fault
from clawback.desk.filing import write_one
from clawback.desk.livecase import LiveCase
from clawback.desk.printing import Press, Wanted, make, papers_made, plain_name
from clawback.desk.tracking import tracking_of
from clawback.desk.verifying import verify
from clawback.errors import FilingRefused
from clawback.model.casefile import CaseFile
from clawback.web.pages import papers as pages

ID = "0123456789abcdef"
HERE = f"/c/{ID}/papers"


@pytest.fixture(autouse=True)
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    made = Press()
    monkeypatch.setattr(pages, "PRESS", made)
    monkeypatch.setattr(pages, "_WAIT_S", 30.0)
    return made


def text(site: TestClient, path: str) -> str:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def make_paper(site: TestClient, form: str = "police_report", query: str = "") -> str:
    answer = site.post(
        f"{HERE}/{form}/make{query}", data={"true": "yes", "name": "甲某"}, follow_redirects=False
    )
    assert answer.status_code == 303
    return answer.headers["location"]


# ------------------------------------------------------------------------------------------- list and draft


def test_the_list_says_what_each_paper_lacks_and_who_receives_it(site: TestClient, case: LiveCase) -> None:
    page = text(site, HERE)
    asked = page.split("可以做但计划没有要求的")[0]
    assert "报案材料" in asked
    assert "交给 公安机关（就近派出所或刑警队）" in asked
    assert re.search(r"还缺 \d+ 项", asked)
    assert "不适用" in page
    assert "用在这些情况：账号被盗" in page


def test_a_case_without_steps_says_what_to_do(site: TestClient, workplace: object) -> None:
    bare = workplace.begin("cn")  # type: ignore[attr-defined]
    page = text(site, f"/c/{bare.id}/papers")
    assert "先说说发生了什么" in page


def test_a_paper_shows_its_gaps_with_what_fills_them(site: TestClient, case: LiveCase) -> None:
    page = text(site, f"{HERE}/police_report")
    assert f"{HERE.rpartition('/')[2]}" in page
    assert "?in=zh&amp;fill=user.id_number#answer" in page
    entry = next(e for e in case.file().entries if e.transfer.amount.value == 8000)
    assert f"/c/{ID}/card/fill/{entry.id}/payee_account" in page
    assert f"/c/{ID}/money/{entry.id}" in page


def test_a_number_of_an_exhibit_opens_it_at_the_place(site: TestClient, case: LiveCase) -> None:
    page = text(site, f"{HERE}/police_report")
    assert re.search(rf'href="/c/{ID}/evidence/\d+\?at=r\d+"', page)


def test_an_answer_given_in_the_paper_becomes_a_sealed_statement(site: TestClient, case: LiveCase) -> None:
    before = len(case.file().exhibits)
    open_place = text(site, f"{HERE}/police_report?fill=user.phone")
    assert '<label for="answer">您的手机号</label>' in open_place
    answer = site.post(f"{HERE}/police_report?fill=user.phone", data={"answer": "19900000000"})
    assert answer.status_code == 200
    assert "已补上" in answer.text
    assert "19900000000" in answer.text
    stated = case.file().answer("user.phone")
    assert stated is not None
    assert stated.sources[0].exhibit == before + 1


def test_an_empty_answer_is_not_saved_and_says_why(site: TestClient, case: LiveCase) -> None:
    before = case.file().log_size
    answer = site.post(f"{HERE}/police_report?fill=user.phone", data={"answer": "  "})
    assert answer.status_code == 422
    assert answer.text.count("这里还是空的。不知道可以跳过。") == 2  # in the summary and at the field
    assert case.file().log_size == before


def test_changing_the_language_keeps_what_was_typed_and_saves_nothing(
    site: TestClient, case: LiveCase
) -> None:
    before = case.file().log_size
    answer = site.post(
        f"{HERE}/police_report?fill=user.address", data={"answer": "样例路 5 号", "speak": "en"}
    )
    assert "样例路 5 号" in answer.text
    assert "Save" in answer.text
    assert case.file().log_size == before


def test_a_choice_that_opens_a_passage_is_asked_in_the_paper(site: TestClient, case: LiveCase) -> None:
    page = text(site, f"{HERE}/complaint_12315?fill=seller_is_business")
    assert 'type="radio" name="answer" value="yes"' in page
    site.post(f"{HERE}/complaint_12315?fill=seller_is_business", data={"answer": "yes"})
    stated = case.file().answer("seller_is_business")
    assert stated is not None
    assert stated.value == "yes"


def test_an_unknown_paper_is_refused_in_plain_words(site: TestClient, case: LiveCase) -> None:
    assert site.get(f"{HERE}/no_such_form").status_code == 400
    assert site.get(f"{HERE}/police_report?hide=user.phone").status_code == 400


# --------------------------------------------------------------------------------- what the recipient sees


def test_the_recipients_view_says_what_is_left_out(site: TestClient, case: LiveCase) -> None:
    page = text(site, f"{HERE}/police_report")
    shown = page[page.index("收材料的人会看到什么</h2>") :]
    assert "您的姓名 <strong" in shown
    assert "与本案无关或还没确定的收支 1 笔" in shown
    assert "这份材料里别的都要写全" in shown


def test_what_is_masked_by_choice_is_masked_on_every_page(site: TestClient, case: LiveCase) -> None:
    site.post(f"{HERE}/police_report?fill=user.phone", data={"answer": "19900000099"})
    query = "?in=zh&hide=user.phone"
    for path in ("", "/preview", "/make"):
        page = text(site, f"{HERE}/platform_withdrawal_refused{path}{query}")
        assert "1990******9" in page
        assert "19900000099" not in page
    address = make_paper(site, "platform_withdrawal_refused", query)
    docx = site.get(f"{address}/docx").content
    body = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    assert "1990******9" in body
    assert "19900000099" not in body


# -------------------------------------------------------------------------------------------- the very PDF


def test_the_preview_shows_every_page_with_its_size_and_words(site: TestClient, case: LiveCase) -> None:
    page = text(site, f"{HERE}/police_report/preview")
    pictures = re.findall(r'<img src="([^"]+)" width="(\d+)" height="(\d+)"[^>]*alt="([^"]+)"', page)
    assert len(pictures) >= 2
    source, width, height, alt = pictures[0]
    assert "报案材料第 1 页" in alt
    answer = site.get(source.replace("&amp;", "&"))
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (int(width), int(height))
    assert "诬告、作伪证" in page  # the text version


def test_a_page_that_there_is_not_is_not_found(site: TestClient, case: LiveCase) -> None:
    for number in ("0", "99", "x", "1e9"):
        assert site.get(f"{HERE}/police_report/pages/{number}.png").status_code == 404


def test_a_paper_that_takes_long_says_so_and_looks_again_without_scripts(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, made = threading.Event(), printing.make_paper

    def slow(*args: object, **more: object) -> object:
        assert go.wait(20)
        return made(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(printing, "make_paper", slow)
    monkeypatch.setattr(pages, "_WAIT_S", 0.05)
    page = text(site, f"{HERE}/police_report/preview")
    assert "正在排版" in page
    assert '<meta http-equiv="refresh" content="2">' in page
    go.set()
    monkeypatch.setattr(pages, "_WAIT_S", 20.0)
    assert "<img" in text(site, f"{HERE}/police_report/preview")


def test_the_same_paper_is_set_only_once_until_the_case_changes(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    times, made = [], printing.make_paper

    def counted(*args: object, **more: object) -> object:
        times.append(1)
        return made(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(printing, "make_paper", counted)
    text(site, f"{HERE}/police_report/preview")
    text(site, f"{HERE}/police_report/make")
    assert len(times) == 1
    site.post(f"{HERE}/police_report?fill=user.phone", data={"answer": "19900000099"})
    text(site, f"{HERE}/police_report/preview")
    assert len(times) == 2


def test_what_has_no_ground_is_named_with_what_mends_it(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = case.file().entries[0]
    made = printing.draft_paper

    def faulty(*args: object, **more: object) -> object:
        from dataclasses import replace

        draft = made(*args, **more)  # type: ignore[arg-type]
        fault = Fault("13,000.00元", "不是这笔转账的金额。", transfer=entry.id)
        return replace(draft, faults=(fault, Fault("他们是一个团伙", "没有依据。")))

    monkeypatch.setattr(printing, "draft_paper", faulty)
    answer = site.get(f"{HERE}/police_report/preview")
    assert answer.status_code == 422
    assert "还不能生成：有 2 处没有依据" in answer.text
    assert f"/c/{ID}/money/{entry.id}" in answer.text
    assert "<img" not in answer.text
    assert site.post(f"{HERE}/police_report/make", data={"true": "yes", "name": "甲某"}).status_code == 422
    assert papers_made(case) == ()


def test_a_refusal_of_the_print_itself_is_shown_and_tried_anew(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise FilingRefused("no", "第 3 页多了一个数字", "888")

    made = printing.make_paper
    monkeypatch.setattr(printing, "make_paper", refuse)
    answer = site.get(f"{HERE}/police_report/preview")
    assert answer.status_code == 422
    assert "还不能生成：有 1 处没有依据" in answer.text
    assert "888" in answer.text
    monkeypatch.setattr(printing, "make_paper", made)
    text(site, f"{HERE}/police_report/preview")


# ------------------------------------------------------------------------------------------------- making


def test_nothing_is_made_before_the_statement_of_truth(site: TestClient, case: LiveCase) -> None:
    page = text(site, f"{HERE}/police_report/make")
    assert re.search(r"生成报案材料（PDF，\d+ 页）", page)
    assert "checked" not in page
    for data, sentence in (
        ({"name": "甲某"}, "请先看过"),
        ({"true": "yes"}, "请打上姓名"),
        ({"true": "yes", "name": "乙某"}, "和您陈述的姓名“甲某”不一致"),
    ):
        answer = site.post(f"{HERE}/police_report/make", data=data)
        assert answer.status_code == 422
        assert answer.text.count(sentence) == 2
    assert papers_made(case) == ()


def test_what_is_made_is_the_very_pdf_that_was_looked_at(
    site: TestClient, case: LiveCase, press: Press
) -> None:
    text(site, f"{HERE}/police_report/preview")
    looked_at = press.print(case, Wanted("police_report", "zh"), 30)
    assert looked_at is not None
    address = make_paper(site)
    answer = site.get(f"{address}/pdf")
    assert answer.content == looked_at.pdf
    assert answer.headers["content-disposition"].startswith("attachment;")
    (made,) = papers_made(case)
    assert made.confirmed_by == "甲某"
    assert made.filing.files[0][1] == hashlib.sha256(looked_at.pdf).hexdigest()


def test_two_papers_of_one_day_stand_side_by_side(site: TestClient, case: LiveCase) -> None:
    first = make_paper(site)
    site.post(f"{HERE}/police_report?fill=user.phone", data={"answer": "19900000099"})
    second = make_paper(site)
    old, new = (site.get(f"{address}/pdf").content for address in (first, second))
    assert old != new
    names = [name for made in papers_made(case) for _, name, _ in made.files]
    assert names == [
        "police_report_zh_2026-11-20_2.pdf",
        "police_report_zh_2026-11-20_2.docx",
        "police_report_zh_2026-11-20_1.pdf",
        "police_report_zh_2026-11-20_1.docx",
    ]
    page = text(site, HERE)
    assert "生成过的材料（2）" in page
    assert papers_made(case)[1].files[0][2] in page


def test_making_a_paper_leaves_a_case_that_verifies(site: TestClient, case: LiveCase) -> None:
    make_paper(site)
    assert verify(case.folder).findings == ()


def test_a_translation_says_that_it_is_one(site: TestClient, case: LiveCase) -> None:
    page = text(site, make_paper(site, query="?in=en"))
    assert "已生成：报案材料（译文，给自己看）" in page
    assert "（译文，给自己看）" not in text(site, make_paper(site))


def test_a_paper_that_the_command_line_wrote_over_says_so(site: TestClient, case: LiveCase) -> None:
    write_one(case.folder, case.file(), "police_report")
    site.post(f"{HERE}/police_report?fill=user.phone", data={"answer": "19900000099"})
    write_one(case.folder, case.file(), "police_report")
    newer, older = papers_made(case)
    assert (newer.replaced, older.replaced) == (False, True)
    page = text(site, f"{HERE}/made/{older.number}")
    assert "后来被同名的新文件覆盖" in page
    assert "下载 PDF" not in page
    assert site.get(f"{HERE}/made/{older.number}/pdf").status_code == 500


def test_a_paper_changed_on_the_disk_is_not_given_out(site: TestClient, case: LiveCase) -> None:
    address = make_paper(site)
    path = case.folder / "papers" / papers_made(case)[0].files[0][1]
    path.write_bytes(path.read_bytes() + b" ")
    assert site.get(f"{address}/pdf").status_code == 500


def test_addresses_of_papers_that_there_are_not_are_not_found(site: TestClient, case: LiveCase) -> None:
    address = make_paper(site)
    for path in (f"{HERE}/made/7", f"{HERE}/made/x", f"{HERE}/made/99999999999", f"{address}/exe"):
        assert site.get(path).status_code == 404


def test_the_zip_holds_the_paper_its_originals_and_their_hashes(site: TestClient, case: LiveCase) -> None:
    address = make_paper(site)
    answer = site.get(f"{address}/zip")
    assert answer.headers["content-disposition"].startswith("attachment;")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = archive.namelist()
    exhibits = case.file().exhibits
    assert "exhibits/001_微信聊天_导师小林.txt" in names or "exhibits/001_备忘.txt" in names
    assert len([name for name in names if name.startswith("exhibits/")]) == len(exhibits)
    listed = dict(
        reversed(line.split(" *", 1)) for line in archive.read("SHA256SUMS.txt").decode().splitlines()
    )
    assert set(listed) == set(names) - {"SHA256SUMS.txt", "paper.json"}
    for name, digest in listed.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    sealed = {exhibit.sha256 for exhibit in exhibits}
    assert {listed[name] for name in names if name.startswith("exhibits/")} == sealed


def test_a_zip_ends_where_an_original_is_not_what_was_sealed(site: TestClient, case: LiveCase) -> None:
    address = make_paper(site)
    blobs = [path for path in (case.folder / "blobs").rglob("*") if path.is_file()]
    for blob in blobs:
        blob.chmod(0o600)
        data = bytearray(blob.read_bytes())
        data[-1] ^= 1
        blob.write_bytes(data)
    content = site.get(f"{address}/zip").content
    assert b"SHA256SUMS.txt" not in content
    assert b"paper.json" not in content


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\聊天.txt", "聊天.txt"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("<script>.png", "_script_.png"),
        ("", "file"),
        ("...", "file"),
        ("长" * 200 + ".jpeg", "长" * 80 + ".jpeg"),
    ],
)
def test_names_in_the_zip_are_no_paths_and_hide_nothing(name: str, plain: str) -> None:
    assert plain_name(name) == plain


# ------------------------------------------------------------------------------------------------ handing in


def test_handing_in_is_noted_and_the_page_says_what_comes_next(site: TestClient, case: LiveCase) -> None:
    data = {"done": "yes", "how": "counter", "day": "2026-11-20", "clock": "09:30", "reference": "A 123"}
    page = site.post(f"{HERE}/police_report/handin", data=data)
    assert page.status_code == 200
    order = ["已经记下了", "A 123", "编号有什么用", "接下来", "一直没消息怎么办"]
    places = [page.text.index(words) for words in order]
    assert places == sorted(places)
    assert f"/c/{ID}/calendar.ics" in page.text
    (told,) = tracking_of(case.records(), case.file()).handed_in("police_report")
    assert (told.how, told.reference) == ("counter", "A 123")
    stated = case.file().answer("dates.reported_to_police")
    assert stated is not None
    handed_in = text(site, HERE).split("已交的</h2>")[1]
    assert "2026年11月20日 已交" in handed_in
    assert re.search(r"等到 1[12]月\d+日 周", handed_in)  # by when the police decide


def test_a_day_alone_is_kept_as_a_day(site: TestClient, case: LiveCase) -> None:
    site.post(f"{HERE}/police_report/handin", data={"done": "yes", "day": "2026-11-19", "clock": ""})
    (told,) = tracking_of(case.records(), case.file()).handed_in("police_report")
    assert told.at.isoformat() == "2026-11-19"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"day": "2026-11-20"}, "请选交了没有"),
        ({"done": "yes", "day": "2026-11-21"}, "这个时间还没有到"),
        ({"done": "yes", "day": "soon"}, "日期要写全"),
        ({"done": "yes", "day": "2026-11-20", "clock": "25:00"}, "日期要写全"),
    ],
)
def test_what_cannot_be_is_not_noted(
    site: TestClient, case: LiveCase, data: dict[str, str], sentence: str
) -> None:
    answer = site.post(f"{HERE}/police_report/handin", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert tracking_of(case.records(), case.file()).hand_ins == ()


def test_not_yet_leads_back_and_notes_nothing(site: TestClient, case: LiveCase) -> None:
    answer = site.post(f"{HERE}/police_report/handin", data={"done": "no"}, follow_redirects=False)
    assert answer.headers["location"] == HERE
    assert tracking_of(case.records(), case.file()).hand_ins == ()


def test_a_photo_of_the_receipt_is_sealed_as_an_exhibit(site: TestClient, case: LiveCase) -> None:
    before = len(case.file().exhibits)
    photo = {"photo": ("受案回执.txt", "受案回执 A 123".encode(), "text/plain")}
    page = site.post(
        f"{HERE}/police_report/handin", data={"done": "yes", "day": "2026-11-20", "clock": ""}, files=photo
    )
    case.wait_until_read(30)
    added = [e for e in case.file().exhibits if e.number > before and e.name == "受案回执.txt"]
    assert len(added) == 1
    assert f"/c/{ID}/evidence/{added[0].number}" in page.text


def test_every_page_speaks_english_too(site: TestClient, case: LiveCase) -> None:
    site.get("/speak/en?to=/")
    for path, words in (
        ("", "What you can hand in now"),
        ("/police_report", "What the recipient sees"),
        ("/police_report/preview?in=en", "This is the very PDF"),
        ("/police_report/make", "Statement of truth"),
        ("/police_report/handin", "Have you handed in “Report to the police”?"),
    ):
        assert words in text(site, HERE + path), path


def test_a_paper_made_elsewhere_has_no_name_under_it(case: LiveCase) -> None:
    write_one(case.folder, case.file(), "stop_payment")
    assert papers_made(case)[0].confirmed_by == ""


def test_a_full_folder_name_is_never_overwritten(case: LiveCase, tmp_path: Path) -> None:
    printed = Press().print(case, Wanted("stop_payment", "zh"), 30)
    assert printed is not None
    file: CaseFile = case.file()
    taken = case.folder / "papers" / f"stop_payment_zh_{file.now:%Y-%m-%d}_1.docx"
    taken.parent.mkdir()
    taken.write_bytes(b"somebody's own")
    make(case, Wanted("stop_payment", "zh"), printed, "甲某")
    assert taken.read_bytes() == b"somebody's own"
    assert papers_made(case)[0].files[0][1].endswith("_2.pdf")
