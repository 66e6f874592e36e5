"""What to do: card, plan, questions and answers, papers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from clawback.desk.answering import check_reply, question_of
from clawback.desk.export import action_json, card_json, filing_json
from clawback.desk.filing import forms_of, made_file, write_one
from clawback.desk.intake import seal_answers
from clawback.desk.interviewing import open_questions
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.desk.tracking import LONGEST_NOTE, REASONS, StepOutcome, mark_step, tracking_of
from clawback.errors import CaseBusy, CaseDamaged, FilingRefused, TargetNotWritable
from clawback.model.casefile import CaseFile
from clawback.web.api.contract import Call, Endpoint, Json, NoQuery, Strict
from clawback.web.api.shapes import Answered, CardShape, Made, Papers, PlanShape, Questions

_KINDS = {".pdf": "application/pdf", ".svg": "image/svg+xml", ".zip": "application/zip"}


class Answers(Strict):
    """Question id to answer; "question@subject" for one about a record. An empty answer takes one back."""

    answers: dict[
        Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,80}(@[A-Za-z0-9._-]{1,80})?$")],
        Annotated[str, Field(max_length=4000)],
    ] = Field(
        min_length=1,
        max_length=100,
        json_schema_extra={"additionalProperties": False},  # a name that fits no pattern is refused
    )


class Mark(Strict):
    """What became of a step. `on`: the day it was done; where that starts a clock, it is sealed."""

    outcome: StepOutcome
    reason: str = Field("", pattern=rf"^({'|'.join(REASONS)})?$")
    note: str = Field("", max_length=LONGEST_NOTE)
    on: date | None = None


def card(call: Call[NoQuery, None]) -> Json:
    """The emergency card."""
    return card_json(call.case.file().card)


def plan(call: Call[NoQuery, None]) -> Json:
    """The steps in order."""
    file = call.case.file()
    pairs = zip(file.plan.notices_zh, file.plan.notices_en, strict=True)
    return {
        "made_at": file.plan.made_at.isoformat(),
        "situations": list(file.plan.situations),
        "rule_pack": file.plan.pack_version,
        "steps": [action_json(action, call.visit.lang) for action in file.plan.actions],
        "marks": _marks(call.case),
        "notices": [{"zh": zh, "en": en} for zh, en in pairs],
    }


def mark(call: Call[NoQuery, Mark]) -> Json:
    """Write down what became of a step; the plan as it stands now."""
    case, said, action = call.case, call.body, call.visit.part("action")
    if not any(one.id == action for one in case.file().plan.actions):
        raise HTTPException(404)
    case.change(
        lambda folder, secret: mark_step(
            folder, secret, action, said.outcome, said.note, case.clock(), said.on, said.reason
        )
    )
    return plan(Call(call.visit, call.query, None, case))


def _marks(case: LiveCase) -> Json:
    marks = tracking_of(case.records(), case.file()).steps
    return {
        id: {
            "outcome": one.outcome.value,
            "reason": one.reason,
            "note": one.note,
            "on": one.on.isoformat() if one.on else None,
            "noted_at": one.noted_at.isoformat(),
        }
        for id, one in marks.items()
    }


def questions(call: Call[NoQuery, None]) -> Json:
    """What evidence cannot tell."""
    return {
        "items": [
            {
                "id": one.id,
                "ask": {"zh": one.question.ask.zh, "en": one.question.ask.en},
                "kind": one.question.kind.value,
                "many": one.question.many,
                "choices": [
                    {"id": choice.id, "label": {"zh": choice.label.zh, "en": choice.label.en}}
                    for choice in one.question.choices
                ],
            }
            for one in open_questions(call.case.file())
        ]
    }


def answer(call: Call[NoQuery, Answers]) -> Json:
    """Seal the answers as a dated statement."""
    case = call.case
    file = case.file()
    checked = {id: _reply(file, id, reply) for id, reply in call.body.answers.items()}
    number = case.change(lambda folder, secret: seal_answers(folder, checked, case.clock(), secret))
    return {"exhibit": number}


def _reply(file: CaseFile, id: str, reply: str) -> str:
    """The canonical answer; what looks like a password or a code is refused and not kept."""
    asked = question_of(file, id.partition("@")[0])
    if asked is None:
        raise HTTPException(404)
    return check_reply(asked, reply) if reply.strip() else ""


def papers(call: Call[NoQuery, None]) -> Json:
    """What can be made, and what was."""
    case = call.case
    return {
        "forms": [{"form": id, "title": title} for id, title in forms_of(case.file())],
        "filings": [filing_json(filing) for filing in case.records().filings],
    }


def make_paper(call: Call[NoQuery, Strict]) -> Json:
    """Write one paper."""
    case, form = call.case, call.visit.part("form")
    file = case.file()
    if form not in {id for id, _ in forms_of(file)}:
        raise HTTPException(404)
    drawer = call.visit.workplace.previews.drawer
    made = case.change(lambda folder, secret: write_one(folder, file, form, secret, drawer))
    return {
        "form": made.form,
        "recipient": made.recipient,
        "files": [path.name for path in made.files],
        "missing": list(made.missing),
    }


def paper_file(call: Call[NoQuery, None]) -> Response:
    """A file of a paper that was made, as an attachment."""
    case, name = call.case, call.visit.part("file")
    data = made_file(case.folder, case.records().filings, call.visit.part("form"), name)
    if data is None:
        raise HTTPException(404)
    kind = _KINDS.get(name[name.rfind(".") :], "application/octet-stream")
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


ENDPOINTS = (
    Endpoint("GET", "/cases/{case}/card", "The emergency card", card, CardShape),
    Endpoint("GET", "/cases/{case}/plan", "The plan", plan, PlanShape),
    Endpoint(
        "POST",
        "/cases/{case}/steps/{action}",
        "Say what became of a step",
        mark,
        PlanShape,
        Act.DECIDE,
        body=Mark,
        errors=(CaseBusy,),
    ),
    Endpoint("GET", "/cases/{case}/questions", "Open questions", questions, Questions),
    Endpoint(
        "POST",
        "/cases/{case}/answers",
        "Answer questions",
        answer,
        Answered,
        Act.ADD,
        body=Answers,
        errors=(CaseBusy, TargetNotWritable),
    ),
    Endpoint("GET", "/cases/{case}/papers", "Papers", papers, Papers),
    Endpoint(
        "POST",
        "/cases/{case}/papers/{form}",
        "Make a paper",
        make_paper,
        Made,
        Act.FILE,
        body=Strict,
        status=201,
        errors=(FilingRefused, CaseBusy, TargetNotWritable),
    ),
    Endpoint(
        "GET",
        "/cases/{case}/papers/{form}/files/{file}",
        "A file of a paper that was made",
        paper_file,
        None,
        Act.FILE,
        errors=(CaseDamaged,),
        media_type="application/octet-stream",
    ),
)
