"""Case files over HTTP: what each answer shows, and what leaving looks like."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from casehub.accounts.models import Session


@pytest.fixture
def browser(region):
    def open_(who):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = region.session(who)
        return client

    return open_


def post(client, path, **body):
    return client.post(f"/api{path}", data=body, content_type="application/json")


class TestCases:
    def test_are_opened_listed_and_read(self, ana, boris, browser, recorded):
        mine = browser(ana)
        body = {"client_id": str(uuid4()), "states": ["SV"]}
        with recorded("cases.case.opened", "cases.case.read"):
            opened = post(mine, "/cases", **body).json()
            listed = mine.get("/api/cases").json()
            read = mine.get(f"/api/cases/{opened['id']}").json()
        assert listed == [opened] == [read]
        assert opened == {
            "id": opened["id"],
            "reference": "SV-2026-0001",
            "state": "SV",
            "states": ["SV"],
            "circle": opened["circle"],
            "opened_at": "2026-11-24T15:00:00Z",
            "owner": ana.person,
            "joinings": [],
            "people": [
                {
                    "id": ana.person,
                    "since": "2026-11-24T15:00:00Z",
                    "stopped": None,
                    "devices_stopped": [],
                }
            ],
            "threads": [],
            "drafts": [],
        }

    def test_show_a_member_the_threads_that_they_read(self, region, ana, boris, browser):
        mine, theirs = browser(ana), browser(boris)
        case = str(region.opened(ana, "MX"))
        post(mine, f"/cases/{case}/threads", client_id=str(uuid4()), people=[])
        shape = post(
            mine, f"/cases/{case}/people", client_id=str(uuid4()), person=boris.person, circles=[]
        ).json()
        assert {p["id"] for p in shape["people"]} == {ana.person, boris.person}
        assert len(shape["threads"]) == 1
        (seen,) = theirs.get("/api/cases").json()
        assert (seen["id"], seen["threads"]) == (case, [])
        (thread,) = shape["threads"]
        post(
            mine, f"/circles/{thread['circle']}/people", client_id=str(uuid4()), person=boris.person
        )
        (seen,) = theirs.get("/api/cases").json()
        assert {*seen["threads"][0]["people"]} == {ana.person, boris.person}


class TestAFreshProof:
    @pytest.fixture
    def late(self, region, ana, browser):
        """Ana's browser, six minutes after she last showed who she is."""
        mine = browser(ana)
        verified = region.now - timedelta(minutes=6)
        Session.objects.filter(account=ana.account).update(verified_at=verified)
        return mine

    def opening(self, *states):
        return {"client_id": str(uuid4()), "states": [*states]}

    def test_is_asked_of_whoever_proposes_another_state(self, region, ana, late, recorded):
        region.seat("MX")
        case = region.case(ana)
        with recorded("core.proof.asked"):
            answer = post(
                late, f"/cases/{case}/joinings", client_id=str(uuid4()), state="MX", urgent=False
            )
        assert (answer.status_code, answer.json()["code"]) == (403, "step-up-needed")
        assert post(late, "/cases", **self.opening("SV", "MX")).json()["code"] == "step-up-needed"

    def test_is_not_asked_for_a_case_of_ones_own_state(self, late):
        assert post(late, "/cases", **self.opening("SV")).status_code == 200

    def test_is_not_asked_again_of_a_retry(self, region, ana, browser):
        region.seat("MX")
        mine, said = browser(ana), self.opening("SV", "MX")
        first = post(mine, "/cases", **said).json()["id"]
        Session.objects.update(verified_at=region.now - timedelta(minutes=6))
        assert post(mine, "/cases", **said).json()["id"] == first


class TestRemoval:
    def test_of_another_answers_with_the_case_as_it_is_now(self, region, ana, boris, browser):
        case = region.case(ana, boris)
        answer = browser(ana).delete(f"/api/cases/{case}/people/{boris.person}")
        assert [p["id"] for p in answer.json()["people"]] == [ana.person]

    def test_of_oneself_answers_null_since_the_case_is_seen_no_more(
        self, region, ana, boris, browser, recorded
    ):
        case, theirs = region.case(ana, boris), browser(boris)
        with recorded("cases.person.removed"):
            answer = theirs.delete(f"/api/cases/{case}/people/{boris.person}")
        assert (answer.status_code, answer.json()) == (200, None)
        assert theirs.get("/api/cases").json() == []

    def test_of_oneself_from_a_thread_answers_with_the_case(self, region, ana, boris, browser):
        case = region.case(ana, boris)
        thread = region.thread(ana, boris, case=case)
        answer = browser(boris).delete(f"/api/circles/{thread}/people/{boris.person}")
        assert (answer.json()["id"], answer.json()["threads"]) == (str(case), [])

    def test_is_of_no_use_twice(self, region, ana, boris, browser):
        case, mine = region.case(ana, boris), browser(ana)
        for status in (200, 404):
            answer = mine.delete(f"/api/cases/{case}/people/{boris.person}")
            assert answer.status_code == status
