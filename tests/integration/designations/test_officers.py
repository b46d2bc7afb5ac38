"""How a region begins: the first officers, by their State's root and nobody else's word."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from itertools import count
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.test import Client

from casehub.ceremony import acts
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.demo.keys import root_of
from casehub.designations import services
from casehub.designations.management.commands.region import INSTALLATION
from casehub.designations.models import Designation
from casehub.designations.queries import enrolling
from casehub.directory import queries as directory
from casehub.directory import services as directory_services
from casehub.directory.models import Notice, Office, Person, State
from casehub.directory.statements import ChainBroken, as_wire
from tests.integration.accounts.authenticator import Passkey
from tests.integration.designations.lives import raw

YEAR = timedelta(days=365)


@pytest.fixture
@transaction.atomic
def ministry(region):
    """Return the ministry of a State in which there is nobody yet."""
    State.objects.create(
        code="HN", name_es="HN", name_en="HN", name_fr="HN", audit_event_id=region.event(State)
    )
    return Office.objects.create(
        state_id="HN", kind="ministry", name="Cancillería", audit_event_id=region.event(Office)
    )


class Beginning:
    """Somebody on the way to be an officer; `now` is the test's."""

    def __init__(self, ministry, now):
        self.now = now
        self.key = Ed25519PrivateKey.generate()
        self.root = root_of("HN")
        self.client = Client()
        self.person, self.code, _ = services.invite_officer(
            state="HN",
            office=ministry.id,
            name="Ana Pérez",
            post="Oficial",
            languages=["es"],
            actor=INSTALLATION,
            now=now,
        )

    @property
    def row(self):
        return Designation.objects.get(person=self.person)

    def post(self, path, body):
        return self.client.post(f"/api{path}", data=body, content_type="application/json")

    def enrol(self):
        began = self.post("/enrolment/begin", {"code": self.code})
        assert began.status_code == 200, began.content
        made = Passkey().make(began.json()["options"])
        body = {"code": self.code, "credential": made, "name": "Llave"}
        done = self.post("/enrolment/finish", body)
        assert done.status_code == 200, done.content

    def offer(self):
        key = raw(self.key)
        proof = self.key.sign(enrolling.proof_input(self.row, key))
        body = {"key": to_b64u(key), "proof": to_b64u(proof)}
        answer = self.post("/enrolment/key", body)
        assert answer.status_code == 200, answer.content

    def officer(self, *, key=None, root=None, until=YEAR):
        asked = acts.OfficerRequest(
            "HN", str(self.person), "Ana Pérez", "Oficial", raw(key or self.key)
        )
        return acts.officer(
            asked,
            state="HN",
            key=root or self.root,
            serial=str(uuid4()),
            now=self.now,
            until=self.now + until,
        )

    def enter(self, statement):
        return services.enter_from_ceremony(
            statement=as_wire(statement), actor=INSTALLATION, now=self.now
        )

    def enter_root(self):
        self.enter(
            acts.root(
                "HN",
                key=self.root,
                approval="two-officers",
                serial=str(uuid4()),
                now=self.now,
            )
        )


@pytest.fixture
def beginning(ministry, clock, now):
    return Beginning(ministry, now)


@pytest.fixture
def enrolled(beginning):
    """Return somebody who has a passkey, and whose page has offered a key."""
    beginning.enter_root()
    beginning.enrol()
    beginning.offer()
    return beginning


class TestAnOfficerOfANewState:
    def test_counts_once_the_root_has_named_the_key_of_their_page(self, enrolled):
        enrolled.enter(enrolled.officer())
        person = Person.objects.get(id=enrolled.person)
        assert person.role_set == {"ministry"}
        in_force = directory.chain().officers("HN", now=enrolled.now)
        assert in_force == {str(person.id): to_b64u(raw(enrolled.key))}

    def test_is_told_to_all_states(self, enrolled):
        enrolled.enter(enrolled.officer())
        assert Notice.objects.get().kind == "announced"

    def test_can_do_nothing_before(self, enrolled):
        person = Person.objects.get(id=enrolled.person)
        assert person.role_set <= {""}
        assert directory.chain().officers("HN", now=enrolled.now) == {}

    def test_is_not_let_in_under_a_key_that_their_page_does_not_hold(self, enrolled):
        other = enrolled.officer(key=Ed25519PrivateKey.generate())
        with pytest.raises(Refused, match="binding-differs"):
            enrolled.enter(other)
        assert Person.objects.get(id=enrolled.person).role_set <= {""}

    def test_is_not_let_in_by_a_root_that_is_not_pinned(self, enrolled):
        with pytest.raises(ChainBroken):
            enrolled.enter(enrolled.officer(root=Ed25519PrivateKey.generate()))

    def test_is_not_let_in_without_having_been_invited(self, enrolled):
        enrolled.person = uuid4()
        with pytest.raises(Refused, match="person-unknown"):
            enrolled.enter(enrolled.officer())

    def test_is_prolonged_by_another_statement_for_the_same_key(self, enrolled):
        enrolled.enter(enrolled.officer(until=timedelta(days=30)))
        enrolled.enter(enrolled.officer(until=YEAR))
        assert Person.objects.get(id=enrolled.person).valid_until == enrolled.now + YEAR
        kinds = Notice.objects.order_by("id").values_list("kind", flat=True)
        assert sorted(kinds) == ["announced", "renewed"]

    def test_leaves_one_event_an_act(self, beginning, recorded):
        beginning.enter_root()
        beginning.enrol()
        beginning.offer()
        with recorded("designations.ceremony.entered", "directory.statement.entered"):
            beginning.enter(beginning.officer())


