"""Fixed words of every paper that belong to no single form: gaps, references, vocabularies, furniture."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("待补充", "to be completed"),
    "unknown": ("不详", "not stated"),
    "ref.open": ("〔证据", "[Exhibit "),
    "ref.comma": ("、", ", "),
    "ref.close": ("〕", "]"),
    "rmb": ("人民币", "RMB "),
    "list.comma": ("、", ", "),
    "cut": ("……（节录）", " … (extract)"),
    "more.messages": (
        "本表只列与款项和对方标识有关的消息，另有{n}条见所列原件。",
        "Only messages about the money or the other side's details are listed; {n} more in the originals.",
    ),
    "more.rows": ("另有{n}行未列入，见所列原件。", "{n} more rows are not listed; see the originals."),
    "zone.assumed": ("，时区为推定", ", zone assumed"),
    "zone.all": ("本表时间均为{zone}。", "All times in this table: {zone}."),
}
"""key: (zh, en). Everything else that is fixed stands in the forms."""

VOCABULARIES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "chance": {
        "pending": ("可能还没到账，可以撤回", "may not have been credited yet: can be cancelled"),
        "fresh": ("24小时内，现在就打", "within 24 hours: call now"),
        "days": ("72小时内，今天就打", "within 72 hours: call today"),
        "late": (
            "已过72小时，仍要报：后面的账户还可能冻住",
            "over 72 hours: report all the same, later accounts may still hold it",
        ),
        "unknown": ("时间不详，先打电话问", "time not known: call and ask"),
    },
    "method": {
        "alipay": ("支付宝", "Alipay"),
        "wechat_pay": ("微信支付", "WeChat Pay"),
        "bank_transfer": ("银行转账", "bank transfer"),
        "card": ("银行卡支付", "card payment"),
        "crypto": ("虚拟货币转账", "crypto transfer"),
        "wallet": ("第三方支付", "e-wallet"),
        "cash": ("现金", "cash"),
    },
    "status": {
        "completed": ("已完成", "completed"),
        "pending": ("处理中", "pending"),
        "failed": ("未成功", "failed"),
        "returned": ("已退回", "returned"),
        "unknown": ("不详", "not known"),
    },
    "grade": {
        "platform_export": ("平台导出文件", "platform export"),
        "signed_email": ("签名有效的邮件", "e-mail, signature valid"),
        "email": ("邮件原文", "e-mail source"),
        "page_capture": ("现场网页留存", "page capture"),
        "document": ("文档", "document"),
        "chat_export": ("聊天导出文件", "chat export"),
        "screenshot": ("截图", "screenshot"),
        "photo": ("翻拍照片", "photo"),
        "statement": ("本人陈述", "own statement"),
        "ungraded": ("来源未定", "origin not graded"),
    },
    "outcome": {
        "ok": ("已读取", "read"),
        "partial": ("部分读取", "read in part"),
        "unread": ("未能读取", "not read"),
        "waiting": ("未读取", "not read yet"),
    },
    "kind": {
        "phone": ("电话", "phone"),
        "email": ("邮箱", "e-mail"),
        "url": ("网址", "web address"),
        "domain": ("域名", "domain"),
        "bank_card": ("银行卡号", "bank card"),
        "bank_account": ("银行账号", "bank account"),
        "iban": ("国际银行账号", "IBAN"),
        "crypto_wallet": ("虚拟货币地址", "crypto wallet"),
        "crypto_tx": ("链上交易号", "crypto transaction"),
        "wechat": ("微信号", "WeChat"),
        "qq": ("QQ号", "QQ"),
        "telegram": ("Telegram", "Telegram"),
        "whatsapp": ("WhatsApp", "WhatsApp"),
        "order_number": ("订单号", "order number"),
        "company_id": ("企业代码", "company number"),
    },
}
"""Words for the values of our own enumerations. A value that is not here is shown as missing."""


def word(key: str, lang: str) -> str:
    """The fixed word `key` in `lang`."""
    zh, en = WORDS[key]
    return zh if lang == "zh" else en


def term(vocabulary: str, value: str, lang: str) -> str | None:
    """The word for an enumeration value, or None when there is none."""
    pair = VOCABULARIES[vocabulary].get(value)
    return None if pair is None else pair[0 if lang == "zh" else 1]
