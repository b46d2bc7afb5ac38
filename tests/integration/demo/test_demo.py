"""The demo region: made once by the real services, every key leading back to its ministry."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings

from casehub.accounts.models import Account, Session
from casehub.cases.models import Case
from casehub.core import doorbell
from casehub.core.errors import NotVisible
from casehub.core.frames import from_b64u, to_b64u
from casehub.demo import queries, services
from casehub.demo.keys import KeyRing, root_of
from casehub.demo.people import POSTS, REGIONAL_POSTS
from casehub.demo.seed import Seeder
from casehub.designations.models import Designation
from casehub.designations.queries import reading
from casehub.directory import queries as directory
from casehub.directory.models import Notice, Office, Person, SignedStatement, State
from casehub.directory.policies import why_not_telephone
from tests.factories import Region, Someone
from tests.integration.demo.renewals import Renewal

GUATEMALA = timezone(timedelta(hours=-6))
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # as the fixture `now`, which is of each test


@pytest.fixture(scope="module")
def sown(django_db_setup, django_db_blocker, tmp_path_factory):
    """Make the region once, inside a transaction in which each test has one of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False), override_settings(DATA_DIR=folder):
            assert Seeder(NOW, lambda _: None).run()
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def seeded(sown, db, clock, now, settings):
    assert now == NOW
    settings.DATA_DIR = sown


def person(username: str) -> Person:
    return Person.objects.get(account__username=username)


class TestPeopleToPlay:
    def test_are_those_whose_accounts_are_open(self, seeded):
        Account.objects.filter(username="sv.enlace1").update(is_active=False)
        accounts = {row["account"] for row in queries.people()}
        assert "sv.enlace1" not in accounts
        assert "sv.enlace2" in accounts


