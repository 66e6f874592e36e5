"""`clawback checkup`: the check-up of one's own accounts, and of a password in a list of leaked ones."""

from __future__ import annotations

import getpass
import json
import sys
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from clawback.cli.words import say
from clawback.desk.checkup import Check, Course, course, left, read_answers, seen_in_list
from clawback.errors import UsageError

app = typer.Typer(invoke_without_command=True)

_REPLIES = {
    "y": "yes",
    "yes": "yes",
    "是": "yes",
    "n": "no",
    "no": "no",
    "否": "no",
    "?": "unknown",
    "？": "unknown",
}
_Lang = Annotated[str, typer.Option("--lang", help="zh or en")]


@app.callback()
def checkup(
    context: typer.Context,
    after: Annotated[
        str,
        typer.Option(
            help="What happened: ordinary (nothing), takeover, phone_lost, remote_control, card_given, "
            "code_given, id_photographed."
        ),
    ] = "ordinary",
    answers: Annotated[
        Path | None, typer.Option(help="YAML or JSON file: item to yes, no, unknown or skip.")
    ] = None,
    lang: _Lang = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Check your own accounts; what is left to do, in order. 账号体检。"""
    if context.invoked_subcommand is not None:
        return
    _known(lang)
    console = Console(highlight=False, soft_wrap=True)
    whole = course(after, {}, lang)
    said = read_answers(answers) if answers else _ask(console, whole, lang)
    todo = left(after, said, lang)
    if as_json:
        document = {"after": after, "left": [asdict(one) for one in todo]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")
        return
    _show(console, course(after, said, lang), todo, lang)


@app.command()
def password(
    listing: Annotated[
        Path,
        typer.Option(
            "--list",
            help="Your list of leaked passwords: a file of HASH:COUNT lines sorted by hash (SHA-1), or a "
            "folder of files by the first five digits.",
        ),
    ],
    lang: _Lang = "zh",
) -> None:
    """Is a password in a list of leaked ones? Typed unseen, never kept, no network. 密码泄露过吗。"""
    _known(lang)
    seen = seen_in_list(listing, _typed_unseen(say("checkup.password", lang)))
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        Text(say("checkup.seen" if seen else "checkup.not_seen", lang, n=f"{seen:,}"), style="bold")
    )
    console.print(Text(say("checkup.seen_means" if seen else "checkup.not_seen_means", lang)))


def _typed_unseen(prompt: str) -> str:
    """A password from a terminal that does not show it. Raises UsageError where none can be had."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except (getpass.GetPassWarning, EOFError) as error:
            raise UsageError(
                "A password is only taken from a terminal that can hide it.",
                "密码只能在能隐藏输入的终端里输。",
            ) from error


def _ask(console: Console, whole: Course, lang: str) -> dict[str, str]:
    """Put each question; an empty reply skips it, what is not understood is asked again."""
    console.print(Text(whole.first, style="bold"))
    console.print(Text(say("checkup.ask", lang), style="dim"))
    said: dict[str, str] = {}
    for number, check in enumerate(whole.checks, start=1):
        console.print(Text(f"{number}/{len(whole.checks)} {check.ask}", style="bold"))
        while reply := console.input("> ").strip().lower():
            if reply not in _REPLIES:
                console.print(Text(say("checkup.ask", lang)))
                continue
            said[check.id] = _REPLIES[reply]
            if said[check.id] != "unknown":
                break
            console.print(Text(check.what))
    return said


def _show(console: Console, whole: Course, todo: tuple[Check, ...], lang: str) -> None:
    console.print(Text(say("checkup.left", lang, n=len(todo)) if todo else say("checkup.none", lang)))
    if todo:
        console.print(Text(whole.first, style="bold"))
    for number, check in enumerate(todo, start=1):
        console.print(Text(f"{number}. {check.task}", style="bold"))
        console.print(Text(f"   {check.why}"))
        if check.explain:
            console.print(Text(f"   {check.what}"))
        for way in check.how:
            at = f"{way.at}{'：' if lang == 'zh' else ': '}" if way.at else ""
            varies = f" {say('checkup.varies', lang)}" if way.varies else ""
            console.print(Text(f"   - {at}{way.text}{varies}"))
    if whole.unseen:
        console.print(Text(say("checkup.unseen", lang, n=len(whole.unseen)), style="dim"))


def _known(lang: str) -> None:
    if lang not in ("zh", "en"):
        raise UsageError("--lang is zh or en.", "--lang 只能是 zh 或 en。")
