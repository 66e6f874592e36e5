"""The kinds of scam: complete in both languages, sourced, and refused where a file is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from clawback.errors import RulePackError
from clawback.guard.typologies import (
    PUBLISHED,
    SCRIPTS,
    Stage,
    Typology,
    load_sources,
    load_typologies,
)
from clawback.rules.load import load_pack
from clawback.rules.pack import Words

IDS = {
    "task_scam",
    "fake_investment",
    "fake_shop",
    "impersonation_service",
    "impersonation_bank",
    "impersonation_authority",
    "impersonation_acquaintance",
    "loan_scam",
    "credit_record_scam",
    "romance_scam",
    "game_trade_scam",
    "ticket_scam",
    "phishing",
    "illegal_gambling",
    "withdrawal_fee_scam",
    "recovery_scam",
    "liquidation_scam",
    "lottery_scam",
    "parcel_scam",
    "identity_theft",
    "kidnap_scam",
    "sextortion",
    "tech_support_scam",
    "wallet_drainer",
    "prepaid_scam",
    "illegal_trade",
    "adult_service",
    "tenancy_scam",
    "charity_scam",
}

# "value" of every cluster in MISP/misp-galaxy, clusters/attck4fraud.json, version 1, read at commit
# 0fd04fa6195072aca8df754767c60cb3dd1a4b7c.
ATTCK4FRAUD = {
    "Phishing", "Spear phishing", "ATM skimming", "ATM Shimming", "Vishing", "POS Skimming",
    "Social Media Scams", "Malware", "Account-Checking Services", "ATM Black Box Attack", "Insider Trading",
    "Business Email Compromise", "Scam", "CxO Fraud", "Compromised Payment Cards",
    "Compromised Account Credentials", "Compromised Personally Identifiable Information (PII)",
    "Compromised Intellectual Property (IP)", "SWIFT Transaction", "Fund Transfer", "Cryptocurrency Exchange",
    "ATM Jackpotting", "Money Mules", "Prepaid Cards", "Resell Stolen Data", "ATM Explosive Attack",
}  # fmt: skip

KINDS = load_typologies()
HAN = re.compile(r"[㐀-鿿]")


def _words(record: BaseModel) -> Iterator[Words]:
    """Every sentence in both languages, however deep it stands."""
    for _, value in record:
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        for part in parts:
            if isinstance(part, Words):
                yield part
            elif isinstance(part, BaseModel):
                yield from _words(part)


def test_every_kind_that_signals_point_to_is_there() -> None:
    assert set(KINDS) == IDS


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_kind_tells_all_four_stages_in_both_languages(kind: Typology) -> None:
    assert set(kind.stages) == set(Stage)
    sentences = list(_words(kind))
    assert len(sentences) >= 22  # name, one line, change, do, 4 x 4 for the stages, signs
    for words in sentences:
        assert HAN.search(words.zh), words.zh
        assert not HAN.search(words.en), words.en
        assert not re.search("[!！]", words.en + words.zh), "calm"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_comes_next_completes_a_sentence(kind: Typology) -> None:
    """ "Next they will probably …": the English goes on in lower case, both end with a full stop."""
    for stage in Stage:
        following = kind.stages[stage].next
        assert re.fullmatch(r"[a-z].*\.", following.en), following.en
        assert following.zh.endswith("。"), following.zh


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_they_say_is_marked_as_speech(kind: Typology) -> None:
    for stage in Stage:
        said = kind.stages[stage].says
        for text in (said.zh, said.en):
            assert re.fullmatch("“.+”", text), text


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_technique_is_one_of_the_galaxy_or_its_absence_is_explained(kind: Typology) -> None:
    assert kind.misp in ATTCK4FRAUD if kind.misp else kind.misp_why


def test_a_place_in_an_official_list_is_one_that_was_read() -> None:
    """Of the list of 2025 only the first five places were read; six to ten are those of 2024."""
    ranks = {(kind.official.source, kind.official.rank): kind.id for kind in KINDS.values() if kind.official}
    assert ranks == {
        ("mps_2025", 1): "task_scam",
        ("mps_2025", 2): "fake_investment",
        ("mps_2025", 3): "fake_shop",
        ("mps_2025", 4): "impersonation_service",
        ("mps_2025", 5): ranks[("mps_2025", 5)],  # loans and credit records share it
        ("mps_2024", 7): "impersonation_acquaintance",
        ("mps_2024", 8): "impersonation_authority",
        ("mps_2024", 9): "romance_scam",
        ("mps_2024", 10): "game_trade_scam",
    }
    shared = {kind.id for kind in KINDS.values() if kind.official and kind.official.rank == 5}
    assert shared == {"loan_scam", "credit_record_scam"}


def test_nothing_rests_on_memory_and_every_source_says_when_it_was_checked() -> None:
    for id, source in load_sources().items():
        assert source.confidence != "M", id
        assert source.url.startswith("https://") or source.confidence == "S", id
        assert source.published is None or source.published[:4] <= str(source.checked.year), id


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize(("pack", "lang"), [("cn", "zh"), ("gb", "en")])
def test_our_own_words_say_nothing_that_a_plan_may_never_say(kind: Typology, pack: str, lang: str) -> None:
    """No promise of recovery, no fee, no blame: the same rules as for plans and papers."""
    ours = [kind.one_line, kind.do, kind.change, *(kind.stages[stage].truth for stage in Stage)]
    for id, rule in load_pack(pack).never_say.items():
        for words in ours:
            assert not rule.found_in(words.say(lang)), f"{id}: {words.say(lang)}"


def _copy(folder: Path, name: str, **changed: str) -> Path:
    text = (SCRIPTS / f"{name}.yaml").read_text("utf-8")
    for old, new in changed.items():
        text = text.replace(f"{old}:", new, 1)
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lock": "lokc:"}, "stages"),  # a stage is missing
        ({"do": "does:"}, "do"),  # an unknown key, a missing one
        ({"id": "id: other\nnot_id:"}, "not_id"),
        ({"misp": "misp_why: no need\nmisp:"}, "technique"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(RulePackError, match=r"task_scam\.yaml") as caught:
        load_typologies(_copy(tmp_path / "scripts", "task_scam", **changed), PUBLISHED)
    assert said in caught.value.en


def test_a_file_must_bear_the_name_of_its_kind(tmp_path: Path) -> None:
    folder = _copy(tmp_path / "scripts", "task_scam")
    (folder / "task_scam.yaml").rename(folder / "tasks.yaml")
    with pytest.raises(RulePackError, match="the file is named tasks"):
        load_typologies(folder, PUBLISHED)


def test_a_source_that_nobody_wrote_down_is_refused(tmp_path: Path) -> None:
    folder = _copy(tmp_path / "scripts", "task_scam")
    few = tmp_path / "published.yaml"
    few.write_text(PUBLISHED.read_text("utf-8").replace("laundering_2020:", "laundering:"), "utf-8")
    with pytest.raises(RulePackError, match=r"laundering_2020 is not in published\.yaml"):
        load_typologies(folder, few)
