"""The two stories of the product, from the first click to papers in hand, as a person does and sees it.

Not every combination is run: eight runs in which every pair of settings meets (the second test counts). Two
of them give the whole heap with its pictures and answer every question; the others give what is no picture.
What must come out stands in `examples/*.expected.yaml`, written by hand.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from _pytest.mark import ParameterSet
from tools.screenshots.cases import EXAMPLES, story_answers, story_files
from tools.screenshots.chromium import DESK, PHONE

from browser.conftest import Invite, Visitor
from browser.walking import answer, bare, drop, interview, make_paper, text_of


@dataclass(frozen=True, slots=True)
class Run:
    """How one story is gone through."""

    story: str
    lang: str
    size: str
    scripts: bool
    keyboard: bool
    whole: bool = False


RUNS = (
    Run("player", "zh", "phone", scripts=True, keyboard=True, whole=True),
    Run("shopper", "en", "desk", scripts=False, keyboard=False, whole=True),
    Run("player", "en", "desk", scripts=True, keyboard=False),
    Run("player", "en", "phone", scripts=False, keyboard=True),
    Run("shopper", "zh", "desk", scripts=False, keyboard=True),
    Run("shopper", "en", "phone", scripts=True, keyboard=True),
    Run("player", "zh", "desk", scripts=False, keyboard=False),
    Run("shopper", "zh", "phone", scripts=True, keyboard=False),
)
SIZES = {"phone": PHONE, "desk": DESK}
FIRST_SHOWN = {"player": "转账回单0927.png", "shopper": "Screenshot_20260926_194301.png"}
FIRST_ANSWERS = {
    "player": {"contact": "yes", "when": "longer_ago", "how": "bank_transfer", "where": "cn"},
    "shopper": {"contact": "no", "when": "longer_ago", "how": "alipay", "where": "cn"},
}
SIGNER = {"player": "陆一鸣", "shopper": "沈知微"}
IN_PAPER = {"player": "police_report", "shopper": "platform_goods"}
NOT_ASKED = {"frozen_by", "dates.platform_notified"}
"""Answers of the stories that no step, clock or paper of these situations needs, so that nobody is asked."""
SHORT_ANSWERS = ("situation", "user.name", "platform.name", "dates.discovered")


def expected_of(story: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((EXAMPLES / f"{story}.expected.yaml").read_text("utf-8"))
    return found


def money(amount: str, currency: str, lang: str) -> str:
    """A sum as it stands on a page, without spaces."""
    figure = f"{Decimal(amount):,.2f}"
    if lang == "en":
        return f"{currency}{figure}"
    return f"{figure}元" if currency == "CNY" else f"{figure}{currency}"


def day(value: date, lang: str) -> str:
    """A date as it stands on a page, without spaces."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return bare(f"{value.day} {value:%B} {value.year}")


def _marked(run: Run) -> ParameterSet:
    """Two runs are quick and unlike each other in everything; the others are for before a release."""
    quick = (run.story, run.lang, run.scripts) in (("player", "en", False), ("shopper", "zh", True))
    marks = () if quick and not run.whole else (pytest.mark.slow,)
    return pytest.param(run, marks=marks, id="-".join(str(part) for part in astuple(run)))


def test_every_pair_of_settings_meets_in_some_run() -> None:
    settings = [astuple(run)[:5] for run in RUNS]
    for one, other in itertools.combinations(range(5), 2):
        met = {(run[one], run[other]) for run in settings}
        wanted = set(itertools.product({run[one] for run in settings}, {run[other] for run in settings}))
        assert met == wanted, (one, other)


@pytest.mark.parametrize("run", [_marked(run) for run in RUNS])
def test_a_story_from_the_first_click_to_papers_in_hand(invite: Invite, run: Run, tmp_path: Path) -> None:
    visitor = invite(run.lang, SIZES[run.size], scripts=run.scripts, keyboard=run.keyboard, fresh=True)
    expected = expected_of(run.story)
    files = story_files(run.story, whole=run.whole)
    first = next(path for path in story_files(run.story, whole=True) if path.name == FIRST_SHOWN[run.story])

    case = interview(visitor, FIRST_ANSWERS[run.story], [first])
    drop(visitor, case, files, scripts=run.scripts)
    answers = story_answers(run.story)
    if not run.whole:
        answers = {key: answers[key] for key in SHORT_ANSWERS if key in answers}
    not_asked = answer(visitor, case, answers)
    assert not_asked <= NOT_ASKED

    see_the_card(visitor, case, run)
    if not run.whole and run.story == "shopper":
        judge(visitor, case, "200.00")
    see_the_sums(visitor, case, expected, whole=run.whole)
    see_the_steps(visitor, case, expected, whole=run.whole)
    forms = expected["papers"] if run.whole else [IN_PAPER[run.story]]
    for form in forms:
        words = make_paper(visitor, case, form, SIGNER[run.story], tmp_path)
        read_the_paper(words, expected, form, run)


def see_the_card(visitor: Visitor, case: str, run: Run) -> None:
    """The number to call, and the sentence to read out."""
    page = visitor.open(f"{case}/card")
    text = text_of(page)
    if run.story == "player":
        assert page.locator('main a[href="tel:110"]').count() >= 1
        said = bare(page.locator("blockquote.say").first.inner_text())
        assert "8,000.00" in said or "500" in said or "20,000.00" in said
    assert "None" not in text


def judge(visitor: Visitor, case: str, amount: str) -> None:
    """A payment that only a person can place, as the picture that shows it was not given: it belongs here."""
    page = visitor.open(f"{case}/money")
    card = page.locator("#unsure .card", has_text=amount)
    visitor.hands.press(card.locator('button[value="in"]'))


def see_the_sums(visitor: Visitor, case: str, expected: Mapping[str, Any], *, whole: bool) -> None:
    """Sent, returned and lost, to the cent and per currency. The USDT are seen in a picture only."""
    text = text_of(visitor.open(f"{case}/money"))
    for loss in (one for one in expected["losses"] if whole or one["currency"] == "CNY"):
        for part in ("sent", "returned", "lost"):
            if Decimal(loss[part]):
                assert money(loss[part], loss["currency"], visitor.lang) in text, (part, text[:600])


def see_the_steps(visitor: Visitor, case: str, expected: Mapping[str, Any], *, whole: bool) -> None:
    """What to do, and the last days."""
    page = visitor.open(f"{case}/")
    links = page.locator(f'a[href^="{case}/steps/"]').evaluate_all("all => all.map((one) => one.pathname)")
    steps = {path.rpartition("/")[2] for path in links}
    if not whole:
        assert len(steps & expected["actions"].keys()) >= 3
        return
    assert expected["actions"].keys() - steps == set()
    for step, last in expected["deadlines"].items():
        text = text_of(visitor.open(f"{case}/steps/{step}"))
        assert day(last, visitor.lang) in text, (step, text)
    for step in expected["no_deadline"]:
        text = text_of(visitor.open(f"{case}/steps/{step}"))
        assert day(date(2029, 10, 18), visitor.lang) not in text


def read_the_paper(words: str, expected: Mapping[str, Any], form: str, run: Run) -> None:
    """Each payment with its sum and payee stands in the paper that was downloaded."""
    assert SIGNER[run.story] in words
    for payment in expected["transfers"]:
        if payment["scope"] == "in" and payment["direction"] == "out" and run.whole:
            assert f"{Decimal(payment['amount']):,.2f}" in words, (form, payment["amount"])
