"""A consultation: who may ask whom about what, who answers, and what each State is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from audit import queries as log
from casehub.cases import circles
from casehub.cases import queries as cases
from casehub.cases import services as cases_services
from casehub.cases import sweeping as rounds
from casehub.cases.models import Case, Circle
from casehub.core.errors import DomainError, NotVisible
from casehub.deadlines import queries as deadlines
from casehub.directory.models import Person
from requests_mla import queries, services
from requests_mla.models import Consultation
from tests.integration.cases.keepings import YEARS
from tests.integration.leaning import misleading_rows
from tests.integration.requests_mla.moving import Mover


@pytest.fixture
def ask(screened, ana, focal):
    """Return `ask(...)`: Ana asks; what is given differs from the usual."""

    def put(by=ana, at=None, **changes):
        usual = {
            "request_id": screened.id,
            "client_id": uuid4(),
            "version": screened.row.version,
            "digest": queries.digest_of_version(screened.row),
            "people": [focal.id],
            "questions": ["nexus", "offence"],
        }
        return services.ask_consultation(
            actor=by.actor, now=at or screened.now, **(usual | changes)
        )

    return put


def answer(asked, by, outcome="favourable", message=None, at=None):
    services.answer_consultation(
        consultation=asked,
        answer=message or uuid4(),
        outcome=outcome,
        actor=by.actor,
        now=at or Consultation.objects.get(id=asked).asked_at,
    )


def end(draft, by, at, which=None):
    one = which or draft.shape(by)["consultations"][-1]["id"]
    services.end_consultation(request_id=draft.id, consultation=one, actor=by.actor, now=at)


@pytest.fixture
def closed(screened, now):
    """Close the case behind Ana's back."""

    def close():
        Case.objects.filter(id=screened.row.case_id).update(closed_at=now)

    return close


def refusal(act, *args, **kwargs):
    try:
        act(*args, **kwargs)
    except DomainError as error:
        return error.code
    return "done"


class TestAsking:
    def test_moves_the_request_and_is_logged_for_both_states(self, ask, screened, focal, recorded):
        with recorded("requests.consultation.asked"):
            asked = ask()
        (event,) = log.payloads_of("requests.consultation.asked")
        assert event["payload"]["people"] == [focal.person]
        assert event["payload"]["questions"] == ["offence", "nexus"]
        assert str(screened.row.case_id) not in str(event)
        assert screened.row.stage == "informal_consultation"
        circle = Consultation.objects.get(id=asked).circle_id
        assert cases.states_of([circle])[circle] == ("MX", "SV")
        assert Circle.objects.get(id=circle).kind == Circle.Kind.NOTE
        assert misleading_rows(0) == []

    def test_lets_in_who_asked_and_who_was_asked_alone(self, ask, ana, bea, boris, focal):
        asked = ask()
        circle = Consultation.objects.get(id=asked).circle_id
        assert cases.readers_of([circle])[circle] == {ana.id, focal.id}
        (mine,), (theirs,) = (queries.consultations_for(one.actor) for one in (ana, focal))
        assert (theirs["request"], theirs["case"]) == (None, None)
        assert mine["request"] is not None
        assert cases.cases_for(focal.actor, now=mine["asked_at"]) == []
        for other in (bea, boris):
            assert queries.consultations_for(other.actor) == []
            with pytest.raises(NotVisible):
                queries.consultation_for(other.actor, asked)

    def test_is_told_to_who_drafts_without_what_is_said(self, ask, screened, bea):
        asked = ask()
        (told,) = screened.shape(bea)["consultations"]
        assert (told["id"], told["state"], told["outcome"]) == (asked, "MX", "")

    @pytest.mark.parametrize(
        ("urgency", "due"),
        # A Tuesday; five working days of Mexico later it is the next Tuesday, to its end there.
        [
            ("normal", datetime(2026, 12, 2, 6, tzinfo=UTC)),
            ("urgent", datetime(2026, 11, 26, 6, tzinfo=UTC)),
        ],
    )
    def test_counts_the_term_once_by_the_other_state_s_days(
        self, draft, ana, ask, screened, urgency, due
    ):
        screened.save(ana, disclosed={"urgency": urgency})
        screened.attest(ana)
        row = Consultation.objects.get(id=ask())
        assert row.due == due
        assert row.urgent == (urgency == "urgent")

    def test_twice_under_one_id_is_one(self, ask, screened):
        wish = {"client_id": uuid4()}
        assert ask(**wish) == ask(**wish)
        assert refusal(ask, **wish, questions=["offence"]) == "id-reused"
        assert refusal(ask) == "consultation-stage"

    def test_needs_a_version_that_was_screened(self, ask, screened, ana):
        screened.save(ana)
        assert refusal(ask) == "consultation-stage"

    def test_needs_the_newest_version(self, ask):
        assert refusal(ask, digest="0" * 64) == "version-behind"

    def test_needs_that_no_rule_blocks_on_what_the_server_knows(self, ask, screened, ana):
        screened.save(ana, disclosed={"measures": []})
        screened.attest(ana)
        assert refusal(ask) == "not-ready"

    def test_reaches_focal_points_of_the_requested_state_alone(self, ask, region, bea, focal):
        official = region.person("MX", "central-authority")
        for other in (bea, official, region.person("GT")):
            assert refusal(ask, people=[focal.id, other.id]) == "note-person"

    def test_is_impossible_with_focal_points_who_are_not_in_force(self, ask, region, focal, now):
        region.end(focal, valid_until=now - timedelta(days=1))
        assert refusal(ask) == "note-person"
        Person.objects.filter(state_id="MX").update(valid_until=now - timedelta(days=1))
        assert refusal(ask) == "note-nobody"

    def test_is_for_who_reads_the_draft(self, ask, boris, focal):
        for other in (boris, focal):
            assert refusal(ask, by=other) == "not-found"


