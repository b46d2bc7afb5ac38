"""The web process dies at random moments: nothing acknowledged is lost, doubled or reordered."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.faults.region import Member, Room
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

ACCOUNTS = ["sv.enlace1", "sv.enlace2", "mx.enlace1", "mx.enlace2", "gt.enlace1", "us.enlace1"]
MESSAGES = 50  # of each member: 300 together
KILLS = 20
SETTLE_SECONDS = 180


def accepted(member: Member) -> dict[str, int]:
    """Return what the server acknowledged to a member: message id to seq."""
    return {e["id"]: e["seq"] for e in member.client.events if e.get("event") == "accepted"}


@pytest.mark.timeout(600)
@pytest.mark.faults
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True, scope="session")
class TestKillingTheWebProcess:
    """SIGKILL, 20 times, while six clients send 300 messages; of two, test_region.py kills one."""

    def test_every_acknowledged_message_is_read_by_every_member_once_and_in_the_same_order(
        self, configuration: Configuration, tmp_path: Path
    ) -> None:
        seed = random.SystemRandom().randrange(2**32)
        print(f"seed {seed}")  # noqa: T201 - pytest shows it with a failure
        chance = random.Random(seed)
        place = configuration.fresh()
        with (
            CaseHub(place, processes=configuration.processes) as casehub,
            Room(tmp_path, ACCOUNTS, casehub.urls) as room,
        ):
            total = MESSAGES * len(room.members)
            for kill in range(KILLS):
                for number in range(kill * MESSAGES // KILLS, (kill + 1) * MESSAGES // KILLS):
                    for member in room.members:
                        text = f"{member.account} {number}"
                        member.client.start("post", thread=room.thread, text=text)
                time.sleep(chance.uniform(0.05, 0.6))
                victim = chance.choice(casehub.processes)
                victim.kill()
                victim.start()
            for member in room.members:
                member.client.wait_for(
                    lambda _, m=member: len(m.client.messages(room.thread)) >= total,
                    seconds=SETTLE_SECONDS,
                    what=f"all {total} messages",
                )
            told = [
                [(e["seq"], e["id"], e["text"]) for e in m.client.messages(room.thread)]
                for m in room.members
            ]
            acknowledged = {k: v for m in room.members for k, v in accepted(m).items()}

        everyone = sorted(told[0])
        expected = {f"{account} {n}" for account in ACCOUNTS for n in range(MESSAGES)}
        assert sorted(text for _, _, text in everyone) == sorted(expected)
        assert all(sorted(one) == everyone for one in told)
        assert len({seq for seq, _, _ in everyone}) == total
        assert acknowledged.items() <= {(id_, seq) for seq, id_, _ in everyone}
        assert not any(
            e.get("event") == "alarm" and e.get("code")
            for m in room.members
            for e in m.client.events
        )
