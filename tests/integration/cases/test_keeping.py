"""How long a case is kept: its class, closing and reopening, and who may change what."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from audit import queries as log
from casehub.cases import limits, rules, services
from casehub.cases.models import Case
from casehub.cases.queries import dues, keeping
from casehub.core.errors import DomainError, NotVisible
from tests.integration.cases.keepings import asked_to_lift, hold_on, shortening_of
from tests.integration.leaning import misleading_rows

HOUR = timedelta(hours=1)


@pytest.fixture
def case(region, ana, boris):
    """A case of El Salvador in which Mexico takes part."""
    return region.case(ana, boris)


@pytest.fixture
def doing(now):
    """Return `do(service, by, ...)`: its refusal, or "done"."""

    def do(service, by, *, at=now, **said):
        try:
            service(actor=by.actor, now=at, **said)
        except DomainError as error:
            return error.code
        return "done"

    return do


@pytest.fixture
def auditor(region, ana):
    return region.person("SV", "national-auditor")


def row_of(actor, case, now):
    """Return what somebody is told of how long a case is kept."""
    rows = keeping.keeping_for(actor, now=now)["cases"]
    return next((row for row in rows if row["case"] == case), None)


class TestTheClasses:
    def test_last_longer_and_longer_and_none_less_than_a_year(self):
        years = [one.years for one in rules.classes().values()]
        assert years == sorted(set(years))
        assert years[0] >= 1

    def test_say_where_each_period_comes_from(self):
        assert {one.source for one in rules.classes().values()} == {"proposal"}

    @pytest.mark.parametrize("text", ["a: {years: 1, for: x, source: y}", ""])
    def test_without_the_usual_one_are_no_table(self, text):
        with pytest.raises((ValueError, AttributeError)):
            rules.parse(text)

    def test_of_a_leap_day_end_on_the_first_of_march(self, now):
        leap = now.replace(year=2028, month=2, day=29)
        assert rules.after_years(leap, 1) == now.replace(year=2029, month=3, day=1)


class TestACase:
    def test_has_the_usual_class_if_nobody_chose(self, region, case):
        assert Case.objects.get(id=case).retention == rules.USUAL

    def test_has_the_class_that_was_chosen_at_its_opening(self, region, ana, now, recorded):
        with recorded("cases.case.opened"):
            made = services.open_case(
                client_id=uuid4(), states=["SV"], retention="long", actor=ana.actor, now=now
            )
        assert Case.objects.get(id=made).retention == "long"
        (event,) = log.payloads_of("cases.case.opened")
        assert event["payload"]["retention"] == "long"

    def test_is_not_opened_in_a_class_that_is_none(self, region, ana, doing):
        asked = {"client_id": uuid4(), "states": ["SV"], "retention": "for-ever"}
        assert doing(services.open_case, ana, **asked) == "retention-unknown"

    def test_has_no_date_while_it_is_open(self, region, ana, case, now):
        row = row_of(ana.actor, case, now)
        assert (row["closed_at"], row["delete_at"]) == (None, None)


class TestClosing:
    def test_begins_the_period_and_tells_all_states(self, region, ana, boris, case, now, recorded):
        with recorded("cases.case.closed"):
            services.close_case(case=case, actor=ana.actor, now=now)
        assert misleading_rows(0) == []
        for one in (ana, boris):
            row = row_of(one.actor, case, now)
            assert row["delete_at"] == rules.after_years(now, 5)
        (event,) = log.payloads_of("cases.case.closed")
        assert event["states"] == ["MX", "SV"]

    def test_is_the_owner_states_and_nobody_elses(self, region, ana, boris, carla, case, doing):
        assert doing(services.close_case, boris, case=case) == "joining-not-yours"
        assert doing(services.close_case, carla, case=case) == "not-found"

    def test_ends_what_is_added_to_a_case(self, region, ana, boris, case, doing):
        doing(services.close_case, ana, case=case)
        colleague = region.person("SV")
        opens = {"case": case, "client_id": uuid4(), "people": []}
        adds = {"case": case, "client_id": uuid4(), "person": colleague.id, "circles": []}
        asks = {"case": case, "client_id": uuid4(), "state": "GT", "urgent": False}
        region.seat("GT")
        assert doing(services.open_thread, ana, **opens) == "case-closed"
        assert doing(services.add_person, ana, **adds) == "case-closed"
        assert doing(services.propose_state, ana, **asks) == "case-closed"
        assert doing(services.close_case, ana, case=case) == "case-closed"

    def test_takes_nobody_out_and_lets_members_go(self, region, ana, boris, case, doing):
        doing(services.close_case, ana, case=case)
        assert doing(services.remove_person, boris, case=case, person=boris.id) == "done"

    def test_is_undone_by_one_hand(self, region, ana, case, doing, now, recorded):
        doing(services.close_case, ana, case=case)
        with recorded("cases.case.reopened"):
            services.reopen_case(case=case, actor=ana.actor, now=now)
        assert row_of(ana.actor, case, now)["delete_at"] is None
        assert doing(services.reopen_case, ana, case=case) == "case-open"

    def test_is_not_undone_by_another_state(self, region, ana, boris, case, doing):
        doing(services.close_case, ana, case=case)
        assert doing(services.reopen_case, boris, case=case) == "joining-not-yours"


class TestKeepingItLonger:
    def test_takes_one_hand_of_the_owner_state(self, region, ana, boris, case, doing, recorded):
        with recorded("cases.retention.changed"):
            assert doing(services.keep_longer, ana, case=case, retention="long") == "done"
        assert (
            doing(services.keep_longer, boris, case=case, retention="long") == "joining-not-yours"
        )

    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            ("consultation", "retention-shorter"),
            ("case-file", "retention-same"),
            ("for-ever", "retention-unknown"),
        ],
    )
    def test_is_no_way_to_keep_it_less_long(self, region, ana, case, doing, asked, why):
        assert doing(services.keep_longer, ana, case=case, retention=asked) == why


class TestKeepingItLessLong:
    @pytest.fixture
    def coordinates(self, region, ana):
        return region.seat("SV").coordinator

    @pytest.fixture
    def asked(self, coordinates, case, now):
        return shortening_of(coordinates, case, now=now)

    def agree(self, doing, by, asked, **said):
        usual = {"shortening": asked.id, "digest": keeping.digest_of_shortening(asked)}
        return doing(services.agree_to_shorter, by, **(usual | said))

    def test_takes_the_coordination_and_the_auditor(
        self, region, auditor, asked, case, doing, recorded
    ):
        with recorded("cases.retention.shortened"):
            assert self.agree(doing, auditor, asked) == "done"
        assert Case.objects.get(id=case).retention == "consultation"
        assert misleading_rows(0) == []

    def test_leaves_seventy_two_hours_to_set_a_hold(
        self, region, ana, auditor, coordinates, case, doing, now
    ):
        doing(services.close_case, ana, case=case)
        much_later = now + timedelta(days=500)
        asked = shortening_of(coordinates, case, now=much_later)
        assert self.agree(doing, auditor, asked, at=much_later + HOUR) == "done"
        assert dues.due_of(Case.objects.get(id=case)) == much_later + HOUR + limits.NOTICE

    def test_is_told_to_the_auditor_who_sees_no_other_case(
        self, region, ana, auditor, asked, case, now
    ):
        other = region.case(ana)
        assert row_of(auditor.actor, case, now)["shortening"]["id"] == asked.id
        assert row_of(auditor.actor, other, now) is None

    def test_is_not_told_to_other_states(self, region, boris, asked, case, now):
        assert row_of(boris.actor, case, now)["shortening"] is None

    def test_shows_the_auditor_no_case_once_it_has_lapsed(self, auditor, asked, case, now):
        assert row_of(auditor.actor, case, now + limits.SECOND_HAND) is None

    def test_waits_for_no_other_states_auditor(self, region, boris, asked, doing):
        foreign = region.person("MX", "national-auditor")
        assert self.agree(doing, foreign, asked) == "not-found"

    def test_is_not_proposed_by_another_states_coordination(self, region, boris, case, doing):
        other = region.seat("MX").coordinator
        said = {"case": case, "client_id": uuid4(), "retention": "consultation"}
        assert doing(services.propose_shorter, other, **said) == "joining-not-yours"

    def test_lapses_after_three_days(self, auditor, asked, doing, now):
        late = now + limits.SECOND_HAND
        assert self.agree(doing, auditor, asked, at=late) == "second-over"

    def test_binds_the_auditor_to_what_they_saw(self, auditor, asked, doing):
        assert self.agree(doing, auditor, asked, digest="0" * 64) == "second-changed"

    def test_is_void_once_the_case_has_another_class(self, ana, auditor, asked, case, doing):
        doing(services.keep_longer, ana, case=case, retention="long")
        assert self.agree(doing, auditor, asked) == "second-over"

    def test_is_refused_by_the_auditor_or_taken_back(
        self, auditor, coordinates, asked, case, doing, now
    ):
        assert doing(services.refuse_shorter, auditor, shortening=asked.id) == "done"
        assert self.agree(doing, auditor, asked) == "not-found"
        again = shortening_of(coordinates, case, now=now)
        assert doing(services.refuse_shorter, coordinates, shortening=again.id) == "done"

    def test_is_asked_once_at_a_time(self, coordinates, asked, case, doing):
        said = {"case": case, "client_id": uuid4(), "retention": "consultation"}
        assert doing(services.propose_shorter, coordinates, **said) == "shortening-asked"


class TestWhoIsTold:
    def test_members_of_their_cases_and_outsiders_of_none(self, region, ana, boris, carla, case):
        told = [row_of(one.actor, case, region.now) for one in (ana, boris, carla)]
        assert [row is not None for row in told] == [True, True, False]

    def test_coordinators_that_a_case_of_their_state_exists(self, region, case, now):
        row = row_of(region.seat("MX").coordinator.actor, case, now)
        assert (row["inside"], row["by_office"]) == (False, True)
        assert row_of(region.person("GT", "coordinator").actor, case, now) is None

    def test_the_central_authority_only_of_what_its_state_asks_for(self, region, case, now):
        authority = region.person("SV", "central-authority")
        assert row_of(authority.actor, case, now) is None
        with pytest.raises(NotVisible):
            keeping.office_case(authority.actor, case)

    def test_coordinators_only_of_what_waits_for_them_unless_they_look(
        self, region, ana, case, now
    ):
        first, second = region.seat("SV").coordinator, region.person("SV", "coordinator")
        brief = lambda: keeping.keeping_for(second.actor, office=False, now=now)["cases"]  # noqa: E731
        hold = hold_on(first, case, now=now)
        assert brief() == []
        asked_to_lift(first, hold, now=now)
        assert [row["case"] for row in brief()] == [case]
