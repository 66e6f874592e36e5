"""Which part of a host somebody registered, by the public suffix list that the library brings: offline."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import tldextract

# RFC 2606 and RFC 6761 names never resolve, so papers, tests and this project's examples use them.
_RESERVED = ("example", "test", "invalid", "onion")


@dataclass(frozen=True, slots=True)
class SiteName:
    """A host taken apart: `below` + `label` + `suffix` joined by dots.

    `label`: the one that somebody chose; `suffix`: the ending below which anybody can have a name, for
    registries ("co.uk") and, with `rented`, for hosts that give names away ("pages.dev").
    `below`: labels that the owner of `site` can set as they like, or "".
    """

    below: str
    label: str
    suffix: str
    rented: bool

    @property
    def site(self) -> str:
        """Label and suffix: whose page it is."""
        return f"{self.label}.{self.suffix}"


def site_name(host: str) -> SiteName | None:
    """`host` taken apart, in lower case, or None if it is an ending only, or has none that is known."""
    lower = host.lower().rstrip(".")
    head, _, ending = lower.rpartition(".")
    if ending in _RESERVED:
        below, _, label = head.rpartition(".")
        return SiteName(below, label, ending, rented=False) if label else None
    parts = _suffixes()(lower, include_psl_private_domains=True)
    if not (parts.domain and parts.suffix):
        return None
    return SiteName(parts.subdomain, parts.domain, parts.suffix, parts.is_private)


def registrable(host: str) -> str | None:
    """The part of `host` that somebody registered (shop.example.co.uk -> example.co.uk), lower case, or None
    if its ending is no public suffix. A name that a host gave away (a.pages.dev) belongs to the host here."""
    lower = host.lower().rstrip(".")
    labels = lower.split(".")
    if labels[-1] in _RESERVED:
        return ".".join(labels[-2:]) if len(labels) > 1 else None
    parts = _suffixes()(lower)
    return f"{parts.domain}.{parts.suffix}" if parts.domain and parts.suffix else None


@functools.cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
