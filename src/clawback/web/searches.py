"""What was searched for, kept here so that it stands in no address and so in no browser's history.

Names of people and numbers of accounts are what is searched for. The address of the results has a random id
that means nothing to anybody else and soon nothing at all.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

KEPT_SECONDS = 30 * 60
_MOST_KEPT = 200


class Searches:
    """Searches of all sessions, in memory only. Safe from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    def keep(self, session: str, words: str) -> str:
        """An id under which this session finds its words again for half an hour after it last looked."""
        id = secrets.token_urlsafe(8)
        with self._lock:
            self._let_go()
            self._kept[session, id] = (words, self._clock())
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return id

    def words(self, session: str, id: str) -> str | None:
        """What was searched for; None for an id that is not, or not any more, one of this session."""
        with self._lock:
            self._let_go()
            if (session, id) not in self._kept:
                return None
            words, _ = self._kept.pop((session, id))
            self._kept[session, id] = (words, self._clock())
            return words

    def forget(self, session: str) -> None:
        """Drop everything that a session searched for."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == session]:
                del self._kept[key]

    def _let_go(self) -> None:
        """Drop what nobody looked at for too long; the oldest stand first."""
        oldest = self._clock() - KEPT_SECONDS
        while self._kept and next(iter(self._kept.values()))[1] < oldest:
            self._kept.popitem(last=False)
