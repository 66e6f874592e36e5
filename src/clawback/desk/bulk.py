"""Many cases at once: one per folder or archive, sealed as it arrives, read one case after the other."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from clawback.desk.heap import display_name
from clawback.desk.intake import seal_answers
from clawback.desk.livecase import LiveCase
from clawback.desk.overview import NOTE
from clawback.desk.workplace import Workplace
from clawback.errors import CaseLocked

MOST_CASES = 200
_LONGEST_NOTE = 200
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".7z", ".rar")


def group_of(raw: bytes) -> str:
    """The case that a file belongs to, by the path that a browser gives it.

    A chosen folder comes first in each path: the folders in it are the cases. An archive beside them is a
    case of its own. What else lies there makes one case by the name of the chosen folder, or "" without.
    """
    parts = [part for part in display_name(raw).replace("\\", "/").split("/") if part]
    if len(parts) > 2:
        return parts[1]
    if parts and parts[-1].lower().endswith(_ARCHIVES):
        return parts[-1]
    return parts[0] if len(parts) == 2 else ""


class Arrivals:
    """Cases made while files arrive. Not for several threads at once."""

    def __init__(self, workplace: Workplace, jurisdiction: str, lang: str) -> None:
        self._workplace = workplace
        self._place = jurisdiction
        self._lang = lang
        self.cases: dict[str, LiveCase] = {}
        """By group, in order of arrival."""

    def case_of(self, raw: bytes) -> LiveCase:
        """The case for a file, begun when its first file comes; the group is kept as the helper's reference.

        More than MOST_CASES groups go into the last case rather than nowhere.
        """
        group = group_of(raw)
        if group not in self.cases and len(self.cases) >= MOST_CASES:
            group = next(reversed(self.cases))
        if group not in self.cases:
            case = self.cases[group] = self._workplace.begin(self._place, self._lang)
            if group:
                note, now = group[:_LONGEST_NOTE], case.clock()
                case.change(lambda folder, secret: seal_answers(folder, {NOTE: note}, now, secret))
        return self.cases[group]

    def read(self) -> None:
        """Read what has arrived, in the background, one case after the other."""
        cases = tuple(self.cases.values())
        threading.Thread(target=_read, args=(cases,), name="reading many", daemon=True).start()


def _read(cases: Sequence[LiveCase]) -> None:
    for case in cases:
        try:
            case.start_reading()
        except CaseLocked:
            continue  # somebody locked it meanwhile; it is read when it is opened
        case.wait_until_read()
