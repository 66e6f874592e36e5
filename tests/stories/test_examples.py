"""Both shipped heaps end exactly as their stories say (`examples/*.expected.yaml`, written by hand)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from clawback.readers import ocr_engine

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ocr_engine.installed(), reason="the extra `ocr` is not installed"),
]

Record = Mapping[str, Any]


def run(*words: str) -> str:
    command = [sys.executable, "-c", "from clawback.cli import main; main()", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Story:
    """One heap: what came out, and what must."""

    def __init__(self, name: str, case: Path) -> None:
        self.expected: Record = yaml.safe_load((EXAMPLES / f"{name}.expected.yaml").read_text("utf-8"))
        answers = EXAMPLES / self.expected["answers"]
        now = self.expected["now"]
        run(
            "open",
            str(EXAMPLES / name),
            "--case",
            str(case),
            "--now",
            now,
            "--answers",
            str(answers),
            "--quiet",
        )
        self.case: Record = json.loads(run("export", str(case), "--format", "json"))
        self.exhibits: list[Record] = [one for one in self.case["exhibits"] if one["grade"] != "statement"]
        self.names = {one["number"]: set(one["names"]) for one in self.case["exhibits"]}

    def exhibit(self, name: str) -> Record:
        (found,) = [one for one in self.exhibits if any(n.endswith(name) for n in one["names"])]
        return found

    def transfer(self, wanted: Record) -> Record:
        """The one transfer with this minute, amount, currency and direction."""
        (found,) = [one for one in self.case["transfers"] if key_of(one) == key_of(wanted)]
        return found


def key_of(record: Record) -> tuple[str, str, str, str]:
    amount, moment = record["amount"], record["moment"]
    if isinstance(amount, str):
        return moment[:16], amount, record["currency"], record["direction"]
    when = datetime.fromisoformat(moment["instant"]) if moment else None
    minute = f"{when:%Y-%m-%dT%H:%M}" if when else ""
    return minute, amount["value"], amount["currency"], record["direction"]


@pytest.fixture(scope="module", params=["player", "shopper"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(request.param, tmp_path_factory.mktemp("case") / request.param)


def test_every_file_is_one_exhibit_with_its_outcome(story: Story) -> None:
    for file in story.expected["files"]:
        exhibit = story.exhibit(file["name"])
        assert (file["name"], exhibit["outcome"]) == (file["name"], file["outcome"])
        assert exhibit["grade"] == file.get("grade", "ungraded")
        if "reason" in file:
            assert file["reason"] in json.dumps(exhibit["problems"])
        for twin in file.get("same_bytes", []):
            assert story.exhibit(twin)["number"] == exhibit["number"]
    assert len(story.exhibits) == len(story.expected["files"])


def test_every_transfer_of_the_story_is_there_with_its_parties(story: Story) -> None:
    for wanted in story.expected["transfers"]:
        found = story.transfer(wanted)
        assert (key_of(wanted), found["scope"]) == (key_of(wanted), wanted["scope"])
        for side in ("payer", "payee"):
            shown = {name: found[side][name] for name in wanted.get(side, {})}
            assert shown == wanted.get(side, {})
        if "reference" in wanted:
            assert found["reference"] == wanted["reference"]
        if "status" in wanted:
            assert found["status"] == wanted["status"]


def test_each_transfer_is_counted_once_with_all_its_proofs(story: Story) -> None:
    for wanted in story.expected["transfers"]:
        sources = {source["exhibit"] for source in story.transfer(wanted)["sources"]}
        shown_by = {story.exhibit(name)["number"] for name in wanted["shown_by"]}
        told_in = {story.exhibit(name)["number"] for name in wanted.get("told_in", [])}
        assert shown_by <= sources <= shown_by | told_in, wanted


def test_nothing_else_is_in_scope(story: Story) -> None:
    scopes = Counter(one["scope"] for one in story.case["transfers"])
    wanted = Counter(one["scope"] for one in story.expected["transfers"])
    assert (scopes["in"], scopes["unsure"]) == (wanted["in"], wanted["unsure"])
    assert scopes["out"] > 20


def test_the_loss_per_currency_is_right_to_the_cent(story: Story) -> None:
    keys = ("currency", "sent", "returned", "lost")
    found = [{key: one[key] for key in keys} for one in story.case["losses"]]
    assert found == story.expected["losses"]


def test_every_indicator_of_the_story_is_found(story: Story) -> None:
    found = {(one["kind"], one["value"]) for one in story.case["indicators"]}
    wanted = {(one["kind"], one["value"]) for one in story.expected["indicators"]}
    assert wanted - found == set()


def test_the_plan_holds_every_step_of_the_story_with_its_last_day(story: Story) -> None:
    days = {one["id"]: (one["deadline"] or "")[:10] for one in story.case["plan"]}
    assert story.expected["actions"].keys() - days.keys() == set()
    dated = {id: str(day) for id, day in story.expected["deadlines"].items()}
    assert {id: days[id] for id in dated} == dated
    assert {days[id] for id in story.expected["no_deadline"]} == {""}


def test_every_paper_that_the_plan_names_is_written(story: Story) -> None:
    assert {one["form"] for one in story.case["filings"]} == set(story.expected["papers"])
    assert story.case["case"]["situations"] == story.expected["situations"]
