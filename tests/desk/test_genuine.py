"""The directory through the desk: it agrees with the channels of the rule packs, or shows the dispute."""

from __future__ import annotations

import pytest

from clawback.desk.genuine import Standing, genuine_in, is_it_theirs, listed
from clawback.model.plan import Channel
from clawback.rules.load import load_pack

CHANNELS = [
    pytest.param(id, channel, id=f"{id}.{channel.id}")
    for id in ("cn", "gb")
    for channel in map(load_pack(id).channel, load_pack(id).channels)
    if channel.phone or channel.url
]


@pytest.mark.parametrize(("pack", "channel"), CHANNELS)
def test_what_a_rule_pack_names_is_in_the_directory_for_the_same_country(pack: str, channel: Channel) -> None:
    for shown in filter(None, (channel.phone, channel.url)):
        answer = is_it_theirs(shown)
        assert answer.standing in (Standing.THEIRS, Standing.DISPUTED), shown
        assert pack in {body.place.id for body in answer.bodies}


@pytest.mark.parametrize(("pack", "channel"), CHANNELS)
def test_a_rule_pack_is_never_surer_of_a_number_than_the_directory(pack: str, channel: Channel) -> None:
    sureness = "PRSM"
    for one in is_it_theirs(channel.phone or "").matches:
        if one.body.place.id == pack:
            assert sureness.index(one.contact.confidence) <= sureness.index(channel.basis.confidence)


def test_the_list_begins_with_the_place_of_the_reader() -> None:
    assert [one.place.id for one in listed("gb")][:2] == ["gb", "cn"]
    assert {one.place.id for one in listed("gb")} == {one.place.id for one in listed()}


def test_a_text_is_searched_with_the_links_that_were_found_in_it() -> None:
    text = "请到 www.reportfraud.police.uk 或拨打 0300 123 2040"
    start = text.index("www")
    spotted = genuine_in(text, [(start, start + 25, "www.reportfraud.police.uk")])
    assert [one.answer.standing for one in spotted] == [Standing.THEIRS, Standing.THEIRS]
    assert {body.id for one in spotted for body in one.answer.bodies} == {"gb.report_fraud"}
