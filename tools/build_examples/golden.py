"""Redraws the golden pictures for the tests of the image reader: `python -m tools.build_examples.golden`."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image
from tools.build_examples.drawing import FONT
from tools.build_examples.phone import (
    TELEGRAM,
    WECHAT,
    WECHAT_DARK,
    WHATSAPP_DARK,
    Card,
    Notice,
    Receipt,
    Said,
    chat,
    receipt,
)

OUT = Path(__file__).resolve().parents[2] / "tests" / "readers" / "image_ocr" / "golden"

ALIPAY = Receipt(
    "alipay",
    "账单详情",
    "晨光数码测试店",
    "-3,268.00",
    "交易成功",
    (
        ("付款方式", "招商银行储蓄卡(0018)"),
        ("商品说明", "测试手机 X9 256G"),
        ("支付时间", "2026-09-28 20:14:33"),
        ("订单号", "20260928220014337788900123456789"),
        ("商户订单号", "T200P3301234567890123"),
        ("对方账户", "晨光数码测试店 che***@shop.example"),
    ),
    "20:15",
)
WECHAT_PAY = Receipt(
    "wechat",
    "账单详情",
    "转账-转给老周",
    "-800.00",
    "",
    (
        ("当前状态", "对方已收钱"),
        ("转账说明", "定金"),
        ("转账时间", "2026年10月3日 14:32:08"),
        ("支付方式", "零钱"),
        ("转账单号", "1000050001202610030012345678901"),
    ),
    "20:15",
)
BANK = Receipt(
    "bank",
    "转账回单",
    "转账成功",
    "¥20,000.00",
    "",
    (
        ("付款人", "林知夏"),
        ("付款账号", "6222 0000 0000 0018"),
        ("收款人", "赵测试"),
        ("收款账号", "6217 0000 0000 0001"),
        ("收款银行", "中国建设银行"),
        ("转账时间", "2026-10-08 21:17:45"),
        ("手续费", "0.00元"),
        ("附言", "货款"),
        ("交易流水号", "2026100821174500098123"),
    ),
    "21:18",
)
CRYPTO = Receipt(
    "crypto",
    "提币详情",
    "USDT",
    "-500.00 USDT",
    "已完成",
    (
        ("网络", "TRX (TRC20)"),
        ("地址", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"),
        ("TxID", "7c2d4206c03a883dd9066d920c0d2a4a1d6d9b0f4a3c1e8b5f60718293a4b5c6"),
        ("数量", "500.00 USDT"),
        ("网络手续费", "1.00 USDT"),
        ("时间", "2026-10-15 22:41:09"),
    ),
    "22:45",
)
BRITISH = Receipt(
    "uk",
    "Payment details",
    "Payment sent",
    "£1,250.00",
    "",
    (
        ("To", "A Sample"),
        ("Account number", "00000000"),
        ("Sort code", "00-00-00"),
        ("Reference", "INVEST01"),
        ("Date", "12 Oct 2026, 14:05"),
    ),
    "14:06",
)


def pictures(font: Path) -> dict[str, Image.Image]:
    """Every golden picture by its name."""
    return {
        "alipay.png": receipt(font, ALIPAY, scale=2, height=520),
        "wechat_pay.png": receipt(font, WECHAT_PAY, scale=2, height=520),
        "bank.png": receipt(font, BANK, scale=2, height=600),
        "crypto.png": receipt(font, CRYPTO, scale=2, height=560),
        "british.png": receipt(font, BRITISH, scale=2, height=480),
        "wechat.png": chat(font, WECHAT, "老周", _wechat(), "14:40", scale=2, height=640),
        "wechat_dark.png": chat(font, WECHAT_DARK, "老周", _vague(), "20:40", scale=2, height=440),
        "telegram.png": chat(font, TELEGRAM, "测试导师", _telegram(), "20:10", scale=2, height=440),
        "whatsapp_dark.png": chat(
            font, WHATSAPP_DARK, "Test Desk", _whatsapp(), "10:30", scale=2, height=360
        ),
    }


def _wechat() -> list[Said | Card | Notice]:
    return [
        Notice("2026年10月3日 14:05"),
        Said(False, "亲，您好，欢迎光临"),
        Said(True, "手机收到了，屏幕有烧屏，电池健康只有78%，不是95新，我要求退货退款"),
        Notice("2026年10月3日 14:32"),
        Card(True, "¥3,000.00", "已被接收"),
        Card(False, "¥3,000.00", "已收款"),
    ]


def _vague() -> list[Said | Card | Notice]:
    return [
        Notice("昨天 20:15"),
        Said(False, "钱已经收到"),
        Said(True, "那什么时候发货？"),
    ]


def _telegram() -> list[Said | Card | Notice]:
    return [
        Notice("2026年9月20日"),
        Said(False, "今天带你做一单，保底收益 8%", "20:03"),
        Said(True, "先充多少？", "20:04"),
    ]


def _whatsapp() -> list[Said | Card | Notice]:
    return [
        Notice("3 October 2026"),
        Said(False, "Your funds are located. There is a fee.", "10:23"),
        Said(True, "Who are you?", "10:24"),
    ]


def main() -> None:
    """Write the golden pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--font", type=Path, default=FONT, help="a font with Chinese letters")
    font = parser.parse_args().font
    for name, picture in pictures(font).items():
        # 64 colours keep text and flat areas as they are at a third of the size.
        picture.quantize(64).save(OUT / name, optimize=True)


if __name__ == "__main__":
    main()
