"""
Every act that leaves an event is served once, and the event is the one that its row names.

Most are served to a liaison in the one setting of `test_permissions`; for each of the others there
is a setting here in which it can be done. An act that stands in neither fails the last test.
"""

from __future__ import annotations

import json
from base64 import b32decode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.test import Client
from django_otp.oath import totp as compute

from audit.models import AuditEvent
from casehub.accounts import services as accounts
from casehub.accounts.models import Account, Factor
from casehub.cases import services as cases
from casehub.cases.circles import let_in
from casehub.core.frames import to_b64u
from casehub.demo.keys import KeyRing
from casehub.directory import queries
from casehub.directory import services as directory
from casehub.directory.models import Device, Notice
from casehub.directory.statements import as_wire
from casehub.oversight import limits
from messaging import services as messaging
from tests.factories import PASSWORD, Someone, public, stamp
from tests.integration.accounts.authenticator import Passkey
from tests.integration.answers import (
    HTTP,
    IDLE,
    LEAVES_TOO,
    OF_A_STOP,
    REFUSED_HERE,
    TABLE,
)
from tests.integration.cases import keepings
from tests.integration.cases import made as openings
from tests.integration.custody import serving as exports
from tests.integration.designations import serving as designations
from tests.integration.doors import BODIES, Objects, call, objects_of
from tests.integration.leaning import misleading_rows
from tests.integration.messaging.conftest import (
    ADDS,
    VECTORS,
    Story,
    code_of,
    made,
    now,
    raw,
    story,
)
from tests.integration.oversight import made as auditors
from tests.integration.own_devices import nobody_asks_yet, what_a_kit_opened, what_asked
from tests.integration.papers import serving as papers
from tests.integration.requests_mla import serving as drafts

__all__ = ["now", "story"]

POST = "messaging.message.post"
SEED = bytes(range(20))


