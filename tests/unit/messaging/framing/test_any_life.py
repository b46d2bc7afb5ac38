from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from messaging import framing
from tests.unit.messaging.framing import pretend
from tests.unit.messaging.framing.pretend import NOW, Device, Made, commit, group_of


def check(made: Made, current):
    return framing.check_commit(
        current,
        framing.read_commit(made.commit),
        framing.read_group_info(made.info()),
        framing.read_welcome(made.welcome) if made.welcome else None,
        now=NOW,
    )


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "add", "remove", "renew", "resync"]), st.randoms()),
    min_size=1,
    max_size=12,
)


def act(group, what: str, random) -> tuple[Made, list[Device]]:
    """Make one sound commit of a kind, by whomever, on whomever."""
    by = random.choice(sorted(group.members))
    others = [leaf for leaf in sorted(group.members) if leaf != by]
    if what == "add":
        devices = [Device() for _ in range(random.randint(1, 3))]
        packages = tuple(device.key_package() for device in devices)
        return commit(group, by, adds=packages, path=random.random() < 0.5), devices
    if what == "remove" and others:
        gone = random.sample(others, random.randint(1, len(others)))
        return commit(group, by, removes=tuple(gone)), []
    if what == "resync" and others:
        return commit(group, removes=(by,), external=group.members[by]), []
    return commit(group, by), []


class TestAnyLifeOfAGroup:
    @given(steps=STEPS)
    @settings(max_examples=40, deadline=None)
    def test_is_followed_and_always_stands_up_to_a_newcomers_checks(self, steps):
        group = group_of(3)
        for what, random in steps:
            made, devices = act(group, what, random)
            current = group.read()
            effect = check(made, current)
            after = framing.read_group_info(made.info())
            framing.check_group_info(after)
            left = {k: v for k, v in current.roster.items() if k not in effect.removed}
            assert after.roster == left | effect.added | effect.changed
            group = pretend.with_members(made, *devices)
