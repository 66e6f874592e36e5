"""Cards, bank accounts, IBANs, wallets, transaction hashes, order numbers, company and identity numbers."""

from __future__ import annotations

import re

from clawback.model.indicators import IndicatorKind
from clawback.readers import checksums
from clawback.readers.spots import Canvas, Spot, says

# A star masks the rest of a number, and half a number is nobody's account.
_START, _END = "(?<![A-Za-z0-9*])", "(?![A-Za-z0-9*•])"

# ----------------------------------------------------------------------------------------------- wallets

_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_WALLET = re.compile(
    rf"{_START}(?:0x[0-9a-fA-F]{{40}}|[13LMDT]{_BASE58}{{25,34}}|(?:bc|ltc)1[02-9ac-hj-np-z]{{6,85}}"
    rf"|(?:BC|LTC)1[02-9AC-HJ-NP-Z]{{6,85}}|[48][0-9AB]{_BASE58}{{93}}){_END}"
)
_BROKEN = re.compile(
    rf"{_START}(?P<first>(?=[13LMDTb0-9a-fA-F])[A-Za-z0-9]{{8,63}})\n[ ]{{0,8}}"
    rf"(?P<rest>[A-Za-z0-9]{{1,56}}){_END}"
)
_MISTYPED = re.compile(rf"T{_BASE58}{{33}}|[13]{_BASE58}{{25,33}}|bc1[0-9a-z]{{20,70}}")
_WALLET_WORD = re.compile(
    r"钱包|地址|trc-?20|erc-?20|usdt|波场|比特币|以太|充币|转到|打到|wallet|address|btc|bitcoin|tron"
    r"|send to",
    re.IGNORECASE,
)
_LONG_RUN = re.compile(r"[A-Za-z0-9]{26}|[A-Za-z0-9]{8}\n[ ]{0,8}[A-Za-z0-9]")
_SOLANA = re.compile(rf"{_START}{_BASE58}{{32,44}}{_END}")
_SOLANA_WORD = re.compile(r"(?<![a-z])sol(?![a-z])|solana|phantom", re.IGNORECASE)
_HASH = re.compile(rf"{_START}(?:0x)?[0-9a-fA-F]{{64}}{_END}")
_HASH_WORD = re.compile(
    r"(?:交易|转账|链上)哈希|交易id|交易号|(?<![a-z])tx\s?(?:id|n|hash)?(?![a-z])|transaction", re.IGNORECASE
)


def spot_wallets(canvas: Canvas) -> None:
    """Transaction hashes and wallet addresses; an address inside a link is found too."""
    text = canvas.text
    if not _LONG_RUN.search(text):
        return
    for found in _HASH.finditer(text):
        if found.group()[:2] in ("0x", "0X") or says(_HASH_WORD, canvas.before(found.start(), 48)):
            _add(canvas, IndicatorKind.CRYPTO_TX, found, found.group().lower())
    for found in _WALLET.finditer(text):
        chain = checksums.wallet_chain(found.group())
        if chain:
            value = (
                found.group().lower()
                if found.group()[:4].lower() in ("bc1q", "bc1p", "ltc1")
                else found.group()
            )
            _add(canvas, IndicatorKind.CRYPTO_WALLET, found, value, chain[1], chain[0])
        elif _MISTYPED.fullmatch(found.group()) and says(_WALLET_WORD, canvas.before(found.start(), 32)):
            name = "TRON" if found.group().startswith("T") else "BTC"
            _add(canvas, IndicatorKind.CRYPTO_WALLET, found, found.group(), False, name)
    for found in _BROKEN.finditer(text) if "\n" in text else ():
        _add_broken(canvas, found)
    if says(_SOLANA_WORD, text):
        _spot_solana(canvas)


