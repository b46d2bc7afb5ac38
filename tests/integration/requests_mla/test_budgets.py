"""How much one person may store, by day and by request; nothing is removed to make room."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.core.errors import Refused
from requests_mla import limits
from requests_mla.errors import VersionDayFull
from requests_mla.models import Version

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Ten bytes a day, twenty-five a request."""
    monkeypatch.setattr(limits, "DAY_BYTES", 10)
    monkeypatch.setattr(limits, "SHARE_BYTES", 25)


@pytest.fixture(autouse=True)
def _turn(draft, ana):
    draft.take(ana)


def later(draft, by, at):
    draft.take(by, at=at)
    return at


class TestDay:
    def test_takes_a_version_that_just_fits_and_no_byte_more(self, draft, ana, recorded):
        draft.save(ana, body=b"1234567")
        draft.save(ana, body=b"890")
        with recorded(), pytest.raises(VersionDayFull):
            draft.save(ana, body=b"x")
        assert Version.objects.count() == 2

    def test_counts_all_requests_of_a_person(self, draft, opened, ana):
        draft.save(ana, body=b"1234567")
        other = opened()
        other.take(ana)
        with pytest.raises(VersionDayFull):
            other.save(ana, body=b"8901")

    def test_is_each_persons_own(self, draft, ana, bea, now):
        draft.save(ana, body=b"1234567890")
        at = later(draft, bea, now + timedelta(minutes=6))
        assert draft.save(bea, body=b"1234567890", at=at) == 2

    def test_frees_what_is_older_than_a_day_and_says_when(self, draft, ana, now):
        draft.save(ana, body=b"12345")
        at = later(draft, ana, now + timedelta(hours=6))
        draft.save(ana, body=b"67890", at=at)
        with pytest.raises(VersionDayFull) as refused:
            draft.save(ana, body=b"12345", at=at + timedelta(seconds=30))
        assert refused.value.params == {"minutes": 18 * 60}
        at = later(draft, ana, now + DAY)
        assert draft.save(ana, body=b"12345", at=at) == 3

    def test_answers_a_retry_of_what_is_kept(self, draft, ana, recorded):
        same = {"client_id": uuid4(), "base": 0, "body": b"1234567890"}
        draft.save(ana, **same)
        with recorded():
            assert draft.save(ana, **same) == 1


class TestShareOfARequest:
    @pytest.fixture
    def full(self, draft, ana, now):
        """Return the moment at which Ana has stored 25 bytes in the draft, ten at most a day."""
        for day, body in enumerate([b"1234567890", b"1234567890", b"12345"]):
            at = later(draft, ana, now + day * DAY)
            draft.save(ana, body=body, at=at)
        return later(draft, ana, now + 9 * DAY)

    def test_does_not_come_back_with_time(self, draft, ana, full, recorded):
        with recorded(), pytest.raises(Refused, match="version-share-full"):
            draft.save(ana, body=b"x", at=full)

    def test_leaves_a_co_drafter_theirs(self, draft, bea, full):
        at = later(draft, bea, full + timedelta(minutes=6))
        assert draft.save(bea, body=b"1234567890", at=at) == 4

    def test_is_of_one_request(self, opened, ana, full):
        other = opened()
        other.take(ana, at=full)
        assert other.save(ana, body=b"x", at=full) == 1
