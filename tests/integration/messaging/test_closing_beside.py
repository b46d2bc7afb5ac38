"""A case that is closed, held or deleted while somebody acts in it: one waits for the other."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from casehub.cases import policies
from casehub.cases import services as cases
from casehub.cases.models import Case, Circle, Hold
from casehub.cases.services import erasing, holding
from casehub.core.errors import DomainError
from messaging import services
from messaging.models import Group
from messaging.services import messages
from requests_mla import services as requests
from requests_mla.models import EnclosureOpening
from tests.integration.answers import disclosed
from tests.integration.cases.keepings import YEARS
from tests.integration.messaging.conftest import code_of, made
from tests.integration.messaging.uploaded import PIECE, begin, digest_of, put
from tests.integration.requests_mla import enclosed
from tests.integration.requests_mla.made import request_of, sent_of
from tests.integration.requests_mla.moving import Mover


def outcome(act):
    """Return the code with which an act is refused, or "done"."""
    try:
        answer = act()
    except DomainError as error:
        return error.code
    return code_of(answer[0]) if isinstance(answer, list) else "done"


def posts(ana, boris, case, thread, region):
    return lambda: services.accept_messages(posts=[made(thread, ana)], now=region.now)


def completes_a_file(ana, boris, case, thread, region):
    going = begin(region, ana, thread)
    put(region, ana, going)
    said = {"attachment": going, "digest": digest_of(going, [PIECE])}
    return lambda: services.complete_attachment(actor=ana.actor, now=region.now, **said)


def begins_a_file(ana, boris, case, thread, region):
    return lambda: begin(region, ana, thread)


def _sent(ana, case, region):
    """Return a request of hers that went to another State, about which letters are written."""
    region.session(ana)
    request = request_of(region, ana, region.mate, case=case)
    sent_of(region, ana, request, to="GT")
    return Mover(request, region.now)


def completes_a_letters_file(ana, boris, case, thread, region):
    sent = _sent(ana, case, region)
    going = enclosed.begin(sent, ana)
    enclosed.put(sent, ana, going)
    return lambda: enclosed.complete(sent, ana, going)


def begins_a_letters_file(ana, boris, case, thread, region):
    sent = _sent(ana, case, region)
    return lambda: str(enclosed.begin(sent, ana))


def takes_a_turn(ana, boris, case, thread, region):
    request = request_of(region, ana, region.mate, case=case)
    said = {"request_id": request, "client_id": uuid4()}
    return lambda: requests.take_turn(actor=ana.actor, now=region.now, **said)


def saves_a_version(ana, boris, case, thread, region):
    request = request_of(region, ana, region.mate, case=case)
    acting = {"actor": ana.actor, "now": region.now}
    requests.take_turn(request_id=request, client_id=uuid4(), **acting)
    said = {"request_id": request, "client_id": uuid4(), "base": 1, "body": b"more"}
    return lambda: requests.save_version(disclosed=disclosed("SV"), **said, **acting)


def moves_a_request(ana, boris, case, thread, region):
    region.session(ana)
    ana.signing = Ed25519PrivateKey.generate()
    mover = Mover(request_of(region, ana, region.mate, case=case), region.now)
    signed = mover.signed(ana, "withdraw", codes=("no-longer-needed",))
    return lambda: mover.send(ana.actor, signed)


def opens_a_thread(ana, boris, case, thread, region):
    said = {"case": case, "client_id": uuid4(), "people": []}
    return lambda: cases.open_thread(actor=ana.actor, now=region.now, **said)


def begins_a_group(ana, boris, case, thread, region):
    """Of the title's circle, which has none: that its bytes are none is found out later."""
    title = Circle.objects.get(case=case, kind=Circle.Kind.CASE).id
    said = {"thread": title, "client_id": uuid4(), "group_info": b"opaque"}
    return lambda: services.start_group(actor=ana.actor, now=region.now, **said)


ACTS = [posts, completes_a_file, begins_a_file, completes_a_letters_file, begins_a_letters_file,
        takes_a_turn, saves_a_version, moves_a_request, opens_a_thread,
        begins_a_group]  # fmt: skip


