"""Searches are kept for their own session, for half an hour, and no more than two hundred."""

from __future__ import annotations

from clawback.web.searches import KEPT_SECONDS, Searches


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_words_are_found_again_by_their_id_and_session() -> None:
    searches = Searches()
    id = searches.keep("a", "王样本")
    assert searches.words("a", id) == "王样本"
    assert searches.words("b", id) is None
    assert "王" not in id


def test_they_are_let_go_half_an_hour_after_they_were_last_looked_at() -> None:
    clock = Clock()
    searches = Searches(clock)
    first, second = searches.keep("a", "one"), searches.keep("a", "two")
    clock.now = KEPT_SECONDS - 1
    assert searches.words("a", first) == "one"
    clock.now = KEPT_SECONDS + 1
    assert searches.words("a", second) is None
    assert searches.words("a", first) == "one"
    clock.now = 3 * KEPT_SECONDS
    assert searches.words("a", first) is None


def test_the_oldest_make_room() -> None:
    searches = Searches()
    ids = [searches.keep("a", str(number)) for number in range(201)]
    assert searches.words("a", ids[0]) is None
    assert searches.words("a", ids[1]) == "1"


def test_leaving_forgets_what_one_session_searched_for_and_nothing_else() -> None:
    searches = Searches()
    mine, other = searches.keep("a", "one"), searches.keep("b", "two")
    searches.forget("a")
    assert searches.words("a", mine) is None
    assert searches.words("b", other) == "two"
