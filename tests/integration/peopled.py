"""What the people of one State may do with cases and with each other, in whatever order."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from audit.models import AuditEvent
from audit.queries.events import payload_of
from casehub.cases import queries as cases
from casehub.cases import services
from casehub.cases.models import Case, CaseMember, Circle, Joining, Reader
from casehub.core import roles
from casehub.core.errors import DomainError
from casehub.core.run import run
from casehub.directory import queries as directory
from casehub.directory import services as directories
from casehub.directory.models import Person, State, Stop
from messaging import queries as messaging

NAMES = ("auditor", "central", "clara", "coordinator", "deputy", "liaison", "officer", "second")
OFFICES = ({"ministry"}, {"national-auditor"})  # whoever has one of these has nothing else
ABOVE = ("coordinator", "officer", "deputy", "second")  # who may stop and lift
TAKEN = ("reader", "member", "role", "person", "end")


def turned(known, at):
    """Return all of them, from one on: some may not be taken (an owner, a title's reader)."""
    return known[at % len(known) :] + known[: at % len(known)] if known else []


class PeopleOfAState(RuleBasedStateMachine):
    """The people of a State; what they did in one run is undone before the next."""

    scene, clock, seen = None, None, None

    def __init__(self):
        super().__init__()
        self.place = transaction.atomic()
        self.place.__enter__()
        self.region = self.scene.region
        self.now = self.region.now
        self.clock.move_to(self.now)
        self.last = NAMES[0]  # who acted
        self.words = set()  # who has asked that the State's stop be lifted
        self.event = AuditEvent.objects.order_by("-id").values_list("id", flat=True)[0]

    def teardown(self):
        try:
            for name in NAMES:
                self.require_unseen(name)
        finally:
            self.undo()

    def undo(self):
        transaction.set_rollback(True)
        self.place.__exit__(None, None, None)
        directory.chain()

    # ------------------------------------------------------------ acting

    def actor(self, name):
        """Return somebody as their next request finds them, in a session with a fresh proof."""
        who = self.scene.people[name]
        self.region.session(who, now=self.now)
        return directory.actor_behind(account=who.account, session=who.session, device=who.device)

    def looking(self, name):
        """Return somebody as whoever asks nothing but what they may see."""
        who = self.scene.people[name]
        return directory.actor_behind(account=who.account, session="", device=who.device)

    def do(self, name, act, service, **said):
        """Have somebody try an act; whether it was done."""
        self.last = name
        actor, stopped = self.actor(name), self.state.stopped_at is not None
        if actor is None:
            return False
        try:
            with transaction.atomic():
                run(service, act=act, actor=actor, now=self.now, **said)
        except DomainError:
            return False
        # Of a stopped State what stops, confirms and lifts is done, and nothing else.
        assert not stopped or roles.row_of(act).stopped, act
        self.seen.add(act)
        return True

    @property
    def state(self):
        return State.objects.get(code="SV")

    def case(self, at):
        known = list(Case.objects.order_by("audit_event_id").values_list("id", flat=True))
        return known[-1 - at % len(known)]

    def circle(self, at):
        known = list(Circle.objects.order_by("audit_event_id").values_list("id", flat=True))
        return known[-1 - at % len(known)]

    def joining(self, at):
        known = list(Joining.objects.select_related("case").order_by("audit_event_id"))
        return known[-1 - at % len(known)]

    def person(self, at):
        known = [*(self.scene.people[name].id for name in NAMES), *self.scene.others]
        return known[-1 - at % len(known)]

    # ------------------------------------------------------------ rules

    who, at = st.sampled_from(NAMES), st.integers(0, 40)

    @rule()
    def a_case_goes_its_way(self):
        """One of their own is opened to MX, consented to, and gets a second person and a thread."""
        said = {"client_id": uuid4(), "states": ["SV", "MX"]}
        if not self.do("liaison", "cases.case.open", services.open_case, **said):
            return
        row = Joining.objects.select_related("case").order_by("-audit_event_id")[0]
        said = {"joining": row.id, "digest": cases.digest_of_joining(row)}
        self.do("coordinator", "cases.state.consent", services.consent_to_joining, **said)
        clara = self.scene.people["clara"].id
        said = {"case": row.case_id, "client_id": uuid4(), "person": clara, "circles": []}
        self.do("liaison", "cases.person.add", services.add_person, **said)
        said = {"case": row.case_id, "client_id": uuid4(), "people": [clara]}
        self.do("liaison", "cases.thread.open", services.open_thread, **said)

    @rule(name=who, states=st.sets(st.sampled_from(["MX", "GT"])))
    def somebody_opens_a_case(self, name, states):
        said = {"client_id": uuid4(), "states": ["SV", *sorted(states)]}
        self.do(name, "cases.case.open", services.open_case, **said)

    @rule(name=who, case=at, state=st.sampled_from(["SV", "MX", "GT"]), urgent=st.booleans())
    def somebody_proposes_a_state(self, name, case, state, urgent):
        said = {"case": self.case(case), "client_id": uuid4(), "state": state, "urgent": urgent}
        self.do(name, "cases.state.propose", services.propose_state, **said)

    @rule(name=who, joining=at, how=st.sampled_from(["consent", "accept", "refuse", "withdraw"]))
    def somebody_answers_a_proposal(self, name, joining, how):
        row = self.joining(joining)
        digest = {"digest": cases.digest_of_joining(row)}
        service, said = {
            "consent": (services.consent_to_joining, digest),
            "accept": (services.accept_joining, digest),
            "refuse": (services.refuse_joining, {"reason": "other"}),
            "withdraw": (services.withdraw_joining, {}),
        }[how]
        self.do(name, f"cases.state.{how}", service, joining=row.id, **said)

    @rule(name=who, case=at, person=at)
    def somebody_lets_a_person_into_a_case(self, name, case, person):
        said = {"case": self.case(case), "client_id": uuid4(), "person": self.person(person)}
        self.do(name, "cases.person.add", services.add_person, circles=[], **said)

    @rule(name=who, circle=at, person=at)
    def somebody_lets_a_person_into_a_thread(self, name, circle, person):
        said = {"circle": self.circle(circle), "client_id": uuid4(), "person": self.person(person)}
        self.do(name, "cases.reader.add", services.add_reader, **said)

    @rule(name=who, case=at, people=st.lists(at, max_size=2))
    def somebody_opens_a_thread(self, name, case, people):
        said = {"case": self.case(case), "client_id": uuid4()}
        among = [self.person(one) for one in people]
        self.do(name, "cases.thread.open", services.open_thread, people=among, **said)

    @rule(name=who, case=at)
    def somebody_reads_a_case(self, name, case):
        self.do(name, "cases.case.read", services.read_case, case=self.case(case))

    @rule(name=st.sampled_from([*ABOVE, *NAMES]), confirm=st.booleans())
    def somebody_stops_the_state(self, name, confirm):
        stop = self.stop()
        if confirm and stop is not None:
            said = {"code": "SV", "stop": stop.id}
            act, service = "directory.state.confirm-stop", directories.confirm_state_stop
        else:
            said, act, service = {"code": "SV"}, "directory.state.stop", directories.stop_state
        if self.do(name, act, service, **said):
            self.words.clear()

    @rule(names=st.lists(st.sampled_from([*ABOVE, *NAMES]), min_size=1, max_size=2))
    def somebody_lifts_the_stop(self, names):
        for name in names:
            self.lift(name)

    def lift(self, name):
        stop = self.stop()
        if stop is None:
            return
        said = {"code": "SV", "stop": stop.id}
        if self.do(name, "directory.state.lift", directories.lift_state, **said):
            self.words.add(name)
            if self.state.stopped_at is None:
                assert len(self.words) > 1
                self.seen.add("lifted")

    def stop(self):
        return Stop.objects.filter(kind=Stop.Kind.STATE, state="SV", ended_at=None).first()

    @rule(minutes=st.sampled_from([1, 20, 90]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.clock.move_to(self.now)
        before = self.stop()
        directories.lift_unconfirmed(now=self.now)
        if before is not None and self.stop() is None:
            assert before.confirmed_at is None
            assert before.at + timedelta(hours=1) <= self.now
            self.words.clear()

    # ------------------------------------------------------------ taking away

    @rule(name=who, what=st.sampled_from(TAKEN), at=at)
    def something_is_taken_away(self, name, what, at):
        """By whom it may be, through a service or as a row would say it; nobody gains by it."""
        before = self.access()
        taken = {
            "reader": self.take_a_reader,
            "member": self.take_a_member,
            "role": self.take_a_role,
            "person": self.take_a_person,
            "end": self.end_a_term,
        }[what](name, at)
        now = self.access()
        assert not now - before
        if taken and before - now:  # somebody has lost by it: it was not for nothing
            self.seen.add(what)

    def by_anybody(self, first, act, service, **said):
        """Have somebody try an act, and whoever may do it if they may not; whether it was done."""
        return any(self.do(name, act, service, **said) for name in (first, *NAMES))

    def take_a_reader(self, name, at):
        own = {who.id for who in self.scene.people.values()}
        found = cases.readers_of(self.every_circle()).items()
        known = sorted((circle, one) for circle, readers in found for one in readers & own)
        act, service = "cases.reader.remove", services.remove_reader
        return any(
            self.by_anybody(name, act, service, circle=circle, person=person)
            for circle, person in turned(known, at)
        )

    def take_a_member(self, name, at):
        own = [who.id for who in self.scene.people.values()]
        rows = CaseMember.objects.filter(person__in=own, removed_at=None).order_by("added_at", "id")
        known = list(rows.values_list("case_id", "person_id"))
        act, service = "cases.person.remove", services.remove_person
        return any(
            self.by_anybody(name, act, service, case=case, person=person)
            for case, person in turned(known, at)
        )

    def take_a_role(self, name, at):
        row = Person.objects.get(id=self.scene.people[name].id)
        left = sorted(row.role_set)[: -1 - at % 2]
        self.region.end(self.scene.people[name], roles=",".join(left))
        return True

    def take_a_person(self, name, at):
        act, service = [
            ("directory.person.suspend", directories.suspend_person),
            ("directory.person.remove", directories.remove_person),
        ][at % 2]
        person = self.scene.people[NAMES[at % len(NAMES)]].id
        return self.by_anybody(name, act, service, person=person)

    def end_a_term(self, name, at):
        until = self.now - timedelta(days=8 * (at % 2))  # in their week, or after it
        row = Person.objects.get(id=self.scene.people[name].id)
        if row.valid_until <= until:
            return False  # a term that has ended is not lengthened
        self.region.end(self.scene.people[name], valid_until=until)
        return True

    def access(self):
        """Return all that anybody has: what they see, and what they may do at all."""
        found = set()
        for name in NAMES:
            actor = self.looking(name)
            if actor is None:
                continue
            for case in cases.cases_for(actor, now=self.now):
                found.add((name, "case", case["id"]))
            acts = roles.table().items()
            found |= {(name, "act", act) for act, row in acts if roles.why_not(row, actor) is None}
            for card in directory.people_for(actor):
                told = {key for key, said in card.items() if said}
                told -= {"stopped"}  # that somebody is stopped, and why, gives nobody anything
                found |= {(name, "card", card["id"], key) for key in told}
        for circle, readers in cases.readers_of(self.every_circle()).items():
            found |= {("reader", circle, person) for person in readers}
        return found

    def every_circle(self):
        return Circle.objects.values_list("id", flat=True)

    # ------------------------------------------------------------ invariants

    def require_unseen(self, name):
        """Nothing that somebody may list, open or read tells of a foreign case."""
        actor = self.looking(name)
        if actor is None:
            return
        foreign = (*self.scene.foreign, *self.scene.circles, self.scene.hidden.id)
        asked = (cases.cases_for, cases.joinings_for)
        listed = str([ask(actor, now=self.now) for ask in asked])
        assert not any(str(one) in listed for one in foreign)
        for case in self.scene.foreign:
            with pytest.raises(DomainError, match="not-found"):
                cases.shape_for(actor, case, now=self.now)
        for circle in self.scene.circles:
            with pytest.raises(DomainError, match="not-found"):
                messaging.log_for(actor, circle, after=0, limit=10)

    @invariant()
    def a_foreign_case_is_seen_by_nobody(self):
        self.require_unseen(self.last)
        own = {who.id for who in self.scene.people.values()}
        circles = self.scene.circles
        assert not CaseMember.objects.filter(case__in=self.scene.foreign, person__in=own).exists()
        assert not Reader.objects.filter(circle__in=circles, person__in=own).exists()
        rung = cases.readers_of(circles).values()  # whom a doorbell rings for
        assert not any(own & readers for readers in rung)

    @invariant()
    def no_event_tells_the_state_of_a_foreign_case(self):
        """But for what its own people named when they tried, which is their own State's."""
        hidden = [str(one).encode() for one in (*self.scene.foreign, *self.scene.circles)]
        new = AuditEvent.objects.filter(id__gt=self.event).order_by("id")
        for row in new.exclude(kind__in=["core.act.refused", "core.proof.asked"]):
            self.event = row.id
            if "SV" in row.states:
                assert not any(one in (payload_of(row.id) or b"") for one in hidden)

    @invariant()
    def offices_that_exclude_each_other_are_two_peoples(self):
        for person in Person.objects.filter(state="SV"):
            for office in OFFICES:
                assert not (office & person.role_set and person.role_set - office)

    @invariant()
    def a_stopped_state_acts_no_more(self):
        if self.state.stopped_at is None:
            return
        self.seen.add("stopped")
        for name in NAMES:
            actor = self.looking(name)
            assert actor is None or actor.state_stopped
        readers = cases.readers_of([self.scene.thread]).get(self.scene.thread, set())
        assert not {who.id for who in self.scene.people.values()} & set(readers)
