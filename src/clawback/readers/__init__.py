"""One file per format, behind one contract (`contract.py`), each file read in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence

from clawback.readers.alipay_bill import AlipayBill
from clawback.readers.archive import ArchiveReader
from clawback.readers.bank_table import BankTable
from clawback.readers.chat_text import ChatTextReader
from clawback.readers.contract import Peek, Reader, Sureness
from clawback.readers.discord import DiscordReader
from clawback.readers.email_message import EmailReader
from clawback.readers.html_page import HtmlPageReader
from clawback.readers.image_ocr import ImageReader
from clawback.readers.messenger import MessengerReader
from clawback.readers.ofx import Ofx
from clawback.readers.pdf_text import PdfReader
from clawback.readers.plain_text import PlainTextReader
from clawback.readers.sms_backup import SmsBackupReader
from clawback.readers.statement import StatementReader
from clawback.readers.telegram import TelegramReader
from clawback.readers.telegram_page import TelegramPageReader
from clawback.readers.wechat_bill import WechatBill
from clawback.readers.wechat_chat import WeChatTableReader
from clawback.readers.whatsapp import WhatsAppReader

BUILTIN_READERS: tuple[Reader, ...] = (
    AlipayBill(),
    WechatBill(),
    Ofx(),
    BankTable(),
    EmailReader(),
    PdfReader(),
    ArchiveReader(),
    ImageReader(),
    WhatsAppReader(),
    TelegramReader(),
    StatementReader(),
    PlainTextReader(),
    WeChatTableReader(),
    ChatTextReader(),
    MessengerReader(),
    DiscordReader(),
    SmsBackupReader(),
    TelegramPageReader(),
    HtmlPageReader(),
)
"""In order of preference when two are equally sure. Heavy libraries are imported inside `read`."""


def choose(peek: Peek, readers: Sequence[Reader] | None = None) -> Reader | None:
    """The reader (of all, or of `readers`) that is surest of this file, or None when none recognises it."""
    known = BUILTIN_READERS if readers is None else readers
    rated = [(reader.identify(peek), -place, reader) for place, reader in enumerate(known)]
    best = max(rated, key=lambda entry: entry[:2], default=None)
    return best[2] if best and best[0] > Sureness.NO else None
