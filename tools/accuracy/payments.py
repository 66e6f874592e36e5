"""Payments: statements against what other programs made of them, or against a naive look at their marks.

The ground truths are read here by code that shares nothing with the readers: beancount files, QIF, the
normalised tables of monopoly, and for OFX, MT940 and CAMT the bare tags of an entry.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from tools.accuracy.rows import Opened, Row, open_file, origin_of

from clawback.model.events import Direction, Transfer

CHECKS = ("date", "amount", "sign", "currency")


@dataclass(frozen=True, slots=True)
class Expected:
    """One entry of a ground truth. `when`: "2026-02-01" or with " 10:20:30". None: the truth does not say."""

    when: str | None
    size: Decimal
    out: bool | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """Files of one part with the truth of each file (None: no truth for it)."""

    part: str
    files: Sequence[Path]
    truth: Callable[[Path], list[Expected] | None]
    zone: str
    checks: Sequence[str] = CHECKS


def measure(data: Path) -> list[Row]:
    """One row per part of each source in `data`."""
    sources: dict[str, Callable[[Path], Iterator[Trial]]] = {
        "double-entry-generator": _double_entry,
        "csv2ofx": _csv2ofx,
        "monopoly": _monopoly,
        "ofxparse": _ofxparse,
        "mt940": _mt940,
        "genkgo-camt": _camt,
    }
    return [
        _row(origin_of(data / name), trial)
        for name, trials in sources.items()
        if (data / name).is_dir()
        for trial in trials(data / name)
    ]


def _row(source: str, trial: Trial) -> Row:
    opened = [(open_file(path, trial.zone), trial.truth(path)) for path in trial.files]
    unread = [o for o, _ in opened if o.error is None and not _is_statement(o)]
    with_truth = [(o, truth) for o, truth in opened if truth is not None]
    exact = dict.fromkeys(trial.checks, 0)
    for one, truth in with_truth:
        for check, count in _compare(truth, _transfers(one)).items():
            if check in exact:
                exact[check] += count
    return Row(
        "payments",
        source,
        trial.part,
        files=len(opened),
        read=sum(o.error is None and _is_statement(o) for o, _ in opened),
        no_reader=len(unread),
        errors=sum(o.error is not None for o, _ in opened),
        expected=sum(len(truth) for _, truth in with_truth) if with_truth else None,
        found=sum(len(_transfers(o)) for o, _ in with_truth or opened),
        exact=exact,
    )


def _is_statement(opened: Opened) -> bool:
    """Was it read by a reader of payments? Plain text is what is left when none knows the format."""
    return opened.reading is not None and opened.reader != "plain_text"


def _transfers(opened: Opened) -> tuple[Transfer, ...]:
    return opened.reading.transfers if opened.reading else ()


# --- comparing --------------------------------------------------------------------------------


def _compare(truth: Sequence[Expected], found: Sequence[Transfer]) -> dict[str, int]:
    """How many expected entries were found with each property right. Each found one serves once."""
    pairs = sorted(
        ((_likeness(e, t), i, j) for i, e in enumerate(truth) for j, t in enumerate(found)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used_truth: set[int] = set()
    used_found: set[int] = set()
    exact = dict.fromkeys(CHECKS, 0)
    for likeness, i, j in pairs:
        if likeness < 2 or i in used_truth or j in used_found:
            continue
        used_truth.add(i)
        used_found.add(j)
        for check, right in _properties(truth[i], found[j]).items():
            exact[check] += right
    return exact


def _likeness(expected: Expected, found: Transfer) -> int:
    right = _properties(expected, found)
    return 4 * right["amount"] + 2 * right["date"] + right["sign"]


def _properties(expected: Expected, found: Transfer) -> dict[str, bool]:
    wall = found.moment.instant.strftime("%Y-%m-%d %H:%M:%S") if found.moment else ""
    return {
        "date": bool(expected.when) and wall.startswith(str(expected.when)),
        "amount": expected.size == found.amount.value,
        "sign": expected.out == (found.direction is Direction.OUT) if expected.out is not None else False,
        "currency": expected.currency == found.amount.currency,
    }


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


# --- double-entry-generator ------------------------------------------------------------------

_HEAD = re.compile(r'^(\d{4}-\d\d-\d\d) [*!] "')
_META = re.compile(r'^\s+(\w+): "(.*)"$')
_POSTING = re.compile(r"^\s+((?:Assets|Liabilities|Expenses|Income|Equity):\S+)\s+(-?[0-9.]+) (\w+)")


def _double_entry(source: Path) -> Iterator[Trial]:
    for truth in sorted(source.rglob("*.beancount")):
        files = [path for path in truth.parent.iterdir() if path.suffix in (".csv", ".xls", ".xlsx")]
        entries = _beancount(truth)
        part = str(truth.parent.relative_to(source))
        yield Trial(part, sorted(files), lambda _path, entries=entries: entries, "Asia/Shanghai")


def _beancount(path: Path) -> list[Expected]:
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    entries = [block.splitlines() for block in blocks if _HEAD.match(block)]
    postings = [[found.groups() for line in lines if (found := _POSTING.match(line))] for lines in entries]
    own = _own_account(account for listed in postings for account, *_ in listed)
    return [
        _beancount_entry(lines, listed, own)
        for lines, listed in zip(entries, postings, strict=True)
        if listed
    ]


def _own_account(accounts: Iterable[str]) -> str | None:
    """The account whose statement it is: the asset or debt that is named most."""
    counts: dict[str, int] = {}
    for account in accounts:
        if account.startswith(("Assets", "Liabilities")) and "FIXME" not in account:
            counts[account] = counts.get(account, 0) + 1
    return max(counts, key=lambda account: counts[account], default=None)


def _beancount_entry(
    lines: Sequence[str], postings: Sequence[tuple[str, str, str]], own: str | None
) -> Expected:
    meta = {found[1]: found[2] for line in lines if (found := _META.match(line))}
    mine = next((posting for posting in postings if posting[0] == own), None)
    _, size, currency = mine or postings[0]
    out: bool | None = {"支出": True, "收入": False}.get(meta.get("type", ""))
    if out is None and mine and "type" not in meta:
        out = size.startswith("-")
    when = meta.get("payTime", "")[:19] or lines[0][:10]
    return Expected(when, abs(Decimal(size)), out, currency)


# --- csv2ofx ----------------------------------------------------------------------------------

_OTHER_NAMES = {"n26-fr": "n26", "ubs-ch-fr_trimmed": "ubs-ch-fr", "mint_headerless": "mint"}


def _csv2ofx(source: Path) -> Iterator[Trial]:
    converted = source / "converted"

    def truth(path: Path) -> list[Expected] | None:
        stem = _OTHER_NAMES.get(path.stem, path.stem)
        for suffix, read in ((".ofx", _bare_ofx), (".qif", _qif)):
            if (converted / f"{stem}{suffix}").exists():
                return read(converted / f"{stem}{suffix}")
        return None

    yield Trial("test/*.csv", sorted((source / "test").glob("*.csv")), truth, "America/New_York")
    for folder in ("converted", "example"):
        files = sorted((source / folder).glob("*.ofx"))
        yield Trial(f"{folder}/*.ofx", files, _bare_ofx, "America/New_York")


def _bare_ofx(path: Path) -> list[Expected]:
    """What the tags of each transaction say, without any notion of OFX beyond that."""
    text = path.read_text(encoding="utf-8", errors="replace")
    currencies = [(found.start(), found[1]) for found in re.finditer(r"<CURDEF>\s*([A-Za-z]{3})", text)]
    found = []
    for entry in re.finditer(r"<(STMTTRN|INTRARS)>(.*?)</\1>", text, re.DOTALL):
        inside = entry[2]
        size = _number(_tag(inside, "TRNAMT").replace("+", ""))
        if not size:
            continue
        stated = _tag(inside, "CURSYM") or _tag(inside, "CURDEF")
        stated = stated or next((code for place, code in reversed(currencies) if place < entry.start()), "")
        out = size < 0 if entry[1] == "STMTTRN" else True
        found.append(Expected(_ofx_date(_tag(inside, "DTPOSTED")), abs(size), out, stated.upper() or None))
    return found


def _tag(text: str, name: str) -> str:
    found = re.search(rf"<{name}>([^<\r\n]*)", text)
    return found[1].strip() if found else ""


def _ofx_date(text: str) -> str | None:
    if len(text) < 8 or not text[:8].isdigit():
        return None
    day = f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    clock = text[8:14] if text[8:14].isdigit() else ""
    return day if clock in ("", "000000", "120000") else f"{day} {clock[:2]}:{clock[2:4]}:{clock[4:6]}"


def _qif(path: Path) -> list[Expected]:
    found = []
    for entry in path.read_text(encoding="utf-8").split("^"):
        fields = {line[:1]: line[1:].strip() for line in entry.strip().splitlines() if line[:1] in "DT"}
        size = _number(fields.get("T", ""))
        day = fields.get("D", "")
        if american := re.match(r"(\d\d)/(\d\d)/(\d{4})", day):
            day = f"{american[3]}-{american[1]}-{american[2]}"
        if size and day:
            found.append(Expected(day, abs(size), size < 0, None))
    return found


# --- the others -------------------------------------------------------------------------------


def _monopoly(source: Path) -> Iterator[Trial]:
    def truth(path: Path) -> list[Expected]:
        with (path.parent / "transformed.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        sizes = [(row["date"], Decimal(row["amount"])) for row in rows]
        return [Expected(day, abs(size), size < 0, None) for day, size in sizes]

    for name in ("raw", "transformed"):
        files = sorted(source.rglob(f"{name}.csv"))
        yield Trial(f"{name}.csv", files, truth, "Asia/Singapore", ("date", "amount", "sign"))


def _ofxparse(source: Path) -> Iterator[Trial]:
    yield Trial("*.ofx", sorted(source.rglob("*.ofx")), _bare_ofx, "America/New_York")


def _mt940(source: Path) -> Iterator[Trial]:
    yield Trial("*.sta", sorted(source.rglob("*.sta")), _counted(r"(?m)^:61:"), "Europe/Berlin", ())


def _camt(source: Path) -> Iterator[Trial]:
    yield Trial("*.xml", sorted(source.rglob("*.xml")), _counted(r"<(?:\w+:)?Ntry>"), "Europe/Amsterdam", ())


def _counted(mark: str) -> Callable[[Path], list[Expected]]:
    """A truth that knows only how many entries there are."""

    def truth(path: Path) -> list[Expected]:
        text = path.read_text(encoding="utf-8", errors="replace")
        return [Expected(None, Decimal(0), None, None) for _ in re.finditer(mark, text)]

    return truth
