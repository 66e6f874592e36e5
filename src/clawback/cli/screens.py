"""What the command line shows: plain words first, tables where one would look rather than read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from clawback.cli.words import say
from clawback.desk.verifying import Verification
from clawback.desk.wording import finding_sentence, problem_sentence, question_sentence, reason_sentence
from clawback.model.card import CardLine, Fact
from clawback.model.casefile import CaseFile
from clawback.model.events import Direction
from clawback.model.evidence import Problem, Severity, Source
from clawback.model.ledger import LedgerEntry, Scope, TimelineItem
from clawback.model.moments import Moment
from clawback.model.plan import Action, Confidence, Deadline
from clawback.model.writing import amount_en, amount_zh, iso

_MOST_PROBLEMS = 12
_MOST_MATCHES = 8
_WHENS = ("now", "today", "week", "later")


def show_card(console: Console, file: CaseFile, most: int | None = None) -> None:
    """The emergency card: the best chance first, `most` transfers in full (None: all)."""
    lang = file.case.lang
    lines = file.card.lines
    console.rule(Text(say("card", lang), style="bold"))
    if not lines:
        console.print(say("no_card", lang))
    for place, line in enumerate(lines[:most], start=1):
        console.print(_card_panel(file, line, place, len(lines)))
    if lines:
        console.print(Text(say("no_promise", lang), style="italic"))
    console.print(Text(file.card.crisis_zh if lang == "zh" else file.card.crisis_en))


def show_losses(console: Console, file: CaseFile, everything: bool = False) -> None:
    """Sums per currency, the transfers behind them, and the questions about matches.

    `everything`: rows out of scope too; otherwise only how many there are.
    """
    lang = file.case.lang
    shown = [entry for entry in file.entries if everything or entry.scope is not Scope.OUT]
    if file.losses:
        console.print(_sums(file))
    if shown:
        console.print(_transfers(shown, lang))
    if hidden := len(file.entries) - len(shown):
        console.print(Text(say("out_hidden", lang, n=hidden), style="dim"))
    for match in file.possible_matches[:_MOST_MATCHES]:
        reason = reason_sentence(match.reason, lang)
        console.print(Text(f"? {say('matches', lang)}: {match.first} ↔ {match.second}  {reason}"))
    if len(file.possible_matches) > _MOST_MATCHES:
        console.print(
            Text("  " + say("more", lang, n=len(file.possible_matches) - _MOST_MATCHES), style="dim")
        )


def _sums(file: CaseFile) -> Table:
    lang = file.case.lang
    sums = Table(title=Text(say("losses", lang), style="bold"), title_justify="left", box=box.SIMPLE_HEAD)
    for key in ("currency", "sent", "returned", "lost", "unsure"):
        sums.add_column(say(key, lang), justify="left" if key == "currency" else "right")
    for loss in file.losses:
        amounts = (loss.sent, loss.returned, loss.lost, loss.unsure)
        sums.add_row(loss.currency, *(_amount(amount.text) for amount in amounts))
    return sums


def show_timeline(console: Console, file: CaseFile) -> None:
    """Everything that happened, oldest first."""
    lang = file.case.lang
    table = Table(
        title=Text(say("timeline", lang), style="bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        expand=True,
    )
    table.add_column(say("moment", lang), no_wrap=True)
    table.add_column(say("who", lang), max_width=16)
    table.add_column(say("what", lang), ratio=1)
    table.add_column(say("proofs", lang), max_width=9)
    for item in file.timeline:
        table.add_row(*_timeline_row(item, lang))
    console.print(table)


def show_steps(console: Console, file: CaseFile) -> None:
    """The steps in one line each; `show_plan` has the reasons."""
    lang = file.case.lang
    console.rule(Text(say("plan", lang), style="bold"))
    for when in _WHENS:
        steps = [action for action in file.plan.actions if action.when == when]
        if steps:
            console.print(Text(say(when, lang), style="bold"))
        for action in steps:
            title = action.title_zh if lang == "zh" else action.title_en
            by = f"  [{_by(action.deadline, file.now, lang)}]" if action.deadline else ""
            console.print(Padding(Text(f"{action.order}. {title}{by}"), (0, 0, 0, 2)))
    console.print(Text(say("plan_more", lang), style="dim"))


def show_plan(console: Console, file: CaseFile) -> None:
    """Steps in order with why, last day, basis; then what to ask, and the honest words."""
    lang = file.case.lang
    plan = file.plan
    console.rule(Text(say("plan", lang), style="bold"))
    notices = plan.notices_zh if lang == "zh" else plan.notices_en
    for notice in notices:
        console.print(Padding(Text("· " + notice), (0, 0, 0, 1)))
    for when in _WHENS:
        steps = [action for action in plan.actions if action.when == when]
        if steps:
            console.print(Text(f"\n{say(when, lang)}", style="bold"))
        for action in steps:
            console.print(Padding(_step(action, file.now, lang), (0, 0, 0, 2)))
    if plan.questions:
        console.print(Text(f"\n{say('asks', lang)}", style="bold"))
        for question in plan.questions:
            console.print(Text(f"  ? {question_sentence(question, plan.jurisdiction, lang)}"))
    console.print(Text(f"\n{say('not_lawyer', lang)}", style="dim"))


def show_problems(console: Console, problems: Sequence[Problem], file: CaseFile) -> None:
    """What could not be read or looks odd; notes are counted in, errors come first."""
    lang = file.case.lang
    order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    ranked = sorted(problems, key=lambda problem: order.index(problem.severity))
    console.print(Text(say("problems" if ranked else "no_problems", lang), style="bold"))
    names = {exhibit.number: exhibit.name for exhibit in file.exhibits}
    for problem in ranked[:_MOST_PROBLEMS]:
        name = names.get(problem.exhibit, "")
        place = f"{say('exhibit', lang, n=problem.exhibit)} {name}" if problem.exhibit else ""
        console.print(Text(f"  · {place} {problem_sentence(problem, lang)}"))
    if len(ranked) > _MOST_PROBLEMS:
        console.print(Text("  " + say("more", lang, n=len(ranked) - _MOST_PROBLEMS), style="dim"))


def show_verification(console: Console, report: Verification, lang: str) -> None:
    """Whether everything is as it was sealed, and each thing that is not."""
    if report.damaged:
        console.print(Text(say("differs", lang), style="bold"))
    else:
        console.print(Text(say("verified", lang, n=report.exhibits, lines=report.log_size), style="bold"))
    if not report.complete:
        console.print(Text(say("verified_in_part", lang)))
    for finding in report.findings:
        console.print(Text(f"  · {finding_sentence(finding, lang)}"))
    console.print(Text(say("log_root", lang, root=report.log_root), style="dim"))


def _card_panel(file: CaseFile, line: CardLine, place: int, total: int) -> Panel:
    lang = file.case.lang
    head = Text(say(f"chance.{line.chance.value}", lang), style="bold")
    speech = line.say_zh if lang == "zh" else line.say_en
    parts: list[RenderableType] = [head]
    if line.call is not None:
        parts.append(Text(_call(line, lang), style="bold reverse"))
    said = Panel(Text(speech), title=say("read_out", lang), title_align="left")
    parts += [said, _facts(line.facts, file, lang)]
    title = say("payment_of", lang, n=place, total=total)
    missing = say("missing_n", lang, n=len(line.missing)) if line.missing else ""
    return Panel(Group(*parts), title=title, title_align="left", subtitle=missing, subtitle_align="right")


def _call(line: CardLine, lang: str) -> str:
    channel = line.call
    assert channel is not None  # noqa: S101  # asked by the caller
    name = channel.name_zh if lang == "zh" else channel.name_en
    if channel.phone:
        return " " + say("call", lang, phone=channel.phone, name=name) + " "
    return " " + say("go_to", lang, url=channel.url or "", name=name) + " "


def _facts(facts: Iterable[Fact], file: CaseFile, lang: str) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(overflow="fold", max_width=10)
    for fact in facts:
        known = fact.text is not None
        value = Text(
            _fact_text(fact, lang) if known else say("missing", lang), style="" if known else "reverse"
        )
        table.add_row(say(fact.key, lang), value, Text(_proofs(fact.sources, lang), style="dim"))
    return table


def _fact_text(fact: Fact, lang: str) -> str:
    text = fact.text or ""
    if fact.key == "method":
        return say(f"method.{text}", lang)
    if fact.key == "moment" and len(text) > len("2026-09-10"):
        return f"{text[:10]} {text[11:-6]} (UTC{text[-6:]})"
    if fact.key == "amount":
        value, _, currency = text.partition(" ")
        return f"{_amount(value)} {currency}"
    return text


def _transfers(entries: Iterable[LedgerEntry], lang: str) -> Table:
    """Two lines per transfer: what moved, and why it counts with where that stands."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(overflow="fold", max_width=10)
    for entry in entries:
        transfer = entry.transfer
        sign = "−" if transfer.direction is Direction.OUT else "+"
        amount = amount_zh(transfer.amount) if lang == "zh" else amount_en(transfer.amount)
        name = transfer.other.name or transfer.other.number or say("missing", lang)
        when = _short(transfer.moment, lang)
        scope = say(f"scope.{entry.scope.value}", lang)
        table.add_row(Text(f"{sign}{amount}", style="bold"), Text(when), Text(name), Text(scope))
        proofs = Text(_proofs(transfer.sources, lang), style="dim")
        table.add_row("", Text(entry.id, style="dim"), _reasons(entry, lang), proofs)
    return table


