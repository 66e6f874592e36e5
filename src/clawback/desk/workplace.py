"""The folder that holds somebody's cases, each in a folder of its own with a name that says nothing."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from clawback.desk.custody import Custody
from clawback.desk.livecase import LiveCase
from clawback.desk.overview import Overview
from clawback.desk.rating import Handles
from clawback.desk.showing import Previews
from clawback.errors import CaseNotFound, TargetNotWritable
from clawback.vault.folder import Vault

_ID = re.compile(r"[0-9a-z]{6,40}")

PLACES = {"cn": ("zh", "Asia/Shanghai"), "gb": ("en", "Europe/London"), "xx": ("en", "Etc/UTC")}
"""Language and assumed time zone of each jurisdiction."""


def machine_clock() -> datetime:
    """Now, to the second, with this machine's offset."""
    return datetime.now(UTC).astimezone().replace(microsecond=0)


class Workplace:
    """Cases kept open by a door that stays. Safe to use from several threads.

    `home`: folder of the cases; made when the first case is. `clock`: what every case computes by.
    """

    def __init__(self, home: Path, clock: Callable[[], datetime] = machine_clock) -> None:
        self.home = home
        self.clock = clock
        self.previews = Previews()
        self.overview = Overview(self)
        self.handles = Handles()
        self._cases: dict[str, LiveCase] = {}
        self._adopted: dict[str, Path] = {}
        self._guard = threading.Lock()

    def ids(self) -> tuple[str, ...]:
        """Ids of all cases, newest first."""
        folders = {**{path.name: path for path in self._folders()}, **self._adopted}
        return tuple(sorted(folders, key=lambda id: folders[id].stat().st_mtime, reverse=True))

    def _folders(self) -> list[Path]:
        if not self.home.is_dir():
            return []
        return [path for path in self.home.iterdir() if _ID.fullmatch(path.name) and Vault.exists(path)]

    def case(self, id: str) -> LiveCase:
        """The case with this id. Raises CaseNotFound."""
        with self._guard:
            if id not in self._cases:
                folder = self._adopted.get(id, self.home / id)
                if not _ID.fullmatch(id) or not Vault.exists(folder):
                    raise CaseNotFound("There is no such case.", "没有这个案件。")
                self._cases[id] = LiveCase(id, folder, self.clock)
                self._cases[id].when_shut(partial(self.previews.forget, id))
                self._cases[id].when_shut(partial(self.overview.forget, id))
            return self._cases[id]

    def begin(self, jurisdiction: str, lang: str | None = None, passphrase: str | None = None) -> LiveCase:
        """Make an empty case; encrypted when a passphrase is given. Raises TargetNotWritable, UsageError."""
        id = secrets.token_hex(8)
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise TargetNotWritable(f"{self.home} cannot be made.", f"{self.home} 无法创建。") from error
        usual_lang, zone = PLACES[jurisdiction]
        made, _ = Custody.open_or_create(
            self.home / id, passphrase, jurisdiction, lang or usual_lang, zone, self.clock()
        )
        made.close()
        case = self.case(id)
        if passphrase is not None:
            case.unlock(passphrase)
        return case

    def adopt(self, folder: Path) -> LiveCase:
        """A case that lies elsewhere, under an id for this run. Raises CaseNotFound."""
        if not Vault.exists(folder):
            raise CaseNotFound(f"There is no case in {folder}.", f"“{folder}”里没有案件。")
        id = secrets.token_hex(8)
        self._adopted[id] = folder
        return self.case(id)

    def shut(self) -> None:
        """Lock every encrypted case."""
        for case in list(self._cases.values()):
            case.shut()

    def close(self) -> None:
        """Stop everything that runs in the background."""
        self.overview.close()
        for case in list(self._cases.values()):
            case.close()
        self.previews.close()