class TestSeed:
    def test_makes_eleven_states_with_the_same_posts_and_a_region(self, seeded):
        assert State.objects.count() == 11
        by_state = Counter(Person.objects.values_list("state_id", flat=True))
        assert by_state.pop(None) == len(REGIONAL_POSTS)
        assert set(by_state.values()) == {len(POSTS)}

    def test_labels_everybody_as_fictional(self, seeded):
        assert not Person.objects.filter(fictional=False).exists()

    #  a person, and the post and office as their State writes them
    WRITTEN = [
        (
            "sv.enlace1",
            "Fiscal de enlace",
            "Fiscalía General de la República, unidad especializada (SV)",
        ),
        ("gt.enlace1", "Fiscal de enlace", "Ministerio Público, unidad especializada (GT)"),
        ("bz.enlace1", "Liaison Prosecutor", "Public Prosecutions, Special Unit (BZ)"),
        ("us.central", "Central Authority Officer", "Central Authority (US)"),
        (
            "ca.enlace1",
            "Liaison Prosecutor / Procureur de liaison",
            "Public Prosecutions, Special Unit / Poursuites pénales, unité spécialisée (CA)",
        ),
    ]

    @pytest.mark.parametrize(("username", "post", "office"), WRITTEN)
    def test_names_posts_and_offices_in_the_languages_of_the_state(
        self, seeded, username, post, office
    ):
        found = person(username)
        assert (found.post, found.office.name) == (post, office)

    def test_lets_each_state_have_taken_note_of_all_but_the_newest_notices(self, seeded, now):
        for code in State.objects.values_list("code", flat=True):
            account = str(person(f"{code.lower()}.enlace1").account_id)
            actor = directory.actor_behind(account=account, session="", device=None)
            told = directory.notices_for(actor, now=now)
            waiting = [one for one in told if one["state"] != code and not one["acknowledged_at"]]
            assert len(waiting) <= 5
        assert len(told) > 100

    def test_is_done_once(self, seeded, now):
        assert not Seeder(now, lambda _: None).run()

    def test_binds_every_liaison_and_coordinator_to_the_pinned_roots(self, seeded, now):
        bound = Person.objects.filter(roles__in=["liaison", "coordinator"])
        assert bound.count() == 33
        chain = directory.chain()
        assert chain.refused == {}
        for one in bound:
            assert chain.person(str(one.id), now=now).state == one.state_id

    def test_gives_whoever_has_a_key_a_term_that_can_be_renewed(self, seeded, now):
        keyed = Person.objects.filter(
            roles__in=["liaison", "coordinator", "ministry", "central-authority"]
        )
        terms = {one.person: one for one in Designation.objects.all()}
        assert set(terms) == {one.id for one in keyed}
        for one in keyed:
            term = terms[one.id]
            key = Ed25519PrivateKey.from_private_bytes(KeyRing().key_of(str(one.id)))
            assert (term.stage, term.roles) == ("active", one.roles)
            assert one.valid_until - term.until < timedelta(seconds=1)
            assert bytes(term.key) == key.public_key().public_bytes_raw()

    def test_designates_as_the_newest_version_says_with_regions_and_a_deputy(self, seeded, now):
        rows = SignedStatement.objects.filter(type="designation")
        said = [directory.fields_of(one) for one in rows]
        assert {one["v"] for one in said} == {3}
        assert {one["region"] for one in said if one["region"]} == {
            "Zona norte",
            "Northern region",
            "Northern region / Région du Nord",
        }
        deputies = {one["person"]: one["deputy"] for one in said if one["deputy"]}
        assert deputies == {str(person("sv.enlace1").id): str(person("sv.enlace2").id)}

    def test_has_liaisons_who_are_asked_and_others_who_sign(self, seeded, now):
        held = {"coordinacion": {"focal-point", "signatory"}}
        held |= {"enlace1": {"focal-point"}, "enlace2": {"signatory"}, "central": set()}
        for handle, functions in held.items():
            one = person(f"sv.{handle}")
            assert one.function_set == functions
            assert directory.chain().person(str(one.id), now=now).functions == functions

    def test_gives_liaisons_a_first_term_of_six_months(self, seeded, now):
        for role, days in (("liaison", 182), ("coordinator", 365)):
            ends = set(Person.objects.filter(roles=role).values_list("valid_until", flat=True))
            assert ends == {now + timedelta(days=days)}

    def test_gives_each_office_a_telephone_of_its_own_that_no_country_has(self, seeded):
        told = list(Office.objects.values_list("telephone", flat=True))
        assert len(set(told)) == len(told)
        assert all(one.startswith("+999 ") and not why_not_telephone(one) for one in told)

    def test_keeps_identity_keys_where_only_their_owner_reads_them(self, seeded):
        path = settings.DATA_DIR / "demo" / "identity-keys.json"
        assert path.stat().st_mode & 0o777 == 0o600

    def test_opens_case_shells_with_people_of_several_states(self, seeded):
        assert Case.objects.count() == 3
        assert all(case.members.count() >= 2 for case in Case.objects.all())

    def test_stores_no_password_in_clear_and_hashes_the_one_once(self, seeded):
        hashes = set(Account.objects.values_list("password", flat=True))
        assert len(hashes) == 1
        assert hashes.pop().startswith("argon2")

    def test_has_nobody_to_tell_while_it_is_made(
        self, db, settings, tmp_path, django_capture_on_commit_callbacks
    ):
        settings.DATA_DIR = tmp_path
        with django_capture_on_commit_callbacks() as told:
            call_command("seed_demo")
        assert Person.objects.count() > 0
        assert [one for one in told if getattr(one, "func", None) is doorbell._ring] == []

    def test_is_refused_outside_the_demo(self, db, settings):
        settings.DEMO = False
        with pytest.raises(CommandError, match="CASEHUB_DEMO"):
            call_command("seed_demo")


class TestRoots:
    def test_are_those_that_the_bundle_pins(self):
        pinned = settings.CASEHUB_ROOTS
        assert len(pinned) == 11
        for state, key in pinned.items():
            assert key == to_b64u(root_of(state).public_key().public_bytes_raw())


class TestPlayers:
    def test_sign_in_with_the_code_that_is_shown(self, seeded, now, clock):
        browser = Client()
        shown = queries.code_of("sv.enlace1", now=now)
        password = {"account": "sv.enlace1", "password": shown["password"]}
        for path, body in (("password", password), ("code", {"code": shown["code"]})):
            answer = browser.post(
                f"/api/sign-in/{path}", data=body, content_type="application/json"
            )
            assert answer.status_code == 200, answer.content
        assert answer.json()["person"]["fictional"] is True
        assert Session.objects.get(level="full")

    def test_get_another_code_after_the_first_was_used(self, seeded, now, clock):
        first = queries.code_of("sv.enlace1", now=now)
        self.test_sign_in_with_the_code_that_is_shown(None, now, clock)
        assert queries.code_of("sv.enlace1", now=now)["code"] != first["code"]

    def test_are_hidden_if_there_are_none_of_that_name(self, seeded, now):
        with pytest.raises(NotVisible):
            queries.code_of("nobody", now=now)

    def test_are_listed(self, seeded):
        people = queries.people()
        assert len(people) == Person.objects.count()
        assert {"account": "sv.enlace1", "state": "SV", "role": "liaison"}.items() <= {
            k: v for p in people if p["account"] == "sv.enlace1" for k, v in p.items()
        }.items()


