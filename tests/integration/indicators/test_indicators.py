"""A quarter's indicators: who reads them, of what, and once more from an export alone."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

import audit.services
from audit.events import type_registry
from audit.models import LogEntry
from audit.queries.events import payloads_of
from audit.services import erase
from casehub.core.rates import buckets
from casehub.notes import services as notes
from requests_mla.events import AttestationMade, ConsultationAsked, RequestOpened
from tests.integration.audit.conftest import log_named
from tests.integration.audit.test_chains import no_database
from tests.integration.audit.test_command import audit as audit_command
from tests.integration.notes.made import note_to

QUARTER = "2026-Q4"


class Office:
    """People of three States; whoever looks at numbers."""

    def __init__(self, desk):
        self.desk, self.region = desk, desk.region
        self.ana, self.boris = self.region.equipped("SV"), self.region.equipped("GT")
        self.auditor = self.sit("SV", "national-auditor")

    def sit(self, state, role):
        if role == "coordinator":
            return self.desk.sit(self.region.seat(state).coordinator)
        return self.desk.sit(self.region.person(state, role))

    def ready(self, number, *, aside=()):
        """Log so many requests of El Salvador, each ready two hours after it was begun."""
        for _ in range(number):
            request = str(uuid4())
            opened = RequestOpened(
                states=("SV",), request=request, case=str(uuid4()), circle="", people=()
            )
            attested = AttestationMade(
                states=("SV",),
                request=request,
                version=1,
                rulebook="",
                device="",
                digest="",
                overridden=tuple(aside),
                ready=True,
                requested="GT",
                measures=("bank_records",),
                urgency="",
                deadline="",
            )
            begun = self.region.now - timedelta(hours=2)
            with transaction.atomic():
                audit.services.record(opened, actor=self.ana.actor.id, at=begun)
                audit.services.record(attested, actor=self.ana.actor.id, at=self.region.now)

    def asked(self, number, *, due):
        """Log so many informal consultations of El Salvador, to be answered until then."""
        for _ in range(number):
            event = ConsultationAsked(
                states=("SV", "GT"),
                consultation=str(uuid4()),
                request=str(uuid4()),
                circle=str(uuid4()),
                state="GT",
                people=(),
                version=1,
                questions=(),
                urgent=False,
                due=due.isoformat(),
            )
            with transaction.atomic():
                audit.services.record(event, actor=self.ana.actor.id, at=self.region.now)

    def read(self, client=None, quarter=QUARTER):
        self.desk.sequence()
        buckets.clear()
        return (client or self.auditor).post(
            "/api/indicators", json.dumps({"quarter": quarter}), content_type="application/json"
        )

    def row(self, code, **asked):
        found = self.read(**asked).json()
        return next(row for row in (*found["counts"], *found["times"]) if row["code"] == code)


@pytest.fixture
def office(desk, page):
    return Office(desk)


def reckoned(*arguments):
    """Return what the command prints, the database out of reach."""
    out, err = StringIO(), StringIO()
    with no_database():
        call_command("indicators", *map(str, arguments), stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


class TestAState:
    def test_reads_its_running_quarter_as_its_auditor_and_leaves_that_in_the_log(
        self, office, recorded
    ):
        for _ in range(6):
            note_to(office.region, office.ana, office.boris)
        office.desk.sequence()
        with recorded("indicators.quarter.read"):
            found = office.read().json()
        assert (found["quarter"], found["state"], found["least"]) == (QUARTER, "SV", 5)
        assert office.row("notes")["cells"]["sent"] == 6

    def test_is_told_no_number_below_five(self, office):
        for _ in range(4):
            note_to(office.region, office.ana, office.boris)
        assert office.row("notes")["cells"]["sent"] is None

    def test_sees_which_rules_were_set_aside_and_how_long_drafting_took(self, office):
        office.ready(6, aside=["SUMMARY"])
        office.ready(5)
        assert office.row("set-aside")["cells"] == {"SUMMARY": 6}
        everything = {"name": "", "count": 11, "median": 2 * 3_600, "ninth": 2 * 3_600}
        assert office.row("drafting")["groups"][0] == everything

    def test_takes_nothing_for_missed_that_can_still_be_answered_in_time(self, office, clock):
        office.asked(6, due=office.region.now + timedelta(hours=1))
        assert office.row("consultations")["cells"]["overdue"] == 0
        office.desk.move(clock, timedelta(hours=1))
        late = office.sit("SV", "national-auditor")
        assert office.row("consultations", client=late)["cells"]["overdue"] == 6

    def test_sees_nothing_of_what_concerns_others(self, office):
        office.ready(6)
        others = office.sit("MX", "national-auditor")
        assert office.row("drafting", client=others)["groups"][0]["count"] == 0

    def test_counts_how_fresh_its_part_of_the_directory_is(self, office):
        """Everybody of it was entered just now; Mexico's are not among them."""
        for _ in range(5):
            office.region.person("SV")
        cells = office.row("directory")["cells"]
        assert cells["stale"] == 0
        office.region.person("MX")
        assert office.row("directory")["cells"] == cells

    @pytest.mark.parametrize("role", ["coordinator", "central-authority"])
    def test_tells_its_others_no_quarter_that_an_act_can_still_change(self, office, role, clock):
        """Read before and after, the difference would be an act that they may not see."""
        early = office.sit("SV", role)
        assert office.read(early).json()["code"] == "quarter-not-over"
        office.desk.move(clock, timedelta(days=40))
        late = office.sit("SV", role)
        assert office.read(late).json()["state"] == "SV"

    @pytest.mark.parametrize("role", ["liaison", "ministry"])
    def test_is_read_by_nobody_else_of_it(self, office, role):
        assert office.read(office.sit("SV", role)).json()["code"] == "not-allowed"


