import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.readers import tables
from clawback.readers.tables import (
    Tables,
    cell_text,
    clean_cell,
    decode,
    find_delimiter,
    guess_encoding,
    is_workbook,
    load_tables,
    peek_text,
    split_text,
)


def load(data: bytes) -> Tables:
    return load_tables(io.BytesIO(data))


def cells(text: str) -> list[tuple[str, ...]]:
    return [line.cells for line in split_text(text)[0].lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_chinese_text_is_decoded_from_every_encoding_that_banks_use(encoding: str) -> None:
    text = "交易日期,摘要,金额\n2026-01-01,转账给王示例,5.00\n"
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    "text", ["Auftraggeber/Empfänger;Währung\n", "café, Zürich, Málaga\n", "Débit;Crédit\n"]
)
def test_single_byte_western_text_is_not_taken_for_chinese_and_says_so(text: str) -> None:
    assert decode(text.encode("cp1252"))[0] == text
    assert [flaw.code for flaw in decode(text.encode("cp1252"))[1]] == ["encoding_assumed"]


def test_utf8_cut_in_the_middle_of_a_character_stays_utf8_and_says_so() -> None:
    text, flaws = decode("金额,支出".encode()[:-1])
    assert text == "金额,支\ufffd"
    assert [flaw.code for flaw in flaws] == ["characters_unreadable"]


def test_one_broken_byte_does_not_turn_a_chinese_file_into_western_text() -> None:
    data = "交易日期,摘要,金额,对方户名,余额".encode()
    assert guess_encoding(data[:10] + b"\xff" + data[10:]) == "utf-8"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2;3\n", ";"),
        ("a\tb\tc\n1,5\t2\t3\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
    ],
)
def test_the_delimiter_is_the_one_that_makes_the_steadiest_table(text: str, delimiter: str) -> None:
    assert find_delimiter(text.splitlines()) == delimiter


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_a_person_counts_them(end: str) -> None:
    table, _ = split_text(end.join(("preamble", "", "a,b,c", "1,2,3")))
    assert [(line.number, line.cells) for line in table.lines if not line.empty] == [
        (1, ("preamble",)),
        (3, ("a", "b", "c")),
        (4, ("1", "2", "3")),
    ]


def test_a_quoted_cell_over_two_lines_is_one_row_and_the_next_row_keeps_its_number() -> None:
    table, flaws = split_text('a,b,c\n1,"two\nlines",3\n4,5,6\n')
    assert [(line.number, line.cells) for line in table.lines[1:]] == [
        (2, ("1", "two lines", "3")),
        (4, ("4", "5", "6")),
    ]
    assert flaws == []


def test_a_quote_that_never_closes_costs_its_own_line_only() -> None:
    table, flaws = split_text('a,b,c\n1,"two,3\n4,5,6\n7,8,9\n')
    assert [line.cells for line in table.lines[2:]] == [("4", "5", "6"), ("7", "8", "9")]
    assert [(flaw.code, flaw.row) for flaw in flaws] == [("quote_not_closed", 2)]


