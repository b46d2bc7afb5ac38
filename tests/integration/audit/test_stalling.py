"""A log that does not move takes no change; reading goes on, and it recovers by itself."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from audit import services
from audit.errors import LogStalled
from audit.events import type_registry
from audit.models import AuditEvent, Waiting
from audit.queries import trees
from audit.tlog.policy import Policy
from casehub.cases.events import CaseOpened
from casehub.core.rates import buckets, refusals
from messaging import batching
from messaging.services import Post
from tests.framed import private_message
from tests.integration.audit.conftest import log_named

# Reading, coming and going, refusals, and what takes a right away.
GO_ON = {
    *("audit.bundle.exported", "oversight.entry.opened", "oversight.log.exported"),
    *("oversight.log.queried", "oversight.statistics.read", "oversight.pair.read"),
    "indicators.quarter.read",
    "oversight.pair-consent.withdrawn",
    *("accounts.account.closed", "accounts.passkey.removed", "accounts.session.ended"),
    *("accounts.sign-in.completed", "accounts.sign-in.refused", "accounts.sign-in.renewed"),
    *("accounts.unlock-share.given", "cases.case.read", "cases.person.removed"),
    *("cases.state.objected", "cases.state.refused", "cases.state.withdrawn"),
    # What keeps something that would be deleted.
    *("cases.case.reopened", "cases.hold.placed", "cases.hold.lift-refused"),
    *("cases.retention.changed", "cases.retention.refused"),
    *("cases.reader.removed", "core.act.refused", "core.callers.refused", "core.proof.asked"),
    "designations.regional.dismissed",
    *("directory.device.selected", "messaging.group-info.read", "messaging.welcome.collected"),
    *(
        "requests.reader.removed",
        "requests.request.read",
        "requests.dossier.read",
        "notes.note.declined",
    ),
    "custody.export.refused",
    *("messaging.attachment.opened", "messaging.attachment.removed"),
    *("accounts.backup.given", "accounts.backup.kept", "audit.log.succeeded"),
    *("directory.card.opened", "directory.contact.opened", "directory.notice.acknowledged"),
    *("directory.notices.acknowledged", "directory.page.printed"),
    # What stops somebody, and what ends because nothing was done.
    *("directory.device.revoked", "directory.person.removed", "directory.person.suspended"),
    *("directory.state.stopped", "directory.state.stop-confirmed", "directory.stop.completed"),
    *("directory.stop.repeated", "directory.stop.reasoned"),
    *("designations.consultation.lapsed", "designations.designation.lapsed"),
    *("designations.designation.rejected", "designations.expiry.reminded"),
    *("designations.standing.missed", "designations.quiet.warned", "designations.reading.ended"),
    "digests.mail.failed",  # of one that was given to the mail server before
}
DAY = 24 * 60  # minutes
SECOND = timedelta(seconds=1)


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def boris(region):
    return region.equipped("MX")


@pytest.fixture
def browser(region):
    def open_(who):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = region.session(who)
        return client

    return open_


def change(at):
    """Record an act that changes something."""
    event = CaseOpened(
        states=("SV",), case="c", reference="SV-2026-0001", circle="i", retention="long"
    )
    with transaction.atomic():
        return services.record(event, actor="ana", at=at)


def open_case(client, language="en"):
    buckets.clear()
    return client.post(
        "/api/cases",
        data={"client_id": str(uuid4()), "states": ["MX", "SV"]},
        content_type="application/json",
        headers={"accept-language": language},
    )


class TestWhatGoesOn:
    def test_is_reading_coming_and_going_and_taking_rights_away(self):
        ours = {kind for kind, event in type_registry.items() if not kind.startswith("test")}
        assert {kind for kind in ours if type_registry[kind].goes_on} == GO_ON


class TestALogThatNobodySigns:
    def test_takes_changes_for_a_day_and_no_longer(self, bench):
        change(bench.now)
        bench.wait(DAY - 1)
        change(bench.now)
        bench.wait(2)
        with pytest.raises(LogStalled):
            change(bench.now)

    def test_is_not_stopped_by_an_event_that_says_to_be_old(self, bench):
        for years in (1, 20):
            change(bench.now - timedelta(days=365 * years))
        services.look_again()
        assert change(bench.now)
        bench.sequencer(policy=Policy(witnesses={})).tick()  # placed, and not yet published
        services.look_again()
        assert change(bench.now)

    def test_is_not_kept_going_by_events_that_say_to_be_new(self, bench):
        change(bench.now + timedelta(days=365))
        bench.wait(DAY + 1)
        with pytest.raises(LogStalled):
            change(bench.now + timedelta(days=365))

    def test_is_not_stopped_by_a_process_whose_clock_is_ahead(self, bench):
        change(bench.now)
        assert change(bench.now + timedelta(days=2))

    def test_is_noticed_although_it_grows_but_is_not_signed(self, bench):
        change(bench.now)
        one = bench.sequencer(passing=failing("read again"))
        with pytest.raises(RuntimeError):
            one.tick()
        assert not Waiting.objects.exists()
        bench.wait(DAY + 1)
        with pytest.raises(LogStalled):
            change(bench.now)

    def test_is_noticed_although_it_is_signed_but_no_quorum_cosigns(self, bench):
        change(bench.now)
        bench.sequencer(policy=Policy(witnesses={})).tick()  # nobody asks them here
        log = log_named("acts-2026")
        assert (trees.signed_size(log), trees.published_size(log)) == (1, 0)
        bench.wait(DAY + 1)
        with pytest.raises(LogStalled):
            change(bench.now)

    def test_counts_from_the_queue_also_what_has_its_place_by_now(self, bench):
        change(bench.now)
        bench.wait(DAY - 1)
        bench.sequencer(policy=Policy(witnesses={})).tick()
        bench.wait(2)
        with pytest.raises(LogStalled):
            change(bench.now)

    def test_counts_from_its_act_what_was_placed_before_the_queue_had_a_clock(self, bench):
        change(bench.now - timedelta(days=2))
        bench.sequencer(policy=Policy(witnesses={})).tick()
        bench.tamper("UPDATE audit_logentry SET queued_at = NULL")
        services.look_again()
        with pytest.raises(LogStalled):
            change(bench.now)

    def test_takes_them_again_as_soon_as_it_is_signed(self, bench):
        change(bench.now)
        bench.wait(DAY + 1)
        with pytest.raises(LogStalled):
            change(bench.now)
        bench.sequencer().tick()
        assert change(bench.now)

    def test_records_meanwhile_who_read_and_who_was_refused(self, bench):
        bench.record()
        bench.wait(2 * DAY)
        bench.record(3)
        assert AuditEvent.objects.count() == 4

    def test_of_another_host_is_nobodys_business_any_more(self, bench, settings):
        bench.signed(3)
        bench.tamper("DELETE FROM audit_publishedcheckpoint", "DELETE FROM audit_signedcheckpoint")
        settings.LOG_HOST = "second.example"
        bench.wait(3 * DAY)
        assert change(bench.now)


def failing(at):
    def passing(step):
        if step == at:
            raise RuntimeError(step)

    return passing


class TestAFullQueue:
    def test_takes_no_change_until_there_is_room(self, bench, settings):
        settings.LOG_QUEUE = 5
        bench.record(4)
        change(bench.now)
        services.look_again()
        with pytest.raises(LogStalled):
            change(bench.now)
        bench.record(1)  # a refusal still finds its place
        bench.sequencer().tick()
        assert change(bench.now)


class TestTheLook:
    def test_costs_an_act_nothing_for_five_seconds(self, bench, django_assert_num_queries):
        change(bench.now)
        services.look_again()
        with transaction.atomic():
            # The queue's length, its oldest event, the clock, the logs; then the event itself.
            with django_assert_num_queries(4 + 1):
                self.record(bench.now)
            with django_assert_num_queries(1):
                self.record(bench.now + 4 * SECOND)

    @staticmethod
    def record(at):
        event = CaseOpened(
            states=("SV",), case="c", reference="SV-2026-0001", circle="i", retention="long"
        )
        services.record(event, actor="ana", at=at)

    def test_costs_a_log_that_is_signed_two_short_questions_a_log(
        self, bench, django_assert_num_queries
    ):
        bench.signed(2, directory=2)
        services.look_again()
        with transaction.atomic(), django_assert_num_queries(4 + 2 * 2 + 1):
            self.record(bench.now)


class TestAPerson:
    def test_is_told_in_their_language_and_goes_on_reading(
        self, bench, region, ana, boris, browser
    ):
        mine = browser(ana)
        case = open_case(mine).json()["id"]
        bench.wait(DAY + 1)
        before = AuditEvent.objects.count()
        told = [open_case(mine, language) for language in ("es", "en", "fr")]
        assert [one.status_code for one in told] == [503] * 3
        assert {one.json()["code"] for one in told} == {"log-stalled"}
        assert len({one.json()["message"] for one in told}) == 3
        assert AuditEvent.objects.count() == before  # a refusal a try would fill the queue
        assert [one["id"] for one in mine.get("/api/cases").json()] == [case]
        assert mine.get(f"/api/cases/{case}").status_code == 200
        assert AuditEvent.objects.order_by("id").last().kind == "cases.case.read"
        assert refusals._counts == {}
        bench.sequencer().tick()
        assert open_case(mine).status_code == 200

    def test_hears_it_for_each_message_of_a_batch_and_none_is_stored(
        self, bench, region, ana, boris, now
    ):
        thread = region.thread(ana, boris)
        bench.wait(DAY + 1)
        before = AuditEvent.objects.count()
        ids = [uuid4() for _ in range(3)]
        posts = [Post(ana.actor, thread, 0, id_, private_message(thread, id=id_)) for id_ in ids]
        assert [one.code for one in batching.write(posts, now)] == ["log-stalled"] * 3
        assert AuditEvent.objects.count() == before
        bench.sequencer().tick()
        assert [one.id for one in batching.write(posts, now)] == ids

    def test_can_still_sign_out(self, bench, region, ana, browser):
        mine = browser(ana)
        bench.wait(DAY + 1)
        assert mine.post("/api/sign-out", {}, content_type="application/json").status_code == 200
        assert AuditEvent.objects.order_by("id").last().kind == "accounts.session.ended"


class TestAnErasure:
    def test_waits_too(self, bench):
        bench.signed(3)
        bench.record(1)
        bench.wait(DAY + 1)
        with pytest.raises(CommandError, match="the log does not move"):
            call_command(
                "audit", "erase", "acts-2026", "1", "--ground", "LED 16(2)", "--by", "op",
                stdout=StringIO(),
            )  # fmt: skip
        assert not AuditEvent.objects.filter(salt=None).exists()
