"""Encrypted files that go with letters: whose they are, how they come, and who opens them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from casehub.cases import services as cases
from casehub.core import pieces
from casehub.core.errors import BadFrame, NotVisible, Refused
from casehub.edge.rounds import go_round
from requests_mla import limits, queries, services, sweeping
from requests_mla.models import Enclosure, EnclosureOpening, EnclosurePiece, Request
from requests_mla.services import erasing
from tests.integration.requests_mla.enclosed import (
    PIECE,
    SIZE,
    begin,
    complete,
    digest_of,
    lying,
    opened,
    put,
    whole,
)
from tests.integration.requests_mla.made import request_of, sent_of
from tests.integration.requests_mla.moving import USUAL, Mover, official
from tests.integration.requests_mla.writing import read, wrote

pytestmark = pytest.mark.django_db
SENT = ("authorise", "transmit")
OTHER = b"d" * len(PIECE)


@pytest.fixture
def sent(led):
    return led(*SENT)


@pytest.fixture
def enclosed(sent, sofia, mario):
    """A file that Mario's letter took along."""
    made = whole(sent, mario)
    wrote(sent, mario, sofia, enclosures=[made])
    return made


class TestAnUpload:
    def test_is_begun_and_completed_and_in_the_log_of_its_uploaders_state(
        self, sent, mario, recorded
    ):
        with recorded("requests.enclosure.begun", "requests.enclosure.completed"):
            made = whole(sent, mario)
        found = Enclosure.objects.get(id=made)
        assert (found.size, found.completed_at, found.letter_id) == (SIZE, sent.now, None)
        (event,) = log.payloads_of("requests.enclosure.completed")
        assert event["payload"]["digest"] == found.digest
        services.remove_enclosure(enclosure=made, actor=mario.actor, now=sent.now)
        for what in ("begun", "completed", "removed"):
            (event,) = log.payloads_of(f"requests.enclosure.{what}")
            assert event["states"] == ["MX"]

    def test_goes_on_and_says_which_pieces_are_missing(self, sent, mario, recorded):
        made = begin(sent, mario)
        with recorded():
            begin(sent, mario, enclosure=made)
            assert queries.enclosing_state(mario.actor, made)["missing"] == [0]
            put(sent, mario, made)
            put(sent, mario, made)
        assert queries.enclosing_state(mario.actor, made)["missing"] == []
        assert len(lying(made)) == 1

    def test_is_its_uploaders_alone(self, sent, mario, sofia):
        made = begin(sent, mario)
        for act in (
            lambda: put(sent, sofia, made),
            lambda: complete(sent, sofia, made),
            lambda: queries.enclosing_state(sofia.actor, made),
            lambda: services.remove_enclosure(enclosure=made, actor=sofia.actor, now=sent.now),
        ):
            with pytest.raises(NotVisible):
                act()

    def test_is_to_others_what_is_not_there_over_http_too(self, sent, mario, sofia, browser):
        hers = browser(sofia)
        for made in (begin(sent, mario), whole(sent, mario)):
            answers = []
            for one in (made, uuid4()):
                path = f"/api/enclosures/{one}"
                digest = {"digest": digest_of(one, [PIECE])}
                given = [
                    hers.get(path),
                    hers.put(f"{path}/pieces/0", PIECE, content_type="application/octet-stream"),
                    hers.post(f"{path}/complete", digest, content_type="application/json"),
                    hers.delete(path),
                ]
                assert [(a.status_code, a.json()["code"]) for a in given] == [
                    (404, "not-found")
                ] * 4
                answers.append([(a.content, sorted(a.headers)) for a in given])
            assert answers[0] == answers[1]
            assert Enclosure.objects.get(id=made).removed_at is None

    def test_is_to_others_what_is_not_there_by_the_number_of_questions_too(
        self, sent, mario, sofia
    ):
        made = whole(sent, mario)
        asked = []
        for one in (made, uuid4()):
            with CaptureQueriesContext(connection) as found, pytest.raises(NotVisible):
                queries.enclosing_state(sofia.actor, one)
            asked.append(len(found))
        assert asked[0] == asked[1]

    def test_has_an_id_that_is_nobody_elses(self, sent, mario, sofia):
        made = begin(sent, mario)
        for by, size in ((sofia, SIZE), (mario, pieces.sizes()[1])):
            with pytest.raises(Refused, match="id-reused"):
                begin(sent, by, enclosure=made, size=size)

    @pytest.mark.parametrize("size", [0, 1, 4097, 2**50])
    def test_is_of_a_size_that_files_are_padded_to(self, sent, mario, size):
        with pytest.raises(BadFrame):
            begin(sent, mario, size=size)

    @pytest.mark.parametrize(("index", "body"), [(1, PIECE), (-1, PIECE), (0, PIECE[1:])])
    def test_has_pieces_of_their_lengths_only(self, sent, mario, index, body):
        with pytest.raises(BadFrame):
            put(sent, mario, begin(sent, mario), index=index, body=body)

    def test_keeps_the_piece_that_is_there(self, sent, mario):
        made = begin(sent, mario)
        put(sent, mario, made)
        with pytest.raises(Refused, match="attachment-chunk-differs"):
            put(sent, mario, made, body=OTHER)

    def test_is_whole_only_if_its_pieces_are_there_and_are_the_uploaders(self, sent, mario):
        made = begin(sent, mario)
        with pytest.raises(Refused, match="attachment-incomplete"):
            complete(sent, mario, made)
        put(sent, mario, made)
        with pytest.raises(Refused, match="attachment-differs"):
            complete(sent, mario, made, bodies=[OTHER])

    @pytest.mark.parametrize(
        ("limit", "code"),
        [("ENCLOSURE_DAY_BYTES", "attachment-day-full"), ("ENCLOSURE_SHARE_BYTES", "share-full")],
    )
    def test_is_one_of_as_many_bytes_as_one_person_may_fill(
        self, sent, mario, sofia, monkeypatch, limit, code
    ):
        monkeypatch.setattr(limits, limit, 2 * SIZE)
        whole(sent, mario)
        begin(sent, mario)
        with pytest.raises(Refused, match=code):
            begin(sent, mario)
        begin(sent, sofia)

    def test_is_one_of_so_many_that_are_not_finished(self, sent, mario, monkeypatch):
        monkeypatch.setattr(limits, "MOST_UPLOADS", 1)
        begin(sent, mario)
        with pytest.raises(Refused, match="attachment-uploads-many"):
            begin(sent, mario)
        begin(sent, mario, now=sent.now + limits.UPLOAD_LASTS)  # the first goes on no more

    @pytest.mark.parametrize("ends", ["reading", "case"])
    def test_is_counted_while_it_can_go_on(
        self, region, sent, ana, bea, mario, acting, monkeypatch, ends
    ):
        monkeypatch.setattr(limits, "MOST_UPLOADS", 1)
        elsewhere = request_of(region, ana, bea, case=region.case(ana, bea))
        sent_of(region, ana, elsewhere, to="MX")
        begin(Mover(elsewhere, sent.now), bea)
        with pytest.raises(Refused, match="attachment-uploads-many"):
            begin(sent, bea)
        if ends == "case":
            acting(cases.close_case, ana, case=Request.objects.get(id=elsewhere).case_id)
        else:
            acting(services.remove_reader, ana, request_id=elsewhere, person=bea.id)
        begin(sent, bea)

    def test_is_one_of_so_many_that_no_letter_took_along(self, sent, mario, sofia, monkeypatch):
        monkeypatch.setattr(limits, "LOOSE_ENCLOSURES", 1)
        made = whole(sent, mario)
        with pytest.raises(Refused, match="attachment-uploads-many"):
            begin(sent, mario)
        begin(sent, sofia)
        wrote(sent, mario, sofia, enclosures=[made])
        begin(sent, mario)

    def test_is_one_of_so_many_whatever_became_of_them(self, sent, mario, sofia, monkeypatch):
        monkeypatch.setattr(limits, "ENCLOSURES_SHARE", 2)
        for made in (begin(sent, mario), whole(sent, mario)):
            services.remove_enclosure(enclosure=made, actor=mario.actor, now=sent.now)
        sweeping.sweep_files(sent.now)
        with pytest.raises(Refused, match="enclosure-share-full"):
            begin(sent, mario)
        begin(sent, sofia)

    def test_is_taken_back_while_no_letter_has_it(self, sent, mario, recorded):
        made = whole(sent, mario)
        with recorded("requests.enclosure.removed"):
            services.remove_enclosure(enclosure=made, actor=mario.actor, now=sent.now)
        with pytest.raises(Refused, match="attachment-incomplete"):
            wrote(sent, mario, enclosures=[made])

    def test_is_begun_by_nobody_who_writes_no_letter(self, region, led, sent, mario, boris, ana):
        for who in (boris, official(region, "GT"), region.person("SV", "coordinator")):
            region.session(who)
            with pytest.raises(NotVisible):
                begin(sent, who)

    def test_is_begun_for_nothing_about_which_nobody_is_written_to(self, ready, led, ana, mario):
        with pytest.raises(NotVisible):
            begin(ready, ana)
        with pytest.raises(NotVisible):
            begin(led("authorise"), mario)

    def test_is_begun_in_no_case_that_is_closed(self, sent, mario, sofia, ana, case, acting):
        going = begin(sent, mario)
        put(sent, mario, going)
        sent.move(sofia, "withdraw", **USUAL["withdraw"])
        acting(cases.close_case, ana, case=case)
        for act in (lambda: begin(sent, mario), lambda: complete(sent, mario, going)):
            with pytest.raises(Refused, match="case-closed"):
                act()


