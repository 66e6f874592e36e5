"""When an encrypted case locks itself, and how often a passphrase may be tried.

Time is measured by a clock that only runs forward, so that setting the machine's clock opens nothing.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from clawback.errors import CaseLocked

IDLE_SECONDS = 180
"""An encrypted case locks this long after the last thing a person did."""

CALL_SECONDS = 1800
"""The same while the emergency card is on the screen: its words are read out during a call."""

MOST_TRIES, WITHIN_SECONDS = 10, 900


class Idle:
    """How long nobody has done anything with an open case."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._until = clock() + IDLE_SECONDS

    def renew(self, seconds: int = IDLE_SECONDS) -> None:
        """Somebody was here: the case stays open for `seconds` more."""
        self._until = self.clock() + seconds

    @property
    def seconds_left(self) -> int:
        """Whole seconds until it is over."""
        return max(0, int(self._until - self.clock()))

    @property
    def over(self) -> bool:
        """Has nobody been here for too long?"""
        return self.clock() >= self._until


class Tries:
    """At most `MOST_TRIES` wrong passphrases in a quarter of an hour, whoever tries and by whatever way."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._wrong: deque[float] = deque()
        self._guard = threading.Lock()

    def begin(self) -> None:
        """Count a try before it is made, so that many at once do not slip by. Raises CaseLocked."""
        with self._guard:
            now = self.clock()
            while self._wrong and now - self._wrong[0] >= WITHIN_SECONDS:
                self._wrong.popleft()
            if len(self._wrong) >= MOST_TRIES:
                minutes = int((WITHIN_SECONDS - (now - self._wrong[0])) // 60) + 1
                raise CaseLocked(
                    f"Too many wrong passphrases. Wait {minutes} min, then try again. Nothing is lost.",
                    f"口令错了太多次，请等 {minutes} 分钟再试。案件没有丢。",
                )
            self._wrong.append(now)

    def succeeded(self) -> None:
        """The passphrase was right: start counting anew."""
        with self._guard:
            self._wrong.clear()
