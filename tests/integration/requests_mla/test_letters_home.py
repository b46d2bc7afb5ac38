"""What a requesting State's people write to each other: theirs alone, also once it was sent."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from casehub.cases import services as cases
from casehub.core.errors import NotVisible, Refused
from casehub.digests import queries as digests
from casehub.directory.models import Person
from requests_mla import limits, markers, notify, queries, services
from requests_mla.codes import BOTH, HOME
from requests_mla.models import Letter, LetterMark
from tests.integration.requests_mla.enclosed import SIZE, begin, opened, whole
from tests.integration.requests_mla.moving import USUAL, official
from tests.integration.requests_mla.writing import key_of, on_the_wire, read, shared, wrote

pytestmark = pytest.mark.django_db
OURS = ("drafter", "signatory", "home")


@pytest.fixture
def authorised(led):
    return led("authorise")


@pytest.fixture
def sent(led):
    return led("authorise", "transmit")


def at_home(ready, by, *to, **changes):
    """Write to one's own, and return the letter's id."""
    return wrote(ready, by, *to, audience=HOME, **changes)


def unread(who):
    """Return how many letters somebody has not read, by for whom they are."""
    return {one["audience"]: one["count"] for one in queries.unread_letters_of(who.actor)}


def marked(ready, who, letter, audience=HOME):
    markers.mark_letters_read(
        request_id=ready.request, letter=letter, audience=audience, actor=who.actor, now=ready.now
    )


class TestALetterToOnesOwn:
    def test_is_read_from_the_authorisation_on_by_who_drafts_and_their_central_authority(
        self, authorised, people, sofia, ana, bea
    ):
        letter = at_home(authorised, ana, bea, sofia)
        back = at_home(authorised, sofia, ana, bea)
        for name in OURS:
            found = read(authorised, people[name], HOME)
            assert [one["id"] for one in found] == [letter, back]
            assert [one["keys"][0]["key"] for one in found] == [key_of(people[name])] * 2
            assert queries.dossier_shape_for(people[name].actor, authorised.request)["home_letters"]

    def test_is_written_by_nobody_before(self, ready, ana, region):
        assert not queries.dossier_shape_for(ana.actor, ready.request)["home_letters"]
        for act in (lambda: at_home(ready, ana), lambda: read(ready, ana, HOME)):
            with pytest.raises(NotVisible):
                act()

    def test_is_written_after_it_was_sent_and_after_it_came_back(self, led, draft, ana, bea, sofia):
        back = led("authorise", "transmit", "acknowledge", "return")
        at_home(back, sofia, ana)
        draft.take(ana)
        draft.save(ana, disclosed={"measures": ["bank_records", "bank_records"]})
        at_home(back, ana, sofia)
        draft.attest(ana, ready=True)
        back.move(bea, "authorise")
        at_home(back, ana, sofia)
        assert len(read(back, sofia, HOME)) == 3

    def test_names_who_reads_it_and_nobody_abroad(self, sent, ana, bea, sofia):
        told = queries.letters_for(sofia.actor, sent.request, HOME)["readers"]
        central = {one["person"]: one["central"] for one in told}
        assert central == {ana.id: False, bea.id: False, sofia.id: True}

    def test_is_sealed_to_nobody_abroad(self, sent, ana, mario):
        with pytest.raises(Refused, match="letter-readers"):
            at_home(sent, ana, mario)
        letter = at_home(sent, ana)
        with pytest.raises(Refused, match="letter-readers"):
            shared(sent, ana, letter, mario, audience=HOME)

    def test_goes_with_no_step(self, sent, sofia):
        for step in (1, 2):
            with pytest.raises(Refused, match="letter-step"):
                at_home(sent, sofia, step=step)

    def test_is_in_the_log_of_its_own_state_alone(self, sent, ana, sofia, mario):
        letter = at_home(sent, ana)
        shared(sent, ana, letter, sofia, audience=HOME)
        wrote(sent, ana, mario)
        at, both = log.payloads_of("requests.letter.sent")
        assert (at["states"], at["payload"]["audience"]) == (["SV"], "home")
        assert (both["states"], both["payload"]["audience"]) == (["MX", "SV"], "both")
        (given,) = log.payloads_of("requests.letters.shared")
        assert given["states"] == ["SV"]

    def test_is_another_one_than_one_to_both(self, sent, ana, mario):
        letter = at_home(sent, ana)
        with pytest.raises(Refused, match="id-reused"):
            wrote(sent, ana, letter=letter)
        assert (len(read(sent, ana)), len(read(sent, ana, HOME))) == (0, 1)

    def test_is_stored_once_however_often_it_is_sent(self, sent, ana, recorded):
        letter = at_home(sent, ana)
        with recorded():
            at_home(sent, ana, letter=letter)

    def test_counts_among_what_its_author_may_fill(self, sent, ana, mario, monkeypatch):
        monkeypatch.setattr(limits, "LETTER_SHARE", 2)
        at_home(sent, ana)
        wrote(sent, ana)
        for audience in (HOME, BOTH):
            with pytest.raises(Refused, match="letter-share-full"):
                wrote(sent, ana, audience=audience)
        wrote(sent, mario)  # what others fill at home is nothing to them

    def test_is_new_to_its_own_readers_until_they_were_shown_it(self, sent, ana, sofia, mario):
        first = at_home(sent, ana, sofia)
        both = wrote(sent, mario, sofia)
        assert unread(sofia) == {"home": 1, "both": 1}
        marked(sent, sofia, both, BOTH)
        assert unread(sofia) == {"home": 1}  # a mark in one says nothing of the other
        marked(sent, sofia, first)
        assert unread(sofia) == {}
        assert LetterMark.objects.filter(person_id=sofia.id).count() == 2

    def test_rings_for_its_own_readers_alone(self, sent, ana, bea, sofia, monkeypatch):
        told = []
        monkeypatch.setattr(notify, "request_changed", lambda _, people: told.append(set(people)))
        letter = at_home(sent, ana)
        shared(sent, ana, letter, sofia, audience=HOME)
        assert told == [{one.id for one in (ana, bea, sofia)}] * 2

    def test_of_a_case_that_is_closed_is_read_and_no_more_are_written(
        self, led, case, ana, sofia, acting
    ):
        over = led("authorise")
        over.move(sofia, "withdraw", **USUAL["withdraw"])
        at_home(over, sofia, ana)
        acting(cases.close_case, ana, case=case)
        with pytest.raises(Refused, match="case-closed"):
            at_home(over, sofia)
        assert len(read(over, ana, HOME)) == 1

    def test_goes_with_its_case(self, led, case, ana, sofia, acting, now):
        ready = led("authorise", "transmit", "acknowledge", "begin", "execute", "close")
        marked(ready, sofia, at_home(ready, ana, sofia))
        acting(cases.close_case, ana, case=case)
        cases.erase_case(case=case, now=now + timedelta(days=365 * 11))
        assert not Letter.objects.exists()
        assert not LetterMark.objects.exists()


class TestAbroad:
    @pytest.fixture
    def written(self, sent, ana, sofia, mario, monkeypatch):
        """Return ten letters to one's own, with four to both States among them."""
        monkeypatch.setattr(limits, "LETTERS_PAGE", 3)
        for at in range(14):
            if at % 4 == 1:
                wrote(sent, sofia, mario)
            else:
                at_home(sent, ana, sofia)
        return sent

    def test_no_number_tells_that_there_are_any(self, written, mario, sofia):
        told = queries.letters_for(mario.actor, written.request, BOTH)
        assert (told["first"], len(told["letters"])) == (2, 3)
        before = queries.letters_for(mario.actor, written.request, BOTH, before=2)
        assert (before["first"], len(before["letters"])) == (1, 1)
        assert unread(mario) == {"both": 4}
        counted = digests.counts_for(Person.objects.get(id=mario.person), written.now)
        assert counted.letters == 4
        own = queries.letters_for(sofia.actor, written.request, HOME)
        assert (own["first"], len(own["letters"])) == (8, 3)

    def test_a_dossier_looks_as_if_there_were_none(self, sent, ana, mario):
        before = queries.dossier_shape_for(mario.actor, sent.request)
        at_home(sent, ana, enclosures=[whole(sent, ana)])
        assert queries.dossier_shape_for(mario.actor, sent.request) == before
        assert not before["home_letters"]

    def test_one_is_answered_as_if_there_were_none(self, region, sent, ana, mario, boris):
        letter = at_home(sent, ana)
        others = [mario, boris, official(region, "GT"), region.person("SV", "coordinator")]
        for who in [*others, region.person("MX", "coordinator")]:
            region.session(who)
            assert unread(who) == {}
            for one in (letter, uuid4()):
                for act in (
                    lambda who, _: read(sent, who, HOME),
                    lambda who, _: at_home(sent, who),
                    lambda who, one: marked(sent, who, one),
                    lambda who, one: marked(sent, who, one, BOTH),
                    lambda who, one: shared(sent, who, one, who, audience=HOME),
                    lambda who, one: shared(sent, who, one, who),
                ):
                    with pytest.raises(NotVisible):
                        act(who, one)

    def test_one_is_answered_so_over_http_too(self, sent, ana, mario, browser):
        letter, his = at_home(sent, ana), browser(mario)
        answers = []
        for request, one in ((sent.request, letter), (uuid4(), uuid4())):
            url, as_json = f"/api/dossiers/{request}/letters", {"content_type": "application/json"}
            key = on_the_wire(mario)
            body = {"id": str(uuid4()), "step": 0, "body": "AA", "keys": [key], "audience": HOME}
            given = [
                his.get(f"{url}?audience=home"),
                his.put(f"{url}/read", {"letter": str(one), "audience": HOME}, **as_json),
                his.post(url, body, **as_json),
                his.post(
                    f"{url}/keys",
                    {"keys": [{**key, "letter": str(one)}], "audience": HOME},
                    **as_json,
                ),
            ]
            assert {a.status_code for a in given} == {404}
            answers.append([(a.content, sorted(a.headers)) for a in given])
        assert answers[0] == answers[1]
        assert his.get(f"/api/dossiers/{sent.request}/letters?audience=else").status_code == 400

    def test_keys_of_one_are_given_as_of_one_to_both_by_nobody(self, sent, ana, sofia, mario):
        """Else whoever reads both could have the server hand one to the other State."""
        letter = at_home(sent, ana, sofia)
        for to in (mario, sofia):
            with pytest.raises(NotVisible):
                shared(sent, ana, letter, to)


