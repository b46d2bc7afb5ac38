"""Nothing is published that too few witnesses cosigned; no witness is believed without proof."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from time_machine import escape_hatch

from audit import keyring, services
from audit.models import Dispute, PublishedCheckpoint, Sighting
from audit.queries import integrity, trees
from audit.sequencing import Untrustworthy
from audit.tlog import witness
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import Note
from audit.tlog.policy import Policy
from audit.witnessing import Witnessing
from tests.integration.audit.conftest import log_named
from tests.integration.audit.test_command import accounted_for
from tests.servers.witness import RealWitness, ScriptedWitness

SECONDS = 20


def real_now():
    """Witnesses are processes of their own, and have the clock of the machine."""
    return datetime.fromtimestamp(escape_hatch.time.time(), UTC)


def log_keys(year):
    return [keyring.signing_key(origin).public for origin in keyring.origins(year).values()]


def this_year():
    return log_named(f"acts-{real_now().year}")


@pytest.fixture
def stops():
    started = []
    yield started
    for one in started:
        one.stop()


class Region:
    """A log with witnesses: `ask` makes rounds until something is so."""

    def __init__(self, bench, witnesses, quorum):
        self.bench, self.witnesses = bench, witnesses
        # Last year's acts besides: at the turn of the year both are cosigned.
        self.logs = log_keys(bench.now.year) + log_keys(bench.now.year - 1)[:1]
        names = " ".join(one.name for one in witnesses)
        self.text = "".join(f"log {key}\n" for key in self.logs)
        self.text += "".join(f"witness {one.name} {one.key} {one.url}\n" for one in witnesses)
        self.text += f"group region {quorum} {names}\nquorum region\n"
        self.policy = Policy.parse(self.text)
        self.witnessing = Witnessing(self.policy, lambda: bench.now)

    @property
    def acts(self):
        return next(log for log in self.logs if log.name.startswith("audit."))

    def signed(self, count=1, **more):
        self.bench.record(count)
        one = self.bench.sequencer(policy=self.policy, **more)
        one.tick()
        one.close()

    def ask(self, until):
        deadline = time.monotonic() + SECONDS
        while not until():
            assert time.monotonic() < deadline, self.sightings()
            self.bench.now = real_now()
            self.witnessing.round()
            time.sleep(0.02)

    def published(self):
        log = trees.log_of(f"acts-{self.bench.now.year}")
        return trees.published_size(log) if log else 0

    def cosigned(self):
        log = this_year()
        note = trees.newest_published(log)
        return set(self.policy.open(note).cosigned) if note else set()

    def sightings(self):
        return {one.witness: one.trouble for one in Sighting.objects.filter(log__name="acts")}


@pytest.fixture
def region(bench, clock, tmp_path, stops):
    """Return a maker of regions; names alone are real witnesses."""

    def make(*given, quorum=2):
        bench.now = real_now()
        clock.move_to(bench.now, tick=False)
        logs = log_keys(bench.now.year) + log_keys(bench.now.year - 1)[:1]
        made = []
        for one in given:
            if isinstance(one, str):
                one = RealWitness(one, tmp_path / "witnesses" / one, logs)  # noqa: PLW2901
            stops.append(one.start())
            made.append(one)
        return Region(bench, made, quorum)

    return make


def lying(name, status=422, kind="text/plain", body="", shows=""):
    return ScriptedWitness(name, lambda _: (status, kind, body), shows=shows)


class TestPublishing:
    def test_waits_for_the_quorum_and_then_names_every_witness_that_signed(self, region):
        here = region("CA", "CR", "MX")
        here.signed(3)
        assert (here.published(), trees.signed_size(this_year())) == (
            0,
            3,
        )
        here.ask(lambda: here.published() == 3)
        assert here.cosigned() == {"CA", "CR", "MX"}
        here.signed(2)
        here.ask(lambda: here.published() == 5)
        assert set(here.sightings().values()) == {""}

    def test_does_not_happen_with_one_witness_of_the_two_that_it_takes(self, region):
        here = region("CA", "CR", "MX")
        for one in here.witnesses[1:]:
            one.stop()
        here.signed(3)
        here.ask(lambda: here.sightings() == {"CA": "", "CR": "silent", "MX": "silent"})
        assert here.published() == 0
        port = here.witnesses[1].port
        here.witnesses[1].start(port)
        here.ask(lambda: here.published() == 3)
        assert here.cosigned() == {"CA", "CR"}
        assert here.sightings() == {"CA": "", "CR": "", "MX": "silent"}
        accounted_for()

    def test_is_not_held_up_by_a_witness_that_dawdles(self, region):
        def add(body):
            time.sleep(3)
            return 200, "text/plain", slow.line(body)

        slow = ScriptedWitness("MX", add)
        here = region("CA", "CR", slow)
        here.signed(1)
        before = time.monotonic()
        here.ask(lambda: here.published() == 1)
        assert time.monotonic() - before < 2.5
        assert here.cosigned() == {"CA", "CR"}
        here.ask(lambda: here.cosigned() == {"CA", "CR", "MX"})  # its line comes late, and counts
        accounted_for()

    def test_goes_on_where_a_witness_says_that_it_is(self, region):
        here = region("CA", quorum=1)
        here.signed(3)
        here.ask(lambda: here.published() == 3)
        here.witnessing = Witnessing(here.policy, lambda: here.bench.now)  # after a restart
        here.signed(4)
        here.ask(lambda: here.published() == 7)

    def test_is_repeated_every_hour_so_that_nobody_can_freeze_the_log(self, region):
        here = region("CA", "CR")
        here.signed(1)
        here.ask(lambda: here.published() == 1)
        here.ask(lambda: here.cosigned() == {"CA", "CR"})
        count = PublishedCheckpoint.objects.filter(log__name="acts").count
        before = count()
        for _ in range(3):
            here.witnessing.round()
        assert count() == before
        # The witnesses' clocks cannot be moved, so what was published is made older instead. Within
        # the same second they would sign the same bytes, which are published once.
        time.sleep(1.1)
        here.bench.tamper(
            *(
                f"UPDATE audit_{table} SET at = '2020-01-01 00:00:00+00:00'"
                for table in ("publishedcheckpoint", "submission")
            )
        )
        here.ask(lambda: count() > before)

    def test_takes_a_larger_tree_when_a_quorum_does_not_come(self, region):
        here = region("CA", quorum=1)
        here.witnesses[0].stop()
        here.signed(3)
        log = this_year()
        first = services.submit(log=log.id, now=here.bench.now)
        here.signed(2)
        assert services.submit(log=log.id, now=here.bench.now + timedelta(seconds=14)) == first
        second = services.submit(log=log.id, now=here.bench.now + timedelta(seconds=16))
        assert (first.size, second.size) == (3, 5)


# what a hostile or broken witness answers, and what is said of it; the log goes on without it
USELESS = {
    "refused": (400, "text/plain", ""),
    "unknown-log": (404, "text/plain", ""),
    "nonsense": (200, "text/plain", "no signature\n"),
}


class TestAWitnessThatIsNotToBeBelieved:
    @pytest.mark.parametrize("trouble", USELESS)
    def test_is_named_and_left_out(self, region, trouble):
        here = region("CA", "CR", ScriptedWitness("MX", lambda _: USELESS[trouble]))
        self.goes_on(here, trouble)

    @staticmethod
    def goes_on(here, trouble):
        here.signed(2)
        here.ask(lambda: here.sightings().get("MX") == trouble and here.published() == 2)
        assert here.cosigned() == {"CA", "CR"}
        here.signed(1)
        here.ask(lambda: here.published() == 3)
        assert not Dispute.objects.exists()
        accounted_for()

    @pytest.mark.parametrize("status", [409, 422])
    def test_stops_nothing_by_saying_so_alone(self, region, status):
        self.goes_on(region("CA", "CR", lying("MX", status)), "refused")

    def test_stops_nothing_by_a_size_that_it_cannot_show(self, region):
        ahead = lying("MX", 409, witness.SIZE, "999999\n")
        self.goes_on(region("CA", "CR", ahead), "refused")

    def test_stops_nothing_by_a_checkpoint_that_the_log_never_signed(self, region):
        liar = lying("MX")
        text = Checkpoint(f"audit.localhost/{real_now().year}", 9, bytes(32)).text()
        liar.shows = f"{text}\n{liar.signer.sign(text, 1)}"
        self.goes_on(region("CA", "CR", liar), "refused")

    def test_whose_clock_is_wrong_does_not_count(self, region):
        early = ScriptedWitness("MX", lambda b: (200, "text/plain", early.line(b, late=-1200)))
        self.goes_on(region("CA", "CR", early), "clock")

    def test_is_asked_again_once_our_own_clock_is_put_right(self, region):
        here = region("CA", "CR", quorum=1)
        here.signed(1)
        right, here.bench.now = here.bench.now, here.bench.now + timedelta(days=1)
        deadline = time.monotonic() + SECONDS
        while set(here.sightings().values()) != {"clock"}:
            assert time.monotonic() < deadline, here.sightings()
            here.witnessing.round()
            time.sleep(0.02)
        here.bench.now = right
        here.ask(lambda: here.published() == 1)

    def test_is_not_followed_elsewhere(self, region):
        def add(body):
            return 307, "text/plain", other.url + "/add-checkpoint"

        other = ScriptedWitness("XX", lambda b: (200, "text/plain", there.line(b))).start()
        there = ScriptedWitness("MX", add)
        try:
            self.goes_on(region("CA", "CR", there), "refused")
            assert other.offers == []
        finally:
            other.stop()

    def test_that_says_too_much_is_not_read_to_the_end(self, region):
        endless = ScriptedWitness("MX", lambda _: (200, "text/plain", "x" * 200_000))
        self.goes_on(region("CA", "CR", endless), "silent")


class TestAWitnessThatRemembersMore:
    def test_keeps_a_restored_database_from_being_signed_though_the_anchor_went_too(
        self, region, tmp_path
    ):
        here = region("CA", "CR")
        here.signed(5)
        here.ask(lambda: here.cosigned() == {"CA", "CR"})
        here.bench.forget_everything()
        with pytest.raises(Untrustworthy, match=r"C[AR] has cosigned 5 entries, it holds 0"):
            here.signed(3, anchor=tmp_path / "fresh")

    def test_keeps_another_history_of_the_same_length_from_being_signed(self, region, tmp_path):
        here = region("CA", "CR")
        here.signed(3)
        here.ask(lambda: here.cosigned() == {"CA", "CR"})
        here.bench.forget_everything()
        here.bench.record(4)
        alone = here.bench.sequencer(anchor=tmp_path / "fresh")  # nobody is asked
        alone.tick()
        alone.close()
        with pytest.raises(Untrustworthy, match=r"the witness C[AR] saw another history"):
            here.signed(1, anchor=tmp_path / "fresh")

    @pytest.mark.parametrize("more", [0, 4], ids=["shorter", "longer"])
    def test_stops_the_signing_while_it_runs_and_both_notes_are_kept(self, region, tmp_path, more):
        here = region("CA", "CR")
        here.signed(3)
        here.ask(lambda: here.cosigned() == {"CA", "CR"})
        before = trees.newest_signed(this_year())
        here.bench.forget_everything()
        here.bench.record(2 + more)
        one = here.bench.sequencer(anchor=tmp_path / "fresh", policy=here.policy)
        down = [(each, each.port, each.stop()) for each in here.witnesses]
        one.tick()  # while nobody could be asked
        for each, port, _ in down:
            each.start(port)
        here.witnessing = Witnessing(here.policy, lambda: here.bench.now)
        here.ask(Dispute.objects.exists)
        here.bench.record(1)
        with pytest.raises(Untrustworthy, match="a witness holds a checkpoint"):
            one.tick()
        kept = Dispute.objects.first()
        assert Note.parse(kept.theirs).text == Note.parse(before).text
        assert Note.parse(kept.ours).signatures([here.acts])
        (acts,) = [state for state in integrity.states() if state.name.startswith("acts")]
        assert (acts.published, acts.needed) == (0, 0)  # the settings of the test name no policy
        with pytest.raises(CommandError, match=r"^SECURITY: [12] disputes"):
            call_command("audit", "disputes", stdout=(said := StringIO()))
        assert kept.theirs in said.getvalue()
        assert kept.ours in said.getvalue()
        # Out of the policy, that witness binds nobody.
        names = {witness_.name for witness_ in here.witnesses}
        assert integrity.disputed(kept.log_id, here.policy)
        assert not integrity.disputed(kept.log_id, Policy(witnesses={}))
        assert kept.witness in names


class TestTheTurnOfTheYear:
    def test_is_cosigned_to_the_old_logs_end_and_goes_on_in_the_new_one(self, region):
        here = region("CA", "CR")
        year = here.bench.now.year
        here.bench.now = datetime(year - 1, 12, 31, 23, 59, tzinfo=UTC)
        here.signed(3)
        old = log_named(f"acts-{year - 1}")
        here.ask(lambda: trees.published_size(old) == 3)
        here.signed(2)  # the first of the new year
        here.ask(lambda: trees.published_size(old) == 4 and here.published() == 3)
        here.ask(lambda: here.cosigned() == {"CA", "CR"})
        end = trees.newest_published(old)
        assert set(here.policy.open(end).cosigned) == {"CA", "CR"}
        old.refresh_from_db()
        assert old.closed
        last, first = trees.entry(old, 3), trees.entry(this_year(), 0)
        assert json.loads(last)["k"] == "close"
        named = b64encode(sha256(Note.parse(end).text.encode()).digest()).decode()
        assert (json.loads(first)["k"], json.loads(first)["h"]) == ("open", named)
        assert [one.name for one in integrity.states()] == ["dir", f"acts-{year}"]
        accounted_for()


class TestIntegrity:
    def test_tells_how_far_the_log_is_and_how_its_witnesses_are(self, region, settings, tmp_path):
        here = region("CA", "CR", "MX")
        settings.WITNESSES = tmp_path / "policy"
        settings.WITNESSES.write_text(here.text)
        here.witnesses[2].stop()
        here.signed(3)
        here.ask(lambda: here.published() == 3 and here.sightings().get("MX") == "silent")
        here.bench.record(2)
        (acts, directory) = integrity.states()
        assert (acts.size, acts.signed, acts.published, acts.waiting) == (3, 3, 3, 2)
        assert (acts.cosigned, acts.needed, acts.disputed) == (2, 2, False)
        seen = {one.name: (one.size, one.trouble) for one in acts.witnesses}
        assert seen == {"CA": (3, ""), "CR": (3, ""), "MX": (0, "silent")}
        assert acts.published_at is not None
        assert acts.waiting_for is not None
        assert (directory.name, directory.published, directory.waiting) == ("dir", 0, 0)
        # Nobody has asked MX about the quiet log: silent is silent.
        assert [(one.name, one.trouble) for one in directory.witnesses][2] == ("MX", "silent")
        late = Sighting(witness="MX", log_id=log_named("dir").id)
        late.seen_at, late.size = acts.witnesses[2].since + timedelta(seconds=1), 1
        late.save()
        (_, directory) = integrity.states()
        assert directory.witnesses[2].trouble == ""  # it has answered there since
