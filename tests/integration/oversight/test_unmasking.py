"""Knowing a name takes two auditors of one State, a ground, and does not last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from audit.models import LogEntry
from audit.queries import payloads_of
from audit.services.erasing import erase
from casehub.accounts.models import Session
from casehub.oversight import limits
from casehub.oversight.models import Query, Unmasking
from tests.integration.oversight.made import WISH, called, shown, wish_of


@pytest.fixture
def ana(desk):
    """A prosecutor who opened a case."""
    ana = desk.region.equipped("SV")
    desk.region.case(ana)
    desk.sequence()
    return ana


def wish(desk, who, client=None, **fields):
    asked = {**WISH, "person": called(who, "SV", desk.region.now), **fields}
    return desk.post("unmaskings", asked, client=client)


def erased(desk, kind):
    """Erase the newest event of a kind."""
    place = LogEntry.objects.filter(event__kind=kind).select_related("log").latest("position")
    erase(
        origin=place.log.origin,
        position=place.position,
        ground="LED 16(2)",
        actor="op",
        now=desk.region.now,
    )


def second(desk):
    """Seat another auditor of the State."""
    return desk.sit(desk.region.person("SV", "national-auditor"))


def name_in(desk, client=None):
    """Return the name that an auditor sees beside the opening of the case."""
    found = desk.post("queries", {"acts": ["cases"]}, client=client).json()
    return found["entries"][0]["actor"]["name"]


class TestASecondHand:
    def test_is_under_what_the_page_showed_and_under_nothing_else(self, desk, ana):
        (row,) = wish(desk, ana).json()
        other = second(desk)
        said = desk.post(f"unmaskings/{row['id']}/agree", {"digest": "0" * 64}, client=other)
        assert (said.status_code, said.json()["code"]) == (409, "payload-changed")
        assert payloads_of("oversight.unmasking.agreed") == []

    def test_stands_in_the_log_with_the_digest_of_it(self, desk, ana):
        (row,) = wish(desk, ana).json()
        digest = shown(f"unmaskings/{row['id']}")
        desk.post(f"unmaskings/{row['id']}/agree", client=second(desk))
        (said,) = payloads_of("oversight.unmasking.agreed")
        assert said["payload"]["digest"] == digest


class TestAWish:
    def test_says_why_in_the_log_and_waits_for_somebody_else(self, desk, ana, recorded):
        with recorded("oversight.unmasking.asked"):
            (row,) = wish(desk, ana).json()
        assert (row["state"], row["mine"], row["name"]) == ("open", True, None)
        (said,) = payloads_of("oversight.unmasking.asked")
        assert said["payload"]["ground"] == "complaint"
        assert said["payload"]["reference"] == "Q-1/2026"
        assert name_in(desk) is None
        answer = desk.post(f"unmaskings/{row['id']}/agree")
        assert (answer.status_code, answer.json()["code"]) == (403, "second-person-needed")

    def test_that_waits_is_not_made_twice(self, desk, ana, recorded):
        (row,) = wish(desk, ana).json()
        with recorded():
            assert [one["id"] for one in wish(desk, ana).json()] == [row["id"]]

    def test_that_waits_is_not_asked_anew_on_another_ground_or_number(self, desk, ana, recorded):
        """Nothing of what was typed may vanish under a word that sounds like success."""
        wish(desk, ana)
        for other in ({"reference": "Q-2/2026"}, {"ground": "anomaly"}):
            with recorded("core.act.refused"):
                answer = wish(desk, ana, **other)
            assert (answer.status_code, answer.json()["code"]) == (409, "unmasking-waits")
        (row,) = desk.get("unmaskings").json()
        assert (row["ground"], row["reference"]) == ("complaint", "Q-1/2026")

    def test_needs_a_fresh_proof(self, desk, ana):
        ago = desk.region.now - timedelta(seconds=settings.STEP_UP_SECONDS + 1)
        Session.objects.update(verified_at=ago)
        assert wish(desk, ana).json()["code"] == "step-up-needed"
        # To be asked who one is, is no refusal: the auditor's own numbers stay what they are.
        assert desk.ask(outcome="refused")["count"] == 0

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"ground": "curiosity"}, "bad-frame"),
            ({"reference": "x"}, "bad-frame"),
            ({"reference": "a\nb"}, "bad-frame"),
            ({"person": "P-00000000"}, "not-found"),
        ],
    )
    def test_without_a_ground_or_a_person_is_refused(self, desk, ana, fields, code):
        assert wish(desk, ana, **fields).json()["code"] == code

    def test_about_another_state_s_person_is_refused(self, desk):
        luis = desk.region.equipped("MX")
        assert wish(desk, luis).json()["code"] == "unmasking-foreign"

    def test_about_oneself_is_refused(self, desk):
        assert wish(desk, desk.auditor).json()["code"] == "unmasking-own"

    def test_nobody_outside_the_state_sees_or_answers(self, desk, ana):
        (row,) = wish(desk, ana).json()
        mexican = desk.sit(desk.region.person("MX", "national-auditor"))
        assert desk.get("unmaskings", client=mexican).json() == []
        for answer in ("agree", "refuse"):
            said = desk.post(f"unmaskings/{row['id']}/{answer}", client=mexican)
            assert said.json()["code"] == "not-found"


class TestAgreeing:
    def test_shows_the_name_to_both_and_to_nobody_else(self, desk, ana, recorded):
        (row,) = wish(desk, ana).json()
        other, third = second(desk), second(desk)
        with recorded("oversight.unmasking.agreed"):
            answer = desk.post(f"unmaskings/{row['id']}/agree", client=other).json()
        assert answer[0]["name"] == "Persona Ficticia"
        assert name_in(desk) == name_in(desk, other) == "Persona Ficticia"
        assert name_in(desk, third) is None
        assert desk.get("unmaskings", client=third).json()[0]["name"] is None

    def test_is_about_the_pseudonym_of_one_quarter(self, desk, ana, clock):
        """The person's acts of another quarter stay nobody's: the ground was not about them."""
        asked = called(ana, "SV", desk.region.now)
        desk.move(clock, timedelta(days=39))  # the next quarter has begun
        desk.region.case(ana)
        (row,) = wish(desk, ana, person=asked).json()
        other = second(desk)
        (agreed,) = desk.post(f"unmaskings/{row['id']}/agree", client=other).json()
        assert (agreed["pseudonym"], agreed["name"]) == (asked, "Persona Ficticia")
        desk.sequence()
        found = desk.post("queries", {"acts": ["cases"]}).json()["entries"]
        assert [one["actor"]["name"] for one in found] == [None, "Persona Ficticia"]
        assert len(wish(desk, ana).json()) == 2

    def test_runs_out(self, desk, ana, clock):
        (row,) = wish(desk, ana).json()
        desk.post(f"unmaskings/{row['id']}/agree", client=second(desk))
        desk.move(clock, limits.NAME_LASTS)
        assert name_in(desk) is None
        assert desk.get("unmaskings").json()[0]["state"] == "over"

    def test_needs_a_fresh_proof(self, desk, ana):
        (row,) = wish(desk, ana).json()
        other = second(desk)
        ago = desk.region.now - timedelta(seconds=settings.STEP_UP_SECONDS + 1)
        Session.objects.update(verified_at=ago)
        said = desk.post(f"unmaskings/{row['id']}/agree", client=other)
        assert said.json()["code"] == "step-up-needed"

    def test_is_not_for_the_person_asked_about(self, desk):
        audited = desk.region.person("SV", "national-auditor")
        row = wish_of(desk.region, audited, desk.auditor)
        said = desk.post(f"unmaskings/{row}/agree", client=desk.sit(audited))
        assert said.json()["code"] == "second-person-needed"


class TestAnErasure:
    """What an auditor asked stands in the event alone."""

    def test_takes_the_wish_with_its_event(self, desk, ana):
        (row,) = wish(desk, ana).json()
        desk.sequence()
        erased(desk, "oversight.unmasking.asked")
        assert desk.get("unmaskings").json() == []
        said = desk.post(f"unmaskings/{row['id']}/agree", client=second(desk))
        assert said.json()["code"] == "not-found"

    def test_takes_what_was_searched_for_with_its_event(self, desk, ana):
        query = desk.ask(person=called(ana, "SV", desk.region.now))["query"]
        desk.sequence()
        erased(desk, "oversight.log.queried")
        assert desk.get(f"queries/{query}/entries").json()["code"] == "not-found"

    def test_finds_no_copy_of_either_in_the_tables(self, desk, ana):
        name = called(ana, "SV", desk.region.now)
        wish(desk, ana)
        desk.ask(person=name)
        rows = [*Query.objects.values(), *Unmasking.objects.values()]
        assert len(rows) == 2
        for secret in (name, ana.person, WISH["ground"], WISH["reference"]):
            assert all(secret not in str(value) for row in rows for value in row.values())


class TestAnAnswer:
    def test_may_be_no(self, desk, ana, recorded):
        (row,) = wish(desk, ana).json()
        other = second(desk)
        with recorded("oversight.unmasking.refused"):
            answer = desk.post(f"unmaskings/{row['id']}/refuse", client=other).json()
        assert (answer[0]["state"], answer[0]["name"]) == ("refused", None)
        assert name_in(desk) is None

    def test_is_given_once(self, desk, ana):
        (row,) = wish(desk, ana).json()
        desk.post(f"unmaskings/{row['id']}/refuse", client=second(desk))
        for again in ("agree", "refuse"):
            said = desk.post(f"unmaskings/{row['id']}/{again}", client=second(desk))
            assert (said.status_code, said.json()["code"]) == (409, "unmasking-closed")

    def test_comes_too_late_after_three_days(self, desk, ana, clock):
        (row,) = wish(desk, ana).json()
        desk.move(clock, limits.ASK_LASTS)
        said = desk.post(f"unmaskings/{row['id']}/agree", client=second(desk))
        assert said.json()["code"] == "unmasking-closed"
        assert desk.get("unmaskings").json()[0]["state"] == "expired"
