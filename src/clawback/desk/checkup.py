"""The check-up of one's own accounts: what to ask, what is left to do, and that list in a case.

What is left to do is kept only in a case, and only when the person says so: as a private statement (what is
not safe yet goes into no paper that leaves the case), with a record for each thing that gets done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clawback.desk.intake import seal_answers
from clawback.desk.planning import latest_statements
from clawback.desk.records import Records, record_decisions
from clawback.errors import RulePackError, UsageError
from clawback.guard.breached import times_seen
from clawback.guard.checkup import ORDINARY, Answer, Checkup, Item, Way, load_checkup, todo
from clawback.model.casefile import CaseFile
from clawback.model.events import OWN_CHECKUP
from clawback.model.plan import Basis
from clawback.rules.pack import Words
from clawback.rules.yaml_text import read_yaml
from clawback.store.records import Decision

KIND = "checkup"
_AFTER = f"{OWN_CHECKUP}after"
_DONE, _OPEN = "done", "open"
_AFTER_SITUATION = {"account_stolen": "takeover", "account_takeover": "takeover"}
_ANSWERS = {
    Answer.YES: Words(zh="做好了", en="done"),
    Answer.NO: Words(zh="还没有", en="not yet"),
    Answer.UNKNOWN: Words(zh="不清楚是什么", en="not sure what it is"),
    Answer.SKIP: Words(zh="跳过了", en="skipped"),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, in one language. `at`: the service that it holds for, or "". `basis`: where that comes
    from. `varies`: names and places differ with the version of the app."""

    text: str
    at: str
    basis: tuple[Basis, ...]
    varies: bool


@dataclass(frozen=True, slots=True)
class Check:
    """An item in one language. `why`: the reason for its place. `answer`: what was said of it, or None.
    `explain`: the person does not know what it is."""

    id: str
    ask: str
    task: str
    why: str
    what: str
    how: tuple[Advice, ...]
    answer: str | None
    explain: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The items of an order with what was said so far. `first`: what is said before them. `after`: its id."""

    after: str
    name: str
    first: str
    checks: tuple[Check, ...]

    @property
    def unseen(self) -> tuple[Check, ...]:
        """Items that were skipped or not reached."""
        return tuple(one for one in self.checks if one.answer in (None, Answer.SKIP))

    @property
    def fine(self) -> tuple[Check, ...]:
        """Items of which the person says that they are done."""
        return tuple(one for one in self.checks if one.answer == Answer.YES)


@dataclass(frozen=True, slots=True)
class Task:
    """Something on the list of a case. `said_at`: when the person said that it is not done; `exhibit`: where.
    `done_at`: when the person said that it is, or None."""

    check: Check
    said_at: datetime
    exhibit: int
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnList:
    """The list of a case, in the order of what happened (`after`)."""

    after: str
    name: str
    first: str
    open: tuple[Task, ...]
    done: tuple[Task, ...]


def occasions(lang: str) -> tuple[tuple[str, str], ...]:
    """What may have happened: id and words. The first is that nothing did."""
    return tuple((id, order.name.say(lang)) for id, order in load_checkup().orders.items())


def course(after: str, answers: Mapping[str, str], lang: str) -> Course:
    """What is asked after this, with the answers so far. Raises UsageError for an occasion we do not have."""
    data = load_checkup()
    order = _order(data, after)
    checks = (
        _check(data, place.item, place.why, lang, answers.get(place.item))
        for place in data.orders[order].items
    )
    chosen = data.orders[order]
    return Course(order, chosen.name.say(lang), chosen.first.say(lang), tuple(checks))


def left(after: str, answers: Mapping[str, str], lang: str) -> tuple[Check, ...]:
    """What is left to do, in the order that fits what happened. Raises as `course`."""
    data = load_checkup()
    said = understood(answers)
    return tuple(
        _check(data, one.id, one.why, lang, said[one.id]) for one in todo(data, _order(data, after), said)
    )


def understood(answers: Mapping[str, str]) -> dict[str, Answer]:
    """Answers to items that we have, in words that we know; the rest is left out."""
    known, words = load_checkup().items, tuple(Answer)
    return {id: Answer(said) for id, said in answers.items() if id in known and said in words}


def read_answers(path: Path) -> dict[str, str]:
    """Answers from a YAML or JSON file: item to yes, no, unknown or skip. Raises UsageError naming the line
    that was not understood."""
    try:
        tree = read_yaml(path, path.name).tree
    except RulePackError as error:
        raise UsageError(
            f"The answers could not be read: {error.en}", f"回答文件没能读懂：{error.zh}"
        ) from error
    if not isinstance(tree, dict):
        raise UsageError(f"{path.name} is not a file of answers.", f"{path.name} 不是回答文件。")
    answers: dict[str, str] = {}
    for id, said in tree.items():
        if id not in load_checkup().items:
            raise UsageError(f"{path.name}: there is no item {id}.", f"{path.name}：没有“{id}”这一项。")
        if not isinstance(said, str) or said not in tuple(Answer):
            raise UsageError(
                f"{path.name}: {id}: the answer is yes, no, unknown or skip.",
                f"{path.name}：{id} 的回答只能是 yes、no、unknown 或 skip。",
            )
        answers[id] = said
    return answers


def seen_in_list(listing: Path, password: str) -> int:
    """How often `password` was seen in the user's own list of leaked ones; 0: it is not in this list.

    Nothing is kept and nothing leaves the machine. Raises UsageError for an empty password, and for a list
    that cannot give an answer.
    """
    if not password:
        raise UsageError("Nothing was typed.", "什么也没有输入。")
    digest = hashlib.sha1(password.encode("utf-8"), usedforsecurity=False).hexdigest()
    return times_seen(listing, digest)


# ------------------------------------------------------------------------------------------------ in a case


def keep(
    case_dir: Path,
    passphrase: str | None,
    after: str,
    answers: Mapping[str, str],
    before: OwnList | None,
    now: datetime,
) -> int | None:
    """Put what is left to do into the case as a dated private statement; its exhibit number, or None when the
    case has it all. `before`: the list that the case has: what is done now is said to be, and what was done
    but is not any more is open again. Raises as `seal_answers`, and as `course`."""
    said = understood(answers)
    known = {task.check.id for task in (*before.open, *before.done)} if before else set()
    kept = {
        f"{OWN_CHECKUP}{id}": answer.value
        for id, answer in said.items()
        if answer in (Answer.NO, Answer.UNKNOWN) or (answer is Answer.YES and id in known)
    }
    if not kept:
        return None
    number = seal_answers(case_dir, {_AFTER: _order(load_checkup(), after), **kept}, now, passphrase)
    again = {
        task.check.id
        for task in (before.done if before else ())
        if said.get(task.check.id) in (Answer.NO, Answer.UNKNOWN)
    }
    record_decisions(
        case_dir, [Decision(KIND, (id,), _OPEN, "user", now) for id in sorted(again)], passphrase
    )
    return number


def mark(case_dir: Path, passphrase: str | None, item: str, *, done: bool, now: datetime) -> None:
    """Write down that a task is done, or is not after all. Raises UsageError for an item we do not have, and
    as `record_decisions`."""
    if item not in load_checkup().items:
        raise UsageError(f"There is no item {item}.", f"没有“{item}”这一项。")
    record_decisions(case_dir, [Decision(KIND, (item,), _DONE if done else _OPEN, "user", now)], passphrase)


def list_of(file: CaseFile, records: Records, lang: str) -> OwnList | None:
    """The list that was put into the case, or None."""
    data = load_checkup()
    latest = latest_statements(file.statements)
    said = {
        id.removeprefix(OWN_CHECKUP): statement
        for id, statement in latest.items()
        if id.startswith(OWN_CHECKUP) and id != _AFTER
    }
    answers = understood({id: statement.value for id, statement in said.items()})
    if not answers:
        return None
    after = latest[_AFTER].value if _AFTER in latest else ORDINARY
    order = after if after in data.orders else ORDINARY
    marks = {one.subject[0]: one for one in records.decisions if one.kind == KIND and one.subject}
    wanted = dict.fromkeys(answers, Answer.NO)  # every one, done or not, in the same order
    tasks = []
    for one in todo(data, order, wanted):
        statement, answer, word = said[one.id], answers[one.id], marks.get(one.id)
        at = statement.moment.utc
        done_at = at if answer is Answer.YES else word.at if word and word.value == _DONE else None
        check = _check(data, one.id, one.why, lang, answer)
        tasks.append(Task(check, at, statement.sources[0].exhibit, done_at))
    return OwnList(
        after=order,
        name=data.orders[order].name.say(lang),
        first=data.orders[order].first.say(lang),
        open=tuple(task for task in tasks if task.done_at is None),
        done=tuple(task for task in tasks if task.done_at is not None),
    )


def proposed_after(file: CaseFile) -> str:
    """What may have happened to the person's accounts, going by what the case is about; a proposal only."""
    fitting = (_AFTER_SITUATION[id] for id in file.plan.situations if id in _AFTER_SITUATION)
    return next(fitting, ORDINARY)


