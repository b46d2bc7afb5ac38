"""The directory's log, opened: what everybody needs to replay it, and the server itself too."""

from __future__ import annotations

import json

import pytest

from audit import commitments
from audit.models import Log, LogEntry
from casehub.core.frames import from_b64u
from casehub.directory import queries, services
from casehub.directory.models import SignedStatement
from casehub.directory.queries import replaying
from casehub.directory.statements import ChainBroken, as_wire, parse
from tests.integration.audit.conftest import Bench


@pytest.fixture
def sequenced(transactional_db, region, settings, tmp_path):
    """Give everything that waits its place, when called."""
    settings.SIGNING = settings.PROMISES = tmp_path / "keys"
    settings.ANCHOR = tmp_path / "anchor"
    bench = Bench(tmp_path)

    def sequence():
        bench.now = region.now
        one = bench.sequencer()
        one.tick()
        one.close()

    yield sequence
    bench.end()


@pytest.fixture
def tampering(tmp_path):
    """Change rows as an operator with all rights does."""
    return Bench(tmp_path).tamper


@pytest.fixture
def ana(region):
    ana = region.person("SV")
    region.session(ana)
    return ana


def register(region, who):
    statement = region.naming(who)
    services.register_device(statement=as_wire(statement), actor=who.actor, now=region.now)
    return statement


class TestTheLogAsItIsRead:
    def test_opens_every_entry_so_that_it_fits_its_leaf(self, region, ana, sequenced):
        register(region, ana)
        sequenced()
        page = queries.log_page(0)
        log = Log.objects.get(name="dir")
        leaves = LogEntry.objects.filter(log=log).order_by("position")
        assert page["size"] == len(page["entries"]) == leaves.count()
        for leaf, entry in zip(leaves, page["entries"], strict=True):
            assert leaf.position == entry["index"]
            bound = commitments.commitment_to(
                from_b64u(entry["payload"], most=9999), from_b64u(entry["salt"], most=32)
            )
            assert json.loads(bytes(leaf.leaf))["c"] == commitments.to_b64(bound)

    def test_names_each_statement_by_its_digest_in_its_event(self, region, ana, sequenced):
        register(region, ana)
        sequenced()
        said = 0
        for entry in queries.log_page(0)["entries"]:
            if entry["statement"] is None:
                continue
            said += 1
            event = json.loads(from_b64u(entry["payload"], most=9999))
            assert event["payload"]["digest"] == parse(entry["statement"]).digest
        assert said == SignedStatement.objects.count()

    def test_comes_in_pages_without_a_gap(self, region, ana, sequenced, monkeypatch):
        sequenced()
        monkeypatch.setattr(replaying, "MOST", 3)
        size, seen = queries.log_page(0)["size"], []
        while len(seen) < size:
            seen += [entry["index"] for entry in queries.log_page(len(seen))["entries"]]
        assert seen == list(range(size))
        assert queries.log_page(size)["entries"] == []

    def test_is_empty_before_there_is_one(self, region):
        assert queries.log_page(0) == {"size": 0, "entries": []}

    def test_does_not_open_an_event_that_was_changed(self, region, ana, sequenced, tampering):
        sequenced()
        row = SignedStatement.objects.order_by("audit_event_id").first()
        place = LogEntry.objects.get(log__name="dir", event_id=row.audit_event_id).position
        tampering(f"UPDATE audit_auditevent SET payload = salt WHERE id = {row.audit_event_id}")
        opened = queries.log_page(place)["entries"][0]
        assert (opened["salt"], opened["payload"]) == (None, None)


class TestTheServersOwnReplay:
    def test_counts_an_act_before_it_has_a_place_and_the_same_after(self, region, ana, sequenced):
        statement = register(region, ana)
        serial = statement.fields["serial"]
        before = queries.chain().device(serial, now=region.now)
        sequenced()
        assert queries.chain().device(serial, now=region.now) == before
        assert queries.chain().refused == {}

    def test_is_never_stale(self, region, ana):
        serial = register(region, ana).fields["serial"]
        assert queries.chain().device(serial, now=region.now)
        stop = region.stopping(ana, by=region.seat("SV").officers[0])
        region.enter(stop)
        with pytest.raises(ChainBroken, match="chain-broken") as refused:
            queries.chain().device(serial, now=region.now)
        assert refused.value.why == "person-revoked"

    def test_is_kept_while_nothing_is_new(self, region, ana):
        assert queries.chain() is queries.chain()

    def test_takes_no_row_whose_bytes_are_not_what_its_name_says(self, region, ana):
        row = SignedStatement.objects.get(person=ana.person, type="binding")
        SignedStatement.objects.filter(digest=row.digest).update(
            digest="0" * 64, signatures=row.signatures
        )
        with pytest.raises(ChainBroken) as refused:
            queries.chain().person(ana.person, now=region.now)
        assert refused.value.why == "no-binding"

    def test_says_why_something_would_have_no_effect(self, region, ana):
        assert queries.why_not(region.naming(ana), now=region.now) is None
        by = region.seat("MX").coordinator.key
        assert queries.why_not(region.naming(ana, by=by), now=region.now) == "device-unsigned"
