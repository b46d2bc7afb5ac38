"""What is written for people: links lead somewhere, and the first page stays short."""

from __future__ import annotations

import re

import pytest

from tests.repo.conftest import ROOT, files

DOCUMENTS = [path for path in files() if path.suffix == ".md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def anchors(text):
    """Return the anchors that headings make, as GitHub spells them."""
    headings = re.findall(r"^#+\s+(.+)$", FENCE.sub("", text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
class TestLinks:
    def test_lead_to_something_that_exists(self, path):
        for target in LINK.findall(FENCE.sub("", path.read_text())):
            if re.match(r"[a-z]+:", target):
                continue
            place, _, anchor = target.partition("#")
            file = (path.parent / place).resolve() if place else path
            assert file.exists(), f"{target} leads nowhere"
            assert file.is_relative_to(ROOT), f"{target} leads out of the project"
            if anchor:
                assert anchor in anchors(file.read_text()), f"{target}: no such heading"


class TestReadme:
    def test_is_read_in_two_minutes(self):
        assert len((ROOT / "README.md").read_text().split()) <= 400

    def test_begins_with_exactly_two_commands(self):
        text = (ROOT / "README.md").read_text()
        first = re.search(r"(?:^    .*\n)+", text, re.MULTILINE)
        assert first is not None
        commands = [line.split("#")[0].strip() for line in first.group().splitlines()]
        assert commands == ["make run", "make test"]


class TestMake:
    def test_lists_every_task(self):
        text = (ROOT / "Makefile").read_text()
        phony = re.search(r"^\.PHONY: help (.*)$", text, re.MULTILINE)
        assert phony is not None
        listed = re.findall(r'^\t@echo "make ([\w-]+) ', text, re.MULTILINE)
        assert set(listed) == set(phony.group(1).split())

    def test_is_what_ci_runs(self):
        script = ROOT / ".ci" / "run"
        assert script.stat().st_mode & 0o111
        lines = [line for line in script.read_text().splitlines() if not line.startswith("#")]
        assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]
