"""Papers printed to be looked at, made when the person says so, and given out with what belongs to them.

What is made is the very print that was looked at. A paper made is never overwritten: its name carries the day
and a number, and its hash stands in the log.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
import unicodedata
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from weakref import WeakSet

from clawback.desk.custody import Custody
from clawback.desk.drafting import Drafted, draft_paper, exhibits_shown, form_of, hidden
from clawback.desk.drawing import Drawer, originals_of
from clawback.desk.filing import PAPERS, in_language, made_file
from clawback.desk.livecase import LiveCase
from clawback.desk.records import record_decisions, record_filings
from clawback.errors import CaseDamaged, TargetNotWritable, UsageError
from clawback.filings.assemble import assemble
from clawback.filings.forms import load_form
from clawback.filings.printed import page_picture, page_sizes
from clawback.filings.write import make_paper
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Exhibit
from clawback.store.records import Decision, FilingMade
from clawback.vault.folder import Vault

PICTURE_WIDTH = 1_240
"""Pixels across a page: 150 dots to the inch of A4."""

_KEPT_BYTES = 64 * 1024 * 1024
_KEPT_DRAFTS = 24
_CHUNK = 1024 * 1024
_TRUTH = "truth"
_MOST_PER_DAY = 10_000
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper as it is wanted: which form, in which language, with what masked besides."""

    form: str
    lang: str
    hide: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that passed the gate. `sizes`: width and height of each page in points. `files`: (kind, bytes).

    `missing`, `recipient`, `log_size`, `log_root`, `at`: what is written down with it when it is made.
    """

    file: CaseFile
    recipient: str
    missing: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    sizes: tuple[tuple[float, float], ...]

    @property
    def pages(self) -> int:
        """How many pages the PDF has."""
        return len(self.sizes)

    @property
    def pdf(self) -> bytes:
        """The PDF."""
        return dict(self.files)["pdf"]


@dataclass(frozen=True, slots=True)
class MadePaper:
    """A paper made before. `number`: its place among all, from 1. `files`: (kind, name, SHA-256).

    `replaced`: another one was written over its files later. `translated`: not in the language in which it is
    handed in. `confirmed_by`: the name typed under the statement of truth, "" for a paper made elsewhere.
    """

    number: int
    filing: FilingMade
    title: tuple[str, str]
    files: tuple[tuple[str, str, str], ...]
    replaced: bool
    translated: bool
    confirmed_by: str


_Key = tuple[str, str, date, Wanted]


class Press:
    """Prints papers one after another in a thread of its own and keeps the latest in memory, by the state of
    the case. Safe from several threads. What it keeps of a case goes when the case is locked."""

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._guard = threading.Lock()
        self._prints: OrderedDict[_Key, Future[Printed]] = OrderedDict()
        self._drafts: OrderedDict[_Key, Drafted] = OrderedDict()
        self._known: WeakSet[LiveCase] = WeakSet()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")

    def draft(self, case: LiveCase, wanted: Wanted) -> Drafted:
        """The paper as it would be made now, to be shown. Raises UsageError."""
        file = case.file()
        key = self._key(case, file, wanted)
        with self._guard:
            if key in self._drafts:
                self._drafts.move_to_end(key)
                return self._drafts[key]
        form = form_of(file, wanted.form)
        drafted = draft_paper(file, form, wanted.lang, hidden(form, wanted.hide))
        with self._guard:
            self._drafts[key] = drafted
            while len(self._drafts) > _KEPT_DRAFTS:
                self._drafts.popitem(last=False)
        return drafted

    def print(
        self, case: LiveCase, wanted: Wanted, wait_s: float, drawer: Drawer | None = None
    ) -> Printed | None:
        """The printed paper, or None if it takes longer than `wait_s`: ask again, it goes on meanwhile.

        `drawer`: draws the exhibits in it; None: one for this print alone. Raises as `make_paper`.
        """
        file = case.file()
        hidden(form_of(file, wanted.form), wanted.hide)
        key = self._key(case, file, wanted)
        with self._guard:
            future = self._prints.get(key)
            if future is None:
                folder, secret = case.folder, case.secret
                future = self._worker.submit(_print, file, wanted, folder, secret, drawer)
                self._prints[key] = future
            self._prints.move_to_end(key)
        try:
            printed = future.result(timeout=wait_s)
        except NotYet:
            return None
        except Exception:
            with self._guard:
                self._prints.pop(key, None)  # what could not be made is tried anew next time
            raise
        self._make_room()
        return printed

    def forget(self, case_id: str) -> None:
        """Drop everything of a case."""
        with self._guard:
            for key in [key for key in self._prints if key[0] == case_id]:
                self._prints.pop(key).cancel()
            for key in [key for key in self._drafts if key[0] == case_id]:
                del self._drafts[key]

    def _key(self, case: LiveCase, file: CaseFile, wanted: Wanted) -> _Key:
        with self._guard:
            if case not in self._known:
                self._known.add(case)
                case.when_shut(partial(self.forget, case.id))
        return case.id, file.log_root, file.now.date(), wanted

    def _make_room(self) -> None:
        with self._guard:
            done = [key for key, future in self._prints.items() if future.done() and not future.cancelled()]
            total = sum(_size(self._prints[key]) for key in done)
            for key in done[:-1]:
                if total <= self._kept_bytes:
                    break
                total -= _size(self._prints.pop(key))


def _size(future: Future[Printed]) -> int:
    return 0 if future.exception() else sum(len(data) for _, data in future.result().files)


def _print(
    file: CaseFile, wanted: Wanted, folder: Path, secret: str | None, drawer: Drawer | None
) -> Printed:
    form = load_form(file.case.jurisdiction, wanted.form)
    with nullcontext(drawer) if drawer else Drawer() as draws:
        originals = originals_of(folder, secret, draws)
        paper = make_paper(form, in_language(file, wanted.lang), wanted.lang, originals, hide=wanted.hide)
    sizes = page_sizes(paper.files[0][1])
    return Printed(file, form.recipient.say(wanted.lang), paper.draft.missing, paper.files, sizes)


def picture(printed: Printed, number: int, width: int = PICTURE_WIDTH) -> bytes:
    """A page (from 1) as PNG. Raises UsageError when there is no such page."""
    if not 1 <= number <= printed.pages:
        raise UsageError(f"There is no page {number}.", f"没有第 {number} 页。")
    return page_picture(printed.pdf, number, width)


# ------------------------------------------------------------------------------------------------- making


def make(case: LiveCase, wanted: Wanted, printed: Printed, name: str) -> int:
    """Write down the paper that was looked at, with the name typed under the statement of truth.

    Its number; that of the paper made before when it is the very same one (a button pressed twice).
    Raises TargetNotWritable, and as `record_filings`.
    """
    now = case.clock()
    digests = [hashlib.sha256(data).hexdigest() for _, data in printed.files]

    def work(folder: Path, secret: str | None) -> int:
        with Custody.open(folder, secret) as custody:
            filings, decisions = custody.store.filings(), custody.store.decisions()
        confirmed = any(one.kind == _TRUTH and one.subject == (wanted.form, digests[0]) for one in decisions)
        for number, before in enumerate(filings, start=1):
            same = [digest for _, digest in before.files] == digests
            if confirmed and same and _is_there(folder, before):
                return number
        stem = f"{wanted.form}_{wanted.lang}_{now:%Y-%m-%d}"
        files = _write_new(folder / PAPERS, stem, printed.files)
        filing = FilingMade(
            form=wanted.form,
            recipient=printed.recipient,
            files=files,
            log_size=printed.file.log_size,
            log_root=printed.file.log_root,
            at=now,
            missing=printed.missing,
        )
        record_filings(folder, (filing,), secret)
        record_decisions(folder, (Decision(_TRUTH, (wanted.form, files[0][1]), name, "user", now),), secret)
        return len(filings) + 1

    return case.change(work)


def _is_there(folder: Path, filing: FilingMade) -> bool:
    """Are its files still what was made?"""
    try:
        return all(
            hashlib.sha256((folder / PAPERS / name).read_bytes()).hexdigest() == digest
            for name, digest in filing.files
        )
    except OSError:
        return False


def _write_new(folder: Path, stem: str, files: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, str], ...]:
    """Write files under the first name of the day that nothing has yet; (name, SHA-256) of each."""
    try:
        folder.mkdir(exist_ok=True)
        for number in range(1, _MOST_PER_DAY):
            paths = [folder / f"{stem}_{number}.{kind}" for kind, _ in files]
            if any(path.exists() for path in paths):
                continue
            for path, (_, data) in zip(paths, files, strict=True):
                with path.open("xb") as opened:
                    opened.write(data)
            return tuple(
                (p.name, hashlib.sha256(d).hexdigest()) for p, (_, d) in zip(paths, files, strict=True)
            )
    except OSError as error:
        raise TargetNotWritable(f"{folder} cannot be written.", f"{folder} 写不进去。") from error
    raise TargetNotWritable("There are too many papers of one day.", "同一天的材料太多了。")


def papers_made(case: LiveCase) -> tuple[MadePaper, ...]:
    """Every paper made, the latest first."""
    records = case.records()
    names = {
        (one.subject[1]): one.value
        for one in records.decisions
        if one.kind == _TRUTH and len(one.subject) == 2
    }
    latest = {name: digest for filing in records.filings for name, digest in filing.files}
    made = []
    for number, filing in enumerate(records.filings, start=1):
        form = load_form(records.case.jurisdiction, filing.form)
        made.append(
            MadePaper(
                number=number,
                filing=filing,
                title=(form.title.zh, form.title.en),
                files=tuple((name.rpartition(".")[2], name, digest) for name, digest in filing.files),
                replaced=any(latest[name] != digest for name, digest in filing.files),
                translated=not filing.files[0][0].startswith(f"{filing.form}_{form.original}"),
                confirmed_by=next((names[digest] for _, digest in filing.files if digest in names), ""),
            )
        )
    return tuple(reversed(made))


def made_paper(case: LiveCase, number: int) -> MadePaper:
    """One of them. Raises UsageError."""
    found = next((one for one in papers_made(case) if one.number == number), None)
    if found is None:
        raise UsageError(f"There is no paper {number}.", f"没有第 {number} 份材料。")
    return found


def paper_file(case: LiveCase, paper: MadePaper, kind: str) -> tuple[str, bytes]:
    """Name and bytes of a file of a paper. Raises UsageError, CaseDamaged when it is not what was made."""
    for has, name, _ in paper.files:
        if has == kind:
            data = made_file(case.folder, (paper.filing,), paper.filing.form, name)
            if data is not None:
                return name, data
    raise UsageError(f"There is no {kind} of this paper.", f"这份材料没有 {kind}。")


# ------------------------------------------------------------------------------------- with its originals


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    sha256: str
    chunks: Callable[[], Iterator[bytes]]


def bundle(case: LiveCase, paper: MadePaper) -> Iterator[bytes]:
    """The paper, the originals of its exhibits under their numbers, and a list of hashes, as a ZIP in pieces.

    Every original is checked while it is given out; one that is not what was sealed breaks the stream off,
    before the list of hashes. Raises UsageError, and CaseDamaged before the first piece for the paper itself.
    """
    members = [_of_paper(case, paper, kind) for kind, _, _ in paper.files]
    members += _of_exhibits(case, _exhibits_of(case, paper))
    listed = "".join(f"{member.sha256} *{member.name}\n" for member in members)
    about = {
        "form": paper.filing.form,
        "made_at": paper.filing.at.isoformat(),
        "log_root": paper.filing.log_root,
        "log_size": paper.filing.log_size,
    }
    texts = (("SHA256SUMS.txt", listed), ("paper.json", json.dumps(about, indent=1) + "\n"))
    return _zipped([*members, *(_of_text(name, text) for name, text in texts)])


def exhibits_with(case: LiveCase, paper: MadePaper) -> tuple[int, int]:
    """How many originals go with a paper, and how many bytes they are."""
    found = _exhibits_of(case, paper)
    return len(found), sum(exhibit.size for exhibit in found)


def _exhibits_of(case: LiveCase, paper: MadePaper) -> tuple[Exhibit, ...]:
    """The exhibits that the paper names: those sealed before it was made; none that holds a helper's note."""
    file = case.file()
    form = load_form(file.case.jurisdiction, paper.filing.form)
    slim = form.model_copy(
        update={"parts": tuple(part.model_copy(update={"contents": False}) for part in form.parts)}
    )
    named = set(exhibits_shown(assemble(slim, file, form.original)))
    named -= {source.exhibit for said in file.statements if said.private for source in said.sources}
    return tuple(e for e in file.exhibits if e.number in named and e.sealed_at <= paper.filing.at)


