"""
How long an auditor waits for a filter over a million entries: `make bench-oversight`.

A scratch PostgreSQL gets 1,000,000 entries (ENTRIES=n for fewer), every one of which concerns the
auditor's State: no State of a region will ever have more of them. Entries are listed as the
sequencer lists them; their events hold no readable act, which no filter looks at. What is timed is
what a request does: the search is recorded, counted as far as it is counted, and its first page
read and masked. Milliseconds mean something only with the machine, so it is printed.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import django

from tools.region.postgres import Postgres

ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
ROUNDS = 5
LIMIT = 300  # ms
END = datetime(2026, 11, 24, 15, tzinfo=UTC)
SPAN = timedelta(days=320)
OFFICES, PEOPLE, CASES = 8, 320, 4000
# kind and its share in a thousand
SHARES = {
    "messaging.message.accepted": 600,
    "accounts.sign-in.completed": 90,
    "cases.case.read": 90,
    "messaging.commit.accepted": 80,
    "requests.version.saved": 60,
    "requests.request.read": 40,
    "core.act.refused": 20,
    "cases.reader.added": 10,
    "accounts.sign-in.refused": 5,
    "cases.case.opened": 4,
    "directory.statement.entered": 1,
}
EVENTS = """
INSERT INTO audit_auditevent (id, kind, actor, subject, at, states, leaf, directory, salt, payload)
SELECT g, k.kinds[1 + (hashint4(g) & 1073741823) %% 1000],
  p.people[1 + power(((hashint4(g + 7) & 1073741823) %% 10000) / 10000.0, 2)::numeric
    * (array_length(p.people, 1) - 1)::int],
  c.cases[1 + (hashint4(g + 13) & 1073741823) %% array_length(c.cases, 1)],
  %s::timestamptz - (%s - g) * (%s::interval / %s), 'MX,SV', '\\x00', FALSE, '\\x00', '\\x00'
FROM generate_series(1, %s) g, (SELECT %s::text[] AS kinds) k, (SELECT %s::text[] AS people) p,
  (SELECT %s::text[] AS cases) c
