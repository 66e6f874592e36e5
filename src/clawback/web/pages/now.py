"""我刚被骗了: at most five questions, each its own page, until there is a case and a number to call.

Every answer is one press and is kept at once; going back changes nothing until another answer is pressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.directory import Line, help_lines
from clawback.desk.drafts import CHOICES, PLACES, Draft, Drafts, become_case, is_choice
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act, allow
from clawback.desk.typedfacts import CURRENCIES, Frame, Typed, in_crisis, read_typed, today_in
from clawback.desk.uploads import seal_files
from clawback.errors import UsageError
from clawback.model.stated import STATED_CHOICES
from clawback.web.guard import own_path
from clawback.web.visit import Visit, endpoint

TYPED = ("amount", "currency", "day", "clock", "payee_name", "payee_account", "payee_institution")
_CHUNK = 1024 * 1024
_AT_FIRST = "contact"


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """One question with its answers as (value, label); `chosen`: the answer so far, or ""."""

    draft: str
    step: str
    place: int
    choices: tuple[tuple[str, str], ...]
    chosen: str
    back: str


@dataclass(frozen=True, slots=True)
class StopPage:
    """Three things to do first."""

    back: str
    go: str


@dataclass(frozen=True, slots=True)
class ElsewherePage:
    """The account is in a place whose numbers we have not checked. `unsure`: or the user does not know."""

    draft: str
    unsure: bool
    chosen: str
    back: str


@dataclass(frozen=True, slots=True)
class ShowPage:
    """A screenshot or a bill. `wrong`: whether nothing was chosen."""

    draft: str
    place: int
    wrong: bool
    back: str


@dataclass(frozen=True, slots=True)
class TypedPage:
    """The last payment, typed. `fields`: as typed. `wrong`: by field, what is wrong, a word."""

    draft: str
    place: int
    fields: dict[str, str]
    wrong: dict[str, str]
    currencies: tuple[str, ...]
    today: str


@dataclass(frozen=True, slots=True)
class SafePage:
    """A human first. `go`: the page to continue with."""

    lines: tuple[Line, ...]
    go: str


def begin(visit: Visit) -> Response:
    """The first question of a new draft."""
    allow(visit.person, Act.OPEN)
    draft = Drafts(visit.workplace.home).begin()
    return visit.go(f"/now/{draft.id}/{_AT_FIRST}")


def home(visit: Visit) -> Response:
    """Nobody begins by looking."""
    return visit.go("/")


def step(visit: Visit) -> Response:
    """One page of the interview."""
    allow(visit.person, Act.OPEN)
    draft = Drafts(visit.workplace.home).load(visit.part("draft"))
    if draft.case is not None:
        return visit.go(f"/c/{draft.case}/card")
    name = visit.part("step")
    if name == "safe":
        place = draft.place or ("cn" if visit.lang == "zh" else "gb")
        return show_safe(visit, place, own_path(visit.asked("to", f"/now/{draft.id}/typed")))
    page = _PAGES.get(name)
    if page is None:
        raise UsageError("There is no such question.", "没有这个问题。")
    missing = _first_open(draft, name)
    if missing is None and draft.nothing_sent and name in ("show", "typed"):
        return _after_place(visit, draft)
    return visit.go(f"/now/{draft.id}/{missing}") if missing else page(visit, draft)


def show_safe(visit: Visit, place: str, go: str, case: LiveCase | None = None) -> Response:
    """Are you safe? With somebody to talk to, and the emergency number, before anything about money."""
    lines = tuple(line for line in help_lines(place) if line.role in ("talk", "emergency"))
    return visit.page("now_safe.html", SafePage(lines, go), case=case)


# ---- the order of the questions


def _steps(draft: Draft) -> list[str]:
    """The questions that this draft meets, in order."""
    return [_AT_FIRST, "when", "where"] if draft.nothing_sent else [_AT_FIRST, "when", "how", "where", "show"]


def _first_open(draft: Draft, name: str) -> str | None:
    """A question before `name` that has no answer yet: nobody gets past one by its address."""
    needed = {"stop": ["contact"], "elsewhere": ["contact", "when", "where"], "nowhere": ["where"]}
    steps = _steps(draft)
    at = "show" if name == "typed" else name
    before = needed.get(name) or (steps[: steps.index(at)] if at in steps else steps)
    return next((one for one in before if one not in draft.answers), None)


def _place(draft: Draft, name: str) -> int:
    steps = _steps(draft)
    return steps.index(name) + 1 if name in steps else len(steps)


def _in_contact(draft: Draft) -> bool:
    return draft.answers.get("contact") in ("yes", "not_sure")


def _elsewhere(draft: Draft) -> bool:
    return "where" in draft.answers and draft.answers["where"] not in PLACES


def _before(draft: Draft, name: str) -> str:
    """Address of the page before `name`."""
    steps = _steps(draft)
    at = steps.index(name) if name in steps else len(steps)
    if name == "show" and _elsewhere(draft):
        return f"/now/{draft.id}/elsewhere"
    if at == 0:
        return "/"
    before = steps[at - 1]
    if before == "contact" and _in_contact(draft):
        before = "stop"
    return f"/now/{draft.id}/{before}"


# ---- the pages


def _choice(visit: Visit, draft: Draft) -> Response:
    name = visit.part("step")
    answer = visit.typed("answer")
    if visit.posted and is_choice(name, answer):
        kept = {**draft.answers, name: answer}
        if name == "where" and answer in PLACES:
            kept.pop("report", None)
        draft = Drafts(visit.workplace.home).save(replace(draft, answers=kept))
        return _after(visit, draft, name)
    words = STATED_CHOICES[CHOICES[name]]
    choices = tuple((value, zh if visit.lang == "zh" else en) for value, (zh, en) in words.items())
    chosen = draft.answers.get(name, "")
    page = ChoicePage(draft.id, name, _place(draft, name), choices, chosen, _before(draft, name))
    return visit.page("now_choice.html", page)


def _after(visit: Visit, draft: Draft, name: str) -> Response:
    if name == "contact":
        return visit.go(f"/now/{draft.id}/{'stop' if _in_contact(draft) else 'when'}")
    if name == "where":
        return _after_place(visit, draft) if draft.place else visit.go(f"/now/{draft.id}/elsewhere")
    steps = _steps(draft)
    return visit.go(f"/now/{draft.id}/{steps[steps.index(name) + 1]}")


def _after_place(visit: Visit, draft: Draft) -> Response:
    if not draft.nothing_sent:
        return visit.go(f"/now/{draft.id}/show")
    case, _ = become_case(visit.workplace, draft, visit.lang, {})
    return visit.go(f"/c/{case.id}/card")


def _stop(visit: Visit, draft: Draft) -> Response:
    return visit.page("now_stop.html", StopPage(f"/now/{draft.id}/contact", f"/now/{draft.id}/when"))


def _elsewhere_page(visit: Visit, draft: Draft) -> Response:
    report = visit.typed("report")
    if visit.posted and report in (*PLACES, "none"):
        draft = Drafts(visit.workplace.home).save(replace(draft, answers={**draft.answers, "report": report}))
        return _after_place(visit, draft) if draft.place else visit.go(f"/now/{draft.id}/nowhere")
    unsure = draft.answers.get("where") == "not_sure"
    chosen = draft.answers.get("report", "")
    page = ElsewherePage(draft.id, unsure, chosen, f"/now/{draft.id}/where")
    return visit.page("now_elsewhere.html", page)


def _nowhere(visit: Visit, draft: Draft) -> Response:
    return visit.page("now_nowhere.html", StopPage(f"/now/{draft.id}/elsewhere", "/"))


def _show(visit: Visit, draft: Draft) -> Response:
    files = (*visit.files("files"), *visit.files("photo"))
    if visit.posted and files:
        allow(visit.person, Act.ADD)
        case, _ = become_case(visit.workplace, draft, visit.lang, {})
        seal_and_read(case, files)
        return visit.go(f"/c/{case.id}/card")
    page = ShowPage(draft.id, _place(draft, "show"), visit.posted, _before(draft, "show"))
    return visit.page("now_show.html", page, status=422 if visit.posted else 200)


def seal_and_read(case: LiveCase, files: tuple[UploadFile, ...]) -> None:
    """Seal what was sent, then read it in the background."""
    seal_files(case, ((_raw_name(file), _chunks(file.file)) for file in files))
    case.start_reading()


def _raw_name(file: UploadFile) -> bytes:
    return (file.filename or "file").encode("utf-8", "surrogateescape")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _chunks(file: _Readable) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _typed(visit: Visit, draft: Draft) -> Response:
    place = draft.place
    if place is None:
        return visit.go(f"/now/{draft.id}/where")
    frame = Frame.of(place, visit.workplace.clock())
    drafts = Drafts(visit.workplace.home)
    typed = Typed()
    fields = dict(draft.typed)
    if visit.form is not None:
        fields = {name: visit.typed(name) for name in TYPED}
        typed = read_typed(fields, frame)
        fields |= dict.fromkeys(typed.discarded, "")
        draft = drafts.save(replace(draft, typed=fields))
    if visit.posted:
        answer = _typed_sent(visit, draft, typed)
        if answer is not None:
            return answer
    elif not visit.redrawing and not fields:
        fields = _likely(draft, frame)
    wrong = typed.wrong if visit.posted else {}
    page = TypedPage(
        draft.id, _place(draft, "show"), fields, wrong, _currencies(frame), today_in(frame.zone, frame.now)
    )
    return visit.page("now_typed.html", page, status=422 if wrong else 200)


def _typed_sent(visit: Visit, draft: Draft, typed: Typed) -> Response | None:
    """Where to go after the typed payment was sent; None to show it again."""
    if "back" in (visit.form or {}):
        return visit.go(f"/now/{draft.id}/show")
    crisis = in_crisis(dict(draft.typed), *PLACES)
    if typed.wrong:
        return visit.go(f"/now/{draft.id}/safe") if crisis else None
    case, _ = become_case(visit.workplace, draft, visit.lang, typed.facts)
    return visit.go(f"/c/{case.id}/card/safe" if crisis else f"/c/{case.id}/card")


def _likely(draft: Draft, frame: Frame) -> dict[str, str]:
    """The date that follows from the answer "today", to be seen and changed."""
    if draft.answers.get("when") not in ("under_30_minutes", "earlier_today"):
        return {}
    return {"day": today_in(frame.zone, frame.now)}


def _currencies(frame: Frame) -> tuple[str, ...]:
    return tuple(dict.fromkeys((frame.currency, *CURRENCIES)))


class _Page(Protocol):
    def __call__(self, visit: Visit, draft: Draft, /) -> Response: ...


_PAGES: dict[str, _Page] = {
    **dict.fromkeys(CHOICES, _choice),
    "stop": _stop,
    "elsewhere": _elsewhere_page,
    "nowhere": _nowhere,
    "show": _show,
    "typed": _typed,
}

ROUTES = (
    Route("/now", endpoint(begin), methods=["POST"]),
    Route("/now", endpoint(home)),
    Route("/now/{draft}/{step}", endpoint(step), methods=["GET", "POST"]),
)
