"""What a message does to another one: whose it may be, what is logged, and what stays sealed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from audit.models import AuditEvent
from casehub.core import roles
from messaging import framing, services
from messaging.models import Entry, Leaf
from tests.integration.leaning import misleading_rows
from tests.integration.messaging.conftest import code_of, made

KINDS = {
    "edit": "messaging.message.edited",
    "withdraw": "messaging.message.withdrawn",
    "acknowledge": "messaging.message.acknowledged",
    "pin": "messaging.message.pinned",
    "unpin": "messaging.message.unpinned",
}
LEAVES = {
    "ask-leave": "messaging.message.leave-asked",
    "give-leave": "messaging.message.leave-given",
    "refuse-leave": "messaging.message.leave-refused",
}


@pytest.fixture
def thread(region, ana, boris, posting):
    """A thread in which Ana has said something."""
    thread = region.thread(ana, boris)
    posting(thread, ana)
    return thread


class TestAnActOnAMessage:
    @pytest.mark.parametrize("act", ["edit", "withdraw", "pin"])
    def test_is_an_event_of_its_own_without_content(self, thread, ana, posting, recorded, act):
        with recorded(KINDS[act]):
            assert posting(thread, ana, act=act, text=b"sealed").seq == 2
        (event,) = log.payloads_of(KINDS[act])
        fields = {"thread", "seq", "about", "epoch", "device", "digest"}
        assert set(event["payload"]) == fields
        assert (event["payload"]["about"], event["payload"]["seq"]) == (1, 2)
        assert "sealed" not in str(event)
        entry = Entry.objects.get(seq=2)
        assert (entry.act, entry.about) == (act, 1)

    def test_leaves_the_event_that_the_table_names_under_its_entry(self, thread, ana, boris, now):
        for act in ("edit", "acknowledge", "pin", "unpin", "withdraw"):
            post = made(thread, boris if act == "acknowledge" else ana, act=act)
            (answer,) = services.accept_messages(posts=[post], now=now)
            assert code_of(answer) == "accepted"
            newest = AuditEvent.objects.latest("id")
            assert newest.kind == KINDS[act] == roles.table()[f"messaging.message.{act}"].event
            assert misleading_rows(newest.id - 1) == []

    def test_of_a_reader_is_the_acknowledgement_and_once(self, thread, boris, posting, recorded):
        with recorded(KINDS["acknowledge"], "core.act.refused"):
            answers = [posting(thread, boris, act="acknowledge") for _ in range(2)]
        assert [code_of(a) for a in answers] == ["accepted", "message-act-done"]

    def test_of_an_edited_message_acknowledges_what_it_says_now(self, thread, ana, boris, posting):
        acts = [(boris, "acknowledge"), (ana, "edit"), (boris, "acknowledge")]
        answers = [code_of(posting(thread, who, act=act)) for who, act in acts]
        assert answers == ["accepted"] * 3

    def test_edits_fifty_times_and_no_more(self, region, thread, ana, posting):
        posts = [made(thread, ana, act="edit") for _ in range(50)]
        services.accept_messages(posts=posts, now=region.now)
        assert code_of(posting(thread, ana, act="edit")) == "message-edits-many"

    def test_pins_and_takes_down_in_turn(self, thread, ana, boris, posting, recorded):
        with recorded(KINDS["pin"], KINDS["unpin"], KINDS["pin"]):
            for who, act in ((boris, "pin"), (ana, "unpin"), (ana, "pin")):
                assert code_of(posting(thread, who, act=act)) == "accepted"

    @pytest.mark.parametrize("act", ["edit", "withdraw"])
    def test_changes_nobody_elses_message(self, thread, boris, posting, recorded, act):
        with recorded("core.act.refused"):
            assert code_of(posting(thread, boris, act=act)) == "message-not-yours"
        (refusal,) = log.payloads_of("core.act.refused")
        assert refusal["payload"]["act"] == f"messaging.message.{act}"
        assert Entry.objects.count() == 1

    def test_is_of_the_person_whichever_device_they_write_on(self, region, thread, ana, posting):
        second = region.device(ana)
        Leaf.objects.create(group_id=thread, index=9, device_id=second, since_epoch=0)
        assert code_of(posting(thread, ana, act="edit")) == "accepted"

    @pytest.mark.parametrize("act", ["edit", "withdraw", "pin", "acknowledge"])
    def test_finds_nothing_after_a_withdrawal(self, thread, ana, boris, posting, act):
        posting(thread, ana, act="withdraw")
        who = boris if act == "acknowledge" else ana
        assert code_of(posting(thread, who, act=act)) == "message-withdrawn"

    @pytest.mark.parametrize("about", [2, 3, 99])
    def test_needs_a_message_that_is_there_and_says_something(self, thread, ana, posting, about):
        posting(thread, ana, act="edit")
        assert code_of(posting(thread, ana, act="edit", about=about)) == "message-unknown"

    def test_reaches_into_no_other_thread(self, region, thread, ana, boris, posting, recorded):
        other = region.thread(boris)
        with recorded("core.act.refused", "core.act.refused"):
            assert code_of(posting(other, boris, act="pin")) == "message-unknown"
            assert code_of(posting(other, ana, act="pin")) == "not-found"

    def test_a_retry_is_answered_as_the_first_time(self, thread, ana, region):
        post = made(thread, ana, act="withdraw")
        first, again = (services.accept_messages(posts=[post], now=region.now)[0] for _ in range(2))
        assert first == again


class TestLeave:
    """Ana's information, which Boris wants to use elsewhere."""

    @pytest.fixture
    def asked(self, thread, boris, posting):
        """The thread, with Boris's asking as its second entry."""
        assert posting(thread, boris, act="ask-leave", text=b"sealed").seq == 2
        return thread

    @pytest.mark.parametrize("answer", ["give-leave", "refuse-leave"])
    def test_leaves_who_asked_whom_and_the_outcome_and_no_content(
        self, thread, ana, boris, posting, recorded, answer
    ):
        with recorded(LEAVES["ask-leave"], LEAVES[answer]):
            posting(thread, boris, act="ask-leave", text=b"sealed")
            posting(thread, ana, act=answer, about=2, text=b"sealed")
        common = {"thread", "seq", "about", "epoch", "device", "digest"}
        (ask,) = log.payloads_of(LEAVES["ask-leave"])
        assert set(ask["payload"]) == {*common, "asked"}
        assert ask["payload"]["asked"] == ana.person
        (said,) = log.payloads_of(LEAVES[answer])
        assert set(said["payload"]) == {*common, "asker"}
        assert (said["payload"]["asker"], said["payload"]["about"]) == (boris.person, 2)
        assert "sealed" not in str((ask, said))
        assert misleading_rows(0) == []

    def test_is_asked_of_somebody_else(self, thread, ana, posting):
        assert code_of(posting(thread, ana, act="ask-leave")) == "leave-own"

    @pytest.mark.parametrize("answer", ["give-leave", "refuse-leave"])
    def test_is_its_authors_to_answer_and_once(self, asked, ana, boris, posting, answer):
        assert code_of(posting(asked, boris, act=answer, about=2)) == "leave-not-yours"
        answers = [posting(asked, ana, act=answer, about=2) for _ in range(2)]
        assert [code_of(a) for a in answers] == ["accepted", "message-act-done"]

    def test_is_answered_where_it_was_asked(self, asked, ana, posting):
        for about in (1, 9):
            given = posting(asked, ana, act="give-leave", about=about)
            assert code_of(given) == "message-unknown"
        assert code_of(posting(asked, ana, act="pin", about=2)) == "message-unknown"

    def test_is_not_given_for_what_was_withdrawn_meanwhile(self, asked, ana, posting):
        posting(asked, ana, act="withdraw")
        assert code_of(posting(asked, ana, act="give-leave", about=2)) == "message-withdrawn"
        assert code_of(posting(asked, ana, act="refuse-leave", about=2)) == "accepted"

    def test_is_asked_by_one_person_for_one_message_ten_times_and_no_more(
        self, region, thread, boris, posting
    ):
        posts = [made(thread, boris, act="ask-leave") for _ in range(10)]
        answers = services.accept_messages(posts=posts, now=region.now)
        assert {code_of(answer) for answer in answers} == {"accepted"}
        assert code_of(posting(thread, boris, act="ask-leave")) == "leave-asks-many"

    def test_that_one_asked_for_as_often_as_they_may_is_anybody_elses_to_ask_for(
        self, region, ana, boris, posting
    ):
        carla = region.equipped("GT")
        thread = region.thread(ana, boris, carla)
        posting(thread, ana)
        while code_of(asked := posting(thread, boris, act="ask-leave")) == "accepted":
            refused = posting(thread, ana, act="refuse-leave", about=asked.seq)
            assert code_of(refused) == "accepted"
        assert code_of(asked) == "leave-asks-many"
        assert code_of(posting(thread, carla, act="ask-leave")) == "accepted"

    def test_of_a_thread_of_others_is_not_there(self, region, asked, posting):
        stranger = region.equipped("GT")
        assert code_of(posting(asked, stranger, act="give-leave", about=2)) == "not-found"