def asked(id: str, lang: str) -> str:
    """The question behind a statement's id (`checkup.…`) as it was put; the id for one we do not have."""
    if id == _AFTER:
        return "账号体检：发生了什么" if lang == "zh" else "Account check-up: what had happened"
    item = load_checkup().items.get(id.removeprefix(OWN_CHECKUP))
    return item.ask.say(lang) if item else id


def answered(id: str, value: str, lang: str) -> str:
    """The answer in words; as it was kept where we do not know it."""
    if id == _AFTER:
        order = load_checkup().orders.get(value)
        return order.name.say(lang) if order else value
    return _ANSWERS[Answer(value)].say(lang) if value in tuple(Answer) else value


# ----------------------------------------------------------------------------------------------------- parts


def _order(data: Checkup, after: str) -> str:
    if after not in data.orders:
        known = ", ".join(data.orders)
        raise UsageError(f"After what? One of: {known}.", f"之后的情况只能是：{known}。")
    return after


def _check(data: Checkup, id: str, why: Words | None, lang: str, answer: str | None) -> Check:
    item: Item = data.items[id]
    return Check(
        id=id,
        ask=item.ask.say(lang),
        task=item.task.say(lang),
        why=(why or item.why).say(lang),
        what=item.what.say(lang),
        how=tuple(_advice(data, item.how, lang)),
        answer=answer,
        explain=answer == Answer.UNKNOWN,
    )


def _advice(data: Checkup, ways: Iterable[Way], lang: str) -> Iterable[Advice]:
    for way in ways:
        basis = tuple(data.sources[id].basis() for id in way.basis)
        yield Advice(way.do.say(lang), way.at.say(lang) if way.at else "", basis, way.varies == "yes")
