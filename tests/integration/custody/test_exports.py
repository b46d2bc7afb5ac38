"""Exports for a court: who may ask, who has to agree, what is told, and what is in the log."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from audit import queries as log
from casehub.accounts.models import Session
from casehub.cases import services as cases
from casehub.cases.models import Circle, Erasure
from casehub.core.errors import DomainError, NotVisible
from casehub.core.frames import to_b64u
from casehub.custody import queries, services
from casehub.custody.models import Export
from casehub.custody.statements import Consent
from casehub.directory import services as directory
from casehub.directory.models import Person
from tests.factories import public, stamp
from tests.integration.custody.made import DIGESTS, WISH, said, wish
from tests.integration.leaning import misleading_rows


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def boris(region):
    return region.equipped("GT")


@pytest.fixture
def key():
    return Ed25519PrivateKey.generate()


@pytest.fixture
def carla(region, key):
    """Return the coordinator of Ana's State, whose device's key is known."""
    someone = region.person("SV", "coordinator")
    region.device(someone, signature_key=public(key))
    region.session(someone)
    return someone


@pytest.fixture
def thread(region, ana, boris):
    region.session(ana)
    made = region.thread(ana, boris)
    said(region, made, ana)
    return made


@pytest.fixture
def asking(region, ana, thread):
    """Return `ask(...)`: the export that Ana asks for, of the whole thread."""

    def ask(**changes):
        last = changes.pop("last", None) or 1
        body = wish(**({"last": last, "at": stamp(region.now)} | changes))
        body["client_id"] = body["client_id"] if "client_id" in changes else uuid4()
        return services.ask_export(thread=thread, actor=ana.actor, now=region.now, **body)

    return ask


@pytest.fixture
def agreeing(region, carla, key):
    """Return `agree(export, ...)`: how Carla's consent is answered."""

    def agree(export, by=None, at=None, now=None, signed=WISH):
        who = by or carla
        moment = stamp(at or region.now)
        prove(now or region.now)
        consent = Consent(signed, who.person, str(who.device), moment)
        try:
            services.agree_to_export(
                export=export,
                wish=WISH,
                at=moment,
                signature=to_b64u(key.sign(consent.signed_bytes())),
                actor=who.actor,
                now=now or region.now,
            )
        except DomainError as error:
            return error.code
        return "agreed"

    return agree


def code_of(act, *args, **said_):
    """Return how something is refused, or "done"."""
    try:
        act(*args, **said_)
    except DomainError as error:
        return error.code
    return "done"


def prove(moment):
    """Have everybody who is signed in show a factor at that moment."""
    Session.objects.update(verified_at=moment)


def making(region, who, export, digests=None, now=None):
    """Return how somebody's making of an export is answered."""
    prove(now or region.now)
    said_ = {"export": export, "actor": who.actor, "now": now or region.now}
    return code_of(services.make_export, **said_, **(digests or DIGESTS))


KEYS = [{"device": str(uuid4()), "key": "AA"}]


class TestOfOnesOwnStateAlone:
    def test_may_be_made_without_a_second_hand_and_is_logged_without_a_word(
        self, region, ana, thread, asking, recorded
    ):
        with recorded("custody.export.asked", "custody.export.made"):
            export = asking()
            assert making(region, ana, export) == "done"
        (asked,) = log.payloads_of("custody.export.asked")
        assert asked["payload"] == {
            "export": str(export),
            "thread": str(thread),
            "first": 1,
            "last": 1,
            "messages": 1,
            "wish": WISH,
            "foreign": False,
        }
        (made,) = log.payloads_of("custody.export.made")
        assert made["payload"] == {
            "export": str(export),
            "thread": str(thread),
            "wish": WISH,
            **DIGESTS,
        }
        assert misleading_rows(0) == []

    def test_is_answered_alike_when_the_same_is_posted_again(self, region, ana, asking):
        export = asking()
        answers = [making(region, ana, export) for _ in range(2)]
        other = making(region, ana, export, {"bundle": "00" * 32, "pdf": "00" * 32})
        assert [*answers, other] == ["done", "done", "export-over"]
        assert len(log.payloads_of("custody.export.made")) == 1

    def test_keeps_no_sealed_wish(self, asking):
        export = asking(box="AAAA", keys=KEYS)
        row = Export.objects.get(id=export)
        assert (bytes(row.box), row.keys) == (b"", [])

    @pytest.mark.parametrize(
        ("minutes", "code"),
        [(-11, "export-clock"), (-9, "done"), (9, "done"), (11, "export-clock")],
    )
    def test_is_not_asked_for_by_a_clock_that_its_readers_will_not_believe(
        self, region, asking, minutes, code
    ):
        signed = stamp(region.now + timedelta(minutes=minutes))
        assert code_of(asking, at=signed) == code
        assert Export.objects.count() == (1 if code == "done" else 0)

    def test_is_asked_for_and_made_in_a_closed_case_for_nothing_is_said_by_it(
        self, region, ana, thread, asking
    ):
        case = Circle.objects.get(id=thread).case_id
        cases.close_case(case=case, actor=ana.actor, now=region.now)
        assert making(region, ana, asking()) == "done"

    def test_lapses_after_three_days(self, region, ana, asking):
        export = asking()
        later = region.now + timedelta(hours=72)
        assert making(region, ana, export, now=later) == "export-over"