def _of_paper(case: LiveCase, paper: MadePaper, kind: str) -> _Member:
    name, data = paper_file(case, paper, kind)
    return _Member(name, hashlib.sha256(data).hexdigest(), lambda: iter((data,)))


def _of_text(name: str, text: str) -> _Member:
    data = text.encode("utf-8")
    return _Member(name, hashlib.sha256(data).hexdigest(), lambda: iter((data,)))


def _of_exhibits(case: LiveCase, exhibits: Iterable[Exhibit]) -> Iterator[_Member]:
    """The originals. Pieces may be asked for from different threads, so the records are left closed."""
    with Custody.open(case.folder, case.secret) as custody:
        stored = custody.store.blob_names()
    vault = Vault.open(case.folder, case.secret)
    for exhibit in exhibits:
        name = f"exhibits/{exhibit.number:03d}_{plain_name(exhibit.name)}"
        yield _Member(name, exhibit.sha256, partial(_checked, vault, exhibit, stored[exhibit.number]))


def _checked(vault: Vault, exhibit: Exhibit, stored: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with vault.original(stored) as original:
        while piece := original.read(_CHUNK):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != exhibit.sha256:
        raise CaseDamaged(
            f"exhibit {exhibit.number} is not what was sealed.", f"证据{exhibit.number}与封存时不一致。"
        )


def plain_name(name: str) -> str:
    """A file name that no system takes for a path, or for something it is not; at most 100 characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in base if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    stem, dot, ending = _NOT_IN_NAMES.sub("_", shown).strip(". ").rpartition(".")
    stem, ending = (stem, ending[:12]) if dot else (ending, "")
    return (stem[:80] or "file") + (f".{ending}" if ending else "")


class _Outlet(io.RawIOBase):
    """Takes what the archive writes, and gives it on in pieces."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What has come since the last time."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def _zipped(members: list[_Member]) -> Iterator[bytes]:
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            entry = zipfile.ZipInfo(member.name, (1980, 1, 1, 0, 0, 0))
            with archive.open(entry, "w", force_zip64=True) as opened:
                for piece in member.chunks():
                    opened.write(piece)
                    yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()
