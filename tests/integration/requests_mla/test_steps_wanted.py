"""That a request waits for somebody's step is told to them until it is done, and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casehub.cases.models import Case, Reader
from casehub.digests import queries as digests
from casehub.directory.models import Person
from requests_mla import queries
from requests_mla.models import Proposal, Request
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.consulting import answer, ask
from tests.integration.requests_mla.moving import USUAL, official

pytestmark = pytest.mark.django_db
SENT = ("authorise", "transmit")
RUNS = (*SENT, "acknowledge", "begin")
DRAFTERS = {"drafter", "signatory"}
#  what is done with what is ready, step by step, and for whom it waits then
LONG = [
    ("", {"signatory"}),
    ("authorise", {"home"}),
    ("transmit", {"abroad"}),
    ("acknowledge", set()),  # who acknowledged it goes on by themselves
    ("ask-information", {"home"}),
    ("give-information", {"abroad"}),
    ("begin", set()),
    ("ask-information", {"home"}),
    ("postpone", set()),
    ("resume", {"home"}),
    ("give-information", {"abroad"}),
    ("execute", DRAFTERS),  # the answer is there: to be read, and closed
    ("close", set()),
]
BACK = [
    ("authorise", {"home"}),
    ("transmit", {"abroad"}),
    ("acknowledge", set()),
    ("return", DRAFTERS),
    ("close", set()),
]


def wanted(who, at):
    return queries.steps_wanted(who.actor, now=at)


def counted(who, at):
    """Return how many acts the daily e-mail counts for somebody."""
    return digests.counts_for(Person.objects.get(id=who.person), at).hands


class TestARequest:
    @pytest.mark.parametrize("walk", [LONG, BACK], ids=["long", "back"])
    def test_is_told_to_whose_step_it_waits_for(self, region, led, people, boris, walk):
        others = [equipped(region, state, "coordinator") for state in ("SV", "MX")]
        others += [boris, official(region, "GT")]
        for who in others:
            region.session(who)
        for act, told in walk:
            found = led(*([act] if act else []))
            expected = {name: int(name in told) for name in people}
            assert {name: len(wanted(one, found.now)) for name, one in people.items()} == expected
            assert [counted(people[name], found.now) for name in told] == [1] * len(told)
            assert [wanted(one, found.now) for one in others] == [[]] * 4
            Case.objects.update(closed_at=found.now)  # where nothing moves
            assert [wanted(one, found.now) for one in people.values()] == [[]] * 4
            Case.objects.update(closed_at=None)
        assert [counted(one, found.now) for one in people.values()] == [0] * 4

    def test_that_needs_changes_is_its_drafters(self, draft, ana, bea):
        draft.take(ana)
        for stage in ("draft", "self_check", "needs_changes"):
            Request.objects.update(stage=stage)
            told = [one["stage"] for who in (ana, bea) for one in wanted(who, draft.now)]
            assert told == ([stage] * 2 if stage == "needs_changes" else [])

    def test_is_told_by_its_stage_its_urgency_and_since_when(
        self, led, mario, django_assert_num_queries
    ):
        sent = led(*SENT)
        Request.objects.update(disclosed=sent.row.disclosed | {"urgency": "danger_to_life"})
        with django_assert_num_queries(1):
            (told,) = wanted(mario, sent.now)
        between = {"requesting_state": "SV", "requested_state": "MX"}
        where = {"stage": "transmitted", "urgent": True, "at": sent.now}
        assert told == {"request": sent.request, **between, **where}

    def test_that_is_ready_waits_since_it_was_called_so(self, draft, ana, bea, now):
        minutes = [now + timedelta(minutes=minute) for minute in range(1, 4)]
        draft.take(ana)
        draft.save(ana)
        for at, is_ready in zip(minutes, (False, True, True), strict=True):
            draft.attest(ana, at=at, ready=is_ready)
        (told,) = wanted(bea, now)
        assert (told["stage"], told["at"]) == ("ready", minutes[1])

    def test_that_a_focal_point_wants_changed_waits_since_the_answer(
        self, region, ready, draft, ana, bea, now
    ):
        """Also where its signatory had asked for changes before."""
        focal = equipped(region, "MX")
        region.session(focal)
        for minute in (0, 2):
            at = now + timedelta(minutes=minute)
            draft.save(ana, at=at)
            draft.attest(ana, at=at)
            if not minute:
                then = at + timedelta(minutes=1)
                ready.move(bea, "ask-changes", at=then, **USUAL["ask-changes"])
        asked = ask(draft.id, ana, focal, now=at)
        answered = at + timedelta(minutes=1)
        answer(asked, focal, now=answered, outcome="with_changes")
        for who in (ana, bea):
            (told,) = wanted(who, answered)
            assert (told["stage"], told["at"]) == ("needs_changes", answered)

    def test_that_is_urgent_stands_first_then_what_waits_longest(self, opened, ana, bea, now):
        made = []
        for minutes, urgency in enumerate(("normal", "urgent", "normal")):
            one = opened(bea)
            one.take(ana)
            at = now + timedelta(minutes=minutes)
            one.save(ana, at=at, disclosed={"urgency": urgency})
            one.attest(ana, at=at, ready=True)
            made.append(one.id)
        assert [one["request"] for one in wanted(bea, now)] == [made[1], made[0], made[2]]

    def test_confirmed_in_writing_waits_for_nobody_more(self, led, people):
        Request.objects.update(disclosed=led().row.disclosed | {"urgency": "urgent"})
        led("authorise")
        led("transmit", channel="oral", agreed=True)
        led("acknowledge", "confirm")
        assert [len(wanted(one, led().now)) for one in people.values()] == [0] * 4

    def test_with_a_step_that_waits_for_its_second_hand_is_told_as_that(self, led, mario):
        found = led(*RUNS, "ask-information", "give-information")
        found.propose(mario.actor, found.signed(mario, "execute", **USUAL["execute"]))
        assert wanted(mario, found.now) == []
        found.decline(mario, "taken-back")
        assert len(wanted(mario, found.now)) == 1

    def test_with_a_step_that_another_one_left_behind_waits_again(self, led, people, mario):
        found = led(*RUNS)
        found.propose(mario.actor, found.signed(mario, "execute", **USUAL["execute"]))
        led("ask-information", "give-information")
        assert len(wanted(mario, found.now)) == 1

    def test_is_looked_for_in_as_few_questions_however_many_are_proposed(
        self, led, opened, ana, bea, mario, nadia, now
    ):
        def questions():
            with CaptureQueriesContext(connection) as asked:
                assert wanted(mario, now) == []
                assert len(queries.seconds_wanted(nadia.actor, now=now)) == Proposal.objects.count()
            return len(asked)

        found = led(*RUNS, "ask-information", "give-information")
        found.propose(mario.actor, found.signed(mario, "execute", **USUAL["execute"]))
        one = questions()
        other = opened(bea)
        other.take(ana)
        other.save(ana, disclosed={"measures": ["bank_records", "bank_records"]})
        other.attest(ana, ready=True)
        found.request = other.id
        led(*RUNS, "ask-information", "give-information")
        found.propose(mario.actor, found.signed(mario, "execute", **USUAL["execute"]))
        assert questions() == one


class TestNobodyElse:
    def test_is_told_who_wrote_what_is_to_be_authorised(self, region, draft, bea, now):
        region.session(bea)
        draft.take(bea)
        draft.save(bea)
        draft.attest(bea, ready=True)
        assert wanted(bea, now) == []

    def test_is_told_who_left_the_draft_or_the_post(self, led, bea, sofia, now):
        led()
        Reader.objects.filter(person_id=bea.id).update(until=now)
        assert wanted(bea, now) == []
        Reader.objects.filter(person_id=bea.id).update(until=None)
        led("authorise")
        assert len(wanted(sofia, now)) == 1
        assert not queries.steps_wanted(replace(sofia.actor, reads_until=now), now=now)

    def test_is_told_who_is_stopped(self, region, led, bea, sofia, browser, now):
        led("authorise")
        page = browser(sofia)
        assert [one["stage"] for one in page.get("/api/steps").json()] == ["authorised"]
        region.end(sofia, suspended_at=now)
        assert page.get("/api/steps").status_code in {401, 403}

    def test_stands_in_for_a_state_that_has_nobody_here(self, region, led, people, mario, now):
        """What it waits for there nobody here can do, until it is known that it was done."""
        led(*SENT)
        region.end(mario, removed_at=now)
        assert wanted(people["home"], now) == []
