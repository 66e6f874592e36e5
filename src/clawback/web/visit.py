"""One request: who asks, in which language, about which case, and the page that answers.

A handler takes a `Visit` and gives a response. It runs in a thread, so it may wait for the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clawback.desk.livecase import LiveCase
from clawback.desk.locking import CALL_SECONDS, IDLE_SECONDS
from clawback.desk.permissions import LOCAL, Act, Person, allow
from clawback.desk.uploads import resume
from clawback.web.guard import MOST_SENT, own_path
from clawback.web.wording import LANGS, say

if TYPE_CHECKING:
    from clawback.desk.workplace import Workplace
    from clawback.web.templating import Templates

LANG_COOKIE = "lang"
SPEAK = "speak"
"""Name of the button that changes the language of a page with a form, keeping what was typed."""

CARRIED_SPEAK = "unlock-speak"
"""The same, while a half-filled form is carried through the lock of its case."""

_CARD = "/card"
_MOST_FIELDS = 1_000
MultiPartParser.spool_max_size = MOST_SENT  # a file of a form stays in memory: no plain copy on the disk
_MOST_FIELD_BYTES = 1024 * 1024


class CaseShut(Exception):
    """The case asked for is locked; the visitor is led to the door where it opens.

    `kept`: text fields of what was just sent, to be sent again once the case is open; nothing typed is lost.
    """

    def __init__(self, id: str, kept: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(id)
        self.id = id
        self.kept = kept


@dataclass
class Visit:
    """One request. `lang`: "zh" or "en". `form`: what was sent with a POST, else None.

    `redrawing`: the visitor only changed the language of a half-filled form: show it again, save nothing.
    """

    request: Request
    workplace: Workplace
    templates: Templates
    lang: str
    form: FormData | None = None
    redrawing: bool = False
    person: Person = field(default=LOCAL)

    @property
    def posted(self) -> bool:
        """Is there something to save?"""
        return self.form is not None and not self.redrawing

    @property
    def discreet(self) -> bool:
        """Does this session want titles without the name of the product?"""
        sessions = self.request.app.state.sessions
        return bool(sessions.is_discreet(self.request.scope.get("session")))

    @property
    def path(self) -> str:
        """Path and query of this page."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    def say(self, key: str, **values: object) -> str:
        """A sentence of `words` in the visitor's language."""
        return say(key, self.lang, **values)

    def typed(self, name: str, default: str = "") -> str:
        """A field of the form, trimmed; `default` when nothing was sent."""
        value = self.form.get(name) if self.form is not None else None
        return value.strip() if isinstance(value, str) else default

    def chosen(self, name: str) -> tuple[str, ...]:
        """Every value sent under one name (check boxes)."""
        sent: Sequence[object] = self.form.getlist(name) if self.form is not None else ()
        return tuple(value for value in sent if isinstance(value, str))

    def secret(self, name: str) -> str:
        """A field exactly as sent: a passphrase may begin or end with a space."""
        sent = self.form.get(name) if self.form is not None else ""
        return sent if isinstance(sent, str) else ""

    def texts(self) -> tuple[tuple[str, str], ...]:
        """All text fields of the form as sent, in order; none for a page that was only asked for."""
        sent = self.form.multi_items() if self.form is not None else ()
        return tuple((name, value) for name, value in sent if isinstance(value, str))

    def files(self, name: str) -> tuple[UploadFile, ...]:
        """Files sent under `name`; empty choices left out."""
        sent: Sequence[object] = self.form.getlist(name) if self.form is not None else ()
        return tuple(file for file in sent if isinstance(file, UploadFile) and file.filename)

    def asked(self, name: str, default: str = "") -> str:
        """A part of the query."""
        return self.request.query_params.get(name, default)

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def case(self, act: Act = Act.SEE) -> LiveCase:
        """The case of this page. Raises NotAllowed, CaseNotFound, CaseShut."""
        case = self.workplace.case(self.part("case"))
        allow(self.person, act, case.id)
        case.shut_if_idle()
        if not case.is_open:
            raise CaseShut(case.id, self.texts())
        if self._by_a_person:
            case.idle.renew(CALL_SECONDS if self.request.url.path.endswith(_CARD) else IDLE_SECONDS)
            resume(case)
        return case

    @property
    def _by_a_person(self) -> bool:
        """Did somebody open a page or send something? What a page fetches by itself keeps no case open."""
        mode = self.request.headers.get("sec-fetch-mode", "navigate")
        return mode == "navigate" or self.form is not None

    def page(
        self, template: str, context: object = None, *, case: LiveCase | None = None, status: int = 200
    ) -> Response:
        """A whole page: `template` gets `page` (the context), `visit` and `case` (None outside a case)."""
        html = self.templates.render(template, visit=self, case=case, page=context)
        answer = HTMLResponse(html, status_code=status)
        if self.redrawing:
            remember_lang(answer, self.lang)
        return answer

    def go(self, path: str, **query: str) -> Response:
        """Lead the visitor to another page of ours (after a POST, or instead of this one)."""
        path = own_path(path)
        return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, status_code=303)


Handler = Callable[[Visit], Response]


def endpoint(handler: Handler) -> Callable[[Request], object]:
    """The Starlette endpoint of a handler: reads the form, settles the language, runs it in a thread."""

    async def answer(request: Request) -> Response:
        visit = await visit_of(request)
        try:
            return await run_in_threadpool(handler, visit)
        finally:
            if visit.form is not None:
                await visit.form.close()

    answer.__name__ = handler.__name__
    return answer


async def visit_of(request: Request) -> Visit:
    """The visit that `request` is."""
    make = partial(Visit, request, request.app.state.workplace, request.app.state.templates)
    lang = _lang(request)
    if request.method != "POST":
        return make(lang)
    form = await request.form(max_fields=_MOST_FIELDS, max_part_size=_MOST_FIELD_BYTES)
    speak = form.get(SPEAK) or (form.get(CARRIED_SPEAK) if not path_unlocks(request) else None)
    if speak in LANGS:
        return make(str(speak), form, redrawing=True)
    return make(lang, form)


def path_unlocks(request: Request) -> bool:
    """Is this the lock of a case, where fields of another page are only carried?"""
    return request.url.path.endswith("/unlock")


def visit_without_form(request: Request) -> Visit:
    """The visit that `request` is, its body left unread."""
    return Visit(request, request.app.state.workplace, request.app.state.templates, _lang(request))


def remember_lang(answer: Response, lang: str) -> None:
    """Keep the language for the next pages; it names nobody and ends with the browser."""
    answer.set_cookie(LANG_COOKIE, lang, samesite="strict", path="/")


def _lang(request: Request) -> str:
    known = request.cookies.get(LANG_COOKIE)
    if known in LANGS:
        return known
    wanted = [
        part.split(";")[0].strip().lower() for part in request.headers.get("accept-language", "").split(",")
    ]
    for tag in wanted:
        if tag[:2] in LANGS:
            return tag[:2]
    return LANGS[0]
