"""Check digits and checksums: what the form of a number proves about itself.

Each check says only that a value is well formed, never that the account exists. Sources: ISO/IEC 7812-1
(Luhn), ISO 13616 (IBAN), GB 11643 and ISO/IEC 7064 MOD 11-2 (居民身份证号), GB 32100 (统一社会信用代码), the
Bitcoin wiki on Base58Check, BIP 173 and BIP 350 (bech32, bech32m), ERC-55 (mixed-case addresses).
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from Crypto.Hash import keccak

# Lengths by country: SWIFT IBAN Registry.
_IBAN_LENGTHS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 "
)
IBAN_LENGTHS = {code: int(length) for code, length in re.findall(r"([A-Z]{2})([0-9]{2})", _IBAN_LENGTHS)}
"""Length of an IBAN by country code."""


def luhn(digits: str) -> bool:
    """Does a string of ASCII digits end in its Luhn check digit?"""
    total = 0
    for position, character in enumerate(reversed(digits)):
        value = ord(character) - 48
        total += value if position % 2 == 0 else (2 * value - 9 if value > 4 else 2 * value)
    return total % 10 == 0


def iban(text: str) -> bool:
    """Is `text` (upper case, no spaces) an IBAN of a known country and length with right check digits?"""
    if IBAN_LENGTHS.get(text[:2]) != len(text) or not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", text):
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def id_card(text: str) -> bool:
    """Is `text` a 居民身份证号 of 18 places: a province code, a real birth date and its check character?"""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text) or not 11 <= int(text[:2]) <= 83:
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == text[17]


_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def social_credit_code(text: str) -> bool:
    """Is `text` a 统一社会信用代码 of 18 places (GB 32100) with its right check character?"""
    if len(text) != 18 or any(character not in _CREDIT_ALPHABET for character in text):
        return False
    total = sum(_CREDIT_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(text[:17]))
    return _CREDIT_ALPHABET[-total % 31] == text[17]


# ----------------------------------------------------------------------------------------------- wallets

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES = {character: value for value, character in enumerate(_BASE58)}
MAX_BASE58 = 120
"""Characters of base58 that are decoded: the work grows with the square of the length."""


def base58_decode(text: str) -> bytes | None:
    """The bytes of a base58 text, or None if it has a foreign character or is too long."""
    number = 0
    if len(text) > MAX_BASE58:
        return None
    for character in text:
        value = _BASE58_VALUES.get(character)
        if value is None:
            return None
        number = number * 58 + value
    leading = len(text) - len(text.lstrip("1"))
    return bytes(leading) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58check(text: str) -> bytes | None:
    """Version byte and payload of a Base58Check text, or None when its checksum is wrong."""
    raw = base58_decode(text)
    if raw is None or len(raw) < 5:
        return None
    body, check = raw[:-4], raw[-4:]
    return body if hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check else None


_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
BECH32_CONSTANTS = {1: "bech32", 0x2BC830A3: "bech32m"}


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check


def bech32_decode(text: str) -> tuple[str, list[int], str] | None:
    """Human-readable part, data without checksum (5-bit values) and variant, or None (BIP 173, BIP 350)."""
    if len(text) > 90 or (text.lower() != text and text.upper() != text):
        return None
    lower = text.lower()
    hrp, separator, rest = lower.rpartition("1")
    if not separator or not hrp or len(rest) < 6 or any(not 33 <= ord(c) <= 126 for c in hrp):
        return None
    data = [_BECH32.find(character) for character in rest]
    if -1 in data:
        return None
    expanded = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    variant = BECH32_CONSTANTS.get(_polymod(expanded + data))
    return (hrp, data[:-6], variant) if variant else None


def segwit(text: str, hrp: str) -> bool:
    """Is `text` a native SegWit address of the network `hrp`: version, program and variant all agree?"""
    decoded = bech32_decode(text)
    if decoded is None or decoded[0] != hrp or not decoded[1]:
        return False
    version, program = decoded[1][0], _regrouped(decoded[1][1:])
    if version > 16 or program is None or not 2 <= len(program) <= 40:
        return False
    if version == 0 and len(program) not in (20, 32):
        return False
    return decoded[2] == ("bech32" if version == 0 else "bech32m")


def _regrouped(values: list[int]) -> bytes | None:
    """5-bit values as bytes; None when the padding is too long or not zero."""
    bits, count, out = 0, 0, bytearray()
    for value in values:
        bits, count = bits << 5 | value, count + 5
        if count >= 8:
            count -= 8
            out.append(bits >> count & 0xFF)
            bits &= (1 << count) - 1
    return bytes(out) if count < 5 and not bits else None


def ethereum(address: str) -> bool | None:
    """ERC-55 of a 0x address: True when its capitals are the checksum, False when they contradict it,
    None when it is written in one case and so carries none."""
    digits = address[2:]
    if digits in (digits.lower(), digits.upper()):
        return None
    digest = keccak.new(digest_bits=256, data=digits.lower().encode()).hexdigest()
    right = "".join(c.upper() if int(h, 16) >= 8 else c for c, h in zip(digits.lower(), digest, strict=False))
    return digits == right


# Version bytes: the chains' own chain parameters (Bitcoin and Litecoin Core chainparams.cpp, TRON protocol).
_BASE58_CHAINS = {0x00: "BTC", 0x05: "BTC", 0x41: "TRON", 0x30: "LTC", 0x32: "LTC", 0x1E: "DOGE"}
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")


def wallet_chain(address: str) -> tuple[str, bool | None] | None:
    """Chain of a wallet address and what its checksum says (as `Indicator.valid`); None: no address at all.

    Chains: BTC, LTC, DOGE, TRON, XMR, ETH (any EVM chain looks the same). A wrong checksum in a bech32 or
    base58check form is None here: without it nothing says that it is an address.
    """
    if _ETHEREUM.fullmatch(address):
        return "ETH", ethereum(address)
    for hrp, chain in (("bc", "BTC"), ("ltc", "LTC")):
        if address.lower().startswith(hrp + "1"):
            return (chain, True) if segwit(address, hrp) else None
    if monero(address):
        return "XMR", True
    body = base58check(address)
    if body is not None and len(body) == 21 and body[0] in _BASE58_CHAINS:
        return _BASE58_CHAINS[body[0]], True
    return None


_MONERO = re.compile(r"[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}")


def monero(address: str) -> bool:
    """Is `address` a standard Monero address: blocks of 11 base58 characters, Keccak-256 checksum?"""
    if not _MONERO.fullmatch(address):
        return False
    raw = b""
    for start in range(0, 95, 11):
        block, size = address[start : start + 11], 8 if start < 88 else 5
        number = 0
        for character in block:
            number = number * 58 + _BASE58_VALUES[character]
        if number >> 8 * size:
            return False
        raw += number.to_bytes(size, "big")
    return keccak.new(digest_bits=256, data=raw[:-4]).digest()[:4] == raw[-4:]


def solana(address: str) -> bool:
    """Could `address` be a Solana account: 32 bytes in base58? The form has no checksum."""
    raw = base58_decode(address)
    return raw is not None and len(raw) == 32


def sort_code_account(sort_code: str, account: str) -> bool:
    """Form of a UK account: six digits and eight. The Vocalink modulus tables are not part of this."""
    return bool(re.fullmatch(r"[0-9]{6}", sort_code) and re.fullmatch(r"[0-9]{8}", account))
