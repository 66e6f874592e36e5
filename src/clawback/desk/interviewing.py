"""The short interview: what evidence cannot tell is asked; answers become dated, sealed statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clawback.desk.planning import canonical_answers, latest_statements
from clawback.errors import RulePackError, UsageError
from clawback.model.casefile import CaseFile
from clawback.plan.interview import missing, parse_answer, questions_for
from clawback.rules.load import load_pack
from clawback.rules.pack import Question
from clawback.rules.yaml_text import Tree, read_yaml


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to put to the person."""

    question: Question
    zone: str

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question.id

    def text(self, lang: str) -> str:
        """The question with its choices, each on a line."""
        ask = self.question.ask.say(lang)
        choices = [f"  {n}. {one.label.say(lang)}" for n, one in enumerate(self.question.choices, start=1)]
        return "\n".join([ask, *choices])

    def check(self, reply: str) -> str:
        """The canonical answer. Raises UsageError when the reply does not fit the question."""
        return parse_answer(self.question, reply, self.zone)


def open_questions(file: CaseFile) -> tuple[Asked, ...]:
    """Questions that apply to this case and have no answer yet, in order, clocks' dates last."""
    pack = load_pack(file.case.jurisdiction)
    answers, _ = canonical_answers(latest_statements(file.statements), pack)
    facts = {f"answers.{id}": value for id, value in answers.items()}
    applying = questions_for(pack, file.plan.situations, facts, file.now)
    ids = dict.fromkeys([*missing(applying, answers), *file.plan.questions])
    return tuple(Asked(pack.questions[id], pack.head.zone) for id in ids if id in pack.questions)


def read_answers(path: Path, jurisdiction: str) -> dict[str, str]:
    """Answers from a YAML or JSON file, each checked against its question.

    Raises UsageError naming the question that was not understood, or when the file is no mapping.
    """
    pack = load_pack(jurisdiction)
    answers: dict[str, str] = {}
    for id, reply in answers_in(path).items():
        question = pack.questions.get(id.partition("@")[0])
        if question is None:
            raise UsageError(f"{path.name}: there is no question {id}.", f"{path.name}：没有“{id}”这个问题。")
        answers[id] = parse_answer(question, reply, pack.head.zone)
    return answers


def answers_in(path: Path) -> Mapping[str, str]:
    """Question to answer as typed. JSON is read as the YAML it is, so one careful parser serves both.

    Raises UsageError when the file is no such mapping.
    """
    try:
        tree = read_yaml(path, path.name).tree
    except RulePackError as error:
        raise UsageError(
            f"The answers could not be read: {error.en}", f"回答文件没能读懂：{error.zh}"
        ) from error
    if not isinstance(tree, dict):
        raise UsageError(
            f"{path.name} is not a file of answers (question: answer).",
            f"{path.name} 不是回答文件（问题: 回答）。",
        )
    return {id: _one(reply) for id, reply in tree.items() if _one(reply)}


def _one(reply: Tree) -> str:
    """A reply as text; a list of choices is joined by commas. Raises UsageError for anything deeper."""
    parts = reply if isinstance(reply, list) else [reply]
    if any(isinstance(part, list | dict) for part in parts):
        raise UsageError("An answer is a text or a list of choices.", "回答只能是文字，或者几个选项。")
    return ",".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
