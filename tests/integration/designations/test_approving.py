"""Two officers under exactly one body: who does not count, and what makes a hand void."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from casehub.accounts.models import Account
from casehub.core.errors import DomainError, NotVisible, Refused
from casehub.core.run import run
from casehub.designations import services
from casehub.designations.models import Approval
from casehub.designations.queries import reading
from casehub.directory.models import Notice, Person, SignedStatement
from casehub.directory.statements import ChainBroken, signing_input
from tests.factories import HASH
from tests.integration.designations.lives import Life, raw

ACT = "designations.designation.approve"


@pytest.fixture
def nominated(life):
    return life.nominated()


def refused(life, by, **changes):
    with pytest.raises(Refused) as error:
        life.approve(by, **changes)
    return error.value.code


class TestNominating:
    def test_keeps_the_exact_bytes_and_their_digest(self, life):
        life.consulted()
        statement = life.nomination()
        services.nominate(
            designation=life.designation, statement=statement, **life.acting(life.coordinator)
        )
        row = life.row
        assert row.digest == life.hand(life.one)["digest"]
        assert bytes(row.nominator_key) == raw(life.coordinator.key)

    @pytest.mark.parametrize(
        "change",
        [
            {"name": "Otra Persona"},
            {"roles": ["coordinator"]},
            {"consultation": []},
            {"urgent": True},
            {"until": "2027-11-25T15:00:00Z"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_says_what_the_draft_says_and_nothing_else(self, life, change):
        life.consulted()
        with pytest.raises(Refused, match="nomination-differs"):
            life.nominate(**change)

    def test_is_not_of_another_hour(self, life):
        life.consulted()
        with pytest.raises(Refused, match="nomination-stale"):
            life.nominate(issued="2026-11-24T13:00:00Z")

    def test_needs_a_key_that_counts_for_the_role(self, life):
        life.consulted()
        statement = life.nomination()
        other = life.region.person("SV", "coordinator")
        with pytest.raises(Refused, match="key-not-in-force"):
            services.nominate(
                designation=life.designation, statement=statement, **life.acting(other)
            )

    def test_voids_earlier_hands_when_it_is_done_again(self, nominated):
        nominated.approve(nominated.one)
        first = nominated.row.digest
        nominated.nominate()
        assert nominated.stage == "nominated"
        assert nominated.row.digest != first
        nominated.approve(nominated.two)
        assert nominated.stage == "ministry-1"


class TestTheSecondHand:
    def test_is_another_persons(self, nominated):
        nominated.approve(nominated.one)
        assert refused(nominated, nominated.one) == "second-hand-needed"

    def test_is_another_persons_also_from_another_account(self, nominated):
        nominated.approve(nominated.one)
        account = Account.objects.create(
            username="second-account",
            state="SV",
            password=HASH,
            opened_at=nominated.now,
            audit_event_id=nominated.region.event(Account),
        )
        nominated.region.end(nominated.one, account=account)
        nominated.one.account = str(account.id)
        assert refused(nominated, nominated.one) == "second-hand-needed"

    def test_is_asked_of_nobody_whose_hand_is_under_it_already(self, nominated):
        def signed(by):
            (row,) = reading.designations_for(by.actor, now=nominated.now)
            return row["signed"]

        people = (nominated.coordinator, nominated.one, nominated.two)
        assert [signed(one) for one in people] == [False, False, False]
        nominated.approve(nominated.one)
        assert [signed(one) for one in people] == [False, True, False]

    def test_is_by_the_officers_own_key(self, nominated):
        nominated.approve(nominated.one)
        hand = nominated.hand(nominated.one)
        assert refused(nominated, nominated.two, **hand) == "key-not-in-force"

    def test_comes_before_the_first_is_too_old(self, nominated):
        nominated.approve(nominated.one)
        nominated.now += timedelta(hours=72)
        assert refused(nominated, nominated.two) == "designation-late"

    def test_on_the_urgent_path_within_two_hours(self, life):
        life.nominated(urgent=True, until=life.now + timedelta(days=6)).approve(life.one)
        life.now += timedelta(hours=2)
        assert refused(life, life.two) == "designation-late"

    def test_is_of_an_officer_in_force(self, nominated):
        nominated.approve(nominated.one)
        stranger = nominated.region.person("SV", "ministry")
        SignedStatement.objects.filter(person=stranger.person).delete()
        assert refused(nominated, stranger) == "key-not-in-force"

    def test_enters_the_statement_under_all_three_names(self, nominated):
        nominated.approve(nominated.one)
        nominated.approve(nominated.two)
        (row,) = SignedStatement.objects.filter(person=nominated.row.person)
        assert bytes(row.body) == bytes(nominated.row.body)
        assert len(row.signatures) == 3
        assert row.digest == nominated.row.statement

    def test_falls_with_the_notice_if_it_cannot_be_given(self, nominated, monkeypatch):
        nominated.approve(nominated.one)

        def failing(**_):
            raise RuntimeError("no notice")

        monkeypatch.setattr("casehub.directory.services.give", failing)
        with pytest.raises(RuntimeError):
            nominated.approve(nominated.two)
        assert nominated.stage == "ministry-1"
        assert Approval.objects.count() == 1


class TestAHand:
    def test_is_under_the_body_that_was_seen(self, nominated):
        assert refused(nominated, nominated.one, digest="0" * 64) == "payload-changed"

    def test_under_an_earlier_body_is_void(self, nominated):
        hand = nominated.hand(nominated.one)
        nominated.change(post="Fiscal adjunto")
        nominated.close()
        nominated.nominate()
        assert refused(nominated, nominated.one, **hand) == "payload-changed"

    def test_for_another_nominee_is_none(self, nominated):
        other = Life(nominated.region)
        other.nominated(name="Beto Díaz")
        signature = nominated.one.key.sign(signing_input("designation", bytes(other.row.body)))
        assert refused(nominated, nominated.one, signature=signature) == "signature-refused"

    def test_for_another_purpose_is_none(self, nominated):
        signature = nominated.one.key.sign(signing_input("binding", bytes(nominated.row.body)))
        assert refused(nominated, nominated.one, signature=signature) == "signature-refused"

    def test_with_somebody_elses_key_is_none(self, nominated):
        key = Ed25519PrivateKey.generate()
        hand = {
            "key": raw(key),
            "signature": key.sign(signing_input("designation", bytes(nominated.row.body))),
        }
        assert refused(nominated, nominated.one, **hand) == "key-not-in-force"

    def test_is_not_of_another_state(self, nominated):
        stranger = nominated.region.person("MX", "ministry")
        with pytest.raises(NotVisible):
            nominated.approve(stranger)

    def test_asks_for_a_fresh_proof(self, nominated):
        acting = nominated.acting(nominated.one)
        acting["now"] += timedelta(minutes=6)
        with pytest.raises(Refused, match="step-up-needed"):
            services.approve(
                designation=nominated.designation, **nominated.hand(nominated.one), **acting
            )

    def test_does_not_complete_what_no_client_would_believe(self, nominated):
        """The officer's mandate ended on paper between the two: the replay has the last word."""
        nominated.approve(nominated.one)
        SignedStatement.objects.filter(person=nominated.one.person).delete()
        with pytest.raises(ChainBroken, match="chain-broken"):
            nominated.approve(nominated.two)
        assert nominated.stage == "ministry-1"


