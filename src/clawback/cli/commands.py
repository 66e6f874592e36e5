"""What can be typed. Each command is a few lines: ask the desk, show the answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from clawback import __version__
from clawback.cli import channels, checkup, feed, learn, lists, ratings, screens
from clawback.cli.check import check_
from clawback.cli.platform import check_platform
from clawback.cli.words import say
from clawback.desk import deciding, doctor, filing, intake, interviewing, verifying
from clawback.desk.casefile import open_casefile
from clawback.desk.export import export_case
from clawback.desk.workplace import PLACES, Workplace, machine_clock
from clawback.errors import CaseDamaged, ClawbackError, UsageError
from clawback.model.casefile import CaseFile
from clawback.model.ledger import Scope

app = typer.Typer(
    help="Clawback（追回）: from a heap of evidence to papers in hand. 从一堆证据到手上的文书。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(checkup.app, name="checkup")
app.add_typer(lists.app, name="lists")
app.command("check")(check_)
app.command("check-platform")(check_platform)
app.add_typer(feed.app, name="feed")
app.command("channels")(channels.channels)
app.command("learn")(learn.learn)
app.command("ratings")(ratings.ratings)

CaseDir = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder. 案件文件夹。")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: the case's own.")]
Now = Annotated[str | None, typer.Option("--now", help="Clock to use, ISO 8601 with offset (tests, demos).")]
Secret = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File whose first line is the passphrase.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, only results.")]


def main() -> None:
    """Run the command line; exit codes are those of `clawback.errors`."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except ClawbackError as error:
        lang = "en" if "en" in _typed_lang() else "zh"
        Console(stderr=True).print(Text(error.sentence(lang)))
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a mistyped option
            error.show()
            sys.exit(2)
        raise


