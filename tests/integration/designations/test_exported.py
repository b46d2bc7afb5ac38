"""Whatever the people of a State do: from the exported log alone every liaison's chain is whole."""

from __future__ import annotations

import io
import json
import random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from audit import commitments, keyring
from audit.bundles import form
from audit.models import AuditEvent
from casehub.designations.models import Designation
from casehub.directory import queries as directory
from casehub.directory.chain.proving import prove
from casehub.directory.management.bundled import read
from tests.integration.designations.test_properties import People, people_of
from tests.unit.audit.bundles import Log

FEW = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def exported():
    """
    Return the bytes of a bundle of the directory's log.

    What was done here is undone again, so no sequencer sees it: its entries are made and signed as
    one would, and the statements are those that an export takes along.
    """
    log = Log(random.Random(20261126), 0)
    secret = keyring.events_secret()
    for row in AuditEvent.objects.filter(directory=True).order_by("id"):
        salt, time = bytes(row.salt), int(row.at.timestamp())
        data = commitments.unseal(bytes(row.payload), salt=salt, secret=secret)
        body = json.loads(data)
        leaf = commitments.leaf_of(data, salt=salt, states=body["states"], time=time, secret=secret)
        log.held.append((leaf, (body, data), salt))
    log.sign()
    entries = [log.entry(index) for index in range(log.size)]
    digests = list(dict.fromkeys(filter(None, (form.named_in(one.event) for one in entries))))
    lines = directory.named_statements(digests)
    return log.whole(entries, b"".join(lines[digest] + b"\n" for digest in digests))


class Exporting(People):
    """The people of a State; what they did is exported before it is undone, and read elsewhere."""

    def teardown(self):
        try:
            self.every_active_liaison_has_her_whole_chain()
        finally:
            super().teardown()

    def every_active_liaison_has_her_whole_chain(self):
        bundled = read(io.BytesIO(exported()))
        assert bundled.verdict.findings == []
        proofs = prove(bundled.entries, roots=directory.roots(), now=self.life.now)
        active = {proof.person for proof in proofs if proof.active}
        assert [proof.missing for proof in proofs if proof.active] == [()] * len(active)
        rows = Designation.objects.filter(person__in=active)
        assert all(row.bound_at is not None for row in rows)
        bound = Designation.objects.filter(bound_at__isnull=False, until__gt=self.life.now)
        for row in bound:
            assert str(row.person) in active
            self.seen.add("exported")


class TestWhateverThePeopleOfAStateDo:
    @pytest.mark.timeout(300)
    def test_every_active_liaison_has_her_whole_chain_in_the_exported_log(self, life, clock):
        seen = set()
        scene = {"life": life, "clock": clock, "people": people_of(life), "seen": seen}
        run_state_machine_as_test(type("Here", (Exporting,), scene), settings=FEW)
        assert {"active", "exported"} <= seen
