"""The pages of docs/reference, each made from the table that the code itself reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from audit.events import type_registry
from casehub.calendars import zones
from casehub.cases import rules
from casehub.core import errors, roles
from casehub.designations import stages
from casehub.urls import api
from messaging.schemas import socket_schema
from requests_mla import codes, policies, screening, states
from requests_mla.rulebook import plain

from . import edge, variables

Row = Iterable[str]


WIDTH = 100  # of a line that the formatter leaves as it is


def _table(head: Row, rows: Iterable[Row]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in r] for r in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _also(row: roles.Row) -> list[str]:
    """Return to whom else it is open, and whether it asks for a fresh proof."""
    found = [name for name in ("stopped", "week", "enrolling") if getattr(row, name)]
    proofs = {"always": "step-up", "abroad": "step-up abroad"}
    return [*found, *([proofs[row.step_up]] if row.step_up else [])]


def permissions() -> str:
    """Return the table of acts: who may, on what, and what it leaves in the log."""
    rows = [
        (
            f"`{row.act}`",
            f"`{row.door}`",
            row.needs,
            ", ".join(row.who).replace("*", "everyone signed in") or "–",
            row.relation,
            f"{row.kind}, automatic" if row.automatic else row.kind,
            " or ".join(f"`{one}`" for one in (row.event, row.renews) if one) or "–",
            ", ".join(_also(row)) or "–",
            row.source or "–",
        )
        for row in roles.table().values()
    ]
    head = ("act", "door", "sign-in", "roles", "relation", "kind", "event", "also", "source")
    return (
        "# Permissions\n\nPrinted from `casehub/core/roles.yaml`. `remover` is a member of the"
        " person's own State, or the owner of the case; `state` is a thing of one's own State,"
        " `second` one that somebody else of it asked for. `automatic` acts, reads and signals"
        " do not keep a session awake. `also` open: `stopped` to those of a State whose access is"
        " stopped, `week` to whoever reads for a week after their designation (as every read is),"
        " `enrolling` to whoever enrols for a new key, who may do nothing else. `step-up`: a factor"
        " must have been shown within the last five minutes; `abroad`: where other States are"
        " concerned.\n\n"
        "Made from this table too: the check at every door, `frontend/src/roles.ts`, and the cells"
        " of `tests/integration/test_permissions.py`: every act by HTTP or socket, tried by every"
        " role and by whoever is anonymous, half signed in, idle, suspended, expired, removed or of"
        " a stopped State, on what is their own, of their State and not theirs, foreign, and"
        " nonexistent. What is foreign and hidden answers as what does not exist: status, body,"
        " headers, number of queries.\n\n"
        + _table(head, rows)
        + "\n\n## How long somebody stays signed in\n\n"
        + "Of several roles the shortest of each counts; the server ends what is over.\n\n"
        + _table(("role", "without an act", "in all", "source"), _lasting())
        + "\n"
    )


def _lasting() -> list[Row]:
    return [
        (role, f"{one.idle.seconds // 60} min", f"{one.whole.seconds // 3600} h", one.source)
        for role, one in roles.sessions().items()
    ]


def events() -> str:
    """Return the vocabulary of the log."""
    rows = []
    for kind, event in sorted(type_registry.items()):
        names = [f"`{f.name}`" for f in fields(event) if f.name != "states"]
        says = (event.__doc__ or "").strip().splitlines()[0]
        rows.append((f"`{kind}`", ", ".join(names), says))
    return (
        "# Events\n\nPrinted from the `events` modules. Besides its own fields each event has its"
        " actor, its time and the States concerned.\n\n"
        + _table(("kind", "fields", "says"), rows)
        + "\n"
    )


def refusals() -> str:
    """Return every error code with its words."""
    rows = [
        (
            f"`{code}`",
            str(entry["status"]),
            *(f"{entry[lang]['message']} {entry[lang]['do']}" for lang in errors.LANGUAGES),
        )
        for code, entry in sorted(errors.catalogue().items())
    ]
    return (
        "# Refusals\n\nPrinted from `casehub/core/errors.json`.\n\n"
        + _table(("code", "status", "es", "en", "fr"), rows)
        + "\n"
    )


def socket() -> str:
    """Return the JSON Schema of the frames that a client may send."""
    return json.dumps(socket_schema(), indent=2, sort_keys=True) + "\n"


def openapi() -> str:
    """Return the HTTP API's OpenAPI document, from which the front end's types are made."""
    return json.dumps(api.get_openapi_schema(), indent=2, default=str) + "\n"


def request() -> str:
    """Return the JSON Schema of a request as plain JSON, made from the form."""
    return json.dumps(plain.schema(), indent=2, ensure_ascii=False) + "\n"


def acts() -> str:
    """Return which calls leave an event, so that a client misses a promise that does not come."""
    doors = {
        row.door.replace(" /api", " "): row.act
        for row in roles.table().values()
        if row.kind == "act" and row.needs == "full" and not row.door.startswith("SOCKET")
    }
    return json.dumps(doors, indent=2, sort_keys=True) + "\n"


def entering() -> str:
    """
    Return which calls leave an event before the session is full.

    Not all of them do (a password alone is no act), so a client misses no promise of theirs; but
    what it is promised it knows by name.
    """
    doors = {
        row.door.replace(" /api", " "): row.act
        for row in roles.table().values()
        if row.kind == "act" and row.needs != "full"
    }
    return json.dumps(doors, indent=2, sort_keys=True) + "\n"


def awaited() -> str:
    """Return the acts of which a browser says that they are done when the log has proven them."""
    found = sorted(row.act for row in roles.table().values() if row.awaits_proof)
    return json.dumps(found, indent=2) + "\n"


def kinds() -> str:
    """Return the events that each act leaves, so that a client knows whose receipt it is given."""
    left = {
        row.act: [one for one in (row.event, row.renews) if one]
        for row in roles.table().values()
        if row.kind == "act"
    }
    lines = [f"  {json.dumps(act)}: {json.dumps(events)}" for act, events in sorted(left.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def capital_zones() -> str:
    """Return on whose clock the console of each State counts days: the page shows the same."""
    return json.dumps(zones.zones(), indent=2) + "\n"


def classes() -> str:
    """Return how many years each class keeps a case: what browsers believe is in their program."""
    years = {code: one.years for code, one in rules.classes().items()}
    return json.dumps(years, indent=2) + "\n"


def moves() -> str:
    """Return the table of stages and what each move says, so that browsers judge by it, too."""
    asks = {
        act.value: {
            "needs": sorted(of.needs),
            "may": sorted(of.may),
            "codes": list(of.codes),
            "chosen": {name: list(known) for name, known in of.chosen.items()},
            "besides": dict(of.besides),
        }
        for act, of in codes.ASKS.items()
    }
    lines = [f"    {json.dumps(act)}: {json.dumps(of)}" for act, of in sorted(asks.items())]
    lists = {
        "channels": codes.CHANNELS,
        "agreed": sorted(codes.BY_AGREEMENT),
        "written": codes.IN_WRITING,
        "languages": codes.LANGUAGES,
        "conditions": codes.CONDITIONS,
        "assets": codes.ASSETS,
        "bands": codes.BANDS,
        "valued": sorted(codes.ABOUT_ASSETS),
        "one": sorted(act.value for act in codes.ONE_CODE),
        "unsigned": sorted(act.value for act in states.BY_WRITING | states.BY_CONSULTING),
        "leads": [act.value for act in states.LEADS],
        "home": [stage.value for stage in states.AT_HOME],
        "closes": sorted(act.value for act in codes.CLOSES_MEASURES),
        "two": sorted(act.value for act in codes.ANSWERS_MEASURES),
        "hands": sorted(policies.TOLD),
        "mild": sorted(screening.mild()),
        "urgent": sorted(codes.URGENT),
        "declined": codes.DECLINED,
        "in_time_on": codes.IN_TIME_ON,
    }
    told = [f"  {json.dumps(name)}: {json.dumps(list(of))}" for name, of in lists.items()]
    told.append(f'  "by_deadline": {json.dumps(codes.BY_DEADLINE)}')
    told.append(f'  "nothing": {json.dumps(codes.NOTHING_RECEIVED)}')
    rows = [
        f"    {json.dumps([one.act.value, one.before.value, one.after.value, one.side.value])[:-1]}"
        f", {json.dumps(list(one.who))}]"
        for one in states.ARROWS
    ]
    table = '  "arrows": [\n' + ",\n".join(rows) + "\n  ]"
    acts = '  "acts": {\n' + ",\n".join(lines) + "\n  }"
    return "{\n" + ",\n".join([acts, table, *told]) + "\n}\n"


def browser_roles() -> str:
    """Return frontend/src/roles.ts: which roles may do which act, for what the page offers."""
    rows = [row for row in roles.table().values() if row.who and "*" not in row.who]

    def listed(name: str, of: dict[str, tuple[str, ...]]) -> list[str]:
        lines = []
        for act, who in sorted(of.items()):
            line = f'  "{act}": {json.dumps(list(who))},'
            inside = [f'    "{role}",' for role in who]
            lines += [line] if len(line) <= WIDTH else [f'  "{act}": [', *inside, "  ],"]
        return [f"export const {name} = {{", *lines, "} as const;"]

    return "\n".join(
        [
            "// Made from casehub/core/roles.yaml by `make fix`: a change here is undone.",
            "",
            "/** Roles that may do an act at all; the rest is the server's to check. */",
            *listed("MAY", {row.act: row.who for row in rows}),
            "",
            "/** Roles of whom it takes one to do an act against a rule that forbids it. */",
            *listed("EXCEPTION", {row.act: row.exception for row in rows if row.exception}),
            "",
        ]
    )


def designations() -> str:
    """Return the life of a designation: which act of whom leads from where to where."""
    head = ("act", "from", "to", "who", "when")
    return (
        "# The life of a designation\n\nPrinted from `casehub/designations/stages.py`. `clock` is"
        " the server's own round: it moves what nobody went on with in time. docs/directory.md says"
        " how long each stage may last.\n\n```mermaid\n"
        + stages.diagram()
        + "\n```\n\n"
        + _table(head, stages.rows())
        + "\n"
    )


def requests() -> str:
    """Return the life of a request: which act of whom leads from where to where."""
    head = ("act", "from", "to", "for", "who", "when", "source")
    return (
        "# The life of a request\n\nPrinted from `requests_mla/states.py`. `for` is the State for"
        " which it is done; where the requested State has nobody here, the requesting State's"
        " central authority records its acts with proof. `write`, `check` and `make-ready` are what"
        " saving and attesting a version do; all others are signed moves (docs/requests.md).\n\n"
        "```mermaid\n" + states.diagram() + "\n```\n\n" + _table(head, states.rows()) + "\n"
    )


PAGES = {
    "designations.md": designations,
    "requests.md": requests,
    "permissions.md": permissions,
    "events.md": events,
    "refusals.md": refusals,
    "socket.schema.json": socket,
    "openapi.json": openapi,
    "request.schema.json": request,
}
# Made from the same tables, for programs instead of people: by their place in the project.
SOURCES = {
    "deploy/nginx/doors.conf": edge.doors,
    "deploy/nginx/words.conf": edge.words,
    "docs/operations.md": variables.operations,
    "frontend/src/api/acts.json": acts,
    "frontend/src/api/awaited.json": awaited,
    "frontend/src/api/classes.json": classes,
    "frontend/src/api/entering.json": entering,
    "frontend/src/api/kinds.json": kinds,
    "frontend/src/api/moves.json": moves,
    "frontend/src/api/zones.json": capital_zones,
    "frontend/src/roles.ts": browser_roles,
}
