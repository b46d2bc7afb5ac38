"""The end of a period: all that was said in a case is destroyed, and nothing that is held."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import queries as log
from casehub.cases import queries as cases
from casehub.cases import services as cases_services
from casehub.cases import sweeping as case_rounds
from casehub.cases.circles import let_in
from casehub.cases.models import Case, Circle, Erasure
from casehub.cases.queries import dues, keeping
from casehub.core.errors import DomainError, NotVisible, Refused
from casehub.directory.models import State
from casehub.notes.models import Note
from messaging import queries, services, sweeping
from messaging.models import Attachment, Chunk, Entry, Group, Welcome
from requests_mla.models import Request
from tests.integration.cases.keepings import YEARS, asked_to_lift, hold_on, lifted
from tests.integration.custody.made import lapsed_wish
from tests.integration.leaning import misleading_rows
from tests.integration.messaging.conftest import code_of
from tests.integration.messaging.leavings import kept_of, lies
from tests.integration.messaging.uploaded import begin, whole
from tests.integration.notes.made import note_to
from tests.integration.requests_mla.made import proposal_of, request_of

SECRET = b"sealed-words-of-the-case"


@pytest.fixture
def guatemala(region):
    return region.equipped("GT")


@pytest.fixture
def case(region, ana, boris):
    return region.case(ana, boris)


@pytest.fixture
def full(region, ana, boris, guatemala, case, posting, small_rulebook, now):
    """The case with a thread, messages, a file, a draft of each State and a note to a third."""
    thread = region.thread(ana, boris, case=case)
    posting(thread, ana, text=SECRET)
    file = whole(region, ana, thread)
    services.open_attachment(attachment=file, actor=boris.actor, now=now)
    group = Group.objects.get(circle_id=thread)
    Welcome.objects.create(
        group=group, device_id=boris.device, seq=1, chain=b"", body=SECRET, act=0
    )
    colleague = region.equipped("SV")
    cases_services.add_person(
        case=case, client_id=uuid4(), person=colleague.id, circles=[], actor=ana.actor, now=now
    )
    proposal_of(region, boris, request_of(region, ana, colleague, case=case))
    note = note_to(region, ana, guatemala, case=case)
    circle = Note.objects.get(id=note).circle_id
    region.group(circle, ana, guatemala)
    posting(circle, ana, text=SECRET)
    lapsed_wish(region, thread, ana, box=SECRET)
    return thread


def close(case, by, now):
    cases_services.close_case(case=case, actor=by.actor, now=now)


class TestTheEndOfAPeriod:
    def test_leaves_nothing_of_the_case_in_any_table_or_on_the_disk(self, case, full, ana, now):
        assert {
            "entries",
            "groups",
            "welcomes",
            "versions",
            "pieces",
            "proposals",
            "wishes",
        } <= kept_of(case).keys()
        close(case, ana, now)
        assert case_rounds.sweep(now + YEARS) == 1
        assert sweeping.sweep(now + YEARS) == 1
        assert kept_of(case) == {}

    def test_has_no_table_with_ciphertext_that_nobody_thought_of(self):
        """Whoever adds a column of bytes says here whether a case's deletion has to reach it."""
        reached = {
            "messaging.group.chain",
            "messaging.group.group_info",
            "messaging.group.info_chain",
            "messaging.entry.body",
            "messaging.entry.chain",
            "messaging.welcome.body",
            "messaging.welcome.chain",
            "requests_mla.version.body",
            "requests_mla.attestation.commitment",
            "requests_mla.attestation.results",
            "requests_mla.attestation.signature",
            "requests_mla.letter.body",
            "requests_mla.letterkey.wrapped",
            "requests_mla.move.key",
            "requests_mla.move.signature",
            "requests_mla.proposal.key",
            "requests_mla.proposal.second_key",
            "requests_mla.proposal.second_signature",
            "requests_mla.proposal.signature",
            "custody.export.box",
        }
        of_no_case = {"messaging.keypackage.ref", "messaging.keypackage.body"}
        of_no_case |= {"papers.letterhead.body", "papers.letterhead.signature"}  # an office's
        of_no_case |= {"custody.export.consent_signature", "papers.making.signature"}  # of digests
        elsewhere = {"accounts", "audit", "designations", "digests", "directory", "oversight"}
        found = {
            f"{model._meta.label_lower}.{one.name}"
            for app in apps.get_app_configs()
            if app.name.startswith(("casehub.", "messaging", "requests_mla", "audit"))
            and app.label not in elsewhere
            for model in app.get_models()
            for one in model._meta.get_fields()
            if getattr(one, "get_internal_type", str)() == "BinaryField"
        }
        assert found == reached | of_no_case

    def test_is_one_event_for_all_states_and_one_for_what_not_all_know(
        self, case, full, ana, now, recorded
    ):
        close(case, ana, now)
        with recorded("cases.case.erased", "cases.circle.erased", "cases.circle.erased"):
            cases_services.erase_case(case=case, now=now + YEARS)
        (event,) = log.payloads_of("cases.case.erased")
        assert event["states"] == ["MX", "SV"]
        assert len(event["payload"]["circles"]) == 2  # title and thread
        hidden = log.payloads_of("cases.circle.erased")
        assert sorted(one["states"] for one in hidden) == [["GT", "SV"], ["SV"]]
        assert misleading_rows(0) == []

    def test_leaves_the_log_that_there_was_a_case_and_who_was_in_it(self, case, full, ana, now):
        before = len(log.payloads_of("messaging.message.accepted"))
        close(case, ana, now)
        case_rounds.sweep(now + YEARS)
        assert len(log.payloads_of("messaging.message.accepted")) == before == 2
        found = Case.objects.get(id=case)
        assert (found.erased_at, found.members.count()) == (now + YEARS, 3)

    def test_is_told_to_whoever_ever_read_it(self, case, full, ana, boris, guatemala, now):
        close(case, ana, now)
        case_rounds.sweep(now + YEARS)
        told = keeping.keeping_for(boris.actor, now=now + YEARS)["erased"]
        assert {one["kind"] for one in told} == {"case", "thread"}
        assert {(one["case"], one["retention"]) for one in told} == {(case, "case-file")}
        (note,) = keeping.keeping_for(guatemala.actor, now=now + YEARS)["erased"]
        assert (note["kind"], note["case"]) == ("note", None)

    def test_ends_all_reading(self, case, full, ana, boris, now, posting):
        file = Attachment.objects.get().id
        close(case, ana, now)
        case_rounds.sweep(now + YEARS)
        assert cases.readers_of([full]) == {}
        for ask in (
            lambda: queries.log_for(ana.actor, full, after=0, limit=9),
            lambda: queries.state_for(ana.actor, full),
            lambda: services.open_attachment(attachment=file, actor=boris.actor, now=now),
        ):
            with pytest.raises(NotVisible):
                ask()
        assert code_of(posting(full, ana)) == "not-found"

    def test_does_not_come_before_its_day(self, case, full, ana, now):
        close(case, ana, now)
        due = dues.due_of(Case.objects.get(id=case))
        second = timedelta(seconds=1)
        assert case_rounds.sweep(due - second) == 0
        with pytest.raises(Refused) as refused:
            cases_services.erase_case(case=case, now=due - second)
        assert refused.value.code == "deletion-not-due"
        assert case_rounds.sweep(due) == 1
        assert case_rounds.sweep(due + YEARS) == 0

    def test_never_comes_to_an_open_case(self, case, full, now):
        assert case_rounds.sweep(now + 30 * YEARS) == 0

    def test_does_not_come_to_a_case_that_was_reopened(self, case, full, ana, now):
        close(case, ana, now)
        cases_services.reopen_case(case=case, actor=ana.actor, now=now)
        assert case_rounds.sweep(now + YEARS) == 0

    def test_waits_while_a_state_that_could_hold_it_is_stopped(self, case, full, ana, now, region):
        close(case, ana, now)
        State.objects.filter(code="MX").update(stopped_at=now)
        assert case_rounds.sweep(now + YEARS) == 0
        State.objects.filter(code="MX").update(stopped_at=None)
        assert case_rounds.sweep(now + YEARS) == 1

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting of SQLite's")
    @pytest.mark.django_db
    def test_asks_sqlite_to_overwrite_what_is_deleted(self):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            assert cursor.fetchone() == (1,)


