"""Two officers alone do not name both hands of a State; nobody is in a hurry again and again."""

from __future__ import annotations

import pytest

from casehub.cases import services as cases
from casehub.cases.queries import digest_of_joining
from casehub.core.errors import Refused
from casehub.designations.queries import reading
from casehub.directory import queries as directory
from casehub.directory.models import Notice, SignedStatement
from tests.integration.cases.made import asking
from tests.integration.designations.lives import DAY, Life
from tests.integration.designations.test_binding import renew

COORDINATOR = {"roles": ["coordinator"]}


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    return error.value.code


def kinds():
    return list(Notice.objects.order_by("number").values_list("kind", flat=True))


@pytest.fixture
def settled(region):
    """States past their first day, on which nobody waits for their people yet."""
    region.aged("SV", "MX")
    return region


@pytest.fixture
def left(settled):
    """A State whose only coordinator is stopped: a ministry alone can name the next one."""
    life = Life(settled)
    settled.end(life.coordinator, suspended_at=life.now)
    life.alone = True
    return life


class TestACoordinatorBesideAnother:
    def test_is_not_drafted_by_the_ministry(self, life):
        assert refused(life.draft, life.one, **COORDINATOR) == "drafted-by-another"

    def test_is_nominated_by_the_other_and_approved_by_two_officers(self, life):
        life.active(**COORDINATOR)
        assert life.person.role_set == {"coordinator"}
        row = SignedStatement.objects.get(digest=life.row.statement)
        assert len(row.signatures) == 3
        assert kinds() == ["announced"]

    def test_is_shown_as_for_a_coordinator_to_nominate(self, life):
        life.draft(**COORDINATOR)
        (row,) = reading.designations_for(life.one.actor, now=life.now)
        shown = reading.read_designation(life.one.actor, life.designation, now=life.now)
        assert row["drafts"] == shown["drafts"] == "coordinator"

    def test_is_not_approved_as_the_ministrys_own_once_there_is_another(self, left):
        left.nominated(**COORDINATOR)
        left.region.end(left.coordinator, suspended_at=None)
        assert refused(left.approve, left.one) == "nomination-alone"


class TestACoordinatorWhereNobodyCoordinates:
    def test_is_named_by_the_ministry_and_told_so_to_all_states(self, left):
        left.approved(**COORDINATOR)
        assert kinds() == ["ministry-alone"]

    def test_counts_among_several_states_after_a_day(self, left):
        left.active(**COORDINATOR)
        bound = directory.chain().person(str(left.row.person), now=left.now)
        assert bound.effective == left.now + DAY

    def test_is_never_urgent(self, left):
        said = {"urgent": True, "until": left.now + 6 * DAY, **COORDINATOR}
        assert refused(left.draft, left.one, **said) == "urgent-coordinator"

    def test_hurries_nobody_in_on_the_first_day(self, left):
        left.active(**COORDINATOR)
        next_one = Life(left.region)
        next_one.coordinator = left.someone
        next_one.consulted(urgent=True, until=next_one.now + 6 * DAY)
        assert refused(next_one.nominate) == "hand-limited"
        next_one.now += DAY
        next_one.nominate()

    def test_opens_no_case_to_another_state_on_the_first_day(self, left):
        left.active(**COORDINATOR)
        made = asking(left.region, left.region.person("SV"), "MX", consented=False)
        hand = {
            "joining": made.id,
            "digest": digest_of_joining(made),
            "actor": left.someone.actor,
        }
        assert refused(cases.consent_to_joining, **hand, now=left.now) == "hand-limited"
        cases.consent_to_joining(**hand, now=left.now + DAY)

    def test_of_a_term_that_goes_on_is_told_as_renewed(self, left):
        left.active(**COORDINATOR)
        left.now += DAY
        renew(left, by=left.one, **COORDINATOR)
        left.nominate(left.one)
        left.approve(left.one)
        left.approve(left.two)
        assert kinds()[-1] == "renewed"

    def test_of_another_key_is_told_as_the_ministrys_own(self, left):
        left.active(**COORDINATOR)
        left.now += DAY
        renew(left, by=left.one, rekey=True, **COORDINATOR)
        left.nominate(left.one)
        left.approve(left.one)
        left.approve(left.two)
        assert kinds()[-1] == "ministry-alone"


class TestTheUrgentPath:
    def urgent(self, life, **changes):
        return {"urgent": True, "until": life.now + 6 * DAY, **changes}

    def test_is_not_open_to_a_ministry_alone(self, life):
        said = self.urgent(life, roles=["central-authority"])
        assert refused(life.draft, life.one, **said) == "urgent-coordinator"

    def test_does_not_follow_itself_for_one_person(self, life):
        life.active(**self.urgent(life))
        life.now += 5 * DAY
        with pytest.raises(Refused, match="urgent-again"):
            life.draft(**self.urgent(life, name="  ana  PÉREZ "))

    def test_is_open_again_after_the_usual_one(self, life):
        life.approved(**self.urgent(life))
        life.now += DAY
        life.approved()
        life.now += DAY
        life.approved(**self.urgent(life))
        assert life.stage == "approved"

    def test_is_gone_three_times_in_thirty_days(self, life):
        for name in ("Ana Paz", "Eva Paz", "Ida Paz"):
            life.approved(**self.urgent(life, name=name))
        assert refused(life.draft, **self.urgent(life, name="Ofe Paz")) == "urgent-often"
        life.now += 30 * DAY
        life.region.now = life.now
        life.coordinator = life.region.person("SV", "coordinator")
        life.draft(**self.urgent(life, name="Ofe Paz"))

    def test_is_counted_when_the_last_hand_is_given(self, life):
        waiting = Life(life.region)
        waiting.nominated(**self.urgent(waiting, name="Ofe Paz"))
        for name in ("Ana Paz", "Eva Paz", "Ida Paz"):
            life.approved(**self.urgent(life, name=name))
        assert refused(waiting.approve, waiting.one) == "urgent-often"
