"""Which documents were made of a request: noted before they leave, and never themselves."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from audit import queries as log
from casehub.cases.services import close_case
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory.models import Office, Person
from casehub.papers import limits, queries, services
from casehub.papers.models import Letterhead, Making
from casehub.papers.statements import Headed, Made
from requests_mla.errors import VersionBehind
from requests_mla.models import Request
from requests_mla.states import Stage

FILES = [("pdf", "es", b"p" * 32), ("docx", "en", b"w" * 32)]


def office_of(someone) -> str:
    return str(Person.objects.get(id=someone.id).office_id)


@pytest.fixture
def ready(draft, ana, bea):
    """A request whose first version is ready."""
    draft.take(ana)
    draft.save(ana)
    draft.attest(bea, ready=True)
    return draft


@pytest.fixture
def make(now):
    """Return `make(draft, by, ...)`: note documents, for the maker's own office."""

    def do(draft, by, *, signer=None, **changes):
        usual = {
            "version": 1,
            "letterhead": None,
            "template": "",
            "files": FILES,
            "recipients": [office_of(by)],
        }
        said = usual | {name: changes.pop(name) for name in usual if name in changes}
        head = said["letterhead"] and Letterhead.objects.filter(id=said["letterhead"]).first()
        made = Made(
            request=str(draft.id),
            version=said["version"],
            letterhead=head.digest if head else "",
            template=said["template"],
            files=said["files"],
            recipients=sorted(set(map(str, said["recipients"]))),
        )
        signature = (signer or by.signing).sign(made.signed_bytes())
        return services.make_documents(
            request_id=draft.id,
            actor=by.actor,
            now=now,
            **said,
            **({"client_id": uuid4(), "signature": signature} | changes),
        )

    return do


