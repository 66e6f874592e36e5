"""Write `src/clawback/guard/issuers/cards_cn.txt` from bankcardinfo's table of card ranges (ISC).

    python tools/build_card_issuers.py --data DIR/bankcardinfo/cn_bins.csv

The table has the columns bin, card_length, bank, bank_code, card_type. One line a bank, kind and length;
nothing is corrected, only prefixes of three digits are left out: they are too short to name an issuer.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/clawback/guard/issuers/cards_cn.txt"
HEAD = """\
# First digits of payment cards issued in mainland China, and by Chinese banks elsewhere.
# From bankcardinfo 2.0.6 by navyxie, https://github.com/navyxie/bankcardinfo, ISC licence: see NOTICE.
# Changed: written as one line a bank, kind and length; prefixes under four digits left out.
# The age of the table is unknown and some banks have other names today.
# bank|kind|card length|prefixes
"""
_SHORTEST = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="bankcardinfo's cn_bins.csv")
    ranges: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    with parser.parse_args().data.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if len(row["bin"]) >= _SHORTEST:
                ranges[row["bank"], row["card_type"], row["card_length"]].add(row["bin"])
    lines = ("|".join((*key, " ".join(sorted(bins)))) for key, bins in sorted(ranges.items()))
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
