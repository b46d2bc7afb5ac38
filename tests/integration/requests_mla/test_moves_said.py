"""What a move of a request says, by what it is signed, and who is told of it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from casehub.cases import services as cases
from casehub.core.errors import NotVisible, Refused
from requests_mla import queries, services
from requests_mla.codes import CLOSES_MEASURES, Said
from requests_mla.errors import MoveIncomplete, MoveNotReady
from requests_mla.models import Request
from requests_mla.statements import disclosed_digest
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.moving import HASH, USUAL, Mover, official

pytestmark = pytest.mark.django_db
MEASURES = {"measures": ["bank_records", "bank_records"]}


SENT = ("authorise", "transmit")
RUNS = (*SENT, "acknowledge", "begin")


class TestTheSignature:
    def test_is_the_device_s_of_whoever_drafts(self, ready, bea, recorded):
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            ready.move(bea, "authorise", signer=bea.key)

    def test_is_the_identity_key_s_of_a_central_authority(self, led, sofia, recorded):
        ready = led("authorise")
        other = Ed25519PrivateKey.generate()
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            ready.move(sofia, "transmit", signer=other, **USUAL["transmit"])

    def test_is_about_the_facts_that_the_version_disclosed(self, led, bea, sofia, mario, recorded):
        ready = led("authorise")
        other = ready.row.disclosed | {"measures": ["service", "service"]}
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            ready.move(sofia, "transmit", facts=other, **USUAL["transmit"])
        led("transmit")
        for who in (bea, mario):
            shape = queries.dossier_shape_for(who.actor, ready.request)
            facts = disclosed_digest(shape["disclosed"]).hex()
            assert [one["disclosed"] for one in shape["moves"]] == [facts] * len(shape["moves"])

    def test_of_the_first_form_was_about_none(self, led, sofia):
        ready = led("authorise")
        ready.row.moves.update(form=1)
        shape = queries.dossier_shape_for(sofia.actor, ready.request)
        assert [one["disclosed"] for one in shape["moves"]] == [""]

    def test_counts_from_when_somebody_vouched_for_it(self, region, led, recorded):
        unknown = region.person("SV", "central-authority")
        region.session(unknown)
        ready = led("authorise")
        with recorded(), pytest.raises(Refused, match="key-not-in-force"):
            ready.move(unknown, "transmit", **USUAL["transmit"])

    #  what is signed, and what is sent instead
    @pytest.mark.parametrize(
        ("signed", "sent"),
        [
            ({"number": 2}, {"number": 1}),
            ({"version": 2}, {"version": 1}),
            ({"digest": HASH}, {}),
            ({}, {"issued": "2026-11-24T15:00:01Z"}),
            ({}, {"on": date(2026, 11, 25)}),
            ({}, {"said": Said(codes=("new-request",))}),
        ],
        ids=["number", "version", "digest", "issued", "on", "said"],
    )
    def test_covers_what_is_said(self, ready, ana, signed, sent, recorded):
        made = ready.signed(ana, "withdraw", **USUAL["withdraw"], **signed)
        digest = {"digest": queries.digest_of_version(ready.row)}
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            ready.send(ana.actor, made | digest | sent)

    def test_covers_the_stage_at_which_it_is_done(self, ready, bea, recorded):
        """Whoever withdraws what is ready does not withdraw what was authorised meanwhile."""
        made = ready.signed(bea, "withdraw", number=2, **USUAL["withdraw"])
        ready.move(bea, "authorise")
        with recorded(), pytest.raises(Refused, match="signature-refused"):
            ready.send(bea.actor, made)


class TestWhatIsSaid:
    def test_is_whole(self, led, ready, sofia, recorded):
        led("authorise")
        with recorded(), pytest.raises(MoveIncomplete) as refused:
            ready.move(sofia, "transmit", language="es")
        assert refused.value.params == {"fields": ["channel"]}

    def test_names_rules_of_the_book(self, led, ready, mario, recorded):
        led(*SENT, "acknowledge")
        with recorded(), pytest.raises(MoveIncomplete):
            ready.move(mario, "return", codes=("D01",), rules=("NO-SUCH",))

    def test_answers_each_measure_once(self, led, ready, mario, recorded):
        led(*RUNS, "answer-part")
        for act, measures in (("answer-part", (0,)), ("answer-part", (1,)), ("execute", (0, 1))):
            with recorded(), pytest.raises(Refused, match="measures-differ"):
                ready.move(mario, act, measures=measures)

    def test_leaves_no_word_in_the_log(self, led, mario):
        led(*RUNS, "execute")
        events = log.payloads_of("requests.move.made")
        assert events[0]["states"] == ["SV"]
        assert [one["states"] for one in events[1:]] == [["MX", "SV"]] * 4
        assert events[-1]["payload"] == {
            "request": str(led().request),
            "number": 5,
            "step": "execute",
            "before": "in_execution",
            "after": "executed",
            "version": 1,
            "on": "2026-11-24",
            "said": ["conditions:this-case-only", "measures:0", "measures:1"],
            "rules": [],
            "evidence": [HASH],
            "proof": "",
            "digest": events[-1]["payload"]["digest"],
            "proposer": str(mario.id),
            "requested": "",
            "measures": [],
            "urgency": "",
            "deadline": "",
        }

    def test_says_of_what_it_sends_what_the_state_that_it_is_sent_to_sees(self, led):
        """In codes, for that State's part of the log begins here."""
        shown = led(*SENT, "acknowledge").row.disclosed
        told = [one["payload"] for one in log.payloads_of("requests.move.made")]
        names = ("requested", "measures", "urgency", "deadline")
        assert [tuple(one[name] for name in names) for one in told] == [
            ("", [], "", ""),
            (
                shown["requested_state"],
                shown["measures"],
                shown["urgency"] or "",
                shown["deadline"] or "",
            ),
            ("", [], "", ""),
        ]
        assert told[1]["requested"] == "MX"
        assert told[1]["measures"]