class TestAnswering:
    @pytest.mark.parametrize(
        ("outcome", "stage"),
        [
            ("favourable", "self_check"),
            ("with_changes", "needs_changes"),
            ("unlikely", "needs_changes"),
        ],
    )
    def test_moves_the_request_by_its_outcome(self, ask, screened, focal, outcome, stage, recorded):
        asked = ask()
        with recorded("requests.consultation.answered"):
            answer(asked, focal, outcome)
        assert screened.row.stage == stage
        row = Consultation.objects.get(id=asked)
        assert (row.outcome, row.answerer_id) == (outcome, focal.id)
        assert misleading_rows(0) == []

    def test_is_the_other_state_s(self, ask, ana):
        assert refusal(answer, ask(), ana) == "consultation-not-yours"

    def test_is_done_once(self, ask, focal):
        asked, message = ask(), uuid4()
        answer(asked, focal, message=message)
        answer(asked, focal, message=message)
        assert refusal(answer, asked, focal) == "consultation-over"
        assert refusal(answer, asked, focal, "unlikely", message) == "id-reused"

    def test_late_is_an_answer_while_nobody_went_on(self, ask, focal, screened):
        asked = ask()
        answer(asked, focal, at=screened.now + timedelta(days=30))
        assert Consultation.objects.get(id=asked).outcome == "favourable"

    def test_leaves_the_version_to_be_called_ready(self, ask, focal, ana, screened):
        answer(ask(), focal)
        screened.attest(ana, ready=True)
        assert screened.row.stage == "ready"


