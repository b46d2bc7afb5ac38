"""A host that lies about who is who: by rows nobody signed, or by a directory that is over."""

from __future__ import annotations

import pytest

from tests.headless import Refused
from tests.hostile import rows
from tests.hostile.conftest import RUNS, Scene, told_on

runs = pytest.mark.parametrize("run", range(RUNS))
pytestmark = [
    pytest.mark.timeout(180, func_only=True),
    pytest.mark.hostile,
    told_on("full"),
]


def shown(scene: Scene, name: str, person: str) -> dict[str, object]:
    """Return a person as somebody's program shows them."""
    found = [one for one in scene.client(name).do("list")["people"] if one["id"] == person]
    return dict(found[0]) if found else {}


@runs
class TestARowThatNobodySigned:
    def test_of_a_liaison_lets_her_read_nothing(self, scene: Scene, run: int) -> None:
        thread = scene.thread("carla")
        invented = rows.add_liaison(scene.place, like=scene.person("boris"))
        scene.host.attack(
            "ghost-device", thread=thread, victims=[scene.person("ana")], person=invented
        )
        ana = scene.client("ana")
        ana.do("add-person", case=scene.case, person=invented, threads=[thread])
        scene.until(lambda: "offered" in scene.host.did, "the host offers her device")
        assert shown(scene, "ana", invented).get("verified", False) is False
        scene.say("ana", thread, "para carla")
        scene.until(lambda: "para carla" in scene.read("carla", thread), "they go on")
        assert invented not in scene.holders("ana", thread)
        scene.still_talks()
        if run == 0:  # her statements may be on their way: said after a minute
            scene.offered("ana", thread, invented, "no-device")

    def test_of_a_members_name_renames_nobody(self, scene: Scene, run: int) -> None:
        before = shown(scene, "ana", scene.person("boris"))
        rows.rename(scene.place, person=scene.person("boris"), name=f"Otra Persona {run}")
        scene.host.ring(scene.person("ana"), "joined")
        scene.still_talks()
        now = shown(scene, "ana", scene.person("boris"))
        assert (now["name"], now["post"], now["verified"]) == (
            before["name"],
            before["post"],
            True,
        )


@runs
class TestAnOlderDirectory:
    def test_holds_up_what_its_members_judged_by_a_newer_one(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        boris = scene.client("boris")
        scene.host.attack(
            "frozen-directory", thread=thread, victims=[scene.person("boris")], person=""
        )
        scene.grow()
        scene.look("ana")
        scene.until(lambda: renewed(scene, thread), "ana commits under a newer directory")
        scene.until(lambda: scene.view("boris", thread)["behind"] is not None, "boris waits")
        # A thread that stopped before is the louder alarm.
        assert boris.do("alarms")["alarm"] in {"directory-behind", "thread-frozen"}
        scene.shows("boris", thread, "directory-behind")
        scene.say("ana", thread, "despues")
        assert "despues" not in scene.read("boris", thread)
        scene.still_talks()
        scene.host.calm()
        scene.until(lambda: "despues" in scene.read("boris", thread), "it comes, and he goes on")
        assert scene.view("boris", thread)["behind"] is None

    def test_than_was_seen_lets_nobody_in_and_takes_nothing_back(
        self, scene: Scene, run: int
    ) -> None:
        thread = scene.thread("carla")
        ana = scene.client("ana")
        scene.grow()
        scene.look("ana")
        scene.until(lambda: ana.do("alarms")["log"] is None, "ana has seen it grow")
        scene.host.attack(
            "rolled-back-directory", thread=thread, victims=[scene.person("ana")], person=""
        )
        scene.look("ana")
        scene.until(lambda: ana.do("alarms")["log"] == "log-smaller", "ana is alarmed")
        evidence = ana.do("alarms")["evidence"]
        assert evidence["why"] == "smaller"
        assert size(evidence["after"]) < size(evidence["before"])
        with pytest.raises(Refused, match="log-smaller"):
            ana.do("add-person", case=scene.case, person=scene.person("boris"), threads=[thread])
        assert scene.person("boris") not in scene.holders("ana", thread)
        assert shown(scene, "ana", scene.person("carla"))["verified"] is True
        scene.still_talks()
        scene.host.calm()
        scene.look("ana")
        scene.until(lambda: ana.do("alarms")["log"] is None, "the alarm is over")

    def test_that_a_stranger_made_up_lets_nobody_in(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        scene.push("invented-directory", thread=thread, victim="boris", person="dario")
        scene.until(lambda: scene.view("boris", thread)["behind"] is not None, "boris waits")
        scene.shows("boris", thread, "directory-behind")
        assert scene.person("dario") not in scene.holders("boris", thread)
        scene.still_talks()
        scene.host.calm()
        scene.say("ana", thread, "sin inventos")
        scene.until(lambda: "sin inventos" in scene.read("boris", thread), "he goes on")


@runs
class TestARevocationThatIsWithheld:
    """From one member; the others know of it, and take out whom it stops."""

    @pytest.mark.parametrize(
        ("lie", "alarm", "told"),
        [
            ("withheld-revocation", "directory-withheld", "withheld"),
            ("frozen-directory", None, "older"),
        ],
    )
    def test_lets_nobody_be_written_to_once_others_have_stated_it(
        self, scene: Scene, lie: str, alarm: str | None, told: str, run: int
    ) -> None:
        thread = scene.thread("boris", "carla")
        boris = scene.client("boris")
        with scene.fifth(thread) as (eva, hers):
            scene.host.attack(lie, thread=thread, victims=[scene.person("boris")], person=eva)
            hers.do("revoke-own-device")
            scene.look("ana")
            scene.until(lambda: eva not in scene.holders("ana", thread), "she is out")
            scene.until(lambda: stated(scene, thread, told), "ana states what she knows")
            scene.until(lambda: scene.view("boris", thread)["behind"] is not None, "he waits")
            if alarm is not None:
                scene.until(lambda: boris.do("alarms")["log"] == alarm, "boris is alarmed")
                assert boris.do("alarms")["evidence"]["why"] == told
            # A thread that stopped before is the louder alarm.
            assert boris.do("alarms")["alarm"] in {"directory-behind", "thread-frozen", alarm}
            scene.shows("boris", thread, "directory-behind")
            scene.say("boris", thread, "no para ella")
            scene.still_talks()
            assert "no para ella" not in scene.read("ana", thread)
            scene.host.calm()
            scene.look("boris")
            scene.until(lambda: "no para ella" in scene.read("ana", thread), "he goes on")
            assert eva not in scene.holders("boris", thread)
        assert scene.view("boris", thread)["behind"] is None
        scene.until(lambda: boris.do("alarms")["log"] is None, "the alarm is over")


def stated(scene: Scene, thread: str, told: str) -> bool:
    """Let Ana commit under what she knows, once Boris was told less."""
    scene.look("ana")
    scene.look("boris")
    scene.client("ana").do("renew", thread=thread)
    return told in scene.host.did


def renewed(scene: Scene, thread: str) -> bool:
    """Let Ana commit, once she knows more of the directory than Boris is shown."""
    scene.look("ana")
    scene.client("ana").do("renew", thread=thread)
    return "older" in scene.host.did


def size(note: str) -> int:
    """Return how many entries a checkpoint is of."""
    return int(note.split("\n")[1])
