"""Links: named signs with the piece that shows each, and no name of somebody genuine called a copy."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawback.guard.links import LinkResult, LinkVerdict, check_link
from clawback.guard.lists import Confidence, ImportedList, Note, entry_key
from clawback.guard.sitedata import brands, hosts, sign_records
from clawback.model.indicators import IndicatorKind

TODAY = date(2026, 11, 20)


def pieces(verdict: LinkVerdict) -> dict[str, str]:
    return {sign.id: sign.piece for sign in verdict.signs}


@pytest.mark.parametrize(
    ("link", "sign", "piece"),
    [
        ("https://paypal.com@shop.example/", "userinfo", "paypal.com"),
        ("http://192.0.2.7/a", "ip_host", "192.0.2.7"),
        ("http://3221225991/", "ip_host", "3221225991"),
        ("https://[2001:db8::1]/", "ip_host", "2001:db8::1"),
        ("https://shop.example:8443/", "odd_port", "8443"),
        ("https://paypa1.example/", "homoglyph", "paypa1"),
        ("https://rnetamask.example/", "homoglyph", "rnetamask"),
        ("https://pаypal.example/", "homoglyph", "pаypal"),  # the first a is Cyrillic
        ("https://taobbao.example/", "slip", "taobbao"),
        ("https://uniswqp.example/", "near_miss", "uniswqp"),
        ("https://myetherwalet.example/", "slip", "myetherwalet"),
        ("https://icbc-kefu.example/", "combo", "icbc"),
        ("https://secure-royalmail-redelivery.example/", "combo", "royalmail"),
        ("https://binance.example/", "same_name", "binance"),
        ("https://taobao.shop-login.example/", "below", "taobao"),
        ("https://usps.com-track.example/", "below", "usps.com-track"),
        ("https://shop.example/alipay/pay", "in_path", "alipay"),
        ("https://www-secure.example/", "fake_ending", "www"),
        ("https://ethgive.example/", "coin_offer", "ethgive"),
        ("https://duck-airdrop.example/", "promise", "airdrop"),
        ("https://shop.example/verify", "path_words", "verify"),
        ("https://shop.example/d/app.apk", "phone_app", ".apk"),
        ("https://shop.example/d/setup.exe?x=1", "program", ".exe"),
        ("https://shop.example/?to=https%3A%2F%2Fb.test", "link_inside", "https%3A%2F%2Fb.test"),
        ("https://claim.pages.dev/", "free_host", "pages.dev"),
        ("https://myhome.duckdns.org/", "dynamic_host", "duckdns.org"),
        ("https://something.top/", "cheap_ending", "top"),
        ("https://a-b-c-d-e.example/", "many_hyphens", "a-b-c-d-e"),
        ("https://ab12345c.example/", "many_digits", "ab12345c"),
        ("https://a.b.c.d.e.example/", "many_labels", "a.b.c.d.e.example"),
        ("https://abcdefghijabcdefghijabcdefghijk.example/", "long_name", "abcdefghijabcdefghijabcdefghijk"),
        ("https://xkqvbzjt.example/", "random_name", "xkqvbzjt"),
    ],
)
def test_each_sign_names_the_piece_of_the_link_that_shows_it(link: str, sign: str, piece: str) -> None:
    verdict = check_link(link)
    assert pieces(verdict)[sign] == piece
    found = next(one for one in verdict.signs if one.id == sign)
    assert verdict.link[found.start : found.end] == piece
    for reason in (found.why.zh, found.why.en):
        assert "{" not in reason


def test_a_rewritten_name_is_quoted_as_it_stands_and_as_it_shows() -> None:
    # xn--pple-43d is "apple" with a Cyrillic a
    verdict = check_link("https://xn--pple-43d.com/")
    sign = next(one for one in verdict.signs if one.id == "mixed_scripts")
    assert sign.piece == "xn--pple-43d"
    assert verdict.result is LinkResult.LIKELY


def test_an_accent_in_an_english_name_is_a_sign_but_not_where_the_letter_is_at_home() -> None:
    assert "accented" in pieces(check_link("bínance.com".encode("idna").decode()))
    assert "accented" not in pieces(check_link("müller.de".encode("idna").decode()))


@pytest.mark.parametrize(
    "link",
    [
        "https://paypal.com@evil.test/login",
        "hxxps://paypa1[.]com/",
        "https://icbc-kefu.top",
        "https://royalmail-redelivery.com/pay",
        "https://usps.com-track.top/a",
    ],
)
def test_a_copied_name_is_likely_a_scam(link: str) -> None:
    assert check_link(link).result is LinkResult.LIKELY


@pytest.mark.parametrize(
    "link", ["jd-tuikuan.cn", "icbc.vip", "taobbao.com", "http://192.0.2.7/", "https://shop.example/a.apk"]
)
def test_a_sign_that_is_enough_alone_is_not_argued_away(link: str) -> None:
    assert check_link(link).result in (LinkResult.SOME, LinkResult.LIKELY)


def test_a_genuine_site_is_said_to_be_genuine_and_has_no_signs() -> None:
    verdict = check_link("https://www.icbc.com.cn/login?verify=1")
    assert verdict.genuine is not None
    assert verdict.genuine.id == "icbc"
    assert (verdict.result, verdict.signs) == (LinkResult.NONE, ())


def test_a_page_that_anybody_can_put_up_is_not_genuine_for_its_host() -> None:
    verdict = check_link("https://docs.google.com/forms/d/e/1")
    assert verdict.genuine is None
    assert pieces(verdict) == {"free_host": "docs.google.com"}


def test_a_folder_of_a_file_store_has_a_name_that_somebody_chose() -> None:
    assert "combo" in pieces(check_link("https://paypal-login.s3.eu-north-1.amazonaws.com/a"))
    assert "combo" not in pieces(check_link("https://paypal-login.eu-north-1.elb.amazonaws.com/a"))


def test_a_short_link_cannot_be_judged() -> None:
    verdict = check_link("https://bit.ly/3abcde")
    assert (verdict.result, verdict.missing) == (LinkResult.CANNOT, "short_link")


@pytest.mark.parametrize(
    "text", ["", "hello", "readme.md.pdf", "javascript:alert(1)", "1.5", "a@", "https://"]
)
def test_what_is_no_address_cannot_be_judged(text: str) -> None:
    verdict = check_link(text)
    assert (verdict.result, verdict.missing, verdict.owner) == (LinkResult.CANNOT, "no_address", "")


@pytest.mark.parametrize(
    "host",
    ["www.gov.uk", "tax.service.gov.uk", "beijing.gov.cn", "ox.ac.uk", "irs.gov", "cba.com.au", "bbc.co.uk"],
)
def test_an_ending_that_is_not_for_everybody_is_no_copy(host: str) -> None:
    assert check_link(host).result is LinkResult.NONE


def all_genuine() -> list[str]:
    return sorted(brands().by_domain)


def test_no_genuine_domain_is_called_a_copy_or_flagged() -> None:
    for domain in all_genuine():
        for host in (domain, f"www.{domain}", f"https://{domain}/login/verify"):
            verdict = check_link(host)
            assert verdict.result in (LinkResult.NONE, LinkResult.CANNOT), host
            assert not {"homoglyph", "near_miss", "slip", "same_name", "combo", "learned"} & set(
                pieces(verdict)
            ), host


def test_a_name_in_every_country_counts_as_genuine_there() -> None:
    for host in ("amazon.co.jp", "www.google.fr", "ebay.com.au"):
        assert check_link(host).genuine is not None
    assert check_link("amazon.top").genuine is None


def test_honest_sites_that_carry_a_known_name_are_left_alone() -> None:
    for site in hosts().harmless:
        assert check_link(site).result is LinkResult.NONE, site


# ---------------------------------------------------------------------------------------------- lists


def listed(confidence: Confidence, expires: date = date(2027, 1, 1)) -> ImportedList:
    note = Note("fake shop", confidence, date(2026, 11, 10), None)
    entries = {entry_key(IndicatorKind.DOMAIN, "quiet-garden.example"): note}
    return ImportedList("own", "Own list", "a friend's bank", date(2026, 11, 1), TODAY, expires, entries)


def test_a_hit_in_a_list_is_told_with_its_list_and_decides() -> None:
    verdict = check_link("https://www.quiet-garden.example/", [listed(Confidence.MEDIUM)], TODAY)
    assert verdict.result is LinkResult.LIKELY
    assert verdict.signs[0].id == "listed"
    assert "Own list" in verdict.signs[0].why.en
    assert verdict.hits[0].source == "a friend's bank"
    assert verdict.probability > check_link("https://www.quiet-garden.example/").probability


def test_a_weak_claim_is_only_something_doubtful() -> None:
    assert check_link("quiet-garden.example", [listed(Confidence.WEAK)], TODAY).result is LinkResult.SOME


def test_an_expired_list_says_nothing() -> None:
    old = listed(Confidence.STRONG, expires=date(2026, 11, 19))
    assert check_link("quiet-garden.example", [old], TODAY).result is LinkResult.NONE
    assert check_link("quiet-garden.example", [old]).hits == ()


# ------------------------------------------------------------------------------------- hostile and fast


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_it_fail_and_every_piece_stands_in_the_link(text: str) -> None:
    for link in (text, f"https://{text}", f"{text}.com/{text}", f"http://a.example/{text}"):
        verdict = check_link(link)
        assert 0 <= verdict.probability <= 1
        for sign in verdict.signs:
            assert verdict.link[sign.start : sign.end].lower() == sign.piece.lower()
            assert sign.why.zh
            assert sign.why.en


@pytest.mark.parametrize(
    "link",
    [
        "a" * 100_000,
        "a." * 50_000 + "com",
        "-" * 5000 + ".com",
        "https://" + "@" * 5000,
        "https://x.com/" + "%41" * 30_000,
        "https://" + "paypal-" * 9 + "login.com/" + "/verify" * 1000,
        "xn--" + "a" * 59 + ".com",
        "https://" + "1lirn0ovv" * 7 + ".com",
        "[" * 2000 + "]" * 2000,
    ],
)
def test_a_hostile_link_takes_no_time(link: str) -> None:
    check_link("warm.example")
    begin = time.process_time()
    check_link(link)
    assert time.process_time() - begin < 0.1


def test_nothing_is_loaded_again_for_each_link() -> None:
    links = [f"https://garden-{number}-claim.example/{number}" for number in range(300)]
    check_link("warm.example")
    begin = time.process_time()
    for link in links:
        check_link(link)
    assert (time.process_time() - begin) / len(links) < 0.001


def test_the_same_link_gives_the_same_answer_plain_and_defanged() -> None:
    plain, defanged = check_link("https://icbc-kefu.top/a"), check_link("hxxps://icbc-kefu[.]top/a")
    assert (plain.result, pieces(plain)) == (defanged.result, pieces(defanged))


def test_every_sign_has_a_weight_and_says_its_piece_in_both_languages() -> None:
    for id, record in sign_records().items():
        assert record.weight >= 0, id
        assert "{0}" in record.zh, id
        assert "{0}" in record.en, id
