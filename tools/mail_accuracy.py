"""`python -m tools.mail_accuracy --data DIR`: how many scam mails are flagged, how many honest ones, and why.

DIR holds one folder per collection. What a collection leaves in its mails is made neutral first: the
honeypot's placeholder for its recipient becomes an ordinary address. Each mail is looked at three times: as
it is, without what the receiving server stated, and without the envelope as well, as programs may save it.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from clawback.guard.mail import MailVerdict, check_mail, signs_in
from clawback.guard.mail_parts import MailParts
from clawback.guard.mail_words import opening
from clawback.guard.verdict import Result, judge
from clawback.readers.mail_parts import parts_of

SCAM = ("phishing_pot",)
HONEST = (
    "spamassassin-corpus/easy-ham-1",
    "spamassassin-corpus/easy-ham-2",
    "spamassassin-corpus/hard-ham-1",
    "spamassassin-tests/nice",
    "spamassassin-tests/dkim",
)
ADVERTS = ("spamassassin-corpus/spam-1", "spamassassin-corpus/spam-2")

_PLACEHOLDER, _ORDINARY = b"phishing@pot", b"someone@example.com"
_STATED = frozenset(("authentication-results", "received-spf"))
_ENVELOPE = _STATED | {"return-path"}
_PARTS = TypeAdapter(MailParts)


@dataclass(frozen=True, slots=True)
class Row:
    """One folder, looked at without some headers: how many of each result, and the misses by kind of sign."""

    folder: str
    without: str
    total: int
    results: Counter[Result]

    @property
    def flagged(self) -> int:
        return self.results[Result.LIKELY] + self.results[Result.SOME]


def mail_at(path: Path) -> MailParts:
    """The parts of one file, with the collection's placeholder made neutral."""
    return _PARTS.validate_python(parts_of(path.read_bytes().replace(_PLACEHOLDER, _ORDINARY)))


def half_of(path: Path) -> int:
    """0: rules may be tuned on this file; 1: they may not. By its name."""
    return hashlib.sha256(path.name.encode()).digest()[0] % 2


def verdict_of(parts: MailParts, left_out: frozenset[str] = frozenset()) -> MailVerdict:
    """As the desk judges it."""
    kept = tuple((name, value) for name, value in parts.headers if name.lower() not in left_out)
    parts = replace(parts, headers=kept)
    return check_mail(parts, judge(opening(parts)[0]))


def rows_of(folder: str, mails: Sequence[MailParts]) -> Iterable[Row]:
    """The folder three times: with all headers, without the server's statements, without the envelope."""
    for without, left_out in (("", frozenset()), ("statements", _STATED), ("envelope too", _ENVELOPE)):
        results = Counter(verdict_of(parts, left_out).result for parts in mails)
        yield Row(folder, without, len(mails), results)


def files_in(folder: Path) -> list[Path]:
    """Every mail below `folder`, in order of its name."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


def main() -> None:
    """Print the table, then what flagged and what was missed."""
    parser = argparse.ArgumentParser(prog="python -m tools.mail_accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with phishing_pot/ and others")
    parser.add_argument("--scam", type=Path, nargs="*", default=[], help="further folders of scam mails")
    parser.add_argument("--honest", type=Path, nargs="*", default=[], help="further folders of honest mails")
    options = parser.parse_args()
    print("| folder | without | mails | likely | some | flagged |\n|---|---|---|---|---|---|")
    for name in SCAM:
        files = files_in(options.data / name)
        for half in (0, 1):
            _print(f"{name}, half {half}", [path for path in files if half_of(path) == half])
        _print(name, files, signs=True)
    for name in (*HONEST, *ADVERTS):
        _print(name, files_in(options.data / name))
    for folder in options.scam:
        _print(f"{folder.name} (more scams)", files_in(folder), signs=True)
    honest = [path for name in HONEST[:3] for path in files_in(options.data / name)]
    _print("all honest mails of the corpus", honest, flagged=True)
    for folder in options.honest:
        _print(f"{folder.name} (more honest)", files_in(folder), flagged=True)


def _print(name: str, files: Sequence[Path], *, signs: bool = False, flagged: bool = False) -> None:
    mails = [mail_at(path) for path in files]
    for row in rows_of(name, mails):
        likely, some = row.results[Result.LIKELY], row.results[Result.SOME]
        share = 100 * row.flagged / row.total if row.total else 0.0
        print(f"| {row.folder} | {row.without} | {row.total} | {likely} | {some} | {share:.1f} % |")
    if signs:
        counted = Counter(sign.code for parts in mails for sign in verdict_of(parts).signs)
        print("\nsigns: " + ", ".join(f"{code} {count}" for code, count in counted.most_common()) + "\n")
        missed = Counter(
            " + ".join(sorted({sign.family for sign in signs_in(parts)})) or "no sign"
            for parts in mails
            if not verdict_of(parts).signs
        )
        print("missed, with signs of: " + ", ".join(f"{one} {count}" for one, count in missed.items()) + "\n")
    if flagged:
        for path, parts in zip(files, mails, strict=True):
            codes = [sign.code for sign in verdict_of(parts).signs]
            if codes:
                print(f"  flagged: {path.parent.name}/{path.name}: {', '.join(codes)}")


if __name__ == "__main__":
    main()
