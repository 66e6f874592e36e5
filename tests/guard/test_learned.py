"""The learned part: bounded, honest about what it has not seen, and read without pickle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clawback.errors import ClawbackError
from clawback.guard.learned import BITS, SHIPPED, Model, model, places


def made(text_for: str, text_against: str) -> Model:
    """A model that knows two texts: every run of the first speaks for a scam, of the second against."""
    size = 1 << BITS
    weights, seen = np.zeros((size, 2), np.float32), np.zeros(size, np.bool_)
    for column, text in ((0, text_against), (1, text_for)):
        for runs in places(text):
            weights[runs, column] = 1
            seen[runs] = True
    return Model(("normal", "phishing"), weights, np.ones(size, np.float32), seen, np.zeros(2, np.float32))


def test_a_scam_it_knows_moves_it_within_bounds_and_an_honest_text_not_at_all() -> None:
    learned = made("请把验证码告诉我们的客服", "今天下午三点开会请准时参加")
    scam, honest = learned.opinion("请把验证码告诉我们的客服"), learned.opinion("今天下午三点开会请准时参加")
    assert scam.label == "phishing"
    assert honest.label == "normal"
    assert 0 < scam.log_odds <= 6
    assert honest.log_odds == 0


def test_of_a_kind_of_text_that_it_never_saw_it_has_no_opinion() -> None:
    opinion = made("请把验证码告诉我们的客服", "今天下午三点开会请准时参加").opinion(
        "一种完全不同的写法谁也没见过"
    )
    assert (opinion.log_odds, opinion.label) == (0.0, None)


def test_an_empty_text_is_no_scam() -> None:
    assert model().opinion("").log_odds == 0.0


def test_which_number_it_is_says_nothing() -> None:
    assert model().opinion("转账 1200 元") == model().opinion("转账 3400 元")


def test_without_the_words_that_moved_it_it_has_little_to_say() -> None:
    learned = made("请把验证码告诉我们的客服", "今天下午三点开会请准时参加")
    text = "请把验证码告诉我们的客服"
    left = list(text)
    for start, end in learned.moved_by(text):
        left[start:end] = " " * (end - start)
    assert learned.opinion(text).log_odds > 1
    assert learned.opinion("".join(left)).log_odds < 1


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    broken = tmp_path / "learned.npz"
    broken.write_bytes(SHIPPED.read_bytes()[:1000])
    with pytest.raises(ClawbackError):
        Model.load(broken)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "learned.npz", labels=np.array([print], dtype=object))
    with pytest.raises(ClawbackError):
        Model.load(tmp_path / "learned.npz")


def test_the_shipped_weights_are_small() -> None:
    assert SHIPPED.stat().st_size < 2_000_000
