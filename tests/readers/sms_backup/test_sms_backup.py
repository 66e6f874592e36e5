"""Text messages in SMS Backup & Restore's XML; the messages here are invented."""

from __future__ import annotations

import pytest

from clawback.readers.contract import Sureness
from clawback.readers.sms_backup import SmsBackupReader
from reading import codes, read, sureness, told

READER = SmsBackupReader()
HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"


def sms(body: str, kind: int = 1, **more: str) -> str:
    found = {"address": "+44 7700 900123", "date": "1772712072056", "type": str(kind), "body": body} | more
    return "<sms " + " ".join(f'{key}="{value}"' for key, value in found.items()) + "/>"


def backup(*entries: str, count: int | None = None) -> str:
    return f'{HEAD}<smses count="{len(entries) if count is None else count}">{"".join(entries)}</smses>'


def test_reads_both_directions() -> None:
    reading = read(
        READER,
        backup(sms("Your parcel is held", contact_name="(Unknown)"), sms("ok", 2, contact_name="Bank")),
    )
    time = "2026-03-05T12:01:12+00:00 second stated"
    assert [told(message) for message in reading.messages] == [
        [time, "+44 7700 900123", "Your parcel is held", []],
        [time, None, "ok", []],
    ]
    assert [(m.own, m.conversation) for m in reading.messages] == [(False, "+44 7700 900123"), (True, "Bank")]
    assert [m.sources[0].locator.item for m in reading.messages] == ["1", "2"]
    assert reading.problems == ()


def test_joins_an_emoji_that_the_app_wrote_as_two_halves() -> None:
    reading = read(READER, backup(sms("a &#55357;&#56832; b &#20013;"), sms("alone &#55296; &#57343;")))
    assert [message.text for message in reading.messages] == ["a 😀 b 中", "alone \ufffd \ufffd"]
    assert codes(reading) == ["bytes_unreadable"]


def test_reports_a_count_that_does_not_agree_and_pictures_that_are_not_read() -> None:
    reading = read(READER, backup(sms("a"), '<mms date="1772712072056"><parts/></mms>', count=9))
    assert codes(reading) == ["section_not_read", "totals_disagree"]
    assert not reading.complete


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f"{HEAD}<smses><sms body='a'", "xml_broken"),
        (f'{HEAD}<!DOCTYPE smses [<!ENTITY a "b">]><smses>&a;</smses>', "xml_dtd"),
        ("<smses>" + "<a>" * 50 + "</a>" * 50 + "</smses>", "nested_too_deep"),
    ],
)
def test_hostile_or_broken_xml_is_a_problem(data: str, code: str) -> None:
    reading = read(READER, data)
    assert codes(reading) == [code]
    assert not reading.complete


def test_is_known_by_its_root() -> None:
    assert sureness(READER, backup(sms("a"))) is Sureness.CERTAIN
    assert sureness(READER, "<feed/>") is Sureness.NO
