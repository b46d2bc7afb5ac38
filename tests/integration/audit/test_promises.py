"""Whoever does an act has the log's word for it at once, and a proof of its place soon after."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from audit import commitments, keyring, promises, services
from audit.models import AuditEvent, LogEntry
from audit.tlog.merkle import leaf_hash
from audit.tlog.policy import Policy
from audit.tlog.proof import Proof
from audit.tlog.text import from_b64, to_b64
from casehub.core.rates import buckets
from casehub.edge.signing import why_not_promise
from tests.integration.audit.conftest import *  # noqa: F403 - its fixtures


def promised(answer):
    """Return the promises in an answer's header, each checked against the log's key of promises."""
    found = []
    for one in answer.headers.get("CaseHub-Promise", "").split(", "):
        if one:
            event, origin, time, hash_, signature = one.split(" ")
            key = keyring.promise_key(origin).public
            raw = from_b64(signature)
            assert raw[:4] == key.id
            key.verify(promises.text_of(origin, hash_, int(time)), raw[4:])
            found.append((int(event), hash_))
    return found


def post(client, path, **body):
    buckets.clear()
    return client.post(f"/api{path}", data=body, content_type="application/json")


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def boris(region):
    return region.equipped("MX")


@pytest.fixture
def browser(region):
    def open_(who):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = region.session(who)
        return client

    return open_


def opened(client):
    return post(client, "/cases", client_id=str(uuid4()), states=["SV"])


def receipts(client, *events):
    return post(client, "/log/receipts", events=list(events)).json()


class TestAPromise:
    def test_comes_with_the_answer_to_an_act(self, bench, ana, browser):
        answer = opened(browser(ana))
        ((event, hash_),) = promised(answer)
        row = AuditEvent.objects.get(id=event)
        assert row.kind == "cases.case.opened"
        assert hash_ == to_b64(leaf_hash(bytes(row.leaf)))

    def test_does_not_come_with_a_listing_or_a_refusal(self, bench, ana, browser):
        mine = browser(ana)
        assert promised(mine.get("/api/cases")) == []
        assert promised(mine.get(f"/api/cases/{uuid4()}")) == []

    def test_is_signed_by_a_key_of_its_own(self, bench):
        origin = "audit.localhost/2026"
        assert keyring.promise_key(origin).name == "audit.localhost/2026/promise"
        assert (
            keyring.promise_key(origin).public.public != keyring.signing_key(origin).public.public
        )

    def test_is_left_out_where_this_machine_has_no_key_for_it(self, bench, settings, ana, browser):
        settings.DEMO = False
        assert promised(opened(browser(ana))) == []

    def test_is_left_out_where_half_of_its_key_was_brought_and_the_act_is_done(
        self, bench, settings, ana, browser, caplog
    ):
        settings.DEMO = False
        name = keyring.promise_name(keyring.origins(2026)["acts"])
        keyring.make_signing_key(name)
        (file,) = settings.PROMISES.glob("*promise*")
        file.write_text(file.read_text()[:40])
        answer = opened(browser(ana))
        assert answer.status_code == 200
        assert promised(answer) == []
        assert "nothing is promised" in caplog.text
        assert str(why_not_promise(bench.now)).startswith(f"{file} holds no signing key")

    def test_comes_once_somebody_has_brought_the_key(self, bench, settings):
        """No process has to start anew for it."""
        settings.DEMO = False
        origin = keyring.origins(2026)["acts"]
        assert keyring.promise_key(origin) is None
        made = keyring.make_signing_key(keyring.promise_name(origin))
        found = keyring.promise_key(origin)
        assert found is not None
        assert str(found.public) == str(made)


class TestAReceipt:
    def test_opens_ones_own_event_and_proves_its_place_once_it_is_published(
        self, bench, ana, browser
    ):
        mine = browser(ana)
        ((event, hash_),) = promised(opened(mine))
        (early,) = receipts(mine, event)
        assert (early["log"], early["proof"]) == ("", None)
        one = bench.sequencer()
        one.tick()
        (receipt,) = receipts(mine, event)
        leaf = from_b64(receipt["leaf"])
        assert to_b64(leaf_hash(leaf)) == hash_
        payload, salt = from_b64(receipt["payload"]), from_b64(receipt["salt"])
        assert json.loads(leaf)["c"] == to_b64(commitments.commitment_to(payload, salt))
        assert json.loads(payload)["actor"] == ana.person
        key = keyring.signing_key("audit.localhost/2026").public
        policy = Policy(logs=[key], quorum="none")
        proven = Proof.parse(receipt["proof"])
        assert proven.verify(leaf, policy).checkpoint.size == AuditEvent.objects.count()
        assert receipt["log"] == "acts-2026"

    def test_of_somebody_elses_event_is_answered_like_one_that_is_not_there(
        self, bench, ana, boris, browser
    ):
        ((event, _),) = promised(opened(browser(ana)))
        assert receipts(browser(boris), event, event + 1000) == []

    def test_of_an_event_that_was_erased_is_none(self, bench, ana, browser):
        mine = browser(ana)
        ((event, _),) = promised(opened(mine))
        one = bench.sequencer()
        one.tick()
        entry = LogEntry.objects.get(event_id=event)
        services.erase(
            origin=entry.log.origin,
            position=entry.position,
            ground="Art. 16 LED",
            actor="op",
            now=bench.now,
        )
        assert receipts(mine, event) == []  # whose it was is erased too

    def test_of_an_event_that_was_changed_is_the_leaf_alone(self, bench, ana, browser):
        mine = browser(ana)
        ((event, hash_),) = promised(opened(mine))
        blob = {"sqlite": "x'00'", "postgresql": "'\\x00'::bytea"}[connection.vendor]
        bench.tamper(f"UPDATE audit_auditevent SET payload = {blob} WHERE id = {event}")
        (receipt,) = receipts(mine, event)
        assert (receipt["payload"], receipt["salt"]) == (None, None)
        assert to_b64(leaf_hash(from_b64(receipt["leaf"]))) == hash_

    def test_is_asked_for_fifty_at_a_time(self, bench, ana, browser):
        assert post(browser(ana), "/log/receipts", events=list(range(51))).status_code == 400
