"""Two processes that come at once, on whichever database the tests run: one e-mail."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from audit.models import AuditEvent
from casehub.digests import limits, services, sweeping
from casehub.digests.models import Mail
from tests.factories import Region
from tests.integration.messaging.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)

DUE = datetime(2026, 11, 25, 14, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def region(db, clock, now):
    return Region(now)


def test_of_four_that_claim_a_day_one_has_it(waiting):
    found = together([partial(services.hand_mail, person=waiting.id, now=DUE)] * 4)
    assert sum(one is not None for one in found) == 1
    assert Mail.objects.count() == 1
    assert AuditEvent.objects.filter(kind="digests.mail.handed").count() == 1


def test_of_four_rounds_one_sends(waiting, post):
    assert sum(together([partial(sweeping.sweep, DUE)] * 4)) == 1
    assert len(post.bodies) == 1


def test_of_four_that_try_again_one_does(waiting, post):
    post.answers["RCPT"] = ["451 later", "250 ok"]
    sweeping.sweep(DUE)
    assert sum(together([partial(sweeping.sweep, DUE + limits.APART)] * 4)) == 1
    assert len(post.bodies) == 1
    assert Mail.objects.get().attempt == 2
