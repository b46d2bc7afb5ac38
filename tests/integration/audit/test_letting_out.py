"""What was signed and not let out, because of a crash or a full disk in between, is let out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import keyring
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
        one = begun_without_writing(bench)
        one.tick()
        assert proven("acts-2026") == 3


class TestASequencerThatFindsTheNextLogNotBegun:
    """The old year is closed and let out; then came a crash, or a full disk."""

    @pytest.fixture
    def between(self, bench):
        bench.signed(3)
        bench.now = datetime(2027, 1, 1, tzinfo=UTC)
        bench.record(2)
        with pytest.raises(Stop):
            bench.sequencer(passing=stopping("open")).tick()
        assert log_named("acts-2026").closed
        bench.end()
        return bench

    def test_begins_without_writing_and_goes_over_then(self, between):
        one = begun_without_writing(between)
        one.tick()
        assert [proven(slug) for slug in ("acts-2026", "acts-2027")] == [4, 3]

    def test_adds_nothing_to_the_old_one_where_the_new_key_is_missing(self, between, settings):
        settings.DEMO = False
        for file in settings.SIGNING.glob("*2027*"):
            file.unlink()
        with pytest.raises(keyring.NoKey, match="localhost/2027 has no key"):
            between.sequencer().tick()
        assert log_named("acts-2026").size == 4


def begun_without_writing(bench):
    one = bench.sequencer()
    with CaptureQueriesContext(connection) as asked:
        one.load()
    said = {query["sql"].split()[0] for query in asked}
    assert "SELECT" in said
    assert not said & {"INSERT", "UPDATE", "DELETE"}
    return one
