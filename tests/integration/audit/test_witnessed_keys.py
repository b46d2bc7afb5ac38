"""Witnesses over a change of keys: what they have cosigned is published, under either key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import keyring, services
from audit.queries import integrity, keys, trees
from audit.tlog.note import CosigningKey, Note
from audit.tlog.policy import Policy
from audit.witnessing import Witnessing
from tests.integration.audit.conftest import log_named
from tests.integration.audit.rotating import MONTH, audit, findings, rotated

MX = CosigningKey("witness.mx.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
DAY = timedelta(days=1)


class Watched:
    """A region whose policy file names this year's first keys, and a witness that comes by."""

    def __init__(self, bench, clock, settings, folder):
        self.bench, self.clock = bench, clock
        named = [keyring.signing_key(origin).public for origin in keyring.origins(2026).values()]
        text = "".join(f"log {key}\n" for key in named) + f"witness MX {MX.public}\nquorum MX\n"
        settings.WITNESSES = folder / "policy"
        settings.WITNESSES.write_text(text)
        self.before = Policy.parse(text)

    def goes_on(self, later=timedelta()):
        """Record, sign, have it cosigned, publish."""
        self.bench.now += later
        self.clock.move_to(self.bench.now, tick=False)
        self.bench.record(1, directory=1)
        one = self.bench.sequencer(policy=self.before)
        one.tick()
        one.close()
        asking = Witnessing(self.before, lambda: self.bench.now)
        asking.round()
        for log in trees.current():
            lies = integrity.submission_of(log)
            if lies is not None:
                line = MX.sign(Note.parse(lies.note).text, self.seconds)
                heard = {"MX": services.Heard(line=line)}
                services.hear(submission=lies, heard=heard, now=self.bench.now)
        asking.round()

    @property
    def seconds(self):
        return int(self.bench.now.timestamp())

    def published(self, slug):
        """Return the newest note that others rely on; it covers everything."""
        log = log_named(slug)
        assert trees.published_size(log) == log.size
        return trees.newest_published(log)


@pytest.fixture
def watched(bench, clock, settings, tmp_path):
    made = Watched(bench, clock, settings, tmp_path)
    made.goes_on()
    return made


class TestAChangeOfKeys:
    @pytest.mark.parametrize(("which", "slug"), [("acts", "acts-2026"), ("dir", "dir")])
    def test_is_published_under_both_and_then_under_the_new_one(self, watched, which, slug):
        first = watched.published(slug)
        said = rotated(which)
        watched.goes_on(DAY)
        assert watched.before.open(watched.published(slug))  # whoever has not heard of it yet
        watched.goes_on(MONTH)
        alone = watched.published(slug)
        served = Policy.parse(keys.served(watched.bench.now))
        assert served.open(alone).cosigned == {"MX": watched.seconds}
        assert served.open(first)  # of its time
        assert watched.before.learn([said]).open(alone)
        assert [state.cosigned for state in integrity.states()] == [1, 1]
        assert findings() == []


class TestALogThatTakesOver:
    @pytest.mark.parametrize(("which", "slug"), [("acts", "acts-2026-2"), ("dir", "dir-2")])
    def test_is_published_although_the_file_does_not_name_it_yet(self, watched, which, slug):
        audit("compromised", which, "--by", "operator")
        watched.goes_on(DAY)
        watched.goes_on(DAY)
        served = Policy.parse(keys.served(watched.bench.now))
        assert served.open(watched.published(slug)).checkpoint.size == log_named(slug).size
        assert served.open(watched.published(slug.removesuffix("-2")))
        assert findings() == []
