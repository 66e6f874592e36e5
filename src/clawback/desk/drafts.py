"""The emergency interview before there is a case: a small file, so that a stop of the program loses nothing.

The place of the account decides which rules a case is begun under, and it is asked fourth. Once the case is
begun the answers are sealed there, and the draft only remembers which case it became.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from clawback.desk.intake import seal_answers
from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace
from clawback.errors import CaseNotFound, TargetNotWritable
from clawback.model.events import Method
from clawback.model.stated import STATED_CHOICES, stated_method
from clawback.rules.load import load_pack

_ID = re.compile(r"[0-9a-f]{16}")
_KEPT_SECONDS = 30 * 24 * 3600
_BEGINNING = threading.Lock()

CHOICES = {
    "contact": "emergency.still_in_contact",
    "when": "emergency.last_payment",
    "how": "emergency.paid_by",
    "where": "emergency.place",
}
"""Step of the interview to the question that it answers."""

PLACES = ("cn", "gb")
"""Places whose numbers and steps have been checked."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers so far. `answers`: step to choice; "report" is the place where the user reports when the
    account is held somewhere else. `typed`: fields of the last payment. `case`: id of the case it became."""

    id: str
    answers: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    case: str | None = None

    @property
    def place(self) -> str | None:
        """The rules to go by, None while that is open."""
        where = self.answers.get("where", "")
        chosen = where if where in PLACES else self.answers.get("report")
        return chosen if chosen in PLACES else None

    @property
    def nothing_sent(self) -> bool:
        """Does the user say that no money left?"""
        return self.answers.get("when") == "none_sent"


class Drafts:
    """The drafts of a workplace, each in a file of its own that only the user may read."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "drafts"

    def begin(self) -> Draft:
        """A new draft; those of more than thirty days ago go."""
        for path in self._files():
            if path.stat().st_mtime < time.time() - _KEPT_SECONDS:
                path.unlink(missing_ok=True)
        return self.save(Draft(secrets.token_hex(8)))

    def load(self, id: str) -> Draft:
        """The draft with this id. Raises CaseNotFound."""
        try:
            kept = json.loads(self._path(id).read_text("utf-8"))
            return Draft(id, dict(kept["answers"]), dict(kept["typed"]), kept["case"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CaseNotFound("These answers are not here any more.", "这些回答已经不在这里了。") from error

    def save(self, draft: Draft) -> Draft:
        """Write it down whole or not at all. Raises TargetNotWritable."""
        path = self._path(draft.id)
        text = json.dumps({"answers": dict(draft.answers), "typed": dict(draft.typed), "case": draft.case})
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            raise TargetNotWritable("Your answer cannot be saved.", "您的回答存不进去。") from error
        return draft

    def open_one(self) -> Draft | None:
        """The latest that has an answer and became no case, or None."""
        for path in sorted(self._files(), key=lambda path: path.stat().st_mtime, reverse=True):
            try:
                draft = self.load(path.stem)
            except CaseNotFound:
                continue  # damaged, or gone just now
            if draft.case is None and draft.answers:
                return draft
        return None

    def _files(self) -> list[Path]:
        return [path for path in self._folder.glob("*.json") if _ID.fullmatch(path.stem)]

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise CaseNotFound("These answers are not here any more.", "这些回答已经不在这里了。")
        return self._folder / f"{id}.json"


def become_case(
    workplace: Workplace, draft: Draft, lang: str, payment: Mapping[str, str]
) -> tuple[LiveCase, Draft]:
    """Begin the case under the rules of the draft's place, and seal its answers as one dated statement.

    `payment`: facts of the payment that the user typed, canonical, by fact. Pressed twice, it is one case.
    Raises as `Workplace.begin` and `seal_answers`; KeyError while the place is open.
    """
    drafts = Drafts(workplace.home)
    with _BEGINNING:
        draft = drafts.load(draft.id)
        if draft.case is not None:
            return workplace.case(draft.case), draft
        place = draft.place
        if place is None:
            raise KeyError("where")
        case = workplace.begin(place, lang)
        answers = statement_of(draft, place, payment)
        case.change(lambda folder, secret: seal_answers(folder, answers, workplace.clock(), secret))
        return case, drafts.save(replace(draft, answers={}, typed={}, case=case.id))


def statement_of(draft: Draft, place: str, payment: Mapping[str, str]) -> dict[str, str]:
    """The answers by question: the pack's own question where one fits, so that it is not asked again."""
    pack = load_pack(place)
    said = {CHOICES[step]: value for step, value in draft.answers.items() if step in CHOICES}
    contact = said.get("emergency.still_in_contact")
    if contact in ("yes", "no") and "still_in_contact" in pack.questions:
        said["still_in_contact"] = said.pop("emergency.still_in_contact")
    pressed = pack.questions.get("who_pressed_send")
    if draft.nothing_sent and pressed and "no_money_sent" in [choice.id for choice in pressed.choices]:
        said["who_pressed_send"] = "no_money_sent"
    facts = dict(payment)
    method = said.get("emergency.paid_by", "")
    if facts and stated_method(method) is not Method.UNKNOWN:
        facts.setdefault("method", method)
    return said | {f"payment.{fact}@p1": text for fact, text in facts.items()}


def is_choice(step: str, value: str) -> bool:
    """Is `value` one of the answers that this step offers?"""
    return value in STATED_CHOICES[CHOICES[step]]
