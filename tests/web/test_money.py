"""Money: sums counted by hand, questions that can be undone, a picture and a table that say the same."""

from __future__ import annotations

import csv
import html as markup
import io
import itertools
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from clawback.desk import intake, moneytrail, tracking
from clawback.desk.livecase import LiveCase
from clawback.desk.moneyrows import ledger_csv, pairs_of, sums_of
from clawback.desk.moneytrail import Mode, Trail, trails_of
from clawback.desk.tracking import Recovery, RecoveryState, tracking_of
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Locator, Source
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from web.conftest import NOW

AT = "/c/0123456789abcdef"
FAMILY = "2026-11-19 15:00:00 我\n今天转了8000元给 李样例\n\n2026-11-19 15:01:00 姐姐\n别再转了\n"


def text_of(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(markup.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def entry(case: LiveCase, amount: str, index: int = 0) -> LedgerEntry:
    return [one for one in case.file().entries if one.transfer.amount.value == Decimal(amount)][index]


def place(site: TestClient, id: str, scope: str) -> None:
    assert site.post(f"{AT}/money/scope", data={"transfer": id, "scope": scope}).status_code == 200


@pytest.fixture
def doubtful(case: LiveCase, tmp_path: Path) -> LiveCase:
    """The case with a second chat that tells of 8,000 yuan, hours after the payment."""
    (tmp_path / "微信聊天_家人.txt").write_text(FAMILY, encoding="utf-8")
    options = intake.OpenOptions(now=NOW)
    case.change(lambda folder, _: intake.open_heap(tmp_path / "微信聊天_家人.txt", folder, options))
    return case


# ---------------------------------------------------------------------------------------------------- sums


def test_sums_stand_with_how_they_were_made(site: TestClient, case: LiveCase) -> None:
    text = text_of(site.get(f"{AT}/money").text)
    assert "转出 11,000.00元" in text  # 3,000 + 8,000
    assert "已退 120.00元" in text
    assert "净损失 10,880.00元" in text
    assert "净损失 = 转出 − 已退" in text


def test_what_is_out_of_scope_is_in_no_sum_and_on_its_own_list(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"{AT}/money").text
    assert "样本咖啡" not in page
    assert "和这件事无关的 1 笔" in page
    assert "样本咖啡" in site.get(f"{AT}/money/out").text


def test_frozen_money_is_shown_and_still_lost(site: TestClient, case: LiveCase) -> None:
    frozen = Recovery(
        entry(case, "8000").id, "police_station", RecoveryState.FROZEN, date(2026, 11, 20), yuan("5000")
    )
    case.change(lambda folder, secret: tracking.record_recovery(folder, secret, frozen, NOW))
    text = text_of(site.get(f"{AT}/money").text)
    assert "已冻结 5,000.00元" in text
    assert "净损失 10,880.00元" in text  # frozen is still lost
    assert "部分冻结" in text


def test_more_back_than_sent_is_pointed_out(site: TestClient, case: LiveCase) -> None:
    for amount, scope in (("3000", "out"), ("8000", "out"), ("120", "in")):
        place(site, entry(case, amount).id, scope)
    assert "退回的比转出的多" in site.get(f"{AT}/money").text


def test_a_case_without_money_says_what_helps(site: TestClient, case: LiveCase) -> None:
    for amount in ("3000", "8000", "120"):
        place(site, entry(case, amount).id, "out")
    page = site.get(f"{AT}/money").text
    assert "还没有看到和这件事有关的转账" in page
    assert page.count("button-first") == 1


# ------------------------------------------------------------------------------------------------- judging


def test_a_scope_is_decided_with_one_press_and_undone_with_another(site: TestClient, case: LiveCase) -> None:
    coffee = entry(case, "18.50").id
    answer = site.post(f"{AT}/money/scope", data={"transfer": coffee, "scope": "in"})
    assert "记下了：属于这件事。" in answer.text
    assert entry(case, "18.50").scope is Scope.IN
    undo = dict(re.findall(r'<input type="hidden" name="(transfer|scope)" value="([^"]*)">', answer.text))
    assert undo == {"transfer": coffee, "scope": ""}
    site.post(f"{AT}/money/scope", data=undo)
    assert entry(case, "18.50").scope is Scope.OUT
    assert not entry(case, "18.50").confirmed
    assert [one.value for one in case.records().decisions] == ["in", ""]


def test_a_transfer_that_does_not_exist_cannot_be_judged(site: TestClient, case: LiveCase) -> None:
    answer = site.post(f"{AT}/money/scope", data={"transfer": "T99", "scope": "in"})
    assert answer.status_code == 400
    assert case.records().decisions == ()


def test_two_records_that_may_be_one_are_a_question_with_no_answer_chosen(
    site: TestClient, doubtful: LiveCase
) -> None:
    page = site.get(f"{AT}/money").text
    assert "这两条是同一笔钱吗？" in page
    assert "1 / 1" in page
    assert "checked" not in page
    card = pairs_of(doubtful.file(), doubtful.records())[0]
    assert card.same == ("amount", "day")
    assert card.different == ("time",)


def test_one_payment_is_counted_once_and_the_word_can_be_taken_back(
    site: TestClient, doubtful: LiveCase
) -> None:
    told = entry(doubtful, "8000", 1)
    place(site, told.id, "in")
    text = text_of(site.get(f"{AT}/money").text)
    assert "转出 19,000.00元" in text
    assert "判断后会减去，最多： 8,000.00元" in text
    match = doubtful.file().possible_matches[0]
    pair = {"first": match.first, "second": match.second}
    answer = site.post(f"{AT}/money/pairs", data={**pair, "verdict": "merge"})
    assert "记下了：是同一笔，只算一次。" in answer.text
    assert "转出 11,000.00元" in text_of(answer.text)
    site.post(f"{AT}/money/pairs", data={**pair, "verdict": "unpair", "undo": "1"})
    assert "转出 19,000.00元" in text_of(site.get(f"{AT}/money").text)
    assert len(doubtful.file().possible_matches) == 1


def test_not_sure_keeps_both_and_comes_last(site: TestClient, doubtful: LiveCase) -> None:
    match = doubtful.file().possible_matches[0]
    answer = site.post(
        f"{AT}/money/pairs", data={"first": match.first, "second": match.second, "verdict": "unpair"}
    )
    assert "先都留着，以后再判断。" in answer.text
    assert pairs_of(doubtful.file(), doubtful.records())[0].left


def test_two_payments_are_no_question_any_more(site: TestClient, doubtful: LiveCase) -> None:
    match = doubtful.file().possible_matches[0]
    site.post(f"{AT}/money/pairs", data={"first": match.first, "second": match.second, "verdict": "unmerge"})
    assert doubtful.file().possible_matches == ()


# --------------------------------------------------------------------------------------------- one transfer


def test_a_transfer_shows_its_proofs_side_by_side_and_why_they_are_one(
    site: TestClient, case: LiveCase
) -> None:
    page = site.get(f"{AT}/money/{entry(case, '8000').id}").text
    text = text_of(page)
    assert "2 处证据" in text
    assert "金额相同，时间相差不到两分钟" in text
    assert "8000元已经转了" in text
    assert re.search(rf'href="{AT}/evidence/\d+\?at=', page)


def test_a_merge_is_undone_from_the_transfer_and_redone(site: TestClient, case: LiveCase) -> None:
    merged = entry(case, "8000")
    first, second = merged.members
    form = {"first": first, "second": second, "verdict": "unmerge", "back": "transfer", "transfer": first}
    answer = site.post(f"{AT}/money/pairs", data=form)
    assert answer.url.path == f"{AT}/money/{first}"
    assert entry(case, "8000").members == (first,)
    assert "您判断过的" in answer.text
    site.post(f"{AT}/money/pairs", data={**form, "verdict": "unpair", "undo": "1"})
    assert entry(case, "8000").members == (first, second)


def test_an_unknown_transfer_is_not_found(site: TestClient, case: LiveCase) -> None:
    assert site.get(f"{AT}/money/T99.r1").status_code == 404


def test_names_from_evidence_are_shown_and_never_run(site: TestClient, case: LiveCase) -> None:
    page = site.get(f"{AT}/money/out").text
    assert "<script>alert" not in page
    assert "style=" not in page


# ----------------------------------------------------------------------------------- picture, table, ledger


def yuan(text: str) -> Amount:
    return Amount(Decimal(text), "CNY")


def paid(number: int, amount: str, payee: str, own: str = "本人0001", back: bool = False) -> LedgerEntry:
    at = Moment(NOW - timedelta(hours=500 - number), Precision.SECOND, ZoneBasis.STATED)
    source = Source(1, Locator(row=number), amount, "test", "1")
    mine, theirs = Account(number=own), Account(name=payee or None)
    transfer = Transfer(
        direction=Direction.IN if back else Direction.OUT,
        amount=yuan(amount),
        moment=at,
        status=TransferStatus.COMPLETED,
        method=Method.BANK_TRANSFER,
        payer=theirs if back else mine,
        payee=mine if back else theirs,
        sources=(source,),
    )
    return LedgerEntry(transfer, (transfer.id,), (), Scope.IN, ())


@pytest.fixture
def show(site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch) -> object:
    """A page of money over entries made here."""

    def with_entries(entries: Sequence[LedgerEntry], query: str = "") -> str:
        from dataclasses import replace

        from clawback.ledger.losses import add_up

        file = replace(case.file(), entries=tuple(entries), losses=add_up(entries), possible_matches=())
        monkeypatch.setattr(LiveCase, "file", lambda self: file)
        return site.get(f"{AT}/money{query}").text

    return with_entries


def trail(file: CaseFile, entries: Sequence[LedgerEntry], **asked: bool) -> Trail:
    from dataclasses import replace

    shown = replace(file, entries=tuple(entries), possible_matches=())
    nothing = tracking.Tracking({}, (), (), (), (), None)
    return trails_of(shown, nothing, **asked)[0]


@pytest.mark.parametrize(
    ("count", "payees", "mode", "drawn", "bands"),
    [
        (2, 2, Mode.FEW, False, 2),
        (3, 1, Mode.EACH, True, 3),
        (12, 12, Mode.EACH, True, 12),
        (13, 4, Mode.MERGED, True, 4),
        (60, 20, Mode.MERGED, True, 13),  # twelve accounts and one for the rest
        (61, 20, Mode.LARGEST, True, 9),  # eight and one
        (201, 30, Mode.TABLE, False, 30),
    ],
)
def test_how_many_transfers_there_are_decides_what_is_drawn(
    case: LiveCase, count: int, payees: int, mode: Mode, drawn: bool, bands: int
) -> None:
    entries = [paid(n, f"{n + 1}.00", f"收款{n % payees}") for n in range(count)]
    found = trail(case.file(), entries)
    assert (found.mode, found.drawn, len(found.bands)) == (mode, drawn, bands)
    assert sum(band.flow.count for band in found.bands) == count
    assert sum(band.flow.total.value for band in found.bands) == sum(range(1, count + 1))


def test_the_largest_payee_comes_first_the_unknown_after_it_and_the_rest_last(case: LiveCase) -> None:
    entries = [paid(n, f"{100 - n}.00", f"收款{n:02}") for n in range(70)] + [paid(99, "5000.00", "")]
    found = trail(case.file(), entries)
    assert found.bands[0].far.name == "收款00"
    assert found.bands[-1].rest == 63  # 71 transfers to 71 payees: eight shown
    assert found.unknown == yuan("0")  # the unknown one is among the rest
    few = trail(case.file(), [paid(1, "10.00", "甲"), paid(2, "90.00", ""), paid(3, "20.00", "乙")])
    assert [band.far.name for band in few.bands] == ["乙", "甲", None]
    assert few.unknown == yuan("90.00")


def test_very_many_are_drawn_only_when_asked(case: LiveCase) -> None:
    entries = [paid(n, f"{n + 1}.00", f"收款{n % 30}") for n in range(201)]
    found = trail(case.file(), entries, on_request=True)
    assert found.drawn
    assert len(found.bands) == 13


ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)


def table_rows(html: str) -> list[tuple[str, str, str]]:
    table = re.search(r'<table class="stack trail-table">.*?<tbody>(.*?)</tbody>', html, re.DOTALL)
    assert table
    rows = []
    for found in ROW.findall(table.group(1)):
        cells = [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in CELL.findall(found)]
        rows.append((cells[0], cells[1], cells[3].lstrip("−+").removesuffix("元")))
    return rows


def band_rows(html: str) -> list[tuple[str, str, str]]:
    titles = re.findall(r'<path class="band[^>]*><title>([^<]+)</title>', html)
    rows = []
    for title in map(markup.unescape, titles):
        paid_out = re.fullmatch(r"从 (.+) 到 (.+)：([0-9,.]+) CNY，.+", title)
        back = re.fullmatch(r"从 (.+) 退回 (.+)：([0-9,.]+) CNY", title)
        found = paid_out or back
        assert found, title
        rows.append((found[1], found[2], found[3]))
    return rows


@pytest.mark.parametrize("count", [3, 12, 40, 150])
def test_the_table_has_the_rows_the_order_and_the_sums_of_the_picture(show, count: int) -> None:  # type: ignore[no-untyped-def]
    entries = [paid(n, f"{(n * 37) % 101 + 1}.50", f"收款{n % 25}", f"本人000{n % 2}") for n in range(count)]
    entries.append(paid(count, "7.00", "收款1", back=True))
    html = show(entries)
    assert band_rows(html) == table_rows(html)
    assert len(table_rows(html)) >= 3
    sent = sum(
        Decimal(row[2].replace(",", "")) for row in table_rows(html) if row[0].startswith(("本人", "000"))
    )
    assert f"{sent:,.2f}" in text_of(html)


def test_a_band_leads_to_its_rows_of_the_ledger(show) -> None:  # type: ignore[no-untyped-def]
    entries = [paid(n, f"{n + 1}.00", f"收款{n % 2}") for n in range(4)]
    html = show(entries)
    link = re.search(r'<a href="(/c/[^"]+#ledger)" aria-label="[^"]+"><path', html)
    assert link
    assert "like=T1.r" in link.group(1)
    shown = show(entries, "?like=T1.r1")
    ledger = shown[shown.index('<table class="stack ledger">') :]
    assert "收款1" in ledger
    assert "收款0" not in ledger


def test_bands_are_as_wide_as_their_sums_and_thin_ones_say_so(show) -> None:  # type: ignore[no-untyped-def]
    html = show([paid(1, "100.00", "甲"), paid(2, "200.00", "乙"), paid(3, "0.01", "丙")])
    wide = {}
    for path, title in re.findall(r'<path class="band[^"]*" d="([^"]+)"><title>([^<]+)</title>', html):
        top = float(path.split()[0].split("M")[1].split()[0]) if " " not in path.split("C")[0] else None
        numbers = [float(part) for part in re.findall(r"-?\d+\.?\d*", path)]
        assert top is None
        wide[title.split("：")[1].split(" ")[0]] = numbers[-1] - numbers[1]
    assert wide["200.00"] == pytest.approx(2 * wide["100.00"], abs=0.3)
    assert wide["0.01"] == pytest.approx(3.0, abs=0.1)
    assert "细线未按比例。" in html


def test_a_hostile_name_is_text_in_picture_and_table(show) -> None:  # type: ignore[no-untyped-def]
    name = '"><script>alert(1)</script><svg onload=alert(2)>'
    html = show([paid(n, f"{n + 1}.00", name) for n in range(4)])
    assert "<script>alert" not in html
    assert "<svg onload" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_labels_of_the_picture_never_overlap(show) -> None:  # type: ignore[no-untyped-def]
    html = show([paid(n, f"{10 ** (n % 5)}.00", f"收款{n}") for n in range(12)])
    for anchor in ("start", "end"):
        heights = sorted(
            float(y)
            for y in re.findall(rf'class="flow-who" x="[\d.]+" y="([\d.]+)" text-anchor="{anchor}"', html)
        )
        assert all(later - earlier >= 40 for earlier, later in itertools.pairwise(heights))


def test_the_ledger_is_paged_and_says_how_many_there_are(show) -> None:  # type: ignore[no-untyped-def]
    entries = [paid(n, "1.00", f"收款{n % 7}") for n in range(120)]
    html = show(entries)
    ledger = html[html.index('<table class="stack ledger">') :]
    assert len(ROW.findall(ledger[ledger.index("<tbody>") : ledger.index("</tbody>")])) == 50
    assert "第 1 / 3 页，共 120 笔" in html
    last = show(entries, "?page=3")
    assert "第 3 / 3 页，共 120 笔" in last


# ----------------------------------------------------------------------------------------------------- CSV


def test_the_ledger_goes_into_a_spreadsheet_without_what_is_out_of_scope(
    site: TestClient, case: LiveCase
) -> None:
    answer = site.get(f"{AT}/money/ledger.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="ledger.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][6] == "金额"
    assert [row[6] for row in rows[1:]] == ["3000.00", "8000.00", "120.00"]


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "  =1"]
)
def test_a_name_that_a_spreadsheet_would_run_is_defused(case: LiveCase, name: str) -> None:
    from dataclasses import replace

    file = replace(case.file(), entries=(paid(1, "5.00", name),))
    rows = list(csv.reader(io.StringIO(ledger_csv(file, "en").decode("utf-8-sig"))))
    assert rows[1][4] == "'" + name


