"""Who is out of whatever they were in: by a post without cases, or removed."""

from __future__ import annotations

from uuid import UUID

import pytest

from casehub.cases import queries
from casehub.core.errors import NotVisible
from casehub.directory.models import Person
from messaging import queries as messages


@pytest.fixture
def thread(region, ana, boris):
    found = region.thread(ana, boris)
    assert queries.readers_of([found])[found] == {ana.id, boris.id}
    Person.objects.filter(id=boris.id).update(roles="national-auditor")
    return found


class TestWhoeverHasAnotherPost:
    def test_reads_no_circle_any_more(self, thread, ana):
        assert queries.readers_of([thread])[thread] == {ana.id}

    def test_finds_none_of_their_own_either(self, thread, ana, boris):
        for who, found in ((ana, [thread]), (boris, [])):
            assert [one for one in queries.circles_of(who.id) if one == thread] == found
            rows = queries.readable(who.actor).filter(id=thread)
            assert list(rows.values_list("id", flat=True)) == found
        with pytest.raises(NotVisible):
            queries.circle_for(boris.actor, thread)

    def test_hears_of_none(self, thread, ana, boris):
        assert messages.audience(thread) == {str(ana.id)}

    def test_has_a_leaf_that_counts_no_more_so_that_somebody_takes_it_out(
        self, thread, region, ana, boris
    ):
        places = messages.places_of([thread], region.now)[thread]
        assert [(place.person, place.in_force) for place in places] == [
            (UUID(ana.person), True),
            (UUID(boris.person), False),
        ]


class TestWhoeverIsRemoved:
    def test_reads_nothing_even_if_no_suspension_is_written_beside_it(self, region, ana, boris):
        thread = region.thread(ana, boris)
        Person.objects.filter(id=boris.id).update(removed_at=region.now)
        assert queries.readers_of([thread])[thread] == {ana.id}
        with pytest.raises(NotVisible):
            queries.circle_for(boris.actor, thread)


def test_who_reads_is_asked_with_people_in_one_place(region, ana, boris, django_assert_num_queries):
    """In two, a database that knows nothing yet of its tables takes each person with each."""
    thread = region.thread(ana, boris)
    with django_assert_num_queries(1) as asked:
        queries.readers_of([thread])
    (sql,) = (one["sql"] for one in asked.captured_queries)
    assert sql.count('JOIN "directory_person"') == 1
