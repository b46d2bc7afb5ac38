"""A byte that changes between hashing and signing, wherever it lies: nothing is signed."""

from __future__ import annotations

import pytest
from django.db import connection

from audit.models import SignedCheckpoint
from audit.sequencing import Untrustworthy
from tests.integration.audit.test_command import accounted_for

FLIPS = {
    "the stored root": (
        "UPDATE audit_log SET root = (SELECT leaf FROM audit_logentry LIMIT 1) WHERE name = 'acts'"
    ),
    "entry 1": (
        "UPDATE audit_logentry SET leaf = (SELECT root FROM audit_log WHERE name = 'acts')"
        " WHERE position = 1"
    ),
    "entry 2": (
        "UPDATE audit_auditevent SET leaf = (SELECT root FROM audit_log WHERE name = 'acts')"
        " WHERE id = (SELECT event_id FROM audit_logentry WHERE position = 2)"
    ),
}


def held(table, column):
    """Return a column of bytes, by id."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {table}")
        return {row: bytes(value) for row, value in cursor.fetchall()}


def literal(value):
    return f"X'{value.hex()}'" if connection.vendor == "sqlite" else f"'\\x{value.hex()}'"


class TestAFlip:
    @pytest.mark.parametrize("words", FLIPS)
    def test_between_hashing_and_signing_is_seen_and_nothing_is_anchored(self, bench, words):
        def passing(step):
            if step == "integrated":
                bench.tamper(FLIPS[words])

        bench.record(3)
        with pytest.raises(Untrustworthy, match=words):
            bench.sequencer(passing=passing).tick()
        assert not SignedCheckpoint.objects.exists()
        assert not list(bench.anchor_folder.glob("audit.*"))

    @pytest.mark.parametrize("words", FLIPS)
    def test_that_is_put_right_leaves_every_act_with_its_entry(self, bench, words):
        table, column = FLIPS[words].split(" ")[1], FLIPS[words].split(" ")[3]
        before = {}

        def passing(step):
            if step == "integrated" and not before:
                before.update(held(table, column))
                bench.tamper(FLIPS[words])

        bench.record(3)
        one = bench.sequencer(passing=passing)
        with pytest.raises(Untrustworthy, match=words):
            one.tick()
        one.close()
        for row, value in before.items():
            bench.tamper(f"UPDATE {table} SET {column} = {literal(value)} WHERE id = {row}")
        bench.signed(2)
        assert len(held("audit_logentry", "leaf")) == 5
        accounted_for()
