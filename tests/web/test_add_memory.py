"""Taking in a heap through the browser costs no memory that grows with the heap."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("how", [(), ("--encrypted",)])
def test_a_heap_of_400_mb_makes_the_server_grow_by_less_than_80_mb(how: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "benchmarks.browser_intake", "--gigabytes", "0.4", "--json", *how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert figures["sent_mb"] == 400
    assert figures["server_peak_mb"] < 500
    assert figures["server_peak_mb"] - figures["server_before_mb"] < 80
