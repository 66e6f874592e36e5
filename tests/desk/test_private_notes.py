"""Nothing that leaves a case for somebody else holds a helper's reference: no paper, no ZIP, no card."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clawback.desk import intake
from clawback.desk.certifying import custody_of
from clawback.desk.filing import forms_of, write_all
from clawback.desk.overview import NOTE
from clawback.desk.printing import Press, Wanted, bundle, exhibits_with, make, papers_made
from clawback.desk.workplace import Workplace
from clawback.filings.printed import docx_text, pdf_pages

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
REFERENCE = "转介编号七十七"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    made = Workplace(tmp_path / "home", lambda: NOW)
    yield made
    made.close()


def words(name: str, data: bytes) -> str:
    if name.endswith(".pdf"):
        return "".join("\n".join(pdf_pages(data)).split())
    return "".join((docx_text(data) if name.endswith(".docx") else data.decode("utf-8", "replace")).split())


@pytest.mark.parametrize("jurisdiction", ["cn", "gb"])
def test_no_form_and_no_zip_of_it_holds_the_reference(place: Workplace, jurisdiction: str) -> None:
    case = place.begin(jurisdiction)
    for answers in (
        {NOTE: REFERENCE},
        {"user.name": "甲某"},
        {NOTE: f"{REFERENCE}乙", "user.phone": "19900000001"},
    ):
        case.change(
            lambda folder, secret, said=answers: intake.seal_answers(folder, said, NOW, secret)  # type: ignore[misc]
        )
    press = Press()
    for form, _ in forms_of(case.file()):
        wanted = Wanted(form, "zh")
        printed = press.print(case, wanted, 120)
        assert printed is not None
        make(case, wanted, printed, "甲某")
        paper = papers_made(case)[0] if papers_made(case)[0].filing.form == form else papers_made(case)[-1]
        with zipfile.ZipFile(io.BytesIO(b"".join(bundle(case, paper)))) as archive:
            for name in archive.namelist():
                assert REFERENCE not in words(name, archive.read(name)), (form, name)
            sealed = [name for name in archive.namelist() if name.startswith("exhibits/")]
        assert not any(name.startswith(("exhibits/001", "exhibits/003")) for name in sealed)
        assert exhibits_with(case, paper)[0] == len(sealed)


def test_neither_the_card_nor_the_history_of_an_exhibit_holds_the_reference(place: Workplace) -> None:
    case = place.begin("cn")
    case.change(lambda folder, secret: intake.seal_answers(folder, {NOTE: REFERENCE}, NOW, secret))
    written = write_all(case.folder, case.file())
    for path in written.files:
        assert REFERENCE not in words(path.name, path.read_bytes()), path.name
    assert REFERENCE not in repr(custody_of(case.folder, 1))
