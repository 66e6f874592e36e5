"""`python -m tools.build_examples [--font FONT] [--out DIR]`: write both heaps anew."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.build_examples import player, shopper
from tools.build_examples.drawing import FONT

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write `files` below `folder`; what lies there from an older story is removed."""
    wanted = {folder / name for name in files}
    for old in sorted(folder.rglob("*"), reverse=True):
        if old.is_file() and old not in wanted:
            old.unlink()
        elif old.is_dir() and not any(old.iterdir()):
            old.rmdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def main() -> None:
    """Write both heaps."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_examples", description=__doc__)
    parser.add_argument("--font", type=Path, default=FONT, help="a font with Chinese letters")
    parser.add_argument("--out", type=Path, default=ROOT / "examples", help="where shopper/ and player/ go")
    options = parser.parse_args()
    write(options.out / "shopper", shopper.files(options.font))
    write(options.out / "player", player.files(options.font))


if __name__ == "__main__":
    main()
