"""
What the client costs in a browser: `make bench-client`.

Real servers (embedded), Chromium under the service's own policy. Bytes are those that came over the
wire, compressed, for a browser that has nothing; "ready" is when the sign-in takes what is typed,
with the processor slowed down four times. Then a thread: 1,000 messages that came while the browser
was away (MISSED=n), and a long one (MESSAGES=n), opened again after it was read once, and scrolled
with the wheel: what is not smooth are pictures that come late. Then a case of many threads
(THREADS=n) is opened. The engine's rates are of groups in memory: of ten people, and an eleventh
let in. Times mean something only with the machine and what else it does, so both are printed, and
a fixed piece of work beside them.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.pages import served
from tests.headless import Headless, Refused
from tests.opening import joined
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Embedded
from tools.checks import chromium

SENDER, READER = "sv.enlace1", "gt.enlace1"
MESSAGES = int(os.environ.get("MESSAGES", "10000"))
MISSED = int(os.environ.get("MISSED", "1000"))
THREADS = int(os.environ.get("THREADS", "200"))
ROUNDS = 5
A_MINUTE = 60  # seconds after which a rate begins anew
AWAKE = 2000  # messages after which both say that they are there, or their sessions end
AT_ONCE = 50  # messages that the sender has on their way
SLOWED = 4
BEHIND = 5000  # milliseconds in which what stands behind the sign-in comes
LONG = 1_800_000  # milliseconds that any one wait may take: the run ends by itself
TURNS, TURN = 120, 400  # of the wheel, and the pixels that each goes up
EACH_TURN = 30  # milliseconds, as of somebody who turns it briskly
A_LOOK = 10_000  # milliseconds between two looks at what takes long
LATE = 50  # milliseconds between two pictures that an eye sees
# Notes how long after the one before it each picture comes.
WATCH = """() => {
  const taken = (window.taken = []);
  let last = performance.now();
  const next = (now) => {
    taken.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""
# Goes to an address, and says after how many milliseconds a text was in a picture: looked at with
# each of them, since a look of its own every half second would say what it came after.
OPEN = """async ([to, text, longest]) => {
  const path = `//*[normalize-space(text())=${JSON.stringify(text)}]`;
  const there = () => document.evaluate(path, document, null, 9, null).singleNodeValue;
  const next = () => new Promise(requestAnimationFrame);
  const began = performance.now();
  history.pushState({}, "", to);
  dispatchEvent(new PopStateEvent("popstate"));
  while (!there()?.checkVisibility()) {
    if (performance.now() - began > longest) throw new Error(`${text} never came`);
    await next();
  }
  return performance.now() - began;
}"""
BYTES_GOAL, READY_GOAL, OPEN_GOAL = 400 * 1024, 2.0, 1.0


def line(name: str, value: str, goal: str = "") -> None:
    """Print a figure beside its goal."""
    print(f"{name:58}{value:>16}   {goal}", flush=True)


def counted(page: Page) -> dict[str, int]:
    """Return a table that fills with the bytes of each kind of file as they come over the wire."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    kind_of: dict[str, str] = {}
    kinds: dict[str, int] = {}

    def ended(event: dict[str, Any]) -> None:
        kind = kind_of.get(event["requestId"], "Other")
        kinds[kind] = kinds.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.responseReceived", lambda e: kind_of.update({e["requestId"]: e["type"]}))
    wire.on("Network.loadingFinished", ended)
    return kinds


def first_load(browser: Browser, url: str) -> None:
    """Print what comes over the wire until somebody can sign in, and when they can."""
    context = browser.new_context(locale="es-SV")
    page = context.new_page()
    kinds = counted(page)
    page.goto(url)
    account = page.get_by_label("Cuenta", exact=True)
    account.wait_for()
    page.wait_for_load_state("networkidle")
    first = dict(kinds)
    account.press_sequentially("s")  # with the first key, what stands behind it begins to come
    page.wait_for_timeout(BEHIND)
    total, behind = sum(first.values()), sum(kinds.values()) - sum(first.values())
    context.close()
    for kind, size in sorted(first.items(), key=lambda item: -item[1]):
        line(f"  first load: {kind.lower()}", f"{size / 1024:.0f} KB")
    line("first load, over the wire", f"{total / 1024:.0f} KB", f"<= {BYTES_GOAL // 1024} KB")
    line("  and behind it, while somebody signs in", f"{behind / 1024:.0f} KB")
    ready = [ready_after(browser, url) for _ in range(ROUNDS)]
    line(
        f"ready to sign in, processor {SLOWED} times slower",
        f"{statistics.median(ready):.2f} s",
        f"<= {READY_GOAL:.0f} s; worst {max(ready):.2f} s of {ROUNDS}",
    )


def ready_after(browser: Browser, url: str) -> float:
    """Return the seconds after which the sign-in takes what is typed, in a new browser."""
    context = browser.new_context(locale="es-SV")
    page = context.new_page()
    counted(page)
    page.goto(url)
    page.get_by_label("Cuenta", exact=True).press_sequentially("s")
    seconds = float(page.evaluate("performance.now()")) / 1000
    context.close()
    return seconds


def engine(browser: Browser) -> None:
    """Print how many messages a second the engine writes and reads, and what an addition costs."""
    count, rounds = 500, 20
    with served("rates") as address:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_function("() => typeof bench === 'function'")
        found = page.evaluate(f"() => bench({count}, {rounds})")
        page.close()
    loop = statistics.median(found["loop"])
    line("fixed work: SHA-256 of 20 MiB", f"{loop:.1f} ms")
    for name in ("encrypt", "decrypt"):
        each = found[name] / count
        line(
            f"{name}, ten people",
            f"{1000 / each:.0f} /s",
            f"{each / loop:.3f} of the fixed work each",
        )
    for name, times in found["eleventh"].items():
        middle = statistics.median(times)
        title = {"commit": "made", "process": "taken by a member", "join": "joined"}[name]
        line(
            f"eleventh member: {title}",
            f"{middle:.1f} ms",
            f"{middle / loop:.2f} of the fixed work",
        )


def shown(page: Page, text: str) -> None:
    """Wait until a message is on the page."""
    expect(page.get_by_text(text, exact=True).first).to_be_visible(timeout=LONG)


def read_to(page: Page, text: str) -> None:
    """Wait until a thread's last message is on the page, which opens at what is unread."""
    last, end = page.get_by_text(text, exact=True), page.get_by_role("button", name="Ir al final")
    last.or_(end).first.wait_for(timeout=LONG)
    if not last.count():
        end.click()
    shown(page, text)


def say(ana: Headless, thread: str, first: int, count: int) -> float:
    """Send messages, some at a time; return the seconds until the server has taken them all."""
    start = time.monotonic()
    for begin in range(first, first + count, AT_ONCE):
        numbers = range(begin, min(begin + AT_ONCE, first + count))
        posted = {
            ana.start("post", thread=thread, text=f"Mensaje {number} de la ruta")
            for number in numbers
        }
        taken = partial(is_taken, posted)
        ana.wait_for(taken, seconds=LONG / 1000, what=f"message {numbers[-1]}")
        ana.events.clear()
    return time.monotonic() - start


def is_taken(posted: set[int], events: list[dict[str, Any]]) -> bool:
    """Return whether the server has accepted what these commands posted."""
    return posted <= {one["ref"] for one in events if one["event"] == "accepted"}


def threads(context: BrowserContext, hub: CaseHub, folder: Path) -> None:
    """Print what reading up and opening a long thread take."""
    reader = Prosecutor(context, hub.url, READER, folder)
    reader.sign_in_with_code(PASSWORD)
    with Headless(folder / "sender", hub.url) as ana:
        ana.do("sign-in", account=SENDER)
        opened = ana.do("open-case", states=["SV", "GT"], title="Ruta larga")
        reference = opened["reference"]
        joined(hub.url, reference)
        person = next(one["id"] for one in ana.do("list")["people"] if one["name"] == reader.name())
        thread = ana.do("open-thread", case=opened["case"], name="Largo", people=[])["thread"]
        ana.do("add-person", case=opened["case"], person=person, threads=[thread])
        say(ana, thread, 0, 1)
        reader.go_to(reference, "Largo")
        shown(reader.page, "Mensaje 0 de la ruta")

        context.set_offline(True)
        took = say(ana, thread, 1, MISSED)
        line("sent by a program, fifty on their way at a time", f"{MISSED / took:.0f} /s")
        context.set_offline(False)
        start = time.monotonic()
        shown(reader.page, f"Mensaje {MISSED} de la ruta")
        line(f"catching up {MISSED} messages, on the page", f"{time.monotonic() - start:.2f} s")

        rest = max(0, MESSAGES - MISSED - 1)
        address = reader.page.url
        reader.page.goto(f"{hub.url}/expedientes")  # who keeps it open is shown each as it comes
        for begin in range(MISSED + 1, MISSED + 1 + rest, AWAKE):
            say(ana, thread, begin, min(AWAKE, MISSED + 1 + rest - begin))
            awake(ana, reader)
        last, count = f"Mensaje {MISSED + rest} de la ruta", MISSED + rest + 1
        reader.page.goto(address)
        start = time.monotonic()
        read_to(reader.page, last)
        line(f"catching up {rest} messages, on the page", f"{time.monotonic() - start:.2f} s")
        opened_again(reader.page, address, last, f"a thread of {count} messages")
        scrolled(reader.page, count)

        for number in range(1, THREADS):
            name = f"Hilo {number}"
            patiently(ana, "open-thread", case=opened["case"], name=name, people=[person])
            if number % ROUNDS == 0:
                awake(ana, reader)
        # Whoever opened the last of them lets the reader in a moment later.
        newest = f"Hilo {THREADS - 1}"
        for _ in range(LONG // A_LOOK):
            if reader.page.get_by_text(newest, exact=True).count():
                break
            reader.page.wait_for_timeout(A_LOOK)
            reader.page.keyboard.press("Shift")  # or the session ends while it waits
        shown(reader.page, newest)
    case = address.partition("/hilos/")[0]
    opened_again(reader.page, case, newest, f"a case of {THREADS} threads")


def patiently(ana: Headless, do: str, **fields: Any) -> None:
    """Give a command as soon as the server's rates let it through."""
    while True:
        try:
            ana.do(do, **fields)
        except Refused as refused:
            if refused.code != "too-many":
                raise
            time.sleep(A_MINUTE)
        else:
            return


def awake(ana: Headless, reader: Prosecutor) -> None:
    """Have both say that they are still there."""
    patiently(ana, "active")
    reader.page.keyboard.press("Shift")


def opened_again(page: Page, address: str, last: str, what: str) -> None:
    """Print how long it takes from the list of cases until the last thing of a page is there."""
    opening = []
    for _ in range(ROUNDS):
        page.goto(f"{address.partition('/expedientes')[0]}/expedientes")
        expect(page.get_by_role("heading", name="Expedientes", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        opening.append(float(page.evaluate(OPEN, [address, last, LONG])) / 1000)
    line(
        f"opening {what} again",
        f"{statistics.median(opening):.2f} s",
        f"<= {OPEN_GOAL:.0f} s; worst {max(opening):.2f} s of {ROUNDS}",
    )


def scrolled(page: Page, count: int) -> None:
    """Print how many pictures come late while somebody goes up through the thread on screen."""
    page.locator("article").last.hover()
    page.evaluate(WATCH)
    for _ in range(TURNS):
        page.mouse.wheel(0, -TURN)
        page.wait_for_timeout(EACH_TURN)
    taken = page.evaluate("taken")
    line(
        f"scrolling a thread of {count}: later than {LATE} ms",
        f"{sum(one > LATE for one in taken)} of {len(taken)}",
        f"none; middle {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms",
    )


def main() -> int:
    """Print the conditions and the figures."""
    found = chromium()
    if found is None:
        print("No Chromium: set CHROMIUM to one.")
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        Embedded() as embedded,
        CaseHub(embedded.fresh()) as hub,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        name = f"Chromium {browser.version.split('.')[0]}"
        print(f"{platform.machine()}, {os.cpu_count()} processors, {name}, embedded server")
        print(f"load {os.getloadavg()[0]:.1f} at the start")
        first_load(browser, hub.url)
        engine(browser)
        context = browser.new_context(locale="es-SV", timezone_id="America/El_Salvador")
        threads(context, hub, Path(folder))
        browser.close()
        print(f"load {os.getloadavg()[0]:.1f} at the end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
