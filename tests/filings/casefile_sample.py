"""A hand-built case file: one player, three payments, one refund, chats, statements, exhibits of every kind.

Everything is invented: people, card numbers of test ranges, domains under .example.
"""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from decimal import Decimal

from PIL import Image, ImageDraw

from clawback.filings.contents import Drawn, Originals
from clawback.model.card import Card, CardLine, Chance, Fact
from clawback.model.case import Case, Party, Role
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, AccountKind, Direction, Message, Method, Statement, Transfer
from clawback.model.events import TransferStatus as Status
from clawback.model.evidence import Exhibit, Grade, Locator, Outcome, Source
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.ledger import LedgerEntry, Loss, Scope
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.model.plan import Basis, Channel, Confidence, Plan

NOW = datetime(2026, 9, 12, 2, 0, tzinfo=UTC)

BILL_ROWS = {
    25: "2026-09-10 21:05:33,转账,刘测试,6222000000000009,12000.00,交易成功,2026091022001400000001",
    26: "2026-09-10 21:40:02,转账,王样本,6200000000000005,3050.50,交易成功,2026091022001400000002",
    27: "2026-09-11 08:12:45,转账,示例数码店,shop@shuma.example,8000.00,交易成功,2026091122001400000003",
    28: "2026-09-11 09:00:00,退款,刘测试,6222000000000009,500.00,退款成功,2026091122001400000004",
    29: "2026-09-11 12:30:00,餐饮,隔壁面馆,noodle@mian.example,18.00,交易成功,2026091122001400000005",
}
BILL = (
    "交易时间,交易分类,交易对方,对方账号,金额,交易状态,交易订单号\n" + "\n".join(BILL_ROWS.values())
).encode("gb18030")
CHAT_LINES = (
    "[2026-09-10 20:58] 客服小美：您好，充值12000元即可提现全部余额",
    "[2026-09-10 21:06] 我：已经转了",
    "[2026-09-10 21:30] 客服小美：还需要缴纳保证金3050.50元，转到 6200000000000005",
    "[2026-09-11 08:20] 客服小美：系统升级，请联系 19900000001 或打开 https://pay.wanjia.example/u/8?id=3",
    "[2026-09-11 20:00] 我：为什么账号被冻结了？",
)


def moment(text: str, basis: ZoneBasis = ZoneBasis.FORMAT) -> Moment:
    precision = Precision.SECOND if text.count(":") == 2 else Precision.MINUTE
    return Moment(datetime.fromisoformat(f"{text}+08:00"), precision, basis)


def bill_source(row: int) -> Source:
    return Source(1, Locator(row=row), BILL_ROWS[row], "alipay_csv", "1")


def entry(
    row: int, amount: str, when: str, payee: Account, reference: str, *,
    scope: Scope = Scope.IN, direction: Direction = Direction.OUT, status: Status = Status.COMPLETED,
    payer: Account | None = None, extra: tuple[Source, ...] = (), currency: str = "CNY",
) -> LedgerEntry:  # fmt: skip
    own = payer or Account("陈示例", "示例银行北城支行", "6222000000000017", AccountKind.CARD)
    there, here = (own, payee) if direction is Direction.OUT else (payee, own)
    transfer = Transfer(
        direction, Amount(Decimal(amount), currency), moment(when), status, Method.ALIPAY, there, here,
        (bill_source(row), *extra), reference=reference,
    )  # fmt: skip
    return LedgerEntry(transfer, (transfer.id,), (), scope, ())


def message(line: int) -> Message:
    text = CHAT_LINES[line]
    when, rest = text[1:17].replace(" ", "T"), text[19:]
    sender, _, words = rest.partition("：")
    source = Source(2, Locator(line=line + 1), text, "wechat_text", "1")
    return Message(
        moment(when, ZoneBasis.ASSUMED),
        sender,
        words,
        "wechat",
        (source,),
        own=sender == "我",
        conversation="客服小美",
    )


def statement(number: int, question: str, value: str) -> Statement:
    source = Source(8, Locator(item=str(number)), value, "answers", "1")
    return Statement(question, value, moment("2026-09-12 09:30".replace(" ", "T")), (source,))


