"""The way from a draft to somebody whose key counts: each step one act, none left out."""

from __future__ import annotations

import pytest
from django.db import transaction

from casehub.core.errors import NotVisible, Refused
from casehub.designations import services
from casehub.directory import queries as directory
from casehub.directory.models import Notice, SignedStatement


def notices():
    return list(Notice.objects.order_by("at", "audit_event_id").values_list("kind", flat=True))


def tried(act):
    """Return with which code an act would be refused now, an empty string if with none."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except Refused as error:
        return error.code
    return ""


class TestTheWay:
    def test_leads_from_a_draft_to_a_key_that_counts(self, life):
        life.draft()
        assert life.stage == "draft"
        life.answer(life.ask())
        life.close()
        assert life.stage == "consulted"
        life.nominate()
        assert life.stage == "nominated"
        life.approve(life.one)
        assert life.stage == "ministry-1"
        assert not SignedStatement.objects.filter(person=life.row.person).exists()
        life.approve(life.two)
        assert life.stage == "approved"
        code = life.code()
        assert life.stage == "ceremony"
        assert life.enrol(code).status_code == 200
        assert life.person.role_set == frozenset()
        assert life.offer().json()["key"]
        life.bind()
        assert life.stage == "active"
        assert life.person.role_set == {"liaison"}
        bound = directory.chain().person(str(life.row.person), now=life.now)
        assert bound.key == life.key.public_key().public_bytes_raw()

    def test_leaves_one_event_a_step(self, life, recorded):
        steps = {
            "draft": life.draft,
            "asked": lambda: setattr(life, "asked", life.ask()),
            "answered": lambda: life.answer(life.asked),
            "consulted": life.close,
            "nominated": life.nominate,
        }
        kinds = {
            "draft": "designations.designation.drafted",
            "asked": "designations.consultation.asked",
            "answered": "designations.consultation.answered",
            "consulted": "designations.designation.consulted",
            "nominated": "designations.designation.nominated",
        }
        for step, act in steps.items():
            life.region.session(life.coordinator)
            with recorded("accounts.sign-in.completed", kinds[step]):
                act()
        with recorded("accounts.sign-in.completed", "designations.approval.given"):
            life.approve(life.one)
        with recorded(
            "accounts.sign-in.completed",
            "designations.approval.given",
            "directory.statement.entered",
        ):
            life.approve(life.two)

    def test_tells_every_state_with_the_last_signature_and_not_before(self, life):
        life.nominated().approve(life.one)
        assert notices() == []
        life.approve(life.two)
        (notice,) = Notice.objects.all()
        assert (notice.kind, notice.name, notice.state_id) == ("announced", "Ana Pérez", "SV")

    @pytest.mark.parametrize(
        "stage", ["draft", "consulted", "nominated", "approved", "enrolled", "active"]
    )
    def test_lets_no_step_be_left_out(self, life, stage):
        getattr(life, stage)()
        able = {
            "draft": {"ask", "change"},
            "consulted": {"nominate", "change"},
            "nominated": {"nominate", "approve", "change"},
            "approved": {"code"},
            "enrolled": {"bind"},
            "active": set(),
        }
        acts = {
            "ask": life.ask,
            "change": life.change,
            "close": life.close,
            "nominate": life.nominate,
            "approve": lambda: life.approve(life.two),
            "code": life.code,
            "bind": life.bind,
        }
        if stage in {"draft", "consulted"}:
            for unsigned in ("approve", "bind"):
                acts.pop(unsigned)
        found = {name: tried(act) for name, act in acts.items()}
        done = {name for name, code in found.items() if code == ""}
        refused = set(found.values()) - {""}
        assert refused <= {
            "designation-stage",
            "consultation-missing",
            "enrolled-already",
            "key-missing",
        }
        assert done == able[stage]

    def test_is_seen_by_nobody_of_another_state(self, life):
        life.draft()
        stranger = life.region.person("MX", "coordinator")
        with pytest.raises(NotVisible):
            services.close_consultation(designation=life.designation, **life.acting(stranger))


class TestOthers:
    @pytest.mark.parametrize("role", ["coordinator", "central-authority", "national-auditor"])
    def test_are_nominated_and_approved_by_officers_alone(self, life, role):
        life.active(roles=[role])
        assert life.stage == "active"
        assert role in directory.chain().person(str(life.row.person), now=life.now).roles

    def test_are_not_drafted_by_a_coordinator(self, life):
        with pytest.raises(Refused, match="drafted-by-another"):
            life.draft(roles=["national-auditor"])

    def test_nor_liaisons_by_an_officer(self, life):
        with pytest.raises(Refused, match="drafted-by-another"):
            life.draft(life.one)
