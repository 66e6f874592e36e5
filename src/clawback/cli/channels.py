"""`clawback channels`: genuine numbers and sites, and whose one is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from clawback.cli.words import say
from clawback.desk.genuine import Answer, Body, as_document, is_it_theirs, listed


def channels(
    query: Annotated[
        str | None, typer.Argument(help="A number, a site, a sender of texts, or a name.")
    ] = None,
    claimed: Annotated[str, typer.Option(help="Who they say they are.")] = "",
    place: Annotated[str | None, typer.Option(help="Only this country or region: cn, gb, hk ...")] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Genuine numbers and sites, and whether one is really theirs. 真的电话和网址。"""
    console = Console(highlight=False)
    if query is not None:
        answer = is_it_theirs(query, claimed)
        if as_json:
            sys.stdout.write(json.dumps(as_document(answer), ensure_ascii=False, indent=2) + "\n")
        else:
            _show_answer(console, answer, claimed, lang)
        return
    bodies = [body for one in listed() for body in one.bodies if place in (None, one.place.id)]
    if as_json:
        found = [as_document(body) for body in bodies]
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    _show_bodies(console, bodies, lang)


def _show_answer(console: Console, answer: Answer, claimed: str, lang: str) -> None:
    asked = answer.read_as or answer.asked
    console.print(
        Text(say(f"channels.{answer.standing.value}", lang, asked=asked, claimed=claimed), style="bold")
    )
    for one in answer.alike:
        console.print(
            Text(
                say("channels.like", lang, value=one.match.contact.value, name=one.match.body.name.say(lang))
            )
        )
    _show_bodies(console, answer.bodies, lang)


def _show_bodies(console: Console, bodies: Iterable[Body], lang: str) -> None:
    for body in bodies:
        console.print()
        console.print(Text(f"{body.name.say(lang)}  [{body.place.name.say(lang)}]", style="bold"))
        for contact in body.contacts:
            mark = "" if contact.verified else "  " + say("channels.unread", lang)
            console.print(Text(f"  {say(f'channels.way.{contact.way.value}', lang)} {contact.value}{mark}"))
        console.print(Text("  " + say("channels.can", lang, what=body.can.say(lang))))
        console.print(Text("  " + say("channels.cannot_do", lang, what=body.cannot.say(lang))))
        for said in (*body.rules, *body.disputed):
            console.print(Text("  ! " + said.words.say(lang)))
        sources = "; ".join(f"{source.text} ({source.confidence.value})" for source in body.every_source)
        console.print(
            Text("  " + say("channels.known", lang, sources=sources, day=body.checked), style="dim")
        )
