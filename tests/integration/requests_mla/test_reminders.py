"""Whoever is to act on a request by a day has it among their deadlines, and is reminded: once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from casehub.cases.models import Case, Circle
from casehub.deadlines import queries as deadlines
from casehub.digests.queries import counts_for
from casehub.directory.models import Person
from casehub.edge.rounds import go_round
from requests_mla import limits, notify, queries, services, sweeping
from requests_mla.models import Move, Reminder, Request
from requests_mla.services import erasing
from tests.integration.leaning import misleading_rows
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.consulting import waiting_on
from tests.integration.requests_mla.moving import HASH, USUAL


def at(day, hour=18):
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def listed(who, now):
    found = deadlines.deadlines_of(who.actor, now=now)
    return [(one.kind, one.state) for one in found if one.request is not None]


@transaction.atomic
def copied(region, row):
    """Have another request that stands where this one does."""
    circle, move = Circle.objects.get(id=row.circle_id), row.moves.order_by("-number")[0]
    for one in (circle, row, move):
        one.pk = None if one is move else uuid4()
        one.client_id, one.audit_event_id = uuid4(), region.event(type(one))
        if one is row:
            row.circle = circle
        elif one is move:
            move.request = row
        one.save(force_insert=True)


@pytest.fixture
def rung(monkeypatch):
    """Who was rung for, each time."""
    heard = []
    monkeypatch.setattr(notify, "tell", lambda people, *_: heard.append({*map(str, people)}))
    return heard


@pytest.fixture
def waits(led):
    """A request of which information was asked, wanted by Tuesday 15 December."""
    return led("authorise", "transmit", "acknowledge", "ask-information")


class TestDaysOfARequest:
    def test_are_before_whoever_has_to_act_and_whoever_drafts(self, waits, people, region, now):
        outsider = equipped(region, "SV", "coordinator")
        for who, found in (
            (people["home"], ["request-answer"]),
            (people["drafter"], ["request-answer"]),
            (people["abroad"], []),
            (outsider, []),
        ):
            assert [kind for kind, _ in listed(who, now)] == found

    @pytest.mark.parametrize(
        ("acts", "said", "kind", "whose"),
        [
            (("postpone",), {}, "request-review", "abroad"),
            (("begin",), {"due": "2026-12-20"}, "request-execution", "abroad"),
        ],
    )
    def test_are_by_the_clocks_of_that_state(self, led, people, now, acts, said, kind, whose):
        led("authorise", "transmit", "acknowledge")
        led(*acts, **said)
        assert listed(people[whose], now) == [(kind, "MX")]
        assert not listed(people["home"], now)

    def test_of_what_left_by_word_are_the_sending_central_authoritys(self, led, people, now):
        Request.objects.update(disclosed={**Request.objects.get().disclosed, "urgency": "urgent"})
        led("authorise")
        led("transmit", channel="oral", agreed=True)
        assert listed(people["home"], now) == [("request-confirmation", "SV")]
        led("confirm")
        assert not listed(people["home"], now)

    def test_are_the_sending_central_authoritys_where_the_other_has_none_here(
        self, ready, people, region, now
    ):
        moved = {"abroad": people["abroad"]}
        Person.objects.filter(id=moved["abroad"].person).update(removed_at=now)
        ready.move(people["signatory"], "authorise")
        ready.move(people["home"], "transmit", **USUAL["transmit"])
        ready.move(people["home"], "acknowledge", proof=HASH)
        ready.move(people["home"], "postpone", proof=HASH, **USUAL["postpone"])
        assert listed(people["home"], now) == [("request-review", "MX")]

    def test_take_no_more_queries_however_many_requests_there_are(self, led, people, region):
        led("authorise", "transmit", "acknowledge", "postpone")

        def asked():
            with CaptureQueriesContext(connection) as found:
                queries.days_for(people["home"].actor)
            return len(found)

        before, row = asked(), Request.objects.get()
        for _ in range(2):
            copied(region, row)
        assert asked() == before

    @pytest.mark.parametrize(
        ("whose", "most"),
        [("drafter", 5), ("home", 5), ("abroad", 4)],  # the seats, the rows, what hangs on them
    )
    def test_are_those_of_the_whole_list_where_pages_ask_for_them_alone(
        self, led, people, now, whose, most
    ):
        """Every page of whoever is concerned asks, at each step that anybody makes."""
        led("authorise", "transmit", "acknowledge")
        led("begin", due="2026-12-20")
        actor = people[whose].actor
        every = deadlines.shapes_for(actor, now=now)
        with CaptureQueriesContext(connection) as asked:
            found = deadlines.shapes_of_requests(actor, now=now)
        assert found == [one for one in every if one["request"] or one["circle"]]
        assert bool(found) == (whose == "abroad")
        assert len(asked) <= most

    def test_stay_as_overdue_and_are_counted_by_the_e_mail(self, waits, people):
        person = Person.objects.get(id=people["home"].person)
        late = datetime(2026, 12, 20, tzinfo=UTC)
        (one,) = deadlines.shapes_for(people["home"].actor, now=late)
        assert (one["left"], one["last"].isoformat()) == (None, "2026-12-15")
        assert counts_for(person, late).deadlines == 1

    def test_are_no_more_in_a_closed_case(self, waits, people, now):
        Case.objects.update(closed_at=now)
        assert not listed(people["home"], now)
        assert not sweeping.sweep(at(14))

    def test_of_a_draft_are_its_drafters_alone(self, draft, ana, bea, sofia, boris, now):
        draft.take(ana)
        draft.save(ana, disclosed={"deadline": "2026-12-15"})
        for who in (ana, bea):
            assert listed(who, now) == [("request-deadline", "SV")]
        for who in (sofia, boris):
            assert not listed(who, now)


class TestAReminder:
    def test_is_given_seven_three_and_one_day_before_once_each(self, waits):
        days = [(day, sweeping.sweep(at(day)), sweeping.sweep(at(day))) for day in range(6, 18)]
        assert [day for day, first, _ in days if first] == [8, 11, 14]
        assert not any(second for *_, second in days)
        given = Reminder.objects.order_by("id").values_list("what", "last", "days")
        assert [(what, str(last), days) for what, last, days in given] == [
            ("request-answer", "2026-12-15", 7),
            ("request-answer", "2026-12-15", 3),
            ("request-answer", "2026-12-15", 1),
        ]

    def test_that_was_missed_is_not_given_after_the_next(self, waits):
        assert [sweeping.sweep(at(14)), sweeping.sweep(at(14))] == [1, 0]
        assert Reminder.objects.get().days == 1

    def test_rings_for_those_concerned_and_nobody_else(self, waits, people, rung):
        sweeping.sweep(at(14))
        assert rung == [{people[who].person for who in ("home", "drafter", "signatory")}]

    def test_is_in_the_log_with_codes_alone(self, waits):
        sweeping.sweep(at(14))
        (told,) = log.payloads_of("requests.reminder.given")
        assert told["payload"] == {
            "request": str(waits.request),
            "what": "request-answer",
            "on": "2026-12-15",
            "days": 1,
        }
        assert misleading_rows(0) == []

    def test_stands_beside_the_deadline(self, waits, people):
        sweeping.sweep(at(11))
        (one,) = deadlines.shapes_for(people["home"].actor, now=at(11))
        assert (one["reminded"], one["request"]) == (3, waits.request)

    def test_is_given_by_the_round_of_the_clock(self, waits, monkeypatch):
        assert go_round(at(14))
        assert Reminder.objects.count() == 1

    def test_of_what_was_done_meanwhile_is_none(self, waits, people):
        due = queries.to_remind(at(14))
        assert due == [(waits.request, "request-answer")]
        waits.move(people["home"], "give-information")
        assert services.remind_of_day(request_id=due[0][0], what=due[0][1], now=at(14)) is None

    def test_of_another_day_of_the_same_request_is_another(self, waits):
        sweeping.sweep(at(14))
        move = Move.objects.get(act="ask-information")
        Move.objects.filter(id=move.id).update(said={**move.said, "due": "2026-12-16"})
        assert [sweeping.sweep(at(15)), sweeping.sweep(at(15))] == [1, 0]

    def test_of_a_day_that_was_moved_away_and_back_comes_again(self, waits, people, region):
        sweeping.sweep(at(14))
        for who in ("home", "abroad"):
            region.session(people[who], now=at(14, 19))
        waits.move(people["home"], "give-information", at=at(14, 19))
        waits.move(people["abroad"], "ask-information", at=at(14, 19), due="2026-12-15")
        (one,) = deadlines.shapes_for(people["home"].actor, now=at(14, 20))
        assert one["reminded"] is None
        assert [sweeping.sweep(at(14, 21)), sweeping.sweep(at(14, 22))] == [1, 0]

    def test_of_what_one_has_just_sent_by_word_is_not_given_that_day(self, led, now):
        Request.objects.update(disclosed={**Request.objects.get().disclosed, "urgency": "urgent"})
        led("authorise")
        led("transmit", channel="oral", agreed=True)
        assert not sweeping.sweep(now + timedelta(minutes=1))
        assert sweeping.sweep(now + timedelta(days=1))

    def test_of_a_deadline_that_was_just_set_is_none_of_those_that_would_have_come_before(
        self, draft, ana
    ):
        """It is known since its version was saved, however long ago the request was begun."""
        Request.objects.update(opened_at=draft.now - timedelta(days=90))
        draft.now = at(9)
        draft.take(ana)
        draft.save(ana, disclosed={"deadline": "2026-12-15"})
        draft.save(ana, disclosed={"deadline": "2026-12-15"}, at=at(9) + timedelta(minutes=1))
        assert not sweeping.sweep(at(9, 20))
        assert Request.objects.get().deadline_at == at(9)

    def test_that_fails_keeps_none_that_come_after_it_waiting(self, monkeypatch):
        asked = []

        def one_fails(*, request_id, what, now):
            asked.append(request_id)
            if request_id == 0:
                raise DatabaseError
            return 7

        monkeypatch.setattr(limits, "REMIND_MOST", 2)
        monkeypatch.setattr(queries, "to_remind", lambda _: [(one, "x") for one in range(4)])
        monkeypatch.setattr(services, "remind_of_day", one_fails)
        assert sweeping.sweep(at(14)) == 2
        assert asked == [0, 1, 2]

    def test_goes_with_what_is_deleted(self, waits, now):
        sweeping.sweep(at(14))
        circle = Request.objects.get().circle_id
        erasing.erase(circles=[circle], now=now)
        assert not Reminder.objects.exists()


class TestAConsultation:
    def test_reminds_those_who_were_asked(self, region, draft, ana, monkeypatch):
        focal = equipped(region, "MX")
        heard = []
        monkeypatch.setattr(notify, "tell", lambda people, *told: heard.append((set(people), told)))
        put = waiting_on(region, draft.id, ana, focal)  # due on 1 December
        assert [
            day for day in range(24, 31) if sweeping.sweep(datetime(2026, 11, day, 20, tzinfo=UTC))
        ] == [27, 30]
        assert heard[-2:] == [({focal.id}, ("consultation", UUID(put.consultation)))] * 2
        told = log.payloads_of("requests.reminder.given")
        assert [(one["payload"]["what"], one["payload"]["days"]) for one in told] == [
            ("consultation", 3),
            ("consultation", 1),
        ]

    def test_is_said_beside_their_deadline_and_leads_to_where_they_answer(
        self, region, draft, ana, now
    ):
        focal = equipped(region, "MX")
        put = waiting_on(region, draft.id, ana, focal)
        day = datetime(2026, 11, 27, 20, tzinfo=UTC)
        sweeping.sweep(day)
        (one,) = deadlines.shapes_for(focal.actor, now=day)
        told = [one[name] for name in ("kind", "reminded", "request", "circle")]
        assert told == ["consultation", 3, None, put.circle]
        assert not deadlines.shapes_for(ana.actor, now=day)