@dataclass
class Setting:
    """A person whose device's key is known, what is theirs, a colleague, and a group's story."""

    who: Someone
    guest: Someone
    signing: Ed25519PrivateKey
    mine: Objects
    story: Story
    client: Client = field(default_factory=Client)

    @property
    def acting(self) -> dict[str, Any]:
        return {"actor": self.who.actor, "now": self.story.region.now}

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do for good what comes before the act."""
        answer = self.client.post(f"/api{path}", json.dumps(body or {}), "application/json")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def enter(self, who: Someone, level: str = "full") -> None:
        """Open a session in this browser."""
        key = self.story.region.session(who, level=level)
        self.client.cookies[settings.SESSION_COOKIE_NAME] = key

    def passkey(self) -> Passkey:
        """Make a passkey for the person."""
        made = Passkey()
        options = self.post("/account/passkeys/begin")["options"]
        self.post("/account/passkeys/finish", {"name": "Llave", "credential": made.make(options)})
        return made

    def colleague(self) -> Someone:
        """Return somebody of the same State who is in the case and in none of its circles."""
        someone = self.story.region.equipped("SV")
        told = {"client_id": uuid4(), "person": someone.id, "circles": []}
        cases.add_person(case=self.mine.case, **told, **self.acting)
        return someone


Body = dict[str, Any] | None


def wrong_password(setting: Setting) -> Body:
    account = Account.objects.get(id=setting.who.account)
    setting.client = Client()
    return {"account": account.username, "password": f"not {PASSWORD}"}


def code(setting: Setting) -> Body:
    account = Account.objects.get(id=setting.who.account)
    accounts.enrol_totp(account=account, key=SEED, actor=None, now=setting.story.region.now)
    setting.enter(setting.who, "password")
    return {"code": f"{compute(SEED):06d}"}


def code_again(setting: Setting) -> Body:
    body = code(setting)
    setting.enter(setting.who)
    return body


def passkey_again(setting: Setting) -> Body:
    made = setting.passkey()
    return {"credential": made.sign(setting.post("/sign-in/passkey/begin")["options"])}


def sign_in_by_passkey(setting: Setting) -> Body:
    made = setting.passkey()
    setting.client = Client()
    return {"credential": made.sign(setting.post("/sign-in/passkey/begin")["options"])}


def new_passkey(setting: Setting) -> Body:
    options = setting.post("/account/passkeys/begin")["options"]
    return {"name": "Llave", "credential": Passkey().make(options)}


def old_passkey(setting: Setting) -> Body:
    setting.passkey()
    setting.passkey()  # the last one stays
    kept = Factor.objects.filter(account_id=setting.who.account, removed_at=None).first()
    assert kept is not None
    setting.mine.factor = str(kept.id)
    return None


def code_generator(setting: Setting) -> Body:
    secret = setting.post("/account/totp/begin")["secret"]
    return {"code": f"{compute(b32decode(secret)):06d}"}


def another_device(setting: Setting) -> Body:
    return {"statement": as_wire(setting.story.region.naming(setting.who))}


def for_longer(setting: Setting) -> Body:
    region, who = setting.story.region, setting.who
    device = region.device(who, until=stamp(region.now + timedelta(days=20)))
    lasting = queries.as_signed(Device.objects.get(id=device).statement).fields
    Device.objects.filter(id=device).update(until=region.now + timedelta(days=20))
    same = {name: lasting[name] for name in ("device", "serial", "signature_key", "history_key")}
    setting.mine.device = device
    return {"statement": as_wire(region.naming(who, **same))}


def somebody_for_the_case(setting: Setting) -> Body:
    someone = setting.story.region.equipped("SV")
    return {"client_id": str(uuid4()), "person": someone.person, "circles": []}


def somebody_of_the_case(setting: Setting) -> Body:
    return {"client_id": str(uuid4()), "person": setting.colleague().person}


def a_package_to_claim(setting: Setting) -> Body:
    setting.story.start()
    setting.mine.thread = setting.story.thread
    setting.enter(setting.story.ana)
    ben = setting.story.ben
    messaging.publish_key_packages(
        packages=[raw(VECTORS["devices"]["ben"]["key_package"])],
        last_resort=None,
        actor=ben.actor,
        now=setting.story.region.now,
    )
    return {"devices": [ben.device]}


def a_group_to_start(setting: Setting) -> Body:
    setting.mine.thread = setting.story.thread
    setting.enter(setting.story.ana)
    return {"client_id": str(uuid4()), "group_info": VECTORS["first_group_info"]}


def a_commit(setting: Setting) -> Body:
    setting.story.start()
    setting.mine.thread = setting.story.thread
    setting.enter(setting.story.ana)
    assert ADDS.welcome is not None
    return {
        "client_id": str(ADDS.client_id),
        "epoch": ADDS.epoch,
        "commit": to_b64u(ADDS.commit),
        "welcome": to_b64u(ADDS.welcome),
        "group_info": to_b64u(ADDS.group_info),
    }


def an_opening_of_anothers_case(setting: Setting) -> Body:
    region = setting.story.region
    owner = region.person("GT")
    case = region.case(owner, setting.who)
    asked = openings.proposal(region, owner, case, "HN")
    setting.mine.joinings.within = str(region.consented(asked).id)
    return {"reason": "other"}


def what_others_told(setting: Setting) -> Body:
    region = setting.story.region
    told = {"kind": Notice.Kind.UNCONFIRMED, "state": region.person("MX").state}
    with transaction.atomic():
        notice = directory.give(**told, act=region.event(Notice), now=region.now)
    return {"notice": str(notice)}


def a_key(setting: Setting) -> Body:
    KeyRing().keep({setting.who.person: setting.who.key})
    return {}


def a_notice(setting: Setting) -> Body:
    named = auditors.naming_of(setting.story.region, setting.who, ago=limits.TOLD_AFTER)
    setting.mine.audited = replace(setting.mine.audited, notice=str(named))
    return {}


#  an act, what has to be there first, and the body that it then wants
SETTINGS: dict[str, Callable[[Setting], Body]] = {
    **designations.SETTINGS,
    **papers.SETTINGS,
    **drafts.SETTINGS,
    "accounts.password.check": wrong_password,
    "accounts.code.check": code,
    "accounts.passkey.finish": sign_in_by_passkey,
    "accounts.passkey.register-finish": new_passkey,
    "accounts.passkey.remove": old_passkey,
    "accounts.totp.confirm": code_generator,
    "accounts.kit.prove": lambda setting: what_a_kit_opened(setting.acting),
    "directory.device.register": another_device,
    "directory.device.renew": for_longer,
    "directory.device.ask": nobody_asks_yet,
    "directory.device.name": what_asked,
    "directory.notices.acknowledge": what_others_told,
    "cases.person.add": somebody_for_the_case,
    "cases.reader.add": somebody_of_the_case,
    "cases.state.object": an_opening_of_anothers_case,
    "cases.case.reopen": keepings.a_closed_case,
    "messaging.key-packages.claim": a_package_to_claim,
    "messaging.group.start": a_group_to_start,
    "messaging.commit.accept": a_commit,
    "requests.reader.add": somebody_of_the_case,
    "custody.export.ask": exports.something_said,
    "custody.export.agree": exports.a_signed_consent,
    "oversight.notice.confirm": a_notice,
    "demo.identity-key.give": a_key,
}
#  the same acts in a session that is full already
AGAIN: dict[str, Callable[[Setting], Body]] = {
    "accounts.code.check": code_again,
    "accounts.passkey.finish": passkey_again,
}
#  acts that need what the sequencer has written and witnesses have signed: not served here
IN_A_SEQUENCED_LOG = {
    "oversight.bundle.export",
    "oversight.entry.open",
    "oversight.log.export",
}
#  all other acts that leave an event and that no liaison may do
BARRED = sorted(
    act
    for act, row in HTTP.items()
    if row.event
    and row.who
    and not {"liaison", "*"} & set(row.who) | ({act} & {*IN_A_SEQUENCED_LOG, *OF_A_STOP})
    and act not in SETTINGS
    and not {"liaison", "*"} & set(row.who) | ({act} & IN_A_SEQUENCED_LOG)
)
#  its event is that of the refusal
REFUSES = {"accounts.password.check"}


@pytest.fixture
def setting(region, story, small_rulebook, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    who, guest, signing = region.person("SV"), region.equipped("SV"), Ed25519PrivateKey.generate()
    region.device(who, signature_key=public(signing))
    made = Setting(who, guest, signing, objects_of(region, who, guest), story)
    made.enter(who)
    return made


class TestAnActThatLeavesAnEvent:
    @pytest.mark.parametrize("act", SETTINGS)
    def test_is_served_and_leaves_the_event_of_its_row(self, setting, act, monkeypatch):
        body = SETTINGS[act](setting)
        monkeypatch.setitem(BODIES, act, lambda _: body)
        if body is None:
            monkeypatch.delitem(BODIES, act)
        answer = call(None, act, replace(setting.mine), client=setting.client)
        assert (answer.status_code < 400) == (act not in REFUSES), answer.content
        assert answer.kinds == {HTTP[act].event} | LEAVES_TOO.get(act, set())

    @pytest.mark.parametrize("act", sorted(act for act, row in HTTP.items() if row.renews))
    def test_leaves_the_one_that_renews_where_the_session_is_full(self, setting, act, monkeypatch):
        body = AGAIN[act](setting)
        monkeypatch.setitem(BODIES, act, lambda _: body)
        answer = call(None, act, replace(setting.mine), client=setting.client)
        assert answer.status_code < 400, answer.content
        assert answer.kinds == {HTTP[act].renews}

    def test_is_served_in_one_setting_or_another_whichever_it_is(self):
        """The matrix serves to a liaison all that it does not name as refused, idle or barred."""
        assert SETTINGS.keys() == REFUSED_HERE.keys() | IDLE
        assert {*BARRED, *IN_A_SEQUENCED_LOG, *OF_A_STOP} == {
            act
            for act, row in HTTP.items()
            if row.event and row.who and not {"liaison", "*"} & set(row.who)
        } - set(SETTINGS)

    @pytest.mark.parametrize("act", BARRED)
    def test_is_served_to_whom_it_is_for_where_no_liaison_may(self, setting, act):
        region = setting.story.region
        auditor = region.person("SV", HTTP[act].who[0])
        cookie = region.session(auditor)
        mine = replace(setting.mine, audited=auditors.audited(region, auditor))
        if HTTP[act].relation == "reader":  # their office alone does not do
            let_in([UUID(mine.told.circle)], [auditor.id], act=0, now=region.now)
        answer = call(cookie, act, mine)
        assert answer.status_code < 400, answer.content
        # With a State's stop its people's sessions end.
        ended = {"accounts.session.ended"} if act == "directory.state.stop" else set()
        assert answer.kinds == {HTTP[act].event} | ended

    def test_is_posted_through_the_socket_or_asked_for_by_http(self, story):
        """What the socket takes is accepted in batches, by a service that reads no session."""
        assert {r.door for a, r in TABLE.items() if r.event and a not in HTTP} == {"SOCKET post"}
        story.start()
        posted = made(story.thread, story.ana)
        (answer,) = messaging.accept_messages(posts=[posted], now=story.region.now)
        assert code_of(answer) == "accepted"
        newest = AuditEvent.objects.order_by("-id").first()
        assert newest is not None
        assert newest.kind == TABLE[POST].event
        assert misleading_rows(newest.id - 1) == []