class TestTheRegion:
    @pytest.mark.parametrize("role", ["secretariat", "regional-auditor"])
    def test_reads_a_quarter_once_nothing_can_change_it(self, office, role, clock, recorded):
        for _ in range(6):
            note_to(office.region, office.ana, office.boris)
        early = office.sit("", role)
        with recorded("core.act.refused"):
            assert office.read(early).json()["code"] == "quarter-not-over"
        office.desk.move(clock, timedelta(days=40))
        late = office.sit("", role)
        found = office.read(late).json()
        assert found["state"] == ""
        cells = next(row["cells"] for row in found["counts"] if row["code"] == "notes")
        assert cells["sent"] == 6
        assert not [row for row in found["counts"] if row["code"] == "corridors"]

    def test_is_read_before_the_eyes_of_every_state(self, office):
        office.read(office.sit("", "secretariat"), quarter="2026-Q3")
        (event,) = payloads_of("indicators.quarter.read")
        assert set(event["states"]) >= {"SV", "GT"}


class TestWhatCannotBeRead:
    def test_is_said_beside_the_numbers_that_lack_it(self, office):
        note_to(office.region, office.ana, office.boris)
        assert office.read().json()["incomplete"] is False
        sent = LogEntry.objects.get(event__kind="notes.note.sent", log__name="acts")
        erase(
            origin=sent.log.origin,
            position=sent.position,
            ground="test",
            actor="operator",
            now=office.region.now,
        )
        assert office.read().json()["incomplete"] is True
        assert office.read(office.sit("GT", "national-auditor")).json()["incomplete"] is True
        assert office.read(office.sit("MX", "national-auditor")).json()["incomplete"] is False

    def test_is_no_row_that_the_log_holds_nothing_for_yet(self, office):
        found = office.read().json()
        shown = {row["code"] for row in (*found["counts"], *found["times"])}
        assert not shown & set(found["unrecorded"])
        assert ("urgent" in found["unrecorded"]) == ("requests.move.made" not in type_registry)


class TestAQuarter:
    @pytest.mark.parametrize("quarter", ["2027-Q1", "2024-Q4"])
    def test_to_come_or_long_past_is_refused_with_words(self, office, quarter):
        assert office.read(quarter=quarter).json()["code"] == "quarter-unknown"

    @pytest.mark.parametrize("quarter", ["2026-Q5", "2026", "2026-Q4\n"])
    def test_is_spelt_in_one_way(self, office, quarter):
        assert office.read(quarter=quarter).json()["code"] == "bad-frame"


