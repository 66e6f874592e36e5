"""Lists of sites as training and measuring read them, and how they are split."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from clawback.guard.addresses import Address, read_address


def hosts_in(path: Path) -> list[str]:
    """Hosts or links of a text file, one a line, in its order; "#" begins a remark, hosts files with 0.0.0.0
    are read as well."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8", "replace").splitlines())
    return [line.removeprefix("0.0.0.0 ").removeprefix("*.").strip(".") for line in lines if line]


def sites_in(hosts: Iterable[str]) -> dict[str, Address]:
    """One address per site; what is no address is left out."""
    found: dict[str, Address] = {}
    for host in hosts:
        address = read_address(host)
        if address is not None and address.site is not None:
            found.setdefault(address.owner, address)
    return found


def held_back(site: str) -> bool:
    """One site in five, by its name, whatever list it is in: never learned from."""
    return _byte(site, "held back") % 5 == 0


def for_tuning(site: str) -> bool:
    """The half of the measured sites on which weights and thresholds may be chosen; the other half tests."""
    return _byte(site, "measured") % 2 == 0


def _byte(site: str, salt: str) -> int:
    return hashlib.blake2b(f"{salt}:{site}".encode(), digest_size=1).digest()[0]
