"""What central authorities and those who draft write to each other: who may, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from casehub.cases import services as cases
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from requests_mla import limits, queries, services
from requests_mla.codes import BOTH
from requests_mla.models import Letter, LetterKey
from tests.integration.requests_mla import enclosed
from tests.integration.requests_mla.moving import USUAL, official
from tests.integration.requests_mla.writing import (
    BODY,
    key_of,
    on_the_wire,
    read,
    sealed_to,
    shared,
    wrote,
)

pytestmark = pytest.mark.django_db
SENT = ("authorise", "transmit")


def copy_of(row, **changes):
    """Return another row of a table with the same values but these."""
    names = [one.attname for one in row._meta.concrete_fields]
    return type(row)(**({name: getattr(row, name) for name in names} | changes))


@pytest.fixture
def sent(led):
    return led(*SENT)


class TestALetter:
    def test_is_read_by_both_central_authorities_and_who_drafts(self, sent, people, mario):
        letter = wrote(sent, mario, *people.values(), step=2)
        for who in people.values():
            (found,) = read(sent, who)
            assert (found["id"], found["step"], found["person"]) == (letter, 2, mario.id)
            assert [one["key"] for one in found["keys"]] == [key_of(who)]

    def test_is_read_without_what_is_sealed_to_others(self, sent, people, mario):
        wrote(sent, mario, *people.values())
        with CaptureQueriesContext(connection) as asked:
            read(sent, mario)
        sealed = [one["sql"] for one in asked if '"wrapped"' in one["sql"]]
        assert sealed
        assert all('"requests_mla_letterkey"."person_id" = ' in one for one in sealed)

    def test_names_who_reads_it(self, sent, ana, bea, sofia, mario):
        told = queries.letters_for(mario.actor, sent.request, BOTH)["readers"]
        central = {one["person"]: one["central"] for one in told}
        assert central == {ana.id: False, bea.id: False, sofia.id: True, mario.id: True}

    def test_is_in_the_log_of_both_states_without_its_words(self, sent, sofia, mario):
        letter = wrote(sent, mario, sofia)
        (event,) = log.payloads_of("requests.letter.sent")
        payload = event["payload"]
        assert (payload["letter"], payload["step"]) == (str(letter), 0)
        assert payload["people"] == sorted([str(mario.id), str(sofia.id)])
        assert BODY.decode() not in str(event)

    def test_is_stored_once_however_often_it_is_sent(self, sent, sofia, mario, recorded):
        letter = wrote(sent, mario, sofia)
        with recorded():
            wrote(sent, mario, sofia, letter=letter)
            with pytest.raises(Refused, match="id-reused"):
                wrote(sent, mario, sofia, letter=letter, body=b"other")
        assert Letter.objects.count() == 1

    def test_has_an_id_that_is_nobody_elses(self, sent, sofia, mario):
        letter = wrote(sent, mario, sofia)
        with pytest.raises(Refused, match="id-reused"):
            wrote(sent, sofia, mario, letter=letter)

    def test_goes_with_a_step_that_both_states_know(self, sent, mario):
        with pytest.raises(Refused, match="letter-step"):
            wrote(sent, mario, step=3)

    def test_does_not_go_with_what_was_done_at_home_since_it_was_sent_back(
        self, led, draft, ana, bea, sofia
    ):
        back = led(*SENT, "acknowledge", "return")
        draft.take(ana)
        draft.save(ana, disclosed={"measures": ["bank_records", "bank_records"]})
        draft.attest(ana, ready=True)
        back.move(bea, "authorise")
        with pytest.raises(Refused, match="letter-step"):
            wrote(back, sofia, step=5)
        wrote(back, sofia, step=4)

    def test_is_sealed_to_nobody_who_does_not_read_it(self, region, sent, mario, boris):
        for stranger in (boris, official(region, "GT"), region.person("SV", "coordinator")):
            with pytest.raises(Refused, match="letter-readers"):
                wrote(sent, mario, stranger)

    def test_is_sealed_to_no_key_that_the_directory_does_not_have_of_its_reader(
        self, sent, mario, sofia, ana
    ):
        """Under another's name it would keep them out, and made-up ones would fill the table."""
        made_up = services.Sealed(mario.id, to_b64u(bytes(32)), b"w" * 80)
        anothers = services.Sealed(mario.id, key_of(sofia), b"w" * 80)
        for one in (made_up, anothers):
            with pytest.raises(Refused, match="letter-readers"):
                wrote(sent, mario, keys=[*sealed_to(mario), one])
        letter = wrote(sent, mario, ana)
        with pytest.raises(Refused, match="letter-readers"):
            services.share_letters(
                request_id=sent.request, keys=[(letter, anothers)], actor=mario.actor, now=sent.now
            )

    def test_is_one_of_as_many_bytes_as_one_person_may_fill(self, sent, sofia, mario, monkeypatch):
        monkeypatch.setattr(limits, "LETTERS_BYTES", 2 * len(BODY))
        wrote(sent, mario)
        wrote(sent, mario)
        with pytest.raises(Refused, match="letter-share-full"):
            wrote(sent, mario)
        wrote(sent, sofia)

    def test_is_one_of_so_many_of_one_person(self, sent, sofia, mario, monkeypatch):
        monkeypatch.setattr(limits, "LETTER_SHARE", 2)
        wrote(sent, mario)
        wrote(sent, mario)
        with pytest.raises(Refused, match="letter-share-full"):
            wrote(sent, mario)
        wrote(sent, sofia)


