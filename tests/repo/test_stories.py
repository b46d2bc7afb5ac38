"""The story that a bundle tells of a request forgets no kind of event and no code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audit.events import type_registry
from requests_mla import codes, days
from requests_mla.states import SIGNED
from tests.repo.conftest import ROOT

THERE = ROOT / "frontend" / "src" / "verify" / "bundle"
DIALOG = ROOT / "frontend" / "src" / "ui" / "dossiers" / "words.ts"


def named_in(file: str, pattern: str) -> set[str]:
    """Return what a file of the stories names so, at the beginning of a line."""
    return set(re.findall(pattern, (THERE / file).read_text("utf-8"), re.MULTILINE))


def keys_of(path: Path, name: str) -> list[str]:
    """Return the keys of a table of words in a file of the front end, in their order."""
    table = rf"^(?:export )?const {name}\b[^=]*= {{\n(.*?)^}}"
    (inside,) = re.findall(table, path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return re.findall(r'^  "?([\w-]+)"?: "', inside, re.MULTILINE)


class TestAStory:
    def test_tells_of_every_kind_of_event_counts_it_or_passes_it_over_knowingly(self):
        source = (THERE / "retelling.ts").read_text("utf-8")
        kinds = {kind for kind in type_registry if kind.startswith("requests.")}
        assert len(kinds) > 10
        assert kinds == set(re.findall(r'"(requests\.[a-z-]+\.[a-z-]+)"', source))

    def test_has_words_for_every_code(self):
        known = {
            *(act.value for act in SIGNED),
            *codes.ANSWERS,
            *codes.CHANNELS,
            *codes.CONDITIONS,
            *codes.LAPSED,
            *codes.NO_LONGER,
            *codes.OUTCOMES,
            *codes.POWERS,
            *codes.QUESTIONS,
            *codes.TERMS,
            *(days.ANSWER, days.CONFIRMATION, days.CONSULTATION),
            *(days.DEADLINE, days.EXECUTION, days.REVIEW),
        }
        assert known <= named_in("narrating.ts", r'^\s+"?([a-z_-]+)"?: "')


class TestWords:
    @pytest.mark.parametrize("path", [THERE / "narrating.ts", DIALOG], ids=lambda one: one.stem)
    @pytest.mark.parametrize("name", ["ASSETS", "BANDS"])
    def test_stand_for_every_kind_of_asset_and_band_and_for_no_other(self, path, name):
        assert keys_of(path, name) == list(getattr(codes, name))

    def test_stand_for_every_power_and_for_no_other(self):
        assert keys_of(DIALOG, "POWERS") == list(codes.POWERS)
