"""What a designation's functions let its person do of a request: be asked, and sign."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casehub.cases import queries as cases
from casehub.cases import services as cases_services
from casehub.core.errors import DomainError, NotVisible
from casehub.deadlines import queries as deadlines
from requests_mla import queries
from requests_mla.models import Consultation, Request
from tests.carrying import carrying, let_go
from tests.integration.requests_mla import consulting
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.moving import Mover


@pytest.fixture
def ask(screened, region, ana):
    """Return `ask(*people)`: Ana asks these."""
    region.session(ana)

    def put(*people):
        return consulting.ask(screened.id, ana, *people, now=screened.now)

    return put


def refusal(act, *args):
    try:
        act(*args)
    except DomainError as error:
        return error.code
    return "done"


class TestAFocalPoint:
    @pytest.mark.parametrize("role", ["liaison", "coordinator"])
    @pytest.mark.parametrize(
        ("functions", "code"),
        [
            (("focal-point",), "done"),
            (("focal-point", "signatory"), "done"),
            (("signatory",), "note-person"),
            ((), "note-person"),
        ],
    )
    def test_alone_is_asked_whatever_their_role(self, region, ask, focal, role, functions, code):
        with carrying(region, *functions):
            other = equipped(region, "MX", role)
        assert refusal(ask, other) == code

    def test_is_lacking_in_a_state_whose_designations_say_of_none(self, region, ask, boris):
        let_go(boris)
        let_go(region.seat("MX").coordinator)
        with carrying(region, "signatory"):
            other = equipped(region, "MX")
        assert refusal(ask, other) == "note-nobody"

    def test_leaves_with_the_function_what_they_were_asked(self, region, ask, ana, focal, screened):
        asked = ask(focal)
        circle = Consultation.objects.get(id=asked).circle_id
        request = Request.objects.get(id=screened.id)
        assert queries.asked_of(request)[asked] == {focal.id}
        let_go(focal, "signatory")
        assert cases.readers_of([circle])[circle] == {ana.id}
        assert queries.asked_of(request)[asked] == set()
        assert queries.consultations_for(focal.actor) == []
        assert deadlines.deadlines_of(focal.actor, now=screened.now) == []
        with pytest.raises(NotVisible):
            consulting.answer(asked, focal, now=screened.now)
        with pytest.raises(NotVisible):
            cases.circle_for(focal.actor, circle)
        let_go(focal, "focal-point")
        consulting.answer(asked, focal, now=screened.now)
        assert screened.row.stage == "self_check"

    def test_is_nobody_s_business_of_the_state_that_asks(self, ask, ana, focal):
        let_go(ana)
        asked = ask(focal)
        circle = Consultation.objects.get(id=asked).circle_id
        assert cases.readers_of([circle])[circle] == {ana.id, focal.id}


class TestASignatory:
    @pytest.fixture
    def to_sign(self, region, opened, ana, now):
        """Return `to_sign(who)`: what Ana wrote, ready, which `who` reads too."""

        def ready(*who):
            made = opened(*who)
            region.session(ana)
            made.take(ana)
            made.save(ana)
            made.attest(ana, ready=True)
            return Mover(made.id, now)

        return ready

    @pytest.fixture
    def sign(self, region, ana, acting, case, to_sign):
        """Return `sign(role, *functions)`: what comes of somebody's authorising."""

        def try_(role, *functions):
            with carrying(region, *functions):
                who = equipped(region, "SV", role)
            region.session(who)
            _into(case, who, by=ana, region=region)
            move = to_sign(who)
            may = queries.dossier_shape_for(who.actor, move.request)["may"]
            steps = queries.steps_wanted(who.actor, now=move.now)
            code = refusal(move.move, who, "authorise")
            assert ("authorise" in may) is (code == "done") is bool(steps)
            return code, move.stage

        return try_

    @pytest.mark.parametrize("role", ["liaison", "coordinator"])
    @pytest.mark.parametrize("functions", [("signatory",), ("focal-point", "signatory")])
    def test_authorises_as_liaison_or_coordinator(self, sign, role, functions):
        assert sign(role, *functions) == ("done", "authorised")

    @pytest.mark.parametrize("role", ["liaison", "coordinator"])
    @pytest.mark.parametrize("functions", [(), ("focal-point",)])
    def test_is_whose_designation_says_so_and_nobody_else(self, sign, role, functions):
        assert sign(role, *functions) == ("signatory-needed", "ready")

    def test_is_none_of_what_they_wrote(self, region, to_sign, ana, bea):
        let_go(ana, "signatory")
        move = to_sign(bea)
        assert refusal(move.move, ana, "authorise") == "own-request"

    def test_withdraws_what_was_authorised_and_no_other_drafter_does(self, region, to_sign, bea):
        move = to_sign(bea)
        region.session(bea)
        move.move(bea, "authorise")
        let_go(bea, "focal-point")
        assert refusal(move.move, bea, "withdraw") == "signatory-needed"
        let_go(bea, "signatory")
        assert queries.dossier_shape_for(bea.actor, move.request)["may"] == ["withdraw"]

    def test_is_told_who_comes_next_by_that_name(self, to_sign, bea, ana):
        move = to_sign(bea)
        (step,) = (
            one
            for one in queries.dossier_shape_for(ana.actor, move.request)["next"]
            if one["act"] == "authorise"
        )
        assert step["who"] == ["signatory"]


def _into(case, who, *, by, region):
    """Let somebody of one's State into the case."""
    cases_services.add_person(
        case=case, client_id=uuid4(), person=who.id, circles=[], actor=by.actor, now=region.now
    )
