"""What the log says of first-line information, to auditors of a State that is not in the case."""

from __future__ import annotations

import pytest

from audit.queries import payloads_of
from casehub.cases import queries as cases
from casehub.cases import services
from casehub.cases.models import Case
from casehub.notes.models import Note
from tests.integration.notes.made import note_to

pytestmark = pytest.mark.django_db


class TestTheToldState:
    def test_s_auditors_do_not_read_the_reference_of_the_case(self, desk):
        ana, told = desk.region.equipped("GT"), desk.region.person("SV")
        case = desk.region.case(ana)
        note_to(desk.region, ana, told, case=case)
        desk.sequence()
        (row,) = desk.ask(acts=["notes"])["entries"]
        entry = desk.post(f"entries/{row['log']}/{row['position']}/open")
        assert entry.status_code == 200
        assert Case.objects.get(id=case).reference not in entry.content.decode()


class TestWhoeverIsRemovedFromTheCase:
    """By another State that is in it, which is told of no note and ends none."""

    @pytest.fixture
    def note(self, desk):
        region = desk.region
        ana, owner = region.equipped("GT"), region.equipped("MX")
        case = region.case(owner, ana)
        made = Note.objects.get(id=note_to(region, ana, region.person("SV"), case=case))
        services.remove_person(case=case, person=ana.id, actor=owner.actor, now=region.now)
        return made, ana

    def test_is_told_of_with_no_word_of_the_note(self, note):
        (event,) = payloads_of("cases.person.removed")
        assert str(note[0].circle_id) not in event["payload"]["circles"]

    def test_still_reads_the_note_that_they_sent(self, note):
        made, ana = note
        assert ana.id in cases.readers_of([made.circle_id])[made.circle_id]
