"""The page of genuine numbers and sites: what it says, and what it never says."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


def ask(site: TestClient, asked: str, claimed: str = "", **more: str) -> str:
    return site.post("/check/directory", data={"asked": asked, "claimed": claimed, **more}).text


def test_the_page_asks_one_thing_and_lists_countries_with_the_own_one_first(site: TestClient) -> None:
    page = site.get("/check/directory").text
    assert page.count("button-first") == 1
    assert page.count("<h1>") == 1
    assert page.index("中国内地") < page.index("英国")
    site.get("/speak/en?to=/check/directory")
    page = site.get("/check/directory").text
    assert page.index("United Kingdom") < page.index("Mainland China")


def test_a_known_number_is_named_and_the_caller_is_not_vouched_for(site: TestClient) -> None:
    page = ask(site, "95188")
    assert "95188 在名录里：支付宝（中国内地）" in page
    assert "来电显示和短信号码可以伪造" in page
    assert "2026年11月23日" in page.replace(" ", "")


@pytest.mark.parametrize(
    ("asked", "claimed", "said"),
    [
        ("95188", "公安局", "95188 在名录里是支付宝（中国内地）的，不是“公安局”的"),
        ("+86 96110", "", "+8696110 不在名录里，只是像反诈专线96110（中国内地）的"),
        ("13800012315", "", "名录里没有 13800012315。这不说明它是假的，也不说明它是真的"),
        ("95516", "", "没有读到来源"),
        ("95055", "", "95055：关于支付宝（中国内地），来源说法不一"),
        ("支付宝", "", "名录里的支付宝（中国内地）"),
        ("？？？", "", "看不出“???”是号码"),
    ],
)
def test_each_standing_has_its_own_words(site: TestClient, asked: str, claimed: str, said: str) -> None:
    assert said in ask(site, asked, claimed)


def test_another_bodys_number_comes_with_the_genuine_way_to_the_claimed_one(site: TestClient) -> None:
    page = ask(site, "95188", "公安局")
    assert page.index("您要找的机构") < page.index('href="tel:110"')


def test_a_name_that_no_list_knows_is_said_to_be_unknown(site: TestClient) -> None:
    assert "名录里没有“某某快递”这个名字" in ask(site, "95188", "某某快递")


def test_a_number_that_nobody_verified_cannot_be_pressed(site: TestClient) -> None:
    page = site.get("/check/directory").text
    assert 'href="tel:12315"' in page
    assert 'href="tel:95516"' not in page
    assert 'href="tel:12381"' not in page  # it only sends texts


def test_the_list_says_who_signed_it(site: TestClient) -> None:
    page = site.get("/check/directory").text
    assert "名录的签名对得上。签名的密钥：Clawback 开发密钥，发布时更换" in page


def test_no_site_of_the_list_is_a_link(site: TestClient) -> None:
    page = site.get("/check/directory").text
    assert "reportfraud.police.uk" in page
    assert 'href="http' not in page


def test_an_empty_box_is_told_what_to_mend(site: TestClient) -> None:
    answer = site.post("/check/directory", data={"asked": " ", "claimed": "支付宝"})
    assert answer.status_code == 422
    assert 'href="#asked"' in answer.text
    assert 'value="支付宝"' in answer.text


def test_changing_the_language_keeps_what_was_typed(site: TestClient) -> None:
    page = ask(site, "0300 123 2040", "my bank", speak="en")
    assert 'value="0300 123 2040"' in page
    assert "is in our list" in page


def test_what_was_typed_is_shown_as_text(site: TestClient) -> None:
    page = ask(site, "<script>alert(1)</script>", "<b>bank</b>")
    assert "<script>alert" not in page
    assert "<b>bank" not in page
