"""Numbers that look real and belong to nobody: cards with a right check digit, order numbers, wallets."""

from __future__ import annotations

import hashlib
import random

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def card(stem: str) -> str:
    """`stem` with its Luhn check digit (ISO/IEC 7812-1): stems here are zeros after the issuer's digits."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(stem))]
    return stem + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def spaced(number: str) -> str:
    """In groups of four, as cards and apps print it."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def tron_wallet(seed: str) -> str:
    """A TRON address whose 20 bytes are a hash of `seed`: a right checksum and no known key."""
    body = b"\x41" + hashlib.sha256(seed.encode()).digest()[:20]
    number = int.from_bytes(body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4], "big")
    text = ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return text


def transaction_hash(seed: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(seed.encode()).hexdigest()


def serial(chance: random.Random, day: str, length: int) -> str:
    """A reference number of `length` digits that begins with the day (YYYYMMDD), as payment companies make them."""
    return day + "".join(chance.choice("0123456789") for _ in range(length - len(day)))