def _add_broken(canvas: Canvas, found: re.Match[str]) -> None:
    """An address that a narrow screen broke over two lines, where its checksum proves that both belong
    together, or a hash of the right length under its name."""
    value = found["first"] + found["rest"]
    if not canvas.free(*found.span()):
        return
    chain = checksums.wallet_chain(value)
    if chain and chain[1]:
        _add(canvas, IndicatorKind.CRYPTO_WALLET, found, value, True, chain[0])
    elif _HASH.fullmatch(value) and says(_HASH_WORD, canvas.before(found.start(), 48)):
        _add(canvas, IndicatorKind.CRYPTO_TX, found, value.lower())


def _spot_solana(canvas: Canvas) -> None:
    for found in _SOLANA.finditer(canvas.text):
        near = canvas.before(found.start(), 32)
        if canvas.free(*found.span()) and says(_SOLANA_WORD, near) and checksums.solana(found.group()):
            _add(canvas, IndicatorKind.CRYPTO_WALLET, found, found.group(), None, "SOL")


def _add(
    canvas: Canvas,
    kind: IndicatorKind,
    found: re.Match[str],
    value: str,
    valid: bool | None = None,
    detail: str = "",
    group: str | int = 0,
) -> None:
    canvas.add(Spot(kind, value, *found.span(group), valid, detail))


# --------------------------------------------------------------------------------- numbers with a heading

_ORDER = re.compile(
    r"(?:订单编?号?|单号|交易单?号|交易编号|流水号|商户(?:订)?单号|转账单号|转账编号|凭证号|受理编?号"
    r"|工单编?号|快递单号|运单号|参考号|回单编?号"
    r"|(?<![a-z])(?:order|transaction|trans|confirmation|tracking|invoice|booking|case|payment)\s?"
    r"(?:no|number|num|id|ref|reference|code|#)|(?<![a-z])(?:reference|ref)(?:\s?(?:no|number|code|id))?"
    r"|(?<![a-z])order\s?#)"
    r"(?![a-z])[.:：#\s是为is(（]{0,5}"
    r"(?P<value>[0-9]{4}(?: [0-9]{4}){2,8}(?![0-9])|[A-Za-z0-9][A-Za-z0-9_/-]{4,46}[A-Za-z0-9])"
    r"(?![A-Za-z0-9_])",
    re.IGNORECASE,
)


_DIGIT = re.compile("[0-9]")
_ORDER_WORD = re.compile("单|号|order|trans|confirm|tracking|invoice|booking|case|payment|ref")


def spot_orders(canvas: Canvas) -> None:
    """Order, transaction and reference numbers that a heading announces; they hold at least three digits."""
    if not _DIGIT.search(canvas.text) or not _ORDER_WORD.search(canvas.lower):
        return
    for found in _ORDER.finditer(canvas.text):
        value = found["value"].replace(" ", "")
        digits = sum(character.isdigit() for character in value)
        if digits >= 3 and canvas.free(*found.span("value")):
            _add(canvas, IndicatorKind.ORDER_NUMBER, found, value, group="value")


_ID_CARD = re.compile(
    rf"{_START}[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}[0-9Xx]{_END}"
)
_ID_WORD = re.compile(r"身份证|证件号|id card", re.IGNORECASE)
_CREDIT_CODE = re.compile(rf"{_START}[0-9A-HJ-NPQRTUWXY]{{2}}[0-9]{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}{_END}")
_CREDIT_WORD = re.compile(r"信用代码|税号|营业执照|纳税人识别号|注册号")
_COMPANY_GB = re.compile(
    r"(?:company\s(?:registration\s)?(?:no|number|reg)|registered\sin\s(?:england|scotland|wales)[a-z\s]{0,16}?"
    r"(?:no|number|under)?)[.:\s#]{0,4}(?P<value>(?:[0-9]{8}|(?:SC|NI|OC|SO|NC)[0-9]{6}))(?![A-Za-z0-9])",
    re.IGNORECASE,
)


_SIX_DIGITS = re.compile("[0-9]{6}")


