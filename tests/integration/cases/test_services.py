"""Case files: opening them, letting people in, shutting them out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from casehub.cases import queries, services
from casehub.cases.models import Case, CaseMember, Reader
from casehub.core.errors import NotVisible, Refused
from casehub.core.run import run
from casehub.directory import services as directory
from casehub.directory.models import Person
from tests.factories import title_of


def readers(circle):
    return {str(p) for p in queries.readers_of([circle]).get(circle, set())}


class TestOpenCase:
    def test_gives_the_states_next_number_and_a_title_circle_of_its_opener(
        self, ana, boris, acting, recorded
    ):
        with recorded("cases.case.opened", "cases.state.proposed", "cases.case.opened"):
            first = acting(services.open_case, ana, client_id=uuid4(), states=["SV", "MX"])
            second = acting(services.open_case, ana, client_id=uuid4(), states=["SV"])
        references = [Case.objects.get(id=case).reference for case in (first, second)]
        assert references == ["SV-2026-0001", "SV-2026-0002"]
        assert readers(title_of(first)) == {ana.person}

    def test_numbers_each_state_and_year_apart(self, ana, boris, acting, now):
        acting(services.open_case, ana, client_id=uuid4(), states=["SV"])
        theirs = acting(services.open_case, boris, client_id=uuid4(), states=["MX"])
        later = services.open_case(
            client_id=uuid4(), states=["SV"], actor=ana.actor, now=now.replace(year=2027)
        )
        assert Case.objects.get(id=theirs).reference == "MX-2026-0001"
        assert Case.objects.get(id=later).reference == "SV-2027-0001"

    def test_answers_a_retry_with_the_same_case_and_no_second_event(
        self, ana, boris, acting, recorded
    ):
        request = {"client_id": uuid4(), "states": ["SV", "MX"]}
        case = acting(services.open_case, ana, **request)
        with recorded():
            assert acting(services.open_case, ana, **request) == case

    def test_takes_the_order_and_repetition_of_states_for_the_same_request(
        self, ana, boris, acting
    ):
        client_id = uuid4()
        case = acting(services.open_case, ana, client_id=client_id, states=["SV", "MX"])
        again = acting(services.open_case, ana, client_id=client_id, states=["MX", "SV", "MX"])
        assert again == case

    def test_refuses_a_client_id_that_comes_back_with_other_states(
        self, ana, boris, acting, recorded
    ):
        client_id = uuid4()
        acting(services.open_case, ana, client_id=client_id, states=["SV"])
        with recorded(), pytest.raises(Refused, match="id-reused"):
            acting(services.open_case, ana, client_id=client_id, states=["SV", "MX"])

    def test_lets_two_people_use_the_same_client_id(self, ana, boris, acting):
        client_id = uuid4()
        one = acting(services.open_case, ana, client_id=client_id, states=["SV"])
        other = acting(services.open_case, boris, client_id=client_id, states=["MX"])
        assert one != other

    @pytest.mark.parametrize(
        ("states", "why"), [(["SV", "ZZ"], "unknown-state"), (["MX"], "own-state-missing")]
    )
    def test_refuses_states_that_cannot_be(self, ana, boris, acting, recorded, states, why):
        with recorded(), pytest.raises(Refused, match=why):
            acting(services.open_case, ana, client_id=uuid4(), states=states)
        assert not Case.objects.exists()


class TestDevicesThatWereStopped:
    def test_are_told_of_members_with_when_and_since_the_case_began(self, region, ana, boris, now):
        elsewhere = region.person("GT")
        earlier, early = now - timedelta(days=1), region.device(boris)
        directory.revoke_device(device=UUID(early), actor=boris.actor, now=earlier)
        region.case(ana, boris)
        for who in (boris, elsewhere):
            stopped = region.device(who)
            directory.revoke_device(device=UUID(stopped), actor=who.actor, now=now)
            if who is boris:
                told = [{"device": UUID(stopped), "at": now}]
        (shape,) = queries.cases_for(ana.actor, now=now)
        found = {one["id"]: (one["stopped"], one["devices_stopped"]) for one in shape["people"]}
        assert found == {ana.id: (None, []), boris.id: (None, told)}


class TestReadCase:
    def test_logs_that_a_member_looks(self, region, ana, acting, recorded):
        case = region.case(ana)
        with recorded("cases.case.read"):
            assert acting(services.read_case, ana, case=case) == case

    def test_hides_the_case_from_an_outsider_and_says_nothing(
        self, region, ana, boris, acting, recorded
    ):
        case = region.case(ana)
        with recorded(), pytest.raises(NotVisible):
            acting(services.read_case, boris, case=case)


class TestAddPerson:
    def test_lets_a_person_into_case_and_title_but_no_thread(
        self, region, ana, boris, acting, recorded
    ):
        case = region.opened(ana, "MX")
        thread = region.thread(ana, case=case)
        with recorded("cases.person.added"):
            acting(
                services.add_person, ana, case=case, client_id=uuid4(), person=boris.id, circles=[]
            )
        assert readers(title_of(case)) == {ana.person, boris.person}
        assert readers(thread) == {ana.person}

    @pytest.mark.parametrize(("states", "asks"), [((), False), (("MX",), True)])
    def test_asks_for_a_fresh_proof_in_a_case_between_states(
        self, region, ana, boris, acting, now, states, asks
    ):
        case, colleague = region.opened(ana, *states), region.person("SV")
        region.session(ana, now=now - timedelta(minutes=6))

        def add():
            told = {"case": case, "client_id": uuid4(), "person": colleague.id, "circles": []}
            return acting(services.add_person, ana, **told)

        if asks:
            with pytest.raises(Refused, match="step-up-needed"):
                add()
        else:
            assert add() == case

    def test_lets_them_into_the_threads_that_are_named(self, region, ana, boris, acting):
        case = region.opened(ana, "MX")
        named, other = region.thread(ana, case=case), region.thread(ana, case=case)
        acting(
            services.add_person,
            ana,
            case=case,
            client_id=uuid4(),
            person=boris.id,
            circles=[named, named],
        )
        assert readers(named) == {ana.person, boris.person}
        assert readers(other) == {ana.person}

    def test_answers_a_retry_alike_and_adds_nobody_twice(
        self, region, ana, boris, acting, recorded
    ):
        case = region.opened(ana, "MX")
        request = {"case": case, "client_id": uuid4(), "person": boris.id, "circles": []}
        acting(services.add_person, ana, **request)
        with recorded():
            assert acting(services.add_person, ana, **request) == case
        assert CaseMember.objects.filter(case=case).count() == 2

    def test_refuses_a_client_id_that_comes_back_for_somebody_else(
        self, region, ana, boris, carla, acting, recorded
    ):
        case = region.opened(ana, "MX", "GT")
        request = {"case": case, "client_id": uuid4(), "circles": []}
        acting(services.add_person, ana, person=boris.id, **request)
        with recorded(), pytest.raises(Refused, match="id-reused"):
            acting(services.add_person, ana, person=carla.id, **request)

    def test_refuses_whoever_is_in_already(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        with recorded(), pytest.raises(Refused, match="already-in"):
            acting(
                services.add_person, ana, case=case, client_id=uuid4(), person=boris.id, circles=[]
            )

    def test_refuses_a_person_of_a_state_that_takes_no_part(
        self, region, ana, carla, acting, recorded
    ):
        case = region.case(ana)
        with recorded(), pytest.raises(Refused, match="state-not-in-case"):
            acting(
                services.add_person, ana, case=case, client_id=uuid4(), person=carla.id, circles=[]
            )

    @pytest.mark.parametrize("flaw", ["nobody", "ministry", "auditor", "suspended", "expired"])
    def test_answers_alike_for_everybody_who_cannot_read_cases(
        self, region, ana, acting, recorded, now, flaw
    ):
        case = region.case(ana)
        roles = {"ministry": "ministry", "auditor": "national-auditor"}
        person = uuid4() if flaw == "nobody" else region.person("SV", roles.get(flaw, "liaison")).id
        if flaw == "suspended":
            Person.objects.filter(id=person).update(suspended_at=now)
        if flaw == "expired":
            Person.objects.filter(id=person).update(valid_until=now)
        with recorded(), pytest.raises(Refused, match="person-unknown"):
            acting(
                services.add_person, ana, case=case, client_id=uuid4(), person=person, circles=[]
            )

    def test_hides_a_thread_that_the_actor_does_not_read(
        self, region, ana, boris, carla, acting, recorded
    ):
        case = region.case(ana, boris, carla)
        theirs = region.thread(boris, carla, case=case)
        newcomer = region.equipped("SV")
        with recorded(), pytest.raises(NotVisible):
            acting(
                services.add_person,
                ana,
                case=case,
                client_id=uuid4(),
                person=newcomer.id,
                circles=[theirs],
            )
        assert newcomer.person not in readers(title_of(case))

    def test_hides_a_thread_of_another_case(self, region, ana, boris, acting, recorded):
        case, other = region.case(ana), region.case(ana)
        elsewhere = region.thread(ana, case=other)
        newcomer = region.equipped("SV")
        with recorded(), pytest.raises(NotVisible):
            acting(
                services.add_person,
                ana,
                case=case,
                client_id=uuid4(),
                person=newcomer.id,
                circles=[elsewhere],
            )

    def test_hides_the_case_from_an_outsider(self, region, ana, boris, acting, recorded):
        case = region.case(ana)
        with recorded(), pytest.raises(NotVisible):
            acting(
                services.add_person,
                boris,
                case=case,
                client_id=uuid4(),
                person=boris.id,
                circles=[],
            )


class TestRemovePerson:
    def test_takes_every_circle_of_the_case_at_once(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        threads = [region.thread(ana, boris, case=case) for _ in range(2)]
        with recorded("cases.person.removed"):
            acting(services.remove_person, ana, case=case, person=boris.id)
        for circle in (title_of(case), *threads):
            assert readers(circle) == {ana.person}
        assert queries.cases_for(boris.actor, now=region.now) == []

    def test_leaves_their_other_cases_alone(self, region, ana, boris, acting):
        case, other = region.case(ana, boris), region.case(ana, boris)
        acting(services.remove_person, ana, case=case, person=boris.id)
        assert readers(title_of(other)) == {ana.person, boris.person}

    def test_keeps_who_was_in_and_until_when(self, region, ana, boris, acting, now):
        case = region.case(ana, boris)
        acting(services.remove_person, ana, case=case, person=boris.id)
        member = CaseMember.objects.get(case=case, person_id=boris.person)
        assert member.removed_at == now
        assert Reader.objects.get(circle=title_of(case), person_id=boris.person).until == now

    def test_lets_a_removed_person_come_back_to_the_title_only(self, region, ana, boris, acting):
        case = region.case(ana, boris)
        thread = region.thread(ana, boris, case=case)
        acting(services.remove_person, ana, case=case, person=boris.id)
        acting(services.add_person, ana, case=case, client_id=uuid4(), person=boris.id, circles=[])
        assert readers(title_of(case)) == {ana.person, boris.person}
        assert readers(thread) == {ana.person}

    def test_refuses_to_remove_somebody_of_another_state(
        self, region, ana, boris, carla, acting, recorded
    ):
        case = region.case(ana, boris, carla)
        with recorded(), pytest.raises(Refused, match="not-yours-to-remove"):
            acting(services.remove_person, boris, case=case, person=carla.id)

    def test_refuses_to_remove_the_owner(self, region, ana, acting, recorded):
        colleague = region.equipped("SV")
        case = region.case(ana, colleague)
        with recorded(), pytest.raises(Refused, match="owner-stays"):
            acting(services.remove_person, colleague, case=case, person=ana.id)

    def test_hides_whether_a_person_is_known_who_is_not_in_the_case(
        self, region, ana, boris, acting, recorded
    ):
        case = region.case(ana)
        for person in (boris.id, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                acting(services.remove_person, ana, case=case, person=person)

    def test_hides_the_case_from_whoever_was_removed(self, region, ana, boris, acting, recorded):
        case = region.case(ana, boris)
        acting(services.remove_person, ana, case=case, person=boris.id)
        with recorded(), pytest.raises(NotVisible):
            acting(services.remove_person, boris, case=case, person=boris.id)


class TestAnswersToAnOutsider:
    def test_a_foreign_case_and_none_at_all_raise_the_same(self, region, ana, boris, now):
        case = region.case(ana)
        thread = region.thread(ana, case=case)
        raised = []
        for target in (case, uuid4()):
            for service in (services.read_case, services.remove_person, services.open_thread):
                extra = {
                    services.read_case: {},
                    services.remove_person: {"person": ana.id},
                    services.open_thread: {"client_id": uuid4(), "people": []},
                }[service]
                with pytest.raises(NotVisible) as error:
                    run(
                        service,
                        act="cases.case.read",
                        actor=boris.actor,
                        now=now,
                        case=target,
                        **extra,
                    )
                raised.append((error.value.code, error.value.params))
        for target in (thread, uuid4()):
            with pytest.raises(NotVisible) as error:
                services.remove_reader(circle=target, person=ana.id, actor=boris.actor, now=now)
            raised.append((error.value.code, error.value.params))
        assert {str(one) for one in raised} == {"('not-found', {})"}
