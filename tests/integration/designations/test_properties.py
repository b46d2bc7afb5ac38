"""
Whatever the people of one State do, in whatever order, with whichever keys they hold.

Nobody becomes active without an agency heard, a nomination by another, two officers and a binding
by somebody else; nobody comes to two offices that exclude each other; and whoever is stopped does
nothing more, until a coordinator and then an officer of the ministry let them in again, or of a
coordinator two officers.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from audit.queries import payloads_of
from casehub.core import roles
from casehub.core.errors import DomainError
from casehub.core.run import run
from casehub.designations import policies, services
from casehub.designations.models import Designation
from casehub.designations.queries import reading, saying
from casehub.designations.sweeping import sweep
from casehub.directory import queries as directory
from casehub.directory.models import Person
from tests.integration.designations.lives import countersigned

PREFIX = "designations."
WAY = (
    "draft",
    "ask",
    "answer",
    "close",
    "nominate",
    "approve_one",
    "approve_two",
    "code",
    "enrol",
    "bind",
)
HOURS = (1, 3, 30, 80)
OFFICES = st.just(["coordinator", "liaison"]) | st.lists(
    st.sampled_from(sorted(roles.ROLES)), min_size=1, max_size=2
)
FEW = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


NAMES = (
    "auditor",
    "central",
    "coordinator",
    "deputy",
    "liaison",
    "neighbour",
    "one",
    "two",
)


def people_of(life):
    """Return who acts: one of each role of the State, and a neighbour."""
    region = life.region
    return {
        "coordinator": life.coordinator,
        "deputy": region.person("SV", "coordinator"),
        "one": life.one,
        "two": life.two,
        "liaison": region.person("SV"),
        "auditor": region.person("SV", "national-auditor"),
        "central": region.person("SV", "central-authority"),
        "neighbour": region.person("MX", "coordinator"),
    }


class People(RuleBasedStateMachine):
    """The people of one life; what they did in one run is undone before the next."""

    life, clock, people, seen = None, None, None, None

    def __init__(self):
        super().__init__()
        self.place = transaction.atomic()
        self.place.__enter__()
        self.life.now, self.life.asked, self.life.written, self.life.waiting = (
            self.life.region.now,
            None,
            "",
            None,
        )
        self.life.key = Ed25519PrivateKey.generate()
        self.life.client.cookies.clear()
        self.clock.move_to(self.life.region.now)
        self.stopped = set()  # whom nobody has let in again
        self.life.draft()

    def teardown(self):
        transaction.set_rollback(True)
        self.place.__exit__(None, None, None)
        directory.chain()

    def attempt(self, act):
        try:
            with transaction.atomic():
                act()
        except DomainError:
            pass

    def do(self, name, who):
        """Have somebody do a step, whoever it is for."""
        acts = {
            "draft": lambda: self.life.draft(who),
            "ask": lambda: setattr(self.life, "asked", self.life.ask(by=who)),
            "answer": lambda: self.life.asked and self.life.answer(self.life.asked, by=who),
            "close": lambda: self.life.close(who),
            "nominate": lambda: self.life.nominate(who),
            "approve_one": lambda: self.life.approve(who),
            "approve_two": lambda: self.life.approve(who),
            "code": lambda: setattr(self.life, "written", self.life.code(who)),
            "enrol": lambda: self.life.enrol(self.life.written) and self.life.offer(),
            "bind": lambda: self.life.bind(who),
        }
        if name == "enrol" and self.life.begin(self.life.written or "none").status_code != 200:
            return
        if name == "bind" and not self.life.row.serial:
            return
        self.attempt(acts[name])

    @rule(step=st.integers(0, len(WAY) - 1), who=st.sampled_from(NAMES))
    def somebody_does_something(self, step, who):
        self.do(WAY[step], self.people[who])

    @rule(steps=st.integers(1, len(WAY)))
    def things_go_their_way(self, steps):
        wanted = set(self.life.row.role_list)
        usual = {"approve_one": self.life.one, "approve_two": self.life.two}
        if not wanted & {"liaison", "coordinator"}:  # nobody chooses those who watch over them
            ministry = ("ask", "answer", "close", "nominate")
            usual |= dict.fromkeys(ministry, self.life.one)
        if "coordinator" in wanted:
            usual |= dict.fromkeys(("code", "bind"), self.life.one)
        for name in WAY[1 : steps + 1]:
            self.do(name, usual.get(name, self.life.coordinator))

    @rule(offices=OFFICES, who=st.sampled_from(NAMES))
    def somebody_begins_another_for_some_roles(self, offices, who):
        self.attempt(lambda: self.life.draft(self.people[who], roles=offices))

    @rule(whose=st.sampled_from(NAMES), who=st.sampled_from(NAMES))
    def somebody_brings_anothers_hand(self, whose, who):
        if self.life.row.body is None:
            return
        hand = self.life.hand(self.people[whose])
        self.attempt(lambda: self.life.approve(self.people[who], **hand))

    @rule(name=st.sampled_from(["Ana Pérez", "Beto Díaz"]), who=st.sampled_from(NAMES))
    def somebody_changes_the_draft(self, name, who):
        self.attempt(lambda: self.life.change(self.people[who], name=name))

    @rule(hours=st.sampled_from(HOURS))
    def time_passes(self, hours):
        self.life.now += timedelta(hours=hours)
        self.clock.move_to(self.life.now)
        sweep(self.life.now)

    @rule()
    def the_person_is_stopped(self):
        if Person.objects.filter(id=self.life.row.person).exists():
            self.life.suspend()
            self.stopped.add(self.life.row.person)

    @rule(first=st.sampled_from(NAMES), second=st.sampled_from(NAMES))
    def somebody_lets_them_in_again(self, first, second):
        if not Person.objects.filter(id=self.life.row.person).exists():
            return
        statement = self.life.reinstatement(self.people[first])
        self.attempt(lambda: self.life.reinstate(self.people[first], statement))
        other = countersigned(statement, self.people[second])
        self.attempt(lambda: self.life.reinstate(self.people[second], other))
        if self.life.person.suspended_at is None and self.life.person.id in self.stopped:
            self.require_hands_of_different_offices()
            self.stopped.discard(self.life.person.id)
            self.seen.add("reinstated")

    def require_hands_of_different_offices(self):
        """The last two hands, of whichever calls: of a coordinator both may be officers."""
        began, ended = payloads_of("designations.reinstatement.signed")[-2:]
        assert [one["payload"]["hand"] for one in (began, ended)] == [1, 2]
        assert {one["payload"]["person"] for one in (began, ended)} == {str(self.life.person.id)}
        known = {str(one.person): one for one in self.people.values()}
        first, second = (known[one["actor"]] for one in (began, ended))
        assert {first.state, second.state} == {"SV"}
        assert first.person != second.person
        assert "ministry" in second.roles
        if "coordinator" in self.life.person.role_set and "ministry" in first.roles:
            self.seen.add("reinstated by officers")
        else:
            assert "coordinator" in first.roles

    @rule(stopped=st.booleans())
    def two_of_them_let_them_in_again(self, stopped):
        if stopped:
            self.things_go_their_way(steps=len(WAY))
            self.the_person_is_stopped()
        self.somebody_lets_them_in_again(first="coordinator", second="one")

    @invariant()
    def nobody_is_active_without_the_whole_way(self):
        for row in Designation.objects.filter(bound_at__isnull=False):
            self.require_whole(row)

    def require_whole(self, row):
        self.seen.add(row.stage)
        lines = saying.fields_of(row, self.life.now)["consultation"]
        heard = {one["agency_kind"] for one in lines if one["outcome"] != "no-answer"}
        assert heard - {"public-ministry"}
        nominator = row.nominator
        watched = set(row.role_list) & {"liaison", "coordinator"}
        assert nominator.role_set & ({"coordinator"} if watched else {"ministry"})
        assert nominator.id != row.person
        hands = reading.hands_of(row)
        officers = {one.officer_id for one in hands}
        assert len(officers) == len({bytes(one.key) for one in hands}) == 2
        assert row.person not in officers
        assert all("ministry" in one.officer.role_set for one in hands)
        assert row.approved_at is not None
        assert directory.chain().bound_key(str(row.person)) is not None

    @invariant()
    def whoever_is_stopped_is_nobody(self):
        for person in Person.objects.filter(suspended_at__isnull=False):
            self.seen.add("stopped")
            if person.account_id is None:  # a ceremony that came to nothing took it with it
                continue
            acting = directory.actor_behind(account=str(person.account_id), session="", device=None)
            assert acting is None

    @invariant()
    def a_stop_stays_a_stop(self):
        for person in Person.objects.filter(id__in=self.stopped):
            assert person.suspended_at is not None

    @invariant()
    def offices_that_exclude_each_other_are_two_peoples(self):
        bound = Designation.objects.filter(bound_at__isnull=False).values("person")
        for person in Person.objects.filter(id__in=bound):
            self.seen.add("of two" if len(person.role_set) > 1 else "of one")
            assert policies.why_not_roles(person.role_set) is None

    @invariant()
    def another_state_sees_nothing_of_it(self):
        assert reading.designations_for(self.people["neighbour"].actor, now=self.life.now) == []


@pytest.mark.once  # each of these acts is tried by itself on both
class TestWhateverThePeopleOfAStateDo:
    @pytest.mark.timeout(300)
    def test_holds_to_the_way_and_a_stop_stays_a_stop(self, life, clock):
        seen = set()
        scene = {"life": life, "clock": clock, "people": people_of(life), "seen": seen}
        run_state_machine_as_test(type("Here", (People,), scene), settings=FEW)
        assert {"active", "stopped", "reinstated", "of two"} <= seen


class TestAnActorWithoutARole:
    @pytest.mark.parametrize("service", ["draft_designation", "confirm_standing", "approve"])
    def test_does_nothing(self, life, service, now):
        """The table of roles comes before everything: it has no row for somebody without any."""
        acts = {
            "draft_designation": f"{PREFIX}designation.draft",
            "confirm_standing": f"{PREFIX}standing.confirm",
            "approve": f"{PREFIX}designation.approve",
        }
        life.active()
        nobody = life.someone
        nobody.roles = frozenset()
        with pytest.raises(DomainError, match="not-allowed"):
            run(getattr(services, service), act=acts[service], actor=nobody.actor, now=now)
