"""`clawback check`: is this text, picture, mail or chat part of a scam? Or one line for each of many."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from clawback.cli.words import say
from clawback.desk.checkdocument import as_document
from clawback.desk.checkfiles import may_be_chat, read_file, read_text
from clawback.desk.checking import (
    STAGES,
    Check,
    LinkResult,
    because,
    bodies_of,
    check,
    defanged,
    harmless,
    in_short,
    of_mail,
    part_of_mail,
)
from clawback.desk.conversations import Conversation, check_chat_file
from clawback.desk.conversations import as_document as chat_document
from clawback.desk.vetting import shown
from clawback.desk.workplace import Workplace, machine_clock
from clawback.errors import HeapError, UsageError

MOST_LINE = 1024 * 1024
"""Bytes of one line of `--jsonl`; a longer one is an error of that line alone."""

_LONGEST_PATH = 1_000
_TELLING = ("too_large", "no_text_found", "no_text")
_RAISED = (LinkResult.LIKELY, LinkResult.SOME)


def check_(
    what: Annotated[
        str | None, typer.Argument(metavar="[TEXT|FILE|-]", help="A text, a file, or - for standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Many: a line {"id", "text"} in, a line with the verdict out.')
    ] = False,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder whose imported lists count (default: ~/Clawback).")
    ] = None,
    now: Annotated[str | None, typer.Option("--now", help="Clock to use, ISO 8601 with offset.")] = None,
) -> None:
    """Is this a scam: text, picture, mail (.eml) or chat; why, and what now. 是不是诈骗。"""
    if lang not in ("zh", "en"):
        raise UsageError("--lang is zh or en.", "--lang 只能是 zh 或 en。")
    path = _path(what)
    if jsonl:
        raise typer.Exit(_many(what, path))
    instant = _instant(now)
    if path is not None and (chats := _chats(path, instant)):
        _tell_chats(chats, lang, as_json)
        return
    workplace = Workplace(home or Path.home() / "Clawback", lambda: instant)
    try:
        found = _checked(what, path, workplace, lang)
    finally:
        workplace.close()
    if as_json:
        _print_json(as_document(found))
    else:
        _show(Console(highlight=False), found, lang)


def _path(what: str | None) -> Path | None:
    """The file that is named, or None where the words are the text itself."""
    if what in (None, "-") or len(str(what)) > _LONGEST_PATH:
        return None
    try:
        return Path(str(what)) if Path(str(what)).is_file() else None
    except OSError:  # a text may be longer than any name of a file
        return None


def _instant(now: str | None) -> datetime:
    try:
        instant = datetime.fromisoformat(now) if now else machine_clock()
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UsageError(
            "--now needs a form like 2026-11-20T10:00+08:00.", "--now 要写成 2026-11-20T10:00+08:00 这样。"
        )
    return instant


def _checked(what: str | None, path: Path | None, workplace: Workplace, lang: str) -> Check:
    if path is not None:
        try:
            read = read_file(path, workplace.clock().date())
        except OSError as error:
            raise _unread(path.name) from error
    elif what in (None, "-"):
        if sys.stdin.isatty():
            Console(stderr=True).print(Text(say("check.type_it", lang), style="dim"))
        read = read_text(sys.stdin.buffer)
    else:
        return check(_some(str(what)), workplace, lang, own_cases=False)
    if read.problem:
        raise _unread(path.name if path else "-", read.problem)
    return of_mail(read.mail) if read.mail else check(_some(read.text), workplace, lang, own_cases=False)


def _some(text: str) -> str:
    if not text.strip():
        raise UsageError("There is nothing to check.", "没有可以查的内容。")
    return text


def _unread(name: str, problem: str = "") -> HeapError:
    code = problem if problem in _TELLING else "not_read"
    return HeapError(
        say(f"check.file.{code}", "en", name=name),
        say(f"check.file.{code}", "zh", name=name),
    )


def _print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


# ------------------------------------------------------------------------------------------- many at once


def _many(what: str | None, path: Path | None) -> int:
    """Answer line by line; the exit code: that of an unreadable heap if any line could not be understood."""
    if path is not None:
        with path.open("rb") as lines:
            return _answer(lines)
    if what in (None, "-"):
        return _answer(sys.stdin.buffer)
    raise _unread(str(what)[:80])


def _answer(lines: BinaryIO) -> int:
    bad = 0
    for line in _lines(lines):
        answer = _of_line(line)
        bad += "error" in answer
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return HeapError.exit_code if bad else 0


def _lines(lines: BinaryIO) -> Iterator[bytes]:
    """Lines without empty ones; of one that is too long, its beginning."""
    while line := lines.readline(MOST_LINE + 1):
        rest = line
        while len(rest) > MOST_LINE and not rest.endswith(b"\n"):
            rest = lines.readline(MOST_LINE + 1)
        if line.strip():
            yield line


def _of_line(line: bytes) -> dict[str, object]:
    """The verdict on one line, or what is wrong with it: `line_too_long`, `not_json`, `no_id`, `no_text`."""
    if len(line) > MOST_LINE:
        return {"id": None, "error": "line_too_long"}
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": "not_json"}
    id = asked.get("id") if isinstance(asked, dict) else None
    if isinstance(id, bool) or not isinstance(id, (str, int)):
        return {"id": None, "error": "no_id"}
    text = asked.get("text")
    if not isinstance(text, str):
        return {"id": id, "error": "no_text"}
    seen = in_short(text)
    return {
        "id": id,
        "verdict": seen.verdict,
        "probability": round(seen.probability, 4),
        "type": seen.type,
        "signals": seen.signals,
    }


# --------------------------------------------------------------------------------------------- on a screen


def _show(console: Console, found: Check, lang: str) -> None:
    def line(key: str, style: str = "", **values: object) -> None:
        console.print(Text(say(key, lang, **values), style=style))

    if found.crisis:
        name = found.crisis.name_zh if lang == "zh" else found.crisis.name_en
        line("check.crisis", "bold", name=name, phone=found.crisis.phone or "")
    _show_result(console, found, lang)
    _show_reasons(console, found, lang)
    _show_script(console, found, lang)
    for words in found.warned:
        line("check.warned", words=words)
    _show_links(console, found, lang)
    for check_ in found.accounts.checks if found.accounts else ():
        console.print(Text(f"{shown(check_)}  {check_.form.say(lang)}"))
        for hit in check_.listed:
            line("check.listed", "bold", name=hit.list_name, source=hit.source)
    for spotted in found.genuine:
        asked = defanged(spotted.answer.read_as or spotted.answer.asked)
        names = " / ".join(body.name.say(lang) for body in bodies_of(spotted))
        line(f"channels.{spotted.answer.standing.value}", asked=asked, claimed="")
        console.print(Padding(Text(names), (0, 0, 0, 3)))
    for trouble in (found.no_directory, found.damaged_list):
        if trouble:
            console.print(Text(trouble.sentence(lang), style="bold"))
    if found.cut:
        line("check.cut", "dim")
    line("check.stays", "dim")


def _show_result(console: Console, found: Check, lang: str) -> None:
    scam = (": " if lang == "en" else "：") + found.script.kind.name.say(lang) if found.script else ""
    console.print(Text(say(f"platform.result.{found.result.value}", lang) + scam, style="bold"))
    console.print(Text(say(f"check.advice.{found.result.value}", lang)))
    if found.after_a_loss:
        console.print(Text(say("check.after_loss", lang), style="bold"))
    if found.missing:
        console.print(Text(say(f"check.missing.{found.missing.value}", lang)))
    if found.advert:
        console.print(Text(say("check.advert", lang)))
    if found.decided and found.decided.value in ("link", "account"):
        console.print(Text(say(f"check.decided.{found.decided.value}", lang)))


def _show_reasons(console: Console, found: Check, lang: str) -> None:
    for number, reason in enumerate(found.reasons, start=1):
        quotes = dict.fromkeys(found.words(start, end) for start, end in reason.places)
        _show_reason(console, number, reason.name.say(lang), quotes, reason.means.say(lang))
    if found.mail:
        for number, sign in enumerate(found.mail.verdict.signs, start=1):
            _show_reason(
                console,
                number,
                harmless(sign.why.say(lang)),
                (harmless(sign.quote),),
                part_of_mail(sign.where).say(lang),
            )


def _show_reason(console: Console, number: int, name: str, quotes: Iterable[str], means: str) -> None:
    said = " ".join(f"“{quote}”" for quote in quotes if quote)
    console.print(Text.assemble((f"{number}. {name}", "bold"), f"  {said}"))
    console.print(Padding(Text(means), (0, 0, 0, 3)))


def _show_script(console: Console, found: Check, lang: str) -> None:
    script = found.script
    if script is None:
        return
    if script.stage and script.next:
        names = ((stage, say(f"learn.{stage.value}", lang)) for stage in STAGES)
        console.print(
            Text(" → ".join(f"[{name}]" if stage == script.stage else name for stage, name in names))
        )
        console.print(Text(say("learn.next", lang, what=script.next.say(lang))))
    console.print(Text(f"{say('learn.change', lang)} {script.kind.change.say(lang)}"))
    console.print(Text(f"{say('learn.do', lang)} {script.kind.do.say(lang)}", style="bold"))


def _show_links(console: Console, found: Check, lang: str) -> None:
    for link in found.links:
        console.print(Text(f"{link.shown}  {say(f'check.link.{link.verdict.result.value}', lang)}"))
        for sign in link.verdict.signs if link.verdict.result in _RAISED else ():
            console.print(Padding(Text(because(sign).say(lang)), (0, 0, 0, 3)))
    if found.links_left:
        console.print(Text(say("check.links_left", lang, n=found.links_left)))


# --------------------------------------------------------------------------------------------------- chats


def _chats(path: Path, instant: datetime) -> tuple[Conversation, ...]:
    """The conversations of a file that is an export of a chat; none for any other file."""
    try:
        if not may_be_chat(path):
            return ()
        with path.open("rb") as file:
            return check_chat_file(path.name, file, path.stat().st_size, instant.date()).conversations
    except OSError as error:
        raise _unread(path.name) from error


def _tell_chats(chats: Iterable[Conversation], lang: str, as_json: bool) -> None:
    if as_json:
        _print_json({"conversations": [chat_document(one) for one in chats]})
        return
    console = Console(highlight=False)
    for one in chats:
        scam = (": " if lang == "en" else "：") + one.kind.name.say(lang) if one.kind else ""
        result = say(f"platform.result.{one.result.value}", lang)
        console.print(Text(f"{one.name or '?'} ({one.count})  {result}{scam}", style="bold"))
        console.print(Text(say(f"check.advice.{one.result.value}", lang)))
        course = one.course
        if course.turned:
            console.print(Text(say("check.turned", lang, words=harmless(course.turned.message.text[:120]))))
            for sign in course.turned.signs:
                quotes = " ".join(f"“{harmless(quote)}”" for quote in sign.quotes)
                console.print(Padding(Text(f"{sign.signal.record.name.say(lang)}  {quotes}"), (0, 0, 0, 3)))
        if course.asked_money:
            console.print(Text(say("check.asked_money", lang, words=harmless(course.asked_money.quote))))
        if one.next_words:
            console.print(Text(say("learn.next", lang, what=one.next_words[0 if lang == "zh" else 1])))
        if one.kind:
            console.print(Text(f"{say('learn.do', lang)} {one.kind.do.say(lang)}", style="bold"))
        if not one.sides_known:
            console.print(Text(say("check.sides_unknown", lang), style="dim"))
