"""Witnesses who come by themselves: ministries whose networks let nobody in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit import services, witnesses
from audit.queries import integrity
from audit.tlog import witness
from casehub.core.errors import BadFrame, NotVisible
from casehub.core.run import one_writer


def take(log: Any, body: bytes, *, now: datetime) -> None:
    """
    Keep the line of a witness of the policy under the note that lies before it.

    :raises NotVisible: if nothing lies there.
    :raises BadFrame: if no line is of a witness and holds, or its clock is wrong.
    """
    policy, lies = witnesses.configured(), integrity.submission_of(log)
    if policy is None or lies is None:
        raise NotVisible
    text, heard = witness.text_of(lies.note), {}
    try:
        lines = body.decode()
        for one in witnesses.of(policy):
            line = witness.line_of(text, lines, one.key, now=now)
            if line is not None:
                heard[one.name] = services.Heard(line=line)
    except ValueError as error:
        raise BadFrame from error
    if not heard:
        raise BadFrame
    with one_writer():
        services.hear(submission=lies, heard=heard, now=now)