"""
ENTRY = """
INSERT INTO audit_logentry (id, log_id, position, event_id, leaf)
SELECT id, %s, id - 1, id, leaf FROM audit_auditevent WHERE id <= %s
"""


def main() -> int:
    """Fill, ask, print; 1 if a filter took longer than the limit."""
    with Postgres() as postgres:
        os.environ["DATABASE_URL"] = postgres.url(postgres.create())
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        django.setup()
        return _measure()


def _measure() -> int:
    from django.core.management import call_command  # noqa: PLC0415 - Django is up now
    from django.db import connection  # noqa: PLC0415

    import casehub.urls  # noqa: F401, PLC0415 - so that every kind of act is known
    from tests import emptying  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with emptying.lifted(connection):  # nobody's act made these people
        auditor, people, offices = _directory()
    began = time.perf_counter()
    _fill(people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT version(), pg_size_pretty(pg_total_relation_size('audit_concern'))")
        version, size = cursor.fetchone()
    print(
        f"{ENTRIES:,} entries of one State, {2 * ENTRIES:,} rows to search ({size} with indexes),"
        f" filled in {time.perf_counter() - began:.0f} s\n"
        f"{version.split(' on ')[0]}, fsync off, default settings; {os.cpu_count()} CPUs,"
        f" {platform.machine()}; Python {platform.python_version()}\n"
        f"ms of {ROUNDS} rounds: record, count to 10,000, first page of 50, masked\n"
    )
    print(f"{'filter':44}{'found':>8}{'least':>8}{'median':>8}{'most':>8}")
    worst = max(
        _one(name, _asking(auditor, asked)) for name, asked in _filters(people, offices).items()
    )
    worst = max(worst, _deep(auditor))
    print(f"\nlongest median: {worst:.0f} ms; limit: {LIMIT} ms; load {os.getloadavg()[0]:.1f}")
    connection.close()
    return int(worst > LIMIT)


def _directory() -> tuple[Any, list[str], list[str]]:
    """Make a State, its offices and people, and its cases; return an auditor, ids of both."""
    from casehub.cases.models import Case, Circle  # noqa: PLC0415
    from casehub.core.actor import Actor  # noqa: PLC0415
    from casehub.directory.models import Office, Person, State  # noqa: PLC0415

    numbers = iter(range(10_000_000, 20_000_000))
    names = {"name_es": "", "name_en": "", "name_fr": ""}
    State.objects.bulk_create(
        State(code=code, audit_event_id=next(numbers), **names) for code in ("MX", "SV")
    )
    offices = Office.objects.bulk_create(
        Office(state_id="SV", name=f"Oficina {n}", audit_event_id=next(numbers))
        for n in range(OFFICES)
    )
    people = Person.objects.bulk_create(
        Person(
            state_id="SV",
            office=offices[n % OFFICES],
            name=f"Persona {n}",
            post="",
            roles="liaison",
            languages="es",
            valid_until=END + SPAN,
            audit_event_id=next(numbers),
        )
        for n in range(PEOPLE)
    )
    shared = {"opened_at": END, "request_digest": ""}
    cases = Case.objects.bulk_create(
        Case(
            id=_case(n),
            reference=f"SV-2026-{n + 1:04d}",
            state="SV",
            year=2026,
            number=n + 1,
            states="MX,SV",
            owner=people[0],
            client_id=uuid4(),
            audit_event_id=next(numbers),
            **shared,
        )
        for n in range(CASES)
    )
    Circle.objects.bulk_create(
        Circle(
            case=case,
            kind="thread",
            opener=people[0],
            client_id=uuid4(),
            audit_event_id=next(numbers),
            **shared,
        )
        for case in cases
        for _ in range(3)
    )
    auditor = Actor(
        id=str(people[-1].id),
        account="",
        state="SV",
        roles=frozenset({"national-auditor"}),
        office="",
        session="",
    )
    return auditor, [str(one.id) for one in people], [str(one.id) for one in offices]


def _case(number: int) -> UUID:
    return UUID(int=(1 << 100) + number)


def _fill(people: list[str]) -> None:
    """Insert the entries as an operator with all rights: the triggers would queue every one."""
    from django.db import connection  # noqa: PLC0415

    from bench.audit import listing  # noqa: PLC0415
    from casehub.cases.models import Circle  # noqa: PLC0415
    from tests import emptying  # noqa: PLC0415

    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    subjects = [str(_case(n)) for n in range(CASES)]
    subjects += [str(id_) for id_ in Circle.objects.values_list("id", flat=True)]
    with emptying.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_log (name, origin, opened_at, closed, size, root, vkey)"
            " VALUES ('acts', 'audit.bench/2026', %s, FALSE, %s, '\\x00', '') RETURNING id",
            [END - SPAN, ENTRIES],
        )
        (log,) = cursor.fetchone()
        span = f"{SPAN.total_seconds()} seconds"
        filled = [END, ENTRIES, span, ENTRIES, ENTRIES, kinds, people, subjects]
        cursor.execute(EVENTS, filled)
        cursor.execute(ENTRY, [log, ENTRIES])
        listing.fill(cursor, 0, ENTRIES)
        for table in ("auditevent", "logentry"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('audit_{table}', 'id'),"  # noqa: S608
                f" (SELECT max(id) FROM audit_{table}))"
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _filters(people: list[str], offices: list[str]) -> dict[str, Any]:
    """Return what is asked, by name: each field, pairs of them, and what finds nothing."""
    from audit import keyring  # noqa: PLC0415
    from casehub.oversight import pseudonyms  # noqa: PLC0415
    from casehub.oversight.asking import Asked  # noqa: PLC0415

    key = pseudonyms.key_of(keyring.events_secret(), "SV")
    busy, idle = (pseudonyms.pseudonym(key, "2026Q4", people[n]) for n in (0, -2))
    week = {"since": date(2026, 3, 2), "until": date(2026, 3, 8)}
    return {
        "none": Asked(),
        "act: messages (60 %)": Asked(acts=("messaging.message.accepted",)),
        "act: statements (0.1 %)": Asked(acts=("directory.statement.entered",)),
        "act: none of it": Asked(acts=("audit.event.erased",)),
        "area: cases": Asked(acts=("cases",)),
        "outcome: refused": Asked(outcome="refused"),
        "outcome: done": Asked(outcome="done"),
        "person: the busiest": Asked(person=busy),
        "person: the idlest": Asked(person=idle),
        "person: nobody": Asked(person="P-00000000"),
        "office": Asked(office=offices[0]),
        "case reference": Asked(case="SV-2026-0147"),
        "case reference: none": Asked(case="SV-2026-9999"),
        "period: a week long ago": Asked(**week),
        "period: before everything": Asked(until=date(2025, 1, 1)),
        "person and act": Asked(person=busy, acts=("cases.case.read",)),
        "person and refused": Asked(person=idle, outcome="refused"),
        "office and rare act": Asked(office=offices[1], acts=("directory.statement.entered",)),
        "office and refused": Asked(office=offices[1], outcome="refused"),
        "office, act, a week long ago": Asked(office=offices[2], acts=("requests",), **week),
        "case and act": Asked(case="SV-2026-0147", acts=("cases",)),
        "case and person": Asked(case="SV-2026-0147", person=busy),
        "case, refused, a week long ago": Asked(case="SV-2026-0147", outcome="refused", **week),
        "office and act that never meet": Asked(office=str(uuid4()), acts=("messaging",)),
        "everything at once": Asked(
            acts=("cases",), person=busy, office=offices[0], case="SV-2026-0147", outcome="done"
        ),
    }


def _asking(auditor: Any, asked: Any) -> Callable[[], int]:
    """Return what a request for the first page of a filter does; it answers how many matched."""
    from casehub.oversight import limits, services  # noqa: PLC0415
    from casehub.oversight.queries import entries, searching  # noqa: PLC0415
    from casehub.oversight.queries.knowing import Mask, unmasked_for  # noqa: PLC0415

    def ask() -> int:
        query, count = services.ask_log(asked=asked, actor=auditor, now=END)
        mask = Mask("SV", names=unmasked_for(auditor.id, now=END), own=auditor.id)
        entries.page(searching.search_of(query), mask=mask, after=None, most=limits.PAGE)
        return count

    return ask


def _deep(auditor: Any) -> float:
    """Time a page far back in a search without a filter."""
    from audit.queries.concerns import Place, Search  # noqa: PLC0415
    from casehub.oversight import limits  # noqa: PLC0415
    from casehub.oversight.queries import entries  # noqa: PLC0415
    from casehub.oversight.queries.knowing import Mask  # noqa: PLC0415

    after = Place(END - SPAN * 0.9, ENTRIES)

    def read() -> int:
        found = entries.page(Search(state="SV"), mask=Mask("SV"), after=after, most=limits.PAGE)
        return len(found["entries"])

    del auditor
    return _one("none, the page behind 900,000 others", read)


def _one(name: str, act: Callable[[], int]) -> float:
    """Print what one filter takes; return the median in ms."""
    took = []
    found = act()  # once without the clock: the first touch reads the indexes from disk
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    more = "+" if found >= 10_000 else ""  # noqa: PLR2004 - as far as is counted
    print(
        f"{name:44}{found:>7}{more:1}{min(took):>8.0f}{statistics.median(took):>8.0f}{max(took):>8.0f}"
    )
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
