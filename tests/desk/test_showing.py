"""Pictures made anew and kept in memory only, words at their places, facts with the source showing them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import pytest
from PIL import Image

from clawback.desk import intake
from clawback.desk.certifying import custody_of
from clawback.desk.livecase import LiveCase
from clawback.desk.readfacts import CORRECTION, corrections, facts_of, find_fact
from clawback.desk.showing import (
    Picture,
    Previews,
    find_passage,
    has_picture,
    passages,
)
from clawback.desk.verifying import verify
from clawback.desk.workplace import Workplace
from clawback.errors import CaseLocked
from clawback.model.events import Account, Direction, Message, Method, Statement, Transfer, TransferStatus
from clawback.model.evidence import Exhibit, Grade, Locator, Problem, Source
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.readers.contract import Reading, TextPiece
from clawback.readers.wire import Header

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
RED, BLUE = (255, 0, 0), (0, 0, 255)


def write_png(path: Path, width: int, height: int) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    out = io.BytesIO()
    image.save(out, "PNG")
    path.write_bytes(out.getvalue())
    return out.getvalue()


class Glance:
    """Reads nothing, so that no test waits for text recognition."""

    def __enter__(self) -> Glance:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self, original: BinaryIO, header: Header, _: object) -> Reading:
        return Reading("glance", "1", Grade.UNGRADED)


@pytest.fixture
def case(tmp_path: Path) -> LiveCase:
    heap = tmp_path / "heap"
    heap.mkdir()
    write_png(heap / "1.png", 800, 400)
    (heap / "2.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (heap / "3.txt").write_text("一\n二\n\n三\n", encoding="utf-8")
    intake.open_heap(heap, tmp_path / "case", intake.OpenOptions(now=NOW), room=lambda _: Glance())
    return LiveCase("abcdef123456", tmp_path / "case", lambda: NOW)


@pytest.fixture
def previews() -> Iterator[Previews]:
    made = Previews()
    yield made
    made.close()


def exhibit(case: LiveCase, number: int) -> Exhibit:
    return case.file().exhibit_by_number()[number]


def opened(picture: Picture | Problem) -> Image.Image:
    assert isinstance(picture, Picture)
    return Image.open(io.BytesIO(picture.data)).convert("RGB")


def test_a_picture_is_encoded_anew_and_says_the_size_of_the_original(
    case: LiveCase, previews: Previews
) -> None:
    made = previews.picture(case, exhibit(case, 1), 1, 320)
    assert isinstance(made, Picture)
    assert (made.width, made.height, made.full_width, made.full_height, made.pages) == (320, 160, 800, 400, 1)
    assert made.data[:4] == b"RIFF"
    assert made.data[8:12] == b"WEBP"
    left, right = opened(made).getpixel((10, 80)), opened(made).getpixel((310, 80))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_a_broken_picture_says_why(case: LiveCase, previews: Previews) -> None:
    made = previews.picture(case, exhibit(case, 2), 1, 320)
    assert isinstance(made, Problem)
    assert (made.code, made.exhibit) == ("image_damaged", 2)


def test_only_pictures_and_documents_have_pictures(case: LiveCase) -> None:
    assert [has_picture(one) for one in case.file().exhibits] == [True, True, False]


def test_what_was_turned_for_reading_is_turned_for_looking(
    case: LiveCase, previews: Previews, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned = Problem("picture_turned", 1, detail="90°")
    reading = Reading("image_ocr", "1", Grade.PHOTO, problems=(turned,))
    records = case.records()
    other = type(records)(
        records.case, records.exhibits, {1: reading}, (), (), (), records.log_size, records.log_root
    )
    monkeypatch.setattr(case, "records", lambda: other)
    made = previews.picture(case, exhibit(case, 1), 1, 320)
    assert isinstance(made, Picture)
    assert (made.width, made.height, made.full_width, made.full_height) == (160, 320, 400, 800)
    top = opened(made).getpixel((80, 10))  # turned a quarter clockwise: the left is now above
    assert isinstance(top, tuple)
    assert top[0] > 200 > 60 > top[2]


def test_a_picture_once_made_is_kept_and_the_oldest_goes_first(case: LiveCase) -> None:
    previews = Previews(kept_bytes=700)
    first = previews.picture(case, exhibit(case, 1), 1, 320)
    assert previews.picture(case, exhibit(case, 1), 1, 320) is first
    assert isinstance(first, Picture)
    assert len(first.data) < 700
    previews.picture(case, exhibit(case, 2), 1, 320)  # a failure counts for 500
    again = previews.picture(case, exhibit(case, 1), 1, 320)
    assert (again is first) == (len(first.data) + 500 <= 700)
    previews.close()


def test_a_locked_case_leaves_nothing_behind(tmp_path: Path) -> None:
    heap = tmp_path / "heap"
    heap.mkdir()
    data = write_png(heap / "1.png", 80, 40)
    place = Workplace(tmp_path / "home", lambda: NOW)
    case = place.begin("cn", passphrase="纸鹤 lantern 17 harbour")  # noqa: S106 - invented
    case.change(
        lambda folder, secret: intake.open_heap(
            heap, folder, intake.OpenOptions(now=NOW, passphrase=secret), room=lambda _: Glance()
        )
    )
    one = case.file().exhibits[0]
    assert isinstance(place.previews.picture(case, one, 1, 320), Picture)
    with place.previews.original(case, one) as original:
        assert original.read() == data
    place.shut()
    assert place.previews.kept_for(case.id) == 0
    with pytest.raises(CaseLocked):
        place.previews.picture(case, one, 1, 320)
    place.close()


# words


def source(locator: Locator, text: str = "x", certainty: int = 100) -> Source:
    return Source(1, locator, text, "r", "1", certainty)


def message(locator: Locator, text: str, channel: str = "wechat") -> Message:
    return Message(None, "某某", text, channel, (source(locator),))


def transfer(*sources: Source, amount: str = "3000.00") -> Transfer:
    at = Moment(datetime.fromisoformat("2026-11-18T20:14:05+08:00"), Precision.SECOND, ZoneBasis.STATED)
    return Transfer(
        Direction.OUT,
        Amount(Decimal(amount), "CNY"),
        at,
        TransferStatus.COMPLETED,
        Method.BANK_TRANSFER,
        Account("甲某", None, "6222********0058"),
        Account("王样本", "中国建设银行", "6200000000000013"),
        sources,
        reference="A-1",
    )


def test_a_row_and_the_payment_in_it_stand_together_in_order_of_rows() -> None:
    reading = Reading(
        "bank_table",
        "1",
        Grade.PLATFORM_EXPORT,
        texts=(
            TextPiece("head", Locator(row=1)),
            TextPiece("c", Locator(row=3)),
            TextPiece("b", Locator(row=2)),
        ),
        transfers=(transfer(source(Locator(row=3))),),
    )
    found = passages(reading)
    assert [one.text for one in found] == ["head", "b", "c"]
    assert [len(one.transfers) for one in found] == [0, 0, 1]


def test_a_payment_told_of_in_a_message_belongs_to_the_message() -> None:
    reading = Reading(
        "telegram",
        "1",
        Grade.CHAT_EXPORT,
        messages=(message(Locator(item="7"), "转了3000元"),),
        transfers=(transfer(source(Locator(item="7", start=0, end=6))),),
    )
    (found,) = passages(reading)
    assert found.message is not None
    assert found.text == "转了3000元"
    assert len(found.transfers) == 1


def test_the_body_of_a_mail_is_shown_once() -> None:
    reading = Reading(
        "email_message",
        "1",
        Grade.EMAIL,
        texts=(
            TextPiece("From: a", Locator(item="From")),
            TextPiece("Hello", Locator(line=1, item="part 1")),
            TextPiece("hidden part", Locator(line=1, item="part 2")),
        ),
        messages=(message(Locator(item="1"), "Hello\nthere", "email"),),
    )
    found = passages(reading)
    assert [one.text for one in found] == ["From: a", "hidden part", "Hello\nthere"]
    assert find_passage(found, Locator(line=1, item="part 1", start=0, end=5)) == 2


def test_a_long_line_read_in_overlapping_pieces_is_whole_again() -> None:
    pieces = (
        TextPiece("abcdef", Locator(line=1, start=0, end=6)),
        TextPiece("efgh", Locator(line=1, start=4, end=8)),
    )
    (found,) = passages(Reading("plain_text", "1", Grade.UNGRADED, texts=pieces))
    assert found.text == "abcdefgh"


def test_a_place_is_found_exactly_or_in_the_paragraph_it_lies_in() -> None:
    pieces = tuple(TextPiece("x", Locator(page=page, line=line)) for page in (1, 2) for line in (1, 10))
    found = passages(Reading("pdf_text", "1", Grade.DOCUMENT, texts=pieces))
    assert find_passage(found, Locator(page=2, line=10)) == 3
    assert find_passage(found, Locator(page=2, line=9, start=3, end=4)) == 2
    assert find_passage(found, Locator(page=2)) == 3
    assert find_passage(found, Locator(page=9, line=1)) is None
    assert find_passage(found, Locator(row=1)) is None
    assert find_passage((), Locator(line=1)) is None


# facts and corrections


def test_each_fact_has_the_source_that_shows_it() -> None:
    shown = {
        "¥3,000.00": (0, 0, 9, 9),
        "6222 **** **** 0058": (1, 1, 9, 9),
        "6200 0000 0000 0013": (2, 2, 9, 9),
        "2026-11-18 20:14:05": (3, 3, 9, 9),
        "王样本": (4, 4, 9, 9),
    }
    sources = [source(Locator(box=box), text) for text, box in shown.items()]
    facts = {fact.field: fact.source.text for fact in facts_of(transfer(*sources))}
    assert facts == {
        "amount": "¥3,000.00",
        "moment": "2026-11-18 20:14:05",
        "payer_name": "¥3,000.00",  # shown by none of them: where the record begins
        "payer_number": "6222 **** **** 0058",
        "payee_name": "王样本",
        "payee_institution": "¥3,000.00",
        "payee_number": "6200 0000 0000 0013",
        "reference": "¥3,000.00",
    }


def test_a_fact_is_found_by_what_a_correction_is_about() -> None:
    reading = Reading("r", "1", Grade.SCREENSHOT, transfers=(transfer(source(Locator(row=12))),))
    fact = find_fact(reading, "T1.r12/payee_name")
    assert fact is not None
    assert fact.value == "王样本"
    assert fact.subject == "T1.r12/payee_name"
    for wrong in ("T1.r12/fee", "T1.r13/payee_name", "T1.r12/__class__", "", "/"):
        assert find_fact(reading, wrong) is None


def test_the_latest_correction_holds_and_an_empty_one_takes_it_back() -> None:
    def said(hour: int, value: str, subject: str) -> Statement:
        at = NOW.replace(hour=hour)
        moment = Moment(at, Precision.SECOND, ZoneBasis.STATED)
        return Statement(CORRECTION, value, moment, (source(Locator(item=str(hour))),), subject)

    found = corrections([said(9, "甲", "a"), said(8, "乙", "a"), said(9, "丙", "b"), said(10, " ", "b")])
    assert {subject: one.value for subject, one in found.items()} == {"a": "甲"}


# keeping


def test_the_log_tells_of_one_exhibit_how_it_was_kept(case: LiveCase) -> None:
    lines = custody_of(case.folder, 1)
    assert [(line.kind, line.detail) for line in lines] == [("sealed", "1.png"), ("derived", "glance 1")]
    assert [line.at for line in lines] == [NOW, NOW]
    assert lines[0].position < lines[1].position
    assert all(len(line.leaf_hash) == 64 for line in lines)
    assert custody_of(case.folder, 99) == ()


def test_one_exhibit_can_be_verified_alone(case: LiveCase) -> None:
    blob = next(path for path in (case.folder / "blobs").rglob("*") if _is(path, b"\x89PNG\r\n\x1a\n broken"))
    blob.chmod(0o600)
    blob.write_bytes(b"changed")
    damaged = verify(case.folder, only=2)
    assert [(found.code, found.exhibit) for found in damaged.findings if found.exhibit] == [
        ("original_changed", 2)
    ]
    assert not any(found.exhibit for found in verify(case.folder, only=1).findings)


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.name == hashlib.sha256(data).hexdigest()
