"""Stopping access of a whole State: by one person for an hour, by two until two others lift it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from audit.models import AuditEvent
from casehub.accounts.models import Session
from casehub.cases import queries as cases
from casehub.core import roles
from casehub.core.errors import NotVisible
from casehub.directory import queries, services
from casehub.directory.models import SignedStatement, State, Stop
from casehub.directory.statements import Statement, as_wire, make
from messaging.queries import places_of
from tests.factories import stamp
from tests.integration.directory.test_stopping import ana, code_of, head, kinds

__all__ = ["ana", "head"]
pytestmark = pytest.mark.django_db


def stated(region, type_, by, **fields):
    common = {"serial": str(uuid4()), "issued": stamp(region.now), "state": "SV"}
    return make(type_, common | fields, by)


class TestStoppingAState:
    @pytest.fixture
    def officer(self, region):
        return region.person("SV", "ministry")

    @pytest.fixture
    def stop(self, now, head):
        def act(by=head, **more):
            return services.stop_state(code="SV", actor=by.actor, now=now, **more)

        return act

    def test_stops_all_of_its_people_and_nobody_else(self, region, ana, head, stop, now):
        boris = region.equipped("MX")
        thread = region.thread(ana, boris)
        stop()
        assert cases.readers_of([thread])[thread] == {boris.id}
        assert [p.in_force for p in places_of([thread], now)[thread]] == [False, True]
        assert not Session.objects.filter(account_id=ana.account, ended_at=None).exists()
        assert queries.actor_behind(account=ana.account, session="", device=None) is None
        assert queries.reading_persons([ana.person, boris.person], now) == {boris.person}
        listed = {c["id"]: c["stopped"] for c in queries.people_for(boris.actor)}
        assert listed[ana.id]["kind"] == "state"
        assert listed[boris.id] is None

    def test_lets_in_who_can_confirm_or_lift_it_and_for_nothing_else(self, head, stop, region):
        stop()
        known = queries.actor_behind(account=head.account, session="", device=None)
        assert known is not None
        assert known.state_stopped

    def test_is_of_one_s_own_state_but_for_the_secretariat(self, region, stop, ana, now):
        assert code_of(lambda: stop(region.person("MX", "coordinator"))) == "not-found"
        assert code_of(lambda: stop(ana)) == "not-found"
        assert code_of(lambda: stop(region.person("", "secretariat"))) == "served"
        secretariat = region.person("", "secretariat").actor
        with pytest.raises(NotVisible):
            services.stop_state(code="ZZ", actor=secretariat, now=now)

    def test_again_is_the_same_stop(self, stop, officer):
        assert stop().id == stop(officer).id

    def test_lifts_by_itself_after_an_hour_unless_a_second_person_confirmed(
        self, stop, officer, head, now
    ):
        made = stop()
        soon, late = now + timedelta(minutes=59), now + timedelta(hours=1)
        assert services.lift_unconfirmed(now=soon) == 0
        assert services.lift_unconfirmed(now=late) == 1
        assert State.objects.get(code="SV").stopped_at is None
        newest = AuditEvent.objects.order_by("-id").first()
        assert newest is not None
        assert newest.kind == "directory.state.lifted"
        made = stop()
        confirm = {"code": "SV", "stop": made.id, "now": now}
        assert (
            code_of(lambda: services.confirm_state_stop(actor=head.actor, **confirm))
            == "second-person-needed"
        )
        services.confirm_state_stop(actor=officer.actor, **confirm)
        before = len(kinds())
        services.confirm_state_stop(actor=officer.actor, **confirm)
        assert len(kinds()) == before
        assert services.lift_unconfirmed(now=late) == 0

    def test_is_lifted_by_two_persons_one_of_them_of_the_ministry(
        self, region, stop, officer, head, now
    ):
        made = stop()

        def lift(by):
            return services.lift_state(code="SV", stop=made.id, actor=by.actor, now=now)

        assert code_of(lambda: lift(region.person("MX", "ministry"))) == "not-found"
        assert code_of(lambda: lift(region.person("", "secretariat"))) == "not-found"
        assert lift(head).done is False
        assert code_of(lambda: lift(head)) == "second-person-needed"
        assert code_of(lambda: lift(region.person("SV", "coordinator"))) == "ministry-needed"
        assert State.objects.get(code="SV").stopped_at == now
        Stop.objects.update(lift_at=now - timedelta(hours=71))
        assert lift(officer).done is True
        assert State.objects.get(code="SV").stopped_at is None
        assert code_of(lambda: lift(officer)) == "not-found"

    def test_that_was_asked_to_be_lifted_72_hours_ago_wants_two_words_again(
        self, stop, officer, head, now
    ):
        made = stop()
        for by in (head, officer):
            lift = services.lift_state(code="SV", stop=made.id, actor=by.actor, now=now)
            assert lift.done is False
            Stop.objects.update(lift_at=now - timedelta(hours=72))

    def test_is_not_lifted_on_the_word_of_somebody_stopped_since(
        self, region, stop, officer, head, now
    ):
        made = stop()

        def lift(by):
            return services.lift_state(code="SV", stop=made.id, actor=by.actor, now=now)

        assert lift(head).done is False
        services.suspend_person(person=head.id, actor=officer.actor, now=now)
        assert lift(officer).done is False
        assert State.objects.get(code="SV").stopped_at == now
        assert lift(region.person("SV", "coordinator")).done is True

    def test_is_not_lifted_on_an_earlier_word_of_somebody_who_is_in_again(
        self, region, stop, officer, head, now
    ):
        made = stop()
        later = now + timedelta(minutes=5)

        def lift(by, at):
            return services.lift_state(code="SV", stop=made.id, actor=by.actor, now=at)

        assert lift(head, now).done is False
        services.suspend_person(person=head.id, actor=officer.actor, now=now)
        region.end(head, suspended_at=None)
        services.end_stops(person=head.id, now=now)
        assert lift(officer, later).done is False
        assert lift(head, later).done is True

    @pytest.mark.parametrize(
        ("later", "gone", "why"),
        [
            (timedelta(hours=71), False, None),
            (timedelta(hours=72), False, "too-old"),
            (timedelta(hours=1), True, "signer-gone"),
        ],
    )
    def test_shows_a_first_word_with_why_it_counts_no_more(
        self, region, stop, officer, head, now, later, gone, why
    ):
        signed = stated(region, "state-stop", [head.key], reason="drill")
        made = stop(statement=as_wire(signed))
        first = stated(region, "state-lift", [head.key], stops=signed.fields["serial"])
        services.lift_state(
            code="SV", stop=made.id, statement=as_wire(first), actor=head.actor, now=now
        )
        if gone:
            services.suspend_person(person=head.id, actor=officer.actor, now=now)
        shown = queries.stop_of_state(officer.actor, "SV", now=now + later)["stop"]
        assert (shown["lift_void"], shown["lift_until"]) == (why, now + timedelta(hours=72))
        assert shown["lift"] == (as_wire(first) if why is None else None)

    def test_that_is_signed_is_lifted_by_two_signatures_over_the_same_bytes(
        self, region, stop, officer, head, now
    ):
        key, named = head.key, region.seat("SV").ministry[0]
        signed = stated(region, "state-stop", [key], reason="drill")
        made = stop(statement=as_wire(signed))
        assert made.statement_id == signed.digest
        first = stated(region, "state-lift", [key], stops=signed.fields["serial"])

        def lift(by, statement=None):
            wire = as_wire(statement) if statement else None
            return services.lift_state(
                code="SV", stop=made.id, statement=wire, actor=by.actor, now=now
            )

        assert code_of(lambda: lift(head)) == "signature-needed"
        elsewhere = stated(region, "state-lift", [key], stops=str(uuid4()))
        assert code_of(lambda: lift(head, elsewhere)) == "signature-needed"
        assert lift(head, first).done is False
        other = stated(region, "state-lift", [named.key], stops=signed.fields["serial"])
        assert code_of(lambda: lift(named, other)) == "payload-changed"
        # the second's signature alone would lift nothing in anybody's browser
        alone = make("state-lift", first.fields, [named.key])
        assert code_of(lambda: lift(named, alone)) == "signature-needed"
        both = make("state-lift", first.fields, [key, named.key])
        assert lift(named, both).done is True
        assert not queries.chain().is_stopped("SV", now=now)
        assert SignedStatement.objects.filter(digest=both.digest).exists()

    def test_that_is_signed_is_confirmed_by_a_second_signature_under_the_same_bytes(
        self, region, stop, head, now
    ):
        key, named = head.key, region.seat("SV").ministry[0]
        signed = stated(region, "state-stop", [key], reason="drill")
        made = stop(statement=as_wire(signed))
        both = make("state-stop", signed.fields, [key, named.key])
        confirmed = services.confirm_state_stop(
            code="SV", stop=made.id, statement=as_wire(both), actor=named.actor, now=now
        )
        assert confirmed.statement_id == both.digest
        later = now + timedelta(hours=2)
        assert queries.chain().is_stopped("SV", now=later)

    def test_that_was_confirmed_without_a_key_takes_the_signature_afterwards(
        self, region, stop, head, now
    ):
        named = region.seat("SV").ministry[0]
        signed = stated(region, "state-stop", [head.key], reason="drill")
        made = stop(statement=as_wire(signed))
        both = make("state-stop", signed.fields, [head.key, named.key])
        for statement in (None, as_wire(both), as_wire(both)):
            services.confirm_state_stop(
                code="SV", stop=made.id, statement=statement, actor=named.actor, now=now
            )
        assert SignedStatement.objects.filter(type="state-stop").count() == 2
        assert queries.chain().is_stopped("SV", now=now + timedelta(hours=2))

    def test_that_is_signed_stays_so_if_the_second_person_signs_other_words(
        self, region, stop, head, now
    ):
        named = region.seat("SV").ministry[0]
        signed = stated(region, "state-stop", [head.key], reason="drill")
        made = stop(statement=as_wire(signed))
        other = stated(region, "state-stop", [named.key], reason="misuse")
        confirmed = services.confirm_state_stop(
            code="SV", stop=made.id, statement=as_wire(other), actor=named.actor, now=now
        )
        assert confirmed.confirmed_by_id == named.id
        assert confirmed.statement_id == signed.digest

    @pytest.mark.parametrize("flaw", ["by another", "dated ahead", "of another State"])
    def test_is_made_unsigned_where_the_signature_does_not_bear_it_out(
        self, region, stop, head, now, flaw
    ):
        region.seat("MX")
        by = region.seat("SV").ministry[0] if flaw == "by another" else head
        fields = {
            "dated ahead": {"issued": stamp(now + timedelta(minutes=6))},
            "of another State": {"state": "MX"},
        }.get(flaw, {})
        signed = stated(region, "state-stop", [by.key], reason="drill", **fields)
        assert stop(statement=as_wire(signed)).statement is None
        assert not SignedStatement.objects.filter(type="state-stop").exists()

    def test_hands_to_the_second_what_the_first_has_signed(self, region, stop, officer, head, now):
        key = head.key
        signed = stated(region, "state-stop", [key], reason="drill")
        made = stop(statement=as_wire(signed))
        shown = queries.stop_of_state(officer.actor, "SV", now=now)["stop"]
        assert (shown["statement"], shown["lift"]) == (as_wire(signed), None)
        first = stated(region, "state-lift", [key], stops=signed.fields["serial"])
        services.lift_state(
            code="SV", stop=made.id, statement=as_wire(first), actor=head.actor, now=now
        )
        assert queries.stop_of_state(officer.actor, "SV", now=now)["stop"]["lift"] == as_wire(first)

    def test_that_nobody_signed_hands_out_no_statement(self, stop, officer, head, now):
        made = stop()
        services.lift_state(code="SV", stop=made.id, actor=head.actor, now=now)
        shown = queries.stop_of_state(officer.actor, "SV", now=now)["stop"]
        assert (shown["statement"], shown["lift"]) == (None, None)


class TestWhoMayLiftAStoppedState:
    @pytest.mark.parametrize("act", ["accounts.unlock-share.give", "directory.state.lift"])
    def test_opens_the_store_in_which_their_key_lies(self, region, head, now, act):
        services.stop_state(code="SV", actor=head.actor, now=now)
        known = queries.actor_behind(account=head.account, session="", device=None)
        assert roles.why_not(roles.row_of(act), known) is None


class TestAStopThatIsOver:
    @pytest.fixture
    def officers(self, region):
        return region.seat("SV").ministry[:2]

    @pytest.fixture
    def drill(self, region, head, now):
        """Stop the State by the coordinator alone, until its hour is over; return what was said."""
        said = stated(region, "state-stop", [head.key], reason="drill")
        services.stop_state(code="SV", statement=as_wire(said), actor=head.actor, now=now)
        assert services.lift_unconfirmed(now=now + timedelta(hours=1)) == 1
        return said

    @pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=10)])
    def test_is_no_first_hand_for_somebody_who_copies_it_from_the_log(
        self, officers, drill, now, later
    ):
        alone, then = officers[0], now + later
        copied = make("state-stop", drill.fields, [alone.key]).signatures
        both = Statement(drill.type, drill.body, (*drill.signatures, *copied), drill.fields)
        made = services.stop_state(code="SV", statement=as_wire(both), actor=alone.actor, now=then)
        assert made.statement_id is None
        assert services.lift_unconfirmed(now=then + timedelta(hours=1)) == 1
        assert not queries.chain().is_stopped("SV", now=then + timedelta(days=30))
