"""The routes by which the region sees what concerns two States, and States let it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from casehub.core.http import actor_of, call, clock, door

from .. import services
from ..queries import pairs
from ..schemas import pairs as schemas
from ..schemas.wishes import WishHand

router = Router()
Shape = dict[str, Any]


@router.get(
    "/oversight/pair-consents",
    response=list[schemas.PairConsentOut],
    **door("oversight.pair-consents.list"),
)
def list_pair_consents(request: HttpRequest) -> list[Shape]:
    """List with which States the caller's own lets regional auditors see a pair."""
    return pairs.consents_of(actor_of(request).state)


@router.post(
    "/oversight/pair-consents",
    response=list[schemas.PairConsentOut],
    **door("oversight.pair-consent.give"),
)
def give_pair_consent(request: HttpRequest, body: schemas.PairConsentIn) -> list[Shape]:
    """Let regional auditors see, masked, what concerns the caller's State and another."""
    call(request, services.give_pair_consent, target=body.other, other=body.other)
    return pairs.consents_of(actor_of(request).state)


@router.post(
    "/oversight/pair-consents/withdraw",
    response=list[schemas.PairConsentOut],
    **door("oversight.pair-consent.withdraw"),
)
def withdraw_pair_consent(request: HttpRequest, body: schemas.PairConsentIn) -> list[Shape]:
    """Take that back, at once."""
    call(request, services.withdraw_pair_consent, target=body.other, other=body.other)
    return pairs.consents_of(actor_of(request).state)


@router.get(
    "/oversight/pair-views",
    response=list[schemas.PairViewOut],
    **door("oversight.pair-views.list"),
)
def list_pair_views(request: HttpRequest) -> list[Shape]:
    """List the wishes of the region's auditors to see a pair."""
    return pairs.pair_views(actor_of(request), now=clock())


@router.post(
    "/oversight/pair-views",
    response=list[schemas.PairViewOut],
    **door("oversight.pair-view.ask"),
)
def ask_pair_view(request: HttpRequest, body: schemas.PairViewIn) -> list[Shape]:
    """Ask to see a quarter's acts that concern two States."""
    target = f"{body.first}+{body.second}"
    call(request, services.ask_pair_view, target=target, **body.model_dump())
    return pairs.pair_views(actor_of(request), now=clock())


@router.post(
    "/oversight/pair-views/{uuid:pair_view}/agree",
    response=list[schemas.PairViewOut],
    **door("oversight.pair-view.agree"),
)
def agree_to_pair_view(request: HttpRequest, pair_view: UUID, body: WishHand) -> list[Shape]:
    """Let another regional auditor and oneself see them."""
    call(
        request,
        services.agree_to_pair_view,
        target=str(pair_view),
        pair_view=pair_view,
        digest=body.digest,
    )
    return pairs.pair_views(actor_of(request), now=clock())


@router.post(
    "/oversight/pair-views/{uuid:pair_view}/refuse",
    response=list[schemas.PairViewOut],
    **door("oversight.pair-view.refuse"),
)
def refuse_pair_view(request: HttpRequest, pair_view: UUID) -> list[Shape]:
    """Leave them unseen."""
    call(request, services.refuse_pair_view, target=str(pair_view), pair_view=pair_view)
    return pairs.pair_views(actor_of(request), now=clock())


@router.post(
    "/oversight/pairs/{uuid:pair}/entries",
    response=schemas.PairPageOut,
    **door("oversight.pair.read"),
)
def read_pair(request: HttpRequest, pair: UUID, body: schemas.PairPageIn) -> Shape:
    """Return a page of a pair's acts; logged before it is shown."""
    return call(request, services.read_pair, target=str(pair), pair=pair, skip=body.skip)
