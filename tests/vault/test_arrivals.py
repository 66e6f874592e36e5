"""Pieces of files on their way in: only what is whole and in order counts."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from clawback.errors import CaseDamaged, TargetNotWritable
from clawback.vault.arrivals import Arrivals
from clawback.vault.crypt import CaseKey


@pytest.fixture(params=[False, True], ids=["plain", "encrypted"])
def arrivals(request: pytest.FixtureRequest, tmp_path: Path) -> Arrivals:
    return Arrivals(tmp_path, CaseKey.generate() if request.param else None)


def test_pieces_come_back_in_order(arrivals: Arrivals) -> None:
    id = arrivals.begin(b"about it")
    arrivals.add(id, 0, b"abc")
    arrivals.add(id, 3, b"")
    arrivals.add(id, 3, b"defgh")
    assert arrivals.offset(id) == 8
    assert b"".join(arrivals.chunks(id)) == b"abcdefgh"
    assert arrivals.about(id) == b"about it"
    assert arrivals.ids() == (id,)


def test_what_comes_after_a_gap_does_not_count(arrivals: Arrivals) -> None:
    id = arrivals.begin(b"")
    arrivals.add(id, 0, b"abc")
    arrivals.add(id, 4, b"efg")
    assert arrivals.offset(id) == 3
    assert b"".join(arrivals.chunks(id)) == b"abc"


def test_of_two_pieces_at_one_place_the_longer_counts(arrivals: Arrivals) -> None:
    id = arrivals.begin(b"")
    arrivals.add(id, 0, b"abc")
    arrivals.add(id, 0, b"abcde")
    assert b"".join(arrivals.chunks(id)) == b"abcde"


def test_a_piece_cut_off_while_it_was_written_does_not_count(arrivals: Arrivals, tmp_path: Path) -> None:
    id = arrivals.begin(b"")
    (tmp_path / "uploads" / id / "0011223344556677.new").write_bytes(b"ab")
    assert arrivals.offset(id) == 0


def test_a_beginning_cut_off_has_not_begun(arrivals: Arrivals, tmp_path: Path) -> None:
    id = arrivals.begin(b"")
    (tmp_path / "uploads" / id / "about").unlink()
    assert arrivals.ids() == ()
    assert not arrivals.has(id)
    with pytest.raises(CaseDamaged):
        arrivals.about(id)


def test_a_changed_piece_is_damage(arrivals: Arrivals, tmp_path: Path) -> None:
    id = arrivals.begin(b"")
    arrivals.add(id, 0, b"abc")
    piece = tmp_path / "uploads" / id / "000000000000-000000000003"
    piece.write_bytes(piece.read_bytes()[:-1])
    with pytest.raises(CaseDamaged):
        list(arrivals.chunks(id))


def test_removing_cut_off_is_completed_and_what_is_idle_goes(arrivals: Arrivals, tmp_path: Path) -> None:
    idle, fresh, gone = (arrivals.begin(b"") for _ in range(3))
    (tmp_path / "uploads" / gone).rename(tmp_path / "uploads" / f"{gone}.gone")
    then = time.time() - 100
    os.utime(tmp_path / "uploads" / idle, (then, then))
    arrivals.sweep(time.time() - 50)
    assert arrivals.ids() == (fresh,)
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [fresh]
    arrivals.remove(fresh)
    arrivals.remove(fresh)
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize("id", ["", ".", "..", "0" * 23, "../uploads/" + "0" * 24, "0" * 24])
def test_an_id_never_given_holds_nothing(arrivals: Arrivals, id: str) -> None:
    assert not arrivals.has(id)
    assert arrivals.offset(id) == 0
    assert list(arrivals.chunks(id)) == []


def test_a_folder_that_cannot_be_written_is_named(arrivals: Arrivals, tmp_path: Path) -> None:
    (tmp_path / "uploads").write_bytes(b"in the way")
    with pytest.raises(TargetNotWritable):
        arrivals.begin(b"")
    assert arrivals.ids() == ()
