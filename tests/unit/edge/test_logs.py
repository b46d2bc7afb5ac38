"""Lines about failed requests name the failure, never the address."""

from __future__ import annotations

import logging

from casehub.edge.logs import WithoutPath


def test_the_path_of_a_failed_request_is_withheld() -> None:
    path = "/api/cases/3f0c9a52-2a62-4c58-a7a7-6a3c6f6f9d01"
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "%s: %s", ("Service Unavailable", path), None
    )
    assert WithoutPath().filter(record)
    assert record.getMessage() == "Service Unavailable: (withheld)"
