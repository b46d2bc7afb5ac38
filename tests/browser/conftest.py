"""A real Chromium over the servers of each configuration; pictures are kept under artefacts/."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.actors import Prosecutor
from tests.browser.gallery import gallery
from tests.servers.casehub_server import CaseHub

__all__ = ["gallery"]  # a fixture for the tests here

SHOTS = Path(__file__).resolve().parent.parent.parent / "artefacts" / "screens"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
PASSWORD = "demostracion-regional"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
EVERY_CONFIGURATION = bool(os.environ.get("EVERY_CONFIGURATION"))


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With `EVERY_CONFIGURATION=1`, let what is content with one of them run on both."""
    if not EVERY_CONFIGURATION or metafunc.definition.get_closest_marker("ahead"):
        return
    for node in metafunc.definition.listchain():
        node.own_markers = [mark for mark in node.own_markers if not _chooses(mark)]


def _chooses(mark: pytest.Mark) -> bool:
    """Whether a mark names the configurations of its tests."""
    return mark.name == "parametrize" and mark.args[0] == "configuration"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; each person has a context of their own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def sit_down(
    browser: Browser, casehub: CaseHub, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Prosecutor]]:
    """Return `sit_down(account, **context)`: a person at a fresh browser, process by turns."""
    seated: list[Prosecutor] = []
    shots = SHOTS / casehub.place.name

    def one(account: str, **options: object) -> Prosecutor:
        settings: dict[str, object] = {
            "locale": "es-SV",
            "timezone_id": "America/El_Salvador",
            "viewport": {"width": 1280, "height": 800},
            # A button that is given back while axe looks would be measured half-way in its fade.
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**{**settings, **options})  # type: ignore[arg-type]
        url = casehub.urls[len(seated) % len(casehub.urls)]
        seated.append(Prosecutor(context, url, account, shots))
        return seated[-1]

    yield one
    for number, person in enumerate(seated):
        if getattr(request.node, "failed", False):
            person.shot(f"failed-{request.node.name}-{number}")
        person.context.close()


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let the fixture above know that its test failed, so that it keeps pictures."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]