class TestRolesThatDoNotGoTogether:
    @pytest.mark.parametrize(
        "roles",
        [
            ["liaison", "central-authority"],
            ["liaison", "national-auditor"],
            ["coordinator", "national-auditor"],
        ],
    )
    def test_are_refused_with_the_draft(self, life, roles):
        with pytest.raises(Refused, match="roles-incompatible"):
            life.draft(roles=roles)

    def test_a_coordinator_may_be_a_liaison(self, life):
        life.draft(roles=["coordinator", "liaison"])
        assert life.row.role_list == ["coordinator", "liaison"]

    @pytest.mark.parametrize("role", ["ministry", "secretariat", "regional-auditor", "prince"])
    def test_nobody_is_designated_for_what_is_not_designated_here(self, life, role):
        with pytest.raises(Refused, match="roles-unknown"):
            life.draft(roles=[role])


@pytest.mark.django_db(transaction=True)
class TestTwentyApprovalsAtOnce:
    def test_end_in_exactly_one_second_signature(self, region):
        life = Life(region)
        life.nominated().approve(life.one)
        officers = [region.person("SV", "ministry") for _ in range(20)]
        calls = []
        for officer in officers:
            arguments = life.hand(officer) | life.acting(officer)
            calls.append(arguments | {"designation": life.designation})
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
        assert set(answers) <= {life.designation, "designation-stage", "try-again"}
        assert Approval.objects.filter(designation_id=life.designation).count() == 2
        assert SignedStatement.objects.filter(person=life.row.person).count() == 1
        assert Notice.objects.count() == 1
        assert Person.objects.filter(id=life.row.person).count() == 0
