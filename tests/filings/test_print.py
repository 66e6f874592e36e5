"""Whatever characters evidence brings, what is printed can be read back in order."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime

import pytest
from PIL import Image

from clawback.filings.docx import render_docx
from clawback.filings.draft import Block, Draft, FieldTable, Heading, Line, Literal, Paragraph, Table
from clawback.filings.gate import check_pages, squashed
from clawback.filings.glyphs import printable
from clawback.filings.pdf import breakable, render_pdf
from clawback.filings.phrasing import visible
from clawback.filings.printed import docx_text, page_picture, page_sizes, pdf_pages

MADE = datetime(2026, 1, 1, tzinfo=UTC)
AWKWARD = [
    *"abcXYZ0123456789-–— .,:;/\\'\"“”‘’()[]{}#$*_@~`^<>|&%=+，。、；：？！《》【】…￥汉字测试",
    *"\n\t\u200b\u00ad\u202e\u3000\u00a0\u2011ﬁ½①⼀Ａ１😀é",
]


def words(chance: random.Random, length: int) -> Line:
    if chance.random() < 0.2:
        text = "".join(chance.choice("abc-/0123456789_") for _ in range(length))
    else:
        text = "".join(chance.choice(AWKWARD) for _ in range(length))
    return Line("x", (Literal(visible(text, printable()), "x"),))


def paper(seed: int, lang: str) -> Draft:
    chance = random.Random(seed)  # noqa: S311
    blocks: list[Block] = [
        Heading(words(chance, 20), 2),
        Paragraph(words(chance, 300), "demand"),
        FieldTable(tuple((words(chance, 8), words(chance, chance.randrange(1, 120))) for _ in range(12))),
        FieldTable(((words(chance, 8), words(chance, 2500)),)),
        Table(
            "x",
            tuple(words(chance, 5) for _ in range(4)),
            tuple(tuple(words(chance, chance.randrange(1, 200)) for _ in range(4)) for _ in range(25)),
            (),
            (1, 3, 2, 4),
            (1,),
        ),
    ]
    return Draft(
        "x", "cn", lang, words(chance, 10), words(chance, 10), tuple(blocks), "页眉 · abc", "页脚 · 12ab"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("seed", range(4))
def test_awkward_text_comes_back_whole_and_in_order(seed: int, lang: str) -> None:
    draft = paper(seed, lang)
    wanted = [squashed(line.text) for _, line in draft.lines() if squashed(line.text)]
    heading = "".join(squashed(line.text) for line in draft.blocks[-1].header)  # type: ignore[union-attr]
    pages = pdf_pages(render_pdf(draft, MADE))
    top, printed = squashed(draft.header), ""
    for number, page in enumerate(pages, start=1):
        bottom = squashed(f"{draft.footer} {number} / {len(pages)}")
        text = squashed(page)
        assert text.startswith(top)
        assert text.endswith(bottom)
        body = text[len(top) : -len(bottom)]
        printed += body.removeprefix(heading) if heading in printed else body  # repeated on every page
    assert printed == "".join(wanted)
    assert squashed(docx_text(render_docx(draft, MADE))) == "".join(wanted)


def list_of(rows: int) -> Draft:
    """A paper that is one table, a declaration and a signature."""

    def line(text: str) -> Line:
        return Line("x", (Literal(text, "x"),))

    table = Table(
        "x", (line("号"), line("文件")), tuple((line(f"R{n}."), line("件")) for n in range(rows)), (), (1, 3)
    )
    closing = (Paragraph(line("以上内容真实。")), Paragraph(line("签名：____"), "sign"))
    return Draft("x", "cn", "zh", line("题"), line("副题"), (table, *closing), "页眉", "页脚")


@pytest.mark.parametrize("rows", range(20, 75))
def test_a_signature_never_stands_alone_on_its_page(rows: int) -> None:
    draft = list_of(rows)
    pages = pdf_pages(render_pdf(draft, MADE))
    check_pages(draft, pages)
    assert "以上内容真实。" in squashed(pages[-1])
    assert f"R{rows - 1}." in squashed(pages[-1])


@pytest.mark.parametrize(
    ("found", "pieces"),
    [
        ("https://www.jinding-vip.example", ["https://", "www.", "jinding-", "vip.", "example"]),
        ("Screenshot_20260926_194301.png", ["Screenshot_", "20260926_", "194301.", "png"]),
        ("f9734412da434c3aadde", ["f973", "4412", "da43", "4c3a", "adde"]),
        ("a@b.example/" + "9" * 13, ["a@", "b.", "example/", "9999", "9999", "9999", "9"]),
    ],
)
def test_a_long_address_breaks_after_its_punctuation(found: str, pieces: list[str]) -> None:
    assert breakable(found).split("\u200b") == pieces


def test_a_page_as_a_picture_has_the_width_asked_for_and_the_shape_of_the_page() -> None:
    data = render_pdf(list_of(30), MADE)
    ((wide, high), *_) = page_sizes(data)
    picture = Image.open(io.BytesIO(page_picture(data, 1, 620)))
    assert picture.width == 620
    assert abs(picture.height - 620 * high / wide) <= 1
    assert len(picture.convert("L").getcolors() or ()) > 8  # edges of letters stay smooth
