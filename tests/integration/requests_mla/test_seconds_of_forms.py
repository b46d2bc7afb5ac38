"""What was proposed before signed steps said more, and is confirmed after: it stays as it is."""

from __future__ import annotations

import pytest

from audit import queries as log
from requests_mla import queries
from requests_mla.models import Move, Proposal
from requests_mla.statements import FORM, SECOND_FORM, Moved
from tests.integration.requests_mla.moving import USUAL

pytestmark = pytest.mark.django_db


def moved_of(row: Move | Proposal) -> Moved:
    """Return what was signed of a step, in the form that its row has."""
    return Moved(
        request=str(row.request_id),
        **{name: getattr(row, name) for name in ("number", "act", "before", "after", "version")},
        **{name: getattr(row, name) for name in ("digest", "issued", "said", "form")},
        on=row.on.isoformat(),
        disclosed=queries.facts_signed(row.request, [row.version])[row.version],
    )


@pytest.mark.parametrize("form", [SECOND_FORM, FORM])
def test_a_step_is_confirmed_in_the_form_in_which_it_was_proposed(led, mario, nadia, form):
    ready = led("authorise", "transmit", "acknowledge", "begin")
    ready.propose(mario.actor, ready.signed(mario, "execute", **USUAL["execute"]))
    row = Proposal.objects.get()
    row.form = form
    signed = moved_of(row)
    row.step, row.signature = signed.digest_signed(), mario.key.sign(signed.signed_bytes())
    row.save()
    ready.confirm(nadia)
    done = Move.objects.get(act="execute")
    assert (ready.stage, done.form) == ("executed", form)
    assert moved_of(done).signed_by(bytes(done.key), bytes(done.signature))
    (*_, event) = log.payloads_of("requests.move.made")
    assert event["payload"]["digest"] == signed.digest_signed()
