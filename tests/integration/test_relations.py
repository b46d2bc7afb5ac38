"""
What holds on the object besides the role: by each act's `relation`, the doors open and shut.

Five callers with the same role knock at every door: what refuses one of them for what they are to
the object has to be what the act's row in `casehub/core/roles.yaml` claims, no more and no less.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from casehub.cases.models import CaseMember, Reader
from casehub.core.roles import RELATIONS
from requests_mla.codes import BOTH, HOME
from requests_mla.models import LetterKey
from tests.factories import Someone, title_of
from tests.integration.answers import ALSO_ABSENT, HTTP, IN_BODY, ON_OBJECT, TABLE
from tests.integration.doors import World, call, objects_of
from tests.integration.oversight import made as auditors
from tests.integration.requests_mla.made import enclosed_with, letter_of, sent_of
from tests.integration.requests_mla.writing import on_the_wire

#  what a caller is to the objects: nothing; in the case; in its circles too; that, of another State
CALLERS = ("stranger", "member", "reader", "neighbour")
#  relation: who is refused, and with which code
REFUSED: dict[str, dict[str, str]] = {
    "none": {},
    "self": dict.fromkeys(CALLERS, "not-found"),  # the objects are another's
    "member": {"stranger": "not-found"},
    "reader": {"stranger": "not-found", "member": "not-found"},
    # before it is with the central authorities: its drafters'
    "party": {"stranger": "not-found", "member": "not-found"},
    "carrier": dict.fromkeys(CALLERS, "not-found"),  # it was not sent
    "stopper": dict.fromkeys(CALLERS, "not-found"),
    "reach": {"neighbour": "not-found"},
    "remover": {"stranger": "not-found", "neighbour": "not-yours-to-remove"},
    "host": {"stranger": "not-found", "neighbour": "joining-not-yours"},
    "guest": {
        "stranger": "not-found",
        "member": "joining-not-yours",
        "reader": "joining-not-yours",
    },
    "state": {"neighbour": "not-found"},
}
BY_RELATION = {"not-found", "not-yours-to-remove", "joining-not-yours", "second-person-needed"}
#  a circle's people are its readers' to see: to a member outside it there is no such circle
ON_CIRCLE = {"cases.reader.remove": {"member": "not-found"}}
#  letters about what was not sent are there for nobody, whatever they are to it
NAMED = sorted(
    act
    for act in ON_OBJECT | IN_BODY
    if (act not in ALSO_ABSENT or TABLE[act].relation == "carrier")
    and {"*", "liaison"} & set(TABLE[act].who)
)
#  of what was sent: who drafts it and the central authorities of its two States carry it
CARRIERS = {"stranger": False, "member": False, "reader": True, "SV": True, "MX": True, "GT": False}
#  what is written for the requesting State's own people is no matter of the other's
CARRIED_FOR = {BOTH: CARRIERS, HOME: {**CARRIERS, "MX": False}}
CARRIED = [act for act in NAMED if TABLE[act].relation == "carrier"]
#  an auditor of the same State, of another, and whoever asked for what is to be decided
AUDITORS = ("colleague", "stranger", "asker")
REFUSED_AUDITOR: dict[str, dict[str, str]] = {
    "self": dict.fromkeys(AUDITORS, "not-found"),
    "state": {"stranger": "not-found"},
    "second": {"stranger": "not-found", "asker": "second-person-needed"},
    "reader": dict.fromkeys(("colleague", "stranger"), "not-found"),  # they read nothing of it
}
AUDITED = sorted(act for act in ON_OBJECT - ALSO_ABSENT if TABLE[act].who == ("national-auditor",))
#  a coordinator of the same State, and of another, before what only officials may do
OFFICIALS = ("colleague", "stranger")
OFFICIAL = sorted(
    act
    for act in (ON_OBJECT | IN_BODY) - ALSO_ABSENT
    if {"coordinator", "ministry"} & set(TABLE[act].who)
    and not {"*", "liaison"} & set(TABLE[act].who)
)
#  lists of what one is something to
LISTS = (
    "cases.list",
    "messaging.threads.read",
    "custody.exports.list",
    "notes.list",
    "requests.consultations.list",
    "requests.dossiers.list",
    "requests.letters.unread",
    "requests.list",
)
#  what names no object: that it shows one State's own is looked at by tests of their own
OF_ONES_STATE = {
    "requests.contacts.list",
    "papers.letterheads.list",
    "cases.retention.list",
    "cases.joinings.list",
    "oversight.log.query",
    "oversight.unmaskings.list",
    "oversight.unmasking.ask",
    "oversight.audits.list",
    "designations.list",
    "designations.standing.read",
    "designations.standing.confirm",
    "oversight.pair-consents.list",
    "oversight.pair-consent.give",
    "oversight.pair-consent.withdraw",
}
#  what regional auditors decide by two is looked at where it is tested (oversight/test_pairs.py)
OF_THE_REGION = {"oversight.pair-view.agree", "oversight.pair-view.refuse"}
#  what an officer of a central authority alone does, too (requests_mla/test_seconds.py)
OF_AN_OFFICER = {"requests.proposal.make"}


def code(answer: Any) -> str:
    """Return why the caller's relation refused them, or nothing: other refusals come after it."""
    found = answer.json()["code"] if answer.status_code >= 400 else ""
    return found if found in BY_RELATION else ""


