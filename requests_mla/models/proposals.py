"""Steps that one person has signed, and that wait for the hand of a second."""

from django.db import models
from django.db.models import Q

from casehub.core.models import HeadRow
from casehub.directory.models import Device, Person

from ..codes import DECLINED
from ..states import Act, Side


class Proposal(HeadRow):
    """
    A step that takes a second hand, as its first one has signed it; all but the end never changes.

    `step` is SHA-256 (hex) of the signed bytes, `form` theirs. `outcome` is empty while it waits,
    is past `lapses_at`, or is behind another step: nothing has to run for those. `decider`
    confirmed it, with what they signed (`statements.Seconded`; `device` where it is a device's
    key), or declined it, by a code.
    """

    leans_on = ("requests.proposal.made", "requests.proposal.declined", "requests.move.made")

    CONFIRMED, DECLINED = "confirmed", "declined"

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(
        "requests_mla.Request", on_delete=models.PROTECT, related_name="proposals"
    )
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=24, choices=[(a.value, a.value) for a in Act])
    before = models.CharField(max_length=24)
    after = models.CharField(max_length=24)
    side = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Side])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=2)
    key = models.BinaryField()
    at = models.DateTimeField()
    on = models.DateField()
    issued = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    said = models.JSONField()
    form = models.PositiveSmallIntegerField()
    signature = models.BinaryField()
    step = models.CharField(max_length=64)
    lapses_at = models.DateTimeField()
    client_id = models.UUIDField()
    request_digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=12, default="", blank=True)
    reason = models.CharField(max_length=24, default="", blank=True)
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", null=True)
    second_key = models.BinaryField(null=True)
    second_issued = models.CharField(max_length=20, default="", blank=True)
    second_signature = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "client_id"], name="proposal_request_once"),
            models.CheckConstraint(
                condition=Q(outcome="", decider=None, decided_at=None, reason="", device=None)
                & Q(second_key=None, second_issued="", second_signature=None)
                | Q(outcome="declined", decider__isnull=False, decided_at__isnull=False)
                & Q(reason__in=DECLINED, second_key=None, second_signature=None)
                | Q(outcome="confirmed", decider__isnull=False, decided_at__isnull=False, reason="")
                & Q(second_key__isnull=False, second_signature__isnull=False)
                & ~Q(second_issued=""),
                name="proposal_decided_somehow",
            ),
            # Nobody is the second hand under their own step.
            models.CheckConstraint(
                condition=~Q(outcome="confirmed", decider=models.F("person")),
                name="proposal_confirmed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.number} {self.act}"
