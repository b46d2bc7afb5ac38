"""A person at a browser: what they see, click and type, in the words of the Spanish interface."""

from __future__ import annotations

import re
import ssl
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.opening import joined

CODE_LIVES = 30  # seconds
SLOW = 30_000  # ms that a step may take on a loaded machine
# What the browser itself notes of answers and of a cut network; CSP violations have other words.
HARMLESS = re.compile(
    r"status of (401|404|409)|net::ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED"
    r"|WebSocket connection to"
)


class Prosecutor:
    """One browser context with its own cookies and store, signed in as one fictional person."""

    def __init__(self, context: BrowserContext, url: str, account: str, shots: Path) -> None:
        self.context, self.url, self.account, self._shots = context, url, account, shots
        self.complaints: list[str] = []
        self.trusted: ssl.SSLContext | bool = True  # by whom the server's certificate is believed
        context.set_default_timeout(SLOW)
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        """Open a tab and listen to what its console complains of."""
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"page: {error}"))
        return page

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not HARMLESS.search(message.text):
            self.complaints.append(f"{message.type}: {message.text}")

    def shot(self, name: str) -> None:
        """Keep a picture of the page."""
        self._shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self._shots / f"{name}.png")

    def present_code(self) -> str:
        """
        Ask the demo for this person's code, as its panel does, and wait until it counts.

        A code counts once, and at most the next one early: the third within half a minute waits.
        """
        origin = {"Origin": self.url}
        with httpx.Client(base_url=self.url, headers=origin, verify=self.trusted) as client:
            client.get("/")
            kept = next(text for name, text in client.cookies.items() if "csrftoken" in name)
            token = {"X-CSRFToken": kept, "Referer": f"{self.url}/"}
            answer = client.post(
                "/api/demo/code", json={"account": self.account}, headers=token
            ).raise_for_status()
        said: dict[str, Any] = answer.json()
        time.sleep(max(0, said["seconds_left"] - 2 * CODE_LIVES))
        code: str = said["code"]
        return code

    def sign_in_with_code(self, password: str) -> None:
        """Account, password, then the code."""
        page = self.page
        page.goto(self.url)
        page.get_by_label("Cuenta", exact=True).fill(self.account)
        page.get_by_label("Contraseña").fill(password)
        page.get_by_role("button", name="Continuar").click()
        page.get_by_label("Código de seis cifras").fill(self.present_code())
        page.get_by_role("button", name="Entrar", exact=True).click()
        self.is_in()

    def sign_in_with_passkey(self) -> None:
        """One button."""
        self.page.goto(self.url)
        self.page.get_by_role("button", name="Entrar con llave de acceso").click()
        self.is_in()

    def is_in(self) -> None:
        """Wait for the list of cases; a further browser takes the demo's key of its person."""
        asks = self.page.get_by_role("button", name="En la demostración: usar la llave")
        # A new device waits for its place in the log.
        online = self.page.get_by_text("En línea").first
        expect(online.or_(asks).first).to_be_visible(timeout=SLOW)
        if asks.is_visible():
            asks.click()
        expect(online).to_be_visible(timeout=SLOW)
        expect(self.page.get_by_role("heading", name="Expedientes", level=1)).to_be_visible()

    def sign_out(self) -> None:
        """End the session."""
        self.page.get_by_role("button", name="Cerrar sesión").first.click()
        expect(self.page.get_by_role("button", name="Entrar con llave de acceso")).to_be_visible()

    def plug_in_authenticator(self) -> None:
        """Give the browser a virtual passkey device that verifies its user."""
        cdp = self.context.new_cdp_session(self.page)
        cdp.send("WebAuthn.enable")
        self.authenticator = cdp
        plugged = cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        self.authenticator_id: str = plugged["authenticatorId"]

    def add_passkey(self, name: str) -> None:
        """Register a passkey under Cuenta."""
        page = self.page
        page.get_by_role("link", name="Cuenta").first.click()
        page.get_by_label("Nombre de la llave nueva").fill(name)
        page.get_by_role("button", name="Agregar llave de acceso").click()
        expect(page.get_by_text(name)).to_be_visible()

    def open_case(self, states: list[str], title: str) -> str:
        """Open a case file that `states` have joined, and return its reference."""
        reference = self.propose_case(states, title)
        joined(self.url, reference)
        proposed = self.page.get_by_role("list", name="Estados propuestos")
        expect(proposed).to_have_count(0, timeout=SLOW)
        return reference

    def propose_case(self, states: list[str], title: str) -> str:
        """Open a case file, proposed to `states`, and return its reference."""
        page = self.page
        page.get_by_role("link", name="Expedientes").first.click()
        page.get_by_role("button", name="Abrir expediente").first.click()
        dialog = page.get_by_role("dialog")
        for state in states:
            dialog.get_by_role("checkbox", name=re.compile(state)).check()
        dialog.get_by_label("Título").fill(title)
        dialog.get_by_role("button", name="Abrir expediente").click()
        expect(page.get_by_text(title).first).to_be_visible()
        page.wait_for_url(re.compile(r"/expedientes/[A-Z]{2}-\d{4}-\d+"))
        found = re.search(r"[A-Z]{2}-\d{4}-\d+", page.url)
        assert found is not None
        return found[0]

    def open_thread(self, name: str) -> None:
        """Open a thread in the case on screen."""
        page = self.page
        page.get_by_role("button", name="Abrir hilo").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Nombre del hilo").fill(name)
        dialog.get_by_role("button", name="Abrir hilo").click()
        expect(dialog).to_be_hidden()  # the record is drawn behind it a moment earlier
        expect(page.get_by_role("heading", name=name)).to_be_focused()  # nor left at the button

    def go_to(self, reference: str, thread: str) -> None:
        """Open a case from the list, then one of its threads."""
        page = self.page
        page.get_by_role("link", name="Expedientes").first.click()
        page.get_by_role("link", name=reference).first.click()
        page.get_by_role("link", name=thread).first.click()
        expect(page.get_by_role("heading", name=thread)).to_be_visible()

    def write(self, text: str) -> None:
        """Type a message, send it, and confirm the readers if they have changed."""
        page = self.page
        page.get_by_label("Mensaje cifrado").fill(text)
        page.get_by_role("button", name="Enviar", exact=True).click()
        confirm = page.get_by_role("button", name=re.compile("Confirmar y enviar"))
        shown = self.article(text)
        expect(confirm.or_(shown).first).to_be_visible()
        if confirm.is_visible():
            confirm.click()
        expect(shown).to_have_count(1)

    def act(self, text: str, name: str) -> None:
        """Open the acts of a message and do one of them, without a pointer."""
        article = self.article(text).first
        more = article.get_by_role("button", name="Acciones", exact=True)
        expect(more).to_be_visible()
        if more.get_attribute("aria-expanded") == "false":
            more.press("Enter")
        article.get_by_role("button", name=name, exact=True).press("Enter")

    def article(self, text: str, page: Page | None = None) -> Locator:
        """The record whose text is exactly this."""
        return (page or self.page).get_by_role("article").filter(has_text=text)

    def reads(self, text: str, page: Page | None = None) -> None:
        """Wait until a message is on screen, once."""
        expect(self.article(text, page)).to_have_count(1)

    def texts(self, page: Page | None = None) -> list[str]:
        """Return the message texts on screen, in order."""
        found: list[str] = (page or self.page).locator("article p.text").all_inner_texts()
        return [text.strip() for text in found]

    def add_person(self, name_part: str, *, thread: str | None = None) -> str:
        """Let somebody in through the dialog; return the sentence that was shown before the act."""
        page = self.page
        page.get_by_role("button", name="Agregar persona").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name=re.compile(name_part)).check()
        if thread is not None:
            box = dialog.get_by_role("checkbox", name=thread)
            box.check()
        dialog.get_by_role("button", name="Continuar").click()
        sentence = dialog.inner_text()
        add = dialog.get_by_role("button", name=re.compile("^Agregar a"))
        add.click()
        # The keyboard stays somewhere while it waits.
        assert page.evaluate("document.activeElement !== document.body")
        expect(dialog).to_be_hidden(timeout=SLOW)  # it waits for the log's proof
        return sentence

    def remove_person(self, name_part: str) -> None:
        """Shut somebody out of the whole case through the dialog."""
        page = self.page
        page.get_by_role("button", name=re.compile(f"Quitar a .*{name_part}")).first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name=re.compile("^Quitar de"))).to_be_visible()
        whole = dialog.get_by_role("radio", name="Quitar del expediente")
        if whole.is_visible():
            whole.check()
        dialog.get_by_role("button", name="Quitar del expediente").click()
        expect(dialog).to_be_hidden(timeout=SLOW)

    def name(self) -> str:
        """Return the display name of the person signed in, from the session."""
        found: str = self.page.evaluate(
            "async () => (await (await fetch('/api/session')).json()).person.name"
        )
        return found
