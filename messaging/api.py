"""The delivery service's HTTP routes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from casehub.core import piecestore, rates
from casehub.core.frames import from_b64u, to_b64u
from casehub.core.http import actor_of, call, clock, door

from . import limits, markers, queries, schemas, services

router = Router()
Shape = dict[str, Any]
MLS = schemas.MLS_LIMIT


def _optional(text: str | None, most: int) -> bytes | None:
    return None if text is None else from_b64u(text, most=most)


@router.get("/key-packages", response=schemas.Stock, **door("messaging.key-packages.count"))
def count_key_packages(request: HttpRequest) -> Shape:
    """Say how many of this device's key packages are left."""
    return queries.stock_of(queries.device_of(actor_of(request)), clock())


@router.post("/key-packages", response=schemas.Stock, **door("messaging.key-packages.publish"))
def publish_key_packages(request: HttpRequest, body: schemas.PackagesIn) -> Shape:
    """Leave key packages for others to add this device with."""
    call(
        request,
        services.publish_key_packages,
        packages=[from_b64u(p, most=schemas.PACKAGE_LIMIT) for p in body.packages],
        last_resort=_optional(body.last_resort, schemas.PACKAGE_LIMIT),
    )
    return queries.stock_of(queries.device_of(actor_of(request)), clock())


@router.post(
    "/threads/{uuid:thread}/key-packages/claim",
    response=schemas.ClaimOut,
    **door("messaging.key-packages.claim"),
)
def claim_key_packages(request: HttpRequest, thread: UUID, body: schemas.ClaimIn) -> Shape:
    """Take one key package of each device that is to be added."""
    rates.spend("claim", actor_of(request).id, clock())
    found = call(
        request,
        services.claim_key_packages,
        target=str(thread),
        thread=thread,
        devices=body.devices,
    )
    return {
        "packages": [{"device": d, "package": to_b64u(p)} for d, p in found.items() if p],
        "missing": [d for d, p in found.items() if not p],
    }


@router.get("/threads", response=schemas.ThreadStates, **door("messaging.threads.read"))
def read_threads(request: HttpRequest, after: UUID | None = None) -> Shape:
    """Say of the threads that one reads their epochs, rosters and readers."""
    actor = actor_of(request)
    rates.spend("threads", actor.id, clock())
    threads = queries.states_for(actor, after=after)
    return {"threads": threads, "more": len(threads) == limits.STATES_AT_ONCE}


@router.get("/threads/{uuid:thread}", response=schemas.ThreadState, **door("messaging.thread.read"))
def read_thread(request: HttpRequest, thread: UUID) -> Shape:
    """Say a thread's epoch, roster and readers."""
    return queries.state_for(actor_of(request), thread)


@router.post("/threads/{uuid:thread}", response=schemas.MovedOut, **door("messaging.group.start"))
def start_group(request: HttpRequest, thread: UUID, body: schemas.StartIn) -> Shape:
    """Begin a circle's group."""
    chain = call(
        request,
        services.start_group,
        target=str(thread),
        thread=thread,
        client_id=body.client_id,
        group_info=from_b64u(body.group_info, most=MLS),
    )
    return {"seq": 0, "epoch": 0, "chain": to_b64u(chain)}


@router.post(
    "/threads/{uuid:thread}/commits",
    response=schemas.MovedOut,
    **door("messaging.commit.accept"),
)
def accept_commit(request: HttpRequest, thread: UUID, body: schemas.CommitIn) -> Shape:
    """Move a group to its next epoch."""
    size = rates.kibibytes(*map(len, (body.commit, body.welcome or "", body.group_info)))
    rates.spend("kept", actor_of(request).id, clock(), amount=size)
    moved = call(
        request,
        services.accept_commit,
        target=str(thread),
        thread=thread,
        client_id=body.client_id,
        epoch=body.epoch,
        commit=from_b64u(body.commit, most=MLS),
        welcome=_optional(body.welcome, MLS),
        group_info=from_b64u(body.group_info, most=MLS),
    )
    return {"seq": moved.seq, "epoch": moved.epoch, "chain": to_b64u(moved.chain)}


@router.get(
    "/threads/{uuid:thread}/commits/{uuid:client_id}",
    response=schemas.MovedOut,
    **door("messaging.commit.ask"),
)
def ask_commit(request: HttpRequest, thread: UUID, client_id: UUID) -> Shape:
    """Answer "was mine accepted?"."""
    return queries.commit_for(actor_of(request), thread, client_id)


