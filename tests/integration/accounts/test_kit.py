"""What a recovery kit seals, and the rules of use."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import timedelta
from importlib.resources import files

import pytest

from casehub.accounts import policies, queries, rules, services
from casehub.accounts.events import KitProven
from casehub.accounts.models import Backup, Kit, KitProof
from casehub.core.errors import Refused

MARK, OTHER = "a" * 64, "b" * 64


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture
def ana(region):
    ana = region.person("SV")
    region.session(ana)
    return ana


class TestTheBackup:
    def test_is_given_back_as_it_was_kept(self, ana, now, recorded):
        with recorded("accounts.backup.kept"):
            services.keep_backup(body=b"opaque", replaces="", mark=MARK, actor=ana.actor, now=now)
        with recorded("accounts.backup.given"):
            assert services.give_backup(actor=ana.actor, now=now) == (b"opaque", now)

    def test_is_the_newest_only(self, ana, now):
        services.keep_backup(body=b"old", replaces="", mark=MARK, actor=ana.actor, now=now)
        services.keep_backup(
            body=b"new", replaces=sha256(b"old"), mark=MARK, actor=ana.actor, now=now
        )
        assert bytes(Backup.objects.get().body) == b"new"

    @pytest.mark.parametrize("seen", ["", sha256(b"older")])
    def test_is_not_written_over_by_a_browser_that_has_not_seen_it(self, ana, now, recorded, seen):
        services.keep_backup(body=b"the other's", replaces="", mark=MARK, actor=ana.actor, now=now)
        with recorded(), pytest.raises(Refused, match="backup-changed"):
            services.keep_backup(body=b"mine", replaces=seen, mark=MARK, actor=ana.actor, now=now)
        assert bytes(Backup.objects.get().body) == b"the other's"

    def test_is_not_said_to_take_the_place_of_what_is_not_there(self, ana, now, recorded):
        with recorded(), pytest.raises(Refused, match="backup-changed"):
            services.keep_backup(
                body=b"mine", replaces="0" * 64, mark=MARK, actor=ana.actor, now=now
            )

    def test_is_nothing_before_there_is_one(self, ana, now):
        assert services.give_backup(actor=ana.actor, now=now) == (b"", None)

    def test_is_nobody_elses(self, region, ana, now):
        services.keep_backup(body=b"opaque", replaces="", mark=MARK, actor=ana.actor, now=now)
        other = region.person("SV")
        region.session(other)
        assert services.give_backup(actor=other.actor, now=now) == (b"", None)

    def test_is_refused_above_its_limit(self, ana, now, recorded):
        with recorded(), pytest.raises(Refused, match="backup-too-large"):
            services.keep_backup(
                body=bytes(policies.BACKUP_LIMIT + 1),
                replaces="",
                mark=MARK,
                actor=ana.actor,
                now=now,
            )


class TestTheKit:
    @pytest.fixture
    def keep(self, ana, now):
        """Return `keep(body, replaces, mark)`: a browser of hers keeps what it sealed."""

        def keep(body: bytes, *, mark: str, replaces: bytes | None = None) -> None:
            seen = "" if replaces is None else sha256(replaces)
            services.keep_backup(body=body, replaces=seen, mark=mark, actor=ana.actor, now=now)

        return keep

    def test_of_which_nobody_knows_yet_is_the_first_that_seals(self, keep):
        keep(b"first", mark=MARK)
        assert Kit.objects.get().mark == MARK

    def test_of_a_backup_from_before_marks_takes_a_fresh_proof(self, ana, now, keep, recorded):
        keep(b"old", mark=MARK)
        Kit.objects.all().delete()
        later = now + timedelta(minutes=6)
        with recorded(), pytest.raises(Refused, match="step-up-needed"):
            services.keep_backup(
                body=b"new", replaces=sha256(b"old"), mark=OTHER, actor=ana.actor, now=later
            )
        keep(b"new", replaces=b"old", mark=MARK)
        assert Kit.objects.get().mark == MARK

    def test_is_not_replaced_by_sealing_with_another(self, keep, recorded):
        keep(b"first", mark=MARK)
        with recorded(), pytest.raises(Refused, match="kit-replaced"):
            keep(b"other", replaces=b"first", mark=OTHER)
        assert bytes(Backup.objects.get().body) == b"first"

    def test_is_replaced_by_a_person_who_just_showed_a_factor(self, ana, now, keep, recorded):
        keep(b"first", mark=MARK)
        with recorded("accounts.kit.made"):
            services.make_kit(mark=OTHER, actor=ana.actor, now=now)
        keep(b"second", replaces=b"first", mark=OTHER)
        with recorded(), pytest.raises(Refused, match="kit-replaced"):
            keep(b"third", replaces=b"second", mark=MARK)

    def test_is_not_replaced_from_a_page_that_somebody_left_open(self, ana, now, keep, recorded):
        keep(b"first", mark=MARK)
        later = now + timedelta(minutes=6)
        with recorded(), pytest.raises(Refused, match="step-up-needed"):
            services.make_kit(mark=OTHER, actor=ana.actor, now=later)
        assert Kit.objects.get().mark == MARK

    def test_is_nobody_elses(self, region, ana, now, keep):
        keep(b"hers", mark=MARK)
        other = region.person("SV")
        region.session(other)
        services.make_kit(mark=OTHER, actor=other.actor, now=now)
        keep(b"hers too", replaces=b"hers", mark=MARK)


class TestTheProof:
    def test_is_of_the_day_alone_and_names_nothing_that_was_typed(self, ana, now, recorded):
        services.keep_backup(body=b"opaque", replaces="", mark=MARK, actor=ana.actor, now=now)
        with recorded("accounts.kit.proven"):
            day = services.prove_kit(digest=sha256(b"opaque"), actor=ana.actor, now=now)
        assert day == now.date()
        assert {field.name for field in fields(KitProven)} == {"states", "account"}
        assert {field.name for field in KitProof._meta.concrete_fields} == {
            "account",
            "day",
            "audit_event_id",
        }

    def test_is_told_to_every_browser_of_the_person(self, region, ana, now):
        services.keep_backup(body=b"opaque", replaces="", mark=MARK, actor=ana.actor, now=now)
        services.prove_kit(digest=sha256(b"opaque"), actor=ana.actor, now=now)
        region.session(ana)
        assert queries.kit_of(ana.actor) == {"kept_at": now, "proven_on": now.date()}

    def test_counts_from_the_last_time(self, ana, now):
        services.keep_backup(body=b"opaque", replaces="", mark=MARK, actor=ana.actor, now=now)
        later = now + timedelta(days=31)
        for at in (now, later):
            services.prove_kit(digest=sha256(b"opaque"), actor=ana.actor, now=at)
        assert KitProof.objects.get().day == later.date()

    @pytest.mark.parametrize("opened", [b"older", b""])
    def test_does_not_count_for_a_backup_that_is_there_no_more(self, ana, now, recorded, opened):
        services.keep_backup(body=b"newest", replaces="", mark=MARK, actor=ana.actor, now=now)
        with recorded(), pytest.raises(Refused, match="kit-proof-other"):
            services.prove_kit(digest=sha256(opened), actor=ana.actor, now=now)

    def test_does_not_count_where_nothing_is_kept(self, ana, now, recorded):
        with recorded(), pytest.raises(Refused, match="kit-proof-other"):
            services.prove_kit(digest=sha256(b""), actor=ana.actor, now=now)
        assert queries.kit_of(ana.actor) == {"kept_at": None, "proven_on": None}

    def test_is_nobody_elses(self, region, ana, now):
        services.keep_backup(body=b"opaque", replaces="", mark=MARK, actor=ana.actor, now=now)
        services.prove_kit(digest=sha256(b"opaque"), actor=ana.actor, now=now)
        other = region.person("SV")
        region.session(other)
        assert queries.kit_of(other.actor) == {"kept_at": None, "proven_on": None}


class TestTheRules:
    def test_are_accepted_by_the_digest_of_their_words(self, ana, now, recorded):
        assert queries.rules_accepted(ana.actor) is None
        with recorded("accounts.rules.accepted"):
            services.accept_rules(digest=rules.digests()["fr"], actor=ana.actor, now=now)
        assert queries.rules_accepted(ana.actor) == now

    def test_are_not_accepted_in_other_words(self, ana, now, recorded):
        with recorded(), pytest.raises(Refused, match="rules-other"):
            services.accept_rules(digest="0" * 64, actor=ana.actor, now=now)

    def test_stay_accepted_since_the_first_time(self, ana, now):
        digest = rules.digests()["es"]
        first = services.accept_rules(digest=digest, actor=ana.actor, now=now)
        assert services.accept_rules(digest=digest, actor=ana.actor, now=now) == first

    def test_say_the_same_in_each_language(self):
        file = files("casehub.accounts").joinpath("data/rules-of-use.json")
        words = json.loads(file.read_text(encoding="utf-8"))
        assert list(words) == ["es", "en", "fr"]
        assert len({len(paragraphs) for paragraphs in words.values()}) == 1
        first = hashlib.sha256("\n".join(words["es"]).encode()).hexdigest()
        assert rules.digests()["es"] == first
