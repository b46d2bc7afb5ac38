"""Somebody on the way to serve the region."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from casehub.core.frames import to_b64u
from casehub.designations import services
from casehub.designations.management.commands.region import INSTALLATION
from casehub.designations.models import Designation
from casehub.designations.queries import enrolling
from casehub.directory import queries as directory
from casehub.directory.fingerprints import words_of
from casehub.directory.models import Person
from tests.integration.accounts.authenticator import Passkey
from tests.integration.designations.lives import raw


class Member:
    """Somebody on the way to serve the region; `now` is the test's."""

    def __init__(self, office, now, role="secretariat"):
        person, code, _ = services.invite_regional(
            office=office.id,
            role=role,
            name="Ana Pérez",
            post="Guardia",
            languages=["es"],
            actor=INSTALLATION,
            now=now,
        )
        self._begin(person, code, now)

    @classmethod
    def told(cls, person, code, now):
        """Return somebody who was invited already."""
        made = cls.__new__(cls)
        made._begin(person, code, now)
        return made

    def _begin(self, person, code, now):
        self.person, self.code, self.now = person, code, now
        self.key = Ed25519PrivateKey.generate()
        self.client = Client()

    @property
    def row(self):
        return Designation.objects.get(person=self.person)

    @property
    def known(self):
        return Person.objects.get(id=self.person)

    @property
    def actor(self):
        account = str(self.known.account_id)
        return directory.actor_behind(account=account, session="", device=None)

    def post(self, path, body):
        return self.client.post(f"/api{path}", data=body, content_type="application/json")

    def enrol(self):
        began = self.post("/enrolment/begin", {"code": self.code})
        assert began.status_code == 200, began.content
        made = Passkey().make(began.json()["options"])
        done = self.post(
            "/enrolment/finish", {"code": self.code, "credential": made, "name": "Llave"}
        )
        assert done.status_code == 200, done.content

    def offer(self):
        key = raw(self.key)
        proof = self.key.sign(enrolling.proof_input(self.row, key))
        answer = self.post("/enrolment/key", {"key": to_b64u(key), "proof": to_b64u(proof)})
        assert answer.status_code == 200, answer.content

    def admit(self, heard=None, now=None):
        return services.admit_regional(
            person=self.person,
            heard=heard or words_of(raw(self.key)),
            actor=INSTALLATION,
            now=now or self.now,
        )
