import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.events import Method, Transfer, TransferStatus
from clawback.model.evidence import Grade, Severity
from clawback.model.moments import Precision, ZoneBasis
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.ofx import Ofx, ofx_moment

HERE = Path(__file__).parent


def read(data: bytes | str) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    context = ReadingContext(9, "x.ofx", "Europe/London", date(2026, 11, 1), lambda *_: None)
    return Ofx().read(io.BytesIO(raw), context)


def statement(*entries: str, currency: str = "GBP") -> str:
    body = "\n".join(entries)
    return f"<OFX><STMTRS><CURDEF>{currency}<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST>\n{body}\n"


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def spelled(transfer: Transfer) -> dict[str, object]:
    assert transfer.moment is not None
    return {
        "row": transfer.sources[0].locator.row,
        "item": transfer.sources[0].locator.item,
        "direction": transfer.direction,
        "amount": f"{transfer.amount.value} {transfer.amount.currency}",
        "at": transfer.moment.instant.isoformat(),
        "precision": transfer.moment.precision,
        "zone_basis": transfer.moment.zone_basis,
        "method": transfer.method,
        "payer": [transfer.payer.name, transfer.payer.institution, transfer.payer.number],
        "payee": [transfer.payee.name, transfer.payee.institution, transfer.payee.number],
        "reference": transfer.reference,
        "note": transfer.note,
    }


@pytest.mark.parametrize("stem", ["sample_sgml", "sample_xml"])
def test_the_samples_read_as_written_down_by_hand(stem: str) -> None:
    expected = json.loads((HERE / f"{stem}.expected.json").read_text(encoding="utf-8"))
    reading = read((HERE / f"{stem}.ofx").read_bytes())
    assert [spelled(t) for t in reading.transfers] == expected["transfers"]
    assert [[p.code, p.detail] for p in reading.problems] == expected["problems"]
    assert expected["facts"].items() <= dict(reading.facts).items()
    assert reading.grade is Grade.PLATFORM_EXPORT


def test_the_source_is_the_entry_as_it_stands() -> None:
    source = read((HERE / "sample_sgml.ofx").read_bytes()).transfers[1].sources[0]
    assert source.text == (
        "<STMTTRN>\n<TRNTYPE>ATM\n<DTPOSTED>20260305\n<TRNAMT>-50.00\n<FITID>A2\n<NAME>CASH MACHINE"
    )


def test_both_forms_are_recognised_for_certain() -> None:
    for stem in ("sample_sgml", "sample_xml"):
        data = (HERE / f"{stem}.ofx").read_bytes()
        assert Ofx().identify(Peek("download", len(data), "", data)) is Sureness.CERTAIN


@pytest.mark.parametrize(
    ("written", "instant", "precision", "basis"),
    [
        ("20260401", "2026-04-01T00:00:00+01:00", Precision.DAY, ZoneBasis.ASSUMED),
        ("20260401000000", "2026-04-01T00:00:00+01:00", Precision.DAY, ZoneBasis.ASSUMED),
        ("20260401120000[-5:EST]", "2026-04-01T00:00:00-05:00", Precision.DAY, ZoneBasis.STATED),
        ("20260401101112", "2026-04-01T10:11:12+00:00", Precision.SECOND, ZoneBasis.FORMAT),
        ("202604011011", "2026-04-01T10:11:00+00:00", Precision.MINUTE, ZoneBasis.FORMAT),
        ("20260401101112.000[-3.5:NST]", "2026-04-01T10:11:12-03:30", Precision.SECOND, ZoneBasis.STATED),
        ("20260401101112[+8:CST]", "2026-04-01T10:11:12+08:00", Precision.SECOND, ZoneBasis.STATED),
    ],
)
def test_dates_say_how_exact_they_are_and_where_their_zone_comes_from(
    written: str, instant: str, precision: Precision, basis: ZoneBasis
) -> None:
    moment = ofx_moment(written, "Europe/London")
    assert moment is not None
    assert (moment.instant.isoformat(), moment.precision, moment.zone_basis) == (instant, precision, basis)