class TestAHeldCase:
    @pytest.fixture
    def first(self, region, ana):
        return region.seat("SV").coordinator

    @pytest.fixture
    def guest(self, region, boris):
        return region.seat("MX").coordinator

    def test_is_not_deleted_whoever_holds_it(self, case, full, ana, guest, now):
        close(case, ana, now)
        hold_on(guest, case, now=now)
        assert case_rounds.sweep(now + 2 * YEARS) == 0
        with pytest.raises(Refused) as refused:
            cases_services.erase_case(case=case, now=now + 2 * YEARS)
        assert refused.value.code == "case-held"

    def test_is_deleted_three_days_after_the_last_hold_is_lifted(
        self, region, case, full, ana, guest, now
    ):
        close(case, ana, now)
        late = now + YEARS
        hold = asked_to_lift(guest, hold_on(guest, case, now=now), now=late)
        lifted(hold, region.person("MX", "coordinator"), now=late)
        assert case_rounds.sweep(late + timedelta(days=2)) == 0
        assert case_rounds.sweep(late + timedelta(days=3)) == 1

    def test_lets_no_message_be_withdrawn_and_all_else_be_said(
        self, case, full, ana, first, now, posting
    ):
        hold_on(first, case, now=now)
        assert code_of(posting(full, ana, act="withdraw")) == "case-held"
        assert code_of(posting(full, ana)) == "accepted"
        assert code_of(posting(full, ana, act="edit")) == "accepted"

    def test_lets_no_whole_file_be_taken_back(self, region, case, full, ana, first, now):
        file = Attachment.objects.get().id
        going = begin(region, ana, full)
        hold_on(first, case, now=now)
        with pytest.raises(Refused) as refused:
            services.remove_attachment(attachment=file, actor=ana.actor, now=now)
        assert refused.value.code == "case-held"
        services.remove_attachment(attachment=going, actor=ana.actor, now=now)

    def test_still_has_its_unfinished_uploads_ended(self, region, case, full, ana, first, now):
        going = begin(region, ana, full)
        hold_on(first, case, now=now)
        sweeping.sweep(now + timedelta(days=8))
        assert Attachment.objects.get(id=going).removed_at
        assert len(lies(case)) == 1  # the whole one's

    def test_of_which_a_third_state_holds_its_note_is_deleted_but_for_that(
        self, region, case, full, ana, guatemala, now
    ):
        note = Circle.objects.get(case=case, kind=Circle.Kind.NOTE).id
        coordinator = region.equipped("GT", "coordinator")
        with pytest.raises(NotVisible):
            cases_services.hold_note(
                circle=note, client_id=uuid4(), ground="other", actor=ana.actor, now=now
            )
        let_in([note], [coordinator.id], act=0, now=now)
        cases_services.hold_note(
            circle=note, client_id=uuid4(), ground="other", actor=coordinator.actor, now=now
        )
        close(case, ana, now)
        assert case_rounds.sweep(now + YEARS) == 1
        sweeping.sweep(now + YEARS)
        assert kept_of(case) == {"entries": 1, "groups": 1}
        assert case_rounds.sweep(now + 2 * YEARS) == 0
        assert note not in set(Erasure.objects.values_list("circle", flat=True))


