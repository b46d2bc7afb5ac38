"""`manage.py ceremony`, as people in a room without a network use it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.frames import from_b64u, to_b64u
from casehub.directory.fingerprints import words_of
from casehub.directory.statements import parse, signing_input

ROOT = Path(__file__).parents[3]
ONE = "seis palabras que nadie más sabe"
TWO = "otras seis de la segunda persona"
OFFICER = Ed25519PrivateKey.generate()


class Room:
    """A machine with no settings and no network; `room(*arguments, said=lines)` is one ceremony."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *arguments, said=(), fails=False):
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "ceremony", *arguments],
            cwd=self.folder,
            input="".join(f"{line}\n" for line in said),
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
            timeout=60,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stderr + done.stdout
        return done.stdout + done.stderr


@pytest.fixture
def room(tmp_path):
    """Return an empty room."""
    return Room(tmp_path)


@pytest.fixture(scope="module")
def salvador(tmp_path_factory):
    """What El Salvador's ceremony has made: its key file and its root's statement."""
    room = Room(tmp_path_factory.mktemp("salvador"))
    room(
        *("root", "--state", "SV", "--key", "sv.key", "--out", "sv-root.json"),
        said=[ONE, ONE, TWO, TWO],
    )
    return room.folder


@pytest.fixture
def rooted(room, salvador):
    """Return a room in which that lies on the table."""
    for file in salvador.iterdir():
        shutil.copy2(file, room.folder)
    return room


def request(**changed):
    fields = {
        "v": 1,
        "state": "SV",
        "person": str(uuid4()),
        "name": "Ana Ejemplo",
        "post": "Oficial de Cancillería",
        "key": to_b64u(OFFICER.public_key().public_bytes_raw()),
        "made": "2026-11-24T15:00:00Z",
    } | changed
    body = rfc8785.dumps(fields)
    signature = OFFICER.sign(signing_input("officer-request", body))
    return json.dumps({"body": to_b64u(body), "signature": to_b64u(signature)})


def stolen():
    """Return a request that names a key whose private half its sender does not have."""
    wire = json.loads(request())
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    fields = json.loads(from_b64u(wire["body"], most=4096)) | {"key": to_b64u(other)}
    return json.dumps(wire | {"body": to_b64u(rfc8785.dumps(fields))})


def statement(room, name):
    return parse(json.loads((room.folder / name).read_text()))


def name_officer(room, *, said=None, fails=False, **changed):
    (room.folder / "ana.json").write_text(request(**changed))
    words = said if said is not None else words_of(OFFICER.public_key().public_bytes_raw())
    return room(
        *("officer", "--key", "sv.key", "--request", "ana.json", "--out", "ana-officer.json"),
        said=[words, ONE, TWO],
        fails=fails,
    )


class TestARoot:
    def test_is_made_and_says_who_it_is_in_six_words(self, rooted):
        made = statement(rooted, "sv-root.json")
        assert made.signers == {made.fields["key"]}
        assert words_of(from_b64u(made.fields["key"], most=32)) in rooted("show", "sv.key")

    def test_keeps_its_key_for_the_owner_alone(self, rooted):
        assert (rooted.folder / "sv.key").stat().st_mode & 0o077 == 0

    def test_is_never_written_over(self, rooted):
        before = (rooted.folder / "sv.key").read_text()
        told = rooted(
            *("root", "--state", "SV", "--key", "sv.key", "--out", "again.json"),
            said=[ONE, ONE, TWO, TWO],
            fails=True,
        )
        assert "nothing here writes over" in told
        assert (rooted.folder / "sv.key").read_text() == before

    def test_is_not_made_when_the_repetition_differs(self, room):
        room(
            *("root", "--state", "SV", "--key", "sv.key", "--out", "sv-root.json"),
            said=[ONE, TWO, TWO, TWO],
            fails=True,
        )
        assert list(room.folder.iterdir()) == []

    def test_is_gathered_with_others_into_the_file_to_pin(self, rooted):
        rooted("roots", "sv-root.json", "--out", "roots.json")
        pinned = json.loads((rooted.folder / "roots.json").read_text())
        assert pinned == {"SV": statement(rooted, "sv-root.json").fields["key"]}

    def test_passes_on_to_the_next_by_both_hands(self, rooted):
        rooted(
            *("rotate", "--key", "sv.key", "--new-key", "sv2.key", "--out", "sv-next.json"),
            said=[ONE, TWO, TWO, TWO, ONE, ONE],
        )
        first, following = statement(rooted, "sv-root.json"), statement(rooted, "sv-next.json")
        assert following.fields["previous"] == first.fields["key"]
        assert following.signers == {following.fields["key"], first.fields["key"]}


class TestAnOfficer:
    def test_is_named_once_their_words_were_typed(self, rooted):
        name_officer(rooted)
        made = statement(rooted, "ana-officer.json")
        assert made.signers == {statement(rooted, "sv-root.json").fields["key"]}
        assert made.fields["key"] == to_b64u(OFFICER.public_key().public_bytes_raw())

    def test_is_named_by_words_typed_without_accents(self, rooted):
        words = words_of(OFFICER.public_key().public_bytes_raw()).upper()
        name_officer(rooted, said=words.translate(str.maketrans("ÁÉÍÓÚÑ", "AEIOUN")))

    @pytest.mark.parametrize(
        ("file", "why"),
        [
            (lambda: request(state="MX"), "this root is of SV"),
            (stolen, "without the key that it names"),
            (lambda: request(v=2), "not a request"),
            (lambda: request(added="1"), "not a request"),
            (lambda: "[]", "not a request"),
        ],
        ids=["another State's", "a key that is not theirs", "a later form", "more", "no object"],
    )
    def test_is_not_named_from_a_file_that_does_not_fit(self, rooted, file, why):
        (rooted.folder / "ana.json").write_text(file())
        told = rooted(
            *("officer", "--key", "sv.key", "--request", "ana.json", "--out", "no.json"),
            said=[words_of(OFFICER.public_key().public_bytes_raw()), ONE, TWO],
            fails=True,
        )
        assert why in told
        assert not (rooted.folder / "no.json").exists()

    def test_is_not_named_when_other_words_are_read_aloud(self, rooted):
        other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        told = name_officer(rooted, said=words_of(other), fails=True)
        assert "stop, and get the file anew" in told
        assert not (rooted.folder / "ana-officer.json").exists()

    def test_is_not_named_by_one_hand_of_two(self, rooted):
        (rooted.folder / "ana.json").write_text(request())
        told = rooted(
            *("officer", "--key", "sv.key", "--request", "ana.json", "--out", "no.json"),
            said=[words_of(OFFICER.public_key().public_bytes_raw()), ONE, ONE],
            fails=True,
        )
        assert "does not open" in told

    def test_is_not_named_for_longer_than_a_year(self, rooted):
        (rooted.folder / "ana.json").write_text(request())
        told = rooted(
            *("officer", "--key", "sv.key", "--request", "ana.json", "--out", "no.json"),
            *("--until", "2099-01-01"),
            said=[words_of(OFFICER.public_key().public_bytes_raw()), ONE, TWO],
            fails=True,
        )
        assert "within a year" in told
