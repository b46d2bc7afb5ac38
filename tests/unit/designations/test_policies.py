"""Why a designation may not go on, case by case."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from casehub.designations import policies as p
from casehub.designations.policies import Hand
from casehub.designations.stages import Stage

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
DAY = timedelta(days=1)
BODY = b"{}"
SEEN = hashlib.sha256(BODY).hexdigest()
KEY, OTHER = b"k" * 32, b"o" * 32


class TestWhoDraftsAndBinds:
    @pytest.mark.parametrize(
        ("roles", "alone", "beside_another", "binds"),
        [
            (["liaison"], "coordinator", "coordinator", "coordinator"),
            (["coordinator", "liaison"], "coordinator", "coordinator", "ministry"),
            (["coordinator"], "ministry", "coordinator", "ministry"),
            (["central-authority"], "ministry", "ministry", "coordinator"),
            (["national-auditor"], "ministry", "ministry", "coordinator"),
        ],
    )
    def test_follows_from_the_roles_and_whether_another_coordinates(
        self, roles, alone, beside_another, binds
    ):
        found = [p.drafts(roles, coordinated=one) for one in (False, True)]
        assert (*found, p.binders(roles)) == (alone, beside_another, binds)

    @pytest.mark.parametrize(
        ("roles", "nominates", "goes_on", "alone"),
        [
            (["coordinator"], "ministry", False, True),
            (["coordinator"], "ministry", True, False),
            (["coordinator"], "coordinator", False, False),
            (["national-auditor"], "ministry", False, False),
        ],
    )
    def test_is_told_as_the_ministrys_alone(self, roles, nominates, goes_on, alone):
        assert p.is_alone(roles=roles, nominates=nominates, goes_on=goes_on) is alone

    @pytest.mark.parametrize(
        ("nominates", "nominator", "why"),
        [
            ("coordinator", {"coordinator"}, None),
            ("ministry", {"ministry"}, None),
            ("ministry", {"coordinator"}, None),
            ("coordinator", {"ministry"}, "nomination-alone"),
        ],
    )
    def test_holds_when_officers_approve(self, nominates, nominator, why):
        assert p.why_not_nominated(nominates=nominates, nominator=nominator) == why

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({}, None),
            ({"nominates": "ministry"}, "urgent-coordinator"),
            ({"last_was_urgent": True}, "urgent-again"),
            ({"lately": 2}, None),
            ({"lately": 3}, "urgent-often"),
        ],
    )
    def test_is_in_a_hurry_only_so_often(self, change, why):
        usual = {"nominates": "coordinator", "last_was_urgent": False, "lately": 0}
        assert p.why_not_urgent(**(usual | change)) == why

    @pytest.mark.parametrize(
        ("roles", "mode", "goes_on", "hands"),
        [
            (["liaison"], p.TWO_OFFICERS, False, 2),
            (["liaison"], p.TWO_OFFICERS, True, 1),
            (["liaison"], p.WEAKER, False, 1),
            (["coordinator", "liaison"], p.WEAKER, True, 2),
            (["national-auditor"], p.WEAKER, True, 2),
        ],
    )
    def test_takes_so_many_officers(self, roles, mode, goes_on, hands):
        assert p.hands_needed(roles=roles, mode=mode, goes_on=goes_on) == hands


class TestRoles:
    @pytest.mark.parametrize(
        ("roles", "why"),
        [
            (["liaison"], None),
            (["coordinator", "liaison"], None),
            ([], "roles-unknown"),
            (["ministry"], "roles-unknown"),
            (["liaison", "liaison"], "roles-unknown"),
            (["liaison", "central-authority"], "roles-incompatible"),
            (["coordinator", "central-authority"], "roles-incompatible"),
            (["liaison", "national-auditor"], "roles-incompatible"),
        ],
    )
    def test_go_together_or_not(self, roles, why):
        assert p.why_not_roles(roles) == why

    @pytest.mark.parametrize(
        ("actor", "roles", "change", "why"),
        [
            ({"coordinator"}, ["liaison"], {}, None),
            ({"ministry"}, ["liaison"], {}, "drafted-by-another"),
            ({"ministry"}, ["coordinator"], {}, "drafted-by-another"),
            ({"ministry"}, ["coordinator"], {"coordinated": False}, None),
            ({"coordinator"}, ["national-auditor"], {}, "drafted-by-another"),
            ({"coordinator"}, ["liaison"], {"own_office": False}, "office-unknown"),
            ({"coordinator"}, ["prince"], {}, "roles-unknown"),
        ],
    )
    def test_are_drafted_by_whom_they_are_for(self, actor, roles, change, why):
        usual = {"own_office": True, "coordinated": True}
        assert p.why_not_draft(actor_roles=actor, roles=roles, **(usual | change)) == why


class TestATerm:
    @pytest.mark.parametrize(
        ("starts", "until", "urgent", "why"),
        [
            (0, 365, False, None),
            (0, 366, False, None),
            (0, 367, False, "term-too-long"),
            (60, 425, False, None),
            (62, 100, False, "term-too-early"),
            (300, 400, False, "term-too-early"),
            (0, 7, True, None),
            (0, 8, True, "term-too-long"),
            (2, 1, False, "term-over"),
            (-10, 0, False, "term-over"),
        ],
    )
    def test_has_bounds(self, starts, until, urgent, why):
        found = p.why_not_term(
            starts=NOW + starts * DAY, until=NOW + until * DAY, urgent=urgent, first=False, now=NOW
        )
        assert found == why


class TestAStep:
    @pytest.mark.parametrize(
        ("act", "stage", "late", "why"),
        [
            ("approve", Stage.NOMINATED, False, None),
            ("approve", Stage.NOMINATED, True, "designation-late"),
            ("approve", Stage.CONSULTED, False, "designation-stage"),
            ("bind", Stage.NOMINATED, True, "designation-stage"),
        ],
    )
    def test_is_of_its_stage_and_in_time(self, act, stage, late, why):
        due = NOW if late else NOW + DAY
        assert p.why_not_step(act, stage, due_at=due, now=NOW) == why


class TestAConsultation:
    @pytest.mark.parametrize(
        ("answers", "waiting", "why"),
        [
            ([], 0, "consultation-missing"),
            ([("public-ministry", "no-objection")], 0, "consultation-missing"),
            ([("police", "no-answer")], 0, "consultation-missing"),
            ([("police", "objection")], 0, None),
            ([("police", "no-objection")], 1, "consultation-open"),
        ],
    )
    def test_is_closed_when_another_agency_was_heard(self, answers, waiting, why):
        assert p.why_not_consulted(answers=answers, waiting=waiting) == why

    @pytest.mark.parametrize(
        ("outcome", "void", "why"),
        [
            ("", False, None),
            ("no-objection", False, None),
            ("objection", False, "consultation-stays"),
            ("no-answer", False, "consultation-stays"),
            ("", True, "consultation-answered"),
        ],
    )
    def test_is_taken_back_unless_somebody_objected_or_was_late(self, outcome, void, why):
        assert p.why_not_withdraw(outcome=outcome, void=void) == why

    def test_is_not_asked_twice_at_once(self):
        assert p.why_not_ask(waits=True) == "agency-asked"
        assert p.why_not_ask(waits=False) is None

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({}, None),
            ({"answered": True}, "consultation-answered"),
            ({"void": True}, "consultation-answered"),
            ({"outcome": "no-answer"}, "consultation-outcome"),
            ({"day_ahead": True}, "consultation-outcome"),
            ({"due_at": NOW}, "consultation-late"),
        ],
    )
    def test_is_answered_once_and_in_time(self, change, why):
        usual = {
            "outcome": "objection",
            "answered": False,
            "void": False,
            "day_ahead": False,
            "due_at": NOW + DAY,
            "now": NOW,
        }
        assert p.why_not_answer(**(usual | change)) == why


class TestANomination:
    @pytest.mark.parametrize(
        ("fields", "actor", "issued", "why"),
        [
            ({"person": "ana", "name": "Ana"}, "eva", NOW, None),
            ({"person": "ana", "name": "Ana"}, "ana", NOW, "own-nomination"),
            ({"person": "ana", "name": "Eva"}, "eva", NOW, "nomination-differs"),
            ({"person": "ana"}, "eva", NOW, "nomination-differs"),
            ({"person": "ana", "name": "Ana"}, "eva", NOW - DAY, "nomination-stale"),
            ({"person": "ana", "name": "Ana"}, "eva", NOW + DAY, "nomination-stale"),
        ],
    )
    def test_says_what_the_draft_says(self, fields, actor, issued, why):
        wanted = {"person": "ana", "name": "Ana"}
        found = p.why_not_nominate(
            fields=fields, wanted=wanted, actor=actor, issued=issued, now=NOW
        )
        assert found == why


class TestAHand:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({}, None),
            ({"nominee": "one"}, "own-nomination"),
            ({"seen": "0" * 64}, "payload-changed"),
            ({"body": b"{} "}, "payload-changed"),
            ({"keys": set()}, "key-not-in-force"),
            ({"earlier": [Hand("one", OTHER)]}, "second-hand-needed"),
            ({"earlier": [Hand("two", KEY)]}, "second-hand-needed"),
            ({"earlier": [Hand("two", OTHER)]}, None),
            ({"earlier": [Hand("two", OTHER)], "all_in_force": False}, "first-hand-void"),
        ],
    )
    def test_counts_or_not(self, change, why):
        usual = {
            "hand": Hand("one", KEY),
            "earlier": [],
            "nominee": "ana",
            "keys": {KEY},
            "body": BODY,
            "seen": SEEN,
            "all_in_force": True,
        }
        assert p.why_not_approve(**(usual | change)) == why

    @pytest.mark.parametrize(
        ("second", "same", "why"),
        [
            (Hand("two", OTHER), True, None),
            (Hand("two", OTHER), False, "payload-changed"),
            (Hand("one", OTHER), True, "second-hand-needed"),
            (Hand("two", KEY), True, "second-hand-needed"),
        ],
    )
    def test_completes_what_another_began(self, second, same, why):
        first = Hand("one", KEY)
        found = p.why_not_second(first=first, second=second, same_body=same, first_in_force=True)
        assert found == why

    @pytest.mark.parametrize("same", [True, False])
    def test_completes_nothing_that_somebody_began_who_is_stopped(self, same):
        hands = {"first": Hand("one", KEY), "second": Hand("two", OTHER)}
        found = p.why_not_second(**hands, same_body=same, first_in_force=False)
        assert found == "first-hand-void"


class TestABinding:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({}, None),
            ({"actor": "ana"}, "own-binding"),
            ({"key": ""}, "key-missing"),
            ({"begun": False}, "designation-early"),
            ({"passkeys": 1, "passkeys_needed": 2}, "second-passkey-needed"),
            ({"fields": {"person": "ana", "key": "x", "designation": "s"}}, "binding-differs"),
            ({"fields": {"person": "eva", "key": "k", "designation": "s"}}, "binding-differs"),
            ({"fields": {"person": "ana", "key": "k", "designation": "t"}}, "binding-differs"),
        ],
    )
    def test_is_of_this_key_in_this_designation(self, change, why):
        usual = {
            "fields": {"person": "ana", "key": "k", "designation": "s"},
            "person": "ana",
            "key": "k",
            "serial": "s",
            "actor": "eva",
            "passkeys": 1,
            "passkeys_needed": 1,
            "begun": True,
            "closed": False,
        }
        assert p.why_not_bind(**(usual | change)) == why


class TestARenewal:
    @pytest.mark.parametrize(
        ("stage", "begun", "why"),
        [
            (Stage.ACTIVE, False, None),
            (Stage.EXPIRED, False, None),
            (Stage.ACTIVE, True, "renewal-open"),
            (Stage.SUSPENDED, False, "designation-stage"),
            (Stage.REMOVED, False, "designation-stage"),
            (Stage.CEREMONY, False, "designation-stage"),
        ],
    )
    def test_is_of_a_term_in_force_or_over(self, stage, begun, why):
        why_not = p.why_not_renew(stage=stage, begun=begun, newest=True, closed=False)
        assert why_not == why

    def test_is_of_the_newest_alone(self):
        why = p.why_not_renew(stage=Stage.EXPIRED, begun=False, newest=False, closed=False)
        assert why == "renewal-of-earlier"

    def test_is_of_nobody_who_has_closed_their_account(self):
        why = p.why_not_renew(stage=Stage.EXPIRED, begun=False, newest=True, closed=True)
        assert why == "account-closed"


class TestACode:
    @pytest.mark.parametrize(
        ("stopped", "closed", "why"),
        [
            (False, False, None),
            (True, False, "person-suspended"),
            (False, True, "account-closed"),
            (True, True, "account-closed"),
        ],
    )
    def test_is_for_somebody_whom_nobody_stopped_and_who_has_not_left(self, stopped, closed, why):
        assert p.why_not_code(stopped=stopped, closed=closed) == why


class TestAReinstatement:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({}, None),
            ({"suspended": False}, "not-suspended"),
            ({"removed": True}, "not-suspended"),
            ({"own": True}, "own-reinstatement"),
            ({"about": False}, "payload-changed"),
            ({"revokes": "another"}, "payload-changed"),
        ],
    )
    def test_is_of_somebody_suspended_and_names_the_stop(self, change, why):
        usual = {
            "suspended": True,
            "removed": False,
            "own": False,
            "about": True,
            "revokes": "stop",
            "revocation": "stop",
        }
        assert p.why_not_reinstate(**(usual | change)) == why


class TestAConfirmation:
    def test_is_of_the_list_as_it_is(self):
        assert p.why_not_confirm(seen="a", now_is="a") is None
        assert p.why_not_confirm(seen="a", now_is="b") == "standing-changed"
