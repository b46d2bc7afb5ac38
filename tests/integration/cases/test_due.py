"""When what is due to be deleted waits, and for what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casehub.cases import limits
from casehub.cases import services as cases_services
from casehub.cases import sweeping as case_rounds
from casehub.cases.models import Case
from casehub.cases.queries import keeping
from casehub.core.errors import Refused
from casehub.directory import services as directory
from casehub.directory.models import State, Stop
from casehub.edge.rounds import go_round
from tests.integration.cases.keepings import YEARS


@pytest.fixture
def case(region, ana, boris):
    return region.case(ana, boris)


def closed(case, by, now):
    cases_services.close_case(case=case, actor=by.actor, now=now)


class TestADeletionThatIsDue:
    def test_leaves_a_state_that_comes_back_three_days_to_hold_it(self, case, ana, now, region):
        closed(case, ana, now)
        by, back = region.person("MX", "ministry"), now + YEARS + timedelta(days=9)
        directory.stop_state(code="MX", reason="misuse", actor=by.actor, now=now)
        stop = Stop.objects.get(kind=Stop.Kind.STATE)
        with transaction.atomic():
            stop.audit_event_id = region.event(Stop)
            stop.ended_at = back
            stop.save()
        State.objects.filter(code="MX").update(stopped_at=None)
        assert case_rounds.sweep(back + timedelta(hours=71)) == 0
        assert case_rounds.sweep(back + limits.NOTICE) == 1

    def test_is_done_by_the_round_that_every_web_process_goes(self, case, ana, now):
        closed(case, ana, now)
        assert go_round(now + YEARS)
        assert Case.objects.get(id=case).erased_at == now + YEARS

    def test_of_one_case_that_fails_keeps_no_other_case_waiting(
        self, region, ana, boris, now, monkeypatch, caplog
    ):
        cases = [region.case(ana, boris) for _ in range(limits.ERASE_MOST + 1)]
        for one in cases:
            closed(one, ana, now)
        *failing, last = keeping.to_erase(now + YEARS)
        real = cases_services.erase_case

        def erase(*, case, now):
            if case in failing:
                raise DatabaseError("a row that cannot be deleted")
            return real(case=case, now=now)

        monkeypatch.setattr(cases_services, "erase_case", erase)
        assert case_rounds.sweep(now + YEARS) == 1
        assert Case.objects.get(id=last).erased_at == now + YEARS
        assert len(caplog.records) == len(failing)

    def test_is_tried_of_no_further_case_once_the_log_stands(
        self, region, ana, boris, now, monkeypatch, caplog
    ):
        for one in [region.case(ana, boris) for _ in range(3)]:
            closed(one, ana, now)
        tried = []

        def erase(*, case, now):
            tried.append(case)
            raise Refused("log-stalled")

        monkeypatch.setattr(cases_services, "erase_case", erase)
        assert case_rounds.sweep(now + YEARS) == 0
        assert (len(tried), len(caplog.records)) == (1, 1)

    def test_is_found_with_as_many_queries_for_many_cases_as_for_one(self, region, ana, boris, now):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                found = keeping.to_erase(now + YEARS)
            return len(found), len(asked)

        closed(region.case(ana, boris), ana, now)
        cases, one = queries()
        for case in [region.case(ana, boris) for _ in range(3)]:
            closed(case, ana, now)
        assert (cases, queries()) == (1, (4, one))
