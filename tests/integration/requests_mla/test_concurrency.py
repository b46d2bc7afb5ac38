"""Many at once, on whichever database the tests run: one turn, one next version."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from casehub.core.run import run
from requests_mla import services
from requests_mla.models import Request, Turn, Version
from tests.factories import Region
from tests.integration.messaging.test_concurrency import together
from tests.integration.requests_mla.conftest import DISCLOSED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def region(db, clock, now):
    return Region(now)


@pytest.fixture
def running(now):
    """Return `call(service, act, who, ...)`: what a route does, to be made in a thread."""

    def call(service, act, who, **kwargs):
        return partial(run, service, act=act, actor=who.actor, now=now, **kwargs)

    return call


def codes(answers):
    return sorted(getattr(answer, "code", "done") for answer in answers)


class TestRaces:
    def test_for_the_turn_are_won_by_one(self, draft, ana, bea, running):
        take = partial(running, services.take_turn, "requests.turn.take", request_id=draft.id)
        answers = together([take(who, client_id=uuid4()) for who in (ana, bea)])
        assert codes(answers) == ["done", "turn-taken"]
        assert Turn.objects.filter(ended_at=None).count() == 1

    def test_for_the_next_version_are_won_by_one(self, draft, ana, running):
        draft.take(ana)
        save = partial(
            running,
            services.save_version,
            "requests.version.save",
            ana,
            request_id=draft.id,
            base=0,
            disclosed=DISCLOSED,
        )
        answers = together([save(client_id=uuid4(), body=bytes([n])) for n in range(4)])
        assert codes([a for a in answers if a != 1]) == ["version-behind"] * 3
        assert list(Version.objects.values_list("number", flat=True)) == [1]

    def test_for_the_next_step_are_won_by_one(self, ready, ana, bea, running):
        move = partial(running, services.make_move, "requests.move.make")
        tried = [
            (bea, ready.signed(bea, "authorise")),
            (ana, ready.signed(ana, "withdraw", codes=("no-longer-needed",))),
        ]
        answers = together([move(who, request_id=ready.request, **made) for who, made in tried])
        assert codes(answers) == ["done", "move-behind"]
        assert ready.row.moves.count() == 1

    def test_of_a_retry_with_its_first_try_make_one(self, case, ana, bea, running):
        same = {
            "client_id": uuid4(),
            "case": case,
            "people": [bea.id],
            "requested_state": "MX",
        }
        begin = running(services.open_request, "requests.request.open", ana, **same)
        answers = together([begin] * 4)
        assert len(set(answers)) == 1
        assert Request.objects.count() == 1

    def test_of_a_save_with_being_shut_out_end_one_way_or_the_other(self, draft, ana, bea, running):
        draft.take(bea)
        save = running(
            services.save_version,
            "requests.version.save",
            bea,
            request_id=draft.id,
            client_id=uuid4(),
            base=0,
            body=b"sealed",
            disclosed=DISCLOSED,
        )
        out = running(
            services.remove_reader,
            "requests.reader.remove",
            ana,
            request_id=draft.id,
            person=bea.id,
        )
        saved, removed = together([save, out])
        assert removed is None
        assert Version.objects.count() == (1 if saved == 1 else 0)
        assert draft.shape(ana)["turn"] is None
