"""Running a service: the role, one writer, a trace of every refusal, and races that are lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

import audit.services
from audit import queries as log
from casehub.accounts.events import SessionEnded
from casehub.cases.events import CaseOpened
from casehub.core import rates
from casehub.core.actor import Actor
from casehub.core.errors import DomainError, NotAllowed, NotVisible, Refused
from casehub.core.rates import RefusalCounter
from casehub.core.run import run
from casehub.directory.models import State

ACT = "cases.case.open"
ANA = Actor(
    id="ana", account="a", state="SV", roles=frozenset({"liaison"}), office="o", session="s"
)


def answering(*, actor, now, **given):
    return (actor.id, given)


def refusing(*, actor, now):
    raise Refused("owner-stays")


class TestRun:
    def test_hands_on_what_it_was_given_but_the_target(self, db, now, recorded):
        with recorded():
            answer = run(answering, act=ACT, actor=ANA, now=now, target="t", case=7)
        assert answer == ("ana", {"case": 7})

    def test_asks_the_table_before_the_service(self, db, now, recorded):
        def unreachable(**_):
            pytest.fail("called without the role")

        ministry = replace(ANA, roles=frozenset({"ministry"}))
        with recorded("core.act.refused"), pytest.raises(NotAllowed):
            run(unreachable, act=ACT, actor=ministry, now=now)

    def test_logs_who_was_refused_what_and_why(self, db, now):
        with pytest.raises(Refused):
            run(refusing, act=ACT, actor=ANA, now=now, target="some-case")
        (event,) = log.payloads_of("core.act.refused")
        assert (event["actor"], event["states"]) == ("ana", ["SV"])
        assert event["payload"] == {"act": ACT, "code": "owner-stays", "target": "some-case"}

    def test_counts_no_act_as_refused_that_only_waits_for_a_fresh_proof(self, db, now, recorded):
        def waiting(*, actor, now):
            raise Refused("step-up-needed")

        with recorded("core.proof.asked"), pytest.raises(Refused):
            run(waiting, act=ACT, actor=ANA, now=now, target="some-case")
        (event,) = log.payloads_of("core.proof.asked")
        assert (event["actor"], event["states"]) == ("ana", ["SV"])
        assert event["payload"] == {"act": ACT, "target": "some-case"}

    @pytest.mark.parametrize("typed", ["Juan denuncia", "a\x00b", "ñ", "x" * 65, "<b>"])
    def test_repeats_nothing_that_somebody_may_have_written(self, db, now, typed):
        with pytest.raises(Refused):
            run(refusing, act=ACT, actor=ANA, now=now, target=typed)
        (event,) = log.payloads_of("core.act.refused")
        assert event["payload"]["target"] == ""

    def test_promises_the_event_of_the_acts_row_and_no_other_that_falls_with_it(self, db, now):
        """A browser takes the promise of another kind for an act that was swapped."""

        @transaction.atomic
        def leaving(*, actor, now):
            ended = SessionEnded(states=(), account="a", session="s", reason="replaced")
            audit.services.record(ended, actor=actor.id, at=now)
            opened = CaseOpened(
                states=("SV",), case="c", reference="r", circle="o", retention="long"
            )
            return audit.services.record(opened, actor=actor.id, at=now)

        promised = []
        event = run(leaving, act=ACT, actor=ANA, now=now, promised=promised)
        assert [one.event for one in promised] == [event]

    def test_keeps_the_trace_although_the_act_is_undone(self, db, now, recorded):
        @transaction.atomic
        def half_done(*, actor, now):
            State.objects.create(code="ZZ", name_es="", name_en="", name_fr="", audit_event_id=1)
            raise NotVisible

        with recorded("core.act.refused"), pytest.raises(NotVisible):
            run(half_done, act=ACT, actor=ANA, now=now)
        assert not State.objects.exists()

    def test_leaves_no_trace_of_a_fault_of_ours(self, db, now, recorded):
        def broken(*, actor, now):
            raise ZeroDivisionError

        with recorded(), pytest.raises(ZeroDivisionError):
            run(broken, act=ACT, actor=ANA, now=now)


class TestLostRace:
    def test_is_run_again_and_sees_the_winner(self, db, now, recorded):
        tries = []

        def racing(*, actor, now):
            tries.append(1)
            if len(tries) == 1:
                raise IntegrityError
            return "the winner's"

        with recorded():
            assert run(racing, act=ACT, actor=ANA, now=now) == "the winner's"

    def test_is_run_again_once_only(self, db, now, recorded):
        def losing(*, actor, now):
            raise IntegrityError

        with recorded("core.act.refused"), pytest.raises(Refused, match="try-again"):
            run(losing, act=ACT, actor=ANA, now=now)

    def test_leaves_the_trace_of_what_the_second_look_refuses(self, db, now, recorded):
        tries = []

        def racing(*, actor, now):
            tries.append(1)
            raise IntegrityError if len(tries) == 1 else Refused("already-started")

        with recorded("core.act.refused"), pytest.raises(DomainError, match="already-started"):
            run(racing, act=ACT, actor=ANA, now=now)


class TestRefusalCounter:
    def test_writes_one_event_a_code_when_the_minute_is_over(self, db, now, recorded):
        counter = RefusalCounter()
        with recorded():
            for code in ("csrf", "csrf", "sign-in-needed"):
                counter.count(code, now)
            counter.flush(now)
        later = now.replace(minute=now.minute + 1)
        with recorded("core.callers.refused", "core.callers.refused"):
            counter.flush(later)
            counter.flush(later)
        counts = {e["payload"]["code"]: e["payload"]["count"] for e in events()}
        assert counts == {"csrf": 2, "sign-in-needed": 1}

    def test_writes_everything_at_shutdown(self, db, now, recorded):
        counter = RefusalCounter()
        counter.count("csrf", now)
        with recorded("core.callers.refused"):
            counter.flush(now, everything=True)

    def test_is_flushed_by_the_next_call_at_any_door(self, db, now, client, monkeypatch, recorded):
        counter = RefusalCounter()
        monkeypatch.setattr(rates, "refusals", counter)
        counter.count("csrf", now.replace(year=2025))
        with recorded("core.callers.refused"):
            client.get("/api/session")


def events():
    return log.payloads_of("core.callers.refused")
