"""Spans: what a collector is told of an act, as OpenTelemetry has it; of whom it is not told."""

from __future__ import annotations

import logging
import sys
from contextlib import nullcontext
from dataclasses import replace

import httpx
import pytest
from django.core.management.base import CommandError
from django.db import connection

from audit.models import Log
from casehub.core import metrics, traces
from casehub.core.errors import NotAllowed
from casehub.edge.tracing import traced
from tests.collector import Collector, facts
from tests.servers.casehub_server import CaseHub


@pytest.fixture
def collector():
    made = Collector()
    yield made
    made.close()


@pytest.fixture
def told(collector, settings):
    """Trace what a test does, all of it, and hand over what was told once it is done."""
    settings.TRACES, settings.TRACES_SHARE = collector.url, 100

    def during(work):
        with traced("web"):
            work()
        return collector

    return during


def act(error=None):
    def work():
        with metrics.timed("cases.case.open"):
            if error is not None:
                raise error

    return work


class TestASpan:
    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (None, {"casehub.outcome": "done"}),
            (
                NotAllowed("not-allowed"),
                {"casehub.outcome": "refused", "casehub.code": "not-allowed"},
            ),
            (ZeroDivisionError("Fiscal Inventada"), {"casehub.outcome": "failed"}),
        ],
    )
    def test_of_an_act_has_its_name_and_what_became_of_it(self, told, error, said):
        def work():
            with pytest.raises(type(error)) if error else nullcontext():
                act(error)()

        found = told(work).named("cases.case.open")
        assert facts(found) == said

    def test_repeats_nothing_of_what_an_error_says(self, told):
        def work():
            with pytest.raises(ZeroDivisionError):
                act(ZeroDivisionError("Fiscal Inventada"))()

        found = told(work)
        assert list(found.named("cases.case.open").events) == []
        assert not any(b"Inventada" in body for body in found.bodies)

    @pytest.mark.django_db
    def test_counts_what_was_asked_of_the_database_and_repeats_none_of_it(self, told):
        def work():
            with traces.span("outside"):
                list(Log.objects.filter(origin="canario.example"))
                with traces.span("inside"):
                    list(Log.objects.filter(origin="canario.example"))
                    list(Log.objects.filter(origin="canario.example"))

        found = told(work)
        inside, outside = facts(found.named("inside")), facts(found.named("outside"))
        assert (inside["db.queries"], outside["db.queries"]) == (2, 3)
        assert outside["db.seconds"] >= inside["db.seconds"] > 0
        assert not any(b"canario" in body or b"SELECT" in body for body in found.bodies)

    def test_stands_under_the_one_around_it(self, told):
        def work():
            with traces.span("outside"):
                act()()

        found = told(work)
        inside, outside = found.named("cases.case.open"), found.named("outside")
        assert (inside.trace_id, inside.parent_span_id) == (outside.trace_id, outside.span_id)

    def test_names_the_process_by_its_work_alone(self, told):
        (asked,) = told(act()).asked()
        (resource,) = asked.resource_spans
        assert facts(resource.resource) == {"service.name": "casehub-web"}

    def test_goes_where_the_variable_says(self, told):
        assert told(act()).paths == ["/v1/traces"]


class TestAnAnswer:
    @pytest.mark.django_db
    def test_is_told_by_its_act_method_and_status_and_by_no_address(self, told, client):
        found = told(lambda: client.get("/api/cases?canario=1", REMOTE_ADDR="192.0.2.77"))
        span = found.named("cases.list")
        assert facts(span)["http.request.method"] == "GET"
        assert facts(span)["http.response.status_code"] == 401
        assert not any(b"192.0.2.77" in body or b"canario" in body for body in found.bodies)

    @pytest.mark.django_db
    def test_takes_up_no_trace_that_a_caller_names(self, told, client):
        named = "0af7651916cd43dd8448eb211c80319c"
        found = told(
            lambda: client.get(
                "/api/cases", headers={"traceparent": f"00-{named}-b7ad6b7169203331-01"}
            )
        )
        assert found.named("cases.list").trace_id.hex() != named

    @pytest.mark.django_db
    def test_of_no_act_is_told_by_no_path(self, told, client):
        found = told(lambda: client.get("/canario"))
        assert [span.name for span in found.spans()] == ["page"]
        assert not any(b"canario" in body for body in found.bodies)


