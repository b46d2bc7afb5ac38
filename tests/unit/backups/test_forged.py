"""A backup is the region's own: whoever only knows to whom it is sealed cannot make one."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.core.management.base import CommandError
from django.db import DatabaseError

from audit import keyring
from casehub.backups import envelope, parts, stream
from casehub.backups import manifest as m
from casehub.backups.errors import Stopped
from casehub.backups.management import asking
from casehub.backups.stores import Beside
from casehub.backups.unpacking import EVENTS, SECRET, Proof, Source, open_file, unpack
from casehub.ceremony.errors import CeremonyStopped
from tests.unit.backups.test_container import ALL, MX, SV

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DATABASE = b"a database"
BODY = b"a piece"
PIECE = f"{'0' * 8}-0000-4000-8000-{'0' * 12}/00000-{sha256(BODY).hexdigest()}"


class Made:
    """A backup that is put together here, with whatever a test puts in its place."""

    def __init__(self, settings):
        self.secret, self.events = settings.SECRET_KEY.encode(), keyring.events_secret()
        self.envelope, self.key = envelope.make(ALL, now=NOW)
        self.id, self.made_at = self.envelope.id, NOW.isoformat()
        self.header = self.envelope.written()

    def manifest(self):
        return self.said([])

    def said(self, migrations):
        checks = m.check_of(self.secret, self.id), m.check_of(self.events, self.id)
        return m.Manifest(self.id, self.made_at, "sqlite", migrations, [], *checks).encode()

    def contents(self, manifest, database=DATABASE):
        tally = m.Tally()
        tally.database(database)
        tally.piece(PIECE, BODY, sha256(BODY).hexdigest())
        bare = tally.contents()
        seals = [m.seal_of(one, self.header, manifest, bare) for one in (self.secret, self.events)]
        return replace(bare, secret_seal=seals[0], events_seal=seals[1])

    def parts(self, database=DATABASE, contents=None):
        manifest = self.manifest()
        said = contents or self.contents(manifest, database)
        return [
            (m.MANIFEST, [manifest]),
            (m.DATABASE, [database]),
            (m.FILES + PIECE, [BODY]),
            (m.CONTENTS, [said.encode()]),
        ]

    def file(self, parts_):
        return self.header + b"".join(stream.seal(self.key, parts.write(parts_)))


@pytest.fixture
def made(settings, monkeypatch):
    monkeypatch.setattr("casehub.backups.databases.kind", lambda: "sqlite")
    return Made(settings)


@pytest.fixture
def opened(tmp_path):
    def opened_(blob, **proof):
        source = Source(io.BytesIO(blob))
        found = open_file(source, "it", now=NOW)
        key = envelope.unseal(found, [SV, MX])
        files = Beside(tmp_path / "files", tmp_path)
        place = {"database": tmp_path / "database", "files": files}
        return unpack(source, found, key, proof=Proof(**proof), **place)

    return opened_


class TestARegionsOwn:
    def test_opens(self, made, opened, tmp_path):
        assert opened(made.file(made.parts())).contents.pieces == 1
        assert (tmp_path / "database").read_bytes() == DATABASE
        assert (tmp_path / "files" / PIECE).read_bytes() == BODY

    @pytest.mark.parametrize("lost", [{SECRET}, {EVENTS}])
    def test_is_known_by_either_secret(self, made, opened, lost, settings):
        if SECRET in lost:
            settings.SECRET_KEY = "another" * 9
        assert opened(made.file(made.parts()), lost=frozenset(lost)).contents.pieces == 1

    def test_is_known_by_the_secret_key_of_before(self, made, opened, settings):
        """As a region that has another one since opens what was sealed under it."""
        settings.SECRET_KEY_FALLBACKS = ["other" * 9, settings.SECRET_KEY]
        settings.SECRET_KEY = "another" * 9
        assert opened(made.file(made.parts())).contents.pieces == 1

    def test_is_known_without_any_by_its_sha256_alone(self, made, opened):
        lost, file = frozenset({SECRET, EVENTS}), made.file(made.parts())
        assert opened(file, lost=lost, sha256=sha256(file).hexdigest())

    @pytest.mark.parametrize(("digest", "code"), [(None, "sha256-needed"), ("0" * 64, "other")])
    def test_is_not_known_otherwise(self, made, opened, digest, code):
        with pytest.raises(Stopped, match=code):
            opened(made.file(made.parts()), lost=frozenset({SECRET, EVENTS}), sha256=digest)


class TestAnotherPlaces:
    """What was written well, and is for another place or day."""

    @pytest.mark.parametrize(
        ("days", "code"), [(-1, "backup-from-the-future"), (35, None), (36, "backup-expired")]
    )
    def test_day_is_looked_at_before_anybody_types(self, made, days, code):
        source, now = Source(io.BytesIO(made.header)), NOW + timedelta(days=days)
        if code is None:
            assert open_file(source, "it", now=now).made_at == NOW
            return
        with pytest.raises(Stopped, match=code):
            open_file(source, "it", now=now)

    def test_database_is_refused(self, made, opened, monkeypatch):
        monkeypatch.setattr("casehub.backups.databases.kind", lambda: "postgresql")
        with pytest.raises(Stopped, match="other-database: The backup is of sqlite"):
            opened(made.file(made.parts()))

    def test_later_release_is_refused(self, made, opened, monkeypatch):
        later = [["accounts", "9999_later"]]
        monkeypatch.setattr(made, "manifest", lambda: made.said(later))
        with pytest.raises(Stopped, match=r"release-older: .*accounts\.9999_later"):
            opened(made.file(made.parts()))

    @pytest.mark.parametrize("which", ["SECRET_KEY", "events"])
    def test_secrets_are_refused(self, made, opened, which, settings, monkeypatch):
        blob = made.file(made.parts())
        if which == "events":
            monkeypatch.setattr(keyring, "events_secret", lambda: bytes(32))
        else:
            settings.SECRET_KEY = "another" * 9
        code = {"events": "other-events-key", "SECRET_KEY": "other-secret-key"}[which]
        with pytest.raises(Stopped, match=code):
            opened(blob)


class TestAStrangers:
    @pytest.mark.parametrize("field", ["id", "made_at"])
    def test_has_another_name_or_day_inside_than_outside(self, made, opened, field):
        setattr(made, field, {"id": "0" * 32, "made_at": "2020-01-01T00:00:00+00:00"}[field])
        with pytest.raises(Stopped, match="another one inside"):
            opened(made.file(made.parts()))

    def test_has_checks_that_were_read_but_no_seal(self, made, opened):
        bare = replace(made.contents(made.manifest()), secret_seal="", events_seal="")
        with pytest.raises(Stopped, match="backup-forged"):
            opened(made.file(made.parts(contents=bare)))

    def test_has_the_seals_of_another_database(self, made, opened):
        seals = made.contents(made.manifest())
        other = made.contents(made.manifest(), b"another")
        mixed = replace(other, secret_seal=seals.secret_seal, events_seal=seals.events_seal)
        with pytest.raises(Stopped, match="backup-forged"):
            opened(made.file(made.parts(b"another", mixed)))

    @pytest.mark.parametrize("lost", [SECRET, EVENTS])
    def test_has_the_seal_of_one_secret_alone(self, made, opened, lost):
        said = made.contents(made.manifest())
        changed = {EVENTS: "secret_seal", SECRET: "events_seal"}[lost]
        with pytest.raises(Stopped, match="backup-forged"):
            opened(made.file(made.parts(contents=replace(said, **{changed: "0" * 64}))))
        assert m.seal_of(made.secret, made.header, b"", said) != m.seal_of(
            made.events, made.header, b"", said
        )

    @pytest.mark.parametrize("name", [m.MANIFEST, m.DATABASE, m.CONTENTS, m.FILES + PIECE])
    def test_has_a_part_twice(self, made, opened, name):
        found = made.parts()
        twice = next(one for one in found if one[0] == name)
        with pytest.raises(Stopped, match="twice"):
            opened(made.file([*found, twice]))

    @pytest.mark.parametrize(
        "first", [b"[" * 5000, b"{}", b'{"form":1,"migrations":[1],"logs":[]}']
    )
    def test_has_no_manifest(self, made, opened, first):
        with pytest.raises(Stopped, match="backup-foreign"):
            opened(made.file([(m.MANIFEST, [first])]))

    @pytest.mark.parametrize(
        "name", ["attachments/../../x", "/etc/passwd", m.FILES + PIECE.replace("00000", "1" * 10)]
    )
    def test_names_a_part_as_none_of_ours_is(self, made, opened, name):
        with pytest.raises(Stopped, match="another name"):
            opened(made.file([*made.parts()[:1], (name, [BODY])]))


HOSTILE = [
    {"id": float("nan")},
    {"id": "\ud800"},
    {"id": 10**400},
    {"pairs": [[0, 1, ""], ["a", 1, ""]]},
    {"pairs": [[[], 1, ""]]},
    {"recipients": [5]},
]


@pytest.mark.parametrize("said", HOSTILE)
def test_a_header_that_cannot_be_written_is_none(said):
    usual = {"id": "x", "made_at": "2026-11-24T03:00:00Z", "pairs": []}
    line = json.dumps({**usual, "recipients": [str(SV.recipient)], **said}).encode()
    with pytest.raises(Stopped, match="backup-foreign"):
        envelope.read(io.BytesIO(envelope.FORM + line + b"\n"), where="it")


@pytest.mark.parametrize(
    ("error", "code", "ended"),
    [
        (OSError(28, "No space left on device"), "file-unwritable", 2),
        (OSError(5, "Input/output error"), "file-unreadable", 2),
        (Stopped("backup-forged"), "backup-forged", 1),
        (Stopped("backup-changed", "x"), "backup-changed", 1),
        (Stopped("backup-other", "x"), "backup-other", 1),
        (Stopped("sha256-needed"), "sha256-needed", 2),
        (CeremonyStopped("it does not open"), "key-unreadable: it does not open", 2),
        (DatabaseError("away"), "database-away", 2),
        (Stopped("log-not-as-signed", "x"), "log-not-as-signed", 1),
    ],
)
def test_what_stops_a_command_has_its_exit_code(error, code, ended):
    with pytest.raises(CommandError, match=code) as said, asking.said_to_a_person():
        raise error
    assert said.value.returncode == ended
