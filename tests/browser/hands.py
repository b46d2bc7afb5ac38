"""How a person works the page: with a mouse, or with the keys alone."""

from __future__ import annotations

from typing import Any, Protocol

from playwright.sync_api import Locator, Page, expect

FURTHEST = 900  # stops of the Tab key on one page; more means that something cannot be reached
LONG = 60  # characters: longer texts are dictated or pasted
# Counts, in each page that is loaded, whatever is pointed at.
POINTED = """window.pointed = 0;
for (const kind of ["pointerdown", "mousedown", "touchstart"])
  addEventListener(kind, () => { window.pointed += 1; }, true);"""
# Where the keyboard is as seen from a place: 0 there, 1 before it, -1 behind it.
_WAY = """(goal) => {
  const here = document.activeElement;
  const own = (one) => one === here || (one.type === "radio" && here?.type === "radio"
    && one.name === here.name);
  if (own(goal)) return 0;
  if (here === null || here === document.body) return 1;
  return here.compareDocumentPosition(goal) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;
}"""


class Hands(Protocol):
    """The few things that hands do."""

    page: Page

    def press(self, button: Locator) -> None:
        """Press a button, follow a link, open a fold."""

    def write(self, place: Locator, text: str) -> None:
        """Replace a text."""

    def date(self, place: Locator, day: str) -> None:
        """Give a day as `2026-11-24`."""

    def choose(self, place: Locator, value: str) -> None:
        """Choose from a list that opens."""

    def tick(self, box: Locator) -> None:
        """Tick a box or one of several round buttons."""


class Mouse:
    """The quick way."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, button: Locator) -> None:
        button.click()

    def write(self, place: Locator, text: str) -> None:
        place.fill(text)

    def date(self, place: Locator, day: str) -> None:
        place.fill(day)

    def choose(self, place: Locator, value: str) -> None:
        place.select_option(value)

    def tick(self, box: Locator) -> None:
        box.check()


class Keys:
    """Tab, Enter, Space, arrows and letters; nothing is ever pointed at."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, goal: Locator) -> None:
        """Walk with Tab (or back) until the keyboard is there, as somebody who sees the page."""
        expect(goal).to_be_visible()
        handle = goal.element_handle()
        for _ in range(FURTHEST):
            way = self.page.evaluate(_WAY, handle)
            if way == 0:
                return
            self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
        message = f"no key leads to {goal}"
        raise AssertionError(message)

    def climb(self, goal: Locator) -> None:
        """Go up with the arrow, where the keyboard is on one of several in a row, to another."""
        handle = goal.element_handle()
        for _ in range(FURTHEST):
            if self.page.evaluate("(goal) => goal === document.activeElement", handle):
                return
            self.page.keyboard.press("ArrowUp")
        message = f"no arrow leads to {goal}"
        raise AssertionError(message)

    def press(self, button: Locator) -> None:
        self.reach(button)
        self.page.keyboard.press("Enter")

    def write(self, place: Locator, text: str) -> None:
        self.reach(place)
        keyboard = self.page.keyboard
        if place.input_value() != "":
            keyboard.press("ControlOrMeta+a")
        for number, line in enumerate(text.split("\n")):
            if number:
                keyboard.press("Enter")
            if len(line) > LONG:
                keyboard.insert_text(line)
            else:
                keyboard.type(line)

    def date(self, place: Locator, day: str) -> None:
        """Type the figures in the order in which this browser shows them."""
        year, month, date = day.split("-")
        self.reach(place)
        for figures in (f"{date}{month}{year}", f"{month}{date}{year}"):
            self.page.keyboard.type(figures)
            if place.input_value() == day:
                return
            for _ in range(3):  # back over day, month and year, and in again at the first part
                self.page.keyboard.press("Shift+Tab")
            self.reach(place)
        message = f"the day cannot be typed: {place.input_value()} instead of {day}"
        raise AssertionError(message)

    def choose(self, place: Locator, value: str) -> None:
        self.reach(place)
        values: list[str] = place.evaluate("(one) => [...one.options].map((o) => o.value)")
        now = values.index(place.input_value())
        goal = values.index(value)
        for _ in range(abs(goal - now)):
            self.page.keyboard.press("ArrowDown" if goal > now else "ArrowUp")
        expect(place).to_have_value(value)

    def tick(self, box: Locator) -> None:
        self.reach(box)
        if box.get_attribute("type") == "checkbox":
            self.page.keyboard.press("Space")
        else:
            self._turn_to(box)
        expect(box).to_be_checked()

    def _turn_to(self, box: Locator) -> None:
        """Choose one of several round buttons with the arrows."""
        values: list[list[Any]] = box.evaluate(
            "(one) => [...document.getElementsByName(one.name)].filter((o) => !o.disabled)"
            ".map((o) => [o === document.activeElement, o === one])"
        )
        here = next(i for i, (focused, _) in enumerate(values) if focused)
        goal = next(i for i, (_, wanted) in enumerate(values) if wanted)
        self.page.keyboard.press("Space")
        for _ in range(abs(goal - here)):
            self.page.keyboard.press("ArrowDown" if goal > here else "ArrowUp")
