"""Settings: language of the papers, plain titles, verifying, taking everything out."""

from __future__ import annotations

import json
import re

from starlette.testclient import TestClient

from clawback.desk.livecase import LiveCase
from clawback.desk.records import log_lines

AT = "/c/0123456789abcdef/settings"


def test_settings_say_where_the_case_lies_and_that_nothing_can_be_locked(
    site: TestClient, case: LiveCase
) -> None:
    page = site.get(AT).text
    assert str(case.folder) in page
    assert "没有可锁的" in page
    assert "现在锁上" not in page


def test_the_language_of_the_papers_is_a_decision_and_not_that_of_the_pages(
    site: TestClient, case: LiveCase
) -> None:
    assert case.file().case.lang == "zh"
    page = site.post(AT, data={"lang": "en"})
    assert case.file().case.lang == "en"
    assert '<html lang="zh-Hans">' in page.text
    size = case.file().log_size
    site.post(AT, data={"lang": "en"})  # the same again changes nothing
    site.post(AT, data={"lang": "fr"})
    assert case.file().log_size == size
    site.post(AT, data={"lang": "zh"})
    assert case.file().case.lang == "zh"


def test_plain_titles_hold_for_this_session_only(site: TestClient, case: LiveCase) -> None:
    def title() -> str:
        found = re.search("<title>(.*)</title>", site.get(AT).text)
        assert found
        return found[1]

    assert title() == "设置 – 追回"
    site.post("/titles", data={"discreet": "yes", "to": AT})
    assert title() == "设置 – 笔记"
    site.get("/speak/en")
    assert title() == "Settings – Notes"
    site.post("/titles", data={"discreet": "no", "to": AT})
    assert title() == "Settings – Clawback"
    site.post("/titles", data={"discreet": "yes", "to": AT})
    site.post("/leave")
    site.get("/?key=test-key")
    assert "Clawback" in title() or "追回" in title()


def test_changing_titles_never_leads_to_another_site(site: TestClient) -> None:
    answer = site.post(
        "/titles", data={"discreet": "yes", "to": "https://evil.example/"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/"


def test_the_whole_case_is_downloaded_and_that_is_logged(site: TestClient, case: LiveCase) -> None:
    answer = site.post(f"{AT}/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="case-2026-11-20.json"'
    document = json.loads(answer.text)
    assert document["schema"] == "clawback.case/1"
    assert len(document["exhibits"]) == len(case.file().exhibits)
    assert [line["leaf"] for line in log_lines(case.folder)][-1]["kind"] == "exported"
    assert site.get(f"{AT}/export").status_code == 405  # looking at an address writes nothing


def test_verifying_says_that_everything_is_as_sealed(site: TestClient, case: LiveCase) -> None:
    page = site.post(f"{AT}/verify").text
    assert "和封存时一样，没有改动" in page
    assert f"核对了 {len(case.file().exhibits)} 份证据" in page


def test_verifying_names_what_was_changed(site: TestClient, case: LiveCase) -> None:
    original = next(path for path in (case.folder / "blobs").rglob("*") if path.is_file())
    original.chmod(0o600)
    original.write_bytes(b"changed")
    page = site.post(f"{AT}/verify").text
    assert "有和封存时不一样的地方" in page
    assert "先不要再改动" in page