class TestAnInvitation:
    def test_is_for_a_ministry_of_that_state_alone(self, ministry, now, clock):
        with pytest.raises(NotVisible):
            services.invite_officer(
                state="SV",
                office=ministry.id,
                name="A",
                post="B",
                languages=["es"],
                actor=INSTALLATION,
                now=now,
            )

    def test_that_was_lost_is_made_again_and_the_first_is_void(self, beginning):
        first = beginning.code
        _, beginning.code, _ = services.invite_officer_again(
            person=beginning.person, actor=INSTALLATION, now=beginning.now
        )
        assert beginning.post("/enrolment/begin", {"code": first}).status_code != 200
        beginning.enrol()

    def test_is_not_made_again_once_it_was_used(self, beginning):
        beginning.enrol()
        with pytest.raises(Refused, match="enrolled-already"):
            services.invite_officer_again(
                person=beginning.person, actor=INSTALLATION, now=beginning.now
            )


class TestTheCommand:
    def test_begins_a_region_from_nothing(self, db, clock, now, tmp_path):
        def region(*arguments):
            said = StringIO()
            call_command("region", *arguments, stdout=said)
            return said.getvalue()

        region("states")
        assert State.objects.count() == 11
        region("states")
        assert State.objects.count() == 11
        office = region(
            "office", "--state", "HN", "--kind", "ministry", "--name", "Cancillería"
        ).strip()
        told = region(
            *("officer", "--state", "HN", "--office", office, "--name", "Ana", "--post", "Oficial")
        )
        assert UUID(told.split()[1])
        root = acts.root(
            "HN", key=root_of("HN"), approval="two-officers", serial=str(uuid4()), now=now
        )
        file = tmp_path / "hn-root.json"
        file.write_text(json.dumps(as_wire(root)))
        assert root.digest in region("enter", str(file))

    def test_says_why_not(self, db, clock, now, tmp_path):
        file = tmp_path / "no.json"
        file.write_text("{}")
        with pytest.raises(CommandError, match="chain-broken"):
            call_command("region", "enter", str(file))

    @pytest.mark.parametrize(
        ("before", "said"),
        [(0, "^Nothing was done: the database"), (1, "^No more was done than is said above: ")],
    )
    def test_says_how_far_it_came(self, db, clock, monkeypatch, before, said):
        entered, out = count(), StringIO()
        enter = directory_services.enter_state

        def until(**given):
            if next(entered) == before:
                raise OperationalError("server closed the connection")
            return enter(**given)

        monkeypatch.setattr(directory_services, "enter_state", until)
        with pytest.raises(CommandError, match=said):
            call_command("region", "states", stdout=out)
        assert out.getvalue().count("entered ") == State.objects.count() == before


class TestAStoppedState:
    @pytest.fixture
    def stop(self, region, enrolled):
        """Stop the State, whose only officer was named, by two people; return the stop."""
        enrolled.enter(enrolled.officer())
        first, second = (region.person("", "secretariat") for _ in range(2))
        acting = {"code": "HN", "now": enrolled.now}
        made = directory_services.stop_state(actor=first.actor, **acting)
        return directory_services.confirm_state_stop(stop=made.id, actor=second.actor, **acting)

    @pytest.fixture
    def second(self, stop, ministry, enrolled):
        """Return somebody who enrols, whom the root is to name beside the one who is left."""
        other = Beginning(ministry, enrolled.now)
        other.enrol()
        return other

    def test_left_with_one_hand_is_lifted_with_another_whom_its_root_names(
        self, second, stop, enrolled
    ):
        second.offer()
        second.enter(second.officer())
        for one in (enrolled, second):
            person = Person.objects.get(id=one.person)
            actor = directory.actor_behind(account=str(person.account_id), session="", device=None)
            lift = directory_services.lift_state(
                code="HN", stop=stop.id, actor=actor, now=enrolled.now
            )
        assert lift.done
        assert State.objects.get(code="HN").stopped_at is None

    def test_opens_its_enrolment_alone_to_whom_its_root_is_to_name(self, second):
        opened = {
            path: second.client.get(f"/api{path}").status_code
            for path in ("/enrolment", "/account/rules", "/directory/people", "/states/HN/stop")
        }
        assert opened == {
            "/enrolment": 200,
            "/account/rules": 200,
            "/directory/people": 403,
            "/states/HN/stop": 403,
        }

    def test_lets_nobody_else_in_who_enrols(self, second):
        Designation.objects.filter(person=second.person).update(roles="liaison")
        assert second.client.get("/api/enrolment").status_code == 401
