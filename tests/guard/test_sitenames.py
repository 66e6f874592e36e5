"""The learned model: safe to load, and shown in the letters that move it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clawback.guard.sitedata import brands, hosts, telling_words
from clawback.guard.sitenames import Model, features, leaning, read_model, shipped, telling_piece, write_model
from clawback.model.domains import SiteName

SITE = SiteName("", "gold-claim", "example", rented=False)


def test_features_are_pieces_of_two_to_five_letters_ending_and_shape() -> None:
    found = features("ab1", SiteName("", "ab1", "co.uk", rented=True))
    assert found == {
        *("^a", "ab", "b1", "1$", "^ab", "ab1", "b1$", "^ab1", "ab1$", "^ab1$"),
        *("~co.uk", "#rented1", "#hyphens0", "#digits1", "#length1"),
    }


def test_odds_are_the_sum_of_weights_each_counted_once() -> None:
    model = Model({"aa": 1.0, "~example": -0.5, "unused": 9.0}, base=0.25)
    assert leaning("aaaa", SiteName("", "aaaa", "example", rented=False), model) == 0.25 + 1.0 - 0.5


def test_the_letters_that_weigh_most_are_named() -> None:
    model = Model({"claim": 2.0, "gold": -1.0}, base=0.0)
    assert telling_piece("gold-claim", model) == "claim"
    assert telling_piece("garden", model) == ""


def test_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    model = Model({"ab": 1.5, "cd": -3.0, "微": 0.25}, base=-0.75)
    write_model(tmp_path / "m.npz", model)
    back = read_model(tmp_path / "m.npz")
    assert back.base == -0.75
    assert back.weights.keys() == model.weights.keys()
    for name, weight in model.weights.items():
        assert back.weights[name] == pytest.approx(weight, abs=1e-3)


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", features=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        read_model(tmp_path / "m.npz")


def test_the_shipped_weights_hold_no_whole_names() -> None:
    assert max(len(name.strip("^$")) for name in shipped().weights if name[0] not in "~#") <= 5


def test_the_shipped_weights_lean_the_right_way() -> None:
    assert leaning("dapps-wallet-fix", SITE) > 2
    assert leaning("gardening-club", SiteName("", "gardening-club", "co.uk", rented=False)) < 0


def test_names_hosts_and_words_are_lower_case_and_free_of_blanks() -> None:
    known = brands()
    every = [*known.by_name, *known.by_domain, *known.everywhere]
    for field in (*type(hosts()).model_fields, *type(telling_words()).model_fields):
        every += getattr(hosts(), field, ()) or getattr(telling_words(), field, ())
    for name in every:
        assert name == name.lower().strip()
        assert " " not in name
