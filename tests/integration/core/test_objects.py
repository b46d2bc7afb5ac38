"""Pieces of files in an object store: kept as in a folder, and no worse when it fails."""

from __future__ import annotations

import errno
import logging
import threading
import time
from base64 import b64encode
from hashlib import md5, sha256
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import storages

from casehub import startup
from casehub.core import marks, objects, piecestore
from casehub.core.errors import Refused
from casehub.core.piecestore import Kept
from tests.servers.objectstore import BUCKET, PREFIX, RealStore, ScriptedStore, kept_in
from tools.region import certificate

BODY = bytes(range(256)) * 4096 + b"tag"  # of a chunk, 1 MiB
DIGEST = sha256(BODY).hexdigest()
FILE = UUID("3f2504e0-4f89-41d3-9a0c-0305e82c3301")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with RealStore(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def store(running, settings):
    """A real store without anything in it, which this process keeps files in."""
    with kept_in(settings, running.url) as kept:
        for name in list(kept.names()):
            kept.delete(name)
        yield running


@pytest.fixture
def quick(monkeypatch):
    """Nobody waits as long in a test."""
    monkeypatch.setattr(objects.Objects._told, "__kwdefaults__", {"seconds": 1.0})


@pytest.fixture(scope="module")
def script():
    with ScriptedStore() as one:
        yield one


@pytest.fixture
def scripted(script, settings):
    script.reset()
    with kept_in(settings, script.url):
        yield script


def keep(index=0, body=BODY, *, file=FILE, kept=Kept.ATTACHMENTS):
    digest = sha256(body).hexdigest()
    piecestore.keep(kept, file, index, digest, body)
    return piecestore.name_of(kept, file, index, digest)


def key(index):
    return f"{PREFIX}/{piecestore.name_of(Kept.ATTACHMENTS, FILE, index, DIGEST)}"


def named(count):
    """Return the answer of a store that has so many pieces of a file."""
    told = "".join(f"<Contents><Key>{key(index)}</Key></Contents>" for index in range(count))
    return 200, f"<ListBucketResult>{told}</ListBucketResult>".encode()


def gone(*indexes, more=""):
    """Return what a store says that has removed these."""
    told = "".join(f"<Deleted><Key>{key(index)}</Key></Deleted>" for index in indexes)
    return f"<DeleteResult>{told}{more}</DeleteResult>".encode()


class TestAPiece:
    def test_comes_back_as_it_was_kept(self, store):
        name = keep()
        assert store.lies() == {name}
        assert piecestore.read(Kept.ATTACHMENTS, FILE, 0, DIGEST) == BODY

    def test_that_is_kept_twice_is_there_once(self, store):
        assert keep() == keep()
        assert len(store.lies()) == 1

    def test_that_is_empty_comes_back_so(self, store):
        keep(body=b"")
        assert piecestore.read(Kept.ATTACHMENTS, FILE, 0, sha256(b"").hexdigest()) == b""

    def test_that_is_missing_is_refused(self, store):
        with pytest.raises(Refused, match="try-again"):
            piecestore.read(Kept.ATTACHMENTS, FILE, 0, DIGEST)

    def test_of_another_door_is_another_one(self, store):
        keep()
        with pytest.raises(Refused, match="try-again"):
            piecestore.read(Kept.ENCLOSURES, FILE, 0, DIGEST)

    def test_larger_than_any_is_not_read(self, store, monkeypatch):
        keep()
        monkeypatch.setattr(objects, "LARGEST", len(BODY) - 1)
        with pytest.raises(OSError, match="too large") as refused:
            storages["attachments"].open(piecestore.name_of(Kept.ATTACHMENTS, FILE, 0, DIGEST))
        assert refused.value.errno == errno.EFBIG

    def test_is_kept_by_many_threads_at_once(self, store):
        failed = []

        def one(number):
            try:
                keep(number, f"piece {number}".encode())
            except Exception as error:  # noqa: BLE001 - told below
                failed.append(error)

        threads = [threading.Thread(target=one, args=[number]) for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(store.lies()) == 30

    def test_has_no_link(self, store):
        with pytest.raises(NotImplementedError):
            storages["attachments"].url(keep())

    def test_is_told_of_by_its_name_alone(self, store):
        name, kept = keep(), storages["attachments"]
        assert kept.exists(name)
        assert not kept.exists(name[:-1])


class TestDestroying:
    def test_takes_all_of_a_file_and_nothing_else(self, store):
        keep(0)
        keep(1, b"what no row names")
        other = keep(file=uuid4())
        enclosed = keep(kept=Kept.ENCLOSURES)
        piecestore.destroy(Kept.ATTACHMENTS, FILE)
        assert store.lies() == {other, enclosed}

    def test_of_what_is_not_there_is_none(self, store):
        piecestore.destroy(Kept.ATTACHMENTS, FILE)

    def test_takes_more_than_a_page_of_names(self, store, monkeypatch):
        monkeypatch.setattr(objects, "PAGE", 3)
        for index in range(10):
            keep(index, f"{index}".encode())
        assert len(list(storages["attachments"].names())) == 10
        piecestore.destroy(Kept.ATTACHMENTS, FILE)
        assert store.lies() == set()

    def test_takes_a_thousand_in_one_call(self, store, monkeypatch):
        """No store names more in one answer, nor takes more."""
        place = store.folder / BUCKET / PREFIX / str(FILE)
        place.mkdir(parents=True)
        for index in range(1005):
            (place / f"{index:05d}-{DIGEST}").write_bytes(b"")
        assert len(storages["attachments"].listdir(str(FILE))[1]) == 1005
        other, calls, real = keep(file=uuid4()), [], objects.within
        monkeypatch.setattr(objects, "within", lambda *call: calls.append(call) or real(*call))
        piecestore.destroy(Kept.ATTACHMENTS, FILE)
        assert store.lies() == {other}
        assert len(calls) == 2 + 2  # two pages of names, and each as one call

    def test_says_with_both_digests_what_goes(self, scripted):
        scripted.by["GET"] = named(2)
        scripted.body = gone(0, 1)
        piecestore.destroy(Kept.ATTACHMENTS, FILE)
        sent = scripted.headers[-1]
        assert sent["content-md5"] == b64encode(md5(scripted.sent[-1]).digest()).decode()
        assert "x-amz-checksum-crc32" in sent
        assert [one.partition(" ")[0] for one in scripted.asked] == ["GET", "POST"]

    @pytest.mark.parametrize("why", ["an error", "no word"])
    def test_goes_after_what_was_not_said_to_be_gone(self, scripted, why):
        scripted.by["GET"] = named(3)
        failed = f"<Error><Key>{key(1)}</Key><Code>InternalError</Code></Error>"
        scripted.body = gone(0, 2, more=failed if why == "an error" else "")
        piecestore.destroy(Kept.ATTACHMENTS, FILE)
        assert [one for one in scripted.asked if one.startswith("DELETE ")] == [
            f"DELETE /{BUCKET}/{key(1)}"
        ]

    def test_says_so_if_one_stays(self, scripted):
        scripted.by["GET"] = named(3)
        scripted.body = gone(0, 2)
        scripted.by["DELETE"] = (403, b"<Error><Code>AccessDenied</Code></Error>")
        with pytest.raises(PermissionError):
            piecestore.destroy(Kept.ATTACHMENTS, FILE)

    @pytest.mark.parametrize("said", [(501, "NotImplemented"), (400, "MissingContentMD5")])
    def test_asks_a_store_without_that_call_for_each(self, scripted, said):
        scripted.by["GET"] = named(3)
        scripted.by["POST"] = (said[0], f"<Error><Code>{said[1]}</Code></Error>".encode())
        piecestore.destroy(Kept.ATTACHMENTS, FILE)
        asked = [one for one in scripted.asked if one.startswith("DELETE ")]
        assert asked == [f"DELETE /{BUCKET}/{key(index)}" for index in range(3)]

    def test_asks_a_store_that_lets_us_in_no_more_for_none(self, scripted):
        scripted.by["GET"] = named(3)
        scripted.by["POST"] = (403, b"<Error><Code>AccessDenied</Code></Error>")
        with pytest.raises(PermissionError):
            piecestore.destroy(Kept.ATTACHMENTS, FILE)
        assert not [one for one in scripted.asked if one.startswith("DELETE ")]


class TestAStoreThatFails:
    FAILING = [
        (403, "AccessDenied", "try-again", "EACCES"),
        (403, "QuotaExceeded", "storage-full", "ENOSPC"),
        (507, "XMinioStorageFull", "storage-full", "ENOSPC"),
        (503, "SlowDown", "try-again", "EIO"),
        (404, "NoSuchBucket", "try-again", "EIO"),
    ]

    @pytest.mark.parametrize(("status", "code", "refused", "number"), FAILING)
    def test_refuses_in_our_words_and_logs_none_of_its_own(
        self, scripted, caplog, status, code, refused, number
    ):
        caplog.set_level(logging.INFO)
        scripted.fails(status, code)
        with pytest.raises(Refused, match=refused) as why:
            keep()
        (line,) = caplog.records
        assert (line.name, line.getMessage()) == ("casehub.files", f"{refused}: {line.args[1]}")
        assert line.args[1].endswith(number)
        assert why.value.__cause__.__context__ is None  # nor does a traceback have them

    def test_says_of_a_piece_that_is_not_there_what_a_folder_says(self, scripted):
        scripted.fails(404, "NoSuchKey")
        with pytest.raises(FileNotFoundError):
            storages["attachments"].open("x")

    def test_that_is_not_there_refuses(self, running, settings):
        nowhere = RealStore(running.folder)  # which nobody started
        with kept_in(settings, nowhere.url), pytest.raises(Refused, match="try-again"):
            keep()

    def test_that_does_not_know_our_key_refuses(self, store, settings):
        with (
            kept_in(settings, store.url, secret="of another"),
            pytest.raises(Refused, match="try-again"),
        ):
            keep()
        assert store.lies() == set()

    def test_that_drips_is_given_up(self, scripted, quick):
        """Each byte comes in time, and the last one never would."""
        scripted.body, scripted.drips = b"<" * 1000, 0.1
        begun = time.monotonic()
        with pytest.raises(Refused, match="try-again"):
            piecestore.read(Kept.ATTACHMENTS, FILE, 0, DIGEST)
        assert time.monotonic() - begun < 5

    def test_that_drips_takes_no_more_threads_than_there_are(self, scripted, quick, monkeypatch):
        monkeypatch.setattr(objects, "_WAYS", threading.BoundedSemaphore(1))
        scripted.body, scripted.drips = b"<" * 1000, 0.1
        before = len(scripted.asked)
        for _ in range(2):
            with pytest.raises(Refused, match="try-again"):
                piecestore.read(Kept.ATTACHMENTS, FILE, 0, DIGEST)
        assert len(scripted.asked) == before + 1

    @pytest.mark.parametrize("body", [b"no XML", b"<html></html"])
    def test_whose_answer_is_none_is_an_error_as_any_other(self, scripted, body):
        scripted.body = body
        with pytest.raises(OSError, match="error"):
            storages["attachments"].listdir("")

    def test_whose_pages_do_not_end_is_not_asked_for_ever(self, scripted):
        scripted.body = (
            b"<ListBucketResult><IsTruncated>true</IsTruncated>"
            b"<NextContinuationToken>again</NextContinuationToken></ListBucketResult>"
        )
        with pytest.raises(OSError, match="error"):
            storages["attachments"].listdir("")
        assert len(scripted.asked) == 2

    def test_whose_certificate_nobody_vouches_for_is_sent_nothing(
        self, settings, tmp_path, monkeypatch
    ):
        made, trusted = certificate.make(), tmp_path / "trusted"
        (tmp_path / "pair").write_bytes(made.key + made.chain)
        with ScriptedStore(certificate=tmp_path / "pair") as scripted:
            with kept_in(settings, scripted.url), pytest.raises(Refused, match="try-again"):
                keep()
            assert scripted.asked == []
            trusted.write_bytes(made.chain)
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            with kept_in(settings, scripted.url, key="another"):
                keep()
            (sent,) = scripted.headers
        assert sent["x-amz-content-sha256"] == DIGEST  # with TLS too

    def test_is_sent_a_digest_and_no_wish_that_others_may_read(self, scripted):
        keep()
        (sent,) = scripted.headers
        assert sent["x-amz-content-sha256"] == DIGEST
        assert not [name for name in sent if "acl" in name or "grant" in name]


class TestAStart:
    def test_is_no_worse_with_a_store_that_is_empty(self, store):
        assert marks.why_not_start() is None

    def test_is_refused_on_what_is_half_restored(self, store):
        (store.folder / BUCKET / PREFIX).mkdir(parents=True, exist_ok=True)
        (store.folder / BUCKET / PREFIX / f"{startup.RESTORING}1a2b3c4d").write_bytes(b"")
        against = marks.why_not_start()
        assert against.startswith("half-restored: ")
        assert f"{store.url}/.casehub-restoring-1a2b3c4d is there" in against

    def test_is_refused_without_an_answer(self, scripted):
        scripted.fails(403, "AccessDenied")
        assert marks.why_not_start().startswith("objects-away: ")

    @pytest.mark.parametrize("status", ["Enabled", "Suspended"])
    def test_is_refused_where_nothing_can_be_destroyed(self, scripted, status):
        scripted.body = f"<X><Status>{status}</Status></X>".encode()
        assert marks.why_not_start().startswith("objects-versioned: ")

    def test_asks_no_store_where_there_is_none(self, settings, tmp_path):
        settings.ATTACHMENTS = tmp_path
        assert settings.OBJECTS is None
        assert marks.why_not_start() is None
