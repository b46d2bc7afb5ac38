"""A stop beside the naming of a device: whichever comes first, the device is over."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from casehub.core.frames import to_b64u
from casehub.directory import queries, services
from casehub.directory.models import Device, Person
from casehub.directory.services import devices
from casehub.directory.statements import ChainBroken, as_wire
from tests.factories import stamp

KEYS = {"signature_key": bytes(range(32)), "history_key": bytes(range(1, 33))}


@pytest.fixture
def ana(transactional_db, region):
    if connection.vendor != "postgresql":
        pytest.skip("several processes write on PostgreSQL alone")
    ana = region.equipped("SV")
    region.session(ana)
    return ana


@pytest.fixture
def stop(region, ana, now):
    by = region.person("SV", "national-auditor").actor

    def go():
        try:
            services.suspend_person(person=ana.id, reason="device-lost", actor=by, now=now)
        finally:
            connection.close()

    return threading.Thread(target=go)


def registered(region, ana, now):
    statement = as_wire(region.naming(ana))
    return lambda: services.register_device(statement=statement, actor=ana.actor, now=now)


def named(region, ana, now):
    device = str(uuid4())
    asked = services.ask_for_device(device=device, actor=ana.actor, now=now, **KEYS)
    keys = {name: to_b64u(key) for name, key in KEYS.items()}
    statement = as_wire(region.naming(ana, device=device, **keys))
    return lambda: services.name_device(
        asked=str(asked), statement=statement, actor=ana.actor, now=now
    )


def renewed(region, ana, now):
    ends = now + timedelta(days=20)
    region.device(ana, until=stamp(ends))
    with transaction.atomic():
        region.event(Device)
        Device.objects.filter(id=ana.device).update(until=ends)
    before = queries.as_signed(Device.objects.get(id=ana.device).statement).fields
    same = {n: before[n] for n in ("device", "serial", "signature_key", "history_key")}
    statement, device = as_wire(region.naming(ana, **same)), ana.device
    return lambda: services.renew_device(
        device=device, statement=statement, actor=ana.actor, now=now
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("naming", [registered, named, renewed])
class TestAStopBesideTheNamingOfADevice:
    def test_ends_the_device_if_it_comes_after(self, region, ana, stop, now, monkeypatch, naming):
        act = naming(region, ana, now)
        real = devices.keep_statement

        def beside(*args, **kwargs):
            stop.start()
            stop.join(2)  # it is held back until the naming is written
            return real(*args, **kwargs)

        monkeypatch.setattr(devices, "keep_statement", beside)
        device = act()
        stop.join()
        assert Person.objects.get(id=ana.id).suspended_at == now
        assert Device.objects.get(id=device).revoked_at == now

    def test_refuses_it_if_it_comes_before(self, region, ana, stop, now, monkeypatch, naming):
        act = naming(region, ana, now)
        real = devices.held_person

        def beside(person):
            stop.start()
            stop.join()
            return real(person)

        monkeypatch.setattr(devices, "held_person", beside)
        with pytest.raises(ChainBroken) as refused:
            act()
        assert refused.value.why == "person-revoked"
        assert not Device.objects.filter(person=ana.id, revoked_at=None).exists()
