"""Many cases at once: one per folder, sealed as they arrive, read afterwards."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from clawback.desk.bulk import group_of
from clawback.desk.overview import NOTE
from clawback.desk.workplace import Workplace


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("本月/014/账单.csv", "014"),
        ("month/014/pictures/1.png", "014"),
        ("month\\014\\1.png", "014"),
        ("month/015.zip", "015.zip"),
        ("016.ZIP", "016.ZIP"),
        ("month/notes.txt", "month"),
        ("notes.txt", ""),
        ("//a//b//c", "b"),
    ],
)
def test_the_folders_in_the_chosen_one_are_the_cases(path: str, group: str) -> None:
    assert group_of(path.encode()) == group


def test_each_folder_becomes_a_case_with_its_name_as_reference(
    site: TestClient, workplace: Workplace
) -> None:
    files = [
        ("files", ("month/014/a.txt", b"first", "text/plain")),
        ("files", ("month/014/b.txt", b"second", "text/plain")),
        ("files", ("month/015/a.txt", b"first", "text/plain")),
    ]
    page = site.post("/cases/intake?place=gb", files=files).text
    assert "新建了 2 个案件" in page
    assert "3 份文件已封存" in page
    found = {}
    for id in workplace.ids():
        case = workplace.case(id)
        case.wait_until_read(30)
        file = case.file()
        said = file.answer(NOTE)
        assert said is not None
        found[said.value] = sorted(
            exhibit.name for exhibit in file.exhibits if "statement" not in exhibit.name
        )
        assert file.case.jurisdiction == "gb"
    assert found == {"014": ["month/014/a.txt", "month/014/b.txt"], "015": ["month/015/a.txt"]}


def test_nothing_chosen_begins_nothing(site: TestClient, workplace: Workplace) -> None:
    answer = site.post("/cases/intake", files=[("other", ("", b"", "text/plain"))])
    assert answer.status_code == 400
    assert "请先选择文件夹或压缩包" in answer.text
    assert workplace.ids() == ()


def test_the_page_says_that_such_cases_are_not_encrypted(site: TestClient) -> None:
    page = site.get("/cases/intake").text
    assert "不加密" in page
    assert "webkitdirectory" in page
