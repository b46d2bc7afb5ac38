"""An auditor at a desk, for tests of the console."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client

from casehub.core.rates import buckets
from tests.integration.audit.conftest import *  # noqa: F403 - its fixtures
from tests.integration.oversight.made import shown


class Desk:
    """An auditor of SV at work, and the log that they read."""

    def __init__(self, bench, region):
        self.bench, self.region = bench, region
        self.auditor = region.person("SV", "national-auditor")
        self.client = self.sit(self.auditor)

    def sit(self, who):
        """Return the browser of somebody signed in."""
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.region.session(who)
        return client

    def sequence(self):
        """Let everything have its place, signed and published."""
        one = self.bench.sequencer()
        one.tick()
        one.close()

    def move(self, clock, by):
        """Let time pass, with nothing left unsigned; the auditor signs in anew."""
        self.sequence()
        clock.shift(by)
        self.bench.now = self.region.now = self.region.now + by
        self.client = self.sit(self.auditor)

    def get(self, path, *, client=None, **query):
        buckets.clear()
        return (client or self.client).get(f"/api/oversight/{path}", query)

    def post(self, path, body=None, *, client=None):
        buckets.clear()
        if body is None and path.endswith("/agree"):
            body = {"digest": shown(path)}
        return (client or self.client).post(
            f"/api/oversight/{path}", json.dumps(body or {}), content_type="application/json"
        )

    def ask(self, **asked):
        """Return the answer to a query."""
        answer = self.post("queries", asked)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def kinds(self, **asked):
        return [row["kind"] for row in self.ask(**asked)["entries"]]

    def exported(self, query, form):
        """Return an export's file, put together from its pieces."""
        made = self.post(f"queries/{query}/exports", {"format": form}).json()
        text, after = "", ""
        while after is not None:
            piece = self.get(f"exports/{made['export']}/pieces", after=after).json()
            text, after = text + piece["text"], piece["next"]
        return made, text


@pytest.fixture
def desk(bench, region):
    return Desk(bench, region)
