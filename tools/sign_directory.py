"""Make a key, and sign the directory of genuine channels with it.

    python tools/sign_directory.py new-key FILE --holder "who keeps it"    prints the entry for trusted.yaml
    python tools/sign_directory.py sign --key FILE                         writes directory/signature.json
    python tools/sign_directory.py verify                                  says who signed what is there

The private key stays outside the repository. With --passphrase the key file is encrypted, and opened.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path

from clawback.errors import ClawbackError
from clawback.guard.directory import SHIPPED
from clawback.guard.signing import key_id, load_key, new_key, write_public
from clawback.guard.trusted import PURPOSE, prove_directory, sign_directory, trusted_keys

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> int:
    """Do what is asked; 0 if it was done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passphrase", action="store_true", help="ask for the passphrase of the key file")
    parts = parser.add_subparsers(dest="part", required=True)
    make = parts.add_parser("new-key")
    make.add_argument("file", type=Path)
    make.add_argument("--holder", required=True)
    sign = parts.add_parser("sign")
    sign.add_argument("--key", type=Path, required=True)
    parts.add_parser("verify")
    asked = parser.parse_args()
    passphrase = getpass.getpass() if asked.passphrase else None
    try:
        if asked.part == "new-key":
            _make(asked.file, asked.holder, passphrase)
        elif asked.part == "sign":
            sign_directory(SHIPPED, load_key(asked.key, passphrase), datetime.now(UTC))
        if asked.part != "new-key":
            proof = prove_directory(SHIPPED, trusted_keys())
            print(f"signed by {proof.holder} ({proof.key_id}) at {proof.signed_at:%Y-%m-%d %H:%M} UTC")
    except ClawbackError as error:
        print(error.en, file=sys.stderr)
        return error.exit_code
    return 0


def _make(file: Path, holder: str, passphrase: str | None) -> None:
    if REPOSITORY in file.resolve().parents:
        raise SystemExit("A private key does not belong into the repository: choose another folder.")
    key = new_key()
    key.save(file, passphrase)
    print(f"{key_id(key.public)}:")
    print(f'  public: "{write_public(key.public)}"')
    print(f'  holder: "{holder}"')
    print(f"  purposes: [{PURPOSE}]")
    print(f"  since: {datetime.now(UTC).date()}")


if __name__ == "__main__":
    sys.exit(main())
