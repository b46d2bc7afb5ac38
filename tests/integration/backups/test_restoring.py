"""A region is backed up on one place and restored on another; what must not be restored is not."""

from __future__ import annotations

import json
import secrets
import time
import urllib.request
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import psycopg
import pytest

from tests.integration.backups.conftest import CANARY, SECONDS, anchored, piece, size_of
from tests.servers.casehub_server import CaseHub
from tests.servers.objectstore import BUCKET, PREFIX, RealStore
from tests.servers.witness import ScriptedWitness

pytestmark = pytest.mark.timeout(300, func_only=True)  # the servers' preparation does not count
EMBEDDED = pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
FULL = pytest.mark.parametrize("configuration", ["full"], indirect=True)


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def sizes(place):
    return {origin: size_of(note) for origin, note in anchored(place).items()}


def lies_in(place):
    """Return what a place holds, beside what its operator keeps apart."""
    files = {str(one.relative_to(place.data)) for one in place.data.rglob("*") if one.is_file()}
    kept = ("demo/", "log-keys/", "serving", "anchor/lock")
    return {one for one in files if not one.startswith(kept)}


class TestABackup:
    def test_holds_no_word_of_the_region_in_clear(self, made):
        blob = made.read_bytes()
        for word in (CANARY, b"SQLite format 3", b"PGDMP", b"audit_auditevent", b"manifest.json"):
            assert word not in blob
        assert made.stat().st_mode & 0o777 == 0o600

    def test_restored_elsewhere_serves_and_is_verified_and_signed_on(self, backups, region, made):
        place = backups.empty(region)
        restored = backups.restore(place, made)
        assert restored.code == 0, restored.error
        assert "the log is whole" in restored.out
        assert (place.data / "attachments" / piece(CANARY)).read_bytes() == CANARY
        assert sizes(place) == sizes(region)
        backups.grant(place)
        with CaseHub(place) as casehub:
            assert len(json.loads(fetch(f"{casehub.url}/api/log"))) == 2
            assert b"<!doctype html>" in fetch(casehub.url).lower()
        assert "The log is whole" in backups.run(place, "audit", "verify").out
        refused = backups.restore(place, made)
        assert refused.code == 2
        assert "target-not-empty" in refused.error

    def test_is_tried_in_a_place_that_goes_again(self, backups, region, made):
        place, within = backups.empty(region), backups.home / "tries"
        tried = backups.restore(place, made, "--verify", "--within", within)
        assert tried.code == 0, tried.error
        assert "can be restored" in tried.out
        assert list(within.iterdir()) == []
        assert lies_in(place) == set()

    @EMBEDDED
    def test_that_was_changed_leaves_nothing_behind(self, backups, region, made):
        changed = bytearray(made.read_bytes())
        changed[-9_000] ^= 1
        file = backups.home / "changed.backup"
        file.write_bytes(changed)
        place = backups.empty(region)
        refused = backups.restore(place, file)
        assert refused.code == 1
        assert "backup-changed" in refused.error
        assert lies_in(place) == set()

    @EMBEDDED
    def test_waits_for_the_secrets_of_its_region(self, backups, region, made):
        place = backups.empty(region)
        (place.data / "demo" / "secret-key").write_text("x" * 50)
        refused = backups.restore(place, made)
        assert refused.code == 2
        assert "other-secret-key" in refused.error
        (place.data / "log-keys" / "events").write_text(b64encode(bytes(32)).decode())
        refused = backups.restore(place, made, "--lost", "secret-key")
        assert "other-events-key" in refused.error
        assert lies_in(place) == set()
        printed = sha256(made.read_bytes()).hexdigest()
        both = ["--lost", "secret-key", "events-key", "--sha256"]
        restored = backups.restore(place, made, *both, printed)
        assert restored.code == 0, restored.error
        assert "what events said is closed" in restored.out


@pytest.fixture(scope="module")
def newer(backups, region, made):
    """What the log signed after the backup was made: files of the notes, the acts' among them."""
    before = sizes(region)
    backups.run(region, "region", "office", "--state", "SV", "--kind", "prosecution", "--name", "N")
    with CaseHub(region):
        until(lambda: len(sizes(region).items() - before.items()) > 0)
    files = []
    for number, note in enumerate(anchored(region).values()):
        files.append(backups.home / f"note-{number}")
        files[-1].write_text(note)
    return files


