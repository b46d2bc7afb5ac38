"""A host that lies about groups: nobody is read by a stranger, and what is wrong is said."""

from __future__ import annotations

import pytest

from tests.hostile.conftest import RUNS, Scene

runs = pytest.mark.parametrize("run", range(RUNS))
pytestmark = [pytest.mark.timeout(180), pytest.mark.hostile]


@runs
class TestAStrangersCommit:
    def test_stops_the_thread_of_who_is_shown_it_and_no_other(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        before = scene.read("boris", thread)
        scene.host.attack(
            "ghost-member",
            thread=thread,
            victims=[scene.person("boris")],
            person=scene.person("carla"),
        )
        scene.until(lambda: scene.seen("boris", thread) == "frozen", "boris stops")
        assert scene.view("boris", thread)["frozenWhy"] == "frozen-commit-external-commit"
        assert scene.read("boris", thread) == before
        assert scene.seen("carla", thread) == "active"
        scene.still_talks()

    def test_in_a_members_name_does_not_take_their_place(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        scene.host.attack(
            "taken-place",
            thread=thread,
            victims=[scene.person("boris")],
            person=scene.person("carla"),
        )
        scene.until(lambda: scene.seen("boris", thread) == "frozen", "boris stops")
        assert scene.view("boris", thread)["frozenWhy"] == "frozen-commit-invalid"
        scene.still_talks()


@runs
class TestAKeyThatNobodyVouchedFor:
    @pytest.mark.parametrize("lie", ["swapped-package", "downgrade"])
    def test_is_not_let_in_at_first_contact(self, scene: Scene, lie: str, run: int) -> None:
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
        scene.still_talks()
        scene.host.calm()
        scene.until(lambda: scene.seen("boris", thread) == "active", "boris comes in honestly")

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


@runs
class TestTwoHistories:
    def test_part_at_the_first_message_between_them(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla")
        scene.host.attack("forked-group", thread=thread, victims=[scene.person("boris")], person="")
        scene.client("boris").do("renew", thread=thread)
        scene.until(lambda: "swallowed" in scene.host.did, "a commit of Boris's is swallowed")
        scene.say("carla", thread, "en la otra historia")
        scene.until(lambda: scene.seen("boris", thread) == "frozen", "boris stops")
        assert "en la otra historia" not in scene.read("boris", thread)
        scene.still_talks()

    def test_of_a_removal_part_at_the_next_message(self, scene: Scene, run: int) -> None:
        thread = scene.thread("boris", "carla", "dario")
        scene.host.attack(
            "withheld-remove", thread=thread, victims=[scene.person("boris")], person=""
        )
        scene.client("ana").do("remove-reader", thread=thread, person=scene.person("dario"))
        scene.say("carla", thread, "sin dario")
        scene.until(lambda: scene.seen("boris", thread) == "frozen", "boris stops")
        assert "sin dario" not in scene.read("boris", thread)
        assert "sin dario" not in scene.read("dario", thread)
        scene.still_talks()
