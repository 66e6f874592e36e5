"""`clawback ratings`: how it ended with sellers and platforms, over the cases that are not locked."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from clawback.cli.words import say
from clawback.desk.rating import Rated, Ratings, Weighed, of_ten, ratings_json, ratings_of
from clawback.desk.workplace import Workplace, machine_clock
from clawback.errors import UsageError

_WAIT_S = 3600.0


def ratings(
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the cases (default: ~/Clawback).")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
    now: Annotated[str | None, typer.Option("--now", help="Clock to use, ISO 8601 with offset.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """How it ended with sellers and platforms; locked cases are counted as left out. 结果记录。"""
    if lang not in ("zh", "en"):
        raise UsageError("--lang is zh or en.", "--lang 只能是 zh 或 en。")
    instant = _instant(now) if now else machine_clock()
    workplace = Workplace(home or Path.home() / "Clawback", lambda: instant)
    try:
        lines = workplace.overview.lines(_WAIT_S)
        found = ratings_of(lines, instant.date(), workplace.handles.of)
    finally:
        workplace.close()
    if as_json:
        sys.stdout.write(json.dumps(ratings_json(found), ensure_ascii=False, indent=2) + "\n")
        return
    _show(Console(highlight=False, soft_wrap=True), found, lang)


def _show(console: Console, found: Ratings, lang: str) -> None:
    console.print(Text(say("ratings.over", lang, n=found.counted, total=found.total)))
    if found.counted < found.total:
        console.print(Text(say("ratings.not_in", lang, locked=found.locked, broken=found.broken)))
    console.print(Text(say("ratings.only_here", lang), style="dim"))
    for one in found.rated:
        _show_one(console, one, lang)


def _show_one(console: Console, one: Rated, lang: str) -> None:
    rating, subject = one.rating, one.subject
    name = " ".join(filter(None, (subject.name, subject.account)))
    console.print()
    console.print(Text(f"{name}  {say(f'ratings.kind.{subject.kind}', lang)}", style="bold"))
    console.print(Text(f"  {_range(rating.known, lang)}"))
    if rating.contested:
        words = _range(rating.with_contested, lang)
        console.print(Text("  " + say("ratings.contested", lang, n=rating.contested, words=words)))
    counts = [
        f"{say(f'ratings.outcome.{kind.value}', lang)} {count}"
        for kind, count in rating.counts.items()
        if count
    ]
    if counts:
        console.print(Text("  " + " · ".join(counts)))
    left = [out.why.value for out in rating.left_out]
    for why in sorted(set(left)):
        words = say(f"ratings.why.{why}", lang)
        console.print(Text("  " + say("ratings.left_out", lang, why=words, n=left.count(why))))
    for reply in rating.replies:
        console.print(Text(f"  {reply.on.isoformat()} {reply.by}: {reply.text}"))


def _range(known: Weighed, lang: str) -> str:
    if not known.enough:
        return say("ratings.not_enough", lang, payers=known.payers)
    low, high = of_ten(known)
    return say("ratings.range", lang, low=low, high=high, payers=known.payers)


def _instant(now: str) -> datetime:
    try:
        instant = datetime.fromisoformat(now)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UsageError(
            "--now needs a form like 2026-11-20T10:00+08:00.", "--now 要写成 2026-11-20T10:00+08:00 这样。"
        )
    return instant
