"""Payment receipts and bill pages: one big amount and rows of label and value.

The labels are those printed by the payment pages of Alipay, WeChat Pay, Chinese banks, crypto exchanges and
British banks. A page is a receipt when an amount stands alone and at least two labels are known.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from decimal import Decimal

from clawback.model.events import Account, AccountKind, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Problem, Severity, Source
from clawback.model.moments import Moment, ZoneBasis
from clawback.model.money import Amount
from clawback.readers import checksums
from clawback.readers.contract import ReadingContext, SourceMaker
from clawback.readers.screen_layout import Screen, ScreenLine, Understood, at, rows_of
from clawback.readers.screen_text import Figure, parse_figure, parse_moment

_LABELS: dict[str, tuple[str, ...]] = {
    "payee_name": (
        "收款方", "收款人", "收款户名", "收款人姓名", "收款方姓名", "收款方户名", "收款方全称", "收款人名称",
        "商户全称", "商家全称", "To", "Payee", "Recipient", "Paid to", "Beneficiary", "Payee name",
        "店铺", "店铺名称", "卖家", "商家",
    ),
    "other_party": ("对方账户", "对方户名", "对方"),
    "payee_account": (
        "收款账号", "收款账户", "收款卡号", "收款人账号", "收款方账号", "对方账号", "对方卡号", "地址",
        "提币地址", "收款地址", "提现地址", "Account number", "IBAN", "Address", "Withdrawal address",
    ),
    "sort_code": ("Sort code",),
    "payee_bank": ("收款银行", "收款行", "收款方银行", "收款开户行", "开户行", "对方银行", "Bank"),
    "payer_name": ("付款人", "付款方", "付款户名", "付款人姓名", "付款人名称"),
    "payer_account": ("付款账号", "付款卡号", "付款账户", "转出账户", "付款人账号"),
    "payer_bank": ("付款银行", "付款行", "付款开户行"),
    "means": ("付款方式", "支付方式"),
    "paid_at": ("支付时间", "付款时间", "转账时间", "交易时间"),
    "made_at": ("创建时间", "时间", "提交时间", "Date", "Time", "Date and time", "日期", "交易日期"),
    "received_at": ("收款时间", "到账时间", "完成时间", "退款时间"),
    "reference": (
        "订单号", "转账单号", "交易单号", "交易流水号", "流水号", "交易号", "回单编号", "电子回单号", "TxID",
        "TxHash", "交易哈希", "Transaction ID", "Reference number", "Reference",
    ),
    "merchant_reference": ("商户订单号", "商户单号", "商家订单号", "订单编号"),
    "note": ("商品", "商品说明", "转账备注", "转账说明", "附言", "备注", "用途", "摘要", "转账留言"),
    "status": ("当前状态", "交易状态", "状态", "Status"),
    "amount": ("金额", "转账金额", "交易金额", "付款金额", "支付金额", "提币数量", "Amount"),
    "quantity": ("数量",),
    "paid_amount": ("实付款", "实付金额", "实付", "实际支付"),
    "fee": ("手续费", "服务费", "网络手续费", "矿工费", "Fee", "Network fee"),
    "network": ("网络", "主网", "转账网络", "Network"),
    "unused": (
        "From", "账单分类", "标签和备注", "订单金额", "付款至", "到账账户", "Type",
        "下单时间", "签收时间", "收货人", "发货时间", "收货地址",
    ),
}  # fmt: skip
_FIELD_OF = {"".join(label.split()).lower(): name for name, labels in _LABELS.items() for label in labels}

_WORDS_FAILED = ("失败", "已关闭", "交易关闭", "已撤回", "已退还", "Failed", "Cancelled", "Declined")
_WORDS_PENDING = (
    "处理中", "待收款", "等待", "待确认", "审核中", "请收款", "待对方", "确认收款",
    "Pending", "Processing", "Scheduled",
)  # fmt: skip
_WORDS_DONE = (
    "交易成功", "支付成功", "转账成功", "付款成功", "收款成功", "退款成功", "已完成", "已收钱", "已收款",
    "已存入", "已到账", "成功", "Completed", "Payment sent", "Paid", "Successful", "Received",
)  # fmt: skip
_WORDS_IN = (
    "收款成功",
    "退款成功",
    "已存入",
    "收到转账",
    "充值成功",
    "Payment received",
    "Received",
    "Deposit",
)
_WORDS_OUT = (
    "转账成功", "支付成功", "付款成功", "已收钱", "已收款", "Payment sent", "Sent", "提币",
    "Withdraw", "转出",
)  # fmt: skip
_ANNOUNCED = ("支付成功", "转账成功", "付款成功", "收款成功", "Payment sent")
_WAITS = re.compile(r"待\s?(?P<name>.{1,40}?)\s?确认收款")
_GIVEN = re.compile(r"(?:转账|扫二维码付款|二维码付款)\s?[-—–一]?\s?(?:转?给)\s?(?P<name>.{1,40})")
_TAKEN = re.compile(r"(?:转账|二维码收款)\s?[-—–一]?\s?来自\s?(?P<name>.{1,40})")
_BANK_TAIL = re.compile(r"(?P<bank>[^()（）\d]{2,20}?)(?:储蓄卡|借记卡|信用卡)?\s?[(（](?P<tail>\d{4})[)）]")
_ACCOUNT_LETTERS = frozenset(string.ascii_letters + string.digits + "*@._-")
_TRON = re.compile(r"T[1-9A-Za-z]{33}")


_Found = tuple[ScreenLine, Figure]


@dataclass(slots=True)
class _Page:
    """The parts of a receipt: known labels with their values, and everything else."""

    values: dict[str, str]
    places: dict[str, list[ScreenLine]]
    loose: list[ScreenLine]
    labels: set[str]

    def get(self, *names: str) -> str | None:
        """The first of the named values that is there and not empty."""
        return next((self.values[name] for name in names if self.values.get(name)), None)

    def says(self, words: tuple[str, ...]) -> bool:
        """Does a line outside the rows, or the status row, contain one of `words`?"""
        texts = [line.text for line in self.loose] + [self.values.get("status", "")]
        return any(word.lower() in text.lower() for word in words for text in texts)


def read_receipt(screen: Screen, context: ReadingContext, source: SourceMaker) -> Understood | None:
    """The one transfer that a receipt shows; None when the screen is no receipt."""
    page = _page(screen)
    head = _headline(page)
    figures = [one for one in (head, _stated(page)) if one]
    rows = len(page.labels - {"unused", "quantity"})
    if not figures or (rows < 2 and not _announced(page, head, screen)):
        return None
    return _understand(page, figures, screen, context, source)


def _announced(page: _Page, head: _Found | None, screen: Screen) -> bool:
    """The page right after paying has no rows: the word of success alone and one big amount with its mark."""
    if head is None or head[1].currency is None:
        return False
    usual = sorted(line.height for line in screen.lines)[len(screen.lines) // 2]
    return head[0].height > 1.4 * usual and any(line.text in _ANNOUNCED for line in page.loose)


def _understand(
    page: _Page,
    figures: list[_Found],
    screen: Screen,
    context: ReadingContext,
    source: SourceMaker,
) -> Understood:
    """`figures`: the amounts that the page states, the one that counts first."""
    result = Understood(kind="receipt")
    method = _method(page)
    line, figure = figures[0]
    amount = figure.amount(_home_currency(method))
    direction = _direction(page, figure.sign)
    if amount is None or amount.value == 0:
        result.problems.append(context.problem("amount_without_currency", at([line]), line.text))
    elif direction is None:
        result.problems.append(context.problem("direction_unclear", at([line]), line.text))
    else:
        result.problems += _disagreements(figures, context)
        moment = _moment(page, method, context, result)
        payer, payee = _parties(page, line, direction, method, screen)
        result.transfers.append(
            Transfer(
                direction=direction,
                amount=amount,
                moment=moment,
                status=_status(page, direction),
                method=method,
                payer=payer,
                payee=payee,
                sources=_sources(page, line, (payer.name, payee.name), source),
                reference=page.get("reference"),
                merchant_reference=page.get("merchant_reference"),
                note=page.get("note"),
                fee=_fee(page, amount.currency),
            )
        )
        _check_digits(page, result, context)
    return result


def _sources(
    page: _Page, head: ScreenLine, names: tuple[str | None, ...], source: SourceMaker
) -> tuple[Source, ...]:
    """The amount first, then every place that a fact of the transfer was read from, each with its own box."""
    titles = [line for line in page.loose if line is not head and any(n and n in line.text for n in names)]
    rows = [(page.places[name], page.values[name]) for name in page.values if name != "unused"]
    places = [([head], head.text), *(([line], line.text) for line in titles), *rows]
    made = [source(at(lines), text, min(line.certainty for line in lines)) for lines, text in places if text]
    return tuple(dict.fromkeys(made))


def _disagreements(figures: list[_Found], context: ReadingContext) -> list[Problem]:
    """A labelled amount that differs from the big one is shown, never chosen silently."""
    first, amount = figures[0]
    return [
        context.problem("amounts_disagree", at([line]), f"{first.text} / {line.text}")
        for line, figure in figures[1:]
        if figure.value != amount.value
    ]


def _page(screen: Screen) -> _Page:
    page = _Page({}, {}, [], set())
    open_field: str | None = None
    for row in rows_of(screen.lines):
        name, value = _labelled(row)
        if name:
            open_field = name if name not in page.values else None
            page.labels.add(name)
            page.values.setdefault(name, " ".join(part.text for part in value) or _inline(row[0].text))
            page.places.setdefault(name, list(value or row[:1]))
        elif open_field and _continues(page.places[open_field], row, screen.width):
            page.values[open_field] = _joined(page.values[open_field], row[0].text)
            page.places[open_field].append(row[0])
        else:
            open_field = None
            page.loose += row
    return page


def _labelled(row: list[ScreenLine]) -> tuple[str | None, list[ScreenLine]]:
    """The field that this row's first piece names, and the pieces of its value."""
    name = _FIELD_OF.get(_plain(row[0].text))
    if name:
        return name, row[1:]
    head, colon, tail = row[0].text.replace("：", ":").partition(":")
    if colon and tail.strip() and _plain(head) in _FIELD_OF:
        return _FIELD_OF[_plain(head)], row[1:]
    return None, []