class TestIdentityKey:
    def someone(self, username: str) -> Someone:
        row = person(username)
        key = KeyRing().key_of(str(row.id))
        assert key is not None
        return Someone(str(row.id), str(row.account_id), row.state_id, row.role_set, None)

    def test_is_given_to_its_person_and_leaves_an_event(self, seeded, now, recorded):
        who = self.someone("sv.enlace1")
        with recorded("demo.identity-key.given"):
            key = services.give_identity_key(actor=who.actor, now=now)
        assert len(key) == 32

    def test_is_the_key_that_the_coordinator_vouched_for(self, seeded, now):
        who = self.someone("sv.enlace1")
        key = Ed25519PrivateKey.from_private_bytes(KeyRing().key_of(who.person))
        bound = directory.chain().person(who.person, now=now)
        assert bound.key == key.public_key().public_bytes_raw()

    def test_is_not_there_for_whoever_signs_nothing(self, seeded, now, recorded):
        row = person("sv.auditoria1")
        auditor = Someone(str(row.id), "", "SV", row.role_set, None)
        with recorded(), pytest.raises(NotVisible):
            services.give_identity_key(actor=auditor.actor, now=now)

    def test_travels_as_base64url(self, seeded, now, clock):
        who = self.someone("mx.enlace1")
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = Region(now).session(who)
        answer = browser.post(
            "/api/demo/identity-key", data={}, content_type="application/json"
        ).json()
        assert from_b64u(answer["private_key"], most=32) == KeyRing().key_of(who.person)


@pytest.fixture
def at(seeded, now):
    """Whose State's turn it is, an hour later than its ceremony."""

    def call(username: str) -> Renewal:
        region = Region(now)
        return Renewal(region, username[:2].upper()).of(username)

    return call


class TestASeededTerm:
    @pytest.mark.parametrize(
        ("username", "functions"),
        [
            ("sv.enlace1", ["focal-point", "signatory"]),
            ("sv.enlace2", []),
            ("gt.enlace1", ["signatory"]),
        ],
    )
    def test_is_renewed_with_other_functions_by_two_officers_and_verifies(
        self, at, username, functions
    ):
        renewal = at(username).begin(functions=functions)
        renewal.through()
        assert renewal.row.approvals.count() == 2
        assert renewal.stage == "active"
        bound = directory.chain().person(str(renewal.row.person), now=renewal.now)
        assert bound.functions == renewal.person.function_set == set(functions)
        assert bound.until - renewal.row.until < timedelta(seconds=1)
        told = Notice.objects.filter(person=renewal.row.person).latest("number")
        assert (told.kind, told.changed_list) == ("changed", ["functions"])

    @pytest.mark.parametrize("username", ["gt.enlace1", "ca.enlace1", "us.enlace2", "bz.enlace1"])
    def test_is_renewed_as_it_was_by_one_officer_and_verifies(self, at, username):
        renewal = at(username).begin()
        renewal.through()
        assert renewal.row.approvals.count() == 1
        bound = directory.chain().person(str(renewal.row.person), now=renewal.now)
        assert bound.until - renewal.row.until < timedelta(seconds=1)
        told = Notice.objects.filter(person=renewal.row.person).latest("number")
        assert told.kind == "renewed"

    @pytest.mark.parametrize("handle", ["coordinacion", "central"])
    def test_of_whom_the_ministry_proposes_is_renewed_too(self, at, handle):
        renewal = at(f"sv.{handle}")
        renewal.begin(renewal.one).through(renewal.one)
        assert renewal.stage == "active"

    def test_goes_on_from_what_its_signed_statement_says_of_agencies(self, at):
        renewal = at("sv.enlace1")
        renewal.begin().nominate()
        (signed,) = json.loads(bytes(renewal.row.body))["consultation"]
        assert (signed["agency_kind"], signed["outcome"]) == ("police", "no-objection")
        (shown,) = reading.shape(renewal.row, renewal.now)["consultations"]
        assert (shown["agency"], shown["outcome"]) == ("police", "no-objection")
        assert shown["asked_at"].astimezone(GUATEMALA).date().isoformat() == signed["date"]

    def test_shows_the_bytes_that_were_signed_of_it_to_compare_with(self, at):
        term = at("sv.enlace1")
        shown = reading.shape(term.row, term.now)
        assert json.loads(from_b64u(shown["body"], most=8192))["functions"] == ["focal-point"]

    def test_asks_the_agencies_again_about_another_name(self, at):
        renewal = at("sv.enlace1").begin(name="Otro Nombre")
        assert renewal.stage == "draft"
        assert reading.shape(renewal.row, renewal.now)["consultations"] == []
