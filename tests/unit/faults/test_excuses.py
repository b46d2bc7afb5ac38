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
    ("postgres-stopped", "casehub.switchboard: the switchboard's _sweep stumbled: TimeoutError"),
    ("postgres-stopped", "django.request: Service Unavailable: (withheld)"),
    ("postgres-stopped", "django.request: Service Unavailable: (withheld): OperationalError 57P01"),
    ("postgres-stopped", "asyncio: Task exception was never retrieved: OperationalError"),
    ("backends-ended", "casehub.batching: a batch of 1 was rolled back: OperationalError 57P01"),
    (
        "redis-killed",
        "channels_redis.pubsub: Unexpected exception in receive task: ConnectionError",
    ),
]
#  What nobody is forgiven, though the words of what is forgiven stand in it.
UNFORGIVEN = [
    ("postgres-stopped", "casehub.switchboard: the switchboard's _sweep stumbled: CancelledError"),
    ("postgres-stopped", "casehub.switchboard: the switchboard's _serve stumbled: KeyError"),
    ("postgres-stopped", "casehub.batching: a batch of 1 was rolled back: OperationalError 40P01"),
    ("postgres-stopped", "casehub.audit: the log is not being signed: AlreadyRunning"),
    ("postgres-stopped", "2026-11-30 [7] PANIC:  could not locate a valid checkpoint record"),
    ("redis-killed", "casehub.switchboard: the switchboard's _sweep stumbled: TimeoutError"),
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
