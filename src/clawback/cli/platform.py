"""`clawback check-platform`: the questions about a platform or shop, and what follows from the answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from clawback.cli.words import say
from clawback.desk.platforms import (
    PlatformCheck,
    Told,
    VettedPlatform,
    as_document,
    questions,
    read_told,
    vet_platform,
)


def check_platform(
    answers: Annotated[
        Path | None,
        typer.Option(help="YAML or JSON file: question to answer. Without it, the questions are printed."),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Is this platform or shop a scam? By questions, offline. 查平台或店铺。"""
    console = Console(highlight=False)
    if answers is None:
        _show_questions(console, lang)
        return
    told = read_told(answers)
    found = vet_platform(told)
    if as_json:
        sys.stdout.write(json.dumps(as_document(found), ensure_ascii=False, indent=2) + "\n")
        return
    _show(console, told, found, lang)


def _show_questions(console: Console, lang: str) -> None:
    for id, question in questions().items():
        console.print(Text.assemble((id, "bold"), "  ", question.ask.say(lang)))
        for answer, record in question.answers.items():
            console.print(Text(f"    {answer}: {record.says.say(lang)}"))
    console.print(Text(say("platform.how", lang), style="dim"))


def _show(console: Console, told: Told, found: VettedPlatform, lang: str) -> None:
    check = found.check
    scam = f": {found.scam[1].say(lang)}" if found.scam else ""
    console.print(Text(say(f"platform.result.{check.result.value}", lang) + scam, style="bold"))
    console.print(Text(say(f"platform.advice.{check.result.value}", lang)))
    _show_signs(console, check, lang)
    for id in check.open:
        console.print(Text(say("platform.open", lang, ask=questions()[id].ask.say(lang))))
    for reason in check.unknown:
        console.print(Text(say("platform.open", lang, ask=reason.means.say(lang))))
    for one in found.ask:
        ways = " ".join(way.value for way in one.body.contacts if way.verified)
        console.print(Text(f"{one.look.say(lang)}: {one.body.name.say(lang)} {ways}".rstrip()))
    if not found.ask and told.place:
        console.print(Text(say("platform.nobody", lang)))


def _show_signs(console: Console, check: PlatformCheck, lang: str) -> None:
    for number, reason in enumerate(check.signs, start=1):
        weight = say(f"platform.weight.{reason.weight.value}", lang)
        console.print(Text(f"{number}. {reason.means.say(lang)} [{weight}]"))
        console.print(Padding(Text(reason.why.say(lang)), (0, 0, 0, 3)))
        if reason.lifts:
            console.print(
                Padding(Text(say("platform.lifts", lang, what=reason.lifts.say(lang))), (0, 0, 0, 3))
            )
        if reason.then:
            console.print(Padding(Text(reason.then.say(lang), style="bold"), (0, 0, 0, 3)))
