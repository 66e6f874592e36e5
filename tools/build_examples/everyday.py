"""Rows of an ordinary life, so that the case has to be found in the bill. Every shop and person is invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from tools.build_examples.bills import AlipayRow, WechatRow
from tools.build_examples.numbers import serial

_SHOPS = (
    ("餐饮美食", "云朵早餐铺（示例）", "早餐套餐", (480, 1680)),
    ("餐饮美食", "橘子小厨外卖（示例）", "外卖订单", (1890, 4990)),
    ("餐饮美食", "半山咖啡（示例）", "拿铁大杯", (1650, 2990)),
    ("日用百货", "青禾便利店（示例）", "门店消费", (350, 6870)),
    ("日用百货", "大榕树生活超市（示例）", "超市购物", (2310, 19850)),
    ("交通出行", "城市公交（示例）", "乘车码扣费", (180, 420)),
    ("交通出行", "小象单车（示例）", "骑行费用", (150, 450)),
    ("充值缴费", "城东供电所（示例）", "电费缴纳", (6120, 15890)),
    ("医疗健康", "康宁大药房（示例）", "药品", (1290, 8930)),
    ("文化休闲", "纸鹤书店（示例）", "图书", (2580, 9760)),
)


def _moments(chance: random.Random, first: str, days: int, count: int) -> Iterator[datetime]:
    start = datetime.fromisoformat(first)
    for _ in range(count):
        yield start + timedelta(
            days=chance.randrange(days),
            hours=chance.choice((7, 8, 11, 12, 13, 17, 18, 19, 21)),
            minutes=chance.randrange(60),
            seconds=chance.randrange(60),
        )


def _cost(chance: random.Random, span: tuple[int, int]) -> str:
    """Yuan and fen, never a whole number of yuan: so no chance row looks like one of the story's."""
    fen = chance.randrange(*span)
    fen += 1 if fen % 100 == 0 else 0
    return f"{fen // 100}.{fen % 100:02d}"


def alipay_life(seed: int, first: str, days: int, count: int, means: tuple[str, ...]) -> list[AlipayRow]:
    """`count` purchases over `days` days from `first` (an ISO date)."""
    chance = random.Random(seed)
    rows = []
    for moment in _moments(chance, first, days, count):
        kind, shop, goods, span = chance.choice(_SHOPS)
        rows.append(
            AlipayRow(
                f"{moment:%Y-%m-%d %H:%M:%S}", kind, shop, "/", goods, "支出", _cost(chance, span),
                chance.choice(means), "交易成功", serial(chance, f"{moment:%Y%m%d}", 28),
                serial(chance, f"{moment:%Y%m%d}", 20),
            )
        )  # fmt: skip
    return rows


def wechat_life(seed: int, first: str, days: int, count: int, means: tuple[str, ...]) -> list[WechatRow]:
    """The same for WeChat Pay."""
    chance = random.Random(seed)
    rows = []
    for moment in _moments(chance, first, days, count):
        _, shop, goods, span = chance.choice(_SHOPS)
        rows.append(
            WechatRow(
                f"{moment:%Y-%m-%d %H:%M:%S}", "商户消费", shop, goods, "支出", _cost(chance, span),
                chance.choice(means), "支付成功", serial(chance, f"42000{moment:%Y%m%d}", 28),
                serial(chance, f"{moment:%Y%m%d}", 20),
            )
        )  # fmt: skip
    return rows
