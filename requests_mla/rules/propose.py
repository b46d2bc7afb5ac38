"""
What a request between two States could rest on, on a day, and why; nothing is decided here.

UNTOC 18(6)-(7): a treaty on mutual legal assistance that binds the two States governs their
requests, paragraphs 9 to 29 of article 18 giving way to it; the other paragraphs stand beside. The
Smuggling Protocol is cited with its Convention, a treaty on certain offences only for them.
frontend/src/rules/propose.ts is the same in TypeScript.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from . import law
from .book import Book, Instrument

_PRECEDENCE = "UNTOC 18(6)-(7)"
_BESIDE = "UNTOC 18(1)-(8), 18(30)"
_APPLIES = "UNTOC 18(7), 18(9)-(29)"
_ORDER = (
    "special_treaty",  # it governs: UNTOC 18(7)
    "no_special_treaty",  # so paragraphs 9 to 29 of UNTOC 18 apply
    "beside_special_treaty",  # what of UNTOC 18 does not give way
    "with_convention",  # a protocol, never alone
    "offence_category",  # only for some offences, and these are among them
    "kind_of_evidence",  # whatever the offence, but only for some evidence
    "offence_not_said",  # only for some offences, and the draft names none yet
    "status_unknown",  # whether it binds both is not established: ask
    "never_a_basis",  # a channel to talk through
)
_RELIED_ON = frozenset({"cite", "beside"})
_CONDITION = {True: "offence_category", False: "kind_of_evidence"}


@dataclass(frozen=True, slots=True)
class Basis:
    """
    An instrument and how it stands.

    `standing`: cite, beside (another), confirm (ask first whether it binds), or channel. `reason`
    is one of the keys above, `citation` what stands behind it.
    """

    instrument: str
    standing: str
    reason: str
    citation: str

    def as_json(self) -> dict[str, Any]:
        """Return it as the browser's engine writes it."""
        return {
            "instrument": self.instrument,
            "standing": self.standing,
            "reason": self.reason,
            "citation": self.citation,
        }


def bases(
    book: Book,
    requesting: str,
    requested: str,
    *,
    date: str,
    categories: Collection[str],
    measures: Collection[str] = (),
) -> list[Basis]:
    """
    Return what can be cited between two States on `date` (YYYY-MM-DD), the best first.

    `categories` of the offences and kinds of `measures`, as the draft has them; none yet: all are
    possible.
    """
    binding = {
        one.id: law.in_force(one, requesting, requested, date) for one in book.instruments.values()
    }
    special = any(binding[one.id] for one in book.instruments.values() if one.role == "mla")
    found = [
        _basis(one, binds=binding[one.id], special=special, said=bool(categories))
        for one in book.instruments.values()
        if binding[one.id] is not False
        and _apart(one, categories=categories, measures=measures) is None
    ]
    return sorted(found, key=lambda one: _ORDER.index(one.reason))


def excluded(
    book: Book,
    requesting: str,
    requested: str,
    *,
    date: str,
    categories: Collection[str],
    measures: Collection[str] = (),
) -> list[tuple[str, str]]:
    """Return the instruments that cannot be cited, each with the key of the reason."""
    found = []
    for one in book.instruments.values():
        if law.in_force(one, requesting, requested, date) is False:
            if one.kind != "bilateral":  # those are between others
                found.append((one.id, _why(one, requesting, requested, date)))
        elif reason := _apart(one, categories=categories, measures=measures):
            found.append((one.id, reason))
    return found


def proposal(
    book: Book,
    requesting: str,
    requested: str,
    *,
    date: str,
    categories: Collection[str],
    measures: Collection[str] = (),
) -> dict[str, Any]:
    """
    Return bases, what is excluded, and what the requested State wants; None: to be asked.

    `dual_criminality` is the requested State's own law, `dual_criminality_in` the bases that have
    an article on it, in the order of the bases.
    """
    asked: dict[str, Any] = {"date": date, "categories": categories, "measures": measures}
    cited = bases(book, requesting, requested, **asked)
    out = excluded(book, requesting, requested, **asked)
    state = book.states.get(requested)
    facts = state.facts if state else {}
    languages = facts.get("languages")
    own = state.central_authorities.get(cited[0].instrument) if state and cited else None
    return {
        "bases": [one.as_json() for one in cited],
        "excluded": [{"instrument": name, "reason": reason} for name, reason in out],
        "central_authority": own or facts.get("central_authority"),
        "languages": [languages] if isinstance(languages, str) else languages,
        "dual_criminality": facts.get("dual_criminality"),
        "dual_criminality_in": [
            one.instrument
            for one in cited
            if one.standing in _RELIED_ON and book.instruments[one.instrument].dual_criminality
        ],
        "death_penalty": facts.get("death_penalty"),
    }


def _apart(
    one: Instrument, *, categories: Collection[str], measures: Collection[str]
) -> str | None:
    """Return the key of why an instrument that may bind both is not for this request, or None."""
    if one.watched:
        return "watched"
    if one.categories and categories and not set(one.categories) & set(categories):
        return "other_offences"
    if one.measures and measures and not set(one.measures) & set(measures):
        return "other_measures"
    return None


def _basis(one: Instrument, *, binds: bool | None, special: bool, said: bool) -> Basis:
    if one.role == "channel":
        return Basis(one.id, "channel", "never_a_basis", one.citation)
    if binds is None:
        return Basis(one.id, "confirm", "status_unknown", one.citation)
    if one.role == "conditional" and one.categories and not said:
        return Basis(one.id, "confirm", "offence_not_said", one.citation)
    if one.role == "convention" and special:
        return Basis(one.id, "beside", "beside_special_treaty", _BESIDE)
    standing, reason, citation = {
        "mla": ("cite", "special_treaty", _PRECEDENCE),
        "convention": ("cite", "no_special_treaty", _APPLIES),
        "protocol": ("beside", "with_convention", one.citation),
        "conditional": ("cite", _CONDITION[bool(one.categories)], one.citation),
    }[one.role]
    return Basis(one.id, standing, reason, citation)


def _why(one: Instrument, requesting: str, requested: str, date: str) -> str:
    if law.bound(one, requesting, date) is False:
        return "requesting_not_party"
    return "requested_not_party" if law.bound(one, requested, date) is False else "not_in_force"
