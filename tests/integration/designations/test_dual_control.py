"""
Dual control: whatever somebody tries in place of a second hand, nobody becomes active by it.

Each is gone to its end: the hand, then the code, the key and the binding of whoever would not wait.
That each is refused with its reason stands in test_approving and test_stopped_beside.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction

from casehub.accounts.models import Account
from casehub.core.errors import DomainError
from casehub.core.run import run
from casehub.designations import services
from casehub.designations.models import Approval, Designation
from casehub.directory import queries as directory
from casehub.directory.models import Person, SignedStatement
from casehub.directory.statements import signing_input
from tests.factories import HASH
from tests.integration.designations.lives import Life

ACT = "designations.designation.approve"


def the_same_person_twice(life):
    life.approve(life.one)
    yield lambda: life.approve(life.one)


def two_accounts_of_one_person(life):
    life.approve(life.one)
    account = Account.objects.create(
        username="second-account",
        state="SV",
        password=HASH,
        opened_at=life.now,
        audit_event_id=life.region.event(Account),
    )
    life.region.end(life.one, account=account)
    life.one.account = str(account.id)
    yield lambda: life.approve(life.one)


def two_people_with_one_key(life):
    """Another officer brings the hand of the first."""
    life.approve(life.one)
    hand = life.hand(life.one)
    yield lambda: life.approve(life.two, **hand)


def an_expired_first_signature(life):
    life.approve(life.one)
    life.now += timedelta(hours=73)
    yield lambda: life.approve(life.two)


def a_payload_that_changed_in_between(life):
    life.approve(life.one)
    hand = life.hand(life.two)
    life.change(post="Fiscal adjunto")
    life.close()
    life.nominate()
    yield lambda: life.approve(life.two, **hand)
    yield lambda: life.approve(life.one)  # a first hand under what it is now, and no second


def an_approval_replayed_for_another_nominee(life):
    other = Life(life.region)
    other.one, other.two = life.one, life.two
    other.nominated(name="Beto Díaz")
    life.approve(life.one)
    body = bytes(other.row.body)
    other.approve(life.two)
    signature = life.two.key.sign(signing_input("designation", body))
    yield lambda: life.approve(life.two, signature=signature)
    yield lambda: life.approve(life.two, **(life.hand(life.two, body=body)))


def an_approver_removed_meanwhile(life):
    life.approve(life.one)
    life.region.end(life.one, removed_at=life.now)
    yield lambda: life.approve(life.two)


def an_approver_suspended_meanwhile(life):
    life.approve(life.one)
    life.region.end(life.one, suspended_at=life.now)
    yield lambda: life.approve(life.two)


def a_second_approver_removed_before_they_sign(life):
    life.approve(life.one)
    hand = life.hand(life.two)
    life.region.end(life.two, removed_at=life.now)
    yield lambda: life.approve(life.two, **hand)


def the_nominator_as_an_officer(life):
    life.approve(life.one)
    yield lambda: life.approve(life.coordinator)


WAYS = (
    the_same_person_twice,
    two_accounts_of_one_person,
    two_people_with_one_key,
    an_expired_first_signature,
    a_payload_that_changed_in_between,
    an_approval_replayed_for_another_nominee,
    an_approver_removed_meanwhile,
    an_approver_suspended_meanwhile,
    a_second_approver_removed_before_they_sign,
    the_nominator_as_an_officer,
)


def tried(act):
    """Do something that may well be refused."""
    with suppress(DomainError), transaction.atomic():
        act()


def require_never_active(life):
    row = Designation.objects.get(id=life.designation)
    assert (row.approved_at, row.bound_at) == (None, None)
    assert not SignedStatement.objects.filter(person=row.person).exists()
    assert not Person.objects.filter(id=row.person).exists()
    assert directory.chain().bound_key(str(row.person)) is None


class TestDualControl:
    @pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.replace("_", " "))
    def test_is_not_gone_round_by(self, life, clock, way):
        for act in way(life.nominated()):
            tried(act)
        clock.move_to(life.now)
        tried(life.code)
        tried(lambda: life.row.serial and life.bind())
        require_never_active(life)


@pytest.mark.django_db(transaction=True)
class TestTwentyApprovalsOfOneOfficerAtOnce:
    def test_are_one_hand_and_make_nobody_active(self, region):
        life = Life(region)
        life.nominated()
        hand = life.hand(life.one)
        calls = [
            hand | life.acting(life.one) | {"designation": life.designation} for _ in range(20)
        ]
        barrier = threading.Barrier(len(calls))
        answers = []

        def knock(arguments):
            barrier.wait()
            try:
                answers.append(run(services.approve, act=ACT, **arguments))
            except DomainError as error:
                answers.append(error.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=knock, args=(one,)) for one in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one for one in answers if one == life.designation] == [life.designation]
        assert set(answers) <= {life.designation, "second-hand-needed", "try-again"}
        assert Approval.objects.filter(designation_id=life.designation).count() == 1
        require_never_active(life)
