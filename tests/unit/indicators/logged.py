"""Events of the log as an export gives them, for lives of requests that a test tells in a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

BEGUN = datetime.fromisoformat("2026-07-06T15:00:00+00:00")
DAY = timedelta(days=1)
OVER = datetime(2026, 10, 1, tzinfo=UTC)  # when the quarter is that all of it is told of
_RULES = "rules:"


def event(kind, at, states, **payload):
    return {
        "v": 1,
        "kind": kind,
        "actor": "",
        "at": at.isoformat(),
        "states": list(states),
        "payload": payload,
    }


def request(
    name,
    *moves,
    of="SV",
    to="MX",
    ready=2,
    measures=("bank_records",),
    urgency="",
    deadline="",
    aside=(),
    case="",
    begun=BEGUN,
):
    """
    Return the events of a request; `moves` are (days after it was begun, step, what was said).

    A move may be logged later than it was done: (days, step, said, days until it was logged). Rules
    that it names are among what was said, as `rules:ID`.
    """
    found = [
        event("requests.request.opened", begun, [of], request=name, case=case or name),
        event(
            "requests.attestation.made",
            begun + ready * DAY,
            [of],
            request=name,
            version=1,
            ready=True,
            overridden=list(aside),
            requested=to,
            measures=list(measures),
            urgency=urgency,
            deadline=deadline,
        ),
    ]
    for days, step, *rest in moves:
        said = rest[0] if rest else ()
        later = rest[1] if len(rest) > 1 else 0
        on = begun + days * DAY
        sent = step == "transmit"
        alone = step == "ask-changes"  # nobody else hears of it
        found.append(
            event(
                "requests.move.made",
                on + later * DAY,
                [of] if alone else [of, to],
                request=name,
                step=step,
                on=on.date().isoformat(),
                said=[one for one in said if not one.startswith(_RULES)],
                rules=[one.removeprefix(_RULES) for one in said if one.startswith(_RULES)],
                requested=to if sent else "",
                measures=list(measures) if sent else [],
                urgency=urgency if sent else "",
                deadline=deadline if sent else "",
            )
        )
    return found


def consultation(
    name,
    request,
    *,
    asked,
    due,
    answered=None,
    outcome="favourable",
    ended=None,
    of="SV",
    to="MX",
    version=1,
):
    """Return the events of an informal consultation; what was done when is said in days."""
    both = sorted([of, to])

    def said(kind, day, **payload):
        payload = {"consultation": name, "request": request, **payload}
        return event(f"requests.consultation.{kind}", BEGUN + day * DAY, both, **payload)

    term = {"state": to, "version": version, "due": (BEGUN + due * DAY).isoformat()}
    found = [said("asked", asked, **term)]
    if answered is not None:
        found.append(said("answered", answered, outcome=outcome))
    if ended is not None:
        found.append(said("ended", ended, outcome="not_answered" if ended >= due else "withdrawn"))
    return found


def note(name, said, *, of="SV", to="MX"):
    """Return the events of a first-line note; `said` are (step, moment)."""
    return [event(f"notes.note.{step}", at, sorted([of, to]), first_line=name) for step, at in said]
