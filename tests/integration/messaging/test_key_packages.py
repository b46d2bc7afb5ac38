"""Key packages: left by a device, claimed once by whoever adds it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from casehub.core.errors import NotVisible, Refused
from casehub.directory.models import Device
from messaging import policies, queries, services
from messaging.errors import MlsRefused
from messaging.models import KeyPackage
from tests.integration.messaging.conftest import VECTORS, raw

PACKAGE = {name: raw(device["key_package"]) for name, device in VECTORS["devices"].items()}


def publish(story, name="ben", packages=(), last_resort=None, now=None):
    return services.publish_key_packages(
        packages=list(packages),
        last_resort=last_resort,
        actor=story.people[name].actor,
        now=now or story.region.now,
    )


def claim(story, *devices, by="ana"):
    return services.claim_key_packages(
        thread=story.thread,
        devices=[UUID(story.people[d].device) if isinstance(d, str) else d for d in devices],
        actor=story.people[by].actor,
        now=story.region.now,
    )


def leave(region, who, *, last_resort=False, body=None):
    """Leave a package that is no MLS: claiming does not look inside."""
    return KeyPackage.objects.create(
        device_id=who.device,
        ref=uuid4().bytes,
        body=body or uuid4().bytes,
        last_resort=last_resort,
        not_after=region.now + timedelta(days=1),
        act=0,
    )


class TestPublish:
    def test_counts_what_waits_to_be_claimed(self, story, recorded, now):
        with recorded("messaging.key-packages.published"):
            assert publish(story, packages=[PACKAGE["ben"]]) == 1
        device = Device.objects.get(id=story.ben.device)
        assert queries.stock_of(device, now) == {"available": 1, "last_resort": False}

    def test_passes_over_what_is_known_so_that_a_retry_is_safe(self, story):
        for _ in range(2):
            assert publish(story, packages=[PACKAGE["ben"], PACKAGE["ben"]]) == 1

    def test_does_not_bring_back_what_was_claimed(self, story):
        publish(story, packages=[PACKAGE["ben"]])
        claim(story, "ben")
        assert publish(story, packages=[PACKAGE["ben"]]) == 0

    def test_keeps_the_last_resort_when_its_publication_is_retried(self, story, now):
        device = Device.objects.get(id=story.ben.device)
        for _ in range(2):
            publish(story, last_resort=PACKAGE["ben"])
            assert queries.stock_of(device, now) == {"available": 0, "last_resort": True}

    def test_puts_a_new_last_resort_in_the_place_of_the_old(self, region, story):
        old = leave(region, story.ben, last_resort=True)
        publish(story, last_resort=PACKAGE["ben"])
        kept = KeyPackage.objects.get(device_id=story.ben.device, claimed_at=None)
        assert (kept.id != old.id, kept.last_resort) == (True, True)

    def test_takes_a_bounded_number(self, region, story, recorded):
        for _ in range(policies.MOST_PACKAGES):
            leave(region, story.ben)
        with recorded(), pytest.raises(Refused, match="too-many-key-packages"):
            publish(story, packages=[PACKAGE["ben"]])

    #  bytes                                        seconds later   why not
    BAD = [
        (PACKAGE["ben"][:-1] + b"\0", 0, "key-package-forged"),
        (PACKAGE["ben"][:-1], 0, "bytes-truncated"),
        (PACKAGE["ben"], 40 * 86400, "key-package-expired"),
        (PACKAGE["ben"], -2 * 3600, "key-package-not-yet"),
        (PACKAGE["cam"], 0, "sender-not-you"),
        (b"", 0, "bytes-truncated"),
    ]

    @pytest.mark.parametrize(("body", "later", "why"), BAD, ids=[f"{b[2]}-{b[1]}" for b in BAD])
    def test_keeps_none_if_one_is_bad(self, story, recorded, clock, now, body, later, why):
        at = now + timedelta(seconds=later)
        with recorded(), pytest.raises(MlsRefused) as refused:
            publish(story, packages=[PACKAGE["ben"], body], now=at)
        assert refused.value.params == {"why": why}
        assert not KeyPackage.objects.exists()

    def test_refuses_a_device_that_the_directory_knows_otherwise(self, story, recorded):
        Device.objects.filter(id=story.ben.device).update(signature_key=bytes(32))
        with recorded(), pytest.raises(MlsRefused) as refused:
            publish(story, packages=[PACKAGE["ben"]])
        assert refused.value.params == {"why": "credential-unknown"}

    @pytest.mark.parametrize("flaw", ["none", "revoked", "another's"])
    def test_needs_a_device_in_force_of_ones_own(self, story, recorded, now, flaw):
        if flaw == "none":
            story.ben.device = None
        elif flaw == "revoked":
            Device.objects.filter(id=story.ben.device).update(revoked_at=now)
        else:
            story.ben.device = story.cam.device
        with recorded(), pytest.raises(Refused, match="device-needed"):
            publish(story, packages=[])


class TestClaim:
    def test_takes_one_of_each_device_and_none_twice(self, region, story, recorded):
        publish(story, packages=[PACKAGE["ben"]])
        with recorded("messaging.key-packages.claimed"):
            found = claim(story, "ben", "cam")
        assert {str(d): p for d, p in found.items()} == {
            story.ben.device: PACKAGE["ben"],
            story.cam.device: None,
        }
        assert set(claim(story, "ben").values()) == {None}

    def test_takes_the_oldest_first_and_the_last_resort_last_and_forever(self, region, story):
        resort = leave(region, story.ben, last_resort=True, body=b"resort")
        for body in (b"one", b"two"):
            leave(region, story.ben, body=body)
        taken = [next(iter(claim(story, "ben").values())) for _ in range(4)]
        assert taken == [b"one", b"two", b"resort", b"resort"]
        resort.refresh_from_db()
        assert resort.claimed_at is None

    def test_passes_over_what_has_expired(self, region, story, now):
        leave(region, story.ben)
        KeyPackage.objects.update(not_after=now)
        assert set(claim(story, "ben").values()) == {None}

    def test_hides_devices_of_people_who_do_not_read_the_thread(self, region, story, recorded):
        outsider = region.equipped("SV")
        for device in (UUID(outsider.device), uuid4()):
            with recorded(), pytest.raises(NotVisible):
                claim(story, device)

    def test_hides_the_thread_from_an_outsider(self, region, story, recorded):
        story.people["fred"] = region.equipped("SV")
        with recorded(), pytest.raises(NotVisible):
            claim(story, "ben", by="fred")

    def test_refuses_a_device_that_is_in_already_and_ones_own(self, story, recorded):
        story.play(1)
        for name in ("ben", "ana"):
            with recorded(), pytest.raises(Refused, match="device-already-in-group"):
                claim(story, name)

    def test_loses_nothing_when_it_is_refused(self, region, story):
        leave(region, story.dan)
        story.play(1)
        with pytest.raises(Refused):
            claim(story, "dan", "ben")
        assert KeyPackage.objects.filter(claimed_at=None).count() == 1