class TestTheSequencersSteps:
    def test_are_told_as_they_come_until_the_signature_is_out(self, told):
        def work():
            passing = traces.steps("log", last="let out")
            for step in ("integrate", "placed", "let out", "integrate", "let out"):
                passing(step)

        first, second = told(work).spans()
        assert [one.name for one in first.events] == ["integrate", "placed", "let out"]
        assert [one.name for one in second.events] == ["integrate", "let out"]
        assert first.name == "log"

    def test_that_a_failure_cut_off_end_with_the_next_beginning(self, told):
        def work():
            passing = traces.steps("log", last="let out")
            for step in ("integrate", "placed", "integrate", "let out"):
                passing(step)

        cut, whole = told(work).spans()
        assert [one.name for one in cut.events] == ["integrate", "placed"]
        assert [one.name for one in whole.events] == ["integrate", "let out"]


class TestWhereNobodyIsTold:
    def test_nothing_is_made(self):
        with traces.span("cases.case.open") as found:
            found.say(outcome="done")
        assert not traces.on()

    def test_nothing_is_asked_of_the_library(self, settings, monkeypatch):
        monkeypatch.setitem(sys.modules, "opentelemetry", None)
        settings.TRACES = ""
        with traced("web"):
            act()()

    def test_it_is_said_by_name_that_the_library_is_not_installed(self, settings, monkeypatch):
        settings.TRACES = "http://127.0.0.1:4318/v1/traces"
        for name in list(sys.modules):
            if name.startswith("opentelemetry.exporter"):
                monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(CommandError, match=r"requirements/traces\.txt"), traced("web"):
            pass


class TestACollectorThatIsAway:
    def test_holds_up_neither_an_act_nor_the_end(self, settings, collector, caplog):
        collector.close()
        settings.TRACES, settings.TRACES_SHARE = collector.url, 100
        caplog.set_level(logging.CRITICAL, "opentelemetry")
        with traced("web"):
            act()()
        assert not traces.on()


class TestACollectorThatNeverAnswers:
    @pytest.fixture
    def collector(self):
        made = Collector(answers=False)
        yield made
        made.close()

    def test_keeps_no_process_that_stops_for_each_batch_that_waits(
        self, settings, collector, caplog
    ):
        settings.TRACES, settings.TRACES_SHARE = collector.url, 100
        caplog.set_level(logging.CRITICAL, "opentelemetry")
        with traced("web"):
            for _ in range(2000):  # four batches
                act()()
        assert 0 < len(collector.bodies) < 4


class TestAShare:
    def test_of_one_in_a_hundred_tells_few(self, settings, collector):
        settings.TRACES, settings.TRACES_SHARE = collector.url, 1
        with traced("web"):
            for _ in range(300):
                act()()
        assert len(collector.spans()) < 60

    def test_is_drawn_for_what_stands_under_it_too(self, settings, collector):
        settings.TRACES, settings.TRACES_SHARE = collector.url, 50
        with traced("web"):
            for _ in range(50):
                with traces.span("outside"):
                    act()()
        names = [span.name for span in collector.spans()]
        assert names.count("outside") == names.count("cases.case.open")


@pytest.mark.django_db
def test_a_database_that_was_counted_is_counted_no_more_afterwards(told):
    told(act())
    assert traces.counting not in connection.execute_wrappers


class TestARegion:
    def test_tells_its_collector_what_every_process_did_and_of_nobody(
        self, place, configuration, collector
    ):
        settings = {**place.settings, "CASEHUB_TRACES": collector.url}
        with CaseHub(replace(place, settings=settings), processes=configuration.processes) as here:
            for process in here.processes:
                query = f"{process.url}/api/session?canario"
                assert httpx.get(query, timeout=30).status_code == 200
        told = {facts(one.resource)["service.name"] for one in collector.resources()}
        sequencer = {"casehub-sequencer"} if place.name == "full" else set()
        assert told == {"casehub-web", *sequencer}
        names = [span.name for span in collector.spans()]
        assert names.count("accounts.session.read") == configuration.processes
        assert {"round", *({"log"} if sequencer else ())} <= set(names)
        for here in (b"127.0.0.1", b"localhost", b"canario", str(place.data).encode()):
            assert not any(here in body for body in collector.bodies)
