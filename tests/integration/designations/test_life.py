"""The way from a draft to somebody whose key counts: each step one act, none left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from casehub.core import doorbell
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.designations import services
from casehub.designations.queries import standing
from casehub.directory import queries as directory
from casehub.directory.models import Notice, SignedStatement
from tests.integration.designations.lives import Life


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

    def test_rings_at_every_step_with_those_who_look_after_it(self, life, monkeypatch):
        rung = set()
        monkeypatch.setattr(doorbell, "ring", lambda group, _: rung.add(group))
        concerned = {f"person.{one.person}" for one in (life.coordinator, life.one, life.two)}
        steps = {
            "draft": life.draft,
            "ask": lambda: setattr(life, "asked", life.ask()),
            "answer": lambda: life.answer(life.asked),
            "close": life.close,
            "nominate": life.nominate,
            "approve": lambda: life.approve(life.one),
            "complete": lambda: life.approve(life.two),
            "code": lambda: setattr(life, "written", life.code()),
            "enrol": lambda: life.enrol(life.written),
            "offer": life.offer,
            "bind": life.bind,
        }
        silent = set()
        for step, act in steps.items():
            rung.clear()
            act()
            if not concerned <= rung:
                silent.add(step)
        assert silent == set()
        assert f"person.{life.row.person}" in rung

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


class TestAnAct:
    """The acts under which somebody puts their hand, from where they are done, and by whom."""

    HANDS = {
        "nominate": ("consulted", lambda life: life.nominate()),
        "approve": ("nominated", lambda life: life.approve(life.one)),
        "make a code": ("approved", lambda life: life.code()),
        "bind": ("enrolled", lambda life: life.bind()),
        "reinstate": (
            "active",
            lambda life: life.reinstate(life.coordinator, life.reinstatement(life.coordinator)),
        ),
        "confirm the directory": (
            "draft",
            lambda life: services.confirm_standing(
                digest=standing.list_of("SV", life.now)[1], **life.acting(life.coordinator)
            ),
        ),
    }

    @pytest.mark.parametrize("act", HANDS)
    def test_that_somebody_signs_or_answers_for_asks_for_a_fresh_proof(
        self, life, act, monkeypatch
    ):
        stage, do = self.HANDS[act]
        getattr(life, stage)()
        if act == "reinstate":
            life.suspend()
        fresh = life.acting
        later = {"now": life.now + timedelta(minutes=6)}
        monkeypatch.setattr(life, "acting", lambda who: fresh(who) | later)
        assert tried(lambda: do(life)) == "step-up-needed"

    def test_of_a_consultation_is_of_whoever_drafts(self, life):
        life.draft()
        asked = life.ask()
        for act in (
            lambda: life.ask("interior", by=life.one),
            lambda: life.answer(asked, by=life.one),
            lambda: life.close(life.one),
        ):
            assert tried(act) == "drafted-by-another"

    def test_names_a_serial_that_no_other_designation_has(self, life):
        other = Life(life.region).nominated(name="Beto Díaz")
        life.consulted()
        serial = str(other.row.serial)
        assert tried(lambda: life.nominate(serial=serial)) == "serial-known"

    @pytest.mark.parametrize("act", ["nominate", "bind", "reinstate"])
    def test_under_a_signature_that_is_not_good_is_none(self, life, act):
        stage = {"nominate": "consulted", "bind": "enrolled", "reinstate": "active"}[act]
        getattr(life, stage)()
        if act == "reinstate":
            life.suspend()
        made = {"nominate": life.nomination, "bind": life.binding, "reinstate": life.reinstatement}
        (hand,) = (statement := made[act](life.coordinator))["signatures"]
        forged = statement | {"signatures": [hand | {"signature": to_b64u(bytes(64))}]}
        acting = life.acting(life.coordinator) | {"statement": forged}
        if act == "reinstate":
            acting["person"] = life.row.person
        else:
            acting["designation"] = life.designation
        assert tried(lambda: getattr(services, act)(**acting)) == "signature-refused"


class TestOthers:
    @pytest.mark.parametrize("role", ["central-authority", "national-auditor"])
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
