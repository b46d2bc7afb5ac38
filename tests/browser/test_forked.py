"""
A host that holds the log's keys shows auditors a second history: what their browsers say, and keep.

It cannot have the witnesses' lines, who remember the first history. So it lies about them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.looking import LISTEN
from tests.browser.test_oversight import DEMO, enter, search
from tests.browser.test_receipts import CLIENT, judged, policy_of, taken
from tests.browser.test_screens import LOOKS, violations
from tests.hostile.host import HostileHost
from tests.servers.casehub_server import CaseHub, Place
from tests.servers.configurations import Configuration
from tools.region.private import spare_port

SitDown = Callable[..., Prosecutor]
ALARM = "Alarma de la bitácora pública"
FORKED = "dos historias que se contradicen"
BUSY = 30  # seconds that a server may take on a loaded machine
AHEAD = 8  # entries, beyond any that the first auditor's browser may have kept meanwhile
PARTS = ("Actos", "Cifras", "Identidades", "Integridad")
# What the console says of a log that holds.
SOUND = re.compile(
    r"^\s*(Íntegra|cofirmado|en orden)\s*$|cofirmada \d|Comprobado en este navegador"
)


@dataclass
class Region:
    """An honest installation with three witnesses, behind a host that may show another one."""

    hub: CaseHub
    host: HostileHost
    second: CaseHub
    urls: list[str]

    @property
    def place(self) -> Place:
        return self.hub.place

    @property
    def url(self) -> str:
        return self.urls[0]

    def size(self) -> int:
        """Return how many acts the log hands out now."""
        return int(self.checkpoint().split("\n")[1])

    def checkpoint(self) -> str:
        """Return the newest note of the acts."""
        logs = httpx.get(f"{self.url}/api/log", timeout=BUSY).raise_for_status().json()
        acts = next((one["name"] for one in logs if one["name"].startswith("acts")), "none")
        answer = httpx.get(f"{self.url}/api/log/{acts}/checkpoint", timeout=BUSY)
        return answer.text if answer.status_code == 200 else "\n0\n"

    def grow(self, size: int, act: Callable[[], object] = lambda: None) -> None:
        """Act until the log hands out at least so many entries."""
        until = time.monotonic() + 2 * SLOW / 1000
        while self.size() < size:
            act()
            assert time.monotonic() < until, "what is done is not published"
            time.sleep(0.3)

    def part(self) -> None:
        """Copy the database and its keys, as an operator can, and let the honest one go on."""
        server = self.hub.processes[0]
        server.stop()
        shutil.copytree(self.place.data, self.second.place.data)
        shutil.rmtree(self.second.place.data / "witnesses")  # in other countries' hands
        server.start()

    def show_the_second(self) -> None:
        """Run the copy, and have everybody shown it from now on."""
        self.second.processes[0].start()
        self.host.show(self.second.url)


@pytest.fixture
def casehub(configuration: Configuration, tmp_path: Path) -> Iterator[Region]:
    port = spare_port()
    # Whoever signs the logs knows them by the first one's host; witnesses stay where they listen.
    origins = f"http://localhost:{port},http://127.0.0.1:{port}"
    place = configuration.fresh()
    first = replace(place, settings={**place.settings, "CASEHUB_WITNESSES": ""})
    second = replace(place, data=tmp_path / "second")
    with ExitStack() as stack:
        hub = stack.enter_context(CaseHub(first, CASEHUB_ORIGINS=origins))
        host = stack.enter_context(HostileHost(upstream=hub.url, port=port))
        copied = CaseHub(second, CASEHUB_ORIGINS=origins)
        stack.callback(copied.__exit__, None, None, None)
        region = Region(hub, host, copied, [f"http://localhost:{port}"])
        region.grow(DEMO)
        yield region
        assert host.failures == []


def watched(region: Region, policy: Path, memory: Path) -> dict[str, object]:
    """Return what the verifier that anybody may run says of the acts, by its own memory."""
    command = ["node", CLIENT, "--policy", policy, "--memory", memory, "--url", region.url]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    origin = region.checkpoint().split("\n")[0]
    lines: list[dict[str, object]] = [json.loads(line) for line in told.splitlines()]
    return next(line for line in lines if line.get("log") == origin)


def refused(place: Place, *arguments: str | Path) -> str:
    """Return what `manage.py audit` says as it refuses."""
    with pytest.raises(RuntimeError) as refusal:
        place.manage("audit", *map(str, arguments))
    return str(refusal.value)


def doubts(page: Page, reason: str) -> None:
    """Say that the line on top is red by what was seen here, and nothing is vouched for."""
    line = page.get_by_role("region", name="Integridad de la bitácora")
    never = "No se fíe de ella" if reason == FORKED else "No se fíe todavía"
    expect(line.get_by_text(never, exact=True)).to_be_visible(timeout=SLOW)
    expect(line).to_contain_text("lo que el servidor dice de ella no vale")
    expect(line).to_contain_text("entréguela fuera de este servidor")
    alarm = page.get_by_role("alert", name=ALARM)
    expect(alarm).to_contain_text(reason, timeout=SLOW)
    expect(alarm).to_contain_text("No agregue personas ni equipos")
    expect(page.get_by_role("main").get_by_text(SOUND)).to_have_count(0)
    expect(page.locator("main .tag.ok, main .note.ok")).to_have_count(0)


def relies(page: Page) -> None:
    """Say that the line on top is green."""
    line = page.get_by_role("region", name="Integridad de la bitácora")
    expect(line.get_by_text("Íntegra", exact=True)).to_be_visible(timeout=SLOW)
    expect(line.get_by_text("cofirmada 3/3")).to_be_visible(timeout=SLOW)


def opened(page: Page, words: str) -> None:
    """Open the only case that was opened, and read what is said of its proof."""
    search(page, "cases.case.opened").first.get_by_role("link").click()
    entry = page.get_by_role("complementary", name="Expediente abierto")
    expect(entry).to_contain_text(words)


def evidence(page: Page, folder: Path) -> Path:
    """Take the alarm's file away."""
    folder.mkdir()
    alarm = page.get_by_role("alert", name=ALARM)
    return taken(page, alarm.get_by_role("button", name="Descargar la prueba"), folder)


