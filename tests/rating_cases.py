"""Invented cases that speak of one shop and its account, each of a payer of its own, for tests of ratings."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from clawback.desk import intake
from clawback.desk.outcomes import OutcomeDecided
from clawback.desk.rating import decide
from clawback.desk.tracking import HandIn, record_hand_in
from clawback.desk.workplace import Workplace
from clawback.guard.ratings import Outcome
from clawback.model.money import Amount

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
SHOP, SHOP_ACCOUNT = "样本商城", "6222000000009921"
ACCOUNT_KEY, PLATFORM_KEY = f"account:{SHOP_ACCOUNT}", f"platform:{SHOP}"
EACH = Amount(Decimal("300.00"), "CNY")

_BILL = """账号,{payer}
交易时间,币种,收入金额,支出金额,账户余额,对方户名,对方账号,摘要
{day} 10:00:00,CNY,,300.00,9700.00,样本商城,6222000000009921,购物
{more}"""
_BACK = "{day} 10:00:00,CNY,{sum},,9800.00,样本商城,6222000000009921,退款\n"


def seal(
    folder: Path, number: int, back: str = "", weeks_ago: int = 0, passphrase: str | None = None
) -> Path:
    """A case in `folder`: payer `number` paid 300.00 yuan a week and `weeks_ago` ago; `back` came back."""
    paid = (NOW - timedelta(days=7 + 7 * weeks_ago)).date()
    more = _BACK.format(day=paid + timedelta(days=3), sum=back) if back else ""
    heap = folder.with_name(f"{folder.name}-heap")
    heap.mkdir(parents=True)
    bill = _BILL.format(payer=f"622200000000{1000 + number}", day=paid, more=more)
    (heap / "流水.csv").write_text(bill, "utf-8")
    answers = {
        "situation": "goods_not_delivered",
        "user.name": f"付款人{number}",
        "platform.name": SHOP,
        "subject.names": SHOP,
    }
    intake.open_heap(heap, folder, intake.OpenOptions(now=NOW, answers=answers, passphrase=passphrase))
    shutil.rmtree(heap)
    return folder


def six(folder: Path) -> tuple[Path, ...]:
    """Six cases: to payer 0 all came back (nobody had complained), to payer 1 100.00; the others wait."""
    backs = ("300.00", "100.00", "", "", "", "")
    return tuple(seal(folder / f"{n:016x}", n, back, n) for n, back in enumerate(backs))


def decide_all(workplace: Workplace, key: str) -> None:
    """A complaint in each case, and a person's word: payer 2 was served, the others were refused.

    Money of payers 0 and 1 came back, so theirs count as refunds, in full and in part.
    """
    for n, id in enumerate(sorted(workplace.ids())):
        record_hand_in(workplace.case(id).folder, None, HandIn("platform_goods", NOW.date()), NOW)
        served = n == 2
        on = NOW.date() - timedelta(weeks=n)
        outcome = Outcome.DELIVERED if served else Outcome.REFUSED
        decide(workplace, id, OutcomeDecided(key, outcome, on, exhibit=1 if served else None))
