"""What a device signs about screening a version, and what the server lets become ready."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import queries as log
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from requests_mla import queries
from requests_mla.errors import DisclosedRefused, NotReady, RulebookBehind, VersionBehind
from requests_mla.models import Attestation, Request, Version
from requests_mla.statements import Screened, disclosed_digest
from tests.integration.requests_mla.rulebook import SMALL


def said_of(draft, *, overridden=(), ready=False):
    """Return what is signed of the first version as the usual attestation says it."""
    facts = disclosed_digest(Version.objects.get(request=draft.id, number=1).disclosed)
    usual = (1, SMALL.version, b"c" * 32, b"r" * 32)
    return Screened(str(draft.id), *usual, facts, overridden, ready)


@pytest.fixture
def saving(draft, ana):
    """Return `save(**disclosed)`: store a version that discloses this besides the usual."""
    draft.take(ana)
    return lambda **disclosed: draft.save(ana, disclosed=disclosed)


@pytest.fixture
def saved(draft, saving):
    """A draft with one version that fails no blocking rule."""
    saving()
    return draft


class TestAttest:
    def test_keeps_what_was_signed_for_every_reader_to_check(self, saved, ana, bea, now, recorded):
        with recorded("requests.attestation.made"):
            saved.attest(ana, overridden=["SUMMARY"])
        (made,) = queries.attestations_for(bea.actor, saved.id)
        screened = said_of(saved, overridden=("SUMMARY",))
        assert made == {
            "version": 1,
            "rulebook": SMALL.version,
            "person": ana.id,
            "device": Version.objects.get().device_id,
            "at": now,
            "commitment": to_b64u(b"c" * 32),
            "results": to_b64u(b"r" * 32),
            "disclosed": to_b64u(screened.disclosed),
            "signature": to_b64u(ana.signing.sign(screened.signed_bytes())),
            "overridden": ["SUMMARY"],
            "ready": False,
        }
        assert saved.shape(bea)["attested"] == {
            "version": 1,
            "rulebook": SMALL.version,
            "person": ana.id,
            "at": now,
        }
        assert saved.shape(bea)["stage"] == "self_check"

    def test_logs_a_digest_and_the_rules_set_aside(self, saved, bea):
        saved.attest(bea, overridden=["SUMMARY", "NEW-LAW"], ready=True)
        (event,) = log.payloads_of("requests.attestation.made")
        signed = said_of(saved, overridden=("NEW-LAW", "SUMMARY"), ready=True).signed_bytes()
        assert event["states"] == ["SV"]
        assert event["payload"] == {
            "request": str(saved.id),
            "version": 1,
            "rulebook": SMALL.version,
            "device": bea.device,
            "digest": hashlib.sha256(signed).hexdigest(),
            "overridden": ["NEW-LAW", "SUMMARY"],
            "ready": True,
            "requested": "MX",
            "measures": ["bank_records"],
            "urgency": "normal",
            "deadline": "",
        }

    def test_shows_the_newest(self, saved, ana, bea):
        for who in (ana, bea):
            saved.attest(who)
        assert saved.shape(ana)["attested"]["person"] == bea.id
        assert len(queries.attestations_for(ana.actor, saved.id)) == 2

    def test_needs_no_turn(self, saved, bea):
        saved.attest(bea, ready=True)
        assert saved.row.stage == "ready"

    def test_answers_a_retry_without_a_second_one(self, saved, ana, recorded):
        client_id = uuid4()
        saved.attest(ana, client_id=client_id, ready=True)
        saved.save(ana)
        with recorded():
            saved.attest(ana, client_id=client_id, version=1, ready=True)
        assert Attestation.objects.count() == 1
        assert saved.row.stage == "draft"

    #  what another try under the same id says instead
    OTHERS = [{"ready": True}, {"overridden": ["SUMMARY"]}, {"results": b"x" * 32}]

    @pytest.mark.parametrize("other", OTHERS, ids=[next(iter(o)) for o in OTHERS])
    def test_refuses_the_same_id_with_anything_else(self, saved, ana, other, recorded):
        client_id = uuid4()
        saved.attest(ana, client_id=client_id)
        with recorded(), pytest.raises(Refused, match="id-reused"):
            saved.attest(ana, client_id=client_id, **other)

    def test_refuses_another_rulebook_than_the_servers(self, saved, ana, recorded):
        with recorded(), pytest.raises(RulebookBehind) as refused:
            saved.attest(ana, rulebook="0" * 64)
        assert refused.value.params == {"rulebook": SMALL.version}

    @pytest.mark.parametrize("ready", [True, False])
    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_refuses_another_version_than_the_newest(self, saved, ana, version, ready, recorded):
        saved.save(ana)
        with recorded(), pytest.raises(VersionBehind) as refused:
            saved.attest(ana, version=version, ready=ready)
        assert refused.value.params == {"version": 2}
        assert saved.row.stage == "draft"

    def test_refuses_to_speak_of_a_draft_without_a_version(self, draft, ana, recorded):
        with recorded(), pytest.raises(VersionBehind):
            draft.attest(ana, version=0)

    def test_refuses_a_signature_by_another_key(self, saved, ana, bea, recorded):
        for signer in (Ed25519PrivateKey.generate(), bea.signing, ana.key):
            with recorded(), pytest.raises(Refused, match="signature-refused"):
                saved.attest(ana, signer=signer)

    def test_refuses_a_signature_of_something_else(self, saved, opened, ana, recorded):
        other = opened()
        other.take(ana)
        other.save(ana)
        signed = said_of(saved)
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            other.attest(ana, signature=ana.signing.sign(signed.signed_bytes()))

    #  what the server is told, other than what was signed
    LARGER = [{"ready": True}, {"overridden": ["SUMMARY"]}]

    @pytest.mark.parametrize("larger", LARGER, ids=[next(iter(one)) for one in LARGER])
    def test_adds_nothing_to_what_was_signed(self, saved, ana, larger, recorded):
        signature = ana.signing.sign(said_of(saved).signed_bytes())
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            saved.attest(ana, signature=signature, **larger)

    def test_refuses_a_signature_over_other_facts_than_were_disclosed(self, saved, ana, recorded):
        facts = Version.objects.get().disclosed | {"measures": []}
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            saved.attest(ana, disclosed=facts)

    def test_needs_a_device_in_force(self, saved, ana, recorded):
        ana.device = None
        with recorded(), pytest.raises(Refused, match="device-needed"):
            saved.attest(ana)

    #  BASIS-IN-FORCE may never be overridden; NO-SUCH is no rule
    @pytest.mark.parametrize("rule", ["BASIS-IN-FORCE", "NO-SUCH"])
    def test_refuses_to_set_aside_what_cannot_be(self, saved, ana, rule, recorded):
        with recorded(), pytest.raises(DisclosedRefused) as refused:
            saved.attest(ana, overridden=["SUMMARY", rule])
        assert refused.value.params == {"fields": ["overridden.1"]}

    def test_hides_the_draft_from_an_outsider(self, saved, boris, recorded):
        with recorded(), pytest.raises(NotVisible):
            saved.attest(boris)


class TestReady:
    def test_is_reached_when_no_blocking_rule_fails(self, saved, ana, recorded):
        with recorded("requests.attestation.made"):
            saved.attest(ana, ready=True)
        assert saved.row.stage == "ready"

    def test_may_be_attested_again(self, saved, ana, bea):
        saved.attest(ana, ready=True)
        saved.attest(bea, ready=True)
        assert saved.row.stage == "ready"

    def test_is_not_taken_back_by_attesting_without_it(self, saved, ana, bea):
        saved.attest(ana, ready=True)
        saved.attest(bea)
        assert saved.row.stage == "ready"

    #  what is disclosed, what is overridden: the rules that still block
    TABLE = [
        ({}, [], []),
        ({"measures": []}, [], ["SOME-MEASURE"]),
        ({"measures": []}, ["SOME-MEASURE"], []),
        ({"measures": []}, ["NEW-LAW"], ["SOME-MEASURE"]),
        ({"measures": ["search"]}, [], ["NEW-LAW"]),
        ({"instruments": ["SV-GT"]}, [], ["BASIS-IN-FORCE"]),
        ({"instruments": ["SV-GT"], "measures": []}, [], ["BASIS-IN-FORCE", "SOME-MEASURE"]),
        ({"instruments": ["SV-GT"], "measures": []}, ["SOME-MEASURE"], ["BASIS-IN-FORCE"]),
        # Whether Guatemala is bound is not known: a question, which blocks nothing.
        ({"requested_state": "GT"}, [], []),
        # A rule that only should be met blocks nothing either.
        ({"urgency": "urgent"}, [], []),
    ]

    @pytest.mark.parametrize(("disclosed", "overridden", "rules"), TABLE)
    def test_table(self, draft, bea, saving, recorded, disclosed, overridden, rules):
        saving(**disclosed)
        if rules:
            with recorded(), pytest.raises(NotReady) as refused:
                draft.attest(bea, overridden=overridden, ready=True)
            assert refused.value.params == {"rules": rules}
            assert not Attestation.objects.exists()
        else:
            draft.attest(bea, overridden=overridden, ready=True)
        assert draft.row.stage == ("draft" if rules else "ready")

    def test_with_a_blocking_rule_set_aside_is_for_a_coordinator(
        self, draft, ana, bea, saving, recorded
    ):
        saving(measures=[])
        aside = {"overridden": ["SOME-MEASURE"]}
        with recorded(), pytest.raises(Refused, match="exception-coordinator"):
            draft.attest(ana, ready=True, **aside)
        draft.attest(ana, **aside)  # whoever drafts may propose it
        assert draft.row.stage == "self_check"
        draft.attest(bea, ready=True, **aside)
        assert draft.row.stage == "ready"

    def test_with_a_lesser_rule_set_aside_is_for_any_drafter(self, saved, ana):
        saved.attest(ana, overridden=["NO-HURRY"], ready=True)
        assert saved.row.stage == "ready"

    def test_is_no_condition_of_attesting(self, draft, ana, saving):
        saving(measures=[])
        draft.attest(ana)
        assert Attestation.objects.count() == 1

    def test_does_not_come_by_a_date_before_the_law(self, draft, ana, saving, recorded):
        saving(measures=["search"], law_date="2026-10-31")
        with recorded(), pytest.raises(NotReady) as refused:
            draft.attest(ana, ready=True)
        assert refused.value.params == {"rules": ["NEW-LAW"]}

    def test_does_not_come_by_waiting_before_the_law(self, draft, ana, saving, recorded):
        saving(measures=["search"])
        with recorded(), pytest.raises(NotReady):
            draft.attest(ana, ready=True, at=datetime(2026, 10, 1, tzinfo=UTC))

    #  the day of the law by which the draft was screened, on 24 November
    DAYS = [("1990-01-01", "law-date-old"), ("2026-11-26", "law-date-ahead")]

    @pytest.mark.parametrize(("law_date", "code"), DAYS)
    def test_is_by_the_law_of_these_days(self, draft, ana, saving, recorded, law_date, code):
        saving(measures=["bank_records"], law_date=law_date)
        with recorded(), pytest.raises(Refused, match=code):
            draft.attest(ana, ready=True)
        assert draft.row.stage == "draft"
        draft.attest(ana)  # signing what was found is not making it ready

    @pytest.mark.parametrize("ready", [True, False])
    def test_is_out_of_reach_for_a_request_that_went_on(self, saved, ana, recorded, ready):
        """Nor is anything else said of it: of what was sent, what was signed before counts."""
        again = uuid4()
        saved.attest(ana, client_id=again)
        Request.objects.update(stage="transmitted")
        with recorded(), pytest.raises(Refused, match="stage-closed"):
            saved.attest(ana, ready=ready)
        saved.attest(ana, client_id=again)  # a retry is told what was done
        assert Attestation.objects.count() == 1
