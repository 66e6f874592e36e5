"""Every pack's own tests in plain words, and the promises that hold for each text and rule of each pack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter

from clawback.model.events import Method, TransferStatus
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.model.plan import Action, Confidence, Plan
from clawback.plan.choose import choose_plan
from clawback.plan.deadlines import compute_deadline
from clawback.plan.facts import CaseFacts, Payment
from clawback.plan.interview import dates_from_answers
from clawback.rules.load import SHIPPED, load_pack, shipped_packs
from clawback.rules.pack import Pack, Record, Words
from clawback.rules.wording import never_said
from clawback.rules.yaml_text import read_yaml

PACKS = (*shipped_packs(), "xx")

ISSUE_SITUATIONS = {
    "cn": {
        "account_frozen", "withdrawal_refused", "account_stolen", "platform_cheats",
        "goods_not_as_described", "goods_not_delivered", "fake_shop", "fake_investment", "task_scam",
        "impersonation", "illegal_gambling", "recovery_scam",
    },
    "gb": {"app_payment", "card_purchase", "account_takeover", "fake_shop", "recovery_scam"},
}  # fmt: skip


class Paid(BaseModel):
    method: Method
    moment: str | None = None
    amount: str
    status: TransferStatus


class Expected(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first: str | None = None
    order: list[str] = []
    absent: list[str] = []
    when: dict[str, str] = {}
    dates: dict[str, str] = {}
    firm: list[str] = []
    soft: list[str] = []
    no_date: list[str] = []
    asks: list[str] = []
    forms: dict[str, str] = {}
    notices_zh: list[str] = []
    notices_en: list[str] = []


class Story(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    now: datetime
    situations: list[str] = []
    payments: list[Paid] = []
    answers: dict[str, str] = {}
    dates: dict[str, str] = {}
    flags: dict[str, bool] = {}
    expect: Expected
    basis: str


def stories() -> Iterator[tuple[str, Story]]:
    for pack in PACKS:
        for path in sorted((SHIPPED / pack / "tests").glob("*.yaml")):
            told = TypeAdapter(list[Story]).validate_python(read_yaml(path, path.name).tree)
            yield from ((pack, story) for story in told)


def moment(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text), Precision.MINUTE, ZoneBasis.STATED)


def amount(text: str) -> Amount:
    value, currency = text.split()
    return Amount(Decimal(value), currency)


def facts_of(pack: Pack, story: Story) -> CaseFacts:
    days = {f"dates.{trigger}": day for trigger, day in story.dates.items()}
    return CaseFacts(
        jurisdiction=pack.id,
        situations=tuple(story.situations),
        answers=story.answers,
        payments=tuple(
            Payment(p.method, moment(p.moment) if p.moment else None, amount(p.amount), p.status)
            for p in story.payments
        ),
        dates=dates_from_answers(days, pack),
        flags=story.flags,
    )


def last_of(action: Action, written: str) -> str | None:
    """The action's last day (or instant, if the story writes one), in the form the story uses."""
    last = action.deadline.last if action.deadline else None
    if last is None:
        return None
    return (
        last.date().isoformat() if len(written) == len("2026-11-20") else last.isoformat(timespec="minutes")
    )


STORIES = list(stories())


@pytest.mark.parametrize(("pack_id", "story"), STORIES, ids=[f"{p}: {s.name}" for p, s in STORIES])
def test_the_story_ends_as_told(pack_id: str, story: Story) -> None:
    pack = load_pack(pack_id)
    plan = choose_plan(facts_of(pack, story), pack, story.now)
    actions = {action.id.removeprefix(f"{pack_id}."): action for action in plan.actions}
    expect = story.expect
    if expect.first:
        assert next(iter(actions)) == expect.first
    assert [step for step in actions if step in expect.order] == expect.order
    assert not set(expect.absent) & set(actions)
    assert {step: actions[step].when for step in expect.when} == expect.when
    assert {step: last_of(actions[step], day) for step, day in expect.dates.items()} == expect.dates
    assert {step: actions[step].form for step in expect.forms} == expect.forms
    assert_certainty(actions, expect)
    assert set(expect.asks) <= set(plan.questions)
    assert_notices(plan, expect)