class TestAPage:
    @pytest.fixture
    def written(self, sent, mario, sofia, monkeypatch):
        """Return seven letters, of which three are told at once."""
        monkeypatch.setattr(limits, "LETTERS_PAGE", 3)
        return [wrote(sent, mario, sofia) for _ in range(7)]

    @pytest.mark.parametrize(
        ("before", "first", "numbers"),
        [
            (None, 5, [4, 5, 6]),
            (5, 2, [1, 2, 3]),
            (2, 1, [0]),
            (1, 1, []),
            (8, 5, [4, 5, 6]),
            (9_999, 9_996, []),
        ],
    )
    def test_is_the_newest_or_those_just_before_one(
        self, sent, written, sofia, before, first, numbers
    ):
        told = queries.letters_for(sofia.actor, sent.request, BOTH, before=before)
        assert told["first"] == first
        assert [one["id"] for one in told["letters"]] == [written[at] for at in numbers]
        assert all(len(one["keys"]) == 1 and len(one["held"]) == 2 for one in told["letters"])

    def test_has_the_files_of_its_own_letters_alone(self, sent, mario, monkeypatch):
        monkeypatch.setattr(limits, "LETTERS_PAGE", 1)
        made = [enclosed.whole(sent, mario) for _ in range(2)]
        for one in made:
            wrote(sent, mario, enclosures=[one])
        for before, there in ((None, made[1]), (2, made[0])):
            (one,) = queries.letters_for(mario.actor, sent.request, BOTH, before=before)["letters"]
            assert [file["id"] for file in one["files"]] == [there]

    def test_of_none_is_empty(self, sent, mario):
        told = queries.letters_for(mario.actor, sent.request, BOTH)
        assert (told["first"], told["letters"]) == (1, [])

    def test_of_a_thousand_reads_no_more_than_a_page_of_them(self, sent, mario, sofia, region):
        letter = wrote(sent, mario, sofia)
        (row,), keys = Letter.objects.filter(id=letter), LetterKey.objects.filter(letter=letter)
        many = [copy_of(row, id=uuid4(), audit_event_id=region.event()) for _ in range(999)]
        Letter.objects.bulk_create(many)
        key = keys.filter(person_id=sofia.id).get()
        made = [copy_of(key, id=None, letter_id=one.id) for one in many]
        LetterKey.objects.bulk_create(made)
        with CaptureQueriesContext(connection) as asked:
            told = queries.letters_for(sofia.actor, sent.request, BOTH)
        assert (told["first"], len(told["letters"])) == (901, 100)
        assert told["letters"][-1]["id"] == many[-1].id
        bodies = [one["sql"] for one in asked if '"requests_mla_letter"."body"' in one["sql"]]
        assert len(bodies) == 1
        assert " LIMIT 100" in bodies[0]

    def test_before_none_of_a_letter_is_no_page(self, sent, mario, browser):
        page, url = browser(mario), f"/api/dossiers/{sent.request}/letters"
        for before in ("0", "-1", "x", str(2**53)):
            assert page.get(f"{url}?before={before}").status_code == 400
        assert page.get(f"{url}?before=1").json()["letters"] == []


