"""What those who watch the log are told: the same by command and by address, and nobody's name."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.test import Client

from audit import services
from audit.models import LogEntry, Waiting
from audit.sequencing import CANNOT_SIGN, Untrustworthy
from audit.tlog.note import CosigningKey
from audit.tlog.policy import Policy
from casehub.core.rates import buckets
from casehub.oversight import watching
from tests.integration.audit.conftest import log_named, proven

NAMES = ("CA", "CR", "MX")
generate = Ed25519PrivateKey.generate
BEYOND = (
    "INSERT INTO audit_logentry (log_id, position, event_id, leaf)"
    " SELECT log_id, 3, NULL, leaf FROM audit_logentry WHERE position = 0"
)
AGAIN = (
    "INSERT INTO audit_waiting (event_id) SELECT event_id FROM audit_logentry WHERE position = 1"
)
# What somebody put into a table, and what it is called then.
STRAYS = {
    "an entry beyond the end": (BEYOND, "stray-entries"),
    "an event that waits once more": (AGAIN, "stray-places"),
}


def by_command(*arguments):
    """Return the exit code and what is said."""
    out, code = StringIO(), 0
    try:
        call_command("audit", "status", *arguments, stdout=out)
    except CommandError as error:
        code = error.returncode
    return code, out.getvalue()


def by_address():
    buckets.clear()
    watching.look_again()
    return Client().get("/api/log/health").json()


def codes():
    """Return level and codes, the same by both ways."""
    _, text = by_command("--json")
    told = json.loads(text)
    assert [one["code"] for one in told["findings"]] == [
        one["code"] for one in by_address()["findings"]
    ]
    return told["level"], [one["code"] for one in told["findings"]]


class TestALogThatIsWell:
    def test_is_green_from_its_first_moment_on(self, bench):
        assert codes() == ("green", [])
        bench.signed(3, directory=1)
        assert codes() == ("green", [])
        assert by_command() == (0, "green\n")

    def test_is_green_again_after_it_was_late(self, bench):
        bench.record()
        bench.wait(5)
        assert codes() == ("amber", ["unplaced"])
        bench.sequencer().tick()
        assert codes() == ("green", [])

    def test_is_so_although_an_act_says_to_be_of_last_year(self, bench):
        bench.now -= timedelta(days=365)
        bench.record()
        assert codes() == ("green", [])


class TestALateLog:
    @pytest.fixture
    def late(self, bench):
        """Let so many minutes pass after three events were signed and one was recorded."""

        def pass_(minutes):
            bench.signed(3)
            bench.record(1)
            bench.wait(minutes)

        return pass_

    @pytest.mark.parametrize(
        ("minutes", "code", "told"),
        [
            (0.9, 0, ("green", [])),
            (2, 3, ("amber", ["unplaced"])),
            (11, 1, ("red", ["unplaced"])),
            (25 * 60, 1, ("red", ["log-stalled", "unplaced"])),
        ],
    )
    def test_turns_amber_and_then_red(self, late, minutes, code, told):
        late(minutes)
        assert codes() == told
        assert by_command()[0] == code

    def test_says_since_when(self, late):
        late(2)
        (found,) = by_address()["findings"]
        since = Waiting.objects.get().since
        assert datetime.fromisoformat(found.pop("since")) == since.replace(
            microsecond=since.microsecond // 1000 * 1000
        )
        assert found == {"code": "unplaced", "level": "amber", "subject": "", "count": None}
        told = since.isoformat(timespec="seconds")
        assert by_command()[1] == f"amber\n  amber  unplaced  since {told}\n"


class TestOneStrayRow:
    @pytest.mark.parametrize("what", STRAYS)
    def test_stops_the_signing_and_is_named_at_once(self, bench, what):
        statement, code = STRAYS[what]
        bench.signed(3)
        bench.tamper(statement)
        assert codes() == ("red", [code])
        bench.record(1)
        with pytest.raises(CANNOT_SIGN):
            bench.sequencer().tick()
        assert LogEntry.objects.filter(event__isnull=False).count() == 3

    def test_may_be_a_tile(self, bench):
        bench.signed(3)
        bench.tamper(
            "INSERT INTO audit_tile (log_id, level, number, data)"
            " SELECT log_id, 1, 0, data FROM audit_tile WHERE level = 0"
        )
        assert codes() == ("red", ["stray-tiles"])
        with pytest.raises(Untrustworthy, match="there are 2 tiles, the entries make 1"):
            bench.sequencer().load()

    @pytest.mark.parametrize("what", STRAYS)
    def test_taken_away_lets_it_go_on(self, bench, what):
        bench.signed(3)
        bench.tamper(STRAYS[what][0])
        bench.record(1)
        one = bench.sequencer()
        with pytest.raises(CANNOT_SIGN):
            one.tick()
        bench.tamper(
            "DELETE FROM audit_logentry WHERE position = 3",
            "DELETE FROM audit_waiting WHERE event_id IN (SELECT event_id FROM audit_logentry"
            " WHERE event_id IS NOT NULL)",
        )
        one.tick()
        assert proven("acts-2026") == 4
        assert codes() == ("green", [])


class TestTheWitnesses:
    def test_are_named_with_what_is_wrong_and_so_is_a_dispute(self, bench, settings, tmp_path):
        settings.WITNESSES = tmp_path / "policy"
        keys = {name: CosigningKey(f"w.{name}.example", generate()).public for name in NAMES}
        lines = [f"witness {name} {key}\n" for name, key in keys.items()]
        settings.WITNESSES.write_text("".join([*lines, f"group g 1 {' '.join(NAMES)}\nquorum g\n"]))
        bench.record(3)
        bench.sequencer(policy=Policy(witnesses={})).tick()
        log = log_named("acts-2026")
        submission = services.submit(log=log.id, now=bench.now)
        heard = {"MX": services.Heard(trouble="clock"), "CR": services.Heard(trouble="silent")}
        services.hear(submission=submission, heard=heard, now=bench.now)
        services.hear(submission=submission, heard={"CA": services.Heard(line="x")}, now=bench.now)
        services.dispute(log=log.id, witness="CA", theirs="a", ours="b", now=bench.now)
        found = [(one["code"], one["level"], one["subject"]) for one in by_address()["findings"]]
        assert found == [
            ("disputed", "red", "acts-2026"),
            ("witness-never-seen", "amber", "CR acts-2026"),
            ("witness-clock", "amber", "MX acts-2026"),
        ]
        watched = bench.now + timedelta(hours=25)
        with time_machine.travel(watched, tick=False):
            assert ("witness-not-seen", "red", "CA acts-2026") in [
                (one["code"], one["level"], one["subject"]) for one in by_address()["findings"]
            ]

    def test_cannot_be_judged_under_a_policy_that_is_none(self, bench, settings, tmp_path):
        settings.WITNESSES = tmp_path / "policy"
        settings.WITNESSES.write_text("witness MX nonsense\n")
        assert by_command()[0] == 2


class TestTheAnswer:
    def test_says_nothing_of_persons_and_costs_little(self, bench, django_assert_num_queries):
        bench.signed(3)
        bench.record(2)
        watching.look_again()
        told = Client().get("/api/log/health")
        assert told.headers["content-type"].startswith("application/json")
        assert "ana" not in told.content.decode()
        with django_assert_num_queries(0):
            Client().get("/api/log/health")
