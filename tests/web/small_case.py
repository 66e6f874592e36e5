"""An invented case of four small files that are read without text recognition, for tests of the doors.

Two payments of 3,000.00 and 8,000.00 yuan to invented persons stand in the Alipay bill and the chat; 120.00
came back; a coffee of 18.50 has nothing to do with it. An offer to recover the money comes at the end.
"""

from __future__ import annotations

from pathlib import Path

ANSWERS = {"situation": "withdrawal_refused", "user.name": "甲某", "dates.discovered": "2026-11-19"}

_BILL = """支付宝交易记录明细查询
账号:[payer@mail.example]
起始日期:[2026-11-01 00:00:00]    终止日期:[2026-11-20 00:00:00]
---------------------------------交易记录明细列表------------------------------------
交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,金额（元）,收/支,交易状态,服务费（元）,成功退款（元）,备注,资金状态
2026111822001,A-1,2026-11-18 20:14:05,2026-11-18 20:14:09,2026-11-18 20:14:09,其他,即时到账交易,王样本,转账,3000.00,支出,交易成功,0.00,0.00,,已支出
2026111922002,A-2,2026-11-19 09:05:11,2026-11-19 09:05:20,2026-11-19 09:05:20,其他,即时到账交易,李样例,转账,8000.00,支出,交易成功,0.00,0.00,,已支出
2026111922003,,2026-11-19 12:00:00,2026-11-19 12:00:01,2026-11-19 12:00:01,其他,即时到账交易,王样本,转账,120.00,收入,交易成功,0.00,0.00,,已收入
2026111922004,C-9,2026-11-19 08:00:00,2026-11-19 08:00:01,2026-11-19 08:00:01,其他,支付宝担保交易,样本咖啡,拿铁,18.50,支出,交易成功,0.00,0.00,,已支出
-----------------------------------------------------------------------------------
共4笔记录
已收入:1笔,120.00元
待收入:0笔,0.00元
已支出:3笔,11018.50元
待支出:0笔,0.00元
导出时间:[2026-11-20 09:00:00]
"""
_CHAT = """2026-11-18 20:10:00 导师小林
先转3000到支付宝，收款人 王样本，转好截图

2026-11-18 20:15:00 我
3000转好了

2026-11-19 09:00:00 导师小林
再转8000元给 李样例 就能提现，网站 https://jinding.example

2026-11-19 09:06:00 我
8000元已经转了，为什么还不能提现

2026-11-19 21:00:00 导师小林
提现要先交20%的税
"""
_OFFER = """From: helper@recover.example
To: payer@mail.example
Date: Fri, 20 Nov 2026 08:00:00 +0800
Subject: 追回您的损失
Content-Type: text/plain; charset=utf-8

我们是黑客技术追款团队，100%追回被骗资金，先付服务器费500元。
"""
_NOTE = "11月19日晚上发现被骗，网站打不开了。\n"


def write_heap(folder: Path) -> None:
    """Write the four files into `folder`."""
    folder.mkdir(parents=True)
    (folder / "支付宝账单.csv").write_bytes(_BILL.encode("gb18030"))
    (folder / "微信聊天_导师小林.txt").write_text(_CHAT, encoding="utf-8")
    (folder / "追回您的损失.eml").write_bytes(_OFFER.encode("utf-8"))
    (folder / "备忘.txt").write_text(_NOTE, encoding="utf-8")
