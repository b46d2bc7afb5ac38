"""A person who drafts a request: the verbs of the drafting page, in any of its languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser import wording
from tests.browser.actors import SLOW, Prosecutor
from tests.browser.hands import Hands, Keys, Mouse
from tests.browser.wording import Words

FIELDS_IN_ORDER = """(section) => [...section.querySelectorAll("[id^='f-'][id$='-label']")]
  .map((one) => one.id.slice(2, -6))"""
# The rules run 150 ms after an edit, and what they found is drawn then.
RULES_HAVE_RUN = """() => new Promise((done) =>
  setTimeout(() => requestAnimationFrame(() => setTimeout(done)), 200))"""
Draft = Mapping[str, Any]


def at(pointer: str) -> str:
    """Return the selector of what answers a question."""
    return f'[id="f-{pointer}"]'


class Drafter:
    """Drafts requests in a language, by mouse or by keyboard."""

    def __init__(self, person: Prosecutor, language: str = "es", *, keyboard: bool = False) -> None:
        self.person, self.page, self.t = person, person.page, Words(language)
        self.hands: Hands = Keys(self.page) if keyboard else Mouse(self.page)
        self.keyboard = keyboard

    # --- where things are

    def button(self, key: str, within: Locator | None = None, **given: str) -> Locator:
        """Return the button with these words."""
        return (within or self.page).get_by_role("button", name=self.t(key, **given), exact=True)

    def go(self, key: str) -> None:
        """Follow a link of the page's frame or of the request's head."""
        self.hands.press(self.page.get_by_role("link", name=self.t(key)).first)

    def speak(self) -> None:
        """Choose the language of the interface under the account."""
        page = self.page
        page.get_by_role("link", name="Cuenta").first.click()
        page.get_by_label({"fr": "Français", "en": "English"}[self.t.language]).first.check()
        expect(page.get_by_role("heading", name=self.t("nav.account"), level=1)).to_be_visible()

    # --- a new request

    def new_request(self, reference: str, state: str, need: str, measure: str, title: str) -> str:
        """Say what is needed, take the measure that is suggested, and return the request's id."""
        page, hands = self.page, self.hands
        self.go("nav.requests")
        expect(page.get_by_role("heading", name=self.t("requests.title"), level=1)).to_be_focused()
        if self.keyboard:
            page.keyboard.press("n")
        else:
            self.button("newRequest.open").click()
        dialog = page.get_by_role("dialog")
        case = dialog.get_by_label(self.t("newRequest.case"), exact=True)
        chosen = case.locator("option").filter(has_text=reference)
        hands.choose(case, chosen.get_attribute("value") or "")
        hands.choose(dialog.get_by_label(self.t("newRequest.state"), exact=True), state)
        hands.write(dialog.get_by_label(self.t("newRequest.need"), exact=True), need)
        label = self.t.said(wording.measure(measure)["label"])
        suggested = dialog.get_by_role("group", name=self.t("newRequest.suggested"))
        hands.tick(suggested.get_by_role("checkbox", name=label))
        hands.write(dialog.get_by_label(self.t("newRequest.name"), exact=True), title)
        hands.press(self.button("newRequest.do", dialog))
        page.wait_for_url(re.compile(r"/solicitudes/[0-9a-f-]{36}"))
        self.edits()
        return page.url.split("/solicitudes/")[1].split("/")[0]

    def edits(self) -> None:
        """Wait until the turn is this person's."""
        expect(self.page.get_by_text(self.t("turn.youEdit"), exact=True)).to_be_visible()

    # --- answers

    def open_section(self, name: str) -> None:
        """Go to a section of the form."""
        title = self.heading(name)
        nav = self.page.get_by_role("navigation", name=self.t("request.sections"), exact=True)
        link = nav.locator(f'a[href$="/{name}"]')
        step = self.page.get_by_role("navigation", name=self.t("form.steps")).locator(
            f'a[href$="/{name}"]'
        )
        # By keyboard the way on is the link below the section, where one has come to.
        self.hands.press(step if self.keyboard and step.count() else link)
        expect(title).to_be_visible()

    def heading(self, name: str) -> Locator:
        """Return the heading of a section."""
        return self.page.locator(f'[id="s-{name}"]')

    def shown(self, pointer: str) -> Locator:
        """Return what answers a question, unfolded if it was folded away."""
        place = self.page.locator(at(pointer))
        fold = self.page.locator("section details").filter(has=place).locator("> summary")
        # Twice at most: the page opens what a rule finds wanting by itself, and if that happens
        # just before the press, the press closes it, as it would for anybody.
        for _ in range(2):
            if not place.is_visible():
                self.hands.press(fold.last)
                self.page.wait_for_timeout(300)
        expect(place).to_be_visible()
        return place

    def answer(self, pointer: str, value: Any, kind: str) -> None:
        """Answer one question of the section on screen."""
        hands, place = self.hands, self.shown(pointer)
        match kind:
            case "date":
                hands.date(place, value)
            case "period":
                for edge, day in zip(("from", "to"), place.locator("input").all(), strict=True):
                    hands.date(day, value[edge])
            case "list":
                hands.write(place, "\n".join(value))
            case "choices":
                self._tick_all(pointer, place, value)
            case "choice" | "yes_no":
                if place.evaluate("(one) => one.tagName") == "SELECT":
                    hands.choose(place, value)
                else:
                    hands.tick(place.locator(f'input[value="{value}"]'))
            case _:
                hands.write(place, str(value))

    def _tick_all(self, pointer: str, place: Locator, values: list[str]) -> None:
        field = wording.field_at(pointer, self._measures())
        labels = {one["value"]: self.t.said(one["label"]) for one in field["options"]}
        for value in values:
            self.hands.tick(place.get_by_label(labels[value], exact=True))

    def _measures(self) -> list[str]:
        kinds = self.page.locator('select[id^="f-measures."][id$=".type"]').all()
        return [one.input_value() for one in kinds]

    def fill_pair(self, draft: Draft) -> None:
        """Give the day whose law is applied."""
        expect(self.page.locator(at("requested_state"))).to_have_value(draft["requested_state"])
        expect(self.page.locator(at("language"))).to_have_value(draft["language"])
        self.hands.date(self.page.locator(at("law_date")), draft["law_date"])

    def fill_section(self, name: str, answers: Any) -> None:
        """Answer all that the draft answers of a section, in the order of the page."""
        self.open_section(name)
        if name == "judgement":
            self._judge(answers)
        elif isinstance(answers, list):
            for number, item in enumerate(answers):
                self._fill_item(name, number, dict(item))
        else:
            self._fill({f"{name}.{key}": value for key, value in answers.items()})

    def _fill_item(self, name: str, number: int, item: dict[str, Any]) -> None:
        card = self.page.locator(f'[data-item="{name}.{number}"]')
        if name == "legal_basis":
            number = self.adopt(item.pop("instrument"), number)
        elif not card.is_visible():
            label = wording.section(name).get("item_label") or wording.section(name)["label"]
            self.hands.press(self.button("form.add", item=self.t.said(label)))
            expect(card).to_be_visible()
        if name == "measures":
            kind = self.page.locator(at(f"measures.{number}.type"))
            if kind.input_value() != item["type"]:
                self.hands.choose(kind, item["type"])
            del item["type"]
            own = item.pop("fields", {})
            item |= {f"fields.{key}": value for key, value in own.items()}
        self._fill({f"{name}.{number}.{key}": value for key, value in item.items()})

    def _fill(self, answers: dict[str, Any]) -> None:
        order = self.page.locator("section.form").evaluate(FIELDS_IN_ORDER)
        for pointer in sorted(answers, key=order.index):
            kind = wording.field_at(pointer, self._measures())["kind"]
            self.answer(pointer, answers[pointer], kind)

    def _judge(self, answers: Mapping[str, Any]) -> None:
        """Answer the questions that the page raises for this draft, one after the other."""
        self._let_rules_run()  # it knows which once they have
        for key, value in answers.items():
            field = wording.field_at(f"judgement.{key}", [])
            label = self.t.said(field["label"])
            button = self.page.locator("section.form ol").get_by_role("button", name=label)
            if not button.count():
                continue  # no rule asks this of such a request
            self.hands.press(button)
            self.answer(f"judgement.{key}", value, field["kind"])

    def _let_rules_run(self) -> None:
        """Wait as long as they do after an edit, by the page's own clock too: it may be late."""
        self.page.wait_for_timeout(400)
        self.page.evaluate(RULES_HAVE_RUN)

    def let_in(self, *names: str) -> None:
        """Let people of the same State into the draft, by the dialog of its readers."""
        self.page.get_by_role("button", name=re.compile(r"^Lee(n)? \d+ persona")).click()
        dialog = self.page.get_by_role("dialog")
        for name in names:
            dialog.get_by_role("radio", name=name).check()
            dialog.get_by_role("button", name="Agregar a").click()
            reads = dialog.get_by_role("button", name=re.compile(f"Quitar.*{re.escape(name)}"))
            expect(reads).to_be_visible(timeout=SLOW)
            expect(dialog.get_by_role("radio", name=name)).to_have_count(0)
        dialog.get_by_role("button", name=self.t("dialog.close")).first.click()

    # --- the legal basis

    def proposed(self) -> list[tuple[str, str]]:
        """Return the treaties proposed, each with its reason and article, best first."""
        group = self.page.get_by_role("group", name=self.t("proposal.title"))
        items = group.locator("> ul > li").all()
        return [
            (one.locator("strong").inner_text(), one.locator("p.meta").inner_text())
            for one in items
        ]

    def adopt(self, instrument: str, number: int) -> int:
        """Take a proposed treaty into the draft."""
        title = self.t.said(wording.instrument(instrument)["title"])
        group = self.page.get_by_role("group", name=self.t("proposal.title"))
        button = group.get_by_role("button", name=title)
        self.hands.press(button)
        kind = self.page.locator(at(f"legal_basis.{number}.instrument"))
        expect(kind).to_have_value(instrument)
        return number

    # --- the checklist

    def failing(self) -> list[str]:
        """Return the rules that the checklist shows as not met, once it has caught up."""
        self._let_rules_run()
        rows = self.page.locator("aside li.failed").all()
        return sorted({self._rule(one.get_attribute("id") or "") for one in rows})

    def blocking(self) -> list[str]:
        """Return those of them that block."""
        known = wording.rules()
        return [one for one in self.failing() if known[one]["severity"] == "blocks"]

    def _rule(self, row: str) -> str:
        name = row.removeprefix("r-")
        return name if name in wording.rules() else name.rsplit("-", 1)[0]

    def mark_ready(self) -> None:
        """Go to the pre-screening and mark the request as ready."""
        self.go("request.review")
        self.hands.press(self.button("ready.do"))
        self.hands.press(self.button("sign.doReady", self.page.get_by_role("dialog")))
        expect(self.page.get_by_role("heading", name=self.t("ready.is"))).to_be_visible()
        expect(self.page.locator("header").get_by_text(self.t("request.ready"))).to_be_visible()