class TestAThread:
    ACTS = {"resolve": "messaging.thread.resolved", "reopen": "messaging.thread.reopened"}

    def test_is_resolved_and_reopened_by_any_reader_and_the_last_word_counts(
        self, thread, ana, boris, posting
    ):
        acts = [(ana, "resolve"), (boris, "resolve"), (boris, "reopen"), (ana, "reopen")]
        answers = [code_of(posting(thread, who, act=act, about=0)) for who, act in acts]
        assert answers == ["accepted"] * 4

    @pytest.mark.parametrize("act", ACTS)
    def test_says_why_to_its_readers_alone(self, thread, ana, posting, recorded, act):
        if act == "reopen":
            posting(thread, ana, act="resolve", about=0)
        with recorded(self.ACTS[act]):
            posting(thread, ana, act=act, about=0, text=b"sealed")
        (event,) = log.payloads_of(self.ACTS[act])
        assert set(event["payload"]) == {"thread", "seq", "epoch", "device", "digest"}
        assert "sealed" not in str(event)

    def test_goes_on_taking_messages_while_it_is_resolved(self, thread, ana, boris, posting):
        posting(thread, ana, act="resolve", about=0)
        assert code_of(posting(thread, boris)) == "accepted"

    def test_of_others_is_not_there(self, region, ana, boris, posting):
        other = region.thread(boris)
        assert code_of(posting(other, ana, act="resolve", about=0)) == "not-found"

    def test_knows_every_act_that_the_wire_does(self):
        assert set(self.ACTS) == set(framing.THREAD_ACTS)