class TestAFileOfALetter:
    def test_is_told_to_who_reads_the_letter(self, sent, enclosed, sofia, ana):
        for who in (sofia, ana):
            (letter,) = read(sent, who)
            (file,) = letter["files"]
            assert (file["id"], file["size"], file["opened"]) == (enclosed, SIZE, [])

    def test_is_told_without_looking_at_those_of_no_letter(self, sent, enclosed, mario):
        for _ in range(2):
            whole(sent, mario)
        looked = []
        look = lambda instance, **_: looked.append(instance.id)  # noqa: E731
        post_init.connect(look, sender=Enclosure)
        try:
            read(sent, mario)
        finally:
            post_init.disconnect(look, sender=Enclosure)
        assert looked == [enclosed]

    def test_is_in_the_log_with_its_letter(self, enclosed):
        (event,) = log.payloads_of("requests.letter.sent")
        assert event["payload"]["enclosures"] == [str(enclosed)]

    def test_is_opened_by_who_reads_the_letter_and_that_is_told_to_all(
        self, sent, enclosed, sofia, mario, recorded
    ):
        with recorded("requests.enclosure.opened", "requests.enclosure.opened"):
            assert opened(sent, sofia, enclosed) == SIZE
            opened(sent, sofia, enclosed, now=sent.now + timedelta(hours=1))
        (letter,) = read(sent, mario)
        (once,) = letter["files"][0]["opened"]
        assert (once["person"], once["state"], once["at"]) == (sofia.id, "SV", sent.now)
        events = log.payloads_of("requests.enclosure.opened")
        assert [event["states"] for event in events] == [["MX", "SV"]] * 2
        (row,) = EnclosureOpening.objects.all()  # one for each who opened it, however often
        assert row.audit_event_id == log.last_id()
        after = sent.now + limits.OPENING_LASTS
        assert len(queries.piece_digest_for(sofia.actor, enclosed, 0, after)) == 64

    def test_that_its_author_looked_into_is_told_to_nobody(self, sent, mario, sofia):
        made = whole(sent, mario)
        opened(sent, mario, made)
        wrote(sent, mario, sofia, enclosures=[made])
        opened(sent, mario, made, now=sent.now + timedelta(hours=1))
        (letter,) = read(sent, sofia)
        assert letter["files"][0]["opened"] == []

    def test_is_fetched_for_a_time_by_who_opened_it(self, sent, enclosed, sofia):
        for_long = sent.now + limits.OPENING_LASTS
        with pytest.raises(Refused, match="attachment-not-opened"):
            queries.piece_digest_for(sofia.actor, enclosed, 0, sent.now)
        opened(sent, sofia, enclosed)
        assert len(queries.piece_digest_for(sofia.actor, enclosed, 0, sent.now)) == 64
        with pytest.raises(NotVisible):
            queries.piece_digest_for(sofia.actor, enclosed, 1, sent.now)
        with pytest.raises(Refused, match="attachment-not-opened"):
            queries.piece_digest_for(sofia.actor, enclosed, 0, for_long)

    def test_is_opened_by_nobody_before_its_letter_is_there(self, sent, mario, sofia):
        made = whole(sent, mario)
        with pytest.raises(NotVisible):
            opened(sent, sofia, made)
        assert opened(sent, mario, made) == SIZE
        (event,) = log.payloads_of("requests.enclosure.opened")
        assert event["states"] == ["MX"]

    def test_is_opened_by_nobody_who_does_not_read_the_letter(self, region, sent, enclosed, boris):
        for who in (boris, official(region, "GT"), region.person("SV", "coordinator")):
            region.session(who)
            for act in (
                lambda one: opened(sent, one, enclosed),
                lambda one: queries.piece_digest_for(one.actor, enclosed, 0, sent.now),
            ):
                with pytest.raises(NotVisible):
                    act(who)

    def test_is_in_one_letter_and_its_authors(self, sent, enclosed, mario, sofia):
        anothers = whole(sent, sofia)
        for made in (enclosed, anothers, uuid4()):
            with pytest.raises(Refused, match="attachment-incomplete"):
                wrote(sent, mario, enclosures=[made])

    def test_is_sent_once_however_often_its_letter_is(self, sent, mario, sofia, recorded):
        made = whole(sent, mario)
        letter = wrote(sent, mario, sofia, enclosures=[made])
        with recorded():
            wrote(sent, mario, sofia, letter=letter, enclosures=[made])
            with pytest.raises(Refused, match="id-reused"):
                wrote(sent, mario, sofia, letter=letter)

    def test_is_not_taken_back(self, sent, enclosed, mario):
        with pytest.raises(Refused, match="enclosure-sent"):
            services.remove_enclosure(enclosure=enclosed, actor=mario.actor, now=sent.now)