class TestNobodyElse:
    def test_reads_or_writes_one(self, region, sent, mario, boris):
        wrote(sent, mario)
        others = [boris, official(region, "GT"), region.person("SV", "coordinator")]
        for who in [*others, region.person("MX", "coordinator")]:
            region.session(who)
            for act in (lambda one: read(sent, one), lambda one: wrote(sent, one)):
                with pytest.raises(NotVisible):
                    act(who)

    def test_is_told_that_there_are_any(self, region, sent, people):
        told = region.person("MX", "coordinator")
        region.session(told)
        assert not queries.dossier_shape_for(told.actor, sent.request)["letters"]
        for who in people.values():
            assert queries.dossier_shape_for(who.actor, sent.request)["letters"]

    def test_writes_before_it_is_sent(self, led, people):
        authorised = led("authorise")
        for name in ("home", "drafter", "signatory"):
            shape = queries.dossier_shape_for(people[name].actor, authorised.request)
            assert not shape["letters"]
            with pytest.raises(NotVisible):
                wrote(authorised, people[name])

    def test_reads_on_who_left_the_post(self, region, sent, mario, sofia, now):
        wrote(sent, sofia, mario)
        with pytest.raises(NotVisible):
            queries.letters_for(replace(mario.actor, reads_until=now), sent.request, BOTH)
        region.end(mario, removed_at=now)
        with pytest.raises(Refused, match="letter-readers"):
            wrote(sent, sofia, mario)


class TestWhoComesLater:
    def test_is_given_the_keys_by_who_has_them(self, region, sent, mario, sofia):
        letter = wrote(sent, mario, sofia)
        nora = official(region, "MX")
        (before,) = read(sent, nora)
        assert (before["keys"], before["held"]) == ([], sorted(map(key_of, (mario, sofia))))
        shared(sent, sofia, letter, nora)
        (after,) = read(sent, nora)
        assert [one["key"] for one in after["keys"]] == [key_of(nora)]

    def test_is_given_them_once(self, region, sent, mario, sofia, recorded):
        letter = wrote(sent, mario, sofia)
        nora = official(region, "MX")
        shared(sent, sofia, letter, nora)
        with recorded():
            shared(sent, mario, letter, nora)
        assert LetterKey.objects.filter(person_id=nora.id).count() == 1

    def test_is_given_none_by_who_has_none(self, region, sent, mario, ana):
        letter = wrote(sent, mario)
        with pytest.raises(NotVisible):
            shared(sent, ana, letter, official(region, "MX"))

    def test_is_given_none_of_another_request(self, region, sent, mario):
        with pytest.raises(NotVisible):
            shared(sent, mario, uuid4(), official(region, "MX"))

    def test_is_none_who_does_not_read_them(self, sent, mario, boris):
        letter = wrote(sent, mario)
        with pytest.raises(Refused, match="letter-readers"):
            shared(sent, mario, letter, boris)


class TestACase:
    def test_that_is_closed_takes_no_letter_and_shows_those_there_are(
        self, sent, mario, sofia, case, ana, acting
    ):
        wrote(sent, mario, sofia)
        sent.move(sofia, "withdraw", **USUAL["withdraw"])
        acting(cases.close_case, ana, case=case)
        with pytest.raises(Refused, match="case-closed"):
            wrote(sent, sofia)
        assert len(read(sent, sofia)) == 1

    def test_that_is_deleted_leaves_none(self, led, case, ana, mario, sofia, acting, now):
        ready = led(*SENT, "acknowledge", "begin", "execute", "close")
        wrote(ready, mario, sofia)
        acting(cases.close_case, ana, case=case)
        cases.erase_case(case=case, now=now + timedelta(days=365 * 11))
        assert not Letter.objects.exists()
        assert not LetterKey.objects.exists()


def test_what_a_browser_sends_is_taken_as_it_is(sent, mario, sofia, browser):
    letter = uuid4()
    keys = [on_the_wire(one) for one in (mario, sofia)]
    url = f"/api/dossiers/{sent.request}/letters"
    body = {"id": str(letter), "step": 2, "body": "c2VhbGVk", "keys": keys}
    answer = browser(mario).post(url, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    (found,) = browser(sofia).get(url).json()["letters"]
    assert (found["id"], found["body"]) == (str(letter), "c2VhbGVk")
    assert found["keys"] == [{"key": key_of(sofia), "wrapped": to_b64u(b"w" * 80)}]
    more = {"keys": [keys[0] | {"letter": str(letter)}]}
    assert browser(mario).post(f"{url}/keys", more, content_type="application/json").json()