class TestTheLaw:
    def test_is_asked_again_when_it_is_authorised_and_sent(self, led, ready, bea, sofia, recorded):
        facts = ready.row.disclosed
        Request.objects.update(disclosed=facts | {"measures": []})
        with recorded(), pytest.raises(MoveNotReady):
            ready.move(bea, "authorise")
        Request.objects.update(disclosed=facts)
        led("authorise")
        Request.objects.update(disclosed=facts | {"measures": []})
        with recorded(), pytest.raises(MoveNotReady):
            ready.move(sofia, "transmit", **USUAL["transmit"])

    @pytest.mark.parametrize("instruments", [["SV-GT"], ["UNTOC-18", "SV-GT"]])
    def test_keeps_back_what_rests_on_none_in_force_for_both(
        self, led, ready, bea, sofia, recorded, instruments
    ):
        """The treaty of El Salvador and Guatemala does not bind Mexico, whatever stands beside."""
        facts = ready.row.disclosed
        for who, act in ((bea, "authorise"), (sofia, "transmit")):
            Request.objects.update(disclosed=facts | {"instruments": instruments})
            with recorded(), pytest.raises(MoveNotReady) as refused:
                ready.move(who, act, **USUAL.get(act, {}))
            assert refused.value.params == {"rules": ["BASIS-IN-FORCE"]}
            Request.objects.update(disclosed=facts)
            led(act)
        assert ready.stage == "transmitted"

    def test_keeps_back_what_names_no_state_to_go_to(self, ready, bea, recorded):
        Request.objects.update(
            disclosed=ready.row.disclosed | {"requested_state": ""}, requested_state=""
        )
        with recorded(), pytest.raises(Refused, match="addressee-needed"):
            ready.move(bea, "authorise")

    def test_by_which_it_was_screened_is_no_more_than_a_month_old(self, ready, bea, recorded):
        old = ready.row.disclosed | {"law_date": "2026-10-01"}
        Request.objects.update(disclosed=old)
        with recorded(), pytest.raises(Refused, match="law-date-old"):
            ready.move(bea, "authorise")