def _plain(text: str) -> str:
    return "".join(text.split()).rstrip(":：>").lower()


def _inline(text: str) -> str:
    return text.replace("：", ":").partition(":")[2].strip()


def _continues(above: list[ScreenLine], row: list[ScreenLine], width: int) -> bool:
    """Is this single piece the rest of the value above: same edge, next line?"""
    if len(row) != 1 or not above:
        return False
    last, line = above[-1], row[0]
    near = line.box[1] - last.box[3] < 0.6 * last.height
    slack = 0.02 * width
    aligned = abs(line.box[0] - above[0].box[0]) < slack or abs(line.box[2] - above[0].box[2]) < slack
    return near and aligned and line.box[0] > 0.15 * width


def _joined(first: str, rest: str) -> str:
    """A number broken over two lines is one number; words of a Latin name keep their space."""
    words = first[-1:].isascii() and rest[:1].isascii() and first[-1:].isalpha() and rest[:1].isalpha()
    code = " " not in first and any(char.isdigit() for char in first)
    return f"{first} {rest}" if words and not code else first + rest


def _stated(page: _Page) -> _Found | None:
    """The amount in a row of its own; 数量 counts only with a currency, for it may be a number of pieces."""
    for name in ("paid_amount", "amount", "quantity"):
        figure = parse_figure(page.values.get(name, ""))
        if figure and (figure.currency or name != "quantity"):
            return page.places[name][0], figure
    return None


