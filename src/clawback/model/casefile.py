"""Everything known about a case at one instant: what papers, screens and exports are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from clawback.model.card import Card
from clawback.model.case import Case, Party
from clawback.model.events import Message, Statement
from clawback.model.evidence import Exhibit, Problem
from clawback.model.indicators import Indicator
from clawback.model.ledger import LedgerEntry, Loss, PossibleMatch, TimelineItem
from clawback.model.plan import Plan


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A view of the whole case, computed anew each time from sealed exhibits, readings and decisions.

    `now`: the instant by which every clock was computed. `log_root`: hex root of the append-only log of
    `log_size` lines, printed on every paper.
    """

    case: Case
    now: datetime
    exhibits: tuple[Exhibit, ...]
    messages: tuple[Message, ...]
    statements: tuple[Statement, ...]
    indicators: tuple[Indicator, ...]
    parties: tuple[Party, ...]
    entries: tuple[LedgerEntry, ...]
    possible_matches: tuple[PossibleMatch, ...]
    losses: tuple[Loss, ...]
    timeline: tuple[TimelineItem, ...]
    card: Card
    plan: Plan
    problems: tuple[Problem, ...]
    log_size: int
    log_root: str

    def answer(self, question: str, subject: str = "") -> Statement | None:
        """The user's latest statement on `question` (about `subject`), or None if there is none.

        An empty one takes back what was stated before.
        """
        found = [s for s in self.statements if s.question == question and s.subject == subject]
        latest = sorted(found, key=lambda s: s.moment.utc)[-1] if found else None  # of one second, the last
        return latest if latest is not None and latest.value.strip() else None

    def exhibit_by_number(self) -> Mapping[int, Exhibit]:
        """Exhibits keyed by their number."""
        return {exhibit.number: exhibit for exhibit in self.exhibits}