def test_an_inch_sign_inside_a_cell_is_no_quote() -> None:
    assert cells('a,b,c\n1,5" screen,3\n')[1] == ("1", '5" screen', "3")


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ('="20230212"', "20230212"),
        ("'6222000000000000'", "6222000000000000"),
        ("`6222000000000000", "6222000000000000"),
        ("12345\t", "12345"),
        ("  余额　", "余额"),
    ],
)
def test_the_wrapping_that_protects_long_numbers_is_taken_off(cell: str, clean: str) -> None:
    assert clean_cell(cell) == clean


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (67.0, "67"),
        (67.1, "67.1"),
        (67.10000000000001, "67.1"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (6.222e17, "6.222E+17"),
        (True, "TRUE"),
        ("x", "x"),
    ],
)
def test_spreadsheet_numbers_read_as_a_person_sees_them(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_sheet_rows_are_numbered_from_the_first_row_of_the_sheet(workbook: Callable[..., bytes]) -> None:
    (table,) = load(workbook([[None], ["a", 1.5], [None], ["b", 2.0]])).tables
    assert [(line.number, line.cells) for line in table.lines if not line.empty] == [
        (2, ("a", "1.5")),
        (4, ("b", "2")),
    ]


def test_a_number_too_long_for_a_spreadsheet_is_reported_as_having_lost_digits(
    workbook: Callable[..., bytes],
) -> None:
    loaded = load(workbook([["账号"], [6222000000000000123.0]]))
    assert [(flaw.code, flaw.row) for flaw in loaded.flaws] == [("digits_lost_in_spreadsheet", 2)]


def test_a_damaged_workbook_is_a_flaw_and_not_an_exception(workbook: Callable[..., bytes]) -> None:
    data = workbook([["a", "b"]])
    for damaged in (
        data[:60],
        data[:-40],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ):
        assert [flaw.code for flaw in load(damaged).flaws] == ["workbook_unreadable"]


def test_a_workbook_that_spans_a_huge_rectangle_is_refused_before_it_fills_the_memory(
    workbook: Callable[..., bytes],
) -> None:
    import zipfile

    source = zipfile.ZipFile(io.BytesIO(workbook([["a"]])))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'r="A1"', b'r="XFD1048576"'))
    assert [flaw.code for flaw in load(packed.getvalue()).flaws] == ["workbook_too_large"]


def test_rows_beyond_the_limit_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    table, flaws = split_text("1,2\n" * 5)
    assert len(table.lines) == 3
    assert [(flaw.code, flaw.row, flaw.loses) for flaw in flaws] == [("table_too_long", 4, True)]


def test_a_line_longer_than_a_field_may_be_is_reported_and_the_rest_read() -> None:
    table, flaws = split_text("a,b,c\n" + "x" * (tables.MAX_FIELD + 1) + "\n1,2,3\n")
    assert [line.cells for line in table.lines] == [("a", "b", "c"), ("1", "2", "3")]
    assert [(flaw.code, flaw.row) for flaw in flaws] == [("line_too_long", 2)]


def test_a_row_of_too_many_cells_is_reported() -> None:
    _, flaws = split_text("a,b\n" + "," * tables.MAX_COLUMNS + "\n")
    assert [flaw.code for flaw in flaws] == ["row_too_wide"]


def test_the_strings_of_a_small_workbook_show_in_a_peek(workbook: Callable[..., bytes]) -> None:
    data = workbook([["微信支付账单明细"]])
    assert "微信支付账单明细" in peek_text(data)
    assert is_workbook(data, ".xlsx")


def test_a_web_page_that_calls_itself_a_spreadsheet_is_read_table_by_table() -> None:
    page = (
        "<html><head></head><body><!-- <tr> --><table><tr><td colspan=2>户名：王小样</td></tr></table>"
        "<table><tr><th>日期</th><th>金额</th></tr><tr><td>20260101</td><td>-1.00<br></td></tr>"
        "<tr><td>20260102<td>&nbsp;2.00</table></body></html>"
    )
    first, second = load(page.encode()).tables
    assert [line.cells for line in first.lines] == [("户名：王小样",)]
    assert [(line.number, line.cells) for line in second.lines] == [
        (1, ("日期", "金额")),
        (2, ("20260101", "-1.00")),
        (3, ("20260102", "2.00")),
    ]


@given(st.text(alphabet="<table>/rdh&; \n1!-", max_size=200))
def test_any_soup_of_page_tags_is_borne(soup: str) -> None:
    load(("<html><table>" + soup).encode())


@given(st.binary(max_size=400))
def test_any_bytes_become_tables_or_flaws(data: bytes) -> None:
    loaded = load(data)
    assert loaded.tables or loaded.flaws
    assert load(data) == loaded


@given(
    st.lists(
        st.lists(st.text(alphabet='ab,;"\n 余', max_size=5), min_size=2, max_size=4), min_size=1, max_size=5
    )
)
def test_no_line_of_a_text_is_lost_or_counted_twice(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    table, _ = split_text(text)
    expected = text.split("\n")
    if not expected[-1]:
        expected.pop()
    found: list[str] = []
    for line in table.lines:
        assert line.number == len(found) + 1
        found += line.text.split("\n")
    assert found == expected
