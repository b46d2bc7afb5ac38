"""The page that checks bundles, as an auditor opens it: from a disk, without a network."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from audit.bundles import form
from tests.browser.looking import AXE, FRONTEND, LISTEN, RULES
from tests.unit.audit.bundles import ORIGIN, START, Log, packed, with_chains
from tests.unit.audit.test_bundle_chains import VECTORS

PAGE = FRONTEND / "dist" / "verify.html"
SHOTS = FRONTEND.parent / "artefacts" / "screens" / "bundle"
#  words of the browser, scheme, width: each in another of the three languages
SHAPES = {
    "light": ("es-SV", "light", 1280),
    "dark": ("fr-FR", "dark", 1280),
    "phone": ("en-US", "light", 360),
    "phone-dark": ("es-SV", "dark", 360),
}


def _done(second: int, kind: str, *states: str, **said: object) -> dict[str, object]:
    """Return what is opened of an act on a request, so many seconds after it was begun."""
    event = {"actor": "5e1d44e0", "kind": kind, "states": states}
    return {"time": START + second, "event": event | {"payload": {"request": REQUEST} | said}}


REQUEST = "0c5b2a7e-1111-4222-8333-123456789abc"
STORY = [
    _done(0, "requests.request.opened", "SV", people=["a", "b"]),
    _done(60, "requests.version.saved", "SV", version=1),
    _done(90, "requests.turn.taken", "SV"),
    *(
        _done(
            120 * number,
            "requests.move.made",
            *("MX", "SV"),
            number=number,
            step=step,
            version=1,
            on="2026-11-24",
            said=said,
        )
        for number, step, said in (
            (1, "authorise", []),
            (2, "transmit", ["channel:paper", "language:es"]),
            (4, "return", ["codes:D05"]),
        )
    ),
]


@pytest.fixture(scope="module")
def log() -> Log:
    """A log of forty entries that three witnesses have cosigned."""
    return Log(random.Random(5), 40)


@pytest.fixture
def files(log: Log, tmp_path: Path) -> Path:
    """A bundle of everything, one of a State, a policy, and two that somebody changed."""
    whole = log.bundle(page=PAGE.read_bytes())
    (tmp_path / "whole.zip").write_bytes(whole)
    (tmp_path / "state.zip").write_bytes(log.bundle(form.Filter(0, 39, "SV", START, START + 2000)))
    (tmp_path / "policy").write_text(log.policy)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    (tmp_path / "flipped.zip").write_bytes(flipped)
    (tmp_path / "forged.zip").write_bytes(forged(log, whole))
    bundle, policy = with_chains(VECTORS[0] | {"opened": [*VECTORS[0]["opened"], *STORY]})
    (tmp_path / "chains.zip").write_bytes(bundle)
    (tmp_path / "chains-policy").write_text(policy)
    return tmp_path


def forged(log: Log, whole: bytes) -> bytes:
    """Return a bundle in which entry 7 names another actor; sums and table fit."""
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        held = {name: opened.read(name) for name in opened.namelist()}
    lines = held[form.part(1)].split(b"\n")
    at = next(n for n, line in enumerate(lines) if n >= 7 and b'"actor":"ana"' in line)
    lines[at] = lines[at].replace(b'"actor":"ana"', b'"actor":"eva"')
    said = form.Manifest.parse(held.pop(form.MANIFEST))
    held[form.part(1)] = b"\n".join(lines)
    rows = [form.row(form.Entry.parse(line)) for line in lines[:-1]]
    held[form.TABLE] = form.HEAD.encode() + b"".join(rows)
    return packed(
        held.items(), log=said.log, size=said.size, filter=said.filter, entries=said.entries
    )


@pytest.fixture
def offline(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Return `offline(shape)`: the page opened from a disk in a browser without a network."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []

    def opened(shape: str) -> Page:
        words, scheme, width = SHAPES[shape]
        context = browser.new_context(
            locale=words,
            color_scheme=scheme,
            reduced_motion="reduce",
            viewport={"width": width, "height": 800},
        )
        contexts.append(context)
        context.set_offline(True)
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(PAGE.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert {url for url in asked if not url.startswith("blob:")} == {PAGE.as_uri()}


def give(page: Page, *files: Path, policy: Path | None = None) -> None:
    if policy is not None:
        page.locator("#policy").set_input_files(policy)
    page.locator("#bundle").set_input_files(list(files))
    page.locator("h2").wait_for()


def is_clean(page: Page, name: str) -> None:
    """Check that nothing was blocked or is cut off and axe objects to nothing; keep a picture."""
    page.wait_for_timeout(200)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert page.evaluate("window.blocked") == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "it scrolls sideways"
    # the page's own policy lets no script in: axe comes by the debugger's door
    page.evaluate(AXE.read_text(encoding="utf-8"))
    run = "(rules) => axe.run(document, {runOnly: rules}).then((found) => found.violations)"
    assert page.evaluate(run, RULES) == []


@pytest.mark.browser
@pytest.mark.parametrize("shape", SHAPES)
class TestThePage:
    def test_waits_for_a_bundle(self, offline, shape):
        page = offline(shape)
        expect(page.locator("h1")).to_be_visible()
        is_clean(page, f"empty-{shape}")

    def test_says_what_a_sound_bundle_proves(self, offline, files, shape):
        page = offline(shape)
        give(page, files / "state.zip", policy=files / "policy")
        expect(page.locator(".note.ok h2")).to_be_focused()
        expect(page.locator(".signed")).to_contain_text(f"{ORIGIN}+")
        expect(page.locator(".signed li")).to_have_count(4)
        expect(page.locator(".questions")).to_contain_text("SV")
        expect(page.locator(".wrong")).to_have_count(0)
        is_clean(page, f"sound-{shape}")

    def test_tells_how_people_came_to_act_and_what_the_bundle_lacks(self, offline, files, shape):
        page = offline(shape)
        give(page, files / "chains.zip", policy=files / "chains-policy")
        ana, eva = VECTORS[0]["chains"]
        shown = page.locator("details", has_text=ana["person"])
        expect(shown.locator("summary")).to_contain_text("Ana Íñiguez")
        expect(shown.locator("li")).to_have_count(len(ana["steps"]))
        expect(shown.locator("li .code")).to_have_text(
            [f"#{one['index']}" for one in ana["steps"] if one["index"] is not None]
        )
        expect(shown.locator(".lacks")).to_have_count(0)
        other = page.locator("details", has_text=eva["person"])
        expect(other.locator(".lacks")).to_be_visible()
        story = page.locator("details", has_text=REQUEST)
        expect(story.locator("summary")).to_contain_text("→")
        #  five steps, one that is missing, and how often somebody looked into it
        expect(story.locator("li")).to_have_count(7)
        expect(story.locator("li").nth(5)).to_contain_text("D05 · ")
        is_clean(page, f"chains-{shape}")

    def test_says_in_red_what_was_forged_and_where(self, offline, files, shape):
        page = offline(shape)
        give(page, files / "forged.zip")
        expect(page.locator(".note.stop h2")).to_be_focused()
        expect(page.locator(".wrong strong")).to_have_text(re.compile(r"^\S+ \d+\s?:$"))
        expect(page.locator(".proved")).to_have_count(0)
        expect(page.locator("details")).to_have_count(0)
        is_clean(page, f"forged-{shape}")


@pytest.mark.browser
class TestABundleOnThePage:
    def test_with_its_own_keys_is_only_of_one_piece(self, offline, files):
        page = offline("light")
        give(page, files / "whole.zip")
        expect(page.locator(".note.warn h2")).to_have_text("De una pieza, por sus propias claves")
        expect(page.locator(".proved")).to_contain_text("todas las entradas de la 0 a la 39")
        give(page, files / "whole.zip", policy=files / "policy")
        expect(page.locator(".note.ok h2")).to_have_text("Es lo que se firmó")
        page.get_by_role("button", name="Quitar").click()
        expect(page.locator(".note.warn h2")).to_be_visible()

    def test_with_one_bit_changed_is_refused(self, offline, files):
        page = offline("light")
        give(page, files / "flipped.zip", policy=files / "policy")
        expect(page.locator(".note.stop h2")).to_have_text("NO es lo que se firmó")
        is_clean(page, "flipped")

    def test_of_a_log_with_other_keys_is_refused(self, offline, files):
        (files / "other").write_text(Log(random.Random(6), 2).policy)
        page = offline("light")
        give(page, files / "whole.zip", policy=files / "other")
        expect(page.locator(".wrong")).to_contain_text("las firmas de la bitácora")

    def test_with_a_policy_that_is_none_is_not_decided(self, offline, files):
        (files / "none").write_text("quorum\n")
        page = offline("light")
        give(page, files / "whole.zip", policy=files / "none")
        expect(page.locator("h2")).to_have_text("No se pudo decidir")
        is_clean(page, "undecided")

    def test_can_be_dropped_anywhere_with_the_policy(self, offline, files):
        page = offline("light")
        data = [
            {"name": name, "bytes": list((files / name).read_bytes())}
            for name in ("whole.zip", "policy")
        ]
        page.evaluate(
            """(files) => {
              const held = new DataTransfer();
              for (const { name, bytes } of files)
                held.items.add(new File([new Uint8Array(bytes)], name));
              const how = { dataTransfer: held, bubbles: true, cancelable: true };
              document.body.dispatchEvent(new DragEvent("drop", how));
            }""",
            data,
        )
        expect(page.locator(".note.ok h2")).to_be_visible()

    def test_is_opened_by_keyboard(self, offline, files):
        page = offline("light")
        # Caught from now on: asked for as late as the key, it may come after it.
        page.on("filechooser", lambda _: None)
        page.keyboard.press("Tab")
        expect(page.get_by_label("Idioma")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#bundle")).to_be_focused()
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(files / "whole.zip")
        expect(page.locator(".note.warn h2")).to_be_focused()

    def test_is_told_in_each_language(self, offline, files):
        page = offline("light")
        give(page, files / "whole.zip", policy=files / "policy")
        for code, words in (("en", "It is what was signed"), ("fr", "C’est ce qui a été signé")):
            page.locator("#language").select_option(code)
            expect(page.locator("h2")).to_have_text(words)
            assert page.evaluate("document.documentElement.lang") == code
