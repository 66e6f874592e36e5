"""Colours can be read: computed from the tokens of the style sheet, by the formula of WCAG 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clawback.web.templating import STATIC

CSS = (STATIC / "clawback.css").read_text("utf-8")
LIGHT, _, DARK = CSS.partition("@media (prefers-color-scheme: dark)")
DESIGN = Path(__file__).resolve().parents[2] / "docs" / "design.md"
GROUNDS = ("page", "surface", "sunken")

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "action") for ground in GROUNDS),
    *((state, f"{state}-tint") for state in ("needs", "wait", "good")),
    *((state, "surface") for state in ("urgent", "needs", "wait", "good", "danger")),
    ("danger", "page"),
    ("action-hover", "page"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("on-urgent", "urgent"),
    ("ink", "action-tint"),
    ("action", "action-tint"),
    ("ink", "mark"),
    ("page", "ink"),  # the button that leaves
]
SHAPES = [
    *(("border", ground) for ground in GROUNDS),
    *(("focus", ground) for ground in GROUNDS),
    ("focus", "halo"),
    ("flow-unknown", "surface"),
    ("flow-review", "surface"),
    ("wait", "surface"),
]


def tokens(scheme: str) -> dict[str, str]:
    """Colour tokens of a theme; the dark one changes the light one."""
    light, dark = (dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{6});", css)) for css in (LIGHT, DARK))
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_at_least_four_and_a_half_times(scheme: str, ink: str, ground: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_what_is_drawn_stands_out_at_least_three_times(scheme: str, shape: str, ground: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[shape], colours[ground]) >= 3


@pytest.mark.skipif(not DESIGN.is_file(), reason="runs in a checkout only")
def test_the_figures_in_the_documentation_are_these() -> None:
    light, dark = tokens("light"), tokens("dark")
    row = r"^\| `([a-z0-9-]+)`.*?\| (#\w+) \| ([\d./ ]+) \| (#\w+) \| ([\d./ ]+) \|$"
    rows = re.findall(row, DESIGN.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 10
    for name, *said in rows:
        tinted = {state: (f"{state}-tint",) for state in ("needs", "wait", "good")}
        beside = {"urgent": ("on-urgent",), **tinted}
        grounds = beside.get(name, GROUNDS)
        figures = [
            " / ".join(f"{contrast(theme[name], theme[ground]):.1f}" for ground in grounds)
            for theme in (light, dark)
        ]
        assert said == [light[name], figures[0], dark[name], figures[1]], name


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_no_part_of_the_look_has_a_colour_of_its_own(path: Path) -> None:
    """Colours stand once, as tokens, so that both themes and this test know them."""
    rules = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    strays = [
        line.strip()
        for line in rules.splitlines()
        if re.search(r":[^;]*(#[0-9A-Fa-f]{3,8}\b|\brgba?\(|\bhsla?\()", line) and "--" not in line
    ]
    assert strays == []