def assert_certainty(actions: dict[str, Action], expect: Expected) -> None:
    for step in (*expect.firm, *expect.soft):
        deadline = actions[step].deadline
        assert deadline is not None
        assert deadline.last is not None
        assert deadline.firm is (step in expect.firm), deadline.why_en
    for step in expect.no_date:
        deadline = actions[step].deadline
        assert deadline is not None
        assert deadline.last is None


def assert_notices(plan: Plan, expect: Expected) -> None:
    for words in expect.notices_zh:
        assert any(words in notice for notice in plan.notices_zh)
    for words in expect.notices_en:
        assert any(words in notice for notice in plan.notices_en)


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_situation_of_the_pack_is_told_in_a_story(pack_id: str) -> None:
    told = {name for pack, story in STORIES if pack == pack_id for name in story.situations or ["unsure"]}
    untold = set(load_pack(pack_id).situations) - told
    assert untold <= ({"unsure"} if pack_id == "xx" else set())


@pytest.mark.parametrize("pack_id", sorted(ISSUE_SITUATIONS))
def test_the_promised_situations_are_there(pack_id: str) -> None:
    assert set(load_pack(pack_id).situations) >= ISSUE_SITUATIONS[pack_id]


def words_in(record: object) -> Iterator[Words]:
    if isinstance(record, Words):
        yield record
    elif isinstance(record, Record):
        yield from (w for field in type(record).model_fields for w in words_in(getattr(record, field)))
    elif isinstance(record, Mapping):
        yield from (w for value in record.values() for w in words_in(value))
    elif isinstance(record, list | tuple):
        yield from (w for value in record for w in words_in(value))


def spoken(pack: Pack) -> list[Words]:
    """Every text of the pack that reaches a person; the never-say list quotes what must not be said."""
    return [w for field in Pack.model_fields if field != "never_say" for w in words_in(getattr(pack, field))]


@pytest.mark.parametrize("pack_id", PACKS)
def test_no_text_says_what_must_never_be_said(pack_id: str) -> None:
    pack = load_pack(pack_id)
    said = [text for words in spoken(pack) for text in (words.zh, words.en)]
    assert said
    assert [breach for text in said for breach in never_said(text, pack)] == []


@pytest.mark.parametrize("pack_id", PACKS)
def test_what_a_never_say_rule_recommends_is_itself_sayable(pack_id: str) -> None:
    pack = load_pack(pack_id)
    advice = [text for rule in pack.never_say.values() for text in (rule.instead.zh, rule.instead.en)]
    assert [breach for text in advice for breach in never_said(text, pack)] == []


@pytest.mark.parametrize("pack_id", PACKS)
def test_chinese_texts_are_chinese_and_english_texts_are_not(pack_id: str) -> None:
    def chinese(text: str) -> bool:
        return any("\u4e00" <= letter <= "\u9fff" for letter in text)

    names = {"Report Fraud", "Samaritans", "控告"}
    for words in spoken(load_pack(pack_id)):
        assert chinese(words.zh) or words.zh in names, words
        english = words.en.replace("控告", "")
        assert not chinese(english), words


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_action_has_a_basis_and_both_languages(pack_id: str) -> None:
    pack = load_pack(pack_id)
    for situation in pack.situations:
        plan = choose_plan(CaseFacts(pack_id, (situation,)), pack, datetime(2026, 11, 23, tzinfo=UTC))
        assert plan.actions
        for action in plan.actions:
            assert action.basis
            assert all(basis.checked_on <= date(2026, 11, 23) for basis in action.basis)
            assert all((action.title_zh, action.title_en, action.why_zh, action.why_en))
        assert plan.notices_zh
        assert len(plan.notices_zh) == len(plan.notices_en)


