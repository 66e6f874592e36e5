"""Learning: every card in both languages, links that lead on, and a quiz that keeps nothing."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from clawback.desk.learning import cards, quiz_round
from clawback.desk.workplace import Workplace

IDS = [one.kind.id for one in cards()]


def test_all_kinds_are_listed_the_official_ones_first(site: TestClient) -> None:
    page = site.get("/learn").text
    assert re.findall(r'href="/learn/([a-z_]+)"><span class="row-name"', page) == IDS
    assert page.index("官方公布的高发类型") < page.index("刷单返利") < page.index("其他常见骗局")
    assert page.count("button-first") == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id", IDS)
def test_a_card_tells_the_script_the_signs_and_what_to_do(site: TestClient, id: str, lang: str) -> None:
    kind = next(one.kind for one in cards() if one.kind.id == id)
    page = html.unescape(site.get(f"/learn/{id}", headers={"accept-language": lang}).text)
    assert page.count("<h1>") == page.count("button-first") == 1
    told = [kind.name, kind.one_line, kind.do, kind.change, *kind.signs]
    told += [part for scene in kind.stages.values() for part in (scene.says, scene.truth, scene.next)]
    assert [words.say(lang) for words in told if words.say(lang) not in page] == []


def test_a_card_leads_to_help_and_to_the_check(site: TestClient) -> None:
    page = site.get("/learn/recovery_scam").text
    assert '<form action="/now" method="post"><button class="button button-first">我已经付了钱' in page
    assert '<a class="button" href="/check">' in page


def test_only_a_page_of_the_body_itself_is_a_link_and_each_says_how_it_is_known(site: TestClient) -> None:
    page = site.get("/learn/impersonation_authority").text
    outside = re.findall(r'href="(https?://[^"]+)"', page)
    assert outside == ["https://www.gov.mo/zh-hans/news/389070/"]
    assert "公安部，据中新社，2024年6月25日，核对于 2026年11月23日，据二手资料，请再核对" in page


def test_a_kind_without_a_sourced_case_says_so(site: TestClient) -> None:
    assert "宁可空着" in site.get("/learn/ticket_scam").text


def test_an_unknown_kind_is_not_found(site: TestClient) -> None:
    assert site.get("/learn/no_such_scam").status_code == 404


def test_the_quiz_asks_then_explains_with_the_words_numbered(site: TestClient) -> None:
    asked = site.get("/learn/quiz?round=0").text
    assert "第 1 条，共 6 条" in asked
    assert "<mark>" not in asked
    assert re.findall(r'name="answer" value="([a-z]+)"', asked) == ["scam", "honest", "unsure"]
    told = html.unescape(site.get("/learn/quiz?round=0&n=1&answer=honest").text)
    assert "这是骗局：刷单返利" in told
    assert "您选的是“像正常的”。" in told
    marked = re.findall(r'<mark>([^<]+)</mark><a class="reason" href="#why-(\d)"', told)
    assert marked == [("点赞关注就能赚钱", "1"), ("链接 task.example", "2"), ("垫付做联单", "3")]
    assert len(re.findall(r'<li id="why-\d">', told)) == 3
    assert 'href="/learn/quiz?round=0&n=2"' in told


def test_an_honest_message_is_called_honest_and_not_sure_is_no_mistake(site: TestClient) -> None:
    told = site.get("/learn/quiz?round=0&n=2&answer=unsure").text
    assert "这是一条正常的消息" in told
    assert "拿不准就先停下" in told


def test_the_message_of_the_answer_is_the_message_that_was_asked(site: TestClient) -> None:
    for place, item in enumerate(quiz_round(2), start=1):
        asked = html.unescape(site.get(f"/learn/quiz?round=2&n={place}").text)
        assert item.message.zh in asked


def test_a_round_ends_without_a_score_and_leads_to_the_next(site: TestClient) -> None:
    last = html.unescape(site.get("/learn/quiz?round=2&n=6&answer=scam").text)
    assert 'href="/learn/quiz?round=2&n=7"' in last
    done = site.get("/learn/quiz?round=2&n=7").text
    assert 'href="/learn/quiz?round=0"' in done
    assert "得分" not in done + last
    assert not re.search(r"\d+ ?/ ?6", done)


@pytest.mark.parametrize("query", ["", "?round=-1", "?round=x&n=y", "?n=0", "?round=" + "9" * 5000, "?n=²"])
def test_what_an_address_cannot_mean_is_taken_as_not_said(site: TestClient, query: str) -> None:
    page = site.get(f"/learn/quiz{query}")
    assert page.status_code == 200
    assert "第 1 条，共 6 条" in page.text


def test_an_answer_that_is_none_asks_again(site: TestClient) -> None:
    assert 'name="answer"' in site.get("/learn/quiz?round=0&n=1&answer=<b>").text


def test_the_quiz_keeps_nothing(site: TestClient, workplace: Workplace) -> None:
    answer = site.get("/learn/quiz?round=0&n=1&answer=scam")
    assert "set-cookie" not in answer.headers
    assert not workplace.home.exists() or not [path for path in workplace.home.rglob("*") if path.is_file()]
