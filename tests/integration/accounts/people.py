"""The directory's part, played by a table: who stands behind an account."""

from __future__ import annotations

from typing import Any

from casehub.core.actor import Actor

behind: dict[str, tuple[str, str, frozenset[str]]] = {}  # account: (person, state, roles)


def actor_behind(*, account: str, session: str, device: str | None) -> Actor | None:
    if account not in behind:
        return None
    person, state, roles = behind[account]
    return Actor(
        id=person,
        account=account,
        state=state,
        roles=roles,
        office="Fiscalía",
        session=session,
        device=device,
    )


def card_of(person: str) -> dict[str, Any]:
    state, roles = next((s, r) for p, s, r in behind.values() if p == person)
    return {
        "id": person,
        "name": "Ana Ficticia",
        "state": state,
        "office": "Fiscalía",
        "post": "Fiscal",
        "roles": sorted(roles),
        "languages": ["es"],
        "valid_until": None,
        "fictional": True,
    }
