"""Bills in the layouts in which the payment companies and banks export them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

RULE = "-" * 84


@dataclass(frozen=True, slots=True)
class AlipayRow:
    """One line of an Alipay bill. `side`: 支出, 收入 or 不计收支."""

    at: str
    kind: str
    other: str
    account: str
    goods: str
    side: str
    amount: str
    means: str
    state: str
    order: str
    merchant: str = ""
    remark: str = ""


def alipay_csv(
    holder: str, account: str, first: str, last: str, made: str, rows: Sequence[AlipayRow]
) -> bytes:
    """The layout of 2023 and later, newest first, GB18030. `first`, `last`, `made`: as printed."""
    lines = [
        RULE,
        "导出信息：",
        f"姓名：{holder}",
        f"支付宝账户：{account}",
        f"起始时间：[{first}]    终止时间：[{last}]",
        "导出交易类型：[全部]",
        f"导出时间：[{made}]",
        f"共{len(rows)}笔记录",
        *(f"{side}：{_counted(rows, side)}" for side in ("收入", "支出", "不计收支")),
        "",
        "特别提示：",
        "1.本回单内容可表明支付宝受理了相应支付交易申请，因系统原因或通讯故障等偶发因素导致本回单与实际交易结果不符时，以实际交易情况为准；",
        "2.请勿将本回单作为收款方发货的凭据使用，请查证账户实际到账情况后再进行发货操作；",
        "3.本回单如经任何涂改、编造，均立即失去效力；",
        "4.部分账单如：充值提现、账户转存或者个人设置收支等不计入为收入或者支出，记为不计收支类；",
        "5.本明细仅供个人对账使用。",
        "",
        f"{'-' * 24}支付宝（中国）网络技术有限公司  电子客户回单{'-' * 24}",
        "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,",
    ]
    for row in sorted(rows, key=lambda one: one.at, reverse=True):
        cells = (
            row.at, row.kind, row.other, row.account, row.goods, row.side, row.amount, row.means, row.state,
            f"{row.order}\t", f"{row.merchant}\t", row.remark,
        )  # fmt: skip
        lines.append(",".join(_csv_cell(cell) for cell in cells) + ",")
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def _csv_cell(text: str) -> str:
    return f'"{text}"' if "," in text else text


def _counted(rows: Sequence[AlipayRow], side: str) -> str:
    sums = [Decimal(row.amount) for row in rows if row.side == side]
    return f"{len(sums)}笔 {sum(sums, Decimal('0.00'))}元"


@dataclass(frozen=True, slots=True)
class WechatRow:
    """One line of a WeChat Pay bill. `side`: 支出, 收入 or /."""

    at: str
    kind: str
    other: str
    goods: str
    side: str
    amount: str
    means: str
    state: str
    order: str
    merchant: str = "/"
    remark: str = "/"


_WECHAT_HEADS = (
    "交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号", "商户单号", "备注",
)  # fmt: skip


def _wechat_table(nick: str, first: str, last: str, made: str, rows: Sequence[WechatRow]) -> list[list[str]]:
    def counted(side: str) -> str:
        sums = [Decimal(row.amount) for row in rows if row.side == side]
        return f"{len(sums)}笔 {sum(sums, Decimal('0.00'))}元"

    table = [
        ["微信支付账单明细"],
        [f"微信昵称：[{nick}]"],
        [f"起始时间：[{first}] 终止时间：[{last}]"],
        ["导出类型：[全部]"],
        [f"导出时间：[{made}]"],
        [""],
        [f"共{len(rows)}笔记录"],
        [f"收入：{counted('收入')}"],
        [f"支出：{counted('支出')}"],
        [f"中性交易：{counted('/')}"],
        ["注："],
        ["1. 充值/提现/理财通购买/零钱通存取/信用卡还款等交易，将计入中性交易"],
        ["2. 本明细仅展示当前账单中的交易，不包括已删除的记录"],
        ["3. 本明细仅供个人对账使用"],
        [""],
        ["----------------------微信支付账单明细列表--------------------"],
        list(_WECHAT_HEADS),
    ]
    for row in sorted(rows, key=lambda one: one.at, reverse=True):
        table.append(
            [
                row.at, row.kind, row.other, row.goods, row.side, f"¥{row.amount}", row.means, row.state,
                row.order, row.merchant, row.remark,
            ]
        )  # fmt: skip
    return table


def wechat_csv(nick: str, first: str, last: str, made: str, rows: Sequence[WechatRow]) -> bytes:
    """UTF-8 with a byte-order mark, numbers guarded by a tab, preamble padded with commas."""
    out = io.StringIO()
    for line in _wechat_table(nick, first, last, made, rows):
        padded = line + [""] * (len(_WECHAT_HEADS) - len(line))
        if line[0][:4].isdigit():
            padded[8] += "\t"
            padded[9] += "\t"
        csv.writer(out, lineterminator="\r\n").writerow(padded)
    return ("\ufeff" + out.getvalue()).encode()


def wechat_xlsx(nick: str, first: str, last: str, made: str, rows: Sequence[WechatRow]) -> bytes:
    """The same table as a workbook with one sheet."""
    return workbook("Sheet1", _wechat_table(nick, first, last, made, rows))


def bank_csv(heads: Sequence[str], rows: Iterable[Sequence[str]], preamble: Sequence[str] = (), encoding: str = "utf-8-sig") -> bytes:  # fmt: skip
    """A bank's table: lines of preamble, headings, rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in preamble:
        writer.writerow([line])
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@dataclass(frozen=True, slots=True)
class OfxRow:
    """One line of an OFX statement; `amount` with its sign."""

    at: datetime
    amount: str
    name: str
    memo: str
    id: str


