"""Vouching for a key, changing it, renewing a term, and letting somebody in again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.errors import NotVisible, Refused
from casehub.designations import services
from casehub.designations.models import Designation, FirstHand
from casehub.designations.queries import reading
from casehub.directory import queries as directory
from casehub.directory.models import Notice
from casehub.directory.statements import ChainBroken
from tests.factories import stamp
from tests.integration.designations.lives import DAY, countersigned, raw


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    return error.value.code


@pytest.fixture
def enrolled(life):
    return life.enrolled()


def notices():
    return list(Notice.objects.order_by("audit_event_id").values_list("kind", flat=True))


class TestBinding:
    def test_is_of_the_key_that_was_offered(self, enrolled):
        other = enrolled.binding(key=Ed25519PrivateKey.generate())
        assert refused(enrolled.bind, statement=other) == "binding-differs"

    def test_is_of_this_designation(self, enrolled):
        other = enrolled.binding(designation="00000000-0000-4000-8000-000000000000")
        assert refused(enrolled.bind, statement=other) == "binding-differs"

    def test_says_the_six_words_of_the_key(self, enrolled):
        with pytest.raises(ChainBroken):
            enrolled.bind(statement=enrolled.binding(words=[1, 2, 3, 4, 5, 6]))

    def test_is_by_a_coordinator_and_no_officer(self, enrolled):
        assert refused(enrolled.bind, enrolled.one) == "bound-by-another"

    def test_of_a_coordinator_is_by_an_officer(self, life):
        life.enrolled(roles=["coordinator"])
        assert refused(life.bind, life.coordinator) == "bound-by-another"
        life.bind(life.one)
        assert life.stage == "active"

    def test_waits_for_the_day_on_which_the_term_begins(self, life):
        life.enrolled(starts=life.now + DAY)
        assert refused(life.bind) == "designation-early"

    def test_waits_for_the_second_passkey_where_one_is_needed(self, enrolled, settings):
        settings.PASSKEYS_NEEDED = 2
        assert refused(enrolled.bind) == "second-passkey-needed"

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_is_not_signed_as_of_another_hour(self, enrolled, minutes):
        issued = stamp(enrolled.now + timedelta(minutes=minutes))
        assert refused(enrolled.bind, statement=enrolled.binding(issued=issued)) == (
            "statement-stale"
        )

    @pytest.fixture
    def settled(self, region):
        """A State past its first day, on which nobody waits for its people yet."""
        region.aged("SV")

    def test_is_limited_for_a_day_among_several_states(self, settled, enrolled):
        enrolled.bind()
        bound = directory.chain().person(str(enrolled.row.person), now=enrolled.now)
        assert bound.effective == enrolled.now + DAY


def renew(life, *, by=None, rekey=False, **changes):
    said = life.said(until=life.now + 365 * DAY, **changes)
    life.designation = services.renew_designation(
        designation=life.designation,
        said=said,
        rekey=rekey,
        **life.acting(by or life.coordinator),
    )


def much_later(life):
    """Let 150 days go by; others coordinate and approve by then."""
    life.now += 150 * DAY
    life.region.now = life.now
    life.coordinator = life.region.person("SV", "coordinator")
    life.one, life.two = (life.region.person("SV", "ministry") for _ in range(2))
    return life


def verified(life):
    """Return whom those see who replay the directory's log."""
    return directory.chain().person(str(life.row.person), now=life.now)


def reject(life):
    services.reject_designation(
        designation=life.designation, reason="other", **life.acting(life.one)
    )


