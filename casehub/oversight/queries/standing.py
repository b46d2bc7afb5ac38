"""How the logs stand, judged for the reader's State."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.queries import integrity

from ..judging import Standing, judge

Shape = dict[str, Any]
_ORDER = ("ok", "note", "amber", "red")


def standing(*, own: str, now: datetime) -> Shape:
    """Return each log with what to think of it, and what witnesses hold against it."""
    logs = [_log(state, own, now) for state in integrity.states()]
    levels = [log["level"] for log in logs] or ["amber"]
    return {
        "at": now,
        "level": max(levels, key=_ORDER.index),
        "logs": logs,
        "disputes": [
            {
                "log": one.log.origin,
                "witness": one.witness,
                "at": one.at,
                "theirs": one.theirs,
                "ours": one.ours,
            }
            for one in integrity.disputes()
        ],
    }


def _log(state: integrity.LogState, own: str, now: datetime) -> Shape:
    verdict = judge(
        Standing(
            published_at=state.published_at,
            cosigned=state.cosigned,
            needed=state.needed,
            known=len(state.witnesses),
            disputed=state.disputed,
            waiting_for=state.waiting_for,
            behind_for=integrity.behind_for(state.origin),
            heard=tuple((one.name, one.seen_at, one.trouble) for one in state.witnesses),
        ),
        own=own,
        now=now,
    )
    witnesses = [
        {
            "name": one.name,
            "seen_at": one.seen_at,
            "size": one.size,
            "trouble": one.trouble,
            "since": one.since,
        }
        for one in state.witnesses
    ]
    return {
        "name": state.name,
        "origin": state.origin,
        "level": verdict.level,
        "reasons": list(verdict.reasons),
        "size": state.size,
        "signed": state.signed,
        "published": state.published,
        "published_at": state.published_at,
        "cosigned": state.cosigned,
        "needed": state.needed,
        "waiting": state.waiting,
        "witnesses": witnesses,
    }