class TestDocuments:
    def test_are_noted_for_every_reader_of_the_draft(self, make, ready, ana, bea, recorded):
        with recorded("papers.documents.made"):
            made = make(ready, ana)
        (found,) = queries.makings_for(bea.actor, ready.id)
        assert found["id"] == made
        assert found["person"] == ana.id
        assert found["files"] == [
            {"kind": kind, "language": language, "commitment": to_b64u(commitment)}
            for kind, language, commitment in FILES
        ]
        assert found["recipients"] == [office_of(ana)]

    def test_leave_commitments_recipients_and_the_version_in_the_log(self, make, ready, ana, boris):
        make(ready, ana, recipients=[office_of(boris), office_of(ana)])
        (event,) = log.payloads_of("papers.documents.made")
        digest = event["payload"].pop("digest")
        assert len(digest) == 64
        assert event["states"] == ["SV"]
        assert event["payload"] == {
            "request": str(ready.id),
            "version": 1,
            "device": ana.device,
            "letterhead": "",
            "kinds": ["pdf", "docx"],
            "languages": ["es", "en"],
            "commitments": [commitment.hex() for _, _, commitment in FILES],
            "recipients": sorted([office_of(ana), office_of(boris)]),
        }

    def test_name_the_letterhead_of_the_state(self, make, ready, ana, boris, now):
        def head(by):
            headed = Headed(office_of(by), 1, b"x")
            return services.change_letterhead(
                client_id=uuid4(),
                number=1,
                body=b"x",
                signature=by.signing.sign(headed.signed_bytes()),
                actor=by.actor,
                now=now,
            )

        own, foreign = head(ana), head(boris)
        make(ready, ana, letterhead=own)
        (found,) = queries.makings_for(ana.actor, ready.id)
        assert found["letterhead"] == own
        for other in (foreign, uuid4()):
            with pytest.raises(NotVisible):
                make(ready, ana, letterhead=other)

    def test_are_not_made_of_a_draft(self, make, draft, ana, recorded):
        draft.take(ana)
        draft.save(ana)
        with recorded(), pytest.raises(Refused, match="documents-not-ready"):
            make(draft, ana)

    @pytest.mark.parametrize("stage", Stage)
    def test_are_made_from_ready_on(self, make, ready, ana, stage):
        Request.objects.filter(id=ready.id).update(stage=stage.value)
        early = {
            "idea",
            "draft",
            "self_check",
            "informal_consultation",
            "needs_changes",
            "withdrawn",
        }
        if stage.value in early:
            with pytest.raises(Refused, match="documents-not-ready"):
                make(ready, ana)
        else:
            make(ready, ana)

    def test_are_not_made_in_a_case_that_is_closed(self, make, ready, case, ana, now, recorded):
        client_id = uuid4()
        first = make(ready, ana, client_id=client_id)
        close_case(case=case, actor=ana.actor, now=now)
        with recorded(), pytest.raises(Refused, match="case-closed"):
            make(ready, ana)
        # what was noted before is answered again, and read
        assert make(ready, ana, client_id=client_id) == first
        assert len(queries.makings_for(ana.actor, ready.id)) == 1

    def test_are_of_the_newest_version(self, make, ready, ana, recorded):
        for version in (2, 7):
            with recorded(), pytest.raises(VersionBehind):
                make(ready, ana, version=version)

    def test_are_of_no_version_of_before(self, make, ready, ana, bea, recorded):
        ready.take(ana)
        ready.save(ana)
        ready.attest(bea, ready=True)
        with recorded(), pytest.raises(VersionBehind):
            make(ready, ana, version=1)
        make(ready, ana, version=2)

    def test_go_to_as_many_offices_as_the_page_offers(self, ready, ana, bea, region, browser, now):
        offices = [
            str(
                Office.objects.create(
                    name=f"Oficina {number}",
                    state_id="SV",
                    kind="central",
                    audit_event_id=region.event(Office),
                ).id
            )
            for number in range(limits.RECIPIENTS + 1)
        ]

        def answered(chosen):
            files = [{"kind": "pdf", "language": "es", "commitment": to_b64u(bytes(32))}]
            made = Made(str(ready.id), 1, "", "", [("pdf", "es", bytes(32))], sorted(chosen))
            body = {
                "client_id": str(uuid4()),
                "version": 1,
                "letterhead": None,
                "template": "",
                "files": files,
                "recipients": chosen,
                "signature": to_b64u(ana.signing.sign(made.signed_bytes())),
            }
            return (
                browser(ana)
                .post(f"/api/requests/{ready.id}/documents", json.dumps(body), "application/json")
                .status_code
            )

        assert answered(offices) == 400
        assert Making.objects.count() == 0
        assert answered(offices[:-1]) == 200

    def test_go_to_offices_of_the_two_states_alone(self, make, ready, ana, region, recorded):
        third = region.person("GT")
        for office in (office_of(third), str(uuid4())):
            with recorded(), pytest.raises(Refused, match="documents-recipient"):
                make(ready, ana, recipients=[office])

    def test_are_each_made_once(self, make, ready, ana, recorded):
        with recorded(), pytest.raises(Refused, match="documents-twice"):
            make(ready, ana, files=[FILES[0], ("pdf", "es", b"x" * 32)])

    def test_are_signed_by_the_device_that_made_them(self, make, ready, ana, bea, recorded):
        with recorded(), pytest.raises(Refused, match="paper-signature"):
            make(ready, ana, signer=bea.signing)

    def test_are_not_there_for_whoever_does_not_read_the_draft(self, make, ready, boris):
        with pytest.raises(NotVisible):
            make(ready, boris)
        with pytest.raises(NotVisible):
            queries.makings_for(boris.actor, ready.id)

    def test_are_noted_once_however_often_it_is_tried(self, make, ready, ana, recorded):
        client_id = uuid4()
        first = make(ready, ana, client_id=client_id)
        with recorded():
            assert make(ready, ana, client_id=client_id) == first
        with recorded(), pytest.raises(Refused, match="id-reused"):
            make(ready, ana, client_id=client_id, template="0" * 64)
        assert Making.objects.count() == 1

    @pytest.mark.parametrize(
        "bad",
        [
            {"files": []},
            {"files": [{"kind": "exe", "language": "es", "commitment": to_b64u(bytes(32))}]},
            {"files": [{"kind": "pdf", "language": "es", "commitment": to_b64u(bytes(31))}]},
            {"recipients": []},
            {"template": "x"},
            {"version": 0},
            {"version": 2**31},
            {"version": "one"},
            {"text": "what is asked"},
        ],
        ids=str,
    )
    def test_are_refused_in_any_other_shape(self, ready, ana, browser, bad, recorded):
        usual = {
            "client_id": str(uuid4()),
            "version": 1,
            "letterhead": None,
            "template": "",
            "files": [{"kind": "pdf", "language": "es", "commitment": to_b64u(bytes(32))}],
            "recipients": [str(uuid4())],
            "signature": to_b64u(bytes(64)),
        }
        answer = browser(ana).post(
            f"/api/requests/{ready.id}/documents", json.dumps(usual | bad), "application/json"
        )
        assert answer.status_code == 400
        assert Making.objects.count() == 0


class TestOffices:
    def test_of_no_state_receive_nothing(self, make, ready, ana, region):
        regional = Office.objects.create(name="Secretaría", audit_event_id=region.event(Office))
        with pytest.raises(Refused, match="documents-recipient"):
            make(ready, ana, recipients=[regional.id])