def _headline(page: _Page) -> _Found | None:
    """The tallest loose line that is an amount with a mark, a sign or decimals."""
    found = [(line, figure) for line in page.loose if (figure := parse_figure(line.text))]
    found = [(line, figure) for line, figure in found if figure.currency or figure.sign or figure.decimals]
    return max(found, key=lambda pair: pair[0].height, default=None)


def _method(page: _Page) -> Method:
    texts = " ".join([line.text for line in page.loose] + list(page.values.values()))
    address = page.values.get("payee_account", "").replace(" ", "")
    if "network" in page.labels or _TRON.fullmatch(address) or "TRC20" in texts:
        return Method.CRYPTO
    if any(word in texts for word in ("零钱", "微信", "财付通")):
        return Method.WECHAT_PAY
    if any(word in texts for word in ("支付宝", "余额宝", "花呗")):
        return Method.ALIPAY
    if page.labels & {"payee_bank", "payer_account", "sort_code"} or "回单" in texts:
        return Method.BANK_TRANSFER
    if "other_party" in page.labels or ("means" in page.labels and "账单详情" in texts):
        return Method.ALIPAY if "status" not in page.labels else Method.WECHAT_PAY
    return Method.UNKNOWN


def _home_currency(method: Method) -> str | None:
    """Alipay and WeChat print the figure without a mark on bill pages: they are kept in yuan."""
    return "CNY" if method in (Method.ALIPAY, Method.WECHAT_PAY) else None


