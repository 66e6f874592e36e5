"""The image reader on rendered screens: what was drawn is what must be read."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from clawback.errors import ExtraMissing
from clawback.model.events import Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade
from clawback.model.moments import Precision, ZoneBasis
from clawback.readers import choose, ocr_engine
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.image_ocr import ImageReader

GOLDEN = Path(__file__).parent / "golden"

needs_ocr = pytest.mark.skipif(not ocr_engine.installed(), reason="the extra `ocr` is not installed")


def context(zone: str = "Asia/Shanghai") -> ReadingContext:
    return ReadingContext(7, "图.png", zone, date(2026, 11, 20), lambda *_: None)


def read_bytes(data: bytes) -> Reading:
    return ImageReader().read(io.BytesIO(data), context())


@cache
def read(name: str, zone: str = "Asia/Shanghai") -> Reading:
    return ImageReader().read(io.BytesIO((GOLDEN / name).read_bytes()), context(zone))


def only_transfer(reading: Reading) -> Transfer:
    (transfer,) = reading.transfers
    return transfer


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# -- what it recognises


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_recognises_each_picture_format_by_its_bytes(kind: str) -> None:
    data = encoded(Image.new("RGB", (40, 40), "white"), kind)
    assert ImageReader().identify(Peek("无后缀", len(data), "", data[:65536])) is Sureness.CERTAIN


def test_a_text_that_starts_with_BM_is_no_picture() -> None:
    text = b"BM is how this note starts"
    assert ImageReader().identify(Peek("a.txt", len(text), "text/plain", text)) is Sureness.NO


def test_is_among_the_readers_that_are_chosen_from() -> None:
    data = (GOLDEN / "alipay.png").read_bytes()
    chosen = choose(Peek("x", len(data), "", data[:65536]))
    assert chosen is not None
    assert chosen.name == "image_ocr"


# -- receipts


@needs_ocr
def test_alipay_bill_page_gives_one_payment_with_all_its_parts() -> None:
    reading = read("alipay.png", zone="Europe/London")
    transfer = only_transfer(reading)
    assert (transfer.direction, transfer.amount.text, transfer.amount.currency) == (
        Direction.OUT,
        "3268.00",
        "CNY",
    )
    assert transfer.moment is not None
    assert transfer.moment.instant.isoformat() == "2026-09-28T20:14:33+08:00"
    assert transfer.moment.zone_basis is ZoneBasis.FORMAT
    assert (transfer.payee.name, transfer.payee.number) == ("晨光数码测试店", "che***@shop.example")
    assert (transfer.payer.institution, transfer.payer.number) == ("招商银行", "0018")
    assert transfer.reference == "20260928220014337788900123456789"
    assert transfer.merchant_reference == "T200P3301234567890123"
    assert (transfer.method, transfer.status) == (Method.ALIPAY, TransferStatus.COMPLETED)
    assert transfer.sources[0].text == "-3,268.00"
    assert transfer.sources[0].locator.box is not None
    assert transfer.sources[0].certainty >= 90
    assert reading.grade is Grade.SCREENSHOT
    assert reading.complete


@needs_ocr
def test_wechat_chat_gives_each_bubble_to_its_side_and_counts_a_card_once() -> None:
    reading = read("wechat.png")
    assert [(message.own, message.sender) for message in reading.messages] == [
        (False, "老周"),
        (True, None),
        (True, None),
        (False, "老周"),
    ]
    assert reading.messages[0].text == "亲，您好，欢迎光临"
    assert reading.messages[1].text == "手机收到了，屏幕有烧屏，电池健康只有78%，不是95新，我要求退货退款"
    transfer = only_transfer(reading)
    assert (transfer.direction, transfer.amount.value) == (Direction.OUT, Decimal("3000.00"))
    assert transfer.payee.name == "老周"
    assert transfer.moment is not None
    assert transfer.moment.instant.isoformat() == "2026-10-03T14:32:00+08:00"
    assert transfer.moment.precision is Precision.MINUTE


@needs_ocr
def test_a_time_line_counts_for_the_message_right_under_it_and_only_its_day_for_the_next() -> None:
    first, second, *_ = read("wechat.png").messages
    assert first.moment is not None
    assert first.moment.instant.isoformat() == "2026-10-03T14:05:00+08:00"
    assert second.moment is not None
    assert second.moment.precision is Precision.DAY
    assert second.moment.instant.isoformat() == "2026-10-03T00:00:00+08:00"


@needs_ocr
@pytest.mark.slow
def test_yesterday_is_no_date() -> None:
    reading = read("wechat_dark.png")
    assert [(m.own, m.text, m.moment) for m in reading.messages] == [
        (False, "钱已经收到", None),
        (True, "那什么时候发货？", None),
    ]
    assert "time_without_day" in codes(reading)


@needs_ocr
@pytest.mark.slow
def test_wechat_pay_bill_page() -> None:
    transfer = only_transfer(read("wechat_pay.png"))
    assert (transfer.direction, transfer.amount.text) == (Direction.OUT, "800.00")
    assert transfer.moment is not None
    assert transfer.moment.instant.isoformat() == "2026-10-03T14:32:08+08:00"
    assert (transfer.payee.name, transfer.note) == ("老周", "定金")
    assert transfer.reference == "1000050001202610030012345678901"
    assert transfer.method is Method.WECHAT_PAY


@needs_ocr
@pytest.mark.slow
def test_bank_slip_names_both_accounts() -> None:
    reading = read("bank.png")
    transfer = only_transfer(reading)
    assert (transfer.amount.text, transfer.amount.currency) == ("20000.00", "CNY")
    assert (transfer.payer.name, transfer.payer.number) == ("林知夏", "6222000000000018")
    assert (transfer.payee.name, transfer.payee.number) == ("赵测试", "6217000000000001")
    assert transfer.payee.institution == "中国建设银行"
    assert transfer.reference == "2026100821174500098123"
    assert transfer.moment is not None
    assert transfer.moment.zone_basis is ZoneBasis.ASSUMED
    assert "digits_doubtful" in codes(reading)  # 6217000000000001 has no right Luhn digit


@needs_ocr
@pytest.mark.slow
def test_crypto_withdrawal_joins_address_and_hash_broken_over_lines() -> None:
    reading = read("crypto.png")
    transfer = only_transfer(reading)
    assert (transfer.amount.value, transfer.amount.currency) == (Decimal(500), "USDT")
    assert transfer.payee.number == "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
    assert transfer.reference == "7c2d4206c03a883dd9066d920c0d2a4a1d6d9b0f4a3c1e8b5f60718293a4b5c6"
    assert transfer.fee is not None
    assert transfer.fee.value == Decimal(1)
    assert transfer.method is Method.CRYPTO
    assert "digits_doubtful" not in codes(reading)


@needs_ocr
@pytest.mark.slow
def test_british_payment_page() -> None:
    transfer = only_transfer(read("british.png", zone="Europe/London"))
    assert (transfer.amount.text, transfer.amount.currency) == ("1250.00", "GBP")
    assert (transfer.payee.name, transfer.payee.number) == ("A Sample", "00-00-00 00000000")
    assert transfer.reference == "INVEST01"
    assert transfer.moment is not None
    assert transfer.moment.instant.isoformat() == "2026-10-12T14:05:00+01:00"


@needs_ocr
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sender", "said", "moments"),
    [
        (
            "telegram.png",
            "测试导师",
            ["今天带你做一单，保底收益8%", "先充多少？"],
            ["2026-09-20T20:03:00+08:00", "2026-09-20T20:04:00+08:00"],
        ),
        (
            "whatsapp_dark.png",
            "Test Desk",
            ["Your funds are located. There is a fee.", "Who are you?"],
            ["2026-10-03T10:23:00+08:00", "2026-10-03T10:24:00+08:00"],
        ),
    ],
)
def test_a_date_pill_and_the_bubbles_own_clocks_make_exact_minutes(
    name: str, sender: str, said: list[str], moments: list[str]
) -> None:
    messages = read(name).messages
    assert [message.text for message in messages] == said
    assert [message.sender for message in messages] == [sender, None]
    assert [message.moment and message.moment.instant.isoformat() for message in messages] == moments


# -- pictures that need care


@needs_ocr
@pytest.mark.parametrize("ink", ["white", "black"])
def test_letters_on_a_transparent_ground_are_read_whatever_their_colour(ink: str) -> None:
    gray = Image.open(GOLDEN / "wechat_dark.png").convert("L").crop((120, 260, 300, 330))
    letters = gray.point(lambda value: 255 if value > 120 else 0)
    image = Image.new("RGBA", letters.size, ink)
    image.putalpha(letters)
    assert [piece.text for piece in read_bytes(encoded(image)).texts] == ["钱已经收到"]


@needs_ocr
def test_a_picture_turned_by_its_camera_is_read_upright() -> None:
    upright = Image.open(GOLDEN / "wechat_dark.png").convert("RGB").crop((100, 250, 400, 340))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Testcam"
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    reading = read_bytes(encoded(turned, "JPEG", exif=exif, quality=95))
    assert [piece.text for piece in reading.texts] == ["钱已经收到"]
    assert reading.grade is Grade.PHOTO


@needs_ocr
@pytest.mark.slow
@pytest.mark.parametrize(("lies", "degrees"), [("ROTATE_90", "90°"), ("ROTATE_180", "180°")])
def test_a_picture_on_its_side_is_turned_and_that_is_said(lies: str, degrees: str) -> None:
    upright = Image.open(GOLDEN / "alipay.png").convert("RGB").crop((0, 440, 720, 1000))
    reading = read_bytes(encoded(upright.transpose(Image.Transpose[lies])))
    assert "2026-09-28 20:14:33" in [piece.text for piece in reading.texts]
    assert [one.detail for one in reading.problems if one.code == "picture_turned"] == [degrees]


@needs_ocr
def test_only_the_first_picture_of_an_animation_is_read_and_that_is_said() -> None:
    frames = [Image.new("L", (80, 60), shade) for shade in (0, 128)]
    reading = read_bytes(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert codes(reading) == ["only_first_frame_read", "no_text_found"]
    assert not reading.complete


@needs_ocr
def test_an_empty_picture_is_read_and_says_that_it_holds_no_text() -> None:
    reading = read_bytes(encoded(Image.new("RGB", (200, 200), "black")))
    assert codes(reading) == ["no_text_found"]
    assert reading.complete


def test_without_the_extra_the_picture_stays_unread_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(_: Image.Image) -> tuple[ocr_engine.OcrLine, ...]:
        raise ExtraMissing("ocr", "Reading text in images", "识别图片中的文字")

    monkeypatch.setattr(ocr_engine, "read_lines", absent)
    reading = read_bytes((GOLDEN / "alipay.png").read_bytes())
    assert not reading.complete
    assert [(problem.code, problem.detail) for problem in reading.problems] == [("extra_missing", "ocr")]


def _png_header(width: int, height: int) -> bytes:
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + body
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(body)) + chunk + struct.pack(">I", zlib.crc32(chunk))


def test_a_picture_of_a_billion_pixels_is_refused_by_its_header() -> None:
    data = _png_header(40000, 40000) + b"\0\0\0\0IDAT\x35\xaf\x06\x1e" + b"\0\0\0\0IEND\xaeB`\x82"
    reading = read_bytes(data)
    assert codes(reading) == ["image_too_large"]
    assert not reading.complete


def test_a_torn_file_is_a_problem_not_a_crash() -> None:
    whole = (GOLDEN / "alipay.png").read_bytes()
    for length in (9, 30, 60, 1000, len(whole) // 2):
        reading = read_bytes(whole[:length])
        assert codes(reading) == ["image_damaged"]
        assert not reading.complete


def test_heic_is_named_as_what_it_is() -> None:
    reading = read_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100)
    assert [(problem.code, problem.detail) for problem in reading.problems] == [
        ("image_format_unsupported", "heic")
    ]
