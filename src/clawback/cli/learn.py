"""`clawback learn`: the kinds of scam, and the card of one."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clawback.cli.words import say
from clawback.desk.learning import Card, Stage, as_document, card, cards
from clawback.errors import UsageError


def learn(
    kind: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="A kind of scam; without it, all are listed.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """How scams work: each kind with its script, its signs and what to do. 认识骗局。"""
    chosen = cards() if kind is None else (_known(kind),)
    if as_json:
        found = [as_document(one) for one in chosen]
        document = found if kind is None else found[0]
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        return
    console = Console(highlight=False)
    if kind is None:
        _show_list(console, chosen, lang)
    else:
        _show_card(console, chosen[0], lang)


def _known(kind: str) -> Card:
    one = card(kind)
    if one is None:
        raise UsageError(
            f"{kind} is no kind of scam that we know; `clawback learn` lists them.",
            f"没有“{kind}”这一类；clawback learn 会列出全部。",
        )
    return one


def _show_list(console: Console, chosen: tuple[Card, ...], lang: str) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for overflow in ("ignore", "fold", "fold"):  # Chinese has no spaces to break at
        table.add_column(overflow=overflow)
    for one in chosen:
        table.add_row(one.kind.id, Text(one.kind.name.say(lang), style="bold"), one.kind.one_line.say(lang))
    console.print(table)
    console.print(Text(say("learn.how", lang), style="dim"))


def _show_card(console: Console, one: Card, lang: str) -> None:
    kind = one.kind
    console.rule(Text(kind.name.say(lang), style="bold"))
    console.print(Text(kind.one_line.say(lang), style="bold"))
    console.print()
    console.print(Text(f"{say('learn.do', lang)} {kind.do.say(lang)}"))
    console.print()
    for sign in kind.signs:
        console.print(Text(f"△ {sign.say(lang)}"))
    for number, stage in enumerate(Stage, start=1):
        scene = kind.stages[stage]
        console.print()
        console.print(Text(f"{number} {say(f'learn.{stage.value}', lang)}", style="bold"))
        parts = (scene.happens.say(lang), scene.says.say(lang), scene.truth.say(lang))
        for text in (*parts, say("learn.next", lang, what=scene.next.say(lang))):
            console.print(Padding(Text(text), (0, 0, 0, 2)))
    console.print()
    console.print(Text(say("learn.change", lang) + " " + kind.change.say(lang)))
    for case, source in one.cases:
        console.print(Text(f"· {case.text.say(lang)}"))
        where = say("learn.from", lang, who=source.publisher.say(lang), code=source.confidence.value)
        console.print(Padding(Text(where + f" {source.checked}", style="dim"), (0, 0, 0, 2)))
    console.print(Text(say("learn.own_words", lang), style="dim"))
