"""A code on paper, a passkey, an account, a key: and nobody else's way in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from casehub.accounts.models import Account, Factor
from casehub.core.errors import Refused
from casehub.core.rates import refusals
from casehub.designations import codes, services
from casehub.designations.models import EnrolmentCode
from casehub.designations.queries import reading
from casehub.designations.sweeping import sweep
from casehub.directory import queries as directory
from casehub.directory.models import Office, Person
from tests.integration.accounts.authenticator import Passkey
from tests.integration.designations.lives import raw


@pytest.fixture
def approved(life):
    return life.approved()


def code_of(answer):
    return answer.json()["code"]


def again(life, clock):
    """Let a ceremony take too long."""
    life.now += timedelta(hours=72)
    life.region.now = life.now
    clock.move_to(life.now)
    sweep(life.now)
    assert life.stage == "approved"


class TestACode:
    def test_has_140_random_bits_in_groups_and_is_kept_as_a_hash(self, approved):
        code = approved.code()
        groups = code.split("-")
        assert [len(group) for group in groups] == [4] * 7
        assert set("".join(groups)) <= set(codes.ALPHABET)
        (row,) = EnrolmentCode.objects.all()
        assert row.code_hash == codes.digest_of(code)
        assert code.replace("-", "") not in str(vars(row))

    def test_is_read_as_people_type_it(self, approved):
        code = approved.code()
        typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert approved.begin(typed).status_code == 200

    def test_tells_whoever_has_it_what_it_is_for(self, approved):
        found = approved.begin(approved.code()).json()
        assert (found["name"], found["state"]) == ("Ana Pérez", "SV")
        assert found["options"]["authenticatorSelection"]["userVerification"] == "required"

    def test_counts_once(self, approved):
        code = approved.code()
        assert approved.enrol(code).status_code == 200
        assert code_of(approved.begin(code)) == "enrolment-refused"

    def test_counts_for_a_day(self, approved, clock):
        code = approved.code()
        clock.shift(timedelta(hours=24))
        assert code_of(approved.begin(code)) == "enrolment-refused"

    def test_is_void_when_there_is_a_newer_one(self, approved):
        old, new = approved.code(), approved.code()
        assert code_of(approved.begin(old)) == "enrolment-refused"
        assert approved.begin(new).status_code == 200

    def test_is_not_made_again_once_it_was_used(self, approved):
        approved.enrol(approved.code())
        with pytest.raises(Refused, match="enrolled-already"):
            approved.code()

    def test_is_over_with_its_ceremony(self, approved):
        approved.code()
        approved.now += timedelta(hours=60)
        _, until = services.make_code(
            designation=approved.designation, **approved.acting(approved.coordinator)
        )
        assert until == approved.row.due_at == approved.now + timedelta(hours=12)

    def test_is_answered_alike_whether_unknown_used_or_old_and_counted(self, approved, clock):
        used = approved.code()
        approved.enrol(used)
        answers = [approved.begin(one) for one in ("AAAA", used, "x" * 64, "ñandú")]
        bodies = {answer.content for answer in answers}
        assert len(bodies) == 1
        assert sum(n for (why, _), n in refusals._counts.items() if why == "enrolment-refused") == 4

    def test_is_made_by_whoever_will_vouch_for_the_key(self, approved):
        with pytest.raises(Refused, match="bound-by-another"):
            approved.code(approved.one)

    def test_is_guessed_at_the_rate_of_sign_ins(self, approved):
        from casehub.core.rates import RATES, buckets  # noqa: PLC0415

        buckets.clear()
        tries = RATES["sign-in"].burst + 1
        answers = [
            approved.client.post(
                "/api/enrolment/begin", data={"code": "AAAA"}, content_type="application/json"
            ).status_code
            for _ in range(tries)
        ]
        assert answers[-1] == 429


class TestEnrolling:
    def test_opens_an_account_with_a_passkey_and_no_password(self, approved):
        answer = approved.enrol(approved.code())
        assert answer.json()["state"] == "full"
        assert answer.json()["person"]["roles"] == []
        account = Account.objects.get(id=approved.person.account_id)
        assert not account.has_usable_password()
        assert Factor.objects.filter(account=account, kind="passkey").count() == 1

    def test_signs_in_by_that_passkey_afterwards(self, approved):
        passkey = Passkey()
        approved.enrol(approved.code(), passkey)
        approved.client.cookies.clear()
        options = approved.post("/sign-in/passkey/begin", {}).json()["options"]
        signed = {"credential": passkey.sign(options)}
        assert approved.post("/sign-in/passkey/finish", signed).json()["state"] == "full"

    def test_gives_no_right_before_the_key_is_vouched_for(self, approved):
        approved.enrol(approved.code())
        answer = approved.client.get("/api/cases")
        assert (answer.status_code, code_of(answer)) == (403, "not-allowed")

    def test_shows_nobody_without_a_role_in_the_directory(self, approved):
        approved.enrol(approved.code())
        shown = {one["id"] for one in directory.people_for(approved.coordinator.actor)}
        assert approved.row.person not in shown

    def test_is_of_the_browser_that_began(self, approved):
        code = approved.code()
        made = Passkey().make(approved.begin(code).json()["options"])
        approved.client.cookies.clear()
        answer = approved.post(
            "/enrolment/finish", {"code": code, "name": "Llave", "credential": made}
        )
        assert code_of(answer) == "enrolment-refused"

    def test_does_not_use_the_code_up_when_the_passkey_is_refused(self, approved):
        code = approved.code()
        answer = approved.enrol(code, Passkey(verifies_user=False))
        assert code_of(answer) == "passkey-refused"
        assert approved.enrol(code).status_code == 200

    def test_of_one_code_answers_the_challenge_of_that_code(self, approved):
        first = approved.code()
        made = Passkey().make(approved.begin(first).json()["options"])
        second = approved.code()
        answer = approved.post(
            "/enrolment/finish", {"code": second, "name": "Llave", "credential": made}
        )
        assert code_of(answer) == "enrolment-refused"


class TestTheKey:
    def test_comes_with_a_proof_that_its_holder_has_it(self, approved):
        approved.enrol(approved.code())
        other = Ed25519PrivateKey.generate()
        proof = approved.proof(other)
        from casehub.core.frames import to_b64u  # noqa: PLC0415

        answer = approved.post(
            "/enrolment/key",
            {"key": to_b64u(raw(approved.key)), "proof": to_b64u(proof["proof"])},
        )
        assert code_of(answer) == "signature-refused"

    def test_is_told_to_its_person_with_what_is_still_needed(self, approved):
        approved.enrol(approved.code())
        before = approved.client.get("/api/enrolment").json()
        after = approved.offer().json()
        assert (before["key"], before["passkeys"], before["passkeys_wanted"]) == (None, 1, 2)
        assert after["key"] is not None

    def test_is_told_with_the_public_telephone_of_whoever_hears_the_words(self, approved, region):
        approved.enrol(approved.code())
        assert approved.client.get("/api/enrolment").json()["telephone"] == ""
        hears = Person.objects.get(id=approved.coordinator.id).office
        Office.objects.filter(id=hears.id).update(telephone="+503 2200 0000")
        assert approved.client.get("/api/enrolment").json()["telephone"] == "+503 2200 0000"

    def test_of_somebody_else_is_refused(self, approved, region):
        from tests.integration.designations.lives import Life  # noqa: PLC0415

        other = Life(region, key=approved.key).enrolled(name="Beto Díaz")
        assert other.row.key is not None
        approved.enrol(approved.code())
        assert code_of(approved.offer()) == "key-known"

    def test_comes_too_late_once_the_ceremony_is_over(self, approved):
        approved.enrol(approved.code())
        account = str(approved.person.account_id)
        actor = directory.actor_behind(account=account, session="", device=None)
        with pytest.raises(Refused, match="designation-late"):
            services.offer_key(actor=actor, now=approved.row.due_at, **approved.proof())

    def test_that_the_directory_knows_as_somebody_elses_is_refused_when_it_is_offered(
        self, approved, region
    ):
        approved.key = region.person("SV").key
        approved.enrol(approved.code())
        assert code_of(approved.offer()) == "key-known"

    def test_is_not_offered_by_somebody_whom_nobody_designated(self, region):
        from tests.integration.designations.lives import Life, enter  # noqa: PLC0415

        life = Life(region)
        enter(life.client, region, region.person("SV"))
        assert code_of(life.client.get("/api/enrolment")) == "not-found"


class TestACeremonyThatTakesTooLong:
    def test_goes_back_to_the_approval_and_is_begun_again(self, life, clock):
        life.enrolled()
        life.now += timedelta(hours=72)
        clock.move_to(life.now)
        assert sweep(life.now) == 1
        assert (life.stage, life.row.key) == ("approved", None)
        assert life.enrol(life.code()).status_code == 200
        life.offer()
        life.bind()
        assert life.stage == "active"
        assert Account.objects.filter(id=life.person.account_id).count() == 1

    def test_takes_with_it_whatever_the_first_code_was_used_for(self, approved, clock):
        thief = Passkey()
        assert approved.enrol(approved.code(), thief).status_code == 200
        stolen = approved.person.account_id
        browser = approved.client
        again(approved, clock)
        assert browser.get("/api/enrolment").status_code == 401
        assert not Account.objects.get(id=stolen).is_active
        approved.client = Client()
        assert approved.enrol(approved.code()).status_code == 200
        approved.offer()
        assert reading.shape(approved.row, approved.now)["passkeys_made"] == [approved.now]
        approved.bind()
        assert approved.person.account_id != stolen
        approved.client = Client()
        options = approved.post("/sign-in/passkey/begin", {}).json()["options"]
        answer = approved.post("/sign-in/passkey/finish", {"credential": thief.sign(options)})
        assert code_of(answer) == "passkey-refused"

    def test_leaves_nothing_enrolled(self, approved, clock):
        approved.enrol(approved.code())
        again(approved, clock)
        shown = reading.shape(approved.row, approved.now)
        assert (shown["enrolled"], shown["passkeys"], shown["passkeys_made"]) == (False, 0, [])


class TestACeremonyThatIsRejected:
    def test_takes_with_it_whatever_was_enrolled(self, approved):
        approved.enrol(approved.code())
        account = approved.person.account_id
        services.reject_designation(
            designation=approved.designation, reason="objection", **approved.acting(approved.one)
        )
        assert not Account.objects.get(id=account).is_active
        assert approved.client.get("/api/enrolment").status_code == 401
