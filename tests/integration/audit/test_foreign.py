"""Sigstore's verifier, none of it ours: it takes what the log hands out, and nothing bent."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.test import Client

from audit.tlog.merkle import leaf_hash
from audit.tlog.text import from_b64, to_b64
from tests.integration.audit.bundling import contents, exported, lines_of
from tests.integration.audit.conftest import log_named
from tests.integration.audit.test_command import audit
from tests.unit.audit.test_merkle import Naive

VERIFIER = Path(__file__).resolve().parents[3] / "frontend" / "tests" / "interop" / "sigstore.mjs"
SIZE = 300
ACCEPTED = "accepted"
SIGNATURE = "invalid checkpoint signature"
ROOT = "calculated root hash does not match inclusion proof"


@dataclass(frozen=True)
class Shown:
    """What somebody is shown: a key that they know, an entry, and a file that proves its place."""

    vkey: str
    entry: bytes
    proof: str

    @property
    def path(self):
        return self.proof.partition("\n\n")[0].split("\n")[2:]

    def other(self, before, after):
        """Return the same with another proof."""
        assert self.proof.count(before) == 1
        return replace(self, proof=self.proof.replace(before, after))


def judged(*shown):
    """Return what the other verifier says of each."""
    lines = [
        json.dumps({"vkey": one.vkey, "entry": to_b64(one.entry), "proof": one.proof})
        for one in shown
    ]
    told = subprocess.run(
        ["node", VERIFIER], input="\n".join(lines), capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in told.stdout.splitlines()]


def served(path):
    """Return a file of the log as anybody gets it."""
    answer = Client().get(f"/api/log/acts-2026/{path}")
    assert answer.status_code == 200
    return answer.content


def canonical(leaf):
    """Return a bundle's leaf as the entry that it is (RFC 8785; nothing but ASCII in it)."""
    return json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode()


def entries_in(bundle):
    """Return the entries of a tile: each behind its length in two bytes."""
    found = []
    while bundle:
        end = 2 + int.from_bytes(bundle[:2])
        found.append(bundle[2:end])
        bundle = bundle[end:]
    return found


@pytest.fixture
def log(bench):
    """More entries than a tile holds."""
    bench.signed(SIZE)
    return log_named("acts-2026")


def proof_of(log, index, path, checkpoint):
    head = ["c2sp.org/tlog-proof@v1", f"index {index}", *map(to_b64, path)]
    return "\n".join(head) + "\n\n" + checkpoint


class TestAnotherVerifier:
    def test_accepts_every_entry_by_what_the_server_gives_to_anybody(self, log):
        """Paths are made here from the leaves of the tiles, by the definition in RFC 6962."""
        checkpoint = served("checkpoint").decode()
        entries = entries_in(served("tile/entries/000") + served("tile/entries/001.p/44"))
        hashes = served("tile/0/000") + served("tile/0/001.p/44")
        leaves = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
        assert leaves == [leaf_hash(entry) for entry in entries]
        assert len(leaves) == SIZE
        tree = Naive(leaves)
        shown = [
            Shown(log.vkey, entry, proof_of(log, n, tree.path(n, 0, SIZE), checkpoint))
            for n, entry in enumerate(entries)
        ]
        assert judged(*shown) == [ACCEPTED] * SIZE

    def test_accepts_the_proof_files_that_the_command_prints(self, log):
        entries = entries_in(served("tile/entries/000"))
        shown = [
            Shown(log.vkey, entries[n], audit("prove", "acts-2026", n)) for n in (0, 1, 127, 255)
        ]
        assert judged(*shown) == [ACCEPTED] * 4

    def test_accepts_each_proof_in_a_bundle(self, log, page):
        lines = [json.loads(line) for line in lines_of(contents(exported(first=250, last=260)))]
        shown = [Shown(log.vkey, canonical(line["leaf"]), line["proof"]) for line in lines]
        assert judged(*shown) == [ACCEPTED] * 11

    def test_refuses_what_was_bent(self, log):
        entries = entries_in(served("tile/entries/000"))
        good = Shown(log.vkey, entries[17], audit("prove", "acts-2026", 17))
        checkpoint = good.proof.partition("\n\n")[2]
        origin, size, root, *_ = checkpoint.split("\n")
        signature = checkpoint.split(" ")[-1].strip()
        flipped = to_b64(bytes([*from_b64(signature)[:-1], from_b64(signature)[-1] ^ 1]))
        nothing = to_b64(bytes(32))
        bent = {
            "another entry": (replace(good, entry=entries[18]), ROOT),
            "a byte of the entry": (replace(good, entry=good.entry[:-1] + b"x"), ROOT),
            "another place": (good.other("index 17", "index 18"), ROOT),
            "a place after the end": (good.other("index 17", "index 300"), "invalid index: 300"),
            "a hash of the path": (good.other(good.path[3], nothing), ROOT),
            "a path too short": (good.other(f"{good.path[3]}\n", ""), "invalid hash count"),
            "a path in another order": (
                good.other("\n".join(good.path[:2]), "\n".join(good.path[1::-1])), ROOT,
            ),
            "another size": (good.other(f"\n{size}\n", "\n301\n"), SIGNATURE),
            "another root": (good.other(root, nothing), SIGNATURE),
            "another log": (good.other(f"\n\n{origin}\n", "\n\ndir.localhost\n"), SIGNATURE),
            "a signature": (good.other(signature, flipped), SIGNATURE),
            "another's key": (replace(good, vkey=log_named("dir").vkey), SIGNATURE),
        }  # fmt: skip
        told = judged(good, *(one for one, _ in bent.values()))
        assert told[0] == ACCEPTED
        assert dict(zip(bent, told[1:], strict=True)) == {n: why for n, (_, why) in bent.items()}

    def test_refuses_each_bit_of_a_path_that_is_another(self, log):
        (entry, *_) = entries_in(served("tile/entries/000"))
        good = Shown(log.vkey, entry, audit("prove", "acts-2026", 0))
        shown = [
            good.other(line, to_b64(hash_[:at] + bytes([hash_[at] ^ 1 << bit]) + hash_[at + 1 :]))
            for line in good.path
            for hash_ in (from_b64(line),)
            for at in range(32)
            for bit in range(8)
        ]
        assert judged(*shown) == [ROOT] * (len(good.path) * 256)