class TestARange:
    @pytest.mark.parametrize(
        ("first", "last", "code"),
        [(1, 1, "done"), (0, 1, "export-range"), (2, 2, "export-range"), (1, 2, "export-range")],
    )
    def test_lies_within_the_log(self, region, ana, thread, first, last, code):
        body = wish(first=first, last=last, at=stamp(region.now)) | {"client_id": uuid4()}
        answer = code_of(
            services.ask_export, thread=thread, actor=ana.actor, now=region.now, **body
        )
        assert answer == code

    def test_of_a_thread_that_somebody_does_not_read_is_of_nothing(self, region, thread):
        stranger = region.equipped("SV")
        region.session(stranger)
        body = wish() | {"client_id": uuid4()}
        with pytest.raises(NotVisible):
            services.ask_export(thread=thread, actor=stranger.actor, now=region.now, **body)


class TestWithAnotherStatesInformation:
    @pytest.fixture
    def foreign(self, region, thread, boris, asking):
        """Return `ask()`: an export of a thread in which somebody of another State wrote."""
        said(region, thread, boris)
        return lambda **changes: asking(**({"last": 2, "box": "AAAA", "keys": KEYS} | changes))

    def test_takes_a_consent_whatever_the_asker_says(self, region, ana, foreign):
        assert making(region, ana, foreign(foreign=False)) == "export-unconsented"

    def test_takes_one_too_where_only_the_asker_knows_that_it_is_in_it(self, region, ana, asking):
        export = asking(foreign=True, box="AAAA", keys=KEYS)
        assert making(region, ana, export) == "export-unconsented"

    def test_is_no_wish_if_nobody_could_look_at_it(self, foreign):
        assert code_of(foreign, keys=[]) == "export-unseen"

    def test_may_be_made_once_another_person_of_the_coordination_has_signed_it(
        self, region, ana, foreign, agreeing, recorded
    ):
        export = foreign()
        with recorded("custody.export.agreed"):
            assert agreeing(export) == "agreed"
        assert making(region, ana, export) == "done"
        (agreed,) = log.payloads_of("custody.export.agreed")
        assert set(agreed["payload"]) == {"export", "wish", "signed"}
        assert misleading_rows(0) == []

    def test_is_not_consented_to_by_a_signature_under_something_else(self, foreign, agreeing):
        assert agreeing(foreign(), signed="00" * 32) == "export-signature"

    def test_is_not_consented_to_by_a_clock_that_is_wrong(self, region, foreign, agreeing):
        late = region.now + timedelta(minutes=11)
        assert agreeing(foreign(), at=late) == "export-clock"

    def test_is_not_consented_to_by_whoever_asked(self, region, ana, foreign, agreeing):
        Person.objects.filter(id=ana.person).update(roles="coordinator,liaison")
        assert agreeing(foreign(), by=ana) == "export-own"

    def test_is_not_there_for_the_coordination_of_another_state(self, region, foreign, agreeing):
        stranger = region.equipped("GT", "coordinator")
        region.session(stranger)
        assert agreeing(foreign(), by=stranger) == "not-found"

    def test_is_void_once_a_hand_under_it_was_stopped(
        self, region, ana, carla, foreign, agreeing, now
    ):
        export = foreign()
        assert agreeing(export) == "agreed"
        Person.objects.filter(id=carla.person).update(suspended_at=now)
        assert making(region, ana, export) == "export-hand-stopped"

    def test_counts_three_days_from_the_consent(self, region, ana, foreign, agreeing):
        export = foreign()
        later = region.now + timedelta(hours=71)
        assert agreeing(export, now=later, at=later) == "agreed"
        assert making(region, ana, export, now=later + timedelta(hours=71)) == "done"

    def test_can_be_refused_and_then_its_wish_is_gone(self, region, ana, carla, foreign):
        export = foreign()
        services.refuse_export(
            export=export, wish=WISH, reason="too-much", actor=carla.actor, now=region.now
        )
        row = Export.objects.get(id=export)
        assert (bytes(row.box), row.keys, row.reason) == (b"", [], "too-much")
        assert making(region, ana, export) == "export-over"

    def test_is_never_of_one_person_alone_nor_made_without_a_consent_in_the_tables(self, foreign):
        row = Export.objects.get(id=foreign())
        for wrong in ({"consenter_id": row.person_id}, {"made_at": row.asked_at}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Export.objects.filter(id=row.id).update(**wrong)


class TestWhatIsTold:
    def test_to_the_threads_readers_is_that_it_was_made_and_by_whom(
        self, region, ana, boris, asking
    ):
        export = asking()
        before = queries.exports_for(boris.actor, now=region.now)
        assert making(region, ana, export) == "done"
        (seen,) = queries.exports_for(boris.actor, now=region.now)
        assert before == []
        assert (str(seen["person"]), seen["step"]) == (ana.person, "made")
        assert (seen["box"], seen["key"], seen["consent"], seen["client_id"]) == (None,) * 4

    def test_to_the_coordination_is_no_thread_that_it_does_not_read(
        self, region, carla, thread, boris, asking
    ):
        said(region, thread, boris)
        keys = [{"device": str(carla.device), "key": "AQ"}]
        asking(last=2, box="AAAA", keys=keys)
        (seen,) = queries.exports_for(carla.actor, now=region.now)
        assert seen["circle"] is None
        assert (seen["box"], seen["key"]) == ("AAAA", "AQ")

    @pytest.mark.parametrize("ended", ["agreed", "lapsed", "void"])
    def test_to_the_coordination_is_no_wish_on_which_there_is_nothing_to_decide(
        self, region, ana, carla, thread, boris, asking, agreeing, ended
    ):
        said(region, thread, boris)
        keys = [{"device": str(carla.device), "key": "AQ"}]
        export = asking(last=2, box="AAAA", keys=keys)
        now = region.now
        if ended == "agreed":
            assert agreeing(export) == "agreed"
            row = Export.objects.get(id=export)
            assert (bytes(row.box), row.keys) == (b"", [])
        elif ended == "lapsed":
            now += timedelta(hours=72)
        else:
            directory.suspend_person(person=ana.id, actor=carla.actor, now=now)
        (seen,) = queries.exports_for(carla.actor, now=now)
        assert seen["step"] == {"agreed": "ready"}.get(ended, ended)
        assert (seen["box"], seen["key"]) == (None, None)

    def test_of_a_thread_that_was_deleted_is_nothing_that_could_be_decided(
        self, region, carla, thread, boris, asking, agreeing
    ):
        said(region, thread, boris)
        keys = [{"device": str(carla.device), "key": "AQ"}]
        export = asking(last=2, box="AAAA", keys=keys)
        assert queries.wanting(carla.actor, now=region.now) != []
        Erasure.objects.create(circle_id=thread, retention="case-file", at=region.now, act=1)
        assert queries.exports_for(carla.actor, now=region.now) == []
        assert queries.wanting(carla.actor, now=region.now) == []
        assert agreeing(export) == "not-found"

    def test_to_the_coordination_is_nothing_of_what_takes_no_consent(self, region, carla, asking):
        asking()
        assert queries.exports_for(carla.actor, now=region.now) == []

    def test_as_proof_is_every_entry_of_the_range_and_nothing_to_anybody_else(
        self, region, ana, boris, asking
    ):
        export = asking()
        found = queries.proofs_for(ana.actor, export, after=0, now=region.now)
        assert found["asked"]["event"] == Export.objects.get(id=export).asked_event
        assert (found["agreed"], found["made"]) == (None, None)
        assert [one["seq"] for one in found["entries"]] == [1]
        assert queries.proofs_for(ana.actor, export, after=1, now=region.now)["entries"] == []
        with pytest.raises(NotVisible):
            queries.proofs_for(boris.actor, export, after=0, now=region.now)