class TestABatchOfActs:
    def test_judges_each_after_those_before_it(self, region, thread, ana, boris):
        acts = [(ana, "edit"), (boris, "pin"), (ana, "pin"), (ana, "withdraw"), (ana, "edit")]
        posts = [made(thread, who, act=act) for who, act in acts]
        answers = services.accept_messages(posts=posts, now=region.now)
        assert [code_of(a) for a in answers] == [
            "accepted",
            "accepted",
            "message-act-done",
            "accepted",
            "message-withdrawn",
        ]

    def test_takes_the_same_number_of_statements_for_many_as_for_few(self, region, thread, ana):
        counts = []
        for many in (2, 60):
            posts = [made(thread, ana, act=("pin", "unpin")[at % 2]) for at in range(many)]
            with CaptureQueriesContext(connection) as statements:
                services.accept_messages(posts=posts, now=region.now)
            counts.append(len(statements))
        assert counts[0] == counts[1]

    def test_knows_every_act_that_the_wire_and_the_table_do(self):
        assert {*KINDS, *LEAVES} == set(framing.ACTS)
        rows = roles.table().items()
        posted = {row.event for act, row in rows if act.startswith("messaging.message.")}
        assert posted == {"messaging.message.accepted", *KINDS.values(), *LEAVES.values()}