class TestTheUrgentPath:
    @pytest.fixture
    def urgent(self, ready):
        Request.objects.update(disclosed=ready.row.disclosed | {"urgency": "urgent"})
        return ready

    def test_leaves_by_word_where_both_agree_and_waits_to_be_confirmed(
        self, urgent, bea, sofia, now
    ):
        urgent.move(bea, "authorise")
        with pytest.raises(Refused, match="channel-urgent"):
            urgent.move(sofia, "transmit", channel="oral", language="es")
        urgent.move(sofia, "transmit", channel="oral", language="es", agreed=True)
        shape = queries.dossier_shape_for(sofia.actor, urgent.request)
        assert shape["unconfirmed_since"] == now
        urgent.move(sofia, "confirm", channel="paper")
        shape = queries.dossier_shape_for(sofia.actor, urgent.request)
        assert (shape["unconfirmed_since"], shape["stage"]) == (None, "transmitted")
        with pytest.raises(Refused, match="move-not-here"):
            urgent.move(sofia, "confirm", channel="paper")

    def test_is_confirmed_in_writing_after_it_was_executed_too(self, led, urgent, bea, sofia, now):
        urgent.move(bea, "authorise")
        urgent.move(sofia, "transmit", channel="oral", language="es", agreed=True)
        led("acknowledge", "begin", "execute")
        shape = queries.dossier_shape_for(sofia.actor, urgent.request)
        assert (shape["unconfirmed_since"], shape["may"]) == (now, ["confirm"])
        urgent.move(sofia, "confirm", channel="diplomatic")
        shape = queries.dossier_shape_for(sofia.actor, urgent.request)
        assert (shape["unconfirmed_since"], shape["stage"]) == (None, "executed")

    def test_is_closed_to_what_is_not_urgent(self, led, ready, sofia):
        led("authorise")
        with pytest.raises(Refused, match="channel-urgent"):
            ready.move(sofia, "transmit", channel="interpol", language="es", agreed=True)

    def test_of_preservation_goes_by_the_network_of_all_hours(self, led, ready, sofia):
        led("authorise")
        with pytest.raises(Refused, match="channel-preservation"):
            ready.move(sofia, "transmit", channel="network", language="es")

    def test_of_preservation_alone_goes_so_from_its_draft_to_its_end(
        self, ready, led, draft, ana, bea, sofia, mario
    ):
        draft.save(ana, disclosed={"measures": ["preserve_data"], "urgency": "urgent"})
        draft.attest(ana, ready=True)
        ready.move(bea, "authorise")
        ready.move(sofia, "transmit", channel="network", language="es")
        shape = queries.dossier_shape_for(mario.actor, ready.request)
        assert [one["said"]["channel"] for one in shape["moves"]] == ["", "network"]
        #  it is a request of its own: nothing waits to be confirmed in writing
        assert (shape["unconfirmed_since"], shape["stage"]) == (None, "transmitted")
        led("acknowledge", "begin")
        led("execute", measures=(0,), evidence=(), conditions=())
        assert led("close").stage == "closed"
        assert queries.closed_of(queries.moves_of(ready.row), by=CLOSES_MEASURES) == {0}


