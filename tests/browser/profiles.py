"""Browser profiles as they lie on a disk: run, searched, and carried elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.actors import Prosecutor
from tests.browser.conftest import ARGUMENTS, CHROMIUM, SHOTS

# Locks and sockets of the process that runs on it.
RUNNING = shutil.ignore_patterns("Singleton*", "RunningChromeVersion")


@contextmanager
def at_profile(browser: Browser, folder: Path, url: str, account: str) -> Iterator[Prosecutor]:
    """Somebody at a Chromium of their own that keeps its profile in `folder`."""
    context: BrowserContext = browser.browser_type.launch_persistent_context(
        str(folder),
        executable_path=CHROMIUM,
        args=list(ARGUMENTS),
        locale="es-SV",
        timezone_id="America/El_Salvador",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    person = Prosecutor(context, url, account, SHOTS / "profiles")
    try:
        yield person
    except BaseException:
        person.shot(f"failed-{folder.name}")
        raise
    finally:
        context.close()


def carried(folder: Path, to: Path) -> Path:
    """Copy a profile as a thief would, also while its browser runs."""
    shutil.copytree(folder, to, ignore=RUNNING)
    return to


def tokens(canary: str) -> tuple[bytes, bytes]:
    """
    Return the part of a canary that no compression shortens, as text lies in files.

    LevelDB compresses its tables: what stands twice is written once. Sixteen random digits are not.
    """
    middle = canary.split("-")[2]
    return middle.encode(), middle.encode("utf-16-le")


def traces(folder: Path, canaries: dict[str, str]) -> list[str]:
    """Return `place in file` for every canary that lies readable anywhere in a profile."""
    found = []
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        for place, canary in canaries.items():
            if any(form in content for form in tokens(canary)):
                found.append(f"{place} in {file.relative_to(folder)}")
    return found


def in_memory(page: Page, canaries: dict[str, str]) -> list[str]:
    """Return the places whose canaries are in the heap of a page's scripts."""
    cdp = page.context.new_cdp_session(page)
    parts: list[str] = []
    cdp.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    cdp.send("HeapProfiler.collectGarbage")
    cdp.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    cdp.detach()
    heap = "".join(parts)
    return [place for place, canary in canaries.items() if canary.split("-")[2] in heap]
