"""What papers show, leave out and never say."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pypdfium2
import pytest

from clawback.errors import CaseDamaged, UsageError
from clawback.filings import contents
from clawback.filings.assemble import assemble
from clawback.filings.contents import BUNDLE_FULL, Drawn, Kind, contents_of, typeset_text
from clawback.filings.draft import Bound, Picture, Table
from clawback.filings.forms import list_forms, load_form
from clawback.filings.glyphs import printable
from clawback.filings.phrasing import show_amount, show_masked, show_moment, show_tail, visible
from clawback.filings.printed import docx_text, pdf_pages
from clawback.filings.readback import says
from clawback.filings.write import form_titles, make_paper, write_card, write_filing
from clawback.model.events import Message
from clawback.model.evidence import Exhibit, Locator, Source
from clawback.model.ledger import LedgerEntry
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.rules.load import load_pack
from clawback.rules.wording import never_said
from filings.casefile_sample import a_jpeg, casefile, moment, originals, real_files

FILES = real_files()
ORIGINALS = originals(FILES)
_OPENERS = re.compile(r"^\s*(?:import|from) (?:PIL|pypdfium2|docx|zipfile|openpyxl|lxml|xml)\b", re.MULTILINE)
ALL = [(jurisdiction, form) for jurisdiction in ("cn", "gb") for form in list_forms(jurisdiction)]


def printed(form: str, lang: str = "zh", jurisdiction: str = "cn", **changes: object) -> str:
    file = replace(casefile(jurisdiction, FILES), **changes)  # type: ignore[arg-type]
    paper = make_paper(load_form(jurisdiction, form), file, lang, ORIGINALS, kinds=("pdf",))
    return "\n".join(pdf_pages(paper.files[0][1]))


@pytest.mark.parametrize(("jurisdiction", "form_id"), ALL)
def test_no_form_says_what_must_never_be_said(jurisdiction: str, form_id: str) -> None:
    pack = load_pack(jurisdiction)
    for key, words in load_form(jurisdiction, form_id).wordings():
        assert not never_said(words.zh, pack), key
        assert not never_said(words.en, pack), key


@pytest.mark.parametrize(("jurisdiction", "form_id"), ALL)
def test_every_form_that_the_plan_names_exists_and_speaks_both_languages(
    jurisdiction: str, form_id: str
) -> None:
    titles = {lang: dict(form_titles(jurisdiction, lang)) for lang in ("zh", "en")}
    assert titles["zh"][form_id] != titles["en"][form_id]
    named = {step.form for step in load_pack(jurisdiction).steps.values() if step.form}
    assert named <= set(list_forms(jurisdiction))


@pytest.mark.parametrize(("jurisdiction", "form_id"), ALL)
def test_transfers_out_of_scope_appear_in_no_paper(jurisdiction: str, form_id: str) -> None:
    text = printed(form_id, jurisdiction=jurisdiction)
    assert "隔壁面馆" not in text
    assert "noodle@mian.example" not in text


def test_a_paper_for_a_platform_shows_only_the_end_of_the_users_account() -> None:
    text = printed("platform_withdrawal_refused")
    assert "尾号0017" in text
    assert "6222000000000017" not in text
    assert "6222000000000017" in printed("police_report")


def test_a_complaint_names_its_demand_and_a_date_that_it_explains() -> None:
    text = printed("platform_goods")
    assert "请在2026年9月19日前书面答复并处理（自制作之日2026年9月12日起7天" in "".join(text.split())


def test_increased_damages_are_three_times_the_price_and_asked_for_only_by_choice() -> None:
    assert "69,151.50元" in printed("platform_goods")  # 3 x 23,050.50
    asked = [s for s in casefile("cn", FILES).statements if s.question != "demand"]
    assert "69,151.50元" not in printed("platform_goods", statements=tuple(asked))


def test_section_75_is_claimed_only_for_a_credit_card() -> None:
    assert "section75oftheConsumerCreditAct" in "".join(printed("card_dispute", "en", "gb").split())
    file = casefile("gb", FILES)
    debit = tuple(replace(s, value="debit") if s.question == "card_type" else s for s in file.statements)
    without = "".join(printed("card_dispute", "en", "gb", statements=debit).split())
    assert "CreditAct" not in without
    assert "4.WhatIaskforPleaseraiseachargeback" in without  # "also" only after another request


def test_a_paper_without_transfers_and_answers_still_comes_out_with_its_gaps() -> None:
    bare = {"entries": (), "statements": (), "messages": (), "indicators": (), "losses": (), "parties": ()}
    file = casefile("cn", FILES)
    text = printed("police_report", card=replace(file.card, lines=()), **bare)
    assert "目前没有确认属于本案的转账" in text
    assert "待补充" in text


def test_the_card_is_one_page_and_names_the_number_to_call(tmp_path: Path) -> None:
    (path,) = write_card(casefile("cn", FILES), "zh", tmp_path)
    pages = pdf_pages(path.read_bytes())
    assert len(pages) == 1
    assert "110" in pages[0]
    assert "我被骗了，请帮我做紧急止付。" in pages[0]


def test_a_filing_is_written_as_pdf_and_docx_with_the_same_words(tmp_path: Path) -> None:
    result = write_filing("stop_payment", casefile("cn", FILES), "zh", tmp_path, ORIGINALS)
    pdf, word = result.files
    assert result.recipient.startswith("110")
    assert result.missing == ("card[2].payee.institution",)
    assert "6222000000000009" in "".join(pdf_pages(pdf.read_bytes()))
    assert "6222000000000009" in docx_text(word.read_bytes())
    assert not list(tmp_path.glob("*.partial"))


def test_an_unknown_form_is_a_usage_error_that_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="police_report"):
        write_filing("no_such_form", casefile("cn", FILES), "zh", tmp_path, ORIGINALS)


# ------------------------------------------------------------------------------------------- the bundle


@pytest.mark.parametrize(("lang", "heading"), [("zh", "证据{}"), ("en", "Exhibit {}")])  # in English it grows
def test_the_index_of_the_bundle_names_the_page_on_which_each_exhibit_begins(lang: str, heading: str) -> None:
    paper = make_paper(load_form("cn", "lawyer_bundle"), casefile("cn", FILES), lang, ORIGINALS)
    pages = pdf_pages(paper.files[0][1])
    index = next(b for b in paper.draft.blocks if isinstance(b, Table) and b.source == "exhibits")
    stated = {row[0].text: int(row[-1].text) for row in index.rows}
    for number, page in stated.items():
        assert heading.format(number) in pages[page - 1].split("\n"), number


def test_a_bill_shows_only_its_rows_that_belong_to_the_case() -> None:
    file = casefile("cn", FILES)
    pieces = list(contents_of(file.exhibits[0], file, ORIGINALS))
    assert [piece.kind for piece in pieces] == ["row", "row", "row", "row", "left_out"]
    assert all("隔壁面馆" not in piece.text for piece in pieces)


def test_pictures_and_pages_are_shown_and_what_cannot_be_gets_a_slip() -> None:
    draft = assemble(load_form("cn", "lawyer_bundle"), casefile("cn", FILES), "zh", ORIGINALS)
    shown = [block.exhibit for block in draft.blocks if isinstance(block, Picture)]
    assert shown == [3, 4, 4, 7]
    assert "本件未能读取" in printed("lawyer_bundle")


def bundle_kinds(number: int, **drawn: Drawn) -> list[str]:
    file = casefile("cn", FILES)
    return [piece.kind for piece in contents_of(file.exhibits[number - 1], file, originals(FILES, **drawn))]


def test_every_kind_of_slip_has_its_words_in_a_form_that_shows_exhibits() -> None:
    forms = [load_form(jurisdiction, form) for jurisdiction, form in ALL]
    for form in (form for form in forms if any(part.contents for part in form.parts)):
        assert set(get_args(Kind)) - {"picture"} == set(form.contents), form.id


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("image_damaged", "damaged"),
        ("unreadable_file", "damaged"),
        ("image_too_large", "too_large"),
        ("reader_crashed", "stopped"),
        ("reader_too_slow", "stopped"),
        ("reader_out_of_memory", "stopped"),
        (BUNDLE_FULL, "full"),
        ("image_format_unsupported", "slip"),
        ("a code of tomorrow", "slip"),
    ],
)
def test_a_slip_says_why_an_exhibit_is_not_shown(code: str, kind: str) -> None:
    assert bundle_kinds(3, e3=Drawn((code,), 1)) == [kind]


def test_pages_that_could_not_be_drawn_are_missing_in_their_places() -> None:
    page = a_jpeg()
    assert bundle_kinds(4, e4=Drawn((page, "page_unreadable", page), 3)) == ["picture", "page", "picture"]
    assert bundle_kinds(4, e4=Drawn((page, "reader_crashed"), 9)) == ["picture", "page", "rest"]
    assert bundle_kinds(4, e4=Drawn((page,) * 40, 40)) == ["picture"] * 40
    assert bundle_kinds(4, e4=Drawn((page,) * 50, 50)) == ["picture"] * 40 + ["more"]


def test_what_was_not_encoded_as_a_picture_is_not_shown_as_one() -> None:
    page = a_jpeg()
    assert bundle_kinds(3, e3=Drawn((b"%PDF-1.7",), 1)) == ["slip"]
    assert bundle_kinds(4, e4=Drawn((page, b"<svg/>"), 2)) == ["picture", "page"]


def test_a_bundle_of_nothing_but_slips_passes_the_gate_and_says_why() -> None:
    why = Drawn(("reader_crashed",), 1)
    some = originals(FILES, e3=why, e4=Drawn((a_jpeg(), "reader_too_slow"), 7), e7=Drawn((BUNDLE_FULL,), 1))
    paper = make_paper(load_form("cn", "lawyer_bundle"), casefile("cn", FILES), "zh", some)
    for text in ("\n".join(pdf_pages(paper.files[0][1])), docx_text(paper.files[1][1])):
        assert "打开本件时出错或超时，为安全起见未列印" in "".join(text.split())
        assert "其余各页未能列印" in "".join(text.split())
        assert "本卷图片已达上限" in "".join(text.split())


def test_a_file_too_large_to_be_held_in_memory_is_hashed_and_gets_a_slip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contents, "MAX_BYTES", len(FILES[3]) - 1)
    assert bundle_kinds(3) == ["too_large"]
    file = casefile("cn", FILES)
    with pytest.raises(CaseDamaged, match="exhibit 3"):
        list(contents_of(file.exhibits[2], file, originals({**FILES, 3: FILES[3] + b"x"})))


@pytest.mark.parametrize(
    ("data", "start", "more"),
    [
        (b"\xef\xbb\xbf" + "一二".encode(), "一二", False),
        ("转账".encode("gb18030"), "转账", False),
        (("一" * 60_000).encode(), "一" * 60_000, False),
        (("一" * 60_001).encode(), "一" * 60_000, True),
        (("𠀀" * 60_001).encode(), "𠀀" * 60_000, True),
        (b"a" + ("一" * 100_000).encode(), "a" + "一" * 59_999, True),  # cut inside a character
        (b"", "", False),
    ],
)
def test_no_more_of_a_text_is_decoded_than_is_typeset(data: bytes, start: str, more: bool) -> None:
    note = replace(casefile("cn", FILES).exhibits[1], sha256=hashlib.sha256(data).hexdigest())
    assert typeset_text(note, originals({2: data})) == (start, more)


def test_the_room_of_filings_opens_no_picture_and_no_document_but_its_own() -> None:
    room = Path(contents.__file__).parent
    users = {path.name for path in room.glob("*.py") if _OPENERS.search(path.read_text(encoding="utf-8"))}
    assert users == {"printed.py", "docx.py"}  # what we printed ourselves, read back; and the writer of DOCX
    readers_back = {
        path.name for path in room.glob("*.py") if "filings.printed" in path.read_text(encoding="utf-8")
    }
    assert readers_back == {"write.py"}


def test_an_exhibit_that_changed_since_it_was_sealed_stops_the_bundle() -> None:
    file = casefile("cn", FILES)
    with pytest.raises(CaseDamaged, match="exhibit 3"):
        make_paper(load_form("cn", "lawyer_bundle"), file, "zh", originals({**FILES, 3: FILES[3] + b"x"}))


# -------------------------------------------------------------------------------------------- the print


def test_the_pdf_is_tagged_and_says_which_archive_standard_it_follows() -> None:
    paper = make_paper(load_form("cn", "police_report"), casefile("cn", FILES), "zh", ORIGINALS)
    pdf = paper.files[0][1]
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document.raw)
    assert b"pdfaid:part>3<" in pdf
    assert b"pdfuaid:part>1<" in pdf


def test_the_docx_is_the_same_each_time_and_repeats_its_table_headings() -> None:
    form, file = load_form("cn", "police_report"), casefile("cn", FILES)
    first, second = (make_paper(form, file, "zh", ORIGINALS) for _ in range(2))
    assert first.files[1] == second.files[1]
    body = zipfile.ZipFile(io.BytesIO(first.files[1][1])).read("word/document.xml").decode()
    assert body.count("w:tblHeader") == len([b for b in first.draft.blocks if isinstance(b, Table)])


def test_hidden_and_unknown_characters_are_shown_by_their_code() -> None:
    assert visible("a\u202eb\x07", printable()) == "a□(U+202E)b□(U+0007)"
    assert visible("喆祎玥", printable()) == "喆祎玥"
    assert visible("😀", printable()) == "□(U+1F600)"


def test_a_name_that_hides_its_direction_is_printed_with_its_code() -> None:
    file = casefile("cn", FILES)
    messages = tuple(replace(m, sender=f"{m.sender}\u202e😀") for m in file.messages)
    paper = make_paper(load_form("cn", "police_report"), replace(file, messages=messages), "zh", ORIGINALS)
    assert "□(U+202E)" in "".join("".join(pdf_pages(paper.files[0][1])).split())
    assert set(paper.draft.substituted) == {"□(U+202E)", "□(U+1F600)"}


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Amount(Decimal("12000"), "CNY"), "12,000.00元", "CNY 12,000.00"),
        (Amount(Decimal("80.5"), "GBP"), "80.50英镑", "£80.50"),
        (Amount(Decimal("500"), "USDT"), "500.00 USDT", "USDT 500.00"),
    ],
)
def test_amounts_are_written_and_read_back(value: Amount, zh: str, en: str) -> None:
    assert (show_amount(value, "zh"), show_amount(value, "en")) == (zh, en)
    assert says(zh, value, "amount", "", "zh")
    assert says(en, value, "amount", "", "en")
    assert not says(zh.replace("0", "1", 1), value, "amount", "", "zh")


@pytest.mark.parametrize("precision", list(Precision))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_moments_are_written_no_finer_than_they_are_known_and_read_back(
    precision: Precision, lang: str
) -> None:
    full = datetime.fromisoformat("2026-09-10T21:05:33+08:00")
    cut = {
        Precision.YEAR: full.replace(month=1, day=1, hour=0, minute=0, second=0),
        Precision.MONTH: full.replace(day=1, hour=0, minute=0, second=0),
        Precision.DAY: full.replace(hour=0, minute=0, second=0),
        Precision.HOUR: full.replace(minute=0, second=0),
        Precision.MINUTE: full.replace(second=0),
        Precision.SECOND: full,
    }[precision]
    value = Moment(cut, precision, ZoneBasis.ASSUMED)
    shown = show_moment(value, lang)
    assert shown is not None
    assert says(shown, value, "moment", "", lang)
    moved = Moment(cut.replace(year=2027), precision, ZoneBasis.ASSUMED)
    assert not says(shown, moved, "moment", "", lang)
    assert (
        not says(shown, replace(value, zone_basis=ZoneBasis.STATED), "moment", "", lang) or ":" not in shown
    )


def test_an_account_is_cut_to_its_tail_and_an_id_to_its_ends() -> None:
    assert show_tail("6222 0000 0000 0017", "zh") == "尾号0017"
    assert show_masked("110101199001010015") == "1101*************5"
    assert show_moment(moment("2026-09-10T21:05"), "zh", "clock") == "21:05"


def test_a_fact_that_does_not_stand_in_its_source_is_a_gap() -> None:
    file = casefile("cn", FILES)
    first = file.entries[0]
    forged = replace(first.transfer, payee=replace(first.transfer.payee, number="6222000000009999"))
    draft = assemble(
        load_form("cn", "police_report"), replace(file, entries=(replace(first, transfer=forged),)), "zh"
    )
    assert "transfers[1].payee.number" in draft.missing
    assert all("6222000000009999" not in run.text for _, run in draft.runs() if isinstance(run, Bound))


def test_a_spreadsheet_or_sound_file_in_the_bundle_gets_a_slip() -> None:
    file = casefile("cn", FILES)
    sheet: Exhibit = replace(file.exhibits[4], media_type="application/vnd.ms-excel")
    assert [piece.kind for piece in contents_of(sheet, file, ORIGINALS)] == ["slip"]


def test_what_a_table_leaves_out_is_counted_below_it() -> None:
    file = casefile("cn", FILES)
    form = load_form("cn", "police_report")
    tight = form.model_copy(update={"limits": form.limits.model_copy(update={"rows": 2, "messages": 2})})
    paper = make_paper(tight, file, "zh", ORIGINALS, kinds=("pdf",))
    text = "".join("".join(pdf_pages(paper.files[0][1])).split())
    assert "另有1行未列入，见所列原件。" in text  # the third of three transfers
    assert "合计付出23,050.50元" in text  # sums still count all three


def test_a_name_of_hostile_length_is_cut_and_says_so() -> None:
    file = casefile("cn", FILES)
    long = tuple(replace(e, names=("甲" * 4000,)) for e in file.exhibits[:1]) + file.exhibits[1:]
    text = "".join(printed("police_report", exhibits=long).split())
    assert "甲" * 300 + "……（节录）" in text
    assert "甲" * 301 not in text


def test_hundreds_of_transfers_and_messages_make_a_paper_in_seconds() -> None:
    file = casefile("cn", FILES)
    first, said = file.entries[0], file.messages[2]
    entries = tuple(
        replace(first, members=(f"T1.r{n}",), transfer=replace(first.transfer, sources=(_row(first, n),)))
        for n in range(1000, 1250)
    )
    messages = tuple(replace(said, sources=(_row(said, n, 2),)) for n in range(1000, 3000))
    text = "".join(printed("police_report", entries=entries, messages=messages).split())
    assert "另有50行未列入" in text
    assert "3,000,000.00元" in text  # 250 x 12,000


def _row(record: LedgerEntry | Message, row: int, exhibit: int = 1) -> Source:
    source = record.transfer.sources[0] if isinstance(record, LedgerEntry) else record.sources[0]
    return replace(source, exhibit=exhibit, locator=Locator(row=row))
