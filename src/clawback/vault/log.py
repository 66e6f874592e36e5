"""The append-only log: a Merkle tree as in RFC 6962, so that others' verifiers can check it.

A leaf holds no evidence and no personal data, because a leaf can never be taken back: only a salted
commitment to the content, which stands beside it with its salt and can be erased while the log still adds up.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import rfc8785

SALT_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of a log without lines (RFC 6962, 2.1)."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one leaf: prefix 0x00 (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees: prefix 0x01 (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A growing tree that keeps only the roots of its full subtrees: O(log n) memory."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._size = 0
        self._peaks: list[bytes] = []
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf (its bytes, not its hash)."""
        self.append_hash(leaf_hash(leaf))

    def copy(self) -> MerkleTree:
        """An independent tree with the same leaves, to try an append on."""
        twin = MerkleTree()
        twin._size, twin._peaks = self._size, list(self._peaks)
        return twin

    def append_hash(self, peak: bytes) -> None:
        """Add one leaf by its hash."""
        full = self._size
        while full & 1:
            peak = node_hash(self._peaks.pop(), peak)
            full >>= 1
        self._peaks.append(peak)
        self._size += 1

    def root(self) -> bytes:
        """32 bytes that fix every leaf and its place."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Root over leaf hashes."""
    tree = MerkleTree()
    for each in hashes:
        tree.append_hash(each)
    return tree.root()


def inclusion_proof(position: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962, 2.1.1: that the leaf at `position` is in the tree over leaf `hashes`.

    Raises ValueError when `position` is outside the tree.
    """
    if not 0 <= position < len(hashes):
        raise ValueError("no such leaf")
    if len(hashes) == 1:
        return []
    cut = _split(len(hashes))
    if position < cut:
        return [*inclusion_proof(position, hashes[:cut]), _root(hashes[cut:])]
    return [*inclusion_proof(position - cut, hashes[cut:]), _root(hashes[:cut])]


def consistency_proof(old_size: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962, 2.1.2: that the tree over `hashes` extends its first `old_size` leaves.

    Raises ValueError unless 0 < `old_size` <= number of hashes.
    """
    if not 0 < old_size <= len(hashes):
        raise ValueError("the older tree is not a part of this one")
    return _subproof(old_size, hashes, whole=True)


def _subproof(old_size: int, hashes: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old_size == len(hashes):
        return [] if whole else [_root(hashes)]
    cut = _split(len(hashes))
    if old_size <= cut:
        return [*_subproof(old_size, hashes[:cut], whole=whole), _root(hashes[cut:])]
    return [*_subproof(old_size - cut, hashes[cut:], whole=False), _root(hashes[:cut])]


def inclusion_holds(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Does `proof` show that the leaf hash `leaf` stands at `position` in the tree of `size` and `root`?

    The algorithm of RFC 9162, 2.1.3.2 (the same tree as RFC 6962).
    """
    if not 0 <= position < size:
        return False
    here, last, found = position, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(step, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, step)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Does `proof` show that the tree of `size` extends the tree of `old_size`? (RFC 9162, 2.1.4.2)"""
    if old_size == size:
        return not proof and old_root == root
    if not 0 < old_size < size:
        return False
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    here, last = old_size - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old_found = found = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old_found, found = node_hash(step, old_found), node_hash(step, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old_found == old_root and found == root


def _split(size: int) -> int:
    """The largest power of two below `size` (`size` at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    cut = _split(len(hashes))
    return node_hash(_root(hashes[:cut]), _root(hashes[cut:]))


@dataclass(frozen=True, slots=True)
class Entry:
    """A log line before it has a place. `leaf` is public for ever; `salt` and `content` can be erased."""

    leaf: bytes
    salt: bytes
    content: bytes


def canonical(value: object) -> bytes:
    """RFC 8785 canonical JSON."""
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # checked by the library itself


def commitment(salt: bytes, content: bytes) -> str:
    """Hex SHA-256 over salt and content; the salt keeps guessable content from being found by trying."""
    return hashlib.sha256(salt + content).hexdigest()


def make_entry(case_id: str, kind: str, at: datetime, actor: str, content: object) -> Entry:
    """A line that says: `actor` did `kind` at `at` (a claim of the local clock), committing to `content`."""
    salt, body = secrets.token_bytes(SALT_BYTES), canonical(content)
    leaf = {
        "actor": actor,
        "case": case_id,
        "commitment": commitment(salt, body),
        "kind": kind,
        "time": at.isoformat(),
    }
    return Entry(canonical(leaf), salt, body)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log in three lines (C2SP tlog-checkpoint, unsigned): origin, size, root in Base64."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines, each ended."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read three lines. Raises ValueError when they are anything else."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0] or not lines[1].isascii() or not lines[1].isdigit():
            raise ValueError("not a checkpoint")
        if len(lines[1]) > 15 or lines[1] != str(int(lines[1])):
            raise ValueError("not a size")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except binascii.Error as error:
            raise ValueError("not a root") from error
        if len(root) != hashlib.sha256().digest_size:
            raise ValueError("not a root")
        return cls(lines[0], int(lines[1]), root)