class TestWhereTheLogWentOn:
    def test_nothing_is_restored_unless_its_logs_end_and_then_they_are_not_signed(
        self, backups, region, made, newer
    ):
        place = backups.empty(region)
        kept = ["--witness-checkpoints", *newer]
        refused = backups.restore(place, made, *kept)
        assert refused.code == 2
        assert "witnesses-ahead" in refused.error
        assert "rollback" in refused.error
        assert lies_in(place) == set()
        same = backups.restore(place, made, *kept, "--end-logs")
        assert "log-host-same" in same.error
        two = {"CASEHUB_LOG_HOST": "two.casehub.example"}
        restored = backups.restore(place, made, "--end-logs", **two)  # whoever is silent
        assert restored.code == 0, restored.error
        assert "has ended and is never signed again" in restored.out
        backups.grant(place)
        with pytest.raises(RuntimeError, match="this log was ended by a restore"):
            CaseHub(place).__enter__()
        other = replace(place, settings={**place.settings, **two})
        with CaseHub(other):
            until(lambda: "dir.two.casehub.example" in sizes(place))
        later = backups.home / "later.backup"
        backups.make(other, later)
        again = backups.restore(backups.empty(other), later, *kept, **two)
        assert again.code == 0, again.error  # others' memory of what has ended refuses nothing
        assert "  --  " in again.out

    @EMBEDDED
    def test_witnesses_are_asked_and_silent_ones_are_waited_for(
        self, backups, region, made, newer, tmp_path
    ):
        witness = ScriptedWitness("SV", lambda _: (404, "text/plain", "")).start()
        acts = next(note for note in map(str, anchored(region).values()) if "audit." in note)
        text = acts[: acts.index("\n\n") + 1]
        witness.shows = acts + witness.signer.sign(text, int(time.time()))
        keys = backups.run(region, "audit", "keys").out.replace("quorum none\n", "")
        lines = [f"witness SV {witness.key} {witness.url}", "quorum SV", ""]
        policy = tmp_path / "policy"
        policy.write_text(keys + "\n".join(lines))
        place = backups.empty(region)
        try:
            refused = backups.restore(place, made, CASEHUB_WITNESSES=str(policy))
        finally:
            witness.stop()
        assert "witnesses-ahead: the witness SV holds" in refused.error
        refused = backups.restore(place, made, CASEHUB_WITNESSES=str(policy))
        assert "witnesses-silent: SV did not answer" in refused.error
        assert lies_in(place) == set()


@pytest.fixture
def stores(tmp_path_factory):
    """The region's store, with a file's piece, and another one with nothing in it."""
    with (
        RealStore(tmp_path_factory.mktemp("store")) as of_region,
        RealStore(tmp_path_factory.mktemp("empty")) as empty,
    ):
        lies = of_region.folder / BUCKET / PREFIX / piece(CANARY)
        lies.parent.mkdir(parents=True)
        lies.write_bytes(CANARY)
        yield of_region, empty


class TestInAnObjectStore:
    def test_files_are_backed_up_out_of_one_and_restored_into_another(
        self, backups, region, stores
    ):
        of_region, empty = stores
        file, place = backups.home / "of-objects.backup", backups.empty(region)
        to = ["--to", file, "--recipients", backups.recipients]
        made = backups.run(region, "backup", *to, **of_region.said)
        assert made.code == 0, made.error
        assert f"files  1 pieces, {len(CANARY)} bytes" in made.out
        wrong = {**empty.said, "CASEHUB_OBJECTS_SECRET": "of another"}
        refused = backups.restore(place, file, **wrong)
        assert (refused.code, "objects-away" in refused.error) == (2, True)
        refused = backups.restore(place, file, **empty.said, CASEHUB_LOG_HOST="two.example")
        assert "log-host-other" in refused.error
        assert (empty.lies(), lies_in(place)) == (set(), set())
        restored = backups.restore(place, file, **empty.said)
        assert restored.code == 0, restored.error
        assert empty.lies() == {piece(CANARY)}
        assert (empty.folder / BUCKET / PREFIX / piece(CANARY)).read_bytes() == CANARY
        assert not [one for one in lies_in(place) if piece(CANARY) in one]
        backups.grant(place)
        with CaseHub(place, **empty.said) as casehub:
            assert len(json.loads(fetch(f"{casehub.url}/api/log"))) == 2
            codes = [one["code"] for one in json.loads(fetch(f"{casehub.url}/readyz"))["findings"]]
            assert "objects-away" not in codes
        refused = backups.restore(backups.empty(region), file, **empty.said)
        assert f"target-not-empty: {empty.url} holds {piece(CANARY)}" in refused.error
        with pytest.raises(RuntimeError, match="objects-away"):
            CaseHub(place, **wrong).__enter__()


def asked(database, statement, *, role=""):
    """Ask a database by its socket, as whoever made the server or as a role."""
    folder, _, name = database.removeprefix("postgres:///").rpartition("/")
    with psycopg.connect(host=f"/{folder}", dbname=name, user=role or None) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def triggers(database):
    """Return every trigger with its table, and when it fires."""
    told = "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger"
    return sorted(asked(database, f"{told} WHERE NOT tgisinternal"))


class TestAnOwnerWhoIsNoSuperuser:
    @FULL
    def test_tries_and_restores_a_backup_and_grants_the_lesser_roles(
        self, backups, region, made, configuration, tmp_path
    ):
        place = backups.empty(region)
        url = place.owner["DATABASE_URL"]
        database = url.rpartition("/")[2]
        owner, web, sequencer = (f"{one}_{secrets.token_hex(4)}" for one in ("owner", "web", "seq"))
        asked(url, f"CREATE ROLE {owner} LOGIN NOSUPERUSER CREATEDB CREATEROLE")
        asked(url, f'ALTER DATABASE "{database}" OWNER TO {owner}')
        lesser = {"DATABASE_URL": configuration.postgres.url(database, role=owner)}
        place = replace(place, owner=lesser)
        tried = backups.restore(place, made, "--verify", "--within", tmp_path)
        assert tried.code == 0, tried.error
        restored = backups.restore(place, made)
        assert restored.code == 0, restored.error
        granted = backups.run(place, "database_roles", "--app", web, "--sequencer", sequencer)
        assert granted.code == 0, granted.error
        assert "The log is whole" in backups.run(place, "audit", "verify").out
        owners = asked(url, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert owners == [(owner,)]
        assert triggers(url) == triggers(region.owner["DATABASE_URL"])  # none is switched off
        assert asked(url, "SELECT count(*) FROM audit_auditevent", role=web) > [(0,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(url, "DELETE FROM audit_auditevent", role=web)
