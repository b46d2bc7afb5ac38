"""Devices: registered by the identity key's statement, shown with the chain that proves them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.accounts.models import Account, Session, SignIn
from casehub.core.errors import NotVisible, Refused
from casehub.directory import queries, services
from casehub.directory.models import Device, Person, SignedStatement
from casehub.directory.queries import replaying
from casehub.directory.statements import ChainBroken, as_wire


@pytest.fixture
def ana(region):
    ana = region.person("SV")
    region.session(ana)
    return ana


@pytest.fixture
def register(now):
    def call(who, statement):
        return services.register_device(statement=as_wire(statement), actor=who.actor, now=now)

    return call


class TestRegisterDevice:
    def test_keeps_the_statement_and_binds_the_session(self, region, ana, register, recorded):
        statement = region.naming(ana)
        with recorded("directory.device.registered"):
            device = register(ana, statement)
        row = Device.objects.get()
        assert (str(row.id), str(row.person_id)) == (device, ana.person)
        assert bytes(row.statement.body) == statement.body
        assert str(Session.objects.get().device) == device
        assert str(SignIn.objects.get().device) == device

    def test_takes_a_second_device_of_the_same_person(self, region, ana, register):
        devices = {register(ana, region.naming(ana)) for _ in range(2)}
        assert {str(d["id"]) for d in queries.devices_of(ana.actor)} == devices

    def test_refuses_the_device_of_another(self, region, ana, register, recorded):
        other = region.person("SV")
        with recorded(), pytest.raises(Refused, match="device-of-another"):
            register(ana, region.naming(other))

    def test_refuses_it_of_somebody_who_was_stopped_without_a_signature(
        self, region, ana, register, now, recorded
    ):
        region.end(ana, suspended_at=now)
        with recorded(), pytest.raises(ChainBroken) as refused:
            register(ana, region.naming(ana))
        assert refused.value.why == "person-revoked"

    @pytest.mark.parametrize("same", ["everything", "device", "serial"])
    def test_refuses_an_id_or_serial_that_is_known(self, region, ana, register, recorded, same):
        first = region.naming(ana)
        register(ana, first)
        again = first if same == "everything" else region.naming(ana, **{same: first.fields[same]})
        with recorded(), pytest.raises(Refused, match="device-known"):
            register(ana, again)
        assert Device.objects.count() == 1

    #  the statement, why it does not lead back
    BROKEN = [
        (lambda r, a: r.naming(a, by=Ed25519PrivateKey.generate()), "device-unsigned"),
        (lambda r, a: r.naming(a, by=r.seat("SV").coordinator.key), "device-unsigned"),
        (lambda r, a: r.naming(a, state="MX"), "no-root"),
        (lambda r, a: r.naming(a, until="2026-11-24T15:00:00Z"), "term"),
        (lambda r, a: r.naming(a, issued="2026-11-20T15:00:00Z"), "issued-late"),
        (lambda r, a: r.naming(a, **{"from": "2026-11-24T15:00:01Z"}), "device-not-yet"),
        (lambda r, a: r.naming(a, signature_key="AA"), "malformed"),
        (lambda r, a: r.naming(a, extra=1), "malformed"),
        (lambda r, a: r.binding(a, r.designation(a, []), [a.key]), "malformed"),
    ]

    @pytest.mark.parametrize(("broken", "why"), BROKEN)
    def test_refuses_a_statement_that_does_not_lead_back(
        self, region, ana, register, recorded, broken, why
    ):
        with recorded(), pytest.raises(ChainBroken) as refused:
            register(ana, broken(region, ana))
        assert refused.value.params == {"why": why}
        assert not Device.objects.exists()

    def test_refuses_a_person_whom_nobody_bound(self, region, ana, register, recorded):
        SignedStatement.objects.filter(person=ana.person, type="binding").delete()
        with recorded(), pytest.raises(ChainBroken) as refused:
            register(ana, region.naming(ana))
        assert refused.value.params == {"why": "no-binding"}

    def test_trusts_the_pinned_roots_and_no_row(self, region, ana, register, monkeypatch):
        monkeypatch.setattr(replaying, "roots", lambda: {"SV": bytes(32)})
        with pytest.raises(ChainBroken):
            register(ana, region.naming(ana))


class TestSelectDevice:
    @pytest.fixture
    def select(self, now):
        def call(who, device):
            return services.select_device(device=str(device), actor=who.actor, now=now)

        return call

    def test_lets_a_session_work_as_it(self, region, ana, select, recorded):
        device = region.device(ana)
        with recorded("directory.device.selected"):
            select(ana, device)
        assert str(Session.objects.get().device) == device

    @pytest.mark.parametrize("flaw", ["another's", "unknown", "revoked", "over"])
    def test_hides_what_is_not_ones_own_or_not_in_force(
        self, region, ana, select, recorded, now, flaw
    ):
        device = region.device(region.person("SV") if flaw == "another's" else ana)
        if flaw == "unknown":
            device = uuid4()
        if flaw == "revoked":
            Device.objects.update(revoked_at=now)
        if flaw == "over":
            Device.objects.update(until=now)
        with recorded(), pytest.raises(NotVisible):
            select(ana, device)
        assert Session.objects.get().device is None


class TestPeople:
    def test_in_force_stand_behind_their_account(self, region, ana):
        actor = queries.actor_behind(account=ana.account, session="s", device="d")
        assert (actor.id, actor.state, actor.roles) == (ana.person, "SV", {"liaison"})
        assert (actor.session, actor.device) == ("s", "d")

    @pytest.mark.parametrize(("change", "ago"), [("suspended_at", 0), ("valid_until", 7)])
    def test_not_in_force_stand_behind_nothing(self, region, ana, now, change, ago):
        Person.objects.filter(id=ana.person).update(**{change: now - timedelta(days=ago)})
        assert queries.actor_behind(account=ana.account, session="", device=None) is None
        assert queries.people_with([ana.id], roles=frozenset({"liaison"})) == {}

    def test_count_no_longer_once_they_have_closed_their_account(self, region, ana):
        region.device(ana)
        Account.objects.filter(id=ana.account).update(is_active=False)
        assert queries.actor_behind(account=ana.account, session="", device=None) is None
        assert queries.people_with([ana.id], roles=frozenset({"liaison"})) == {}
        assert queries.active_devices([ana.id]) == []

    def test_count_without_an_account_too(self, region, ana):
        Person.objects.filter(id=ana.person).update(account=None)
        assert set(queries.people_with([ana.id], roles=frozenset({"liaison"}))) == {ana.id}

    def test_have_only_devices_in_force(self, region, ana, now):
        kept = region.device(ana)
        for change in ({"revoked_at": now}, {"until": now}):
            Device.objects.filter(id=region.device(ana)).update(**change)
        assert [d.id for d in queries.active_devices([ana.id])] == [UUID(kept)]
        Person.objects.update(suspended_at=now)
        assert queries.active_devices([ana.id]) == []
