"""What a fault is known to make processes say, and nothing else that looks like it."""

from __future__ import annotations

import re

import pytest

from tests.faults.faults import FAULTS

#  What processes said, as `gist` returns it, in trials on the whole region.
SAID = [
    (
        "backends-ended",
        "2026-11-30 [7] FATAL:  terminating connection due to administrator command",
    ),
    ("postgres-stopped", "2026-11-30 [7] FATAL:  the database system is starting up"),
    (
        "postgres-stopped",
        "2026-11-30 [7] FATAL:  the database system is not yet accepting connections",
    ),
    ("backends-ended", "casehub.audit: the sequencer stumbled: OperationalError 57P01"),
    ("postgres-stopped", "casehub.audit: the witnesses could not be asked: OperationalError"),
    ("postgres-stopped", "casehub.storage: try-again: OperationalError"),
    ("postgres-stopped", "casehub.switchboard: the switchboard's _sweep stumbled: PoolTimeout"),
    ("postgres-stopped", "casehub.rates: refusals could not be recorded yet: OperationalError"),
    ("postgres-stopped", "casehub.rounds: a round was not finished: OperationalError 57P03"),
    ("postgres-stopped", "django.request: Service Unavailable: (withheld)"),
    ("postgres-stopped", "django.request: Service Unavailable: (withheld): OperationalError 57P01"),
    ("postgres-stopped", "casehub.digests: send_digests could not be done now: OperationalError"),
    ("backends-ended", "casehub.batching: a batch of 1 was rolled back: OperationalError 57P01"),
    (
        "redis-killed",
        "channels_redis.pubsub: Unexpected exception in receive task: ConnectionError",
    ),
    ("disk-full", "casehub.storage: storage-full: OperationalError 53100"),
    ("disk-full", "casehub.batching: a batch of 3 was rolled back: DiskFull 53100"),
    (
        "disk-full",
        '2026-11-30 UTC [7] PANIC:  could not write to file "pg_wal/t.7": No space left on device',
    ),
    (
        "disk-full",
        '2026-11-30 [7] ERROR:  could not extend file "base/1/2": No space left on device',
    ),
    (
        "disk-full",
        '2026-12-01 [7] ERROR:  could not write blocks 9..9 in file "b/1": No space left on device',
    ),
    ("disk-full", "2026-12-01 03:30:05.552 UTC [32204] FATAL:  checkpoint request failed"),
    (
        "disk-full",
        "2026-11-30 [7] LOG:  server process (PID 12) was terminated by signal 6: Aborted",
    ),
]
#  What nobody is forgiven, though the words of what is forgiven stand in it.
UNFORGIVEN = [
    ("postgres-stopped", "casehub.switchboard: the switchboard's _sweep stumbled: CancelledError"),
    ("postgres-stopped", "casehub.switchboard: the switchboard's _serve stumbled: KeyError"),
    ("postgres-stopped", "casehub.batching: a batch of 1 was rolled back: OperationalError 40P01"),
    (
        "postgres-stopped",
        "casehub.audit: the log is not being signed: another sequencer works on this database",
    ),
    ("postgres-stopped", "2026-11-30 [7] PANIC:  could not locate a valid checkpoint record"),
    ("postgres-stopped", "casehub.switchboard: the switchboard's _sweep stumbled: TimeoutError"),
    ("postgres-stopped", "asyncio: Task exception was never retrieved: OperationalError"),
    ("postgres-stopped", "django.request: Internal Server Error: (withheld): OperationalError"),
    ("postgres-stopped", "daphne.server: Exception inside application: : OperationalError"),
    ("postgres-stopped", "casehub.batching: a batch of 2 failed: OperationalError"),
    ("postgres-stopped", "casehub.files: a piece is missing: OperationalError"),
    ("postgres-stopped", "casehub.anything: whatever it says: OperationalError"),
    ("postgres-stopped", "somebody said FATAL:  the database system is starting up"),
    (
        "postgres-stopped",
        "2026-11-30 [7] FATAL:  terminating connection due to conflict with recovery",
    ),
    ("postgres-stopped", "2026-12-01 [7] FATAL:  checkpoint request failed"),
    ("redis-killed", "asyncio: Task exception was never retrieved: ConnectionError"),
    ("redis-killed", "channels_redis.core: whatever it says: ConnectionError"),
    ("redis-killed", "casehub.switchboard: the switchboard's _sweep stumbled: TimeoutError"),
    ("disk-full", "asyncio: Task exception was never retrieved: OperationalError 53100"),
    ("disk-full", "casehub.anything: whatever it says: No space left on device"),
    (
        "disk-full",
        "2026-11-30 [7] LOG:  server process (PID 12) was terminated by signal 11: Segmentation",
    ),
    ("redis-killed", "casehub.layer: a doorbell was lost: KeyError"),
    ("disk-full", "casehub.storage: try-again: IntegrityError 23505"),
    ("guessing", "django.request: Internal Server Error: (withheld): KeyError"),
    ("web-killed", "2026-11-30 [7] FATAL:  the database system is starting up"),
]


class TestWhatAFaultExcuses:
    @pytest.mark.parametrize(("fault", "said"), SAID)
    def test_is_what_was_seen_to_come_of_it(self, fault, said):
        assert any(re.fullmatch(one, said) for one in FAULTS[fault].says)

    @pytest.mark.parametrize(("fault", "said"), UNFORGIVEN)
    def test_is_nothing_else(self, fault, said):
        assert not any(re.fullmatch(one, said) for one in FAULTS[fault].says)
