"""The helpers' door: the list, a new case, search, figures."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
from starlette.testclient import TestClient

from clawback.desk.livecase import LiveCase
from clawback.desk.overview import NOTE
from clawback.desk.workplace import Workplace

SECRET = "eine Zeile, die keiner kennt"  # noqa: S105 - invented


def many(workplace: Workplace, sealed: Path, count: int) -> None:
    """`count` copies of the small case."""
    workplace.home.mkdir(exist_ok=True)
    for number in range(count):
        shutil.copytree(sealed, workplace.home / f"{number:016d}")
    workplace.overview.lines(wait_s=60)


def test_the_list_shows_each_case_without_names_of_people(site: TestClient, case: LiveCase) -> None:
    site.get("/cases")
    case_page = site.get("/cases").text
    assert "甲＊" in case_page
    assert "甲某" not in case_page
    assert "王样本" not in case_page
    assert "提现被拒" in case_page
    assert "10,880.00元" in case_page  # 3,000 + 8,000 sent, 120 came back
    assert f'href="/c/{case.id}/"' in case_page


def test_an_empty_workplace_says_what_to_do(site: TestClient) -> None:
    page = site.get("/cases").text
    assert "还没有案件" in page
    assert page.count("button-first") == 1


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("", "到期日，先近后远"),
        ("changed", "最近改动，先新后旧"),
        ("loss", "损失，同一币种里先大后小"),
        ("gaps", "缺的和待判断的，先多后少"),
        ("nonsense", "到期日，先近后远"),
    ],
)
def test_the_order_is_said_in_words(site: TestClient, case: LiveCase, sort: str, said: str) -> None:
    page = site.get(f"/cases?sort={sort}").text
    assert f'<strong class="atom">{said}</strong>' in page


def test_filters_say_how_many_there_are(site: TestClient, case: LiveCase) -> None:
    page = site.get("/cases?show=waiting").text
    assert re.search(r'aria-current="true">等回复 0<', page)
    assert "没有符合的案件" in page


def test_a_long_list_is_paged(site: TestClient, workplace: Workplace, sealed_small_case: Path) -> None:
    many(workplace, sealed_small_case, 53)
    first, second = site.get("/cases").text, site.get("/cases?page=2&sort=changed").text
    assert first.count('class="open"') == 50
    assert second.count('class="open"') == 3
    assert "案件 53" in first
    assert "sort=changed" in second


def test_a_locked_case_shows_only_that_it_is_locked(site: TestClient, workplace: Workplace) -> None:
    form = {"place": "cn", "lang": "zh", "note": "A-7", "passphrase": SECRET, "again": SECRET}
    site.post("/cases/new", data=form, follow_redirects=False)
    (id,) = workplace.ids()
    assert workplace.case(id).encrypted
    workplace.overview.lines(wait_s=60)
    assert "A-7" in site.get("/cases").text
    workplace.case(id).shut()
    page = site.get("/cases").text
    assert "已锁定" in page
    assert "A-7" not in page
    assert f'href="/c/{id}/unlock"' in page


def test_a_case_that_does_not_load_is_named_and_hides_no_other(
    site: TestClient, case: LiveCase, workplace: Workplace
) -> None:
    shutil.copytree(case.folder, workplace.home / "aaaaaaaaaaaaaaaa")
    (workplace.home / "aaaaaaaaaaaaaaaa" / "clawback.json").write_text("{}")
    page = site.get("/cases").text
    assert "打不开" in page
    assert "甲＊" in page


def test_a_new_case_gets_its_place_language_and_reference(site: TestClient, workplace: Workplace) -> None:
    answer = site.post(
        "/cases/new", data={"place": "gb", "lang": "zh", "note": "2026-014"}, follow_redirects=False
    )
    (id,) = workplace.ids()
    assert answer.headers["location"] == f"/c/{id}/add"
    file = workplace.case(id).file()
    assert (file.case.jurisdiction, file.case.lang, file.case.encrypted) == ("gb", "zh", False)
    said = file.answer(NOTE)
    assert said is not None
    assert said.value == "2026-014"
    assert "2026-014" not in str(workplace.case(id).folder)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"passphrase": SECRET, "again": SECRET + " "}, "两次输入的口令不一样，请再输一遍"),
        ({"passphrase": "short", "again": "short"}, "口令至少要 8 个字符"),
        ({"place": "xx"}, "请选一个地方"),
        ({"lang": "fr"}, "请选一种语言"),
        ({"note": "很" * 201}, "编号最多 200 个字"),
    ],
)
def test_what_is_wrong_is_said_above_and_at_its_field_and_nothing_is_made(
    site: TestClient, workplace: Workplace, form: dict[str, str], sentence: str
) -> None:
    answer = site.post("/cases/new", data={"place": "cn", "lang": "zh", "note": "2026-014", **form})
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert form.get("note", "2026-014") in answer.text
    assert SECRET not in answer.text
    assert workplace.ids() == ()


def test_the_new_case_page_says_what_a_passphrase_does(site: TestClient) -> None:
    page = site.get("/cases/new").text
    assert "忘了口令，谁也打不开，我们也不能" in page
    assert "不设口令，案件不加密" in page


def sought(site: TestClient, words: str, **more: str) -> str:
    """The page of results, as a browser comes to it: sent, then led on."""
    answer = site.post("/cases/search", data={"q": words}, follow_redirects=False)
    assert answer.status_code == 303
    separator = "&" if more else ""
    return site.get(answer.headers["location"] + separator + urlencode(more)).text


def test_search_groups_by_case_and_links_the_place(site: TestClient, case: LiveCase) -> None:
    site.get("/cases")
    page = sought(site, "提现")
    assert "找过 1 个案件" in page
    found = re.findall(rf'href="(/c/{case.id}/evidence/\d+\?at=[^"]+)"', page)
    assert found
    assert "<mark>提现</mark>" in page
    for address in found:
        assert site.get(address).status_code == 200


def test_what_is_searched_for_stands_in_no_address(
    site: TestClient, workplace: Workplace, sealed_small_case: Path
) -> None:
    many(workplace, sealed_small_case, 30)
    answer = site.post("/cases/search", data={"q": "提现"}, follow_redirects=False)
    location = answer.headers["location"]
    assert re.fullmatch(r"/cases/search\?s=[\w-]{11}", location)
    page = site.get(location).text
    addresses = re.findall(r'(?:href|action)="([^"]+)"', page)
    assert f"{location.replace('&', '&amp;')}&amp;page=2" in addresses
    assert not [one for one in addresses if "提现" in unquote(one)]
    assert "?q=" not in page
    assert 'value="提现"' in page  # still in the box, to be changed
    assert 'action="/cases/search" method="post"' in page
    assert "找过 0 个案件" not in page


def test_a_search_is_known_only_to_its_session_and_gone_when_that_ends(
    site: TestClient, case: LiveCase
) -> None:
    site.get("/cases")
    location = site.post("/cases/search", data={"q": "提现"}, follow_redirects=False).headers["location"]
    searches = site.app.state.searches  # type: ignore[attr-defined]
    id = location.rpartition("=")[2]
    ((session, kept),) = searches._kept
    assert kept == id
    assert searches.words("another session", id) is None
    site.post("/leave")
    assert searches.words(session, id) is None


def test_a_search_that_is_not_kept_any_more_asks_for_the_words_again(
    site: TestClient, case: LiveCase
) -> None:
    page = site.get("/cases/search?s=AAAAAAAAAAA").text
    assert "这次查找的内容已经清掉了" in page
    assert "没有找到" not in page


def test_searching_for_nothing_shows_the_empty_box(site: TestClient) -> None:
    answer = site.post("/cases/search", data={"q": "  "}, follow_redirects=False)
    assert answer.headers["location"] == "/cases/search"
    assert "没有找到" not in site.get("/cases/search").text


def test_search_says_when_there_is_nothing_and_escapes(site: TestClient, case: LiveCase) -> None:
    page = sought(site, "<script>x</script>")
    assert "没有找到“&lt;script&gt;" in page
    assert "<script>x" not in page


def test_search_results_are_paged_over_all_cases(
    site: TestClient, workplace: Workplace, sealed_small_case: Path
) -> None:
    many(workplace, sealed_small_case, 30)
    page = sought(site, "提现")
    total = re.search(r"找到 (\d+) 处，在 30 个案件里", page)
    assert total
    assert page.count('class="row hit"') == 50
    last = -(-int(total[1]) // 50)
    rest = sought(site, "提现", page=str(last))
    assert rest.count('class="row hit"') == int(total[1]) - 50 * (last - 1)


def test_figures_show_their_denominators_and_what_is_not_known(
    site: TestClient, case: LiveCase, workplace: Workplace
) -> None:
    workplace.begin("cn")
    workplace.overview.lines(wait_s=20)
    page = site.get("/cases/statistics").text
    assert "2 个案件中的 2 个" in page
    assert "10,880.00元" in page
    assert "2 个案件里有 1 个还不知道损失" in page
    assert "2 件中 2 件" in page  # nobody has acted on record
    assert "还没有记录" in page
    assert "%" not in re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)


def test_everything_is_said_in_english_too(site: TestClient, case: LiveCase) -> None:
    site.get("/speak/en")
    site.get("/cases")
    assert "1 case" in site.get("/cases").text
    assert "Withdrawal refused" in site.get("/cases").text
    assert "1 case was searched" in sought(site, "zzz")
    assert "2 of" not in site.get("/cases/statistics").text