class TestAFileForOnesOwn:
    @pytest.fixture
    def enclosed(self, authorised, ana, sofia):
        made = whole(authorised, ana)
        at_home(authorised, ana, sofia, enclosures=[made])
        return made

    def test_is_begun_once_it_was_authorised_by_those_who_write(self, authorised, people):
        for name in OURS:
            begin(authorised, people[name])
        with pytest.raises(NotVisible):
            begin(authorised, people["abroad"])

    def test_is_opened_by_its_own_and_that_is_in_their_log_alone(
        self, authorised, enclosed, ana, sofia, mario
    ):
        assert opened(authorised, sofia, enclosed) == SIZE
        (letter,) = read(authorised, ana, HOME)
        (once,) = letter["files"][0]["opened"]
        assert (once["person"], once["state"]) == (sofia.id, "SV")
        (event,) = log.payloads_of("requests.enclosure.opened")
        assert event["states"] == ["SV"]

    def test_rings_for_its_own_alone(self, sent, ana, bea, sofia, monkeypatch):
        made = whole(sent, ana)
        at_home(sent, ana, sofia, enclosures=[made])
        told = []
        monkeypatch.setattr(notify, "request_changed", lambda _, people: told.append(set(people)))
        opened(sent, sofia, made)
        assert told == [{one.id for one in (ana, bea, sofia)}]

    def test_is_abroad_what_is_not_there_by_the_number_of_questions_too(
        self, sent, ana, sofia, mario
    ):
        made = whole(sent, ana)
        at_home(sent, ana, sofia, enclosures=[made])
        opened(sent, sofia, made)
        for act in (
            lambda one: opened(sent, mario, one),
            lambda one: queries.piece_digest_for(mario.actor, one, 0, sent.now),
            lambda one: queries.enclosing_state(mario.actor, one),
            lambda one: services.remove_enclosure(enclosure=one, actor=mario.actor, now=sent.now),
        ):
            asked = []
            for one in (made, uuid4()):
                with CaptureQueriesContext(connection) as found, pytest.raises(NotVisible):
                    act(one)
                asked.append(len(found))
            assert asked[0] == asked[1]

    def test_goes_with_no_letter_to_both(self, sent, ana, mario):
        made = whole(sent, ana)
        at_home(sent, ana, enclosures=[made])
        with pytest.raises(Refused, match="attachment-incomplete"):
            wrote(sent, ana, mario, enclosures=[made])


def test_what_a_browser_sends_to_its_own_is_taken_as_it_is(authorised, ana, sofia, browser):
    letter, url = uuid4(), f"/api/dossiers/{authorised.request}/letters"
    keys = [on_the_wire(one) for one in (ana, sofia)]
    body = {"id": str(letter), "step": 0, "body": "c2VhbGVk", "keys": keys, "audience": HOME}
    page = browser(sofia)
    answer = page.post(url, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    (found,) = page.get(f"{url}?audience=home").json()["letters"]
    assert (found["id"], found["body"]) == (str(letter), "c2VhbGVk")
    assert page.get(url).status_code == 404  # nothing is written to both before it is sent
    (line,) = browser(ana).get("/api/letters").json()
    assert (line["audience"], line["count"]) == ("home", 1)
    more = {"keys": [keys[0] | {"letter": str(letter)}], "audience": HOME}
    assert page.post(f"{url}/keys", more, content_type="application/json").json()["letters"]
    shown = {"letter": str(letter), "audience": HOME}
    left = page.put(f"{url}/read", shown, content_type="application/json")
    assert left.json() == []