def test_a_long_account_number_keeps_its_digits(case: LiveCase) -> None:
    from dataclasses import replace

    file = replace(case.file(), entries=(paid(1, "5.00", "甲", own="6222021234567890123"),))
    rows = list(csv.reader(io.StringIO(ledger_csv(file, "zh").decode("utf-8-sig"))))
    assert rows[1][3] == "'6222021234567890123"


# ------------------------------------------------------------------------------------------------ language


@pytest.mark.parametrize("path", ["/money", "/money/out", "/money/unsure"])
def test_english_pages_speak_english(site: TestClient, doubtful: LiveCase, path: str) -> None:
    site.get("/speak/en")
    text = text_of(site.get(AT + path).text)
    names = re.sub("王样本|李样例|样本咖啡|支付宝", "", text)
    assert not re.search(r"[㐀-鿿]", names), names


def test_sums_are_of_the_desk_and_not_of_the_page(case: LiveCase) -> None:
    file = case.file()
    sums = sums_of(file, tracking_of(case.records(), file))
    assert [(one.loss.currency, one.loss.lost, one.count) for one in sums] == [("CNY", yuan("10880.00"), 2)]
    assert moneytrail.FEW == 2
    assert datetime.fromisoformat("2026-11-20T10:00:00+08:00") == file.now
