"""`python -m tools.accuracy --data DIR`: measure, print, and write `docs/accuracy.md`."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
from pathlib import Path

from tools.accuracy.rows import Row
from tools.accuracy.table import tables, write_into

KINDS = ("payments", "chats", "mail", "screens", "indicators")
PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"


def measure_all(data: Path) -> list[Row]:
    """The rows of every kind that has both a module here and a folder in `data`."""
    rows: list[Row] = []
    for kind in KINDS:
        name = f"tools.accuracy.{kind}"
        if (data / kind).is_dir() and importlib.util.find_spec(name):
            rows += importlib.import_module(name).measure(data / kind)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.accuracy", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with payments/, chats/, mail/, screens/"
    )
    parser.add_argument("--print-only", action="store_true", help="leave docs/accuracy.md as it is")
    options = parser.parse_args()
    measured = tables(measure_all(options.data))
    print(measured)
    if not options.print_only:
        write_into(PAGE, measured)


if __name__ == "__main__":
    main()