@router.get("/threads/{uuid:thread}/log", response=schemas.LogOut, **door("messaging.log.read"))
def read_log(request: HttpRequest, thread: UUID, after: int = 0, limit: int = 200) -> Shape:
    """Return the entries after `after`."""
    bounded = {"after": max(0, min(after, 2**53)), "limit": max(1, limit)}
    return queries.log_for(actor_of(request), thread, **bounded)


@router.get("/welcomes", response=list[schemas.WelcomeOut], **door("messaging.welcomes.list"))
def list_welcomes(request: HttpRequest) -> list[Shape]:
    """List the welcomes that wait for this device."""
    return queries.welcomes_for(actor_of(request))


@router.delete(
    "/welcomes/{uuid:welcome}", response={204: None}, **door("messaging.welcome.collect")
)
def collect_welcome(request: HttpRequest, welcome: UUID) -> Status[None]:
    """Destroy a welcome whose device has joined durably."""
    call(request, services.collect_welcome, target=str(welcome), welcome=welcome)
    return Status(204, None)


@router.get(
    "/threads/{uuid:thread}/group-info",
    response=schemas.GroupInfoOut,
    **door("messaging.group-info.read"),
)
def read_group_info(request: HttpRequest, thread: UUID) -> Shape:
    """Return a group's public state to a device of its roster that lost its own."""
    group = call(request, services.read_group_info, target=str(thread), thread=thread)
    return {
        "group_info": to_b64u(group.group_info),
        "epoch": group.epoch,
        "seq": group.info_seq,
        "chain": to_b64u(group.info_chain),
    }


@router.post(
    "/threads/{uuid:thread}/attachments",
    response=schemas.UploadOut,
    **door("messaging.attachment.begin"),
)
def begin_attachment(request: HttpRequest, thread: UUID, body: schemas.AttachmentIn) -> Shape:
    """Begin to upload an encrypted file; asked again, it goes on."""
    call(
        request,
        services.begin_attachment,
        target=str(thread),
        thread=thread,
        attachment=body.id,
        size=body.size,
    )
    return queries.upload_state(actor_of(request), body.id)


@router.get(
    "/attachments/{uuid:attachment}",
    response=schemas.UploadOut,
    **door("messaging.attachment.ask"),
)
def ask_attachment(request: HttpRequest, attachment: UUID) -> Shape:
    """Say which pieces of an upload are missing."""
    return queries.upload_state(actor_of(request), attachment)


@router.put(
    "/attachments/{uuid:attachment}/chunks/{int:index}",
    response={204: None},
    **door("messaging.attachment.put"),
)
def put_chunk(request: HttpRequest, attachment: UUID, index: int) -> Status[None]:
    """Store one piece of an upload: the body is its ciphertext."""
    call(
        request,
        markers.keep_chunk,
        target=str(attachment),
        attachment=attachment,
        index=index,
        body=request.body,
    )
    return Status(204, None)


@router.post(
    "/attachments/{uuid:attachment}/complete",
    response=schemas.UploadOut,
    **door("messaging.attachment.complete"),
)
def complete_attachment(request: HttpRequest, attachment: UUID, body: schemas.CompleteIn) -> Shape:
    """Say that all pieces are there: readers may open the file from now on."""
    call(
        request,
        services.complete_attachment,
        target=str(attachment),
        attachment=attachment,
        digest=body.digest,
    )
    return queries.upload_state(actor_of(request), attachment)


@router.delete(
    "/attachments/{uuid:attachment}",
    response={204: None},
    **door("messaging.attachment.remove"),
)
def remove_attachment(request: HttpRequest, attachment: UUID) -> Status[None]:
    """Take back what one has uploaded, finished or not."""
    call(request, services.remove_attachment, target=str(attachment), attachment=attachment)
    return Status(204, None)


@router.post(
    "/attachments/{uuid:attachment}/open",
    response=schemas.AttachmentOut,
    **door("messaging.attachment.open"),
)
def open_attachment(request: HttpRequest, attachment: UUID) -> Shape:
    """Open a file: it is in the log before the first byte leaves."""
    found = call(request, services.open_attachment, target=str(attachment), attachment=attachment)
    return {"size": found.size}


@router.get(
    "/attachments/{uuid:attachment}/chunks/{int:index}",
    **door("messaging.attachment.read"),
)
def read_chunk(request: HttpRequest, attachment: UUID, index: int) -> HttpResponse:
    """Return one piece's ciphertext to a device that has opened the file."""
    digest = queries.chunk_digest_for(actor_of(request), attachment, index, clock())
    body = piecestore.read(piecestore.Kept.ATTACHMENTS, attachment, index, digest)
    # Nothing that a browser would show by itself, whatever the bytes are.
    headers = {"Content-Disposition": "attachment"}
    return HttpResponse(body, content_type="application/octet-stream", headers=headers)
