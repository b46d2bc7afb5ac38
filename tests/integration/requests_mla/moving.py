"""Signing moves as a browser does, and the people who make them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from casehub.core.actor import Actor
from requests_mla import codes, policies, queries, screening, services
from requests_mla.codes import Said
from requests_mla.models import Proposal, Request
from requests_mla.statements import Moved, Seconded, disclosed_digest
from requests_mla.states import Act, Side, Stage
from tests.factories import Region, Someone, stamp

HASH = "ab" * 32


def official(region: Region, state: str) -> Someone:
    """Return an officer of a State's central authority whose identity key was vouched for."""
    someone = region.person(state, "central-authority")
    region.rekeyed(someone)
    region.session(someone)
    return someone


class Mover:
    """
    Moves one request, as whoever is named, now or at another time.

    What takes two hands is confirmed at once by a colleague of whoever proposes it, whom `second`
    returns.
    """

    def __init__(
        self, request: UUID, now: datetime, *, second: Callable[[], Someone] | None = None
    ) -> None:
        self.request, self.now, self.second = request, now, second

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
        seen = queries.seen_by(queries.side_of(by.actor, row), row, moves)
        facts = changes.pop("facts", seen.disclosed)
        if act == "authorise":
            changes.setdefault("power", "statute")
        said = changes.pop("words", None) or Said(**changes)
        party = policies.Party(
            queries.party_of(by.actor, row).side,
            by.roles | by.functions,
            stands_in=bool(said.proof),
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
            disclosed=disclosed_digest(facts).hex(),
        )
        central = "central-authority" in by.roles
        key = signer or (by.key if central else by.signing)
        return made | {"said": said, "signature": key.sign(moved.signed_bytes())}

    def move(self, by: Someone, act: str, *, at: datetime | None = None, **changes: Any) -> None:
        made = self.signed(by, act, at=at, **changes)
        if self.second is not None and self.takes_two(by, made):
            self.propose(by.actor, made, at=at)
            self.confirm(self.second(), at=at)
            return
        self.send(by.actor, made, at=at)

    def takes_two(self, by: Someone, made: dict[str, Any]) -> bool:
        """Say whether a step takes a second hand, if it is any step at all."""
        row = self.row
        types, side = row.disclosed["measures"], queries.side_of(by.actor, row)
        said, known = made["said"], screening.mild()
        if any(one >= len(types) for one in said.measures):
            return False
        of = {"side": side, "state": Side.REQUESTED, "types": types, "mild": known}
        return codes.takes_two(made["step"], said, **of)

    def send(self, actor: Actor, made: dict[str, Any], *, at: datetime | None = None) -> None:
        services.make_move(request_id=self.request, actor=actor, now=at or self.now, **made)

    def propose(self, actor: Actor, made: dict[str, Any], *, at: datetime | None = None) -> None:
        services.propose_move(request_id=self.request, actor=actor, now=at or self.now, **made)

    def seconded(
        self, by: Someone, *, at: datetime | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Return the second hand under the newest proposal; `changes` are fields of it."""
        told: dict[str, Any] = {
            "number": 1,
            "step": HASH,
            "first": by.person,
            "signature": bytes(64),
            "issued": stamp(at or self.now),
        }
        for row in Proposal.objects.filter(request=self.request).order_by("-id")[:1]:
            told |= {"number": row.number, "step": row.step, "first": str(row.person_id)}
            told["signature"] = bytes(row.signature)
        signer = changes.pop("signer", None)
        signed = Seconded(request=str(self.request), **(told | changes))
        key = signer or (by.key if "central-authority" in by.roles else by.signing)
        return {
            "step": signed.step,
            "issued": signed.issued,
            "signature": key.sign(signed.signed_bytes()),
        }

    def confirm(self, by: Someone, *, at: datetime | None = None, **changes: Any) -> None:
        self.put(by.actor, self.seconded(by, at=at, **changes), at=at)

    def put(self, actor: Actor, hand: dict[str, Any], *, at: datetime | None = None) -> None:
        services.confirm_move(request_id=self.request, actor=actor, now=at or self.now, **hand)

    def decline(self, by: Someone, reason: str, *, at: datetime | None = None) -> None:
        steps = Proposal.objects.filter(request=self.request).order_by("-id")
        step = steps.values_list("step", flat=True).first() or HASH
        told = {"step": step, "reason": reason, "now": at or self.now}
        services.decline_move(request_id=self.request, actor=by.actor, **told)


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
    "refuse-part": {
        "codes": ("R02",),
        "consulted": True,
        "measures": (0,),
        "terms": "rest-accepted",
        "conditions": ("confidential",),
    },
    "refuse": {"codes": ("R05",), "consulted": True, "terms": "not-accepted"},
    "expire": {"lapsed": "deadline", "rests_on": "2026-11-23"},
    "withdraw": {"codes": ("no-longer-needed",)},
    "close": {"codes": ("useful",), "keep_until": "2031-11-24"},
}
