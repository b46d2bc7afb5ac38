"""An auditor's bundle: their State's acts, recorded before it leaves, naming nobody else."""

from __future__ import annotations

import json

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.test import Client

from audit import services
from audit.events import ActRefused
from audit.models import AuditEvent
from audit.queries import payload_of, payloads_of
from casehub.core.rates import buckets
from casehub.core.storage import Cut
from casehub.directory.models import Person
from casehub.oversight import console
from casehub.oversight import services as oversight
from casehub.oversight.queries import discretion
from tests.integration.audit.bundling import codes, contents, lines_of
from tests.integration.audit.conftest import *  # noqa: F403 - its fixtures
from tests.integration.oversight.made import shown, wish_of

PATH = "/api/oversight/logs/acts-2026/bundle"


def fetch(cookie, **wishes):
    buckets.clear()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client.get(PATH, wishes)


def whole(answer):
    async def gathered():
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(gathered)()


@pytest.fixture
def liaison(region):
    return region.equipped("SV")


@pytest.fixture
def auditor(bench, page, region, liaison):
    """An auditor of a State in whose log somebody else's act, their own and a foreign one stand."""
    who = region.equipped("SV", "national-auditor")
    with transaction.atomic():
        for actor, states in ((liaison.id, ("SV",)), (who.id, ("SV",)), ("far", ("GT",))):
            event = ActRefused(states=states, act="a.b.c", code="no", target="t")
            services.record(event, actor=str(actor), at=bench.now)
    one = bench.sequencer()
    one.tick()
    one.close()
    return who


class TestAnAuditor:
    def test_carries_away_what_concerns_their_state(self, auditor, region):
        answer = fetch(region.session(auditor))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Content-Disposition"].startswith(
            'attachment; filename="acts-2026-SV-0-'
        )
        data = whole(answer)
        assert codes(data) == []
        lines = [json.loads(line) for line in lines_of(contents(data))]
        assert all("SV" in one["event"]["states"] for one in lines if one["is"] == "opened")
        assert b'"GT"' not in b"".join(contents(data).values())

    def test_learns_of_nobody_else_who_they_are(self, auditor, region):
        files = contents(whole(fetch(region.session(auditor))))
        lines = [json.loads(line) for line in lines_of(files)]
        refusals = [one for one in lines if one["is"] == "opened" and "core.act" in str(one)]
        assert [one["event"]["actor"] for one in refusals] == [str(auditor.id)]
        assert "closed" in [one["is"] for one in lines]
        text = b"".join(files.values()).decode()
        others = Person.objects.exclude(id=auditor.id)
        for ids in others.values_list("id", "account_id"):
            assert not any(str(one) in text for one in ids)

    def test_reads_the_acts_of_whom_they_were_allowed_to_know(self, auditor, liaison, region):
        wish = wish_of(region, liaison, asker=auditor)
        second = region.person("SV", "national-auditor")
        region.session(second)
        oversight.agree_to_unmasking(
            unmasking=wish,
            digest=shown(f"unmaskings/{wish}"),
            actor=second.actor,
            now=region.now,
        )
        files = contents(whole(fetch(region.session(auditor))))
        lines = [json.loads(line) for line in lines_of(files)]
        actors = {one["event"]["actor"] for one in lines if one["is"] == "opened"}
        assert {str(auditor.id), str(liaison.id)} <= actors

    @pytest.mark.parametrize(("quarter", "opens"), [("2026Q4", True), ("2026Q3", False)])
    def test_reads_them_in_the_quarter_that_was_asked_about(self, auditor, liaison, quarter, opens):
        says = discretion.naming_nobody_but(str(auditor.id), {(str(liaison.id), quarter)})
        own, theirs = (
            payload_of(AuditEvent.objects.get(actor=str(who.id), kind=ActRefused.kind).id)
            for who in (auditor, liaison)
        )
        assert (says(own), says(theirs)) == (True, opens)

    def test_is_in_the_log_before_the_first_byte(self, auditor, region):
        fetch(region.session(auditor), first=1)  # nothing of it is read
        (recorded,) = payloads_of("audit.bundle.exported")
        assert (recorded["actor"], recorded["payload"]["state"]) == (str(auditor.id), "SV")
        assert (recorded["payload"]["log"], recorded["payload"]["first"]) == (
            "audit.localhost/2026",
            1,
        )

    def test_chooses_by_time(self, auditor, region, bench):
        cookie = region.session(auditor)
        data = whole(fetch(cookie, since="2026-11-24T15:00:01", until="2099-01-01T00:00:00Z"))
        assert codes(data) == []
        assert lines_of(contents(data)) == []

    @pytest.mark.parametrize("wish", [{"first": 10**6}, {"first": 2, "last": 1}])
    def test_is_told_that_there_is_no_such_range(self, auditor, region, wish):
        answer = fetch(region.session(auditor), **wish)
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-export")
        assert payloads_of("audit.bundle.exported") == []

    def test_of_no_state_gets_nothing(self, auditor, region):
        regional = region.person("", "national-auditor")
        assert fetch(region.session(regional)).json()["code"] == "nothing-to-export"


class TestABundleInWhoseMidstTheDatabaseGoes:
    @pytest.fixture
    def going(self, monkeypatch):
        """Let a failure come after the first piece."""

        def go(failure):
            def pieces(_):
                yield b"PK"
                raise failure

            monkeypatch.setattr(console.exporting, "bundle", pieces)

        return go

    @pytest.mark.parametrize("failure", [OperationalError(), InterfaceError()])
    def test_is_cut_with_a_line_in_the_servers_log(self, auditor, region, going, caplog, failure):
        going(failure)
        answer = fetch(region.session(auditor))
        with pytest.raises(Cut):
            whole(answer)
        (line,) = (one for one in caplog.records if one.levelname == "ERROR")
        told = f"try-again: {type(failure).__name__}"
        assert (line.name, line.getMessage()) == ("casehub.storage", told)

    def test_falls_as_ever_for_whatever_else(self, auditor, region, going):
        going(KeyError())
        with pytest.raises(KeyError):
            whole(fetch(region.session(auditor)))


class TestAnybodyElse:
    @pytest.mark.parametrize("role", ["liaison", "coordinator", "regional-auditor"])
    def test_gets_no_bundle(self, auditor, region, role):
        other = region.person("" if role == "regional-auditor" else "SV", role)
        answer = fetch(region.session(other))
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
