"""Requests from an empty form until nothing blocks them, in a real browser over real servers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import wording
from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.drafter import Drafter
from tests.browser.hands import POINTED
from tests.browser.journeys import BY_KEYBOARD, JOURNEYS, Journey
from tests.browser.test_screens import violations

SitDown = Callable[..., Prosecutor]
TITLE = "Ruta de ensayo"


def begin(person: Prosecutor, journey: Journey, *, keyboard: bool = False) -> tuple[Drafter, str]:
    """Open the case; the drafter has the page in the journey's language from here on."""
    person.sign_in_with_code(PASSWORD)
    reference = person.open_case([journey.state], TITLE)
    drafter = Drafter(person, journey.language, keyboard=keyboard)
    if journey.language != "es":
        drafter.speak()
    return drafter, reference


def draft_whole(drafter: Drafter, journey: Journey, reference: str) -> str:
    """From nothing to a draft that nothing blocks; what the page says on the way is checked."""
    draft = journey.draft
    request = drafter.new_request(
        reference,
        draft["requested_state"],
        journey.need,
        draft["measures"][0]["type"],
        TITLE,
    )
    drafter.fill_pair(draft)
    assert drafter.blocking() != []
    for section in wording.sections():
        name = section["id"]
        if name == "legal_basis":
            drafter.open_section(name)
            is_proposed_rightly(drafter, journey)
        if name in draft:
            drafter.fill_section(name, draft[name])
    assert drafter.blocking() == []
    return request


def is_proposed_rightly(drafter: Drafter, journey: Journey) -> None:
    """What prevails comes first, with its reason; a treaty that does not bind is not there."""
    proposed = drafter.proposed()
    titles = [title for title, _ in proposed]
    assert titles[0] == drafter.t.said(wording.instrument(journey.first)["title"])
    assert drafter.t(journey.why) in proposed[0][1]
    assert drafter.t.said(wording.instrument(journey.never)["title"]) not in titles


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestJourney:
    """From an empty form until the request is ready."""

    @pytest.mark.parametrize("name", [one for one in JOURNEYS if one != BY_KEYBOARD])
    def test_leads_to_a_request_that_nothing_blocks(self, name: str, sit_down: SitDown) -> None:
        journey = JOURNEYS[name]
        drafter, reference = begin(sit_down(journey.account), journey)
        draft_whole(drafter, journey, reference)
        drafter.person.shot(f"journey-{journey.file[:8]}")
        drafter.mark_ready()
        assert drafter.person.complaints == []

    def test_can_be_gone_by_keyboard_alone(self, sit_down: SitDown) -> None:
        journey = JOURNEYS[BY_KEYBOARD]
        person = sit_down(journey.account)
        person.sign_in_with_code(PASSWORD)
        reference = person.open_case([journey.state], TITLE)
        person.page.evaluate(POINTED)
        drafter = Drafter(person, keyboard=True)
        draft_whole(drafter, journey, reference)
        drafter.mark_ready()
        assert person.page.evaluate("window.pointed") == 0
        assert person.complaints == []


@pytest.mark.browser
@pytest.mark.timeout(500)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestAReadyRequest:
    """Seen by whoever drafted it, by a colleague, and not by the other State."""

    def test_is_checked_again_by_a_colleague_and_hidden_from_the_other_state(
        self, sit_down: SitDown
    ) -> None:
        journey = JOURNEYS[BY_KEYBOARD]
        author, colleague = sit_down(journey.account), sit_down("sv.enlace2")
        mexican = sit_down("mx.enlace1")
        for person in (colleague, mexican):
            person.sign_in_with_code(PASSWORD)
        drafter, reference = begin(author, journey)
        for person in (colleague, mexican):
            author.add_person(person.name())
        request = draft_whole(drafter, journey, reference)
        drafter.let_in(colleague.name())

        author.page.reload()
        drafter.edits()
        assert drafter.blocking() == []
        for name in ("facts", "persons"):
            drafter.open_section(name)
            author.shot(f"request-{name}")
            assert violations(author.page) == []
        drafter.mark_ready()
        assert violations(author.page) == []
        author.shot("request-ready")

        theirs = colleague.page
        theirs.goto(f"{colleague.url}/solicitudes/{request}/revision")
        expect(theirs.get_by_text(drafter.t("attested.agrees"))).to_be_visible()
        colleague.shot("request-checked-again")
        foreign = mexican.page
        foreign.get_by_role("link", name=reference).first.click()  # in the case, and yet
        foreign.get_by_role("link", name="Solicitudes").first.click()
        expect(foreign.get_by_text(drafter.t("requests.none"))).to_be_visible()
        foreign.goto(f"{mexican.url}/solicitudes/{request}")
        expect(foreign.get_by_text(TITLE)).to_have_count(0)
        assert author.complaints == colleague.complaints == mexican.complaints == []
