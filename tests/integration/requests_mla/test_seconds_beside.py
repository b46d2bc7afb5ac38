"""A proposed step beside what else there is: ids, looks, and who is named as the second hand."""

from __future__ import annotations

import pytest

from audit import queries as log
from casehub.core.errors import Refused
from requests_mla import queries, services
from requests_mla.models import Move
from tests.integration.requests_mla.conftest import equipped

pytestmark = pytest.mark.django_db
MADE = {"measures": (0, 1)}


@pytest.fixture
def running(led):
    """The request in execution: two accounts are asked for."""
    return led("authorise", "transmit", "acknowledge", "begin")


def test_has_an_id_that_is_no_step_s(running, mario, nadia, recorded):
    """Once it is confirmed both would be steps of one person's under one id."""
    made = running.signed(mario, "execute", **MADE)
    used = Move.objects.get(act="begin")
    assert used.person_id == mario.id
    with recorded(), pytest.raises(Refused, match="id-reused"):
        running.propose(mario.actor, made | {"client_id": used.client_id})
    running.propose(mario.actor, made)
    running.confirm(nadia)


def test_is_looked_at_in_the_log_of_its_state_alone(running, mario, nadia, sofia, now):
    def looked(who):
        services.read_dossier(request_id=running.request, actor=who.actor, now=now)
        return log.payloads_of("requests.dossier.read")[-1]["states"]

    both = ["MX", "SV"]
    assert [looked(nadia), looked(sofia)] == [both, both]
    running.propose(mario.actor, running.signed(mario, "execute", **MADE))
    assert [looked(nadia), looked(sofia)] == [["MX"], both]
    running.decline(nadia, "not-done")
    assert looked(nadia) == ["MX"]
    running.propose(mario.actor, running.signed(mario, "execute", **MADE))
    running.confirm(nadia)
    assert looked(nadia) == both


def test_names_no_coordinator_without_a_device(region, running, mario, nadia):
    equipped_one, bare = equipped(region, "MX", "coordinator"), region.person("MX", "coordinator")
    for who, name in ((equipped_one, "Elena Soto"), (bare, "Rosa Paz")):
        region.end(who, name=name)
    running.propose(mario.actor, running.signed(mario, "execute", **MADE))
    shape = queries.dossier_shape_for(nadia.actor, running.request)
    hands = {one["person"] for one in shape["hands"]}
    assert (equipped_one.person in hands, bare.person in hands) == (True, False)
