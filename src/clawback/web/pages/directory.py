"""Genuine numbers and sites: a box that asks whose one is, and the whole list. Nothing asked is kept."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.genuine import Answer, Body, Listed, Proof, Standing, is_it_theirs, listed, signed
from clawback.web.visit import Visit, endpoint

_MOST_NAMED = 4  # the names of more bodies than that say nothing in a heading


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """`asked`, `claimed`: what stands in the boxes. `answer` None: nothing was asked yet. `heading`: what
    can be said, in one sentence. `unknown_claim`: the claimed name is in no list. `wrong`: what to mend.
    `proof`: who signed the list."""

    asked: str
    claimed: str
    answer: Answer | None
    heading: str
    unknown_claim: bool
    wrong: str
    places: tuple[Listed, ...]
    proof: Proof


def look(visit: Visit) -> Response:
    """The box, below it the answer, and the list by country."""
    asked, claimed = visit.typed("asked"), visit.typed("claimed")
    wrong = visit.say("directory.empty") if visit.posted and not asked else ""
    answer = is_it_theirs(asked, claimed) if asked else None
    page = DirectoryPage(
        asked=asked,
        claimed=claimed,
        answer=answer,
        heading=_heading(visit, answer, claimed) if answer else "",
        unknown_claim=bool(claimed and answer and answer.way and not answer.claimed),
        wrong=wrong,
        places=listed("cn" if visit.lang == "zh" else "gb"),
        proof=signed(),
    )
    return visit.page("directory.html", page, status=422 if wrong else 200)


def _heading(visit: Visit, answer: Answer, claimed: str) -> str:
    bodies = answer.bodies
    if answer.standing is Standing.ALIKE:
        bodies = tuple({one.match.body.id: one.match.body for one in answer.alike}.values())
    return visit.say(
        "directory.standing." + answer.standing.value,
        asked=answer.read_as or answer.asked,
        names=_names(visit, bodies),
        claimed=claimed,
    )


def _names(visit: Visit, bodies: tuple[Body, ...]) -> str:
    written, between = ("{}（{}）", "、") if visit.lang == "zh" else ("{} ({})", ", ")
    named = [
        written.format(body.name.say(visit.lang), body.place.name.say(visit.lang))
        for body in bodies[:_MOST_NAMED]
    ]
    joined, more = between.join(named), len(bodies) - _MOST_NAMED
    return visit.say("directory.and_more", names=joined, n=more) if more > 0 else joined


ROUTES = (Route("/check/directory", endpoint(look), methods=["GET", "POST"]),)
