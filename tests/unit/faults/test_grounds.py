"""Grounds that do not come to be leave nothing behind."""

from __future__ import annotations

import pytest

from tests.faults import test_cutoff


class Refusing:
    """A PostgreSQL in which no database can be made; `left` is whether it was ended."""

    left = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        Refusing.left = True

    def create(self):
        raise RuntimeError("no room")


def test_that_of_the_cut_off_ends_its_postgresql(monkeypatch):
    monkeypatch.setattr(test_cutoff, "Postgres", Refusing)
    with pytest.raises(RuntimeError, match="no room"), test_cutoff.Ground():
        pass
    assert Refusing.left
