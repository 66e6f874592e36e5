"""Papers: what there is, how each stands, what it lacks; looked at page by page, and made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from clawback.desk.answering import CodeDiscarded, check_reply, question_of
from clawback.desk.drafting import (
    Degree,
    Disclosed,
    Drafted,
    Fault,
    Papers,
    count_missing,
    form_of,
    papers_of,
)
from clawback.desk.intake import seal_answers
from clawback.desk.interviewing import Asked
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.desk.printing import (
    PICTURE_WIDTH,
    MadePaper,
    Press,
    Printed,
    Wanted,
    bundle,
    exhibits_with,
    made_paper,
    make,
    paper_file,
    papers_made,
    picture,
)
from clawback.desk.tracking import HandIn, Reply, tracking_of
from clawback.errors import FilingRefused, UsageError
from clawback.model.plan import Action
from clawback.web.visit import Visit, endpoint
from clawback.web.wording import LANGS

PRESS = Press()
_WAIT_S = 0.8
_PATIENCE_S = 60.0
_PER_VIEW = 20
_LONGEST = 8_000
_SHORT = ("user.", "seller.", "platform.", "order_number", "police.")
_KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Way:
    """Which paper, spoken how, with what masked: part of every address about it."""

    wanted: Wanted

    @property
    def query(self) -> str:
        """`?in=…&hide=…`."""
        return f"?{urlencode(self.pairs())}"

    def pairs(self) -> list[tuple[str, str]]:
        """The same as names and values."""
        return [("in", self.wanted.lang), *(("hide", one) for one in sorted(self.wanted.hide))]

    def spoken(self, lang: str) -> str:
        """The same paper in another language, as a query."""
        return Way(Wanted(self.wanted.form, lang, self.wanted.hide)).query

    def filling(self, question: str) -> str:
        """The same page with the place for an answer open."""
        return f"?{urlencode([*self.pairs(), ('fill', question)])}#answer"


@dataclass(frozen=True, slots=True)
class PapersPage:
    """`made`: papers made, the latest first, of the shown part; `more`: how many stand on later parts."""

    papers: Papers
    made: tuple[MadePaper, ...]
    part: int
    parts: int
    total: int


@dataclass(frozen=True, slots=True)
class Fill:
    """The place for one answer. `typed`: what stands in it; `chosen`: choices that are on. `wrong`: what is
    wrong with it, or ""."""

    asked: Asked
    typed: str
    chosen: tuple[str, ...]
    wrong: str

    @property
    def long(self) -> bool:
        """Does the answer need room?"""
        return not self.asked.id.startswith(_SHORT)

    @property
    def left(self) -> int:
        """Characters that still go in."""
        return _LONGEST - len(self.typed)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """`fill`: the answer that is being given. `action`: the step that asks for it. Either may be None."""

    way: Way
    draft: Drafted
    fill: Fill | None
    action: Action | None
    hand_ins: tuple[HandIn, ...]
    replies: tuple[Reply, ...]
    made: tuple[MadePaper, ...]

    @property
    def fill_at(self) -> tuple[int, int, int] | None:
        """Section, part and row where the answer is given; None below, among the other questions."""
        return self.draft.place_of(self.fill.asked.id) if self.fill else None

    @property
    def full(self) -> tuple[Disclosed, ...]:
        """What the recipient sees in full."""
        return disclosed(self.draft, Degree.FULL)

    @property
    def masked(self) -> tuple[Disclosed, ...]:
        """What they see in part."""
        return disclosed(self.draft, Degree.MASKED)

    @property
    def left_out(self) -> tuple[Disclosed, ...]:
        """What they do not see."""
        return disclosed(self.draft, Degree.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """`pages`: (number, width, height) of the pages of this part, in pixels."""

    way: Way
    draft: Drafted
    total: int
    pages: tuple[tuple[int, int, int], ...]
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class CheckPage(PaperPage):
    """`pages`: of the PDF. `name`: typed under the statement of truth. `errors`: field to sentence."""

    pages: int = 0
    name: str = ""
    errors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """What has no ground, each with what mends it."""

    way: Way
    title: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class WaitPage:
    """The paper is being set; `to` is where it will be."""

    title: str
    to: str


@dataclass(frozen=True, slots=True)
class MadePage:
    """A paper that was made. `originals`: how many exhibits go into the ZIP, and their bytes."""

    paper: MadePaper
    originals: tuple[int, int]
    handed_in: bool


def disclosed(draft: Drafted, degree: Degree) -> tuple[Disclosed, ...]:
    """What a recipient sees to this degree."""
    return tuple(one for one in draft.disclosed if one.degree is degree)


def way_of(visit: Visit, case: LiveCase) -> Way:
    """The paper of this address; in the language in which it is handed in, unless another is asked for.

    Raises UsageError for a form that there is not.
    """
    form, asked = form_of(case.file(), visit.part("form")), visit.asked("in")
    lang = asked if asked in LANGS else form.original
    return Way(Wanted(form.id, lang, frozenset(visit.request.query_params.getlist("hide"))))


# --------------------------------------------------------------------------------------------- list, draft


def papers(visit: Visit) -> Response:
    """All papers: those the plan asks for first."""
    case = visit.case()
    file = case.file()
    listed = papers_of(file, tracking_of(case.records(), file), case.once(count_missing))
    made = papers_made(case)
    parts = max(1, -(-len(made) // _PER_VIEW))
    part = _part(visit, parts)
    shown = made[(part - 1) * _PER_VIEW : part * _PER_VIEW]
    return visit.page("papers.html", PapersPage(listed, shown, part, parts, len(made)), case=case)


def paper(visit: Visit) -> Response:
    """One paper: what stands in it, what is missing, and the place to fill a gap."""
    case = visit.case(Act.ADD if visit.posted else Act.SEE)
    way = way_of(visit, case)
    fill = _fill(visit, case)
    if fill is not None and visit.posted:
        try:
            answer = check_reply(fill.asked, fill.typed)
            now, id = case.clock(), fill.asked.id
            case.change(lambda folder, secret: seal_answers(folder, {id: answer}, now, secret))
            return visit.go(f"/c/{case.id}/papers/{way.wanted.form}{way.query}&filled={quote(id)}#filled")
        except CodeDiscarded as discarded:
            fill = Fill(fill.asked, discarded.rest, fill.chosen, discarded.sentence(visit.lang))
        except UsageError:
            fill = Fill(fill.asked, fill.typed, fill.chosen, _what_is_wrong(visit, fill))
    page = _paper_page(visit, case, way, fill)
    wrong = fill is not None and fill.wrong
    return visit.page("paper.html", page, case=case, status=422 if wrong else 200)


def _paper_page(visit: Visit, case: LiveCase, way: Way, fill: Fill | None) -> PaperPage:
    file = case.file()
    form = way.wanted.form
    action = next((one for one in file.plan.actions if one.form == form), None)
    tracking = tracking_of(case.records(), file)
    about = [form, *(one.id for one in file.plan.actions if one.form == form)]
    return PaperPage(
        way=way,
        draft=PRESS.draft(case, way.wanted),
        fill=fill,
        action=action,
        hand_ins=tracking.handed_in(form),
        replies=tracking.replies_to(*about),
        made=tuple(one for one in papers_made(case) if one.filing.form == form)[:_PER_VIEW],
    )


def _fill(visit: Visit, case: LiveCase) -> Fill | None:
    id = visit.asked("fill")
    asked = question_of(case.file(), id) if id else None
    if asked is None:
        return None
    if visit.form is not None:
        given = [value.strip() for value in visit.chosen("answer") if value.strip()]
        typed = ",".join(given) if asked.question.choices else visit.typed("answer")
        return Fill(asked, typed, tuple(given), "")
    said = case.file().answer(id)
    before = said.value if said else ""
    return Fill(asked, before, tuple(part.strip() for part in before.split(",")), "")


def _what_is_wrong(visit: Visit, fill: Fill) -> str:
    if not fill.typed:
        return visit.say("questions.empty")
    return visit.say("questions.wrong." + fill.asked.question.kind.value)


# ------------------------------------------------------------------------------------------ looked at, made


def preview(visit: Visit) -> Response:
    """The very PDF, page by page."""
    case = visit.case()
    way = way_of(visit, case)
    printed = _print(visit, case, way)
    if not isinstance(printed, Printed):
        return printed
    parts = max(1, -(-printed.pages // _PER_VIEW))
    part = _part(visit, parts)
    numbers = range((part - 1) * _PER_VIEW + 1, min(part * _PER_VIEW, printed.pages) + 1)
    pages = tuple((n, PICTURE_WIDTH, _height(printed.sizes[n - 1])) for n in numbers)
    page = PreviewPage(way, PRESS.draft(case, way.wanted), printed.pages, pages, part, parts)
    return visit.page("paper_preview.html", page, case=case)


def _height(size: tuple[float, float]) -> int:
    return round(size[1] * PICTURE_WIDTH / size[0])


def page_png(visit: Visit) -> Response:
    """One page of the PDF as a picture."""
    case = visit.case()
    printed = PRESS.print(case, way_of(visit, case).wanted, _PATIENCE_S, visit.workplace.previews.drawer)
    number = visit.part("number")
    if printed is None or not number.isdecimal() or not 1 <= int(number) <= printed.pages:
        raise HTTPException(404)
    return Response(picture(printed, int(number)), media_type="image/png")


def make_it(visit: Visit) -> Response:
    """The last look: who receives it, what they see, and the statement of truth; then the paper is made."""
    case = visit.case(Act.FILE)
    way = way_of(visit, case)
    printed = _print(visit, case, way)
    if not isinstance(printed, Printed):
        return printed
    name = visit.typed("name")
    errors = tuple(_wrong_signature(visit, case, name)) if visit.posted else ()
    if visit.posted and not errors:
        return visit.go(f"/c/{case.id}/papers/made/{make(case, way.wanted, printed, name)}")
    plain = _paper_page(visit, case, way, None)
    page = CheckPage(
        plain.way, plain.draft, None, plain.action, plain.hand_ins, plain.replies, plain.made,
        pages=printed.pages, name=name, errors=errors,
    )  # fmt: skip
    return visit.page("paper_check.html", page, case=case, status=422 if errors else 200)


def _wrong_signature(visit: Visit, case: LiveCase, name: str) -> Iterable[tuple[str, str]]:
    """What is wrong with the statement of truth, as (field, sentence)."""
    if visit.typed("true") != "yes":
        yield "true", visit.say("papers.check.not_ticked")
    stated = case.file().answer("user.name")
    if not name:
        yield "name", visit.say("papers.check.no_name")
    elif stated and stated.value and _plain(stated.value) != _plain(name):
        yield "name", visit.say("papers.check.other_name", name=stated.value)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _print(visit: Visit, case: LiveCase, way: Way) -> Printed | Response:
    """The printed paper, or the page that says why there is none (yet)."""
    draft = PRESS.draft(case, way.wanted)
    title, faults = draft.form.title.say(visit.lang), draft.faults
    if not faults:
        try:
            printed = PRESS.print(case, way.wanted, _WAIT_S, visit.workplace.previews.drawer)
        except FilingRefused as refused:
            faults = (Fault(refused.words, refused.sentence(visit.lang)),)
        else:
            return printed or visit.page("paper_wait.html", WaitPage(title, visit.path), case=case)
    return visit.page("paper_refused.html", RefusedPage(way, title, faults), case=case, status=422)


# ----------------------------------------------------------------------------------------------- given out


def made(visit: Visit) -> Response:
    """A paper that was made, to be taken along."""
    case = visit.case()
    found = _made(visit, case)
    file = case.file()
    since = tracking_of(case.records(), file).handed_in(found.filing.form)
    return visit.page("paper_made.html", MadePage(found, exhibits_with(case, found), bool(since)), case=case)


def download(visit: Visit) -> Response:
    """A file of a paper, or the ZIP with the originals, as an attachment."""
    kind = visit.part("kind")
    case = visit.case(Act.FILE if kind == "zip" else Act.SEE)
    found = _made(visit, case)
    if kind == "zip":
        stem = found.files[0][1].rpartition(".")[0]
        return StreamingResponse(
            bundle(case, found), media_type="application/zip", headers=_attached(f"{stem}.zip")
        )
    if kind not in _KINDS:
        raise HTTPException(404)
    name, data = paper_file(case, found, kind)
    return Response(data, media_type=_KINDS[kind], headers=_attached(name))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def _made(visit: Visit, case: LiveCase) -> MadePaper:
    number = visit.part("number")
    if not number.isdecimal() or len(number) > 9:
        raise HTTPException(404)
    try:
        return made_paper(case, int(number))
    except UsageError as error:
        raise HTTPException(404) from error


def _part(visit: Visit, parts: int) -> int:
    asked = visit.asked("part", "1")
    return min(max(int(asked), 1), parts) if asked.isdecimal() and len(asked) < 9 else 1


ROUTES = (
    Route("/c/{case}/papers", endpoint(papers)),
    Route("/c/{case}/papers/made/{number}", endpoint(made)),
    Route("/c/{case}/papers/made/{number}/{kind}", endpoint(download)),
    Route("/c/{case}/papers/{form}", endpoint(paper), methods=["GET", "POST"]),
    Route("/c/{case}/papers/{form}/preview", endpoint(preview)),
    Route("/c/{case}/papers/{form}/pages/{number}.png", endpoint(page_png)),
    Route("/c/{case}/papers/{form}/make", endpoint(make_it), methods=["GET", "POST"]),
)
