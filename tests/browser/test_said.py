"""What two prosecutors do to the messages of a thread, by keyboard alone, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_screens import LOOKS, violations

SitDown = Callable[..., Prosecutor]
KEPT = "Borrador guardado en este equipo"
ASKS = "Remita el acta antes del **12/03/2026**:\n- original\n- copia https://corte.example/acta"


def composer(page: Page) -> Locator:
    return page.get_by_label("Mensaje cifrado")


def say(person: Prosecutor, text: str, shown: str | None = None) -> None:
    """Type and send by keyboard; the question on who reads is answered by keyboard, too."""
    page = person.page
    composer(page).focus()
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name=re.compile("Confirmar y enviar"))
    message = person.article(shown or text)
    expect(confirm.or_(message).first).to_be_visible()
    if confirm.is_visible():
        expect(confirm).to_be_enabled()
        confirm.press("Enter")
    expect(message.first).to_be_visible()


def clean(person: Prosecutor, screen: str) -> None:
    """Axe in every look, a picture of each."""
    page = person.page
    for look, options in LOOKS.items():
        page.emulate_media(color_scheme=options["color_scheme"])
        page.set_viewport_size(options["viewport"])
        page.wait_for_timeout(300)  # ms: fades are over
        assert violations(page) == [], (screen, look)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (screen, look, wide)
        person.shot(f"said-{screen}-{look}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestWhatIsDoneToMessages:
    """Quote, edit, mention, acknowledge, pin, withdraw; each seen by the other one."""

    def test_by_keyboard_between_two_people(self, sit_down: SitDown) -> None:
        ana = sit_down("sv.enlace1", permissions=["clipboard-read", "clipboard-write"])
        boris = sit_down("mx.enlace1")
        self._chooses_somebody_of_the_demo(ana)
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Traslado")
        name = boris.name()
        ana.add_person(name, thread="Traslado")
        boris.go_to(reference, "Traslado")
        expect(composer(boris.page)).to_be_visible(timeout=SLOW)

        self._asks_and_acknowledges(ana, boris)
        self._quotes_and_follows(ana, boris)
        self._points_to_messages_cases_and_days(ana, boris, reference)
        self._mentions(ana, boris, name)
        self._edits(ana, boris)
        self._pins(ana, boris)
        self._writes(ana, boris, name)
        self._unpins(ana, boris)
        self._withdraws(ana, boris)
        clean(boris, "withdrawn")
        self._waits_in_the_inbox(ana, boris)
        self._resolves_and_reopens(ana, boris)
        self._goes_from_unread_to_unread(ana, boris, name, reference)
        assert ana.complaints == boris.complaints == []

    def _chooses_somebody_of_the_demo(self, ana: Prosecutor) -> None:
        """The keyboard goes to who was chosen, and back to the list."""
        page = ana.page
        page.goto(ana.url)
        page.get_by_role("button", name=re.compile("^Elegir a")).first.press("Enter")
        expect(page.locator("[data-chosen]")).to_be_focused()
        page.get_by_role("button", name="Elegir a otra persona").press("Enter")
        expect(page.get_by_label("Buscar persona o Estado")).to_be_focused()

    def _asks_and_acknowledges(self, ana: Prosecutor, boris: Prosecutor) -> None:
        page = ana.page
        page.get_by_label("Pedir acuse de recibo").press("Space")
        say(ana, ASKS, "Remita el acta")
        asked = boris.article("Remita el acta")
        expect(asked.locator("strong", has_text="12/03/2026")).to_be_visible()
        expect(asked.get_by_role("listitem").filter(has_text="original")).to_be_visible()
        expect(asked.get_by_text("0 de 1")).to_be_visible()
        link = asked.get_by_role("button", name=re.compile(r"lleva a corte\.example"))
        link.press("Enter")
        dialog = boris.page.get_by_role("dialog")
        expect(dialog.get_by_text("https://corte.example/acta")).to_be_visible()
        clean(boris, "link")
        boris.page.keyboard.press("Escape")
        asked.get_by_role("button", name="Acusar recibo").press("Enter")
        told = boris.page.get_by_role("status")
        expect(told.get_by_text("Acuse de recibo en camino")).to_be_visible()
        expect(asked.locator("summary")).to_be_focused()
        for person in (ana, boris):
            given = person.article("Remita el acta").get_by_text("1 de 1 ha acusado recibo")
            expect(given).to_be_visible()
        ana.article("Remita el acta").get_by_text("1 de 1 ha acusado recibo").click()
        expect(ana.article("Remita el acta").get_by_text(f"{boris.name()} (MX)")).to_be_visible()

    def _quotes_and_follows(self, ana: Prosecutor, boris: Prosecutor) -> None:
        boris.act("Remita el acta", "Responder con cita")
        expect(composer(boris.page)).to_be_focused()
        say(boris, "La remito mañana")
        answer = ana.article("La remito mañana")
        expect(answer.locator("blockquote")).to_contain_text("Remita el acta")
        answer.get_by_role("link", name=re.compile("^Mensaje de")).press("Enter")
        expect(ana.page.locator("article.sought")).to_contain_text("Remita el acta")
        expect(ana.page.locator("article.sought")).to_be_focused()
        ana.page.wait_for_url(re.compile(r"\?mensaje=\d+$"))
        # the address alone leads there, too
        ana.page.reload()
        expect(ana.page.locator("article.sought")).to_be_visible(timeout=SLOW)

    def _points_to_messages_cases_and_days(
        self, ana: Prosecutor, boris: Prosecutor, reference: str
    ) -> None:
        page = ana.page
        ana.act("La remito mañana", "Copiar enlace")
        expect(page.get_by_text("Enlace al mensaje copiado")).to_be_visible()
        composer(page).focus()
        page.keyboard.press("ControlOrMeta+v")
        expect(composer(page)).to_have_value(
            re.compile(rf"^{ana.url}/expedientes/{reference}/hilos/.+\?mensaje=\d+$")
        )
        say(ana, f" de {reference}, hasta el 1 de abril de 2026", "hasta el 1 de abril")
        for person in (ana, boris):
            said = person.article("hasta el 1 de abril")
            day = said.locator("time[datetime='2026-04-01']")
            expect(day).to_have_text("1 de abril de 2026")
            to_case = said.get_by_role("link", name=reference, exact=True)
            expect(to_case).to_have_attribute("href", f"/expedientes/{reference}")
        said = ana.article("hasta el 1 de abril")
        said.get_by_role("link", name=re.compile(r"\?mensaje=")).press("Enter")
        expect(page.locator("article.sought")).to_contain_text("La remito mañana")

    def _mentions(self, ana: Prosecutor, boris: Prosecutor, name: str) -> None:
        page = ana.page
        composer(page).focus()
        page.keyboard.type(f"Gracias, @{name[:3]}")
        expect(page.get_by_role("list", name="Personas que leen este hilo")).to_be_visible()
        page.keyboard.press("Enter")
        expect(composer(page)).to_have_value(f"Gracias, @{name} ")
        page.keyboard.press("Enter")
        said = boris.article(f"@{name}")
        expect(said.locator(".mention.me")).to_have_text(f"@{name}")
        expect(said.get_by_text("le menciona")).to_be_visible()

    def _edits(self, ana: Prosecutor, boris: Prosecutor) -> None:
        say(boris, "La audiencia es a las 9")
        boris.act("La audiencia es a las 9", "Editar")
        field = boris.page.get_by_label("Nuevo texto del mensaje")
        expect(field).to_be_focused()
        field.press("ControlOrMeta+a")
        boris.page.keyboard.insert_text("La audiencia es a las 10")
        expect(boris.page.get_by_text(KEPT)).to_be_visible()
        boris.page.reload()  # what is half written goes on, and says of which message
        expect(field).to_have_value("La audiencia es a las 10", timeout=SLOW)
        field.press("Enter")
        edited = ana.article("La audiencia es a las 10")
        expect(edited.get_by_text("editado")).to_be_visible()
        edited.get_by_role("button", name="Ver versiones").press("Enter")
        dialog = ana.page.get_by_role("dialog")
        expect(dialog.get_by_text("La audiencia es a las 9", exact=True)).to_be_visible()
        clean(ana, "versions")
        ana.page.keyboard.press("Escape")
        # nobody else is offered to edit it
        edited.get_by_role("button", name="Acciones", exact=True).press("Enter")
        expect(edited.get_by_role("button", name="Responder con cita")).to_be_visible()
        expect(edited.get_by_role("button", name="Editar")).to_have_count(0)

    def _pins(self, ana: Prosecutor, boris: Prosecutor) -> None:
        edited = ana.article("La audiencia es a las 10")
        edited.get_by_role("button", name="Fijar", exact=True).press("Enter")
        dialog = ana.page.get_by_role("dialog")
        dialog.get_by_label("Para qué se fija").fill("Hora de la audiencia")
        ana.page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        for person in (ana, boris):
            expect(person.page.get_by_text("fijó un mensaje")).to_be_visible()
            pins = person.page.get_by_text("1 mensaje fijado")
            pins.press("Enter")
            expect(person.page.get_by_text("Hora de la audiencia")).to_be_visible()

    def _writes(self, ana: Prosecutor, boris: Prosecutor, name: str) -> None:
        page = boris.page
        writes = ana.page.get_by_text(f"{name} está escribiendo…")
        composer(page).focus()
        page.keyboard.type("Lo confirmo")
        expect(writes).to_be_visible()
        clean(ana, "thread")
        expect(writes).to_have_count(0, timeout=10_000)  # ms: it lasts eight seconds
        page.keyboard.type(" hoy")
        expect(writes).to_be_visible()
        expect(page.get_by_text("escribiendo…")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(ana.article("Lo confirmo hoy")).to_be_visible()
        expect(writes).to_have_count(0)
        # whoever does not want it told is not told of, after a reload either
        quiet = page.get_by_label("No decir que escribo en este hilo")
        quiet.press("Space")
        expect(quiet).to_be_checked()
        page.reload()
        expect(quiet).to_be_checked(timeout=SLOW)
        composer(page).focus()
        page.keyboard.type("Nada")
        expect(page.get_by_text(KEPT)).to_be_visible()
        expect(writes).to_have_count(0)
        composer(page).press("ControlOrMeta+a")
        page.keyboard.press("Delete")

    def _unpins(self, ana: Prosecutor, boris: Prosecutor) -> None:
        boris.act("La audiencia es a las 10", "Dejar de fijar")
        for person in (ana, boris):
            expect(person.page.get_by_text("dejó de fijar un mensaje")).to_be_visible()
            expect(person.page.get_by_text("1 mensaje fijado")).to_have_count(0)
            expect(person.page.get_by_text("Hora de la audiencia")).to_have_count(0)

    def _withdraws(self, ana: Prosecutor, boris: Prosecutor) -> None:
        ana.act("Remita el acta", "Retirar")
        dialog = ana.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Retirar mensaje").press("Enter")
        status = ana.page.get_by_role("status")
        expect(status.get_by_text("Mensaje retirado")).to_be_visible()
        expect(status.get_by_text("Retiro del mensaje en camino")).to_have_count(0)
        expect(ana.page.locator("article:focus")).to_contain_text("Retirado por")
        for person in (ana, boris):
            expect(person.page.get_by_text("Retirado por")).to_be_visible()
            answer = person.article("La remito mañana")
            expect(answer.get_by_text("El mensaje citado fue retirado.")).to_be_visible()
            expect(person.page.get_by_text("corte.example")).to_have_count(0)

    def _waits_in_the_inbox(self, ana: Prosecutor, boris: Prosecutor) -> None:
        page = boris.page
        composer(page).focus()
        page.keyboard.insert_text("Lo consulto")
        expect(page.get_by_text(KEPT)).to_be_visible()
        page.get_by_role("link", name="Bandeja").first.press("Enter")
        expect(page.get_by_role("heading", name="Bandeja", level=1)).to_be_focused()
        ana.page.get_by_label("Pedir acuse de recibo").press("Space")
        say(ana, "Confirme la hora")
        calls = page.get_by_role("region", name="Urgente, le nombran o esperan su acuse")
        expect(calls.get_by_text("pide acuse de recibo")).to_be_visible()
        unread = page.get_by_role("region", name="Sin leer, por expediente")
        expect(unread.get_by_role("link", name="Traslado")).to_be_visible()
        drafts = page.get_by_role("region", name="Escrito y sin enviar")
        expect(drafts.get_by_role("link", name="Traslado")).to_be_visible()
        clean(boris, "inbox")
        page.get_by_role("radio", name="Sin leer (1)").press("Space")
        expect(calls.or_(drafts)).to_have_count(0)
        expect(unread.get_by_role("link", name="Traslado")).to_be_visible()
        page.get_by_role("radio", name="Con plazo (1)").press("Space")
        dates = page.get_by_role("region", name="Plazos cercanos")
        row = dates.get_by_role("link", name="Avisos sin acuse de su Estado")
        expect(row.locator("time")).to_be_visible()
        expect(calls.or_(drafts).or_(unread)).to_have_count(0)
        page.get_by_role("radio", name="Todo").press("Space")
        page.get_by_role("heading", name="Bandeja", level=1).focus()
        page.keyboard.press("j")
        expect(calls.get_by_role("link")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("article.sought")).to_contain_text("Confirme la hora")
        asked = boris.article("Confirme la hora")
        asked.get_by_role("button", name="Acusar recibo").press("Enter")
        expect(asked.get_by_text("1 de 1 ha acusado recibo")).to_be_visible()
        expect(composer(page)).to_have_value("Lo consulto")
        say(boris, ", y le digo", "Lo consulto, y le digo")
        page.get_by_role("link", name="Bandeja").first.press("Enter")
        expect(calls.or_(unread).or_(drafts)).to_have_count(0)

    def _resolves_and_reopens(self, ana: Prosecutor, boris: Prosecutor) -> None:
        ana.page.get_by_role("button", name="Resolver", exact=True).press("Enter")
        dialog = ana.page.get_by_role("dialog")
        lacking = dialog.get_by_text("Escriba el motivo")
        ana.page.keyboard.press("Enter")  # no reason yet: it is asked for, and nothing is lost
        expect(lacking).to_be_visible()
        dialog.get_by_label("Motivo").press_sequentially("Ya hay audiencia")
        expect(lacking).to_have_count(0)
        clean(ana, "resolving")
        dialog.get_by_label("Motivo").press("Enter")
        expect(dialog).to_be_hidden()
        expect(ana.page.get_by_text("Resuelto", exact=True).first).to_be_visible()
        page = boris.page
        page.get_by_role("radio", name="Resueltos (1)").press("Space")
        resolved = page.get_by_role("region", name="Hilos resueltos")
        expect(resolved.get_by_text("Ya hay audiencia")).to_be_visible()
        resolved.get_by_role("link").press("Enter")
        clean(boris, "resolved")
        page.get_by_role("button", name="Reabrir", exact=True).press("Enter")
        page.get_by_role("dialog").get_by_label("Motivo").fill("Se aplazó")
        page.keyboard.press("Enter")
        for person in (ana, boris):
            expect(person.page.get_by_text("reabrió el hilo")).to_be_visible()
            expect(person.page.get_by_role("button", name="Resolver", exact=True)).to_be_visible()

    def _goes_from_unread_to_unread(
        self, ana: Prosecutor, boris: Prosecutor, name: str, reference: str
    ) -> None:
        """By single keys, from within a thread; and what was read is made unread again."""
        page = boris.page
        ana.open_thread("Peritaje")
        ana.add_person(name, thread="Peritaje")
        say(ana, "Nombro al perito")
        unread = page.get_by_role("link", name=re.compile("^Peritaje.*sin leer"))
        expect(unread).to_be_visible(timeout=SLOW)
        page.get_by_role("heading", name="Traslado").focus()
        page.keyboard.press("j")
        expect(page.get_by_role("heading", name="Peritaje")).to_be_focused()
        boris.reads("Nombro al perito")
        page.keyboard.press("j")
        expect(page.get_by_text("No hay otro hilo sin leer.")).to_be_visible()
        expect(unread).to_have_count(0)

        boris.act("Nombro al perito", "No leído desde aquí")
        expect(page.get_by_text("El hilo queda como no leído")).to_be_visible()
        page.get_by_role("link", name="Bandeja").first.press("Enter")
        news = page.get_by_role("region", name="Sin leer, por expediente").get_by_role("link")
        expect(news).to_have_accessible_name(re.compile("^Peritaje 1 sin leer"))
        page.get_by_role("link", name="Expedientes").first.press("Enter")
        page.get_by_role("link", name=reference).first.press("Enter")
        expect(page.get_by_role("heading", name=reference)).to_be_focused()
        page.keyboard.press("k")
        expect(page.get_by_role("heading", name="Peritaje")).to_be_focused()
        boris.reads("Nombro al perito")
