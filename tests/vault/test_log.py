"""The log is the tree of RFC 6962: checked against the public vectors of certificate transparency."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.vault.log import (
    EMPTY_ROOT,
    Checkpoint,
    MerkleTree,
    commitment,
    consistency_holds,
    consistency_proof,
    inclusion_holds,
    inclusion_proof,
    leaf_hash,
    make_entry,
    node_hash,
    root_of,
)

# The eight leaves and the roots of their first 1, 2, ... 8 that the certificate-transparency project tests
# its own implementations with (merkletree test data of google/certificate-transparency, public values).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert MerkleTree().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_public_vectors(size: int) -> None:
    assert MerkleTree(LEAVES[:size]).root() == ROOTS[size - 1]
    assert root_of(map(leaf_hash, LEAVES[:size])) == ROOTS[size - 1]


def test_the_inclusion_path_of_the_public_vectors() -> None:
    # leaf 6 (counted from 1) in the tree of 8
    assert [step.hex() for step in inclusion_proof(5, [leaf_hash(leaf) for leaf in LEAVES])] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_the_consistency_proof_of_the_public_vectors() -> None:
    # from 6 to 8 leaves
    assert [step.hex() for step in consistency_proof(6, [leaf_hash(leaf) for leaf in LEAVES])] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_leaf_cannot_pose_as_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"a") == sha256(b"\x00a").digest()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_every_leaf_has_a_proof_that_holds_for_it_alone(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    position = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = inclusion_proof(position, hashes), MerkleTree(leaves).root()
    assert inclusion_holds(hashes[position], position, len(leaves), proof, root)
    assert not inclusion_holds(leaf_hash(b"something else"), position, len(leaves), proof, root)
    assert not inclusion_holds(hashes[position], position, len(leaves), [*proof, root], root)
    assert not inclusion_holds(hashes[position], len(leaves), len(leaves), proof, root)
    if proof:
        assert not inclusion_holds(hashes[position], position, len(leaves), proof[:-1], root)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_every_older_state_is_consistent_with_the_newer_and_a_changed_one_is_not(
    leaves: list[bytes], data: st.DataObject
) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    size = data.draw(st.integers(1, len(leaves)))
    old, new = root_of(hashes[:size]), root_of(hashes)
    proof = consistency_proof(size, hashes)
    assert consistency_holds(size, old, len(hashes), new, proof)
    changed = root_of([*hashes[: size - 1], leaf_hash(b"a leaf that is not there")])
    assert not consistency_holds(size, changed, len(hashes), new, proof)
    assert not consistency_holds(size, old, len(hashes), new, [*proof, new])


@pytest.mark.parametrize(("position", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_proof_of_what_is_not_there_is_refused(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(position, [leaf_hash(b"x")] * size)
    with pytest.raises(ValueError, match="older tree"):
        consistency_proof(size + 1, [leaf_hash(b"x")] * size)


def test_a_leaf_tells_neither_the_content_nor_its_hash() -> None:
    at = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    entry = make_entry("0" * 32, "sealed", at, "local", {"name": "王小明.jpg", "number": 1})
    again = make_entry("0" * 32, "sealed", at, "local", {"name": "王小明.jpg", "number": 1})
    assert entry.content == '{"name":"王小明.jpg","number":1}'.encode()  # RFC 8785: sorted, no spaces
    assert entry.leaf != again.leaf  # the salt
    leaf = json.loads(entry.leaf)
    assert set(leaf) == {"actor", "case", "commitment", "kind", "time"}
    assert leaf["commitment"] == commitment(entry.salt, entry.content)
    assert leaf["commitment"] != sha256(entry.content).hexdigest()


def test_a_checkpoint_is_three_lines_and_comes_back() -> None:
    checkpoint = Checkpoint("clawback/case/00", 8, ROOTS[7])
    assert checkpoint.text() == "clawback/case/00\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n1\n", "a\n1\n!!!!\n", "a\n-1\nAAAA\n", "a\n01\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n",
        "\n1\n" + "A" * 43 + "=\n", "a\n1\n" + "A" * 43 + "=", "a\n1\n" + "A" * 43 + "=\nmore\n",
        "a\n" + "9" * 5000 + "\n" + "A" * 43 + "=\n", "a\n٣\n" + "A" * 43 + "=\n",
    ],
)  # fmt: skip
def test_anything_else_is_no_checkpoint(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Checkpoint.parse(text)