@app.command("open")
def open_(
    heap: Annotated[list[Path], typer.Argument(metavar="HEAP...", help="A folder, a zip, or files.")],
    case: Annotated[
        Path | None, typer.Option("--case", help="Case folder (default: beside the heap).")
    ] = None,
    jurisdiction: Annotated[str, typer.Option(help="Rule pack: cn or gb.")] = "cn",
    lang: Annotated[str | None, typer.Option(help="zh or en (default: the jurisdiction's).")] = None,
    now: Now = None,
    answers: Annotated[Path | None, typer.Option(help="YAML or JSON file: question id to answer.")] = None,
    passphrase_file: Secret = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Seal a heap of evidence, read it, and write the papers. 封存、读取、生成文书。"""
    place = _place(jurisdiction)
    options = intake.OpenOptions(
        now=_instant(now),
        jurisdiction=jurisdiction,
        lang=lang or place[0],
        zone=place[1],
        passphrase=_passphrase(passphrase_file),
        answers=interviewing.read_answers(answers, jurisdiction) if answers else None,
    )
    with _ProgressLine(options.lang, quiet or as_json) as step:
        report = intake.open_heap(heap[0] if len(heap) == 1 else heap, case, options, step)
    file = open_casefile(report.case_dir, options.now, options.passphrase)
    written = filing.write_all(report.case_dir, file, options.passphrase)
    if as_json:
        _print_json(export_case(report.case_dir, options.now, options.passphrase))
        return
    _show_opened(_console(), report, file, written)


@app.command()
def card(
    case: CaseDir, lang: Lang = None, now: Now = None, passphrase_file: Secret = None, as_json: AsJson = False
) -> None:
    """The emergency card: whom to call and what to say. 应急卡。"""
    _show(case, lang, now, passphrase_file, as_json, "card", screens.show_card)


@app.command()
def timeline(
    case: CaseDir, lang: Lang = None, now: Now = None, passphrase_file: Secret = None, as_json: AsJson = False
) -> None:
    """Everything that happened, in order. 时间线。"""
    _show(case, lang, now, passphrase_file, as_json, "timeline", screens.show_timeline)


@app.command()
def losses(
    case: CaseDir,
    lang: Lang = None,
    now: Now = None,
    passphrase_file: Secret = None,
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="Also transfers out of scope.")] = False,
) -> None:
    """What was lost, to the cent, and which transfers count. 损失。"""
    screen = partial(screens.show_losses, everything=everything)
    _show(case, lang, now, passphrase_file, as_json, "losses", screen)


@app.command()
def plan(
    case: CaseDir, lang: Lang = None, now: Now = None, passphrase_file: Secret = None, as_json: AsJson = False
) -> None:
    """What to do now, next and later, each with its last day and basis. 计划。"""
    _show(case, lang, now, passphrase_file, as_json, "plan", screens.show_plan)


@app.command("file")
def file_(
    form: Annotated[str, typer.Argument(help="Form id; `list` shows them. 文书编号。")],
    case: CaseDir,
    lang: Lang = None,
    now: Now = None,
    passphrase_file: Secret = None,
    as_json: AsJson = False,
) -> None:
    """Write one paper as PDF and DOCX. 生成一份文书。"""
    secret = _passphrase(passphrase_file)
    known = _in_language(open_casefile(case, _instant(now), secret), lang)
    console = _console()
    if form == "list":
        for id, title in filing.forms_of(known):
            console.print(Text(f"{id:30} {title}"))
        return
    made = filing.write_one(case, known, form, secret)
    if as_json:
        _print_json({**asdict(made), "files": [str(path) for path in made.files]})
        return
    for path in made.files:
        console.print(Text(f"{say('written', known.case.lang)} {path}"))
    if made.missing:
        console.print(Text(say("fields_missing", known.case.lang, n=len(made.missing))))


@app.command()
def ask(case: CaseDir, lang: Lang = None, now: Now = None, passphrase_file: Secret = None) -> None:
    """Answer what the evidence cannot tell. 回答证据说不清的问题。"""
    secret, instant = _passphrase(passphrase_file), _instant(now)
    known = _in_language(open_casefile(case, instant, secret), lang)
    questions = interviewing.open_questions(known)
    console = _console()
    if not questions:
        console.print(say("nothing_to_ask", known.case.lang))
        return
    given = dict(_interview(console, questions, known.case.lang))
    if given:
        number = intake.seal_answers(case, given, instant, secret)
        console.print(say("answers_sealed", known.case.lang, n=number))


@app.command()
def confirm(
    case: CaseDir,
    transfer: Annotated[str, typer.Argument(help="Transfer id, as `losses` shows it.")],
    scope: Annotated[Scope, typer.Argument(help="in, out or unsure")],
    now: Now = None,
    passphrase_file: Secret = None,
) -> None:
    """Decide whether a transfer belongs to the case. 确认一笔转账是否属于本案。"""
    instant, secret = _instant(now), _passphrase(passphrase_file)
    file = open_casefile(case, instant, secret)
    deciding.decide_scope(case, secret, transfer, scope, deciding.ids_of(file), instant)
    _console().print(say("decided", file.case.lang))


@app.command()
def merge(case: CaseDir, first: str, second: str, now: Now = None, passphrase_file: Secret = None) -> None:
    """Two records are one transfer. 两条记录是同一笔转账。"""
    _judge(case, (first, second), deciding.Pair.ONE, now, passphrase_file)


@app.command()
def unmerge(case: CaseDir, first: str, second: str, now: Now = None, passphrase_file: Secret = None) -> None:
    """Two records are two transfers. 两条记录不是同一笔转账。"""
    _judge(case, (first, second), deciding.Pair.TWO, now, passphrase_file)


@app.command()
def verify(case: CaseDir, lang: Lang = None, passphrase_file: Secret = None, as_json: AsJson = False) -> None:
    """Recompute every hash and the log; name what differs. 核对。"""
    report = verifying.verify(case, _passphrase(passphrase_file))
    if as_json:
        _print_json({"damaged": report.damaged, **asdict(report)})
    else:
        screens.show_verification(_console(), report, _known_lang(lang or "zh"))
    if report.damaged:
        raise typer.Exit(CaseDamaged.exit_code)


@app.command()
def export(
    case: CaseDir,
    format: Annotated[str, typer.Option("--format", help="json")] = "json",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write (default: screen).")
    ] = None,
    now: Now = None,
    passphrase_file: Secret = None,
) -> None:
    """The whole case as one JSON document (schema clawback.case/1). 导出。"""
    if format != "json":
        raise UsageError("The only export format is json.", "目前只能导出 json。")
    document = export_case(case, _instant(now), _passphrase(passphrase_file))
    if output is None:
        _print_json(document)
    else:
        filing.write_text(output, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


@app.command("serve")
def serve_(
    case: Annotated[Path | None, typer.Argument(metavar="[CASE]", help="A case folder to open.")] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of the cases (default: ~/Clawback).")
    ] = None,
    port: Annotated[int, typer.Option(help="0: any free port.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    now: Now = None,
    key: Annotated[
        str | None, typer.Option(help="A key that lasts, for other programs; if left out, each works once.")
    ] = None,
) -> None:
    """Open the app in the browser, on this machine only. 在浏览器里打开，只在本机。"""
    from clawback.web.serve import Options, serve  # the server need not be loaded for any other command

    fixed = _instant(now) if now else None
    workplace = Workplace(home or Path.home() / "Clawback", (lambda: fixed) if fixed else machine_clock)
    console = _console()

    def say(address: str, again: bool) -> None:
        if again:
            console.print(Text("以后要回来，用这个网址（只能用一次）· To come back, use this one (once):"))
        console.print(Text(address), soft_wrap=True)

    serve(workplace, Options(port, key, case, browser), say)


@app.command("doctor")
def doctor_(lang: Annotated[str, typer.Option(help="zh or en")] = "zh", as_json: AsJson = False) -> None:
    """What is installed, what is missing, and how to get it. 体检。"""
    checks = doctor.examine()
    if as_json:
        _print_json([{"name": c.name, "found": c.found, "remedy": c.remedy} for c in checks])
        return
    table = Table("", "", "")
    for check in checks:
        state = check.found or f"{say('absent', lang)}. {say('how', lang)}: {check.remedy}"
        table.add_row(check.name, check.purpose_zh if lang == "zh" else check.purpose_en, Text(state))
    _console().print(f"Clawback {__version__}")
    _console().print(table)


def _show(
    case: Path,
    lang: str | None,
    now: str | None,
    passphrase_file: Path | None,
    as_json: bool,
    part: str,
    screen: Callable[[Console, CaseFile], None],
) -> None:
    instant, secret = _instant(now), _passphrase(passphrase_file)
    spoken = _known_lang(lang) if lang else None
    if as_json:
        _print_json(export_case(case, instant, secret)[part])
        return
    screen(_console(), _in_language(open_casefile(case, instant, secret), spoken))


def _show_opened(
    console: Console, report: intake.IntakeReport, file: CaseFile, written: filing.Written
) -> None:
    lang = file.case.lang
    console.print(Text(say("opened", lang, sealed=report.sealed, members=report.members, known=report.known)))
    console.print(
        Text(say("read", lang, complete=report.complete, partial=report.partial, unread=report.unread))
    )
    console.print(Text(say("encrypted" if file.case.encrypted else "not_encrypted", lang)))
    screens.show_problems(console, file.problems, file)
    screens.show_losses(console, file)
    screens.show_steps(console, file)
    screens.show_card(console, file, most=1)
    console.print(Text(f"{say('look_here', lang)}: {written.folder}", style="bold"))
    for path in written.files:
        console.print(Text(f"  {path.name}"))
    for form, why in written.refused:
        console.print(Text("  " + say("refused", lang, form=form, why=why), style="bold"))
    if file.case.encrypted:
        console.print(Text(say("papers_plain", lang)))


def _interview(
    console: Console, questions: tuple[interviewing.Asked, ...], lang: str
) -> list[tuple[str, str]]:
    """Prompt for each question; an empty reply skips, one that is not understood is asked again."""
    given: list[tuple[str, str]] = []
    console.print(Text(say("ask_skip", lang), style="dim"))
    for question in questions:
        console.print(Text(question.text(lang), style="bold"))
        while reply := console.input("> ").strip():
            try:
                given.append((question.id, question.check(reply)))
                break
            except UsageError as error:
                console.print(Text(error.sentence(lang)))
    return given


def _judge(
    case: Path, pair: tuple[str, str], verdict: deciding.Pair, now: str | None, passphrase_file: Path | None
) -> None:
    instant, secret = _instant(now), _passphrase(passphrase_file)
    file = open_casefile(case, instant, secret)
    pairs = deciding.pairs_between(file, *pair, verdict)
    deciding.decide_pairs(case, secret, pairs, verdict, deciding.ids_of(file), instant)
    _console().print(say("decided", file.case.lang))


def _in_language(file: CaseFile, lang: str | None) -> CaseFile:
    return filing.in_language(file, _known_lang(lang)) if lang else file


def _known_lang(lang: str) -> str:
    if lang not in ("zh", "en"):
        raise UsageError("--lang is zh or en.", "--lang 只能是 zh 或 en。")
    return lang


def _place(jurisdiction: str) -> tuple[str, str]:
    """Language and assumed time zone of a jurisdiction."""
    if jurisdiction not in PLACES:
        raise UsageError("--jurisdiction is cn or gb.", "--jurisdiction 只能是 cn 或 gb。")
    return PLACES[jurisdiction]


def _instant(now: str | None) -> datetime:
    """`--now`, or the machine's clock. UsageError without an offset."""
    if now is None:
        return machine_clock()
    try:
        instant = datetime.fromisoformat(now)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UsageError(
            "--now needs a form like 2026-11-20T10:00+08:00.", "--now 要写成 2026-11-20T10:00+08:00 这样。"
        )
    return instant


def _passphrase(file: Path | None) -> str | None:
    """First line of the passphrase file. UsageError when it cannot be read or is empty."""
    if file is None:
        return None
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines or not lines[0]:
        raise UsageError(f"No passphrase could be read from {file}.", f"没能从 {file} 读到口令。")
    return lines[0]


def _typed_lang() -> list[str]:
    """The language typed, also as `--lang=en`; read by hand because the error may come before parsing."""
    words = sys.argv[1:]
    after = [words[place + 1] for place, word in enumerate(words[:-1]) if word == "--lang"]
    return after + [word.partition("=")[2] for word in words if word.startswith("--lang=")]


def _print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=False)


class _ProgressLine:
    """A progress line with counts and the file in hand; silent when `quiet` or not on a terminal."""

    def __init__(self, lang: str, quiet: bool) -> None:
        self.lang = lang
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bar = Progress(
            *columns, TextColumn("{task.fields[name]}"), console=Console(stderr=True), disable=quiet
        )
        self.task = self.bar.add_task("", total=None, name="")

    def __enter__(self) -> Callable[[intake.Progress], None]:
        self.bar.start()
        return self.step

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def step(self, at: intake.Progress) -> None:
        """Show where the intake is."""
        if at.stage is intake.Stage.SEALED:
            self.bar.console.print(Text(say("sealed", self.lang)))
        words = "sealing" if at.stage in (intake.Stage.SEALING, intake.Stage.SEALED) else "reading"
        self.bar.update(
            self.task,
            description=say(words, self.lang),
            completed=at.done,
            total=at.total,
            name=at.name[-40:],
        )
