"""Ratings over the cases of a workplace: what they come from, what is said of them, what may leave."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from clawback.desk.outcomes import CaseOutcomes, OutcomeDecided, outcomes_of
from clawback.desk.rating import (
    Approval,
    Rated,
    Ratings,
    add_reply,
    decide,
    is_genuine,
    of_ten,
    ratings_json,
    ratings_of,
    rule_on,
    share,
)
from clawback.desk.records import load_records, log_lines
from clawback.desk.tracking import (
    HandIn,
    Recovery,
    RecoveryState,
    ReplyResult,
    record_hand_in,
    record_recovery,
    record_reply,
    tracking_of,
)
from clawback.desk.tracking import Reply as CaseReply
from clawback.desk.verifying import verify
from clawback.desk.workplace import Workplace
from clawback.errors import CaseNotFound, UsageError
from clawback.guard.ratings import Contest, Experience, Interval, Outcome, Reply, Weighed, Why
from clawback.model.money import Amount
from rating_cases import ACCOUNT_KEY, EACH, NOW, PLATFORM_KEY, SHOP, SHOP_ACCOUNT, decide_all, seal, six
from web.small_case import ANSWERS, write_heap

DAY = NOW.date()
FIRST = f"{0:016x}"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ratings")
    six(folder / "home")
    return folder / "home"


@pytest.fixture
def workplace(tmp_path: Path, sealed: Path) -> Iterator[Workplace]:
    shutil.copytree(sealed, tmp_path / "home")
    place = Workplace(tmp_path / "home", lambda: NOW)
    yield place
    place.close()


def look(workplace: Workplace) -> Ratings:
    return ratings_of(workplace.overview.lines(wait_s=60), DAY, workplace.handles.of)


def subject(workplace: Workplace, key: str = ACCOUNT_KEY) -> Rated:
    return next(one for one in look(workplace).rated if one.subject.key == key)


def experience(workplace: Workplace, case: str = FIRST, key: str = ACCOUNT_KEY) -> Experience:
    return next(one for one in subject(workplace, key).told if one.case == case).ended.experience


# ------------------------------------------------------------------------------------------ working it out


def test_an_account_and_a_platform_are_one_subject_over_all_cases(workplace: Workplace) -> None:
    found = look(workplace)
    assert {one.subject.key: len(one.told) for one in found.rated} == {ACCOUNT_KEY: 6, PLATFORM_KEY: 6}
    assert (found.total, found.counted) == (6, 6)
    account = subject(workplace)
    assert (account.subject.name, account.subject.account) == (SHOP, SHOP_ACCOUNT)


def test_until_something_is_settled_not_enough_is_known(workplace: Workplace) -> None:
    rating = subject(workplace).rating
    assert not rating.known.enough
    assert rating.known.payers == 0
    whys = [one.why for one in rating.left_out]
    assert whys.count(Why.UNRESOLVED) == 5
    assert whys.count(Why.NO_COMPLAINT) == 1  # all came back, and no complaint is on record


def test_money_that_came_back_after_a_complaint_is_a_refund(workplace: Workplace) -> None:
    folder = workplace.case(FIRST).folder
    assert experience(workplace).outcome is Outcome.REFUNDED
    record_hand_in(folder, None, HandIn("platform_goods", DAY), NOW)
    seen = experience(workplace)
    assert (seen.outcome, seen.complained, seen.paid, seen.returned) == (
        Outcome.REFUNDED,
        True,
        (EACH,),
        (EACH,),
    )
    assert subject(workplace).rating.known.payers == 1


def test_part_of_the_money_and_the_rest_given_up_is_a_refund_in_part(workplace: Workplace) -> None:
    case = f"{1:016x}"
    assert experience(workplace, case).outcome is Outcome.UNRESOLVED
    give_up(workplace, case)
    seen = experience(workplace, case)
    assert seen.outcome is Outcome.PARTLY_REFUNDED
    assert seen.returned == (Amount(Decimal("100.00"), "CNY"),)


def test_given_up_after_a_refusal_is_refused_and_without_an_answer_unresolved(workplace: Workplace) -> None:
    case = f"{2:016x}"
    give_up(workplace, case)
    assert experience(workplace, case).outcome is Outcome.UNRESOLVED
    said = CaseReply("platform_goods", DAY - timedelta(days=2), ReplyResult.REFUSED)
    record_reply(workplace.case(case).folder, None, said, NOW)
    seen = experience(workplace, case)
    assert (seen.outcome, seen.on) == (Outcome.REFUSED, DAY - timedelta(days=2))


def give_up(workplace: Workplace, case: str) -> None:
    live = workplace.case(case)
    transfer = next(e.id for e in live.file().entries if e.transfer.payee.number == SHOP_ACCOUNT)
    word = Recovery(transfer, "platform", RecoveryState.WRITTEN_OFF, DAY)
    record_recovery(live.folder, None, word, NOW)


def test_a_payee_known_by_name_alone_stays_within_its_case(tmp_path: Path) -> None:
    write_heap(tmp_path / "heap")
    from clawback.desk import intake
    from clawback.desk.casefile import make_casefile

    intake.open_heap(tmp_path / "heap", tmp_path / "case", intake.OpenOptions(now=NOW, answers=ANSWERS))
    records = load_records(tmp_path / "case")
    file = make_casefile(records, NOW)
    found = outcomes_of(records, file, tracking_of(records, file))
    assert {one.subject.kind for one in found.ended} == {"payee"}
    assert all(one.subject.key.endswith(f"@{records.case.id}") for one in found.ended)
    sums = {one.subject.name: one.experience.paid[0].text for one in found.ended}
    assert sums == {"王样本": "3000.00", "李样例": "8000.00"}


def test_a_locked_case_is_left_out_and_counted(workplace: Workplace, quick_passphrase: None) -> None:
    seal(workplace.home / f"{9:016x}", 9, passphrase="a line that nobody knows")  # noqa: S106 - invented
    found = look(workplace)
    assert (found.total, found.counted, found.locked) == (7, 6, 1)
    assert len(subject(workplace).told) == 6
    workplace.case(f"{9:016x}").unlock("a line that nobody knows")
    assert len(subject(workplace).told) == 7
    workplace.case(f"{9:016x}").shut()
    assert len(subject(workplace).told) == 6


# ------------------------------------------------------------------------------------------ a person decides


def test_a_person_says_how_it_ended_and_can_take_it_back(workplace: Workplace) -> None:
    case = f"{3:016x}"
    decide(workplace, case, OutcomeDecided(ACCOUNT_KEY, Outcome.REFUSED, DAY))
    assert experience(workplace, case).outcome is Outcome.REFUSED
    assert experience(workplace, case, PLATFORM_KEY).outcome is Outcome.UNRESOLVED  # of the account alone
    decide(workplace, case, OutcomeDecided(ACCOUNT_KEY, None, DAY))
    assert experience(workplace, case).outcome is Outcome.UNRESOLVED
    kinds = [one.kind for one in load_records(workplace.case(case).folder).decisions]
    assert kinds == ["outcome", "outcome"]  # nothing is overwritten
    assert verify(workplace.case(case).folder).findings == ()


@pytest.mark.parametrize(
    "word",
    [
        OutcomeDecided(ACCOUNT_KEY, Outcome.PROVED_FRAUD, DAY, None, "法院判决"),
        OutcomeDecided(ACCOUNT_KEY, Outcome.PROVED_FRAUD, DAY, 1, " "),
        OutcomeDecided(ACCOUNT_KEY, Outcome.DELIVERED, DAY),
        OutcomeDecided(ACCOUNT_KEY, Outcome.REFUNDED, DAY),
        OutcomeDecided(ACCOUNT_KEY, Outcome.REFUSED, DAY + timedelta(days=1)),
        OutcomeDecided(ACCOUNT_KEY, Outcome.REFUSED, DAY, 99),
        OutcomeDecided(ACCOUNT_KEY, Outcome.REFUSED, DAY, None, "长" * 2001),
    ],
)
def test_a_word_without_what_it_needs_is_refused(workplace: Workplace, word: OutcomeDecided) -> None:
    with pytest.raises(UsageError):
        decide(workplace, FIRST, word)
    assert load_records(workplace.case(FIRST).folder).decisions == ()


def test_six_settled_cases_give_an_interval(workplace: Workplace) -> None:
    decide_all(workplace, ACCOUNT_KEY)
    rating = subject(workplace).rating
    assert rating.known.payers == 6
    assert rating.known.enough is False  # new payers weigh half: less than three in all
    assert {kind: count for kind, count in rating.counts.items() if count} == {
        Outcome.DELIVERED: 1,
        Outcome.REFUNDED: 1,
        Outcome.PARTLY_REFUNDED: 1,
        Outcome.REFUSED: 3,
    }
    (volume,) = rating.volumes
    assert (volume.paid.text, volume.well.text, volume.returned.text) == ("1800.00", "700.00", "400.00")


def test_a_purchase_whose_money_came_back_is_no_praise(workplace: Workplace) -> None:
    decide(workplace, FIRST, OutcomeDecided(ACCOUNT_KEY, Outcome.DELIVERED, DAY, 1))
    assert subject(workplace).why_left_out(experience(workplace).id) == "circular"


# --------------------------------------------------------------------------------------------------- replies


def test_a_reply_stands_in_every_case_and_is_shown_once(workplace: Workplace) -> None:
    add_reply(workplace, subject(workplace), Reply("", DAY, "商城客服", "货已发出"))
    (reply,) = subject(workplace).rating.replies
    assert (reply.on, reply.by, reply.text, reply.contest) == (DAY, "商城客服", "货已发出", None)
    for id in workplace.ids():
        assert [one.kind for one in load_records(workplace.case(id).folder).decisions] == ["rating_reply"]
    shutil.rmtree(workplace.home / FIRST)
    other = Workplace(workplace.home, lambda: NOW)
    assert len(subject(other).rating.replies) == 1
    other.close()


def test_a_contested_entry_counts_apart_until_somebody_rules(workplace: Workplace) -> None:
    decide_all(workplace, ACCOUNT_KEY)
    entry = experience(workplace, f"{5:016x}")
    add_reply(workplace, subject(workplace), Reply("", DAY, "商城", "已退", entry.id, Contest.OPEN))
    contested = subject(workplace)
    assert contested.rating.known.payers == 5
    assert contested.rating.with_contested.payers == 6
    assert contested.why_left_out(entry.id) == "contested"
    (reply,) = contested.rating.replies
    with pytest.raises(UsageError):
        rule_on(workplace, contested, reply.number, Contest.UPHELD, " ")
    rule_on(workplace, contested, reply.number, Contest.UPHELD, "流水显示已退")
    ruled = subject(workplace)
    assert ruled.why_left_out(entry.id) == "withdrawn"
    assert ruled.rating.replies[0].contest is Contest.UPHELD
    with pytest.raises(UsageError):
        rule_on(workplace, ruled, reply.number, Contest.REJECTED, "again")


@pytest.mark.parametrize(
    "reply",
    [
        Reply("", DAY, "x", "  "),
        Reply("", DAY + timedelta(days=1), "x", "y"),
        Reply("", DAY, "x", "y", "", Contest.OPEN),
        Reply("", DAY, "x", "长" * 2001),
    ],
)
def test_a_reply_that_says_nothing_is_refused(workplace: Workplace, reply: Reply) -> None:
    with pytest.raises(UsageError):
        add_reply(workplace, subject(workplace), reply)
    assert subject(workplace).rating.replies == ()


# --------------------------------------------------------------------------------------------------- sharing

APPROVAL = Approval("批准人甲", DAY + timedelta(days=30), "objection@example.org", "六份流水和六份回复")


def known_well(workplace: Workplace) -> Rated:
    """The account, with payers whose records reach back, so that enough is known."""
    decide_all(workplace, ACCOUNT_KEY)
    lines = [
        replace(line, summary=replace(line.summary, outcomes=_seasoned(line.summary.outcomes)))
        for line in workplace.overview.lines(wait_s=60)
        if line.summary
    ]
    found = ratings_of(lines, DAY, workplace.handles.of)
    return next(one for one in found.rated if one.subject.key == ACCOUNT_KEY)


def _seasoned(outcomes: CaseOutcomes) -> CaseOutcomes:
    ended = [replace(one, experience=replace(one.experience, seasoned=True)) for one in outcomes.ended]
    return replace(outcomes, ended=tuple(ended))


def test_what_is_shared_names_no_payer_and_is_logged(workplace: Workplace) -> None:
    document = share(workplace, known_well(workplace), APPROVAL)
    text = json.dumps(document, ensure_ascii=False)
    assert "付款人" not in text.replace("付款有据、已有结果的付款人里", "")
    assert "62220000000010" not in text  # no account of a payer
    assert not any(id in text for id in workplace.ids())
    assert document["subject"] == {"kind": "account", "value": SHOP_ACCOUNT}
    assert document["valid_until"] == "2026-12-20"
    assert (document["approved_by"], document["contest_address"]) == ("批准人甲", "objection@example.org")
    assert document["known"]["payers"] == 6
    assert (document["first_seen"], document["last_seen"]) == ("2026-10", "2026-11")
    last = log_lines(workplace.case(FIRST).folder)[-1]
    assert "clawback.rating/1 · 批准人甲 · 2026-12-20" in json.dumps(last, ensure_ascii=False)


@pytest.mark.parametrize(
    "change",
    [
        {"by": ""},
        {"by": "user"},
        {"basis": " "},
        {"contest": "nowhere"},
        {"until": DAY},
        {"until": DAY + timedelta(days=91)},  # an account: ninety days at most
    ],
)
def test_nothing_leaves_without_a_name_an_end_and_an_address(
    workplace: Workplace, change: dict[str, object]
) -> None:
    known = known_well(workplace)
    with pytest.raises(UsageError):
        share(workplace, known, replace(APPROVAL, **change))  # type: ignore[arg-type]


def test_too_few_payers_and_overdue_contests_keep_it_here(workplace: Workplace) -> None:
    with pytest.raises(UsageError):
        share(workplace, subject(workplace), APPROVAL)
    known = known_well(workplace)
    entry = known.told[0].ended.experience.id
    old = Reply("1", date(2026, 11, 2), "x", "y", entry, Contest.OPEN)
    with pytest.raises(UsageError):
        share(workplace, replace(known, rating=replace(known.rating, replies=(old,))), APPROVAL)
    by_name = replace(known, subject=replace(known.subject, kind="payee"))
    with pytest.raises(UsageError):
        share(workplace, by_name, APPROVAL)


def test_a_genuine_body_is_shared_only_when_a_person_says_that_it_is_meant(workplace: Workplace) -> None:
    known = known_well(workplace)
    alipay = replace(known, subject=replace(known.subject, kind="seller", name="支付宝", account=""))
    assert is_genuine(alipay.subject)
    assert not is_genuine(known.subject)
    with pytest.raises(UsageError):
        share(workplace, alipay, APPROVAL)
    document = share(workplace, alipay, replace(APPROVAL, although_genuine=True))
    assert document["in_directory_of_genuine_bodies"] is True


def test_sums_of_few_payers_are_held_back(workplace: Workplace) -> None:
    known = known_well(workplace)
    few = replace(known.rating.volumes[0], paid=Amount(Decimal(9), "GBP"), payers=4)
    more = replace(known, rating=replace(known.rating, volumes=(*known.rating.volumes, few)))
    document = share(workplace, more, APPROVAL)
    assert [one["currency"] for one in document["volumes"]] == ["CNY"]
    assert document["volumes_withheld"] == 1


# --------------------------------------------------------------------------------------------------- finding


def test_a_subject_is_found_by_name_or_digits(workplace: Workplace) -> None:
    found = look(workplace)
    assert len(found.named("")) == 2
    assert [one.subject.kind for one in found.named("9921")] == ["account"]
    assert len(found.named("样本 商城")) == 2
    assert found.named("无此人") == ()
    with pytest.raises(CaseNotFound):
        found.of("0000")
    assert SHOP_ACCOUNT not in found.rated[0].handle


def test_programs_get_no_interval_where_not_enough_is_known(workplace: Workplace) -> None:
    seen = ratings_json(look(workplace))
    assert seen["cases"]["counted"] == 6
    one = next(one for one in seen["subjects"] if one["kind"] == "account")
    assert one["enough_known"] is False
    assert one["known"]["interval"] is None
    assert one["left_out"] == {"no_complaint": 1, "unresolved": 5}


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.0, 0.04, (0, 1)), (0.3, 0.6, (3, 6)), (0.39, 0.61, (3, 7)), (0.999, 1.0, (9, 10))],
)
def test_words_never_make_an_interval_narrower(low: float, high: float, words: tuple[int, int]) -> None:
    assert of_ten(Weighed(Interval(low, high, low), 9, 9.0)) == words
