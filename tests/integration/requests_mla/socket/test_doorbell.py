"""The readers of a draft hear that its request changed: which, and nothing more."""

from __future__ import annotations

from uuid import uuid4

import pytest

from requests_mla import markers, services
from tests.integration.messaging.socket.conftest import in_database

pytestmark = pytest.mark.django_db(transaction=True)


def doing(service, draft, by, **kwargs):
    return service(request_id=draft.id, actor=by.actor, now=draft.now, **kwargs)


#  what happens, by Ana
CHANGES = {
    "the turn is taken": lambda draft, ana, bea: draft.take(ana),
    "the turn is renewed": lambda draft, ana, bea: doing(markers.renew_turn, draft, ana),
    "a version is saved": lambda draft, ana, bea: draft.save(ana),
    "a version is attested": lambda draft, ana, bea: draft.attest(ana),
    "the turn is given back": lambda draft, ana, bea: doing(services.give_back_turn, draft, ana),
    "a reader is shut out": lambda draft, ana, bea: doing(
        services.remove_reader, draft, ana, person=bea.id
    ),
    "a reader is let in": lambda draft, ana, bea: doing(
        services.add_reader, draft, ana, person=bea.id, client_id=uuid4()
    ),
}


class TestDoorbell:
    async def test_rings_for_every_change_and_every_reader(
        self, ana, bea, boris, listening, opened
    ):
        mine, hers, theirs = await listening(ana), await listening(bea), await listening(boris)
        draft = await in_database(opened)(bea)
        told = {"type": "request", "request": str(draft.id)}
        for tab in (mine, hers):
            assert await tab.hear("request") == told
        for change in CHANGES.values():
            await in_database(change)(draft, ana, bea)
            for tab in (mine, hers):
                assert await tab.hear("request") == told
        assert set(await theirs.kinds_until_silence()) <= {"heads", "joined"}

    async def test_tells_new_readers_to_fetch_the_case_too(self, ana, bea, listening, opened):
        tab = await listening(bea)
        await in_database(opened)(bea)
        assert {"joined", "request"} <= set(await tab.kinds_until_silence())

    async def test_is_silent_about_what_was_refused(self, ana, bea, listening, opened):
        draft = await in_database(opened)(bea)
        tab = await listening(bea)
        with pytest.raises(Exception, match="turn-needed"):
            await in_database(draft.save)(ana)
        assert "request" not in await tab.kinds_until_silence()
