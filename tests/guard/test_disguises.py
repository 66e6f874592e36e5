"""Disguises change the letters and keep the meaning: what the guard then misses is the disguise's doing."""

from __future__ import annotations

import html
import io
import re
import unicodedata
from datetime import date

import pytest
from PIL import Image

from clawback.desk.checkfiles import read_picture
from guard.disguises import DISGUISES, as_picture
from guard.samples import NAMES, load

TEXTS = [sample.text for name in NAMES for sample in load(name)]
ZH = "加我微信 wx_example_01，转账500元到平台"
EN = "Contact me, send $500 to your account at pay.example"

BY_HAND = {
    "spaced": ("加 我 微 信 wx_example_01，转 账500元 到 平 台", None),
    "dotted": (None, "C.o.n.t.a.c.t me, send $500 to your a.c.c.o.u.n.t at pay.example"),
    "full_width": ("加我微信 wx_example_01，转账５００元到平台", None),
    "traditional": ("加我微信 wx_example_01，轉帳500元到平台", EN),
    "in_pinyin": ("jia woweixin wx_example_01，zhuanzhang500元到pingtai", EN),
    "initials": ("+我VX wx_example_01，ZZ500元到PT", "ctc me, send $500 to your acct at pay.example"),
    "sound_alikes": ("佳我薇芯 wx_example_01，砖账500元到坪台", EN),
    "split_characters": ("力口我微亻言 wx_example_01，车专贝长500元至刂平台", EN),
    "leetspeak": (ZH, "C0n74c7 m3, 53nd $500 70 y0ur 4cc0un7 47 pay.example"),
    "mixed_case": (ZH, "cOnTaCt mE, sEnD $500 tO yOuR aCcOuNt aT pay.example"),
    "letters_swapped": (ZH, "Cotnact me, send $500 to your acocunt at pay.example"),
    "circled_digits": ("加我微信 wx_example_01，转账⑤⓪⓪元到平台", None),
    "numerals_in_words": (
        "加我微信 wx_example_01，转账伍零零元到平台",
        "Contact me, send $five zero zero to your account at pay.example",
    ),
    "bracketed": (None, ")Contact( me, send $500 to your )account( at pay.example"),
    "one_a_line": ("加\n我\n微\n信\nwx_example_01，转\n账500元\n到\n平\n台", None),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_disguise_makes_of_a_text_what_a_person_would(name: str) -> None:
    for plain, disguised in zip((ZH, EN), BY_HAND[name], strict=True):
        if disguised is not None:
            assert DISGUISES[name](plain) == disguised


UNDOING = {
    "full_width": lambda text: unicodedata.normalize("NFKC", text),
    "bold_letters": lambda text: unicodedata.normalize("NFKC", text),
    "html_entities": html.unescape,
    "zero_width": lambda text: text.replace("\u200b", ""),
    "soft_hyphened": lambda text: text.replace("\u00ad", ""),
    "with_emoji_between": lambda text: text.replace("🌸", ""),
    "combining_marks": lambda text: text.replace("\u0336", ""),
    "right_to_left": lambda text: "\n".join(line[-2:0:-1] for line in text.split("\n")),
}


@pytest.mark.parametrize("name", UNDOING)
def test_nothing_of_the_text_is_lost(name: str) -> None:
    undo = UNDOING[name]
    # Some texts have full-width signs of their own, which NFKC folds too: both sides go through it.
    assert [undo(DISGUISES[name](text)) for text in TEXTS] == [
        undo(text) if name in ("full_width", "bold_letters") else text for text in TEXTS
    ]


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_changes_many_texts(name: str) -> None:
    assert sum(DISGUISES[name](text) != text for text in TEXTS) > 130


@pytest.mark.parametrize("name", DISGUISES.keys() - {"right_to_left", "traditional"})
def test_links_and_account_names_still_work(name: str) -> None:
    disguised = DISGUISES[name]("请加 wx_example_01 或打开 https://bank-login.example/a 充值, login now")
    assert "wx_example_01" in disguised
    assert "https://bank-login.example/a" in disguised


def test_look_alikes_are_other_characters_of_the_same_look() -> None:
    changed = DISGUISES["look_alikes"]("send cash 用金")
    assert changed == "ѕеnd саѕh ⽤⾦"
    assert not re.search("[ace用金]", changed)


def test_a_picture_is_as_tall_as_its_lines() -> None:
    one, three = (Image.open(io.BytesIO(as_picture(text))) for text in ("转账", "转账\n汇款\n提现"))
    assert one.size == (720, 102)  # two margins of 30, a line of 42
    assert three.size == (720, 186)
    assert one.convert("L").getextrema()[0] < 60  # something dark is drawn


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "先付定金三成，看货付尾款，其他时间不要打电话。",
        "Pay the first month and the deposit to their agent, and you get the keys by courier.",
    ],
)
def test_a_picture_of_a_text_reads_back_as_that_text(text: str) -> None:
    picture = as_picture(text)
    read = read_picture("screen.png", io.BytesIO(picture), len(picture), date(2026, 11, 20))
    assert read.problem is None
    assert "".join(read.text.split()) == "".join(text.split())