@pytest.mark.parametrize("pack_id", PACKS)
@pytest.mark.parametrize("known", [False, True])
def test_everything_a_plan_says_is_sayable_and_every_date_has_one_sentence(pack_id: str, known: bool) -> None:
    pack = load_pack(pack_id)
    days = {q: "2026-11-20" for q in pack.questions if q.startswith("dates.") and known}
    facts = CaseFacts(pack_id, tuple(pack.situations), days, flags={"crisis_words_seen": known})
    plan = choose_plan(facts, pack, datetime(2026, 11, 23, tzinfo=UTC))
    deadlines = [action.deadline for action in plan.actions if action.deadline]
    said = [*plan.notices_zh, *plan.notices_en]
    said += [text for deadline in deadlines for text in (deadline.why_zh, deadline.why_en)]
    assert [breach for text in said for breach in never_said(text, pack)] == []
    for deadline in deadlines:
        assert deadline.why_zh.startswith("因为")
        assert (deadline.why_zh.count("。"), deadline.why_zh[-1]) == (1, "。")
        assert deadline.why_en.startswith("Because ")
        assert deadline.last is not None or not deadline.firm


@pytest.mark.parametrize("pack_id", PACKS)
def test_no_rule_known_from_memory_alone_gives_a_date(pack_id: str) -> None:
    pack = load_pack(pack_id)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    everything = {q.removeprefix("dates."): "2026-11-20" for q in pack.questions if q.startswith("dates.")}
    dates = dates_from_answers({f"dates.{trigger}": day for trigger, day in everything.items()}, pack)
    from_memory = {
        rule_id
        for rule_id, rule in pack.deadlines.items()
        if any(v and any(pack.bases[b].confidence is Confidence.MEMORY for b in v.basis)
               for v in rule.values.values())
    }  # fmt: skip
    for rule_id in pack.deadlines:
        last = compute_deadline(rule_id, pack, dates, now).last
        assert (last is None) == (rule_id in from_memory), rule_id
    assert bool(from_memory) is (pack_id in {"cn", "xx"})


@pytest.mark.parametrize("pack_id", PACKS)
def test_no_channel_prints_a_number_known_from_memory_alone(pack_id: str) -> None:
    pack = load_pack(pack_id)
    for channel in pack.channels.values():
        assert pack.bases[channel.basis].confidence is not Confidence.MEMORY


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_step_is_used_and_every_promised_form_has_a_step(pack_id: str) -> None:
    pack = load_pack(pack_id)
    used = {use.step for situation in pack.situations.values() for use in situation.steps}
    assert used == set(pack.steps)
    assert {step.form for step in pack.steps.values() if step.form} == set(pack.head.forms)


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_clock_serves_a_step_and_every_basis_and_channel_is_named(pack_id: str) -> None:
    pack = load_pack(pack_id)
    steps = pack.steps.values()
    assert {step.deadline for step in steps if step.deadline} == set(pack.deadlines)
    named = {basis for step in steps for basis in step.basis}
    named |= {b for rule in pack.deadlines.values() for v in rule.values.values() if v for b in v.basis}
    named |= {basis for notice in pack.notices.values() for basis in notice.basis}
    assert named | {channel.basis for channel in pack.channels.values()} == set(pack.bases)
    reached = {step.channel for step in steps if step.channel}
    assert reached | {pack.head.crisis_channel, pack.head.emergency_channel} == set(pack.channels)


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_answer_that_a_form_prints_is_a_question_that_somebody_asks(pack_id: str) -> None:
    pack = load_pack(pack_id)
    printed = {
        (form.name, question)
        for form in (SHIPPED / pack_id / "forms").glob("*.yaml")
        for question in re.findall(r"\{answer\.([a-z_]+(?:\.[a-z_]+)*)", form.read_text("utf-8"))
    }
    assert {(form, question) for form, question in printed if question not in pack.questions} == set()
