"""What all States are told, and that each says it has taken note."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.models import AuditEvent
from casehub.core import doorbell
from casehub.core.errors import NotVisible
from casehub.directory import queries, services
from casehub.directory.models import Notice, NoticeAnswer, NoticesAnswer
from tests.integration.designations.test_binding import much_later, renew


@pytest.fixture
def told(life):
    """A liaison of SV was announced; MX and US are there, too."""
    life.approved()
    life.mexico = life.region.person("MX", "liaison")
    life.states = life.region.person("US", "coordinator")
    return life


def seen_by(who, now):
    (notice,) = queries.notices_for(who.actor, now=now)
    return notice


def acknowledge(life, who):
    notice = seen_by(who, life.now)["id"]
    services.acknowledge_notice(notice=notice, actor=who.actor, now=life.now)


@pytest.fixture
def many(told):
    """After it two more of SV and one of MX: four in all, the last of them an hour later."""
    for state in ("SV", "MX", "SV"):
        told.now += timedelta(minutes=20)
        tell(told, state)
    return told


def tell(life, state):
    return services.give(
        kind=Notice.Kind.UNCONFIRMED, state=state, act=life.region.event(Notice), now=life.now
    )


def all_seen_by(who, now):
    return queries.notices_for(who.actor, now=now)


def acknowledge_all(life, who, upto=None):
    newest = upto or all_seen_by(who, life.now)[0]["id"]
    return services.acknowledge_notices(notice=newest, actor=who.actor, now=life.now)


def waiting(life, who):
    seen = all_seen_by(who, life.now)
    return [one["id"] for one in seen if one["state"] != who.state and not one["acknowledged_at"]]


class TestANotice:
    def test_is_read_by_every_state(self, told):
        for who in (told.coordinator, told.mexico, told.states):
            notice = seen_by(who, told.now)
            assert (notice["kind"], notice["state"], notice["name"]) == (
                "announced",
                "SV",
                "Ana Pérez",
            )

    def test_is_acknowledged_once_a_state(self, told, recorded):
        with recorded("directory.notice.acknowledged"):
            acknowledge(told, told.mexico)
            acknowledge(told, told.mexico)
        assert NoticeAnswer.objects.count() == 1
        assert seen_by(told.mexico, told.now)["acknowledged_at"] == told.now

    def test_tells_the_state_that_it_is_about_who_has_and_who_is_late(self, told):
        acknowledge(told, told.mexico)
        told.now += timedelta(hours=72)
        own = seen_by(told.coordinator, told.now)
        assert [one["state"] for one in own["answers"]] == ["MX"]
        assert own["late"] == ["US"]
        assert seen_by(told.states, told.now)["overdue"]
        assert not seen_by(told.mexico, told.now)["overdue"]

    def test_tells_the_others_nothing_of_each_other(self, told):
        acknowledge(told, told.mexico)
        notice = seen_by(told.states, told.now + timedelta(hours=72))
        assert (notice["answers"], notice["late"]) == ([], [])

    def test_is_of_nobody_who_made_it_up(self, told):
        with pytest.raises(NotVisible):
            services.acknowledge_notice(
                notice=told.designation, actor=told.mexico.actor, now=told.now
            )

    def test_is_found_by_the_person_whom_it_concerns(self, told, monkeypatch):
        monkeypatch.setattr("casehub.directory.queries.notices.MANY", 1)
        (about,) = all_seen_by(told.mexico, told.now)
        acknowledge(told, told.mexico)
        tell(told, "SV")
        (found,) = queries.notices_for(told.mexico.actor, now=told.now, person=about["person"])
        assert found["id"] == about["id"]
        assert found["acknowledged_at"] == told.now

    def test_rings_with_everybody_who_may_read_it(self, told):
        people = queries.told_of_notices()
        assert {told.mexico.id, told.states.id, told.coordinator.id} <= set(people)
        assert told.region.person("SV", "national-auditor").id not in queries.told_of_notices()

    def test_rings_once_it_is_given(self, told, monkeypatch):
        rung = []
        monkeypatch.setattr(doorbell, "ring", lambda group, event: rung.append((group, event)))
        notice = str(tell(told, "SV"))
        assert {group for group, _ in rung} == {
            f"person.{one}" for one in queries.told_of_notices()
        }
        assert {event["signal"]["notice"] for _, event in rung} == {notice}

    @pytest.mark.parametrize("column", ["suspended_at", "removed_at"])
    def test_rings_with_nobody_who_is_stopped(self, told, column):
        told.region.end(told.mexico, **{column: told.now})
        assert told.mexico.id not in queries.told_of_notices()


class TestAllThatAreShown:
    def test_are_acknowledged_by_one_act_with_one_row(self, many, recorded):
        with recorded("directory.notices.acknowledged"):
            assert acknowledge_all(many, many.states) == 4
        assert NoticesAnswer.objects.count() == 1
        assert waiting(many, many.states) == []

    def test_are_those_of_others_alone(self, many):
        assert acknowledge_all(many, many.mexico) == 3
        (own,) = [one for one in all_seen_by(many.mexico, many.now) if one["state"] == "MX"]
        assert (own["acknowledged_at"], own["answers"]) == (None, [])

    def test_are_those_that_were_not_acknowledged_before(self, many):
        first = all_seen_by(many.states, many.now)[-1]
        services.acknowledge_notice(notice=first["id"], actor=many.states.actor, now=many.now)
        many.now += timedelta(hours=1)
        assert acknowledge_all(many, many.states) == 3
        times = [one["acknowledged_at"] for one in all_seen_by(many.states, many.now)]
        assert times == [many.now] * 3 + [many.now - timedelta(hours=1)]

    def test_are_not_those_that_came_after_the_newest_that_was_shown(self, many):
        upto = all_seen_by(many.states, many.now)[0]["id"]
        later = tell(many, "SV")
        acknowledge_all(many, many.states, upto)
        assert waiting(many, many.states) == [later]

    def test_leave_nothing_behind_when_none_waits(self, many, recorded):
        acknowledge_all(many, many.states)
        with recorded():
            assert acknowledge_all(many, many.states) == 0
            services.acknowledge_notice(
                notice=all_seen_by(many.states, many.now)[1]["id"],
                actor=many.states.actor,
                now=many.now,
            )
        assert (NoticesAnswer.objects.count(), NoticeAnswer.objects.count()) == (1, 0)

    def test_are_acknowledged_for_every_state_by_itself(self, many):
        acknowledge_all(many, many.states)
        assert len(waiting(many, many.mexico)) == 3

    def test_are_late_after_three_days_with_those_alone_who_took_no_note(self, many):
        acknowledge_all(many, many.states)
        many.now += timedelta(hours=72)
        own = all_seen_by(many.coordinator, many.now)
        of_sv = [one for one in own if one["state"] == "SV"]
        assert [[a["state"] for a in one["answers"]] for one in of_sv] == [["US"]] * 3
        assert [one["late"] for one in of_sv] == [["MX"]] * 3
        assert not any(one["overdue"] for one in all_seen_by(many.states, many.now))
        assert all(
            one["overdue"] for one in all_seen_by(many.mexico, many.now) if one["state"] == "SV"
        )

    def test_are_listed_however_old_until_they_are_acknowledged(self, many, monkeypatch):
        monkeypatch.setattr("casehub.directory.queries.notices.MANY", 1)
        assert len(all_seen_by(many.states, many.now)) == 4
        acknowledge_all(many, many.states)
        assert len(all_seen_by(many.states, many.now)) == 1

    def test_are_of_nobody_who_made_one_up(self, many):
        with pytest.raises(NotVisible):
            acknowledge_all(many, many.states, many.designation)

    def test_are_told_to_the_auditors_of_every_state_that_they_are_about(self, many):
        acknowledge_all(many, many.states)
        event = AuditEvent.objects.get(kind="directory.notices.acknowledged")
        assert all(state in event.states for state in ("MX", "SV", "US"))

    def test_are_numbered_one_after_another(self, many):
        numbers = Notice.objects.order_by("at").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3, 4]


class TestWhatANoticeSaysHasChanged:
    def test_is_nothing_of_somebody_new(self, told):
        assert seen_by(told.mexico, told.now)["changed"] == []

    def test_is_named_of_a_renewal_and_neither_what_it_was_nor_what_it_is(self, life):
        life.active()
        much_later(life)
        renew(life, post="Fiscal adjunta", languages=["es", "fr"])
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        found = queries.notices_for(life.region.person("MX", "liaison").actor, now=life.now)[0]
        assert (found["kind"], found["changed"]) == ("changed", ["post", "languages"])

    def test_is_a_new_key_where_one_is_asked_for(self, life):
        life.active()
        much_later(life)
        renew(life, rekey=True)
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        found = queries.notices_for(life.region.person("MX", "liaison").actor, now=life.now)[0]
        assert (found["kind"], found["changed"]) == ("changed", ["key"])

    def test_is_an_offices_name_kind_or_telephone(self, life):
        reader = life.region.person("MX", "liaison")
        office = life.region.seat("SV").office

        def change(**other):
            said = {"kind": office.kind, "name": office.name, "telephone": ""} | other
            services.change_office(office=office.id, **said, **life.acting(life.coordinator))
            return queries.notices_for(reader.actor, now=life.now)[0]["changed"]

        assert change(name="Otra oficina") == ["office-name"]
        assert change(name="Otra oficina", kind="specialised-unit") == ["office-kind"]
        same = {"name": "Otra oficina", "kind": "specialised-unit"}
        assert change(**same, telephone="+503 2200 0000") == ["office-telephone"]

    def test_is_somebodys_hours(self, life):
        life.active()
        services.change_hours(
            person=life.row.person,
            zone="America/El_Salvador",
            days=[1, 2],
            opens="08:00",
            closes="16:00",
            **life.acting(life.coordinator),
        )
        reader = life.region.person("MX", "liaison").actor
        assert queries.notices_for(reader, now=life.now)[0]["changed"] == ["hours"]