class TestRenewing:
    @pytest.fixture
    def active(self, life):
        life.active()
        return much_later(life)

    def test_with_nothing_new_goes_on_from_the_consultation(self, active):
        renew(active)
        assert active.stage == "consulted"
        active.nominate()
        assert b'"outcome":"no-objection"' in bytes(active.row.body)

    def test_goes_on_with_the_same_key_without_a_code(self, active):
        earlier = active.row
        renew(active)
        active.nominate()
        active.approve(active.one)
        assert refused(active.code) == "designation-stage"
        active.bind()
        assert active.stage == "active"
        assert Designation.objects.get(id=earlier.id).stage == "expired"
        assert active.person.valid_until == active.row.until
        assert notices()[-1] == "renewed"

    def test_with_nothing_new_takes_one_officer_and_counts_for_those_who_verify_it(self, active):
        before = active.row.until
        renew(active)
        active.nominate()
        assert reading.shape(active.row, active.now)["hands"] == 1
        active.approve(active.one)
        assert active.stage == "approved"
        assert verified(active).until == before
        active.bind()
        assert verified(active).until == active.row.until

    def test_that_was_approved_and_then_rejected_counts_for_nobody_who_verifies_it(self, active):
        before = active.row
        renew(active, post="Fiscal superior")
        active.nominate()
        active.approve(active.one)
        active.approve(active.two)
        reject(active)
        assert (verified(active).until, verified(active).post) == (before.until, before.post)
        assert verified(active).post == active.person.post

    def test_with_another_post_takes_two(self, active):
        renew(active, post="Fiscal superior")
        active.nominate()
        active.approve(active.one)
        assert active.stage == "ministry-1"

    def test_after_the_end_of_the_term_takes_two(self, life):
        life.active(until=life.now + 100 * DAY)
        renew(much_later(life))
        life.nominate()
        life.approve(life.one)
        assert life.stage == "ministry-1"

    def test_with_another_post_is_told_as_a_change(self, active):
        renew(active, post="Fiscal superior")
        active.nominate()
        active.approve(active.one)
        active.approve(active.two)
        assert notices()[-1] == "changed"

    def test_with_another_name_asks_the_agencies_again(self, active):
        renew(active, name="Ana Pérez de Díaz")
        assert active.stage == "draft"

    def test_is_begun_once(self, active):
        first = active.designation
        renew(active)
        active.designation = first
        assert refused(renew, active) == "renewal-open"

    def test_is_of_the_newest_term_with_what_agencies_object_to_in_it(self, active):
        first = active.designation
        renew(active, name="Ana Pérez de Díaz")
        active.answer(active.ask(), "objection")
        active.close()
        active.nominate()
        active.approve(active.one)
        active.approve(active.two)
        active.bind()
        newest, active.designation = active.designation, first
        assert refused(renew, active) == "renewal-of-earlier"
        active.designation = newest
        renew(active, name="Ana Pérez de Díaz")
        assert "objection" in reading.shape(active.row, active.now)["flags"]

    def test_that_was_rejected_does_not_stand_in_the_way(self, active):
        first = active.designation
        renew(active)
        services.reject_designation(
            designation=active.designation, reason="objection", **active.acting(active.one)
        )
        active.designation = first
        renew(active)
        assert active.stage == "consulted"

    def test_with_another_key_takes_an_officer_besides_and_is_told(self, active, clock):
        clock.move_to(active.now)
        renew(active, rekey=True)
        active.nominate()
        active.approve(active.one)
        active.approve(active.two)
        active.key = Ed25519PrivateKey.generate()
        assert active.enrol(active.code()).status_code == 200
        active.offer()
        statement = active.binding()
        active.bind(statement=statement)
        assert active.stage == "ceremony"
        again = countersigned(statement, active.coordinator)
        assert refused(active.bind, statement=again) == "second-hand-needed"
        active.bind(active.one, countersigned(statement, active.one))
        assert active.stage == "active"
        bound = directory.chain().person(str(active.row.person), now=active.now)
        assert bound.key == raw(active.key)
        assert notices()[-1] == "key-changed"


class TestReinstating:
    @pytest.fixture
    def suspended(self, life):
        life.active()
        life.suspend()
        assert life.stage == "suspended"
        return life

    def test_takes_a_coordinator_and_then_an_officer(self, suspended):
        statement = suspended.reinstatement(suspended.coordinator)
        suspended.reinstate(suspended.coordinator, statement)
        assert suspended.stage == "suspended"
        suspended.reinstate(suspended.one, countersigned(statement, suspended.one))
        assert suspended.stage == "active"
        assert notices()[-1] == "reinstated"
        first = FirstHand.objects.get()
        assert str(first.second_id) == suspended.one.person

    def test_is_not_begun_by_an_officer(self, suspended):
        statement = suspended.reinstatement(suspended.one)
        assert refused(suspended.reinstate, suspended.one, statement) == "key-not-in-force"

    def test_is_not_completed_by_the_same_person(self, suspended):
        statement = suspended.reinstatement(suspended.coordinator)
        suspended.reinstate(suspended.coordinator, statement)
        assert (
            refused(suspended.reinstate, suspended.coordinator, statement) == "second-hand-needed"
        )

    def test_is_of_the_same_bytes(self, suspended):
        statement = suspended.reinstatement(suspended.coordinator)
        suspended.reinstate(suspended.coordinator, statement)
        other = suspended.reinstatement(suspended.one)
        assert refused(suspended.reinstate, suspended.one, other) == "payload-changed"

    def test_can_be_begun_again_by_who_may_begin(self, suspended):
        suspended.reinstate(suspended.coordinator, suspended.reinstatement(suspended.coordinator))
        statement = suspended.reinstatement(suspended.coordinator)
        suspended.reinstate(suspended.coordinator, statement)
        suspended.reinstate(suspended.one, countersigned(statement, suspended.one))
        assert suspended.stage == "active"

    def test_has_to_be_completed_within_three_days(self, suspended):
        statement = suspended.reinstatement(suspended.coordinator)
        suspended.reinstate(suspended.coordinator, statement)
        suspended.now += timedelta(hours=72)
        assert (
            refused(suspended.reinstate, suspended.one, countersigned(statement, suspended.one))
            == "key-not-in-force"
        )

    def test_is_begun_as_of_now_and_completed_within_three_days(self, suspended):
        early = suspended.reinstatement(
            suspended.coordinator, issued=stamp(suspended.now - timedelta(hours=2))
        )
        found = refused(suspended.reinstate, suspended.coordinator, early)
        assert found == "statement-stale"
        statement = suspended.reinstatement(suspended.coordinator)
        suspended.reinstate(suspended.coordinator, statement)
        suspended.now += timedelta(hours=71)
        suspended.reinstate(suspended.one, countersigned(statement, suspended.one))
        assert suspended.stage == "active"

    def test_names_the_stop_that_it_lifts(self, suspended):
        statement = suspended.reinstatement(suspended.coordinator, revokes="1" * 64)
        assert refused(suspended.reinstate, suspended.coordinator, statement) == "payload-changed"

    def test_is_of_somebody_suspended(self, life):
        life.active()
        statement = life.reinstatement(life.coordinator)
        assert refused(life.reinstate, life.coordinator, statement) == "not-suspended"

    def test_is_not_of_another_state(self, suspended):
        stranger = suspended.region.person("MX", "coordinator")
        with pytest.raises(NotVisible):
            suspended.reinstate(stranger, suspended.reinstatement(stranger))
