"""Who holds an account and at which bank, where the same text names both next to the number."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable
from dataclasses import replace

from clawback.model.indicators import IndicatorKind
from clawback.readers.spots import Canvas, Spot

_HAN = "\u4e00-\u9fff"
_HOLDER = re.compile(
    r"(?:户名|开户名|账户名称?|帐户名|收款人(?:姓名)?|收款方|持卡人|姓名|名字)[:：是为\s]{1,3}"
    rf"(?P<zh>[{_HAN}·*]{{2,30}}|[A-Z][A-Za-z.' -]{{1,40}})"
    rf"|户名(?P<glued>[{_HAN}·*]{{2,30}})"
    r"|(?i:(?<![a-z])(?:account\sname|account\sholder|payee(?:\sname)?|beneficiary(?:\sname)?"
    r"|name\son\s(?:the\s)?account|name))"
    r"[:\s]\s?(?:is\s)?(?P<en>[A-Z][A-Za-z.'&-]+(?:\s[A-Z][A-Za-z.'&-]*){0,5})"
)
_BANKS = (
    "工商|农业|建设|交通|招商|邮政储蓄|邮储|中信|光大|民生|兴业|浦发|浦东发展|上海浦东发展|平安|华夏|广发|浙商|渤海|恒丰"
    "|北京|上海|江苏|宁波|南京|杭州|徽商|盛京|天津|厦门|重庆|成都|长沙|郑州|青岛|苏州|汉口|广州|东莞|西安|贵阳"
    "|哈尔滨|大连|吉林|甘肃|晋商|中原|江西|微众|网商|农村商业|农商"
)
_BANK = re.compile(
    rf"(?:开户行|开户银行|收款银行|银行名称|银行)[:：是为]\s?(?P<zh>[{_HAN}]{{2,30}})"
    rf"|(?P<bare>(?:中国|(?:中国)?(?:{_BANKS}))银行(?:[{_HAN}]{{2,14}}?(?:支行|分行))?)"
    r"|(?i:(?<![a-z])(?:bank(?:\sname)?))[:]\s?(?P<en>[A-Z][A-Za-z.'&-]+(?:\s[A-Z][A-Za-z.'&-]*){0,5})"
)
_NEXT_LABEL = re.compile(r"(?:开户|卡号|账号|帐号|户名|收款|电话|金额|备注|转账|转完|谢谢).*")
_NEXT_AFTER_NAME = re.compile(r"(?:银行|[工农建交]商?行).*")
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
"""The most frequent Chinese surnames of one character."""

_LONE_NAME = re.compile(
    rf"(?<![{_HAN}A-Za-z0-9:：])(?P<name>[{''.join(sorted(SURNAMES))}][{_HAN}]{{1,2}})(?![{_HAN}:：])"
)
_NOT_A_NAME = {
    *(
        "高级",
        "金额",
        "马上",
        "方便",
        "安全",
        "金融",
        "白天",
        "常用",
        "石油",
        "黄金",
        "余额",
        "陆续",
        "于是",
        "任何",
    ),
    *("程序", "曾经", "文件", "江苏", "方式", "谢谢", "史上", "龙卡", "金卡", "白金", "康复", "常见", "范围"),
}
_LEADING_WORDS = re.compile(r"^(?:请|转到|转至|打到|汇到|我的|到|是|的|在|用|给|和|从)+")
_ACCOUNTS = {
    *(IndicatorKind.BANK_CARD, IndicatorKind.BANK_ACCOUNT, IndicatorKind.IBAN),
    IndicatorKind.CRYPTO_WALLET,
}
_BESIDE = 6
REACH = 80
"""Characters between an account and the words that name its holder or bank."""


def with_holders(canvas: Canvas) -> Iterable[Spot]:
    """The spots of `canvas`, accounts with "holder: 张三; bank: 某银行" added to their detail where stated.

    A name goes to the nearest account only, and the first name of a kind is kept.
    """
    accounts = sorted((s for s in canvas.spots if s.kind in _ACCOUNTS), key=lambda spot: spot.start)
    if not accounts:
        return canvas.spots
    starts = [spot.start for spot in accounts]
    added: dict[Spot, list[str]] = {}
    for label, pattern in (("holder", _HOLDER), ("bank", _BANK)):
        for found in pattern.finditer(canvas.text):
            after = bisect(starts, found.start())
            nearest = min(accounts[max(0, after - 1) : after + 1], key=lambda spot: _distance(spot, found))
            parts, name = added.setdefault(nearest, []), _name(found, label)
            if name and _distance(nearest, found) <= REACH and not _has(parts, label):
                parts.append(f"{label}: {name}")
    _add_lone_names(canvas, accounts, added)
    return [_detailed(spot, added.get(spot, [])) for spot in canvas.spots]


def _add_lone_names(canvas: Canvas, accounts: list[Spot], added: dict[Spot, list[str]]) -> None:
    """卡号 张三 某银行: a name with a known surname, right beside an account whose bank is named."""
    for spot in accounts:
        parts = added.get(spot, [])
        if not _has(parts, "bank") or _has(parts, "holder"):
            continue
        first = max(0, spot.start - _BESIDE)
        for found in _LONE_NAME.finditer(canvas.text, first, spot.end + _BESIDE):
            gap = canvas.text[spot.end : found.start()] or canvas.text[found.end() : spot.start]
            if found["name"] not in _NOT_A_NAME and len(gap) <= 2 and not gap.strip(" ,，、\n"):
                parts.insert(0, f"holder: {found['name']}")
                break


def _name(found: re.Match[str], label: str) -> str:
    written = next((value for value in found.groupdict().values() if value), "").strip()
    if written[:1].isascii():
        return written.rstrip(" .")
    if "bare" in found.groupdict() and found.groupdict()["bare"]:
        return _LEADING_WORDS.sub("", written)
    name = _NEXT_LABEL.sub("", written)
    return _NEXT_AFTER_NAME.sub("", name) if label == "holder" and "公司" not in name else name


def _distance(spot: Spot, found: re.Match[str]) -> int:
    return max(found.start() - spot.end, spot.start - found.end(), 0)


def _has(parts: list[str], label: str) -> bool:
    return any(part.startswith(label) for part in parts)


def _detailed(spot: Spot, parts: list[str]) -> Spot:
    detail = "; ".join(part for part in (spot.detail, *parts) if part)
    return replace(spot, detail=detail) if parts else spot
