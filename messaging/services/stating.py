"""What a commit states of the directory, held against the log that this server publishes."""

from __future__ import annotations

from datetime import datetime

from audit.queries import directory

from .. import framing, policies
from ..errors import MlsRefused
from ..models import Entry, Group


def require_stated(group: Group, effect: framing.CommitEffect, now: datetime) -> None:
    """
    Refuse what browsers would stop the thread for: another directory, or an older one than before.

    :raises MlsRefused: `directory-unstated`, `directory-older`, `directory-unknown` or
        `directory-stale`.
    """
    stated = effect.directory
    why = policies.why_not_stated(
        stated,
        last=None if effect.is_resync and stated is not None else _last(group),
        published=directory.published(origin=stated.log, size=stated.size) if stated else None,
        now=now,
    )
    if why is not None:
        raise MlsRefused(why)


def _last(group: Group) -> framing.StatedDirectory | None:
    """Return what the newest commit of a group stated."""
    commits = Entry.objects.filter(group=group, kind=Entry.Kind.COMMIT)
    body = commits.order_by("-seq").values_list("body", flat=True).first()
    if body is None:
        return None
    data = framing.read_commit(bytes(body)).authenticated_data
    return framing.commit_data(data)[1] if data else None
