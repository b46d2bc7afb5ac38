"""The readers of a draft hear that its request changed: which, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from casehub.core import roles
from requests_mla import markers, queries, services
from requests_mla.models import Letter
from tests.factories import Region, Someone
from tests.integration.messaging.socket.conftest import in_database
from tests.integration.requests_mla import enclosed
from tests.integration.requests_mla.conftest import Draft, equipped
from tests.integration.requests_mla.consulting import waiting_on
from tests.integration.requests_mla.made import sent_of
from tests.integration.requests_mla.moving import Mover
from tests.integration.requests_mla.writing import shared, wrote

pytestmark = pytest.mark.django_db(transaction=True)


def doing(service, draft, by, **kwargs):
    return service(request_id=draft.id, actor=by.actor, now=draft.now, **kwargs)


def asked_to_change(draft, by):
    """Bea, who wrote nothing, sends back what Ana screened."""
    Mover(draft.id, draft.now).move(by, "ask-changes", rules=("NO-HURRY",))


@dataclass
class Put(Draft):
    """A draft, and whom its focal point is to be asked of."""

    region: Region
    focal: Someone
    letter: UUID | None = None
    file: UUID | None = None


def ended(draft, by):
    """Ana takes back what she asks."""
    (one,) = [one for one in draft.shape(by)["consultations"] if one["outcome"] == ""]
    doing(services.end_consultation, draft, by, consultation=one["id"])


def asked(draft, by, other):
    """Ana asks somebody of Mexico about what she screened."""
    doing(
        services.ask_consultation,
        draft,
        by,
        client_id=uuid4(),
        version=draft.row.version,
        digest=queries.digest_of_version(draft.row),
        people=[other.id],
        questions=["offence"],
    )


def answered(draft, by, other):
    """What Ana asked is answered by whom she asked."""
    put = waiting_on(draft.region, draft.id, by, other)
    services.answer_consultation(
        consultation=UUID(put.consultation),
        answer=uuid4(),
        outcome="favourable",
        actor=other.actor,
        now=draft.now,
    )


def written(draft, by, colleague):
    """Ana writes about what was sent, first to herself alone."""
    sent_of(draft.region, by, draft.id, to="MX")
    mover = Mover(draft.id, draft.now)
    draft.file = enclosed.whole(mover, by)
    draft.letter = wrote(mover, by, enclosures=[draft.file])


def shown(draft, by, colleague):
    shared(Mover(draft.id, draft.now), by, draft.letter, colleague)


def read(draft, by):
    """Ana was shown a letter: how far she has read is hers alone."""
    letter = Letter.objects.get(request=draft.id)
    doing(markers.mark_letters_read, draft, by, letter=letter.id)


def looked_into(draft, by, colleague):
    """Bea opens the file of Ana's letter: who opened it is told to all who read that."""
    enclosed.opened(Mover(draft.id, draft.now), colleague, draft.file)


def sent(draft, by, region):
    """What Ana wrote was transmitted, and there is a letter about it."""
    draft.take(by)
    draft.save(by)
    sent_of(region, by, draft.id, to="MX")
    wrote(Mover(draft.id, draft.now), by)


def uploading(draft, by, *acts):
    """Ana uploads a file for a letter to come: until then it is hers alone."""
    mover = Mover(draft.id, draft.now)
    made = enclosed.begin(mover, by)
    for act in acts:
        act(mover, by, made)


def taken_back(mover, by, made):
    services.remove_enclosure(enclosure=made, actor=by.actor, now=mover.now)


