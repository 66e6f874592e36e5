"""Telephone numbers, and names on WeChat, QQ, Telegram and WhatsApp."""

from __future__ import annotations

import re

import phonenumbers

from clawback.model.indicators import IndicatorKind
from clawback.readers.spots import Canvas, Spot, says

_END = "(?![A-Za-z0-9_-])"
_WECHAT = re.compile(
    r"(?P<word>微信号|微信|威信|薇信|微❤|卫星号|v信|➕v|\+v|加v|加微|(?<![a-z])(?:vx|wx|wechat(?:\s?id)?|weixin))"
    r"(?P<link>[号:：\s是为id(（]{0,6})"
    rf"(?P<name>[A-Za-z][A-Za-z0-9_-]{{5,19}}{_END}|1[3-9][0-9]{{9}}(?![0-9]))",
    re.IGNORECASE,
)
_WXID = re.compile(rf"(?<![A-Za-z0-9_-])wxid_[a-z0-9]{{8,20}}{_END}")
_QQ = re.compile(
    r"(?:(?<![a-z])qq|扣扣|企鹅|q群|群号)(?:号码?|群号?|群)?[:：\s是为]{0,4}(?P<name>[1-9][0-9]{4,10})(?![0-9@.])",
    re.IGNORECASE,
)
_AT_NAME = re.compile(r"(?<![A-Za-z0-9_.@/])@(?P<name>[A-Za-z][A-Za-z0-9_]{4,31})(?![A-Za-z0-9_@.-]*@)")
_TELEGRAM_NAME = re.compile(
    r"(?:telegram|(?<![a-z])tg|电报|纸飞机|飞机号?)\s?(?:号|账号|id|:|：|is|username)\s?(?::|：|@){0,2}\s?"
    rf"(?P<name>[A-Za-z][A-Za-z0-9_]{{4,31}}){_END}",
    re.IGNORECASE,
)
_TELEGRAM_WORD = re.compile(r"telegram|电报|飞机|(?<![a-z])tg(?![a-z])", re.IGNORECASE)
_WHATSAPP_WORD = re.compile(r"whats\s?app", re.IGNORECASE)
_PAYMENT_WORDS = {
    "payment",
    "wallet",
    "transfer",
    "official",
    "account",
    "number",
    "messages",
    "message",
    "support",
}

_CHAIN = re.compile(
    r"(?<![A-Za-z0-9+/=_])(?<![0-9][.,:-])\+?\(?[0-9]++\)?(?:[ .\-]\(?[0-9]++\)?|(?<=\))[0-9]++){0,9}+"
)
_SOME_DIGITS = re.compile(r"[0-9]{3}|[0-9]{2}[ .-][0-9]{2}")
_GROUP = re.compile(r"\+?\(?[0-9]++\)?")
_GOES_ON = re.compile(r"[A-Za-z0-9_*•]|[.,-][0-9]|[元%号]|[-/][A-Za-z0-9]")
_PLACES = {
    "CN": re.compile(
        r"1[3-9][0-9]{9}|0(?:10|2[0-57-9]|[3-9][1-9][0-9])[0-9]{7,8}|400[0-9]{7}|861[3-9][0-9]{9}"
    ),
    "GB": re.compile(r"0[1235789][0-9]{8,9}|447[0-9]{9}"),
}
_GROUPS = {
    "CN": re.compile(
        r"1[3-9][0-9](?:[ -]?[0-9]{4}){2}|\(?0[1-9][0-9]{1,2}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{4}"
        r"|400[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}|86[ -]?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"
    ),
    "GB": re.compile(r"\(?0[0-9]{2,4}\)?(?:[ -]?[0-9]{3,6}){1,3}|44[ -]?7[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}"),
}
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_DRAMA_GB = re.compile(r"\+447700900[0-9]{3}")
"""Ofcom keeps 07700 900000-900999 for drama: never issued, so the library calls them invalid."""
_NUMBERED = re.compile(r"订单|单号|流水|编号|卡号|order|reference|txid|invoice|sort code")
_ACCOUNT = re.compile(r"账号|帐号|account\s?(?:no|number)")


def spot_handles(canvas: Canvas) -> None:
    """Names that a word says to be on WeChat, QQ or Telegram."""
    if canvas.has("微", "信", "v", "wx", "wechat", "weixin", "卫星"):
        _spot_wechat(canvas)
    for found in _QQ.finditer(canvas.text) if canvas.has("q", "扣扣", "企鹅", "群号") else ():
        _add_name(canvas, IndicatorKind.QQ, found, found["name"])
    for found in _TELEGRAM_NAME.finditer(canvas.text) if canvas.has("telegram", "tg", "电报", "飞机") else ():
        _add_name(canvas, IndicatorKind.TELEGRAM, found, found["name"].lower())
    for found in _AT_NAME.finditer(canvas.text) if "@" in canvas.text else ():
        near = canvas.before(found.start()) + canvas.after(found.end())
        if canvas.telegram or found["name"].lower().endswith("bot") or says(_TELEGRAM_WORD, near):
            _add_name(canvas, IndicatorKind.TELEGRAM, found, found["name"].lower())


