"""Signing moves as a browser does, and the people who make them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from casehub.core.actor import Actor
from requests_mla import policies, queries, services
from requests_mla.codes import Said
from requests_mla.models import Request
from requests_mla.statements import Moved
from requests_mla.states import Act, Stage
from tests.factories import Region, Someone, stamp

HASH = "ab" * 32


def official(region: Region, state: str) -> Someone:
    """Return an officer of a State's central authority whose identity key was vouched for."""
    someone = region.person(state, "central-authority")
    region.rekeyed(someone)
    region.session(someone)
    return someone


class Mover:
    """Moves one request, as whoever is named, now or at another time."""

    def __init__(self, request: UUID, now: datetime) -> None:
        self.request, self.now = request, now

    @property
    def row(self) -> Request:
        return Request.objects.get(id=self.request)

    @property
    def stage(self) -> str:
        return self.row.stage

    def signed(
        self, by: Someone, act: str, *, at: datetime | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Return a move as the service takes it; `changes` are fields of it or of `said`."""
        row, at = self.row, at or self.now
        moves = queries.moves_of(row)
        made: dict[str, Any] = {
            "client_id": uuid4(),
            "step": Act(act),
            "number": len(moves) + 1,
            "version": row.version,
            "digest": queries.digest_of_version(row),
            "on": at.date(),
            "issued": stamp(at),
        }
        made |= {name: changes.pop(name) for name in [*made] if name in changes}
        signer = changes.pop("signer", None)
        said = changes.pop("words", None) or Said(**changes)
        party = policies.Party(
            queries.party_of(by.actor, row).side, by.roles, stands_in=bool(said.proof)
        )
        arrow = policies.arrow_for(party, made["step"], Stage(row.stage), queries.steps_of(moves))
        moved = Moved(
            request=str(self.request),
            number=made["number"],
            act=act,
            before=row.stage,
            after=arrow.after.value if arrow else row.stage,
            version=made["version"],
            digest=made["digest"],
            on=made["on"].isoformat() if isinstance(made["on"], date) else made["on"],
            issued=made["issued"],
            said=said.as_json(),
        )
        central = "central-authority" in by.roles
        key = signer or (by.key if central else by.signing)
        return made | {"said": said, "signature": key.sign(moved.signed_bytes())}

    def move(self, by: Someone, act: str, *, at: datetime | None = None, **changes: Any) -> None:
        made = self.signed(by, act, at=at, **changes)
        self.send(by.actor, made, at=at)

    def send(self, actor: Actor, made: dict[str, Any], *, at: datetime | None = None) -> None:
        services.make_move(request_id=self.request, actor=actor, now=at or self.now, **made)


#  what each act says where nothing else is asked
USUAL: dict[str, dict[str, Any]] = {
    "ask-changes": {"rules": ("NO-HURRY",)},
    "transmit": {"channel": "paper", "language": "es"},
    "confirm": {"channel": "paper"},
    "ask-information": {"due": "2026-12-15"},
    "answer-part": {"measures": (0,)},
    "execute": {"measures": (0, 1), "evidence": (HASH,), "conditions": ("this-case-only",)},
    "postpone": {"codes": ("P01",), "consulted": True, "due": "2027-01-15"},
    "return": {"codes": ("D01",), "rules": ("NO-HURRY",)},
    "refuse": {"codes": ("R05",), "consulted": True},
    "withdraw": {"codes": ("no-longer-needed",)},
    "close": {"codes": ("useful",), "keep_until": "2031-11-24"},
}