class TestWhoSeesIt:
    @pytest.mark.parametrize(
        ("acts", "seen"),
        [
            ((), {"drafter", "signatory"}),
            (("authorise",), {"drafter", "signatory", "home"}),
            (SENT, {"drafter", "signatory", "home", "abroad"}),
        ],
    )
    def test_depends_on_how_far_it_has_come(self, led, people, acts, seen):
        ready = led(*acts)
        for name, who in people.items():
            listed = [one["id"] for one in queries.dossiers_for(who.actor)]
            assert listed == ([ready.request] if name in seen else [])
            if name in seen:
                assert queries.dossier_shape_for(who.actor, ready.request)["id"] == ready.request
                continue
            with pytest.raises(NotVisible):
                queries.dossier_shape_for(who.actor, ready.request)

    def test_says_to_its_own_state_alone_who_began_it(self, led, people):
        led(*SENT)
        begun = {
            name: [one["drafter"] for one in queries.dossiers_for(who.actor)]
            for name, who in people.items()
        }
        drafter = people["drafter"].id
        home = {name: [drafter] for name in ("drafter", "signatory", "home")}
        assert begun == home | {"abroad": [None]}

    @pytest.mark.parametrize("who", ["drafter", "home", "abroad"])
    def test_is_listed_by_as_many_queries_however_many_there_are(
        self, led, opened, ana, bea, sofia, people, who, now
    ):
        def queries_for(count):
            with CaptureQueriesContext(connection) as asked:
                assert len(queries.dossiers_for(people[who].actor)) == count
            return len(asked)

        led(*SENT)
        one = queries_for(1)
        other = opened(bea)
        other.take(ana)
        other.save(ana, disclosed=MEASURES)
        other.attest(ana, ready=True)
        Mover(other.id, now).move(bea, "authorise")
        Mover(other.id, now).move(sofia, "transmit", **USUAL["transmit"])
        assert queries_for(2) == one

    def test_is_nobody_s_of_a_third_state(self, led, region):
        ready = led(*SENT)
        third = official(region, "GT")
        assert queries.dossiers_for(third.actor) == []
        with pytest.raises(NotVisible):
            services.read_dossier(request_id=ready.request, actor=third.actor, now=ready.now)

    @pytest.mark.parametrize("acts", [(), SENT])
    def test_ends_for_whoever_is_shut_out_of_the_draft(
        self, region, led, ready, case, ana, acting, recorded, acts
    ):
        """They hear of it what they hear of a request that there never was."""
        colleague, draft = equipped(region), {"request_id": ready.request}
        region.session(colleague)
        acting(cases.add_person, ana, case=case, client_id=uuid4(), person=colleague.id, circles=[])
        acting(services.add_reader, ana, **draft, person=colleague.id, client_id=uuid4())
        assert queries.dossier_shape_for(colleague.actor, ready.request)["id"] == ready.request
        led(*acts)
        made = ready.signed(colleague, "withdraw", **USUAL["withdraw"])
        acting(services.remove_reader, ana, **draft, person=colleague.id)
        assert queries.dossiers_for(colleague.actor) == []
        for request in (ready.request, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                acting(services.make_move, colleague, request_id=request, **made)
            with recorded(), pytest.raises(NotVisible):
                acting(services.read_dossier, colleague, request_id=request)
            with pytest.raises(NotVisible):
                queries.dossier_shape_for(colleague.actor, request)

    def test_leaves_a_look_in_the_log(self, led, mario, recorded, acting):
        ready = led(*SENT)
        with recorded("requests.dossier.read"):
            acting(services.read_dossier, mario, request_id=ready.request)
        (event,) = log.payloads_of("requests.dossier.read")
        assert event["states"] == ["MX", "SV"]

    def test_says_who_may_do_what_next(self, led, people):
        ready = led(*SENT)
        shape = queries.dossier_shape_for(people["abroad"].actor, ready.request)
        assert shape["may"] == ["acknowledge"]
        assert shape["next"][0] == {
            "act": "acknowledge",
            "after": "acknowledged",
            "side": "requested",
            "who": ["central-authority"],
        }
        shape = queries.dossier_shape_for(people["home"].actor, ready.request)
        assert shape["may"] == ["withdraw", "expire"]
        assert queries.dossier_shape_for(people["drafter"].actor, ready.request)["may"] == []

    def test_of_an_id_that_nobody_has_is_the_same(self, sofia, acting):
        with pytest.raises(NotVisible):
            acting(services.read_dossier, sofia, request_id=uuid4())
