"""Today: the one next step, then the following ones, and where the money stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.livecase import ReadingProgress
from clawback.model.ledger import Loss
from clawback.model.plan import Action
from clawback.web.visit import Visit, endpoint


@dataclass(frozen=True, slots=True)
class TodayPage:
    """`first`: the step that cannot wait, or None. `rest`: the others in order."""

    now: datetime
    first: Action | None
    rest: tuple[Action, ...]
    notices: tuple[str, ...]
    losses: tuple[Loss, ...]
    reading: ReadingProgress


def today(visit: Visit) -> Response:
    """What to do now."""
    case = visit.case()
    file = case.file()
    steps = file.plan.actions
    notices = file.plan.notices_zh if visit.lang == "zh" else file.plan.notices_en
    page = TodayPage(file.now, steps[0] if steps else None, steps[1:], notices, file.losses, case.progress)
    return visit.page("today.html", page, case=case)


ROUTES = (Route("/c/{case}/", endpoint(today)),)