class TestAClosedCase:
    @pytest.fixture(autouse=True)
    def _closed(self, case, full, ana, now):
        close(case, ana, now)

    def test_takes_no_message_and_no_act_on_one(self, full, ana, boris, posting):
        assert code_of(posting(full, ana)) == "case-closed"
        assert code_of(posting(full, ana, act="withdraw")) == "case-closed"
        assert code_of(posting(full, boris, act="acknowledge")) == "case-closed"

    def test_takes_no_file(self, region, full, ana):
        with pytest.raises(Refused) as refused:
            begin(region, ana, full)
        assert refused.value.code == "case-closed"

    def test_takes_no_new_request(self, region, case, ana, small_rulebook, now):
        with pytest.raises(Refused) as refused:
            request_of(region, ana, ana, case=case)
        assert refused.value.code == "case-closed"
        assert Request.objects.count() == 1

    def test_is_read_as_before(self, full, ana):
        assert queries.log_for(ana.actor, full, after=0, limit=9)["head"] == 1


ACTS = ("close", "reopen", "longer", "hold SV", "hold MX", "lift SV", "lift MX", "withdraw",
        "take back", "round", "years")  # fmt: skip


class TestWhateverIsDoneInWhateverOrder:
    @pytest.mark.timeout(300)
    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=14))
    def test_nothing_that_is_held_is_destroyed_and_all_that_is_deleted_is_gone(self, acts, play):
        play(acts)

    @pytest.fixture
    def play(self, region, ana, boris, posting, now):
        """Play acts in a case of its own, and look after each."""
        hands = {
            code: (region.seat(code).coordinator, region.person(code, "coordinator"))
            for code in ("SV", "MX")
        }

        def lift(state, case, at):
            first, second = hands[state]
            for hold in keeping.standing().filter(case=case, state=state):
                lifted(asked_to_lift(first, hold, now=at), second, now=at)

        def play(acts):
            case = region.case(ana, boris)
            thread = region.thread(ana, boris, case=case)
            posting(thread, ana)
            file = whole(region, ana, thread)
            at = now
            doing = {
                "close": lambda: close(case, ana, at),
                "reopen": lambda: cases_services.reopen_case(case=case, actor=ana.actor, now=at),
                "longer": lambda: cases_services.keep_longer(
                    case=case, retention="assistance", actor=ana.actor, now=at
                ),
                "hold SV": lambda: hold_on(hands["SV"][0], case, now=at),
                "hold MX": lambda: hold_on(hands["MX"][0], case, now=at),
                "lift SV": lambda: lift("SV", case, at),
                "lift MX": lambda: lift("MX", case, at),
                "withdraw": lambda: posting(thread, ana, act="withdraw"),
                "take back": lambda: services.remove_attachment(
                    attachment=file, actor=ana.actor, now=at
                ),
                "round": lambda: (case_rounds.sweep(at), sweeping.sweep(at)),
            }
            for act in acts:
                held = keeping.held_among([thread]) != set()
                before = (seen(thread), Attachment.objects.get(id=file).swept)
                if act == "years":
                    at += YEARS
                    continue
                with suppress(DomainError):
                    doing[act]()
                if held:
                    assert lost(before, thread, file) == set(), acts
                if Case.objects.get(id=case).erased_at:
                    sweeping.sweep(at)
                    assert not Entry.objects.filter(group=thread).exists()
                    assert not Chunk.objects.filter(attachment=file).exists()
                    assert lies(case) == []

        return play


def seen(thread: UUID) -> set[tuple[int, str]]:
    """Return the messages of a thread, and what was done to each."""
    return set(Entry.objects.filter(group=thread).values_list("seq", "digest"))


def lost(before, thread, file) -> set[object]:
    """Return what was there before and is not, or was withdrawn while it was held."""
    entries, swept = before
    withdrawn = Entry.objects.filter(group=thread, act="withdraw").values_list("seq", "digest")
    gone = (entries - seen(thread)) | (set(withdrawn) - entries)
    row = Attachment.objects.get(id=file)
    return gone | ({file} if row.swept != swept else set())