@pytest.mark.once  # the command reads a file
class TestAnExport:
    """`manage.py indicators` reads no database."""

    @pytest.fixture
    def bundle(self, office, tmp_path):
        sent = [note_to(office.region, office.ana, office.boris) for _ in range(7)]
        for note in sent[:5]:
            notes.acknowledge_note(note=note, actor=office.boris.actor, now=office.region.now)
        office.ready(12, aside=["SUMMARY"])
        office.desk.sequence()
        file = tmp_path / "acts.zip"
        audit_command("export", file, "--log", "acts-2026", "--by", "operator")
        return file

    @pytest.mark.parametrize("state", ["SV", "GT", "MX"])
    def test_gives_a_state_the_same_numbers_as_its_page(self, office, bundle, state):
        shown = office.read(office.sit(state, "national-auditor")).json()
        found, said = reckoned("--from", bundle, "--quarter", QUARTER, "--state", state)
        assert (found["times"], said) == (shown["times"], "")
        # Whoever sat down to read was entered after the export.
        rows = [row for row in found["counts"] if row["code"] != "directory"]
        assert rows == [row for row in shown["counts"] if row["code"] != "directory"]

    def test_gives_the_region_the_same_numbers_as_its_page(self, office, bundle, clock):
        office.desk.move(clock, timedelta(days=40))
        shown = office.read(office.sit("", "secretariat")).json()
        found, _ = reckoned("--from", bundle, "--quarter", QUARTER)
        rows = [row for row in found["counts"] if row["code"] != "directory"]
        assert rows == [row for row in shown["counts"] if row["code"] != "directory"]
        assert found["times"] == shown["times"]

    def test_says_what_it_could_not_read_in_any_of_its_bundles(self, office, bundle, tmp_path):
        erase(
            origin=log_named("acts-2026").origin,
            position=3,
            ground="test",
            actor="operator",
            now=office.region.now,
        )
        office.desk.sequence()
        file = tmp_path / "later.zip"
        audit_command("export", file, "--log", "acts-2026", "--by", "operator")
        found, said = reckoned("--from", file, "--quarter", QUARTER)
        assert said == "Closed or erased entries: 1; what they said is missing.\n"
        assert found["incomplete"]
        for both in ((bundle, file), (file, bundle)):  # an older one still opens it
            found, said = reckoned(
                *[x for one in both for x in ("--from", one)], "--quarter", QUARTER
            )
            assert (found["incomplete"], said) == (False, "")

    def test_counts_no_entry_twice_that_is_there_twice(self, bundle):
        asked = ("--quarter", QUARTER, "--state", "SV")
        once = reckoned("--from", bundle, *asked)
        assert reckoned("--from", bundle, "--from", bundle, *asked) == once

    @pytest.mark.parametrize(("after", "overdue"), [(59, 0), (60, 6)])
    def test_takes_for_missed_what_was_when_its_newest_entry_was_made(
        self, office, tmp_path, clock, after, overdue
    ):
        office.asked(6, due=office.region.now + timedelta(minutes=60))
        office.desk.move(clock, timedelta(minutes=after))
        office.ready(1)
        office.desk.sequence()
        file = tmp_path / "asked.zip"
        audit_command("export", file, "--log", "acts-2026", "--by", "operator")
        found, _ = reckoned("--from", file, "--quarter", QUARTER, "--state", "SV")
        cells = next(row["cells"] for row in found["counts"] if row["code"] == "consultations")
        assert cells["overdue"] == overdue

    def test_that_was_changed_is_not_reckoned(self, bundle):
        data = bytearray(bundle.read_bytes())
        data[len(data) // 2] ^= 1
        bundle.write_bytes(data)
        with pytest.raises(CommandError) as refused:
            reckoned("--from", bundle, "--quarter", QUARTER)
        assert refused.value.returncode == 1

    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            (("--quarter", "autumn"), "a quarter is"),
            (("--quarter", "2031-Q1"), "nothing of 2031-Q1"),
            (("--quarter", "2025-Q4"), "nothing of 2025-Q4"),
            (("--quarter", QUARTER, "--state", "sv"), "no State: 'sv'"),
            (("--quarter", QUARTER, "--state", "DE"), "no State: 'DE'"),
            (("--quarter", QUARTER, "--policy", "nowhere.txt"), "it cannot be read"),
        ],
    )
    def test_of_what_it_cannot_say_is_undecided_and_says_why(self, bundle, asked, why):
        with pytest.raises(CommandError, match=why) as refused:
            reckoned("--from", bundle, *asked)
        assert refused.value.returncode == 2

    def test_of_a_form_to_come_is_undecided(self, office, tmp_path):
        """Not a traceback, and not that the quarter was misspelt."""
        with patch.object(RequestOpened, "payload", lambda one: {"request": one.request}):
            office.ready(1)
        office.desk.sequence()
        file = tmp_path / "acts.zip"
        audit_command("export", file, "--log", "acts-2026", "--by", "operator")
        with pytest.raises(CommandError, match="form that this release") as refused:
            reckoned("--from", file, "--quarter", QUARTER)
        assert refused.value.returncode == 2
