"""The requests that are drafted from nothing until nothing blocks them, each in a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.rules.fixtures import fixtures

DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Journey:
    """Who asks whom for what, and what the page should say on the way."""

    file: str  # of tests/rules/drafts: what is answered, section by section
    account: str
    state: str  # the requested State's name, as the page for opening a case has it
    language: str  # of the interface and the draft
    need: str  # said in plain words
    first: str  # the treaty that is proposed first
    why: str  # key of the reason shown for it
    never: str  # a treaty that must not be offered for this pair

    @property
    def draft(self) -> dict[str, Any]:
        """What a lawyer answers, moved in time as a whole so that its law is today's."""
        draft = dict(next(one.draft for one in fixtures() if one.file == f"{self.file}.yaml"))
        days = date.today() - date.fromisoformat(draft["law_date"])  # noqa: DTZ011 - as the page's
        return dict(moved(draft, days))


def moved(answers: Any, days: timedelta) -> Any:
    """Return answers with every day in them so many days later."""
    if isinstance(answers, Mapping):
        return {key: moved(value, days) for key, value in answers.items()}
    if isinstance(answers, list):
        return [moved(value, days) for value in answers]
    if isinstance(answers, str) and DAY.fullmatch(answers):
        return (date.fromisoformat(answers) + days).isoformat()
    return answers


JOURNEYS = {
    "SV asks MX for bank records": Journey(
        "01-sv-mx-banco-limpia", "sv.enlace1", "México", "es", "movimientos de una cuenta de banco",
        "NASSAU-1992", "proposal.specialTreaty", "CA-MLAT-1993",
    ),
    "GT asks US for a videoconference": Journey(
        "03-gt-us-video-limpia", "gt.enlace1", "Estados Unidos", "es",
        "declarar por videoconferencia", "NASSAU-1992", "proposal.specialTreaty", "AIAMP-2018",
    ),
    "BZ asks DO, only the Convention binds both": Journey(
        "05-bz-do-solo-untoc-limpia", "bz.enlace1", "República Dominicana", "en",
        "copies of documents in a registry", "UNTOC-18", "proposal.noSpecialTreaty", "NASSAU-1992",
    ),
    "DO asks PA, which declared on dual criminality": Journey(
        "07-do-pa-declaracion-limpia", "do.enlace1", "Panamá", "es", "congelar un apartamento",
        "UNTOC-18", "proposal.noSpecialTreaty", "NASSAU-1992",
    ),
    "CA asks CR in French": Journey(
        "09-ca-cr-frances-limpia", "ca.enlace1", "Costa Rica", "fr", "entendre un témoin",
        "NASSAU-1992", "proposal.specialTreaty", "MEDELLIN-2019",
    ),
}  # fmt: skip
BY_KEYBOARD = "SV asks MX for bank records"
