"""Opening a case to a State: who proposes, who consents, who accepts, and who hears of it when."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from audit import queries as log
from audit.models import AuditEvent
from casehub.cases import limits, queries, services
from casehub.cases.models import Case, CaseMember, Joining
from casehub.cases.queries import digest_of_joining
from casehub.core.errors import NotVisible, Refused
from casehub.directory.models import Person, State
from tests.integration.cases.made import asking, proposal

SECOND = timedelta(seconds=1)


def states_of(case):
    return Case.objects.get(id=case).state_set


def last_event():
    return AuditEvent.objects.order_by("-id").first()


def waits_of(who, now):
    """Return from when somebody can give the hand that the one proposal wants, and why."""
    (shown,) = queries.joinings_for(who.actor, now=now)
    return shown["wait_until"], shown["wait_for"]


class TestOpeningACaseWithOthers:
    def test_opens_it_in_ones_own_state_and_proposes_each_other_in_the_same_act(
        self, ana, boris, carla, acting, recorded
    ):
        with recorded("cases.case.opened", "cases.state.proposed", "cases.state.proposed"):
            case = acting(services.open_case, ana, client_id=uuid4(), states=["SV", "MX", "GT"])
        assert states_of(case) == {"SV"}
        assert {one.state for one in Joining.objects.filter(case=case)} == {"GT", "MX"}

    def test_of_one_state_needs_nobody_else(self, ana, acting, recorded):
        with recorded("cases.case.opened"):
            acting(services.open_case, ana, client_id=uuid4(), states=["SV"])
        assert not Joining.objects.exists()

    def test_refuses_a_client_id_that_comes_back_as_urgent(self, ana, boris, acting):
        said = {"client_id": uuid4(), "states": ["SV", "MX"]}
        acting(services.open_case, ana, **said)
        with pytest.raises(Refused, match="id-reused"):
            acting(services.open_case, ana, urgent=True, **said)

    @pytest.mark.parametrize("consented", [False, True])
    def test_lets_nobody_of_the_other_in_before_it_has_joined(
        self, region, ana, boris, acting, recorded, consented
    ):
        case = asking(region, ana, "MX", consented=consented).case_id
        with recorded(), pytest.raises(Refused, match="state-not-in-case"):
            acting(
                services.add_person, ana, case=case, client_id=uuid4(), person=boris.id, circles=[]
            )

    @pytest.mark.parametrize("consented", [False, True])
    def test_is_to_the_other_as_if_it_did_not_exist(
        self, region, ana, boris, acting, coordinator, consented
    ):
        case = asking(region, ana, "MX", consented=consented).case_id
        for who in (boris, coordinator("MX")):
            with pytest.raises(NotVisible):
                acting(services.read_case, who, case=case)
            assert queries.cases_for(who.actor, now=region.now) == []

    def test_lets_people_of_the_other_in_once_it_has_joined(self, region, ana, boris, acting):
        case = region.opened(ana, "MX")
        acting(services.add_person, ana, case=case, client_id=uuid4(), person=boris.id, circles=[])
        assert CaseMember.objects.filter(case=case, person_id=boris.id).exists()


class TestProposing:
    def test_waits_for_seven_days_and_names_what_it_is_of(self, region, ana, boris, recorded):
        case = region.case(ana)
        with recorded("cases.state.proposed"):
            made = proposal(region, ana, case, "MX")
        assert made.lapses_at == region.now + timedelta(days=7)
        said = last_event()
        assert said.states == "SV"
        told = json.loads(log.payload_of(said.id))["payload"]
        assert told["digest"] == digest_of_joining(made)

    def test_answers_a_retry_alike_and_refuses_another_wish_under_its_id(
        self, region, ana, boris, carla, acting, recorded
    ):
        said = {"case": region.case(ana), "client_id": uuid4(), "urgent": False}
        acting(services.propose_state, ana, state="MX", **said)
        with recorded():
            acting(services.propose_state, ana, state="MX", **said)
            with pytest.raises(Refused, match="id-reused"):
                acting(services.propose_state, ana, state="GT", **said)

    @pytest.mark.parametrize("joined", [False, True])
    def test_is_refused_for_a_state_that_is_in_or_asked(self, region, ana, boris, joined):
        case = region.opened(ana, "MX") if joined else asking(region, ana, "MX").case_id
        with pytest.raises(Refused, match="state-in-already"):
            proposal(region, ana, case, "MX")

    def test_is_its_owner_states_alone(self, region, ana, boris, carla, recorded):
        case = region.case(ana, boris)
        with recorded(), pytest.raises(Refused, match="joining-not-yours"):
            proposal(region, boris, case, "GT")
        with recorded(), pytest.raises(NotVisible):
            proposal(region, carla, case, "HN")

    def test_can_be_done_again_after_it_came_to_nothing(self, region, ana, boris, hand):
        first = asking(region, ana, "MX")
        services.refuse_joining(
            joining=first.id, reason="talk-first", actor=boris.actor, now=region.now
        )
        assert proposal(region, ana, first.case_id, "MX").id != first.id

    def test_can_be_done_again_after_it_lapsed(self, region, ana, boris):
        case = asking(region, ana, "MX").case_id
        region.now += limits.JOINING_LASTS
        services.propose_state(
            case=case,
            client_id=uuid4(),
            state="MX",
            urgent=False,
            actor=ana.actor,
            now=region.now,
        )
        assert Joining.objects.filter(case=case, state="MX").count() == 2


class TestConsenting:
    def test_is_the_owner_states_coordinators(
        self, region, ana, boris, hand, coordinator, recorded
    ):
        made = asking(region, ana, "MX", consented=False)
        with recorded(), pytest.raises(NotVisible):
            hand(services.consent_to_joining, coordinator("MX"), made)
        with recorded("cases.state.consented"):
            hand(services.consent_to_joining, coordinator("SV"), made)
        assert set(last_event().states.split(",")) == {"SV", "MX"}

    def test_takes_another_person_than_proposed_it_coordinator_or_not(self, region, boris, hand):
        both = region.person("SV", "liaison", "coordinator")
        made = asking(region, both, "MX", consented=False)
        with pytest.raises(Refused, match="joining-own"):
            hand(services.consent_to_joining, both, made)
        hand(services.consent_to_joining, region.person("SV", "coordinator"), made)
        assert Joining.objects.get().consented_at == region.now

    def test_is_of_what_was_shown_and_nothing_else(self, region, ana, boris, hand, coordinator):
        made = asking(region, ana, "MX", consented=False)
        with pytest.raises(Refused, match="joining-changed"):
            hand(services.consent_to_joining, coordinator("SV"), made, digest="0" * 64)

    def test_is_given_once(self, region, ana, boris, hand, coordinator, recorded):
        made = asking(region, ana, "MX")
        with recorded(), pytest.raises(Refused, match="joining-over"):
            hand(services.consent_to_joining, coordinator("SV"), made)

    @pytest.mark.parametrize("how", ["suspended", "left"])
    def test_is_void_for_a_proposer_who_counts_no_more(
        self, region, ana, boris, hand, coordinator, how
    ):
        made = asking(region, ana, "MX", consented=False)
        if how == "suspended":
            Person.objects.filter(id=ana.id).update(suspended_at=region.now)
        else:
            CaseMember.objects.filter(person_id=ana.id).update(removed_at=region.now)
        with pytest.raises(Refused, match="joining-over"):
            hand(services.consent_to_joining, coordinator("SV"), made)

    def test_comes_too_late_after_seven_days(self, region, ana, boris, hand, coordinator):
        made = asking(region, ana, "MX", consented=False)
        with pytest.raises(Refused, match="joining-over"):
            hand(services.consent_to_joining, coordinator("SV"), made, after=limits.JOINING_LASTS)

    def test_gives_those_who_are_in_an_hour_to_object(self, region, ana, boris, carla):
        made = region.consented(proposal(region, ana, region.case(ana, boris), "GT"))
        assert Joining.objects.get(id=made.id).objections_until == region.now + timedelta(hours=1)

    def test_gives_them_none_where_it_is_urgent(self, region, ana, boris, carla, hand):
        case = region.case(ana, boris)
        made = region.consented(proposal(region, ana, case, "GT", urgent=True))
        hand(services.accept_joining, carla, made)
        assert states_of(case) == {"SV", "MX", "GT"}


class TestAccepting:
    def test_is_a_liaisons_or_coordinators_of_the_state_that_is_asked(
        self, region, ana, boris, carla, hand, recorded
    ):
        made = asking(region, ana, "MX")
        with recorded(), pytest.raises(NotVisible):
            hand(services.accept_joining, carla, made)
        with recorded("cases.state.accepted"):
            hand(services.accept_joining, boris, made)
        assert states_of(made.case_id) == {"SV", "MX"}
        assert set(last_event().states.split(",")) == {"SV", "MX"}

    def test_lets_nobody_in_by_itself(self, region, ana, boris, hand, acting):
        made = asking(region, ana, "MX")
        hand(services.accept_joining, boris, made)
        with pytest.raises(NotVisible):
            acting(services.read_case, boris, case=made.case_id)

    def test_is_impossible_before_the_owner_states_coordination_consents(
        self, region, ana, boris, hand, recorded
    ):
        made = asking(region, ana, "MX", consented=False)
        with recorded(), pytest.raises(NotVisible):
            hand(services.accept_joining, boris, made)

    def test_is_of_what_was_consented_to(self, region, ana, boris, hand):
        made = asking(region, ana, "MX")
        with pytest.raises(Refused, match="joining-changed"):
            hand(services.accept_joining, boris, made, digest="f" * 64)

    def test_waits_to_the_last_second_of_the_objection_window(
        self, region, ana, boris, carla, hand
    ):
        made = region.consented(proposal(region, ana, region.case(ana, boris), "GT"))
        with pytest.raises(Refused, match="joining-window") as refused:
            hand(services.accept_joining, carla, made, after=limits.OBJECTION - SECOND)
        assert refused.value.params == {"until": region.now + limits.OBJECTION}
        hand(services.accept_joining, carla, made, after=limits.OBJECTION)

    @pytest.mark.parametrize("whole", [False, True])
    def test_is_refused_while_whoever_consented_or_their_whole_state_is_stopped(
        self, region, ana, boris, hand, coordinator, whole
    ):
        made = asking(region, ana, "MX")
        rows = (
            State.objects.filter(code="SV")
            if whole
            else Person.objects.filter(id=coordinator("SV").id)
        )
        column = "stopped_at" if whole else "suspended_at"
        rows.update(**{column: region.now})
        with pytest.raises(Refused, match="joining-hand-stopped"):
            hand(services.accept_joining, boris, made)

    def test_comes_too_late_after_seven_days_and_in_time_a_second_before(
        self, region, ana, boris, hand
    ):
        made = asking(region, ana, "MX")
        with pytest.raises(Refused, match="joining-over"):
            hand(services.accept_joining, boris, made, after=limits.JOINING_LASTS)
        hand(services.accept_joining, boris, made, after=limits.JOINING_LASTS - SECOND)

    @pytest.mark.parametrize(
        ("late", "code"), [("MX", "directory-unconfirmed"), ("SV", "state-unconfirmed")]
    )
    def test_waits_for_the_directory_of_each_to_be_confirmed_whose_date_came_meanwhile(
        self, region, ana, boris, hand, monkeypatch, late, code
    ):
        made = asking(region, ana, "MX")
        provider = "casehub.designations.queries.standing.unconfirmed"
        monkeypatch.setattr(provider, lambda states, _: [late])
        with pytest.raises(Refused, match=code):
            hand(services.accept_joining, boris, made)

    @pytest.mark.parametrize("first", ["accept", "withdraw", "refuse"])
    def test_and_every_other_end_come_once(self, region, ana, boris, hand, recorded, first):
        made = asking(region, ana, "MX")
        acts = {
            "accept": lambda: hand(services.accept_joining, boris, made),
            "withdraw": lambda: services.withdraw_joining(
                joining=made.id, actor=ana.actor, now=region.now
            ),
            "refuse": lambda: services.refuse_joining(
                joining=made.id, reason="other", actor=boris.actor, now=region.now
            ),
        }
        acts[first]()
        for act in acts.values():
            with recorded(), pytest.raises(Refused, match="joining-over"):
                act()

    def test_sees_what_was_decided_while_it_waited_for_the_case(
        self, region, ana, boris, hand, recorded, monkeypatch
    ):
        made = asking(region, ana, "MX")

        def meanwhile(_):
            Joining.objects.update(ended="withdrawn", ended_at=region.now)

        monkeypatch.setattr(queries, "hold_case", meanwhile)
        with recorded(), pytest.raises(Refused, match="joining-over"):
            hand(services.accept_joining, boris, made)
        assert states_of(made.case_id) == {"SV"}

    def test_is_not_for_somebody_who_is_new_themselves(self, region, hand):
        region.aged("SV", "MX")
        made, boris = asking(region, region.person("SV"), "MX"), region.equipped("MX")
        with pytest.raises(Refused, match="hand-limited") as refused:
            hand(services.accept_joining, boris, made)
        assert refused.value.params == {"until": region.now + timedelta(days=1)}

    def test_says_beforehand_from_when_whoever_is_new_can_accept(self, region):
        region.now -= timedelta(days=2)
        owner = region.equipped("SV")
        region.seat("MX")
        region.now += timedelta(days=2)
        asking(region, owner, "MX")
        boris, older = region.equipped("MX"), region.seat("MX").coordinator
        assert waits_of(boris, region.now) == (region.now + timedelta(days=1), "own")
        assert waits_of(older, region.now) == (None, "")
        assert waits_of(boris, region.now + timedelta(days=1)) == (None, "")

    def test_says_beforehand_until_when_it_waits_for_a_newcomer_in_the_case(self, region):
        region.aged("SV", "MX")
        asking(region, region.equipped("SV"), "MX")
        boris, owners = region.seat("MX").coordinator, region.seat("SV").coordinator
        assert waits_of(boris, region.now) == (region.now + timedelta(days=1), "case")
        assert waits_of(owners, region.now) == (None, "")

    def test_waits_for_a_newcomer_whom_a_national_case_let_in_at_once(self, region, acting, hand):
        region.aged("SV", "MX")
        newcomer, boris = region.equipped("SV"), region.seat("MX").coordinator
        made = asking(region, newcomer, "MX")
        with pytest.raises(Refused, match="person-limited"):
            hand(services.accept_joining, boris, made)
        hand(services.accept_joining, boris, made, after=timedelta(days=1))

    def test_waits_for_no_newcomer_who_has_left_the_case(self, region, acting, hand):
        region.now -= timedelta(days=2)
        owner, boris = region.equipped("SV"), region.equipped("MX")
        region.now += timedelta(days=2)
        newcomer = region.equipped("SV")
        made = asking(region, owner, "MX")
        case = CaseMember.objects.filter(case=made.case_id)
        acting(
            services.add_person,
            owner,
            case=made.case_id,
            client_id=uuid4(),
            person=newcomer.id,
            circles=[],
        )
        acting(services.remove_person, owner, case=made.case_id, person=newcomer.id)
        assert case.exclude(removed_at=None).exists()
        hand(services.accept_joining, boris, made)


class TestNoOneStateAlone:
    def test_opens_a_case_to_itself_whoever_of_it_acts(self, region, ana, boris, acting):
        """All of Mexico, asked or not, come no nearer to a case of El Salvador's."""
        made = asking(region, ana, "MX", consented=False)
        crowd = [
            boris,
            region.person("MX", "liaison", "coordinator"),
            region.seat("MX").coordinator,
        ]
        digest = digest_of_joining(made)
        for who in crowd:
            for service, said in (
                (services.consent_to_joining, {"digest": digest}),
                (services.accept_joining, {"digest": digest}),
                (services.withdraw_joining, {}),
                (services.object_to_joining, {"reason": "other"}),
            ):
                with pytest.raises(NotVisible):
                    acting(service, who, joining=made.id, **said)
        assert states_of(made.case_id) == {"SV"}
