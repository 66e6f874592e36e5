"""The interview as pages need it: one question, why it is asked, and what was answered so far."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from clawback.desk.discarding import without_codes
from clawback.desk.interviewing import Asked
from clawback.desk.planning import canonical_answers, latest_statements
from clawback.errors import UsageError
from clawback.filings.forms import list_forms, load_form
from clawback.model.casefile import CaseFile
from clawback.model.events import Statement
from clawback.rules.evaluate import facts_named
from clawback.rules.load import load_pack
from clawback.rules.pack import Pack, QuestionKind

_NAMED = re.compile(r"answer\.([a-z0-9_.]*[a-z0-9_])")
_MOST_USES = 3


class CodeDiscarded(UsageError):
    """The reply looked like a password or a code. `rest`: the reply without it; nothing was kept."""

    def __init__(self, rest: str) -> None:
        super().__init__(
            "That looks like a code. We don't need it and have discarded it.",
            "这像是验证码，我们不需要，已丢弃。",
        )
        self.rest = rest


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the latest answer. `choices`: ids chosen, for a question with choices; else ()."""

    asked: Asked
    statement: Statement
    value: str
    choices: tuple[str, ...]

    def shown(self, lang: str) -> str:
        """The answer in words: choices by their labels, everything else as it is kept."""
        labels = {choice.id: choice.label.say(lang) for choice in self.asked.question.choices}
        return ("、" if lang == "zh" else ", ").join(labels[id] for id in self.choices) or self.value


@dataclass(frozen=True, slots=True)
class Uses:
    """What an answer is for: titles (zh, en) of clocks that it starts, papers that print it, steps that
    depend on it."""

    clocks: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]


def question_of(file: CaseFile, id: str) -> Asked | None:
    """The question of the case's pack with this id, or None."""
    pack = load_pack(file.case.jurisdiction)
    question = pack.questions.get(id)
    return Asked(question, pack.head.zone) if question else None


def answered(file: CaseFile) -> tuple[Answered, ...]:
    """Questions that have an answer, in the order of the pack."""
    pack = load_pack(file.case.jurisdiction)
    latest = latest_statements(file.statements)
    canonical, _ = canonical_answers(latest, pack)
    return tuple(
        _answered(Asked(question, pack.head.zone), latest[id], canonical.get(id))
        for id, question in pack.questions.items()
        if id in latest
    )


def check_reply(asked: Asked, reply: str) -> str:
    """The canonical answer. Raises CodeDiscarded for what looks like a code, UsageError for a misfit."""
    if asked.question.kind is QuestionKind.TEXT:
        rest = without_codes(asked.id, reply)
        if rest is not None:
            raise CodeDiscarded(rest)
    return asked.check(reply)


def uses(file: CaseFile, id: str) -> Uses:
    """Why the question is asked in this case."""
    pack = load_pack(file.case.jurisdiction)
    waiting = [step for step in file.plan.actions if step.deadline and step.deadline.question == id]
    forms = [step.form for step in file.plan.actions if step.form]
    return Uses(
        clocks=_first((step.title_zh, step.title_en) for step in waiting),
        papers=_first(_titles(pack.id, forms, id)),
        steps=_first(_steps(pack, file.plan.situations, id)),
    )


def _answered(asked: Asked, statement: Statement, canonical: str | None) -> Answered:
    known = {choice.id for choice in asked.question.choices}
    chosen = tuple(id for id in (canonical or "").split(",") if id in known)
    return Answered(asked, statement, canonical or statement.value, chosen)


def _first(titles: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(titles))[:_MOST_USES]


def _titles(jurisdiction: str, forms: Iterable[str], id: str) -> Iterable[tuple[str, str]]:
    return (title for form in forms for title, named in [_paper(jurisdiction, form)] if id in named)


@cache
def _paper(jurisdiction: str, form: str) -> tuple[tuple[str, str], frozenset[str]]:
    """Title of a paper and the ids of the answers that it prints."""
    if form not in list_forms(jurisdiction):
        return ("", ""), frozenset()
    loaded = load_form(jurisdiction, form)
    return (loaded.title.zh, loaded.title.en), frozenset(_NAMED.findall(loaded.model_dump_json()))


def _steps(pack: Pack, situations: Iterable[str], id: str) -> Iterable[tuple[str, str]]:
    fact = f"answers.{id}"
    for situation in situations:
        for use in pack.situations[situation].steps:
            if fact in facts_named(use.open):
                title = pack.steps[use.step].title
                yield title.zh, title.en