def vouched_for(auditor: Prosecutor) -> dict[str, object]:
    """Return what is wrong in any part of the console, in any look."""
    page, wrong = auditor.page, {}
    for name, look in LOOKS.items():
        page.set_viewport_size(look["viewport"])
        page.emulate_media(color_scheme=look["color_scheme"])
        for part in PARTS if name == "light" else ("Actos", "Integridad"):
            page.get_by_role("link", name=part, exact=True).click()
            page.wait_for_load_state("networkidle")
            doubts(page, FORKED)
            page.wait_for_timeout(300)  # ms: fades are over
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            if part in {"Actos", "Integridad"}:
                wrong[f"{part}, {name}"] = [violations(page), wide]
            auditor.shot(f"forked-{part.lower()}-{name}")
    page.set_viewport_size({"width": 1280, "height": 800})
    found: dict[str, object] = {where: one for where, one in wrong.items() if one != [[], False]}
    return {**found, "blocked": page.evaluate("window.blocked")}


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestASecondHistory:
    def test_is_refused_whoever_saw_the_first_and_whoever_did_not(
        self, sit_down: SitDown, casehub: Region, tmp_path: Path
    ) -> None:
        auditor = sit_down("sv.auditoria1", accept_downloads=True)
        auditor.context.add_init_script(LISTEN)
        page = enter(auditor)
        relies(page)
        casehub.part()
        policy, kept, memory = (tmp_path / name for name in ("policy", "kept.txt", "memory"))
        policy.write_text(policy_of(casehub))
        casehub.grow(casehub.size() + 3, lambda: search(page, "cases"))
        opened(page, "Comprobado en este navegador")  # and so it keeps the larger tree
        relies(page)
        kept.write_text(casehub.checkpoint())
        size = casehub.size()
        assert watched(casehub, policy, memory)["holds"] is True
        auditor.shot("forked-before")

        # The copy is behind: a rollback at first, and no reload or lie makes it good.
        casehub.show_the_second()
        for _ in range(2):
            page.reload()
            doubts(page, "menos asientos de los que ya había firmado")
        assert "vouched" in casehub.host.did
        auditor.shot("forked-smaller")

        # It goes on beyond what was signed: two histories, each with the log's signature.
        casehub.grow(size + AHEAD, lambda: search(page, "cases"))
        page.reload()
        doubts(page, FORKED)
        opened(page, "sin probar")
        expect(page.get_by_role("complementary")).to_contain_text("no concuerda")
        said = judged(evidence(page, tmp_path / "forked"), policy)
        assert (said["shows"], said["code"]) == ("contradiction", 1)
        assert watched(casehub, policy, memory)["holds"] is False
        assert list(memory.glob("audit*.evidence"))
        second = casehub.second.place
        assert "checkpoint" in refused(second, "verify", "--checkpoint", kept)

        # Nothing of the console vouches for it, nor what is counted or carried away there.
        assert vouched_for(auditor) == {"blocked": []}
        whole = page.get_by_role("region", name="¿Se muestra todo?")
        whole.get_by_role("button", name="Comprobar que se muestra todo").click()
        expect(whole).to_contain_text("no concuerda con la bitácora pública", timeout=SLOW)
        button = page.get_by_role("button", name="Llevarse un paquete comprobable").first
        bundle = taken(page, button, tmp_path)
        assert "witness" in refused(second, "verify", "--bundle", bundle, "--policy", policy)

        # Who has nothing to compare with misses the witnesses, until shown the first history.
        other = sit_down("sv.auditoria2", accept_downloads=True)
        there = enter(other)
        doubts(there, "sin las firmas que exige su política")
        opened(there, "sin probar")
        other.shot("forked-only")
        assert judged(evidence(there, tmp_path / "only"), policy)["shows"] == "claim"
        casehub.host.calm()
        enter(other)
        relies(there)
        expect(there.get_by_role("alert", name=ALARM)).to_be_hidden()
        page.reload()  # who saw both is not reassured: two signatures stay
        doubts(page, FORKED)
