"""What stands in the files, whoever wrote them."""

from __future__ import annotations

import json
import re

from tests.repo.conftest import ROOT

# Spelled in parts, so that this file does not contain what it looks for.
ELSEWHERE = re.compile(
    "|".join(
        [
            "/" + r"work/(?:main|shared|brief|\.)",  # folders of one machine
            r"\.\./" + "shared/",
            "regis" + r"try\.npmjs",  # where packages come from is each machine's own business
            "files\\.python" + "hosted",
            r"\bpypi\." + "org",
            "/" + r"root/",
        ]
    )
)
#  a field for typing in a page, up to the end of its tag; an arrow within is none
FIELD = re.compile(r"<input\b(?:=>|[^>])*>")
LONGEST = 400  # lines
CODE = {".py", ".ts", ".mjs", ".svelte", ".css", ".md", ".yaml", ".toml", ""}
# Made by a machine, or the words of others.
NOT_COUNTED = {"LICENSE", "openapi.d.ts"}
# One treaty a file, with all its articles: as long as it is.
TREATIES = ROOT / "requests_mla" / "rulebook" / "instruments"
# The one table of acts, a row each, found by name: it is as long as there are acts. In parts, a row
# could stand in two of them, and "who may do what" would no longer be one file to read.
ACTS = ROOT / "casehub" / "core" / "roles.yaml"
BINARY = {".png", ".woff2", ".ico"}


def text_of(path):
    return path.read_text(encoding="utf-8") if path.suffix not in BINARY else ""


class TestEveryFile:
    def test_names_no_place_of_one_machine_and_no_registry(self, project, root):
        found = [
            f"{path.relative_to(root)}: {match.group()}"
            for path in project
            if (match := ELSEWHERE.search(text_of(path)))
        ]
        assert found == []

    def test_draws_no_field_of_a_kind_that_the_styles_do_not_know(self, project, root):
        found = [
            f"{path.relative_to(root)}: {field}"
            for path in project
            if path.suffix == ".svelte"
            for field in FIELD.findall(text_of(path))
            if not re.search(r"\btype=|\{type\}", field)
        ]
        assert found == []

    def test_is_short_enough_to_be_read(self, project, root):
        long = [
            f"{path.relative_to(root)}: {count}"
            for path in project
            if path.suffix in CODE
            and path.name not in NOT_COUNTED
            and "migrations" not in path.parts
            and path.parent != TREATIES
            and path != ACTS
            and (count := len(text_of(path).splitlines())) > LONGEST
        ]
        assert long == [], f"past {LONGEST} lines a module becomes a package: CONTRIBUTING.md"

    def test_ends_with_one_line_break(self, project, root):
        odd = [
            str(path.relative_to(root))
            for path in project
            if path.suffix != ".json"  # vectors are others' bytes
            and (text := text_of(path))
            and (not text.endswith("\n") or text.endswith("\n\n"))
        ]
        assert odd == []

    def test_has_no_name_that_says_nothing(self, project, root):
        empty = {"utils", "helpers", "common", "misc", "managers", "signals"}
        found = [
            str(path.relative_to(root))
            for path in project
            if empty & {part.partition(".")[0] for part in path.relative_to(root).parts}
        ]
        assert found == []


class TestTheBundle:
    def test_has_one_format_for_both_its_readers(self, root):
        files = "audit/bundles/form.py", "frontend/src/verify/bundle/form.ts"
        named = [
            re.findall(r'^(?:const )?FORMAT = "([^"]+)"', (root / file).read_text(), re.MULTILINE)
            for file in files
        ]
        assert named[0] == named[1]
        assert len(named[0]) == 1


class TestLockFiles:
    def test_name_no_address(self, root):
        for lock in sorted((root / "requirements").glob("*.txt")):
            assert "://" not in lock.read_text(), lock.name
            assert "index-url" not in lock.read_text().replace("--no-emit-index-url", ""), lock.name
        packages = json.loads((root / "frontend" / "package-lock.json").read_text())["packages"]
        assert [name for name, entry in packages.items() if "resolved" in entry] == []

    def test_hash_every_package(self, root):
        for lock in sorted((root / "requirements").glob("*.txt")):
            entries = re.split(r"\n(?=[a-z0-9])", lock.read_text())
            pinned = [entry for entry in entries if re.match(r"[a-z0-9.-]+==", entry)]
            assert pinned
            assert all("--hash=sha256:" in entry for entry in pinned), lock.name
        packages = json.loads((root / "frontend" / "package-lock.json").read_text())["packages"]
        assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []

    def test_are_newer_than_what_is_known_to_be_broken(self, root):
        floors = {
            "django": (5, 2, 19),
            "daphne": (4, 2, 2),
            "autobahn": (26, 7, 1),
            "twisted": (26, 10),
            "cryptography": (50,),
        }
        text = (root / "requirements" / "base.txt").read_text()
        for name, floor in floors.items():
            # The newest: autobahn has older lines too, for interpreters that we do not run on.
            found = [
                tuple(int(part) for part in version.split("."))
                for version in re.findall(rf"^{name}==([0-9.]+)", text, re.MULTILINE)
            ]
            assert max(found) >= floor, name
