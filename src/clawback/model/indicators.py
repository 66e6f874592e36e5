"""Values that can tie a scam together: phones, cards, wallets, links, handles, order numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clawback.model.evidence import Source


class IndicatorKind(StrEnum):
    """The type of an indicator value. (Not a STIX Indicator: that is translated at the border.)"""

    PHONE = "phone"  # E.164: +8613800000000
    EMAIL = "email"  # lower case
    URL = "url"  # as written, re-fanged
    DOMAIN = "domain"  # registrable domain, lower case, punycode decoded in `detail`
    BANK_CARD = "bank_card"  # digits only, Luhn-checked
    BANK_ACCOUNT = "bank_account"  # digits without spaces, or sort code and account "20-00-00 12345678"
    IBAN = "iban"  # upper case without spaces, mod-97 checked
    CRYPTO_WALLET = "crypto_wallet"  # `detail` names the chain
    CRYPTO_TX = "crypto_tx"  # transaction hash
    WECHAT = "wechat"
    QQ = "qq"
    TELEGRAM = "telegram"  # without @, lower case
    WHATSAPP = "whatsapp"
    ORDER_NUMBER = "order_number"
    COMPANY_ID = "company_id"  # 统一社会信用代码, or a company number
    ID_CARD = "id_card"  # 居民身份证号: personal, masked in everything that leaves


@dataclass(frozen=True, slots=True)
class Indicator:
    """A typed, cleaned value with every place it was found.

    `valid`: True when a check digit or checksum proves the form, False when it contradicts it, None when
    the kind has none. `detail`: what the value itself tells (chain, country, issuer), or "".
    """

    kind: IndicatorKind
    value: str
    sources: tuple[Source, ...]
    valid: bool | None = None
    detail: str = ""
