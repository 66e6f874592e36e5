"""Which papers an exhibit would appear in, and which payments it proves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clawback.desk.drafting import exhibits_shown, form_of
from clawback.filings.assemble import assemble
from clawback.filings.selection import Selection
from clawback.model.casefile import CaseFile


@dataclass(frozen=True, slots=True)
class Citing:
    """A paper that lists or refers to an exhibit. `title`: (zh, en)."""

    form: str
    title: tuple[str, str]


def papers_by_exhibit(file: CaseFile) -> Mapping[int, tuple[Citing, ...]]:
    """For each exhibit the papers of the plan that list or refer to it, in the plan's order.

    Drafts every paper once, without what stands inside exhibits.
    """
    found: dict[int, list[Citing]] = {}
    selection = Selection(file)
    for id in dict.fromkeys(action.form for action in file.plan.actions if action.form):
        form = form_of(file, id)
        citing = Citing(id, (form.title.zh, form.title.en))
        parts = tuple(part.model_copy(update={"contents": False}) for part in form.parts)
        slim = form.model_copy(update={"parts": parts})
        for number in exhibits_shown(assemble(slim, file, form.original, selection=selection)):
            found.setdefault(number, []).append(citing)
    return {number: tuple(papers) for number, papers in found.items()}
