"""A region is backed up on one place and restored on another; what must not be restored is not."""

from __future__ import annotations

import json
import urllib.request

from tests.integration.backups.conftest import (
    CANARY,
    anchored,
    piece,
    size_of,
)
from tests.servers.casehub_server import CaseHub


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


class TestABackup:
    def test_holds_no_word_of_the_region_in_clear(self, made):
        blob = made.read_bytes()
        for word in (CANARY, b"SQLite format 3", b"PGDMP", b"audit_auditevent", b"manifest.json"):
            assert word not in blob
        assert made.stat().st_mode & 0o777 == 0o600

    def test_is_never_written_over_another(self, backups, region, made):
        before = made.read_bytes()
        again = backups.run(region, "backup", "--to", made, "--recipients", backups.recipients)
        assert again.code == 2
        assert "file-there" in again.error
        assert made.read_bytes() == before

    def test_restored_elsewhere_serves_and_is_verified_and_signed_on(self, backups, region, made):
        place = backups.empty(region)
        restored = backups.restore(place, made)
        assert restored.code == 0, restored.error
        assert "the log in it is whole" in restored.out
        assert (place.data / "attachments" / piece(CANARY)).read_bytes() == CANARY
        before = anchored(region)
        assert {o: size_of(n) for o, n in anchored(place).items()} == {
            o: size_of(n) for o, n in before.items()
        }
        backups.grant(place)
        with CaseHub(place) as casehub:
            logs = json.loads(fetch(f"{casehub.url}/api/log"))
            assert len(logs) == 2
            assert b"<!doctype html>" in fetch(casehub.url).lower()
        assert "The log is whole" in backups.run(place, "audit", "verify").out
        refused = backups.restore(place, made)
        assert refused.code == 2
        assert "target-not-empty" in refused.error
