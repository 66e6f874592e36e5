from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clawback.errors import RulePackError
from clawback.rules.load import SHIPPED, load_pack, shipped_packs
from clawback.rules.pack import Pack
from clawback.rules.yaml_text import parse_yaml


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the invented pack outside the package."""
    return Path(shutil.copytree(SHIPPED / "xx", tmp_path / "mended"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refused(folder: Path) -> str:
    with pytest.raises(RulePackError) as caught:
        load_pack("xx", folder)
    assert caught.value.zh
    return caught.value.en


def test_shipped_packs_are_those_with_real_law() -> None:
    assert shipped_packs() == ("cn", "gb")


def test_a_pack_loads_from_a_folder_of_one_s_own(folder: Path) -> None:
    change(
        folder, "deadlines/platform.yaml", "{value: 7, unit: working_days", "{value: 9, unit: working_days"
    )
    mended: Pack = load_pack("xx", folder)
    values = list(mended.deadlines["platform_reply"].values.values())
    assert [value.value for value in values if value] == [10, 9]


def test_a_key_that_stands_twice_is_refused_with_file_line_and_key(folder: Path) -> None:
    change(folder, "basis.yaml", "act_4a:", "act_4:")
    assert refused(folder) == "rule pack file basis.yaml, line 2: act_4: stands twice"


def test_a_ladder_of_steps_that_the_pack_has_not_does_not_load(folder: Path) -> None:
    ladder = 'road: {name: {zh: 平台, en: "Platform"}, steps: [ask_platform, dance]}'
    (folder / "ladders.yaml").write_text(ladder, "utf-8")
    assert "names dance, which the pack does not have" in refused(folder)
    change(folder, "ladders.yaml", "dance", "appeal")
    assert load_pack("xx", folder).ladders["road"].steps == ("ask_platform", "appeal")


def test_a_value_without_a_basis_does_not_load(folder: Path) -> None:
    change(folder, "deadlines/platform.yaml", ", basis: [act_4]}", "}")
    message = refused(folder)
    assert "deadlines/platform.yaml, line 8" in message
    assert "2021-06-01.basis" in message


def test_an_empty_basis_does_not_load(folder: Path) -> None:
    change(folder, "deadlines/platform.yaml", "basis: [act_4]}", "basis: []}")
    assert "platform_reply.values.2021-06-01.basis" in refused(folder)


def test_a_basis_nobody_wrote_down_does_not_load(folder: Path) -> None:
    change(folder, "steps.yaml", "basis: [act_4]", "basis: [act_5]")
    assert "names act_5, which the pack does not have" in refused(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("channels.yaml", "basis: directory", "basis: rumour", "rumour"),
        ("steps.yaml", "channel: police", "channel: nobody", "nobody"),
        ("steps.yaml", "form: xx_report", "form: no_form", "no_form"),
        ("steps.yaml", "deadline: appeal", "deadline: never", "never"),
        ("steps.yaml", "form: xx_report", "starts: full_moon", "dates.full_moon"),
        ("steps.yaml", "form: xx_report", "replies: {refused: full_moon}", "dates.full_moon"),
        (
            "deadlines/platform.yaml",
            "trigger: [platform_notified]",
            "trigger: [full_moon]",
            "dates.full_moon",
        ),
        ("situations/withdrawal_refused.yaml", "{step: stop_paying", "{step: dance", "dance"),
        ("situations/withdrawal_refused.yaml", "answers.platform_licensed", "answers.weather", "weather"),
        ("pack.yaml", "crisis_channel: talk_line", "crisis_channel: silence", "silence"),
        ("situations/unsure.yaml", "when: now", "when: someday", "steps.0.when"),
        ("steps.yaml", "kind: stop", "kind: revenge", "stop_paying.kind"),
        ("notices.yaml", "no_fee:", "No Fee:", "No Fee"),
        ("interview.yaml", "kind: yes_no", "kind: choice", "choices belong to kind choice"),
        ("never_say.yaml", "一定能追回", "(一定", "missing )"),
        ("holidays.yaml", "2026-11-25", "2027-11-25", "another year"),
        ("holidays.yaml", "2026-11-25", "25 November", "2026"),
        ("pack.yaml", "zone: Etc/GMT-3", "zone: Mars/Olympus", "Mars/Olympus is not an IANA zone"),
        (
            "pack.yaml",
            "  yearly_notice: true",
            "  yearly_notice: true\n  country: ZZ",
            "no days off are known",
        ),
        ("channels.yaml", "use_for: {zh: 刚刚被骗转了钱, ", "use_for: {", "police.use_for.zh"),
    ],
)
def test_a_slip_in_a_pack_is_named_not_repaired(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    change(folder, file, old, new)
    message = refused(folder)
    assert said in message
    assert file.split("/")[0].removesuffix(".yaml") in message


def test_a_pack_under_another_name_is_refused(folder: Path) -> None:
    with pytest.raises(RulePackError, match="cn was asked for"):
        load_pack("cn", folder)


@pytest.mark.parametrize("id", ["../cn", "CN", "", "no_such_pack"])
def test_there_is_no_such_pack(id: str) -> None:
    with pytest.raises(RulePackError):
        load_pack(id)


def test_words_that_look_like_booleans_or_dates_stay_words() -> None:
    tree = parse_yaml(b"on: no\nday: 2026-04-15\nquoted: 'null'\nempty:\nyes: [1, 0x10]\n", "t").tree
    assert tree == {"on": "no", "day": "2026-04-15", "quoted": "null", "empty": None, "yes": ["1", "0x10"]}


@pytest.mark.parametrize(
    "raw",
    [
        b"a: &x [1]\nb: *x\n",
        b"a: [1\n",
        b"\xff\xfe",
        b"? [1, 2]\n: 3\n",
        b"[" * 40 + b"]" * 40,
        b"[" * 100_000,
        b"a: 1\n---\nb: 2\n",
    ],
)
def test_tricky_yaml_is_refused(raw: bytes) -> None:
    with pytest.raises(RulePackError):
        parse_yaml(raw, "t")


def test_a_missing_or_swollen_file_is_refused(folder: Path) -> None:
    (folder / "steps.yaml").write_bytes(b"#" * 1_000_001)
    assert "larger than" in refused(folder)
    (folder / "steps.yaml").unlink()
    load_pack.cache_clear()
    assert "cannot be read" in refused(folder)
