"""The player's heap: a fake betting and "investment" site, three personal accounts, a USDT transfer, a refused
withdrawal, a "tax", a frozen account, and weeks later somebody who promises to get it all back.

Everybody and everything is invented; addresses end in .example, phones and cards are test numbers, the
wallets are hashes without a key. The story in plain words stands in `examples/player.README.md`.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from tools.build_examples import bills, chats, documents, everyday
from tools.build_examples.bills import AlipayRow, WechatRow
from tools.build_examples.chats import Line
from tools.build_examples.documents import Mail, SitePage
from tools.build_examples.numbers import card, spaced, transaction_hash, tron_wallet
from tools.build_examples.phone import TELEGRAM, WECHAT, WHATSAPP, Notice, Receipt, Said, chat, receipt

NAME = "陆一鸣"
MAIL = "luyiming@mail.example"
OWN_CARD = card("622200000000005")
PAYEES = {
    "王样本": (card("620000000000001"), "中国建设银行"),
    "李样例": (card("622200000000002"), "中国工商银行"),
    "赵示范": (card("620000000000003"), "中国农业银行"),
}
WALLET = tron_wallet("clawback example: the site's wallet")
RECOVERY_WALLET = tron_wallet("clawback example: the second scam's wallet")
TX = transaction_hash("clawback example: 500 USDT")
SITE = "www.jinding-vip.example"
HELEN = "Helen 资深导师"
ALONG = "财务专员阿龙"
RESCUER = "+44 7700 900123"

FIRST = ("2026-09-20 20:31:17", "1,000.00", "王样本", "2026092020311700000101")
SECOND = ("2026-09-27 21:12:05", "8,000.00", "李样例", "2026092721120500000202")
THIRD = ("2026-10-02 22:03:38", "20,000.00", "赵示范", "2026100222033800000303")
REBATE = ("2026-09-22 21:05:44", "120.00", "王样本", "2026092221054400000404")
USDT_AT = "2026-10-06 22:41:09"


def files(font: Path) -> dict[str, bytes]:
    """Every file of the heap by its path."""
    first = documents.png(_slip(font, FIRST, "20:32"))
    tax = documents.png(_tax_chat(font))
    return {
        "银行流水/建设银行交易明细_20260915-20261031.csv": _bank(),
        "银行流水/支付宝交易明细(20260915-20261014).csv": _alipay(),
        "银行流水/微信支付账单(20260915-20261014).csv": _wechat_bill(),
        "银行流水/savings_account_2026-10.csv": _english_bank(),
        "Telegram导出/result.json": chats.telegram_json(HELEN, NAME, _telegram()),
        "Telegram导出/photos/photo_1@20-09-2026_20-33-40.jpg": documents.jpeg(
            _slip(font, FIRST, "20:32", 2), 60
        ),
        "微信/微信聊天_财务专员阿龙.csv": chats.wechat_csv(_finance(), NAME),
        "WhatsApp Chat with +44 7700 900123.txt": chats.whatsapp_text(_rescuer()),
        "截图/转账回单0920.png": first,
        "截图/转账回单0920(1).png": first,
        "截图/转账回单0927.png": documents.png(_slip(font, SECOND, "21:12")),
        "截图/IMG_20261002_220410.jpg": documents.jpeg(_slip(font, THIRD, "22:04"), 62),
        "截图/提币详情.png": documents.png(_withdrawal(font)),
        "截图/账户余额1010.png": documents.png(_balance(font)),
        "截图/提现被拒1010.png": documents.png(_refused(font)),
        "截图/导师要求交税.png": tax,
        "截图/账户冻结1015.png": documents.png(_frozen(font)),
        "截图/阿龙报账号.png": documents.png(_finance_chat(font)),
        "截图/黑科技追款_WhatsApp.png": documents.png(_rescuer_chat(font)),
        "截图/打不开的录屏.png": tax[: len(tax) // 3],
        "邮件/Withdrawal completed.eml": _exchange_mail(),
        "邮件/金鼎客服_提现审核.eml": _site_mail(),
        "照片/柜台回单照片.jpg": _counter_photo(font),
        "网站资料/金鼎会员规则.pdf": _rules(font),
        "自己的记录.txt": _notes(),
        "手机备份.zip": bills.packed({"短信_20261116.txt": _sms(), "转账回单0920.png": first}),
    }


def _bank() -> bytes:
    rows = [
        ("2026-09-15", "10:00:00", "工资", "", "12,300.00", "31,845.62", "远帆示例制造有限公司", "", "代发"),
        ("2026-09-18", "19:20:41", "消费", "268.90", "", "31,576.72", "大榕树生活超市（示例）", "", "购物"),
        _row(FIRST, "转账", "30,576.72"),
        _row(REBATE, "转账", "30,696.72", back=True),
        ("2026-09-25", "08:05:12", "房租", "2,400.00", "", "28,296.72", "安居示例公寓", "", "十月房租"),
        _row(SECOND, "转账", "20,296.72"),
        _row(THIRD, "转账", "296.72"),
        ("2026-10-15", "10:00:00", "工资", "", "12,300.00", "12,596.72", "远帆示例制造有限公司", "", "代发"),
        (
            "2026-10-20",
            "12:44:30",
            "转账",
            "3,500.00",
            "",
            "9,096.72",
            "陆示例",
            card("622200000000009"),
            "给爸妈",
        ),
        ("2026-10-28", "18:31:09", "消费", "96.40", "", "9,000.32", "橘子小厨外卖（示例）", "", "外卖"),
    ]
    heads = (
        "交易日期", "交易时间", "摘要", "支出金额", "收入金额", "账户余额", "对方户名", "对方账号", "附言",
    )  # fmt: skip
    top = (
        "中国建设银行个人活期账户交易明细",
        f"户名：{NAME}  卡号：{OWN_CARD}  币种：人民币元",
        "起止日期：20260915-20261031",
    )
    return bills.bank_csv(heads, rows, top, "gb18030")


def _row(story: tuple[str, str, str, str], word: str, balance: str, back: bool = False) -> tuple[str, ...]:
    at, amount, who, _ = story
    out, income = ("", amount) if back else (amount, "")
    return (at[:10], at[11:], word, out, income, balance, who, PAYEES[who][0], "返利" if back else "转账")


def _alipay() -> bytes:
    means = (f"中国建设银行储蓄卡({OWN_CARD[-4:]})", "余额宝")
    rows = everyday.alipay_life(31, "2026-09-15", 29, 26, means)
    rows.append(
        AlipayRow(
            "2026-10-01 18:42:13", "转账红包", "许**", "135******00", "转账", "支出", "345.60", "余额宝", "交易成功",
            "2026100120004001234500000601",
        )
    )  # fmt: skip
    return bills.alipay_csv(
        NAME, MAIL, "2026-09-15 00:00:00", "2026-10-14 23:59:59", "2026-11-18 20:11:09", rows
    )


def _wechat_bill() -> bytes:
    rows = everyday.wechat_life(32, "2026-09-15", 29, 16, ("零钱",))
    rows += [
        WechatRow(
            "2026-09-18 21:40:26", "转账", "夜航船", "转账备注:微信转账", "支出", "300.00", "零钱", "对方已收钱",
            "1000050001202609180010012345670007",
        ),
        WechatRow(
            "2026-10-03 12:15:30", "微信红包", "阿杰", "/", "支出", "88.88", "零钱", "支付成功",
            "1000039901202610030010012345670008",
        ),
    ]  # fmt: skip
    return bills.wechat_csv("一鸣", "2026-09-15 00:00:00", "2026-10-14 23:59:59", "2026-11-18 20:20:44", rows)


def _english_bank() -> bytes:
    rows = [
        ("2026-10-02", "CARD PURCHASE SAMPLE NOODLES", "85.50", "", "4,214.50", "HKD"),
        ("2026-10-11", "INTEREST", "", "0.62", "4,215.12", "HKD"),
        ("2026-10-19", "CARD PURCHASE SAMPLE BOOKSHOP", "168.00", "", "4,047.12", "HKD"),
    ]
    heads = ("Transaction Date", "Description", "Withdrawal", "Deposit", "Balance", "Currency")
    return bills.bank_csv(heads, rows)


def _account(who: str) -> str:
    number, bank = PAYEES[who]
    return f"户名：{who}，账号：{spaced(number)}，{bank}"


def _telegram() -> list[Line]:
    slip = "photos/photo_1@20-09-2026_20-33-40.jpg"
    return [
        Line(
            "2026-09-18 20:03:11",
            HELEN,
            f"你好，我是金鼎国际的资深导师Helen，官网 https://{SITE} ，注册送体验金300元",
        ),
        Line("2026-09-18 20:05:37", NAME, "这个是做什么的？"),
        Line("2026-09-18 20:07:02", HELEN, "彩票和数字货币双通道，跟着我下单，每天保底收益8%，随时可以提现"),
        Line("2026-09-20 20:12:45", HELEN, f"第一次先充1000元试试。{_account('王样本')}"),
        Line("2026-09-20 20:33:40", NAME, "转了1000元", slip),
        Line("2026-09-20 20:36:18", HELEN, "收到，已经上分"),
        Line("2026-09-22 21:07:30", HELEN, "今天返利120元已经打到你卡上，看到了吧"),
        Line("2026-09-22 21:10:02", NAME, "看到了，真的能提"),
        Line("2026-09-27 20:50:26", HELEN, f"周末有内部通道，至少8000元。{_account('李样例')}"),
        Line("2026-09-27 21:14:51", NAME, "8000元转过去了"),
        Line(
            "2026-10-02 21:40:09", HELEN, "国庆红利最后一天，充20000元升级VIP，收款账户找财务专员阿龙微信要"
        ),
        Line("2026-10-02 22:06:13", NAME, "20000元转给阿龙说的那个账户了"),
        Line("2026-10-06 22:20:57", HELEN, f"银行卡额度不够可以走USDT，TRC20地址：{WALLET}"),
        Line("2026-10-06 22:45:30", NAME, f"提了500 USDT过去，TxID {TX}"),
        Line("2026-10-06 22:50:12", HELEN, "到账了，你现在账户58,600.00元"),
        Line("2026-10-10 19:30:44", NAME, "我申请提现58,600元，为什么被拒绝？"),
        Line("2026-10-10 19:38:20", HELEN, "系统提示流水不足，再玩三倍流水才能提现"),
        Line("2026-10-12 20:02:33", HELEN, "现在要先交20%个人所得税11,720元，交完马上到账"),
        Line("2026-10-12 20:05:19", NAME, "直接从余额里扣不行吗？我没有钱了"),
        Line("2026-10-12 20:06:48", HELEN, "不行，必须另外转。三天内不交账户就冻结"),
        Line("2026-10-15 09:12:05", NAME, "我的账户被冻结了，登录不上"),
        Line("2026-10-15 09:40:36", HELEN, "没交税当然冻结，交了税再交一笔解冻金就可以"),
    ]


def _finance() -> list[Line]:
    return [
        Line("2026-10-02 21:48:30", NAME, "你好，Helen让我找你要收款账户"),
        Line("2026-10-02 21:52:14", ALONG, f"今天走这个账户：{_account('赵示范')}。备注写货款"),
        Line("2026-10-02 22:05:02", NAME, "20000元已转"),
        Line("2026-10-02 22:09:47", ALONG, "收到，VIP已开通"),
        Line("2026-10-16 10:20:55", NAME, "我要报警了"),
        Line("2026-10-16 10:31:08", ALONG, "报警也没用，交了解冻金什么都好说"),
    ]


def _rescuer() -> list[Line]:
    me = NAME
    return [
        Line(
            "2026-11-16 10:23:00",
            RESCUER,
            "Hello, we are Global Recovery Desk. Your 500 USDT has been located on the chain.",
        ),
        Line("2026-11-16 10:24:00", me, "Who are you? How do you know?"),
        Line(
            "2026-11-16 10:27:00",
            RESCUER,
            "我们是黑科技追款团队，黑客技术定位对方钱包，成功率98%，不成功不收费",
        ),
        Line(
            "2026-11-16 10:31:00",
            RESCUER,
            f"Only a 10% service fee of 50 USDT first, TRC20: {RECOVERY_WALLET}",
        ),
        Line("2026-11-16 10:33:00", RESCUER, "今天内付款，48小时全额追回，不要告诉警察，会打草惊蛇"),
        Line("2026-11-16 10:40:00", me, "我先问问再说"),
    ]


def _slip(font: Path, story: tuple[str, str, str, str], clock: str, scale: int = 3) -> Image.Image:
    at, amount, who, serial = story
    number, bank = PAYEES[who]
    rows = (
        ("付款人", NAME),
        ("付款账号", f"{OWN_CARD[:4]} **** **** {OWN_CARD[-4:]}"),
        ("收款人", who),
        ("收款账号", spaced(number)),
        ("收款银行", bank),
        ("转账时间", at),
        ("手续费", "0.00元"),
        ("附言", "转账"),
        ("交易流水号", serial),
    )
    page = Receipt("bank", "转账回单", "转账成功", f"¥{amount}", "", rows, clock)
    return receipt(font, page, scale=scale)


def _withdrawal(font: Path) -> Image.Image:
    rows = (
        ("网络", "TRX (TRC20)"),
        ("地址", WALLET),
        ("TxID", TX),
        ("数量", "500.00 USDT"),
        ("网络手续费", "1.00 USDT"),
        ("时间", USDT_AT),
    )
    return receipt(font, Receipt("crypto", "提币详情", "USDT", "-500.00 USDT", "已完成", rows, "22:43"))


def _page(font: Path, lines: tuple[str, ...], clock: str) -> Image.Image:
    return documents.site(font, SitePage(SITE, "金鼎国际 JINDING VIP", "#7a1f1f", lines, clock), scale=2)


def _balance(font: Path) -> Image.Image:
    return _page(
        font,
        (
            "#我的钱包",
            "会员账号|jd_yiming88",
            "会员等级|VIP3",
            "账户余额|58,600.00",
            "累计充值|32,600.00",
            "累计盈利|26,120.00",
            "今日收益|+2,344.00",
        ),
        "19:21",
    )


def _refused(font: Path) -> Image.Image:
    return _page(
        font,
        (
            "#提现记录",
            "申请时间|2026-10-10 19:24:18",
            "申请金额|58,600.00",
            "审核状态|审核失败",
            "原因：流水不足，需完成三倍流水后方可提现。如有疑问请联系专属导师。",
        ),
        "19:29",
    )


def _frozen(font: Path) -> Image.Image:
    return _page(
        font,
        (
            "#账户异常",
            "会员账号|jd_yiming88",
            "当前状态|已冻结",
            "冻结时间|2026-10-15 09:00:00",
            "您的账户因未按时缴纳个人所得税已被风控系统冻结。请缴纳税款及解冻金后联系客服解除。",
        ),
        "09:10",
    )


def _tax_chat(font: Path) -> Image.Image:
    return chat(
        font,
        TELEGRAM,
        HELEN,
        [
            Notice("2026年10月12日"),
            Said(False, "现在要先交20%个人所得税11,720元，交完马上到账", "20:02"),
            Said(True, "直接从余额里扣不行吗？我没有钱了", "20:05"),
            Said(False, "不行，必须另外转。三天内不交账户就冻结", "20:06"),
        ],
        "20:08",
        subtitle="在线",
    )


def _finance_chat(font: Path) -> Image.Image:
    return chat(
        font,
        WECHAT,
        ALONG,
        [
            Notice("2026年10月2日 21:48"),
            Said(True, "你好，Helen让我找你要收款账户"),
            Said(False, f"今天走这个账户：{_account('赵示范')}。备注写货款"),
            Notice("2026年10月2日 22:05"),
            Said(True, "20000元已转"),
            Said(False, "收到，VIP已开通"),
        ],
        "22:10",
        scale=2,
    )


def _rescuer_chat(font: Path) -> Image.Image:
    return chat(
        font,
        WHATSAPP,
        RESCUER,
        [
            Notice("16 November 2026"),
            Said(
                False,
                "Hello, we are Global Recovery Desk. Your 500 USDT has been located on the chain.",
                "10:23",
            ),
            Said(True, "Who are you? How do you know?", "10:24"),
            Said(False, "我们是黑科技追款团队，黑客技术定位对方钱包，成功率98%，不成功不收费", "10:27"),
            Said(False, "今天内付款，48小时全额追回，不要告诉警察，会打草惊蛇", "10:33"),
        ],
        "10:41",
        scale=2,
    )


def _exchange_mail() -> bytes:
    return documents.eml(
        Mail(
            "Sample Exchange <no-reply@sample-exchange.example>",
            f"{NAME} <{MAIL}>",
            "Withdrawal completed: 500 USDT",
            "Tue, 06 Oct 2026 14:42:30 +0000",
            "Hello,\n\nYour withdrawal has been completed.\n\n"
            f"Amount: 500.00 USDT\nNetwork: TRX (TRC20)\nAddress: {WALLET}\nTxID: {TX}\n"
            "Time: 2026-10-06 14:41:09 (UTC)\n\n"
            "If this was not you, contact support at once.\n\nSample Exchange\n",
            "withdrawal-500@sample-exchange.example",
        )
    )


def _site_mail() -> bytes:
    return documents.eml(
        Mail(
            "金鼎国际客服 <service@jinding-vip.example>",
            f"{NAME} <{MAIL}>",
            "关于您提现申请的审核结果",
            "Mon, 12 Oct 2026 19:50:00 +0800",
            "尊敬的会员 jd_yiming88：\n\n您2026年10月10日的提现申请58,600.00元未通过审核。\n"
            "根据规定，提现前须缴纳20%个人所得税，共计11,720.00元，缴纳后24小时内到账。\n"
            f"请联系专属导师 Telegram @helen_jinding_vip 或登录 https://{SITE}/tax 。\n\n金鼎国际风控中心\n",
            "audit-20261012@jinding-vip.example",
        )
    )


def _counter_photo(font: Path) -> bytes:
    slip = documents.till_slip(
        font,
        [
            "电子银行转账凭证",
            "-",
            f"付款人|{NAME}",
            "收款人|赵示范",
            f"收款账号|{spaced(PAYEES['赵示范'][0])}",
            "收款银行|中国农业银行",
            "转账金额|¥20,000.00",
            f"转账时间|{THIRD[0]}",
            "附言|货款",
            "交易状态|转账成功",
            "-",
            "打印日期 2026-10-19",
        ],
    )
    return documents.jpeg(documents.photographed(slip, 41), 78, "Sample")


def _rules(font: Path) -> bytes:
    return documents.pdf(
        font,
        "金鼎国际会员规则 / Member rules",
        [
            "金鼎国际为会员提供彩票与数字货币双通道服务。每日保底收益8%，随时提现，2小时到账。",
            "Members earn a guaranteed 8% a day. Withdraw at any time; funds arrive within two hours.",
            [
                ("官网 Website", f"https://{SITE}"),
                ("客服 Support", "service@jinding-vip.example"),
                ("导师 Mentor", "Telegram @helen_jinding_vip"),
                ("牌照 Licence", "菲律宾娱乐牌照（编号见首页）"),
            ],
        ],
    )


def _notes() -> bytes:
    return (
        "10月18号看了新闻才明白是骗局。\n"
        "一共转了三次银行卡：1000、8000、20000，还有500个USDT。中间收到过120元返利。\n"
        "税和解冻金我没有交。\n"
        "11月16号又有人在WhatsApp上说能用黑科技追回来，先收50 USDT，我没给。\n"
    ).encode()


def _sms() -> bytes:
    return (
        "发件人 10690000000000\n2026-11-16 09:58\n"
        "【追损中心】被骗资金可追回！黑客技术锁定对方账户，先追后付，加WhatsApp +44 7700 900123\n"
    ).encode()
