"""A helper's own notes stand in no paper, not even as an exhibit's name or hash."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clawback.filings.assemble import assemble
from clawback.filings.contents import contents_of
from clawback.filings.forms import list_forms, load_form
from clawback.filings.printed import docx_text, pdf_pages
from clawback.filings.selection import cited_exhibits, private_exhibits, rows_of
from clawback.filings.write import make_paper
from clawback.model.casefile import CaseFile
from clawback.model.events import Statement
from clawback.model.evidence import Grade, Locator, Source
from filings.casefile_sample import casefile, exhibit, moment, originals, real_files

NOTE = "转介编号七十七"
ALL = [(jurisdiction, form) for jurisdiction in ("cn", "gb") for form in list_forms(jurisdiction)]
REAL = real_files()
FILES = {**REAL, 30: NOTE.encode()}


def note(number: int, value: str = NOTE) -> Statement:
    source = Source(number, Locator(item="99"), value, "answers", "1")
    return Statement("helper.note", value, moment("2026-09-12T09:30"), (source,))


def noted(jurisdiction: str) -> CaseFile:
    """The sample with a note in an exhibit of its own, and another among the user's answers (exhibit 8)."""
    file = casefile(jurisdiction, REAL)
    own = exhibit(30, "statement-of-a-helper.json", NOTE.encode(), "application/json", Grade.STATEMENT)
    return replace(
        file, exhibits=(*file.exhibits, own), statements=(*file.statements, note(30), note(8, f"{NOTE}附"))
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("jurisdiction", "form_id"), ALL)
def test_no_paper_shows_a_helpers_note(jurisdiction: str, form_id: str, lang: str) -> None:
    file = noted(jurisdiction)
    paper = make_paper(load_form(jurisdiction, form_id), file, lang, originals(FILES))
    kept = {name.rpartition(".")[2]: data for name, data in paper.files}
    text = "".join("\n".join(pdf_pages(kept["pdf"])).split()) + "".join(docx_text(kept["docx"]).split())
    assert NOTE not in text
    assert "statement-of-a-helper" not in text
    assert file.exhibits[-1].sha256[:16] not in text


@pytest.mark.parametrize(("jurisdiction", "form_id"), ALL)
def test_no_form_asks_for_a_helpers_note(jurisdiction: str, form_id: str) -> None:
    assert "helper." not in load_form(jurisdiction, form_id).model_dump_json()


def test_an_exhibit_of_notes_alone_is_in_no_list_of_a_paper() -> None:
    file = noted("cn")
    assert private_exhibits(file) == {30}
    assert "E30" not in [row.record for row in rows_of("exhibits", file, 50)]
    assert 30 not in cited_exhibits(file, 50)
    assert "E8" in [row.record for row in rows_of("exhibits", file, 50)]


def test_of_an_exhibit_with_answers_and_a_note_only_the_answers_are_shown() -> None:
    file = noted("cn")
    (mixed,) = [one for one in file.exhibits if one.number == 8]
    shown = [piece.record for piece in contents_of(mixed, file, originals(FILES))]
    assert shown == [one.id for one in file.statements if one.sources[0].exhibit == 8 and not one.private]
    assert len(shown) == len(file.statements) - 2


def test_a_paper_of_a_case_without_notes_is_what_it_was() -> None:
    file, form = casefile("cn", REAL), load_form("cn", "police_report")
    assert private_exhibits(file) == frozenset()
    assert assemble(form, file, "zh") == assemble(form, replace(noted("cn"), exhibits=file.exhibits), "zh")
