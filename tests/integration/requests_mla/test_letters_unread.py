"""That a letter came is told to who may read it, until they were shown it; and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.cases import queries as cases_read
from casehub.cases import services as cases
from casehub.cases.models import Reader
from casehub.core.errors import NotVisible
from casehub.digests import queries as digests
from casehub.directory.models import Person
from requests_mla import markers, queries
from requests_mla.models import LetterMark
from tests.integration.requests_mla.moving import official
from tests.integration.requests_mla.writing import wrote

pytestmark = pytest.mark.django_db
SENT = ("authorise", "transmit")


@pytest.fixture
def sent(led):
    return led(*SENT)


def unread(who):
    """Return how many letters somebody has not read."""
    return sum(one["count"] for one in queries.unread_letters_of(who.actor))


def marked(sent, who, letter):
    markers.mark_letters_read(request_id=sent.request, letter=letter, actor=who.actor, now=sent.now)


def counted(sent, who):
    """Return how many letters the daily e-mail counts for somebody."""
    return digests.counts_for(Person.objects.get(id=who.person), sent.now).letters


class TestALetter:
    def test_is_new_to_all_who_read_it_but_its_author(self, sent, people, sofia, mario):
        for author in (mario, mario, sofia):
            wrote(sent, author, mario, sofia)
        wanted = {one.id: 3 for one in people.values()} | {mario.id: 1, sofia.id: 2}
        assert {one.id: unread(one) for one in people.values()} == wanted
        assert {one.id: counted(sent, one) for one in people.values()} == wanted

    def test_is_told_by_its_request_and_its_moment_alone(self, sent, mario, sofia, now):
        wrote(sent, mario, sofia)
        later = now + timedelta(hours=1)
        wrote(sent, mario, sofia, now=later)
        (told,) = queries.unread_letters_of(sofia.actor)
        between = {"requesting_state": "SV", "requested_state": "MX", "audience": "both"}
        assert told == {"request": sent.request, **between, "count": 2, "at": later}

    def test_is_new_no_more_to_whom_it_was_shown(self, sent, mario, sofia, ana):
        first, second = wrote(sent, mario, sofia), wrote(sent, mario, sofia)
        marked(sent, sofia, first)
        assert (unread(sofia), unread(ana)) == (1, 2)
        marked(sent, sofia, second)
        assert (queries.unread_letters_of(sofia.actor), counted(sent, sofia)) == ([], 0)
        wrote(sent, mario, sofia)
        assert unread(sofia) == 1

    def test_stays_read_when_an_earlier_one_is_shown_late(self, sent, mario, sofia):
        first, second = wrote(sent, mario, sofia), wrote(sent, mario, sofia)
        for one in (second, first):
            marked(sent, sofia, one)
        assert unread(sofia) == 0
        assert LetterMark.objects.count() == 1

    def test_that_is_read_is_in_no_log(self, sent, mario, sofia, recorded):
        letter = wrote(sent, mario, sofia)
        with recorded():
            marked(sent, sofia, letter)

    def test_is_new_to_who_came_later(self, region, sent, mario, sofia):
        marked(sent, sofia, wrote(sent, mario, sofia))
        assert (unread(sofia), unread(official(region, "MX"))) == (0, 1)

    def test_of_a_case_that_is_deleted_is_none_and_leaves_no_mark(
        self, led, case, ana, mario, sofia, acting, now
    ):
        ready = led(*SENT, "acknowledge", "begin", "execute", "close")
        marked(ready, sofia, wrote(ready, mario, sofia))
        wrote(ready, mario, sofia)
        acting(cases.close_case, ana, case=case)
        assert unread(sofia) == 1
        cases.erase_case(case=case, now=now + timedelta(days=365 * 11))
        assert unread(sofia) == 0
        assert not LetterMark.objects.exists()


class TestNobodyElse:
    def test_is_told_of_one_nor_marks_one(self, region, sent, mario, sofia, boris):
        letter = wrote(sent, mario, sofia)
        others = [boris, official(region, "GT"), region.person("SV", "coordinator")]
        for who in [*others, region.person("MX", "coordinator")]:
            region.session(who)
            assert (unread(who), counted(sent, who)) == (0, 0)
            with pytest.raises(NotVisible):
                marked(sent, who, letter)

    def test_is_told_who_left_the_draft_or_the_post(self, sent, mario, sofia, bea, now):
        wrote(sent, mario, sofia)
        assert (unread(sofia), unread(bea)) == (1, 1)
        Reader.objects.filter(person_id=bea.id).update(until=now)
        assert (unread(bea), counted(sent, bea)) == (0, 0)
        assert not queries.unread_letters_of(replace(sofia.actor, reads_until=now))

    def test_is_told_who_is_stopped(self, region, sent, mario, sofia, bea, browser, now):
        wrote(sent, mario, sofia)
        pages = [browser(who) for who in (sofia, bea)]
        for who, page in zip((sofia, bea), pages, strict=True):
            assert [one["count"] for one in page.get("/api/letters").json()] == [1]
            region.end(who, suspended_at=now)
            assert page.get("/api/letters").status_code in {401, 403}
        assert (unread(bea), counted(sent, bea)) == (0, 0)

    def test_marks_by_a_letter_that_is_not_there(self, sent, mario, sofia):
        wrote(sent, mario, sofia)
        with pytest.raises(NotVisible):
            marked(sent, sofia, uuid4())
        assert unread(sofia) == 1

    def test_is_told_before_a_request_is_sent(self, led, people):
        led("authorise")
        assert [unread(people[name]) for name in ("home", "drafter", "signatory")] == [0, 0, 0]


def test_they_are_counted_without_being_fetched(sent, mario, sofia, django_assert_num_queries):
    for _ in range(9):
        wrote(sent, mario, sofia)
    with django_assert_num_queries(1):
        assert unread(sofia) == 9


def test_a_browser_marks_what_it_has_shown(sent, mario, sofia, browser):
    letters = [wrote(sent, mario, sofia) for _ in range(2)]
    page, url = browser(sofia), f"/api/dossiers/{sent.request}/letters/read"
    left = []
    for letter in letters:
        answer = page.put(url, {"letter": str(letter)}, content_type="application/json")
        left.append([(one["request"], one["count"]) for one in answer.json()])
    assert left == [[(str(sent.request), 1)], []]
    assert page.get("/api/letters").json() == []


def test_a_mark_is_set_while_the_request_is_held(sent, mario, sofia, monkeypatch):
    """Else one that is set while its case is deleted would stay behind."""
    letter = wrote(sent, mario, sofia)
    held = []
    monkeypatch.setattr(cases_read, "hold", held.extend)
    marked(sent, sofia, letter)
    assert held == [sent.row.circle_id]
