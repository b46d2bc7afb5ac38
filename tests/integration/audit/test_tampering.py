"""The table of manipulations: each is noticed by exactly those who can notice it."""

from __future__ import annotations

import random
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit import keyring
from audit.models import AuditEvent
from audit.queries import trees
from audit.sequencing import Untrustworthy
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.merkle import Frontier, inclusion_path, leaf_hash, verify_inclusion
from audit.tlog.policy import Policy
from audit.tlog.proof import Proof
from tests.integration.audit.conftest import log_named
from tests.integration.audit.tampering import ATTEMPTS


class Scene:
    """A signed log of 300 acts, of which an auditor keeps a checkpoint and a proof."""

    def __init__(self, bench, folder):
        self.bench, self.folder = bench, folder
        one = bench.sequencer()
        self.event = bench.record(200)[17]
        one.tick()
        log = log_named("acts-2026")
        self.kept = folder / "kept"
        self.kept.write_text(trees.newest_signed(log))
        head = trees.checkpoint_of(trees.newest_signed(log))
        path = inclusion_path(17, head.size, trees.node_of(log))
        self.leaf, self.path = trees.entry(log, 17), path
        bench.record(100)
        one.tick()
        one.close()
        (self.newest,) = bench.record(1)

    def sign_again(self, *, newest):
        """Rebuild the tree of what is left and sign it: the log's own key, a fresh anchor."""
        tables = (
            "audit_logentry", "audit_tile", "audit_signedcheckpoint", "audit_publishedcheckpoint",
            "audit_log",
        )  # fmt: skip
        self.bench.tamper(
            *(f"DELETE FROM {table}" for table in ("audit_waiting", *tables)),
            "INSERT INTO audit_waiting (event_id) SELECT id FROM audit_auditevent"
            f" WHERE id < {self.newest + newest}",
        )
        other = self.bench.sequencer(anchor=self.folder / "another")
        other.tick()
        other.close()

    def noticed(self):
        """Return who notices, and what the command says."""
        out = StringIO()
        found, words = set(), ""
        try:
            call_command("audit", "verify", stdout=out)
        except CommandError:
            found.add("verify")
            words = out.getvalue()
        if self._refuses_to_start():
            found.add("start")
        if self._auditor_differs():
            found.add("kept")
        if self._proof_differs():
            found.add("proof")
        return found, words

    def _refuses_to_start(self):
        one = self.bench.sequencer()
        try:
            one.load()
        except Untrustworthy:
            return True
        finally:
            one.close()
        return False

    def _leaves(self, size):
        """Return the leaf hashes that the log serves: an auditor rebuilds the tree from those."""
        log = log_named("acts-2026")
        return [leaf_hash(trees.entry(log, n) or b"") for n in range(min(size, log.size))]

    def _auditor_differs(self):
        kept = trees.checkpoint_of(self.kept.read_text())
        tree = Frontier()
        for leaf in self._leaves(kept.size):
            tree.append(leaf)
        return (tree.size, tree.root()) != (kept.size, kept.root)

    def _proof_differs(self):
        """Say whether the entry that the proof shows is another now."""
        kept = trees.checkpoint_of(self.kept.read_text())
        verify_inclusion(leaf_hash(self.leaf), 17, kept.size, self.path, kept.root)
        return trees.entry(log_named("acts-2026"), 17) != self.leaf


@pytest.fixture
def scene(bench, tmp_path):
    return Scene(bench, tmp_path)