@pytest.fixture
def scene(region, ana, boris, small_rulebook):
    case = region.case(ana, boris)
    region.mate = region.equipped("SV")
    cases.add_person(
        case=case,
        client_id=uuid4(),
        person=region.mate.id,
        circles=[],
        actor=ana.actor,
        now=region.now,
    )
    thread = region.thread(ana, boris, case=case)
    return ana, boris, case, thread, region


@pytest.mark.parametrize("act", ACTS)
def test_a_closed_case_takes_no_act(scene, act, now):
    ana, _, case, *_ = scene
    doing = act(*scene)
    cases.close_case(case=case, actor=ana.actor, now=now)
    assert outcome(doing) == "case-closed"


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="several processes write on PostgreSQL alone"
)
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Two processes, so PostgreSQL's: SQLite lets one write at a time anyway."""

    @pytest.fixture
    def beside(self, monkeypatch):
        """Return `beside(module, name, first, second)`: both outcomes, and what stood between."""

        def act(module, name, first, second, look=lambda: None):
            found = {}

            def go():
                try:
                    found["second"] = outcome(second)
                finally:
                    connection.close()

            other, real = threading.Thread(target=go), getattr(module, name)

            def within(*args, **kwargs):
                monkeypatch.setattr(module, name, real)
                other.start()
                other.join(2)  # it is held back, or is over by then
                found["between"] = (other.is_alive(), look())
                return real(*args, **kwargs)

            monkeypatch.setattr(module, name, within)
            found["first"] = outcome(first)
            other.join()
            return found

        return act

    @pytest.mark.parametrize("act", ACTS)
    def test_an_act_waits_for_the_closing_and_is_refused(self, scene, beside, act, now):
        ana, _, case, *_ = scene
        doing = act(*scene)
        close = lambda: cases.close_case(case=case, actor=ana.actor, now=now)  # noqa: E731
        found = beside(policies, "why_not_close", close, doing)
        assert found == {"first": "done", "second": "case-closed", "between": (True, None)}

    def test_the_closing_waits_for_a_message_that_is_being_written(self, scene, beside, now):
        ana, _, case, *_ = scene
        close = lambda: cases.close_case(case=case, actor=ana.actor, now=now)  # noqa: E731
        look = lambda: Case.objects.get(id=case).closed_at  # noqa: E731
        found = beside(messages.keeping, "closed_among", posts(*scene), close, look)
        assert found == {"first": "accepted", "second": "done", "between": (True, None)}

    def test_a_file_is_opened_before_its_deletion_or_not_at_all(self, scene, beside, now):
        ana, _, case, _, region = scene
        sent = _sent(ana, case, region)
        made = enclosed.whole(sent, ana)
        cases.close_case(case=case, actor=ana.actor, now=now)
        found = beside(
            erasing,
            "_record",
            lambda: cases.erase_case(case=case, now=now + YEARS),
            lambda: enclosed.opened(sent, ana, made, now=now + YEARS),
        )
        assert found == {"first": "done", "second": "not-found", "between": (True, None)}
        assert not EnclosureOpening.objects.exists()

    def test_a_hold_waits_for_the_deletion_and_finds_nothing(self, scene, beside, now):
        ana, _, case, _, region = scene
        by = region.person("MX", "coordinator").actor
        cases.close_case(case=case, actor=ana.actor, now=now)
        said = {"case": case, "client_id": uuid4(), "ground": "other", "actor": by}
        found = beside(
            policies,
            "why_not_erase",
            lambda: cases.erase_case(case=case, now=now + YEARS),
            lambda: cases.place_hold(now=now + YEARS, **said),
        )
        assert found == {"first": "done", "second": "case-erased", "between": (True, None)}
        assert not Hold.objects.exists()

    def test_the_deletion_waits_for_a_hold_and_leaves_all(self, scene, beside, now):
        ana, _, case, thread, region = scene
        by = region.person("MX", "coordinator").actor
        cases.close_case(case=case, actor=ana.actor, now=now)
        said = {"case": case, "client_id": uuid4(), "ground": "other", "actor": by}
        found = beside(
            holding,
            "_place",
            lambda: cases.place_hold(now=now + YEARS, **said),
            lambda: cases.erase_case(case=case, now=now + YEARS),
        )
        assert found == {"first": "done", "second": "case-held", "between": (True, None)}
        assert Group.objects.filter(circle=thread).exists()
