"""The log's table. Triggers (migration 0002) refuse UPDATE and DELETE on both databases."""

from django.db import models


class AuditEvent(models.Model):
    """One recorded act; `payload` holds the canonical bytes, the columns serve look-ups."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64)
    actor = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    states = models.CharField(max_length=64)
    payload = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(fields=["kind", "at"]),
            models.Index(fields=["subject", "at"]),
            models.Index(fields=["actor", "at"]),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"