def _reasons(entry: LedgerEntry, lang: str) -> Text:
    joint = "；" if lang == "zh" else "; "
    return Text(joint.join(reason_sentence(reason, lang) for reason in entry.scope_reasons[:2]), style="dim")


def _timeline_row(item: TimelineItem, lang: str) -> tuple[Text, ...]:
    text = " ".join(item.text.split())
    shown = text if len(text) <= 120 else text[:119] + "…"
    return (
        Text(_short(item.moment, lang)),
        Text(item.who or ""),
        Text(shown),
        Text(_proofs(item.sources, lang)),
    )


def _step(action: Action, now: datetime, lang: str) -> Group:
    title = action.title_zh if lang == "zh" else action.title_en
    why = action.why_zh if lang == "zh" else action.why_en
    parts: list[RenderableType] = [Text(f"{action.order}. {title}", style="bold"), Text(f"   {why}")]
    if action.deadline is not None:
        why_then = action.deadline.why_zh if lang == "zh" else action.deadline.why_en
        parts.append(Text(f"   {_by(action.deadline, now, lang)} {why_then}"))
    if action.channel is not None:
        name = action.channel.name_zh if lang == "zh" else action.channel.name_en
        reach = " · ".join(filter(None, (action.channel.phone, action.channel.url)))
        parts.append(Text(f"   → {name} {reach}"))
    parts.append(Text(f"   {_basis(action, lang)}", style="dim"))
    return Group(*parts)


