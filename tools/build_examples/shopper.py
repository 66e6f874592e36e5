"""The shopper's heap: a "95新" phone that is not as described, paid by Alipay, a part refunded.

Everybody and everything is invented; addresses end in .example, phones and cards are test numbers.
The story in plain words stands in `examples/shopper.README.md`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from tools.build_examples import bills, chats, documents, everyday
from tools.build_examples.bills import AlipayRow, OfxRow, WechatRow
from tools.build_examples.chats import Line
from tools.build_examples.documents import Mail, SitePage
from tools.build_examples.drawing import Board
from tools.build_examples.numbers import card
from tools.build_examples.phone import WECHAT, Card, Notice, Receipt, Said, chat, receipt

NAME = "沈知微"
MAIL = "shenzhiwei@mail.example"
PHONE = "19900000123"
CARD = card("622200000000001")
MEANS = f"招商银行储蓄卡({CARD[-4:]})"
SHOP = "橙果优选数码店"
SELLER = "橙果示例贸易有限公司"
SHOP_ACCOUNT = "che***@chengguo.example"
CONTACT = "橙果客服小周"
ORDER = "2609260019400123"
PAID_ORDER = "2026092622001412345600000101"
PAID_MERCHANT = f"T200P{ORDER}"
WECHAT_ORDER = "1000050001202609270010012345670001"
GOODS = "【95新】星岚X9 Pro 手机 256G 曜石黑"

PAID_AT = "2026-09-26 19:42:16"
EXTRA_AT = "2026-09-27 10:12:40"
REFUND_AT = "2026-10-03 11:26:08"


def files(font: Path) -> dict[str, bytes]:
    """Every file of the heap by its path."""
    proof = documents.png(_alipay_page(font))
    invoice = _order_pdf(font)
    return {
        "账单/支付宝交易明细(20260915-20261014).csv": _alipay(),
        "账单/微信支付账单流水文件(20260915-20261014).xlsx": _wechat_bill(),
        "账单/招商银行交易流水_202609-202610.csv": _bank(),
        "账单/overseas_account_2026-09.ofx": _ofx(),
        "聊天记录/微信聊天_橙果客服小周.txt": chats.wechat_text(_talk()),
        "截图/Screenshot_20260926_194301.png": proof,
        "截图/付款截图（发给客服的）.png": proof,
        "截图/微信图片_20260927101533.png": documents.png(_chat_extra(font)),
        "截图/微信图片_20260930193012.png": documents.png(_chat_refused(font)),
        "截图/微信图片_20261003113044.png": documents.png(_chat_final(font)),
        "截图/商品详情页.jpg": documents.jpeg(_goods_page(font), 72),
        "截图/订单详情.png": documents.png(_order_page(font)),
        "截图/录屏封面.png": documents.png(_chat_refused(font))[:9000],
        "邮件/订单确认 Order confirmation.eml": _confirmation(invoice),
        "邮件/平台客服回复_1006.eml": _platform_reply(),
        "邮件/Inspection result.eml": _inspection_mail(),
        "订单/电子订单.pdf": invoice,
        "照片/检测收据.jpg": _slip_photo(font),
        "照片/开箱.jpg": _unboxing(font),
        "备忘.md": _notes(),
        "物流信息.txt": _courier(),
    }


def _alipay() -> bytes:
    rows = everyday.alipay_life(11, "2026-09-15", 29, 31, (MEANS, "余额宝", "花呗"))
    rows += [
        AlipayRow(
            PAID_AT, "数码电器", SHOP, SHOP_ACCOUNT, GOODS, "支出", "3268.00", MEANS, "交易成功",
            PAID_ORDER, PAID_MERCHANT,
        ),
        AlipayRow(
            REFUND_AT, "退款", SHOP, SHOP_ACCOUNT, f"退款-{GOODS}", "不计收支", "300.00", MEANS, "退款成功",
            f"{PAID_ORDER}_2026100300000001", PAID_MERCHANT,
        ),
        AlipayRow(
            "2026-09-20 09:00:12", "转账红包", "沈**", "136******00", "转账", "支出", "1500.00", MEANS,
            "交易成功", "2026092020004001234500000201",
        ),
        AlipayRow(
            "2026-10-01 12:31:50", "数码电器", "蓝鲸手机壳专卖（示例）", "lan***@shop.example", "手机壳 透明",
            "支出", "29.90", "余额宝", "交易成功", "2026100122001412345600000301", "T200P2610010000000009",
        ),
        AlipayRow(
            "2026-10-02 18:20:33", "服饰装扮", "山茶女装（示例）", "sha***@shop.example", "针织衫", "支出",
            "159.00", "花呗", "等待确认收货", "2026100222001412345600000302", "T200P2610020000000010",
        ),
        AlipayRow(
            "2026-09-23 20:15:07", "服饰装扮", "山茶女装（示例）", "sha***@shop.example", "衬衫", "不计收支",
            "119.00", "", "交易关闭", "2026092322001412345600000303", "T200P2609230000000011",
        ),
        AlipayRow(
            "2026-09-28 08:00:01", "投资理财", "余额宝（示例基金）", "/", "余额宝-自动转入", "不计收支",
            "500.00", "余额", "交易成功", "2026092820004001234500000401",
        ),
    ]  # fmt: skip
    return bills.alipay_csv(
        NAME, MAIL, "2026-09-15 00:00:00", "2026-10-14 23:59:59", "2026-10-15 10:20:31", rows
    )


def _wechat_bill() -> bytes:
    rows = everyday.wechat_life(12, "2026-09-15", 29, 17, ("零钱", MEANS.replace("储蓄卡", "")))
    rows += [
        WechatRow(
            EXTRA_AT, "转账", CONTACT, "转账备注:微信转账", "支出", "200.00", "零钱", "对方已收钱", WECHAT_ORDER
        ),
        WechatRow(
            "2026-10-04 15:32:05", "商户消费", "迅修手机检测（示例）", "手机检测服务", "支出", "88.00", "零钱",
            "支付成功", "4200002610042026100412345600000501", "20261004153200000001",
        ),
        WechatRow(
            "2026-09-21 22:40:18", "微信红包", "阿宁", "/", "支出", "66.66", "零钱", "支付成功",
            "1000039901202609210010012345670002",
        ),
        WechatRow(
            "2026-10-05 20:11:54", "微信红包", "阿宁", "/", "收入", "52.00", "/", "已存入零钱",
            "1000039901202610050010012345670003",
        ),
        WechatRow(
            "2026-09-25 08:30:00", "零钱提现", "招商银行", "/", "/", "300.50", f"招商银行({CARD[-4:]})",
            "提现已到账", "2072026092500000000000000001", "/", "服务费¥0.30",
        ),
    ]  # fmt: skip
    return bills.wechat_xlsx(
        "知微", "2026-09-15 00:00:00", "2026-10-14 23:59:59", "2026-10-15 10:31:02", rows
    )


def _bank() -> bytes:
    company = "支付宝（中国）网络技术有限公司"
    rows = [
        ("2026-09-16", "09:00:00", "工资", "", "8,650.00", "12,402.18", "星河示例科技有限公司", "代发工资"),
        ("2026-09-20", "09:00:13", "快捷支付", "1,500.00", "", "10,902.18", company, "支付宝-转账"),
        ("2026-09-26", "19:42:17", "快捷支付", "3,268.00", "", "7,634.18", company, f"支付宝-{SHOP}"),
        ("2026-10-01", "00:10:00", "房租代扣", "2,150.00", "", "5,484.18", "安居示例公寓", "十月房租"),
        ("2026-10-03", "11:26:09", "退款", "", "300.00", "5,784.18", company, f"支付宝退款-{SHOP}"),
        ("2026-10-09", "13:05:44", "跨行转账", "420.00", "", "5,364.18", "沈示例", "生活费"),
    ]
    heads = ("交易日期", "交易时间", "交易类型", "支出金额", "收入金额", "账户余额", "对方户名", "交易备注")
    return bills.bank_csv(
        heads,
        rows,
        (f"招商银行交易流水  户名：{NAME}  账号：{CARD[:6]}******{CARD[-4:]}  币种：人民币",),
        "gb18030",
    )


def _ofx() -> bytes:
    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 9, day, hour, 15, tzinfo=UTC)

    rows = [
        OfxRow(at(3, 9), "-14.50", "SAMPLE BOOKS", "CARD PURCHASE", "20260903001"),
        OfxRow(at(15, 12), "250.00", "SAMPLE TUTORING", "INWARD PAYMENT", "20260915001"),
        OfxRow(at(24, 18), "-38.20", "SAMPLE HOTEL", "CARD PURCHASE", "20260924001"),
    ]
    return bills.ofx("000000", "00000000", "GBP", "197.30", rows)


def _talk() -> list[Line]:
    me = "知微"
    return [
        Line(
            "2026-09-26 20:05:11",
            CONTACT,
            "亲您好，我是橙果优选数码店的售后小周，您的订单2609260019400123已收到",
        ),
        Line(
            "2026-09-26 20:06:40", me, "你好，什么时候发货？页面写的95新、电池健康90%以上、原装屏，没问题吧"
        ),
        Line("2026-09-26 20:07:02", CONTACT, "放心亲，95新无拆无修，电池健康93%，假一赔三"),
        Line(
            "2026-09-27 10:03:25",
            CONTACT,
            "亲，加200元可以升级一年延保和原装充电头，微信转我就行，和手机一起发",
        ),
        Line("2026-09-27 10:10:58", me, "好吧"),
        Line("2026-09-27 10:12:40", me, "[转账] ¥200.00"),
        Line("2026-09-27 10:13:15", CONTACT, "收到，今天发出"),
        Line(
            "2026-09-30 19:05:33",
            me,
            "手机收到了，电池健康只有78%，屏幕偏色有烧屏，充电头也不是原装，这不是95新，我要退货退款",
        ),
        Line("2026-09-30 19:21:47", CONTACT, "亲，二手商品不支持七天无理由哦，成色判断有主观性"),
        Line("2026-09-30 19:23:10", me, "页面写的原装屏、电池90%以上，这不是主观问题"),
        Line("2026-09-30 19:28:52", CONTACT, "已经激活使用了不能退，最多补偿您300元"),
        Line("2026-10-02 09:14:20", me, "我不同意只补300元，我要求退货退款"),
        Line("2026-10-03 11:27:30", CONTACT, "300元已经原路退给您了，这个事情到此为止，不再处理"),
        Line("2026-10-03 11:31:05", me, "我没有同意，请退全款并取回手机"),
        Line("2026-10-03 11:31:50", CONTACT, "那您随便投诉吧"),
    ]


def _chat_extra(font: Path) -> Image.Image:
    return chat(
        font,
        WECHAT,
        CONTACT,
        [
            Notice("2026年9月27日 10:03"),
            Said(False, "亲，加200元可以升级一年延保和原装充电头，微信转我就行，和手机一起发"),
            Notice("2026年9月27日 10:10"),
            Said(True, "好吧"),
            Notice("2026年9月27日 10:12"),
            Card(True, "¥200.00", "已被接收"),
            Card(False, "¥200.00", "已收款"),
            Said(False, "收到，今天发出"),
        ],
        "10:15",
    )


def _chat_refused(font: Path) -> Image.Image:
    return chat(
        font,
        WECHAT,
        CONTACT,
        [
            Notice("2026年9月30日 19:05"),
            Said(
                True,
                "手机收到了，电池健康只有78%，屏幕偏色有烧屏，充电头也不是原装，这不是95新，我要退货退款",
            ),
            Notice("2026年9月30日 19:21"),
            Said(False, "亲，二手商品不支持七天无理由哦，成色判断有主观性"),
            Said(True, "页面写的原装屏、电池90%以上，这不是主观问题"),
            Notice("2026年9月30日 19:28"),
            Said(False, "已经激活使用了不能退，最多补偿您300元"),
        ],
        "19:30",
        scale=2,
    )


def _chat_final(font: Path) -> Image.Image:
    return chat(
        font,
        WECHAT,
        CONTACT,
        [
            Notice("2026年10月3日 11:27"),
            Said(False, "300元已经原路退给您了，这个事情到此为止，不再处理"),
            Said(True, "我没有同意，请退全款并取回手机"),
            Said(False, "那您随便投诉吧"),
        ],
        "11:30",
        scale=2,
    )


def _alipay_page(font: Path) -> Image.Image:
    return receipt(
        font,
        Receipt(
            "alipay",
            "账单详情",
            SHOP,
            "-3,268.00",
            "交易成功",
            (
                ("付款方式", MEANS),
                ("商品说明", GOODS),
                ("支付时间", PAID_AT),
                ("", ""),
                ("订单号", PAID_ORDER),
                ("商户订单号", PAID_MERCHANT),
                ("收款方全称", SELLER),
                ("对方账户", f"{SHOP} {SHOP_ACCOUNT}"),
            ),
            "19:43",
        ),
    )


def _goods_page(font: Path) -> Image.Image:
    return documents.site(
        font,
        SitePage(
            "m.youpin-shiji.example/item/88012",
            "优品示集 · 二手数码",
            "#ff6a00",
            (
                "#【95新】星岚X9 Pro 256G 曜石黑",
                "售价|¥3,268.00",
                "成色|95新 无拆无修",
                "屏幕|原装屏",
                "电池健康|90%以上",
                "店铺|橙果优选数码店",
                "服务承诺|假一赔三 · 七天无理由",
                "卖家承诺：所有手机经专业质检，页面描述与实物一致。如有不符，支持退货退款。",
            ),
            "19:38",
        ),
        scale=2,
    )


def _order_page(font: Path) -> Image.Image:
    return documents.site(
        font,
        SitePage(
            "m.youpin-shiji.example/order",
            "优品示集 · 订单详情",
            "#ff6a00",
            (
                "#交易成功",
                f"订单编号|{ORDER}",
                "店铺|橙果优选数码店",
                "商品|星岚X9 Pro 256G",
                "实付款|¥3,268.00",
                "下单时间|2026-09-26 19:40:02",
                "付款时间|2026-09-26 19:42:16",
                "签收时间|2026-09-30 15:20:00",
                "收货人|沈知微 199****0123",
            ),
            "15:31",
        ),
        scale=2,
    )


def _order_pdf(font: Path) -> bytes:
    return documents.pdf(
        font,
        "优品示集 电子订单 / Order receipt",
        [
            "本页为平台生成的电子订单，仅供查询。This receipt was issued by the marketplace for your records.",
            [
                ("订单编号 Order no.", ORDER),
                ("下单时间 Ordered", "2026-09-26 19:40:02"),
                ("付款时间 Paid", PAID_AT),
                ("商品 Item", GOODS),
                ("数量 Quantity", "1"),
                ("实付款 Total", "¥3,268.00"),
                ("付款方式 Payment", "支付宝 Alipay"),
                ("支付宝订单号 Alipay no.", PAID_ORDER),
                ("卖家 Seller", f"{SHOP}（{SELLER}）"),
                ("收货人 Recipient", f"{NAME} 199****0123"),
            ],
            "商品描述：95新，无拆无修，原装屏，电池健康90%以上，假一赔三。",
            "Description: 95% new, never opened or repaired, original screen, battery health above 90%.",
        ],
    )


def _confirmation(invoice: bytes) -> bytes:
    return documents.eml(
        Mail(
            "优品示集 <no-reply@youpin-shiji.example>",
            f"{NAME} <{MAIL}>",
            f"订单确认 Order confirmation {ORDER}",
            "Sat, 26 Sep 2026 19:42:40 +0800",
            f"{NAME}，您好：\n\n您的订单 {ORDER} 已付款成功，金额 ¥3,268.00，商品：{GOODS}，卖家：{SHOP}。\n"
            f"支付宝订单号：{PAID_ORDER}\n\n"
            f"Dear customer,\n\nYour order {ORDER} has been paid: CNY 3,268.00. Seller: {SHOP}. "
            "The receipt is attached.\n\n优品示集 Youpin Shiji\nhttps://m.youpin-shiji.example\n",
            "order-2609260019400123@youpin-shiji.example",
            (("电子订单.pdf", "pdf", invoice),),
        )
    )


def _platform_reply() -> bytes:
    return documents.eml(
        Mail(
            "优品示集客服 <service@youpin-shiji.example>",
            f"{NAME} <{MAIL}>",
            f"关于订单 {ORDER} 的投诉受理通知",
            "Tue, 06 Oct 2026 14:20:05 +0800",
            f"{NAME}，您好：\n\n您于2026年10月5日提交的投诉（受理编号 TS2610050077）已受理。"
            "我们已要求商家橙果优选数码店在48小时内答复。商家目前的意见为：二手商品不支持退货，已补偿300.00元。\n"
            "如您不认可，请提交检测报告和开箱照片，我们将在收到材料后继续处理。\n\n优品示集客服中心\n电话 400-000-0000\n",
            "ts2610050077@youpin-shiji.example",
        )
    )


def _inspection_mail() -> bytes:
    return documents.eml(
        Mail(
            "Xinglan Service Centre <service@xinglan-phone.example>",
            f"{NAME} <{MAIL}>",
            "Inspection result, device X9 Pro",
            "Mon, 05 Oct 2026 11:08:30 +0800",
            "Dear Ms Shen,\n\nWe inspected the X9 Pro that you brought in on 4 October 2026.\n\n"
            "- Screen: not an original part, burn-in visible\n- Battery health: 78%\n"
            "- Housing: has been opened; two screws missing\n\n"
            'The device does not match the description "95% new, never opened, original screen".\n\n'
            "Kind regards,\nXinglan Service Centre\n",
            "inspection-0001@xinglan-phone.example",
        )
    )


def _slip_photo(font: Path) -> bytes:
    slip = documents.till_slip(
        font,
        [
            "迅修手机检测（示例）",
            "检测收据",
            "-",
            "日期|2026-10-04 15:30",
            "机型|星岚X9 Pro",
            "项目|整机检测",
            "屏幕|非原装",
            "电池健康|78%",
            "-",
            "合计|¥88.00",
            "-",
            "凭此收据领取检测报告",
        ],
    )
    return documents.jpeg(documents.photographed(slip, 21), 78, "Xinglan")


def _unboxing(font: Path) -> bytes:
    board = Board(font, "#c9b79c", 2, 480)
    board.box(60, 70, 300, 430, "#8a6a45", 10)
    board.box(80, 90, 280, 410, "#a98356", 6)
    board.box(130, 130, 230, 350, "#101215", 14)
    board.box(136, 142, 224, 338, "#26303a", 4)
    board.disc(150, 150, 3, "#3b4a58")
    return documents.jpeg(documents.photographed(board.finish(), 22, (900, 1200)), 70, "Xinglan")


def _notes() -> bytes:
    return (
        "# 事情经过（自己记的）\n\n"
        "- 9月26日在优品示集的橙果优选数码店买了星岚X9 Pro，3268元，支付宝付的。\n"
        "- 9月27日客服小周加了微信，让我另转200元升级延保。\n"
        "- 9月30日下午收到，电池78%，屏幕烧屏。\n"
        "- 10月3日店家自己退了300元，我没有同意就这样结束。\n"
        "- 10月4日去做了检测。10月5日在平台投诉，编号 TS2610050077。\n\n"
        "想要：退货退全款，并按“假一赔三”赔偿。\n"
    ).encode()


def _courier() -> bytes:
    return (
        "飞鸽示例快递 运单号 FG2609270088123\n"
        "2026-09-27 18:02 已揽收\n2026-09-29 07:40 到达目的地\n2026-09-30 15:20 已签收，签收人：本人\n"
    ).encode()
