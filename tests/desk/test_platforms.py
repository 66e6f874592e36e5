"""What the desk adds to the guided check: whom to ask, the kind of scam by name, and a note to keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from clawback.desk.platforms import (
    PlatformNote,
    Told,
    account_signs,
    note_of,
    places_to_ask,
    questions,
    vet_platform,
)
from clawback.desk.vetting import Vetting
from clawback.guard.accounts import AccountCheck, OwnHit, describe
from clawback.guard.lists import Confidence, ListHit
from clawback.model.indicators import Indicator
from clawback.model.indicators import IndicatorKind as K

AT = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
TOLD = Told({"kind": "invest", "withdraw": "pay_first"}, "金鼎", "", "cn")
HEADS = PlatformNote("我的回答", "名称", "公司名", "收款人", "账号", "登记地", "不清楚")


def test_the_scam_is_named_as_its_card_names_it() -> None:
    found = vet_platform(TOLD)
    assert found.scam is not None
    assert found.scam[0] == "withdrawal_fee_scam"


def test_bodies_are_those_of_the_directory() -> None:
    assert [one.body.id for one in vet_platform(TOLD).ask] == ["cn.csrc_12386", "cn.anti_fraud_96110"]


def test_places_are_those_for_which_somebody_can_be_asked() -> None:
    assert {"cn", "gb", "hk"} <= {place.id for place in places_to_ask()}
    assert "us" not in {place.id for place in places_to_ask()}


def test_the_note_holds_every_question_with_the_answer_or_not_sure_and_no_verdict() -> None:
    note = note_of(TOLD, "jinding.example", "6222 0000", AT, HEADS, "zh")
    assert note.startswith("我的回答 2026-11-20 10:00+08:00\n")
    assert "名称: jinding.example\n公司名: 金鼎\n收款人: 不清楚\n账号: 6222 0000\n" in note
    for question in questions().values():
        assert question.ask.zh in note
    assert "要钱出来，或要退款，行不行？\n  要先交钱：税、保证金、解冻费、流水、升级会员\n" in note
    assert "它催您、要您保密，或教您怎么说吗？\n  不清楚\n" in note
    for verdict in ("很像诈骗", "可疑"):
        assert verdict not in note


def test_a_payees_account_adds_what_lists_cases_and_its_kind_say() -> None:
    listed = ListHit("a", "n", "s", K.BANK_CARD, "1", "", Confidence.STRONG, AT.date(), AT.date())
    card = describe(Indicator(K.BANK_CARD, "6222000000000017", (), True), AT.date())
    both = replace(card, listed=(listed,), own=(OwnHit("c", 1),))
    unsure = replace(card, kind=K.IBAN, listed=(replace(listed, confidence=Confidence.MEDIUM),))

    def signs(*checks: AccountCheck) -> list[str]:
        return [sign.value for sign, _ in account_signs(Vetting(checks, 0, None, 0))]

    assert signs(both) == ["listed", "own", "card"]
    assert signs(unsure) == ["listed_unsure"]
    assert signs(describe(Indicator(K.PHONE, "+8613800000000", ()), AT.date())) == []
