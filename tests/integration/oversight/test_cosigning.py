"""Witnesses who come by themselves: what lies before them, and what they bring."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from audit import keyring, services
from audit.models import AuditEvent, Cosignature
from audit.queries import trees
from audit.tlog.note import CosigningKey, Note
from audit.tlog.policy import Policy
from audit.witnessing import Witnessing
from casehub.core.rates import buckets
from tests.integration.audit.conftest import *  # noqa: F403 - its fixtures
from tests.integration.audit.conftest import log_named

PREFIX = "/api/log/acts-2026/"
MX = CosigningKey("witness.mx.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
STRANGER = CosigningKey("witness.xx.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def give(body, **headers):
    buckets.clear()
    # A program, not a browser: no cookie, no token.
    browser = Client(enforce_csrf_checks=True)
    return browser.post(PREFIX + "cosignatures", body, content_type="text/plain", headers=headers)


@pytest.fixture
def policy(bench, settings, tmp_path):
    """One witness without an address: it comes by itself."""
    keys = [keyring.signing_key(origin).public for origin in keyring.origins(2026).values()]
    text = "".join(f"log {key}\n" for key in keys) + f"witness MX {MX.public}\nquorum MX\n"
    settings.WITNESSES = tmp_path / "policy"
    settings.WITNESSES.write_text(text)
    return Policy.parse(text)


@pytest.fixture
def waiting(bench, policy):
    """A signed checkpoint that lies before the witness."""
    bench.record(3)
    one = bench.sequencer(policy=policy)
    one.tick()
    one.close()
    witnessing = Witnessing(policy, lambda: bench.now)
    witnessing.round()
    return witnessing


def offered():
    answer = Client().get(PREFIX + "pending")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return Note.parse(answer.content.decode()).text


class TestAWitnessThatComesByItself:
    def test_finds_what_is_signed_and_not_yet_published_and_publishes_it_by_its_line(
        self, waiting, policy, bench
    ):
        buckets.clear()
        assert Client().get(PREFIX + "checkpoint").status_code == 404
        assert Client().get(PREFIX + "tile/0/000.p/3").status_code == 200
        line = MX.sign(offered(), int(bench.now.timestamp()))
        assert give(line).status_code == 204
        waiting.round()
        note = Client().get(PREFIX + "checkpoint").content.decode()
        assert policy.open(note).cosigned == {"MX": int(bench.now.timestamp())}

    def test_may_bring_its_line_twice(self, waiting, bench):
        line = MX.sign(offered(), int(bench.now.timestamp()))
        assert [give(line).status_code for _ in range(2)] == [204, 204]
        assert Cosignature.objects.count() == 1

    def test_may_bring_its_line_among_others(self, waiting, bench):
        others = "\u2014 a AAAAAAA=\n" * 99
        assert give(others + MX.sign(offered(), int(bench.now.timestamp()))).status_code == 204

    def test_leaves_no_event_in_the_log_that_it_watches(self, waiting, bench):
        before = AuditEvent.objects.count()
        give(MX.sign(offered(), int(bench.now.timestamp())))
        assert AuditEvent.objects.count() == before


REFUSED = {
    "nothing": lambda text, at: "",
    "words": lambda text, at: "hello\n",
    "a stranger's line": STRANGER.sign,
    "a line under another text": lambda text, at: MX.sign(text.replace("3", "4"), at),
    "a line of an hour ago": lambda text, at: MX.sign(text, at - 3600),
    "a line of next year": lambda text, at: MX.sign(text, at + 365 * 86400),
    "too many lines": lambda text, at: MX.sign(text, at) * 200,
    "its line behind a hundred others": lambda text, at: (
        "\u2014 a AAAAAAA=\n" * 100 + MX.sign(text, at)
    ),
}


class TestWhatIsNotTaken:
    @pytest.mark.parametrize("what", REFUSED)
    def test_is_refused_and_publishes_nothing(self, waiting, bench, what):
        answer = give(REFUSED[what](offered(), int(bench.now.timestamp())))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-frame")
        waiting.round()
        assert trees.published_size(log_named("acts-2026")) == 0
        assert not Cosignature.objects.exists()

    def test_is_anything_when_nothing_lies_there(self, bench, policy):
        bench.signed(1)
        assert give(MX.sign("x\n", 1)).status_code == 404
        assert Client().get(PREFIX + "pending").status_code == 404

    def test_is_a_line_that_comes_after_another_note_took_the_place(self, waiting, bench, policy):
        text = offered()
        bench.record(2)
        one = bench.sequencer(policy=policy)
        one.tick()
        one.close()
        services.submit(log=log_named("acts-2026").id, now=bench.now.replace(minute=59))
        assert offered() != text
        assert give(MX.sign(text, int(bench.now.timestamp()))).status_code == 400


class TestThePolicy:
    def test_is_the_regions_file(self, policy, settings):
        buckets.clear()
        assert Client().get("/api/log/policy").content.decode() == settings.WITNESSES.read_text()

    def test_names_the_logs_alone_where_there_are_no_witnesses(self, bench):
        bench.signed(1)
        buckets.clear()
        policy = Policy.parse(Client().get("/api/log/policy").content.decode())
        assert [key.name for key in policy.logs] == [
            "audit.localhost/2026",
            "dir.localhost",
            "audit.localhost/2026/promise",
        ]
        note = Client().get(PREFIX + "checkpoint").content.decode()
        assert policy.open(note).checkpoint.size == 1
