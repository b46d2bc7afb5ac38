"""How somebody is reached: sealed, shown within a case or to their own State, logged first."""

from __future__ import annotations

from uuid import uuid4

import pytest

from audit.models import AuditEvent
from casehub.cases import services as cases
from casehub.core.errors import NotVisible, Refused
from casehub.directory import queries, services
from casehub.directory.models import Contact, ContactOpening
from tests.factories import Someone

PHONE, NOTE = "+503 7777 0199", "Después de las 22:00 solo llamar"


@pytest.fixture
def people(region):
    """Return a liaison of each of two States, in one case, and the case."""
    ana, luz = region.person("SV"), region.person("MX")
    return ana, luz, region.case(ana, luz)


@pytest.fixture
def give(region, now):
    def call(who: Someone, *, by: Someone | None = None, duty: bool = False):
        actor = (by or who).actor
        services.change_contact(
            person=who.id, phone=PHONE, note=NOTE, duty=duty, actor=actor, now=now
        )

    return call


@pytest.fixture
def ask(now):
    def call(who: Someone, person, case=None):
        return cases.open_contact(
            person=getattr(person, "id", person), case=case, actor=who.actor, now=now
        )

    return call


class TestAContact:
    def test_is_given_by_the_person_or_their_coordinator(self, region, people, give, recorded):
        ana, _, _ = people
        with recorded("directory.contact.changed"):
            give(ana)
        with recorded("directory.contact.changed"):
            give(ana, by=region.seat("SV").coordinator)
        with recorded(), pytest.raises(NotVisible):
            give(ana, by=region.seat("MX").coordinator)

    def test_lies_sealed_and_opens_for_its_person_alone(self, people, give, ask):
        ana, luz, _ = people
        give(ana)
        give(luz)
        row = Contact.objects.get(person=ana.id)
        assert PHONE.encode() not in bytes(row.sealed)
        assert NOTE.encode() not in bytes(row.sealed)
        Contact.objects.filter(person=ana.id).update(
            sealed=Contact.objects.get(person=luz.id).sealed
        )
        with pytest.raises(ValueError, match="no secret key"):
            ask(ana, ana)

    def test_leaves_no_former_one_behind(self, people, give):
        ana, _, _ = people
        give(ana)
        give(ana)
        changes = queries.opened_card(ana.actor, ana.person)["changes"]
        assert [one["was"] for one in changes] == [{}, {}]


class TestOpeningIt:
    def test_within_a_shared_case_is_logged_with_person_and_case(self, people, give, ask, recorded):
        ana, luz, case = people
        give(ana)
        with recorded("directory.contact.opened"):
            shown = ask(luz, ana, case)
        assert (shown["phone"], shown["note"]) == (PHONE, NOTE)
        opening = ContactOpening.objects.get()
        assert (str(opening.by_id), opening.case) == (luz.person, case)
        event = AuditEvent.objects.get(id=opening.audit_event_id)
        assert event.kind == "directory.contact.opened"

    def test_is_seen_by_the_person_and_by_nobody_else(self, region, people, give, ask, now):
        ana, luz, case = people
        give(ana)
        ask(luz, ana, case)
        seen = queries.opened_card(ana.actor, ana.person)["openings"]
        assert seen == [{"by": "Persona Ficticia", "state": "MX", "case": case, "at": now}]
        for other in (luz, region.seat("SV").coordinator):
            assert queries.opened_card(other.actor, ana.person)["openings"] == []

    def test_is_not_there_without_a_case(self, people, give, ask, recorded):
        ana, luz, _ = people
        give(ana)
        for person in (ana, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                ask(luz, person)

    def test_is_not_there_in_a_case_that_one_of_them_is_not_in(
        self, region, people, give, ask, recorded
    ):
        ana, luz, case = people
        give(ana)
        other = region.case(luz, region.person("GT"))
        stranger = region.person("GT")
        for who, within in [(luz, other), (stranger, case), (luz, uuid4())]:
            with recorded(), pytest.raises(NotVisible):
                ask(who, ana, within)

    def test_ends_with_the_place_in_the_case(self, people, give, ask, recorded, now):
        ana, luz, case = people
        give(luz)
        assert ask(ana, luz, case)["phone"] == PHONE
        cases.remove_person(case=case, person=luz.id, actor=ana.actor, now=now)
        with recorded(), pytest.raises(NotVisible):
            ask(ana, luz, case)

    @pytest.mark.parametrize(
        "role", ["liaison", "coordinator", "ministry", "central-authority", "national-auditor"]
    )
    def test_is_for_its_own_state_without_a_case(self, region, people, give, ask, role):
        give(people[0])
        assert ask(region.person("SV", role), people[0])["phone"] == PHONE

    def test_between_coordinators_is_for_who_is_on_duty(self, region, people, give, ask, recorded):
        ours, theirs = region.seat("SV").coordinator, region.seat("MX").coordinator
        give(ours)
        with recorded(), pytest.raises(NotVisible):
            ask(theirs, ours)
        give(ours, duty=True)
        with recorded("directory.contact.opened"):
            assert ask(theirs, ours)["duty"] is True
        with recorded(), pytest.raises(NotVisible):
            ask(people[1], ours)

    def test_says_so_where_none_was_given(self, people, ask, recorded):
        ana, luz, case = people
        with recorded(), pytest.raises(Refused, match="contact-not-given"):
            ask(luz, ana, case)

    def test_answers_without_one_as_for_nobody_who_may_not_see(self, people, give, ask, recorded):
        """Whether a contact was given is nobody's to learn who would not be shown it."""
        ana, luz, _ = people
        with recorded(), pytest.raises(NotVisible):
            ask(luz, ana)
        give(ana)
        with recorded(), pytest.raises(NotVisible):
            ask(luz, ana)