def _by(deadline: Deadline, now: datetime, lang: str) -> str:
    """The last day in a few words, or that the day which starts the clock is not known."""
    if deadline.last is None:
        return say("date_needed", lang)
    key = "passed" if deadline.last < now else "last_day" if deadline.firm else "about"
    return say(key, lang, date=_last_day(deadline.last, lang))


def _last_day(last: datetime, lang: str) -> str:
    return f"{last.year}年{last.month}月{last.day}日" if lang == "zh" else f"{last.day} {last:%B %Y}"


def _basis(action: Action, lang: str) -> str:
    parts = []
    for basis in action.basis:
        weak = basis.confidence in (Confidence.SECONDARY, Confidence.MEMORY)
        badge = f"，{say('verify_badge', lang)}" if weak else ""
        parts.append(f"{basis.text}（{say('checked', lang, date=basis.checked_on)}{badge}）")
    return f"{say('basis', lang)}: " + "; ".join(parts)


def _proofs(sources: Iterable[Source], lang: str) -> str:
    numbers = dict.fromkeys(source.exhibit for source in sources)
    return " ".join(say("exhibit", lang, n=number) for number in numbers)


def _short(moment: Moment | None, lang: str) -> str:
    """2026-09-10 21:05, as far as it is known."""
    return iso(moment).replace("T", " ")[:16] if moment else say("undated", lang)


def _amount(plain: str) -> str:
    whole, point, fraction = plain.lstrip("-").partition(".")
    return f"{'-' if plain.startswith('-') else ''}{int(whole):,}{point}{fraction}"
