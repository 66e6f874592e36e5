from __future__ import annotations

import pytest

from clawback.rules.load import load_pack, shipped_packs
from clawback.rules.wording import never_said

BAD = {
    "cn": {
        "promise_recovery": [
            "只要马上联系就一定能追回。",
            "We guaranteed recovery.",
            "You will get your money back.",
        ],
        "hire_recovery": ["可以找黑客追款。", "Hire a hacker today."],
        "pay_to_withdraw": ["请先交解冻费再提现。", "Please pay the unlock fee first."],
        "blame": ["您怎么会信这种话？", "You should have known."],
        "threaten": ["告诉他不退钱就曝光他。"],
        "certain_outcome": ["这种情况肯定立案。"],
        "tell_bank_to_freeze": ["让银行直接冻结对方账户。"],
        "gambling_loss_recoverable": ["赌博输的钱能要回来。"],
        "destroy_evidence": ["先删聊天再说。"],
        "move_to_safe_account": ["把剩下的钱转到安全账户。"],
        "ip_articles": ["依据《电子商务法》第42条。"],
        "wrong_hotline": ["请拨打12339。"],
    },
    "gb": {
        "promise_recovery": ["You will get your money back.", "您一定能追回。"],
        "too_late": ["It is too late to claim."],
        "hire_recovery": ["Try a recovery expert."],
        "pay_to_withdraw": ["Just pay the release charge.", "Pay the tax and withdraw."],
        "false_claim": ["Tell the bank it was unauthorised."],
        "action_fraud": ["Report to Action Fraud."],
        "blame": ["You were greedy."],
        "confront": ["Confront the scammer."],
        "destroy_evidence": ["Wipe your phone."],
        "certain_outcome": ["The ombudsman will agree with you."],
    },
}
GOOD = {
    "cn": [
        "没有人能保证把钱追回来。",
        "先不要交任何“解冻费”“保证金”“个税”。",
        "公检法没有“安全账户”。",
        "不要拉黑，也不要删聊天。",
    ],
    "gb": ["Nobody can promise that you will get your money back.", "Do not pay any tax or fee to withdraw."],
}


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_rule_catches_what_it_forbids(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert set(BAD[pack_id]) == set(pack.never_say)
    for rule, sentences in BAD[pack_id].items():
        for sentence in sentences:
            assert rule in {breach.rule for breach in never_said(sentence, pack)}, sentence


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_a_warning_against_it_may_be_said(pack_id: str) -> None:
    for sentence in GOOD[pack_id]:
        assert never_said(sentence, load_pack(pack_id)) == ()


def test_a_warning_in_one_sentence_does_not_excuse_the_next() -> None:
    found = never_said("没有人能保证追回。找我们一定能追回。", load_pack("cn"))
    assert [(breach.rule, breach.words) for breach in found] == [("promise_recovery", "一定能追回")]
