"""Changed drafts and changed prints are caught; unchanged ones pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import pytest

from clawback.errors import FilingRefused
from clawback.filings.assemble import assemble
from clawback.filings.docx import render_docx
from clawback.filings.draft import (
    Block,
    Bound,
    Draft,
    FieldTable,
    Heading,
    Line,
    Missing,
    Paragraph,
    Quote,
    Run,
    Table,
)
from clawback.filings.forms import Form, list_forms, load_form
from clawback.filings.gate import check_draft, check_pages, check_text
from clawback.filings.pdf import render_pdf
from clawback.filings.printed import docx_text, pdf_pages
from clawback.model.moments import ZoneBasis
from filings.casefile_sample import casefile, originals, real_files, statement

PAPERS = [(j, form, lang) for j in ("cn", "gb") for form in list_forms(j) for lang in ("zh", "en")]
FILES = real_files()
ORIGINALS = originals(FILES)


@lru_cache(maxsize=64)
def made(jurisdiction: str, form_id: str, lang: str) -> tuple[Form, Draft, tuple[str, ...], str]:
    file = casefile(jurisdiction, FILES)
    form = load_form(jurisdiction, form_id)
    draft = assemble(form, file, lang, ORIGINALS)
    pages = pdf_pages(render_pdf(draft, file.now))
    return form, draft, pages, docx_text(render_docx(draft, file.now))


def check(jurisdiction: str, form: Form, draft: Draft) -> None:
    check_draft(draft, form, casefile(jurisdiction, FILES), ORIGINALS)


# ------------------------------------------------------------------------------- ways to change a draft


def with_line(draft: Draft, at: int, line: Line) -> Draft:
    """The draft with its `at`-th line (in reading order) replaced."""
    counter = iter(range(10**6))

    def swap(old: Line) -> Line:
        return line if next(counter) == at else old

    title = swap(draft.title)
    subtitle = swap(draft.subtitle) if draft.subtitle else None
    return replace(draft, title=title, subtitle=subtitle, blocks=tuple(_with(b, swap) for b in draft.blocks))


def _with(block: Block, swap) -> Block:  # type: ignore[no-untyped-def]
    match block:
        case Heading() | Paragraph():
            return replace(block, line=swap(block.line))
        case FieldTable():
            return replace(block, rows=tuple((swap(label), swap(value)) for label, value in block.rows))
        case Table():
            header = tuple(swap(line) for line in block.header)
            return replace(
                block, header=header, rows=tuple(tuple(swap(c) for c in row) for row in block.rows)
            )
        case _:
            return block


def with_run(draft: Draft, line_at: int, run_at: int, run: Run) -> Draft:
    line = [line for _, line in draft.lines()][line_at]
    runs = (*line.runs[:run_at], run, *line.runs[run_at + 1 :])
    return with_line(draft, line_at, replace(line, runs=runs))


CAPITALS = "零壹贰叁肆伍陆柒捌玖"
CHINESE = "一二三四五六七八九"


def some(mutations: Iterator[tuple[str, Draft]], of_each: int = 5) -> list[tuple[str, Draft]]:
    """At most so many of each kind, spread evenly over the paper."""
    kinds: dict[str, list[Draft]] = {}
    for kind, changed in mutations:
        kinds.setdefault(kind, []).append(changed)
    return [(kind, c) for kind, made in kinds.items() for c in made[:: max(1, -(-len(made) // of_each))]]


def changed_texts(text: str) -> Iterator[tuple[str, str]]:
    """(kind, changed text): one digit, one capital numeral, one Chinese numeral, one character of a name."""
    for kind, pattern, wheel in (
        ("digit", "[0-9]", "0123456789"), ("capital", f"[{CAPITALS[1:]}]", CAPITALS[1:]),
        ("chinese numeral", f"[{CHINESE}]", CHINESE),
    ):  # fmt: skip
        found = list(re.finditer(pattern, text))
        for mark in {0: found[:1], 1: found[-1:]}.values() if len(found) > 1 else [found]:
            for one in mark:
                turned = wheel[(wheel.index(one.group()) + 1) % len(wheel)]
                yield kind, text[: one.start()] + turned + text[one.end() :]
    if re.search("[一-龥A-Za-z]", text):
        yield (
            "name",
            re.sub("[一-龥A-Za-z](?=[^一-龥A-Za-z]*$)", lambda m: "赵" if m[0] != "赵" else "钱", text),
        )


def draft_mutations(draft: Draft) -> Iterator[tuple[str, Draft]]:
    lines = [line for _, line in draft.lines()]
    numbers: dict[str, list[tuple[int, int, Bound]]] = {}
    for line_at, line in enumerate(lines):
        for run_at, run in enumerate(line.runs):
            if isinstance(run, Bound) and ":" not in run.field and run.field not in ("number", "page"):
                yield "hidden", with_run(draft, line_at, run_at, Missing("待补充", run.field))
            if isinstance(run, Bound) and run.field in ("payee.number", "payer.number", "amount", "moment"):
                numbers.setdefault(run.field, []).append((line_at, run_at, run))
            for kind, text in changed_texts(run.text):
                yield kind, with_run(draft, line_at, run_at, replace(run, text=text))
    for kind, places in numbers.items():
        for (line_a, run_a, a), (line_b, run_b, b) in pairwise(places):
            if a.text != b.text and line_a != line_b:
                both = with_run(with_run(draft, line_a, run_a, b), line_b, run_b, a)
                yield f"{kind} swapped", both
                yield f"{kind} words swapped", with_run(draft, line_a, run_a, replace(a, text=b.text))
    yield from row_mutations(draft)


def row_mutations(draft: Draft) -> Iterator[tuple[str, Draft]]:
    for at, block in enumerate(draft.blocks):
        if isinstance(block, Table) and len(block.rows) > 1:
            ways = {
                "row dropped": (block.rows[1:], block.records[1:]),
                "row dropped, its name kept": (block.rows[1:], block.records),
                "row doubled": ((block.rows[0], *block.rows), (block.records[0], *block.records)),
                "rows exchanged": (block.rows[::-1], block.records),
            }
            for kind, (rows, records) in ways.items():
                changed = replace(block, rows=rows, records=records)
                yield kind, replace(draft, blocks=(*draft.blocks[:at], changed, *draft.blocks[at + 1 :]))


def text_mutations(text: str) -> Iterator[tuple[str, str]]:
    digits = list(re.finditer("[0-9]", text))
    for one in digits[:: max(1, len(digits) // 2)]:
        turned = str((int(one.group()) + 1) % 10)
        yield "digit", text[: one.start()] + turned + text[one.end() :]
    accounts = sorted(set(re.findall(r"\b[0-9]{16,28}\b", text)))
    for first, second in pairwise(accounts):
        swapped = re.sub(f"{first}|{second}", lambda m, a=first, b=second: b if m[0] == a else a, text)
        yield "accounts swapped", swapped
    for one in list(re.finditer(f"[{CAPITALS[1:]}]", text))[:3]:
        turned = CAPITALS[CAPITALS.index(one.group()) % 9 + 1]
        yield "capital", text[: one.start()] + turned + text[one.end() :]
    for name in ("刘测试", "陈示例", "王样本", "Alex Sample"):
        if name in text:
            yield "name", text.replace(name, "赵某某", 1)
    middle = len(text) // 2
    yield "sentence put in", text[:middle] + "另付5,000.00元" + text[middle:]
    yield "piece dropped", text[:middle].rstrip() + text[middle + 40 :]


# ------------------------------------------------------------------------------------------------ tests


@pytest.mark.parametrize(("jurisdiction", "form_id", "lang"), PAPERS)
def test_an_unchanged_paper_passes(jurisdiction: str, form_id: str, lang: str) -> None:
    form, draft, pages, text = made(jurisdiction, form_id, lang)
    check(jurisdiction, form, draft)
    check_pages(draft, pages)
    check_text(draft, text)


@pytest.mark.parametrize(("jurisdiction", "form_id", "lang"), PAPERS)
def test_every_changed_draft_is_refused(jurisdiction: str, form_id: str, lang: str) -> None:
    form, draft, _, _ = made(jurisdiction, form_id, lang)
    missed, tried = [], 0
    for kind, changed in some(draft_mutations(draft)):
        tried += 1
        try:
            check(jurisdiction, form, changed)
        except FilingRefused:
            continue
        missed.append(kind)
    print(f"{form_id} {lang}: {tried} changed drafts refused")
    assert not missed
    assert tried >= 20


@pytest.mark.parametrize(("jurisdiction", "form_id", "lang"), PAPERS)
def test_every_changed_print_is_refused(jurisdiction: str, form_id: str, lang: str) -> None:
    _, draft, pages, text = made(jurisdiction, form_id, lang)
    missed, tried = [], 0
    for number, page in enumerate(pages):
        for kind, changed in text_mutations(page):
            tried += 1
            try:
                check_pages(draft, (*pages[:number], changed, *pages[number + 1 :]))
            except FilingRefused:
                continue
            missed.append(("pdf", number, kind))
    for kind, changed in text_mutations(text):
        tried += 1
        try:
            check_text(draft, changed)
        except FilingRefused:
            continue
        missed.append(("docx", 0, kind))
    print(f"{form_id} {lang}: {tried} changed prints refused")
    assert not missed
    assert tried >= 20


# ---------------------------------------------------------------------- what the user wants masked besides

MASKED = [
    (j, form, hidden)
    for j in ("cn", "gb")
    for form in list_forms(j)
    for hidden in load_form(j, form).may_hide
]


@pytest.mark.parametrize(("jurisdiction", "form_id", "hidden"), MASKED)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_to_be_masked_is_masked_and_shown_in_full_is_refused(
    jurisdiction: str, form_id: str, hidden: str, lang: str
) -> None:
    form, bare = load_form(jurisdiction, form_id), casefile(jurisdiction, FILES)
    file = replace(bare, statements=(*bare.statements, statement(99, "user.email", "chen@mail.example")))
    hide = frozenset({hidden})
    in_full = assemble(form, file, lang, ORIGINALS)
    masked = assemble(form, file, lang, ORIGINALS, hide=hide)
    check_draft(masked, form, file, ORIGINALS, hide=hide)
    check_pages(masked, pdf_pages(render_pdf(masked, file.now)))
    with pytest.raises(FilingRefused):
        check_draft(masked, form, file, ORIGINALS)
    for at, (shown, plain) in enumerate(zip(masked.lines(), in_full.lines(), strict=True)):
        for run_at, (run, was) in enumerate(zip(shown[1].runs, plain[1].runs, strict=True)):
            if run.text == was.text:
                continue
            for wrong in (was, replace(run, text=was.text), replace(run, text=run.text[:-1] + "8")):
                with pytest.raises(FilingRefused):
                    check_draft(with_run(masked, at, run_at, wrong), form, file, ORIGINALS, hide=hide)


def test_masking_what_a_paper_must_show_is_refused() -> None:
    form, file = load_form("cn", "police_report"), casefile("cn", FILES)
    hide = frozenset({"user.phone"})
    draft = assemble(form, file, "zh", ORIGINALS, hide=hide)
    with pytest.raises(FilingRefused, match="may not be hidden"):
        check_draft(draft, form, file, ORIGINALS, hide=hide)


# ------------------------------------------------------------------------------- a time zone said only once


def zone_line_at(draft: Draft) -> int:
    return next(
        at for at, block in enumerate(draft.blocks)
        if isinstance(block, Paragraph) and block.line.key == "fixed.zone.all"
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_zone_that_all_rows_share_is_said_once_above_the_table(lang: str) -> None:
    _, draft, _, _ = made("cn", "police_report", lang)
    at = zone_line_at(draft)
    said = {"zh": "本表时间均为北京时间。", "en": "All times in this table: UTC+08:00."}
    assert isinstance(draft.blocks[at + 1], Table)
    assert draft.blocks[at].line.text == said[lang]  # type: ignore[union-attr]
    assert all("UTC+08" not in cell.text for row in draft.blocks[at + 1].rows for cell in row)  # type: ignore[union-attr]


def test_a_table_without_its_time_zone_is_refused() -> None:
    form, draft, _, _ = made("cn", "police_report", "zh")
    at = zone_line_at(draft)
    with pytest.raises(FilingRefused, match="time zone"):
        check("cn", form, replace(draft, blocks=(*draft.blocks[:at], *draft.blocks[at + 1 :])))


def test_another_time_zone_above_the_table_is_refused() -> None:
    form, draft, _, _ = made("cn", "police_report", "zh")
    at = zone_line_at(draft)
    line = draft.blocks[at].line  # type: ignore[union-attr]
    for zone in ("UTC+09:00", "北京时间，时区为推定"):
        changed = replace(line, runs=(line.runs[0], replace(line.runs[1], text=zone), line.runs[2]))
        blocks = (*draft.blocks[:at], Paragraph(changed, "small"), *draft.blocks[at + 1 :])
        with pytest.raises(FilingRefused, match="not true of"):
            check("cn", form, replace(draft, blocks=blocks))


def test_zones_that_differ_stay_with_each_row() -> None:
    file = casefile("cn", FILES)
    first, second, *rest = file.entries
    assert second.transfer.moment is not None
    guessed = replace(second.transfer, moment=replace(second.transfer.moment, zone_basis=ZoneBasis.ASSUMED))
    mixed = replace(file, entries=(first, replace(second, transfer=guessed), *rest))
    form = load_form("cn", "police_report")
    draft = assemble(form, mixed, "zh", ORIGINALS)
    check_draft(draft, form, mixed, ORIGINALS)
    table = next(b for b in draft.blocks if isinstance(b, Table) and b.source == "transfers")
    assert table.rows[0][1].text == "2026年9月10日\n21:05:33\n北京时间"
    assert table.rows[1][1].text == "2026年9月10日\n21:40:02\n北京时间，时区为推定"


def test_a_refusal_names_the_place_and_the_words() -> None:
    form, draft, _, _ = made("cn", "police_report", "zh")
    lines = [line for _, line in draft.lines()]
    at = next(n for n, line in enumerate(lines) if any(run.text == "12,000.00元" for run in line.runs))
    run_at = next(n for n, run in enumerate(lines[at].runs) if run.text == "12,000.00元")
    run = lines[at].runs[run_at]
    with pytest.raises(FilingRefused, match=r"block [0-9]+") as refused:
        check("cn", form, with_run(draft, at, run_at, replace(run, text="13,000.00元")))
    assert "13,000.00元" in refused.value.zh
    assert refused.value.words == "13,000.00元"


def test_a_quote_that_was_never_said_is_refused() -> None:
    form, draft, _, _ = made("cn", "police_report", "zh")
    lines = [line for _, line in draft.lines()]
    at, run_at, run = next(
        (n, m, run)
        for n, line in enumerate(lines)
        for m, run in enumerate(line.runs)
        if isinstance(run, Quote)
    )
    with pytest.raises(FilingRefused):
        check("cn", form, with_run(draft, at, run_at, replace(run, text="您好，充值即可提现")))


def test_a_row_out_of_scope_is_refused_even_when_bound_to_its_record() -> None:
    form, draft, _, _ = made("cn", "police_report", "zh")
    stranger = casefile("cn", FILES).entries[-1]
    lines = [line for _, line in draft.lines()]
    at, run_at = next(
        (n, m) for n, line in enumerate(lines) for m, run in enumerate(line.runs)
        if isinstance(run, Bound) and run.field == "amount"
    )  # fmt: skip
    with pytest.raises(FilingRefused):
        check("cn", form, with_run(draft, at, run_at, Bound("18.00元", stranger.id, "amount", (1,))))
