"""The daily e-mail on its way: to whom, when, once, with what in it, and what if it does not go."""

from __future__ import annotations

import re
import smtplib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit import queries as log
from audit.models import AuditEvent
from casehub import settings as project
from casehub.cases.models import Case
from casehub.digests import limits, mailing, queries, services, sweeping
from casehub.digests.models import Digest, Mail
from casehub.directory import services as directory
from casehub.directory.models import Office, Person, State
from casehub.edge.rounds import go_round
from messaging import markers
from tests.integration.designations.conftest import life
from tests.integration.digests.conftest import ADDRESS, choose, relayed, write
from tests.integration.leaning import misleading_rows
from tests.mailserver import Talker

__all__ = ["life"]

HANDED, FAILED = "digests.mail.handed", "digests.mail.failed"
# 08:00 in San Salvador on the day after.
DUE = datetime(2026, 11, 25, 14, 0, tzinfo=ZoneInfo("UTC"))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class TestTheEMail:
    def test_goes_at_the_hour_in_ones_zone_and_is_logged_without_the_address(
        self, waiting, post, recorded
    ):
        with recorded():
            assert sweeping.sweep(DUE - timedelta(seconds=1)) == 0
        with recorded(HANDED):
            assert sweeping.sweep(DUE) == 1
        assert post.recipients == [ADDRESS]
        (event,) = log.payloads_of(HANDED)
        assert event["payload"] == {"person": waiting.person, "attempt": 1}
        assert AuditEvent.objects.filter(kind=HANDED).get().actor == ""
        assert misleading_rows(0) == []

    def test_says_numbers_in_ones_language_and_where_to_sign_in(self, waiting, post):
        sweeping.sweep(DUE)
        (message,) = post.messages
        assert message["Subject"] == "Hay novedades en CaseHub"
        said = message.get_content()
        assert "Mensajes sin leer: 1" in said
        assert re.findall(r"\S*://\S*", said) == ["https://casehub.example"]

    def test_is_sent_once_a_day_and_again_on_the_next(self, waiting, post):
        assert [sweeping.sweep(DUE + n * MINUTE) for n in (0, 1, 300)] == [1, 0, 0]
        assert sweeping.sweep(DUE + DAY) == 1
        assert [one.day for one in Mail.objects.order_by("day")] == [
            date(2026, 11, 25),
            date(2026, 11, 26),
        ]

    def test_goes_later_that_day_if_nothing_ran_at_its_hour(self, waiting, post):
        assert sweeping.sweep(DUE + timedelta(hours=9)) == 1

    def test_is_sent_by_the_round_that_every_web_process_goes(self, waiting, post):
        assert go_round(DUE)
        assert post.recipients == [ADDRESS]

    def test_is_none_when_nothing_waits_and_that_day_stays_silent(
        self, waiting, post, thread, boris, recorded
    ):
        markers.mark_read(actor=waiting.actor, thread=thread, seq=1)
        with recorded():
            assert sweeping.sweep(DUE) == 0
        write(thread, boris, at=DUE)
        assert sweeping.sweep(DUE + MINUTE) == 0
        assert sweeping.sweep(DUE + DAY) == 1

    def test_of_weekdays_rests_on_saturday_and_sunday(self, region, waiting, post):
        choose(region, waiting, often="weekdays")
        assert [sweeping.sweep(DUE + n * DAY) for n in range(6)] == [1, 1, 1, 0, 0, 1]

    @pytest.mark.parametrize("month_day", ["03-14", "11-07"])
    def test_is_one_on_a_day_when_the_clocks_change(
        self, region, waiting, post, month_day, monkeypatch
    ):
        monkeypatch.setattr(Person, "in_force", lambda *_: True)
        choose(region, waiting, zone="America/New_York", hour=2)
        begins = datetime.fromisoformat(f"2027-{month_day}T00:30").replace(
            tzinfo=ZoneInfo("America/New_York")
        )
        Digest.objects.update(looked_on=begins.date() - DAY)
        begins = begins.astimezone(ZoneInfo("UTC"))
        sent = [sweeping.sweep(begins + n * 30 * MINUTE) for n in range(44)]
        assert sum(sent) == 1


class TestNobodyIsWritten:
    """Who wants none, or acts no more; each is told nothing, and nothing is logged of it."""

    @pytest.fixture(autouse=True)
    def _silent(self, waiting, post, recorded):
        yield
        with recorded():
            assert sweeping.sweep(DUE) == 0
        assert post.recipients == []
        assert Mail.objects.count() == 0

    def test_who_chose_never(self, region, waiting):
        choose(region, waiting, often="never")

    def test_who_is_suspended(self, region, waiting, now):
        region.end(waiting, suspended_at=now)

    def test_who_is_removed(self, region, waiting, now):
        region.end(waiting, removed_at=now)

    def test_whose_designation_is_over(self, region, waiting):
        region.end(waiting, valid_until=DUE)

    def test_whose_state_is_stopped(self, region, waiting, now):
        by = region.seat("SV").coordinator
        directory.stop_state(code="SV", reason="drill", actor=by.actor, now=now)

    def test_who_closed_their_account(self, waiting):
        account = Person.objects.get(id=waiting.person).account
        account.is_active = False
        type(account).objects.filter(id=account.id).update(is_active=False)


