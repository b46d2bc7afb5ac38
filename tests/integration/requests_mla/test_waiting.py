"""Somebody is shut out while an act of theirs waits for its turn: the act sees it."""

from __future__ import annotations

import pytest

from casehub.cases import queries as cases
from casehub.cases.models import CaseMember, Reader
from casehub.core.errors import NotVisible
from requests_mla.models import Attestation, Move, Turn, Version
from tests.integration.requests_mla.moving import USUAL, Mover


@pytest.fixture
def meanwhile(monkeypatch):
    """Return `meanwhile(name, change)`: make `change` while `cases.name` waits for its lock."""

    def arrange(name, change):
        waits = getattr(cases, name)

        def waiting(what):
            waits(what)
            change()

        monkeypatch.setattr(cases, name, waiting)

    return arrange


class TestShutOutOfTheDraftMeanwhile:
    ACTS = [
        lambda draft, bea: draft.take(bea),
        lambda draft, bea: draft.save(bea),
        lambda draft, bea: draft.attest(bea, ready=True),
        lambda draft, bea: Mover(draft.id, draft.now).move(bea, "withdraw", **USUAL["withdraw"]),
    ]

    @pytest.mark.parametrize("act", ACTS, ids=["take", "save", "attest", "move"])
    def test_changes_nothing_more_in_it(
        self, region, draft, ana, bea, meanwhile, recorded, now, act
    ):
        region.session(bea)
        draft.take(bea)
        draft.save(bea)
        place = Reader.objects.filter(circle_id=draft.circle, person_id=bea.id)
        meanwhile("hold", lambda: place.update(until=now))
        with recorded(), pytest.raises(NotVisible):
            act(draft, bea)
        found = [model.objects.count() for model in (Turn, Version, Attestation, Move)]
        assert found == [1, 1, 0, 0]


class TestShutOutOfTheCaseMeanwhile:
    def test_begins_no_draft_in_it(self, opened, case, bea, meanwhile, recorded, now):
        place = CaseMember.objects.filter(case=case, person_id=bea.id)
        meanwhile("hold_case", lambda: place.update(removed_at=now))
        with recorded(), pytest.raises(NotVisible):
            opened(by=bea)
