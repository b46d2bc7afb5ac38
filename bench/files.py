"""
What a large file costs a browser's memory: `make bench-files`.

Real servers (embedded), Chromium on real profiles. One person sends a file of 512 MiB, then one of
2 GiB (MIB=n: another size), another takes each to disk as it comes. Twice a second the memory that
the browser's processes hold for themselves (PSS, its GPU process too) is read from the system. It
is flat when the large file needs no more of it than the small one, whatever the machine: that
ratio is the figure, and a fixed piece of work stands beside the times. The files are nearly all
zeros: what is sealed and sent has as many bytes as any other.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright, expect, sync_playwright

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_files import choose, send
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Embedded
from tools.checks import chromium

SENDER, READER = "sv.enlace1", "mx.enlace1"
MIB = 1 << 20
SMALL, LARGE = 512, int(os.environ.get("MIB", "2048"))
LONG = 1_800_000  # milliseconds that any one wait may take: the run ends by itself
EACH = 0.5  # seconds between two looks at the memory
# Without a screen nobody can be asked for a place: the profile's own folder takes it, by the same
# kind of stream.
PLACE = """
globalThis.showSaveFilePicker = async ({ suggestedName }) => {
  const folder = await navigator.storage.getDirectory();
  return folder.getFileHandle(suggestedName, { create: true });
};
"""


class Memory:
    """The most that the processes of one profile held at a time, in bytes."""

    def __init__(self, profile: Path) -> None:
        self._profile, self.most = str(profile).encode(), 0

    def now(self) -> int:
        """Return what they hold."""
        return sum(held(process) for process in family(self._profile))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at it until the end of the block."""
        over = threading.Event()
        self.most = self.now()

        def look() -> None:
            while not over.wait(EACH):
                self.most = max(self.most, self.now())

        looking = threading.Thread(target=look)
        looking.start()
        try:
            yield
        finally:
            over.set()
            looking.join()


def family(profile: bytes) -> set[str]:
    """Return the processes that descend from the browser on this profile."""
    parents: dict[str, str] = {}
    roots: set[str] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            parents[entry.name] = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            if profile in (entry / "cmdline").read_bytes():
                roots.add(entry.name)
    found = set(roots)
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def held(process: str) -> int:
    """Return the memory of a process in bytes, what it shares counted by its share."""
    with suppress(OSError):
        for row in Path("/proc", process, "smaps_rollup").read_text().splitlines():
            if row.startswith("Pss:"):
                return int(row.split()[1]) * 1024
    return 0


def fixed_work() -> float:
    """Return the milliseconds that SHA-256 of 200 MiB takes this machine now."""
    start = time.perf_counter()
    hashlib.sha256(bytes(200 * MIB)).digest()
    return (time.perf_counter() - start) * 1000


def line(name: str, value: str, more: str = "") -> None:
    """Print a figure and what stands beside it."""
    print(f"{name:46}{value:>14}   {more}", flush=True)


class Person(Prosecutor):
    """A person on a profile of their own, and what their browser holds."""

    def __init__(self, context: BrowserContext, url: str, account: str, folder: Path) -> None:
        super().__init__(context, url, account, folder)
        self.memory = Memory(folder)
        self.sign_in_with_code(PASSWORD)


def person(playwright: Playwright, url: str, account: str, folder: Path) -> Person:
    """Return a person signed in, on a new profile."""
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=chromium(),
        args=["--no-sandbox"],
        locale="es-SV",
        timezone_id="America/El_Salvador",
    )
    context.add_init_script(PLACE)
    return Person(context, url, account, folder)


def made(folder: Path, mebibytes: int) -> Path:
    """Return a file of so many MiB, with an end of its own."""
    path = folder / f"registro-{mebibytes}.mp4"
    with path.open("wb") as file:
        file.truncate(mebibytes * MIB - 8)
        file.seek(0, os.SEEK_END)
        file.write(mebibytes.to_bytes(8, "big"))
    return path


def sent_after(ana: Person, path: Path) -> float:
    """Send it; return the seconds until it could be sent as a message."""
    start = time.monotonic()
    choose(ana.page, path)
    expect(ana.page.get_by_text("Listo para enviar")).to_be_visible(timeout=LONG)
    took = time.monotonic() - start
    send(ana)
    return took


def taken_after(boris: Person, name: str) -> float:
    """Take it to disk; return the seconds until it is there, and verified."""
    page = boris.page
    button = page.get_by_role("button", name=f"Descargar {name}")
    expect(button).to_be_visible(timeout=LONG)
    start = time.monotonic()
    button.click()
    expect(page.get_by_text(f"{name}: descargado y verificado")).to_be_visible(timeout=LONG)
    return time.monotonic() - start


def main() -> int:
    """Print the conditions and the figures."""
    if chromium() is None:
        print("No Chromium: set CHROMIUM to one.")
        return 1
    with (
        tempfile.TemporaryDirectory() as name,
        Embedded() as embedded,
        CaseHub(embedded.fresh()) as hub,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        print(f"{platform.machine()}, {os.cpu_count()} processors, embedded server")
        print(f"load {os.getloadavg()[0]:.1f} at the start")
        ana = person(playwright, hub.url, SENDER, folder / "ana")
        boris = person(playwright, hub.url, READER, folder / "boris")
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Pruebas")
        ana.add_person(boris.name(), thread="Pruebas")
        boris.go_to(reference, "Pruebas")
        expect(boris.page.get_by_label("Mensaje cifrado")).to_be_visible(timeout=LONG)
        idle = {one: one.memory.now() for one in (ana, boris)}
        used: dict[str, list[float]] = {"sent": [], "taken": []}
        for size in (SMALL, LARGE):
            path = made(folder, size)
            work = fixed_work()
            with ana.memory.watched():
                sent = sent_after(ana, path)
            with boris.memory.watched():
                taken = taken_after(boris, path.name)
            for what, one, took in (("sent", ana, sent), ("taken", boris, taken)):
                more = one.memory.most - idle[one]
                used[what].append(max(more, MIB))
                times = took * 1000 / size / (work / 200)
                speed = f"{size / took:.0f} MiB/s, {times:.0f} times SHA-256 of as many bytes"
                line(f"{what}: {size} MiB, memory beyond idle", f"{more / MIB:.0f} MiB", speed)
        for what, (small, large) in used.items():
            line(f"{what}: the large file's memory to the small one's", f"{large / small:.2f}")
        for one in (ana, boris):
            if one.complaints:
                print(one.complaints)
            one.context.close()
        print(f"load {os.getloadavg()[0]:.1f} at the end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
