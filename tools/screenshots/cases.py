"""Invented cases that bring every page into every state: nothing yet, usual, other country, locked, too much.

Two come from `examples/`; the others are written here. Persons, numbers and sites belong to nobody.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from tools.screenshots.served import NOW

from clawback.desk import intake
from clawback.desk.custody import Custody

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
PASSPHRASE = "纸鹤 lantern 17 harbour"  # noqa: S105 - of an invented case

EMPTY = "e000000000000000"
PLAYER = "a000000000000001"
SHOPPER = "a000000000000002"
BRITISH = "b000000000000003"
LOCKED = "c000000000000004"
CROWDED = "d000000000000005"
LONG = "f000000000000006"
ALL = (EMPTY, PLAYER, SHOPPER, BRITISH, LOCKED, CROWDED, LONG)

_PICTURES = {".png", ".jpg"}
_FEW_PICTURES = {"转账回单0920.png", "打不开的录屏.png", "订单详情.png"}
_MOMENT = datetime.fromisoformat(NOW)

_BRITISH_STATEMENT = """\
Date,Time,Type,Money out,Money in,Balance,Currency,Payee,Account number,Sort code,Reference
18/11/2026,14:32,Faster payment,"2,500.00",,1200.00,GBP,Northgate Asset Desk,12345678,20-00-00,NAD-2291
17/11/2026,12:10,Card payment,12.40,,3700.00,GBP,Corner Bakery,,,
"""
_BRITISH_CHAT = (
    "18/11/2026, 14:20 - Alex Morgan: Please send the 2,500 to our settlement account: Northgate Asset Desk, "
    "sort code 20-00-00, account number 12345678\n"
    "18/11/2026, 14:35 - Sam Example: I've just sent £2,500\n"
    "19/11/2026, 09:00 - Alex Morgan: To withdraw you must first pay a tax of £900\n"
)
_SMALL_CHAT = """\
2026-11-18 20:10:00 导师小林
先转3000到支付宝，收款人 王样本

