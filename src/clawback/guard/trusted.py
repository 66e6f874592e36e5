"""Keys that come with the program, and the proof of who signed the directory.

`directory/signature.json` holds digests of the files, signed by a key of `trusted.yaml`. What is digested is
what the YAML says, not its bytes, so that a changed line ending or comment breaks nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import rfc8785
from pydantic import Field, TypeAdapter

from clawback.errors import SignatureRefused
from clawback.guard.directory import SHIPPED, Directory, load_directory, read_documents
from clawback.guard.signing import PrivateKey, Proof, PublicKey, read_public, read_signed, verify
from clawback.rules.pack import Record, Text
from clawback.rules.yaml_text import Document, read_yaml, refusal, typed

TRUSTED = SHIPPED.parent / "trusted.yaml"
SIGNATURE = "signature.json"
PURPOSE = "directory"


def sign_directory(folder: Path, key: PrivateKey, at: datetime) -> None:
    """Sign the files of `folder` as they are now. Raises RulePackError if they do not load."""
    load_directory.cache_clear()
    load_directory(folder)
    signed = key.sign({"files": _digests(read_documents(folder))}, PURPOSE, at)
    text = json.dumps(signed, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / SIGNATURE).write_text(text + "\n", encoding="utf-8")


def prove_directory(folder: Path, keys: Mapping[str, PublicKey], now: datetime | None = None) -> Proof:
    """Who signed the files of `folder` as they are now. `now`: as in `verify`.

    Raises SignatureRefused; its sentence names the files that differ from what was signed.
    """
    try:
        signed = read_signed((folder / SIGNATURE).read_bytes())
    except OSError as error:
        raise SignatureRefused("The directory is not signed.", "名录没有签名。", "unsigned") from error
    proof = verify(signed, PURPOSE, keys, now)
    found = _digests(read_documents(folder))
    named = signed.get("files")
    then = named if isinstance(named, dict) else {}
    differ = sorted(name for name in {*found, *then} if found.get(name) != then.get(name))
    if differ:
        raise SignatureRefused(
            f"The directory is not as it was signed: {', '.join(differ)}.",
            f"名录和签名对不上：{'、'.join(differ)}。",
            "changed",
        )
    return proof


class TrustedRecord(Record):
    """A pinned key. `public`: as `write_public` writes it; `holder`: who holds the private half."""

    public: Text
    holder: Text
    purposes: Annotated[tuple[Text, ...], Field(min_length=1)]
    since: date
    until: date | None = None
    revoked: Literal["no", "yes"] = "no"


@lru_cache(maxsize=4)
def trusted_keys(path: Path = TRUSTED) -> Mapping[str, PublicKey]:
    """The keys that come with the program, by id. Raises RulePackError for an id that is not its key's."""
    document = read_yaml(path, path.name)
    keys: dict[str, PublicKey] = {}
    for id, one in typed(document, TypeAdapter(dict[Text, TrustedRecord])).items():
        key = PublicKey(
            read_public(one.public),
            one.holder,
            frozenset(one.purposes),
            one.since,
            one.until,
            one.revoked == "yes",
        )
        if key.id != id:
            raise refusal(document.name, document.line_of((id,)), id, f"is not the id of its key: {key.id}")
        keys[id] = key
    return keys


@lru_cache(maxsize=1)
def shipped_proof() -> Proof:
    """Who signed the directory that comes with the program. Raises SignatureRefused, RulePackError."""
    return prove_directory(SHIPPED, trusted_keys())


@lru_cache(maxsize=1)
def proven_directory() -> Directory:
    """The directory that comes with the program, once its signature holds.

    Raises SignatureRefused when a file is not as it was signed, RulePackError.
    """
    shipped_proof()
    return load_directory()


def _digests(documents: Mapping[str, Document]) -> dict[str, str]:
    return {
        name: hashlib.sha256(rfc8785.dumps(document.tree)).hexdigest() for name, document in documents.items()
    }
