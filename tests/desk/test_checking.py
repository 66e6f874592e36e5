"""The check takes words, links, numbers and the directory together, and says which part decided."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clawback.desk import checking
from clawback.desk.checkdocument import as_document
from clawback.desk.checking import (
    LONGEST,
    Check,
    LinkResult,
    Missing,
    Part,
    Quote,
    Reason,
    Result,
    Stage,
    Standing,
    because,
    check,
    defanged,
    genuine_channels,
    harmless,
    in_short,
    of_mail,
    part_of_mail,
)
from clawback.desk.lists import import_list
from clawback.desk.mailchecking import MailCheck
from clawback.desk.workplace import Workplace
from clawback.errors import SignatureRefused
from clawback.guard.mail import MailVerdict
from clawback.guard.typologies import load_typologies
from clawback.model.indicators import IndicatorKind
from clawback.rules.load import load_pack
from clawback.rules.pack import Words
from desk.check_texts import HONEST_EN, HONEST_ZH, SCAMS_EN, SCAMS_ZH

LIKELY, SOME, NONE, CANNOT = Result.LIKELY, Result.SOME, Result.NONE, Result.CANNOT
NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
RECOVERY = "投资亏了吗？我们是黑客技术追款团队，100%追回，先付服务器费500元，加微信详谈。"
LOOK_ALIKE = "https://paypal-login.secure-verify.xyz/a"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    workplace = Workplace(tmp_path / "home", lambda: NOW)
    yield workplace
    workplace.close()


def words_of(found: Check, reason: Reason) -> list[str]:
    return [found.text[start:end] for start, end in reason.places]


# ------------------------------------------------------------------------------------------------ the words


def test_a_recovery_scam_is_named_with_its_script_and_the_shield() -> None:
    found = check(RECOVERY)
    assert (found.result, found.decided, found.missing) == (LIKELY, Part.WORDS, None)
    assert found.script is not None
    assert found.script.kind.id == "recovery_scam"
    assert found.after_a_loss
    quoted = [words for reason in found.reasons for words in words_of(found, reason)]
    assert any("黑客技术" in words for words in quoted)
    assert any("先付服务器费" in words for words in quoted)


def test_what_comes_next_is_that_of_the_stage_of_the_card() -> None:
    script = check(RECOVERY).script
    assert script is not None
    assert script.stage in Stage
    assert script.stage is not None
    assert script.next == load_typologies()["recovery_scam"].stages[script.stage].next


def test_every_quote_is_in_the_text_and_reasons_keep_their_numbers() -> None:
    found = check(RECOVERY)
    numbers = {number for quote in found.quotes for number in quote.numbers}
    assert numbers == {n for n, reason in enumerate(found.reasons, start=1) if reason.places}
    ends = [0, *(edge for quote in found.quotes for edge in (quote.start, quote.end)), len(found.text)]
    assert ends == sorted(ends)


def a_reason(id: str, *places: tuple[int, int]) -> Reason:
    same = Words(zh=id, en=id)
    return Reason(id, same, same, None, places)


def with_reasons(*reasons: Reason) -> Check:
    return Check("0123456789", LIKELY, Part.WORDS, None, None, 0.9, False, reasons, ())


def test_words_of_two_reasons_are_one_quote_with_both_numbers() -> None:
    found = with_reasons(a_reason("heavy", (4, 8)), a_reason("light", (0, 2), (6, 9)))
    assert found.quotes == (Quote(0, 2, (2,)), Quote(4, 9, (1, 2)))


def test_quotes_that_only_touch_stay_apart() -> None:
    assert with_reasons(a_reason("a", (0, 3)), a_reason("b", (3, 5))).quotes == (
        Quote(0, 3, (1,)),
        Quote(3, 5, (2,)),
    )


def test_words_in_a_warning_are_named_and_not_counted() -> None:
    found = check("谨防刷单返利，凡是要求垫付的都是诈骗。")
    assert found.result is NONE
    assert "刷单" in found.warned
    assert found.reasons == ()
    assert found.script is None


def test_the_invented_texts_that_were_written_before_any_rule() -> None:
    """Bounds, not targets: docs/desk.md says what is missed."""

    def results(texts: Iterable[str]) -> Counter[Result]:
        return Counter(check(text).result for text in texts)

    scams = results([*SCAMS_ZH.values(), *SCAMS_EN.values()])
    honest = results([*HONEST_ZH.values(), *HONEST_EN.values()])
    assert scams[LIKELY] + scams[SOME] >= 25
    assert honest[LIKELY] == 0
    assert honest[SOME] <= 4


def packs_own_words() -> list[str]:
    """Everything that our rule packs say to people, warnings above all."""
    said = []
    for id in ("cn", "gb"):
        pack = load_pack(id)
        said += [notice.text for notice in pack.notices.values()]
        said += [situation.outlook for situation in pack.situations.values()]
        said += [words for step in pack.steps.values() for words in (step.title, step.why)]
        said += [words for rule in pack.never_say.values() for words in (rule.why, rule.instead)]
        said += [words for one in pack.channels.values() for words in (one.use_for, one.not_for)]
    return [text for words in said for text in (words.zh, words.en)]


def test_our_own_warnings_are_hardly_ever_taken_for_scams() -> None:
    texts = packs_own_words()
    results = Counter(check(text).result for text in texts)
    assert len(texts) > 500
    assert results[LIKELY] <= 1
    assert results[SOME] <= 15


# ------------------------------------------------------------------------------------ links, lists, numbers


@pytest.mark.parametrize("text", [LOOK_ALIKE, f"明天见，照片在 {LOOK_ALIKE} 这里，看完告诉我一声"])
def test_a_bad_link_decides_where_the_words_are_harmless(text: str) -> None:
    found = check(text)
    assert (found.result, found.decided) == (LIKELY, Part.LINK)
    assert found.reasons == ()
    (link,) = found.links
    assert link.shown == "hxxps://paypal-login[.]secure-verify[.]xyz/a"
    assert link.verdict.result is LinkResult.LIKELY
    assert text[link.start : link.end] == LOOK_ALIKE


def test_a_link_that_shows_nothing_takes_nothing_from_the_words() -> None:
    found = check(RECOVERY + " https://www.example.org/a")
    assert (found.result, found.decided) == (LIKELY, Part.WORDS)
    assert [one.verdict.result for one in found.links] == [LinkResult.NONE]


def test_words_that_hold_a_part_of_a_link_are_quoted_with_the_whole_of_it() -> None:
    text = f"Your account is suspended. Verify now at {LOOK_ALIKE} or it will be closed."
    found = check(text)
    at, end = text.index(LOOK_ALIKE), text.index(LOOK_ALIKE) + len(LOOK_ALIKE)
    for reason in found.reasons:
        for start, to in reason.places:
            assert to <= at or start >= end or (start <= at and end <= to)


def test_words_are_shown_with_dead_links_and_nothing_else_changed() -> None:
    text = f"Ok. Go to {LOOK_ALIKE}. Then to http://203.0.113.4/a now."
    shown = check(text).words(0, len(text))
    assert shown == (
        "Ok. Go to hxxps://paypal-login[.]secure-verify[.]xyz/a. Then to hxxp://203[.]0[.]113[.]4/a now."
    )
    assert check(text).words(0, 6) == "Ok. Go"


def test_many_links_are_counted_where_they_are_not_looked_at() -> None:
    found = check(" ".join(f"https://a{n}.example/b" for n in range(60)))
    assert len(found.links) == 50
    assert found.links_left == 10


def test_a_domain_of_an_imported_list_decides(place: Workplace, tmp_path: Path) -> None:
    warned(place, tmp_path, "domain,quiet-garden.com,strong")
    found = check("周末一起去看花吧，地址在 quiet-garden.com 上有，记得带水", place)
    assert (found.result, found.decided) == (LIKELY, Part.LINK)


@pytest.mark.parametrize(("sure", "result"), [("strong", LIKELY), ("medium", SOME), ("weak", SOME)])
def test_a_number_of_an_imported_list_decides(
    place: Workplace, tmp_path: Path, sure: str, result: Result
) -> None:
    warned(place, tmp_path, f"phone,+442079460000,{sure}")
    found = check("Lunch on Sunday at ours? Ring me on +44 20 7946 0000 when you are near.", place, "en")
    assert (found.result, found.decided) == (result, Part.ACCOUNT)
    assert found.accounts is not None
    assert found.accounts.checks[0].listed[0].list_name == "warned"


def warned(place: Workplace, folder: Path, line: str) -> None:
    file = folder / "list.csv"
    file.write_text(f"kind,value,confidence\n{line}\n", encoding="utf-8")
    import_list(place.home, file, name="warned", source="a bank", today=NOW.date())


def test_without_a_workplace_numbers_are_not_described() -> None:
    assert check("Ring me on +44 20 7946 0000 when you are near the old station").accounts is None


def test_a_text_without_numbers_asks_for_no_accounts(place: Workplace) -> None:
    assert check("妈，房租我已经转给房东了，晚上再和你视频", place).accounts is None


def test_a_damaged_list_is_said_and_hides_nothing_else(place: Workplace, tmp_path: Path) -> None:
    warned(place, tmp_path, "phone,+442079460000,strong")
    for file in (place.home / "lists").iterdir():
        file.write_bytes(b"no list")
    found = check("Ring me on +44 20 7946 0000, or look at https://www.example.org/a", place, "en")
    assert found.damaged_list is not None
    assert found.accounts is not None
    assert len(found.accounts.checks) == 1


# ------------------------------------------------------------------------------------------ what is missing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("6222020000000000000", Missing.WORDS),
        ("在吗", Missing.WORDS),
        ("?", Missing.WORDS),
        ("王", Missing.WORDS),
        ("bit.ly/3xyzabc", Missing.LINK),
        ("Привет, как дела? Завтра встретимся около метро", Missing.LANGUAGE),
        ("こんにちは、あしたえきのまえであいましょう", Missing.LANGUAGE),
    ],
)
def test_what_is_missing_is_said(text: str, missing: Missing) -> None:
    found = check(text)
    assert (found.result, found.missing, found.decided) == (CANNOT, missing, None)
    assert not found.advert


def test_a_link_alone_can_be_judged_by_how_it_is_written() -> None:
    found = check("https://www.example.org/a")
    assert (found.result, found.missing) == (NONE, None)


# --------------------------------------------------------------------------------------- genuine channels


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("96110", "cn.anti_fraud_96110"),
        ("请拨打12315", "cn.consumer_12315"),
        ("call 159 now please, says this text message", "gb.bank_159"),
        ("+44 300 123 2040", "gb.report_fraud"),
        ("０３００ １２３ ２０４０", "gb.report_fraud"),
        ("is https://www.reportfraud.police.uk/x the right site for this report", "gb.report_fraud"),
    ],
)
def test_a_genuine_channel_is_recognised_and_not_called_safe(text: str, body: str) -> None:
    found = check(text)
    assert [[one.id for one in spotted.answer.bodies] for spotted in found.genuine] == [[body]]
    assert found.genuine[0].answer.standing is Standing.THEIRS
    assert found.result is NONE


@pytest.mark.parametrize("text", ["价格110元，运费10元，明天发货可以吗", "房间101，密码在前台", "195188"])
def test_a_number_of_something_else_is_no_channel(text: str) -> None:
    assert [one for one in check(text).genuine if one.answer.standing is Standing.THEIRS] == []


@pytest.mark.parametrize("text", ["http://www.12315.cn.evil.example", "https://reportfraud-police.example/"])
def test_a_site_that_borrows_a_name_is_never_theirs(text: str) -> None:
    assert Standing.THEIRS not in {one.answer.standing for one in check(text).genuine}


def test_a_directory_that_was_changed_is_said_and_the_rest_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise SignatureRefused("It was changed.", "名录被改过。", "changed")

    monkeypatch.setattr(checking, "genuine_in", refuse)
    found = check(RECOVERY + " 96110")
    assert found.result is LIKELY
    assert found.genuine == ()
    assert found.no_directory is not None
    assert found.no_directory.sentence("zh") == "名录被改过。"
    assert as_document(found)["directory_works"] is False


def test_genuine_channels_are_those_of_the_place() -> None:
    assert any(one.phone == "110" for one in genuine_channels("zh"))
    assert any(one.phone == "159" for one in genuine_channels("en"))
    assert all(one.phone or one.url for one in genuine_channels("en"))


# ------------------------------------------------------------------------------------------------- the rest


def test_words_of_crisis_bring_a_human_line() -> None:
    found = check("钱都没了，我不想活了")
    assert found.crisis is not None
    assert found.crisis.phone == "12356"


def test_a_very_long_text_is_cut_and_says_so() -> None:
    found = check("好" * (LONGEST + 1))
    assert found.cut
    assert len(found.text) == LONGEST


def test_links_are_written_so_that_nothing_opens_them() -> None:
    assert defanged("HTTP://a.b") == "hxxp://a[.]b"
    why = [because(sign).en for sign in check("http://203.0.113.4/a").links[0].verdict.signs]
    assert any("203[.]0[.]113[.]4" in words for words in why)
    assert not any("203.0.113.4" in words for words in why)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (RECOVERY, "scam"),
        ("双十一全场五折，满300减50，点击进店抢购，回T退订", "advert"),
        ("妈，房租我已经转给房东了，晚上再和你视频", "none"),
    ],
)
def test_in_short_a_text_has_one_of_four_words(text: str, verdict: str) -> None:
    assert in_short(text).verdict == verdict


def test_in_short_the_words_say_the_same_as_in_full() -> None:
    for text in (*SCAMS_ZH.values(), *HONEST_EN.values()):
        full, short = check(text), in_short(text)
        assert short.type == (full.script.kind.id if full.script else None)
        assert short.probability == full.probability
        if full.decided is Part.WORDS:
            assert short.verdict == {LIKELY: "scam", SOME: "doubtful"}[full.result]
            assert set(short.signals) == {one.id for one in full.reasons} - {"learned"}


def test_a_mail_has_the_result_of_its_signs() -> None:
    found = of_mail(MailCheck(MailVerdict(LIKELY, "phishing", ()), "a@b.example", "Hello", ("a.pdf",), None))
    assert (found.result, found.decided) == (LIKELY, Part.MAIL)
    assert found.script is not None
    assert (found.script.kind.id, found.script.stage) == ("phishing", None)


def test_a_header_without_words_is_called_as_it_stands() -> None:
    assert part_of_mail("Subject").zh == "主题"
    assert part_of_mail("X-Other") == Words(zh="X-Other", en="X-Other")


def test_an_empty_mail_cannot_be_judged() -> None:
    found = of_mail(MailCheck(MailVerdict(CANNOT, None, ()), "", "", (), None))
    assert (found.result, found.missing, found.decided) == (CANNOT, Missing.NOTHING, None)


def test_the_document_holds_no_live_link_and_no_open_identity_number(place: Workplace) -> None:
    found = check(f"点 {LOOK_ALIKE} 填身份证 11010519491231002X", place)
    document = as_document(found)
    text = json.dumps(document, ensure_ascii=False)
    assert "paypal-login.secure" not in text
    assert "11010519491231002X" not in text
    assert "1101*************X" in text
    assert document["result"] == "likely"
    assert found.accounts is not None
    assert [one.kind for one in found.accounts.checks] == [IndicatorKind.ID_CARD]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Dear user. Verify at http://203.0.113.4/a now.",
            "Dear user. Verify at hxxp://203[.]0[.]113[.]4/a now.",
        ),
        ("support@notice.example", "support@notice[.]example"),
        ("它像www.metamask.io。别点", "它像www[.]metamask[.]io。别点"),
        ("1.50 元，3.14", "1.50 元，3.14"),
    ],
)
def test_any_sentence_can_be_made_harmless(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "piece", ["https://a.example/b ", "13800138000 ", "a@b.example ", RECOVERY, "a.b.c."]
)
def test_the_longest_text_of_any_kind_takes_seconds_at_most(piece: str, place: Workplace) -> None:
    began = time.process_time()
    found = check(piece * (LONGEST // len(piece)), place)
    assert [found.words(quote.start, quote.end) for quote in found.quotes].count("") == 0
    assert time.process_time() - began < 5