class TestItsHeaders:
    @pytest.fixture
    def message(self, waiting, post):
        sweeping.sweep(DUE)
        return post.messages[0]

    def test_are_these_and_no_others(self, message):
        assert {name.lower() for name in message} == {
            *("content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to"),
            *("date", "message-id", "auto-submitted", "precedence", "list-unsubscribe"),
            "content-language",
        }

    def test_tell_robots_not_to_answer(self, message):
        assert (message["Auto-Submitted"], message["Precedence"]) == ("auto-generated", "bulk")

    def test_turn_nothing_off_without_a_sign_in(self, message):
        assert message["List-Unsubscribe"] == "<https://casehub.example/>"
        assert "List-Unsubscribe-Post" not in message

    def test_name_the_site_and_nothing_of_the_machine(self, message, post):
        assert re.fullmatch(r"<[0-9a-f]{32}@casehub\.example>", message["Message-ID"])
        assert post.greeted == ["casehub.example"]
        assert message["To"] == ADDRESS


class TestWhatSomebodyTypedOrIsCalled:
    def test_is_in_no_e_mail(self, region, waiting, boris, thread, post, now):
        """A canary in every column of text that lies about what is counted."""
        write(thread, boris, at=now, text=b"canario-mensaje", urgent=True)
        names = {"name": "Canario Nombre", "post": "Canario Cargo"}
        with_event = region.event()
        assert with_event
        region.end(waiting, **names)
        region.end(boris, **names)
        Office.objects.update(name="Canario Oficina")
        State.objects.update(name_es="Canario Estado")
        reference = Case.objects.values_list("reference", flat=True)
        sweeping.sweep(DUE)
        (raw,) = post.bodies
        (message,) = post.messages
        said = raw.decode() + message.get_content() + "".join(map(str, message.values()))
        told = ["anario", *reference, str(thread), waiting.person, waiting.account, boris.person]
        told += ["SV", "MX", "El Salvador"]
        assert [one for one in told if one in said] == []


class TestAMailServer:
    def test_that_cannot_be_reached_loses_nothing(self, waiting, settings, recorded):
        relayed(settings, 1)
        with recorded():
            assert sweeping.sweep(DUE) == 0
        assert Digest.objects.get().looked_on < date(2026, 11, 25)

    def test_is_left_alone_for_a_while_and_then_used_again(self, waiting, post, settings):
        settings.EMAIL_PORT = 1
        sweeping.sweep(DUE)
        settings.EMAIL_PORT = post.port
        assert sweeping.sweep(DUE + limits.PAUSE - MINUTE) == 0
        assert sweeping.sweep(DUE + limits.PAUSE) == 1

    def test_that_offers_no_tls_gets_nothing(self, waiting, post, settings, recorded):
        relayed(settings, post.port, starttls=True)
        with recorded():
            assert sweeping.sweep(DUE) == 0
        assert (post.recipients, post.bodies) == ([], [])

    @pytest.mark.parametrize("verb", ["MAIL", "RCPT", "body"])
    def test_that_puts_it_off_is_asked_again_later_and_at_most_thrice(
        self, waiting, post, recorded, verb
    ):
        post.answers[verb] = ["451 come back"]
        with recorded(*[HANDED, FAILED] * 3):
            for minute in range(0, 240, 5):
                sweeping.sweep(DUE + minute * MINUTE)
        assert [one["payload"]["attempt"] for one in log.payloads_of(HANDED)] == [1, 2, 3]
        assert {one["payload"]["why"] for one in log.payloads_of(FAILED)} == {"off"}
        assert Mail.objects.count() == 1
        assert misleading_rows(0) == []

    def test_that_puts_it_off_once_takes_it_then(self, waiting, post, recorded):
        post.answers["RCPT"] = ["451 greylisted", "250 ok"]
        with recorded(HANDED, FAILED, HANDED):
            assert sweeping.sweep(DUE) == 0
            assert sweeping.sweep(DUE + limits.APART - MINUTE) == 0
            assert sweeping.sweep(DUE + limits.APART) == 1
            assert sweeping.sweep(DUE + 3 * limits.APART) == 0
        assert len(post.bodies) == 1

    def test_that_refuses_it_is_not_asked_again(self, waiting, post, recorded):
        post.answers["RCPT"] = ["550 nobody here"]
        with recorded(HANDED, FAILED):
            sweeping.sweep(DUE)
            sweeping.sweep(DUE + timedelta(hours=2))
        (event,) = log.payloads_of(FAILED)
        assert event["payload"] == {"person": waiting.person, "attempt": 1, "why": "refused"}

    def test_that_falls_silent_leaves_it_unknown_and_it_is_not_sent_twice(
        self, waiting, post, recorded
    ):
        post.answers["body"] = ["drop", "250 ok"]
        with recorded(HANDED, FAILED):
            sweeping.sweep(DUE)
            sweeping.sweep(DUE + timedelta(hours=2))
        assert log.payloads_of(FAILED)[0]["payload"]["why"] == "silent"
        assert post.bodies != [] or Mail.objects.get().accepted_at is None

    def test_refusing_one_does_not_hold_up_the_next(self, region, waiting, boris, thread, post):
        write(thread, waiting, at=region.now)
        choose(region, boris, address="boris@fiscalia.example", hour=7)
        post.answers["RCPT"] = ["550 nobody here", "250 ok"]
        assert sweeping.sweep(DUE) == 1
        assert len(post.recipients) == 1

    def test_that_ends_the_conversation_loses_the_next_nothing(
        self, region, waiting, boris, thread, post, recorded
    ):
        write(thread, waiting, at=region.now)
        choose(region, boris, address="boris@fiscalia.example", hour=7)
        post.answers["RCPT"] = ["421 so many a conversation", "250 ok"]
        with recorded(HANDED, FAILED):
            assert sweeping.sweep(DUE) == 0
        with recorded(HANDED):
            assert sweeping.sweep(DUE + MINUTE) == 1

    @pytest.mark.parametrize(
        ("what", "pause"),
        [(b"x", 0.05), (b"220-" + b"x" * 1000 + b"\r\n", 0)],
        ids=["drips without end", "says more than anybody reads"],
    )
    def test_whoever_speaks_for_it_holds_the_round_up_no_longer_than_a_limit(
        self, waiting, settings, recorded, monkeypatch, what, pause
    ):
        monkeypatch.setattr(limits, "SECONDS_OF_MAIL", 1.0)
        with Talker(what, pause) as talker, recorded():
            relayed(settings, talker.port)
            assert sweeping.sweep(DUE) == 0
        assert talker.heard_end

    def test_is_told_of_in_no_line_that_names_the_address(self, waiting, post, caplog):
        post.answers["RCPT"] = [f"550 <{ADDRESS}> unknown"]
        sweeping.sweep(DUE)
        assert ADDRESS not in caplog.text


