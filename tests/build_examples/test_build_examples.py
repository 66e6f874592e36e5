"""The shipped heaps are what the script in the repository makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_DRAWN = {".png", ".jpg", ".pdf", ".eml", ".zip"}  # their bytes also depend on the versions of the libraries


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("player", "shopper")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_the_script_makes_the_shipped_heaps_again(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.build_examples", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)
    made, shipped = _files(tmp_path), _files(ROOT / "examples")
    assert sorted(made) == sorted(shipped)
    for name, data in shipped.items():
        if Path(name).suffix not in _DRAWN:
            assert made[name] == data, name


def test_the_shipped_heaps_stay_small_and_of_realistic_size() -> None:
    shipped = _files(ROOT / "examples")
    assert sum(map(len, shipped.values())) < 6_000_000
    for story in ("player", "shopper"):
        assert 15 <= sum(name.startswith(story) for name in shipped) <= 30
