"""Requests over HTTP: from an empty draft to a ready one, and what is refused on the way."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from casehub.core.frames import to_b64u
from casehub.core.rates import RATES
from requests_mla.schemas import BODY_LIMIT
from requests_mla.statements import Screened, disclosed_digest
from tests.integration.requests_mla.conftest import DISCLOSED
from tests.integration.requests_mla.rulebook import SMALL


def sent(client, method, path, **body):
    data = json.dumps(body | {"client_id": str(uuid4())} if method == "POST" else body)
    return client.generic(method, f"/api{path}", data=data, content_type="application/json")


@pytest.fixture
def address(draft):
    return f"/requests/{draft.id}"


def version(**changes):
    return {"base": 0, "body": to_b64u(b"sealed"), "disclosed": DISCLOSED} | changes


def attestation(request, signer, **changes):
    said = {"version": 1, "rulebook": SMALL.version}
    screened = Screened(
        str(request),
        **said,
        commitment=b"c" * 32,
        results=b"r" * 32,
        disclosed=disclosed_digest(changes.pop("disclosed", DISCLOSED)),
        overridden=(),
        ready=True,
    )
    return (
        said
        | {
            "commitment": to_b64u(b"c" * 32),
            "results": to_b64u(b"r" * 32),
            "signature": to_b64u(signer.sign(screened.signed_bytes())),
            "overridden": [],
            "ready": True,
        }
        | changes
    )


class TestJourney:
    def test_from_empty_to_ready(self, ana, bea, case, browser, recorded):
        mine, hers = browser(ana), browser(bea)
        with recorded(
            "requests.request.opened",
            "requests.reader.added",
            "requests.turn.taken",
            "requests.version.saved",
            "requests.turn.given-back",
            "requests.attestation.made",
            "requests.request.read",
        ):
            begun = sent(
                mine, "POST", "/requests", case=str(case), people=[], requested_state="MX"
            ).json()
            path = f"/requests/{begun['id']}"
            sent(mine, "POST", f"{path}/people", person=bea.person)
            taken = sent(mine, "POST", f"{path}/turn").json()
            renewed = sent(mine, "PUT", f"{path}/turn").json()
            saved = sent(mine, "POST", f"{path}/versions", **version()).json()
            given = sent(mine, "DELETE", f"{path}/turn").json()
            signed = attestation(begun["id"], bea.signing)
            ready = sent(hers, "POST", f"{path}/attestations", **signed).json()
            read = mine.get(f"/api{path}").json()
        turn = {"person": ana.person, "until": "2026-11-24T15:05:00Z"}
        assert (begun["turn"], taken["turn"], renewed["turn"]) == (None, turn, turn)
        assert (saved["version"], saved["saved_at"]) == (1, "2026-11-24T15:00:00Z")
        assert (given["turn"], ready["stage"]) == (None, "ready")
        assert read == ready
        assert read == {
            "id": begun["id"],
            "case": str(case),
            "circle": begun["circle"],
            "requesting_state": "SV",
            "requested_state": "MX",
            "stage": "ready",
            "came_back": False,
            "disclosed": DISCLOSED,
            "version": 1,
            "drafter": ana.person,
            "people": sorted([ana.person, bea.person]),
            "opened_at": "2026-11-24T15:00:00Z",
            "saved_at": "2026-11-24T15:00:00Z",
            "turn": None,
            "attested": {
                "version": 1,
                "rulebook": SMALL.version,
                "person": bea.person,
                "at": "2026-11-24T15:00:00Z",
            },
            "consultations": [],
        }
        assert mine.get("/api/requests").json() == [read]
        (row,) = mine.get(f"/api{path}/versions").json()
        assert hers.get(f"/api{path}/versions/1").json() == row | {"body": to_b64u(b"sealed")}
        (attested,) = mine.get(f"/api{path}/attestations").json()
        assert attested["device"] == bea.device

    def test_ends_for_whoever_leaves(self, draft, address, bea, browser):
        hers = browser(bea)
        answer = sent(hers, "DELETE", f"{address}/people/{bea.person}")
        assert (answer.status_code, answer.json()) == (200, None)
        assert hers.get("/api/requests").json() == []


class TestVersions:
    def test_are_half_a_mebibyte_at_most(self, draft, address, ana, browser):
        draft.take(ana)
        mine = browser(ana)
        most = to_b64u(b"\0" * BODY_LIMIT)
        answer = sent(mine, "POST", f"{address}/versions", **version(body=most))
        assert answer.json()["version"] == 1
        assert mine.get(f"/api{address}/versions/1").json()["body"] == most
        more = to_b64u(b"\0" * (BODY_LIMIT + 1))
        answer = sent(mine, "POST", f"{address}/versions", **version(base=1, body=more))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-frame")

    #  what is sent instead
    BAD = [
        {"body": ""},
        {"body": "not base64url!"},
        {"base": -1},
        {"base": 2**31},
        {"disclosed": DISCLOSED | {"facts": "secreto"}},
        {"disclosed": {}},
        {"draft": {}},
    ]

    @pytest.mark.parametrize("bad", BAD, ids=str)
    def test_of_another_form_are_refused_unrepeated(self, draft, address, ana, browser, bad):
        draft.take(ana)
        answer = sent(browser(ana), "POST", f"{address}/versions", **version(**bad))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-frame")
        assert "secreto" not in answer.content.decode()

    def test_have_a_rate_of_their_own(self, draft, address, ana, browser):
        draft.take(ana)
        mine = browser(ana)
        codes = [
            sent(mine, "POST", f"{address}/versions", **version(base=9)).json()["code"]
            for _ in range(RATES["version"].burst + 1)
        ]
        assert set(codes[:-1]) == {"version-behind"}
        assert codes[-1] == "too-many"


class TestAttestations:
    #  what is sent instead
    BAD = [
        {"commitment": to_b64u(b"c" * 31)},
        {"results": to_b64u(b"r" * 33)},
        {"signature": to_b64u(b"s" * 63)},
        {"rulebook": "x" * 64},
        {"overridden": ["because I say so"]},
        {"ready": "maybe"},
    ]

    @pytest.mark.parametrize("bad", BAD, ids=[next(iter(b)) for b in BAD])
    def test_of_another_form_are_refused(self, draft, address, ana, browser, bad):
        body = attestation(draft.id, ana.signing, **bad)
        answer = sent(browser(ana), "POST", f"{address}/attestations", **body)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-frame")

    def test_that_are_not_ready_name_the_rules(self, draft, address, ana, browser):
        draft.take(ana)
        draft.save(ana, disclosed={"measures": []})
        facts = DISCLOSED | {"measures": []}
        body = attestation(draft.id, ana.signing, disclosed=facts)
        answer = sent(browser(ana), "POST", f"{address}/attestations", **body)
        assert answer.status_code == 409
        assert answer.json()["code"] == "not-ready"
        assert answer.json()["params"] == {"rules": ["SOME-MEASURE"]}