class TestAnAddressThatDoesNotOpen:
    def test_holds_up_nobody_elses_and_is_asked_for_anew(
        self, region, waiting, boris, thread, post, recorded
    ):
        write(thread, waiting, at=region.now)
        choose(region, boris, address="boris@fiscalia.example")
        Digest.objects.filter(person=waiting.id).update(sealed=b"under another key")
        with recorded(HANDED):
            assert sweeping.sweep(DUE) == 1
        assert post.recipients == ["boris@fiscalia.example"]
        assert queries.setting_of(waiting.actor)["address"] == ""


class TestAProcessThatDies:
    def test_before_it_sends_leaves_one_that_is_noted_and_not_sent(self, waiting, post, recorded):
        services.hand_mail(person=waiting.id, now=DUE)
        with recorded(FAILED):
            for minute in (1, 9, 10, 60):
                sweeping.sweep(DUE + minute * MINUTE)
        assert post.bodies == []
        assert Mail.objects.get().why == mailing.SILENT

    def test_after_the_mail_server_took_it_sends_none_a_second_time(
        self, waiting, post, monkeypatch
    ):
        def die(*_):
            raise SystemExit

        real = mailing.send

        def send(letter, connection):
            real(letter, connection)
            die()

        monkeypatch.setattr(mailing, "send", send)
        with pytest.raises(SystemExit):
            sweeping.sweep(DUE)
        monkeypatch.setattr(mailing, "send", real)
        for minute in (1, 15, 120):
            sweeping.sweep(DUE + minute * MINUTE)
        assert len(post.bodies) == 1


class TestTheDemo:
    def test_keeps_it_in_its_folder_for_its_owners_eyes(self, waiting, settings, tmp_path):
        settings.EMAIL_FILE_PATH = str(tmp_path)
        settings.EMAIL_BACKEND = project.EMAIL_BACKEND  # the tests' runner has its own
        assert sweeping.sweep(DUE) == 1
        (file,) = tmp_path.iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        assert "Hay novedades en CaseHub" in file.read_text()

    def test_makes_no_file_when_there_is_nothing_to_say(self, waiting, thread, settings, tmp_path):
        settings.EMAIL_BACKEND = project.EMAIL_BACKEND
        settings.EMAIL_FILE_PATH = str(tmp_path)
        markers.mark_read(actor=waiting.actor, thread=thread, seq=1)
        sweeping.sweep(DUE)
        assert list(tmp_path.iterdir()) == []


class TestAServerWithoutMail:
    def test_claims_nobodys(self, waiting, settings, recorded):
        settings.MAIL_ABLE = False
        with recorded():
            assert sweeping.sweep(DUE) == 0


def test_what_smtplib_raises_is_understood():
    """`send` leans on it: an SMTPException is an OSError."""
    assert issubclass(smtplib.SMTPException, OSError)
