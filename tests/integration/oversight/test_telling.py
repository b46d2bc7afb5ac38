"""Whoever was known by name is told: after thirty days, unless a court lets them wait, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from audit.queries import payloads_of
from casehub.accounts.models import Session
from casehub.directory.models import Office
from casehub.oversight import limits
from casehub.oversight.models import Deferral, UnmaskingNotice
from tests.integration.oversight.made import ORDER, deferral_of, naming_of, shown, wish_of
from tests.integration.oversight.test_unmasking import erased, second

DAY = timedelta(days=1)


@pytest.fixture
def ana(desk):
    return desk.region.person("SV")


def told(desk, who):
    """Return what somebody is told when they sign in now."""
    answer = desk.get("notices", client=desk.sit(who))
    assert answer.status_code == 200
    return answer.json()


def confirm(desk, who, notice, client=None):
    return desk.post(f"notices/{notice}/confirm", client=client or desk.sit(who))


def put_off(desk, naming, days=60, client=None, **fields):
    until = (desk.region.now + timedelta(days=days)).date().isoformat()
    return desk.post(
        f"namings/{naming}/deferrals", {**ORDER, "until": until, **fields}, client=client
    )


def deferred(desk, naming, days=60):
    """Let two auditors put it off."""
    wish = deferral_of(desk.region, naming, days=days)
    assert desk.post(f"deferrals/{wish}/agree", client=second(desk)).status_code == 200
    return wish


class TestAPersonWhoseNameWasGiven:
    def test_is_told_nothing_for_thirty_days_and_then_at_the_next_sign_in(self, desk, ana, clock):
        naming = naming_of(desk.region, ana)
        desk.move(clock, limits.TOLD_AFTER - timedelta(seconds=1))
        assert told(desk, ana) == []
        assert confirm(desk, ana, naming).json()["code"] == "not-found"
        desk.move(clock, timedelta(seconds=1))
        (notice,) = told(desk, ana)
        assert notice["id"] == str(naming)

    def test_hears_which_body_when_and_on_what_ground_and_no_auditor_s_name(self, desk, ana, clock):
        naming_of(desk.region, ana, ground="anomaly", reference="X-9/2026")
        desk.move(clock, limits.TOLD_AFTER)
        answer = desk.get("notices", client=desk.sit(ana))
        (notice,) = answer.json()
        notice.pop("id")
        assert notice == {
            "day": "2026-11-24",
            "body": Office.objects.get(person__id=desk.auditor.person).name,
            "quarter": "2026Q4",
            "ground": "anomaly",
            "told_at": None,
        }
        for kept in ("X-9", "Persona Ficticia"):
            assert kept not in answer.content.decode()

    def test_is_told_however_late_they_come(self, desk, ana, clock):
        naming_of(desk.region, ana)
        desk.move(clock, 200 * DAY)
        assert len(told(desk, ana)) == 1

    def test_confirms_it_once_in_the_log_and_can_read_it_again(self, desk, ana, clock, recorded):
        naming = naming_of(desk.region, ana)
        desk.move(clock, limits.TOLD_AFTER)
        browser = desk.sit(ana)
        with recorded("oversight.unmasking.told"):
            (notice,) = confirm(desk, ana, naming, browser).json()
        assert notice["told_at"] is not None
        with recorded():
            assert confirm(desk, ana, naming, browser).json() == [notice]
        (said,) = payloads_of("oversight.unmasking.told")
        assert (said["actor"], said["states"]) == (ana.person, ["SV"])
        (seen,) = desk.get("unmaskings").json()
        assert seen["told_at"] is not None

    def test_is_not_told_of_what_was_refused_or_is_another_s(self, desk, ana, clock):
        wish = wish_of(desk.region, ana)
        desk.post(f"unmaskings/{wish}/refuse", client=second(desk))
        other = desk.region.person("SV")
        naming = naming_of(desk.region, other)
        desk.move(clock, limits.TOLD_AFTER)
        assert told(desk, ana) == []
        assert confirm(desk, ana, naming).json()["code"] == "not-found"
        assert len(told(desk, other)) == 1

    def test_is_told_although_the_asking_was_erased_but_not_on_what_ground(self, desk, ana, clock):
        naming_of(desk.region, ana)
        desk.sequence()
        erased(desk, "oversight.unmasking.asked")
        desk.move(clock, limits.TOLD_AFTER)
        (notice,) = told(desk, ana)
        assert notice["ground"] is None

    def test_stands_in_no_table(self, desk, ana, clock):
        naming = naming_of(desk.region, ana)
        deferral_of(desk.region, naming)
        desk.move(clock, limits.TOLD_AFTER)
        confirm(desk, ana, naming)
        rows = [*Deferral.objects.values(), *UnmaskingNotice.objects.values()]
        assert len(rows) == 2
        for secret in (ana.person, ORDER["reference"], ORDER["ground"]):
            assert all(secret not in str(value) for row in rows for value in row.values())


class TestADeferral:
    def test_lets_the_person_wait_until_its_day_in_the_capital(self, desk, ana, clock):
        naming = naming_of(desk.region, ana)
        deferred(desk, naming, days=60)
        (seen,) = desk.get("unmaskings").json()
        assert seen["tells_at"] == "2027-01-23T06:00:00Z"  # midnight in San Salvador
        desk.move(clock, 59 * DAY)
        assert told(desk, ana) == []
        desk.move(clock, DAY)
        assert len(told(desk, ana)) == 1

    def test_of_which_nobody_decided_puts_nothing_off(self, desk, ana, clock):
        naming = naming_of(desk.region, ana)
        deferral_of(desk.region, naming)
        desk.move(clock, limits.TOLD_AFTER)
        assert len(told(desk, ana)) == 1

    def test_that_was_refused_puts_nothing_off(self, desk, ana, clock, recorded):
        naming = naming_of(desk.region, ana)
        wish = deferral_of(desk.region, naming)
        other = second(desk)
        with recorded("oversight.deferral.refused"):
            (seen,) = desk.post(f"deferrals/{wish}/refuse", client=other).json()
        assert [one["state"] for one in seen["deferrals"]] == ["refused"]
        desk.move(clock, limits.TOLD_AFTER)
        assert len(told(desk, ana)) == 1

    def test_stands_in_the_log_with_ground_number_and_day(self, desk, ana, recorded):
        naming = naming_of(desk.region, ana)
        with recorded("oversight.deferral.asked"):
            (seen,) = put_off(desk, naming).json()
        (deferral,) = seen["deferrals"]
        assert (deferral["state"], deferral["mine"]) == ("open", True)
        (said,) = payloads_of("oversight.deferral.asked")
        assert said["payload"] == {
            **ORDER,
            "unmasking": str(naming),
            "deferral": deferral["id"],
            "until": "2027-01-23",
        }
        other = second(desk)
        with recorded("oversight.deferral.agreed"):
            desk.post(f"deferrals/{deferral['id']}/agree", client=other)

    @pytest.mark.once  # PostgreSQL takes no such change without an event
    def test_is_agreed_to_as_the_page_showed_it_and_not_otherwise(self, desk, ana):
        naming = naming_of(desk.region, ana)
        (deferral,) = put_off(desk, naming).json()[0]["deferrals"]
        path, other = f"deferrals/{deferral['id']}", second(desk)
        digest = shown(path)
        row = Deferral.objects.filter(id=deferral["id"])
        until = row.get().until
        row.update(until=until + DAY)
        for seen in (digest, "0" * 64):
            said = desk.post(f"{path}/agree", {"digest": seen}, client=other)
            assert (said.status_code, said.json()["code"]) == (409, "payload-changed")
        assert payloads_of("oversight.deferral.agreed") == []
        row.update(until=until)
        assert desk.post(f"{path}/agree", {"digest": digest}, client=other).status_code == 200
        (said,) = payloads_of("oversight.deferral.agreed")
        assert said["payload"]["digest"] == digest

    def test_takes_a_second_auditor_of_the_state(self, desk, ana):
        naming = naming_of(desk.region, ana)
        (seen,) = put_off(desk, naming).json()
        (deferral,) = seen["deferrals"]
        mexican = desk.sit(desk.region.person("MX", "national-auditor"))
        for client, code in ((desk.client, "second-person-needed"), (mexican, "not-found")):
            for answer in ("agree", "refuse"):
                said = desk.post(f"deferrals/{deferral['id']}/{answer}", client=client)
                assert said.json()["code"] == code
        assert put_off(desk, naming, client=mexican).json()["code"] == "not-found"

    def test_is_neither_asked_nor_agreed_to_by_the_person_themselves(self, desk):
        audited = desk.region.person("SV", "national-auditor")
        naming = naming_of(desk.region, audited)
        said = put_off(desk, naming, client=desk.sit(audited))
        assert said.json()["code"] == "unmasking-own"
        wish = deferral_of(desk.region, naming)
        said = desk.post(f"deferrals/{wish}/agree", client=desk.sit(audited))
        assert said.json()["code"] == "second-person-needed"

    def test_needs_a_fresh_proof_of_both(self, desk, ana):
        naming = naming_of(desk.region, ana)
        wish = deferral_of(desk.region, naming)
        other = second(desk)
        ago = desk.region.now - timedelta(seconds=settings.STEP_UP_SECONDS + 1)
        Session.objects.update(verified_at=ago)
        assert put_off(desk, naming).json()["code"] == "step-up-needed"
        said = desk.post(f"deferrals/{wish}/agree", client=other)
        assert said.json()["code"] == "step-up-needed"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"days": 30}, "deferral-period"),  # midnight of the day on which they are told
            ({"days": 181}, "deferral-period"),
            ({"days": 180}, None),
            ({"ground": "curiosity"}, "bad-frame"),
            ({"reference": "x"}, "bad-frame"),
            ({"until": "soon"}, "bad-frame"),
        ],
    )
    def test_has_a_ground_a_number_and_a_day_within_reach(self, desk, ana, fields, code):
        naming = naming_of(desk.region, ana)
        answer = put_off(desk, naming, **fields)
        assert (answer.json()["code"] if answer.status_code >= 400 else None) == code

    def test_comes_too_late_once_the_person_may_have_been_told(self, desk, ana, clock):
        naming = naming_of(desk.region, ana)
        desk.move(clock, limits.TOLD_AFTER - DAY)
        wish = deferral_of(desk.region, naming)
        desk.move(clock, DAY)
        assert put_off(desk, naming).json()["code"] == "deferral-late"
        said = desk.post(f"deferrals/{wish}/agree", client=second(desk))
        assert said.json()["code"] == "deferral-late"
        assert len(told(desk, ana)) == 1

    def test_can_be_renewed_before_it_ends(self, desk, ana, clock):
        naming = naming_of(desk.region, ana)
        deferred(desk, naming, days=180)
        desk.move(clock, 179 * DAY)
        deferred(desk, naming, days=100)
        desk.move(clock, 99 * DAY)
        assert told(desk, ana) == []
        desk.move(clock, 2 * DAY)
        assert len(told(desk, ana)) == 1

    def test_of_a_name_that_was_not_given_is_none(self, desk, ana):
        wish = wish_of(desk.region, ana)
        assert put_off(desk, wish).json()["code"] == "not-found"

    def test_erased_still_puts_it_off_and_says_that_its_ground_is_gone(self, desk, ana):
        naming = naming_of(desk.region, ana)
        deferred(desk, naming)
        desk.sequence()
        erased(desk, "oversight.deferral.asked")
        (seen,) = desk.get("unmaskings").json()
        assert seen["tells_at"] == "2027-01-23T06:00:00Z"
        assert [one["ground"] for one in seen["deferrals"]] == [""]
