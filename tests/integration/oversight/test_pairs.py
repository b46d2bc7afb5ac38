"""What concerns two States, masked: for two regional auditors, a day, if both States let it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from audit.queries import payloads_of
from casehub.accounts.models import Session
from casehub.directory.models import Device
from casehub.oversight import limits
from casehub.oversight.models import PairView
from tests.integration.oversight.made import (
    PAIR,
    give_consent,
    let_pair,
    pair_of,
    pair_view_of,
    shown,
)
from tests.integration.oversight.test_unmasking import erased

THIS = {**PAIR, "first": "SV", "second": "MX"}


@pytest.fixture
def ana(desk):
    """A prosecutor of SV who shares a case with one of MX, and has another of her own."""
    ana, boris = desk.region.equipped("SV"), desk.region.equipped("MX")
    desk.region.thread(ana, boris)
    desk.region.case(ana)
    return ana


@pytest.fixture
def coordination(desk, ana):
    """Return the coordinations of both States, which let it."""
    return let_pair(desk.region, "SV", "MX")


@pytest.fixture
def regional(desk):
    return desk.region.person("", "regional-auditor")


def ask(desk, who, **fields):
    return desk.post("pair-views", {**THIS, **fields}, client=desk.sit(who))


def answer(desk, wish, word, who):
    return desk.post(f"pair-views/{wish}/{word}", client=desk.sit(who))


def read(desk, pair, who, skip=0, client=None):
    return desk.post(f"pairs/{pair}/entries", {"skip": skip}, client=client or desk.sit(who))


def agreed(desk, asker):
    """Return a pair that two regional auditors may read now."""
    desk.sequence()
    return pair_of(desk.region, asker, **{name: THIS[name] for name in ("first", "second")})


class TestAStateSConsent:
    def test_of_one_of_the_two_is_not_enough(self, desk, ana, regional):
        assert ask(desk, regional).json()["code"] == "pair-consent"
        give_consent(desk.region, desk.auditor, "MX")
        assert ask(desk, regional).json()["code"] == "pair-consent"
        give_consent(desk.region, desk.region.person("MX", "coordinator"), "SV")
        assert ask(desk, regional).status_code == 200

    def test_is_an_act_that_both_states_find_and_is_given_once(self, desk, ana, recorded):
        mine = desk.sit(desk.region.person("SV", "coordinator"))
        with recorded("oversight.pair-consent.given"):
            listed = desk.post("pair-consents", {"other": "MX"}, client=mine).json()
        (row,) = [one for one in listed if one["other"] == "MX"]
        assert row["given_at"] is not None
        assert row["theirs"] is False
        with recorded():
            desk.post("pair-consents", {"other": "MX"}, client=mine)
        (said,) = payloads_of("oversight.pair-consent.given")
        assert said["states"] == ["MX", "SV"]
        theirs = desk.sit(desk.region.person("MX", "coordinator"))
        (row,) = [
            one for one in desk.get("pair-consents", client=theirs).json() if one["other"] == "SV"
        ]
        assert (row["given_at"], row["theirs"]) == (None, True)

    @pytest.mark.parametrize("other", ["SV", "ZZ"])
    def test_is_about_another_state_that_there_is(self, desk, other):
        assert desk.post("pair-consents", {"other": other}).json()["code"] == "unknown-state"

    def test_withdrawn_ends_the_reading_at_once_and_asks_for_no_fresh_proof(
        self, desk, coordination, regional, recorded
    ):
        pair = agreed(desk, regional)
        client = desk.sit(regional)
        assert read(desk, pair, regional, client=client).status_code == 200
        mexican = desk.sit(coordination["MX"])
        ago = desk.region.now - timedelta(seconds=settings.STEP_UP_SECONDS + 1)
        Session.objects.update(verified_at=ago)
        with recorded("oversight.pair-consent.withdrawn"):
            desk.post("pair-consents/withdraw", {"other": "SV"}, client=mexican)
        assert read(desk, pair, regional, client=client).json()["code"] == "pair-consent"
        with recorded():
            desk.post("pair-consents/withdraw", {"other": "SV"}, client=mexican)

    def test_withdrawn_before_a_second_auditor_agrees_leaves_nothing_to_agree_to(
        self, desk, coordination, regional
    ):
        wish = pair_view_of(desk.region, **{k: THIS[k] for k in ("first", "second")})
        client = desk.sit(coordination["SV"])
        desk.post("pair-consents/withdraw", {"other": "MX"}, client=client)
        assert answer(desk, wish, "agree", regional).json()["code"] == "pair-consent"

    def test_can_be_given_again(self, desk, coordination, regional):
        client = desk.sit(coordination["SV"])
        desk.post("pair-consents/withdraw", {"other": "MX"}, client=client)
        desk.post("pair-consents", {"other": "MX"}, client=client)
        assert ask(desk, regional).status_code == 200

    def test_needs_a_fresh_proof(self, desk, ana):
        client = desk.sit(desk.auditor)
        ago = desk.region.now - timedelta(seconds=settings.STEP_UP_SECONDS + 1)
        Session.objects.update(verified_at=ago)
        said = desk.post("pair-consents", {"other": "MX"}, client=client)
        assert said.json()["code"] == "step-up-needed"


@pytest.mark.usefixtures("coordination")
class TestAWish:
    def test_stands_in_the_log_of_both_states_and_waits_for_somebody_else(
        self, desk, regional, recorded
    ):
        client = desk.sit(regional)
        with recorded("oversight.pair-view.asked"):
            (row,) = desk.post("pair-views", THIS, client=client).json()
        assert (row["first"], row["second"], row["state"]) == ("MX", "SV", "open")
        assert (row["mine"], row["reads"], row["consented"]) == (True, False, True)
        (said,) = payloads_of("oversight.pair-view.asked")
        assert said["states"] == ["MX", "SV"]
        assert said["payload"]["ground"] == "complaint"
        for word in ("agree", "refuse"):
            told = answer(desk, row["id"], word, regional)
            assert told.json()["code"] == "second-person-needed"
        assert read(desk, row["id"], regional).json()["code"] == "unmasking-closed"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"second": "SV"}, "unknown-state"),
            ({"second": "ZZ"}, "unknown-state"),
            ({"quarter": "2027Q1"}, "bad-frame"),
            ({"quarter": "2020Q1"}, "bad-frame"),
            ({"ground": "curiosity"}, "bad-frame"),
            ({"reference": "x"}, "bad-frame"),
        ],
    )
    def test_names_two_states_a_quarter_and_a_ground(self, desk, regional, fields, code):
        assert ask(desk, regional, **fields).json()["code"] == code

    @pytest.mark.once  # PostgreSQL takes no such change without an event
    @pytest.mark.parametrize("changed", ["second", "quarter"])
    def test_is_agreed_to_as_the_page_showed_it_and_not_otherwise(self, desk, regional, changed):
        (wish,) = ask(desk, regional).json()
        path, other = f"pair-views/{wish['id']}", desk.region.person("", "regional-auditor")
        digest, row = shown(path), PairView.objects.filter(id=wish["id"])
        before = row.values(changed).get()
        row.update(**{changed: {"second": "GT", "quarter": "2026Q1"}[changed]})
        for seen in (digest, "0" * 64):
            said = desk.post(f"{path}/agree", {"digest": seen}, client=desk.sit(other))
            assert (said.status_code, said.json()["code"]) == (409, "payload-changed")
        assert payloads_of("oversight.pair-view.agreed") == []
        row.update(**before)
        assert (
            desk.post(f"{path}/agree", {"digest": digest}, client=desk.sit(other)).status_code
            == 200
        )
        (said,) = payloads_of("oversight.pair-view.agreed")
        assert said["payload"]["digest"] == digest

    def test_refused_shows_nothing(self, desk, regional, recorded):
        wish = pair_view_of(desk.region, **{k: THIS[k] for k in ("first", "second")})
        client = desk.sit(regional)
        with recorded("oversight.pair-view.refused"):
            desk.post(f"pair-views/{wish}/refuse", client=client)
        assert read(desk, wish, regional).json()["code"] == "unmasking-closed"
        assert answer(desk, wish, "agree", regional).json()["code"] == "unmasking-closed"

    def test_runs_out_without_an_answer(self, desk, regional, clock):
        wish = pair_view_of(desk.region, **{k: THIS[k] for k in ("first", "second")})
        desk.move(clock, limits.ASK_LASTS)
        assert answer(desk, wish, "agree", regional).json()["code"] == "unmasking-closed"

    def test_goes_with_its_erased_event(self, desk, regional):
        wish = pair_view_of(desk.region, **{k: THIS[k] for k in ("first", "second")})
        desk.sequence()
        erased(desk, "oversight.pair-view.asked")
        assert desk.get("pair-views", client=desk.sit(regional)).json() == []
        assert answer(desk, wish, "agree", regional).json()["code"] == "not-found"
        (row,) = PairView.objects.values()
        assert all(PAIR["reference"] not in str(value) for value in row.values())


@pytest.mark.usefixtures("coordination")
class TestAPair:
    def test_is_what_concerns_both_states_and_nothing_else(self, desk, regional):
        pair = agreed(desk, regional)
        acts = read(desk, pair, regional).json()["acts"]
        kinds = [one["kind"] for one in acts]
        assert "cases.thread.opened" in kinds
        assert kinds.count("cases.state.accepted") == 1
        assert "cases.case.opened" not in kinds  # that is of the State alone which opens it
        assert not [kind for kind in kinds if kind.startswith("oversight.")]

    def test_says_act_day_and_pseudonym_and_no_id_no_second_no_name(self, desk, regional, ana):
        pair = agreed(desk, regional)
        told = read(desk, pair, regional)
        page = told.json()
        assert set(page) == {"acts", "next"}
        for one in page["acts"]:
            assert set(one) == {"day", "kind", "outcome", "actor", "state"}
            assert one["day"] == "2026-11-24"
        text = told.content.decode()
        device = str(Device.objects.get(person_id=ana.person).id)
        for secret in (ana.person, ana.account, device, "Persona", "SV-2026", "15:00"):
            assert secret not in text

    def test_has_pseudonyms_of_its_own(self, desk, regional):
        pair = agreed(desk, regional)
        here = {one["actor"] for one in read(desk, pair, regional).json()["acts"]}
        national = desk.ask()["entries"]
        assert here & {one["actor"]["pseudonym"] for one in national if one["actor"]} == set()

    def test_is_read_by_the_two_alone_and_each_page_is_an_act(self, desk, regional, recorded):
        pair = agreed(desk, regional)
        third = desk.region.person("", "regional-auditor")
        assert read(desk, pair, third).json()["code"] == "not-found"
        client = desk.sit(regional)
        with recorded("oversight.pair.read"):
            read(desk, pair, regional, client=client)
        (said,) = payloads_of("oversight.pair.read")
        assert said["states"] == ["MX", "SV"]

    def test_is_the_same_for_a_day_and_then_over(self, desk, regional, ana, clock):
        pair = agreed(desk, regional)
        before = read(desk, pair, regional).json()
        desk.region.thread(ana, desk.region.equipped("MX"))
        desk.move(clock, limits.PAIR_LASTS - timedelta(seconds=1))
        assert read(desk, pair, regional).json() == before
        desk.move(clock, timedelta(seconds=1))
        assert read(desk, pair, regional).json()["code"] == "unmasking-closed"

    def test_comes_in_pages_without_gaps(self, desk, regional, monkeypatch):
        pair = agreed(desk, regional)
        whole = read(desk, pair, regional).json()["acts"]
        monkeypatch.setattr(limits, "PAGE", 2)
        found, skip = [], 0
        while skip is not None:
            page = read(desk, pair, regional, skip=skip).json()
            found, skip = found + page["acts"], page["next"]
        assert found == whole

    @pytest.mark.parametrize("state", ["MX", "SV"])
    def test_holds_nothing_that_concerns_one_of_the_two_alone(self, desk, regional, state):
        before = read(desk, agreed(desk, regional), regional).json()["acts"]
        one = desk.region.equipped(state)
        alone = desk.region.case(one)
        assert desk.sit(one).get(f"/api/cases/{alone}").status_code == 200
        desk.sequence()
        assert read(desk, agreed(desk, regional), regional).json()["acts"] == before

    def test_leaves_an_act_for_each_page(self, desk, regional, monkeypatch):
        pair = agreed(desk, regional)
        monkeypatch.setattr(limits, "PAGE", 1)
        for skip in (0, 1):
            assert read(desk, pair, regional, skip=skip).status_code == 200
        assert len(payloads_of("oversight.pair.read")) == 2

    def test_is_of_one_quarter(self, desk, regional, ana, clock):
        desk.move(clock, timedelta(days=39))  # the next quarter has begun
        pair = agreed(desk, regional)
        days = {one["day"] for one in read(desk, pair, regional).json()["acts"]}
        assert days == {"2026-11-24"}

    def test_is_seen_by_the_coordination_of_both_with_the_auditor_s_name(
        self, desk, coordination, regional
    ):
        pair = agreed(desk, regional)
        read(desk, pair, regional)
        desk.sequence()
        for state in ("MX", "SV"):
            audits = desk.get("audits", client=desk.sit(coordination[state])).json()["audits"]
            (seen,) = [one for one in audits if one["kind"] == "oversight.pair.read"]
            assert seen["name"] == "Persona Ficticia"
