"""An objection is not shed by rejecting what it was about and beginning anew."""

from __future__ import annotations

import pytest

from casehub.designations import services
from tests.integration.designations.test_binding import much_later, renew
from tests.integration.designations.test_consulting import looked_at

pytestmark = pytest.mark.django_db


class TestAnObjection:
    def test_is_shown_at_another_draft_of_the_same_name(self, life):
        life.draft()
        life.answer(life.ask("police"), "objection")
        acting = life.acting(life.coordinator)
        services.reject_designation(designation=life.designation, reason="other", **acting)
        life.draft()
        (shown,) = looked_at(life)["objected_before"]
        assert shown["agency"] == "police"

    def test_is_shown_at_another_renewal(self, life):
        life.active()
        roles = ["coordinator", "liaison"]
        renew(much_later(life), roles=roles)
        life.answer(life.ask("police"), "objection")
        old, acting = life.row.renews_id, life.acting(life.coordinator)
        services.reject_designation(designation=life.designation, reason="other", **acting)
        life.designation = services.renew_designation(
            designation=old, said=life.said(roles=roles), rekey=False, **acting
        )
        (shown,) = looked_at(life)["objected_before"]
        assert shown["agency"] == "police"
