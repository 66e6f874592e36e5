"""`clawback lists`: phones, accounts and domains that others warn of, imported, shown and removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clawback.cli.words import say
from clawback.desk import lists
from clawback.errors import UsageError

app = typer.Typer(
    help="Lists of phones, accounts and domains that others warn of. 别人提醒过的号码、账户和网址名单。",
    no_args_is_help=True,
)

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the cases (default: ~/Clawback).")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en")]
Day = Annotated[str | None, typer.Option(help="Day by which to compute, 2026-11-20 (default: today).")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, JSON, or plain text with one value a line.")],
    name: Annotated[str, typer.Option(help="What to call it; a list of the same name is replaced.")],
    source: Annotated[str, typer.Option(help="Who made it, and where you have it from.")],
    kind: Annotated[
        str | None, typer.Option(help="What the values are, where the file does not say: domain, phone ...")
    ] = None,
    confidence: Annotated[
        str, typer.Option(help="strong, medium or weak, where the file does not say.")
    ] = "medium",
    dated: Annotated[str | None, typer.Option(help="Day of its contents (default: today).")] = None,
    days: Annotated[int, typer.Option(help="How many days it counts from then.")] = lists.USUAL_DAYS,
    home: Home = None,
    lang: Lang = "zh",
    today: Day = None,
) -> None:
    """Read a list and keep it. 导入一份名单。"""
    made = lists.import_list(
        _home(home),
        file,
        _day(today) or date.today(),  # noqa: DTZ011 the user's own day is meant
        name=name,
        source=source,
        kind=kind,
        confidence=confidence,
        dated=_day(dated),
        days=days,
    )
    console, read = Console(highlight=False), made.read
    done = "lists.replaced" if made.replaced else "lists.imported"
    console.print(Text(say(done, lang, name=read.list.name, n=len(read.list.entries), day=read.list.expires)))
    if read.repeated:
        console.print(Text(say("lists.repeated", lang, n=read.repeated)))
    if read.ignored:
        console.print(Text(say("lists.ignored", lang, names=", ".join(read.ignored))))
    if read.refused_count:
        console.print(Text(say("lists.refused", lang, n=read.refused_count)))
    for one in read.refused:
        console.print(Text(say("lists.refused_line", lang, place=one.place, key=one.key)))
    if read.refused_count > len(read.refused):
        console.print(Text(say("lists.refused_more", lang, n=read.refused_count - len(read.refused))))


@app.command("show")
def show_(home: Home = None, lang: Lang = "zh", today: Day = None) -> None:
    """Which lists there are, how old they are, and how many entries count. 看名单。"""
    console = Console(highlight=False)
    found = lists.show_lists(_home(home), _day(today) or date.today())  # noqa: DTZ011
    if not found:
        console.print(Text(say("lists.none", lang)))
        return
    heads = ("id", "name", "source", "dated", "expires", "living")
    table = Table(*(say(f"lists.{head}", lang) for head in heads))
    for one in found:
        row = (
            one.list.id,
            one.list.name,
            one.list.source,
            str(one.list.dated),
            str(one.list.expires),
            f"{one.living} / {len(one.list.entries)}",
        )
        table.add_row(*map(Text, row))
    console.print(table)


@app.command("remove")
def remove_(
    name: Annotated[str, typer.Argument(help="Name or id, as `lists show` prints it.")],
    home: Home = None,
    lang: Lang = "zh",
) -> None:
    """Remove a list. 删除一份名单。"""
    gone = lists.forget_list(_home(home), name)
    Console(highlight=False).print(Text(say("lists.removed", lang, name=gone.name)))


def _home(home: Path | None) -> Path:
    return home or Path.home() / "Clawback"


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text} is not a day like 2026-11-20.", f"{text} 要写成 2026-11-20 这样。"
        ) from error
