"""What has to be there before drafts can be written, attested and moved, and the bodies then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from casehub.core.frames import to_b64u
from requests_mla import services
from requests_mla.models import Request, Version
from requests_mla.statements import Screened, disclosed_digest
from requests_mla.states import Stage
from tests.factories import Someone
from tests.integration.answers import disclosed
from tests.integration.doors import BODIES
from tests.integration.requests_mla import enclosed
from tests.integration.requests_mla.consulting import waiting_on
from tests.integration.requests_mla.made import began_of, sent_of
from tests.integration.requests_mla.moving import Mover, official
from tests.integration.requests_mla.rulebook import SMALL
from tests.integration.requests_mla.writing import on_the_wire


def take_turn(setting: Any) -> None:
    services.take_turn(request_id=setting.mine.request, client_id=uuid4(), **setting.acting)


def a_version(setting: Any) -> dict[str, Any]:
    take_turn(setting)
    of = {"base": 1, "body": "AA", "disclosed": disclosed("SV")}
    return {"client_id": str(uuid4()), **of}


def an_attestation(setting: Any) -> dict[str, Any]:
    facts = disclosed_digest(Version.objects.get(request=setting.mine.request).disclosed)
    usual = (1, SMALL.version, bytes(32), bytes(32), facts, (), False)
    signed = Screened(str(setting.mine.request), *usual).signed_bytes()
    body = BODIES["requests.attestation.make"](setting.mine)
    signature = to_b64u(setting.signing.sign(signed))
    return body | {"rulebook": SMALL.version, "signature": signature}


def a_turn(setting: Any) -> None:
    take_turn(setting)


def a_move(setting: Any) -> dict[str, Any]:
    """Return a move of the setting's request as its person's browser sends it."""
    mover = Mover(setting.mine.request, setting.story.region.now)
    setting.who.signing = setting.signing
    return as_sent(mover.signed(setting.who, "withdraw", codes=("no-longer-needed",)))


def _officer_of(setting: Any, *, beside: str = "") -> Someone:
    """Return an officer of the State that runs the setting's request, signed in in this browser."""
    region = setting.story.region
    someone = official(region, "GT")
    region.end(someone, name=f"Persona Ficticia {beside}")
    setting.enter(someone)
    return someone


def a_step_for_two(setting: Any) -> dict[str, Any]:
    """Return that a coercive measure was executed, as an officer abroad signs it first."""
    region, request = setting.story.region, setting.mine.request
    sent_of(region, setting.who, request, to="GT")
    told = {**Request.objects.get(id=request).disclosed, "measures": ["bank_records"]}
    Version.objects.filter(request=request).update(disclosed=told)
    Request.objects.filter(id=request).update(stage=Stage.IN_EXECUTION.value, disclosed=told)
    began_of(region, setting.who, request)
    officer = _officer_of(setting)
    return as_sent(Mover(request, region.now).signed(officer, "execute", measures=(0,)))


def as_sent(signed: dict[str, Any]) -> dict[str, Any]:
    """Return a signed step as a browser sends it."""
    same = {name: signed[name] for name in ("number", "version", "digest", "issued")}
    said = {"act": signed["step"].value, "on": signed["on"].isoformat()}
    ids = {"client_id": str(signed["client_id"]), "signature": to_b64u(signed["signature"])}
    return same | said | ids | {"said": signed["said"].as_json()}


def a_step_that_waits(setting: Any) -> dict[str, Any]:
    """Propose a step, and return the second hand under it."""
    body = a_step_for_two(setting)
    setting.post(f"/dossiers/{setting.mine.request}/proposal", body)
    mover = Mover(setting.mine.request, setting.story.region.now)
    hand = mover.seconded(_officer_of(setting, beside="otra"))
    return {**hand, "signature": to_b64u(hand["signature"])}


def a_step_to_decline(setting: Any) -> dict[str, Any]:
    return {"step": a_step_that_waits(setting)["step"], "reason": "not-done"}


def a_screened_version(setting: Any) -> dict[str, Any]:
    """Return what is asked about the setting's request, of somebody of another State."""
    region, facts = setting.story.region, {"requested_state": "GT", "measures": ["bank_records"]}
    rows = Request.objects.filter(id=setting.mine.request)
    told = {**rows.get().disclosed, **facts, "instruments": ["UNTOC-18"], "law_date": "2026-10-01"}
    rows.update(stage=Stage.SELF_CHECK.value, requested_state="GT", disclosed=told)
    digest = Version.objects.get(request=setting.mine.request).digest
    body = BODIES["requests.consultation.ask"](setting.mine)
    return body | {"digest": digest, "people": [region.equipped("GT").person]}


def an_open_consultation(setting: Any) -> dict[str, Any]:
    region = setting.story.region
    put = waiting_on(region, setting.mine.request, setting.who, region.equipped("GT"))
    return {"consultation": put.consultation}


def a_sent_request(setting: Any) -> dict[str, Any]:
    sent_of(setting.story.region, setting.who, setting.mine.request, to="GT")
    body = BODIES["requests.letter.send"](setting.mine)
    return body | {"keys": [on_the_wire(setting.who)]}


def a_letter_that_a_colleague_lacks(setting: Any) -> dict[str, Any]:
    body = a_sent_request(setting)
    sealed = [services.Sealed(UUID(str(setting.who.id)), body["keys"][0]["key"], b"w" * 80)]
    letter = uuid4()
    services.send_letter(
        request_id=setting.mine.request,
        letter=letter,
        step=0,
        body=b"sealed",
        keys=sealed,
        **setting.acting,
    )
    return {"keys": [on_the_wire(setting.guest) | {"letter": str(letter)}]}


def a_request_that_takes_files(setting: Any) -> dict[str, Any]:
    sent_of(setting.story.region, setting.who, setting.mine.request, to="GT")
    return BODIES["requests.enclosure.begin"](setting.mine)


def _uploaded(setting: Any, *, whole: bool) -> str:
    sent_of(setting.story.region, setting.who, setting.mine.request, to="GT")
    ready = Mover(setting.mine.request, setting.story.region.now)
    made = enclosed.begin(ready, setting.who)
    enclosed.put(ready, setting.who, made)
    if whole:
        enclosed.complete(ready, setting.who, made)
    setting.mine.enclosure = str(made)
    return enclosed.digest_of(made, [enclosed.PIECE])


def a_file_that_is_all_there(setting: Any) -> dict[str, Any]:
    return {"digest": _uploaded(setting, whole=False)}


def a_whole_file(setting: Any) -> None:
    _uploaded(setting, whole=True)


SETTINGS: dict[str, Callable[[Any], dict[str, Any] | None]] = {
    "requests.turn.give-back": a_turn,
    "requests.version.save": a_version,
    "requests.attestation.make": an_attestation,
    "requests.move.make": a_move,
    "requests.proposal.make": a_step_for_two,
    "requests.proposal.confirm": a_step_that_waits,
    "requests.proposal.decline": a_step_to_decline,
    "requests.letter.send": a_sent_request,
    "requests.letters.share": a_letter_that_a_colleague_lacks,
    "requests.enclosure.begin": a_request_that_takes_files,
    "requests.enclosure.complete": a_file_that_is_all_there,
    "requests.enclosure.open": a_whole_file,
    "requests.enclosure.remove": a_whole_file,
    "requests.consultation.ask": a_screened_version,
    "requests.consultation.end": an_open_consultation,
}