class TestTampering:
    def test_is_not_suspected_where_there_is_none(self, scene):
        assert scene.noticed() == (set(), "")

    def test_is_not_suspected_in_a_lawful_erasure(self, scene):
        call_command(
            "audit", "erase", "acts-2026", "17", "--ground", "LED 16(2)", "--by", "op",
            stdout=StringIO(),
        )  # fmt: skip
        assert scene.noticed() == (set(), "")

    @pytest.mark.parametrize(("gone", "reported"), [("18", "18"), ("erasure", "17")])
    def test_is_noticed_beside_a_lawful_erasure(self, scene, gone, reported):
        """Another event goes without an erasure of its own; or the erasure goes, too."""
        erasing = {"ground": "LED 16(2)", "by": "op", "stdout": StringIO()}
        call_command("audit", "erase", "acts-2026", "17", **erasing)
        scene.bench.signed(0)
        erasure = AuditEvent.objects.get(kind="audit.event.erased").id
        row = {"18": scene.event + 1, "17": scene.event, "erasure": erasure}
        scene.bench.tamper(
            "UPDATE audit_auditevent SET kind = '', actor = '', subject = '', states = '',"
            f" salt = NULL, payload = NULL WHERE id = {row[gone]}"
        )
        found, words = scene.noticed()
        assert found == {"verify"}
        assert f"event {row[reported]} was erased, and no event says so" in words
        assert f"event {row[gone]} was erased, and no event says so" in words

    @pytest.mark.parametrize("days", [-300, 300])
    def test_is_noticed_in_a_new_event_of_another_date(self, scene, days):
        """It opens, its leaf is its own, its place is proven: only the date cannot be its own."""
        today = scene.bench.now
        scene.bench.now = today + timedelta(days=days)
        scene.bench.record(1)
        scene.bench.now = today
        scene.bench.signed(1)
        found, words = scene.noticed()
        assert found == {"verify"}
        assert "entry 301 says" in words

    def test_is_noticed_in_a_device_that_the_directory_does_not_know(self, scene):
        """Nobody changes what was: the event is written without its mark."""
        (event,) = scene.bench.record(0, directory=1)
        scene.bench.tamper(f"UPDATE audit_auditevent SET directory = (1 = 0) WHERE id = {event}")
        scene.bench.signed(0)
        found, words = scene.noticed()
        assert found == {"verify"}
        assert f"event {event} is not marked for the log of the directory" in words

    @pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
    def test_is_noticed_by_those_who_can(self, scene, attempt):
        scene.bench.tamper(
            *(s.format(event=scene.event, newest=scene.newest) for s in attempt.statements)
        )
        if attempt.resign:
            scene.sign_again(newest=attempt.resign == "all")
        found, words = scene.noticed()
        assert found == attempt.notices
        assert attempt.words in words


class TestAProofThatWasChanged:
    def test_is_refused_in_two_thousand_ways(self, bench):
        """Flip any bit, drop or double any byte: either the same proof, or refused."""
        bench.signed(300)
        log = log_named("acts-2026")
        note = trees.newest_signed(log)
        path = tuple(inclusion_path(123, 300, trees.node_of(log)))
        whole = str(Proof(123, path, note)).encode()
        policy = Policy(logs=[keyring.signing_key(log.origin).public], quorum="none")
        leaf = trees.entry(log, 123)
        assert Proof.parse(whole.decode()).verify(leaf, policy)
        chance = random.Random(20261125)
        for _ in range(2000):
            place, kind = chance.randrange(len(whole)), chance.randrange(3)
            flipped = bytes([whole[place] ^ 1 << chance.randrange(8)])
            middle = (flipped, b"", whole[place : place + 1] * 2)[kind]
            bent = whole[:place] + middle + whole[place + 1 :]
            with pytest.raises((Malformed, Unproven, UnicodeDecodeError)):
                Proof.parse(bent.decode()).verify(leaf, policy)

    def test_of_another_tree_of_the_same_log_does_not_fit(self, bench):
        bench.signed(3)
        log = log_named("acts-2026")
        key = keyring.signing_key(log.origin)
        forged = Checkpoint(log.origin, 3, bytes(32)).signed(key)
        path = tuple(inclusion_path(1, 3, trees.node_of(log)))
        policy = Policy(logs=[key.public], quorum="none")
        with pytest.raises(ValueError, match="not proven"):
            Proof(1, path, forged).verify(trees.entry(log, 1), policy)
