"""The directory of genuine bodies: every fact has a source, and what is wrong in a file is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clawback.errors import RulePackError
from clawback.guard.directory import SHIPPED, Way, load_directory
from clawback.guard.links import LinkResult, check_link
from clawback.model.plan import Confidence


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "directory"))


def test_every_place_of_the_knowledge_has_bodies() -> None:
    places = [place.id for place in load_directory().places]
    assert places[:2] == ["cn", "gb"]
    assert set(places) >= {"hk", "sg", "tw", "my", "mo", "us", "eu", "au", "ca", "in", "ww"}


def test_numbers_from_sources_stand_with_their_source_and_day() -> None:
    alipay = load_directory().by_id["cn.alipay"]
    line = alipay.contacts[0]
    assert (line.way, line.value, line.confidence) == (Way.NUMBER, "95188", Confidence.SECONDARY)
    assert line.sources[0].checked.isoformat() == "2026-11-23"
    helpline = load_directory().by_id["hk.adcc_18222"].contacts[0]
    assert (helpline.value, helpline.confidence) == ("18222", Confidence.PRIMARY)


def test_what_nobody_read_is_not_verified() -> None:
    by_id = load_directory().by_id
    unread = (
        "cn.unionpay",
        "cn.state_security_12339",
        "my.bnm",
        "gb.citizens_advice",
        "mo.emergency_999",
    )
    for id in unread:
        assert not by_id[id].contacts[0].verified, id


def test_a_source_is_from_memory_only_if_nothing_was_read() -> None:
    for body in load_directory().bodies:
        for contact in body.contacts:
            assert contact.verified == all(source.text[:4] != "没有读到" for source in contact.sources), (
                body.id
            )


def test_contradicting_sources_stand_side_by_side() -> None:
    by_id = load_directory().by_id
    assert by_id["cn.alipay"].disputed[0].number == "95055"
    assert by_id["au.idcare"].disputed[0].number == "1300 432 273"
    union = by_id["ww.western_union"].disputed[0]
    assert union.number == "1-800-448-1492"
    assert {source.confidence for source in union.sources} == {Confidence.PRIMARY, Confidence.SECONDARY}


def test_no_body_says_what_another_of_its_place_has_as_its_number() -> None:
    owners: dict[tuple[str, str], str] = {}
    for body in load_directory().bodies:
        for contact in body.contacts:
            key = (body.place.id, contact.value)
            assert owners.setdefault(key, body.id) == body.id, key


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('x: {name: {zh: "某", en: "x"}}', "x.kind"),
        (
            'x: {name: {zh: "某", en: "x"}, kind: police, contacts: [{number: "1", site: a.example, '
            'from: [unread]}], can: {zh: "一", en: "a"}, cannot: {zh: "二", en: "b"}, from: [unread]}',
            "one of number, sender, site, mail",
        ),
        (
            'x: {name: {zh: "某", en: "x"}, kind: police, contacts: [], can: {zh: "一", en: "a"}, '
            'cannot: {zh: "二", en: "b"}, from: [hearsay]}',
            "hearsay",
        ),
        (
            'x: {name: {zh: "某", en: "x"}, kind: police, contacts: [], can: {zh: "一", en: "a"}, '
            'cannot: {zh: "二", en: "b"}, from: []}',
            "x.from",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file(copied: Path, written: str, said: str) -> None:
    (copied / "sg.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(RulePackError) as refused:
        load_directory(copied)
    assert "directory/sg.yaml" in refused.value.en
    assert said in refused.value.en


def test_a_file_of_no_known_place_is_refused(copied: Path) -> None:
    (copied / "zz.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(RulePackError, match=r"zz\.yaml"):
        load_directory(copied)


def test_a_directory_without_its_sources_is_refused(copied: Path) -> None:
    (copied / "sources.yaml").unlink()
    with pytest.raises(RulePackError, match=r"sources\.yaml"):
        load_directory(copied)


def test_no_genuine_site_is_taken_for_a_scam() -> None:
    for body in load_directory().bodies:
        for contact in body.contacts:
            if contact.way is Way.SITE:
                verdict = check_link(f"https://{contact.value}/")
                assert verdict.result in (LinkResult.NONE, LinkResult.CANNOT), contact.value
