"""A paper before it is made: what stands fast, what is missing, what would mend it, what is seen by whom."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from clawback.desk import drafting
from clawback.desk.drafting import (
    Degree,
    Drafted,
    PaperState,
    Piece,
    count_missing,
    draft_paper,
    form_of,
    hidden,
    papers_of,
    waiting_for,
)
from clawback.desk.tracking import HandIn, Tracking
from clawback.errors import UsageError
from clawback.filings.draft import Bound, Draft, Paragraph
from clawback.model.casefile import CaseFile
from clawback.model.plan import Action, ActionKind, Deadline
from filings.casefile_sample import NOW, casefile, statement


def no_tracking(*hand_ins: HandIn) -> Tracking:
    return Tracking({}, hand_ins, (), (), (), None)


def step(id: str, form: str | None, order: int = 1) -> Action:
    return Action(
        id=id, order=order, kind=ActionKind.REPORT, when="today", title_zh="报案", title_en="Report",
        why_zh="", why_en="", basis=(), form=form,
    )  # fmt: skip


def planned(*forms: str, situations: tuple[str, ...] = ("withdrawal_refused",)) -> CaseFile:
    file = casefile("cn")
    steps = tuple(step(f"cn.{form}", form, at) for at, form in enumerate(forms, start=1))
    return replace(file, plan=replace(file.plan, actions=steps, situations=situations))


def paper(
    form: str = "police_report", file: CaseFile | None = None, lang: str = "zh", **more: object
) -> Drafted:
    known = file or casefile("cn")
    return draft_paper(known, form_of(known, form), lang, **more)  # type: ignore[arg-type]


def pieces(drafted: Drafted) -> list[Piece]:
    return [
        piece
        for section in drafted.sections
        for part in section.parts
        for shown in (part.line, *(cell for row in part.rows for cell in row))
        for piece in shown.pieces
    ]


# ------------------------------------------------------------------------------------------------ the list


def test_papers_that_the_plan_asks_for_come_first_in_its_order() -> None:
    listed = papers_of(planned("stop_payment", "police_report"), no_tracking(), {"stop_payment": 1})
    assert [(one.form, one.state, one.missing) for one in listed.asked] == [
        ("stop_payment", PaperState.MISSING, 1),
        ("police_report", PaperState.READY, 0),
    ]


def test_a_paper_of_another_situation_says_what_it_is_for() -> None:
    listed = papers_of(planned("police_report"), no_tracking(), {})
    stolen = next(one for one in listed.others if one.form == "platform_account_stolen")
    assert stolen.state is PaperState.NOT_FOR_THIS
    assert [zh for zh, _ in stolen.used_for] == ["账号被盗"]


def test_a_paper_of_this_situation_that_no_step_asks_for_is_possible() -> None:
    listed = papers_of(planned("police_report"), no_tracking(), {})
    refused = next(one for one in listed.others if one.form == "platform_withdrawal_refused")
    assert refused.state is PaperState.NOT_ASKED


def test_a_paper_handed_in_leaves_the_list_of_what_to_do() -> None:
    told = HandIn("police_report", NOW.date(), number=4)
    listed = papers_of(planned("police_report"), no_tracking(told), {"police_report": 1})
    assert listed.asked == ()
    assert [(one.form, one.state, one.hand_ins) for one in listed.handed_in] == [
        ("police_report", PaperState.HANDED_IN, (told,))
    ]


def test_gaps_are_counted_without_page_numbers_that_come_with_the_print() -> None:
    file = planned("police_report", "lawyer_bundle")
    counted = count_missing(file)
    assert counted["police_report"] == 1  # the bank of the second payee
    bundle = paper("lawyer_bundle", file)
    assert counted["lawyer_bundle"] == len(bundle.missing)
    assert not any("page" in gap for gap in bundle.missing)


def test_the_step_whose_clock_a_paper_starts_is_named() -> None:
    file = planned("police_report")
    clock = Deadline("police_decision", "1", "reported_to_police", NOW, NOW, True, "", "")
    waiting = replace(step("cn.police_decision", None, 2), deadline=clock)
    other = replace(step("cn.lawyer", None, 3), deadline=replace(clock, trigger="discovered"))
    file = replace(file, plan=replace(file.plan, actions=(*file.plan.actions, other, waiting)))
    assert waiting_for(file, "police_report") == (waiting,)


# --------------------------------------------------------------------------------------------- one paper


def test_a_paper_is_cut_at_its_headings_and_counts_its_gaps() -> None:
    drafted = paper()
    assert [section.title[:2] for section in drafted.sections][:3] == ["一、", "二、", "三、"]
    assert sum(section.gaps for section in drafted.sections) == 1
    assert drafted.missing == ("transfers[2].payee.institution",)


def test_a_gap_of_a_transfer_names_the_transfer_and_the_fact() -> None:
    file = casefile("cn")
    (gap,) = [piece for piece in pieces(paper(file=file)) if piece.kind == "gap"]
    assert (gap.transfer, gap.fact) == (file.entries[1].id, "payee_institution")


def test_a_gap_of_money_that_came_back_leads_to_the_transfer_itself() -> None:
    file = casefile("cn")
    back = next(e for e in file.entries if e.transfer.direction.value == "in")
    nameless = replace(back, transfer=replace(back.transfer, reference=None))
    entries = tuple(nameless if e is back else e for e in file.entries)
    gaps = [p for p in pieces(paper(file=replace(file, entries=entries))) if p.transfer == back.id]
    assert [gap.fact for gap in gaps] == [""]


def test_a_gap_of_an_answer_names_its_question() -> None:
    file = casefile("cn")
    bare = replace(file, statements=tuple(s for s in file.statements if s.question != "user.id_number"))
    gaps = [piece.question for piece in pieces(paper(file=bare)) if piece.kind == "gap"]
    assert "user.id_number" in gaps
    drafted = paper(file=bare)
    section, at, row = drafted.place_of("user.id_number") or (0, 0, 0)
    label, _ = next(s for s in drafted.sections if s.number == section).parts[at].rows[row]
    assert label.text == "身份证件号码"


def test_a_fact_that_was_stated_names_the_question_that_changes_it() -> None:
    drafted = paper()
    rows = [row for s in drafted.sections for p in s.parts if p.kind == "fields" for row in p.rows]
    name = next(value for label, value in rows if label.text == "姓名")
    assert (name.text, name.question) == ("陈示例", "user.name")
    assert [source.exhibit for source in name.sources] == [8]


def test_a_number_of_an_exhibit_points_at_the_place_in_it() -> None:
    file = casefile("cn")
    refs = [piece for piece in pieces(paper(file=file)) if piece.kind == "ref" and piece.exhibit == 1]
    assert refs[0].source is not None
    assert refs[0].source.locator.row == 25  # where the first payment stands in the bill


def test_questions_that_only_open_a_passage_are_offered() -> None:
    others = {asked.id: answer for asked, answer in paper("platform_goods").others}
    assert others["seller_is_business"] == "是"


def test_everything_that_the_gate_refuses_is_named_with_what_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, made = casefile("cn"), drafting.assemble

    def forged(*args: object, **more: object) -> Draft:
        draft = made(*args, **more)  # type: ignore[arg-type]
        blocks = []
        for block in draft.blocks:
            if isinstance(block, Paragraph) and block.style == "lead":
                runs = tuple(
                    replace(run, text="99.00元") if isinstance(run, Bound) else run for run in block.line.runs
                )
                block = replace(block, line=replace(block.line, runs=runs, record=file.entries[0].id))
            blocks.append(block)
        return replace(draft, blocks=tuple(blocks))

    monkeypatch.setattr(drafting, "assemble", forged)
    faults = paper(file=file).faults
    assert len(faults) == 1  # one currency
    assert all(fault.words for fault in faults)
    assert {fault.transfer for fault in faults} == {file.entries[0].id}


def test_a_paper_that_passes_the_gate_has_no_faults() -> None:
    assert paper().faults == ()


# ------------------------------------------------------------------------------------ what the recipient sees


def seen(drafted: Drafted) -> dict[str, tuple[Degree, int, str]]:
    return {one.key: (one.degree, one.count, one.shown) for one in drafted.disclosed}


def test_the_police_see_the_account_in_full_and_a_platform_its_end() -> None:
    assert seen(paper("police_report"))["own_accounts"] == (Degree.FULL, 1, "6222000000000017")
    assert seen(paper("platform_goods"))["own_accounts"] == (Degree.MASKED, 1, "尾号0017")


def test_what_a_paper_leaves_out_is_said() -> None:
    told = seen(paper("platform_goods"))
    assert told["user.id_number"] == (Degree.LEFT_OUT, 0, "")
    assert told["transfers_left"] == (Degree.LEFT_OUT, 1, "")
    assert told["contents"][0] is Degree.LEFT_OUT
    assert seen(paper("lawyer_bundle"))["contents"][0] is Degree.FULL


def test_what_the_user_masks_is_masked_and_said_to_be() -> None:
    phone = seen(paper("platform_goods", hide=frozenset({"user.phone"})))["user.phone"]
    assert phone == (Degree.MASKED, 0, "1990******9")
    assert seen(paper("platform_goods"))["user.phone"] == (Degree.FULL, 0, "19900000099")


def test_only_what_a_form_allows_can_be_masked() -> None:
    file = casefile("cn")
    with pytest.raises(UsageError):
        hidden(form_of(file, "police_report"), ["user.phone"])
    assert hidden(form_of(file, "platform_goods"), ["user.phone"]) == {"user.phone"}


def test_the_list_is_read_off_the_draft_in_the_language_of_the_paper() -> None:
    file = casefile("cn")
    mail = replace(file, statements=(*file.statements, statement(99, "user.email", "chen@mail.example")))
    drafted = paper("platform_goods", mail, "en", hide=frozenset({"user.email"}))
    shown = json.dumps([(s.title, [p.line.text for p in s.parts]) for s in drafted.sections])
    assert "chen@mail.example" not in shown
    assert seen(drafted)["user.email"] == (Degree.MASKED, 0, "chen************e")
    assert drafted.translated