ANSWERS = {
    "situation": "withdrawal_refused",
    "user.name": "陈示例",
    "user.phone": "19900000099",
    "user.id_number": "110101199001010015",
    "user.address": "示例市北城区样本路1号",
    "user.bank": "示例银行北城支行",
    "platform.name": "万家娱乐",
    "platform.account": "wj20260901",
    "who_pressed_send": "me",
    "contact_began": "2026年9月1日从朋友圈广告下载",
    "withdrawal_amount": "18000 元",
    "balance_shown": "36500 元",
    "refusal_reason": "充值12000元后才能提现",
    "what_was_promised": "充值12000元后可以提现全部余额",
    "what_was_true": "转账后仍不能提现，9月11日账号被冻结",
    "fee_words": "保证金，3050.50元",
    "demand": "refund,damages",
    "seller_is_business": "yes",
    "dates.discovered": "2026-09-11",
}
BRITISH_ANSWERS = {
    "situation": "app_payment",
    "user.name": "Alex Sample",
    "user.phone": "07700 900123",
    "user.address": "1 Example Street, Sampletown",
    "user.bank": "Example Bank plc",
    "who_pressed_send": "me",
    "card_type": "credit",
    "goods_problem": "not_delivered",
    "contact_began": "An advertisement on 1 September 2026",
    "what_was_promised": "A return of ten per cent within a week",
    "what_was_true": "No return, and the account was closed on 11 September",
    "dates.discovered": "2026-09-11",
    "vulnerable": "Recently bereaved",
}


def exhibit(number: int, name: str, data: bytes, media: str, grade: Grade, **more: object) -> Exhibit:
    settings: dict[str, object] = {"outcome": Outcome.OK, **more}
    return Exhibit(
        number, (name,), hashlib.sha256(data).hexdigest(), len(data), media,
        datetime(2026, 9, 12, 1, 0, number, tzinfo=UTC), grade=grade, **settings,  # type: ignore[arg-type]
    )  # fmt: skip


def exhibits(files: dict[int, bytes]) -> tuple[Exhibit, ...]:
    return (
        exhibit(1, "支付宝交易明细(20260901-20260911).csv", files[1], "text/csv", Grade.PLATFORM_EXPORT),
        exhibit(2, "客服小美聊天记录.txt", files[2], "text/plain", Grade.CHAT_EXPORT),
        exhibit(3, "提现被拒.png", files[3], "image/png", Grade.SCREENSHOT),
        exhibit(4, "平台规则.pdf", files[4], "application/pdf", Grade.DOCUMENT),
        exhibit(5, "充值确认.eml", files[5], "message/rfc822", Grade.EMAIL),
        exhibit(
            6, "录音.amr", files[6], "audio/amr", Grade.UNGRADED, outcome=Outcome.UNREAD, reason="no_reader"
        ),
        exhibit(7, "收据翻拍.jpg", files[7], "image/jpeg", Grade.PHOTO, outcome=Outcome.PARTIAL),
        exhibit(8, "answers.json", files[8], "application/json", Grade.STATEMENT),
    )


def real_files() -> dict[int, bytes]:
    """The same with real pictures and a real two-page document, for papers that show them."""
    files = plain_files()
    page = Image.new("RGB", (540, 1170), "#EDEDED")
    for offset in range(0, 1100, 110):
        ImageDraw.Draw(page).rounded_rectangle((30, 30 + offset, 420, 100 + offset), 12, fill="#95EC69")
    for number, kind, more in (
        (3, "PNG", {}),
        (7, "JPEG", {}),
        (4, "PDF", {"save_all": True, "append_images": [page]}),
    ):
        made = io.BytesIO()
        page.save(made, kind, **more)
        files[number] = made.getvalue()
    return files


def plain_files() -> dict[int, bytes]:
    files = {number: f"exhibit {number}".encode() for number in range(1, 9)}
    files[1], files[2] = BILL, "\n".join(CHAT_LINES).encode()
    return files


def entries(currency: str = "CNY") -> tuple[LedgerEntry, ...]:
    chat = Source(2, Locator(line=1), CHAT_LINES[0], "wechat_text", "1")
    liu = Account("刘测试", "样本商业银行", "6222000000000009", AccountKind.CARD)
    wang = Account("王样本", None, "6200000000000005", AccountKind.CARD)
    shop = Account("示例数码店", "支付宝", "shop@shuma.example", AccountKind.WALLET)
    noodle = Account("隔壁面馆", "支付宝", "noodle@mian.example", AccountKind.WALLET)
    return (
        entry(
            25,
            "12000.00",
            "2026-09-10T21:05:33",
            liu,
            "2026091022001400000001",
            extra=(chat,),
            currency=currency,
        ),
        entry(26, "3050.50", "2026-09-10T21:40:02", wang, "2026091022001400000002", currency=currency),
        entry(27, "8000.00", "2026-09-11T08:12:45", shop, "2026091122001400000003", currency=currency),
        entry(
            28,
            "500.00",
            "2026-09-11T09:00:00",
            liu,
            "2026091122001400000004",
            direction=Direction.IN,
            status=Status.RETURNED,
            currency=currency,
        ),
        entry(
            29,
            "18.00",
            "2026-09-11T12:30:00",
            noodle,
            "2026091122001400000005",
            scope=Scope.OUT,
            currency=currency,
        ),
    )


