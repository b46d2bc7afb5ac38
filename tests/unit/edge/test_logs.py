"""Lines about failed requests name the failure, never the address."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.db import IntegrityError, OperationalError
from psycopg.errors import UniqueViolation

from casehub.core.storage import refused_by
from casehub.edge.logs import AsJson, Withholding, WithoutPath


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
        error = told.pop("error")
        assert error.startswith("Traceback ")
        assert "test_logs.py" in error
        assert error.endswith("ValueError")
        assert told == {
            "level": "ERROR",
            "logger": "casehub.rounds",
            "message": "a round was not finished",
        }


SENT = "juez@example.org"


def refuse() -> None:
    """Refuse a row as PostgreSQL does, by way of Django."""
    why = UniqueViolation(f"DETAIL: Key (email)=({SENT}) already exists.")
    raise IntegrityError(str(why)) from why


def failed() -> BaseException:
    """Return a failure of the database in the wake of which another came."""
    try:
        try:
            refuse()
        except IntegrityError as error:
            raise ExceptionGroup(SENT, [error, ValueError(SENT)]) from error
    except ExceptionGroup as group:
        return group


@pytest.mark.parametrize("formatter", [AsJson(), Withholding("%(message)s")])
class TestAFailure:
    def line(self, formatter, said, *args, name="casehub.rounds", error=None):
        reason = None if error is None else (type(error), error, error.__traceback__)
        return formatter.format(logging.LogRecord(name, logging.ERROR, "", 0, said, args, reason))

    def test_is_told_by_name_number_and_place_never_in_its_own_words(self, formatter) -> None:
        line = self.line(formatter, "a round was not finished", error=failed())
        assert SENT not in line
        assert "IntegrityError 23505" in line
        assert "ExceptionGroup" in line
        assert "ValueError" in line
        assert "in failed" in line

    def test_is_told_by_name_where_it_stands_in_a_sentence(self, formatter) -> None:
        error = failed().__cause__
        line = self.line(formatter, "Exception inside application: %s", error, error=error)
        assert SENT not in line
        assert "application: IntegrityError 23505" in line

    def test_of_a_task_that_nobody_waited_for_is_told_without_the_task(self, formatter) -> None:
        said = f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{SENT}')>"
        line = self.line(formatter, said, name="asyncio", error=failed())
        assert SENT not in line
        assert "never retrieved" in line


def test_what_was_not_stored_is_told_by_name_alone(caplog) -> None:
    error = OperationalError(f"DETAIL: ({SENT})")
    with caplog.at_level(logging.ERROR):
        refused_by(error)
    assert caplog.messages == ["try-again: OperationalError"]
