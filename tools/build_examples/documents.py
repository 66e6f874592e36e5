"""Mails, PDFs, photographs and web pages on a phone."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import typst
from PIL import Image, ImageFilter
from tools.build_examples.drawing import WIDTH, Board


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail. `date`: as in the header. `attachments`: (file name, subtype of application, bytes)."""

    sender: str
    to: str
    subject: str
    date: str
    text: str
    id: str
    attachments: tuple[tuple[str, str, bytes], ...] = ()


def eml(mail: Mail) -> bytes:
    """The mail's source."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{mail.id}>"
    message["Date"] = mail.date
    message["From"] = mail.sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message.set_content(mail.text, charset="utf-8", cte="base64")
    for name, subtype, data in mail.attachments:
        message.add_attachment(data, maintype="application", subtype=subtype, filename=name)
    if mail.attachments:
        message.set_boundary("=-example-" + mail.id.partition("@")[0])
    return message.as_bytes()


def pdf(font: Path, title: str, blocks: list[str | list[tuple[str, str]]]) -> bytes:
    """A PDF with a text layer: paragraphs, and tables of two columns. Same text, same bytes."""
    body = "".join(
        f"#par[{_typst(block)}]\n"
        if isinstance(block, str)
        else "#table(columns: (30%, 70%), "
        + ", ".join(f"[{_typst(cell)}]" for row in block for cell in row)
        + ")\n"
        for block in blocks
    )
    source = (
        f"#set document(title: {_quoted(title)}, date: none)\n"
        '#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1")\n'
        '#set text(font: "Noto Sans SC", size: 10.5pt, cjk-latin-spacing: none, fallback: false)\n'
        f"#text(size: 16pt)[{_typst(title)}]\n#v(0.6em)\n{body}"
    )
    return typst.compile(source.encode(), font_paths=[str(font.parent)], ignore_system_fonts=True)


def _typst(text: str) -> str:
    return f"#{_quoted(text)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def png(picture: Image.Image, colours: int = 96) -> bytes:
    """A palette PNG, as small as screenshots come out of messengers."""
    out = io.BytesIO()
    picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def jpeg(picture: Image.Image, quality: int, camera: str | None = None) -> bytes:
    """A JPEG; `camera` names the maker in its EXIF, as a phone's camera does."""
    exif = Image.Exif()
    if camera:
        exif[0x010F], exif[0x0110] = camera, f"{camera} Phone"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def photographed(page: Image.Image, seed: int, size: tuple[int, int] = (1200, 1600)) -> Image.Image:
    """`page` lying askew on a table: perspective, uneven light, blur and grain."""
    chance = random.Random(seed)
    wide, high = size
    table = Image.new("RGB", size, (112, 88, 66))
    corners = [
        (round(x * wide), round(y * high))
        for x, y in ((0.125, 0.081), (0.9, 0.059), (0.925, 0.95), (0.08, 0.931))
    ]
    sheet = page.resize((1000, round(1000 * page.height / page.width)))
    coefficients = _perspective(
        corners, [(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)]
    )
    laid = sheet.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    cover = Image.new("L", sheet.size, 255).transform(size, Image.Transform.PERSPECTIVE, coefficients)
    table.paste(laid, (0, 0), cover)
    light = Image.linear_gradient("L").resize(size).rotate(180).point(lambda value: 150 + value * 2 // 5)
    lit = Image.composite(table, Image.new("RGB", size, (20, 16, 12)), light)
    grain = Image.frombytes("L", size, chance.randbytes(wide * high)).convert("RGB")
    return Image.blend(lit.filter(ImageFilter.GaussianBlur(0.9)), grain, 0.07)


def _perspective(quad: list[tuple[int, int]], rectangle: list[tuple[int, int]]) -> list[float]:
    """Coefficients for Pillow that map the output's `quad` onto the input's `rectangle`."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(quad, rectangle, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solve([[float(value) for value in row] for row in rows])


def _solve(rows: list[list[float]]) -> list[float]:
    """Gauss-Jordan on an augmented matrix."""
    count = len(rows)
    for pivot in range(count):
        best = max(range(pivot, count), key=lambda place: abs(rows[place][pivot]))
        rows[pivot], rows[best] = rows[best], rows[pivot]
        rows[pivot] = [value / rows[pivot][pivot] for value in rows[pivot]]
        for other in range(count):
            if other != pivot:
                factor = rows[other][pivot]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)]
    return [row[-1] for row in rows]


def till_slip(font: Path, lines: list[str], *, scale: int = 3) -> Image.Image:
    """A printed slip: the first line large, "a|b" left and right, "-" a rule."""
    board = Board(font, "#fbfaf5", scale, 60 + 26 * len(lines))
    y = 34.0
    for number, line in enumerate(lines):
        left, bar, right = line.partition("|")
        if line == "-":
            for x in range(24, 336, 9):
                board.line([(x, y), (x + 5, y)], "#555555", 0.8)
        elif bar:
            board.text(26, y, left, 14, "#222222")
            board.text(WIDTH - 26, y, right, 14, "#222222", "rm")
        else:
            board.text(WIDTH / 2, y, line, 18 if number == 0 else 14, "#222222", "mm", bold=number == 0)
        y += 26
    return board.finish()


@dataclass(frozen=True, slots=True)
class SitePage:
    """A web page on a phone: address bar, banner, then lines ("a|b": label and value; "#t": heading)."""

    address: str
    brand: str
    accent: str
    lines: tuple[str, ...]
    clock: str


def site(font: Path, page: SitePage, *, scale: int = 3) -> Image.Image:
    """`page` in a phone's browser."""
    board = Board(font, "#f2f3f5", scale)
    board.box(0, 0, WIDTH, 74, "#ffffff")
    board.status_bar(page.clock)
    board.box(14, 36, WIDTH - 46, 66, "#eef0f3", 15)
    board.text(30, 51, page.address, 12.5, "#333333")
    board.box(WIDTH - 34, 43, WIDTH - 18, 59, "#555555", 4)
    board.box(WIDTH - 32.4, 44.6, WIDTH - 19.6, 57.4, "#ffffff", 3)
    board.box(0, 74, WIDTH, 132, page.accent)
    board.text(20, 103, page.brand, 19, "#ffffff", bold=True)
    y = 160.0
    for line in page.lines:
        y = _site_line(board, page, line, y)
    if y > board.height - 30:
        raise ValueError(f"the page does not fit: {y:.0f}")
    board.home_bar()
    return board.finish()


def _site_line(board: Board, page: SitePage, line: str, y: float) -> float:
    label, bar, value = line.partition("|")
    if line.startswith("#"):
        board.text(20, y, line[1:], 16.5, "#1a1a1a", bold=True)
        return y + 34
    if bar:
        board.box(14, y - 16, WIDTH - 14, y + 16, "#ffffff", 5)
        board.text(26, y, label, 13.5, "#777777")
        board.text(WIDTH - 26, y, value, 13.5, "#1a1a1a", "rm")
        return y + 36
    for part in board.wrap(line, 13.5, WIDTH - 44):
        board.text(20, y, part, 13.5, "#333333")
        y += 21
    return y + 12
