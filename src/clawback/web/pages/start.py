"""The first screen: three doors, and the number to call before any of them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.directory import help_lines
from clawback.desk.drafts import Drafts
from clawback.model.plan import Channel
from clawback.web.guard import own_path
from clawback.web.visit import Visit, endpoint, remember_lang
from clawback.web.wording import LANGS


@dataclass(frozen=True, slots=True)
class StartPage:
    """`emergency`: whom to call when money has just left. `cases`: ids, the newest first. `draft`: id of an
    interview that was not finished, or ""."""

    emergency: Channel | None
    cases: tuple[str, ...]
    draft: str


def start(visit: Visit) -> Response:
    """Three doors."""
    lines = help_lines("cn" if visit.lang == "zh" else "gb")
    emergency = next((line.channel for line in lines if line.role == "emergency"), None)
    draft = Drafts(visit.workplace.home).open_one()
    page = StartPage(emergency, visit.workplace.ids(), draft.id if draft else "")
    return visit.page("start.html", page)


def speak(visit: Visit) -> Response:
    """Change the language, and go back to the page that the visitor came from."""
    lang = visit.part("lang")
    answer = visit.go(own_path(visit.asked("to", "/")))
    if lang in LANGS:
        remember_lang(answer, lang)
    return answer


def safely(visit: Visit) -> Response:
    """How to use this when somebody else may see the device."""
    return visit.page("safely.html")


ROUTES = (
    Route("/", endpoint(start)),
    Route("/speak/{lang}", endpoint(speak)),
    Route("/safely", endpoint(safely)),
)
