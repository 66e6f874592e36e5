"""How long a case stays open, and how often a passphrase may be tried; by a clock that a test turns."""

from __future__ import annotations

import pytest

from clawback.desk.locking import CALL_SECONDS, IDLE_SECONDS, MOST_TRIES, WITHIN_SECONDS, Idle, Tries
from clawback.errors import CaseLocked


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_idle_for_three_minutes_and_for_thirty_during_a_call() -> None:
    assert (IDLE_SECONDS, CALL_SECONDS) == (180, 1800)
    clock = Clock()
    idle = Idle(clock)
    clock.seconds += 179.5
    assert (idle.over, idle.seconds_left) == (False, 0)
    clock.seconds += 0.5
    assert idle.over
    idle.renew(CALL_SECONDS)
    clock.seconds += 1799
    assert (idle.over, idle.seconds_left) == (False, 1)


def test_ten_wrong_ones_in_a_quarter_of_an_hour_and_no_more() -> None:
    clock = Clock()
    tries = Tries(clock)
    for _ in range(MOST_TRIES):
        tries.begin()
    with pytest.raises(CaseLocked) as refused:
        tries.begin()
    assert "16 分钟" in refused.value.zh
    clock.seconds += WITHIN_SECONDS - 1
    with pytest.raises(CaseLocked, match="Wait 1 min"):
        tries.begin()
    clock.seconds += 1
    tries.begin()


def test_a_right_one_starts_the_count_anew() -> None:
    tries = Tries(Clock())
    for _ in range(5):
        for _ in range(MOST_TRIES):
            tries.begin()
        tries.succeeded()