@pytest.mark.parametrize("written", ["", "20260230", "2026", "20260401996112", "99991231", "next week"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert ofx_moment(written, "Europe/London") is None


def test_a_transaction_without_a_day_keeps_its_money() -> None:
    reading = read(statement("<STMTTRN><TRNAMT>-5.00<FITID>1</STMTTRN>"))
    assert [(t.moment, t.amount.text) for t in reading.transfers] == [(None, "5.00")]
    assert codes(reading) == ["date_missing", "file_cut_off"]


def test_an_amount_that_is_none_is_a_problem_and_the_rest_is_read() -> None:
    reading = read(
        statement(
            "<STMTTRN><DTPOSTED>20260401<TRNAMT>$-5<FITID>1</STMTTRN>",
            "<STMTTRN><DTPOSTED>20260401<TRNAMT>-6.00<FITID>2</STMTTRN>",
        )
    )
    assert [t.reference for t in reading.transfers] == ["2"]
    assert "amount_unclear" in codes(reading)


def test_a_missing_end_tag_does_not_swallow_the_next_transaction() -> None:
    reading = read(
        statement(
            "<STMTTRN><DTPOSTED>20260401<TRNAMT>-5.00<FITID>1", "<STMTTRN><DTPOSTED>20260402<TRNAMT>-6.00"
        )
    )
    assert [t.amount.text for t in reading.transfers] == ["5.00", "6.00"]


def test_entries_on_one_line_have_names_of_their_own() -> None:
    entry = "<STMTTRN><DTPOSTED>20260401<TRNAMT>-5.00<FITID>SAME</STMTTRN>"
    reading = read(statement(entry + entry))
    assert len({t.id for t in reading.transfers}) == 2


def test_a_refused_sign_on_is_a_problem_with_the_banks_words() -> None:
    reading = read(
        "<OFX><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Wrong password</STATUS></SONRS></OFX>"
    )
    assert [(p.code, p.detail) for p in reading.problems] == [("sign_on_failed", "15500 Wrong password")]
    assert reading.transfers == ()


def test_a_refused_request_is_a_problem() -> None:
    reading = read("<OFX><STMTTRNRS><STATUS><CODE>2000<SEVERITY>ERROR</STATUS></STMTTRNRS></OFX>")
    assert codes(reading) == ["request_refused"]


def test_a_file_without_transactions_says_so() -> None:
    assert [(p.code, p.severity) for p in read("<OFX></OFX>").problems] == [
        ("no_transactions", Severity.NOTE)
    ]


def test_a_sign_against_its_type_is_noted_and_the_sign_holds() -> None:
    reading = read(statement("<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260401<TRNAMT>-5.00</STMTTRN>"))
    assert [t.direction for t in reading.transfers] == ["out"]
    assert "sign_contradicts_type" in codes(reading)


def test_an_unknown_currency_is_not_replaced() -> None:
    reading = read(statement("<STMTTRN><DTPOSTED>20260401<TRNAMT>-5.00</STMTTRN>", currency="???"))
    assert reading.transfers == ()
    assert "currency_unclear" in codes(reading)


def test_a_pending_transaction_is_pending() -> None:
    reading = read(statement("<STMTTRNP><TRNTYPE>DEBIT<DTTRAN>20260401<TRNAMT>-5.00</STMTTRNP>"))
    assert [t.status for t in reading.transfers] == [TransferStatus.PENDING]


def test_a_card_purchase_is_on_the_card_rail() -> None:
    reading = read((HERE / "sample_sgml.ofx").read_bytes())
    assert reading.transfers[-1].method is Method.CARD


@given(st.text(alphabet="<>/OFXSTMRNACDUE:[] \n&;0123-.", max_size=300))
def test_any_soup_of_tags_is_borne(soup: str) -> None:
    assert read("<OFX>" + soup) == read("<OFX>" + soup)
