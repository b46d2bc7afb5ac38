"""A host that lies about groups: nobody is read by a stranger, and what is wrong is said."""

from __future__ import annotations

import time

import pytest

from tests.hostile.conftest import RUNS, Scene, told_on

runs = pytest.mark.parametrize("run", range(RUNS))
pytestmark = [
    pytest.mark.timeout(180, func_only=True),
    pytest.mark.hostile,
    told_on("embedded"),
]


@runs
class TestAStrangersCommit:
    def test_stops_the_thread_of_who_is_shown_it_and_no_other(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        before = scene.read("boris", thread)
        scene.push("ghost-member", thread=thread, victim="boris", person="carla")
        scene.stopped("boris", thread, "commit-external-commit")
        assert scene.read("boris", thread) == before
        assert scene.seen("carla", thread) == "active"
        scene.still_talks()

    def test_in_a_members_name_does_not_take_their_place(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        scene.push("taken-place", thread=thread, victim="boris", person="carla")
        scene.stopped("boris", thread, "commit-invalid")
        scene.still_talks()

    def test_from_outside_is_refused_also_in_a_real_persons_name(
        self, scene: Scene, run: int
    ) -> None:
        thread = scene.thread("boris")
        scene.push("outsider", thread=thread, victim="boris", person="dario")
        scene.stopped("boris", thread, "commit-external-commit")
        assert scene.person("dario") not in scene.holders("boris", thread)
        assert scene.seen("ana", thread) == "active"
        scene.still_talks()


@runs
class TestAKeyThatNobodyVouchedFor:
    @pytest.mark.parametrize(
        ("lie", "why"), [("swapped-package", "key-mismatch"), ("downgrade", "wrong-suite")]
    )
    def test_is_not_let_in_at_first_contact(
        self, scene: Scene, lie: str, why: str, run: int
    ) -> None:
        thread = scene.thread("carla")
        scene.host.attack(
            lie, thread=thread, victims=[scene.person("ana")], person=scene.person("boris")
        )
        scene.client("ana").do(
            "add-person", case=scene.case, person=scene.person("boris"), threads=[thread]
        )
        scene.until(lambda: "swapped" in scene.host.did, "the host lies")
        scene.say("ana", thread, "para carla")
        scene.until(lambda: "para carla" in scene.read("carla", thread), "they go on")
        assert scene.seen("boris", thread) != "active"
        assert scene.person("boris") not in scene.holders("ana", thread)
        scene.offered("ana", thread, scene.person("boris"), why)
        scene.still_talks()
        scene.host.calm()
        scene.until(lambda: scene.seen("boris", thread) == "active", "boris comes in honestly")

    def test_is_not_let_in_later_either(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        boris = scene.person("boris")
        scene.client("ana").do("remove-reader", thread=thread, person=boris)
        scene.until(lambda: boris not in scene.holders("ana", thread), "boris is out")
        scene.host.attack(
            "swapped-package", thread=thread, victims=[scene.person("ana")], person=boris
        )
        scene.client("ana").do("add-person", case=scene.case, person=boris, threads=[thread])
        scene.offered("ana", thread, boris, "key-mismatch")
        scene.say("ana", thread, "sin boris")
        scene.until(lambda: "sin boris" in scene.read("carla", thread), "they go on")
        assert boris not in scene.holders("ana", thread)
        scene.still_talks()

    def test_is_not_let_in_as_a_further_device_of_a_member(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        scene.host.attack(
            "ghost-device",
            thread=thread,
            victims=[scene.person(name) for name in ("ana", "boris", "carla")],
            person=scene.person("carla"),
        )
        scene.client("ana").do(
            "add-person", case=scene.case, person=scene.person("dario"), threads=[thread]
        )
        scene.until(lambda: "offered" in scene.host.did, "the host offers it")
        scene.until(lambda: scene.seen("dario", thread) == "active", "dario comes in all the same")
        scene.say("ana", thread, "solo para los de siempre")
        for name in ("boris", "carla", "dario"):
            scene.until(lambda n=name: "solo para los de siempre" in scene.read(n, thread), name)
        assert set(scene.holders("ana", thread).values()) == {1}
        scene.still_talks()
        if run == 0:  # its statement may be on its way: said after a minute
            scene.until(lambda: _is_told(scene, thread), "of the device they are told", 110)
            scene.offered("ana", thread, scene.person("carla"), "no-device")


@runs
class TestTwoHistories:
    def test_part_at_the_first_message_between_them(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        scene.host.attack("forked-group", thread=thread, victims=[scene.person("boris")], person="")
        scene.client("boris").do("renew", thread=thread)
        scene.until(lambda: "swallowed" in scene.host.did, "a commit of Boris's is swallowed")
        said = speak_until_parted(scene, thread)
        scene.stopped("boris", thread, "epoch")
        assert not said & set(scene.read("boris", thread))
        scene.still_talks()

    def test_of_a_removal_part_at_the_next_message(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla", "dario")
        scene.host.attack(
            "withheld-remove", thread=thread, victims=[scene.person("boris")], person=""
        )
        scene.client("ana").do("remove-reader", thread=thread, person=scene.person("dario"))
        said = speak_until_parted(scene, thread)
        scene.stopped("boris", thread, "epoch")
        assert not said & set(scene.read("boris", thread))
        assert not said & set(scene.read("dario", thread))
        scene.still_talks()


def speak_until_parted(scene: Scene, thread: str) -> set[str]:
    """
    Let Carla write in the other history until Boris stops; return what she wrote.

    Whoever has just come in renews their keys. If both histories did so once, their epochs have the
    same number, and her message is one that he cannot read: he stops at the next epoch.
    """
    said = set()
    for number in range(5):
        text = f"en la otra historia {number}"
        scene.say("carla", thread, text)
        said.add(text)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if scene.seen("boris", thread) == "frozen":
                return said
            time.sleep(0.1)
        scene.client("carla").do("renew", thread=thread)
    return said


def _is_told(scene: Scene, thread: str) -> bool:
    scene.host.ring(scene.person("ana"), "look", thread)
    time.sleep(2)
    return bool(scene.view("ana", thread)["strangers"])