def spot_identities(canvas: Canvas) -> None:
    """Identity cards and company numbers. A wrong check digit counts only where a word says what it is."""
    if not _SIX_DIGITS.search(canvas.text):
        return
    for found in _ID_CARD.finditer(canvas.text):
        value = found.group().upper()
        right = checksums.id_card(value)
        if canvas.free(*found.span()) and (right or says(_ID_WORD, canvas.before(found.start()))):
            _add(canvas, IndicatorKind.ID_CARD, found, value, right)
    for found in _CREDIT_CODE.finditer(canvas.text):
        right = checksums.social_credit_code(found.group())
        named = says(_CREDIT_WORD, canvas.before(found.start()))
        if canvas.free(*found.span()) and (named or (right and found.group()[:2] in ("91", "92", "93"))):
            _add(canvas, IndicatorKind.COMPANY_ID, found, found.group(), right, "CN")
    for found in _COMPANY_GB.finditer(canvas.text):
        if canvas.free(*found.span("value")):
            _add(canvas, IndicatorKind.COMPANY_ID, found, found["value"].upper(), None, "GB", "value")


# ---------------------------------------------------------------------------------------- bank accounts

_IBAN = re.compile(rf"{_START}[A-Z]{{2}}[0-9]{{2}}(?:\s?[A-Z0-9]){{11,30}}")
_SORT_CODE = re.compile(
    r"(?:sort\s?code[:\s]{0,3}(?:is\s)?)?(?<![0-9])(?P<sort>[0-9]{2}(?:[- ][0-9]{2}){2}|[0-9]{6})(?![0-9])"
    r"(?P<gap>[^0-9]{1,48})(?P<account>[0-9]{8})(?![0-9])",
    re.IGNORECASE,
)
_ACCOUNT_THEN_SORT = re.compile(
    r"(?<![0-9])(?P<account>[0-9]{8})(?P<gap>[^0-9]{1,48})"
    r"(?P<sort>[0-9]{2}(?:[- ][0-9]{2}){2}|[0-9]{6})(?![0-9])",
    re.IGNORECASE,
)
_SORT_WORD = re.compile(r"sort\s?code|(?<![a-z])s/?c(?![a-z])", re.IGNORECASE)
_CARD = re.compile(
    rf"{_START}(?:[0-9]{{15,19}}|[0-9]{{4}}(?:[ \n-][0-9]{{4}}){{2}}[ \n-][0-9]{{3,4}}(?:[ -][0-9]{{1,3}})?"
    rf"|[0-9]{{6}}[ -][0-9]{{9,13}}|[0-9]{{4}}[ -][0-9]{{6}}[ -][0-9]{{5}}){_END}"
)
_CARD_WORD = re.compile(
    r"卡号|银行卡|储蓄卡|借记卡|信用卡|收款卡|卡[:：]|打到|转到|转至|汇到|card|debit|credit|pan(?![a-z])",
    re.IGNORECASE,
)
_PLATFORM_ACCOUNT = re.compile(
    r"(?:游戏|平台|会员|登录|登陆|微信|支付宝|qq|用户|推特|抖音)(?:的)?(?:账号|帐号|账户|帐户)", re.IGNORECASE
)
_ACCOUNT = re.compile(
    r"(?:账号|帐号|账户|帐户|卡号|户头|(?<![a-z])(?:account|acct|acc|a/c)(?:\s?(?:no|number|num|#))?)"
    r"(?:是|为|is|[.:：#\s（(]){0,5}"
    rf"(?P<value>[0-9](?:[ -]?[0-9]){{5,29}}){_END}",
    re.IGNORECASE,
)
_NEXT_LINE = re.compile(r" ?\n {0,8}[0-9]{2}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")

# Issuer ranges by first digits and card lengths: ISO/IEC 7812 registrations as the schemes publish them
# (UnionPay 62, 81, 60; Visa 4; Mastercard 51-55, 2221-2720; American Express 34, 37; JCB 3528-3589; the old
# 9558 of ICBC).
_RANGES = (
    (re.compile("62|81"), (16, 17, 18, 19)),
    (re.compile("60|69|68|65|64"), (16, 17, 18, 19)),
    (re.compile("9558"), (16, 18, 19)),
    (re.compile("4"), (16,)),
    (re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile("3[47]"), (15,)),
    (re.compile("35(?:2[89]|[3-8])"), (16,)),
)


