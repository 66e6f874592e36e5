"""What is said when something does not work: plain words, a way on, and never a second fault."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from clawback.errors import RulePackError
from clawback.web import templating
from clawback.web.pages import start


def broken(_: object) -> None:
    raise RulePackError("channels.yaml, line 3: no basis", "channels.yaml 第 3 行：没有依据")


def test_a_page_that_is_not_there_says_that_the_case_is_safe(site: TestClient) -> None:
    answer = site.get("/nowhere")
    assert answer.status_code == 404
    assert "找不到这一页" in answer.text
    assert "您的案件没有丢" in answer.text


def test_a_case_that_is_not_there_is_said_in_the_readers_language(site: TestClient) -> None:
    answer = site.get("/c/ffffffffffffffff/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "There is no such case." in answer.text


def test_a_rule_pack_that_does_not_load_is_named_on_a_page_that_still_works(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templating, "help_lines", broken)
    monkeypatch.setattr(start, "help_lines", broken)
    answer = site.get("/")
    assert answer.status_code == 500  # ours, and said in full
    assert "channels.yaml 第 3 行：没有依据" in answer.text


def test_a_fault_of_ours_gives_a_code_and_tells_nothing_else(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("secret of the inside")

    monkeypatch.setattr(start, "help_lines", fail)
    answer = site.get("/")
    assert answer.status_code == 500
    assert "我们这边出错了" in answer.text
    assert "secret" not in answer.text
    assert "编号 " in answer.text