#  acts and signals, by Ana, in an order in which each can be done
CHANGES = {
    "requests.turn.take": lambda draft, ana, bea: draft.take(ana),
    "requests.turn.renew": lambda draft, ana, bea: doing(markers.renew_turn, draft, ana),
    "requests.version.save": lambda draft, ana, bea: draft.save(ana),
    "requests.attestation.make": lambda draft, ana, bea: draft.attest(ana),
    "requests.consultation.ask": lambda draft, ana, bea: asked(draft, ana, draft.focal),
    "requests.consultation.end": lambda draft, ana, bea: ended(draft, ana),
    "requests.consultation.answer": lambda draft, ana, bea: answered(draft, ana, draft.focal),
    "requests.move.make": lambda draft, ana, bea: asked_to_change(draft, bea),
    "requests.turn.give-back": lambda draft, ana, bea: doing(services.give_back_turn, draft, ana),
    "requests.reader.remove": lambda draft, ana, bea: doing(
        services.remove_reader, draft, ana, person=bea.id
    ),
    "requests.reader.add": lambda draft, ana, bea: doing(
        services.add_reader, draft, ana, person=bea.id, client_id=uuid4()
    ),
    "requests.letter.send": written,
    "requests.letters.share": shown,
    "requests.enclosure.open": looked_into,
}
#  acts that change nothing for anybody else
SILENT = {
    "requests.request.read": lambda draft, ana: doing(services.read_request, draft, ana),
    "requests.dossier.read": lambda draft, ana: doing(services.read_dossier, draft, ana),
    "requests.letters.mark": read,
    "requests.enclosure.begin": uploading,
    "requests.enclosure.put": lambda *of: uploading(*of, enclosed.put),
    "requests.enclosure.complete": lambda *of: uploading(*of, enclosed.put, enclosed.complete),
    "requests.enclosure.remove": lambda *of: uploading(*of, taken_back),
}
#  rings for the requested State's officers, who have no device, and its coordinator alone until
#  somebody confirms it, and then for all: test_seconds.py looks for whom
FOR_OTHERS = {
    "requests.proposal.make",
    "requests.proposal.confirm",
    "requests.proposal.decline",
}
#  what the tests below begin with
OPENING = "requests.request.open"


class TestTheseActs:
    def test_are_all_that_change_a_request(self):
        """By the table of acts: a new one rings, or stands among those that say nothing."""
        acts = {
            act
            for act, row in roles.table().items()
            if act.startswith("requests.") and row.kind != "read"
        }
        assert {OPENING, *CHANGES, *SILENT, *FOR_OTHERS} == acts


class TestDoorbell:
    async def test_rings_for_every_change_and_every_reader(
        self, region, ana, bea, boris, listening, opened
    ):
        mine, hers, theirs = await listening(ana), await listening(bea), await listening(boris)
        focal = await in_database(equipped)(region, "MX")
        made = await in_database(opened)(bea)
        draft = Put(made.id, made.now, region, focal)
        told = {"type": "request", "request": str(draft.id)}
        for tab in (mine, hers):
            assert await tab.hear("request") == told
        for act, change in CHANGES.items():
            await in_database(change)(draft, ana, bea)
            for tab in (mine, hers):
                assert await tab.hear("request") == told, act
        assert set(await theirs.kinds_until_silence()) <= {"heads", "joined"}

    async def test_tells_new_readers_to_fetch_the_case_too(self, ana, bea, listening, opened):
        tab = await listening(bea)
        await in_database(opened)(bea)
        assert {"joined", "request"} <= set(await tab.kinds_until_silence())

    @pytest.mark.parametrize("act", SILENT)
    async def test_is_silent_about_what_changes_nothing(
        self, region, ana, bea, listening, opened, act
    ):
        draft = await in_database(opened)(bea)
        await in_database(sent)(draft, ana, region)
        tab = await listening(bea)
        await in_database(SILENT[act])(draft, ana)
        assert "request" not in await tab.kinds_until_silence()

    async def test_is_silent_about_a_file_that_somebody_opens_again_or_that_is_their_own(
        self, region, ana, bea, listening, opened
    ):
        made = await in_database(opened)(bea)
        draft = Put(made.id, made.now, region, bea)
        await in_database(sent)(draft, ana, region)
        await in_database(written)(draft, ana, bea)
        await in_database(looked_into)(draft, ana, bea)
        tab = await listening(bea)
        await in_database(looked_into)(draft, ana, bea)
        await in_database(looked_into)(draft, ana, ana)
        assert "request" not in await tab.kinds_until_silence()

    async def test_is_silent_about_what_was_refused(self, ana, bea, listening, opened):
        draft = await in_database(opened)(bea)
        tab = await listening(bea)
        with pytest.raises(Exception, match="turn-needed"):
            await in_database(draft.save)(ana)
        assert "request" not in await tab.kinds_until_silence()