class TestTheRoundOfTheClock:
    def test_destroys_what_no_letter_took_along_in_time(self, sent, enclosed, mario):
        loose, going = whole(sent, mario), begin(sent, mario)
        assert sweeping.sweep_files(sent.now + limits.UPLOAD_LASTS - timedelta(seconds=1)) == 0
        assert sweeping.sweep_files(sent.now + limits.UPLOAD_LASTS) == 2
        assert (lying(loose), lying(going), len(lying(enclosed))) == ([], [], 1)
        assert set(EnclosurePiece.objects.values_list("enclosure", flat=True)) == {enclosed}

    def test_is_the_one_that_every_web_process_goes(self, sent, mario):
        loose = whole(sent, mario)
        assert go_round(sent.now + limits.UPLOAD_LASTS)
        assert lying(loose) == []

    def test_destroys_what_was_taken_back(self, sent, mario):
        made = whole(sent, mario)
        services.remove_enclosure(enclosure=made, actor=mario.actor, now=sent.now)
        assert sweeping.sweep_files(sent.now) == 1
        assert lying(made) == []
        assert sweeping.sweep_files(sent.now) == 0

    def test_destroys_what_went_with_a_deleted_case(self, sent, enclosed, sofia):
        opened(sent, sofia, enclosed)
        circle = Enclosure.objects.get(id=enclosed).request.circle_id
        erasing.erase(circles=[circle], now=sent.now)
        assert not EnclosureOpening.objects.exists()
        sweeping.sweep_files(sent.now)
        assert lying(enclosed) == []
        assert Enclosure.objects.get(id=enclosed).swept
