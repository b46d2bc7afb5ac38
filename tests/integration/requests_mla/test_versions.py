"""Versions of a draft: opaque, one after the other, by whoever has the turn."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest

from audit import queries as log
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from requests_mla import queries
from requests_mla.errors import DisclosedRefused, TurnTaken, VersionBehind
from requests_mla.models import Request, Version
from requests_mla.policies import TURN
from tests.integration.requests_mla.conftest import DISCLOSED


class TestSaveVersion:
    @pytest.fixture(autouse=True)
    def _turn(self, draft, ana):
        draft.take(ana)

    def test_keeps_the_bytes_and_what_is_disclosed(self, draft, ana, now, recorded):
        at = now + timedelta(minutes=1)
        with recorded("requests.version.saved"):
            assert draft.save(ana, body=b"one", at=at) == 1
        version = Version.objects.get()
        assert bytes(version.body) == b"one"
        assert (version.size, version.digest) == (3, hashlib.sha256(b"one").hexdigest())
        assert str(version.device_id) == ana.device
        shape = draft.shape(ana)
        assert (shape["version"], shape["saved_at"]) == (1, at)
        assert shape["disclosed"] == DISCLOSED

    def test_logs_digest_and_number_and_no_content(self, draft, ana):
        draft.save(ana, body=b"sealed")
        (event,) = log.payloads_of("requests.version.saved")
        assert event["states"] == ["SV"]
        assert event["payload"] == {
            "request": str(draft.id),
            "version": 1,
            "device": ana.device,
            "digest": hashlib.sha256(b"sealed").hexdigest(),
        }

    def test_follows_what_the_draft_says_of_the_requested_state(self, draft, ana):
        draft.save(ana, disclosed={"requested_state": "GT"})
        assert draft.shape(ana)["requested_state"] == "GT"

    def test_counts_without_a_gap(self, draft, ana):
        assert [draft.save(ana) for _ in range(3)] == [1, 2, 3]

    @pytest.mark.parametrize("base", [0, 1, 3])
    def test_refuses_one_made_from_another_than_the_newest(self, draft, ana, base, recorded):
        draft.save(ana)
        draft.save(ana)
        with recorded(), pytest.raises(VersionBehind) as refused:
            draft.save(ana, base=base)
        assert refused.value.params == {"version": 2}
        assert Version.objects.count() == 2

    def test_answers_a_retry_even_when_the_turn_is_over(self, draft, ana, bea, now, recorded):
        same = {"client_id": uuid4(), "base": 0}
        draft.save(ana, **same)
        draft.save(ana)
        draft.take(bea, at=now + TURN)
        with recorded():
            assert draft.save(ana, **same, at=now + TURN) == 1
        assert Version.objects.count() == 2

    #  what another try under the same id says instead
    OTHERS = [{"body": b"other"}, {"base": 1}, {"disclosed": {"urgency": "urgent"}}]

    @pytest.mark.parametrize("other", OTHERS, ids=[next(iter(o)) for o in OTHERS])
    def test_refuses_the_same_id_with_anything_else(self, draft, ana, other, recorded):
        same = {"client_id": uuid4(), "base": 0}
        draft.save(ana, **same)
        with recorded(), pytest.raises(Refused, match="id-reused"):
            draft.save(ana, **(same | other))

    def test_refuses_the_same_id_in_another_draft(self, draft, opened, ana, recorded):
        client_id = uuid4()
        draft.save(ana, client_id=client_id)
        other = opened()
        other.take(ana)
        with recorded(), pytest.raises(Refused, match="id-reused"):
            other.save(ana, client_id=client_id)

    def test_needs_the_turn_and_says_who_has_it(self, draft, ana, bea, recorded):
        with recorded(), pytest.raises(TurnTaken) as refused:
            draft.save(bea)
        assert refused.value.params["person"] == ana.person

    def test_needs_a_turn_that_has_not_run_out(self, draft, ana, now, recorded):
        with recorded(), pytest.raises(Refused, match="turn-needed"):
            draft.save(ana, at=now + TURN)

    def test_needs_a_device(self, draft, ana, recorded):
        ana.device = None
        with recorded(), pytest.raises(Refused, match="device-needed"):
            draft.save(ana)

    def test_refuses_what_the_rulebook_does_not_know(self, draft, ana, recorded):
        facts = {"measures": ["bank_records", "gossip"], "urgency": "yesterday"}
        with recorded(), pytest.raises(DisclosedRefused) as refused:
            draft.save(ana, disclosed=facts)
        assert refused.value.params == {"fields": ["measures.1", "urgency"]}

    def test_refuses_to_speak_for_another_state(self, draft, ana, recorded):
        facts = {"requesting_state": "MX", "requested_state": "GT"}
        with recorded(), pytest.raises(DisclosedRefused) as refused:
            draft.save(ana, disclosed=facts)
        assert refused.value.params == {"fields": ["requesting_state"]}

    def test_makes_a_ready_request_a_draft_again(self, draft, ana):
        draft.save(ana)
        draft.attest(ana, ready=True)
        assert draft.row.stage == "ready"
        draft.save(ana)
        assert draft.row.stage == "draft"

    def test_is_refused_for_a_request_that_went_on(self, draft, ana, recorded):
        Request.objects.update(stage="transmitted")
        with recorded(), pytest.raises(Refused, match="stage-closed"):
            draft.save(ana)

    def test_hides_the_draft_from_an_outsider(self, draft, boris, recorded):
        with recorded(), pytest.raises(NotVisible):
            draft.save(boris)


class TestReadingVersions:
    @pytest.fixture
    def saved(self, draft, ana):
        draft.take(ana)
        for body in (b"one", b"second"):
            draft.save(ana, body=body)
        return draft

    def test_lists_them_without_their_bodies(self, saved, ana, bea, now):
        rows = queries.versions_for(bea.actor, saved.id)
        assert [row["version"] for row in rows] == [1, 2]
        assert rows[1] == {
            "version": 2,
            "at": now,
            "person": ana.id,
            "device": Version.objects.get(number=2).device_id,
            "size": 6,
            "digest": to_b64u(hashlib.sha256(b"second").digest()),
        }

    def test_gives_one_with_its_body(self, saved, bea):
        version = queries.version_for(bea.actor, saved.id, 1)
        assert (version["version"], version["body"]) == (1, to_b64u(b"one"))

    @pytest.mark.parametrize("number", [0, 3, 2**31, 2**70])
    def test_knows_no_other(self, saved, bea, number):
        with pytest.raises(NotVisible):
            queries.version_for(bea.actor, saved.id, number)

    def test_hides_all_from_an_outsider(self, saved, boris):
        for read in (
            lambda: queries.versions_for(boris.actor, saved.id),
            lambda: queries.version_for(boris.actor, saved.id, 1),
            lambda: queries.attestations_for(boris.actor, saved.id),
        ):
            with pytest.raises(NotVisible):
                read()
