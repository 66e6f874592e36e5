"""Amounts: a Decimal and a currency, never one without the other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# ISO 4217 minor units that differ from 2, and the tokens we meet. Source: ISO 4217 list; token decimals
# are those that the issuing contracts declare (USDT 6, BTC 8, ETH 18).
_MINOR_UNITS = {
    "JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "OMR": 3, "TND": 3,
    "USDT": 6, "USDC": 6, "TRX": 6, "BTC": 8, "ETH": 18,
}  # fmt: skip


def minor_units(currency: str) -> int:
    """Digits after the point in which `currency` is counted (2 unless known otherwise)."""
    return _MINOR_UNITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact sum. `currency`: ISO 4217 code or token code (USDT, BTC), upper case."""

    value: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.value.is_finite():
            raise ValueError("an Amount needs a finite value")
        if not self.currency or self.currency != self.currency.upper():
            raise ValueError("an Amount needs an upper-case currency code")

    def __add__(self, other: Amount) -> Amount:
        self._same(other)
        return Amount(self.value + other.value, self.currency)

    def __sub__(self, other: Amount) -> Amount:
        self._same(other)
        return Amount(self.value - other.value, self.currency)

    def __lt__(self, other: Amount) -> bool:
        self._same(other)
        return self.value < other.value

    def _same(self, other: Amount) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    @property
    def text(self) -> str:
        """Plain figure with at least the currency's minor digits: 3000 CNY -> "3000.00"."""
        places = -int(self.value.normalize().as_tuple().exponent)
        return f"{self.value:.{max(places, min(minor_units(self.currency), 2))}f}"
