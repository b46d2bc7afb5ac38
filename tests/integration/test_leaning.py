"""That a row which leans on an event not of its kind is found, in whichever table."""

from __future__ import annotations

import pytest

from audit import queries
from tests.integration.leaning import HEAD_ROWS, misleading_rows


@pytest.mark.parametrize("label", ["directory.Person", "accounts.Account"])
def test_a_row_on_an_event_of_another_kind_is_told(region, label, monkeypatch):
    before = queries.last_id()
    region.person("SV")
    assert misleading_rows(before) == []
    own = HEAD_ROWS[label].leans_on
    monkeypatch.setattr(HEAD_ROWS[label], "leans_on", ("another",))
    assert {*misleading_rows(before)} == {f"{label} on {own[0]}"}
    assert misleading_rows(queries.last_id()) == []
