"""The round of the clock goes on by itself, in every web process, with nobody connected."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.utils.module_loading import import_string

from audit.models import AuditEvent
from casehub.accounts.models import Session
from casehub.core.rates import refusals
from casehub.designations.models import Round
from casehub.directory import services as directory
from casehub.directory.models import State
from casehub.edge import rounds
from casehub.edge.rounds import Rounds, go_round

MINUTE = timedelta(minutes=1)


class TestARound:
    def test_ends_what_nobody_came_back_to(self, region, now):
        who = region.person("SV")
        region.session(who)
        assert go_round(now + timedelta(days=1))
        assert not Session.objects.filter(account=who.account, ended_at=None).exists()

    def test_warns_whoever_does_not_sign_in(self, region, now):
        who = region.person("SV")
        go_round(now + timedelta(days=46))
        warned = AuditEvent.objects.filter(kind="designations.quiet.warned", subject=who.person)
        assert warned.count() == 1

    def test_lifts_a_states_stop_that_nobody_confirmed(self, region, now):
        by = region.seat("SV").coordinator
        directory.stop_state(code="SV", reason="drill", actor=by.actor, now=now)
        go_round(now + timedelta(minutes=59))
        assert State.objects.get(code="SV").stopped_at == now
        go_round(now + timedelta(hours=1))
        assert State.objects.get(code="SV").stopped_at is None

    def test_is_one_processs_in_a_minute(self, region, now):
        assert go_round(now)
        assert not go_round(now + timedelta(seconds=30))
        assert go_round(now + MINUTE)
        assert Round.objects.count() == 1

    def test_writes_down_each_processs_refusals_whoevers_turn_it_is(self, region, now):
        counted = AuditEvent.objects.filter(kind="core.callers.refused")
        go_round(now + timedelta(seconds=30))
        refusals.count("sign-in-needed", now)
        assert not go_round(now + timedelta(seconds=70))
        assert counted.count() == 1


class TestAClockThatLeapt:
    """As of a machine that came up in another year; so the first round after an outage of weeks."""

    DAY = timedelta(days=1)

    @pytest.fixture
    def leapt(self, region, now):
        """A session, somebody who never signs in, and a round; then the clock 46 days ahead."""
        who = region.person("SV")
        region.session(who)
        go_round(now)
        return now + timedelta(days=46)

    @staticmethod
    def warned():
        return AuditEvent.objects.filter(kind="designations.quiet.warned").exists()

    def test_ends_no_term_for_a_day_and_says_so_once(self, leapt, caplog):
        assert go_round(leapt)
        assert go_round(leapt + MINUTE)
        assert go_round(leapt + self.DAY - MINUTE)
        assert not self.warned()
        told = [one for one in caplog.messages if "Look at this machine's clock" in one]
        assert len(told) == 1

    def test_is_believed_after_a_day_of_rounds(self, leapt):
        for hours in range(25):
            go_round(leapt + timedelta(hours=hours))
        assert self.warned()

    def test_begins_its_day_anew_when_it_is_put_right(self, leapt, now):
        go_round(leapt)
        assert go_round(now + MINUTE)
        assert Round.objects.get().leapt_at == now + MINUTE

    def test_ends_sessions_all_the_same(self, leapt):
        go_round(leapt)
        assert not Session.objects.filter(ended_at=None).exists()

    @pytest.mark.parametrize(
        "sweep", ["sweeping.sweep", "cases.sweep", "attachments.sweep", "requests.sweep_files"]
    )
    def test_destroys_nothing(self, leapt, monkeypatch, sweep):
        swept: list[object] = []
        where, name = sweep.split(".")
        monkeypatch.setattr(getattr(rounds, where), name, swept.append)
        go_round(leapt)
        assert swept == []
        go_round(leapt + self.DAY)
        assert swept == [leapt + self.DAY]


class TestTheThreadOfRounds:
    @pytest.fixture
    def going(self, monkeypatch):
        """Rounds that are counted, the first of which fails; stopped when the test ends."""
        seen: list[object] = []
        third = threading.Event()

        def one(at):
            seen.append(at)
            if len(seen) == 3:
                third.set()
            if len(seen) == 1:
                raise OSError

        monkeypatch.setattr(rounds, "go_round", one)
        thread = Rounds(lambda: len(seen), every=0.01)
        thread.start()
        yield seen, third
        thread.stop()

    def test_goes_on_after_one_that_failed(self, going):
        seen, third = going
        assert third.wait(10)
        assert seen[:3] == [0, 1, 2]

    def test_ends_when_the_process_does(self, monkeypatch):
        monkeypatch.setattr(rounds, "go_round", lambda _: None)
        thread = Rounds(lambda: None, every=60)
        thread.start()
        thread.stop()
        assert not thread._thread.is_alive()

    def test_is_started_by_the_one_way_to_serve(self):
        serve = import_string("casehub.edge.management.commands.serve.Rounds")
        assert serve is Rounds
        assert rounds.EVERY == 60
