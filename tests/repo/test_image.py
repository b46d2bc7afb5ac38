"""The Dockerfile brings what a build and a process need: nothing else is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from casehub import variables
from tests.repo.conftest import ROOT, files
from tools.region import compose, secrets

TOLD = compose.document()["services"]
OURS = {name: told for name, told in TOLD.items() if told["image"] == "casehub"}
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BUILT = ROOT / "frontend"
# What a module may lead to: what it imports, and files beside it that it reads.
LEADS = re.compile(r"""(?:\b(?:from|import)\s*\(?\s*|new URL\(\s*)["'](\.\.?/[^"'?]+)""")
# Of tests and of what is built for them alone.
NOT_BUILT = {"tests", "headless", "hostile"}


@dataclass(frozen=True, slots=True)
class Copied:
    """One COPY: from which stage ("": the repository), which paths, where to."""

    stage: str
    sources: tuple[str, ...]
    target: str


def stages():
    """Return the lines of each stage, by its name; the last one is the image."""
    found = re.split(r"^FROM ", TEXT.replace("\\\n", " "), flags=re.MULTILINE)[1:]
    named = (part.partition("\n") for part in found)
    return {
        first.partition(" AS ")[2] or "image": [line for line in rest.splitlines() if line]
        for first, _, rest in named
    }


def copied(stage):
    """Return what a stage is given, with places as they are from its root on."""
    folder, found = Path("/"), []
    for line in stages()[stage]:
        word, _, rest = line.partition(" ")
        if word == "WORKDIR":
            folder = Path(rest)
        elif word == "COPY":
            *sources, target = shlex.split(rest)
            of = sources.pop(0).removeprefix("--from=") if sources[0][:2] == "--" else ""
            slash = "/" if target.endswith("/") else ""
            found.append(Copied(of, tuple(sources), str(folder / target) + slash))
    return found


def leading_out():
    """Return every file outside frontend/ that the pages are built of, with who asks for it."""
    found = {}
    for path in files():
        if not path.is_relative_to(BUILT) or path.suffix not in {".ts", ".svelte", ".mjs"}:
            continue
        if NOT_BUILT & set(path.relative_to(BUILT).parts) or ".test." in path.name:
            continue
        for lead in LEADS.findall(path.read_text(encoding="utf-8")):
            where = Path(os.path.normpath(path.parent / lead))
            if not where.is_relative_to(BUILT):
                found[str(where.relative_to(ROOT))] = str(path.relative_to(ROOT))
    return found


def lay_out(folder):
    """Copy what the image's COPY lines bring, from here instead of from other stages."""
    for one in copied("image"):
        for source in one.sources:
            here = ROOT / source.removeprefix("/build/")
            there = folder / Path(one.target).relative_to("/srv/casehub")
            if one.target.endswith("/") or (there.is_dir() and here.is_file()):
                there = there / here.name
            if here.is_dir():
                unwanted = shutil.ignore_patterns("__pycache__")
                shutil.copytree(here, there, ignore=unwanted, dirs_exist_ok=True)
            elif here.name == "roots.json":  # whoever builds puts it there
                there.write_text(json.dumps({"SV": "A" * 43}), encoding="utf-8")
            elif here != BUILT / "dist":  # which not everybody has built
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(here, there)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    folder = tmp_path_factory.mktemp("image")
    lay_out(folder)
    return folder


def checked(image, home, name):
    """Run `manage.py check` as a container of this service would, and return what came of it."""
    secrets.make(home / "secrets", postgres="postgres", redis="redis:6379")
    one = compose.services(home, {"CASEHUB_ORIGINS": "https://casehub.example"})[name]
    given = {**one.environment, "CASEHUB_ROOTS": str(image / "roots.json")}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=image,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **given},
        capture_output=True,
        text=True,
        check=False,
    )


class TestThePages:
    def test_have_every_file_that_they_ask_for_outside_their_folder(self):
        given = {
            source
            for one in copied("pages")
            if not one.stage
            for source in one.sources
            if one.target == f"/build/{source}"
        }
        asked = leading_out()
        assert "casehub/core/errors.json" in asked  # the search finds something at all
        assert {path: who for path, who in asked.items() if path not in given} == {}

    def test_pin_the_log_s_keys_if_whoever_builds_says_whose(self):
        lines = stages()["pages"]
        (build,) = [line for line in lines if "npm run build" in line]
        assert 'CASEHUB_LOG_POLICY="${LOG_POLICY:+/build/log-policy}"' in build
        assert "ARG LOG_POLICY=" in lines
        # None is brought if none is named, for which there is always a file.
        assert copied("pages")[-1].sources == ("${LOG_POLICY:-${ROOTS}}",)
        arguments = {*re.findall(r"^ARG (\w+)", TEXT, re.MULTILINE)}
        assert arguments == set(OURS["web"]["build"]["args"])

    def test_are_built_anew_when_one_of_those_changes(self):
        setup = (ROOT / "tools" / "setup.py").read_text(encoding="utf-8")
        said = {
            "/".join(re.findall(r'"([^"]+)"', line))
            for line in re.findall(r"^ +ROOT((?: / \"[^\"]+\")+),$", setup, re.MULTILINE)
        }
        assert set(leading_out()) <= said


class TestTheImage:
    def test_is_given_nothing_that_is_kept_from_its_build(self):
        kept = {
            line
            for line in (ROOT / ".dockerignore").read_text().splitlines()
            if line[0] not in "*!"
        }
        sources = {
            s for name in stages() for one in copied(name) if not one.stage for s in one.sources
        }
        assert {source for source in sources if source.partition("/")[0] in kept} == set()

    def test_starts_with_what_it_was_given(self, image, tmp_path):
        done = checked(image, tmp_path, "migrate")
        assert done.returncode == 0, done.stderr

    def test_says_which_file_is_missing(self, image, tmp_path):
        known = image / "frontend" / "demo-roots.json"
        away = known.rename(tmp_path / "away")
        done = checked(image, tmp_path, "migrate")
        away.rename(known)
        assert "frontend/demo-roots.json" in done.stderr
        assert "CASEHUB_ROOTS must" not in done.stderr

    @pytest.mark.parametrize("name", OURS)
    def test_has_each_folder_that_a_volume_is_laid_over(self, name):
        """An empty volume takes its owner from there; else it is root's, and nobody can write."""
        (line,) = [line for line in stages()["image"] if "install -d -o 10001" in line]
        made = set(re.findall(r"/srv/\w+", line))
        assert {volume.split(":")[1] for volume in OURS[name].get("volumes", [])} <= made

    def test_has_postgresqls_client_programs_of_the_servers_version(self):
        (line,) = [line for line in stages()["image"] if "postgresql-client" in line]
        (client,) = re.findall(r"postgresql-client-(\d+)", line)
        assert TOLD["postgres"]["image"] == f"postgres:{client}"


class TestTheVariables:
    # Not of a container: the demo's, what the image says itself, and what is never other.
    NOT_ASKED = {
        *("CASEHUB_DEMO", "CASEHUB_DEBUG", "PORT"),
        *("CASEHUB_FRONTEND", "CASEHUB_DATA", "CASEHUB_ROOTS"),
        "CASEHUB_LOG_POLICY",  # of the build
    }
    # An operator changes these in .env, for whoever acts by them.
    PASSED_ON = {"CASEHUB_ERASING", "CASEHUB_LOG_HOST", "CASEHUB_LOG_QUEUE", "CASEHUB_OPERATOR"}

    def test_are_each_asked_for_or_none_of_a_container_s(self):
        asked = {
            name.removesuffix("_FILE") for told in OURS.values() for name in told["environment"]
        }
        assert {one.name for one in variables.VARIABLES} - asked == self.NOT_ASKED

    @pytest.mark.parametrize("name", ["web", "sequencer", "operator"])
    def test_are_passed_on_as_they_stand_in_env(self, name, tmp_path):
        answers = dict.fromkeys(self.PASSED_ON, "said") | {"CASEHUB_ORIGINS": "https://one.example"}
        given = compose.services(tmp_path, answers)[name].environment
        assert {given.get(one) for one in self.PASSED_ON} == {"said"}
        bare = compose.services(tmp_path, {"CASEHUB_ORIGINS": "https://one.example"})[name]
        assert {bare.environment[one] for one in self.PASSED_ON} == {""}  # as if it were not set