def _spot_wechat(canvas: Canvas) -> None:
    for found in _WECHAT.finditer(canvas.text):
        if _is_wechat_name(found):
            # A mobile number given as WeChat name is both, so its digits stay free for the phones.
            _add_name(canvas, IndicatorKind.WECHAT, found, found["name"], take=not found["name"].isdigit())
    for found in _WXID.finditer(canvas.text) if canvas.has("wxid_") else ():
        if canvas.free(*found.span()):
            canvas.add(Spot(IndicatorKind.WECHAT, found.group(), found.start(), found.end()))


def _is_wechat_name(found: re.Match[str]) -> bool:
    """A name with a figure, a mark, or clearly announced; "wechat payment" is none."""
    name, word, link = found["name"], found["word"].lower(), found["link"]
    if name.lower() in _PAYMENT_WORDS:
        return False
    if word in ("wechat", "weixin", "wx") and not re.search(r"[:：]\s|[：号]|id|is", link, re.IGNORECASE):
        return any(character.isdigit() or character == "_" for character in name)
    return bool(link.strip()) or "加" in word or "id" in word or not name.isalpha() or word.endswith("号")


def _add_name(
    canvas: Canvas, kind: IndicatorKind, found: re.Match[str], value: str, take: bool = True
) -> None:
    start, end = found.span("name")
    if canvas.free(start, end):
        canvas.add(Spot(kind, value, start, end), take)


def spot_phones(canvas: Canvas) -> None:
    """Numbers that the region's plan knows, or that begin with + and a country."""
    if not _SOME_DIGITS.search(canvas.text):
        return
    for chain in _CHAIN.finditer(canvas.text):
        if chain.end() - chain.start() < 7:
            continue
        spans = [group.span() for group in _GROUP.finditer(canvas.text, *chain.span())]
        first = 0
        while first < len(spans):
            first = _phone_from(canvas, spans, first)


def _phone_from(canvas: Canvas, spans: list[tuple[int, int]], first: int) -> int:
    """Spot the longest telephone number that begins with group `first`; the group to go on with."""
    if first and canvas.text[spans[first][0] - 1] in ".-":
        return first + 1  # the middle of a longer number: 250.00 2026...
    for last in range(min(first + 6, len(spans)) - 1, first - 1, -1):
        start, end = spans[first][0], spans[last][1]
        body = canvas.text[start:end]
        digits = re.sub(r"[^0-9]", "", body)
        if not 7 <= len(digits) <= 15 or _GOES_ON.match(canvas.text, end) or not canvas.free(start, end):
            continue
        if not body.startswith("+") and _is_named_otherwise(canvas.before(start, 12), digits):
            continue
        number = _phone(canvas.region, body, digits)
        if number is not None:
            _add_phone(canvas, start, end, number)
            return last + 1
    return first + 1


def _is_named_otherwise(before: str, digits: str) -> bool:
    """A heading says that it is an order or an account; a mobile number may well be an Alipay account."""
    return says(_NUMBERED, before) or (says(_ACCOUNT, before) and not _MOBILE.fullmatch(digits))


def _phone(region: str, body: str, digits: str) -> phonenumbers.PhoneNumber | None:
    plus = body.startswith("+") or (body.startswith("00") and digits[2:3] != "0")
    if plus:
        written, place = f"+{digits.removeprefix('00')}", None
    elif region in _GROUPS and _GROUPS[region].fullmatch(body) and _PLACES[region].fullmatch(digits):
        written, place = digits, region
    elif _GROUPS["CN"].fullmatch(body) and _MOBILE.fullmatch(digits):
        written, place = digits, "CN"  # a Chinese mobile number is told by its form wherever it stands
    else:
        return None
    try:
        number = phonenumbers.parse(written, place)
    except phonenumbers.NumberParseException:
        return None
    if body.isdigit() and plus:
        return None  # 00 and a run of digits: an entry number as likely as a telephone
    if phonenumbers.is_valid_number(number) or _DRAMA_GB.fullmatch(_e164(number)):
        return number
    return number if body.startswith("+") and phonenumbers.is_possible_number(number) else None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _add_phone(canvas: Canvas, start: int, end: int, number: phonenumbers.PhoneNumber) -> None:
    value = _e164(number)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0) or ""
    if says(_WHATSAPP_WORD, canvas.before(start)):
        canvas.add(Spot(IndicatorKind.WHATSAPP, value, start, end), take=False)
    canvas.add(Spot(IndicatorKind.PHONE, value, start, end, detail="" if region == "ZZ" else region))
