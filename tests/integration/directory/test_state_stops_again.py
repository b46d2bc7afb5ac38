"""Stopping a State that is stopped: by a second person, once more, and against a lift begun."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.directory import queries, services
from casehub.directory.models import State, Stop
from casehub.directory.statements import as_wire, make
from tests.factories import stamp
from tests.integration.directory.test_state_stops import stated
from tests.integration.directory.test_stopping import code_of, head

__all__ = ["head"]
pytestmark = pytest.mark.django_db


class TestAStopByAnother:
    @pytest.fixture
    def other(self, region):
        return region.seat("SV").ministry[0]

    @pytest.fixture
    def press(self, region, now):
        """Return `press(by, signed=False, at=now)`: stop the State; return stop and statement."""

        def act(by, *, signed=False, at=now, **more):
            said = stated(region, "state-stop", [by.key], reason="drill") if signed else None
            wire = as_wire(said) if said else None
            made = services.stop_state(code="SV", statement=wire, actor=by.actor, now=at, **more)
            return made, said

        return act

    @pytest.fixture
    def lift(self, region, now):
        """Return `lift(stop, by, stops=None, hands=())`: ask for it, or be the second who does."""

        def act(stop, by, said=None):
            return services.lift_state(
                code="SV",
                stop=stop.id,
                statement=as_wire(said) if said else None,
                actor=by.actor,
                now=now,
            )

        return act

    @pytest.mark.parametrize("signed", [False, True])
    def test_within_the_hour_confirms_it_here_and_in_browsers(
        self, head, other, press, now, recorded, signed
    ):
        press(head, signed=signed)
        with recorded("directory.state.stop-confirmed"):
            again, said = press(other, signed=signed)
        assert again.confirmed_by_id == other.id
        assert again.statement_id == (said.digest if said else None)
        late = now + timedelta(hours=2)
        assert services.lift_unconfirmed(now=late) == 0
        assert queries.chain().is_stopped("SV", now=late) is signed

    def test_by_the_same_person_is_the_same_stop(self, head, press, recorded):
        press(head, signed=True)
        with recorded():
            press(head, signed=True)

    def test_brings_the_statement_that_was_missing(self, head, press, recorded):
        press(head)
        with recorded("directory.stop.completed"):
            made, said = press(head, signed=True)
        assert made.statement_id == said.digest

    def test_when_its_hour_is_over_is_a_stop_of_its_own(self, head, other, press, now):
        first, _ = press(head)
        second, _ = press(other, at=now + timedelta(hours=1))
        assert second.id != first.id
        assert second.confirmed_at is None
        assert State.objects.get(code="SV").stopped_at == now + timedelta(hours=1)

    def test_cannot_be_confirmed_when_its_hour_is_over(self, head, other, press, now):
        made, _ = press(head)
        confirm = {"code": "SV", "stop": made.id, "actor": other.actor}
        late = now + timedelta(hours=1)
        assert code_of(lambda: services.confirm_state_stop(now=late, **confirm)) == "not-found"

    def test_voids_what_one_has_begun_to_lift(self, region, head, other, press, lift, recorded):
        made, _ = press(head)
        press(other)
        assert lift(made, head).done is False
        third = region.person("SV", "coordinator")
        with recorded("directory.stop.repeated", "directory.stop.reasoned"):
            press(third, reason="key-exposed")
        assert lift(made, other).done is False
        assert lift(made, third).done is True

    def test_that_is_a_confirmation_voids_it_too(self, head, other, press, lift):
        made, _ = press(head)
        assert lift(made, head).done is False
        press(other)
        assert lift(made, other).done is False

    def test_that_is_signed_is_what_has_to_be_lifted_and_the_first_goes_with_it(
        self, region, head, other, press, lift, now
    ):
        made, first = press(head, signed=True)
        _, second = press(other, signed=True)

        def said(stop, *by):
            fields = {"serial": str(uuid4()), "issued": stamp(now), "state": "SV"}
            return make(
                "state-lift", fields | {"stops": stop.fields["serial"]}, [b.key for b in by]
            )

        assert code_of(lambda: lift(made, head, said(first, head))) == "signature-needed"
        shown = queries.stop_of_state(head.actor, "SV", now=now)["stop"]["statement"]
        assert shown == as_wire(second)
        begun = said(second, head)
        assert lift(made, head, begun).done is False
        both = make("state-lift", begun.fields, [head.key, other.key])
        assert lift(made, other, both).done is True
        assert not queries.chain().is_stopped("SV", now=now)

    def test_lifts_what_browsers_hold_from_before_though_this_stop_is_unsigned(
        self, region, head, other, press, lift, now
    ):
        press(head, signed=True)
        _, held = press(other, signed=True)
        Stop.objects.update(ended_at=now)  # as a server that has lost or hidden its own row
        made, _ = press(head)
        assert code_of(lambda: lift(made, head)) == "signature-needed"
        shown = queries.stop_of_state(head.actor, "SV", now=now)["stop"]["statement"]
        assert shown == as_wire(held)
        begun = stated(region, "state-lift", [head.key], stops=held.fields["serial"])
        assert lift(made, head, begun).done is False
        both = make("state-lift", begun.fields, [head.key, other.key])
        assert lift(made, other, both).done is True
        assert not queries.chain().is_stopped("SV", now=now)

    def test_that_is_signed_is_not_lifted_by_what_was_dated_before_it(
        self, region, head, other, press, now, recorded
    ):
        early = now - timedelta(minutes=2)
        made, _ = press(head, signed=True)
        _, second = press(other, signed=True)

        def begin(issued):
            fields = {"serial": str(uuid4()), "issued": stamp(issued), "state": "SV"}
            said = make("state-lift", fields | {"stops": second.fields["serial"]}, [head.key])
            return services.lift_state(
                code="SV", stop=made.id, statement=as_wire(said), actor=head.actor, now=now
            )

        with recorded():
            assert code_of(lambda: begin(early)) == "statement-stale"
        assert begin(now).done is False
