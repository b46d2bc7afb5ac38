"""Lines about failed requests name the failure, never the address."""

from __future__ import annotations

import json
import logging
import sys

from casehub.edge.logs import AsJson, WithoutPath


def test_the_path_of_a_failed_request_is_withheld() -> None:
    path = "/api/cases/3f0c9a52-2a62-4c58-a7a7-6a3c6f6f9d01"
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "%s: %s", ("Service Unavailable", path), None
    )
    assert WithoutPath().filter(record)
    assert record.getMessage() == "Service Unavailable: (withheld)"


class TestALineForPrograms:
    def test_is_one_object_with_what_failed_in_it(self) -> None:
        try:
            int("on\npurpose")
        except ValueError:
            reason = sys.exc_info()
        record = logging.LogRecord(
            "casehub.rounds", logging.ERROR, "", 0, "a round was %s", ("not finished",), reason
        )
        line = AsJson().format(record)
        assert "\n" not in line
        told = json.loads(line)
        assert told.pop("time").endswith("Z")
        assert "ValueError: invalid literal" in told.pop("error")
        assert told == {
            "level": "ERROR",
            "logger": "casehub.rounds",
            "message": "a round was not finished",
        }