class TestGoingOnWithoutAnAnswer:
    @pytest.mark.parametrize(("days", "outcome"), [(1, "withdrawn"), (9, "not_answered")])
    def test_says_whether_their_time_was_over(self, ask, screened, bea, days, outcome, recorded):
        asked = ask()
        with recorded("requests.consultation.ended"):
            end(screened, bea, screened.now + timedelta(days=days))
        assert screened.row.stage == "self_check"
        assert Consultation.objects.get(id=asked).outcome == outcome
        end(screened, bea, screened.now + timedelta(days=10))
        assert Consultation.objects.get(id=asked).outcome == outcome

    def test_ends_the_answering(self, ask, screened, ana, focal):
        asked = ask()
        end(screened, ana, screened.now)
        assert refusal(answer, asked, focal) == "consultation-over"
        ask()

    @pytest.mark.parametrize(("days", "outcome"), [(0, "withdrawn"), (9, "not_answered")])
    def test_by_withdrawing_the_request_is_in_both_states_logs(
        self, region, ask, screened, ana, focal, recorded, days, outcome
    ):
        """Of the withdrawal the asked State hears nothing, and would seem to owe an answer."""
        asked = ask()
        mover = Mover(screened.id, screened.now + timedelta(days=days))
        region.session(ana, now=mover.now)
        with recorded("requests.move.made", "requests.consultation.ended"):
            mover.move(ana, "withdraw", codes=("solved-informally",))
        (event,) = log.payloads_of("requests.consultation.ended")
        assert (event["states"], event["payload"]["outcome"]) == (["MX", "SV"], outcome)
        assert Consultation.objects.get(id=asked).outcome == outcome
        assert refusal(answer, asked, focal) == "consultation-over"
        assert misleading_rows(0) == []

    def test_names_the_one_that_it_ends(self, ask, screened, ana):
        first = ask()
        end(screened, ana, screened.now)
        second = ask()
        end(screened, ana, screened.now, which=first)
        assert Consultation.objects.get(id=second).outcome == ""


class TestInAClosedCase:
    def test_nothing_is_answered_or_ended_and_nobody_is_late(
        self, ask, screened, ana, focal, closed
    ):
        asked = ask()
        closed()
        assert refusal(answer, asked, focal) == "case-closed"
        assert refusal(end, screened, ana, screened.now) == "case-closed"
        assert screened.row.stage == "informal_consultation"
        assert deadlines.deadlines_of(focal.actor, now=screened.now) == []


class TestWhoeverAsked:
    def test_is_there_to_read_the_answer(self, ask, screened, focal, ana):
        asked = ask()
        circle = Consultation.objects.get(id=asked).circle_id
        circles.shut_out(circle, ana.id, act=0, now=screened.now)
        assert refusal(answer, asked, focal) == "consultation-over"


class TestTheDeadline:
    def test_is_theirs_who_were_asked_until_somebody_answered_or_went_on(
        self, ask, screened, ana, focal
    ):
        asked = ask()
        due = Consultation.objects.get(id=asked).due
        late = due + timedelta(days=1)
        for now in (screened.now, late):
            (one,) = deadlines.deadlines_of(focal.actor, now=now)
            assert (one.kind, one.ends, one.state) == ("consultation", due, "MX")
        assert deadlines.deadlines_of(ana.actor, now=screened.now) == []
        answer(asked, focal, at=late)
        assert deadlines.deadlines_of(focal.actor, now=late) == []


class TestWhileItWaits:
    def test_nothing_is_written_or_attested(self, ask, screened, ana):
        ask()
        assert refusal(screened.save, ana) == "stage-closed"
        assert refusal(screened.attest, ana) == "stage-closed"


class TestTheDossier:
    def test_tells_the_requesting_state_alone_that_there_was_a_contact(
        self, region, ask, screened, ana, bea, focal, sofia, mario
    ):
        for one in (ana, bea):
            region.session(one)
        answer(ask(), focal)
        screened.attest(ana, ready=True)
        mover = Mover(screened.id, screened.now)
        mover.move(bea, "authorise")
        (told,) = queries.dossier_shape_for(sofia.actor, screened.id)["contacts"]
        assert set(told) == {"state", "asked_at", "due", "outcome", "ended_at"}
        assert (told["state"], told["outcome"]) == ("MX", "favourable")
        mover.move(sofia, "transmit", channel="paper", language="es")
        assert queries.dossier_shape_for(mario.actor, UUID(str(screened.id)))["contacts"] == []


class TestWhatIsDeleted:
    def test_leaves_of_a_consultation_what_the_log_has(self, screened, ask, ana, now):
        asked = ask()
        case = screened.row.case_id
        cases_services.close_case(case=case, actor=ana.actor, now=now)
        assert rounds.sweep(now + YEARS) == 1
        left = Consultation.objects.get(id=asked)
        assert (left.digest, left.questions, left.urgent) == ("", [], False)
        assert (left.state, left.version) == ("MX", 1)
