"""Encrypted files: begun, kept piece by piece, whole, opened by readers, taken back."""

from __future__ import annotations

import errno
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.test import Client

from casehub.cases.models import Reader
from casehub.core import pieces, piecestore
from casehub.core.errors import BadFrame, NotVisible, Refused
from casehub.directory import services as directory
from casehub.edge.rounds import go_round
from messaging import limits, queries, services, sweeping
from messaging.models import Attachment, Chunk, Opening
from tests.integration.messaging.uploaded import PIECE, SIZE, begin, complete, digest_of, put, whole

TWO = pieces.sizes()[next(i for i, size in enumerate(pieces.sizes()) if size > pieces.CHUNK)]
FIRST = b"1" * (pieces.CHUNK + pieces.TAG)
SECOND = b"2" * (TWO - pieces.CHUNK + pieces.TAG)


@pytest.fixture
def thread(region, ana, boris):
    return region.thread(ana, boris)


def lies(attachment) -> list[str]:
    """Return the names that the storage holds of an attachment."""
    try:
        return storages["attachments"].listdir(str(attachment))[1]
    except FileNotFoundError:
        return []


class TestBeginning:
    def test_leaves_an_event_and_says_which_pieces_are_missing(self, region, thread, ana, recorded):
        with recorded("messaging.attachment.begun"):
            made = begin(region, ana, thread, size=TWO)
        state = queries.upload_state(ana.actor, made)
        assert state == {"size": TWO, "completed": False, "missing": [0, 1]}

    def test_again_goes_on_and_leaves_nothing(self, region, thread, ana, recorded):
        made = begin(region, ana, thread)
        with recorded():
            begin(region, ana, thread, attachment=made)

    def test_hides_the_thread_from_an_outsider(self, region, thread, recorded):
        outsider = region.equipped("GT")
        for where in (thread, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                begin(region, outsider, where)

    def test_takes_no_size_that_would_tell_how_long_the_file_is(self, region, thread, ana):
        for size in (0, 1, 4095, 4097, pieces.sizes()[-1] + 1, 2**50):
            with pytest.raises(BadFrame):
                begin(region, ana, thread, size=size)

    def test_refuses_an_id_that_is_taken_by_anything_else(self, region, thread, ana, boris):
        made = begin(region, ana, thread)
        other = region.thread(ana, boris)
        for who, where, size in ((boris, thread, SIZE), (ana, other, SIZE), (ana, thread, TWO)):
            with pytest.raises(Refused, match="id-reused"):
                begin(region, who, where, attachment=made, size=size)

    def test_has_a_budget_a_day_and_person(self, region, thread, ana, boris, monkeypatch):
        monkeypatch.setattr(limits, "DAY_BYTES", 2 * SIZE)
        begin(region, ana, thread)
        begin(region, ana, thread)
        with pytest.raises(Refused, match="attachment-day-full"):
            begin(region, ana, thread)
        begin(region, boris, thread)
        begin(region, ana, thread, now=region.now + limits.DAY)

    def test_of_what_is_given_up_counts_for_the_day_until_its_pieces_are_gone(
        self, region, thread, ana, monkeypatch
    ):
        monkeypatch.setattr(limits, "DAY_BYTES", SIZE)
        made = begin(region, ana, thread)
        put(region, ana, made)
        services.remove_attachment(attachment=made, actor=ana.actor, now=region.now)
        with pytest.raises(Refused, match="attachment-day-full"):
            begin(region, ana, thread)
        sweeping.sweep(region.now)
        begin(region, ana, thread)

    def test_has_a_budget_a_case_which_comes_back_with_what_is_taken_back(
        self, region, thread, ana, boris, monkeypatch
    ):
        monkeypatch.setattr(limits, "CASE_BYTES", SIZE)
        made = begin(region, ana, thread)
        with pytest.raises(Refused, match="attachment-case-full"):
            begin(region, boris, thread)
        services.remove_attachment(attachment=made, actor=ana.actor, now=region.now)
        begin(region, boris, thread)

    def test_that_nobody_finished_in_a_day_takes_no_room_of_the_case(
        self, region, thread, ana, boris, monkeypatch
    ):
        monkeypatch.setattr(limits, "CASE_BYTES", SIZE)
        begin(region, ana, thread)
        with pytest.raises(Refused, match="attachment-case-full"):
            begin(region, boris, thread, now=region.now + limits.DAY - timedelta(seconds=1))
        begin(region, boris, thread, now=region.now + limits.DAY)

    def test_is_refused_while_too_many_wait_to_go_on(self, region, thread, ana):
        for _ in range(limits.MOST_UPLOADS):
            made = begin(region, ana, thread)
        with pytest.raises(Refused, match="attachment-uploads-many"):
            begin(region, ana, thread)
        services.remove_attachment(attachment=made, actor=ana.actor, now=region.now)
        begin(region, ana, thread)


class TestAPiece:
    def test_is_kept_once_and_leaves_no_event(self, region, thread, ana, recorded):
        made = begin(region, ana, thread, size=TWO)
        with recorded():
            put(region, ana, made, index=1, body=SECOND)
            put(region, ana, made, index=1, body=SECOND)
        assert queries.upload_state(ana.actor, made)["missing"] == [0]
        (name,) = lies(made)
        with storages["attachments"].open(f"{made}/{name}") as found:
            assert found.read() == SECOND

    def test_with_other_bytes_in_the_same_place_is_refused(self, region, thread, ana):
        made = begin(region, ana, thread)
        put(region, ana, made)
        with pytest.raises(Refused, match="attachment-chunk-differs"):
            put(region, ana, made, body=PIECE[::-1].replace(b"c", b"d"))
        assert len(lies(made)) == 1

    #  place and body
    WRONG = [(0, FIRST[1:]), (0, FIRST + b"1"), (1, FIRST), (1, b""), (2, SECOND), (-1, SECOND)]

    @pytest.mark.parametrize(("index", "body"), WRONG)
    def test_of_another_length_or_place_is_refused(self, region, thread, ana, index, body):
        made = begin(region, ana, thread, size=TWO)
        with pytest.raises(BadFrame):
            put(region, ana, made, index=index, body=body)
        assert lies(made) == []

    def test_is_its_uploaders_to_send_and_nobody_elses(self, region, thread, ana, boris):
        made = begin(region, ana, thread)
        for who in (boris, region.equipped("GT")):
            with pytest.raises(NotVisible):
                put(region, who, made)
            with pytest.raises(NotVisible):
                queries.upload_state(who.actor, made)

    @pytest.mark.parametrize(
        ("number", "code"), [(errno.ENOSPC, "storage-full"), (errno.EIO, "try-again")]
    )
    def test_that_cannot_be_stored_is_not_there_and_may_come_again(
        self, region, thread, ana, monkeypatch, number, code
    ):
        made = begin(region, ana, thread)

        def broken(_):
            raise OSError(number, "no")

        with monkeypatch.context() as patch:
            patch.setattr(piecestore.os, "fsync", broken)
            with pytest.raises(Refused, match=code):
                put(region, ana, made)
        assert lies(made) == []
        assert queries.upload_state(ana.actor, made)["missing"] == [0]
        put(region, ana, made)

    def test_that_a_crash_left_without_its_row_is_stored_again(self, region, thread, ana):
        made = begin(region, ana, thread)
        put(region, ana, made)
        Chunk.objects.all().delete()
        put(region, ana, made)
        assert len(lies(made)) == 1


class TestCompleting:
    def test_leaves_an_event_and_lets_readers_open_it(self, region, thread, ana, boris, recorded):
        made = begin(region, ana, thread, size=TWO)
        put(region, ana, made, index=0, body=FIRST)
        put(region, ana, made, index=1, body=SECOND)
        with pytest.raises(NotVisible):
            services.open_attachment(attachment=made, actor=boris.actor, now=region.now)
        with recorded("messaging.attachment.completed"):
            complete(region, ana, made, pieces=(FIRST, SECOND))
            complete(region, ana, made, pieces=(FIRST, SECOND))
        services.open_attachment(attachment=made, actor=boris.actor, now=region.now)

    def test_is_refused_while_a_piece_is_missing(self, region, thread, ana, recorded):
        made = begin(region, ana, thread, size=TWO)
        put(region, ana, made, index=1, body=SECOND)
        with recorded(), pytest.raises(Refused, match="attachment-incomplete"):
            complete(region, ana, made, pieces=(FIRST, SECOND))

    def test_a_day_later_is_refused_if_others_took_the_room_meanwhile(
        self, region, thread, ana, boris, monkeypatch
    ):
        monkeypatch.setattr(limits, "CASE_BYTES", SIZE)
        late = region.now + limits.DAY
        made = begin(region, ana, thread)
        put(region, ana, made)
        other = begin(region, boris, thread, now=late)
        with pytest.raises(Refused, match="attachment-case-full"):
            complete(region, ana, made, now=late)
        services.remove_attachment(attachment=other, actor=boris.actor, now=late)
        complete(region, ana, made, now=late)

    def test_is_refused_if_the_pieces_are_not_the_uploaders(self, region, thread, ana):
        made = begin(region, ana, thread)
        put(region, ana, made)
        for wrong in (digest_of(uuid4(), [PIECE]), digest_of(made, [PIECE, PIECE]), "0" * 64):
            with pytest.raises(Refused, match="attachment-differs"):
                complete(region, ana, made, digest=wrong)


class TestReading:
    @pytest.fixture
    def made(self, region, thread, ana):
        return whole(region, ana, thread)

    @pytest.fixture(autouse=True)
    def _signed_in(self, region, boris):
        self.cookie = region.session(boris)

    def fetch(self, made, index=0):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.cookie
        return client.get(f"/api/attachments/{made}/chunks/{index}")

    def opens(self, region, who, made):
        services.open_attachment(attachment=made, actor=who.actor, now=region.now)

    def test_is_in_the_log_before_the_first_byte(self, region, made, boris, recorded):
        with recorded():
            answer = self.fetch(made)
        assert (answer.status_code, answer.json()["code"]) == (409, "attachment-not-opened")
        with recorded("messaging.attachment.opened"):
            self.opens(region, boris, made)
        answer = self.fetch(made)
        assert answer.content == PIECE
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"

    def test_is_for_the_device_that_opened_it_and_for_so_long(self, region, made, boris):
        self.opens(region, boris, made)
        Opening.objects.update(device=region.equipped("MX").device)
        assert self.fetch(made).json()["code"] == "attachment-not-opened"
        self.opens(region, boris, made)
        # The session goes on meanwhile, as it does while its person is there.
        Opening.objects.update(at=region.now - limits.OPENING_LASTS)
        answer = self.fetch(made)
        assert answer.json()["code"] == "attachment-not-opened"

    def test_ends_when_somebody_is_no_reader_any_more(self, region, made, thread, boris):
        self.opens(region, boris, made)
        Reader.objects.filter(circle=thread, person_id=boris.person).update(until=region.now)
        answer = self.fetch(made)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")

    def test_of_a_piece_that_there_is_not_finds_nothing(self, region, made, boris):
        self.opens(region, boris, made)
        assert self.fetch(made, index=1).json()["code"] == "not-found"


class TestTakingBack:
    def test_destroys_the_pieces_and_leaves_an_event(self, region, thread, ana, boris, recorded):
        made = whole(region, ana, thread)
        with recorded("messaging.attachment.removed"):
            services.remove_attachment(attachment=made, actor=ana.actor, now=region.now)
        with pytest.raises(NotVisible):
            services.open_attachment(attachment=made, actor=boris.actor, now=region.now)
        assert sweeping.sweep(region.now) == 1
        assert lies(made) == []
        assert not Chunk.objects.exists()
        assert sweeping.sweep(region.now) == 0

    def test_is_its_uploaders_alone(self, region, thread, ana, boris, recorded):
        made = whole(region, ana, thread)
        with recorded(), pytest.raises(NotVisible):
            services.remove_attachment(attachment=made, actor=boris.actor, now=region.now)


class TestWhatNobodyFinishes:
    def test_is_ended_after_a_week_and_destroyed_without_an_event(
        self, region, thread, ana, recorded
    ):
        made, kept = begin(region, ana, thread), whole(region, ana, thread)
        put(region, ana, made)
        with recorded():
            assert sweeping.sweep(region.now + limits.UPLOAD_LASTS - timedelta(seconds=1)) == 0
            assert sweeping.sweep(region.now + limits.UPLOAD_LASTS) == 1
        assert lies(made) == []
        assert len(lies(kept)) == 1
        with pytest.raises(NotVisible):
            put(region, ana, made)

    def test_is_destroyed_by_the_round_that_every_web_process_goes(self, region, thread, ana):
        made = begin(region, ana, thread)
        put(region, ana, made)
        assert go_round(region.now + limits.UPLOAD_LASTS)
        assert lies(made) == []

    def test_stays_for_the_next_round_if_its_pieces_cannot_be_destroyed(
        self, region, thread, ana, monkeypatch
    ):
        made = begin(region, ana, thread)
        put(region, ana, made)
        services.remove_attachment(attachment=made, actor=ana.actor, now=region.now)

        def broken(*_):
            raise OSError(errno.EIO, "no")

        with monkeypatch.context() as patch:
            patch.setattr(piecestore, "destroy", broken)
            sweeping.sweep(region.now)
        assert not Attachment.objects.get(id=made).swept
        sweeping.sweep(region.now)
        assert Attachment.objects.get(id=made).swept

    def test_is_destroyed_behind_any_number_that_cannot_be(self, region, thread, ana, monkeypatch):
        monkeypatch.setattr(sweeping, "MOST", 1)
        made = [begin(region, ana, thread) for _ in range(3)]
        for one in made:
            services.remove_attachment(attachment=one, actor=ana.actor, now=region.now)
        destroy = piecestore.destroy

        def broken(kept, one):
            if one != made[2]:
                raise OSError(errno.EACCES, "no")
            destroy(kept, one)

        monkeypatch.setattr(piecestore, "destroy", broken)
        assert sweeping.sweep(region.now) == 1
        assert Attachment.objects.get(id=made[2]).swept

    def test_of_one_person_keeps_nobody_else_s_waiting_for_a_round(
        self, region, thread, ana, monkeypatch
    ):
        monkeypatch.setattr(sweeping, "MOST", 2)
        for _ in range(5):
            made = begin(region, ana, thread)
            services.remove_attachment(attachment=made, actor=ana.actor, now=region.now)
        assert sweeping.sweep(region.now) == 5

    @pytest.mark.parametrize("number", [errno.ETIMEDOUT, errno.EHOSTUNREACH])
    def test_is_not_waited_for_once_more_where_the_store_is_away(
        self, region, thread, ana, monkeypatch, number
    ):
        """Each piece that nobody answers for holds up whatever else the round does."""
        for _ in range(2):
            made = begin(region, ana, thread)
            services.remove_attachment(attachment=made, actor=ana.actor, now=region.now)
        tried = []

        def away(*asked):
            tried.append(asked)
            raise OSError(number, "no")

        monkeypatch.setattr(piecestore, "destroy", away)
        sweeping.sweep(region.now)
        assert len(tried) == 1


class TestAStop:
    def suspend(self, region, who):
        by = region.seat(who.state).coordinator
        directory.suspend_person(person=who.id, actor=by.actor, now=region.now)

    def test_ends_what_its_person_uploads_and_keeps_what_is_whole(self, region, thread, ana, boris):
        made, kept = begin(region, ana, thread), whole(region, ana, thread)
        put(region, ana, made)
        self.suspend(region, ana)
        sweeping.sweep(region.now)
        assert lies(made) == []
        services.open_attachment(attachment=kept, actor=boris.actor, now=region.now)

    def test_of_one_device_ends_what_it_uploads(self, region, thread, ana):
        made = begin(region, ana, thread)
        directory.revoke_device(device=UUID(ana.device), actor=ana.actor, now=region.now)
        assert Attachment.objects.get(id=made).removed_at == region.now

    def test_shuts_its_person_out_of_what_they_had_opened(self, region, thread, ana, boris):
        made = whole(region, ana, thread)
        services.open_attachment(attachment=made, actor=boris.actor, now=region.now)
        self.suspend(region, boris)
        with pytest.raises(NotVisible):
            queries.chunk_digest_for(boris.actor, made, 0, region.now)
