"""Nobody runs the bench in a test; that it still fits to what it measures is looked at here."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from bench import peers

#  made for a process that sets Django up otherwise
ELSEWHERE = "bench.peers.naive_app."
MODULES = [
    one.name
    for one in pkgutil.walk_packages(peers.__path__, "bench.peers.")
    if not one.name.startswith(ELSEWHERE)
]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_finds_what_it_needs(module):
    assert importlib.import_module(module)


def test_the_world_has_a_room_for_every_load():
    run = importlib.import_module("bench.peers.__main__")
    for load in run.LOADS:
        assert [run.WORLD[room.number] for room in load.rooms] == [r.members for r in load.rooms]
    assert [(load.name, load.people) for load in run.LOADS] == [
        ("S1", 20),
        ("S2", 200),
        ("S3", 100),
    ]
    assert run.WORLD[run.LONG.number] == 2


def test_whoever_is_not_there_cannot_be_asked_for(monkeypatch):
    run = importlib.import_module("bench.peers.__main__")
    monkeypatch.setenv("PEERS", "ejabberd, Nobody")
    with pytest.raises(SystemExit, match="no Nobody; there are CaseHub embedded"):
        run.chosen()
    monkeypatch.setenv("PEERS", "ejabberd,Prosody")
    assert run.chosen() == ["ejabberd", "Prosody"]
