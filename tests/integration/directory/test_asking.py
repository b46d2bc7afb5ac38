"""A browser that asks to be a device, and the device that answers."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory import notify, queries, services
from casehub.directory.models import Device
from casehub.directory.statements import ChainBroken, as_wire
from tests.factories import stamp

KEYS = {"signature_key": bytes(range(32)), "history_key": bytes(range(1, 33))}


@pytest.fixture
def ana(region):
    """Somebody with a device, in a browser that is none."""
    ana = region.equipped("SV")
    region.session(ana)
    return ana


@pytest.fixture
def elsewhere(region, ana):
    """The same person in their browser that is a device."""
    here = ana.session
    region.session(ana)
    there, ana.session = ana.session, here
    actor = ana.actor
    ana.session = there
    there_actor = ana.actor
    ana.session = here
    assert actor.session != there_actor.session
    return there_actor


@pytest.fixture
def ask(ana, now):
    def call(device=None, at=now, actor=None):
        device = device or str(uuid4())
        return device, services.ask_for_device(
            device=device, actor=actor or ana.actor, now=at, **KEYS
        )

    return call


@pytest.fixture
def naming(region, ana):
    def make(device, **fields):
        keys = {name: to_b64u(key) for name, key in KEYS.items()}
        return region.naming(ana, device=device, **(keys | fields))

    return make


class TestABrowserThatNamesItselfAfterAll:
    def test_is_asked_about_no_more(self, region, ana, elsewhere, ask, now):
        ask()
        named = as_wire(region.naming(ana))
        services.register_device(statement=named, actor=ana.actor, now=now)
        assert [one["answer"] for one in queries.device_requests(elsewhere, now)] == ["replaced"]


class TestAsking:
    def test_makes_no_device(self, ask, recorded):
        with recorded("directory.device.asked"):
            device, _ = ask()
        assert not Device.objects.filter(id=device).exists()

    def test_is_shown_to_the_persons_other_browsers_alone(self, region, ana, elsewhere, ask, now):
        device, asked = ask()
        (shown,) = queries.device_requests(elsewhere, now)
        assert (shown["id"], str(shown["device"]), shown["mine"]) == (asked, device, False)
        assert shown["signature_key"] == to_b64u(KEYS["signature_key"])
        assert queries.device_requests(ana.actor, now)[0]["mine"]
        assert queries.device_requests(region.person("SV").actor, now) == []

    def test_rings_with_the_persons_own_pages_and_so_does_the_answer(
        self, ana, elsewhere, ask, naming, now, monkeypatch
    ):
        rung = []
        monkeypatch.setattr(notify, "ring", lambda group, _: rung.append(group))
        device, asked = ask()
        services.refuse_device(asked=str(asked), actor=elsewhere, now=now)
        device, asked = ask()
        statement = as_wire(naming(device))
        services.name_device(asked=str(asked), statement=statement, actor=elsewhere, now=now)
        assert rung == [f"person.{ana.person}"] * 4

    def test_is_over_after_fifteen_minutes(self, elsewhere, ask, now, naming):
        device, asked = ask()
        later = now + timedelta(minutes=15)
        assert queries.device_requests(elsewhere, later) == []
        with pytest.raises(Refused, match="device-request-over"):
            services.name_device(
                asked=str(asked), statement=as_wire(naming(device)), actor=elsewhere, now=later
            )

    def test_is_one_at_a_time(self, ask, elsewhere, recorded, now):
        ask()
        with recorded(), pytest.raises(Refused, match="device-request-open"):
            ask(actor=elsewhere)
        ask(actor=elsewhere, at=now + timedelta(minutes=15))

    def test_may_be_repeated_by_the_same_browser(self, ask, elsewhere, now):
        """A reload in between asks again, with the same keys or with new ones."""
        device, first = ask()
        assert ask(device)[1] == first
        _, other = ask()
        answers = {row["id"]: row["answer"] for row in queries.device_requests(elsewhere, now)}
        assert answers == {first: "replaced", other: ""}

    @pytest.mark.parametrize("taken", ["a device", "asked for"])
    def test_is_refused_for_an_id_that_is_taken(self, region, ana, ask, recorded, now, taken):
        device = str(ana.device)
        if taken == "asked for":
            device, _ = ask(at=now - timedelta(hours=1))
        with recorded(), pytest.raises(Refused, match="device-known"):
            ask(device)


class TestNaming:
    def test_makes_what_asked_a_device(self, elsewhere, ask, naming, now, recorded):
        device, asked = ask()
        with recorded("directory.device.registered"):
            services.name_device(
                asked=str(asked), statement=as_wire(naming(device)), actor=elsewhere, now=now
            )
        assert Device.objects.get(id=device).revoked_at is None
        assert queries.device_requests(elsewhere, now)[0]["answer"] == "named"

    def test_leaves_the_session_of_who_answers_where_it_was(self, elsewhere, ask, naming, now):
        before = elsewhere.device
        device, asked = ask()
        services.name_device(
            asked=str(asked), statement=as_wire(naming(device)), actor=elsewhere, now=now
        )
        assert elsewhere.device == before != device

    @pytest.mark.parametrize("other", ["signature_key", "history_key", "device"])
    def test_refuses_other_keys_than_were_shown(self, elsewhere, ask, naming, now, other):
        device, asked = ask()
        changed = str(uuid4()) if other == "device" else to_b64u(b"k" * 32)
        statement = naming(**({"device": device} | {other: changed}))
        with pytest.raises(Refused, match="device-not-as-asked"):
            services.name_device(
                asked=str(asked), statement=as_wire(statement), actor=elsewhere, now=now
            )

    def test_refuses_a_signature_that_is_not_the_persons(self, region, ana, elsewhere, ask, now):
        device, asked = ask()
        keys = {name: to_b64u(key) for name, key in KEYS.items()}
        forged = region.naming(ana, by=Ed25519PrivateKey.generate(), device=device, **keys)
        with pytest.raises(ChainBroken):
            services.name_device(
                asked=str(asked), statement=as_wire(forged), actor=elsewhere, now=now
            )

    def test_refuses_what_became_a_device_meanwhile(
        self, region, ana, elsewhere, ask, naming, now, recorded
    ):
        device, asked = ask()
        region.device(ana, device=device)
        with recorded(), pytest.raises(Refused, match="device-known"):
            services.name_device(
                asked=str(asked), statement=as_wire(naming(device)), actor=elsewhere, now=now
            )

    def test_is_nobody_elses_to_do(self, region, ask, naming, now):
        device, asked = ask()
        with pytest.raises(NotVisible):
            services.name_device(
                asked=str(asked),
                statement=as_wire(naming(device)),
                actor=region.person("SV").actor,
                now=now,
            )


class TestRefusing:
    def test_ends_the_request_and_is_told_to_both(self, ana, elsewhere, ask, now, recorded):
        _, asked = ask()
        with recorded("directory.device.refused"):
            services.refuse_device(asked=str(asked), actor=elsewhere, now=now)
        for actor in (ana.actor, elsewhere):
            assert queries.device_requests(actor, now)[0]["answer"] == "refused"

    def test_is_final(self, elsewhere, ask, naming, now):
        device, asked = ask()
        services.refuse_device(asked=str(asked), actor=elsewhere, now=now)
        with pytest.raises(Refused, match="device-request-over"):
            services.name_device(
                asked=str(asked), statement=as_wire(naming(device)), actor=elsewhere, now=now
            )
        with pytest.raises(Refused, match="device-request-over"):
            services.refuse_device(asked=str(asked), actor=elsewhere, now=now)

    def test_is_nobody_elses_to_do(self, region, ask, now):
        _, asked = ask()
        with pytest.raises(NotVisible):
            services.refuse_device(asked=str(asked), actor=region.person("SV").actor, now=now)


class TestRenewing:
    @pytest.fixture
    def renew(self, region, ana, now):
        ends = now + timedelta(days=20)
        region.device(ana, until=stamp(ends))
        Device.objects.filter(id=ana.device).update(until=ends)

        def call(**fields):
            row = Device.objects.get(id=ana.device)
            lasting = queries.as_signed(row.statement).fields
            same = {n: lasting[n] for n in ("device", "serial", "signature_key", "history_key")}
            statement = region.naming(ana, **(same | fields))
            return services.renew_device(
                device=str(row.id), statement=as_wire(statement), actor=ana.actor, now=now
            )

        return call

    def test_moves_the_end_and_keeps_the_keys(self, ana, renew, now, recorded):
        before = bytes(Device.objects.get(id=ana.device).signature_key)
        with recorded("directory.device.renewed"):
            renew()
        row = Device.objects.get(id=ana.device)
        assert row.until > now + timedelta(days=100)
        assert bytes(row.signature_key) == before
        assert queries.as_signed(row.statement).fields["device"] == ana.device

    def test_refuses_other_keys(self, renew, recorded):
        with recorded(), pytest.raises(Refused, match="device-not-as-asked"):
            renew(signature_key=to_b64u(b"k" * 32))

    def test_refuses_a_signature_that_is_not_the_persons(self, ana, renew, recorded):
        until = Device.objects.get(id=ana.device).until
        with recorded(), pytest.raises(ChainBroken):
            renew(by=Ed25519PrivateKey.generate())
        assert Device.objects.get(id=ana.device).until == until

    def test_refuses_what_does_not_end_later(self, renew, now):
        with pytest.raises(Refused, match="device-known"):
            renew(until=stamp(now + timedelta(days=10)))

    def test_refuses_a_device_that_was_revoked(self, ana, renew, now):
        Device.objects.filter(id=ana.device).update(revoked_at=now)
        with pytest.raises(NotVisible):
            renew()


class TestTheList:
    def test_tells_on_which_day_a_device_was_last_used(self, region, ana, now):
        (own,) = queries.devices_of(ana.actor)
        assert own["last_seen"] == now.date()

    def test_tells_nothing_of_one_that_never_signed_in(self, region, ana):
        region.device(ana)
        assert [one["last_seen"] is None for one in queries.devices_of(ana.actor)].count(True) == 1

    def test_tells_a_device_that_was_stopped_itself_from_one_that_ended_with_access(
        self, region, ana, now
    ):
        kept, head = ana.device, region.person("SV", "coordinator")
        lost = region.device(ana)
        services.revoke_device(device=UUID(lost), actor=ana.actor, now=now)
        services.suspend_person(person=ana.id, actor=head.actor, now=now)
        told = {str(one["id"]): one for one in queries.devices_of(ana.actor)}
        assert [one["revoked"] for one in told.values()] == [True, True]
        assert [told[lost]["retired"], told[kept]["retired"]] == [True, False]
