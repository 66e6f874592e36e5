"""Makes papers: assemble, check, print, check what was printed, and only then write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clawback.errors import TargetNotWritable
from clawback.filings.assemble import assemble
from clawback.filings.contents import Originals
from clawback.filings.docx import render_docx
from clawback.filings.draft import Draft
from clawback.filings.forms import Form, list_forms, load_form
from clawback.filings.gate import check_draft, check_pages, check_text, refusal
from clawback.filings.pdf import render_pdf
from clawback.filings.printed import docx_text, pdf_pages
from clawback.model.casefile import CaseFile

_OWN_FORMS = Path(__file__).resolve().parent / "own_forms"
"""Forms of no jurisdiction."""
_MOST_PRINTS = 4
"""Page numbers may make a line of the index wrap, and that may move what follows by a page."""


@dataclass(frozen=True, slots=True)
class FilingResult:
    """A paper that was written. `missing`: names of the gaps, as user.name or transfers[2].payee.number.

    `substituted`: characters that the font lacks or that would not show, printed as □(U+XXXX).
    """

    form: str
    recipient: str
    files: tuple[Path, ...]
    missing: tuple[str, ...]
    substituted: tuple[str, ...] = ()


def form_titles(jurisdiction: str, lang: str) -> tuple[tuple[str, str], ...]:
    """(id, title) of every form of a rule pack."""
    return tuple((id, load_form(jurisdiction, id).title.say(lang)) for id in list_forms(jurisdiction))


def write_filing(
    form_id: str, casefile: CaseFile, lang: str, out_dir: Path, originals: Originals
) -> FilingResult:
    """Write one paper as PDF and DOCX into `out_dir`.

    Raises UsageError for an unknown form, FilingRefused naming the place when anything in it is not
    supported (then nothing is written), TargetNotWritable.
    """
    form = load_form(casefile.case.jurisdiction, form_id)
    paper = make_paper(form, casefile, lang, originals)
    files = tuple(_save(out_dir / f"{form.id}_{lang}.{kind}", data) for kind, data in paper.files)
    draft = paper.draft
    return FilingResult(form_id, form.recipient.say(lang), files, draft.missing, draft.substituted)


def write_card(casefile: CaseFile, lang: str, out_dir: Path) -> tuple[Path, ...]:
    """Write the emergency card as PDF into `out_dir`. Raises as `write_filing`."""
    form = load_form(casefile.case.jurisdiction, "emergency_card", _OWN_FORMS)
    paper = make_paper(form, casefile, lang, None, kinds=("pdf",))
    return tuple(_save(out_dir / f"{form.id}_{lang}.{kind}", data) for kind, data in paper.files)


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked paper: its draft and what was printed, as (kind, bytes)."""

    draft: Draft
    files: tuple[tuple[str, bytes], ...]


def make_paper(
    form: Form,
    casefile: CaseFile,
    lang: str,
    originals: Originals | None,
    kinds: tuple[str, ...] = ("pdf", "docx"),
    hide: frozenset[str] = frozenset(),
) -> Paper:
    """Assemble, check, print and check again; nothing is written. Raises FilingRefused.

    `hide`: what the user wants masked, among `form.may_hide`.
    """
    draft = assemble(form, casefile, lang, originals, hide=hide)
    check_draft(draft, form, casefile, originals, hide=hide)
    printed = render_pdf(draft, casefile.now)
    pages = check_pages(draft, pdf_pages(printed))
    if pages:
        draft, printed = _with_pages(form, casefile, lang, originals, pages, hide)
    files = [("pdf", printed)]
    if "docx" in kinds:
        files.append(("docx", render_docx(draft, casefile.now)))
        check_text(draft, docx_text(files[-1][1]))
    return Paper(draft, tuple(files))


def _with_pages(
    form: Form,
    casefile: CaseFile,
    lang: str,
    originals: Originals | None,
    pages: dict[int, int],
    hide: frozenset[str],
) -> tuple[Draft, bytes]:
    """Print again with the page numbers in the index, until printing them moves no exhibit any more."""
    for _ in range(_MOST_PRINTS):
        draft = assemble(form, casefile, lang, originals, pages, hide)
        check_draft(draft, form, casefile, originals, pages, hide)
        printed = render_pdf(draft, casefile.now)
        found = check_pages(draft, pdf_pages(printed))
        if found == pages:
            return draft, printed
        pages = found
    raise refusal(draft, "index", str(pages), "is not where the exhibits stand")


def _save(path: Path, data: bytes) -> Path:
    """Write whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise TargetNotWritable(f"{path} cannot be written.", f"{path} 写不进去。") from error
    return path
