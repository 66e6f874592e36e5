"""Answers before there is a case: kept in a file of the user alone, and sealed once, as one statement."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest

from clawback.desk.drafts import Draft, Drafts, become_case, is_choice, statement_of
from clawback.desk.workplace import Workplace
from clawback.errors import CaseNotFound

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
ANSWERS = {"contact": "yes", "when": "under_30_minutes", "how": "alipay", "where": "cn"}


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "home")


def test_a_draft_comes_back_as_it_was_saved(drafts: Drafts, tmp_path: Path) -> None:
    draft = drafts.save(replace(drafts.begin(), answers=ANSWERS, typed={"amount": "1.2万"}))
    assert Drafts(tmp_path / "home").load(draft.id) == draft
    (path,) = (tmp_path / "home" / "drafts").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("id", ["", "..", "../../etc/passwd", "0" * 16, "g" * 16])
def test_there_is_no_draft_by_any_other_name(drafts: Drafts, id: str) -> None:
    with pytest.raises(CaseNotFound):
        drafts.load(id)


def test_the_latest_unfinished_draft_can_be_gone_on_with(drafts: Drafts) -> None:
    assert drafts.open_one() is None
    drafts.begin()
    assert drafts.open_one() is None, "nothing was answered"
    draft = drafts.save(replace(drafts.begin(), answers={"contact": "no"}))
    assert drafts.open_one() == draft
    drafts.save(replace(draft, case="0123456789abcdef"))
    assert drafts.open_one() is None


def test_a_draft_of_long_ago_goes(drafts: Drafts, tmp_path: Path) -> None:
    old = drafts.save(replace(drafts.begin(), answers=ANSWERS))
    path = tmp_path / "home" / "drafts" / f"{old.id}.json"
    month_ago = time.time() - 31 * 24 * 3600
    os.utime(path, (month_ago, month_ago))
    new = drafts.begin()
    assert not path.exists()
    assert drafts.load(new.id) == new


def test_two_presses_at_once_are_one_case(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path / "home", lambda: NOW)
    draft = Drafts(workplace.home)
    kept = draft.save(replace(draft.begin(), answers=ANSWERS))
    made: list[str] = []
    presses = [
        Thread(target=lambda: made.append(become_case(workplace, kept, "zh", {"amount": "5.00 CNY"})[0].id))
        for _ in range(4)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert len(made) == 4
    assert set(made) == set(workplace.ids())
    assert len(workplace.case(made[0]).file().entries) == 1


def test_the_packs_own_questions_are_answered_where_they_fit() -> None:
    said = statement_of(Draft("0" * 16, ANSWERS), "cn", {"amount": "5.00 CNY"})
    assert said == {
        "still_in_contact": "yes",
        "emergency.last_payment": "under_30_minutes",
        "emergency.paid_by": "alipay",
        "emergency.place": "cn",
        "payment.amount@p1": "5.00 CNY",
        "payment.method@p1": "alipay",
    }
    unsure = statement_of(Draft("0" * 16, ANSWERS | {"contact": "not_sure"}), "cn", {})
    assert "still_in_contact" not in unsure
    assert unsure["emergency.still_in_contact"] == "not_sure"


def test_no_money_sent_answers_who_pressed_send_where_the_pack_has_that_choice() -> None:
    none = Draft("0" * 16, {"contact": "no", "when": "none_sent", "where": "cn"})
    assert statement_of(none, "cn", {})["who_pressed_send"] == "no_money_sent"
    assert "who_pressed_send" not in statement_of(none, "gb", {})


def test_the_place_is_where_the_account_is_or_where_it_is_reported() -> None:
    assert Draft("0" * 16, {"where": "gb"}).place == "gb"
    assert Draft("0" * 16, {"where": "hk"}).place is None
    assert Draft("0" * 16, {"where": "hk", "report": "cn"}).place == "cn"
    assert Draft("0" * 16, {"where": "hk", "report": "none"}).place is None


def test_only_answers_that_are_offered_are_answers() -> None:
    assert is_choice("contact", "not_sure")
    assert not is_choice("contact", "perhaps")