2026-11-18 20:15:00 我
3000转好了
"""
_LONG_NAME_ZH = "示范市样本区青禾路与纸鹤路交叉口东南角虚构科技发展有限责任公司第一分公司"
_LONG_NAME_EN = "Bartholomew-Alexander Fotheringay-Smythe"
_LONG_FILE_NAME = "微信支付账单流水文件(20261001-20261120)导出给本人核对用副本之二请勿外传很长的文件名.csv"
_RTL = "\u202egpj.exe"
BILL_HEAD = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"


def make_cases(home: Path, *, whole: bool, crowd: int, only: tuple[str, ...] = ALL) -> None:
    """Put the cases into `home`. `whole`: read every picture of the stories (slow); else a few.

    `crowd`: how many exhibits and payments the crowded case has.
    """
    heaps = home.parent / "heaps"
    if EMPTY in only:
        Custody.open_or_create(home / EMPTY, None, "cn", "zh", "Asia/Shanghai", _MOMENT)[0].close()
    for id, name in ((PLAYER, "player"), (SHOPPER, "shopper")):
        if id in only:
            _story(home / id, name, whole=whole)
    if BRITISH in only:
        heap = _written(
            heaps / "british",
            {"statement.csv": _BRITISH_STATEMENT, "WhatsApp Chat with Alex.txt": _BRITISH_CHAT},
        )
        answers = {"situation": "app_payment", "user.name": "Sam Example"}
        _open([heap], home / BRITISH, _options(answers, jurisdiction="gb", lang="en", zone="Europe/London"))
    if LOCKED in only:
        heap = _written(heaps / "locked", {"聊天.txt": _SMALL_CHAT})
        _open([heap], home / LOCKED, _options({"user.name": "甲某"}, passphrase=PASSPHRASE))
    if CROWDED in only:
        _open([_crowd(heaps / "crowded", crowd)], home / CROWDED, _options({"user.name": "乙某"}))
    if LONG in only:
        answers = {
            "situation": "withdrawal_refused",
            "user.name": _LONG_NAME_EN,
            "platform.name": _LONG_NAME_ZH,
        }
        _open([_long(heaps / "long")], home / LONG, _options(answers))


def story_files(name: str, *, whole: bool) -> list[Path]:
    """The files of a story in `examples/`; without `whole` only a few of its pictures."""
    files = sorted(path for path in (EXAMPLES / name).rglob("*") if path.is_file())
    return [
        path for path in files if whole or path.suffix.lower() not in _PICTURES or path.name in _FEW_PICTURES
    ]


def story_answers(name: str) -> dict[str, str]:
    """What the person of the story answers."""
    given = yaml.safe_load((EXAMPLES / f"{name}.answers.yaml").read_text("utf-8"))
    return {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in given.items()}


def _story(folder: Path, name: str, *, whole: bool) -> None:
    heap = [EXAMPLES / name] if whole else story_files(name, whole=False)
    _open(heap, folder, _options(story_answers(name)))


def _open(heap: list[Path], folder: Path, options: intake.OpenOptions) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    intake.open_heap(heap, folder, options)


def _options(
    answers: dict[str, str],
    jurisdiction: str = "cn",
    lang: str = "zh",
    zone: str = "Asia/Shanghai",
    passphrase: str | None = None,
) -> intake.OpenOptions:
    return intake.OpenOptions(_MOMENT, jurisdiction, lang, zone, passphrase, answers)


def _written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _crowd(folder: Path, size: int) -> Path:
    """As many small files as `size`, one chat and one bill with as many rows."""
    start = datetime.fromisoformat("2026-09-01T08:00:00+08:00")
    lines, rows = [], []
    for n in range(size):
        when = start + timedelta(hours=3, minutes=7) * n
        who = "导师小林" if n % 2 else "我"
        lines.append(f"{when:%Y-%m-%d %H:%M:%S} {who}\n第{n + 1}条：今天的任务做完了吗\n")
        kind = "收入" if n % 9 == 8 else "支出"
        rows.append(_bill_row(when, f"样本商户{n % 37:02}", f"{n % 900 + 1}.{n % 100:02}", kind, n))
    files = {"微信聊天_导师小林.txt": "\n".join(lines), "微信支付账单.csv": _bill(rows)}
    files |= {f"备忘 {n + 1:03}.txt": f"第{n + 1}份备忘：记一笔事情\n" for n in range(size)}
    return _written(folder, files)


def _long(folder: Path) -> Path:
    """Names, sums and accounts as long as they come, marks that turn text round, and pictures in text."""
    when = datetime.fromisoformat("2026-11-18T20:14:00+08:00")
    rows = [
        _bill_row(when, _LONG_NAME_ZH, "9999999.99", "支出", 1),
        _bill_row(when + timedelta(hours=1), _LONG_NAME_EN, "1234567.89", "支出", 2),
        _bill_row(when + timedelta(hours=2), f"王{_RTL}样本", "0.01", "支出", 3),
        _bill_row(when + timedelta(hours=3), "👩‍👩‍👧‍👦 家庭群 💰💰", "88.00", "收入", 4),
    ]
    chat = (
        "2026-11-18 20:10:00 " + _LONG_NAME_EN + "\n"
        "把钱转到 6222000000000000119 ，户名 " + _LONG_NAME_ZH + "，金额9999999.99元，"
        "网址 https://" + "very-long-name-" * 6 + "jinding.example/" + "path/" * 20 + "\n\n"
        "2026-11-18 20:15:00 我\n9999999.99元转好了" + "哈" * 200 + "\n"
    )
    return _written(
        folder,
        {
            _LONG_FILE_NAME: _bill(rows),
            f"聊天_{_RTL}.txt": chat,
            "a" * 60 + ".txt": "一份名字很长的备忘\n",
            "😀🧧" * 12 + ".txt": "一份名字都是图形的备忘\n",
        },
    )


def wechat_bill(payments: Iterable[tuple[datetime, str, str]]) -> str:
    """A bill of a wallet with these payments out: moment, payee, amount."""
    rows = [
        _bill_row(when, payee, amount, "支出", n) for n, (when, payee, amount) in enumerate(payments, start=1)
    ]
    return _bill(rows)


def _bill_row(when: datetime, payee: str, amount: str, kind: str, number: int) -> list[str]:
    id = f"10000500012026{number:014}"
    return [
        f"{when:%Y-%m-%d %H:%M:%S}",
        "转账",
        payee,
        "转账备注",
        kind,
        f"¥{amount}",
        "零钱",
        "已转账",
        id,
        "/",
        "/",
    ]


def _bill(rows: list[list[str]]) -> str:
    text = io.StringIO()
    text.write("微信支付账单明细,,,,,,,,,,\n微信昵称：[示例],,,,,,,,,,\n----------------------,,,,,,,,,,\n")
    text.write(BILL_HEAD + "\n")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
