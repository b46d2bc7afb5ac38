"""What an operator with all rights, and all keys, does to a change of keys: it is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit import commitments, keyring
from audit.queries import trees
from audit.sequencing import Untrustworthy
from audit.tlog.errors import Unproven
from audit.tlog.note import Note
from tests.integration.audit.conftest import log_named
from tests.integration.audit.rotating import findings, rotated, stranger


class Scene:
    """A directory's log whose key has been followed by another, and what an operator then does."""

    def __init__(self, going, bench):
        self.going, self.bench = going, bench
        self.said = rotated("dir")
        going()
        self.old = keyring.key_of(self.said.old)
        self.new = keyring.key_of(self.said.new)
        self.log = log_named("dir")

    def sign_again(self, *signers):
        """Put a note signed by these in the place of the newest one."""
        checkpoint = trees.checkpoint_of(trees.newest_signed(self.log))
        note = checkpoint.signed(*signers)
        self.bench.tamper(
            f"UPDATE audit_signedcheckpoint SET note = '{note}'"
            f" WHERE log_id = {self.log.id} AND size = {checkpoint.size}"
        )


@pytest.fixture
def scene(going, bench):
    return Scene(going, bench)


class TestVerifying:
    def test_finds_nothing_where_nothing_was_done(self, scene):
        assert findings() == []

    def test_finds_a_key_that_signs_without_an_entry(self, scene):
        scene.sign_again(scene.old, scene.new, stranger("dir.localhost"))
        assert any("a key that no entry names" in words for words in findings())

    @pytest.mark.parametrize("which", ["old", "new"])
    def test_finds_a_note_that_not_both_have_signed(self, scene, which):
        scene.sign_again(getattr(scene, which))
        assert any("not signed by both keys" in words for words in findings())

    def test_finds_a_note_of_the_old_key_after_its_end(self, scene):
        scene.going(31)
        scene.sign_again(scene.old, scene.new)
        assert any("after its end" in words for words in findings())

    def test_finds_a_note_of_the_new_key_from_before_it_was_one(self, scene):
        scene.bench.tamper(
            "UPDATE audit_signedcheckpoint SET at = '2026-11-01 00:00:00+00:00'"
            f" WHERE log_id = {scene.log.id} AND size > 1"
        )
        assert any("before it was one" in words for words in findings())

    @pytest.mark.parametrize("signs", ["old", "new"])
    def test_finds_an_entry_without_both_signatures(self, scene, signs):
        text, lines = Note.parse(scene.said.note).text, Note.parse(scene.said.note).lines
        note = f"{text}\n{lines[signs == 'new']}"
        leaf = commitments.key_leaf(time=scene.said.start, note=note).hex()
        as_bytes = f"X'{leaf}'" if scene.bench.vendor == "sqlite" else f"decode('{leaf}', 'hex')"
        scene.bench.tamper(
            f"UPDATE audit_keychange SET note = '{note}', leaf = {as_bytes}",
            f"UPDATE audit_logentry SET leaf = {as_bytes} WHERE event_id IS NULL"
            f" AND log_id = {scene.log.id}",
        )
        assert any("is no change of keys" in words for words in findings())
        with pytest.raises((Untrustworthy, Unproven)):
            scene.bench.sequencer().load()

    def test_finds_a_change_that_was_taken_away(self, scene):
        scene.bench.tamper("DELETE FROM audit_keychange")
        assert any("no mark of the log itself" in words for words in findings())

    def test_finds_the_entry_of_another_change_than_was_kept(self, scene):
        scene.bench.tamper(
            "UPDATE audit_keychange SET entry_id = (SELECT MIN(id) FROM audit_logentry)"
        )
        assert findings()

    def test_finds_a_change_that_never_was_entered(self, scene):
        scene.bench.tamper("UPDATE audit_keychange SET entry_id = NULL")
        scene.bench.now += timedelta(minutes=11)
        assert findings()
