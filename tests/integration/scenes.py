"""A State with everybody it has, and cases of others that nobody opened to it."""

from __future__ import annotations

from casehub.cases.models import Circle
from tests.integration.cases.made import proposal


def people_of(region):
    """Return who acts: everybody whom a State has, and who is in cases of it already."""
    return {
        "liaison": region.equipped("SV"),
        "clara": region.equipped("SV"),
        "coordinator": region.seat("SV").coordinator,
        "deputy": region.equipped("SV", "coordinator"),
        "officer": region.person("SV", "ministry"),
        "second": region.person("SV", "ministry"),
        "auditor": region.person("SV", "national-auditor"),
        "central": region.person("SV", "central-authority"),
    }


class Scene:
    """A case of SV in which MX is, and three of others: MX alone, MX and GT, one that asks SV."""

    def __init__(self, region):
        self.region, self.people = region, people_of(region)
        mine, boris = self.people["liaison"], region.equipped("MX")
        self.shared = region.case(mine, boris)
        self.thread = region.thread(mine, boris, case=self.shared)
        alone = region.opened(boris)
        both = region.case(boris, region.equipped("GT"))
        region.thread(boris, case=both)
        asked = region.opened(boris)
        #  Proposed, and not consented to: its State's coordination has not let SV be told.
        self.hidden = proposal(region, boris, asked, "SV")
        self.foreign = (alone, both, asked)
        circles = Circle.objects.filter(case__in=self.foreign)
        self.circles = set(circles.values_list("id", flat=True))
        self.others = (boris.id, region.person("GT").id)
