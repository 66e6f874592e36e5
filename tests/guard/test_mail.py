"""What the check of a mail says, and on which words or header it rests."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawback.guard.mail import MailVerdict, check_mail
from clawback.guard.mail_parts import MailAttachment, Mailbox, MailLink, MailParts, mailboxes
from clawback.guard.mail_senders import brand_in, looks_random
from clawback.guard.mail_signs import LONGEST_QUOTE, brands, lures, sign, sign_records
from clawback.guard.mail_words import languages
from clawback.guard.verdict import Result
from clawback.model.domains import registrable
from guard.mails import HONEST, SCAMS, mail


def codes(parts: MailParts) -> set[str]:
    """The signs of a mail, made visible by one strong sign that has nothing to do with the others."""
    strong = MailAttachment("x.exe", "application/octet-stream", 10)
    shown = check_mail(replace(parts, attachments=(*parts.attachments, strong)))
    return {one.code for one in shown.signs} - {"program_attached"}


@pytest.mark.parametrize("name", SCAMS)
def test_a_scam_is_flagged_with_reasons_in_both_languages(name: str) -> None:
    verdict = check_mail(SCAMS[name])
    assert verdict.result in (Result.LIKELY, Result.SOME)
    assert verdict.signs
    assert all(one.why.zh and one.why.en for one in verdict.signs)
    assert "{" not in "".join(one.why.zh + one.why.en for one in verdict.signs)


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_mail_that_looks_alike_is_not_flagged(name: str) -> None:
    assert check_mail(HONEST[name]) == MailVerdict(Result.NONE, None, ())


def test_the_type_is_what_the_words_speak_for() -> None:
    expected = {"casino": "illegal_gambling", "blackmail": "sextortion", "inheritance": "lottery_scam",
                "call us": "tech_support_scam"}  # fmt: skip
    assert {name: check_mail(SCAMS[name]).type for name in expected} == expected


def test_nothing_at_all_cannot_be_judged() -> None:
    assert check_mail(MailParts((), "")).result is Result.CANNOT


# ------------------------------------------------------------------------------------------------- sender


def test_a_borrowed_name_is_quoted_with_the_address_that_wrote() -> None:
    verdict = check_mail(mail("PayPal <x@notice.example>", "hello", "hello"))
    found = next(one for one in verdict.signs if one.code == "brand_elsewhere")
    assert found.quote == "PayPal"
    assert found.where == "From"
    assert "notice.example" in found.why.en
    assert "PayPal" in found.why.zh


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("PayPal <service@paypal.com>", False),
        ("PayPal <service@intl.paypal.co.uk>", False),
        ("PayPal <service@paypal.com.example>", True),
        ("工商银行 <a@icbc.com.cn>", False),
        ("工商银行客服 <a@icbc.example>", True),
        ("Apple Support <a@x.example>", True),
        ("Fiona Apple <fiona@x.example>", False),
        ("Norton <ed@x.example>", True),
        ("Edward Norton <ed@x.example>", False),
        ("Pineapple Ltd <a@x.example>", False),
        ("Ｐａｙｐａｌ <a@x.example>", True),
        ("P\u0430ypal <a@x.example>", True),
    ],
)
def test_a_brand_counts_only_with_a_foreign_address(sender: str, expected: bool) -> None:
    assert ("brand_elsewhere" in codes(mail(sender, "hello", "hello"))) is expected


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Reply-To": "other@elsewhere.test"}, "reply_elsewhere"),
        ({"Reply-To": "someone.else@gmail.com"}, "reply_private"),
        ({"Return-Path": "<a@elsewhere.test>"}, "return_elsewhere"),
        ({"Return-Path": "<root@vps-1>"}, "return_machine"),
        ({"To": "undisclosed-recipients:;"}, "hidden_recipients"),
        ({"From": "Bank <info@bank>"}, "sender_no_domain"),
        ({"From": '"help@bank.example" <x@other.test>'}, "address_in_name"),
        ({"From": "shop.example offers <x@other.test>"}, "site_in_name"),
        ({"From": "One <a@one.test>, Two <b@two.test>"}, "several_senders"),
        ({"From": "News <info@r3kd8s02e6.com>"}, "random_sender"),
        ({"From": "News <BFwBIGA@one.test>"}, "random_capitals"),
        ({"From": "News <1ljocry459tl@one.test>"}, "random_local"),
        ({"From": "News <x@app-1.firebaseapp.com>"}, "free_host_sender"),
        ({"From": "Billing Department <x@gmail.com>"}, "freemail_office"),
        ({"From": "News <info+abcd@one.test>"}, "tagged_sender"),
    ],
)  # fmt: skip
def test_each_sign_of_the_sender(fields: dict[str, str], code: str) -> None:
    plain = mail("Ann Example <ann@one.test>", "hello", "hello")
    assert code not in codes(plain)
    headers = tuple((dict(plain.headers) | fields).items())
    assert code in codes(replace(plain, headers=headers))


@pytest.mark.parametrize(
    "local",
    ["ann.lee", "AnnLee", "AnnMcDonald", "HRTeam", "li2026", "schwartz", "DoNotReply", "ccsvc", "eBay"],
)
def test_names_and_abbreviations_are_not_random(local: str) -> None:
    assert codes(mail(f"News <{local}@one.test>", "hello", "hello")) == set()


def test_a_reply_between_two_free_mailboxes_of_strangers_is_a_strong_sign() -> None:
    stranger = mail("A <ann.one@gmail.com>", "hello", "hello", headers={"Reply-To": "wxyz77@outlook.com"})
    own = mail("A <ann.one@gmail.com>", "hello", "hello", headers={"Reply-To": "annone2@outlook.com"})
    assert "reply_stranger" in codes(stranger)
    assert "reply_private" in codes(own)


def test_a_mailing_list_and_a_known_mailer_explain_where_answers_go() -> None:
    fields = {"Reply-To": "users@lists.test", "Return-Path": "<b@lists.test>"}
    listed = fields | {"List-Post": "<mailto:users@lists.test>"}
    assert codes(mail("Ann <ann@one.test>", "hello", "hello", headers=fields)) == {
        "reply_elsewhere", "return_elsewhere"
    }  # fmt: skip
    assert codes(mail("Ann <ann@one.test>", "hello", "hello", headers=listed)) == set()
    mailer = {"Return-Path": "<0101@eu-west-1.amazonses.com>"}
    assert codes(mail("Ann <ann@one.test>", "hello", "hello", headers=mailer)) == set()


def test_malformed_senders_are_taken_as_they_look() -> None:
    assert mailboxes("Park,(<a@one.test>)") == (Mailbox("Park", "a@one.test"),)
    assert mailboxes('"A, B" <a@one.test>') == (Mailbox("A, B", "a@one.test"),)
    assert mailboxes("a@one.test") == (Mailbox("", "a@one.test"),)
    assert mailboxes("nobody") == (Mailbox("nobody", ""),)
    assert mailboxes("") == ()


@pytest.mark.parametrize("label", ["r3kd8s02e6", "xvpqzklmn", "w3bm5k7egk"])
def test_a_name_drawn_at_random_is_told_from_a_word(label: str) -> None:
    assert looks_random(label)


@pytest.mark.parametrize("label", ["sparkasse", "example", "marktplatz24", "wikipedia", "zhihu", "kbs-world"])
def test_a_word_is_not_random(label: str) -> None:
    assert not looks_random(label)


# --------------------------------------------------------------------------------- what the server stated


def stated(value: str, *below: str) -> MailParts:
    plain = mail("Ann <ann@one.test>", "hello", "hello")
    fields = [("Authentication-Results", each) for each in (value, *below)]
    return replace(plain, headers=(*fields, *plain.headers))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mx.test; spf=pass; dkim=pass; dmarc=pass", set()),
        ("mx.test; dmarc=fail header.from=one.test", {"dmarc_fail"}),
        ("mx.test; spf=fail smtp.mailfrom=one.test", {"spf_fail"}),
        ("mx.test; spf=softfail; dkim=fail", {"spf_softfail", "dkim_fail"}),
        ("mx.test; spf=none; dkim=none", {"nothing_vouched"}),
    ],
)
def test_failed_checks_count(value: str, expected: set[str]) -> None:
    assert codes(stated(value)) == expected


def test_only_the_topmost_statement_counts_and_its_maker_is_named() -> None:
    assert codes(stated("mx.test; spf=pass; dkim=pass", "evil.test; dmarc=fail")) == set()
    shown = check_mail(replace(stated("mx.test; dmarc=fail; spf=fail")))
    assert all("mx.test" in one.why.en for one in shown.signs if one.family == "authentication")
    unnamed = check_mail(stated("spf=fail; dmarc=fail"))
    assert "which does not give its name" in unnamed.signs[0].why.en


def test_a_passed_check_excuses_nothing() -> None:
    passed = {"Authentication-Results": "mx.test; spf=pass; dkim=pass; dmarc=pass"}
    scam = SCAMS["bank login"]
    signed = replace(scam, headers=(*scam.headers, *passed.items()))
    assert check_mail(signed) == check_mail(scam)


# -------------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("words", "target", "code"),
    [
        ("www.bank.example", "https://other.test/a", "link_text_elsewhere"),
        ("Open", "https://203.0.113.7/a", "ip_link"),
        ("Open", "https://www.bank.example@other.test/", "login_trick_link"),
        ("Open", "https://x.pages.dev/a", "free_host_link"),
        ("Open", "https://bit.ly/a", "only_short_links"),
        ("Open", "https://www.google.com/url?q=https://other.test", "redirect_link"),
        ("Open", "https://xn--80ak6aa92e.test/", "odd_letters_link"),
        ("Open", "https://a8k2m5x9q1.test/", "random_host_link"),
        ("Report the user", "mailto:a@other.test", "mail_button"),
        ("Open", "data:text/html,<form>", "code_link"),
        ("www.paypal.com", "https://other.test/a", "link_text_brand"),
        ("Open", "https://other.test/a", "button_elsewhere"),
    ],
)
def test_each_sign_of_a_link(words: str, target: str, code: str) -> None:
    assert code in codes(mail("Ann <ann@one.test>", "hello", "hello", (words, target)))


def test_an_unsubscribe_link_that_alone_leads_elsewhere_is_a_sign_and_is_not_counted_twice() -> None:
    leaves = ("Unsubscribe", "https://other.test/u")
    own = mail("Ann <ann@one.test>", "hello", "hello", ("Open", "https://one.test"), leaves)
    assert codes(own) == {"dead_unsubscribe"}
    assert codes(mail("Ann <ann@one.test>", "hello", "hello", leaves)) == {"button_elsewhere"}


def test_who_takes_the_bounces_is_a_mailing_company_too() -> None:
    fields = {"Return-Path": "<b@mailer.test>"}
    link = ("Open", "https://click.mailer.test/1")
    assert codes(mail("Ann <ann@one.test>", "hello", "hello", link, headers=fields)) == {"return_elsewhere"}


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("Open", "https://www.one.test/a"),
        ("www.one.test", "https://click.one.test/a"),
        ("www.one.test", "https://one.ct.sendgrid.net/a"),
        ("www.one.test", "https://eur1.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.one.test"),
        ("Unsubscribe", "https://one.mcsv.net/u"),
        ("ann@one.test", "mailto:ann@one.test"),
    ],
)
def test_links_of_the_sender_and_of_known_mailers_are_no_sign(words: str, target: str) -> None:
    assert codes(mail("Ann <ann@one.test>", "hello", "hello", (words, target))) == set()


def test_a_form_that_asks_for_a_password_is_enough() -> None:
    verdict = check_mail(replace(mail("Ann <ann@one.test>", "hello", "hello"), asks_password=True))
    assert verdict.result is Result.SOME


def test_links_are_never_shown_as_links() -> None:
    for parts in SCAMS.values():
        said = " ".join(one.why.en for one in check_mail(parts).signs if one.family == "links")
        assert "http" not in said


# ----------------------------------------------------------------------------- disguise, words, attachments


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("𝐏𝐋𝐄𝐀𝐒𝐄 update", "hello", "styled_letters"),
        ("p\u0430yment details", "hello", "mixed_letters"),
        ("hello", "V\u2069er\u2069if\u2069y", "split_words"),
        ("A C C O U N T", "hello", "spaced_word"),
        ("hello", "Dear {{customer}}, hello", "unfilled_form"),
        ("hello", " ".join(f"a{n}Xb{n}Zc" for n in range(20)), "noise"),
        ("Order kq7x2m9z4", "hello", "odd_subject"),
    ],
)
def test_each_disguise(subject: str, text: str, code: str) -> None:
    assert code in codes(mail("Ann <ann@one.test>", subject, text))


def test_words_of_other_scripts_and_persian_joiners_are_no_disguise() -> None:
    assert codes(mail("Анна <ann@one.test>", "Привет", "Как дела? Η αγορά.")) == set()
    assert codes(mail("Ann <ann@one.test>", "سلام", "می\u200cخواهم می\u200cروم می\u200cشود")) == set()


def test_one_hidden_preview_line_is_no_sign_and_a_long_hidden_text_is() -> None:
    plain = mail("Ann <ann@one.test>", "hello", "hello")
    assert codes(replace(plain, hidden="This week: bread and tea " + "\u200c " * 200)) == set()
    assert "hidden_text" in codes(replace(plain, hidden="random words of a novel " * 30))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.pdf.exe", "two_endings"),
        ("a.pdf    .scr", "two_endings"),
        ("report.xlsm", "macro_attached"),
        ("login.HTML", "page_attached"),
        ("scan.iso", "disk_attached"),
    ],
)
def test_each_dangerous_attachment_is_named(name: str, code: str) -> None:
    found = check_mail(mail("Bank <x@gmail.com>", "hello", "hello", files=(name, "x.exe"))).signs
    assert [one.quote for one in found if one.code == code] == [" ".join(name.split())]


def test_a_program_is_known_by_its_first_bytes_under_any_name() -> None:
    parts = mail("Ann <ann@one.test>", "hello", "hello")
    program = MailAttachment("notes.txt", "text/plain", 99, "4d5a9000")
    assert check_mail(replace(parts, attachments=(program,))).result is Result.SOME


def test_words_alone_are_not_enough_unless_they_are_loud() -> None:
    said = "Your account is locked. Verify your identity."
    assert check_mail(mail("Ann <ann@one.test>", "notice", said)).result is Result.NONE
    assert (
        check_mail(mail("Ann <ann@one.test>", "Crypto airdrop: claim your tokens", "")).result is Result.SOME
    )


def test_a_lure_deep_in_a_long_text_does_not_count() -> None:
    long = "A long letter about the garden and the weather. " * 60
    assert "casino" not in codes(mail("Ann <ann@one.test>", "news", long + "casino bonus: free spins"))
    assert "casino" in codes(mail("Ann <ann@one.test>", "news", "casino bonus: free spins " + long))


def test_disguised_words_are_found_and_quoted_as_they_stand() -> None:
    found = check_mail(mail("Bank <x@gmail.com>", "get free cr\u0443pto t\u200boday", "")).signs
    assert "cr\u0443pto" in next(one.quote for one in found if one.code == "crypto_gift")


def test_languages_are_told_apart_by_small_words() -> None:
    assert languages("please update the details of your account and we will send it") == ["en"]
    assert languages("bitte bestatigen sie ihre daten und wir senden das paket mit der post") == ["de"]
    assert "zh" in languages("您的账户 please update")


# --------------------------------------------------------------------------------------------- data, bounds


def test_every_sign_has_both_languages_and_says_when_it_is_none() -> None:
    for code, record in sign_records().items():
        assert all((record.why.zh, record.why.en, record.not_when.zh, record.not_when.en)), code
        assert ("{a}" in record.why.zh) == ("{a}" in record.why.en), code
        assert ("{b}" in record.why.zh) == ("{b}" in record.why.en), code
    assert set(lures()) <= set(sign_records())
    assert all(record.family == "words" for code, record in sign_records().items() if code in lures())


ENDINGS = ("gouv.fr", "gov.uk", "gov.br", "jus.br", "bradesco")  # only these bodies have names below them


def test_every_brand_writes_from_a_registered_domain_and_is_found_by_its_names() -> None:
    for id, brand in brands().items():
        assert all(registrable(domain) == domain or domain in ENDINGS for domain in brand.domains), id
        for name in brand.names:
            assert name == name.lower(), name
            assert brand_in(name) is not None, name


def test_braces_in_a_mail_are_never_filled() -> None:
    assert "{b}" in sign("brand_elsewhere", "From", "{b}", "{b}", "x.test").why.en


def test_quotes_are_short_and_on_one_line() -> None:
    long = "X" * 5000 + "\nsecond"
    for one in check_mail(mail(f"PayPal {long} <a@b>", long, long, files=(f"{long}.exe",))).signs:
        assert len(one.quote) <= LONGEST_QUOTE
        assert "\n" not in one.quote


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(("From", "To", "Subject", "Reply-To", "Return-Path",
                                        "Authentication-Results", "List-Post")), HOSTILE), max_size=8),
    HOSTILE,
    st.lists(st.tuples(HOSTILE, HOSTILE), max_size=4),
    st.lists(HOSTILE, max_size=3),
)  # fmt: skip
def test_nothing_in_a_mail_makes_it_raise(
    headers: list[tuple[str, str]], text: str, links: list[tuple[str, str]], names: list[str]
) -> None:
    parts = MailParts(
        headers=tuple(headers),
        text=text,
        hidden=text,
        links=tuple(MailLink(target, words) for target, words in links),
        attachments=tuple(MailAttachment(name, "", 0) for name in names),
    )
    assert check_mail(parts) == check_mail(parts)


@pytest.mark.parametrize(
    "piece", ["<", "a@", "-", "=?utf-8?b?", "{{", "a1B2", "\u200b", ". ", "verify your ", "a.b.", "1 (2"]
)
def test_hostile_repetition_costs_little_time(piece: str) -> None:
    long = piece * (200_000 // len(piece))
    parts = MailParts(
        (("From", long), ("Subject", long), ("Authentication-Results", long), ("Reply-To", long)),
        long,
        long,
        tuple(MailLink(f"https://{long[:3000]}", long[:3000]) for _ in range(300)),
    )
    began = time.process_time()
    check_mail(parts)
    assert time.process_time() - began < 5
