"""A log of a test's own: keys, anchor and clock; and an operator with all rights who tampers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from audit import services
from audit.anchor import Anchor
from audit.events import ActRefused
from audit.queries import trees
from audit.sequencing import Sequencer
from audit.tlog.merkle import inclusion_path, leaf_hash, verify_inclusion
from casehub.directory.events import OfficeEntered
from tests import emptying

PAGE = b"<!doctype html><title>page</title>\n" * 40
MAIN = datetime(2026, 11, 24, 15, tzinfo=UTC)


class Bench:
    """What a test of the log works with."""

    def __init__(self, folder):
        self.anchor_folder = folder / "anchor"
        self.now = MAIN
        self.vendor = connection.vendor
        self._made = []

    def sequencer(self, anchor=None, passing=lambda _: None, policy=None):
        made = Sequencer(
            clock=lambda: self.now,
            anchor=Anchor(anchor or self.anchor_folder),
            passing=passing,
            policy=policy,
        )
        self._made.append(made)
        return made

    def record(self, count=1, *, directory=0, states=("SV", "MX")):
        """Record acts, and after them changes of the directory."""
        events = [
            *(
                ActRefused(states=states, act="a", code=f"code-{n}", target="t")
                for n in range(count)
            ),
            *(OfficeEntered(states=states, office=f"office-{n}") for n in range(directory)),
        ]
        with transaction.atomic():
            return services.record_many(events, actors=["ana"] * len(events), at=self.now)

    def signed(self, count=1, *, directory=0):
        """Record, sequence and sign, then end the sequencer."""
        ids = self.record(count, directory=directory)
        one = self.sequencer()
        one.tick()
        one.close()
        return ids

    def tamper(self, *statements):
        with emptying.lifted(connection), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def wait(self, minutes):
        """Let events have been queued earlier, by the database's clock, and placed ones as well."""
        earlier = {
            "sqlite": "STRFTIME('%Y-%m-%d %H:%M:%f', {column}, '-{minutes} minutes')",
            "postgresql": "{column} - INTERVAL '{minutes} minutes'",
        }[connection.vendor]
        self.tamper(
            *(
                f"UPDATE {table} SET {column} = {earlier.format(column=column, minutes=minutes)}"
                for table, column in (
                    ("audit_waiting", "since"), ("audit_logentry", "queued_at"),
                )
            )
        )  # fmt: skip
        services.look_again()

    def forget_everything(self):
        """Empty the database, as a restored backup would: keys and anchor stay."""
        tables = (
            "audit_waiting", "audit_concern", "audit_keychange", "audit_succession",
            "audit_logentry", "audit_tile",
            "audit_publishedcheckpoint", "audit_cosignature", "audit_submission",
            "audit_sighting", "audit_dispute", "audit_signedcheckpoint",
            "audit_log", "audit_auditevent",
        )  # fmt: skip
        self.tamper(*(f"DELETE FROM {table}" for table in tables))

    def end(self):
        for one in self._made:
            one.close()


@pytest.fixture
def bench(transactional_db, clock, settings, tmp_path):
    settings.SIGNING = settings.PROMISES = tmp_path / "keys"
    settings.ANCHOR = tmp_path / "anchor"
    made = Bench(tmp_path)
    yield made
    made.end()


@pytest.fixture
def going(bench, clock):
    """Both logs hold something; `pass_` lets time go by and what is recorded be signed."""

    def pass_(days=0, *, record=1):
        bench.now += timedelta(days=days)
        clock.move_to(bench.now, tick=False)
        bench.signed(record, directory=record)

    pass_()
    return pass_


@pytest.fixture
def page(settings, tmp_path):
    """A page that stands for the one that checks bundles, so that none has to be built."""
    settings.FRONTEND_DIST = tmp_path / "dist"
    settings.FRONTEND_DIST.mkdir()
    (settings.FRONTEND_DIST / "verify.html").write_bytes(PAGE)


def log_named(slug):
    found = trees.log_of(slug)
    assert found is not None
    return found


def checkpoint(slug):
    return trees.checkpoint_of(trees.newest_signed(log_named(slug)))


def proven(slug):
    """Check that every entry of the newest signed checkpoint is proven by the stored tiles."""
    log, signed = log_named(slug), checkpoint(slug)
    for position in range(signed.size):
        path = inclusion_path(position, signed.size, trees.node_of(log))
        leaf = leaf_hash(trees.entry(log, position))
        verify_inclusion(leaf, position, signed.size, path, signed.root)
    return signed.size


class Stop(Exception):
    """A test ends a step here."""


def stopping(at):
    """Return a `passing` that fails at one step, the first time only."""
    left = [at]

    def passing(step):
        if step in left:
            left.remove(step)
            raise Stop(step)

    return passing
