"""How much comes over the wire before somebody can sign in, as browsers ask for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.servers.casehub_server import PROJECT

pytestmark = pytest.mark.timeout(120, func_only=True)  # the servers' start does not count
MOST = 400 * 1024  # bytes, headers and the demo's list of people not counted
DIST = PROJECT / "frontend" / "dist"
# A style sheet names every font; the sign-in draws with these.
FONTS = re.compile(r"source-sans-3-latin-wght|ibm-plex-mono-latin-[46]00")


def sent(casehub, path: str) -> int:
    """Return how many bytes of a file come over the wire, compressed as the server has it."""
    asked = {"Accept-Encoding": "gzip, deflate, br"}
    with httpx.stream("GET", casehub.url + path, headers=asked) as answer:
        assert answer.status_code == 200
        return sum(len(piece) for piece in answer.iter_raw())


def words(language: str) -> list[str]:
    """Return the addresses of the words that one language says before the shell is there."""
    manifest = json.loads((DIST / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    entry = manifest[f"virtual:casehub-words/{language}-first"]
    files = [entry["file"], *(manifest[one]["file"] for one in entry.get("imports", []))]
    return [f"/static/app/{file}" for file in files]


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_sign_in_needs_no_more_than_400_kilobytes(standing, language):
    page = httpx.get(standing.url + "/", timeout=30).text  # the first that a new server is asked
    files = re.findall(r'(?:src|href)="(/static/app/[^"]+)"', page)
    assert any(file.endswith(".js") for file in files)
    fonts = [file for file in Path(DIST, "assets").glob("*.woff2") if FONTS.search(file.name)]
    assert len(fonts) == 3
    total = sum(sent(standing, file) for file in [*files, *words(language)])
    assert total + sum(file.stat().st_size for file in fonts) <= MOST


def test_what_stands_behind_the_sign_in_is_not_part_of_it(standing):
    page = httpx.get(standing.url + "/").text
    assert "Shell-" not in page
    assert list(Path(DIST, "assets").glob("Shell-*.js"))
    files = re.findall(r'src="(/static/app/[^"]+)"', page)
    said = "".join(httpx.get(standing.url + file).text for file in [*files, *words("es")])
    assert "signin.passkeyHow" in said
    assert "composer.send" not in said  # a word of the shell alone
    assert "unmasking-ground" not in said  # a refusal that no module of the first page names
