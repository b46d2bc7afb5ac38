"""What was signed and not let out, because of a crash or a full disk in between, is let out."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import SignedCheckpoint
from audit.queries import trees
from tests.integration.audit.conftest import Stop, log_named, proven, stopping


class TestASequencerThatFindsMoreInTheAnchor:
    def test_lets_out_the_same_note(self, bench):
        bench.record(3)
        with pytest.raises(Stop):
            bench.sequencer(passing=stopping("anchored")).tick()
        assert trees.newest_signed(log_named("acts-2026")) is None
        anchored = (bench.anchor_folder / "audit.localhost%2F2026").read_text()
        bench.end()
        bench.record(2)
        bench.sequencer().tick()
        notes = SignedCheckpoint.objects.filter(log__name="acts").order_by("size")
        assert [note.size for note in notes] == [3, 5]
        assert notes[0].note == anchored

    def test_begins_without_writing(self, bench):
        """Where the disk is full, who serves and signs in one process starts all the same."""
        bench.record(3)
        with pytest.raises(Stop):
            bench.sequencer(passing=stopping("anchored")).tick()
        bench.end()
        one = bench.sequencer()
        with CaptureQueriesContext(connection) as asked:
            one.load()
        said = {query["sql"].split()[0] for query in asked}
        assert "SELECT" in said
        assert not said & {"INSERT", "UPDATE", "DELETE"}
        one.tick()
        assert proven("acts-2026") == 3