def indicators() -> tuple[Indicator, ...]:
    def seen(line: int) -> tuple[Source, ...]:
        return (Source(2, Locator(line=line), CHAT_LINES[line - 1], "wechat_text", "1"),)

    return (
        Indicator(IndicatorKind.PHONE, "+8619900000001", seen(4)),
        Indicator(IndicatorKind.URL, "https://pay.wanjia.example/u/8?id=3", seen(4)),
        Indicator(IndicatorKind.BANK_CARD, "6200000000000005", seen(3), valid=True),
        Indicator(IndicatorKind.BANK_CARD, "6222000000000009", (bill_source(25),), valid=True),
        Indicator(IndicatorKind.EMAIL, "noodle@mian.example", (bill_source(29),)),
    )


def channel() -> Channel:
    basis = Basis("规则样本", "https://law.example/1", Confidence.PRIMARY, NOW.date())
    return Channel("cn.police", "公安机关", "Police", "110", None, basis)


def card(listed: tuple[LedgerEntry, ...]) -> Card:
    return Card(tuple(card_line(e) for e in listed[:3]), channel(), "", "")


def card_line(one: LedgerEntry) -> CardLine:
    t, sources = one.transfer, one.transfer.sources
    assert t.moment is not None
    texts = {
        "payer_name": t.payer.name, "paying_institution": t.payer.institution,
        "paying_account": t.payer.number,
        "moment": t.moment.instant.isoformat(), "amount": f"{t.amount.text} {t.amount.currency}",
        "method": t.method.value, "reference": t.reference, "payee_name": t.payee.name,
        "payee_account": t.payee.number, "payee_institution": t.payee.institution,
    }  # fmt: skip
    facts = tuple(Fact(key, text, sources if text else ()) for key, text in texts.items())
    return CardLine(
        one.id, facts, Chance.DAYS, channel(), "我被骗了，请帮我做紧急止付。", "I have been scammed."
    )


def casefile(
    jurisdiction: str = "cn", files: dict[int, bytes] | None = None, answers: dict[str, str] | None = None
) -> CaseFile:
    currency = "CNY" if jurisdiction == "cn" else "GBP"
    listed = entries(currency)
    given = answers if answers is not None else ANSWERS if jurisdiction == "cn" else BRITISH_ANSWERS
    sums = [Amount(Decimal(v), currency) for v in ("23050.50", "500.00", "22550.50", "0")]
    return CaseFile(
        case=Case("c7f3a9d24be1", jurisdiction, "zh", "Asia/Shanghai", NOW, False),
        now=NOW,
        exhibits=exhibits(files or plain_files()),
        messages=tuple(message(n) for n in range(len(CHAT_LINES))),
        statements=tuple(statement(n, q, v) for n, (q, v) in enumerate(given.items(), start=1)),
        indicators=indicators(),
        parties=(Party(("客服小美",), Role.SUBJECT, ("+8619900000001",), ()),),
        entries=listed,
        possible_matches=(),
        losses=(Loss(currency, sums[0], sums[1], sums[2], sums[3], tuple(e.id for e in listed[:4])),),
        timeline=(),
        card=card(listed),
        plan=Plan(jurisdiction, "1", (), NOW, (), (), (), ()),
        problems=(),
        log_size=17,
        log_root=hashlib.sha256(b"log").hexdigest(),
    )


def a_jpeg(width: int = 60, height: int = 90) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#95EC69").save(made, "JPEG")
    return made.getvalue()


def originals(files: dict[int, bytes], **drawn: Drawn) -> Originals:
    """`files` by number; every picture is drawn as one page and every document as two, or as `e3=Drawn(...)`
    says for exhibit 3."""

    def draw(exhibit: Exhibit, data: bytes, most: int) -> Drawn:
        count = 2 if exhibit.media_type == "application/pdf" else 1
        told = drawn.get(f"e{exhibit.number}", Drawn((a_jpeg(),) * count, count))
        return Drawn(told.pages[:most], told.count)

    return Originals(lambda number: io.BytesIO(files[number]), draw)