def _direction(page: _Page, sign: str) -> Direction | None:
    if sign:
        return Direction.OUT if sign == "-" else Direction.IN
    inward, outward = page.says(_WORDS_IN), page.says(_WORDS_OUT) or "paid_amount" in page.labels
    if inward == outward:
        return None
    return Direction.IN if inward else Direction.OUT


def _status(page: _Page, direction: Direction) -> TransferStatus:
    if page.says(("退款",)) and direction is Direction.IN:
        return TransferStatus.RETURNED
    if page.says(_WORDS_FAILED):
        return TransferStatus.FAILED
    if page.says(_WORDS_PENDING):
        return TransferStatus.PENDING
    return TransferStatus.COMPLETED if page.says(_WORDS_DONE) else TransferStatus.UNKNOWN


def _moment(page: _Page, method: Method, context: ReadingContext, result: Understood) -> Moment | None:
    beijing = method in (Method.ALIPAY, Method.WECHAT_PAY)
    zone, basis = ("Asia/Shanghai", ZoneBasis.FORMAT) if beijing else (context.zone, ZoneBasis.ASSUMED)
    for name in ("paid_at", "made_at", "received_at"):
        if text := page.values.get(name):
            if moment := parse_moment(text, zone, basis):
                return moment
            result.problems.append(context.problem("time_not_understood", at(page.places[name]), text))
    return None


def _parties(
    page: _Page, head: ScreenLine, direction: Direction, method: Method, screen: Screen
) -> tuple[Account, Account]:  # fmt: skip
    kind = _kind(method)
    number = page.get("payee_account")
    if number and (sort := page.get("sort_code")):
        number = f"{sort} {number}"
    other_name, other_number = _split_party(page.get("other_party"))
    far_name = other_name or _titled(page, head, screen)
    payee = Account(page.get("payee_name"), page.get("payee_bank"), _tight(number), kind)
    payer = _payer(page, kind)
    if direction is Direction.OUT:
        payee = Account(payee.name or far_name, payee.institution, payee.number or other_number, kind)
    else:
        payer = Account(payer.name or far_name, payer.institution, payer.number or other_number, kind)
    return payer, payee


def _kind(method: Method) -> AccountKind:
    return {
        Method.CRYPTO: AccountKind.CRYPTO,
        Method.BANK_TRANSFER: AccountKind.BANK,
        Method.ALIPAY: AccountKind.WALLET,
        Method.WECHAT_PAY: AccountKind.WALLET,
    }.get(method, AccountKind.UNKNOWN)