_TWO_DIGITS = re.compile("[0-9]{2}")


def spot_accounts(canvas: Canvas) -> None:
    """IBANs, UK accounts, cards, then account numbers that a word announces."""
    if not _TWO_DIGITS.search(canvas.text):
        return
    for found in _IBAN.finditer(canvas.text):
        _add_iban(canvas, found)
    if "-" in canvas.text or says(_SORT_WORD, canvas.text):
        for pattern in (_SORT_CODE, _ACCOUNT_THEN_SORT):
            for found in pattern.finditer(canvas.text):
                _add_sort_code(canvas, found)
    for found in _CARD.finditer(canvas.text):
        _add_card(canvas, found)
    for found in _ACCOUNT.finditer(canvas.text) if canvas.has("账", "帐", "户", "卡号", "acc", "a/c") else ():
        _add_account(canvas, found)


def _add_iban(canvas: Canvas, found: re.Match[str]) -> None:
    """The run may have taken following words in, so it is cut to the length that its country has."""
    length = checksums.IBAN_LENGTHS.get(found.group()[:2], 0)
    taken = _first_marks(found.group(), length)
    if not taken or canvas.text[found.start() + taken : found.start() + taken + 1].isalnum() is True:
        return
    end = found.start() + taken
    value = re.sub(r"\s", "", canvas.text[found.start() : end])
    right = checksums.iban(value)
    if canvas.free(found.start(), end) and (right or "iban" in canvas.before(found.start(), 12)):
        canvas.add(Spot(IndicatorKind.IBAN, value, found.start(), end, right, value[:2]))


def _first_marks(text: str, count: int) -> int:
    """Characters of `text` that hold its first `count` non-space characters; 0 when there are fewer."""
    seen = 0
    for position, character in enumerate(text):
        seen += not character.isspace()
        if count and seen == count:
            return position + 1
    return 0


def _add_sort_code(canvas: Canvas, found: re.Match[str]) -> None:
    around = canvas.before(found.start()) + found.group()
    dashed = found["sort"].count("-") == 2
    if not canvas.free(*found.span()) or not (
        says(_SORT_WORD, around) or (dashed and found["gap"].isspace())
    ):
        return
    digits = re.sub("[- ]", "", found["sort"])
    start = min(found.start("sort"), found.start("account"))
    end = max(found.end("sort"), found.end("account"))
    value = f"{digits[:2]}-{digits[2:4]}-{digits[4:]} {found['account']}"
    canvas.add(Spot(IndicatorKind.BANK_ACCOUNT, value, start, end, None, "GB"))


def _add_card(canvas: Canvas, found: re.Match[str]) -> None:
    digits = re.sub("[ \n-]", "", found.group())
    if not 15 <= len(digits) <= 19 or not canvas.free(*found.span()):
        return
    before = canvas.before(found.start(), 16)
    right, issued = checksums.luhn(digits), _in_issuer_range(digits)
    named = says(_CARD_WORD, before)
    whole = "\n" not in found.group()
    if (right and (issued or named)) or (named and whole and not right):
        _add(canvas, IndicatorKind.BANK_CARD, found, digits, right)


def _in_issuer_range(digits: str) -> bool:
    return any(prefix.match(digits) and len(digits) in lengths for prefix, lengths in _RANGES)


def _add_account(canvas: Canvas, found: re.Match[str]) -> None:
    digits = re.sub("[ -]", "", found["value"])
    start, end = found.span("value")
    heading = canvas.before(found.start(), 4) + found.group().lower()
    if (
        _MOBILE.fullmatch(digits)
        or _PLATFORM_ACCOUNT.match(heading.lstrip())
        or says(_PLATFORM_ACCOUNT, heading)
    ):
        return
    if " " in found["value"] and _NEXT_LINE.match(canvas.text, end):
        return  # the groups go on in the next line, and half a number is nobody's account
    if len(digits) >= 6 and canvas.free(start, end):
        canvas.add(Spot(IndicatorKind.BANK_ACCOUNT, digits, start, end))