class TestTheRelation:
    @pytest.fixture
    def world(self, region, small_rulebook):
        owner, stranger = region.equipped("SV"), region.equipped("MX")
        return World(
            region,
            own=objects_of(region, owner, region.equipped("SV")),
            foreign=objects_of(region, stranger, region.equipped("MX")),
        )

    @pytest.fixture
    def caller(self, world):
        """Return `caller(which)`: a liaison who is that to the objects."""

        def make(which: str) -> Someone:
            who: Someone = world.region.person("MX" if which == "neighbour" else "SV")
            if which in {"reader", "neighbour"}:
                world.let_in(who)
                return who
            world.region.device(who)
            if which == "member":
                CaseMember.objects.create(
                    case_id=world.own.case,
                    person_id=who.person,
                    added_by_id=who.person,
                    added_at=world.region.now,
                    client_id=uuid4(),
                    request_digest="",
                    audit_event_id=world.region.event(),
                )
                title = title_of(world.own.case)
                Reader.objects.create(
                    circle_id=title, person_id=who.person, since=world.region.now, act=0
                )
            return who

        return make

    @pytest.mark.parametrize("which", CALLERS)
    def test_refuses_whom_its_row_says_and_nobody_else(self, world, caller, which):
        cookie = world.region.session(caller(which))
        found = {act: code(call(cookie, act, world.own)) for act in NAMED}
        wanted = {
            act: ON_CIRCLE.get(act, {}).get(which) or REFUSED[TABLE[act].relation].get(which, "")
            for act in NAMED
        }
        assert found == wanted

    @pytest.mark.parametrize("audience", CARRIED_FOR)
    @pytest.mark.parametrize("which", CARRIERS)
    def test_to_what_was_sent_is_that_of_who_carries_it(self, world, caller, which, audience):
        region, request, author = world.region, world.own.request, world.region.equipped("SV")
        sent_of(region, author, request, to="MX")
        central = which not in CALLERS
        who = region.person(which, "central-authority") if central else caller(which)
        written = letter_of(region, author, request, audience=audience)
        held = LetterKey(letter_id=written, person_id=who.id)
        held.key, held.wrapped, held.act = "A" * 43, bytes(80), 0
        held.save()
        objects = replace(world.own, enclosure=str(enclosed_with(region, who, held.letter_id)))
        cookie = region.session(who)
        keys = [{**on_the_wire(author), "letter": str(written)}]
        said: dict[str, dict[str, Any]] = {
            "requests.letter.send": {"audience": audience},
            "requests.letters.mark": {"letter": str(written), "audience": audience},
            "requests.letters.share": {"keys": keys, "audience": audience},
        }
        asked = {"requests.letters.list": f"?audience={audience}"}
        found = {
            act: code(call(cookie, act, objects, said=said.get(act, {}), asked=asked.get(act, "")))
            for act in CARRIED
        }
        wanted = dict.fromkeys(CARRIED, "" if CARRIED_FOR[audience][which] else "not-found")
        if CARRIERS[which]:  # a file may still go with a letter to both
            wanted["requests.enclosure.begin"] = ""
        assert found == wanted

    @pytest.mark.parametrize("act", LISTS)
    def test_of_a_list_leaves_out_what_the_reader_is_nothing_to(self, world, caller, act):
        own = {
            str(world.own.case),
            str(world.own.thread),
            str(world.own.request),
            world.own.told.note,
            world.own.courts.made,
            world.own.put.consultation,
        }
        shown = {}
        for which in CALLERS:
            answer = call(world.region.session(caller(which)), act, world.own)
            shown[which] = any(one in answer.content.decode() for one in own)
        assert shown == {one: one not in REFUSED[TABLE[act].relation] for one in CALLERS}

    @pytest.mark.parametrize("which", AUDITORS)
    def test_of_auditors_refuses_whom_its_row_says_and_nobody_else(self, world, which):
        region = world.region
        owner = region.person("SV", "national-auditor")
        region.session(owner)
        audited = auditors.audited(region, owner)
        who = region.person("MX" if which == "stranger" else "SV", "national-auditor")
        cookie = region.session(who)
        if which == "asker":
            wish = auditors.wish_of(region, region.person("SV"), who)
            cookie = region.session(who)
            deferral = auditors.deferral_of(region, audited.naming, who)
            audited = replace(audited, unmasking=str(wish), deferral=str(deferral))
        objects = replace(world.own, audited=audited)
        found = {act: code(call(cookie, act, objects)) for act in AUDITED}
        wanted = {act: REFUSED_AUDITOR[TABLE[act].relation].get(which, "") for act in AUDITED}
        assert found == wanted

    @pytest.mark.parametrize("which", OFFICIALS)
    def test_of_officials_refuses_whom_its_row_says_and_nobody_else(self, world, which):
        found, wanted = {}, {}
        for role in ("coordinator", "ministry"):
            who = world.region.person("MX" if which == "stranger" else "SV", role)
            cookie = world.region.session(who)
            for act in (act for act in OFFICIAL if role in TABLE[act].who):
                found[act, role] = code(call(cookie, act, world.own))
                refused = REFUSED_AUDITOR.get(TABLE[act].relation, {})
                wanted[act, role] = refused.get(which, "")
        assert found == wanted

    def test_is_tried_wherever_a_row_claims_one(self):
        """What names no object is one's own, a list, or claims nothing."""
        tried = {*NAMED, *AUDITED, *OFFICIAL}
        rest = {row.act: row.relation for row in HTTP.values() if row.act not in tried}
        claims = {act for act, relation in rest.items() if relation not in {"none", "self"}}
        assert claims - ALSO_ABSENT == {
            *LISTS,
            *OF_ONES_STATE,
            *OF_THE_REGION,
            *OF_AN_OFFICER,
        }
        assert {TABLE[act].relation for act in tried} | {"none", "state"} == set(RELATIONS)
