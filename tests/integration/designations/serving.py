"""Settings in which each act on a designation can be done, and the body that it then wants."""

from __future__ import annotations

from dataclasses import replace

from casehub.core.frames import to_b64u
from casehub.designations.queries import standing
from tests.integration.accounts.authenticator import Passkey
from tests.integration.designations.lives import Life
from tests.integration.designations.made import BODIES

RENEW = "designations.designation.renew"


def _life(setting):
    return Life(setting.story.region)


def _shown(setting, life, who, body):
    """Have `who` knock, at the designation of this life."""
    designated = setting.mine.designated
    setting.mine.designated = replace(designated, designation=str(life.designation))
    setting.enter(who)
    return body


def an_answered_consultation(setting):
    life = _life(setting)
    life.draft()
    life.answer(life.ask())
    return _shown(setting, life, life.coordinator, {})


def a_consulted_draft(setting):
    life = _life(setting).consulted()
    return _shown(setting, life, life.coordinator, {"statement": life.nomination()})


def a_nomination(setting):
    life = _life(setting).nominated()
    hand = life.hand(life.one)
    said = {"digest": hand["digest"], **{k: to_b64u(hand[k]) for k in ("key", "signature")}}
    return _shown(setting, life, life.one, said)


def an_approval(setting):
    life = _life(setting).approved()
    return _shown(setting, life, life.coordinator, {})


def a_code(setting):
    life = _life(setting).approved()
    code = life.code()
    made = Passkey().make(life.begin(code).json()["options"])
    setting.client = life.client
    return {"code": code, "name": "Llave", "credential": made}


def an_enrolment(setting):
    life = _life(setting).approved()
    assert life.enrol(life.code()).status_code == 200
    setting.client = life.client
    return {name: to_b64u(value) for name, value in life.proof().items()}


def an_offered_key(setting):
    life = _life(setting).enrolled()
    return _shown(setting, life, life.coordinator, {"statement": life.binding()})


def a_term_in_force(setting):
    life = _life(setting).active()
    return _shown(setting, life, life.coordinator, BODIES[RENEW](setting.mine))


def somebody_suspended(setting):
    life = _life(setting).active()
    life.suspend()
    setting.mine.person = str(life.person.id)
    statement = life.reinstatement(life.coordinator)
    return _shown(setting, life, life.coordinator, {"statement": statement})


def a_list(setting):
    life = _life(setting)
    _, digest = standing.list_of("SV", life.now)
    setting.enter(life.coordinator)
    return {"digest": digest}


#  an act, and what has to be there first
SETTINGS = {
    "designations.code.make": an_approval,
    "designations.designation.approve": a_nomination,
    "designations.designation.bind": an_offered_key,
    "designations.designation.consulted": an_answered_consultation,
    "designations.designation.nominate": a_consulted_draft,
    RENEW: a_term_in_force,
    "designations.enrolment.finish": a_code,
    "designations.key.offer": an_enrolment,
    "designations.person.reinstate": somebody_suspended,
    "designations.standing.confirm": a_list,
}
