"""Settings of a case and of this session: language of the papers, the lock, titles, taking everything out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk import deciding, verifying
from clawback.desk.export import SCHEMA, export_case
from clawback.desk.locking import CALL_SECONDS, IDLE_SECONDS
from clawback.desk.permissions import Act
from clawback.desk.records import record_export
from clawback.desk.wording import finding_sentence
from clawback.web.visit import Visit, endpoint
from clawback.web.wording import LANGS

_KEPT = ("session", "language", "nothing_else")


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """`idle` and `calling`: minutes until an encrypted case locks. `questions`: how many are still open."""

    encrypted: bool
    folder: Path
    lang: str
    discreet: bool
    questions: int
    idle: int = IDLE_SECONDS // 60
    calling: int = CALL_SECONDS // 60
    kept: tuple[str, ...] = _KEPT


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """`findings`: one sentence for each thing that differs."""

    report: verifying.Verification
    findings: tuple[str, ...]


def settings(visit: Visit) -> Response:
    """All settings; a POST changes the language of the papers."""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    if visit.posted:
        if visit.typed("lang") in LANGS and visit.typed("lang") != case.file().case.lang:
            now = case.clock()
            case.change(lambda folder, secret: deciding.speak(folder, visit.typed("lang"), now, secret))
        return visit.go(f"/c/{case.id}/settings")
    file = case.file()
    page = SettingsPage(
        case.encrypted, case.folder.resolve(), file.case.lang, visit.discreet, len(file.plan.questions)
    )
    return visit.page("settings.html", page, case=case)


def titles(visit: Visit) -> Response:
    """Titles with or without the name of the product, for this session only."""
    session = visit.request.scope.get("session")
    if session:
        visit.request.app.state.sessions.be_discreet(session, visit.typed("discreet") == "yes")
    return visit.go(visit.typed("to", "/"))


def export(visit: Visit) -> Response:
    """The whole case as one JSON document to keep; that it was written out is logged first."""
    case = visit.case(Act.FILE)
    now = case.clock()
    case.change(lambda folder, secret: record_export(folder, SCHEMA, now, secret))
    document = json.dumps(export_case(case.folder, now, case.secret), ensure_ascii=False, indent=2) + "\n"
    named = f'attachment; filename="case-{now:%Y-%m-%d}.json"'
    return Response(document, media_type="application/json", headers={"Content-Disposition": named})


def verify(visit: Visit) -> Response:
    """Compute every hash again, and say what differs."""
    case = visit.case()
    report = case.change(lambda folder, secret: verifying.verify(folder, secret))
    findings = tuple(finding_sentence(finding, visit.lang) for finding in report.findings)
    return visit.page("verified.html", VerifiedPage(report, findings), case=case)


ROUTES = (
    Route("/c/{case}/settings", endpoint(settings), methods=["GET", "POST"]),
    Route("/c/{case}/settings/export", endpoint(export), methods=["POST"]),
    Route("/c/{case}/settings/verify", endpoint(verify), methods=["POST"]),
    Route("/titles", endpoint(titles), methods=["POST"]),
)