def _payer(page: _Page, kind: AccountKind) -> Account:
    means = _BANK_TAIL.match(page.get("means") or "")
    if means and not page.get("payer_account"):
        return Account(page.get("payer_name"), means["bank"], means["tail"], AccountKind.CARD)
    known = page.labels & {"payer_name", "payer_account", "payer_bank"}
    return Account(
        page.get("payer_name"),
        page.get("payer_bank"),
        _tight(page.get("payer_account")),
        kind if known else AccountKind.UNKNOWN,
    )


def _tight(number: str | None) -> str | None:
    """Account digits without the spaces that only group them."""
    if number and re.fullmatch(r"[\d* ]+", number):
        return number.replace(" ", "") or None
    return number


def _split_party(text: str | None) -> tuple[str | None, str | None]:
    """ "晨光数码 che***@shop.example" is a name and an account; without a figure, @ or * it is a name.

    OCR often drops the space between Chinese and Latin, so the account is the Latin tail.
    """
    if not text:
        return None, None
    place = len(text)
    while place and text[place - 1] in _ACCOUNT_LETTERS:
        place -= 1
    name, number = text[:place].strip(), text[place:]
    if not any(char in "*@" or char.isdigit() for char in number):
        return text, None
    return name or None, number


def _titled(page: _Page, head: ScreenLine, screen: Screen) -> str | None:
    """The other side's name where it stands above the amount: alone on a bill page, or 转账-转给X."""
    for line in page.loose:
        if found := _GIVEN.fullmatch(line.text) or _TAKEN.fullmatch(line.text) or _WAITS.fullmatch(line.text):
            return str(found["name"])
    if not any(line.text.startswith(("账单详情", "支付成功")) for line in page.loose):
        return None
    above = [line for line in page.loose if _centred_over(line, head, screen)]
    return above[-1].text if above else None


def _centred_over(line: ScreenLine, head: ScreenLine, screen: Screen) -> bool:
    gap = head.box[1] - line.box[3]
    centred = abs(line.middle[0] - screen.width / 2) < 0.04 * screen.width
    words = _WORDS_DONE + _WORDS_PENDING + _WORDS_FAILED + ("账单详情",)
    return -0.3 * head.height < gap < 1.2 * head.height and centred and line.certainty >= 60 and (
        not any(word in line.text for word in words) and len(line.text) > 1
    )  # fmt: skip


def _fee(page: _Page, currency: str) -> Amount | None:
    figure = parse_figure(page.values.get("fee", ""))
    return figure.amount(currency) if figure and figure.value != Decimal(0) else None


def _check_digits(page: _Page, result: Understood, context: ReadingContext) -> None:
    """Check digits of what was read: a contradiction is reported, with the one fitting reading if there is
    exactly one, and nothing is repaired."""
    number = (page.get("payee_account") or "").replace(" ", "")
    if number[:1] == "T" and 33 <= len(number) <= 35 and not tron_valid(number):
        detail = number
        if fixed := tron_proposal(number):
            detail = f"{number} ~ {fixed}"
        result.problems.append(context.problem("digits_doubtful", at(page.places["payee_account"]), detail))
    elif number.isdigit() and len(number) in (16, 18, 19) and not checksums.luhn(number):
        place = at(page.places["payee_account"])
        result.problems.append(context.problem("digits_doubtful", place, number, Severity.NOTE))


def tron_valid(address: str) -> bool:
    """Base58Check with the TRON prefix byte 0x41 and a 20-byte payload."""
    body = checksums.base58check(address) if _TRON.fullmatch(address) else None
    return body is not None and len(body) == 21 and body[0] == 0x41


_LOOKALIKES = {"0": "oQ", "O": "oQ", "I": "1i", "l": "1i", "1": "i", "8": "B", "B": "8", "5": "S", "S": "5"}


def tron_proposal(address: str) -> str | None:
    """The only address one look-alike letter away whose checksum fits, or None when there is no such one."""
    found = {
        candidate
        for place, char in enumerate(address)
        for other in _LOOKALIKES.get(char, "")
        if tron_valid(candidate := address[:place] + other + address[place + 1 :])
    }
    return found.pop() if len(found) == 1 else None