def ofx(bank: str, account: str, currency: str, balance: str, rows: Sequence[OfxRow]) -> bytes:
    """OFX 1.0.2 as banks offer it for download."""
    first, last = rows[0].at, rows[-1].at
    body = "".join(
        f"<STMTTRN>\n<TRNTYPE>{'CREDIT' if row.amount[0] != '-' else 'DEBIT'}\n<DTPOSTED>{row.at:%Y%m%d%H%M%S}[0:GMT]\n"
        f"<TRNAMT>{row.amount}\n<FITID>{row.id}\n<NAME>{escape(row.name)}\n<MEMO>{escape(row.memo)}\n</STMTTRN>\n"
        for row in rows
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n<SIGNONMSGSRSV1>\n<SONRS>\n<STATUS>\n<CODE>0\n<SEVERITY>INFO\n"
        f"</STATUS>\n<DTSERVER>{last:%Y%m%d%H%M%S}[0:GMT]\n<LANGUAGE>ENG\n</SONRS>\n</SIGNONMSGSRSV1>\n"
        f"<BANKMSGSRSV1>\n<STMTTRNRS>\n<TRNUID>1\n<STATUS>\n<CODE>0\n<SEVERITY>INFO\n</STATUS>\n<STMTRS>\n"
        f"<CURDEF>{currency}\n<BANKACCTFROM>\n<BANKID>{bank}\n<ACCTID>{account}\n<ACCTTYPE>CHECKING\n</BANKACCTFROM>\n"
        f"<BANKTRANLIST>\n<DTSTART>{first:%Y%m%d}\n<DTEND>{last:%Y%m%d}\n{body}</BANKTRANLIST>\n"
        f"<LEDGERBAL>\n<BALAMT>{balance}\n<DTASOF>{last:%Y%m%d%H%M%S}[0:GMT]\n</LEDGERBAL>\n"
        "</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n"
    ).encode("ascii")


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(sheet: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The smallest XLSX that spreadsheet programs open: one sheet of text cells."""
    lines = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
            for place, text in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return packed({name: (declared + text).encode() for name, text in parts.items()})


def packed(files: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend on its content only."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
