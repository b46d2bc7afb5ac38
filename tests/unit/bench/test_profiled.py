"""Whose a share of the writer's time is."""

from __future__ import annotations

import pytest

from bench.costs.profiled import (
    DATABASE,
    DRIVER,
    MODELS,
    OWN,
    REST,
    SEALED,
    SIGNED,
    kind_of,
    shares,
    with_log,
)

HERE = "/x/site-packages"
OURS = ("/x/messaging/batching.py", 1, "write")
QUERY = (f"{HERE}/django/db/models/query.py", 2, "filter")
APPEND = ("~", 0, "<method 'append' of 'list' objects>")


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ((f"{HERE}/psycopg/connection.py", 479, "wait"), DATABASE),
        ((f"{HERE}/psycopg/client_cursor.py", 48, "_execute_send"), DATABASE),
        ((f"{HERE}/psycopg/_queries.py", 299, "dump"), DRIVER),
        (QUERY, MODELS),
        (OURS, OWN),
        (("~", 0, "<method 'sign' of 'cryptography.ed25519' objects>"), SIGNED),
        (("~", 0, "<built-in method _hashlib.hmac_digest>"), SEALED),
        (APPEND, ""),
        (("/usr/lib/python3.11/uuid.py", 139, "__init__"), ""),
    ],
)
def test_a_call_is(call, kind):
    assert kind_of(call) == kind


def test_what_python_does_counts_for_whoever_asked_for_it():
    stats = {
        OURS: (1, 1, 1.0, 4.0, {}),
        QUERY: (1, 1, 1.0, 3.0, {OURS: (1, 1, 1.0, 3.0)}),
        APPEND: (4, 4, 2.0, 2.0, {OURS: (1, 1, 0.5, 0.5), QUERY: (3, 3, 1.5, 1.5)}),
    }
    assert shares(stats) == {MODELS: 0.625, OWN: 0.375}


def test_what_nobody_known_asked_for_is_told_as_other():
    assert shares({APPEND: (1, 1, 2.0, 2.0, {})}) == {REST: 1.0}


def test_the_log_s_part_is_everything_that_its_calls_take():
    stats = {
        OURS: (1, 1, 3.0, 4.0, {}),
        ("/x/audit/services/recording.py", 39, "record_many"): (1, 1, 0.5, 1.0, {}),
        QUERY: (1, 1, 0.5, 0.5, {}),
    }
    assert with_log(stats) == pytest.approx(4 / 3)
