"""What an office prints over its letters: its own people's to change, its State's to see."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from audit import queries as log
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory.models import Office, Person
from casehub.papers import limits, queries, services
from casehub.papers.models import Letterhead
from casehub.papers.statements import Headed

BODY = b'{"v":1}'


def office_of(someone) -> UUID:
    return Person.objects.get(id=someone.id).office_id


@pytest.fixture
def change(now):
    """Return `change(by, ...)`: change the letterhead of somebody's office."""

    def do(by, *, number=1, body=BODY, at=None, **changes):
        headed = Headed(str(changes.pop("office", office_of(by))), number, body)
        usual = {"client_id": uuid4(), "signature": by.signing.sign(headed.signed_bytes())}
        said = usual | changes
        return services.change_letterhead(
            number=number, body=body, actor=by.actor, now=at or now, **said
        )

    return do


def shown(by) -> list[tuple[int, str]]:
    found = queries.letterheads_for(by.actor)["letterheads"]
    return [(one["number"], one["body"]) for one in found]


class TestAnOfficesLetterhead:
    def test_is_changed_by_its_people_and_kept_as_they_signed_it(self, change, ana, bea, recorded):
        with recorded("papers.letterhead.changed"):
            change(ana)
        (found,) = queries.letterheads_for(bea.actor)["letterheads"]
        headed = Headed(str(office_of(ana)), 1, BODY)
        assert found["office"] == office_of(ana)
        assert found["person"] == ana.id
        assert found["body"] == to_b64u(BODY)
        assert found["signature"] == to_b64u(ana.signing.sign(headed.signed_bytes()))

    def test_leaves_its_digest_in_the_log_and_none_of_its_words(self, change, ana):
        change(ana, body=b'{"above":["Quetzal"]}')
        (event,) = log.payloads_of("papers.letterhead.changed")
        assert event["states"] == ["SV"]
        assert event["payload"] == {
            "office": str(office_of(ana)),
            "number": 1,
            "device": ana.device,
            "digest": hashlib.sha256(b'{"above":["Quetzal"]}').hexdigest(),
        }

    def test_is_the_newest_and_the_ones_before_stay(self, change, ana, bea):
        first = change(ana)
        change(bea, number=2, body=b"second")
        assert shown(ana) == [(2, to_b64u(b"second"))]
        assert queries.letterhead_for(bea.actor, first)["number"] == 1

    def test_is_anothers_where_somebody_has_another_office(self, change, ana, bea, region):
        other = Office.objects.create(
            name="Otra", state_id="SV", kind="central", audit_event_id=region.event(Office)
        )
        Person.objects.filter(id=bea.id).update(office=other)
        change(ana)
        change(bea, body=b"other")
        assert sorted(shown(ana)) == sorted([(1, to_b64u(BODY)), (1, to_b64u(b"other"))])
        assert queries.letterheads_for(bea.actor)["own"] == other.id

    def test_is_not_there_for_another_state(self, change, ana, boris):
        kept = change(ana)
        assert shown(boris) == []
        for letterhead in (kept, uuid4()):
            with pytest.raises(NotVisible):
                queries.letterhead_for(boris.actor, letterhead)

    def test_is_answered_again_without_a_second_one(self, change, ana, recorded):
        client_id = uuid4()
        first = change(ana, client_id=client_id)
        with recorded():
            assert change(ana, client_id=client_id) == first
        with recorded(), pytest.raises(Refused, match="id-reused"):
            change(ana, client_id=client_id, body=b"other")

    @pytest.mark.parametrize("number", [1, 2])
    def test_is_not_changed_past_one_that_came_between(self, change, ana, bea, number, recorded):
        change(bea, number=2)
        with recorded(), pytest.raises(Refused, match="letterhead-behind"):
            change(ana, number=number)

    def test_goes_on_from_the_newest_that_a_browser_saw(self, change, ana, bea, recorded):
        change(bea)
        # one that this server has lost, or hid
        with recorded("papers.letterhead.changed"):
            change(ana, number=3)
        assert [number for number, _ in shown(bea)] == [3]

    def test_leaves_numbers_for_all_that_follow(self, change, ana, recorded):
        change(ana)
        with recorded(), pytest.raises(Refused, match="letterhead-behind"):
            change(ana, number=limits.LEAP + 2)
        change(ana, number=limits.LEAP + 1)

    def test_is_not_changed_by_another_key_or_for_another_office(self, change, ana, bea, recorded):
        signed = Headed(str(office_of(ana)), 1, BODY).signed_bytes()
        with recorded(), pytest.raises(Refused, match="paper-signature"):
            change(ana, signature=bea.signing.sign(signed))
        with recorded(), pytest.raises(Refused, match="paper-signature"):
            change(ana, office=uuid4())

    def test_is_changed_so_often_in_a_day(self, change, ana, now):
        for number in range(1, limits.CHANGES + 1):
            change(ana, number=number)
        late = {"number": limits.CHANGES + 1}
        with pytest.raises(Refused, match="letterhead-day-full"):
            change(ana, **late)
        change(ana, **late, at=now + limits.DAY + timedelta(seconds=1))
        assert Letterhead.objects.count() == limits.CHANGES + 1
