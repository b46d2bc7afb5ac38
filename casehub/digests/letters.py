"""
What the e-mail says: that there is something new, and how much of each kind. Pure.

It names nobody, no State, no case, and leads to no page of either: whoever reads over a shoulder,
keeps the mailbox or steals it learns numbers (docs/notifications.md).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

Language = Literal["es", "en", "fr"]


@dataclass(frozen=True, slots=True)
class Counts:
    """
    What waits for somebody: messages not read, and urgent ones among them; letters not read.

    Then notices that their State has not acknowledged, acts that want their hand, and how many of
    these two have a term within seven days.
    """

    messages: int = 0
    urgent: int = 0
    letters: int = 0
    notices: int = 0
    hands: int = 0
    deadlines: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail that is about to be sent: which, to whom, what it counts."""

    mail: str
    address: str
    language: Language
    counts: Counts


_WORDS: dict[Language, dict[str, str]] = {
    "es": {
        "subject": "Hay novedades en CaseHub",
        "messages": "Mensajes sin leer: {}",
        "urgent": "De ellos, urgentes: {}",
        "letters": "Comunicaciones de solicitudes sin leer: {}",
        "notices": "Avisos de otros Estados sin acuse del suyo: {}",
        "hands": "Actos que esperan su intervención: {}",
        "deadlines": "Con plazo en los próximos siete días: {}",
        "enter": "Para verlas, entre en:",
        "why": (
            "Este correo solo lleva cifras y solo se envía cuando hay algo pendiente. Usted lo"
            " pidió en su cuenta; allí, con la sesión iniciada, puede cambiarlo o dejar de"
            " recibirlo. Nadie lee las respuestas."
        ),
    },
    "en": {
        "subject": "There is news in CaseHub",
        "messages": "Unread messages: {}",
        "urgent": "Urgent ones among them: {}",
        "letters": "Unread letters about requests: {}",
        "notices": "Notices from other States that yours has not acknowledged: {}",
        "hands": "Acts that wait for you: {}",
        "deadlines": "With a deadline in the next seven days: {}",
        "enter": "To see them, sign in at:",
        "why": (
            "This e-mail carries figures only and is sent only when something is waiting. You asked"
            " for it in your account; signed in, you can change it or stop it there. Nobody reads"
            " replies."
        ),
    },
    "fr": {
        "subject": "Il y a du nouveau dans CaseHub",
        "messages": "Messages non lus : {}",
        "urgent": "Dont urgents : {}",
        "letters": "Communications relatives aux demandes non lues : {}",
        "notices": "Avis d’autres États dont le vôtre n’a pas accusé réception : {}",
        "hands": "Actes qui attendent votre intervention : {}",
        "deadlines": "Avec une échéance dans les sept prochains jours : {}",
        "enter": "Pour les voir, connectez-vous à :",
        "why": (
            "Ce courriel ne contient que des chiffres et n’est envoyé que si quelque chose attend."
            " Vous l’avez demandé dans votre compte ; une fois connecté, vous pouvez l’y modifier"
            " ou ne plus le recevoir. Personne ne lit les réponses."
        ),
    },
}


def subject_of(language: Language) -> str:
    """Return the one sentence that is said outside the page."""
    return _WORDS[language]["subject"]


def text_of(counts: Counts, language: Language, *, site: str) -> str:
    """Return the e-mail's text: a line for each count that is not zero, and the site's address."""
    words = _WORDS[language]
    told = [(one.name, getattr(counts, one.name)) for one in fields(counts)]
    lines = [words[name].format(count) for name, count in told if count]
    parts = [words["subject"] + ".", "\n".join(lines), f"{words['enter']}\n{site}", words["why"]]
    return "\n\n".join(parts) + "\n"
