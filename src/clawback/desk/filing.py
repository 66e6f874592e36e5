"""Writes papers into `CASE/papers` and puts down in the log that it did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from clawback.desk.drawing import Drawer, originals_of
from clawback.desk.records import record_filings
from clawback.errors import CaseDamaged, FilingRefused, TargetNotWritable
from clawback.filings.write import FilingResult, form_titles, write_card, write_filing
from clawback.ledger.flows import draw, flows
from clawback.model.casefile import CaseFile
from clawback.store.records import FilingMade

PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. `refused`: (form id, sentence in the case's language) of papers that were not."""

    folder: Path
    files: tuple[Path, ...]
    refused: tuple[tuple[str, str], ...]


def write_all(case_dir: Path, file: CaseFile, passphrase: str | None = None) -> Written:
    """The card, the money picture, and every paper that the plan names, in the case's language.

    A paper that the gate refuses is left out and named; the others are written all the same.
    Raises TargetNotWritable.
    """
    folder = _folder(case_dir)
    lang = file.case.lang
    files = [*write_card(file, lang, folder), folder / "money.svg"]
    write_text(files[-1], draw(flows(file.entries), lang) + "\n")
    made: list[FilingResult] = []
    refused: list[tuple[str, str]] = []
    with Drawer() as drawer:
        for form in dict.fromkeys(action.form for action in file.plan.actions if action.form):
            try:
                made.append(_write(case_dir, file, form, folder, passphrase, drawer))
            except FilingRefused as refusal:
                refused.append((form, refusal.sentence(lang)))
    record_filings(case_dir, tuple(_made(one, file) for one in made), passphrase)
    return Written(folder, (*files, *(path for one in made for path in one.files)), tuple(refused))


def write_one(
    case_dir: Path, file: CaseFile, form: str, passphrase: str | None = None, drawer: Drawer | None = None
) -> FilingResult:
    """One paper. `drawer`: draws its exhibits; None: one for this paper alone.

    Raises UsageError for an unknown form, FilingRefused naming the place, TargetNotWritable.
    """
    with nullcontext(drawer) if drawer else Drawer() as draws:
        result = _write(case_dir, file, form, _folder(case_dir), passphrase, draws)
    record_filings(case_dir, (_made(result, file),), passphrase)
    return result


def made_file(case_dir: Path, filings: Iterable[FilingMade], form: str, name: str) -> bytes | None:
    """Bytes of the file `name` of a paper made before, or None if no paper of this form had such a file.

    Raises CaseDamaged when it is not any more what was made (or was taken away).
    """
    made = {digest for one in filings if one.form == form for file, digest in one.files if file == name}
    if not made:
        return None
    try:
        data = (case_dir / PAPERS / name).read_bytes()
    except OSError as error:
        raise CaseDamaged(f"{name} is not there any more.", f"{name} 已经不在了。") from error
    if hashlib.sha256(data).hexdigest() not in made:
        raise CaseDamaged(f"{name} was changed after it was made.", f"{name} 在生成之后被改动过。")
    return data


def forms_of(file: CaseFile) -> Iterable[tuple[str, str]]:
    """Ids and titles of the papers of the case's jurisdiction, in the case's language."""
    return form_titles(file.case.jurisdiction, file.case.lang)


def in_language(file: CaseFile, lang: str) -> CaseFile:
    """The same view, spoken in `lang`."""
    return replace(file, case=replace(file.case, lang=lang))


def write_text(path: Path, text: str) -> None:
    """Write a text file. Raises TargetNotWritable."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TargetNotWritable(f"{path} cannot be written.", f"{path} 写不进去。") from error


def _write(
    case_dir: Path, file: CaseFile, form: str, folder: Path, passphrase: str | None, drawer: Drawer
) -> FilingResult:
    originals = originals_of(case_dir, passphrase, drawer)
    return write_filing(form, file, file.case.lang, folder, originals)


def _made(result: FilingResult, file: CaseFile) -> FilingMade:
    files = tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in result.files)
    return FilingMade(
        form=result.form,
        recipient=result.recipient,
        files=files,
        log_size=file.log_size,
        log_root=file.log_root,
        at=file.now,
        missing=result.missing,
    )


def _folder(case_dir: Path) -> Path:
    folder = case_dir / PAPERS
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise TargetNotWritable(f"{folder} cannot be made.", f"{folder} 无法创建。") from error
    return folder
