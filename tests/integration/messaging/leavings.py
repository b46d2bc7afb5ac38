"""What is left of a case in the tables and on the disk, for tests that have it deleted."""

from __future__ import annotations

from contextlib import suppress

from django.core.files.storage import storages

from casehub.cases.models import Circle
from casehub.custody.models import Export
from messaging.models import Attachment, Chunk, Entry, Group, Opening, Welcome
from requests_mla.models import Attestation, Move, Proposal, Version


def lies(case):
    """Return the names of all that the storage holds of a case's files."""
    store, found = storages["attachments"], []
    for one in Attachment.objects.filter(circle__case=case).values_list("id", flat=True):
        with suppress(FileNotFoundError):
            found += store.listdir(str(one))[1]
    return found


def kept_of(case):
    """Return all rows and pieces that hold ciphertext of a case, or the keys of its groups."""
    circles = list(Circle.objects.filter(case=case).values_list("id", flat=True))
    of_group = {"group__in": circles}
    rows = {
        "entries": Entry.objects.filter(**of_group).count(),
        "welcomes": Welcome.objects.filter(**of_group).count(),
        "groups": Group.objects.filter(circle__in=circles).count(),
        "versions": Version.objects.filter(request__circle__in=circles).count(),
        "moves": Move.objects.filter(request__circle__in=circles).count(),
        "proposals": Proposal.objects.filter(request__circle__in=circles).count(),
        "attestations": Attestation.objects.filter(version__request__circle__in=circles).count(),
        "openings": Opening.objects.filter(attachment__circle__in=circles).count(),
        "chunks": Chunk.objects.filter(attachment__circle__in=circles).count(),
        "pieces": len(lies(case)),
        "wishes": Export.objects.filter(circle__in=circles).exclude(box=b"", keys=[]).count(),
    }
    return {name: count for name, count in rows.items() if count}
