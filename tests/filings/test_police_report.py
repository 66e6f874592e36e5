import io

import pypdfium2
import pytest

from clawback.filings.assemble import assemble
from clawback.filings.draft import Draft
from clawback.filings.forms import load_form
from clawback.filings.pdf import render_pdf
from filings.casefile_sample import casefile


@pytest.fixture(scope="module")
def draft() -> Draft:
    return assemble(load_form("cn", "police_report"), casefile(), "zh")


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\u200b", "")


def test_the_sum_stands_in_figures_and_in_capitals(draft: Draft) -> None:
    text = words(render_pdf(draft, casefile().now))
    assert "22,550.50元" in text
    assert "人民币贰万贰仟伍佰伍拾元伍角" in text


def test_rows_out_of_scope_appear_nowhere(draft: Draft) -> None:
    text = words(render_pdf(draft, casefile().now))
    assert "隔壁面馆" not in text
    assert "noodle" not in text


def test_what_no_evidence_gives_is_shown_as_missing(draft: Draft) -> None:
    assert draft.missing == ("transfers[2].payee.institution",)
    assert "待补充" in words(render_pdf(draft, casefile().now))


def test_the_same_draft_gives_the_same_bytes(draft: Draft) -> None:
    assert render_pdf(draft, casefile().now) == render_pdf(draft, casefile().now)
